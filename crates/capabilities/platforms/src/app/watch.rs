//! Every few minutes: who has an order whose deadline is near is told; one that has passed is told and counted.

use capability::{Ctx, Work};
use kernel::{Fault, Id, Placed, RecordRef, of};
use notices::Notice;

use super::access::HANDLE;
use super::events::{self, RECORD, count};
use crate::store::{self, ClockRow, Order};

/// Most deadlines in one go.
const MOST: i64 = 200;

/// Tells of deadlines that are near and of those that have passed; gives how many.
///
/// # Errors
/// What the database says.
pub async fn watch(ctx: &Ctx) -> Result<usize, Fault> {
    let near = ctx.write((), |work, ()| Box::pin(look(work, false))).await?;
    let missed = ctx.write((), |work, ()| Box::pin(look(work, true))).await?;
    Ok(near + missed)
}

async fn look(work: &mut Work<'_>, passed: bool) -> Result<capability::Recorded<usize>, Fault> {
    let now = work.now;
    let found = if passed {
        store::missed(work.tx, now, MOST).await?
    } else {
        // What has passed already is told as passed.
        store::near(work.tx, now, MOST).await?.into_iter().filter(|row| row.due_at >= now).collect()
    };
    let mut events = Vec::new();
    for row in &found {
        let Some(one) = store::get(work.tx, row.order).await? else { continue };
        let (kind, verb) = if passed {
            store::set_missed(work.tx, row.id, now).await?;
            ("platform.deadline_missed", "platform_order.deadline_missed")
        } else {
            store::set_warned(work.tx, row.id, now).await?;
            ("platform.deadline_near", "platform_order.deadline_near")
        };
        let told = told(work, &one);
        notices::tell(work, &told, &notice(kind, &one, row)).await?;
        let mut event = events::event(verb, Some(&one), &one).change("deadline", None, Some(row.clock.to_string()));
        if passed && row.clock.is_ours() {
            let day = events::today(work, &one);
            event = count(event, &one, "platforms.missed", day, 1);
        }
        events.push(event);
    }
    if events.is_empty() {
        return Ok(work.unchanged(0));
    }
    Ok(work.record_all(events).await?.with(found.len()))
}

/// Who has it; where nobody has, who may handle it there.
fn told(work: &Work<'_>, one: &Order) -> Vec<Id<of::User>> {
    let directory = work.ctx.house.identity.directories().now();
    match one.owner {
        Some(owner) if directory.user(owner).is_some_and(|user| user.active) => vec![owner],
        _ => directory.who_may(HANDLE, &one.place()).into_iter().map(|user| user.id).take(5).collect(),
    }
}

fn notice(kind: &'static str, one: &Order, row: &ClockRow) -> Notice {
    Notice::new(kind, RecordRef::new(RECORD, one.id))
        .at(format!("/platform-orders/{}", one.id))
        .number(&one.number)
        .subject(&one.goods)
        .due(row.due_at)
}
