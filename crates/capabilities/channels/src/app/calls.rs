//! Calls: what a call centre's hook tells, what a clerk makes of them, and the calls that are owed back.

use std::collections::btree_map::Entry;

use calendar::worktime::Millis;
use capability::{Ctx, Event, Recorded, Work};
use cases::app::{CustomerChoice, Intake, TakenIn};
use cases::domain::Channel as Way;
use identity::Secret;
use kernel::{Cursor, Fault, FaultKind, FieldErrors, Id, Permission, Placed, RecordRef, Timestamp, of};
use messaging::is_signed;
use metrics::Delta;
use notices::Notice;
use parties::app::{CustomerCard, CustomerInput};
use parties::domain::Phone;

use super::register::event as channel_event;
use super::test::{concerned, zone};
use super::{DIMENSION, EDIT};
use crate::domain::{Hours, Kind};
use crate::store::{self, Call, CallFilter, CallId, CallState, Channel};

/// See calls, take them up and call back.
pub const CALLS: Permission = Permission("channels.calls");
/// The word for calls in journal and live events.
pub const CALL: &str = "call";

/// How far a hook's clock may be from ours: five minutes, in milliseconds.
const DRIFT: i64 = 300_000;
/// Answered within so many milliseconds is in time: four rings.
const IN_TIME: i64 = 20_000;
/// A missed call is owed back within so many minutes of open time.
const OWED: i64 = 60;
/// A call that rang longer ago than this rings no more, whatever the call centre forgot to say.
const RINGS: i64 = 180_000;
/// A refused hook leaves one trace in so many milliseconds.
const TRACE: i64 = 60_000;
/// Longest key of a call and longest reference of a recording, in characters.
const KEY: usize = 100;
const RECORDING: usize = 500;
/// What a secret of a hook is sealed for.
const PURPOSE: &str = messaging::HOOK;

/// What a hook sent, with what proves who sent it.
#[derive(Debug, Clone)]
pub struct Hook {
    /// The channel's code.
    pub channel: String,
    /// Header `X-Timestamp`, milliseconds.
    pub at: Option<i64>,
    /// Header `X-Signature`.
    pub signature: String,
    /// The body as it was signed.
    pub body: String,
}

/// What happened to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The call's key in the call centre.
    pub id: String,
    /// ringing, answered, ended or missed.
    pub state: CallState,
    /// The caller's number; empty when withheld.
    pub from: String,
    /// Where the recording is.
    pub recording: Option<String>,
    /// Whose telephone rings, by login; the line's owner when nobody is named.
    pub agent: Option<String>,
}

/// The channel whose secret signed `hook`, fresh and for the first time.
///
/// # Errors
/// `channels-hook` (401) for what is not signed, old or sent again; it leaves a trace on the channel.
pub async fn proved(ctx: &Ctx, hook: &Hook, kind: Kind) -> Result<Channel, Fault> {
    let refused = || Fault::new(FaultKind::Unauthenticated, "channels-hook");
    let (master, code) = (ctx.house.master.clone(), hook.channel.clone());
    let found = ctx
        .read((master, code), |tx, (master, code)| {
            Box::pin(async move {
                let Some(channel) = store::by_code(tx, code).await? else { return Ok(None) };
                let sealed = store::hook_of(tx, channel.id).await?.secret;
                let secret = sealed.and_then(|sealed| master.open(PURPOSE, &sealed).ok());
                Ok::<_, Fault>(Some((channel, secret)))
            })
        })
        .await?;
    let (channel, secret) = found.filter(|(channel, _)| channel.active && channel.kind == kind).ok_or_else(refused)?;
    let why = match (secret, hook.at.map(Timestamp::from_millis)) {
        (None, _) => "no_secret",
        (Some(_), None) => "no_time",
        (Some(_), Some(at)) if (ctx.now().millis().saturating_sub(at.millis())).saturating_abs() > DRIFT => "old",
        (Some(secret), Some(at)) if !is_signed(&secret, at, &hook.body, &hook.signature) => "signature",
        (Some(_), Some(_)) => {
            let input = (hook.signature.to_ascii_lowercase(), ctx.now());
            let first = ctx
                .house
                .db
                .write(input, |tx, (signature, now)| {
                    Box::pin(async move {
                        store::forget_seen(tx, now.plus(-3 * DRIFT)).await?;
                        store::first_seen(tx, signature, *now).await.map_err(Fault::from)
                    })
                })
                .await?;
            if first {
                return Ok(channel);
            }
            "again"
        }
    };
    trace(ctx, channel.id, why).await?;
    Err(refused())
}

/// Counts a refused hook and leaves a trace of it, at most one a minute.
async fn trace(ctx: &Ctx, channel: Id<of::Channel>, why: &'static str) -> Result<(), Fault> {
    let own = Ctx::system(std::sync::Arc::clone(&ctx.house), "channels.hook");
    own.write((channel, why), |work, (id, why)| {
        Box::pin(async move {
            let refused_at = store::hook_of(work.tx, *id).await?.refused_at;
            let Some(channel) = store::get(work.tx, *id).await? else { return Ok(work.unchanged(())) };
            // All are counted, one a minute is told: a trace for each would be a flood of its own.
            store::refused(work.tx, *id, why, work.now).await?;
            if refused_at.is_some_and(|at| work.now.since(at) < TRACE) {
                return Ok(work.unchanged(()));
            }
            let event = channel_event(&channel, "channel.hook_refused").change("why", None, Some((*why).to_owned()));
            work.record(event).await
        })
    })
    .await
}

/// Makes a new secret for the hooks of a channel; the one before counts no more. It is shown this once.
///
/// # Errors
/// `not-found`; `forbidden`.
pub async fn new_secret(ctx: &Ctx, id: Id<of::Channel>) -> Result<String, Fault> {
    let channel = super::get(ctx, id).await?;
    if !ctx.actor.may(EDIT, &channel) {
        return Err(Fault::forbidden());
    }
    if !matches!(channel.kind, Kind::Phone | Kind::Webhook) {
        return Err(Fault::not_found());
    }
    let secret = Secret::random("")?.reveal().to_owned();
    let sealed = ctx.house.master.seal(PURPOSE, &secret).map_err(Fault::internal)?;
    ctx.write((id, sealed), |work, (id, sealed)| {
        Box::pin(async move {
            let channel = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            store::save_secret(work.tx, *id, sealed).await?;
            work.record(channel_event(&channel, "channel.secret_made")).await
        })
    })
    .await?;
    Ok(secret)
}

/// Takes what a call centre tells of a call of `channel`; the same again changes nothing.
///
/// # Errors
/// `invalid` with the fields.
pub async fn tell(ctx: &Ctx, channel: Channel, told: Told) -> Result<Id<CallId>, Fault> {
    let mut errors = FieldErrors::default();
    let id = told.id.trim().to_owned();
    if id.is_empty() {
        errors.add("id", "required");
    } else if id.chars().count() > KEY {
        errors.add("id", "unknown");
    }
    let recording = told.recording.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if recording.as_ref().is_some_and(|text| text.chars().count() > RECORDING) {
        errors.add("recording", "unknown");
    }
    // A number that is none of ours to read is a withheld one, not a reason to lose the call.
    let phone = Phone::parse(&told.from).ok();
    errors.check()?;
    let (phone, masked) = phone.map_or_else(Default::default, |phone| (phone.digits().to_owned(), phone.masked()));
    let told = Told { id, recording, from: phone, ..told };
    let own = Ctx::system(std::sync::Arc::clone(&ctx.house), "channels.call");
    let written =
        own.write((channel, told, masked), |work, (channel, told, masked)| Box::pin(take(work, channel, told, masked)));
    written.await
}

async fn take(
    work: &mut Work<'_>,
    channel: &Channel,
    told: &Told,
    masked: &str,
) -> Result<Recorded<Id<CallId>>, Fault> {
    let before = store::call_named(work.tx, channel.id, &told.id).await?;
    let mut call = before.clone().unwrap_or_else(|| Call {
        id: work.ctx.house.ids.next(),
        channel: channel.id,
        store: channel.store,
        external_id: told.id.clone(),
        phone: told.from.clone(),
        phone_masked: masked.to_owned(),
        state: CallState::Ringing,
        started_at: work.now,
        answered_at: None,
        ended_at: None,
        recording: None,
        case: None,
        due_at: None,
        told_at: None,
        tries: 0,
        note: None,
        version: 1,
        purpose: None,
        caller: None,
        not_caller: None,
        agent: None,
    });
    if let Some(login) = &told.agent {
        let directory = work.ctx.house.identity.directories().now();
        // Somebody whom nobody here knows is nobody's page.
        call.agent = directory.user_by_login(login).filter(|user| user.active).map(|user| user.id);
    } else if before.is_none() {
        call.agent = channel.owner;
    }
    let over = matches!(call.state, CallState::Ended | CallState::Missed | CallState::CalledBack);
    match told.state {
        // Messages may overtake each other: what is over does not ring again.
        CallState::Ringing => {}
        CallState::Answered if !over => {
            call.state = CallState::Answered;
            call.answered_at = call.answered_at.or(Some(work.now));
        }
        CallState::Ended | CallState::Missed if !over => {
            let missed = told.state == CallState::Missed || call.answered_at.is_none();
            call.state = if missed { CallState::Missed } else { CallState::Ended };
            call.ended_at = Some(work.now);
            if missed && !call.phone.is_empty() {
                call.due_at = Some(owed_by(work, channel).await?);
            }
        }
        CallState::Answered | CallState::Ended | CallState::Missed | CallState::CalledBack => {}
    }
    call.recording = call.recording.or_else(|| told.recording.clone());
    let verb = match &before {
        Some(before) if *before == call => return Ok(work.unchanged(call.id)),
        Some(_) => {
            call.version += 1;
            store::save_call(work.tx, &call).await?;
            match call.state {
                CallState::Missed => "call.missed",
                CallState::Ended => "call.ended",
                CallState::Ringing => "call.passed_on",
                CallState::Answered | CallState::CalledBack => "call.answered",
            }
        }
        None => {
            store::insert_call(work.tx, &call).await?;
            "call.received"
        }
    };
    let mut event = event(&call, verb)
        .change(
            "state",
            before.as_ref().map(|call| call.state.as_str().to_owned()),
            Some(call.state.as_str().to_owned()),
        )
        .personal("recording", before.as_ref().and_then(|call| call.recording.clone()), call.recording.clone());
    if before.is_none() {
        event = event.personal("phone", None, Some(call.phone.clone()).filter(|phone| !phone.is_empty()));
    }
    let mut parts: Vec<&'static str> = Vec::new();
    if before.is_none() {
        parts.push("calls.received");
    }
    let was = before.as_ref();
    if call.answered_at.is_some() && was.is_none_or(|call| call.answered_at.is_none()) {
        parts.push("calls.answered");
        if call.answered_at.is_some_and(|at| at.since(call.started_at) <= IN_TIME) {
            parts.push("calls.in_time");
        }
    }
    if call.state == CallState::Missed && was.is_none_or(|call| call.state != CallState::Missed) {
        parts.push("calls.missed");
    }
    event.deltas = counted(work, channel, call.started_at, &parts);
    let recorded = work.record(event).await?.with(call.id);
    // Whose telephone rings hears of it on every page: it begins, goes to somebody else, or is over.
    let agents = [before.and_then(|call| call.agent), call.agent];
    for agent in agents.into_iter().flatten().collect::<std::collections::BTreeSet<_>>() {
        work.tell(web::LiveEvent {
            verb: "call.rings",
            record: RecordRef { kind: capability::NOTICE, id: call.id.get() },
            place: kernel::Place { store: call.store, team: None, owner: Some(agent) },
        });
    }
    Ok(recorded)
}

/// The calls that ring at the reader's telephone now, with who it may be.
///
/// # Errors
/// What the database says.
pub async fn ringing(ctx: &Ctx) -> Result<Vec<CallView>, Fault> {
    let Some(me) = ctx.actor.user else { return Ok(Vec::new()) };
    let found = ctx
        .read((me, ctx.now().plus(-RINGS)), |tx, (me, since)| {
            Box::pin(async move {
                let mut found = Vec::new();
                for call in store::ringing(tx, *me, *since).await? {
                    let line = store::get(tx, call.channel).await?.map(|line| line.name).unwrap_or_default();
                    found.push((call, line));
                }
                Ok::<_, Fault>(found)
            })
        })
        .await?;
    let mut views = Vec::new();
    for (call, line) in found.into_iter().filter(|(call, _)| ctx.actor.may(CALLS, call)) {
        let customers = callers(ctx, &call).await?;
        views.push(CallView { call, line, customers });
    }
    Ok(views)
}

fn counted(work: &Work<'_>, channel: &Channel, at: Timestamp, parts: &[&'static str]) -> Vec<Delta> {
    let (day, via) = (at.day(&zone(work.ctx, channel)), channel.id.to_string());
    parts.iter().flat_map(|part| Delta::spread(part, channel.store, day, 1, &[(DIMENSION, via.as_str())])).collect()
}

fn event(call: &Call, verb: &'static str) -> Event {
    Event::new(RecordRef::new(CALL, call.id), verb, call.place())
}

/// Within an hour of the line's open time.
async fn owed_by(work: &mut Work<'_>, channel: &Channel) -> Result<Timestamp, Fault> {
    if channel.hours == Hours::Always {
        return Ok(work.now.plus(OWED * 60_000));
    }
    let calendar = calendar::of_store(work.tx, channel.store).await?;
    let due = calendar.add(work.now.to_jiff(), Millis::minutes(OWED));
    Ok(due.map_or_else(|_beyond| work.now.plus(OWED * 60_000), Timestamp::from_jiff))
}

/// A call with what helps to take it up.
#[derive(Debug, Clone)]
pub struct CallView {
    /// The call.
    pub call: Call,
    /// Its line.
    pub line: String,
    /// Whose number it may be, as the reader may see them.
    pub customers: Vec<(CustomerCard, Vec<cases::store::CaseRow>)>,
}

/// One page of calls.
#[derive(Debug, Clone)]
pub struct Calls {
    /// Newest first.
    pub rows: Vec<CallView>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Calls within the actor's reach, newest first; of those that ring, who it may be.
///
/// # Errors
/// What the database says.
pub async fn calls(ctx: &Ctx, filter: CallFilter, after: Option<Cursor>, limit: u16) -> Result<Calls, Fault> {
    let input = (filter, ctx.reach(CALLS), after, i64::from(limit));
    let (found, lines, next) = ctx
        .read(input, |tx, (filter, reach, after, limit)| {
            Box::pin(async move {
                let mut rows = store::list_calls(tx, filter, reach, *after, *limit + 1).await?;
                let shown = usize::try_from(*limit).unwrap_or(usize::MAX);
                let more = rows.len() > shown;
                rows.truncate(shown);
                let last = rows.last().filter(|_| more);
                let next = last.map(|row| Cursor { key: row.started_at.millis(), id: row.id.get() });
                let mut lines = std::collections::BTreeMap::new();
                for row in &rows {
                    if let Entry::Vacant(place) = lines.entry(row.channel) {
                        let line = store::get(tx, row.channel).await?;
                        place.insert(line.map(|line| line.name).unwrap_or_default());
                    }
                }
                Ok::<_, Fault>((rows, lines, next))
            })
        })
        .await?;
    let mut rows = Vec::new();
    for call in found {
        let live = matches!(call.state, CallState::Ringing | CallState::Answered) || call.due_at.is_some();
        let customers = if live { callers(ctx, &call).await? } else { Vec::new() };
        rows.push(CallView { line: lines.get(&call.channel).cloned().unwrap_or_default(), call, customers });
    }
    Ok(Calls { rows, next })
}

/// How many calls each filter shows, up to [`super::COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn call_counts(ctx: &Ctx, filters: Vec<CallFilter>) -> Result<Vec<i64>, Fault> {
    ctx.read((filters, ctx.reach(CALLS)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count_calls(tx, filter, reach, super::COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// The call `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn call(ctx: &Ctx, id: Id<CallId>) -> Result<CallView, Fault> {
    let (call, line) = ctx
        .read(id, |tx, id| {
            Box::pin(async move {
                let call = store::get_call(tx, *id).await?.ok_or_else(Fault::not_found)?;
                let line = store::get(tx, call.channel).await?.map(|line| line.name).unwrap_or_default();
                Ok::<_, Fault>((call, line))
            })
        })
        .await?;
    ctx.require(CALLS, &call)?;
    let customers = callers(ctx, &call).await?;
    Ok(CallView { call, line, customers })
}

async fn callers(ctx: &Ctx, call: &Call) -> Result<Vec<(CustomerCard, Vec<cases::store::CaseRow>)>, Fault> {
    if call.phone.is_empty() {
        return Ok(Vec::new());
    }
    let mut callers = Vec::new();
    for card in parties::app::find(ctx, &call.phone).await?.into_iter().take(3) {
        let open = cases::app::open_of_customer(ctx, card.id).await?;
        callers.push((card, open));
    }
    Ok(callers)
}

/// What a clerk heard.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Whose call it was; a new file with the caller's number when left out.
    pub customer: Option<Id<of::Customer>>,
    /// How to call a new customer.
    pub name: Option<String>,
    /// The case's kind.
    pub kind: Option<cases::domain::Kind>,
    /// In a few words.
    pub subject: String,
    /// What the customer said.
    pub body: String,
}

/// Makes the call a case of its line; sent again it is the same case.
///
/// # Errors
/// As an intake's; `not-found`.
pub async fn take_case(ctx: &Ctx, id: Id<CallId>, heard: Heard) -> Result<TakenIn, Fault> {
    let call = call(ctx, id).await?.call;
    let kind = heard.kind.ok_or_else(|| Fault::field("kind", "choose"))?;
    let name = heard.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let customer = match (heard.customer, call.phone.is_empty()) {
        (Some(id), _) => CustomerChoice::Existing(id),
        (None, true) => CustomerChoice::Anonymous,
        (None, false) => CustomerChoice::New(CustomerInput {
            name: name.ok_or_else(|| Fault::field("name", "required"))?,
            phone: call.phone.clone(),
            ..CustomerInput::default()
        }),
    };
    let intake = Intake {
        store: call.store,
        kind,
        channel: Way::Phone,
        via: Some(call.channel),
        customer,
        subject: heard.subject,
        body: heard.body,
        happened_at: Some(call.started_at),
        external_id: Some(format!("call:{id}")),
        ..Intake::default()
    };
    let taken = cases::app::take_in(ctx, intake).await?;
    let case = taken.id;
    ctx.write((id, case), |work, (id, case)| {
        Box::pin(async move {
            let before = store::get_call(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            if before.case == Some(*case) {
                return Ok(work.unchanged(()));
            }
            let call = Call { case: Some(*case), version: before.version + 1, ..before };
            store::save_call(work.tx, &call).await?;
            work.record(event(&call, "call.became_case").change("case", None, Some(case.to_string()))).await
        })
    })
    .await?;
    Ok(taken)
}

/// What came of calling back: reached ends it; not reached asks for the next time.
///
/// # Errors
/// `invalid` with `next` when it was not reached and nobody says when again; `stale`; `not-found`.
pub async fn call_back(
    ctx: &Ctx,
    id: Id<CallId>,
    version: i64,
    reached: bool,
    next: Option<Timestamp>,
    note: Option<String>,
) -> Result<i64, Fault> {
    if !reached && next.is_none_or(|next| next <= ctx.now()) {
        return Err(Fault::field("next", "channels-call-next"));
    }
    ctx.write((id, version, reached, next, note), |work, (id, version, reached, next, note)| {
        Box::pin(async move {
            let before = store::get_call(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(CALLS, &before)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            if before.due_at.is_none() {
                return Err(Fault::refused("channels-call-not-owed"));
            }
            if before.not_caller.is_some() && before.not_caller == work.ctx.actor.user {
                return Err(Fault::refused("channels-call-other"));
            }
            let channel = store::get(work.tx, before.channel).await?.ok_or_else(Fault::not_found)?;
            let call = Call {
                state: if *reached { CallState::CalledBack } else { before.state },
                due_at: next.filter(|_| !*reached),
                tries: before.tries + 1,
                note: note.clone().or_else(|| before.note.clone()),
                version: before.version + 1,
                ..before.clone()
            };
            if !store::save_call(work.tx, &call).await? {
                return Err(Fault::stale(before.version + 1));
            }
            let verb = if *reached { "call.called_back" } else { "call.not_reached" };
            let mut event = event(&call, verb)
                .change("due_at", before.due_at.map(|at| at.to_string()), call.due_at.map(|at| at.to_string()))
                .personal("note", before.note.clone(), call.note.clone());
            if *reached && before.purpose.is_none() {
                event.deltas = counted(work, &channel, before.started_at, &["calls.called_back"]);
            }
            Ok(work.record(event).await?.with(call.version))
        })
    })
    .await
}

/// Enters a call that another capability planned: `event` of a case names its id, who makes it and who does not, and when it is due.
///
/// # Errors
/// `channels-no-line` when the store has no telephone; what the database says.
pub async fn plan(work: &mut Work<'_>, event: &Event) -> Result<(), Fault> {
    let said = |field: &str| {
        event.changes.iter().find(|change| change.field == field).and_then(|change| change.after.as_deref())
    };
    let (Some(id), Some(due_at)) =
        (said("call").and_then(|id| id.parse().ok()), said("call_at").and_then(|at| at.parse::<Timestamp>().ok()))
    else {
        return Err(Fault::internal("a planned call without id or time"));
    };
    let line = store::first_line(work.tx, event.place.store).await?;
    let line = line.ok_or_else(|| Fault::refused("channels-no-line"))?;
    let case = cases::store::get(work.tx, Id::new(event.record.id)).await?.ok_or_else(Fault::not_found)?;
    let contact = match case.customer {
        Some(customer) => parties::file::contact(work.tx, customer).await?,
        None => None,
    };
    let phone = contact.and_then(|contact| contact.phone).ok_or_else(|| Fault::refused("channels-no-number"))?;
    let call = Call {
        id: Id::new(id),
        channel: line,
        store: event.place.store,
        external_id: format!("planned:{id}"),
        phone_masked: phone.masked(),
        phone: phone.digits().to_owned(),
        state: CallState::Ended,
        started_at: work.now,
        answered_at: None,
        ended_at: Some(work.now),
        recording: None,
        case: Some(case.id),
        due_at: Some(due_at),
        told_at: None,
        tries: 0,
        note: None,
        version: 1,
        purpose: Some("cooling".to_owned()),
        caller: said("caller_id").and_then(|id| id.parse().ok()),
        not_caller: said("not_caller_id").and_then(|id| id.parse().ok()),
        agent: None,
    };
    store::insert_call(work.tx, &call).await?;
    let planned = self::event(&call, "call.planned").personal("phone", None, Some(call.phone.clone()));
    work.record(planned).await.map(|_| ())
}

/// Tells of calls that are owed back by now, each once for each time.
///
/// # Errors
/// What the database says.
pub async fn remind(ctx: &Ctx) -> Result<usize, Fault> {
    ctx.write((), |work, ()| {
        Box::pin(async move {
            let owed = store::owed(work.tx, work.now, 200).await?;
            let mut events = Vec::new();
            for before in owed {
                let Some(channel) = store::get(work.tx, before.channel).await? else { continue };
                let call = Call { told_at: Some(work.now), version: before.version + 1, ..before };
                store::save_call(work.tx, &call).await?;
                let notice = Notice::new("call.owed", RecordRef::new(CALL, call.id))
                    .at(format!("/calls/{}", call.id))
                    .number(&call.phone_masked)
                    .subject(&channel.name);
                let people = match call.caller {
                    Some(caller) => vec![caller],
                    None => concerned(work.ctx, &channel),
                };
                notices::tell(work, &people, &notice).await?;
                events.push(event(&call, "call.owed"));
            }
            let told = events.len();
            if told == 0 {
                return Ok(work.unchanged(0));
            }
            Ok(work.record_all(events).await?.with(told))
        })
    })
    .await
}
