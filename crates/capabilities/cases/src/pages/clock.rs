use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use calendar::{Explained, Role};
use capability::Ctx;
use kernel::{Fault, Id};
use web::{Failure, Page, View};

use super::{directory, wants_fragment};
use crate::app;
use crate::domain::Stage;

#[derive(Template)]
#[template(path = "cases_clock.html")]
pub(super) struct ClockPage {
    pub page: Page,
    pub back: String,
    pub number: String,
    pub subject: String,
    pub name: String,
    pub why: Why,
}

/// The explanation alone, as it opens under the deadline.
#[derive(Template)]
#[template(path = "cases_clock_why.html")]
pub(super) struct Why {
    page: web::Lang,
    lines: Vec<Line>,
    /// The version of the deadline policy, where one counted.
    policy: Option<i64>,
}

impl askama::filters::HtmlSafe for Why {}

struct Line {
    icon: web::Icon,
    tone: &'static str,
    text: String,
    by: Option<String>,
}

impl Why {
    pub(super) fn of(ctx: &Ctx, lang: &web::Lang, explained: &Explained, policy: Option<i64>) -> Self {
        let directory = directory(ctx);
        let reason = |code: &str| {
            let code = code.replace('_', "-");
            lang.find(&format!("cases-wait-{code}")).or_else(|| lang.find(&format!("cases-clock-{code}")))
        };
        let lines = calendar::lines(explained)
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
                Line { icon: web::icon(icon), tone, text: line.say(lang, &reason), by }
            })
            .collect();
        Self { page: lang.clone(), lines, policy }
    }
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
    let mut why = Why::of(&ctx, &lang, &explained, Some(own.policy_version));
    if own.stage == Stage::Authority {
        let text = lang.t("cases-clock-authority-stated");
        why.lines.insert(0, Line { icon: web::icon("building-bank"), tone: "b", text, by: None });
    }
    if wants_fragment(&headers) {
        return Ok(View(why).into_response());
    }
    let name = lang.word("cases-stage", own.stage.as_str());
    Ok(View(ClockPage {
        page: page.titled(name.clone()),
        back: format!("/cases/{id}"),
        number: detail.case.number,
        subject: detail.case.subject,
        name,
        why,
    })
    .into_response())
}
