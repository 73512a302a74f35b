//! What is written beside the rows of an order: journal, numbers, search.

use capability::{Event, Work};
use kernel::{Day, Id, Placed, RecordRef, Zone, of};
use metrics::Delta;
use parties::domain::plain_code;
use search::Piece;

use crate::store::Order;

/// The word for orders in journal, search and live events.
pub const RECORD: &str = "platform_order";

/// The personal fields of orders in the journal.
pub const WORDS: [&str; 3] = ["buyer", "reason", "note"];

type Read = fn(&Order) -> Option<String>;

const FIELDS: [(&str, Read); 7] = [
    ("state", |one| Some(one.state.to_string())),
    ("asked", |one| Some(one.asked.to_string())),
    ("tracking", |one| one.tracking.clone()),
    ("weight", |one| one.weight.map(|weight| weight.to_string())),
    ("insurance_by", |one| Some(one.insurance.by.to_string())),
    ("insurance_state", |one| Some(one.insurance.state.to_string())),
    ("insurance_amount", |one| (one.insurance.amount.fen() > 0).then(|| one.insurance.amount.to_string())),
];

/// An event of `after` with the fields in which it differs from `before`.
pub(super) fn event(verb: &'static str, before: Option<&Order>, after: &Order) -> Event {
    let mut event = Event::new(RecordRef::new(RECORD, after.id), verb, after.place());
    for (field, read) in FIELDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    event
}

/// The time zone of a store.
pub(super) fn zone(work: &Work<'_>, store: Id<of::Unit>) -> Zone {
    let directory = work.ctx.house.identity.directories().now();
    directory.unit(store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone())
}

/// The business day of now where the order stands.
pub(super) fn today(work: &Work<'_>, one: &Order) -> Day {
    work.now.day(&zone(work, one.store))
}

/// Counts `part` on today, over all and by platform.
pub(super) fn count(mut event: Event, one: &Order, part: &'static str, day: Day, n: i64) -> Event {
    if n != 0 {
        event.deltas.extend(Delta::spread(part, one.store, day, n, &[("platform", one.platform.as_str())]));
    }
    event
}

/// What a person may look for: its numbers, the parcel, the goods, the buyer.
pub(super) fn piece(one: &Order) -> Piece {
    let mut codes = vec![one.number.clone(), plain_code(&one.number), one.bought.clone(), plain_code(&one.bought)];
    codes.extend(one.tracking.clone());
    codes.sort();
    codes.dedup();
    Piece {
        record: RecordRef::new(RECORD, one.id),
        piece: one.id.get(),
        store: one.store,
        team: one.team,
        owner: one.owner,
        text: format!("{} {} {}", one.number, one.goods, one.buyer),
        codes,
    }
}
