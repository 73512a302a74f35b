use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Confirm, Failure, Filled, Form, Page, View};

use super::{detail, shown};
use crate::app::{self, Detail};
use crate::domain::Verdict;
use crate::store::ApprovalId;

/// What is done with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Grant,
    Decline,
    Withdraw,
}

impl Act {
    fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "grant" => Ok(Self::Grant),
            "decline" => Ok(Self::Decline),
            "withdraw" => Ok(Self::Withdraw),
            _ => Err(Fault::not_found()),
        }
    }
}

#[derive(Template)]
#[template(path = "approvals_decline.html")]
struct DeclinePage {
    page: Page,
    id: Id<ApprovalId>,
    number: String,
    back: String,
    sentence: String,
    version: i64,
    amount: String,
    form: Filled,
}

/// `GET /approvals/{id}/grant`, `/decline`, `/withdraw`: asks once more, or for the reason.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path((id, act)): Path<(i64, String)>) -> Result<Response, Failure> {
    let (id, act) = (Id::new(id), Act::parse(&act)?);
    let found = app::detail(&ctx, id).await?;
    let may = match act {
        Act::Grant | Act::Decline => found.mine.is_some(),
        Act::Withdraw => ctx.actor.user == Some(found.approval.asked_by) && found.approval.decided_at.is_none(),
    };
    if !may {
        // The page says how it stands now.
        return detail::render(page, &ctx, id, Some(why_not(&ctx, &found))).await;
    }
    Ok(match act {
        Act::Grant => View(grant(page, &ctx, &found)).into_response(),
        Act::Decline => View(decline(page, &found, Filled::new())).into_response(),
        Act::Withdraw => View(withdraw(page, &found)).into_response(),
    })
}

fn why_not(ctx: &Ctx, found: &Detail) -> Fault {
    let directory = shown::directory(ctx);
    let lang = web::Lang::new(ctx.locale, ctx.house.zone.clone(), ctx.now());
    match found.approval.decided_at {
        Some(at) => {
            let who = found.approval.decided_by.map(|seat| shown::seat(&directory, &lang, seat)).unwrap_or_default();
            Fault::refused("approvals-over")
                .with("who", who)
                .with("at", lang.at(at))
                .with("state", found.approval.state.as_str())
        }
        None if ctx.actor.user == Some(found.approval.asked_by) => Fault::refused("approvals-own"),
        None => Fault::new(FaultKind::Forbidden, "approvals-not-yours"),
    }
}

fn grant(page: Page, ctx: &Ctx, found: &Detail) -> Confirm {
    let lang = page.lang.clone();
    let directory = shown::directory(ctx);
    let approval = &found.approval;
    let extra = lang.money(approval.split.extra);
    let mut facts = vec![
        (lang.t("approvals-extra"), extra.clone()),
        (lang.t("approvals-statutory"), lang.money(approval.split.statutory)),
        (lang.t("approvals-for"), format!("{} {}", approval.number, approval.sentence)),
        (lang.t("approvals-asked-by"), shown::person(&directory, approval.asked_by)),
    ];
    if let Some(absent) = found.mine.and_then(|seat| seat.in_name_of) {
        facts.push((lang.t("approvals-you-answer-for"), shown::person(&directory, absent)));
    }
    Confirm {
        about: lang.t("approvals-grant-about"),
        facts,
        button: lang.t1("approvals-grant-now", "amount", &extra),
        action: format!("/approvals/{}/grant", approval.id),
        hidden: vec![("version".to_owned(), approval.version.to_string())],
        back: format!("/approvals/{}", approval.id),
        danger: false,
        page: page.titled(lang.t1("approvals-grant-question", "amount", &extra)),
    }
}

fn withdraw(page: Page, found: &Detail) -> Confirm {
    let lang = page.lang.clone();
    let approval = &found.approval;
    Confirm {
        about: lang.t("approvals-withdraw-about"),
        facts: vec![
            (lang.t("approvals-extra"), lang.money(approval.split.extra)),
            (lang.t("approvals-for"), format!("{} {}", approval.number, approval.sentence)),
        ],
        button: lang.t("approvals-withdraw"),
        action: format!("/approvals/{}/withdraw", approval.id),
        hidden: vec![("version".to_owned(), approval.version.to_string())],
        back: format!("/approvals/{}", approval.id),
        danger: true,
        page: page.named("approvals-withdraw-question"),
    }
}

fn decline(page: Page, found: &Detail, form: Filled) -> DeclinePage {
    let approval = &found.approval;
    DeclinePage {
        id: approval.id,
        number: approval.number.clone(),
        back: format!("/approvals/{}", approval.id),
        sentence: approval.sentence.clone(),
        version: approval.version,
        amount: page.money(approval.split.extra),
        form,
        page: page.named("approvals-decline-title"),
    }
}

/// `POST /approvals/{id}/grant`, `/decline`, `/withdraw`
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, act)): Path<(i64, String)>,
    form: Form,
) -> Result<Response, Failure> {
    let (id, act) = (Id::new(id), Act::parse(&act)?);
    let version = form.version("version")?;
    let reason = Some(form.raw("reason").to_owned());
    let given = match act {
        Act::Grant => app::decide(&ctx, id, version, Verdict::Grant, None).await,
        Act::Decline => app::decide(&ctx, id, version, Verdict::Decline, reason).await,
        Act::Withdraw => app::withdraw(&ctx, id, version).await,
    };
    let fault = match given {
        Ok(answered) => {
            let done = if act == Act::Decline { "declined" } else { answered.state.as_str() };
            return Ok(Redirect::to(&format!("/approvals/{id}?done={done}")).into_response());
        }
        Err(fault) => fault,
    };
    match fault.kind() {
        FaultKind::Invalid => {
            let found = app::detail(&ctx, id).await?;
            let page = decline(page, &found, form.into_filled_with(&fault));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        // Somebody was faster: the page says who, and how it stands now.
        FaultKind::Refused | FaultKind::Stale | FaultKind::Forbidden => {
            detail::render(page, &ctx, id, Some(fault)).await
        }
        _ => Err(fault.into()),
    }
}
