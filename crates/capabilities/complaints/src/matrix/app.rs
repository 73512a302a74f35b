use std::collections::BTreeSet;

use capability::{Ctx, Event, PermissionDef, Work};
use cases::app::{NewTask, TaskDue, TaskTo};
use cases::store::Task;
use futures_util::future::BoxFuture;
use identity::{Directory, UnitKind, User};
use kernel::{Fault, FieldErrors, Id, Permission, Place, Placed, RecordRef, Scope, of};
use notices::Notice;

use super::domain::{Part, Who};
use super::store::{self, Line, Matrix};
use crate::app::VIEW;
use crate::domain::{Severity, Topic};
use crate::store::Complaint;

/// Change who does what.
pub const EDIT: Permission = Permission("complaints.matrix");

/// With the roles that hold it by default.
pub const PERMISSION: PermissionDef =
    PermissionDef { permission: EDIT, defaults: &[("headquarters_quality", Scope::Company)] };

/// The word for a topic's lines in the journal.
const RECORD: &str = "complaint_matrix";
/// Versions that are shown.
const SHOWN: i64 = 20;
/// Most lines of one part.
const MOST: usize = 12;

/// What a change says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMatrix {
    /// The version that it is based on.
    pub version: i64,
    /// All lines.
    pub lines: Vec<Line>,
    /// Why.
    pub reason: String,
}

/// Every topic as it is now, in the order of topics.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx) -> Result<Vec<Matrix>, Fault> {
    let mut all = ctx.read((), |tx, ()| Box::pin(async move { Ok(store::newest(tx).await?) })).await?;
    all.sort_by_key(|matrix| matrix.topic);
    Ok(all)
}

/// The versions of `topic`, newest first.
///
/// # Errors
/// What the database says.
pub async fn history(ctx: &Ctx, topic: Topic) -> Result<Vec<Matrix>, Fault> {
    ctx.read(topic, |tx, topic| Box::pin(async move { Ok(store::versions(tx, *topic, SHOWN).await?) })).await
}

/// Makes the next version of `topic`. It holds for complaints that are taken on from now on.
///
/// # Errors
/// `invalid` with the fields; `stale`.
pub async fn change(ctx: &Ctx, topic: Topic, new: NewMatrix) -> Result<i64, Fault> {
    let directory = ctx.house.identity.directories().now();
    let mut errors = FieldErrors::default();
    for part in Part::ALL.iter().copied() {
        let of_part: Vec<&Line> = new.lines.iter().filter(|line| line.part == part).collect();
        let known = |line: &&Line| match &line.who {
            Who::Role(code) => directory.role(code).is_some(),
            Who::Unit(id) => directory.unit(*id).is_some(),
        };
        if !of_part.iter().all(known) {
            errors.add(part.as_str(), "unknown");
        } else if matches!(part, Part::Responsible | Part::Accountable) && of_part.is_empty() {
            errors.add(part.as_str(), "choose");
        } else if of_part.len() > MOST || (part == Part::Accountable && of_part.len() > 1) {
            errors.add(part.as_str(), "complaints-matrix-many");
        }
    }
    if new.reason.trim().is_empty() {
        errors.add("reason", "required");
    }
    errors.check()?;
    let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    ctx.write((topic, new, company), |work, (topic, new, company)| {
        Box::pin(async move {
            let before = store::versions(work.tx, *topic, 1).await?.into_iter().next();
            let version = before.as_ref().map_or(0, |before| before.version);
            if version != new.version {
                return Err(Fault::stale(version));
            }
            if before.as_ref().is_some_and(|before| before.lines == new.lines) {
                return Ok(work.unchanged(version));
            }
            let after = Matrix {
                topic: *topic,
                version: version + 1,
                reason: new.reason.clone(),
                by: work.ctx.actor.user,
                at: work.now,
                lines: new.lines.clone(),
            };
            if !store::insert(work.tx, &after).await? {
                return Err(Fault::stale(after.version));
            }
            let nth = Topic::ALL.iter().position(|one| one == topic).unwrap_or_default();
            let record = RecordRef::new(RECORD, Id::<Matrix>::new(i64::try_from(nth).unwrap_or_default() + 1));
            let place = Place { store: *company, team: None, owner: None };
            let directory = work.ctx.house.identity.directories().now();
            let mut event = Event::new(record, "complaint_matrix.changed", place).change(
                "topic",
                Some(topic.to_string()),
                Some(topic.to_string()),
            );
            for part in Part::ALL.iter().copied() {
                let words = |matrix: &Matrix| {
                    let of_part = matrix.lines.iter().filter(|line| line.part == part);
                    of_part.map(|line| words(&directory, &line.who)).collect::<Vec<_>>().join(", ")
                };
                event = event.change(part.as_str(), before.as_ref().map(words), Some(words(&after)));
            }
            let event = event.change("reason", None, Some(new.reason.clone()));
            Ok(work.record(event).await?.with(after.version))
        })
    })
    .await
}

/// Who it is, as the journal says it.
fn words(directory: &Directory, who: &Who) -> String {
    match who {
        Who::Role(code) => directory.role_name(code).unwrap_or(code).to_owned(),
        Who::Unit(id) => directory.unit(*id).map_or_else(|| id.to_string(), |unit| unit.name.clone()),
    }
}

/// The people whom `who` means for a complaint that stands at `place`: those of its store first.
fn people<'d>(directory: &'d Directory, who: &Who, place: &Place) -> Vec<&'d User> {
    let covers = |unit: Id<of::Unit>| {
        unit == place.store
            || directory.store_of(unit).is_some_and(|store| store.id == place.store)
            || directory.stores_below(unit).any(|store| store.id == place.store)
            // A department of headquarters is there for every store.
            || (directory.store_of(unit).is_none()
                && directory.unit(unit).is_some_and(|unit| unit.kind == UnitKind::Team))
    };
    let mut found: Vec<&User> = match who {
        Who::Role(code) => directory
            .users()
            .filter(|user| {
                let given = directory.assignments(user.id).iter();
                given.filter(|given| given.role == *code).any(|given| covers(given.unit))
            })
            .collect(),
        Who::Unit(id) => directory.users().filter(|user| user.home == *id).collect(),
    };
    found.retain(|user| user.active);
    found.sort_by_key(|user| (user.home != place.store, user.id));
    found
}

/// A line for one complaint: who that is here, and what they were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Which part.
    pub part: Part,
    /// Who has it.
    pub who: Who,
    /// The people.
    pub people: Vec<Id<of::User>>,
    /// Tasks that they have or had.
    pub tasks: Vec<Task>,
    /// Whom a task can be given to, if they have none and should be asked.
    pub to: Option<TaskTo>,
}

/// Who does what for `complaint`, whose case gave `tasks`; empty before it was taken on.
///
/// # Errors
/// What the database says.
pub async fn at_work(ctx: &Ctx, complaint: &Complaint, tasks: &[Task]) -> Result<Vec<Seat>, Fault> {
    let (Some(topic), Some(at)) = (complaint.topic, complaint.accepted_at) else { return Ok(Vec::new()) };
    let matrix = ctx
        .read((topic, at), |tx, (topic, at)| Box::pin(async move { Ok(store::in_force(tx, *topic, *at).await?) }))
        .await?;
    let directory = ctx.house.identity.directories().now();
    let place = complaint.place();
    let seat = |line: Line| {
        let people = people(&directory, &line.who, &place);
        let theirs = |task: &&Task| match &line.who {
            Who::Unit(id) => task.unit == Some(*id) || (task.unit.is_none() && task.store == *id),
            Who::Role(_) => task.assignee.is_some_and(|user| people.iter().any(|person| person.id == user)),
        };
        let tasks: Vec<Task> = tasks.iter().filter(theirs).cloned().collect();
        let asked = matches!(line.part, Part::Responsible | Part::Consulted) && tasks.is_empty();
        let can = |user: &&&User| {
            Some(user.id) != complaint.owner
                && directory.actor(user.id).is_some_and(|actor| actor.holds(cases::app::TASK_WORK))
        };
        let to = match &line.who {
            Who::Unit(id) => Some(TaskTo::Unit(*id)),
            // The handler is asked by the complaint itself.
            Who::Role(_) if people.iter().any(|user| Some(user.id) == complaint.owner) => None,
            Who::Role(_) => people.iter().find(can).map(|user| TaskTo::Person(user.id)),
        };
        Seat {
            part: line.part,
            people: people.iter().map(|user| user.id).collect(),
            to: to.filter(|_| asked && complaint.ended_at.is_none()),
            who: line.who,
            tasks,
        }
    };
    Ok(matrix.map(|matrix| matrix.lines.into_iter().map(seat).collect()).unwrap_or_default())
}

/// What departments are asked for, all at once.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Who.
    pub to: Vec<TaskTo>,
    /// In a few words.
    pub title: String,
    /// What exactly.
    pub body: String,
    /// By when.
    pub due: TaskDue,
}

impl Ask {
    /// How long departments usually get for a complaint this grave.
    pub const fn usual(severity: Severity) -> TaskDue {
        match severity {
            Severity::S1 => TaskDue::Hours(2),
            Severity::S2 => TaskDue::Hours(4),
            Severity::S3 => TaskDue::Days(1),
            Severity::S4 => TaskDue::Days(2),
        }
    }
}

/// Gives the tasks of `wanted` on the case `id`, all of them or none.
///
/// # Errors
/// `not-found` and `forbidden`; `invalid` with the fields; what refuses a task.
pub async fn ask(ctx: &Ctx, id: Id<of::Case>, wanted: Ask) -> Result<usize, Fault> {
    let mut errors = FieldErrors::default();
    if wanted.to.is_empty() {
        errors.add("to", "choose");
    }
    if wanted.title.trim().is_empty() {
        errors.add("title", "required");
    }
    errors.check()?;
    ctx.write((id, wanted), |work, (id, wanted)| {
        Box::pin(async move {
            // Who is asked already is not asked twice, however often the button is pressed.
            let there = cases::store::tasks_of(work.tx, *id).await?;
            let known: BTreeSet<String> = there
                .iter()
                .filter(|task| !task.state.is_over())
                .filter_map(|task| task.assignee.map(TaskTo::Person).or(task.unit.map(TaskTo::Unit)))
                .map(|to| to.word())
                .collect();
            let mut given = None;
            let mut n = 0;
            for to in wanted.to.iter().filter(|to| !known.contains(&to.word())) {
                let new =
                    NewTask { title: wanted.title.clone(), body: wanted.body.clone(), asked: *to, due: wanted.due };
                given = Some(cases::app::give_task_within(work, *id, &new).await?);
                n += 1;
            }
            match given {
                Some(recorded) => Ok(recorded.map(|_| n)),
                None => Ok(work.unchanged(0)),
            }
        })
    })
    .await
}

/// Hears that a complaint was taken on: whoever is to be told of its topic is told.
pub(crate) fn inform<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if work.replayed || (event.record.kind, event.verb) != (cases::app::RECORD, "complaints.accepted") {
            return Ok(());
        }
        let Some(complaint) = crate::store::get(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
        let Some(topic) = complaint.topic else { return Ok(()) };
        let Some(matrix) = store::in_force(work.tx, topic, work.now).await? else { return Ok(()) };
        let Some(case) = cases::store::get(work.tx, complaint.case).await? else { return Ok(()) };
        let directory = work.ctx.house.identity.directories().now();
        let place = complaint.place();
        let told: BTreeSet<Id<of::User>> = matrix
            .lines
            .iter()
            .filter(|line| line.part == Part::Informed)
            .flat_map(|line| people(&directory, &line.who, &place))
            .map(|user| user.id)
            .collect();
        let opens = |user: &Id<of::User>| directory.actor(*user).is_some_and(|actor| actor.may(VIEW, &place));
        // Who may not open the complaint is told all the same.
        let (may, others): (Vec<_>, Vec<_>) = told.into_iter().partition(opens);
        let notice =
            Notice::new("complaint.informed", event.record.clone()).number(&case.number).subject(&case.subject);
        notices::tell(work, &may, &notice.clone().at(format!("/complaints/{}", case.id))).await?;
        notices::tell(work, &others, &notice.at("/notices")).await
    })
}
