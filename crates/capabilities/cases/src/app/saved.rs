//! Filters of the list that a person keeps.

use capability::{Ctx, Event, Work};
use kernel::{Fault, FieldErrors, Id, Place, RecordRef, of};
use parties::domain::text;

use crate::store::{self, SavedList, SavedListId};

/// Most filters that one person keeps.
pub const KEPT_MOST: i64 = 12;
/// Longest name, in characters.
const NAME: usize = 20;
/// Longest address, in bytes.
const ADDRESS: usize = 2_000;
/// The word for kept filters in the journal.
const RECORD: &str = "saved_list";

/// What the person keeps.
///
/// # Errors
/// `busy` when the database is away.
pub async fn kept(ctx: &Ctx) -> Result<Vec<SavedList>, Fault> {
    let Some(user) = ctx.actor.user else { return Ok(Vec::new()) };
    ctx.read(user, |tx, user| Box::pin(async move { Ok(store::saved_lists(tx, *user, KEPT_MOST).await?) })).await
}

/// Keeps the filter `address` under `name`; a name that is kept already takes the new filter.
///
/// # Errors
/// `invalid` without a name; `cases-list-full` beyond [`KEPT_MOST`].
pub async fn keep(ctx: &Ctx, name: &str, address: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let name = text::required(&mut errors, "name", name, NAME);
    if address.len() > ADDRESS {
        errors.add("name", "cases-list-long");
    }
    errors.check()?;
    let user = ctx.actor.user.ok_or_else(Fault::forbidden)?;
    ctx.write((user, name, address.to_owned()), |work, (user, name, address)| {
        Box::pin(async move {
            let known = store::saved_lists(work.tx, *user, KEPT_MOST).await?;
            let before = known.iter().find(|list| list.name == *name);
            if before.is_none() && i64::try_from(known.len()).unwrap_or(KEPT_MOST) >= KEPT_MOST {
                return Err(Fault::refused("cases-list-full").with("max", KEPT_MOST));
            }
            let id = before.map_or_else(|| work.ctx.house.ids.next(), |list| list.id);
            let list = SavedList { id, name: name.clone(), address: address.clone() };
            store::save_list(work.tx, *user, &list, work.now).await?;
            let event = event(work, *user, list.id, "list.kept")?
                .change("name", before.map(|list| list.name.clone()), Some(list.name))
                .personal("address", before.map(|list| list.address.clone()), Some(list.address));
            work.record(event).await
        })
    })
    .await
}

/// Forgets what is kept as `id`.
///
/// # Errors
/// `not-found` when the person keeps no such filter.
pub async fn forget(ctx: &Ctx, id: Id<SavedListId>) -> Result<(), Fault> {
    let user = ctx.actor.user.ok_or_else(Fault::forbidden)?;
    ctx.write((user, id), |work, (user, id)| {
        Box::pin(async move {
            let list = store::forget_list(work.tx, *user, *id).await?.ok_or_else(Fault::not_found)?;
            let event = event(work, *user, *id, "list.forgotten")?.change("name", Some(list.name), None).personal(
                "address",
                Some(list.address),
                None,
            );
            work.record(event).await
        })
    })
    .await
}

fn event(work: &Work<'_>, user: Id<of::User>, id: Id<SavedListId>, verb: &'static str) -> Result<Event, Fault> {
    let directory = work.ctx.house.identity.directories().now();
    let home = work.ctx.actor.home.or_else(|| directory.company().map(|unit| unit.id)).ok_or_else(Fault::forbidden)?;
    let place = Place { store: home, team: None, owner: Some(user) };
    Ok(Event::new(RecordRef::new(RECORD, id), verb, place).quietly())
}
