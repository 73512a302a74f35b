//! Claims for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, Id, Money, Timestamp, of};
use returns::store::ReturnId;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, etag};

use crate::app::{self, Detail};
use crate::domain::{After, CommandName, Ground, State};
use crate::store::{Claim, ClaimId, Receivable, Step, Term};

/// Rows per page when the caller does not say.
const ROWS: i64 = 50;

/// A claim on a maker.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimOut {
    #[schema(value_type = String)]
    id: Id<ClaimId>,
    number: String,
    maker: String,
    ground: Ground,
    state: State,
    #[schema(value_type = Option<String>)]
    case: Option<Id<of::Case>>,
    #[serde(rename = "return")]
    #[schema(value_type = Option<String>)]
    of: Option<Id<ReturnId>>,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    goods: String,
    serial: Option<String>,
    quantity: i64,
    reason: String,
    /// In fen.
    #[schema(value_type = i64)]
    claimed: Money,
    /// In fen.
    #[schema(value_type = Option<i64>)]
    accepted: Option<Money>,
    /// In fen.
    #[schema(value_type = i64)]
    credited: Money,
    /// Given up, in fen.
    #[schema(value_type = i64)]
    written_off: Money,
    /// What the maker owes of it, in fen.
    #[schema(value_type = i64)]
    receivable: Money,
    /// The maker's last day for it.
    #[schema(value_type = Option<String>)]
    due_on: Option<Day>,
    #[schema(value_type = Option<String>)]
    sent_on: Option<Day>,
    #[schema(value_type = String)]
    opened_at: Timestamp,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    version: i64,
}

impl From<Claim> for ClaimOut {
    fn from(one: Claim) -> Self {
        Self {
            receivable: one.receivable(),
            id: one.id,
            number: one.number,
            maker: one.maker,
            ground: one.ground,
            state: one.state,
            case: one.case,
            of: one.of,
            store: one.store,
            goods: one.goods,
            serial: one.serial,
            quantity: one.quantity,
            reason: one.reason,
            claimed: one.claimed,
            accepted: one.accepted,
            credited: one.credited,
            written_off: one.written,
            due_on: one.due_on,
            sent_on: one.sent_on,
            opened_at: one.opened_at,
            ended_at: one.ended_at,
            version: one.version,
        }
    }
}

/// A step of a claim.
#[derive(Debug, Serialize, ToSchema)]
struct ClaimStepOut {
    what: String,
    #[schema(value_type = String)]
    day: Day,
    reference: Option<String>,
    reason: Option<String>,
    /// In fen.
    #[schema(value_type = i64)]
    amount: Money,
    #[schema(value_type = Option<String>)]
    by: Option<Id<of::User>>,
    #[schema(value_type = String)]
    at: Timestamp,
}

impl From<Step> for ClaimStepOut {
    fn from(step: Step) -> Self {
        Self {
            what: step.what,
            day: step.day,
            reference: step.reference,
            reason: step.reason,
            amount: step.amount,
            by: step.by,
            at: step.at,
        }
    }
}

/// A claim with its steps, what proves it and what can be done now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimWholeOut {
    #[serde(flatten)]
    one: ClaimOut,
    steps: Vec<ClaimStepOut>,
    /// What the pack should hold: there or not.
    pack: std::collections::BTreeMap<String, bool>,
    /// Commands that the caller can give now.
    commands: Vec<String>,
}

impl From<Detail> for ClaimWholeOut {
    fn from(detail: Detail) -> Self {
        let free = detail.offers.iter().filter(|(_, why)| why.is_none());
        Self {
            commands: free.map(|(name, _)| name.to_string()).collect(),
            pack: detail.pack.proofs().into_iter().map(|proof| (proof.word.to_owned(), proof.there)).collect(),
            steps: detail.steps.into_iter().map(ClaimStepOut::from).collect(),
            one: detail.one.into(),
        }
    }
}

/// One page of claims.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimListOut {
    items: Vec<ClaimOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// Claims within reach, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/claims",
    tag = "claims",
    params(
        ("show" = Option<String>, Query, description = "open (default), near, sent, accepted, refused, over, all"),
        ("state" = Option<String>, Query, description = "A state"),
        ("maker" = Option<String>, Query, description = "A maker"),
        ("store" = Option<String>, Query, description = "A store's id"),
        ("age" = Option<i64>, Query, description = "Receivables by age: 0 up to 30 days, 1 up to 60, 2 up to 90, 3 more"),
        ("q" = Option<String>, Query, description = "Number, serial number, maker or goods"),
        ("after" = Option<String>, Query, description = "Where the page begins"),
        ("limit" = Option<i64>, Query, description = "Rows, at most 200"),
    ),
    responses((status = 200, body = ClaimListOut))
)]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<ClaimListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::list::filter(&mut form, &lang);
    let text = form.text_or_none("q", 100);
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(ROWS);
    form.check()?;
    let after = match form.raw("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().ok().ok_or_else(|| Fault::field("after", "unknown"))?),
    };
    let page = app::list(&ctx, filter, text, after, limit).await?;
    let items = page.rows.into_iter().map(|row| row.one.into()).collect();
    Ok(Json(ClaimListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

/// What is no id names no claim.
fn read_id(text: &str) -> Result<Id<ClaimId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn whole(ctx: &Ctx, id: Id<ClaimId>, status: StatusCode) -> Result<Response, Failure> {
    let detail = app::detail(ctx, id).await?;
    let version = detail.one.version;
    Ok((status, [etag(version)], Json(ClaimWholeOut::from(detail))).into_response())
}

/// One claim.
#[utoipa::path(
    get,
    path = "/api/v1/claims/{id}",
    tag = "claims",
    params(("id" = String, Path, description = "The claim")),
    responses((status = 200, body = ClaimWholeOut), (status = 404, description = "No such claim within reach"))
)]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    whole(&ctx, read_id(&id)?, StatusCode::OK).await
}

/// What is claimed: a line of a return, or a repair.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ClaimIn {
    /// The return's id.
    r#return: Option<String>,
    /// Which line of it, from 1.
    line: Option<i64>,
    /// The repair's id.
    repair: Option<String>,
    /// In fen; never above what was paid.
    amount: i64,
    /// Why the maker owes it.
    reason: String,
}

/// Opens a claim by hand; for refunds by law and delivered exchanges it opens by itself.
#[utoipa::path(
    post,
    path = "/api/v1/claims",
    tag = "claims",
    request_body = ClaimIn,
    responses((status = 201, body = ClaimWholeOut), (status = 404, description = "No such return or repair within reach"), (status = 409, description = "It is claimed already"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn open(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let wanted = crate::pages::new::read(&mut form)?;
    let one = app::open(&ctx, wanted).await?;
    whole(&ctx, one.id, StatusCode::CREATED).await
}

/// What a step needs.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ClaimCommandIn {
    /// When it happened, 2026-11-30; never before the step before, never ahead.
    day: String,
    /// The number of the paper; accept, refuse and credit need it.
    reference: Option<String>,
    /// Why; refuse, write_off, withdraw and accepting less need it.
    reason: Option<String>,
    /// send, accept, credit: in fen; all that is left when not given
    amount: Option<i64>,
}

/// Gives a command: send, accept, refuse, credit, write_off, withdraw. A credit note is booked once.
#[utoipa::path(
    post,
    path = "/api/v1/claims/{id}/{command}",
    tag = "claims",
    params(
        ("id" = String, Path, description = "The claim"),
        ("command" = String, Path, description = "The command"),
        ("If-Match" = String, Header, description = "The version that was seen"),
    ),
    request_body = ClaimCommandIn,
    responses((status = 200, body = ClaimWholeOut), (status = 404, description = "No such claim or command"), (status = 409, description = "Not now"), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn command(
    ctx: Ctx,
    Path((id, name)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let id = read_id(&id)?;
    app::detail(&ctx, id).await?;
    let IfMatch(version) = version?;
    let command = crate::pages::command::read(name, &mut form)?;
    app::command(&ctx, id, version, command).await?;
    whole(&ctx, id, StatusCode::OK).await
}

/// What a maker owes, in fen, by the age of what was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceivableOut {
    maker: String,
    /// Up to 30 days.
    #[schema(value_type = i64)]
    days_30: Money,
    /// 31 to 60 days.
    #[schema(value_type = i64)]
    days_60: Money,
    /// 61 to 90 days.
    #[schema(value_type = i64)]
    days_90: Money,
    /// More than 90 days.
    #[schema(value_type = i64)]
    older: Money,
    #[schema(value_type = i64)]
    total: Money,
    /// How many claims.
    claims: i64,
}

impl From<Receivable> for ReceivableOut {
    fn from(row: Receivable) -> Self {
        let [days_30, days_60, days_90, older] = row.ages;
        Self { maker: row.maker, days_30, days_60, days_90, older, total: row.total, claims: row.claims }
    }
}

/// What makers owe within reach, the largest first.
#[utoipa::path(get, path = "/api/v1/claims/receivables", tag = "claims", responses((status = 200, body = Vec<ReceivableOut>)))]
pub(crate) async fn receivables(ctx: Ctx) -> Result<Json<Vec<ReceivableOut>>, Failure> {
    let all = app::receivables(&ctx).await?;
    Ok(Json(all.into_iter().map(ReceivableOut::from).collect()))
}

/// Until when a maker takes claims.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimTermOut {
    maker: String,
    days: i64,
    after: After,
    warn_days: i64,
    contact: Option<String>,
    version: i64,
}

impl From<Term> for ClaimTermOut {
    fn from(term: Term) -> Self {
        Self {
            maker: term.maker,
            days: term.days,
            after: term.after,
            warn_days: term.warn_days,
            contact: term.contact,
            version: term.version,
        }
    }
}

/// Until when makers take claims.
#[utoipa::path(get, path = "/api/v1/claims/terms", tag = "claims", responses((status = 200, body = Vec<ClaimTermOut>)))]
pub(crate) async fn terms(ctx: Ctx) -> Result<Json<Vec<ClaimTermOut>>, Failure> {
    Ok(Json(app::terms(&ctx).await?.into_iter().map(ClaimTermOut::from).collect()))
}

/// Until when a maker takes claims.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ClaimTermIn {
    maker: String,
    days: i64,
    after: After,
    warn_days: i64,
    contact: Option<String>,
}

/// Says until when a maker takes claims; those that lie here get their new last day at once.
#[utoipa::path(
    post,
    path = "/api/v1/claims/terms",
    tag = "claims",
    params(("If-Match" = String, Header, description = "The version that was seen, `\"v0\"` where nobody had said")),
    request_body = ClaimTermIn,
    responses((status = 200, body = Vec<ClaimTermOut>), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn set_term(
    ctx: Ctx,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Json<Vec<ClaimTermOut>>, Failure> {
    let IfMatch(version) = version?;
    app::set_term(&ctx, crate::pages::terms::read(&mut form, version)?).await?;
    terms(ctx).await
}

/// This capability's part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(
    paths(list, open, show, command, receivables, terms, set_term),
    components(schemas(ClaimIn, ClaimCommandIn, ClaimTermIn, ClaimStepOut))
)]
struct Described;
