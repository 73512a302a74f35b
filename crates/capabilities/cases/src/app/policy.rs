//! Changing the deadlines and limits of the flow. What is there stays: a change adds rows that count from their day on.

use std::fmt;
use std::sync::Arc;

use capability::{Ctx, Event, Recorded, Work};
use kernel::{Fault, FieldErrors, Id, Place, RecordRef, Timestamp};

use super::access::RULES_EDIT;
use super::desk;
use crate::domain::{Deadline, Kind, Limit, LimitRow, Policy, PolicyRow, Priority, Stage, Unit};
use crate::store;

/// How the journal names the policy; there is one.
pub const POLICY_RECORD: &str = "policy";

/// A day may be over a little before a form that names it arrives.
const SLACK: i64 = 600_000;
/// The most that a deadline may be, in its unit: a year of minutes, or a year of days.
const LONGEST: [(Unit, i64); 3] = [(Unit::Working, 525_600), (Unit::Natural, 525_600), (Unit::WorkingDays, 365)];

/// How much time something has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How many minutes or days.
    pub amount: i64,
    /// Of what.
    pub unit: Unit,
    /// From which share on it is soon, in basis points.
    pub warn_share: i64,
}

/// Another time for a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlineChange {
    /// For which kind; `None` = every kind.
    pub kind: Option<Kind>,
    /// For which priority; `None` = every priority.
    pub priority: Option<Priority>,
    /// Which stage.
    pub stage: Stage,
    /// `None`: what counts for more kinds or priorities counts again.
    pub to: Option<Allowance>,
}

impl DeadlineChange {
    fn name(&self) -> RowName {
        RowName(self.kind, self.priority, self.stage)
    }
}

/// What a row is for, as the journal and forms name it: `complaint.any.plan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowName(pub Option<Kind>, pub Option<Priority>, pub Stage);

impl fmt::Display for RowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.0.map_or("any", Kind::as_str);
        let priority = self.1.map_or("any", Priority::as_str);
        write!(f, "{kind}.{priority}.{}", self.2)
    }
}

impl RowName {
    /// Reads what [`RowName`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (kind, priority, stage) = (parts.next()?, parts.next()?, parts.next()?);
        let kind = if kind == "any" { None } else { Some(Kind::parse(kind)?) };
        let priority = if priority == "any" { None } else { Some(Priority::parse(priority)?) };
        Some(Self(kind, priority, Stage::parse(stage)?))
    }
}

/// A change of the policy that was read at `version`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyChange {
    /// The version it is based on.
    pub version: i64,
    /// From when on; not in the past.
    pub from: Timestamp,
    /// Other deadlines.
    pub deadlines: Vec<DeadlineChange>,
    /// Other limits.
    pub limits: Vec<(Limit, i64)>,
}

/// The policy as it stands in the database.
///
/// # Errors
/// When the database is away.
pub async fn policy(ctx: &Ctx) -> Result<Policy, Fault> {
    ctx.read((), |tx, ()| Box::pin(async move { store::policy(tx).await.map_err(Fault::from) })).await
}

/// What `policy` would be after `change`.
///
/// # Errors
/// `invalid` with the fields: `from`, the name of a deadline's row or of a limit; `cases-policy-gap` when a stage would be left
/// without a deadline.
pub fn changed_policy(policy: &Policy, change: &PolicyChange, now: Timestamp) -> Result<Policy, Fault> {
    let mut errors = FieldErrors::default();
    if change.from < now.plus(-SLACK) {
        errors.add("from", "cases-policy-past");
    }
    let version = policy.version().saturating_add(1);
    let mut rows = policy.rows().to_vec();
    for wanted in &change.deadlines {
        let field = wanted.name().to_string();
        let present = policy.row(wanted.kind, wanted.priority, wanted.stage, change.from).map(|row| row.deadline);
        let deadline = match (wanted.to, present) {
            (Some(to), _) => {
                let most = LONGEST.iter().find(|(unit, _)| *unit == to.unit).map_or(365, |(_, most)| *most);
                if !(1..=most).contains(&to.amount) {
                    errors.add_with(&field, "number-range", vec![("min", "1".to_owned()), ("max", most.to_string())]);
                }
                if !(1_000..=10_000).contains(&to.warn_share) {
                    let limits = vec![("min", "10".to_owned()), ("max", "100".to_owned())];
                    errors.add_with(&field, "number-range", limits);
                }
                Deadline { unit: to.unit, amount: to.amount, warn_share: to.warn_share, version }
            }
            (None, Some(present)) => Deadline { version, ..present },
            (None, None) => continue,
        };
        rows.push(PolicyRow {
            kind: wanted.kind,
            priority: wanted.priority,
            stage: wanted.stage,
            deadline,
            effective_from: change.from,
            withdrawn: wanted.to.is_none(),
        });
    }
    let mut limits = policy.limit_rows().to_vec();
    for (limit, amount) in &change.limits {
        let range = limit.range();
        if !range.contains(amount) {
            let limits = vec![("min", range.start().to_string()), ("max", range.end().to_string())];
            errors.add_with(limit.as_str(), "number-range", limits);
        }
        limits.push(LimitRow { limit: *limit, amount: *amount, effective_from: change.from, version });
    }
    errors.check()?;
    let after = Policy::new(rows).with_limits(limits).at_version(version);
    let covered =
        |policy: &Policy, kind, priority, stage| policy.deadline(kind, priority, stage, change.from).is_some();
    for (kind, priority, stage) in every() {
        if covered(policy, kind, priority, stage) && !covered(&after, kind, priority, stage) {
            return Err(Fault::refused("cases-policy-gap").with("stage", stage.as_str()));
        }
    }
    Ok(after)
}

fn every() -> impl Iterator<Item = (Kind, Priority, Stage)> {
    let pairs = Kind::ALL.iter().flat_map(|kind| Priority::ALL.iter().map(|priority| (*kind, *priority)));
    pairs.flat_map(|(kind, priority)| Stage::ALL.iter().map(move |stage| (kind, priority, *stage)))
}

/// Adds the rows of `change`. Clocks that run keep the version by which they began. Answers the new version.
///
/// # Errors
/// `not-found` without the right to it; `stale`; as [`changed_policy`].
pub async fn change_policy(ctx: &Ctx, change: PolicyChange) -> Result<i64, Fault> {
    let version = ctx.write(change, |work, change| Box::pin(change_policy_within(work, change))).await?;
    desk::of(&ctx.house).forget_policy();
    Ok(version)
}

/// The same inside another write.
///
/// # Errors
/// As [`change_policy`].
pub async fn change_policy_within(work: &mut Work<'_>, change: &PolicyChange) -> Result<Recorded<i64>, Fault> {
    let directory = work.ctx.house.identity.directories().now();
    let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    let place = Place { store: company, team: None, owner: None };
    work.require(RULES_EDIT, &place)?;
    let before = store::policy(work.tx).await?;
    if before.version() != change.version || !store::next_policy_version(work.tx, change.version).await? {
        return Err(Fault::stale(before.version()));
    }
    let after = changed_policy(&before, change, work.now)?;
    let ids = Arc::clone(&work.ctx.house);
    for row in after.rows().iter().skip(before.rows().len()) {
        store::insert_policy_row(work.tx, &ids.ids, row).await?;
    }
    for row in after.limit_rows().iter().skip(before.limit_rows().len()) {
        store::insert_limit_row(work.tx, &ids.ids, row).await?;
    }
    let mut event =
        Event::new(RecordRef::new(POLICY_RECORD, Id::<PolicyRow>::new(1)), "policy.changed", place).quietly();
    event = event.change("effective_from", None, Some(change.from.to_string()));
    for wanted in &change.deadlines {
        let name = wanted.name();
        let text = |policy: &Policy| {
            let row =
                policy.row(wanted.kind, wanted.priority, wanted.stage, change.from).filter(|row| !row.withdrawn)?;
            let Deadline { unit, amount, warn_share, .. } = row.deadline;
            Some(format!("{name}={amount} {unit} {warn_share}"))
        };
        let none = || Some(format!("{name}="));
        event = event.change("deadline", text(&before).or_else(none), text(&after).or_else(none));
    }
    for (limit, _) in &change.limits {
        let text = |policy: &Policy| Some(format!("{limit}={}", limit.of(&policy.limits(change.from))));
        event = event.change("limit", text(&before), text(&after));
    }
    Ok(work.record(event).await?.with(after.version()))
}
