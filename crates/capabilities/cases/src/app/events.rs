//! What is written beside the rows of a case: journal, numbers, search.

use capability::{Event, Installation};
use kernel::{Day, Id, Placed, RecordRef, Timestamp, Zone, of};
use metrics::Delta;
use search::{Piece, code};

use crate::domain::{Cause, Count, Stage, State};
use crate::store::{Case, Message};

/// The word for cases in journal, search, clocks and links.
pub const RECORD: &str = "case";

/// The zone in which the store's business days are counted.
pub(super) fn zone_of(house: &Installation, store: Id<of::Unit>) -> Zone {
    house.identity.directories().now().unit(store).map_or_else(|| house.zone.clone(), |unit| unit.zone.clone())
}

/// An event of `case`, as it stands afterwards, that happened at `at`.
pub(super) fn event(case: &Case, verb: &'static str, at: Timestamp) -> Event {
    Event::new(RecordRef::new(RECORD, case.id), verb, case.place()).happened(at)
}

/// Adds the fields in which `after` differs from `before`. People are noted by name, as readers of the journal know them.
pub(super) fn changes(mut event: Event, house: &Installation, before: Option<&Case>, after: &Case) -> Event {
    let directory = house.identity.directories().now();
    let person =
        |id: Option<Id<of::User>>| id.map(|id| directory.user_name(id).map_or_else(|| id.to_string(), str::to_owned));
    let unit = |id: Option<Id<of::Unit>>| {
        id.map(|id| directory.unit(id).map_or_else(|| id.to_string(), |unit| unit.name.clone()))
    };
    let waited = |state: &State| state.wait();
    for (field, read) in WORDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    event = event
        .change("owner", before.and_then(|case| person(case.owner)), person(after.owner))
        .change("team", before.and_then(|case| unit(case.team)), unit(after.team))
        .change(
            "wait_owner",
            before.and_then(|case| waited(&case.state)).and_then(|wait| person(Some(wait.owner))),
            waited(&after.state).and_then(|wait| person(Some(wait.owner))),
        );
    for (field, read) in PERSONAL {
        event = event.personal(field, before.and_then(read), read(after));
    }
    event
}

/// Names whom the notification centre tells: each person's id as `user`, and their names for readers of the timeline.
pub(super) fn told(event: Event, people: &[(Id<of::User>, String)]) -> Event {
    let names: Vec<&str> = people.iter().map(|(_, name)| name.as_str()).collect();
    let event = event.change("to", None, Some(names.join("、")).filter(|names| !names.is_empty()));
    people.iter().fold(event, |event, (id, _)| event.change("user", None, Some(id.to_string())))
}

type Read = fn(&Case) -> Option<String>;

const WORDS: [(&str, Read); 15] = [
    ("state", |case| Some(case.state.name().to_string())),
    ("kind", |case| Some(case.kind.to_string())),
    ("channel", |case| Some(case.channel.to_string())),
    ("priority", |case| Some(case.priority.to_string())),
    ("wait_reason", |case| case.state.wait().map(|wait| wait.reason.to_string())),
    ("wait_until", |case| case.state.wait().map(|wait| wait.until.to_string())),
    ("wish", |case| Some(case.wish.to_string())),
    ("upset", |case| Some(case.upset.to_string())),
    ("product", |case| case.product.clone()),
    ("serial", |case| case.serial.clone()),
    ("accessories", |case| case.accessories.clone()),
    ("outcome", |case| case.outcome.map(|outcome| outcome.to_string())),
    ("cause", |case| case.cause.as_ref().map(Cause::to_string)),
    ("external_id", |case| case.external_id.clone()),
    ("merged_into", |case| case.merged_into.map(|id| id.to_string())),
];

/// What customers said and what may name them can be erased later.
const PERSONAL: [(&str, Read); 4] = [
    ("customer", |case| Some(case.customer_name.clone()).filter(|name| !name.is_empty())),
    ("subject", |case| Some(case.subject.clone())),
    ("body", |case| Some(case.body.clone()).filter(|body| !body.is_empty())),
    ("result_note", |case| case.result_note.clone()),
];

/// Counts for the store, over all and by kind and channel.
pub(super) fn count(mut event: Event, case: &Case, day: Day, part: &'static str, n: i64) -> Event {
    let by = [("kind", case.kind.as_str()), ("channel", case.channel.as_str())];
    for delta in Delta::spread(part, case.store, day, n, &by) {
        event = event.count(delta);
    }
    event
}

/// The parts that acts count, by their stored words.
pub(super) fn part(stored: &str) -> Option<&'static str> {
    const PARTS: [&str; 17] = [
        "cases.taken_in",
        "cases.accepted",
        "cases.resolved",
        "cases.closed",
        "cases.reopened",
        "cases.open_now",
        "plans.proposed",
        "plans.declined",
        "deadlines.met",
        "deadlines.missed",
        "deadlines.ended",
        "replies.met",
        "replies.ended",
        "first_answer.minutes",
        "first_answer.count",
        "resolution.hours",
        "resolution.count",
    ];
    PARTS.into_iter().find(|part| *part == stored)
}

pub(super) fn counts(event: Event, case: &Case, day: Day, counts: &[Count]) -> Event {
    counts.iter().fold(event, |event, one| count(event, case, day, one.part, one.n))
}

/// Counts deadlines that were met and missed, also by stage.
pub(super) fn deadlines(mut event: Event, case: &Case, day: Day, met: &[Stage], missed: &[Stage]) -> Event {
    for (part, stages) in [("deadlines.met", met), ("deadlines.missed", missed)] {
        for stage in stages {
            for delta in deadline(case, day, part, *stage) {
                event = event.count(delta);
            }
        }
    }
    event
}

/// The deltas of one deadline that ended so.
pub(super) fn deadline(case: &Case, day: Day, part: &'static str, stage: Stage) -> Vec<Delta> {
    let by = [("kind", case.kind.as_str()), ("channel", case.channel.as_str()), ("stage", stage.as_str())];
    let of = |part: &'static str| Delta::spread(part, case.store, day, 1, &by);
    let mut deltas = [of(part), of("deadlines.ended")].concat();
    if matches!(stage, Stage::FirstAnswer | Stage::NextAnswer) {
        let by = [("kind", case.kind.as_str()), ("channel", case.channel.as_str())];
        let of = |part: &'static str| Delta::spread(part, case.store, day, 1, &by);
        deltas.extend(of("replies.ended"));
        if part == "deadlines.met" {
            deltas.extend(of("replies.met"));
        }
    }
    deltas
}

/// The case's own piece for search: what it is about, and all codes that name it.
pub(super) fn piece(case: &Case, phone: Option<&str>) -> Piece {
    let text =
        [Some(case.subject.as_str()), Some(case.body.as_str()), case.product.as_deref(), case.result_note.as_deref()];
    let text: Vec<&str> =
        text.into_iter().flatten().chain([case.customer_name.as_str()]).filter(|part| !part.is_empty()).collect();
    let tail = case.phone_masked.get(case.phone_masked.len().saturating_sub(4)..).filter(|tail| tail.len() == 4);
    let mut codes: Vec<String> = vec![case.number.clone()];
    codes.extend(tail.map(str::to_owned));
    codes.extend(phone.map(str::to_owned));
    codes.extend(case.serial.clone());
    codes.extend(case.external_id.clone());
    codes.extend(code::initials(&case.customer_name));
    let place = case.place();
    Piece {
        record: RecordRef::new(RECORD, case.id),
        piece: case.id.get(),
        store: place.store,
        team: place.team,
        owner: place.owner,
        text: text.join("\n"),
        codes,
    }
}

/// A message's piece.
pub(super) fn message_piece(case: &Case, message: &Message) -> Piece {
    let place = case.place();
    Piece {
        record: RecordRef::new(RECORD, case.id),
        piece: message.id.get(),
        store: place.store,
        team: place.team,
        owner: place.owner,
        text: message.body.clone(),
        codes: Vec::new(),
    }
}
