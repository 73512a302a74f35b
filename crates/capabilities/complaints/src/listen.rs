use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id};

use crate::domain::State;
use crate::domain::refusal::INTERESTED;
use crate::regulator::app as regulator;
use crate::regulator::domain::HELD;
use crate::{app, store};

/// Another capability took the case over from elsewhere and says from where, in the field `source`.
const CAME: &str = "collection.came";

/// Acts that may give a case to somebody else.
const MOVES: [&str; 3] = ["case.assigned", "case.escalated", "case.taken_back"];

/// Acts that would change a dossier.
const ADDS: [&str; 5] =
    ["case.message_posted", "case.files_added", "case.file_removed", "case.file_restored", "case.task_given"];

/// The personal fields of complaints in the journal of their cases.
const WORDS: [&str; 6] = ["facts", "evidence", "notice", "wording", "answer", "said_at_call"];

/// Hears what happens to cases and to questions, in the transaction in which it happens: a complaint that is taken in comes into its
/// flow, the customer's answer moves it, and an answered question lets go out what waited for it.
pub(crate) fn follow<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        match (event.record.kind, event.verb) {
            (approvals::app::RECORD, "approval.decided" | "approval.withdrawn" | "approval.expired") => {
                let id = Id::new(event.record.id);
                app::answered(work, id).await?;
                regulator::answered(work, id).await
            }
            // What is played back was over long ago, or comes into the flow where it stands.
            (cases::app::RECORD, "case.taken_in") if !work.replayed => {
                let kind = event.changes.iter().find(|change| change.field == "kind");
                if kind.is_none_or(|change| change.after.as_deref() != Some("complaint")) {
                    return Ok(());
                }
                let Some(case) = cases::store::hold(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
                app::adopt_within(work, case).await.map(|_| ())
            }
            (cases::app::RECORD, CAME) => app::came_from(work, event).await,
            (cases::app::RECORD, "case.confirmed" | "case.declined") => {
                let Some(case) = cases::store::get(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
                match case.own_flow {
                    true if event.verb == "case.confirmed" => app::customer_yes(work, &case).await,
                    true => app::customer_no(work, &case).await,
                    false => Ok(()),
                }
            }
            (cases::app::RECORD, verb) if ADDS.contains(&verb) => {
                match store::get(work.tx, Id::new(event.record.id)).await? {
                    Some(complaint) if complaint.state == State::Archived => Err(Fault::refused("complaints-archived")),
                    Some(complaint) if complaint.legal_hold.is_some() && verb == "case.file_removed" => {
                        Err(Fault::refused(HELD))
                    }
                    _ => Ok(()),
                }
            }
            (cases::app::RECORD, verb) if MOVES.contains(&verb) => {
                let Some(mut complaint) = store::get(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
                let place = event.place;
                if let Some(owner) = place.owner
                    && complaint.owner != place.owner
                    && store::interested(work.tx, complaint.case).await?.contains(&owner)
                {
                    return Err(Fault::refused(INTERESTED));
                }
                (complaint.store, complaint.team, complaint.owner) = (place.store, place.team, place.owner);
                Ok(store::save(work.tx, &complaint).await?)
            }
            _ => Ok(()),
        }
    })
}

/// Hears that a customer is to be forgotten, and that it has happened: a dossier that has to be kept stands against it, one whose time
/// is over loses its words.
pub(crate) fn forget_customer<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        match (event.record.kind, event.verb) {
            (parties::file::RECORD, parties::app::ASKED | parties::app::ERASED) => {
                let today = work.now.day(&work.ctx.house.zone);
                match store::kept_of_customer(work.tx, Id::new(event.record.id), today).await? {
                    Some(number) => Err(Fault::refused("complaints-kept").with("number", number)),
                    None => Ok(()),
                }
            }
            (cases::app::RECORD, "case.erased") => {
                let id = Id::new(event.record.id);
                if store::get(work.tx, id).await?.is_some_and(|complaint| complaint.legal_hold.is_some()) {
                    return Err(Fault::refused(HELD));
                }
                if store::erase(work.tx, id).await? > 0 {
                    work.forget(&event.record, &WORDS).await?;
                }
                if crate::regulator::store::erase(work.tx, id).await? > 0 {
                    work.forget(&event.record, &regulator::FORGOTTEN).await?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    })
}
