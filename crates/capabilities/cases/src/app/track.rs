//! A customer who has lost the link asks for another one: by number and telephone together, and only to that telephone.

use capability::{Ctx, Recorded, Work};
use identity::{Secret, digest};
use kernel::{Actor, Fault, FieldErrors, Id, Reach, of};
use parties::domain::{Phone, text};

use super::events;
use super::tell;
use crate::domain::Notice;
use crate::store;

/// Most links that one telephone may be sent in an hour.
const PER_PHONE: i64 = 3;
/// One hour, in milliseconds.
const HOUR: i64 = 3_600_000;

/// Sends the tracking link of the case `number` of `store` to `phone`, if the case is of a customer with that telephone. Whether it was
/// is not told, so that nobody learns who has a case here.
///
/// # Errors
/// `invalid` with the fields `number` and `phone`.
pub async fn send_tracking(ctx: &Ctx, store: Id<of::Unit>, number: &str, phone: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let number = text::required(&mut errors, "number", number, 40).to_uppercase();
    let phone = match Phone::parse(phone) {
        Ok(phone) => Some(phone),
        Err(error) => {
            error.note(&mut errors, "phone");
            None
        }
    };
    errors.check()?;
    let Some(phone) = phone else { return Ok(()) };
    let mut own = ctx.clone();
    own.actor = Actor::customer("");
    own.session = None;
    let input = (store, number, phone.digits().to_owned(), Secret::link()?);
    own.write(input, |work, (store, number, phone, token)| Box::pin(send(work, *store, number, phone, token))).await
}

async fn send(
    work: &mut Work<'_>,
    store: Id<of::Unit>,
    number: &str,
    phone: &str,
    token: &Secret,
) -> Result<Recorded<()>, Fault> {
    let row = store::by_number(work.tx, number, &Reach::company()).await?;
    let case = match row {
        Some(row) => store::get(work.tx, row.id).await?.filter(|case| case.store == store),
        None => None,
    };
    let Some((case, customer)) = case.and_then(|case| case.customer.map(|customer| (case, customer))) else {
        return Ok(work.unchanged(()));
    };
    let contact = parties::file::contact(work.tx, customer).await?;
    let known = contact.and_then(|contact| contact.phone).is_some_and(|known| known.digits() == phone);
    let subject = digest(&format!("track|{phone}"));
    let hour = work.now.plus(-HOUR);
    if !known || store::tries(work.tx, &subject, hour, PER_PHONE).await? >= PER_PHONE {
        return Ok(work.unchanged(()));
    }
    store::insert_try(work.tx, work.ctx.house.ids.next(), &subject, work.now).await?;
    let _ = tell::tell(work, &case, Notice::TakenIn, "", token).await?;
    let event = events::event(&case, "case.link_issued", work.now).change("purpose", None, Some("track".to_owned()));
    work.record(event).await
}
