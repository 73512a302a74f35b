use capability::Ctx;
use kernel::{Cursor, Fault, Id, of};

use super::{CustomerCard, REVEAL, VIEW, found};
use crate::domain::Phone;
use crate::file::RECORD;
use crate::store::{self, Digits, Wanted};

/// Most customers that a lookup while typing shows.
const SHOWN: i64 = 8;

/// A page of customers.
#[derive(Debug, Clone)]
pub struct Customers {
    /// Newest first.
    pub rows: Vec<CustomerCard>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Customers whose number fits what is typed. Who may reveal numbers finds them by their beginning, from three digits on; all
/// others by the whole number or exactly its last four digits, so that masked numbers cannot be guessed digit by digit.
///
/// # Errors
/// `busy` when the database is away.
pub async fn find(ctx: &Ctx, typed: &str) -> Result<Vec<CustomerCard>, Fault> {
    let Some(wanted) = wanted(typed, ctx.actor.holds(REVEAL)) else { return Ok(Vec::new()) };
    // A beginning is only as wide as the right to see whole numbers.
    let mut reach = ctx.reach(VIEW);
    if matches!(wanted, Digits::Prefix(_)) {
        let reveal = ctx.reach(REVEAL);
        if reach.company {
            reach = reveal;
        } else if !reveal.company {
            reach.stores.retain(|store| reveal.stores.contains(store));
        }
    }
    ctx.read((wanted, reach), |tx, (wanted, reach)| {
        Box::pin(async move {
            let found = store::find_by_phone(tx, wanted, reach, SHOWN).await?;
            Ok(found.into_iter().map(CustomerCard::from).collect())
        })
    })
    .await
}

fn wanted(typed: &str, prefixes: bool) -> Option<Digits> {
    if let Ok(phone) = Phone::parse(typed) {
        return Some(Digits::Whole(phone.digits().to_owned()));
    }
    let digits = Phone::typed_digits(typed)?;
    match digits.len() {
        4 if !prefixes || !digits.starts_with('1') => Some(Digits::Tail(digits)),
        3..=12 if prefixes => Some(Digits::Prefix(digits)),
        4 => Some(Digits::Tail(digits)),
        _ => None,
    }
}

/// The customer `id`, masked.
///
/// # Errors
/// `not-found`.
pub async fn get(ctx: &Ctx, id: Id<of::Customer>) -> Result<CustomerCard, Fault> {
    let customer = ctx
        .read(id, |tx, id| Box::pin(async move { Ok(store::get(tx, *id).await?) }))
        .await?
        .ok_or_else(Fault::not_found)?;
    ctx.require(VIEW, &customer)?;
    Ok(customer.into())
}

/// Customers within reach, newest first.
///
/// # Errors
/// `busy` when the database is away.
pub async fn list(ctx: &Ctx, after: Option<Cursor>, limit: u16) -> Result<Customers, Fault> {
    listed(ctx, Wanted::default(), None, after, limit).await
}

/// Customers within reach that are `wanted` and in which `text` is found, newest first.
///
/// # Errors
/// `busy` when the database is away.
pub async fn listed(
    ctx: &Ctx,
    wanted: Wanted,
    text: Option<String>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Customers, Fault> {
    let limit = i64::from(limit.clamp(1, 200));
    let input = (wanted, text, ctx.reach(VIEW), after.map(|cursor| cursor.id), limit);
    let found = ctx
        .read(input, |tx, (wanted, text, reach, after, limit)| {
            Box::pin(async move {
                let ids = found::ids(tx, RECORD, text.as_deref(), reach).await?;
                let wanted = Wanted { ids: ids.or_else(|| wanted.ids.clone()), ..wanted.clone() };
                Ok(store::list(tx, &wanted, reach, *after, limit + 1).await?)
            })
        })
        .await?;
    let mut rows: Vec<CustomerCard> = found.into_iter().map(CustomerCard::from).collect();
    let more = usize::try_from(limit).is_ok_and(|limit| rows.len() > limit);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: last.id.get(), id: last.id.get() });
    Ok(Customers { rows, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_may_reveal_looks_up_beginnings() {
        let whole = Digits::Whole("13812345678".into());
        assert_eq!(wanted("138 1234 5678", false), Some(whole.clone()));
        assert_eq!(wanted("138 1234 5678", true), Some(whole));
        assert_eq!(wanted("138", false), None);
        assert_eq!(wanted("13812", false), None);
        assert_eq!(wanted("5678", false), Some(Digits::Tail("5678".into())));
        assert_eq!(wanted("1381", false), Some(Digits::Tail("1381".into())));
        assert_eq!(wanted("138", true), Some(Digits::Prefix("138".into())));
        assert_eq!(wanted("1381", true), Some(Digits::Prefix("1381".into())));
        assert_eq!(wanted("5678", true), Some(Digits::Tail("5678".into())));
        assert_eq!(wanted("王", true), None);
        assert_eq!(wanted("", true), None);
    }
}
