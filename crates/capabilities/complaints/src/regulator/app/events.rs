//! What is written beside the rows of a regulator case: the journal of its case, search, and numbers.

use capability::{Event, Work};
use kernel::{Placed, RecordRef, Timestamp};
use metrics::Delta;
use search::Piece;

use super::PIECE;
use crate::regulator::store::RegulatorCase;

type Read = fn(&RegulatorCase) -> Option<String>;

const WORDS: [(&str, Read); 15] = [
    ("platform", |one| Some(one.platform.to_string())),
    ("authority", |one| Some(one.authority.clone())),
    ("authority_number", |one| Some(one.number.clone())),
    ("nature", |one| Some(one.nature.to_string())),
    ("notice_day", |one| Some(one.notice_day.to_string())),
    ("received_at", |one| Some(one.received_at.to_string())),
    ("stated_due", |one| Some(one.due_at.to_string())),
    ("amount", |one| Some(one.amount.to_string())),
    ("regulator_state", |one| Some(one.state.to_string())),
    ("mediation", |one| one.mediation.map(|one| one.to_string())),
    ("reply_way", |one| one.reply_way.map(|one| one.to_string())),
    ("reply_in_time", |one| one.in_time.map(|one| one.to_string())),
    ("regulator_outcome", |one| one.outcome.map(|one| one.to_string())),
    ("statement", |one| (one.draft > 0).then(|| one.draft.to_string())),
    ("signed_sha256", |one| one.signed_digest.clone()),
];

/// What may name somebody, or quotes.
const PERSONAL: [(&str, Read); 7] = [
    ("officer", |one| one.officer.clone()),
    ("claimant", |one| one.claimant_name.clone()),
    ("claimant_phone", |one| one.claimant_phone.clone()),
    ("claim", |one| Some(one.claim.clone())),
    ("mediation_note", |one| one.mediation_note.clone()),
    ("reply_note", |one| one.reply_note.clone()),
    ("outcome_note", |one| one.outcome_note.clone()),
];

/// The personal fields, for when they are forgotten.
pub(crate) const FORGOTTEN: [&str; 8] =
    ["officer", "officer_phone", "claimant", "claimant_phone", "claim", "mediation_note", "reply_note", "outcome_note"];

/// An event of the regulator case in the journal of its case.
pub(super) fn event(verb: &'static str, before: Option<&RegulatorCase>, after: &RegulatorCase, at: Timestamp) -> Event {
    let mut event = Event::new(RecordRef::new(cases::app::RECORD, after.case), verb, after.place()).happened(at);
    for (field, read) in WORDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    for (field, read) in PERSONAL {
        event = event.personal(field, before.and_then(read), read(after));
    }
    event
}

/// What it is found by: the authority's number, whoever complained, and what is claimed.
pub(super) fn piece(one: &RegulatorCase) -> Piece {
    let mut codes = vec![one.number.clone()];
    codes.extend(one.claimant_phone.as_deref().map(search::code::phone).unwrap_or_default());
    Piece {
        record: RecordRef::new(cases::app::RECORD, one.case),
        piece: PIECE,
        store: one.store,
        team: one.team,
        owner: one.owner,
        text: [one.number.as_str(), one.authority.as_str(), one.claim.as_str()].join("\n"),
        codes,
    }
}

/// Counts `part` on the day of `at`.
pub(super) fn count(
    work: &Work<'_>,
    mut event: Event,
    one: &RegulatorCase,
    at: Timestamp,
    part: &'static str,
    n: i64,
) -> Event {
    let directory = work.ctx.house.identity.directories().now();
    let zone = directory.unit(one.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    let by = [("nature", one.nature.as_str()), ("platform", one.platform.as_str())];
    event.deltas.extend(Delta::spread(part, one.store, at.day(&zone), n, &by));
    event
}
