//! Tasks to departments, other stores and people (协同任务).

use calendar::worktime::{BasisPoints, DayEnd, DueRule, Millis, Outcome as ClockEnd, Policy as ClockPolicy};
use calendar::{Basis, Clock, Explained, NewClock};
use capability::{Ctx, Event, Recorded, Work};
use identity::{Directory, UnitKind};
use kernel::{Cursor, Fault, FieldErrors, Id, Place, Placed, RecordRef, Timestamp, of};
use parties::domain::text;
use search::Piece;
use serde::{Deserialize, Serialize};

use super::access::{TASK_VIEW, TASK_WORK, VIEW, works};
use super::clocks::entered;
use super::events::{self, RECORD, zone_of};
use crate::domain::{Category, TaskAct, TaskCommand, TaskState, task_after};
use crate::store::{self, Case, Task, TaskFilter, TaskId, TaskLine, Whose};

/// The word for tasks in journal, clocks and live events.
pub const TASK: &str = "task";

/// Longest title and text, in characters.
const TITLE: usize = 120;
const BODY: usize = 4_000;
/// A task is due soon from here on: three quarters used.
const SOON: BasisPoints = BasisPoints(7_500);
/// The latest date that a task can be given: a year of 366 days, in milliseconds.
const LATEST: i64 = 366 * 86_400_000;

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskTo {
    /// A department or another store: whoever takes it on there.
    Unit(Id<of::Unit>),
    /// A person.
    Person(Id<of::User>),
}

impl TaskTo {
    /// Reads `unit:ID` or `user:ID`, as forms and the API send it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().split_once(':')? {
            ("unit", id) => id.parse().ok().map(Self::Unit),
            ("user", id) => id.parse().ok().map(Self::Person),
            _ => None,
        }
    }
    /// As [`TaskTo::parse`] reads it.
    pub fn word(&self) -> String {
        match self {
            Self::Unit(id) => format!("unit:{id}"),
            Self::Person(id) => format!("user:{id}"),
        }
    }
}

/// By when it has to be done, in the working time of whoever is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskDue {
    /// So many hours of working time.
    Hours(i64),
    /// By the end of so many working days.
    Days(i64),
    /// By a certain time.
    At(Timestamp),
}

impl TaskDue {
    /// The usual ones to choose from.
    pub const USUAL: [Self; 6] =
        [Self::Hours(2), Self::Hours(4), Self::Days(1), Self::Days(2), Self::Days(3), Self::Days(5)];

    /// Reads `4h`, `2d` or an instant in RFC 3339.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let count = |end: char| text.strip_suffix(end).and_then(|n| n.parse::<i64>().ok()).filter(|n| *n > 0);
        match (count('h'), count('d')) {
            (Some(n), _) if n <= 200 => Some(Self::Hours(n)),
            (_, Some(n)) if n <= 60 => Some(Self::Days(n)),
            _ => text.parse().ok().map(Self::At),
        }
    }
    /// As [`TaskDue::parse`] reads it.
    pub fn word(&self) -> String {
        match self {
            Self::Hours(n) => format!("{n}h"),
            Self::Days(n) => format!("{n}d"),
            Self::At(at) => at.to_string(),
        }
    }
    fn policy(self) -> ClockPolicy {
        let rule = match self {
            Self::Hours(n) => DueRule::Working { allowed: Millis::minutes(n.saturating_mul(60)) },
            Self::Days(n) => DueRule::WorkingDays { days: u32::try_from(n).unwrap_or(1), end: DayEnd::Close },
            Self::At(at) => DueRule::Fixed { at: at.to_jiff() },
        };
        ClockPolicy { code: "task".to_owned(), version: 1, rule, warn_at: vec![SOON] }
    }
}

/// A task to give.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// In a few words.
    pub title: String,
    /// What exactly; may be empty.
    pub body: String,
    /// Who is asked.
    pub asked: TaskTo,
    /// By when.
    pub due: TaskDue,
}

/// A task after something was done to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskChanged {
    /// Its id.
    pub id: Id<TaskId>,
    /// The case that gave it.
    pub case: Id<of::Case>,
    /// Where it stands.
    pub state: TaskState,
    /// When it is due.
    pub due_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl TaskChanged {
    fn of(task: &Task) -> Self {
        Self { id: task.id, case: task.case, state: task.state, due_at: task.due_at, version: task.version }
    }
}

/// Where a task stands that `asked` gets: the department or store, its place, and the person.
struct Addressed {
    store: Id<of::Unit>,
    unit: Option<Id<of::Unit>>,
    person: Option<Id<of::User>>,
    /// Headquarters work office hours, stores their own.
    office: bool,
}

impl Addressed {
    fn of(directory: &Directory, asked: TaskTo) -> Option<Self> {
        let (unit, person, home) = match asked {
            TaskTo::Unit(id) => {
                let unit = directory.unit(id)?;
                let fits = unit.active && matches!(unit.kind, UnitKind::Team | UnitKind::Store);
                fits.then_some((Some(id), None, id))?
            }
            TaskTo::Person(id) => {
                let user = directory.user(id).filter(|user| user.active)?;
                let home = user.home;
                let at = directory.unit(home)?;
                let unit = matches!(at.kind, UnitKind::Team | UnitKind::Store).then_some(home);
                (unit, Some(id), home)
            }
        };
        let store = directory.store_of(home);
        let office = store.is_none();
        let store = store.map(|store| store.id).or_else(|| Some(directory.company()?.id))?;
        Some(Self { store, unit, person, office })
    }
}

/// Gives a task on the case `id`. The case cannot be resolved while it is open.
///
/// # Errors
/// `not-found` and `forbidden`; `invalid` with the fields; `cases-over` when the case is over or resolved.
pub async fn give_task(ctx: &Ctx, id: Id<of::Case>, new: NewTask) -> Result<TaskChanged, Fault> {
    let mut errors = FieldErrors::default();
    let title = text::required_line(&mut errors, "title", &new.title, TITLE);
    let body = text::optional(&mut errors, "body", Some(&new.body), BODY).unwrap_or_default();
    if let TaskDue::At(at) = new.due {
        let now = ctx.now();
        if at <= now {
            errors.add("due", "past");
        } else if at > now.plus(LATEST) {
            errors.add("due", "cases-too-far");
        }
    }
    errors.check()?;
    let new = NewTask { title, body, ..new };
    ctx.write((id, new), |work, (id, new)| Box::pin(give(work, *id, new))).await
}

/// The same within a write that does more; title and text are clean already.
///
/// # Errors
/// As [`give_task`].
pub async fn give_task_within(
    work: &mut Work<'_>,
    id: Id<of::Case>,
    new: &NewTask,
) -> Result<Recorded<TaskChanged>, Fault> {
    give(work, id, new).await
}

async fn give(work: &mut Work<'_>, id: Id<of::Case>, new: &NewTask) -> Result<Recorded<TaskChanged>, Fault> {
    let case = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    require_case(work.ctx, &case)?;
    if !matches!(case.state.category(), Category::Open | Category::Waiting) {
        return Err(Fault::refused("cases-task-case-over"));
    }
    let directory = work.ctx.house.identity.directories().now();
    let addressed = Addressed::of(&directory, new.asked).ok_or_else(|| Fault::field("to", "unknown"))?;
    if let Some(person) = addressed.person
        && directory.actor(person).is_none_or(|actor| !actor.holds(TASK_WORK))
    {
        return Err(Fault::field("to", "cases-task-person"));
    }
    let (mut task, clock) = fresh(work.ctx, work.ctx.house.ids.next(), &case, new, &addressed, work.now);
    let record = RecordRef::new(TASK, task.id);
    let entered = entered(work);
    let started = calendar::start(work.tx, &work.ctx.house.ids, &entered, &[clock.of(&record)]).await?;
    if let Some(clock) = started.into_iter().next() {
        task.due_at = clock.due_at.unwrap_or(work.now);
        task.soon_at = clock.warn_at.unwrap_or(task.due_at);
    }
    store::insert_tasks(work.tx, std::slice::from_ref(&task)).await?;
    let (on_task, on_case) = given(work.ctx, &case, &task, work.now);
    let _ = work.record(on_case).await?;
    Ok(work.record(on_task).await?.with(TaskChanged::of(&task)))
}

/// The clock of a task to be started.
pub(super) struct PastClock {
    store: Id<of::Unit>,
    office: bool,
    policy: ClockPolicy,
    at: Timestamp,
}

impl PastClock {
    pub(super) fn of<'r>(&self, record: &'r RecordRef) -> NewClock<'r> {
        NewClock {
            record,
            stage: TASK,
            store: self.store,
            basis: if self.office { Basis::Named("office") } else { Basis::Store },
            policy: self.policy.clone(),
            at: self.at,
        }
    }
}

/// A task that the actor of `ctx` gives at `at`; its deadline is known once its clock has started.
fn fresh(
    ctx: &Ctx,
    id: Id<TaskId>,
    case: &Case,
    new: &NewTask,
    addressed: &Addressed,
    at: Timestamp,
) -> (Task, PastClock) {
    let task = Task {
        id,
        case: case.id,
        case_store: case.store,
        store: addressed.store,
        unit: addressed.unit,
        assignee: addressed.person,
        title: new.title.clone(),
        body: new.body.clone(),
        state: TaskState::Open,
        answer: None,
        given_by: ctx.actor.user,
        given_at: at,
        due_at: at,
        soon_at: at,
        accepted_at: None,
        ended_at: None,
        ended_by: None,
        version: 1,
    };
    let clock = PastClock { store: addressed.store, office: addressed.office, policy: new.due.policy(), at };
    (task, clock)
}

/// A task of a history, given by the actor of `ctx` at `at`.
pub(super) fn past(
    ctx: &Ctx,
    id: Id<TaskId>,
    case: &Case,
    new: &NewTask,
    at: Timestamp,
) -> Result<(Task, PastClock), Fault> {
    let directory = ctx.house.identity.directories().now();
    let addressed = Addressed::of(&directory, new.asked).ok_or_else(|| Fault::field("to", "unknown"))?;
    Ok(fresh(ctx, id, case, new, &addressed, at))
}

/// What is recorded of a task that was given: on the task and on its case.
pub(super) fn given(ctx: &Ctx, case: &Case, task: &Task, at: Timestamp) -> (Event, Event) {
    let to = asked_words(ctx, task);
    let on_case = said(events::event(case, "case.task_given", at), task, &to)
        .change("due", None, Some(task.due_at.to_string()))
        .index(piece(case, task));
    let on_case = count(ctx, on_case, case, "tasks.given", at);
    let on_task = tell(own(task, "task.given", at), task)
        .change("title", None, Some(task.title.clone()))
        .change("case", None, Some(case.number.clone()))
        .change("to", None, Some(to));
    (on_task, on_case)
}

fn own(task: &Task, verb: &'static str, at: Timestamp) -> Event {
    Event::new(RecordRef::new(TASK, task.id), verb, task.place()).happened(at)
}

/// Names whom the notification centre tells: the person, else the department.
fn tell(event: Event, task: &Task) -> Event {
    match task.assignee {
        Some(user) => event.change("user", None, Some(user.to_string())),
        None => event.change("unit", None, task.unit.map(|unit| unit.to_string())),
    }
}

fn said(event: Event, task: &Task, to: &str) -> Event {
    event.change("task", None, Some(task.title.clone())).change("to", None, Some(to.to_owned()))
}

fn count(ctx: &Ctx, event: Event, case: &Case, part: &'static str, at: Timestamp) -> Event {
    let day = at.day(&zone_of(&ctx.house, case.store));
    events::count(event, case, day, part, 1)
}

/// What is recorded of `task`, which stood at `before` and stands as it is after `act` at `at`: on the task and on its case.
pub(super) fn ended(
    ctx: &Ctx,
    case: &Case,
    task: &Task,
    act: TaskAct,
    before: TaskState,
    at: Timestamp,
) -> (Event, Event) {
    let to = asked_words(ctx, task);
    let mut on_case =
        said(events::event(case, case_verb(act), at), task, &to).personal("text", None, task.answer.clone());
    if task.state == TaskState::Done {
        on_case = count(ctx, on_case, case, "tasks.done", at);
    }
    if matches!(task.state, TaskState::Done | TaskState::Returned) {
        on_case = count(ctx, on_case, case, "tasks.answered", at);
        if at <= task.due_at {
            on_case = count(ctx, on_case, case, "tasks.on_time", at);
        }
    }
    let on_task = own(task, task_verb(act), at).change("state", Some(before.to_string()), Some(task.state.to_string()));
    let on_task = match act {
        // The one who asked is told what came of it.
        TaskAct::Accept | TaskAct::Finish | TaskAct::Return => {
            on_task.change("user", None, task.given_by.map(|user| user.to_string()))
        }
        TaskAct::HandOver | TaskAct::Withdraw => tell(on_task, task),
    };
    (on_task.personal("text", None, task.answer.clone()), on_case)
}

/// A task is found through its case.
fn piece(case: &Case, task: &Task) -> Piece {
    let place = case.place();
    Piece {
        record: RecordRef::new(RECORD, case.id),
        piece: task.id.get(),
        store: place.store,
        team: place.team,
        owner: place.owner,
        text: format!("{}\n{}", task.title, task.body),
        codes: Vec::new(),
    }
}

/// Who has or was asked for a task, in words: the department and the person.
fn asked_words(ctx: &Ctx, task: &Task) -> String {
    let directory = ctx.house.identity.directories().now();
    let unit = task.unit.and_then(|unit| directory.unit(unit)).map(|unit| unit.name.clone());
    let person = task.assignee.and_then(|user| directory.user_name(user)).map(str::to_owned);
    [unit, person].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// True when the actor may see `task`: where it stands, as the one who has or gave it, or through its case.
fn may_see(ctx: &Ctx, task: &Task, case: &Case) -> bool {
    let me = ctx.actor.user;
    ctx.actor.may(TASK_VIEW, task)
        || (me.is_some() && (me == task.assignee || me == task.given_by))
        || ctx.actor.may(VIEW, case)
}

/// True when the actor may answer `task`.
fn may_answer(ctx: &Ctx, task: &Task) -> bool {
    let me = ctx.actor.user;
    ctx.actor.may(TASK_WORK, task) || (me.is_some() && me == task.assignee)
}

/// True when the actor may withdraw `task`: as the one who gave it, or as one who works on its case.
fn may_withdraw(ctx: &Ctx, task: &Task, case: &Case) -> bool {
    let me = ctx.actor.user;
    (me.is_some() && me == task.given_by) || works(&ctx.actor, case)
}

fn require_case(ctx: &Ctx, case: &Case) -> Result<(), Fault> {
    match () {
        () if works(&ctx.actor, case) => Ok(()),
        () if ctx.actor.may(VIEW, case) => Err(Fault::forbidden()),
        () => Err(Fault::not_found()),
    }
}

/// Carries out `command` on the task `id`, of which the actor has seen `version`.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields; `cases-task-over`, `cases-task-taken`.
pub async fn task_command(ctx: &Ctx, id: Id<TaskId>, version: i64, command: TaskCommand) -> Result<TaskChanged, Fault> {
    ctx.write((id, version, command), |work, (id, version, command)| {
        Box::pin(async move {
            let mut task = store::hold_task(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let case = store::get(work.tx, task.case).await?.ok_or_else(Fault::not_found)?;
            let allowed = match command.name() {
                TaskAct::Withdraw => may_withdraw(work.ctx, &task, &case),
                TaskAct::Accept | TaskAct::HandOver | TaskAct::Finish | TaskAct::Return => may_answer(work.ctx, &task),
            };
            match allowed {
                true => {}
                false if may_see(work.ctx, &task, &case) => return Err(Fault::forbidden()),
                false => return Err(Fault::not_found()),
            }
            if task.version != *version {
                return Err(Fault::stale(task.version));
            }
            let recorded = carry_out(work, &mut task, &case, command).await?;
            Ok(recorded.with(TaskChanged::of(&task)))
        })
    })
    .await
}

async fn carry_out(
    work: &mut Work<'_>,
    task: &mut Task,
    case: &Case,
    command: &TaskCommand,
) -> Result<Recorded<()>, Fault> {
    let now = work.now;
    let before = task.state;
    task.state = task_after(task.state, command.name())?;
    let me = work.ctx.actor.user;
    match command {
        TaskCommand::Accept => task.assignee = me.or(task.assignee),
        TaskCommand::HandOver { to } => {
            let directory = work.ctx.house.identity.directories().now();
            let place = Place { owner: Some(*to), ..task.place() };
            match directory.actor(*to) {
                Some(actor) if actor.may(TASK_WORK, &place) => task.assignee = Some(*to),
                Some(_) => return Err(Fault::field("to", "cases-task-person")),
                None => return Err(Fault::field("to", "unknown")),
            }
            task.accepted_at = None;
        }
        TaskCommand::Finish { answer } => task.answer = Some(answer.clone()),
        TaskCommand::Return { reason } | TaskCommand::Withdraw { reason } => task.answer = Some(reason.clone()),
    }
    if matches!(command, TaskCommand::Accept | TaskCommand::Finish { .. }) && task.accepted_at.is_none() {
        task.accepted_at = Some(now);
        task.assignee = task.assignee.or(me);
    }
    if task.state.is_over() {
        task.ended_at = Some(now);
        task.ended_by = me;
        stop(work, task, command.name()).await?;
    }
    if !store::save_task(work.tx, task).await? {
        return Err(Fault::stale(task.version.saturating_add(1)));
    }
    task.version = task.version.saturating_add(1);
    let (on_task, on_case) = ended(work.ctx, case, task, command.name(), before, now);
    let _ = work.record(on_case).await?;
    work.record(on_task).await
}

async fn stop(work: &mut Work<'_>, task: &Task, act: TaskAct) -> Result<(), Fault> {
    let how = if act == TaskAct::Withdraw { ClockEnd::Cancelled } else { ClockEnd::Met };
    let entered = entered(work);
    for clock in calendar::of_record(work.tx, &RecordRef::new(TASK, task.id)).await? {
        if clock.is_open() {
            calendar::stop(work.tx, &entered, clock.id, work.now, how).await?;
        }
    }
    Ok(())
}

const fn task_verb(act: TaskAct) -> &'static str {
    match act {
        TaskAct::Accept => "task.accepted",
        TaskAct::HandOver => "task.handed_over",
        TaskAct::Finish => "task.done",
        TaskAct::Return => "task.returned",
        TaskAct::Withdraw => "task.withdrawn",
    }
}

const fn case_verb(act: TaskAct) -> &'static str {
    match act {
        TaskAct::Accept => "case.task_accepted",
        TaskAct::HandOver => "case.task_handed_over",
        TaskAct::Finish => "case.task_done",
        TaskAct::Return => "case.task_returned",
        TaskAct::Withdraw => "case.task_withdrawn",
    }
}

/// Withdraws the open tasks of `case`, which goes no further.
pub(super) async fn withdraw_all(
    work: &mut Work<'_>,
    case: &Case,
    reason: &str,
    recorded: Recorded<()>,
) -> Result<Recorded<()>, Fault> {
    let mut recorded = recorded;
    for task in store::tasks_of(work.tx, case.id).await? {
        if task.state.is_over() {
            continue;
        }
        let Some(mut task) = store::hold_task(work.tx, task.id).await? else { continue };
        if !task.state.is_over() {
            let reason = if reason.is_empty() { case.number.clone() } else { reason.to_owned() };
            recorded = carry_out(work, &mut task, case, &TaskCommand::Withdraw { reason }).await?;
        }
    }
    Ok(recorded)
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tasks {
    /// By deadline, or what is over with the latest first.
    pub rows: Vec<TaskLine>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Whose tasks somebody wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskView {
    /// The actor's own.
    Mine,
    /// Those of the actor's department or store.
    Team,
    /// Those that the actor gave.
    Given,
    /// All within reach.
    All,
}

impl TaskView {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mine, Self::Team, Self::Given, Self::All];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
            Self::Given => "given",
            Self::All => "all",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == text)
    }
    /// Whose tasks these are for the actor.
    fn whose(self, ctx: &Ctx) -> Whose {
        let me = ctx.actor.user.unwrap_or(Id::new(0));
        match self {
            Self::Mine => Whose::Mine(me),
            Self::Given => Whose::Given(me),
            Self::Team => {
                let directory = ctx.house.identity.directories().now();
                let home = ctx.actor.home.and_then(|home| directory.unit(home));
                let home = home.filter(|unit| matches!(unit.kind, UnitKind::Team | UnitKind::Store));
                let store = home.and_then(|home| directory.store_of(home.id));
                let mut units: Vec<_> = home.into_iter().chain(store).map(|unit| unit.id).collect();
                units.dedup();
                Whose::Units(units)
            }
            Self::All => Whose::Reached { tasks: ctx.reach(TASK_VIEW), cases: ctx.reach(VIEW) },
        }
    }
}

/// The filter of `view` for the actor.
pub(super) fn task_filter(ctx: &Ctx, view: TaskView, over: bool) -> TaskFilter {
    TaskFilter { whose: view.whose(ctx), case: None, over, due_before: None }
}

/// Tasks of `view`: by deadline, or those that are over.
///
/// # Errors
/// `busy` when the database is away.
pub async fn tasks(
    ctx: &Ctx,
    view: TaskView,
    over: bool,
    case: Option<Id<of::Case>>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Tasks, Fault> {
    let limit = limit.clamp(1, 1_000);
    let filter = TaskFilter { case, ..task_filter(ctx, view, over) };
    let mut rows = ctx
        .read((filter, after, i64::from(limit)), |tx, (filter, after, limit)| {
            Box::pin(async move { Ok(store::tasks(tx, filter, *after, limit + 1).await?) })
        })
        .await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next = rows.last().filter(|_| more).map(|TaskLine { task, .. }| Cursor {
        key: if over { task.ended_at.unwrap_or(task.due_at) } else { task.due_at }.millis(),
        id: task.id.get(),
    });
    Ok(Tasks { rows, next })
}

/// How many open tasks each view has, at most 1,000 each; and how many of the actor's own are late.
///
/// # Errors
/// `busy` when the database is away.
pub async fn task_counts(ctx: &Ctx) -> Result<([i64; 4], i64), Fault> {
    let filters = TaskView::ALL.map(|view| task_filter(ctx, view, false));
    ctx.read((filters, ctx.now()), |tx, (filters, now)| {
        Box::pin(async move {
            let mut counts = [0; 4];
            for (count, filter) in counts.iter_mut().zip(filters.iter()) {
                *count = store::count_tasks(tx, filter, 1_000).await?;
            }
            let [mine, ..] = filters;
            let late = TaskFilter { due_before: Some(*now), ..mine.clone() };
            Ok((counts, store::count_tasks(tx, &late, 1_000).await?))
        })
    })
    .await
}

/// A task with what its reader needs.
#[derive(Debug, Clone)]
pub struct TaskDetail {
    /// The task.
    pub task: Task,
    /// The case that gave it. Readers who may not see the case are shown what the work needs, without the customer's number.
    pub case: Case,
    /// True when the reader may open the case.
    pub may_see_case: bool,
    /// What the reader may do now.
    pub acts: Vec<TaskAct>,
    /// Its clock.
    pub clock: Option<Clock>,
}

/// The task `id`.
///
/// # Errors
/// `not-found`.
pub async fn task_detail(ctx: &Ctx, id: Id<TaskId>) -> Result<TaskDetail, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let task = store::task(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let case = store::get(tx, task.case).await?.ok_or_else(Fault::not_found)?;
            if !may_see(ctx, &task, &case) {
                return Err(Fault::not_found());
            }
            let acts = TaskAct::ALL.iter().copied().filter(|act| {
                let may = match act {
                    TaskAct::Withdraw => may_withdraw(ctx, &task, &case),
                    _ => may_answer(ctx, &task),
                };
                may && task_after(task.state, *act).is_ok()
            });
            let acts = acts.collect();
            let clock = calendar::of_record(tx, &RecordRef::new(TASK, task.id)).await?.into_iter().next();
            Ok(TaskDetail { may_see_case: ctx.actor.may(VIEW, &case), acts, clock, task, case })
        })
    })
    .await
}

/// Why the task `id` is due when it is.
///
/// # Errors
/// `not-found`.
pub async fn explain_task(ctx: &Ctx, id: Id<TaskId>) -> Result<Explained, Fault> {
    let clock = task_detail(ctx, id).await?.clock.ok_or_else(Fault::not_found)?.id;
    ctx.read((clock, ctx.now()), |tx, (clock, now)| Box::pin(calendar::explain(tx, *clock, *now))).await
}

/// Reads what forms and the API send for `act`.
///
/// # Errors
/// `invalid` with the fields.
pub fn task_input(act: TaskAct, words: &str, to: Option<&str>) -> Result<TaskCommand, Fault> {
    let mut errors = FieldErrors::default();
    let command = match act {
        TaskAct::Accept => TaskCommand::Accept,
        TaskAct::HandOver => match to.and_then(|to| to.trim().trim_start_matches("user:").parse().ok()) {
            Some(to) => TaskCommand::HandOver { to },
            None => return Err(Fault::field("to", "choose")),
        },
        TaskAct::Finish => TaskCommand::Finish { answer: text::required(&mut errors, "text", words, BODY) },
        TaskAct::Return => TaskCommand::Return { reason: text::required(&mut errors, "text", words, BODY) },
        TaskAct::Withdraw => TaskCommand::Withdraw { reason: text::required(&mut errors, "text", words, BODY) },
    };
    errors.check()?;
    Ok(command)
}

/// The due time of a task after its calendar was edited.
pub(super) async fn follow(work: &mut Work<'_>, clock: &Clock) -> Result<Option<Recorded<()>>, Fault> {
    let Some(mut task) = store::hold_task(work.tx, Id::new(clock.record_id)).await? else { return Ok(None) };
    let due = clock.due_at.filter(|due| *due != task.due_at && !task.state.is_over());
    let Some(due) = due else { return Ok(None) };
    let before = task.due_at.to_string();
    task.due_at = due;
    task.soon_at = clock.warn_at.unwrap_or(due);
    store::save_task_pace(work.tx, &task).await?;
    let event = own(&task, "task.deadline_moved", work.now).change("due", Some(before), Some(due.to_string()));
    work.record(event).await.map(Some)
}

/// What time does to a task: called by the sweep, which hands every crossing over once.
pub(super) async fn crossed(work: &mut Work<'_>, clock: &Clock, late: bool) -> Result<Option<Recorded<()>>, Fault> {
    let Some(task) = store::task(work.tx, Id::new(clock.record_id)).await? else { return Ok(None) };
    if task.state.is_over() {
        return Ok(None);
    }
    let Some(case) = store::get(work.tx, task.case).await? else { return Ok(None) };
    let verb = if late { "task.deadline_missed" } else { "task.deadline_near" };
    let mut event = tell(own(&task, verb, work.now), &task).change("due", None, Some(task.due_at.to_string()));
    if late {
        // Who asked hears of it too.
        event = event.change("giver", None, task.given_by.map(|user| user.to_string()));
        let to = asked_words(work.ctx, &task);
        let on_case = said(events::event(&case, "case.task_late", work.now), &task, &to);
        let on_case = count(work.ctx, on_case, &case, "tasks.late", work.now);
        let _ = work.record(on_case).await?;
    }
    Ok(Some(work.record(event).await?))
}
