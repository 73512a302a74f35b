//! The matrix, one topic of it, and the card beside a complaint.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use cases::app::{TaskDue, TaskTo, WORK};
use cases::domain::TaskState;
use cases::store::Task;
use identity::UnitKind;
use kernel::{Fault, FaultKind, Id, of};
use web::{Choice, Due, DueTime, Failure, Filled, Form, Lang, Page, View};

use super::app::{self, Ask, EDIT, NewMatrix, Seat};
use super::domain::{Part, Who};
use super::store::{Line, Matrix};
use crate::app::Detail;
use crate::domain::Topic;
use crate::pages::{unit_name, user_name};

/// Longest reason, title and text, in characters.
const REASON: usize = 200;
const TITLE: usize = 120;
const BODY: usize = 2_000;

/// Who it is, in the reader's language.
fn named(ctx: &Ctx, lang: &Lang, who: &Who) -> String {
    match who {
        Who::Role(code) => {
            let directory = ctx.house.identity.directories().now();
            directory.role_name(code).map_or_else(|| lang.word("identity-role", code), str::to_owned)
        }
        Who::Unit(id) => unit_name(ctx, lang, Some(*id)),
    }
}

fn of_part(ctx: &Ctx, lang: &Lang, matrix: &Matrix, part: Part) -> String {
    let of_part = matrix.lines.iter().filter(|line| line.part == part);
    of_part.map(|line| named(ctx, lang, &line.who)).collect::<Vec<_>>().join(&lang.t("complaints-and"))
}

#[derive(Template)]
#[template(path = "complaints_matrix.html")]
struct ListPage {
    page: Page,
    parts: Vec<String>,
    rows: Vec<(String, String, Vec<String>)>,
    may_edit: bool,
}

/// `GET /complaints/matrix`
pub(crate) async fn list(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let all = app::list(&ctx).await?;
    let lang = page.lang.clone();
    let row = |matrix: &Matrix| {
        let cells = Part::ALL.iter().map(|part| of_part(&ctx, &lang, matrix, *part)).collect();
        (lang.word("complaints-topic", matrix.topic.as_str()), format!("/complaints/matrix/{}", matrix.topic), cells)
    };
    Ok(View(ListPage {
        parts: Part::ALL.iter().map(|part| lang.word("complaints-part", part.as_str())).collect(),
        rows: all.iter().map(row).collect(),
        may_edit: ctx.actor.holds(EDIT),
        page: page.named("complaints-matrix-title"),
    }))
}

#[derive(Template)]
#[template(path = "complaints_matrix_topic.html")]
struct TopicPage {
    page: Page,
    form: Filled,
    action: String,
    version: i64,
    stale: bool,
    may_edit: bool,
    /// Those of several, and the one who answers for it.
    groups: Vec<(&'static str, Vec<Choice>)>,
    single: Vec<Choice>,
    history: Vec<Version>,
}

struct Version {
    n: i64,
    who: String,
    when: String,
    reason: String,
    says: Vec<(String, String)>,
}

fn choices(ctx: &Ctx, lang: &Lang) -> Vec<Choice> {
    let directory = ctx.house.identity.directories().now();
    let roles = directory.roles().map(|role| Who::Role(role.code.clone()));
    let mut units: Vec<_> = directory.tree().units().filter(|unit| unit.kind == UnitKind::Team).collect();
    units.sort_by_key(|unit| unit.id);
    let units = units.into_iter().map(|unit| Who::Unit(unit.id));
    roles.chain(units).map(|who| Choice::new(who.word(), named(ctx, lang, &who))).collect()
}

async fn render(page: Page, ctx: &Ctx, topic: Topic, form: Option<Filled>, stale: bool) -> Result<TopicPage, Fault> {
    let history = app::history(ctx, topic).await?;
    let now = history.first().ok_or_else(Fault::not_found)?;
    let form = form.unwrap_or_else(|| {
        now.lines.iter().fold(Filled::new(), |form, line| form.with(line.part.as_str(), line.who.word()))
    });
    let lang = page.lang.clone();
    let all = choices(ctx, &lang);
    let version = |one: &Matrix| Version {
        n: one.version,
        who: one.by.map_or_else(|| lang.t("complaints-matrix-shipped"), |by| user_name(ctx, Some(by))),
        when: if one.by.is_some() { lang.at(one.at) } else { String::new() },
        reason: one.reason.clone(),
        says: Part::ALL
            .iter()
            .map(|part| (lang.word("complaints-part", part.as_str()), of_part(ctx, &lang, one, *part)))
            .filter(|(_, who)| !who.is_empty())
            .collect(),
    };
    let several = [Part::Responsible, Part::Consulted, Part::Informed];
    Ok(TopicPage {
        action: format!("/complaints/matrix/{topic}"),
        version: now.version,
        history: history.iter().map(version).collect(),
        groups: several.into_iter().map(|part| (part.as_str(), all.clone())).collect(),
        single: all,
        may_edit: ctx.actor.holds(EDIT),
        page: page.titled(lang.word("complaints-topic", topic.as_str())),
        form,
        stale,
    })
}

fn topic_of(word: &str) -> Result<Topic, Fault> {
    Topic::parse(word).ok_or_else(Fault::not_found)
}

/// `GET /complaints/matrix/{topic}`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(topic): Path<String>) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page, &ctx, topic_of(&topic)?, None, false).await?))
}

/// What was typed, of a page or of the API; the version apart.
pub(super) fn read(form: &mut Form, version: i64) -> Result<NewMatrix, Fault> {
    let mut lines = Vec::new();
    for part in Part::ALL.iter().copied() {
        let typed: Vec<Option<Who>> = form.all(part.as_str()).filter(|word| !word.is_empty()).map(Who::parse).collect();
        if typed.iter().any(Option::is_none) {
            form.reject(part.as_str(), "unknown");
        }
        lines.extend(typed.into_iter().flatten().map(|who| Line { part, who }));
    }
    let reason = form.text("reason", REASON);
    form.check()?;
    Ok(NewMatrix { version, lines, reason })
}

/// `POST /complaints/matrix/{topic}`
pub(crate) async fn save(page: Page, ctx: Ctx, Path(topic): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let topic = topic_of(&topic)?;
    let version = form.version("version")?;
    let saved = match read(&mut form, version) {
        Ok(new) => app::change(&ctx, topic, new).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = saved else { return Ok(Redirect::to("/complaints/matrix").into_response()) };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let stale = fault.kind() == FaultKind::Stale;
    let shown = render(page, &ctx, topic, Some(form.into_filled_with(&fault)), stale).await?;
    Ok((status, View(shown)).into_response())
}

/// Who does what for one complaint, how late they are, and whom to ask.
#[derive(Template)]
#[template(path = "complaints_matrix_card.html")]
pub(crate) struct Card {
    page: Lang,
    id: Id<of::Case>,
    topic: String,
    seats: Vec<Row>,
    late: usize,
    /// Tasks that can be given at once.
    proposed: Vec<(String, String)>,
    title: String,
    due: String,
    dues: Vec<Choice>,
}
impl HtmlSafe for Card {}

struct Row {
    part: String,
    who: String,
    people: String,
    tasks: Vec<(String, DueTime)>,
}

/// The task's deadline as it stands: running, or kept or not; nothing once it was given back or withdrawn.
pub(crate) fn due_of(lang: &Lang, task: &Task) -> Option<DueTime> {
    match (task.state, task.ended_at) {
        (TaskState::Returned | TaskState::Withdrawn, _) => None,
        (_, Some(ended)) if ended > task.due_at => Some(lang.due(&Due::Missed { by: ended.since(task.due_at) })),
        (_, Some(ended)) => Some(lang.due(&Due::Met { took: ended.since(task.given_at) })),
        (_, None) => Some(lang.due(&Due::Running { from: task.given_at, at: task.due_at })),
    }
}

/// Most names of one seat that are shown.
const NAMES: usize = 3;

/// The card beside `detail`; nothing before the complaint was taken on.
pub(crate) async fn card(ctx: &Ctx, lang: &Lang, detail: &Detail) -> Result<Card, Fault> {
    let one = &detail.complaint;
    let seats = app::at_work(ctx, one, &detail.tasks).await?;
    let names = |seat: &Seat| {
        let shown: Vec<String> = seat.people.iter().take(NAMES).map(|user| user_name(ctx, Some(*user))).collect();
        let more = seat.people.len().saturating_sub(NAMES);
        let shown = shown.join(&lang.t("complaints-and"));
        if more > 0 { lang.t2("complaints-matrix-more", "names", shown.as_str(), "n", more) } else { shown }
    };
    let is_late = |task: &Task| task.ended_at.unwrap_or(lang.now) > task.due_at && task.state != TaskState::Withdrawn;
    let asks = detail.can_ask() && ctx.actor.may(WORK, &detail.case);
    let proposed = seats.iter().filter(|_| asks).filter_map(|seat| {
        let to = seat.to?;
        let who = match to {
            TaskTo::Unit(_) => named(ctx, lang, &seat.who),
            TaskTo::Person(user) => {
                let name = user_name(ctx, Some(user));
                lang.t2("complaints-matrix-person", "name", name.as_str(), "role", named(ctx, lang, &seat.who).as_str())
            }
        };
        Some((to.word(), who))
    });
    Ok(Card {
        id: one.case,
        topic: one.topic.map(|topic| lang.word("complaints-topic", topic.as_str())).unwrap_or_default(),
        proposed: proposed.collect(),
        late: seats.iter().flat_map(|seat| &seat.tasks).filter(|task| is_late(task)).count(),
        title: lang
            .t1("complaints-matrix-ask-title", "subject", detail.case.subject.as_str())
            .chars()
            .take(TITLE)
            .collect(),
        due: Ask::usual(one.severity).word(),
        dues: TaskDue::USUAL
            .iter()
            .filter_map(|due| {
                let text = match due {
                    TaskDue::Hours(n) => lang.t1("cases-task-due-hours", "n", *n),
                    TaskDue::Days(n) => lang.t1("cases-task-due-days", "n", *n),
                    TaskDue::At(_) => return None,
                };
                Some(Choice::new(due.word(), text))
            })
            .collect(),
        seats: seats
            .iter()
            .map(|seat| Row {
                part: lang.word("complaints-part", seat.part.as_str()),
                who: named(ctx, lang, &seat.who),
                people: names(seat),
                tasks: seat
                    .tasks
                    .iter()
                    .filter_map(|task| Some((format!("/tasks/{}", task.id), due_of(lang, task)?)))
                    .collect(),
            })
            .collect(),
        page: lang.clone(),
    })
}

/// What was typed, of the card or of the API.
pub(super) fn read_ask(form: &mut Form) -> Result<Ask, Fault> {
    let to: Vec<Option<TaskTo>> = form.all("to").filter(|word| !word.is_empty()).map(TaskTo::parse).collect();
    if to.iter().any(Option::is_none) {
        form.reject("to", "unknown");
    }
    let title = form.text("title", TITLE);
    let body = form.text_or_empty("body", BODY);
    let due = form.choice("due", TaskDue::parse);
    form.check()?;
    Ok(Ask { to: to.into_iter().flatten().collect(), title, body, due: form.need(due)? })
}

/// `POST /complaints/{id}/matrix`: the proposed tasks are given.
pub(crate) async fn give(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let wanted = read_ask(&mut form)?;
    app::ask(&ctx, Id::new(id), wanted).await?;
    Ok(Redirect::to(&format!("/complaints/{id}#tasks")).into_response())
}
