//! Complaints for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, Id, Money, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, etag};

use crate::app::{self, Detail};
use crate::domain::{CommandName, Party, Pending, Reason, Remedy, Severity, Source, State, Topic};
use crate::store::{Complaint, LineRow, Listed};

/// Rows per page when the caller does not say.
const ROWS: i64 = 25;

/// A complaint.
#[derive(Debug, Serialize, ToSchema)]
struct ComplaintOut {
    /// The case's id.
    #[schema(value_type = String)]
    id: Id<of::Case>,
    /// The case's number.
    number: String,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    /// Who has it.
    #[schema(value_type = Option<String>)]
    handler: Option<Id<of::User>>,
    state: State,
    severity: Severity,
    topic: Option<Topic>,
    source: Source,
    /// Somebody was hurt or something damaged.
    harm: bool,
    /// The case in a few words.
    subject: String,
    #[schema(value_type = String)]
    registered_at: Timestamp,
    #[schema(value_type = Option<String>)]
    accepted_at: Option<Timestamp>,
    /// When the offer that stands went out.
    #[schema(value_type = Option<String>)]
    offered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    agreed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    executed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    /// What happened.
    facts: Option<String>,
    /// By what we know.
    evidence: Option<String>,
    party: Option<Party>,
    /// The code of a cause (`/api/v1/lists/causes`).
    cause: Option<String>,
    /// The department or store that has to answer.
    #[schema(value_type = Option<String>)]
    unit: Option<Id<of::Unit>>,
    /// Why it was not taken on.
    reason: Option<Reason>,
    /// What a second signature is asked for.
    pending: Option<Pending>,
    /// What the customer reads of the offer.
    wording: Option<String>,
    #[schema(value_type = Option<String>)]
    valid_until: Option<Timestamp>,
    /// The answer that the customer got at the end.
    answer: Option<String>,
    /// How often it did not hold.
    reopened: i64,
    appeals: i64,
    /// 1 to 5, said in the call.
    satisfaction: Option<i64>,
    /// Every promised time was kept; known at the end.
    in_time: Option<bool>,
    #[schema(value_type = Option<String>)]
    retain_until: Option<Day>,
}

/// A line of an offer.
#[derive(Debug, Serialize, ToSchema)]
struct LineOut {
    /// Of which offer, from 1.
    round: i64,
    /// Its number in it, from 1.
    line: i64,
    kind: Remedy,
    text: String,
    /// In fen.
    #[schema(value_type = i64)]
    amount: Money,
    /// The law gives it.
    by_law: bool,
    #[schema(value_type = Option<String>)]
    done_at: Option<Timestamp>,
    done_note: Option<String>,
}

/// A complaint with its offers, and what can be done now.
#[derive(Debug, Serialize, ToSchema)]
struct WholeOut {
    #[serde(flatten)]
    complaint: ComplaintOut,
    lines: Vec<LineOut>,
    /// Commands that the caller can give now.
    commands: Vec<String>,
    /// What the dossier lacks.
    lacks: Vec<String>,
    /// Counts the changes of the case; the ETag.
    version: i64,
}

/// One page of complaints.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComplaintListOut {
    items: Vec<ComplaintOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// One cause.
#[derive(Debug, Serialize, ToSchema)]
struct CauseOut {
    /// Its code (`/api/v1/lists/causes`).
    cause: String,
    /// How often it was found.
    times: i64,
    /// Of these, how often a party of ours has to answer.
    ours: i64,
    /// In how many stores.
    stores: i64,
    /// How many are not over.
    open: i64,
}

/// A cause that comes back in one store.
#[derive(Debug, Serialize, ToSchema)]
struct RecurringOut {
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    /// Its code (`/api/v1/lists/causes`).
    cause: String,
    times: i64,
}

/// Causes over three months.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CausesOut {
    /// From when on.
    #[schema(value_type = String)]
    from: Timestamp,
    /// The most frequent first.
    causes: Vec<CauseOut>,
    /// The same cause three times or more in one store.
    recurring: Vec<RecurringOut>,
}

/// What a command needs; which fields, its description says.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CommandIn {
    /// screen, accept
    severity: Option<Severity>,
    /// screen
    source: Option<Source>,
    /// screen
    harm: Option<bool>,
    /// accept
    topic: Option<Topic>,
    /// accept, take_appeal: a user's id
    handler: Option<String>,
    /// accept: ids of users whom it is about
    interested: Option<Vec<String>>,
    /// not_accept
    reason: Option<Reason>,
    /// not_accept, transfer: what the customer reads
    notice: Option<String>,
    /// duplicate: the id of the case in which it goes on
    of: Option<String>,
    /// withdraw, execute, call_back
    note: Option<String>,
    /// conclude
    facts: Option<String>,
    /// conclude
    evidence: Option<String>,
    /// conclude
    party: Option<Party>,
    /// conclude: the code of a cause that is offered for complaints (`/api/v1/lists/causes`)
    cause: Option<String>,
    /// conclude: a department's or store's id
    unit: Option<String>,
    /// conclude: a user's id
    user: Option<String>,
    /// draft: `kind1` … `kind6`, with `text1`, `amount1` (fen), `by_law1`
    kind1: Option<Remedy>,
    /// draft
    text1: Option<String>,
    /// draft
    amount1: Option<i64>,
    /// draft
    by_law1: Option<bool>,
    /// submit: what the customer reads
    wording: Option<String>,
    /// submit: RFC 3339
    valid_until: Option<String>,
    /// execute: the line's number
    line: Option<i64>,
    /// finish: the answer to the customer
    answer: Option<String>,
    /// call_back: yes or no
    holds: Option<String>,
    /// call_back: 1 to 5
    satisfaction: Option<i64>,
    /// appeal
    why: Option<String>,
}

fn out(one: Complaint, subject: String) -> ComplaintOut {
    ComplaintOut {
        id: one.case,
        number: one.number,
        store: one.store,
        handler: one.owner,
        state: one.state,
        severity: one.severity,
        topic: one.topic,
        source: one.source,
        harm: one.harm,
        subject,
        registered_at: one.registered_at,
        accepted_at: one.accepted_at,
        offered_at: one.offered_at,
        agreed_at: one.agreed_at,
        executed_at: one.executed_at,
        ended_at: one.ended_at,
        facts: one.facts,
        evidence: one.evidence,
        party: one.party,
        cause: one.cause.map(|cause| cause.to_string()),
        unit: one.unit,
        reason: one.reason,
        pending: one.pending,
        wording: one.wording,
        valid_until: one.valid_until,
        answer: one.answer,
        reopened: one.reopened,
        appeals: one.appeals,
        satisfaction: one.satisfaction,
        in_time: one.in_time,
        retain_until: one.retain_until,
    }
}

impl From<Listed> for ComplaintOut {
    fn from(row: Listed) -> Self {
        out(row.complaint, row.subject)
    }
}

impl From<LineRow> for LineOut {
    fn from(row: LineRow) -> Self {
        Self {
            round: row.round,
            line: row.seq,
            kind: row.line.kind,
            text: row.line.text,
            amount: row.line.amount,
            by_law: row.line.by_law,
            done_at: row.done_at,
            done_note: row.done_note,
        }
    }
}

impl From<Detail> for WholeOut {
    fn from(detail: Detail) -> Self {
        let free = detail.offers.iter().filter(|offer| offer.refusal.is_none());
        Self {
            commands: free.map(|offer| offer.name.to_string()).collect(),
            lacks: detail.lacks.iter().map(|what| (*what).to_owned()).collect(),
            version: detail.case.version,
            lines: detail.lines.into_iter().map(LineOut::from).collect(),
            complaint: out(detail.complaint, detail.case.subject),
        }
    }
}

/// Complaints within reach.
#[utoipa::path(
    get,
    path = "/api/v1/complaints",
    tag = "complaints",
    params(
        ("show" = Option<String>, Query, description = "open (default), mine, late, upset, severe: by the nearest deadline; ended, closed, in_time: the last first; accepted, reopened: by registration; concluded: by when found out"),
        ("state" = Option<String>, Query, description = "A state"),
        ("severity" = Option<String>, Query, description = "s1 to s4"),
        ("topic" = Option<String>, Query, description = "What it is about"),
        ("cause" = Option<String>, Query, description = "What lay behind it, by code (`/api/v1/lists/causes`)"),
        ("source" = Option<String>, Query, description = "How we came to know"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("unit" = Option<String>, Query, description = "Id of the department or store that has to answer"),
        ("from" = Option<String>, Query, description = "First day, by what orders the list, 2026-11-22"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 25"),
    ),
    responses((status = 200, body = ComplaintListOut))
)]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<ComplaintListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::filter(&mut form, &lang);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let page = app::list(&ctx, filter, after.and_then(Result::ok), limit).await?;
    let items = page.rows.into_iter().map(ComplaintOut::from).collect();
    Ok(Json(ComplaintListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

/// Why customers complain, over three months.
#[utoipa::path(get, path = "/api/v1/complaints/causes", tag = "complaints",
    params(("store" = Option<String>, Query, description = "Id of a store")),
    responses((status = 200, body = CausesOut)))]
pub(crate) async fn causes(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<CausesOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let store = form.id_or_none("store");
    form.check()?;
    let causes = app::causes(&ctx, store).await?;
    Ok(Json(CausesOut {
        from: causes.from,
        causes: causes
            .causes
            .into_iter()
            .map(|found| CauseOut {
                cause: found.what.to_string(),
                times: found.times,
                ours: found.ours,
                stores: found.stores,
                open: found.open,
            })
            .collect(),
        recurring: causes
            .recurring
            .into_iter()
            .map(|(store, cause, times)| RecurringOut { store, cause: cause.to_string(), times })
            .collect(),
    }))
}

/// What is no id names no case.
fn read_id(text: &str) -> Result<Id<of::Case>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<of::Case>) -> Result<Response, Failure> {
    let whole = WholeOut::from(app::detail(ctx, id).await?);
    Ok(([etag(whole.version)], Json(whole)).into_response())
}

/// One complaint.
#[utoipa::path(get, path = "/api/v1/complaints/{id}", tag = "complaints",
    responses((status = 200, body = WholeOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?).await
}

/// The dossier of an archived complaint: a ZIP with a readable page, the files and the journal, which `aftercare verify` proves.
#[utoipa::path(get, path = "/api/v1/complaints/{id}/dossier", tag = "complaints",
    responses((status = 200, content_type = "application/zip", description = "The dossier"), (status = 409, description = "Not archived yet")))]
pub(crate) async fn dossier(ctx: Ctx, lang: Lang, Path(id): Path<String>) -> Result<Response, Failure> {
    crate::pages::file(&ctx, &lang, read_id(&id)?).await
}

/// Moves a complaint. Commands: screen, accept, not_accept, duplicate, transfer, withdraw, investigate, conclude, draft, submit, begin,
/// execute, finish, call_back, appeal, take_appeal, archive. The customer's answer to an offer is given on the case (confirm, decline)
/// or through the customer's link.
#[utoipa::path(post, path = "/api/v1/complaints/{id}/{command}", tag = "complaints", request_body = CommandIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = WholeOut), (status = 409, description = "Not now, with the reason"),
        (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn command(
    ctx: Ctx,
    lang: Lang,
    Path((id, name)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let IfMatch(version) = version?;
    let command = crate::pages::read(name, &mut form, &lang)?;
    app::command(&ctx, id, version, command).await?;
    answered(&ctx, id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, causes, show, dossier, command),
    components(schemas(
        ComplaintListOut,
        ComplaintOut,
        WholeOut,
        LineOut,
        CausesOut,
        CauseOut,
        RecurringOut,
        CommandIn
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    description.merge(crate::matrix::MatrixDescription::openapi());
    description.merge(crate::review::ReviewDescription::openapi());
    description
}
