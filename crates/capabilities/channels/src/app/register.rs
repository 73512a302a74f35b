use capability::{Ctx, Event, Work};
use identity::UnitKind;
use kernel::{Fault, FieldErrors, Id, Money, Placed, RecordRef, Timestamp, of};

use search::Piece;

use super::{EDIT, RECORD, VIEW};
use crate::domain::{self, Hours, Kind};
use crate::store::{self, Channel};

/// One day, in milliseconds.
pub(super) const DAY: i64 = 86_400_000;
/// Most sites that may show one form.
const FRAMES: usize = 20;

/// What may be said about a channel; texts as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// Who answers for it.
    pub owner: Option<Id<of::User>>,
    /// Its number, address or place.
    pub address: Option<String>,
    /// When it is open.
    pub hours: Hours,
    /// What whoever answers says.
    pub script: Option<String>,
    /// How many cases its owner expects on an open day.
    pub expected_per_day: Option<i64>,
    /// What it costs.
    pub cost_per_month: Money,
    /// Every how many days somebody tries it out.
    pub test_days: Option<i64>,
    /// Sites that may show its form, one a line.
    pub frames: Option<String>,
    /// Open, or closed for good.
    pub active: bool,
}

/// What cannot be told by looking at one field.
fn check(ctx: &Ctx, draft: &mut Draft) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    draft.name = draft.name.trim().to_owned();
    if draft.name.is_empty() {
        errors.add("name", "required");
    }
    if draft.cost_per_month.fen() < 0 {
        errors.add("cost", "money-negative");
    }
    let directory = ctx.house.identity.directories().now();
    if draft.owner.is_some_and(|owner| directory.user(owner).is_none_or(|user| !user.active)) {
        errors.add("owner", "unknown");
    }
    if let Some(typed) = &draft.frames {
        let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
        let origins: Option<Vec<String>> = lines.map(domain::origin).collect();
        match origins {
            Some(origins) if origins.len() <= FRAMES => {
                draft.frames = Some(origins.join("\n")).filter(|frames| !frames.is_empty());
            }
            Some(_) | None => errors.add("frames", "channels-frames"),
        }
    }
    errors.check()
}

/// Registers a channel of `kind` at `store`.
///
/// # Errors
/// `invalid` with the fields; `not-found` when the store is out of reach.
pub async fn create(
    ctx: &Ctx,
    store: Id<of::Unit>,
    kind: Kind,
    code: Option<String>,
    draft: Draft,
) -> Result<Channel, Fault> {
    let channel = drafted(ctx, store, kind, code, draft)?;
    ctx.require(EDIT, &channel)?;
    let made = ctx.write(channel, |work, channel| Box::pin(insert(work, channel))).await;
    let id = made.map_err(|fault| match fault.code() {
        "duplicate" => Fault::field("code", "channels-code-taken"),
        _ => fault,
    })?;
    ctx.read(id, |tx, id| Box::pin(async move { store::get(tx, *id).await?.ok_or_else(Fault::not_found) })).await
}

/// Registers channels that were there since `at`: how the demo company gets a past.
///
/// # Errors
/// As [`create`].
pub async fn create_past(ctx: &Ctx, at: Timestamp, all: Vec<(Id<of::Unit>, Kind, Draft)>) -> Result<(), Fault> {
    let drafted: Vec<Channel> = all
        .into_iter()
        .map(|(store, kind, draft)| drafted(ctx, store, kind, None, draft))
        .collect::<Result<_, Fault>>()?;
    ctx.write((at, drafted), |work, (at, drafted)| {
        Box::pin(async move {
            let mut then = work.acting(work.ctx, *at);
            for channel in drafted {
                let _ = insert(&mut then, channel).await?;
            }
            Ok(work.unchanged(()))
        })
    })
    .await
}

/// Registers the mailbox that is read at `address`, in the transaction that sets it, unless there is one of this address.
///
/// # Errors
/// What the database says.
pub(crate) async fn register_mailbox(
    work: &mut Work<'_>,
    store: Id<of::Unit>,
    address: &str,
    name: &str,
    owner: Option<&str>,
) -> Result<(), Fault> {
    if store::mailbox(work.tx, store, &address.to_lowercase()).await?.is_some() {
        return Ok(());
    }
    let owner = owner.and_then(|owner| owner.parse().ok());
    let draft = Draft {
        name: name.to_owned(),
        owner,
        address: Some(address.to_owned()),
        hours: Hours::Always,
        active: true,
        ..Draft::default()
    };
    let channel = drafted(work.ctx, store, Kind::Mailbox, None, draft)?;
    let _ = insert(work, &channel).await?;
    Ok(())
}

/// A channel as it was drafted, checked.
fn drafted(
    ctx: &Ctx,
    store: Id<of::Unit>,
    kind: Kind,
    code: Option<String>,
    mut draft: Draft,
) -> Result<Channel, Fault> {
    let directory = ctx.house.identity.directories().now();
    let unit = directory.unit(store).filter(|unit| unit.kind == UnitKind::Store).ok_or_else(Fault::not_found)?;
    let id: Id<of::Channel> = ctx.house.ids.next();
    let code = match code.map(|code| code.trim().to_ascii_lowercase()).filter(|code| !code.is_empty()) {
        Some(code) => {
            let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if code.len() > 40 || !code.chars().all(letters) {
                return Err(Fault::field("code", "channels-code"));
            }
            code
        }
        // Made from what is known, and the id with its bits mixed: the lowest of two ids are often alike.
        None => format!(
            "{}-{}-{:x}",
            unit.code.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), ""),
            kind.as_str().replace('_', "-"),
            (id.get().wrapping_mul(-7_046_029_254_386_353_131) >> 32) & 0xffff_ffff
        ),
    };
    check(ctx, &mut draft)?;
    Ok(Channel {
        id,
        code,
        kind,
        name: draft.name,
        store,
        owner: draft.owner,
        address: draft.address,
        hours: draft.hours,
        script: draft.script,
        expected_per_day: draft.expected_per_day,
        cost_per_month: draft.cost_per_month,
        test_days: draft.test_days,
        test_due_at: None,
        tested_at: None,
        test_passed: None,
        test_note: None,
        test_told_at: None,
        quiet_at: None,
        quiet_expected: None,
        quiet_seen: None,
        frames: draft.frames,
        flooded_at: None,
        active: draft.active,
        created_at: Timestamp::from_millis(0),
        version: 1,
    })
}

async fn insert(work: &mut Work<'_>, channel: &Channel) -> Result<capability::Recorded<Id<of::Channel>>, Fault> {
    let channel = Channel {
        created_at: work.now,
        test_due_at: channel.test_days.map(|days| work.now.plus(days * DAY)),
        ..channel.clone()
    };
    if store::by_code(work.tx, &channel.code).await?.is_some() {
        return Err(Fault::field("code", "channels-code-taken"));
    }
    store::insert(work.tx, &channel).await?;
    let event = changes(event(&channel, "channel.registered"), work.ctx, None, &channel).index(piece(&channel));
    store::mark_indexed(work.tx, channel.id).await?;
    Ok(work.record(event).await?.with(channel.id))
}

/// Changes what is said about a channel, based on its `version`.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn change(ctx: &Ctx, id: Id<of::Channel>, version: i64, mut draft: Draft) -> Result<i64, Fault> {
    check(ctx, &mut draft)?;
    ctx.write((id, version, draft), |work, (id, version, draft)| {
        Box::pin(async move {
            let before = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(VIEW, &before)?;
            if !work.ctx.actor.may(EDIT, &before) {
                return Err(Fault::forbidden());
            }
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            let draft = draft.clone();
            let test_due_at = match draft.test_days {
                days if days == before.test_days => before.test_due_at,
                Some(days) => Some(before.tested_at.unwrap_or(work.now).plus(days * DAY)),
                None => None,
            };
            // Closed it is neither quiet nor late with anything.
            let quiet = draft.active;
            let after = Channel {
                name: draft.name,
                owner: draft.owner,
                address: draft.address,
                hours: draft.hours,
                script: draft.script,
                expected_per_day: draft.expected_per_day,
                cost_per_month: draft.cost_per_month,
                test_days: draft.test_days,
                test_due_at,
                frames: draft.frames,
                active: draft.active,
                quiet_at: before.quiet_at.filter(|_| quiet),
                quiet_expected: before.quiet_expected.filter(|_| quiet),
                quiet_seen: before.quiet_seen.filter(|_| quiet),
                ..before.clone()
            };
            if after == before {
                return Ok(work.unchanged(before.version));
            }
            let after = Channel { version: before.version + 1, ..after };
            if !store::save(work.tx, &after).await? {
                return Err(Fault::stale(before.version + 1));
            }
            let event = changes(event(&after, "channel.changed"), work.ctx, Some(&before), &after).index(piece(&after));
            Ok(work.record(event).await?.with(after.version))
        })
    })
    .await
}

/// An event of `channel`.
pub(super) fn event(channel: &Channel, verb: &'static str) -> Event {
    Event::new(RecordRef::new(RECORD, channel.id), verb, channel.place())
}

/// By what a channel is found: its name, code and address.
pub(super) fn piece(channel: &Channel) -> Piece {
    let words = [Some(channel.name.as_str()), channel.address.as_deref()];
    Piece {
        record: RecordRef::new(RECORD, channel.id),
        piece: channel.id.get(),
        store: channel.store,
        team: None,
        owner: channel.owner,
        text: words.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        codes: vec![channel.code.clone()],
    }
}

type Read = fn(&Channel) -> Option<String>;

const WORDS: [(&str, Read); 12] = [
    ("code", |channel| Some(channel.code.clone())),
    ("kind", |channel| Some(channel.kind.as_str().to_owned())),
    ("name", |channel| Some(channel.name.clone())),
    ("address", |channel| channel.address.clone()),
    ("hours", |channel| Some(channel.hours.as_str().to_owned())),
    ("script", |channel| channel.script.clone()),
    ("expected_per_day", |channel| channel.expected_per_day.map(|n| n.to_string())),
    ("cost_per_month", |channel| Some(channel.cost_per_month.fen().to_string())),
    ("test_days", |channel| channel.test_days.map(|n| n.to_string())),
    ("test_due_at", |channel| channel.test_due_at.map(|at| at.to_string())),
    ("frames", |channel| channel.frames.clone()),
    ("active", |channel| Some(channel.active.to_string())),
];

fn changes(mut event: Event, ctx: &Ctx, before: Option<&Channel>, after: &Channel) -> Event {
    for (field, read) in WORDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    let directory = ctx.house.identity.directories().now();
    let person = |owner: Option<Id<of::User>>| owner.and_then(|id| directory.user_name(id)).map(str::to_owned);
    event.change("owner", before.and_then(|channel| person(channel.owner)), person(after.owner))
}
