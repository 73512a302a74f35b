//! What a customer sees behind a signed link.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use kernel::{Fault, FaultKind, Money};
use web::{Failure, Filled, Form, Lang, PublicPage, Step, View};

use super::files::Paper;
use super::public_page;
use crate::app::{self, Choice, CustomerView};
use crate::domain::{CommandName, Direction, Kind, PlanState, Purpose, StateName};

/// Longest texts, in characters.
const REASON: usize = 2000;

#[derive(Template)]
#[template(path = "cases_customer.html")]
struct CustomerPage {
    page: PublicPage,
    view: CustomerView,
    path: String,
    title: String,
    done: Option<String>,
    form: Filled,
    deciding: bool,
    plan: Option<Plan>,
    may_close: bool,
    may_reopen: bool,
    may_write: bool,
    steps: Vec<Step>,
    messages: Vec<Said>,
    photos: Vec<Paper>,
    /// Before inspection there are only conditions, no promises.
    condition: Option<String>,
}

struct Said {
    mine: bool,
    when: String,
    body: String,
}

struct Plan {
    findings: String,
    options: Vec<Way>,
    state: String,
}

struct Way {
    value: String,
    text: String,
    done_by: Option<String>,
    lines: Vec<(String, String)>,
    pays: Money,
    chosen: bool,
    held: bool,
}

#[derive(Template)]
#[template(path = "cases_link_gone.html")]
struct GonePage {
    page: PublicPage,
    title: String,
    about: String,
}

/// `GET /c/{token}`
pub(crate) async fn show(
    lang: Lang,
    ctx: Ctx,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let done = ["requested", "decided", "declined", "message", "photos", "closed", "reopened"]
        .into_iter()
        .find(|word| *word == asked.raw("done"))
        .map(|word| lang.t(&format!("cases-customer-done-{word}")));
    match app::customer_view(&ctx, &token).await {
        Ok(view) if view.purpose == Purpose::Rate => {
            Ok(Redirect::to(&app::link_path(Purpose::Rate, &token)).into_response())
        }
        Ok(view) => Ok(answer(StatusCode::OK, page(&ctx, lang, &token, view, Filled::new(), done).await?)),
        Err(fault) => gone(&ctx, lang, &token, fault),
    }
}

/// `POST /c/{token}/decide`: yes to one of the options, or no with a reason; once.
pub(crate) async fn decide(
    lang: Lang,
    ctx: Ctx,
    Path(token): Path<String>,
    mut form: Form,
) -> Result<Response, Failure> {
    if form.raw("answer") == "no" {
        let reason = form.text("reason", REASON);
        let given = match form.check() {
            Ok(()) => app::customer_decide(&ctx, &token, Choice::No { reason }).await.map(|_| ()),
            Err(fault) => Err(fault),
        };
        return finish(&ctx, lang, &token, form, given, "declined").await;
    }
    let option = form.number("option", 1..=99).and_then(|nth| usize::try_from(nth - 1).ok());
    let given = match (form.check(), option) {
        (Ok(()), Some(option)) => app::customer_decide(&ctx, &token, Choice::Yes { option }).await.map(|_| ()),
        (Ok(()), None) => Err(Fault::field("option", "choose")),
        (Err(fault), _) => Err(fault),
    };
    finish(&ctx, lang, &token, form, given, "decided").await
}

/// `POST /c/{token}/message`
pub(crate) async fn message(
    lang: Lang,
    ctx: Ctx,
    Path(token): Path<String>,
    mut form: Form,
) -> Result<Response, Failure> {
    let body = form.text("body", REASON);
    let given = match form.check() {
        Ok(()) => app::customer_message(&ctx, &token, body).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    finish(&ctx, lang, &token, form, given, "message").await
}

/// `POST /c/{token}/files`: photos.
pub(crate) async fn photos(
    lang: Lang,
    ctx: Ctx,
    Path(token): Path<String>,
    upload: Upload,
) -> Result<Response, Failure> {
    // Nothing is read for a link that is no good.
    if let Err(fault) = app::files::customer_files(&ctx, &token).await {
        return gone(&ctx, lang, &token, fault);
    }
    let taken = upload.take(&ctx, UploadRules::CUSTOMER).await?;
    let given = match taken.form.check() {
        Ok(()) => app::files::customer_add_files(&taken.ctx, &token, taken.of("photo")).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    finish(&ctx, lang, &token, taken.form, given, "photos").await
}

/// `POST /c/{token}/close`: it is done.
pub(crate) async fn close(lang: Lang, ctx: Ctx, Path(token): Path<String>) -> Result<Response, Failure> {
    let given = app::customer_close(&ctx, &token).await.map(|_| ());
    finish(&ctx, lang, &token, Form::default(), given, "closed").await
}

/// `POST /c/{token}/reopen`: it is not done, and what is still wrong.
pub(crate) async fn reopen(
    lang: Lang,
    ctx: Ctx,
    Path(token): Path<String>,
    mut form: Form,
) -> Result<Response, Failure> {
    let wrong = form.text("wrong", REASON);
    let given = match form.check() {
        Ok(()) => app::customer_reopen(&ctx, &token, wrong).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    finish(&ctx, lang, &token, form, given, "reopened").await
}

/// Back to the page, with what was wrong when something was.
async fn finish(
    ctx: &Ctx,
    lang: Lang,
    token: &str,
    form: Form,
    given: Result<(), Fault>,
    done: &str,
) -> Result<Response, Failure> {
    let Err(fault) = given else {
        return Ok(Redirect::to(&format!("{}?done={done}", path(token))).into_response());
    };
    if fault.kind() != FaultKind::Invalid {
        return gone(ctx, lang, token, fault);
    }
    let view = app::customer_view(ctx, token).await?;
    Ok(answer(
        StatusCode::UNPROCESSABLE_ENTITY,
        page(ctx, lang, token, view, form.into_filled_with(&fault), None).await?,
    ))
}

fn answer(status: StatusCode, page: CustomerPage) -> Response {
    (status, [web::no_referrer()], View(page)).into_response()
}

fn path(token: &str) -> String {
    app::link_path(Purpose::Track, token)
}

async fn page(
    ctx: &Ctx,
    lang: Lang,
    token: &str,
    view: CustomerView,
    form: Filled,
    done: Option<String>,
) -> Result<CustomerPage, Fault> {
    let base = format!("{}/files", path(token));
    let photos = app::files::customer_files(ctx, token).await?;
    let photos = photos.iter().map(|file| Paper::of(ctx, &lang, file, &base)).collect();
    let may = |name: CommandName| view.may.contains(&name);
    let deciding = may(CommandName::Confirm);
    let title = match (deciding, view.state) {
        (true, _) => lang.t("cases-customer-title-plan"),
        (false, state) => lang.word("cases-customer-title", state.as_str()),
    };
    let frame = public_page(ctx, lang.clone(), "cases-customer-frame", Some(view.store), &path(token));
    let condition = match view.state {
        StateName::New | StateName::Accepted | StateName::Analysing
            if matches!(view.kind, Kind::Repair | Kind::Return) =>
        {
            Some(lang.t("cases-customer-condition"))
        }
        _ => None,
    };
    Ok(CustomerPage {
        photos,
        path: path(token),
        title,
        done,
        deciding,
        plan: plan(&lang, &view),
        may_close: may(CommandName::Close),
        may_reopen: may(CommandName::Reopen),
        may_write: !matches!(
            view.state,
            StateName::Closed | StateName::Rejected | StateName::Cancelled | StateName::Merged
        ),
        steps: steps(&lang, &view),
        messages: view
            .messages
            .iter()
            .map(|heard| Said {
                mine: heard.direction == Direction::In,
                when: lang.when(heard.at),
                body: heard.body.clone(),
            })
            .collect(),
        condition,
        page: frame,
        view,
        form,
    })
}

fn plan(lang: &Lang, view: &CustomerView) -> Option<Plan> {
    // A plan that was replaced says nothing any more.
    let plan = view.plan.as_ref().filter(|plan| plan.state != PlanState::Superseded)?;
    let held = |nth: i64| plan.held.iter().any(|held| i64::try_from(*held) == Ok(nth - 1));
    let options = plan.options.iter().zip(1_i64..).map(|((option, pays), nth)| Way {
        held: held(nth),
        value: nth.to_string(),
        text: option.text.clone(),
        done_by: option.done_by.map(|at| lang.when(at)),
        lines: option
            .lines
            .iter()
            .filter(|line| line.bearer == crate::domain::Party::Customer)
            .map(|line| (line.text.clone(), line.amount.to_string()))
            .collect(),
        pays: *pays,
        chosen: plan.chosen == Some(nth - 1),
    });
    Some(Plan {
        findings: plan.findings.clone(),
        options: options.collect(),
        state: lang.word("cases-customer-plan", plan.state.as_str()),
    })
}

fn steps(lang: &Lang, view: &CustomerView) -> Vec<Step> {
    let now = view.step.number();
    let over = matches!(view.state, StateName::Rejected | StateName::Cancelled | StateName::Merged);
    // Satisfaction is asked about on a page of its own.
    (1..=5)
        .map(|n: i64| {
            let label = match n {
                5 if now > 5 => lang.t("cases-customer-step-over"),
                _ => lang.t(&format!("cases-customer-step-{n}")),
            };
            let at = match n {
                1 => Some(view.happened_at),
                2 => view.accepted_at,
                3 => view.plan.as_ref().map(|plan| plan.proposed_at),
                4 => view.resolved_at,
                _ => view.closed_at,
            };
            let note = at.map(|at| lang.at(at)).unwrap_or_default();
            match n.cmp(&now) {
                std::cmp::Ordering::Less => Step::done(label, note),
                std::cmp::Ordering::Equal if !over => Step::now(
                    label,
                    view.due.map(|at| lang.t1("cases-customer-until", "at", lang.when(at))).unwrap_or_default(),
                ),
                _ => Step::todo(label, String::new()),
            }
        })
        .collect()
}

/// What a link that is no good says: why, and what to do instead.
fn gone(ctx: &Ctx, lang: Lang, token: &str, fault: Fault) -> Result<Response, Failure> {
    let (status, key) = match (fault.kind(), fault.code()) {
        (FaultKind::NotFound, _) => (StatusCode::NOT_FOUND, "cases-customer-gone-unknown"),
        (FaultKind::Refused, "cases-link-expired") => (StatusCode::GONE, "cases-customer-gone-expired"),
        (FaultKind::Refused, "cases-link-revoked") => (StatusCode::GONE, "cases-customer-gone-revoked"),
        (FaultKind::Refused, "cases-link-used") => (StatusCode::CONFLICT, "cases-customer-gone-used"),
        (FaultKind::Refused, _) => (StatusCode::CONFLICT, "cases-customer-gone-changed"),
        _ => return Err(fault.into()),
    };
    let (title, about) = (lang.t(key), lang.t(&format!("{key}.about")));
    let page = public_page(ctx, lang, key, None, &path(token));
    Ok((status, [web::no_referrer()], View(GonePage { page, title, about })).into_response())
}
