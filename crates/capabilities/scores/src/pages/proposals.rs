//! Special deductions that the records suggest: each with its record, to be confirmed or dismissed with a reason.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect};
use capability::Ctx;
use kernel::Id;
use web::{Chip, Failure, Form, Lang, Page, Tab, View};

use super::{opens, unit_name, user_name};
use crate::app::{self, TEXT};
use crate::proposals::{self, Fate};
use crate::store::Proposal;

struct Row {
    id: String,
    sign: String,
    detail: Option<String>,
    number: String,
    href: Option<String>,
    about: String,
    chip: Chip,
    reason: Option<String>,
    may_decide: bool,
}

#[derive(Template)]
#[template(path = "scores_proposals.html")]
struct ProposalsPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

/// Where the record of a proposal is opened.
pub(crate) fn href(kind: &str, record: i64) -> String {
    match kind {
        "return" => format!("/returns/{record}"),
        parties::app::TERMS => format!("/terms/{record}"),
        _ => format!("/complaints/{record}"),
    }
}

/// `GET /score/proposals?show=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut asked = Form::from_query(&query.unwrap_or_default());
    let open = asked.raw("show") != "decided";
    let after = asked.text_or_none("after", 60);
    let listed = proposals::list(&ctx, open, after.as_deref(), proposals::ROWS).await?;
    let lang = page.lang.clone();
    let address =
        |open: bool| if open { "/score/proposals".to_owned() } else { "/score/proposals?show=decided".to_owned() };
    let tabs = [true, false].map(|one| {
        let word = if one { "scores-proposals-open" } else { "scores-proposals-decided" };
        Tab::new(page.t(word), address(one)).current(one == open)
    });
    let next = listed.next.map(|after| format!("{}{}after={after}", address(open), if open { "?" } else { "&" }));
    Ok(View(ProposalsPage {
        tabs: tabs.into(),
        rows: listed.rows.iter().map(|one| row(&ctx, &lang, one)).collect(),
        next,
        first: after.map(|_| address(open)),
        page: page.named("scores-proposals-title"),
    }))
}

fn row(ctx: &Ctx, lang: &Lang, one: &Proposal) -> Row {
    let mut about = vec![lang.day(one.happened_on), unit_name(ctx, lang, one.unit)];
    if let (Some(by), Some(at)) = (one.by, one.at) {
        about.push(user_name(ctx, Some(by)));
        about.push(lang.at(at));
    }
    let (tone, icon) = match one.fate {
        Fate::Open => ("soon", "hourglass"),
        Fate::Confirmed => ("late", "alert-triangle"),
        Fate::Dismissed => ("", "circle-x"),
    };
    Row {
        id: one.id.to_string(),
        sign: lang.word("scores-sign", one.sign.as_str()),
        detail: one.detail.as_deref().map(|stage| lang.word("cases-stage", stage)),
        number: one.number.clone(),
        href: Some(href(&one.record_kind, one.record)).filter(|href| opens(ctx, href)),
        about: about.join(" · "),
        chip: web::chip(tone, icon, lang.word("scores-fate", one.fate.as_str())),
        reason: one.reason.clone(),
        may_decide: one.fate == Fate::Open && app::may_judge(ctx, one.unit),
    }
}

/// `POST /score/proposals/{id}`
pub(crate) async fn decide(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Redirect, Failure> {
    let reason = form.text("reason", TEXT);
    let confirm = form.raw("what") == "confirm";
    form.check()?;
    proposals::decide(&ctx, Id::new(id), confirm, &reason).await?;
    Ok(Redirect::to("/score/proposals"))
}
