//! What is written beside the rows of a claim: journal, numbers, search.

use capability::{Event, Work};
use kernel::{Day, Id, Placed, RecordRef, Zone, of};
use metrics::Delta;
use search::Piece;

use crate::store::Claim;

/// The word for claims in journal, search and live events.
pub const RECORD: &str = "claim";

type Read = fn(&Claim) -> Option<String>;

const FIELDS: [(&str, Read); 6] = [
    ("state", |one| Some(one.state.to_string())),
    ("maker", |one| Some(one.maker.clone())),
    ("claimed", |one| Some(one.claimed.to_string())),
    ("accepted", |one| one.accepted.map(|money| money.to_string())),
    ("credited", |one| (one.credited.fen() > 0).then(|| one.credited.to_string())),
    ("written", |one| (one.written.fen() > 0).then(|| one.written.to_string())),
];

/// An event of `after` with the fields in which it differs from `before`.
pub(super) fn event(verb: &'static str, before: Option<&Claim>, after: &Claim) -> Event {
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

/// Counts `part` on `day`, over all and by maker.
pub(super) fn count(mut event: Event, one: &Claim, part: &'static str, day: Day, n: i64) -> Event {
    if n != 0 {
        event.deltas.extend(Delta::spread(part, one.store, day, n, &[("maker", one.maker.as_str())]));
    }
    event
}

/// What a person may look for: its number, the serial number, goods and maker.
pub(super) fn piece(one: &Claim) -> Piece {
    let mut codes = vec![one.number.clone()];
    codes.extend(one.serial.clone());
    codes.extend(one.serial.as_deref().map(parties::domain::plain_code));
    Piece {
        record: RecordRef::new(RECORD, one.id),
        piece: one.id.get(),
        store: one.store,
        team: one.team,
        owner: one.owner,
        text: format!("{} {} {}", one.number, one.maker, one.goods),
        codes,
    }
}
