//! Many histories written at once: each is decided in memory, act by act and by the same rules as always, and then all their rows
//! go out together. What is read back is what the single acts would have left.

use std::collections::BTreeMap;

use calendar::worktime::{Entry as ClockEntry, Outcome};
use calendar::{Basis, Clock, Ending, NewClock, Standing};
use capability::{Ctx, Event, Work};
use journal::{Entry, Who};
use kernel::{Day, Fault, FaultKind, Id, IdGen, RecordRef, Timestamp, of};
use metrics::Delta;
use parties::file::{Brief, Contact};
use search::Piece;

use super::{Prepared, Replay};
use crate::app::clocks::{promise, rule};
use crate::app::events::{self, RECORD, zone_of};
use crate::app::intake::{self, TakenIn, Told, Whose};
use crate::app::tasks::{self, NewTask};
use crate::app::{access, act, checks, command, message};
use crate::domain::{
    self, CheckResult, CheckState, ClockAction, ClockNow, Command, Direction, Facts, FollowUp, Limits, PlanState,
    Policy, Side, Stage, TaskAct, TaskState, Visibility, decide, may_check, spoken,
};
use crate::store::{self, Case, Check, Due, Extras, Mark, Marked, Message, PlanRow, Symptom, Task};

/// One case from its intake on.
pub struct Tale<'a> {
    /// The intake, checked as of its time; its customer is named here or unnamed, not opened by it.
    pub prepared: &'a Prepared,
    /// Whose it is, instead of what the intake says.
    pub customer: Option<Id<of::Customer>>,
    /// Who took it in.
    pub by: &'a Ctx,
    /// What happened afterwards, in order.
    pub deeds: Vec<Deed<'a>>,
}

/// One act.
pub struct Deed<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: &'a Ctx,
    /// What.
    pub what: What<'a>,
}

/// What was done.
pub enum What<'a> {
    /// A command; merging is not replayed.
    Command(Command),
    /// A message.
    Message {
        /// Who may read it.
        visibility: Visibility,
        /// What was said.
        body: String,
    },
    /// A task was given, and what came of it.
    Task(PastTask<'a>),
    /// Somebody looked whether it held; what did not hold goes on in a follow-up case and is told apart.
    Check {
        /// What was found: worked or partly.
        result: CheckResult,
        /// In words.
        note: String,
    },
}

impl Replay {
    /// Writes `tales`; gives the cases as they stand at the end, in the same order. Listeners hear of every event once all rows
    /// are there.
    ///
    /// # Errors
    /// As the single acts; then nothing is written.
    pub async fn tell(&self, work: &mut Work<'_>, tales: &[Tale<'_>]) -> Result<Vec<TakenIn>, Fault> {
        let known = customers(work, tales).await?;
        let mut told = Vec::with_capacity(tales.len());
        for tale in tales {
            told.push(Telling::of(work, tale, &known, &self.policy)?);
        }
        write(work, told).await
    }
}

/// The customers of all tales in one round.
async fn customers(
    work: &mut Work<'_>,
    tales: &[Tale<'_>],
) -> Result<BTreeMap<Id<of::Customer>, (Brief, Contact)>, Fault> {
    let mut wanted: Vec<Id<of::Customer>> = tales.iter().filter_map(Tale::whose).collect();
    wanted.sort_unstable();
    wanted.dedup();
    Ok(parties::file::served_many(work.tx, &wanted).await?)
}

impl Tale<'_> {
    fn whose(&self) -> Option<Id<of::Customer>> {
        self.customer.or(match self.prepared.0.customer {
            Whose::Existing(id) | Whose::Known(id) => Some(id),
            Whose::New(_) | Whose::Told(_) | Whose::Anonymous => None,
        })
    }
}

/// A task of a history.
#[derive(Clone)]
pub struct PastTask<'a> {
    /// What is asked of whom, by when.
    pub new: NewTask,
    /// Who finished it, when, and with which answer.
    pub done: Option<(&'a Ctx, Timestamp, String)>,
}

/// A task of the history that is told, with who gave it.
struct TaskTold<'a> {
    task: Task,
    clock: tasks::PastClock,
    by: &'a Ctx,
    done: Option<(&'a Ctx, Timestamp)>,
}

/// A clock in memory.
struct Ledger {
    stage: Stage,
    policy: calendar::worktime::Policy,
    from: Timestamp,
    paused: bool,
    entries: Vec<ClockEntry>,
    /// When it stopped, and on which business day.
    ended: Option<(Day, Timestamp)>,
}

/// A case whose history is being told, with all rows that it will leave.
struct Telling<'a> {
    case: Case,
    told: &'a Told,
    policy: &'a Policy,
    ledgers: Vec<Ledger>,
    plans: Vec<PlanRow>,
    messages: Vec<Message>,
    checks: Vec<Check>,
    tasks: Vec<TaskTold<'a>>,
    events: Vec<(Who, &'a Ctx, Event)>,
}

impl<'a> Telling<'a> {
    fn of(
        work: &Work<'_>,
        tale: &'a Tale<'_>,
        known: &BTreeMap<Id<of::Customer>, (Brief, Contact)>,
        policy: &'a Policy,
    ) -> Result<Self, Fault> {
        let mut case = tale.prepared.0.case.clone();
        let mut phone = None;
        if let Some(id) = tale.whose() {
            let (brief, contact) = known.get(&id).cloned().ok_or_else(|| Fault::field("customer", "unknown"))?;
            phone = contact.phone.map(|phone| phone.digits().to_owned());
            intake::of_customer(&mut case, brief);
        }
        let told = &tale.prepared.0.told;
        let mut decision = domain::take_in();
        decision.clocks.extend(told.promises());
        let mut telling = Self {
            case,
            told,
            policy,
            ledgers: Vec::new(),
            plans: Vec::new(),
            messages: Vec::new(),
            checks: Vec::new(),
            tasks: Vec::new(),
            events: Vec::new(),
        };
        let at = telling.case.happened_at;
        telling.clocks(work, &decision.clocks, at);
        let event = intake::taken(&work.ctx.house, &telling.case, told, &decision, phone.as_deref());
        telling.happened(tale.by, telling.case.created_at, event);
        for deed in &tale.deeds {
            match &deed.what {
                What::Command(command) => telling.command(work, deed, command)?,
                What::Message { visibility, body } => telling.said(work, deed, *visibility, body)?,
                What::Task(past) => telling.task(work, deed, past)?,
                What::Check { result, note } => telling.checked(work, deed, *result, note)?,
            }
        }
        Ok(telling)
    }

    fn happened(&mut self, by: &'a Ctx, at: Timestamp, event: Event) {
        let who = Who {
            actor_kind: by.actor.kind,
            user: by.actor.user,
            name: by.actor.name.to_string(),
            request: by.request.to_string(),
            now: at,
        };
        self.events.push((who, by, event));
    }

    fn facts(&self, now: Timestamp) -> Facts {
        let open = self.ledgers.iter().filter(|ledger| ledger.ended.is_none());
        let standing = |ledger: &Ledger| if ledger.paused { ClockNow::Paused } else { ClockNow::Running };
        let options = self
            .plans
            .last()
            .filter(|plan| plan.state == PlanState::Proposed)
            .map_or(0, |plan| plan.plan.options.len());
        let clocks = open.map(|ledger| (ledger.stage, standing(ledger))).collect();
        Facts { options, ..act::known(&self.case, clocks, self.policy.limits(now)) }
    }

    fn command(&mut self, work: &Work<'_>, deed: &Deed<'a>, command: &Command) -> Result<(), Fault> {
        let (ctx, now) = (deed.by, deed.at);
        if matches!(command, Command::Merge { .. }) {
            return Err(Fault::new(FaultKind::Invalid, "cases-merge-late"));
        }
        access::require(ctx, command, &self.case)?;
        command::people_fit(ctx, &self.case, command)?;
        let facts = self.facts(now);
        let decision = decide(&facts, command, Side::from(ctx.actor.kind), now)?;
        let before = self.case.clone();
        act::apply(&mut self.case, command, &decision, now);
        self.case.version = self.case.version.saturating_add(1);
        self.clocks(work, &decision.clocks, now);
        if (self.case.kind, self.case.priority) != (before.kind, before.priority) {
            self.retarget(now);
        }
        let revision = self.plan(work, ctx, command, now);
        let house = &work.ctx.house;
        let event = act::words(events::event(&self.case, decision.verb, now), &self.case, command, revision);
        let check_on = self.check(work, ctx, command, &facts.limits, now);
        let event = event.change("check_on", None, check_on.map(|day| day.to_string()));
        let event = events::changes(event, house, Some(&before), &self.case);
        let event = act::numbers(house, event, &before, &self.case, &decision, now);
        self.happened(ctx, now, event);
        if decision.follow_ups.contains(&FollowUp::Escalate) {
            let event = act::escalation(house, &self.case, now);
            self.happened(ctx, now, event);
        }
        Ok(())
    }

    fn said(&mut self, work: &Work<'_>, deed: &Deed<'a>, visibility: Visibility, body: &str) -> Result<(), Fault> {
        let (ctx, now) = (deed.by, deed.at);
        ctx.require(access::WORK, &self.case)?;
        let body = message::checked(body)?;
        let side = Side::from(ctx.actor.kind);
        let follows = spoken(&self.facts(now), visibility, side);
        let before = self.case.clone();
        self.case.state = follows.next;
        if self.case.state != before.state {
            self.case.version = self.case.version.saturating_add(1);
        }
        self.clocks(work, &follows.clocks, now);
        let first = follows.answers && self.case.first_answered_at.is_none();
        if first {
            self.case.first_answered_at = Some(now);
        }
        let message = Message {
            id: work.ctx.house.ids.next(),
            case: self.case.id,
            visibility,
            direction: if side == Side::Customer { Direction::In } else { Direction::Out },
            author_kind: ctx.actor.kind,
            author: ctx.actor.user,
            author_name: ctx.actor.name.to_string(),
            body,
            created_at: now,
        };
        let event = message::posted(&work.ctx.house, &before, &self.case, &message, first);
        self.messages.push(message);
        self.happened(ctx, now, event);
        Ok(())
    }

    fn task(&mut self, work: &Work<'_>, deed: &Deed<'a>, past: &PastTask<'a>) -> Result<(), Fault> {
        deed.by.require(access::WORK, &self.case)?;
        let (mut task, clock) = tasks::past(deed.by, work.ctx.house.ids.next(), &self.case, &past.new, deed.at)?;
        let done = past.done.as_ref().map(|(by, at, answer)| {
            task.state = TaskState::Done;
            task.answer = Some(answer.clone());
            task.assignee = by.actor.user;
            task.accepted_at = Some(deed.at);
            task.ended_at = Some(*at);
            task.ended_by = by.actor.user;
            task.version = 3;
            (*by, *at)
        });
        self.tasks.push(TaskTold { task, clock, by: deed.by, done });
        Ok(())
    }

    fn checked(&mut self, work: &Work<'_>, deed: &Deed<'a>, result: CheckResult, note: &str) -> Result<(), Fault> {
        deed.by.require(access::CHECK, &self.case)?;
        let by = deed.by.actor.user;
        let planned = self.checks.last_mut().ok_or_else(|| Fault::refused("cases-check-none"))?;
        may_check(planned.state, planned.solver, by)?;
        planned.state = CheckState::Done;
        planned.result = Some(result);
        planned.note = Some(note.to_owned()).filter(|note| !note.is_empty());
        planned.checked_by = by;
        planned.checked_at = Some(deed.at);
        let event = checks::checked(&work.ctx.house, &self.case, planned, deed.at);
        self.happened(deed.by, deed.at, event);
        Ok(())
    }

    /// What the command does to the check; gives the day for which one was planned.
    fn check(&mut self, work: &Work<'_>, ctx: &Ctx, command: &Command, limits: &Limits, now: Timestamp) -> Option<Day> {
        let live = |check: &Check| matches!(check.state, CheckState::Noted | CheckState::Planned);
        let open = self.checks.pop_if(|check| live(check));
        let day = now.day(&zone_of(&work.ctx.house, self.case.store));
        let by = ctx.actor.user;
        let fresh = || checks::fresh(work, &self.case, by);
        let check = checks::after(&self.case, command, limits, open.clone(), fresh, by, day).or(open)?;
        let planned = check.planned_on.filter(|_| check.state == CheckState::Planned);
        self.checks.push(check);
        planned.filter(|_| matches!(command, Command::Close(_)))
    }

    /// What the command does to the plans; gives the revision of a new one.
    fn plan(&mut self, work: &Work<'_>, ctx: &Ctx, command: &Command, now: Timestamp) -> Option<i64> {
        let open = self.plans.last_mut().filter(|plan| plan.state == PlanState::Proposed);
        match command {
            Command::Propose(plan) => {
                if let Some(older) = open {
                    older.state = PlanState::Superseded;
                    older.decided_at = Some(now);
                }
                let revision = self.plans.last().map_or(1, |plan| plan.revision.saturating_add(1));
                let asked = self.case.kind.needs_confirmation();
                self.plans.push(PlanRow {
                    id: work.ctx.house.ids.next(),
                    case: self.case.id,
                    revision,
                    state: if asked { PlanState::Proposed } else { PlanState::Superseded },
                    plan: plan.clone(),
                    proposed_by: ctx.actor.user,
                    proposed_at: now,
                    decided_at: (!asked).then_some(now),
                    chosen: None,
                    proof: None,
                    proof_note: None,
                    decline_reason: None,
                    held: Vec::new(),
                    approval: None,
                });
                return Some(revision);
            }
            Command::Confirm { option, proof } => {
                if let Some(open) = open {
                    open.state = PlanState::Confirmed;
                    open.decided_at = Some(now);
                    open.chosen = i64::try_from(*option).ok();
                    open.proof = Some(proof.kind());
                    open.proof_note = proof.note().map(str::to_owned);
                }
            }
            Command::Decline { reason } => {
                if let Some(open) = open {
                    open.state = PlanState::Declined;
                    open.decided_at = Some(now);
                    open.decline_reason = Some(reason.clone());
                }
            }
            _ => {}
        }
        None
    }

    fn clocks(&mut self, work: &Work<'_>, actions: &[ClockAction], at: Timestamp) {
        let day = at.day(&zone_of(&work.ctx.house, self.case.store));
        for action in actions {
            match *action {
                ClockAction::Start(stage, share) => {
                    if let Some(deadline) = self.policy.deadline(self.case.kind, self.case.priority, stage, at) {
                        let policy = rule(&self.case, stage, deadline.share(share));
                        self.ledgers.push(Ledger {
                            stage,
                            policy,
                            from: at,
                            paused: false,
                            entries: Vec::new(),
                            ended: None,
                        });
                    }
                }
                ClockAction::Promise(stage, due) => self.ledgers.push(Ledger {
                    stage,
                    policy: promise(stage, at, due),
                    from: at,
                    paused: false,
                    entries: Vec::new(),
                    ended: None,
                }),
                ClockAction::Given(stage, deadline) => self.ledgers.push(Ledger {
                    stage,
                    policy: rule(&self.case, stage, deadline),
                    from: at,
                    paused: false,
                    entries: Vec::new(),
                    ended: None,
                }),
                ClockAction::Stop(stage) => self.end(stage, at, day, Outcome::Met),
                ClockAction::Drop(stage) => self.end(stage, at, day, Outcome::Cancelled),
                ClockAction::Pause(stage, reason) => {
                    if let Some(ledger) = self.open(stage) {
                        ledger.paused = true;
                        ledger.entries.push(ClockEntry::Pause { at: at.to_jiff(), reason: reason.to_string() });
                    }
                }
                ClockAction::Resume(stage) => {
                    if let Some(ledger) = self.open(stage) {
                        ledger.paused = false;
                        ledger.entries.push(ClockEntry::Resume { at: at.to_jiff() });
                    }
                }
            }
        }
    }

    fn open(&mut self, stage: Stage) -> Option<&mut Ledger> {
        self.ledgers.iter_mut().find(|ledger| ledger.stage == stage && ledger.ended.is_none())
    }

    fn end(&mut self, stage: Stage, at: Timestamp, day: Day, outcome: Outcome) {
        if let Some(ledger) = self.open(stage) {
            ledger.entries.push(ClockEntry::Stop { at: at.to_jiff(), outcome });
            ledger.ended = Some((day, at));
        }
    }

    fn retarget(&mut self, at: Timestamp) {
        let (case, policy) = (&self.case, self.policy);
        for ledger in self.ledgers.iter_mut().filter(|ledger| ledger.ended.is_none()) {
            let Some(deadline) = policy.deadline(case.kind, case.priority, ledger.stage, at) else { continue };
            let policy = rule(case, ledger.stage, deadline);
            if policy.code != ledger.policy.code {
                let (at, policy, reason) = (at.to_jiff(), Some(policy), "priority".to_owned());
                ledger.entries.push(ClockEntry::Change { at, policy, calendar: None, reason });
            }
        }
    }

    /// What follows from the clocks as the calendar has told them: the nearest deadline, and what was in time.
    fn follow(&mut self, ids: &IdGen, clocks: &[Clock]) -> (Vec<Delta>, Vec<Mark>) {
        let running = clocks.iter().filter(|clock| clock.state == Standing::Running);
        let due = running.filter_map(|clock| {
            let (stage, at) = (Stage::parse(&clock.stage)?, clock.due_at?);
            Some(Due { stage, at, soon_at: clock.warn_at.unwrap_or(at), from: clock.started_at })
        });
        self.case.due = due.min_by_key(|due| (due.at, due.stage)).filter(|_| !self.case.state.is_over());
        let (mut counted, mut marks) = (Vec::new(), Vec::new());
        for (ledger, clock) in self.ledgers.iter().zip(clocks) {
            let Some((day, at)) = ledger.ended.filter(|_| !ledger.stage.is_customers()) else { continue };
            let (part, what) = match clock.outcome {
                Some(Ending::Met) => ("deadlines.met", Marked::Met),
                Some(Ending::Late) => ("deadlines.missed", Marked::Missed),
                Some(Ending::Cancelled) if clock.breached_at.is_some() => ("deadlines.missed", Marked::Missed),
                Some(Ending::Cancelled) | None => continue,
            };
            counted.extend(events::deadline(&self.case, day, part, ledger.stage));
            let (case, store, stage) = (self.case.id, self.case.store, Some(ledger.stage));
            marks.push(Mark { id: ids.next(), case, store, what, at, stage });
        }
        (counted, marks)
    }
}

/// Writes everything that the tales leave, one kind of row after the other.
async fn write(work: &mut Work<'_>, mut told: Vec<Telling<'_>>) -> Result<Vec<TakenIn>, Fault> {
    let house = &work.ctx.house;
    let records: Vec<RecordRef> = told.iter().map(|telling| RecordRef::new(RECORD, telling.case.id)).collect();
    let mut ledgers = Vec::new();
    for (telling, record) in told.iter_mut().zip(&records) {
        for ledger in &mut telling.ledgers {
            let new = NewClock {
                record,
                stage: ledger.stage.as_str(),
                store: telling.case.store,
                basis: Basis::Store,
                policy: ledger.policy.clone(),
                at: ledger.from,
            };
            ledgers.push((new, std::mem::take(&mut ledger.entries)));
        }
    }
    let clocks = calendar::replay(work.tx, &house.ids, None, work.now, &ledgers).await?;
    let (mut deltas, mut marks) = (Vec::new(), Vec::new());
    let mut left = clocks.as_slice();
    for telling in &mut told {
        let (own, later) = left.split_at_checked(telling.ledgers.len()).unwrap_or((left, &[]));
        left = later;
        let (counted, marked) = telling.follow(&house.ids, own);
        deltas.extend(counted);
        marks.extend(marked);
    }
    let cases: Vec<Case> = told.iter().map(|telling| telling.case.clone()).collect();
    store::insert_many(work.tx, &cases).await?;
    write_tasks(work, &mut told).await?;
    let extras: Vec<(&Case, &Extras)> = told.iter().map(|telling| (&telling.case, &telling.told.extras)).collect();
    store::insert_extras(work.tx, &extras).await?;
    let symptoms: Vec<(Id<of::Case>, &[Symptom])> =
        told.iter().map(|telling| (telling.case.id, telling.told.symptoms.as_slice())).collect();
    store::insert_case_symptoms(work.tx, &symptoms).await?;
    let plans: Vec<PlanRow> = told.iter_mut().flat_map(|telling| std::mem::take(&mut telling.plans)).collect();
    store::insert_plans(work.tx, &plans).await?;
    let checks: Vec<Check> = told.iter_mut().flat_map(|telling| std::mem::take(&mut telling.checks)).collect();
    store::insert_checks(work.tx, &checks).await?;
    let messages: Vec<Message> = told.iter_mut().flat_map(|telling| std::mem::take(&mut telling.messages)).collect();
    store::insert_messages(work.tx, &messages).await?;
    store::insert_marks(work.tx, &marks).await?;
    let events: Vec<(Who, &Ctx, Event)> = told.into_iter().flat_map(|telling| telling.events).collect();
    let entries: Vec<(Who, Entry)> = events.iter().map(|(who, _, event)| (who.clone(), entry(who, event))).collect();
    journal::append_each(work.tx, &house.ids, &entries).await?;
    deltas.extend(events.iter().flat_map(|(.., event)| event.deltas.iter().cloned()));
    metrics::append(work.tx, &house.ids, &summed(deltas)).await?;
    let places: BTreeMap<i64, &Case> = cases.iter().map(|case| (case.id.get(), case)).collect();
    let pieces: Vec<Piece> =
        events.iter().flat_map(|(.., event)| &event.pieces).map(|piece| placed(piece, &places)).collect();
    search::index(work.tx, &house.ids, &pieces).await?;
    for (who, by, event) in &events {
        let mut then = work.acting(by, who.now);
        for listener in &house.listeners {
            listener(&mut then, event).await?;
        }
    }
    Ok(cases.iter().map(|case| TakenIn::of(case, false, None)).collect())
}

/// Writes the tasks of all tellings with their clocks, and leaves their events to be written with the others.
async fn write_tasks(work: &mut Work<'_>, told: &mut [Telling<'_>]) -> Result<(), Fault> {
    let house = &work.ctx.house;
    let all: Vec<&TaskTold<'_>> = told.iter().flat_map(|telling| &telling.tasks).collect();
    if all.is_empty() {
        return Ok(());
    }
    let records: Vec<RecordRef> = all.iter().map(|one| RecordRef::new(tasks::TASK, one.task.id)).collect();
    let clocks: Vec<(NewClock<'_>, Vec<ClockEntry>)> = all
        .iter()
        .zip(&records)
        .map(|(one, record)| {
            let end = one.done.map(|(_, at)| ClockEntry::Stop { at: at.to_jiff(), outcome: Outcome::Met });
            (one.clock.of(record), end.into_iter().collect())
        })
        .collect();
    let clocks = calendar::replay(work.tx, &house.ids, None, work.now, &clocks).await?;
    let mut clocks = clocks.into_iter();
    for telling in told {
        let mut tasks = std::mem::take(&mut telling.tasks);
        for (one, clock) in tasks.iter_mut().zip(clocks.by_ref()) {
            // A clock that has ended keeps the time at which it was due.
            if let Some(due) = clock.due_at {
                one.task.due_at = due;
                one.task.soon_at = clock.warn_at.unwrap_or(due);
            }
        }
        let rows: Vec<Task> = tasks.iter().map(|one| one.task.clone()).collect();
        store::insert_tasks(work.tx, &rows).await?;
        for TaskTold { task, by, done, .. } in &tasks {
            let (on_task, on_case) = tasks::given(by, &telling.case, task, task.given_at);
            telling.happened(by, task.given_at, on_case);
            telling.happened(by, task.given_at, on_task);
            if let Some((by, at)) = done {
                let (on_task, on_case) =
                    tasks::ended(by, &telling.case, task, TaskAct::Finish, TaskState::Accepted, *at);
                telling.happened(by, *at, on_case);
                telling.happened(by, *at, on_task);
            }
        }
        // The journal of a case is in order of time.
        telling.events.sort_by_key(|(who, ..)| who.now);
    }
    Ok(())
}

fn entry(who: &Who, event: &Event) -> Entry {
    Entry {
        record: event.record.clone(),
        verb: event.verb,
        happened_at: event.happened_at.unwrap_or(who.now),
        changes: event.changes.clone(),
        store: Some(event.place.store),
    }
}

/// Pieces stand where their case stands in the end.
fn placed(piece: &Piece, cases: &BTreeMap<i64, &Case>) -> Piece {
    let mut piece = piece.clone();
    if let Some(case) = cases.get(&piece.record.id) {
        (piece.store, piece.team, piece.owner) = (case.store, case.team, case.owner);
    }
    piece
}

/// Deltas of the same number are one.
fn summed(deltas: Vec<Delta>) -> Vec<Delta> {
    let mut sums: BTreeMap<(&'static str, Id<of::Unit>, Day, Option<(&'static str, String)>), i64> = BTreeMap::new();
    for delta in deltas {
        let sum = sums.entry((delta.part, delta.store, delta.day, delta.dimension)).or_default();
        *sum = sum.saturating_add(delta.n);
    }
    sums.into_iter().map(|((part, store, day, dimension), n)| Delta { part, store, dimension, day, n }).collect()
}
