//! Audits for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, etag};

use crate::app::{self, Answer, TEXT};
use crate::domain::{FindingState, Kind, Severity, State};
use crate::store::{Audit, AuditId, Drawn, Finding, FindingId};

/// Rows per page when the caller does not say.
const ROWS: i64 = 50;

/// An audit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditOut {
    #[schema(value_type = String)]
    id: Id<AuditId>,
    number: String,
    kind: Kind,
    title: String,
    /// `gbt27922`, or a scheme in the company's own words.
    scheme: String,
    body: Option<String>,
    lead_name: Option<String>,
    #[schema(value_type = Option<String>)]
    lead: Option<Id<of::User>>,
    #[schema(value_type = String)]
    from_on: Day,
    #[schema(value_type = String)]
    until_on: Day,
    #[serde(rename = "state")]
    #[schema(value_type = String)]
    state: State,
    note: Option<String>,
    result: Option<String>,
    version: i64,
}

impl From<Audit> for AuditOut {
    fn from(one: Audit) -> Self {
        Self {
            id: one.id,
            number: one.number,
            kind: one.kind,
            title: one.title,
            scheme: one.scheme,
            body: one.body,
            lead_name: one.lead_name,
            lead: one.lead,
            from_on: one.from_on,
            until_on: one.until_on,
            state: one.state,
            note: one.note,
            result: one.result,
            version: one.version,
        }
    }
}

/// One page of audits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditListOut {
    items: Vec<AuditOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// An audit with its findings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditWholeOut {
    audit: AuditOut,
    /// Ids of the regions and stores that it is about; none = the whole company.
    units: Vec<String>,
    /// The number of its last sample.
    sample: Option<i64>,
    findings: Vec<AuditFindingOut>,
}

/// What is said of an audit.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct AuditIn {
    #[schema(value_type = String)]
    kind: Kind,
    title: String,
    scheme: Option<String>,
    /// Needed for an audit from outside.
    body: Option<String>,
    lead_name: Option<String>,
    /// Id of a person.
    lead: Option<String>,
    /// 2026-12-01
    from_on: String,
    until_on: String,
    /// Ids of regions and stores; none = the whole company.
    units: Option<Vec<String>>,
    note: Option<String>,
}

/// A sample to draw.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct AuditDrawIn {
    from_on: String,
    until_on: String,
    stores: i64,
    /// Of each store.
    cases: i64,
    /// Of each store.
    complaints: i64,
    seed: i64,
}

/// A store in a sample.
#[derive(Debug, Serialize, ToSchema)]
struct SampledStoreOut {
    #[schema(value_type = String)]
    unit: Id<of::Unit>,
    code: String,
    region: String,
    /// SHA-256 of `seed|store|code`.
    rank: String,
}

/// A case or complaint in a sample.
#[derive(Debug, Serialize, ToSchema)]
struct SampledCaseOut {
    #[schema(value_type = String)]
    case: Id<of::Case>,
    #[schema(value_type = String)]
    unit: Id<of::Unit>,
    /// `case` or `complaint`.
    kind: String,
    number: String,
    /// SHA-256 of `seed|kind|number`.
    rank: String,
}

/// A sample, with what anybody needs to draw it again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditSampleOut {
    /// Its number within the audit.
    draw: i64,
    rule: String,
    seed: i64,
    #[schema(value_type = String)]
    from_on: Day,
    #[schema(value_type = String)]
    until_on: Day,
    /// SHA-256 of the population's lines.
    digest: String,
    /// One line for each member: kind, region or store, code or number.
    population: Vec<String>,
    stores: Vec<SampledStoreOut>,
    cases: Vec<SampledCaseOut>,
    /// What is kept of the population draws exactly this.
    reproduces: bool,
    /// The population of today is the same.
    unchanged: bool,
}

/// A finding.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditFindingOut {
    #[schema(value_type = String)]
    id: Id<FindingId>,
    #[schema(value_type = String)]
    audit: Id<AuditId>,
    number: String,
    #[schema(value_type = String)]
    severity: Severity,
    clause: String,
    #[schema(value_type = String)]
    unit: Id<of::Unit>,
    #[schema(value_type = Option<String>)]
    case: Option<Id<of::Case>>,
    seen: String,
    #[serde(rename = "state")]
    #[schema(value_type = String)]
    state: FindingState,
    #[schema(value_type = String)]
    written_at: Timestamp,
    #[schema(value_type = Option<String>)]
    owner: Option<Id<of::User>>,
    #[schema(value_type = Option<String>)]
    due_on: Option<Day>,
    cause: Option<String>,
    done: Option<String>,
    proof: Option<String>,
    verdict: Option<String>,
    /// How often an answer was not good.
    reopened: i64,
    /// The ETag.
    version: i64,
}

impl From<Finding> for AuditFindingOut {
    fn from(one: Finding) -> Self {
        Self {
            id: one.id,
            audit: one.audit,
            number: one.number,
            severity: one.severity,
            clause: one.clause,
            unit: one.unit,
            case: one.case,
            seen: one.seen,
            state: one.state,
            written_at: one.written_at,
            owner: one.owner,
            due_on: one.due_on,
            cause: one.cause,
            done: one.done,
            proof: one.proof,
            verdict: one.verdict,
            reopened: one.reopened,
            version: one.version,
        }
    }
}

/// One page of findings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditFindingListOut {
    items: Vec<AuditFindingOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A finding to write.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct AuditFindingIn {
    #[schema(value_type = String)]
    severity: Severity,
    clause: String,
    /// Id of a unit; the company when left out.
    unit: Option<String>,
    /// Number of a sampled case.
    case: Option<String>,
    seen: String,
}

/// What a command needs: `assign` owner and due_on, `answer` cause, done and proof, `judge` good (`yes` or `no`) and verdict.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct AuditFindingCommandIn {
    owner: Option<String>,
    due_on: Option<String>,
    cause: Option<String>,
    done: Option<String>,
    proof: Option<String>,
    good: Option<String>,
    verdict: Option<String>,
}

/// What is no id names nothing.
fn read_id<T>(text: &str) -> Result<Id<T>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

/// Audits, the latest days first.
#[utoipa::path(get, path = "/api/v1/audits", tag = "audits",
    params(
        ("show" = Option<String>, Query, description = "live (default), planned, running, closed, cancelled, all"),
        ("kind" = Option<String>, Query, description = "external, internal, mystery"),
        ("q" = Option<String>, Query, description = "In number, title or body"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = AuditListOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<AuditListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::list::filter(&mut form);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = Audit::read_cursor(form.raw("after"));
    if form.has("after") && after.is_none() {
        form.reject("after", "unknown");
    }
    form.check()?;
    let page = app::list(&ctx, filter, after, limit).await?;
    Ok(Json(AuditListOut { items: page.rows.into_iter().map(AuditOut::from).collect(), next: page.next }))
}

async fn answered(ctx: &Ctx, id: Id<AuditId>, status: StatusCode) -> Result<Response, Failure> {
    let whole = app::whole(ctx, id).await?;
    let version = etag(whole.audit.version);
    let out = AuditWholeOut {
        units: whole.units.iter().map(ToString::to_string).collect(),
        sample: whole.draw.map(|draw| draw.seq),
        findings: whole.findings.into_iter().map(AuditFindingOut::from).collect(),
        audit: whole.audit.into(),
    };
    Ok((status, [version], Json(out)).into_response())
}

/// Plans an audit.
#[utoipa::path(post, path = "/api/v1/audits", tag = "audits", request_body = AuditIn,
    responses((status = 201, body = AuditWholeOut)))]
pub(crate) async fn create(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let draft = crate::pages::edit::read(&mut form);
    form.check()?;
    let audit = app::create(&ctx, draft).await?;
    answered(&ctx, audit.id, StatusCode::CREATED).await
}

/// One audit.
#[utoipa::path(get, path = "/api/v1/audits/{id}", tag = "audits",
    responses((status = 200, body = AuditWholeOut), (status = 404, description = "Unknown, or not let in")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?, StatusCode::OK).await
}

async fn sampled(ctx: &Ctx, id: Id<AuditId>, seq: Option<i64>, status: StatusCode) -> Result<Response, Failure> {
    let (_, _, drawn) = app::drawn(ctx, id, seq).await?;
    let again = app::again(ctx, &drawn).await?;
    let Drawn { draw, stores, cases } = drawn;
    let out = AuditSampleOut {
        draw: draw.seq,
        rule: draw.rule,
        seed: draw.seed,
        from_on: draw.from_on,
        until_on: draw.until_on,
        digest: draw.digest,
        population: draw.population.lines().map(str::to_owned).collect(),
        stores: stores
            .into_iter()
            .map(|one| SampledStoreOut { unit: one.unit, code: one.code, region: one.region, rank: one.rank })
            .collect(),
        cases: cases
            .into_iter()
            .map(|one| SampledCaseOut {
                case: one.case,
                unit: one.unit,
                kind: one.kind,
                number: one.number,
                rank: one.rank,
            })
            .collect(),
        reproduces: again.kept,
        unchanged: again.same,
    };
    Ok((status, Json(out)).into_response())
}

/// Draws a sample; it is kept beside those before.
#[utoipa::path(post, path = "/api/v1/audits/{id}/draws", tag = "audits", request_body = AuditDrawIn,
    responses((status = 201, body = AuditSampleOut), (status = 409, description = "Over, or nothing to draw from")))]
pub(crate) async fn draw(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let asked = crate::pages::sample::read(&mut form);
    form.check()?;
    let seq = app::draw(&ctx, id, asked).await?;
    sampled(&ctx, id, Some(seq), StatusCode::CREATED).await
}

/// The last sample, or the one with the number `draw`, drawn once more.
#[utoipa::path(get, path = "/api/v1/audits/{id}/sample", tag = "audits",
    params(("draw" = Option<i64>, Query, description = "Its number")),
    responses((status = 200, body = AuditSampleOut), (status = 404, description = "None, or not let in")))]
pub(crate) async fn sample(ctx: Ctx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let mut form = Form::from_query(&query.unwrap_or_default());
    let seq = form.number_or_none("draw", 1..=1_000_000);
    form.check()?;
    sampled(&ctx, id, seq, StatusCode::OK).await
}

/// Writes a finding.
#[utoipa::path(post, path = "/api/v1/audits/{id}/findings", tag = "audits", request_body = AuditFindingIn,
    responses((status = 201, body = AuditFindingOut), (status = 409, description = "The audit does not run")))]
pub(crate) async fn write(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let draft = crate::pages::finding::read(&mut form);
    form.check()?;
    let one = app::write(&ctx, id, draft).await?;
    let version = etag(one.version);
    Ok((StatusCode::CREATED, [version], Json(AuditFindingOut::from(one))).into_response())
}

/// Findings that the caller may see, newest first.
#[utoipa::path(get, path = "/api/v1/findings", tag = "audits",
    params(
        ("show" = Option<String>, Query, description = "open (default: not closed), mine, late, answered, closed, all"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = AuditFindingListOut)))]
pub(crate) async fn findings(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<AuditFindingListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::finding::filter(&ctx, &form);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let page = app::findings(&ctx, filter, after.and_then(Result::ok), limit).await?;
    let items = page.rows.into_iter().map(AuditFindingOut::from).collect();
    Ok(Json(AuditFindingListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

async fn told(ctx: &Ctx, id: Id<FindingId>) -> Result<Response, Failure> {
    let one = app::finding(ctx, id).await?.finding;
    Ok(([etag(one.version)], Json(AuditFindingOut::from(one))).into_response())
}

/// One finding.
#[utoipa::path(get, path = "/api/v1/findings/{id}", tag = "audits",
    responses((status = 200, body = AuditFindingOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn finding(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    told(&ctx, read_id(&id)?).await
}

/// Brings a finding on: `assign`, `answer`, `judge`.
#[utoipa::path(post, path = "/api/v1/findings/{id}/{command}", tag = "audits", request_body = AuditFindingCommandIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = AuditFindingOut), (status = 409, description = "Not now, or not by the caller")))]
pub(crate) async fn command(
    ctx: Ctx,
    Path((id, command)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    app::finding(&ctx, id).await?;
    if !matches!(command.as_str(), "assign" | "answer" | "judge") {
        return Err(Fault::not_found().into());
    }
    let IfMatch(version) = version?;
    match command.as_str() {
        "assign" => {
            let (owner, due_on) = (form.id("owner"), form.day("due_on"));
            form.check()?;
            app::assign(&ctx, id, version, owner, due_on).await?;
        }
        "answer" => {
            let given = Answer {
                cause: form.text("cause", TEXT),
                done: form.text("done", TEXT),
                proof: form.text_or_none("proof", TEXT),
                files: Vec::new(),
            };
            form.check()?;
            app::answer(&ctx, id, version, given).await?;
        }
        _ => {
            let good = form.choice("good", |word| matches!(word, "yes" | "no").then(|| word == "yes"));
            let said = form.text_or_none("verdict", TEXT);
            form.check()?;
            app::judge(&ctx, id, version, form.need(good)?, said).await?;
        }
    }
    told(&ctx, id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, create, show, draw, sample, write, findings, finding, command),
    components(schemas(
        AuditOut,
        AuditListOut,
        AuditWholeOut,
        AuditIn,
        AuditDrawIn,
        AuditSampleOut,
        SampledStoreOut,
        SampledCaseOut,
        AuditFindingOut,
        AuditFindingListOut,
        AuditFindingIn,
        AuditFindingCommandIn
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
