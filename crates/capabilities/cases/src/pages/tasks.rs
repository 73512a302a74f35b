//! Tasks to departments, stores and people (协同任务).

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use identity::UnitKind;
use kernel::{Cursor, Fault, FaultKind, Id, Placed, of};
use web::{Chip, Choice, Conflict, Due, DueTime, Failure, Filled, Form, Lang, Markup, Page, Tab, View};

use super::clock::{ClockPage, Why};
use super::{directory, unit_name, wants_fragment, with_done};
use crate::app::{self, NewTask, TASK_WORK, Task, TaskDetail, TaskDue, TaskId, TaskLine, TaskTo, TaskView, VIEW, WORK};
use crate::domain::{TaskAct, TaskState};

/// Rows per page.
const ROWS: u16 = 50;
/// Longest title and text, in characters.
const TITLE: usize = 120;
const BODY: usize = 4_000;

/// A task in a list.
pub(super) struct Row {
    pub id: Id<TaskId>,
    pub title: String,
    pub number: String,
    pub subject: String,
    pub who: String,
    pub giver: String,
    pub chip: Chip,
    pub state: TaskState,
    pub due: DueTime,
    pub over: bool,
    pub icon: web::Icon,
    pub answer: Option<String>,
}

impl Row {
    pub(super) fn of(ctx: &Ctx, lang: &Lang, task: &Task, number: &str, subject: &str) -> Self {
        let directory = directory(ctx);
        let giver = task.given_by.and_then(|user| directory.user_name(user)).unwrap_or_default().to_owned();
        let over = task.state.is_over();
        let late = !over && task.due_at < lang.now;
        let icon = match task.state {
            TaskState::Done => "circle-check",
            TaskState::Returned => "arrow-back-up",
            TaskState::Withdrawn => "circle-x",
            TaskState::Open | TaskState::Accepted if late => "alert-triangle",
            TaskState::Open => "circle-dashed",
            TaskState::Accepted => "circle-dot",
        };
        Self {
            id: task.id,
            title: task.title.clone(),
            number: number.to_owned(),
            subject: subject.to_owned(),
            who: who(ctx, lang, task),
            giver,
            chip: chip(lang, task.state),
            state: task.state,
            due: due(lang, task),
            over,
            icon: web::icon(icon),
            answer: task.answer.clone(),
        }
    }
}

fn chip(lang: &Lang, state: TaskState) -> Chip {
    let (tone, icon) = match state {
        TaskState::Open => ("soon", "circle-dashed"),
        TaskState::Accepted => ("info", "circle-dot"),
        TaskState::Done => ("ok", "circle-check"),
        TaskState::Returned => ("late", "arrow-back-up"),
        TaskState::Withdrawn => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("cases-task-state", state.as_str()))
}

/// The deadline as people read it: what is left, or whether it was in time.
fn due(lang: &Lang, task: &Task) -> DueTime {
    let standing = match task.ended_at {
        Some(ended) if ended > task.due_at => Due::Missed { by: ended.since(task.due_at) },
        Some(ended) => Due::Met { took: ended.since(task.given_at) },
        None => Due::Running { from: task.given_at, at: task.due_at },
    };
    lang.due(&standing)
}

/// The department and the person.
fn who(ctx: &Ctx, lang: &Lang, task: &Task) -> String {
    let directory = directory(ctx);
    let unit = task.unit.map(|unit| unit_name(&directory, lang, unit));
    let person = task.assignee.and_then(|user| directory.user_name(user)).map(str::to_owned);
    [unit, person].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[derive(Template)]
#[template(path = "cases_tasks.html")]
struct TasksPage {
    page: Page,
    tabs: Vec<Tab>,
    view: TaskView,
    over: bool,
    may_view: bool,
    flip: String,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

/// `GET /tasks?view=&over=&after=`: mine, my department's, those I gave, all within reach; by deadline.
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let asked = Form::from_query(query.as_deref().unwrap_or_default());
    let view = TaskView::parse(asked.raw("view")).unwrap_or(TaskView::Mine);
    let over = asked.raw("over") == "true";
    let after: Option<Cursor> = asked.raw("after").parse().ok();
    let shown = app::tasks(&ctx, view, over, None, after, ROWS).await?;
    let (counts, _) = app::task_counts(&ctx).await?;
    let page = with_done(page.named("cases-task-list"), query.as_deref());
    let href =
        |view: TaskView, over: bool| format!("/tasks?view={}{}", view.as_str(), if over { "&over=true" } else { "" });
    let tabs = TaskView::ALL.into_iter().zip(counts).map(|(one, n)| {
        let text = page.t(&format!("cases-task-view-{}", one.as_str()));
        Tab::new(text, href(one, over)).count(page.capped(n, 999)).current(one == view)
    });
    Ok(View(TasksPage {
        tabs: tabs.collect(),
        view,
        over,
        may_view: ctx.actor.holds(VIEW),
        flip: href(view, !over),
        rows: shown
            .rows
            .iter()
            .map(|TaskLine { task, number, subject }| Row::of(&ctx, &page.lang, task, number, subject))
            .collect(),
        next: shown.next.map(|next| format!("{}&after={next}", href(view, over))),
        first: after.map(|_| href(view, over)),
        page,
    }))
}

#[derive(Template)]
#[template(path = "cases_task.html")]
struct TaskPage {
    page: Page,
    detail: TaskDetail,
    row: Row,
    store: String,
    given: String,
    accepted: Option<String>,
    ended: Option<String>,
    forms: Vec<ActForm>,
    people: Vec<Choice>,
    conflict: Option<Conflict>,
    refusal: Option<Markup>,
}

struct ActForm {
    act: TaskAct,
    word: String,
    icon: web::Icon,
    primary: bool,
    /// What was typed, in the form that was sent.
    form: Filled,
    sent: bool,
}

fn icon_of(act: TaskAct) -> &'static str {
    match act {
        TaskAct::Accept => "user-check",
        TaskAct::HandOver => "users",
        TaskAct::Finish => "check",
        TaskAct::Return => "arrow-back-up",
        TaskAct::Withdraw => "x",
    }
}

/// `GET /tasks/{id}`.
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let detail = app::task_detail(&ctx, Id::new(id)).await?;
    let page = with_done(page, query.as_deref());
    Ok(View(task_page(page, &ctx, detail, None)).into_response())
}

fn task_page(page: Page, ctx: &Ctx, detail: TaskDetail, sent: Option<(TaskAct, Filled)>) -> TaskPage {
    let lang = page.lang.clone();
    let task = &detail.task;
    let directory = directory(ctx);
    let name = |id: Option<Id<of::User>>| id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned();
    let line = |at: kernel::Timestamp, who: String| {
        if who.is_empty() { lang.at(at) } else { format!("{} · {who}", lang.at(at)) }
    };
    let main = if task.state == TaskState::Open { TaskAct::Accept } else { TaskAct::Finish };
    let forms = detail.acts.iter().map(|act| ActForm {
        act: *act,
        word: lang.word("cases-task-act", act.as_str()),
        icon: web::icon(icon_of(*act)),
        primary: *act == main,
        form: sent.clone().filter(|(sent, _)| sent == act).map(|(_, form)| form).unwrap_or_default(),
        sent: sent.as_ref().is_some_and(|(sent, _)| sent == act),
    });
    TaskPage {
        row: Row::of(ctx, &lang, task, &detail.case.number, &detail.case.subject),
        store: unit_name(&directory, &lang, task.case_store),
        given: line(task.given_at, name(task.given_by)),
        accepted: task.accepted_at.map(|at| line(at, name(task.assignee))),
        ended: task.ended_at.map(|at| line(at, name(task.ended_by))),
        forms: forms.collect(),
        people: people_for(ctx, task),
        conflict: None,
        refusal: None,
        page: page.titled(task.title.clone()),
        detail,
    }
}

/// Who could have `task`: people of the department or store that was asked.
fn people_for(ctx: &Ctx, task: &Task) -> Vec<Choice> {
    let directory = directory(ctx);
    let able = directory.users_of_store(task.unit.unwrap_or(task.store)).filter(|user| {
        let own = kernel::Place { owner: Some(user.id), ..task.place() };
        Some(user.id) != task.assignee && directory.actor(user.id).is_some_and(|actor| actor.may(TASK_WORK, &own))
    });
    able.map(|user| Choice::new(user.id.to_string(), &user.name)).collect()
}

/// `POST /tasks/{id}/{act}`. What was typed is never lost.
pub(crate) async fn act(
    page: Page,
    ctx: Ctx,
    Path((id, act)): Path<(i64, String)>,
    form: Form,
) -> Result<Response, Failure> {
    let (id, act) = (Id::<TaskId>::new(id), TaskAct::parse(&act).ok_or_else(Fault::not_found)?);
    if form.raw("take-state") == "theirs" {
        return Ok(Redirect::to(&format!("/tasks/{id}")).into_response());
    }
    let version = form.version("version")?;
    let given = match app::task_input(act, form.raw("text"), Some(form.raw("to"))) {
        Ok(command) => app::task_command(&ctx, id, version, command).await,
        Err(fault) => Err(fault),
    };
    let fault = match given {
        Ok(_) => {
            let back = if form.raw("back") == "case" {
                let detail = app::task_detail(&ctx, id).await?;
                format!("/cases/{}?done=task-{act}#tasks", detail.task.case)
            } else {
                format!("/tasks/{id}?done=task-{act}")
            };
            return Ok(Redirect::to(&back.replace('_', "-")).into_response());
        }
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let detail = app::task_detail(&ctx, id).await?;
    let lang = page.lang.clone();
    let (seen, state) = (form.raw("seen.state").to_owned(), detail.task.state);
    let filled = form.into_filled_with(&fault);
    let mut page = task_page(page, &ctx, detail, Some((act, filled)));
    match fault.kind() {
        FaultKind::Stale => {
            let word = |state: &str| lang.word("cases-task-state", state);
            let mine = TaskState::parse(&seen).and_then(|seen| crate::domain::task_after(seen, act).ok());
            let task = &page.detail.task;
            let newest = task.ended_by.or(task.assignee);
            let who = newest.and_then(|user| directory(&ctx).user_name(user).map(str::to_owned)).unwrap_or_default();
            let when = task.ended_at.or(task.accepted_at).map(|at| lang.at(at)).unwrap_or_default();
            let clash = web::Clash {
                field: "state".to_owned(),
                label: lang.t("cases-page-field-state"),
                before: word(&seen),
                theirs: word(state.as_str()),
                mine: mine.map(|state| word(state.as_str())).unwrap_or_default(),
            };
            let href = format!("/tasks/{id}");
            page.conflict = Some(web::conflict(&lang, &who, &when, version, task.version, &[clash], &href));
            // A task that is over has no form any more; what was typed is shown beside it.
            if !page.detail.acts.contains(&act) {
                page.refusal = Some(web::notice(&lang, &Fault::refused("cases-task-over")));
            }
        }
        FaultKind::Refused => page.refusal = Some(web::notice(&lang, &fault)),
        _ => {}
    }
    Ok((status, View(page)).into_response())
}

#[derive(Template)]
#[template(path = "cases_task_new.html")]
struct NewPage {
    page: Page,
    case_href: String,
    id: Id<of::Case>,
    number: String,
    subject: String,
    form: Filled,
    asked: Vec<Choice>,
    dues: Vec<Choice>,
    refusal: Option<Markup>,
}

/// `GET /cases/{id}/tasks/new`.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let form = Filled::new().with("due", TaskDue::Days(1).word());
    Ok(View(new_page(page, &ctx, Id::new(id), form).await?).into_response())
}

async fn new_page(page: Page, ctx: &Ctx, id: Id<of::Case>, form: Filled) -> Result<NewPage, Fault> {
    let case = app::detail(ctx, id).await?.case;
    if !ctx.actor.may(WORK, &case) {
        return Err(Fault::forbidden());
    }
    let lang = page.lang.clone();
    let mut dues: Vec<Choice> = TaskDue::USUAL
        .into_iter()
        .map(|due| {
            let text = match due {
                TaskDue::Hours(n) => lang.t1("cases-task-due-hours", "n", n),
                TaskDue::Days(n) => lang.t1("cases-task-due-days", "n", n),
                TaskDue::At(at) => lang.at(at),
            };
            Choice::new(due.word(), text)
        })
        .collect();
    dues.push(Choice::new("at", lang.t("cases-task-due-at")));
    Ok(NewPage {
        page: page.named("cases-task-new"),
        case_href: format!("/cases/{id}"),
        id,
        number: case.number.clone(),
        subject: case.subject.clone(),
        form,
        asked: asked(ctx, &lang, &case),
        dues,
        refusal: None,
    })
}

/// Departments first, each with its people; then the case's own store with its people, then the other stores of its region.
fn asked(ctx: &Ctx, lang: &Lang, case: &app::Case) -> Vec<Choice> {
    let directory = directory(ctx);
    let mut all = Vec::new();
    let mut add = |unit: &identity::Unit, with_people: bool, itself: bool| {
        let name = unit.name_in(lang.locale.as_str()).to_owned();
        if itself {
            all.push(Choice::new(TaskTo::Unit(unit.id).word(), &name));
        }
        if !with_people {
            return;
        }
        for user in directory.users_of_store(unit.id).filter(|user| user.home == unit.id) {
            if directory.actor(user.id).is_some_and(|actor| actor.holds(TASK_WORK)) {
                let text = format!("{name} · {}", user.name);
                all.push(Choice::new(TaskTo::Person(user.id).word(), text));
            }
        }
    };
    let teams: Vec<_> = directory.tree().units().filter(|unit| unit.active && unit.kind == UnitKind::Team).collect();
    for team in &teams {
        if directory.store_of(team.id).is_none_or(|store| store.id == case.store) {
            add(team, true, true);
        }
    }
    if let Some(store) = directory.unit(case.store) {
        add(store, true, false);
    }
    let region = directory.unit(case.store).and_then(|store| store.parent);
    for store in directory.stores().filter(|store| store.active && store.id != case.store && store.parent == region) {
        add(store, false, true);
    }
    all
}

/// `POST /cases/{id}/tasks/new`.
pub(crate) async fn give(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let title = form.text("title", TITLE);
    let body = form.text_or_empty("body", BODY);
    let asked = form.choice("to", TaskTo::parse);
    let due = if form.raw("due") == "at" {
        form.moment("at", &page.zone).map(TaskDue::At)
    } else {
        form.choice("due", TaskDue::parse)
    };
    let given = match (form.check(), asked, due) {
        (Ok(()), Some(asked), Some(due)) => app::give_task(&ctx, id, NewTask { title, body, asked, due }).await,
        (Ok(()), ..) => Err(Fault::field("to", "choose")),
        (Err(fault), ..) => Err(fault),
    };
    let fault = match given {
        Ok(_) => return Ok(Redirect::to(&format!("/cases/{id}?done=task-given#tasks")).into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let notice = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    let mut page = new_page(page, &ctx, id, form.into_filled_with(&fault)).await?;
    page.refusal = notice;
    Ok((status, View(page)).into_response())
}

/// `GET /tasks/{id}/clock`: why it is due when it is.
pub(crate) async fn clock(page: Page, ctx: Ctx, headers: HeaderMap, Path(id): Path<i64>) -> Result<Response, Failure> {
    let id = Id::<TaskId>::new(id);
    let explained = app::explain_task(&ctx, id).await?;
    let detail = app::task_detail(&ctx, id).await?;
    let lang = page.lang.clone();
    let why = Why::of(&ctx, &lang, &explained, None);
    if wants_fragment(&headers) {
        return Ok(View(why).into_response());
    }
    let name = lang.t("cases-task-clock");
    Ok(View(ClockPage {
        page: page.titled(name.clone()),
        back: format!("/tasks/{id}"),
        number: detail.task.title.clone(),
        subject: detail.task.title,
        name,
        why,
    })
    .into_response())
}
