use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use web::{Chip, Failure, Form, Page, View};

use super::{score, state, unit_name, user_name};
use crate::access::{self, MAKE};
use crate::app::{self, ROWS};

struct Row {
    id: String,
    href: String,
    title: String,
    unit: String,
    kind: String,
    day: String,
    score: String,
    version: String,
    by: String,
    state: Chip,
}

#[derive(Template)]
#[template(path = "assessments_list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    may_make: bool,
}

/// `GET /assessments?after=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let after = form.text_or_none("after", 60);
    let listed = app::list(&ctx, after.as_deref(), ROWS).await?;
    let lang = &page.lang;
    let directory = ctx.house.identity.directories().now();
    let rows = listed.rows.iter().map(|one| Row {
        id: one.id.to_string(),
        href: format!("/assessments/{}", one.id),
        title: one.title.clone(),
        unit: unit_name(&ctx, lang, one.unit),
        kind: directory.unit(one.unit).map(|unit| lang.word("scores-unit", unit.kind.as_str())).unwrap_or_default(),
        day: one.day.to_string(),
        score: score(lang, one.low, one.high, one.estimate),
        version: one.version.clone(),
        by: format!("{} {}", user_name(&ctx, one.by), lang.at(one.at)),
        state: state(lang, one),
    });
    let may_make = ctx.actor.user.is_some() && !access::reached(&ctx, MAKE).is_empty();
    Ok(View(ListPage {
        rows: rows.collect(),
        next: listed.next.map(|next| format!("/assessments?after={next}")),
        first: after.map(|_| "/assessments".to_owned()),
        may_make,
        page: page.named("assessments-title"),
    }))
}
