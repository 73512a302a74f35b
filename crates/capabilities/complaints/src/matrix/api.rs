//! The matrix for programs.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, etag};

use super::app;
use super::domain::Part;
use super::store::Matrix;
use crate::domain::Topic;

/// Who has a part.
#[derive(Debug, Serialize, ToSchema)]
struct MatrixLineOut {
    part: Part,
    /// `role:clerk` or `unit:ID`.
    who: String,
}

/// Who does what for complaints of a topic.
#[derive(Debug, Serialize, ToSchema)]
struct MatrixOut {
    topic: Topic,
    /// The ETag.
    version: i64,
    reason: String,
    #[schema(value_type = Option<String>)]
    changed_by: Option<Id<of::User>>,
    #[schema(value_type = String)]
    changed_at: Timestamp,
    lines: Vec<MatrixLineOut>,
}

impl From<Matrix> for MatrixOut {
    fn from(matrix: Matrix) -> Self {
        let lines = matrix.lines.into_iter().map(|line| MatrixLineOut { part: line.part, who: line.who.word() });
        Self {
            topic: matrix.topic,
            version: matrix.version,
            reason: matrix.reason,
            changed_by: matrix.by,
            changed_at: matrix.at,
            lines: lines.collect(),
        }
    }
}

/// Every topic.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatrixListOut {
    items: Vec<MatrixOut>,
}

/// The next version of a topic; each who is `role:CODE` or `unit:ID`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that a form reads")]
struct MatrixIn {
    responsible: Vec<String>,
    /// Exactly one.
    accountable: Vec<String>,
    consulted: Vec<String>,
    informed: Vec<String>,
    /// Why.
    reason: String,
}

/// One part of one complaint.
#[derive(Debug, Serialize, ToSchema)]
struct SeatOut {
    part: Part,
    who: String,
    #[schema(value_type = Vec<String>)]
    people: Vec<Id<of::User>>,
    tasks: Vec<SeatTaskOut>,
    /// Whom a task can be given to: `unit:ID` or `user:ID`.
    propose: Option<String>,
}

/// What a part was asked for.
#[derive(Debug, Serialize, ToSchema)]
struct SeatTaskOut {
    id: String,
    title: String,
    #[schema(value_type = String)]
    due_at: Timestamp,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    /// Later than it was due, over or not.
    late: bool,
}

/// Who does what for one complaint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeatsOut {
    items: Vec<SeatOut>,
}

/// Who does what, by what complaints are about.
#[utoipa::path(get, path = "/api/v1/complaints/matrix", tag = "complaints", responses((status = 200, body = MatrixListOut)))]
pub(crate) async fn list(ctx: Ctx) -> Result<Json<MatrixListOut>, Failure> {
    Ok(Json(MatrixListOut { items: app::list(&ctx).await?.into_iter().map(MatrixOut::from).collect() }))
}

/// Makes the next version of a topic; it holds for complaints that are taken on from now on.
#[utoipa::path(patch, path = "/api/v1/complaints/matrix/{topic}", tag = "complaints", request_body = MatrixIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = MatrixOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(topic): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let topic = Topic::parse(&topic).ok_or_else(Fault::not_found)?;
    let IfMatch(version) = version?;
    let new = super::pages::read(&mut form, version)?;
    app::change(&ctx, topic, new).await?;
    let now = app::history(&ctx, topic).await?.into_iter().next().ok_or_else(Fault::not_found)?;
    Ok(([etag(now.version)], Json(MatrixOut::from(now))).into_response())
}

/// Who does what for one complaint, and how late they are.
#[utoipa::path(get, path = "/api/v1/complaints/{id}/matrix", tag = "complaints",
    responses((status = 200, body = SeatsOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn of_complaint(ctx: Ctx, Path(id): Path<String>) -> Result<Json<SeatsOut>, Failure> {
    let id: Id<of::Case> = id.parse().ok().ok_or_else(Fault::not_found)?;
    let detail = crate::app::detail(&ctx, id).await?;
    let now = ctx.now();
    let seats = app::at_work(&ctx, &detail.complaint, &detail.tasks).await?;
    let items = seats.into_iter().map(|seat| SeatOut {
        part: seat.part,
        who: seat.who.word(),
        people: seat.people,
        propose: seat.to.map(|to| to.word()),
        tasks: seat
            .tasks
            .into_iter()
            .map(|task| SeatTaskOut {
                id: task.id.to_string(),
                late: task.ended_at.unwrap_or(now) > task.due_at,
                title: task.title,
                due_at: task.due_at,
                ended_at: task.ended_at,
            })
            .collect(),
    });
    Ok(Json(SeatsOut { items: items.collect() }))
}

#[derive(OpenApi)]
#[openapi(
    paths(list, change, of_complaint),
    components(schemas(MatrixListOut, MatrixOut, MatrixLineOut, MatrixIn, SeatsOut, SeatOut, SeatTaskOut))
)]
pub(crate) struct MatrixDescription;
