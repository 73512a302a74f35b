//! What is written beside the rows of a return: journal, numbers, search.

use capability::{Event, Work};
use kernel::{Day, Placed, RecordRef};
use metrics::Delta;
use search::Piece;

use crate::store::{LineRow, Return};

/// The word for returns in journal, search and live events.
pub const RECORD: &str = "return";

/// An event of `after` with the fields in which it differs from `before`.
pub(crate) fn event(verb: &'static str, before: Option<&Return>, after: &Return) -> Event {
    let mut event = Event::new(RecordRef::new(RECORD, after.id), verb, after.place());
    for (field, read) in FIELDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    for (field, read) in PERSONAL {
        event = event.personal(field, before.and_then(read), read(after));
    }
    event
}

type Read = fn(&Return) -> Option<String>;

const FIELDS: [(&str, Read); 6] = [
    ("state", |one| Some(one.state.to_string())),
    ("way", |one| Some(one.way.to_string())),
    ("rules", |one| Some(one.rules.clone())),
    ("red_invoice", |one| one.red_invoice.clone()),
    ("stock_receipt", |one| one.stock_receipt.clone()),
    ("back_cost", |one| (one.back_cost.fen() > 0).then(|| one.back_cost.to_string())),
];

/// What customers said and what may name them can be erased later.
const PERSONAL: [(&str, Read); 3] = [
    ("reason", |one| Some(one.reason.clone())),
    ("payee", |one| Some(one.payee.clone())),
    ("end_note", |one| one.end_note.clone()),
];

/// The personal fields of returns in the journal.
pub(crate) const WORDS: [&str; 5] = ["reason", "payee", "end_note", "extra_reason", "finding_note"];

/// The same event on the timeline of the case.
pub(super) fn on_case(verb: &'static str, one: &Return, case: &cases::store::Case) -> Event {
    Event::new(RecordRef::new(cases::app::RECORD, case.id), verb, case.place()).quietly().change(
        "return",
        None,
        Some(one.number.clone()),
    )
}

/// The business day where the return stands.
pub(super) fn today(work: &Work<'_>, one: &Return) -> Day {
    let directory = work.ctx.house.identity.directories().now();
    let zone = directory.unit(one.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    work.now.day(&zone)
}

/// Counts `part` on today, over all and by the way that the customer chose.
pub(super) fn count(work: &Work<'_>, mut event: Event, one: &Return, part: &'static str, n: i64) -> Event {
    event.deltas.extend(Delta::spread(part, one.store, today(work, one), n, &[("way", one.way.as_str())]));
    event
}

/// What a person may look for: its number, the serial numbers, the goods.
pub(super) fn piece(one: &Return, lines: &[LineRow]) -> Piece {
    let mut codes = vec![one.number.clone()];
    codes.extend(lines.iter().filter_map(|line| line.serial.clone()));
    codes.extend(lines.iter().filter_map(|line| line.serial.as_deref().map(parties::domain::plain_code)));
    let goods: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    Piece {
        record: RecordRef::new(RECORD, one.id),
        piece: one.id.get(),
        store: one.store,
        team: one.team,
        owner: one.owner,
        text: goods.join(" "),
        codes,
    }
}
