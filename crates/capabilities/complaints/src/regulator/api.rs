//! Regulator cases for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::{Ctx, Upload, UploadRules};
use cases::app::files::NewFiles;
use kernel::{Cursor, Day, Fault, Id, Money, Timestamp, of};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, Sent, etag};

use super::app::{self, Detail};
use super::domain::{Mediation, Nature, Platform, RegulatorAct, RegulatorOutcome, RegulatorState, ReplyWay};
use super::orders::{self, AuthorityStep, AuthorityUnit};
use super::store::RegulatorCase;

/// Rows per page when the caller does not say.
const ROWS: i64 = 25;

/// What an authority passed on.
#[derive(Debug, Serialize, ToSchema)]
struct RegulatorOut {
    /// The case's id.
    #[schema(value_type = String)]
    id: Id<of::Case>,
    /// The case's number.
    case_number: String,
    /// The store that it is about.
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    platform: Platform,
    authority: String,
    /// The platform's number, as written.
    number: String,
    officer: Option<String>,
    officer_phone: Option<String>,
    nature: Nature,
    subject: String,
    /// What is claimed.
    claim: String,
    /// In fen.
    #[schema(value_type = i64)]
    amount: Money,
    /// The day that the notice bears.
    #[schema(value_type = String)]
    notice_day: Day,
    #[schema(value_type = String)]
    received_at: Timestamp,
    /// The due time that the notice states; it drives our clock.
    #[schema(value_type = String)]
    due_at: Timestamp,
    state: RegulatorState,
    mediation: Option<Mediation>,
    #[schema(value_type = Option<String>)]
    replied_at: Option<Timestamp>,
    reply_way: Option<ReplyWay>,
    /// The answer went out within the stated time.
    in_time: Option<bool>,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    outcome: Option<RegulatorOutcome>,
    /// What we paid by it, in fen.
    #[schema(value_type = i64)]
    paid: Money,
    /// The newest version of the statement of facts; 0 before the first.
    statement: i64,
    /// The version that was signed.
    signed: Option<i64>,
    /// SHA-256 of what was signed.
    signed_sha256: Option<String>,
}

/// One of the authority's own clocks; it binds the authority, not us.
#[derive(Debug, Serialize, ToSchema)]
struct AuthorityClockOut {
    step: AuthorityStep,
    limit: i64,
    unit: AuthorityUnit,
    /// The rule and where in it.
    rule: String,
    article: String,
}

/// A regulator case with its statement, and what can be done now.
#[derive(Debug, Serialize, ToSchema)]
struct RegulatorWholeOut {
    #[serde(flatten)]
    regulator: RegulatorOut,
    /// The authority's own clocks by the day of the notice.
    authority_clocks: Vec<AuthorityClockOut>,
    /// The newest version of the statement.
    body: Option<String>,
    /// How many notices came from the same number besides this one, as far as the caller reaches.
    earlier: i64,
    /// What can be done now.
    acts: Vec<String>,
    /// Counts the changes of the case; the ETag.
    version: i64,
}

/// One page of regulator cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegulatorListOut {
    items: Vec<RegulatorOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A notice that was entered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegulatorEnteredOut {
    /// The case's id.
    #[schema(value_type = String)]
    id: Id<of::Case>,
    /// The case's number.
    case_number: String,
    /// False for a report that the caller is not admitted to.
    visible: bool,
}

/// A notice. As multipart/form-data it can bring the scan in the field `scan`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct RegulatorIn {
    /// The store's id.
    store: String,
    platform: Platform,
    nature: Nature,
    authority: String,
    /// The platform's number.
    number: String,
    officer: Option<String>,
    officer_phone: Option<String>,
    /// 2026-11-20
    notice_day: String,
    /// RFC 3339
    received_at: String,
    /// RFC 3339: the due time that the notice states.
    due_at: String,
    claimant_name: Option<String>,
    claimant_phone: Option<String>,
    subject: String,
    claim: String,
    /// In fen.
    amount: Option<i64>,
    product: Option<String>,
    serial: Option<String>,
}

/// What an act needs; which fields, its description says.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct RegulatorActIn {
    /// mediate
    mediation: Option<Mediation>,
    /// reply
    way: Option<ReplyWay>,
    /// end
    outcome: Option<RegulatorOutcome>,
    /// end, in fen
    paid: Option<i64>,
    /// extend: RFC 3339
    due_at: Option<String>,
    /// mediate, reply (the proof), end, extend
    note: Option<String>,
    /// edit: the whole statement
    body: Option<String>,
}

impl From<RegulatorCase> for RegulatorOut {
    fn from(one: RegulatorCase) -> Self {
        Self {
            id: one.case,
            case_number: one.case_number,
            store: one.about,
            platform: one.platform,
            authority: one.authority,
            number: one.number,
            officer: one.officer,
            officer_phone: one.officer_phone,
            nature: one.nature,
            subject: one.subject,
            claim: one.claim,
            amount: one.amount,
            notice_day: one.notice_day,
            received_at: one.received_at,
            due_at: one.due_at,
            state: one.state,
            mediation: one.mediation,
            replied_at: one.replied_at,
            reply_way: one.reply_way,
            in_time: one.in_time,
            ended_at: one.ended_at,
            outcome: one.outcome,
            paid: one.paid,
            statement: one.draft,
            signed: one.signed,
            signed_sha256: one.signed_digest,
        }
    }
}

impl From<Detail> for RegulatorWholeOut {
    fn from(detail: Detail) -> Self {
        let clocks = orders::clocks(detail.one.nature, detail.one.notice_day).into_iter();
        let free = detail.offers.iter().filter(|(_, refusal)| refusal.is_none());
        Self {
            authority_clocks: clocks
                .map(|clock| AuthorityClockOut {
                    step: clock.step,
                    limit: clock.limit,
                    unit: clock.unit,
                    rule: clock.order.clone(),
                    article: clock.article.clone(),
                })
                .collect(),
            body: detail.statements.first().map(|one| one.body.clone()),
            earlier: i64::try_from(detail.history.rows.len()).unwrap_or(i64::MAX),
            acts: free.map(|(act, _)| act.to_string()).collect(),
            version: detail.version,
            regulator: detail.one.into(),
        }
    }
}

/// What is no id names no case.
fn read_id(text: &str) -> Result<Id<of::Case>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<of::Case>) -> Result<Response, Failure> {
    let whole = RegulatorWholeOut::from(app::detail(ctx, id).await?);
    Ok(([etag(whole.version)], Json(whole)).into_response())
}

/// What authorities passed on, within reach. Reports are there only for who is admitted to sealed records.
#[utoipa::path(
    get,
    path = "/api/v1/regulator",
    tag = "complaints",
    params(
        ("show" = Option<String>, Query, description = "open (default), owed, late: by the stated due time; ended, replied, late_reply, all: the last received first"),
        ("nature" = Option<String>, Query, description = "complaint or report"),
        ("platform" = Option<String>, Query, description = "12315, 12345 or other"),
        ("state" = Option<String>, Query, description = "received, mediating, replied, ended"),
        ("store" = Option<String>, Query, description = "Id of the store that it is about"),
        ("from" = Option<String>, Query, description = "First day of receipt, 2026-11-22"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 25"),
    ),
    responses((status = 200, body = RegulatorListOut))
)]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<RegulatorListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = super::pages::filter(&mut form, &lang);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let page = app::list(&ctx, filter, after.and_then(Result::ok), limit).await?;
    let items = page.rows.into_iter().map(RegulatorOut::from).collect();
    Ok(Json(RegulatorListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

/// Enters a notice. The same number of a platform twice is refused (409, `complaints-reg-known`) with the id of the first.
#[utoipa::path(post, path = "/api/v1/regulator", tag = "complaints", request_body = RegulatorIn,
    responses((status = 201, body = RegulatorEnteredOut), (status = 409, description = "The number is here already"),
        (status = 422, description = "Fields")))]
pub(crate) async fn enter(ctx: Ctx, lang: Lang, upload: Upload) -> Result<Response, Failure> {
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let files = NewFiles::of(&taken, "scan")?;
    let (ctx, mut form) = (taken.ctx, taken.form);
    let notice = super::pages::read_notice(&mut form, &lang, files)?;
    let entered = app::enter(&ctx, notice).await?;
    let out = RegulatorEnteredOut { id: entered.id, case_number: entered.number, visible: entered.visible };
    Ok((StatusCode::CREATED, Json(out)).into_response())
}

/// One regulator case.
#[utoipa::path(get, path = "/api/v1/regulator/{id}", tag = "complaints",
    responses((status = 200, body = RegulatorWholeOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?).await
}

/// Does something with a regulator case: mediate, reply, end, extend; and with its statement: draft (from the record), edit, ask (a second
/// person is asked to sign).
#[utoipa::path(post, path = "/api/v1/regulator/{id}/{act}", tag = "complaints", request_body = RegulatorActIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = RegulatorWholeOut), (status = 409, description = "Not now, with the reason"),
        (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn act(
    ctx: Ctx,
    lang: Lang,
    Path((id, name)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let IfMatch(version) = version?;
    match (RegulatorAct::parse(&name), name.as_str()) {
        (Some(act), _) => {
            let act = super::pages::read_act(act, &mut form, &lang)?;
            app::act(&ctx, id, version, act).await?;
        }
        (None, "draft") => {
            let sources = app::sources(&ctx, id).await?;
            app::draft(&ctx, id, version, super::pages::statement_body(&ctx, &sources)).await?;
        }
        (None, "edit") => {
            let body = form.text("body", app::LONGEST);
            form.check()?;
            app::edit(&ctx, id, version, body).await?;
        }
        (None, "ask") => {
            app::ask(&ctx, id, version).await?;
        }
        (None, _) => return Err(Fault::not_found().into()),
    }
    answered(&ctx, id).await
}

/// Why it is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhyIn {
    /// In a sentence; it stands in the journal.
    reason: String,
}

/// What a complaint is after that; archived ones too.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeptOut {
    #[schema(value_type = String)]
    case: Id<of::Case>,
    /// Only who is admitted sees it.
    restricted: bool,
    /// Nothing of it goes away.
    held: bool,
    /// Counts the changes; also the ETag.
    version: i64,
}

async fn kept(ctx: &Ctx, id: Id<of::Case>) -> Result<Response, Failure> {
    let detail = crate::app::detail(ctx, id).await?;
    let out = KeptOut {
        case: id,
        restricted: detail.restricted,
        held: detail.complaint.legal_hold.is_some(),
        version: detail.case.version,
    };
    Ok(([etag(out.version)], Json(out)).into_response())
}

fn why(body: &WhyIn) -> Result<String, Fault> {
    let mut errors = kernel::FieldErrors::default();
    let reason = parties::domain::text::required(&mut errors, "reason", &body.reason, super::pages::REASON);
    errors.check()?;
    Ok(reason)
}

/// Says who sees a complaint and how long it is kept, whatever its state: restrict, unrestrict, hold, let_go.
#[utoipa::path(post, path = "/api/v1/complaints/{id}/keep/{keeping}", tag = "complaints", request_body = WhyIn,
    params(("keeping" = String, Path, description = "restrict, unrestrict, hold or let_go"),
        ("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = KeptOut), (status = 404, description = "Unknown or out of reach"),
        (status = 409, description = "Not now, with the reason"), (status = 412, description = "Changed by somebody else"),
        (status = 428, description = "If-Match is missing")))]
pub(crate) async fn keep(
    ctx: Ctx,
    Path((id, word)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    Sent(body): Sent<WhyIn>,
) -> Result<Response, Failure> {
    let (id, keeping) = (read_id(&id)?, super::pages::Keeping::parse(&word).ok_or_else(Fault::not_found)?);
    let IfMatch(version) = version?;
    super::pages::keep(&ctx, id, version, keeping, why(&body)?).await?;
    kept(&ctx, id).await
}

/// Somebody who is admitted by name.
#[derive(Debug, Serialize, ToSchema)]
struct AdmittedOut {
    #[schema(value_type = String)]
    user: Id<of::User>,
    name: String,
    #[schema(value_type = Option<String>)]
    admitted_by: Option<Id<of::User>>,
    #[schema(value_type = String)]
    admitted_at: Timestamp,
}

/// Who sees a restricted complaint beside those who see all of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdmittedListOut {
    /// In the order of admission.
    items: Vec<AdmittedOut>,
    /// Counts the changes of the case; also the ETag.
    version: i64,
}

async fn names(ctx: &Ctx, id: Id<of::Case>) -> Result<Response, Failure> {
    let there = app::admitted(ctx, id).await?;
    let directory = ctx.house.identity.directories().now();
    let items = there.people.iter().map(|one| AdmittedOut {
        user: one.user,
        name: directory.user_name(one.user).unwrap_or_default().to_owned(),
        admitted_by: one.by,
        admitted_at: one.at,
    });
    let out = AdmittedListOut { items: items.collect(), version: there.case.version };
    Ok(([etag(out.version)], Json(out)).into_response())
}

/// Who is admitted by name to a restricted complaint.
#[utoipa::path(get, path = "/api/v1/complaints/{id}/admitted", tag = "complaints",
    responses((status = 200, body = AdmittedListOut), (status = 404, description = "Unknown or out of reach"),
        (status = 409, description = "It is not restricted")))]
pub(crate) async fn admitted(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    names(&ctx, read_id(&id)?).await
}

fn read_user(text: &str) -> Result<Id<of::User>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

/// Admits somebody by name to a restricted complaint: they see and do with it what their roles let them do elsewhere.
#[utoipa::path(post, path = "/api/v1/complaints/{id}/admitted/{user}", tag = "complaints", request_body = WhyIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = AdmittedListOut), (status = 409, description = "It is not restricted"),
        (status = 412, description = "Changed by somebody else"), (status = 422, description = "Somebody who cannot be admitted"),
        (status = 428, description = "If-Match is missing")))]
pub(crate) async fn admit(
    ctx: Ctx,
    Path((id, user)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    Sent(body): Sent<WhyIn>,
) -> Result<Response, Failure> {
    let (id, user) = (read_id(&id)?, read_user(&user)?);
    let IfMatch(version) = version?;
    app::admit(&ctx, id, version, user, why(&body)?).await?;
    names(&ctx, id).await
}

/// Admits somebody no longer.
#[utoipa::path(delete, path = "/api/v1/complaints/{id}/admitted/{user}", tag = "complaints", request_body = WhyIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = AdmittedListOut), (status = 409, description = "It is not restricted"),
        (status = 412, description = "Changed by somebody else"), (status = 422, description = "They are not admitted"),
        (status = 428, description = "If-Match is missing")))]
pub(crate) async fn dismiss(
    ctx: Ctx,
    Path((id, user)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    Sent(body): Sent<WhyIn>,
) -> Result<Response, Failure> {
    let (id, user) = (read_id(&id)?, read_user(&user)?);
    let IfMatch(version) = version?;
    app::dismiss(&ctx, id, version, user, why(&body)?).await?;
    names(&ctx, id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, enter, show, act, keep, admitted, admit, dismiss),
    components(schemas(
        WhyIn,
        KeptOut,
        AdmittedOut,
        AdmittedListOut,
        RegulatorListOut,
        RegulatorOut,
        RegulatorWholeOut,
        RegulatorEnteredOut,
        AuthorityClockOut,
        RegulatorIn,
        RegulatorActIn
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
