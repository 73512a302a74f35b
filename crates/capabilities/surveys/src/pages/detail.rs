use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::list::Row;
use crate::app::{self, EXCLUDE, NOTE, RECOVER};
use crate::domain::Recovery;
use crate::store::SurveyId;

/// Longest reason and note, in characters.
const NOTED: usize = 1_000;

#[derive(Template)]
#[template(path = "surveys_detail.html")]
struct DetailPage {
    page: Page,
    row: Row,
    form: Filled,
    stale: bool,
    noted_by: String,
    excluded_by: String,
    recovery_owner: String,
    recovery_late: bool,
    /// Who could make up for it instead; for those who may say so.
    owners: Vec<Choice>,
    may_note: bool,
    may_copy: bool,
    may_exclude: bool,
}

/// `GET /surveys/{id}`: the answer whole, how it came, and what may be done about it.
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page, &ctx, Id::new(id), Filled::new(), false).await?))
}

async fn render(page: Page, ctx: &Ctx, id: Id<SurveyId>, form: Filled, stale: bool) -> Result<DetailPage, Fault> {
    let survey = app::get(ctx, id).await?;
    let directory = ctx.house.identity.directories().now();
    let name = |user: Option<_>| user.and_then(|user| directory.user_name(user)).unwrap_or_default().to_owned();
    let open = survey.recovery == Recovery::Open;
    let owners = match open && ctx.actor.may(RECOVER, &survey) {
        true => app::could_recover(ctx, &survey),
        false => Vec::new(),
    };
    let asked = survey.skipped.is_none();
    Ok(DetailPage {
        noted_by: name(survey.noted_by),
        excluded_by: name(survey.excluded_by),
        recovery_owner: name(survey.recovery_owner),
        recovery_late: open && survey.recovery_due.is_some_and(|due| due < ctx.now()),
        owners: owners.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        may_note: asked && survey.answer.is_none() && ctx.actor.may(NOTE, &survey),
        may_copy: asked && survey.answer.is_none() && ctx.house.customer_url().is_some(),
        may_exclude: survey.answer.is_some() && ctx.actor.may(EXCLUDE, &survey),
        row: Row::of(ctx, &page.lang, survey),
        form,
        stale,
        page: page.named("surveys-detail-title"),
    })
}

/// Where a person goes on after `done`: back to the survey, or the same page with what is wrong, nothing lost.
async fn after(
    page: Page,
    ctx: &Ctx,
    id: Id<SurveyId>,
    form: Form,
    done: Result<(), Fault>,
) -> Result<Response, Failure> {
    let Err(fault) = done else { return Ok(Redirect::to(&format!("/surveys/{id}")).into_response()) };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let stale = fault.kind() == FaultKind::Stale;
    let detail = render(page, ctx, id, form.into_filled_with(&fault), stale).await?;
    Ok((status, View(detail)).into_response())
}

/// `POST /surveys/{id}/exclude`: out of the numbers, or back into them.
pub(crate) async fn exclude(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<SurveyId>::new(id);
    let (reason, version, out) = (form.text("reason", NOTED), form.version("version")?, form.flag("out"));
    let done = match form.check() {
        Ok(()) => app::exclude(&ctx, id, version, out, reason).await,
        Err(fault) => Err(fault),
    };
    after(page, &ctx, id, form, done).await
}

impl DetailPage {
    /// The button that copies the invitation.
    fn copies(&self) -> web::CopyText {
        web::copy_text(&self.page.lang, &format!("/surveys/{}/wechat", self.row.survey.id), &[])
    }
}

#[derive(Template)]
#[template(path = "surveys_wechat.html")]
struct InvitationPage {
    page: Page,
    back: String,
    text: String,
    trace: String,
}

/// `POST /surveys/{id}/wechat`: makes the invitation as a text and shows it once, to be copied.
pub(crate) async fn invitation(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let made = app::invitation(&ctx, Id::new(id)).await?;
    let shown = InvitationPage {
        back: format!("/surveys/{id}"),
        trace: format!("/cases/{}/copied", made.case),
        text: made.text,
        page: page.named("surveys-wechat"),
    };
    let private = (axum::http::header::CACHE_CONTROL, "no-store");
    Ok(([web::no_referrer()], [private], View(shown)).into_response())
}

/// `POST /surveys/{id}/owner`: gives the making up to somebody else.
pub(crate) async fn hand_over(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<SurveyId>::new(id);
    let (owner, version) = (form.id("owner"), form.version("version")?);
    let done = match (form.check(), owner) {
        (Ok(()), Some(owner)) => app::hand_over(&ctx, id, version, owner).await,
        (Err(fault), _) => Err(fault),
        (Ok(()), None) => Err(Fault::field("owner", "choose")),
    };
    after(page, &ctx, id, form, done).await
}
