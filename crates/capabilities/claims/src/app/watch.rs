//! Every morning: who has a claim whose cut-off is near is told and gets a task; one that has passed is counted.

use capability::{Ctx, Work};
use cases::app::{NewTask, TaskDue, TaskTo};
use kernel::{Fault, FaultKind, Id, Placed, RecordRef, of};
use notices::Notice;

use super::access::HANDLE;
use super::events::{self, RECORD, count};
use crate::store::{self, Claim};

/// Most claims in one go.
const MOST: i64 = 200;

/// Tells of cut-offs that are near and counts those that have passed; gives how many.
///
/// # Errors
/// What the database says.
pub async fn watch(ctx: &Ctx) -> Result<usize, Fault> {
    let near = ctx
        .write((), |work, ()| {
            Box::pin(async move {
                let today = work.now.day(&work.ctx.house.zone);
                let due = store::near(work.tx, today, MOST).await?;
                let mut events = Vec::new();
                for claim in &due {
                    store::set_warned(work.tx, claim.id, today).await?;
                    let told = told(work, claim);
                    notices::tell(work, &told, &notice(work, "claim.cut_off_near", claim)).await?;
                    task(work, claim).await?;
                    let event = events::event("claim.cut_off_near", Some(claim), claim);
                    events.push(event.change("due", None, claim.due_on.map(|day| day.to_string())));
                }
                if events.is_empty() {
                    return Ok(work.unchanged(0));
                }
                Ok(work.record_all(events).await?.with(due.len()))
            })
        })
        .await?;
    let missed = ctx
        .write((), |work, ()| {
            Box::pin(async move {
                let today = work.now.day(&work.ctx.house.zone);
                let late = store::missed(work.tx, today, MOST).await?;
                let mut events = Vec::new();
                for claim in &late {
                    store::set_missed(work.tx, claim.id, today).await?;
                    let told = told(work, claim);
                    notices::tell(work, &told, &notice(work, "claim.cut_off_missed", claim)).await?;
                    let event = events::event("claim.cut_off_missed", Some(claim), claim);
                    let event = event.change("due", None, claim.due_on.map(|day| day.to_string()));
                    events.push(count(event, claim, "claims.missed", today, 1));
                }
                if events.is_empty() {
                    return Ok(work.unchanged(0));
                }
                Ok(work.record_all(events).await?.with(late.len()))
            })
        })
        .await?;
    Ok(near + missed)
}

/// Who has it; where nobody has, who may handle it there.
fn told(work: &Work<'_>, claim: &Claim) -> Vec<Id<of::User>> {
    let directory = work.ctx.house.identity.directories().now();
    match claim.owner {
        Some(owner) if directory.user(owner).is_some_and(|user| user.active) => vec![owner],
        _ => directory.who_may(HANDLE, &claim.place()).into_iter().map(|user| user.id).take(5).collect(),
    }
}

fn notice(work: &Work<'_>, kind: &'static str, claim: &Claim) -> Notice {
    let zone = events::zone(work, claim.store);
    let notice = Notice::new(kind, RecordRef::new(RECORD, claim.id))
        .at(format!("/claims/{}", claim.id))
        .number(&claim.number)
        .subject(&format!("{} · {}", claim.maker, claim.goods));
    match claim.due_on {
        Some(due) => notice.due(due.plus(1).start(&zone)),
        None => notice,
    }
}

/// A task on the case, unless that is over: sending the claim before its last day ends.
async fn task(work: &mut Work<'_>, claim: &Claim) -> Result<(), Fault> {
    let (Some(case), Some(due)) = (claim.case, claim.due_on) else { return Ok(()) };
    let zone = events::zone(work, claim.store);
    let end = due.plus(1).start(&zone).plus(-60_000);
    if end <= work.now {
        return Ok(());
    }
    let locale = work.ctx.locale;
    let title = web::text(locale, "claims-task-title", &[("number", claim.number.clone().into())]);
    let body = web::text(
        locale,
        "claims-task-body",
        &[
            ("maker", claim.maker.clone().into()),
            ("day", due.to_string().into()),
            ("goods", claim.goods.clone().into()),
        ],
    );
    let asked = match told(work, claim).first() {
        Some(person) => TaskTo::Person(*person),
        None => TaskTo::Unit(claim.store),
    };
    let new = NewTask { title, body, asked, due: TaskDue::At(end) };
    match cases::app::give_task_within(work, case, &new).await {
        Ok(_) => Ok(()),
        // The case is over: the notice is all there is.
        Err(fault) if matches!(fault.kind(), FaultKind::Refused | FaultKind::Invalid | FaultKind::NotFound) => Ok(()),
        Err(fault) => Err(fault),
    }
}
