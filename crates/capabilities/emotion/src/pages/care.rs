//! Words of care.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Cursor;
use web::{Failure, Form, Page, View};

use super::name;
use crate::app::{self, CARE};

struct Row {
    to: String,
    by: String,
    text: String,
    at: String,
    href: Option<String>,
    mine: bool,
    unread: bool,
}

#[derive(Template)]
#[template(path = "emotion_care.html")]
struct CarePage {
    page: Page,
    rows: Vec<Row>,
    leads: bool,
    next: Option<String>,
    first: Option<String>,
    done: bool,
}

/// `GET /care?after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = form.raw("after").parse::<Cursor>().ok();
    let cares = app::cares(&ctx, after).await?;
    let me = ctx.actor.user;
    let rows = cares.rows.iter().map(|care| Row {
        to: name(&ctx, Some(care.to)),
        by: name(&ctx, Some(care.by)),
        text: care.text.clone(),
        at: page.at(care.written_at),
        href: ctx.actor.holds(cases::app::VIEW).then(|| format!("/cases/{}", care.case)),
        mine: Some(care.to) == me,
        unread: Some(care.to) == me && care.read_at.is_none(),
    });
    Ok(View(CarePage {
        rows: rows.collect(),
        leads: ctx.actor.holds(CARE),
        next: cares.next.map(|cursor| format!("/care?after={cursor}")),
        first: after.map(|_| "/care".to_owned()),
        done: form.flag("done"),
        page: page.named("emotion-care-title"),
    }))
}
