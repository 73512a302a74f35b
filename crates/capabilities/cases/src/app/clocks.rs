//! Carries out what the rules decide about clocks, in the calendar's ledger.

use std::collections::BTreeMap;

use calendar::worktime::{BasisPoints, DayEnd, DueRule, Millis, Outcome, Policy as ClockPolicy};
use calendar::{Basis, Change, Clock, Ending, Entered, NewClock, Standing};
use capability::Work;
use kernel::{Fault, Id, RecordRef, Timestamp, of};

use super::events::RECORD;
use super::pace::HURRIED;
use crate::domain::{ClockAction, ClockNow, Deadline, Policy, Stage, Unit};
use crate::store::{Case, Due};

/// A promise is soon from here on: three quarters used.
const WARNED: BasisPoints = BasisPoints(7_500);

/// The clocks of one case that are not stopped, while something happens to them.
pub(super) struct Clocks {
    live: BTreeMap<Stage, Clock>,
    /// Stages that ended in time.
    pub met: Vec<Stage>,
    /// Stages that ended late and were not counted before.
    pub missed: Vec<Stage>,
    /// Clocks that ended, with the length of their ledger.
    pub ended: BTreeMap<Id<of::Clock>, i64>,
}

impl Clocks {
    /// Of a case that has none yet.
    pub(super) const fn none() -> Self {
        Self { live: BTreeMap::new(), met: Vec::new(), missed: Vec::new(), ended: BTreeMap::new() }
    }

    /// Of `case`.
    pub(super) async fn of(work: &mut Work<'_>, case: &Case) -> Result<Self, Fault> {
        let all = calendar::of_record(work.tx, &RecordRef::new(RECORD, case.id)).await?;
        Ok(Self::from_all(&all))
    }

    /// Those of `all` that are not stopped.
    pub(super) fn from_all(all: &[Clock]) -> Self {
        let live = all.iter().filter(|clock| clock.state != Standing::Stopped);
        Self {
            live: live.filter_map(|clock| Some((Stage::parse(&clock.stage)?, clock.clone()))).collect(),
            ..Self::none()
        }
    }

    /// Each with the length of its ledger.
    pub(super) fn lengths(&self) -> BTreeMap<Id<of::Clock>, i64> {
        self.live.values().map(|clock| (clock.id, clock.entries)).collect()
    }

    /// The clock of `stage`, if it is not stopped.
    pub(super) fn get_mut(&mut self, stage: Stage) -> Option<&mut Clock> {
        self.live.get_mut(&stage)
    }

    /// As the rules want to know them.
    pub(super) fn now(&self) -> BTreeMap<Stage, ClockNow> {
        let standing = |clock: &Clock| match clock.state {
            Standing::Paused => ClockNow::Paused,
            Standing::Running | Standing::Stopped => ClockNow::Running,
        };
        self.live.iter().map(|(stage, clock)| (*stage, standing(clock))).collect()
    }

    /// Carries out `actions` on the clocks of `case`, which stands as it will be saved, at the event's time `at`.
    pub(super) async fn act(
        &mut self,
        work: &mut Work<'_>,
        case: &Case,
        policy: &Policy,
        actions: &[ClockAction],
        at: Timestamp,
    ) -> Result<(), Fault> {
        let entered = entered(work);
        let mut begun = Vec::new();
        for action in actions {
            match *action {
                ClockAction::Start(stage, share) => {
                    if let Some(deadline) = policy.deadline(case.kind, case.priority, stage, at) {
                        begun.push((stage, rule(case, stage, deadline.share(share))));
                    }
                }
                ClockAction::Promise(stage, due) => begun.push((stage, promise(stage, at, due))),
                ClockAction::Given(stage, deadline) => begun.push((stage, rule(case, stage, deadline))),
                ClockAction::Stop(stage) => self.end(work, &entered, stage, at, Outcome::Met).await?,
                ClockAction::Drop(stage) => {
                    begun.retain(|(other, _)| *other != stage);
                    self.end(work, &entered, stage, at, Outcome::Cancelled).await?;
                }
                ClockAction::Pause(stage, reason) => {
                    if let Some(clock) = self.live.get_mut(&stage) {
                        *clock = calendar::pause(work.tx, &entered, clock.id, at, reason.as_str()).await?;
                    }
                }
                ClockAction::Resume(stage) => {
                    if let Some(clock) = self.live.get_mut(&stage) {
                        *clock = calendar::resume(work.tx, &entered, clock.id, at).await?;
                    }
                }
            }
        }
        if begun.is_empty() {
            return Ok(());
        }
        let record = RecordRef::new(RECORD, case.id);
        let (stages, policies): (Vec<Stage>, Vec<ClockPolicy>) = begun.into_iter().unzip();
        let wanted: Vec<NewClock<'_>> = stages
            .iter()
            .zip(policies)
            .map(|(stage, policy)| NewClock {
                record: &record,
                stage: stage.as_str(),
                store: case.store,
                basis: Basis::Store,
                policy,
                at,
            })
            .collect();
        let started = calendar::start(work.tx, &work.ctx.house.ids, &entered, &wanted).await?;
        self.live.extend(stages.into_iter().zip(started));
        Ok(())
    }

    /// Gives the clocks that go on the time that another kind or priority has.
    pub(super) async fn retarget(
        &mut self,
        work: &mut Work<'_>,
        case: &Case,
        policy: &Policy,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let entered = entered(work);
        for (stage, clock) in &mut self.live {
            let Some(deadline) = policy.deadline(case.kind, case.priority, *stage, at) else { continue };
            let policy = rule(case, *stage, deadline);
            // What has just begun has its time already, and who is upset does not wait longer.
            if policy.code == clock.policy_code || clock.policy_code.starts_with(HURRIED) {
                continue;
            }
            let change = Change { policy: Some(policy), store: None, reason: "priority" };
            *clock = calendar::change(work.tx, &entered, clock.id, at, &change).await?;
        }
        Ok(())
    }

    /// Gives clocks that were hurried the time of the case's kind and priority again.
    pub(super) async fn settle(
        &mut self,
        work: &mut Work<'_>,
        case: &Case,
        policy: &Policy,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let entered = entered(work);
        for (stage, clock) in &mut self.live {
            let Some(deadline) = policy.deadline(case.kind, case.priority, *stage, at) else { continue };
            if clock.policy_code.starts_with(HURRIED) {
                let change = Change { policy: Some(rule(case, *stage, deadline)), store: None, reason: "calmed" };
                *clock = calendar::change(work.tx, &entered, clock.id, at, &change).await?;
            }
        }
        Ok(())
    }

    async fn end(
        &mut self,
        work: &mut Work<'_>,
        entered: &Entered,
        stage: Stage,
        at: Timestamp,
        how: Outcome,
    ) -> Result<(), Fault> {
        let Some(clock) = self.live.remove(&stage) else { return Ok(()) };
        let was_late = clock.due_at.is_some_and(|due| due < at);
        let stopped = calendar::stop(work.tx, entered, clock.id, at, how).await?;
        self.ended.insert(stopped.id, stopped.entries);
        // The customer's own time is nobody's merit and nobody's fault.
        if stage.is_customers() {
            return Ok(());
        }
        // What the sweep has found late is counted already; what was late counts even when its question no longer stands.
        let counted = clock.breached_at.is_some() && clock.next_at.is_none();
        match (how, stopped.outcome) {
            (Outcome::Met, Some(Ending::Met)) => self.met.push(stage),
            (Outcome::Met, _) if !counted => self.missed.push(stage),
            (Outcome::Cancelled, _) if !counted && was_late => self.missed.push(stage),
            _ => {}
        }
        Ok(())
    }

    /// The nearest deadline that runs.
    pub(super) fn due(&self) -> Option<Due> {
        self.live
            .iter()
            .filter(|(_, clock)| clock.state == Standing::Running)
            .filter_map(|(stage, clock)| {
                let at = clock.due_at?;
                Some(Due { stage: *stage, at, soon_at: clock.warn_at.unwrap_or(at), from: clock.started_at })
            })
            .min_by_key(|due| (due.at, due.stage))
    }
}

pub(super) fn entered(work: &Work<'_>) -> Entered {
    Entered { by: work.ctx.actor.user, at: work.now }
}

/// The rule of a clock that is due when somebody said, in natural time: a promise runs through the night.
pub(super) fn promise(stage: Stage, from: Timestamp, due: Timestamp) -> ClockPolicy {
    ClockPolicy {
        code: format!("cases.promise.{stage}"),
        version: 1,
        rule: DueRule::Natural { allowed: Millis(due.since(from).max(Millis::MINUTE.0)) },
        warn_at: vec![WARNED],
    }
}

/// The rule of a clock, named by what it was chosen for.
pub(super) fn rule(case: &Case, stage: Stage, deadline: Deadline) -> ClockPolicy {
    let amount = deadline.amount.max(0);
    ClockPolicy {
        code: format!("cases.{}.{}.{stage}", case.kind, case.priority),
        version: deadline.version,
        rule: match deadline.unit {
            Unit::Working => DueRule::Working { allowed: Millis::minutes(amount) },
            Unit::Natural => DueRule::Natural { allowed: Millis::minutes(amount) },
            Unit::WorkingDays => {
                DueRule::WorkingDays { days: u32::try_from(amount).unwrap_or(u32::MAX), end: DayEnd::Close }
            }
        },
        warn_at: vec![BasisPoints(deadline.warn_share)],
    }
}
