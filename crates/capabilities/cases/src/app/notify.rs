//! Tells members of staff what happened to their cases and tasks, in the transaction in which it happened.

use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{ActorKind, Fault, Id, RecordRef, Timestamp, of};
use notices::Notice;

use super::events::RECORD;
use super::tasks::TASK;
use crate::store;

/// Who is told of an event of a case besides those whom it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Also {
    /// Whoever has the case.
    Owner,
    /// Whoever has it now and had it not before.
    NewOwner,
    /// Nobody.
    Nobody,
}

fn of_case(event: &Event, by_customer: bool) -> Option<(&'static str, Also)> {
    match event.verb {
        "case.taken_in" | "case.accepted" | "case.assigned" => Some(("case.assigned", Also::NewOwner)),
        "case.reopened" => Some(("case.assigned", Also::Owner)),
        "case.mentioned" => Some(("case.mentioned", Also::Nobody)),
        "case.message_posted" if by_customer => Some(("case.customer_wrote", Also::Owner)),
        "case.confirmed" | "case.declined" if by_customer => Some(("case.decided", Also::Owner)),
        "case.deadline_near" => Some(("case.deadline_near", Also::Owner)),
        "case.deadline_missed" | "case.deadline_raised" | "case.customer_silent" => {
            Some(("case.deadline_missed", Also::Owner))
        }
        "survey.low_rating" => Some(("rating.low", Also::Owner)),
        _ => None,
    }
}

/// Which notice an event of a task is, and whether whoever gave the task is told of it too.
fn of_task(event: &Event) -> Option<(&'static str, bool)> {
    match event.verb {
        "task.given" | "task.handed_over" => Some(("task.given", false)),
        "task.returned" => Some(("task.returned", true)),
        "task.done" => Some(("task.done", true)),
        "task.deadline_near" => Some(("case.deadline_near", false)),
        "task.deadline_missed" => Some(("case.deadline_missed", true)),
        _ => None,
    }
}

/// Listens to what is recorded of cases and tasks.
pub(crate) fn listen<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        match event.record.kind {
            _ if work.replayed => Ok(()),
            RECORD => case_event(work, event).await,
            TASK => task_event(work, event).await,
            _ => Ok(()),
        }
    })
}

async fn case_event(work: &mut Work<'_>, event: &Event) -> Result<(), Fault> {
    let by_customer = work.ctx.actor.kind == ActorKind::Customer;
    let Some((kind, also)) = of_case(event, by_customer) else { return Ok(()) };
    let new_owner = event.changes.iter().any(|change| change.field == "owner" && change.after.is_some());
    let owner = match also {
        Also::Owner => event.place.owner,
        Also::NewOwner => event.place.owner.filter(|_| new_owner),
        Also::Nobody => None,
    };
    let users: Vec<Id<of::User>> = named(event).into_iter().chain(owner).collect();
    if users.is_empty() {
        return Ok(());
    }
    let Some(case) = store::get(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
    let notice = Notice::new(kind, RecordRef::new(RECORD, case.id)).number(&case.number).subject(&case.subject);
    notices::tell(work, &users, &spoken(notice, event, &case.subject)).await
}

async fn task_event(work: &mut Work<'_>, event: &Event) -> Result<(), Fault> {
    let Some((kind, giver_too)) = of_task(event) else { return Ok(()) };
    let Some(task) = store::task(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
    let Some(case) = store::get(work.tx, task.case).await? else { return Ok(()) };
    let mut users = Vec::new();
    // What is done or comes back concerns whoever gave it; the rest concerns whoever is to do it.
    if !matches!(kind, "task.returned" | "task.done") {
        users.extend(task.assignee);
        if let (None, Some(unit)) = (task.assignee, task.unit) {
            let directory = work.ctx.house.identity.directories().now();
            users.extend(directory.users().filter(|user| user.home == unit).map(|user| user.id));
        }
    }
    users.extend(task.given_by.filter(|_| giver_too));
    let notice = Notice::new(kind, RecordRef::new(TASK, task.id)).number(&case.number).subject(&task.title);
    let notice = match &task.answer {
        Some(answer) => notice.text(answer),
        None => notice.due(task.due_at),
    };
    notices::tell(work, &users, &notice).await
}

/// The people whom an event names as those to be told.
fn named(event: &Event) -> Vec<Id<of::User>> {
    let named = event.changes.iter().filter(|change| change.field == "user");
    named.filter_map(|change| change.after.as_deref()?.parse::<i64>().ok().map(Id::new)).collect()
}

/// The notice with what was said, decided or is due.
fn spoken(notice: Notice, event: &Event, subject: &str) -> Notice {
    let after =
        |field: &str| event.changes.iter().find(|change| change.field == field).and_then(|change| change.after.clone());
    match event.verb {
        "case.message_posted" => notice.text(&after("text").unwrap_or_default()),
        "case.mentioned" => notice.text(subject),
        "case.confirmed" => notice.said("cases-notice-confirmed"),
        "case.declined" => notice.said("cases-notice-declined"),
        "case.deadline_near" | "case.deadline_missed" | "case.deadline_raised" | "case.customer_silent" => {
            let notice = match after("stage") {
                Some(stage) => notice.said(&format!("cases-stage-{}", stage.replace('_', "-"))),
                None => notice,
            };
            match after("due").and_then(|due| due.parse::<Timestamp>().ok()) {
                Some(due) => notice.due(due),
                None => notice,
            }
        }
        _ => notice,
    }
}
