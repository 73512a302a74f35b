//! What is written beside the rows of a complaint: journal and numbers.

use capability::{Event, Work};
use kernel::{Day, Id, Placed, RecordRef, Timestamp, of};
use metrics::Delta;

use crate::store::Complaint;

/// An event of `complaint`, as it stands afterwards, with the fields in which it differs from `before`. It stands in the journal of
/// the case: one complaint, one chain.
pub(crate) fn event(work: &Work<'_>, verb: &'static str, before: Option<&Complaint>, after: &Complaint) -> Event {
    let directory = work.ctx.house.identity.directories().now();
    let person =
        |id: Option<Id<of::User>>| id.map(|id| directory.user_name(id).map_or_else(|| id.to_string(), str::to_owned));
    let unit = |id: Option<Id<of::Unit>>| {
        id.map(|id| directory.unit(id).map_or_else(|| id.to_string(), |unit| unit.name.clone()))
    };
    let mut event = Event::new(RecordRef::new(cases::app::RECORD, after.case), verb, after.place()).happened(work.now);
    for (field, read) in WORDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    for (field, read) in PERSONAL {
        event = event.personal(field, before.and_then(read), read(after));
    }
    event
        .change("responsible_unit", before.and_then(|one| unit(one.unit)), unit(after.unit))
        .change("responsible_user", before.and_then(|one| person(one.user)), person(after.user))
        .change("handler_before", before.and_then(|one| person(one.handler_before)), person(after.handler_before))
}

type Read = fn(&Complaint) -> Option<String>;

const WORDS: [(&str, Read); 14] = [
    ("complaint_state", |one| Some(one.state.to_string())),
    ("severity", |one| Some(one.severity.to_string())),
    ("topic", |one| one.topic.map(|topic| topic.to_string())),
    ("source", |one| Some(one.source.to_string())),
    ("harm", |one| one.harm.then(|| "true".to_owned())),
    ("party", |one| one.party.map(|party| party.to_string())),
    ("complaint_cause", |one| one.cause.as_ref().map(ToString::to_string)),
    ("reason_code", |one| one.reason.map(|reason| reason.to_string())),
    ("pending", |one| one.pending.map(|pending| pending.to_string())),
    ("round", |one| (one.round > 0).then(|| one.round.to_string())),
    ("valid_until", |one| one.valid_until.map(|at| at.to_string())),
    ("satisfaction", |one| one.satisfaction.map(|given| given.to_string())),
    ("in_time", |one| one.in_time.map(|kept| kept.to_string())),
    ("retain_until", |one| one.retain_until.map(|day| day.to_string())),
];

/// What customers said and what may name them can be erased later.
const PERSONAL: [(&str, Read); 6] = [
    ("facts", |one| one.facts.clone()),
    ("evidence", |one| one.evidence.clone()),
    ("notice", |one| one.notice.clone()),
    ("wording", |one| one.wording.clone()),
    ("answer", |one| one.answer.clone()),
    ("said_at_call", |one| one.outcome.clone()),
];

/// The business day of `at` where the complaint stands.
pub(super) fn day(work: &Work<'_>, complaint: &Complaint, at: Timestamp) -> Day {
    let directory = work.ctx.house.identity.directories().now();
    let zone = directory.unit(complaint.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    at.day(&zone)
}

/// Counts `part` for the complaint on the day of `at`, over all and by what is known of it.
pub(super) fn count(
    work: &Work<'_>,
    mut event: Event,
    complaint: &Complaint,
    at: Timestamp,
    part: &'static str,
    n: i64,
) -> Event {
    let severity = complaint.severity.as_str();
    let topic = complaint.topic.map(|topic| ("topic", topic.as_str()));
    let cause = complaint.cause.as_ref().map(|cause| ("cause", cause.as_str()));
    let by: Vec<_> = std::iter::once(("severity", severity)).chain(topic).chain(cause).collect();
    event.deltas.extend(Delta::spread(part, complaint.store, day(work, complaint, at), n, &by));
    event
}
