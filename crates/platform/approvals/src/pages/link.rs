use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, Money, of};
use web::{DueTime, Failure, Filled, Form, Lang, PublicPage, View};

use super::shown;
use crate::app::{self, Opened};
use crate::domain::{State, Verdict};

#[derive(Template)]
#[template(path = "approvals_link.html")]
struct LinkPage {
    page: PublicPage,
    path: String,
    number: String,
    sentence: String,
    asked_by: String,
    you: String,
    statutory: Option<Money>,
    extra: Money,
    due: DueTime,
    grant: String,
    form: Filled,
}

#[derive(Template)]
#[template(path = "approvals_link_gone.html")]
struct GonePage {
    page: PublicPage,
    tone: &'static str,
    title: String,
    about: String,
}

/// `GET /a/{token}`: shows what is needed to decide; looking uses nothing up.
pub(crate) async fn show(lang: Lang, ctx: Ctx, Path(token): Path<String>) -> Result<Response, Failure> {
    match app::opened(&ctx, &token).await {
        Ok(opened) => Ok(answer(StatusCode::OK, &ctx, lang, &token, opened, Filled::new())),
        Err(fault) => gone(&ctx, lang, &token, &fault),
    }
}

/// `POST /a/{token}`: yes, or no with a reason; once.
pub(crate) async fn decide(
    lang: Lang,
    ctx: Ctx,
    Path(token): Path<String>,
    mut form: Form,
) -> Result<Response, Failure> {
    let verdict = form.choice("answer", Verdict::parse);
    let reason = Some(form.raw("reason").to_owned());
    let given = match (form.check(), verdict) {
        (Ok(()), Some(verdict)) => app::decide_by_link(&ctx, &token, verdict, reason).await,
        (Ok(()), None) => Err(Fault::field("answer", "choose")),
        (Err(fault), _) => Err(fault),
    };
    match given {
        Ok(answered) => {
            let key = match answered.state {
                State::Granted => "approvals-link-granted",
                State::Declined => "approvals-link-declined",
                // One yes of two.
                State::Asked | State::Withdrawn | State::Expired => "approvals-link-signed",
            };
            Ok(said(&ctx, lang, &token, StatusCode::OK, key, None))
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => match app::opened(&ctx, &token).await {
            Ok(opened) => {
                let form = form.into_filled_with(&fault);
                Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &ctx, lang, &token, opened, form))
            }
            Err(fault) => gone(&ctx, lang, &token, &fault),
        },
        Err(fault) => gone(&ctx, lang, &token, &fault),
    }
}

fn answer(status: StatusCode, ctx: &Ctx, lang: Lang, token: &str, opened: Opened, form: Filled) -> Response {
    let directory = shown::directory(ctx);
    let Opened { approval, seat, user } = opened;
    let Some(seat) = seat else {
        return said(ctx, lang, token, StatusCode::CONFLICT, "approvals-link-moved", None);
    };
    debug_assert_eq!(seat.user, user);
    let page = LinkPage {
        path: app::link_path(token),
        number: approval.number.clone(),
        sentence: approval.sentence.clone(),
        asked_by: shown::person(&directory, approval.asked_by),
        you: shown::seat(&directory, &lang, seat),
        statutory: Some(approval.split.statutory).filter(|amount| *amount > Money::ZERO),
        extra: approval.split.extra,
        due: shown::due(&lang, &approval),
        grant: lang.t1("approvals-grant-now", "amount", approval.split.extra),
        page: public(ctx, lang, "approvals-link-title", Some(approval.store), token),
        form,
    };
    (status, [web::no_referrer()], View(page)).into_response()
}

fn public(ctx: &Ctx, lang: Lang, title: &str, store: Option<Id<of::Unit>>, token: &str) -> PublicPage {
    let directory = shown::directory(ctx);
    let locale = lang.locale.as_str();
    let company = directory.company().map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default();
    let name = store.map(|store| shown::unit(&directory, &lang, store)).unwrap_or_default();
    PublicPage::new(lang, title, &company, &name, &app::link_path(token))
}

/// What a link that is no good says: why, and what to do instead.
fn gone(ctx: &Ctx, lang: Lang, token: &str, fault: &Fault) -> Result<Response, Failure> {
    let (status, key) = match (fault.kind(), fault.code()) {
        (FaultKind::NotFound, _) => (StatusCode::NOT_FOUND, "approvals-link-unknown"),
        (FaultKind::Refused, "approvals-link-used") => (StatusCode::GONE, "approvals-link-used"),
        (FaultKind::Refused, "approvals-link-expired" | "approvals-void") => {
            (StatusCode::GONE, "approvals-link-expired")
        }
        (FaultKind::Refused, "approvals-link-revoked") => (StatusCode::GONE, "approvals-link-moved"),
        (FaultKind::Refused | FaultKind::Forbidden, _) => (StatusCode::CONFLICT, "approvals-link-moved"),
        _ => return Err(fault.clone().into()),
    };
    let about = (fault.code() == "approvals-over").then(|| web::sentence(lang.locale, fault));
    Ok(said(ctx, lang, token, status, key, about))
}

fn said(ctx: &Ctx, lang: Lang, token: &str, status: StatusCode, key: &str, about: Option<String>) -> Response {
    let title = lang.t(key);
    let about = about.unwrap_or_else(|| lang.t(&format!("{key}.about")));
    let tone = if status == StatusCode::OK { "circle-check" } else { "link" };
    let page = public(ctx, lang, key, None, token);
    (status, [web::no_referrer()], View(GonePage { page, tone, title, about })).into_response()
}
