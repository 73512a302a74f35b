use capability::Work;
use kernel::{Fault, Timestamp};

use crate::domain::{CommandName, Outcome, State, deadline, ends};
use crate::store::{self, ClockRow, Order, Shop};

/// Starts the deadline of `state` where there is one: by the platform's own moment, else by the hours of its shop; what neither says is
/// not guessed.
pub(super) async fn start(
    work: &mut Work<'_>,
    one: &Order,
    shop: &Shop,
    state: State,
    (from, stated): (Timestamp, Option<Timestamp>),
) -> Result<Option<Timestamp>, Fault> {
    let Some(clock) = state.clock() else { return Ok(None) };
    let hours = shop.hours.of(clock);
    let Some((due_at, warn_at)) = deadline(from, hours, stated) else { return Ok(None) };
    let named = stated.is_some_and(|at| at == due_at);
    let row = ClockRow {
        id: work.ctx.house.ids.next(),
        order: one.id,
        clock,
        from,
        hours: hours.filter(|_| !named),
        source: shop.source.clone().filter(|_| !named),
        due_at,
        warn_at,
        ended_at: None,
        outcome: None,
    };
    store::insert_clock(work.tx, &row).await?;
    Ok(Some(due_at))
}

/// What became of the deadlines of a step.
pub(super) struct Moved {
    /// Those that were judged.
    pub judged: Vec<(ClockRow, Outcome)>,
    /// The nearest that runs now.
    pub due_at: Option<Timestamp>,
}

/// Ends what the step `name` ends and starts what it starts. Kept is what was done *and entered* in time: what is entered late earns
/// nothing.
pub(super) async fn step(
    work: &mut Work<'_>,
    one: &Order,
    shop: &Shop,
    (name, to): (CommandName, State),
    (at, until): (Timestamp, Option<Timestamp>),
) -> Result<Moved, Fault> {
    let mut moved = Moved { judged: Vec::new(), due_at: None };
    let mut running = Vec::new();
    for row in store::clocks(work.tx, one.id).await?.into_iter().filter(|row| row.outcome.is_none()) {
        let outcome = match ends(row.clock, name, to) {
            None => {
                running.push(row);
                continue;
            }
            Some(false) => Outcome::Void,
            Some(true) if work.now <= row.due_at => Outcome::Met,
            Some(true) => Outcome::Late,
        };
        store::end_clock(work.tx, row.id, work.now, outcome).await?;
        if outcome != Outcome::Void {
            moved.judged.push((row, outcome));
        }
    }
    let runs = running.iter().any(|row| Some(row.clock) == to.clock());
    moved.due_at = running.iter().map(|row| row.due_at).min();
    // What was proved once is not asked again.
    if !runs && name != CommandName::Submit {
        let started = start(work, one, shop, to, (at, until)).await?;
        moved.due_at = moved.due_at.into_iter().chain(started).min();
    }
    Ok(moved)
}
