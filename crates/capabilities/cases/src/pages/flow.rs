//! What follows a case: whether it held, a follow-up case, links to others; and taking the last act back.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use web::{Choice, Failure, Filled, Form, Markup, Page, View};

use super::choices;
use crate::app::{self, Filter, Order};
use crate::domain::{CheckResult, LinkKind};

/// Longest subject and text, in characters.
const SUBJECT: usize = 200;
const BODY: usize = 20_000;

/// Which of the small forms it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Check,
    FollowUp,
    Link,
}

#[derive(Template)]
#[template(path = "cases_flow.html")]
struct FlowPage {
    page: Page,
    case_href: String,
    id: Id<of::Case>,
    number: String,
    subject: String,
    what: What,
    form: Filled,
    results: Vec<Choice>,
    kinds: Vec<Choice>,
    others: Vec<Choice>,
    refusal: Option<Markup>,
}

impl What {
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::FollowUp => "follow-up",
            Self::Link => "related",
        }
    }
    const fn title(self) -> &'static str {
        match self {
            Self::Check => "cases-check",
            Self::FollowUp => "cases-follow-up",
            Self::Link => "cases-related-new",
        }
    }
}

async fn render(page: Page, ctx: &Ctx, id: Id<of::Case>, what: What, form: Filled) -> Result<FlowPage, Fault> {
    let case = app::detail(ctx, id).await?.case;
    let others = match (what, case.customer) {
        (What::Link, Some(customer)) => {
            let filter = Filter { customer: Some(customer), ..Filter::default() };
            app::list(ctx, filter, Order::Newest, None, 20).await?.rows
        }
        _ => Vec::new(),
    };
    let others = others.into_iter().filter(|other| other.id != id);
    Ok(FlowPage {
        case_href: format!("/cases/{id}"),
        id,
        number: case.number,
        subject: case.subject,
        what,
        form,
        results: choices(&page.lang, "cases-check-result", CheckResult::ALL.iter().map(|one| one.as_str())),
        kinds: choices(&page.lang, "cases-link-kind", LinkKind::BY_HAND.iter().map(|one| one.as_str())),
        others: others
            .map(|other| Choice::new(other.number.clone(), format!("{} {}", other.number, other.subject)))
            .collect(),
        refusal: None,
        page: page.named(what.title()),
    })
}

/// The form again with what was typed, for faults that a person can mend.
async fn again(
    page: Page,
    ctx: &Ctx,
    id: Id<of::Case>,
    what: What,
    form: Form,
    fault: Fault,
) -> Result<Response, Failure> {
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let notice = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    let mut page = render(page, ctx, id, what, form.into_filled_with(&fault)).await?;
    page.refusal = notice;
    Ok((status, View(page)).into_response())
}

/// `GET /cases/{id}/check`.
pub(crate) async fn check_form(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    Ok(View(render(page, &ctx, Id::new(id), What::Check, Filled::new()).await?).into_response())
}

/// `POST /cases/{id}/check`.
pub(crate) async fn check(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let result = form.choice("result", CheckResult::parse);
    let done = match (form.check(), result) {
        (Ok(()), Some(result)) => app::check(&ctx, id, result, form.raw("note")).await,
        (Ok(()), None) => Err(Fault::field("result", "choose")),
        (Err(fault), _) => Err(fault),
    };
    match done {
        Ok(done) => Ok(Redirect::to(&match done.follow_up {
            Some((next, _)) => format!("/cases/{next}?done=check-failed"),
            None => format!("/cases/{id}?done=checked"),
        })
        .into_response()),
        Err(fault) => again(page, &ctx, id, What::Check, form, fault).await,
    }
}

/// `GET /cases/{id}/follow-up`.
pub(crate) async fn follow_up_form(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let case = app::detail(&ctx, Id::new(id)).await?.case;
    let form = Filled::new().with("subject", case.subject);
    Ok(View(render(page, &ctx, Id::new(id), What::FollowUp, form).await?).into_response())
}

/// `POST /cases/{id}/follow-up`.
pub(crate) async fn follow_up(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let (subject, body) = (form.text("subject", SUBJECT), form.text("body", BODY));
    let taken = match form.check() {
        Ok(()) => app::follow_up(&ctx, id, &subject, &body).await,
        Err(fault) => Err(fault),
    };
    match taken {
        Ok(taken) => Ok(Redirect::to(&format!("/cases/{}?done=follow-up", taken.id)).into_response()),
        Err(fault) => again(page, &ctx, id, What::FollowUp, form, fault).await,
    }
}

/// `GET /cases/{id}/related`.
pub(crate) async fn link_form(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let form = Filled::new().with("kind", LinkKind::Related.as_str());
    Ok(View(render(page, &ctx, Id::new(id), What::Link, form).await?).into_response())
}

/// `POST /cases/{id}/related`: sets a link, or takes one away (`remove`).
pub(crate) async fn link(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let kind = form.choice("kind", LinkKind::parse);
    let back = |done: &str| Ok(Redirect::to(&format!("/cases/{id}?done={done}#related")).into_response());
    if form.has("remove") {
        let (kind, other) = (form.need(kind)?, form.id("remove"));
        app::unrelate(&ctx, id, form.need(other)?, kind).await?;
        return back("unlinked");
    }
    let number = [form.raw("number"), form.raw("pick")].into_iter().find(|typed| !typed.trim().is_empty());
    let other = match number.map(|typed| typed.trim().to_ascii_uppercase()) {
        Some(number) => {
            let filter = Filter { text: Some(number.clone()), ..Filter::default() };
            let found = app::list(&ctx, filter, Order::Newest, None, 50).await?.rows;
            let found = found.into_iter().find(|row| row.number == number).map(|row| row.id);
            if found.is_none() {
                form.reject("number", "unknown");
            }
            found
        }
        None => {
            form.reject("number", "required");
            None
        }
    };
    let made = match (form.check(), kind, other) {
        (Ok(()), Some(kind), Some(other)) => app::relate(&ctx, id, other, kind).await,
        (Ok(()), ..) => Err(Fault::field("kind", "choose")),
        (Err(fault), ..) => Err(fault),
    };
    match made {
        Ok(()) => back("linked"),
        Err(fault) => {
            // The form calls the other case by its number.
            let fault = match fault.fields().of("other") {
                Some(error) => Fault::field("number", error.code),
                None => fault,
            };
            again(page, &ctx, id, What::Link, form, fault).await
        }
    }
}

/// `POST /cases/{id}/back/{version}`: takes the last act back.
pub(crate) async fn back(ctx: Ctx, Path((id, version)): Path<(i64, i64)>) -> Result<Response, Failure> {
    app::take_back(&ctx, Id::new(id), version).await?;
    Ok(Redirect::to(&format!("/cases/{id}?done=taken-back")).into_response())
}
