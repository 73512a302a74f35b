use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use cases::domain::Kind;
use kernel::{Cursor, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, etag};

use crate::app::{self, Given};
use crate::domain::{Answer, AnsweredBy, Flagged, Recovery, Rule, Skipped, Solved};
use crate::store::{Survey, SurveyId};

/// Rows per page when the caller does not say.
const ROWS: i64 = 50;

/// One survey.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyOut {
    #[schema(value_type = String)]
    id: Id<SurveyId>,
    /// The case that is rated.
    #[schema(value_type = String)]
    case: Id<of::Case>,
    /// The case's number.
    number: String,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    #[schema(value_type = String)]
    invited_at: Timestamp,
    /// Whether the link went out by itself.
    sent: bool,
    #[schema(value_type = Option<String>)]
    answered_at: Option<Timestamp>,
    /// What the customer answered.
    answer: Option<Answer>,
    /// Why the customer was not asked, by rule.
    skipped: Option<Skipped>,
    /// The version of the rule that decided.
    rule_version: i64,
    /// How the answer came.
    answered_by: Option<AnsweredBy>,
    /// What makes one look twice at it.
    flagged: Option<Flagged>,
    /// When headquarters took it out of the numbers.
    #[schema(value_type = Option<String>)]
    excluded_at: Option<Timestamp>,
    /// Why.
    excluded_reason: Option<String>,
    /// Whether somebody has made up for a low rating.
    recovery: Recovery,
    /// Who is to.
    #[schema(value_type = Option<String>)]
    recovery_owner: Option<Id<of::User>>,
    /// By when.
    #[schema(value_type = Option<String>)]
    recovery_due: Option<Timestamp>,
    version: i64,
}

/// Who is asked, and when.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleOut {
    version: i64,
    /// Kinds of case after which customers are asked.
    kinds: Vec<Kind>,
    /// Hours between closing and asking.
    delay_hours: i64,
    /// Days in which nobody is asked twice.
    quiet_days: i64,
    /// Only those are asked who have agreed to be contacted.
    needs_consent: bool,
    /// Hours in which somebody makes up for a low rating.
    recovery_hours: i64,
}

/// A new version of the rule; says which one it is based on.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct RuleIn {
    version: i64,
    kinds: Vec<Kind>,
    delay_hours: i64,
    quiet_days: i64,
    needs_consent: bool,
    recovery_hours: i64,
    /// Why.
    reason: String,
}

/// What a customer says on the phone.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct PhoneIn {
    /// 1 to 5.
    csat: i64,
    /// 0 to 10.
    nps: Option<i64>,
    /// 1 to 5.
    effort: Option<i64>,
    /// yes, partly, no.
    solved: Option<Solved>,
    words: Option<String>,
}

/// Out of the numbers, or back into them.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ExcludeIn {
    /// False puts it back.
    out: bool,
    reason: String,
}

/// Who is to make up for it.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct OwnerIn {
    /// Id of the person.
    owner: String,
}

/// The invitation as a text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationOut {
    #[schema(value_type = String)]
    case: Id<of::Case>,
    /// Holds the customer's link, which is answered only now.
    said: String,
}

/// How somebody made up for a low rating.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct RecoveredIn {
    note: String,
}

/// One page of surveys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SurveysOut {
    items: Vec<SurveyOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

#[utoipa::path(
    get,
    path = "/api/v1/surveys",
    tag = "surveys",
    params(
        ("show" = Option<String>, Query, description = "answered (default), low, recovery, recovered, unanswered, invited, skipped, excluded, flagged, nps, effort"),
        ("from" = Option<String>, Query, description = "First day, 2026-11-22"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("kind" = Option<String>, Query, description = "Kind of case"),
        ("channel" = Option<String>, Query, description = "Channel of the case"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = SurveysOut))
)]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<SurveysOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::filter(&mut form, &lang);
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let after = after.and_then(Result::ok);
    let page = app::list(&ctx, filter, after, u16::try_from(limit).unwrap_or(u16::MAX)).await?;
    let items = page.rows.into_iter().map(SurveyOut::from).collect();
    Ok(Json(SurveysOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

impl From<Survey> for SurveyOut {
    fn from(survey: Survey) -> Self {
        Self {
            id: survey.id,
            case: survey.case,
            number: survey.number,
            store: survey.store,
            invited_at: survey.invited_at,
            sent: survey.sent,
            answered_at: survey.answered_at,
            answer: survey.answer,
            skipped: survey.skipped,
            rule_version: survey.rule,
            answered_by: survey.answered_by,
            flagged: survey.flagged,
            excluded_at: survey.excluded_at,
            excluded_reason: survey.excluded_reason,
            recovery: survey.recovery,
            recovery_owner: survey.recovery_owner,
            recovery_due: survey.recovery_due,
            version: survey.version,
        }
    }
}

/// What is no id names no survey.
fn read_id(text: &str) -> Result<Id<SurveyId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<SurveyId>) -> Result<Response, Failure> {
    let survey = app::get(ctx, id).await?;
    let version = etag(survey.version);
    Ok(([version], Json(SurveyOut::from(survey))).into_response())
}

/// One survey.
#[utoipa::path(get, path = "/api/v1/surveys/{id}", tag = "surveys",
    responses((status = 200, body = SurveyOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?).await
}

/// Notes what a customer says on the phone; not for whoever did the work.
#[utoipa::path(post, path = "/api/v1/surveys/{id}/phone", tag = "surveys", request_body = PhoneIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = SurveyOut), (status = 409, description = "Answered already, not asked, or one's own work")))]
pub(crate) async fn phone(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let given = Given { csat: form.number("csat", 1..=5), rest: Some(crate::pages::rating(&mut form)) };
    form.check()?;
    app::note_by_phone(&ctx, id, version, given).await?;
    answered(&ctx, id).await
}

/// Takes an answer out of the numbers, or puts it back; headquarters' to do.
#[utoipa::path(post, path = "/api/v1/surveys/{id}/exclude", tag = "surveys", request_body = ExcludeIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = SurveyOut), (status = 409, description = "No answer, or it stands so already")))]
pub(crate) async fn exclude(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let reason = form.text("reason", 1_000);
    form.check()?;
    app::exclude(&ctx, id, version, form.flag("out"), reason).await?;
    answered(&ctx, id).await
}

/// Notes how somebody made up for a low rating.
#[utoipa::path(post, path = "/api/v1/surveys/{id}/recovered", tag = "surveys", request_body = RecoveredIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = SurveyOut), (status = 409, description = "There is nothing to make up for")))]
pub(crate) async fn recovered(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let note = form.text("note", 1_000);
    form.check()?;
    app::recover(&ctx, id, version, note).await?;
    answered(&ctx, id).await
}

/// Gives the making up for a low rating to somebody else.
#[utoipa::path(post, path = "/api/v1/surveys/{id}/owner", tag = "surveys", request_body = OwnerIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = SurveyOut), (status = 409, description = "There is nothing to make up for"),
        (status = 422, description = "Somebody who may not")))]
pub(crate) async fn owner(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let owner = form.id("owner");
    form.check()?;
    app::hand_over(&ctx, id, version, form.need(owner)?).await?;
    answered(&ctx, id).await
}

/// Makes the invitation as a text with a link, to be copied; say so at the case's `/copied` when it was.
#[utoipa::path(post, path = "/api/v1/surveys/{id}/text", tag = "surveys",
    responses((status = 200, body = InvitationOut), (status = 403), (status = 404),
        (status = 409, description = "The rule does not ask this customer, or they have answered")))]
pub(crate) async fn invitation(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let made = app::invitation(&ctx, read_id(&id)?).await?;
    let private = (axum::http::header::CACHE_CONTROL, "no-store");
    Ok(([private], Json(InvitationOut { case: made.case, said: made.text })).into_response())
}

/// Who is asked, and when.
#[utoipa::path(get, path = "/api/v1/surveys/rule", tag = "surveys", responses((status = 200, body = RuleOut)))]
pub(crate) async fn rule(ctx: Ctx) -> Result<Json<RuleOut>, Failure> {
    let newest = app::rules(&ctx).await?.into_iter().next().ok_or_else(Fault::not_found)?;
    Ok(Json(RuleOut::from(newest.rule)))
}

/// Makes the next version of the rule; it holds for cases that are closed from now on.
#[utoipa::path(post, path = "/api/v1/surveys/rule", tag = "surveys", request_body = RuleIn,
    responses((status = 200, body = RuleOut), (status = 412, description = "Changed by somebody else")))]
pub(crate) async fn change_rule(ctx: Ctx, mut form: Form) -> Result<Json<RuleOut>, Failure> {
    let new = crate::pages::read_rule(&mut form)?;
    app::change_rule(&ctx, new).await?;
    rule(ctx).await
}

impl From<Rule> for RuleOut {
    fn from(rule: Rule) -> Self {
        Self {
            version: rule.version,
            kinds: rule.kinds.into_iter().collect(),
            delay_hours: rule.delay_hours,
            quiet_days: rule.quiet_days,
            needs_consent: rule.needs_consent,
            recovery_hours: rule.recovery_hours,
        }
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(list, show, phone, exclude, owner, invitation, recovered, rule, change_rule),
    components(schemas(
        SurveysOut,
        SurveyOut,
        RuleOut,
        RuleIn,
        PhoneIn,
        ExcludeIn,
        OwnerIn,
        InvitationOut,
        RecoveredIn
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
