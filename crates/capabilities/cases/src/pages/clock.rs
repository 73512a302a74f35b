use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use calendar::Role;
use capability::Ctx;
use kernel::{Fault, Id, of};
use web::{Due, DueTime, Failure, Page, View};

use super::{detail, directory, wants_fragment};
use crate::app;

#[derive(Template)]
#[template(path = "cases_clock.html")]
struct ClockPage {
    page: Page,
    case: Id<of::Case>,
    back: String,
    number: String,
    subject: String,
    name: String,
    why: Why,
}

/// The explanation alone, as it opens under the deadline.
#[derive(Template)]
#[template(path = "cases_clock_why.html")]
struct Why {
    page: web::Lang,
    due: DueTime,
    lines: Vec<Line>,
    policy: i64,
}

impl askama::filters::HtmlSafe for Why {}

struct Line {
    icon: web::Icon,
    tone: &'static str,
    text: String,
    by: Option<String>,
}

/// `GET /cases/{id}/clocks/{clock}`: why a deadline is when it is.
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    headers: HeaderMap,
    Path((id, clock)): Path<(i64, i64)>,
) -> Result<Response, Failure> {
    let (id, clock) = (Id::new(id), Id::new(clock));
    let explained = app::explain(&ctx, id, clock).await?;
    let detail = app::detail(&ctx, id).await?;
    let own = detail.clocks.iter().find(|view| view.id == clock).ok_or_else(Fault::not_found)?;
    let lang = page.lang.clone();
    let directory = directory(&ctx);
    let reason = |code: &str| lang.find(&format!("cases-wait-{}", code.replace('_', "-")));
    let lines = calendar::lines(&explained)
        .iter()
        .map(|line| {
            let (icon, tone) = match line.role {
                Role::Start => ("player-play", ""),
                Role::Rule => ("book", ""),
                Role::Counted => ("plus", ""),
                Role::Skipped => ("minus", "t3"),
                Role::Pause => ("player-pause", ""),
                Role::Change => ("edit", ""),
                Role::Warning => ("alert-triangle", "b"),
                Role::Due => ("clock", "b"),
            };
            let by = line.entered.and_then(|entered| {
                let name = entered.by.and_then(|user| directory.user_name(user))?;
                Some(lang.t2("cases-page-entered-by", "name", name, "at", lang.at(entered.at)))
            });
            Line { icon: web::icon(icon), tone, text: line.say(&lang, &reason), by }
        })
        .collect();
    let standing = detail::standing(&lang, own).unwrap_or(Due::Paused { reason: lang.t("cases-page-clock-dropped") });
    let why = Why { due: lang.due(&standing), lines, policy: own.policy_version, page: lang.clone() };
    if wants_fragment(&headers) {
        return Ok(View(why).into_response());
    }
    let name = lang.word("cases-stage", own.stage.as_str());
    Ok(View(ClockPage {
        page: page.titled(name.clone()),
        case: id,
        back: format!("/cases/{id}"),
        number: detail.case.number,
        subject: detail.case.subject,
        name,
        why,
    })
    .into_response())
}
