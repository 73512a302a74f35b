//! Problems for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, etag};

use crate::app::{self, TEXT};
use crate::domain::State;
use crate::store::{Problem, ProblemId};

/// Rows per page when the caller does not say.
const ROWS: i64 = 50;

/// A problem.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemOut {
    #[schema(value_type = String)]
    id: Id<ProblemId>,
    number: String,
    title: String,
    body: String,
    state: State,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    #[schema(value_type = String)]
    owner: Id<of::User>,
    cause: Option<String>,
    solution: Option<String>,
    #[schema(value_type = Option<String>)]
    review_on: Option<Day>,
    #[schema(value_type = String)]
    opened_at: Timestamp,
    #[schema(value_type = Option<String>)]
    solved_at: Option<Timestamp>,
    version: i64,
}

impl From<Problem> for ProblemOut {
    fn from(one: Problem) -> Self {
        Self {
            id: one.id,
            number: one.number,
            title: one.title,
            body: one.body,
            state: one.state,
            store: one.store,
            owner: one.owner,
            cause: one.cause,
            solution: one.solution,
            review_on: one.review_on,
            opened_at: one.opened_at,
            solved_at: one.solved_at,
            version: one.version,
        }
    }
}

/// One page of problems.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemListOut {
    items: Vec<ProblemOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A problem with who helps and its cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemWholeOut {
    problem: ProblemOut,
    /// Ids of people.
    experts: Vec<String>,
    /// Ids of its cases, as far as the caller may see them.
    cases: Vec<String>,
    /// How many more there are.
    hidden: usize,
}

/// What is said of a problem. A change says everything anew.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ProblemIn {
    /// The case that is promoted; only when a problem is made.
    case: Option<String>,
    title: String,
    body: Option<String>,
    /// Id of a person; the caller when left out.
    owner: Option<String>,
    /// Ids, logins or names.
    experts: Option<Vec<String>>,
    /// 2026-11-30
    review_on: Option<String>,
    cause: Option<String>,
    solution: Option<String>,
    state: Option<State>,
}

/// A case to link.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ProblemCaseIn {
    case: String,
}

/// Something said in the timeline.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ProblemPostIn {
    post: String,
}

/// What is no id names no problem.
fn read_id(text: &str) -> Result<Id<ProblemId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<ProblemId>, status: StatusCode) -> Result<Response, Failure> {
    let detail = app::detail(ctx, id).await?;
    let version = etag(detail.problem.version);
    let whole = ProblemWholeOut {
        experts: detail.experts.iter().map(ToString::to_string).collect(),
        cases: detail.cases.iter().map(|case| case.id.to_string()).collect(),
        hidden: detail.hidden,
        problem: detail.problem.into(),
    };
    Ok((status, [version], Json(whole)).into_response())
}

/// Problems, newest first.
#[utoipa::path(get, path = "/api/v1/problems", tag = "problems",
    params(
        ("show" = Option<String>, Query, description = "open (default: not closed), mine, known_cause, solved, closed, all"),
        ("q" = Option<String>, Query, description = "In number or title"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = ProblemListOut)))]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<ProblemListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::filter(&ctx, &mut form, &lang);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let page = app::list(&ctx, filter, after.and_then(Result::ok), u16::try_from(limit).unwrap_or(u16::MAX)).await?;
    let items = page.rows.into_iter().map(ProblemOut::from).collect();
    Ok(Json(ProblemListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

/// Makes a case a problem.
#[utoipa::path(post, path = "/api/v1/problems", tag = "problems", request_body = ProblemIn,
    responses((status = 201, body = ProblemWholeOut), (status = 409, description = "The case has one already")))]
pub(crate) async fn create(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let case = form.id("case");
    let draft = crate::pages::read(&ctx, &mut form);
    form.check()?;
    let problem = app::promote(&ctx, form.need(case)?, draft).await?;
    answered(&ctx, problem.id, StatusCode::CREATED).await
}

/// One problem.
#[utoipa::path(get, path = "/api/v1/problems/{id}", tag = "problems",
    responses((status = 200, body = ProblemWholeOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?, StatusCode::OK).await
}

/// Changes a problem and where it stands.
#[utoipa::path(patch, path = "/api/v1/problems/{id}", tag = "problems", request_body = ProblemIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ProblemWholeOut), (status = 412, description = "Changed by somebody else meanwhile"),
        (status = 422, description = "No cause or solution for the state")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let draft = crate::pages::read(&ctx, &mut form);
    form.check()?;
    app::change(&ctx, id, version, draft).await?;
    answered(&ctx, id, StatusCode::OK).await
}

/// Links another case.
#[utoipa::path(post, path = "/api/v1/problems/{id}/cases", tag = "problems", request_body = ProblemCaseIn,
    responses((status = 200, body = ProblemWholeOut), (status = 409, description = "The case has one already")))]
pub(crate) async fn link(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let case = form.id("case");
    form.check()?;
    let number = app::detail(&ctx, id).await?.problem.number;
    app::link(&ctx, &number, form.need(case)?).await?;
    answered(&ctx, id, StatusCode::OK).await
}

/// Says something in the timeline; `@name` tells a person.
#[utoipa::path(post, path = "/api/v1/problems/{id}/posts", tag = "problems", request_body = ProblemPostIn,
    responses((status = 200, body = ProblemWholeOut)))]
pub(crate) async fn post(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let text = form.text("post", TEXT);
    form.check()?;
    app::post(&ctx, id, &text, Vec::new()).await?;
    answered(&ctx, id, StatusCode::OK).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, create, show, change, link, post),
    components(schemas(ProblemListOut, ProblemOut, ProblemWholeOut, ProblemIn, ProblemCaseIn, ProblemPostIn))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
