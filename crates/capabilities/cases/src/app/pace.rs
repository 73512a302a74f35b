//! A shorter time until the customer hears from us again, for cases whose customer is upset.

use calendar::worktime::{BasisPoints, DueRule, Millis, Policy as ClockPolicy};
use calendar::{Change, Standing};
use capability::Work;
use kernel::{Fault, Id, Timestamp, of};

use super::clocks::{Clocks, entered};
use crate::domain::{Stage, WARN_SHARE};
use crate::store;

/// How the rules of hurried clocks begin; another kind or priority does not give them their old time again.
pub(super) const HURRIED: &str = "cases.upset.";
/// What ends when the customer hears from us.
const STAGES: [Stage; 2] = [Stage::FirstAnswer, Stage::NextAnswer];

/// How soon somebody speaks with the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hurry {
    /// What it is named by in the clock's rule.
    pub level: &'static str,
    /// Minutes of the store's working time from now on.
    pub minutes: i64,
}

/// Brings the next answer of the case `id` forward, where it would come later. The clock keeps its ledger, which says from when on and
/// why; a clock that has less time left keeps it. Gives the nearest deadline that was brought forward.
///
/// # Errors
/// What the database says.
pub async fn hurry(work: &mut Work<'_>, id: Id<of::Case>, hurry: Hurry) -> Result<Option<Timestamp>, Fault> {
    let Some(mut case) = store::hold(work.tx, id).await? else { return Ok(None) };
    if case.state.is_over() {
        return Ok(None);
    }
    let mut clocks = Clocks::of(work, &case).await?;
    let (entered, now) = (entered(work), work.now);
    let calendar = calendar::of_store(work.tx, case.store).await?;
    let mut moved = None;
    for stage in STAGES {
        let Some(clock) = clocks.get_mut(stage).filter(|clock| clock.state == Standing::Running) else { continue };
        let Ok(wanted) = calendar.add(now.to_jiff(), Millis::minutes(hurry.minutes)) else { continue };
        let wanted = Timestamp::from_jiff(wanted);
        if clock.due_at.is_none_or(|due| due <= wanted) {
            continue;
        }
        // Time used stays used, so the whole time is what has passed and what is left from now on.
        let passed = calendar.elapsed(clock.started_at.to_jiff(), now.to_jiff()).map_or(0, |passed| passed.0);
        let policy = ClockPolicy {
            code: format!("{HURRIED}{}.{stage}", hurry.level),
            version: clock.policy_version,
            rule: DueRule::Working { allowed: Millis(passed.saturating_add(Millis::minutes(hurry.minutes).0)) },
            warn_at: vec![BasisPoints(WARN_SHARE)],
        };
        let change = Change { policy: Some(policy), store: None, reason: "upset" };
        *clock = calendar::change(work.tx, &entered, clock.id, now, &change).await?;
        moved = moved.min(clock.due_at).or(clock.due_at);
    }
    if moved.is_some() {
        case.due = clocks.due();
        store::save_pace(work.tx, &case).await?;
    }
    Ok(moved)
}

/// Gives the next answer of the case `id` the time of its kind and priority again.
///
/// # Errors
/// What the database says.
pub async fn settle(work: &mut Work<'_>, id: Id<of::Case>) -> Result<(), Fault> {
    let Some(mut case) = store::hold(work.tx, id).await? else { return Ok(()) };
    if case.state.is_over() {
        return Ok(());
    }
    let policy = store::policy(work.tx).await?;
    let mut clocks = Clocks::of(work, &case).await?;
    clocks.settle(work, &case, &policy, work.now).await?;
    case.due = clocks.due();
    Ok(store::save_pace(work.tx, &case).await?)
}
