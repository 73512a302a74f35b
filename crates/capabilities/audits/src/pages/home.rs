use askama::Template;
use axum::response::IntoResponse;
use capability::Ctx;
use web::{Chip, Failure, Page, View};

use super::detail::{PlanLine, plan};
use super::sample::{StoreRow, rows};
use super::shown::{self, FindingRow};
use crate::app;
use crate::domain::{FindingState, State};

/// Audits that the page shows whole.
const SHOWN: usize = 3;

struct Block {
    href: String,
    number: String,
    title: String,
    chip: Chip,
    days: String,
    left: Option<String>,
    todo: Vec<(String, String, &'static str)>,
    lines: Vec<PlanLine>,
    stores: Vec<StoreRow>,
    findings: Vec<FindingRow>,
    writes: bool,
}

#[derive(Template)]
#[template(path = "audits_home.html")]
struct HomePage {
    page: Page,
    blocks: Vec<Block>,
    until: Option<String>,
    may_score: bool,
}

/// `GET /assessing`: what an assessor has to do.
pub(crate) async fn show(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let lang = page.lang.clone();
    let mut blocks = Vec::new();
    for audit in app::home(&ctx).await?.into_iter().take(SHOWN) {
        let whole = app::whole(&ctx, audit.id).await?;
        let one = &whole.audit;
        let today = lang.now.day(&lang.zone);
        let href = format!("/audits/{}", one.id);
        let waiting = whole.findings.iter().filter(|one| one.state == FindingState::Answered).count();
        let mut todo = Vec::new();
        if waiting > 0 {
            todo.push((lang.t1("audits-todo-judge", "n", waiting), "/findings?show=answered".to_owned(), "hourglass"));
        }
        if whole.draw.is_some() {
            let (stores, cases) = (whole.stores.len(), whole.cases.len());
            todo.push((
                lang.t2("audits-todo-sample", "stores", stores, "cases", cases),
                format!("{href}/sample"),
                "list",
            ));
        }
        if whole.part.writes(one) {
            todo.push((lang.t("audits-todo-write"), format!("{href}/findings/new"), "edit"));
        }
        blocks.push(Block {
            number: one.number.clone(),
            title: one.title.clone(),
            chip: shown::state(&lang, one.state),
            days: shown::days(&lang, one),
            left: (one.state == State::Planned && today < one.from_on)
                .then(|| lang.t1("audits-begins", "day", lang.day(one.from_on))),
            todo,
            lines: plan(&ctx, &page, &whole),
            stores: rows(&ctx, &page, &one.id.to_string(), &whole.stores, &whole.cases),
            findings: whole.findings.iter().map(|one| FindingRow::of(&ctx, &lang, one)).collect(),
            writes: whole.part.writes(one),
            href,
        });
    }
    let until = match ctx.actor.user.filter(|_| ctx.actor.holds(app::ASSESS)) {
        Some(me) => app::until(&ctx, me).await?.map(|at| lang.day(at.plus(-1).day(&lang.zone))),
        None => None,
    };
    Ok(View(HomePage {
        blocks,
        until,
        may_score: ctx.actor.holds(kernel::Permission("scores.view")),
        page: page.named("audits-assessing"),
    }))
}
