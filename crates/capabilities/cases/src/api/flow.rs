//! Tasks, checks, follow-ups, links and taking back.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FieldErrors, Id, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, IfMatch, Sent, etag};

use super::body::{Person, Standing, choice, code, id, person};
use super::handlers::{cursor, read_id};
use crate::app::{self, NewTask, Task, TaskDetail, TaskDue, TaskId, TaskLine, TaskTo, TaskView};
use crate::domain::{CheckResult, LinkKind, TaskAct};

/// A task.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaskBody {
    /// Its id.
    id: String,
    /// Id of the case that gave it.
    case_id: String,
    /// The case's number.
    case_number: String,
    /// What the case is about.
    case_subject: String,
    /// In a few words.
    title: String,
    /// What exactly.
    body: String,
    /// open, accepted, done, returned or withdrawn.
    state: String,
    /// Code of the department or store that was asked.
    unit: Option<String>,
    /// Who has it.
    assignee: Option<Person>,
    /// Who gave it.
    given_by: Option<Person>,
    /// When it was given.
    given_at: String,
    /// When it is due.
    due_at: String,
    /// What came of it, or why it was returned or withdrawn.
    answer: Option<String>,
    /// When somebody took it on.
    accepted_at: Option<String>,
    /// When it was over.
    ended_at: Option<String>,
    /// Counts its changes; also the ETag, and what `If-Match` takes.
    version: i64,
    /// What the caller may do now; left out of lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    acts: Vec<TaskAct>,
}

impl TaskBody {
    fn of(ctx: &Ctx, task: Task, number: String, subject: String, acts: Vec<TaskAct>) -> Self {
        let text = |at: Option<kernel::Timestamp>| at.map(|at| at.to_string());
        Self {
            id: task.id.to_string(),
            case_id: task.case.to_string(),
            case_number: number,
            case_subject: subject,
            title: task.title,
            body: task.body,
            state: task.state.to_string(),
            unit: task.unit.and_then(|unit| code(ctx, unit)),
            assignee: task.assignee.map(|user| person(ctx, user)),
            given_by: task.given_by.map(|user| person(ctx, user)),
            given_at: task.given_at.to_string(),
            due_at: task.due_at.to_string(),
            answer: task.answer,
            accepted_at: text(task.accepted_at),
            ended_at: text(task.ended_at),
            version: task.version,
            acts,
        }
    }
}

/// A page of tasks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaskLines {
    /// The tasks.
    items: Vec<TaskBody>,
    /// Give it as `after` to get the next page.
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TasksWanted {
    view: Option<String>,
    over: Option<String>,
    case_id: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// Tasks by deadline, or those that are over with the latest first.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks",
    params(("view" = Option<String>, Query, description = "`mine` (default), `team`, `given` or `all`"),
        ("over" = Option<bool>, Query, description = "`true` for those that are over"),
        ("case_id" = Option<String>, Query, description = "Id of a case"),
        ("after" = Option<String>, Query, description = "Cursor from `next`"),
        ("limit" = Option<u16>, Query, description = "Rows, 1 to 1000; 50 when left out")),
    responses((status = 200, body = TaskLines)))]
pub(super) async fn tasks(ctx: Ctx, Query(wanted): Query<TasksWanted>) -> Result<Json<TaskLines>, Failure> {
    let limit = web::rows(wanted.limit.as_deref(), 50, 1_000)?;
    let mut errors = FieldErrors::default();
    let view = choice(&mut errors, "view", wanted.view.as_deref(), TaskView::parse, Some(TaskView::Mine));
    let over = choice(&mut errors, "over", wanted.over.as_deref(), |typed| typed.parse().ok(), Some(false));
    let case = wanted.case_id.as_deref().and_then(|typed| id(&mut errors, "case_id", typed));
    let after: Option<Cursor> = cursor(&mut errors, wanted.after.as_deref());
    errors.check()?;
    let (view, over) = (view.unwrap_or(TaskView::Mine), over.unwrap_or_default());
    let page = app::tasks(&ctx, view, over, case, after, limit).await?;
    let line = |TaskLine { task, number, subject }| TaskBody::of(&ctx, task, number, subject, Vec::new());
    Ok(Json(TaskLines {
        items: page.rows.into_iter().map(line).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// A task to give.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewTaskBody {
    /// Id of the case.
    case_id: String,
    /// In a few words.
    title: String,
    /// What exactly.
    body: String,
    /// `unit:ID` for a department or store, `user:ID` for a person.
    to: String,
    /// `4h` and `2d` in working time of whoever is asked, or an instant in RFC 3339.
    due: String,
}

/// A task after something was done to it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaskStanding {
    /// Its id.
    id: String,
    /// Id of the case that gave it.
    case_id: String,
    /// Where it stands.
    state: String,
    /// When it is due.
    due_at: String,
    /// Counts its changes.
    version: i64,
}

impl TaskStanding {
    fn of(changed: &app::TaskChanged) -> Self {
        Self {
            id: changed.id.to_string(),
            case_id: changed.case.to_string(),
            state: changed.state.to_string(),
            due_at: changed.due_at.to_string(),
            version: changed.version,
        }
    }
}

/// Gives a task on a case; the case cannot be resolved while it is open.
#[utoipa::path(post, path = "/api/v1/tasks", tag = "tasks", request_body = NewTaskBody,
    responses((status = 201, body = TaskStanding), (status = 404, description = "The case is unknown or out of reach"),
        (status = 409, description = "The case is over or resolved"), (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn give_task(ctx: Ctx, Sent(body): Sent<NewTaskBody>) -> Result<Response, Failure> {
    let mut errors = FieldErrors::default();
    let case: Option<Id<of::Case>> = id(&mut errors, "case_id", &body.case_id);
    let asked = choice(&mut errors, "to", Some(&body.to), TaskTo::parse, None);
    let due = choice(&mut errors, "due", Some(&body.due), TaskDue::parse, None);
    errors.check()?;
    let (Some(case), Some(asked), Some(due)) = (case, asked, due) else {
        return Err(Fault::field("to", "choose").into());
    };
    let new = NewTask { title: body.title, body: body.body, asked, due };
    let given = app::give_task(&ctx, case, new).await?;
    let location = (axum::http::header::LOCATION, format!("/api/v1/tasks/{}", given.id));
    Ok((StatusCode::CREATED, [location], [etag(given.version)], Json(TaskStanding::of(&given))).into_response())
}

fn read_task(text: &str) -> Result<Id<TaskId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

/// One task.
#[utoipa::path(get, path = "/api/v1/tasks/{id}", tag = "tasks",
    responses((status = 200, body = TaskBody), (status = 404, description = "Unknown or out of reach")))]
pub(super) async fn task(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let TaskDetail { task, case, acts, .. } = app::task_detail(&ctx, read_task(&id)?).await?;
    let version = etag(task.version);
    Ok(([version], Json(TaskBody::of(&ctx, task, case.number, case.subject, acts))).into_response())
}

/// The words of an act on a task.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct TaskWords {
    /// finish: what came of it. return, withdraw: why.
    text: String,
    /// hand_over: id of the person.
    to: Option<String>,
}

/// Does something to a task: accept, hand_over, finish, return or withdraw. Needs `If-Match` with the version that the caller has seen.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/{act}", tag = "tasks", request_body = TaskWords,
    params(("act" = TaskAct, Path, description = "The act"), ("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = TaskStanding), (status = 409, description = "The task's state forbids it"),
        (status = 412, description = "Changed by somebody else"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn task_act(
    ctx: Ctx,
    Path((id, act)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    Sent(body): Sent<TaskWords>,
) -> Result<Response, Failure> {
    let id = read_task(&id)?;
    let act = TaskAct::parse(&act).ok_or_else(Fault::not_found)?;
    let IfMatch(version) = version?;
    let command = app::task_input(act, &body.text, body.to.as_deref())?;
    let changed = app::task_command(&ctx, id, version, command).await?;
    Ok(([etag(changed.version)], Json(TaskStanding::of(&changed))).into_response())
}

/// Takes the last act on a case back, within the time that the company gives and while nothing has happened since.
#[utoipa::path(post, path = "/api/v1/cases/{id}/take-back", tag = "cases",
    params(("If-Match" = String, Header, description = "`\"v7\"`")),
    responses((status = 200, body = Standing), (status = 409, description = "It can no longer be taken back"),
        (status = 412, description = "Changed by somebody else"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn take_back(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let IfMatch(version) = version?;
    let changed = app::take_back(&ctx, id, version).await?;
    let version = etag(changed.version);
    Ok(([version], Json(Standing::changed(changed))).into_response())
}

/// A case to go on with another.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewFollowUp {
    /// In a few words; as the first case when left out.
    subject: String,
    /// What the customer said.
    body: String,
}

/// Opens a case that goes on with one that is over: customer and product are carried over, both are linked.
#[utoipa::path(post, path = "/api/v1/cases/{id}/follow-up", tag = "cases", request_body = NewFollowUp,
    responses((status = 201, body = Standing), (status = 409, description = "The case is not over")))]
pub(super) async fn follow_up(
    ctx: Ctx,
    Path(id): Path<String>,
    Sent(body): Sent<NewFollowUp>,
) -> Result<Response, Failure> {
    let taken = app::follow_up(&ctx, read_id(&id)?, &body.subject, &body.body).await?;
    let location = (axum::http::header::LOCATION, format!("/api/v1/cases/{}", taken.id));
    let version = etag(taken.version);
    Ok((StatusCode::CREATED, [location], [version], Json(Standing::taken_in(taken))).into_response())
}

/// Whether a solution holds.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewCheck {
    /// worked, partly or failed.
    result: String,
    /// What was seen; needed unless it worked.
    note: String,
}

/// What a check has come to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckBody {
    /// worked, partly or failed.
    result: String,
    /// Id of the case in which a failed one goes on.
    follow_up_id: Option<String>,
    /// Its number.
    follow_up_number: Option<String>,
}

/// Says whether the solution of a closed case holds; never by the person who solved it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/check", tag = "cases", request_body = NewCheck,
    responses((status = 200, body = CheckBody), (status = 409, description = "There is nothing to check, or it is the caller's own work")))]
pub(super) async fn check(
    ctx: Ctx,
    Path(id): Path<String>,
    Sent(body): Sent<NewCheck>,
) -> Result<Json<CheckBody>, Failure> {
    let id = read_id(&id)?;
    let result = CheckResult::parse(body.result.trim()).ok_or_else(|| Fault::field("result", "choose"))?;
    let done = app::check(&ctx, id, result, &body.note).await?;
    let (follow_up_id, follow_up_number) = done.follow_up.map(|(id, number)| (id.to_string(), number)).unzip();
    Ok(Json(CheckBody { result: done.result.to_string(), follow_up_id, follow_up_number }))
}

/// A check that is due.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DueCheck {
    /// Id of the case.
    case_id: String,
    /// Its number.
    case_number: String,
    /// What it is about.
    subject: String,
    /// Whose it is.
    customer_name: String,
    /// Code of the store.
    store: Option<String>,
    /// On which day somebody looks.
    planned_on: String,
    /// Who solved it.
    solver: Option<Person>,
}

/// A page of checks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DueChecks {
    /// The oldest first.
    items: Vec<DueCheck>,
    /// Give it as `after` to get the next page.
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChecksWanted {
    after: Option<String>,
    limit: Option<String>,
}

/// Checks that are due by today and that the caller may do.
#[utoipa::path(get, path = "/api/v1/checks", tag = "cases",
    params(("after" = Option<String>, Query, description = "Cursor from `next`"),
        ("limit" = Option<u16>, Query, description = "Rows, 1 to 1000; 50 when left out")),
    responses((status = 200, body = DueChecks)))]
pub(super) async fn checks(ctx: Ctx, Query(wanted): Query<ChecksWanted>) -> Result<Json<DueChecks>, Failure> {
    let mut errors = FieldErrors::default();
    let after = cursor(&mut errors, wanted.after.as_deref());
    errors.check()?;
    let limit = web::rows(wanted.limit.as_deref(), 50, 1_000)?;
    let page = app::due_checks(&ctx, after, limit).await?;
    let items = page.rows.into_iter().map(|row| DueCheck {
        case_id: row.case.to_string(),
        case_number: row.number,
        subject: row.subject,
        customer_name: row.customer_name,
        store: code(&ctx, row.store),
        planned_on: row.planned_on.to_string(),
        solver: row.solver.map(|user| person(&ctx, user)),
    });
    Ok(Json(DueChecks { items: items.collect(), next: page.next.map(|next| next.to_string()) }))
}

/// A link between cases.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewRelation {
    /// Id of the other case.
    other_id: String,
    /// related, duplicate (of the other) or caused_by (the other).
    kind: String,
}

impl NewRelation {
    fn read(&self) -> Result<(Id<of::Case>, LinkKind), Fault> {
        let mut errors = FieldErrors::default();
        let other = id(&mut errors, "other_id", &self.other_id);
        let kind = choice(&mut errors, "kind", Some(&self.kind), LinkKind::parse, None);
        errors.check()?;
        other.zip(kind).ok_or_else(|| Fault::field("kind", "choose"))
    }
}

/// Says what a case has to do with another; both show it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/related", tag = "cases", request_body = NewRelation,
    responses((status = 204), (status = 422, description = "The other is unknown, the same, or linked so already")))]
pub(super) async fn relate(
    ctx: Ctx,
    Path(id): Path<String>,
    Sent(body): Sent<NewRelation>,
) -> Result<StatusCode, Failure> {
    let id = read_id(&id)?;
    let (other, kind) = body.read()?;
    app::relate(&ctx, id, other, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a link away again.
#[utoipa::path(post, path = "/api/v1/cases/{id}/unrelated", tag = "cases", request_body = NewRelation,
    responses((status = 204), (status = 404, description = "There is no such link")))]
pub(super) async fn unrelate(
    ctx: Ctx,
    Path(id): Path<String>,
    Sent(body): Sent<NewRelation>,
) -> Result<StatusCode, Failure> {
    let id = read_id(&id)?;
    let (other, kind) = body.read()?;
    app::unrelate(&ctx, id, other, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}
