//! Lists that the company keeps itself: added to, renamed, put in order, ended; never deleted.

use std::sync::atomic::{AtomicU64, Ordering};

use capability::{Ctx, Event, Recorded, Work};
use kernel::{Day, Fault, FieldErrors, Id, Permission};
use serde::{Deserialize, Serialize};

use super::diff::{self, Field};
use super::products::place;
use crate::domain::{CauseKind, EntryDraft, EntryId, EntryInput, List, ListEntry, entry, moved_to};
use crate::store;

/// Keep categories and causes.
pub const EDIT_LISTS: Permission = Permission("lists.edit");

/// Counts the changes of lists on this node.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// Grows with every change of a list on this node: what keeps entries in mind reads them anew when it has grown.
pub fn list_changes() -> u64 {
    CHANGES.load(Ordering::Acquire)
}

/// What happens to an entry that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryAct {
    /// It is offered no longer; what names it keeps it.
    Retire,
    /// It is offered again.
    Restore,
}

/// All entries of `list`, in their order.
///
/// # Errors
/// `busy` when the database is away.
pub async fn entries(ctx: &Ctx, list: List) -> Result<Vec<ListEntry>, Fault> {
    ctx.read(list, |tx, list| Box::pin(async move { Ok(store::entries(tx, *list).await?) })).await
}

/// The entry `id` of `list`, for whoever keeps lists.
///
/// # Errors
/// `not-found`.
pub async fn get_entry(ctx: &Ctx, list: List, id: Id<EntryId>) -> Result<ListEntry, Fault> {
    ctx.require(EDIT_LISTS, &place(ctx)?)?;
    entries(ctx, list).await?.into_iter().find(|entry| entry.id == id).ok_or_else(Fault::not_found)
}

/// Adds an entry of the company's own.
///
/// # Errors
/// `invalid` with the fields; `not-found` without the permission.
pub async fn add_entry(ctx: &Ctx, list: List, input: &EntryInput) -> Result<ListEntry, Fault> {
    ctx.require(EDIT_LISTS, &place(ctx)?)?;
    let mut errors = FieldErrors::default();
    let draft = entry(&mut errors, list, input);
    errors.check()?;
    let today = ctx.now().day(&ctx.house.zone);
    let added =
        ctx.write((list, draft, today), |work, (list, draft, today)| Box::pin(add(work, *list, draft, *today))).await;
    CHANGES.fetch_add(1, Ordering::Release);
    added
}

async fn add(work: &mut Work<'_>, list: List, draft: &EntryDraft, today: Day) -> Result<Recorded<ListEntry>, Fault> {
    let all = store::entries(work.tx, list).await?;
    let kind = draft.kind.unwrap_or(CauseKind::Both);
    unique(&all, (None, kind), draft, today)?;
    // The name is the code, as with symptoms: breakdowns of numbers and exports stay readable. A name that an entry once had,
    // or that a shipped one has as its code, is told apart.
    let mut code = draft.name_zh.clone();
    let mut n = 1;
    while all.iter().any(|other| other.code == code) {
        n += 1;
        code = format!("{} {n}", draft.name_zh);
    }
    let last = all.iter().map(|other| other.ordinal).max().unwrap_or(0);
    let mut made = ListEntry {
        id: work.ctx.house.ids.next(),
        code,
        name_zh: draft.name_zh.clone(),
        name_en: draft.name_en.clone(),
        words: draft.words.clone(),
        kind,
        ordinal: last.saturating_add(1),
        retired_on: None,
        own: true,
        version: 1,
    };
    store::insert_entry(work.tx, list, &made).await?;
    if let Some(position) = draft.position {
        made.ordinal = order(work, list, &all, made.id, position).await?;
    }
    let event = Event::new(made.record(list), "list_entry.added", place(work.ctx)?);
    Ok(work.record(diff::changes(event, FIELDS, None, &made)).await?.with(made))
}

/// Changes the entry `id`, of which the actor has seen `version`. Without a position it stays where it stands.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn edit_entry(
    ctx: &Ctx,
    list: List,
    id: Id<EntryId>,
    version: i64,
    input: &EntryInput,
) -> Result<ListEntry, Fault> {
    ctx.require(EDIT_LISTS, &place(ctx)?)?;
    let mut errors = FieldErrors::default();
    let draft = entry(&mut errors, list, input);
    errors.check()?;
    let today = ctx.now().day(&ctx.house.zone);
    let changed = ctx
        .write((list, id, version, draft, today), |work, (list, id, version, draft, today)| {
            Box::pin(change(work, *list, (*id, *version), draft, *today))
        })
        .await;
    CHANGES.fetch_add(1, Ordering::Release);
    changed
}

async fn change(
    work: &mut Work<'_>,
    list: List,
    (id, version): (Id<EntryId>, i64),
    draft: &EntryDraft,
    today: Day,
) -> Result<Recorded<ListEntry>, Fault> {
    let before = held(work, list, id, version).await?;
    let all = store::entries(work.tx, list).await?;
    let kind = draft.kind.unwrap_or(before.kind);
    if before.code == list.fallback() && kind != before.kind {
        return Err(Fault::field("kind", "parties-list-everywhere"));
    }
    if before.is_offered(today) {
        unique(&all, (Some(id), kind), draft, today)?;
    }
    let mut after = ListEntry {
        name_zh: draft.name_zh.clone(),
        name_en: draft.name_en.clone(),
        words: draft.words.clone(),
        kind,
        ..before.clone()
    };
    let now_at = all.iter().zip(1_i64..).find(|(other, _)| other.id == id).map_or(0, |(_, place)| place);
    let moves = draft.position.filter(|position| *position != now_at);
    if after == before && moves.is_none() {
        return Ok(work.unchanged(before));
    }
    if !store::save_entry(work.tx, list, &after).await? {
        return Err(Fault::stale(before.version.saturating_add(1)));
    }
    let mut shown = before.clone();
    if let Some(position) = moves {
        shown.ordinal = now_at;
        after.ordinal = order(work, list, &all, id, position).await?;
    }
    let event = Event::new(after.record(list), "list_entry.changed", place(work.ctx)?);
    let recorded = work.record(diff::changes(event, FIELDS, Some(&shown), &after)).await?;
    Ok(recorded.with(ListEntry { version: version.saturating_add(1), ..after }))
}

/// Retires the entry `id` or offers it again; the actor has seen `version`. What is so already stays.
///
/// # Errors
/// `stale`; `not-found`; `parties-list-fallback` for the entry that stands for everything else; `invalid` at `name_zh` when
/// another entry has its name by now.
pub async fn act_on_entry(
    ctx: &Ctx,
    list: List,
    id: Id<EntryId>,
    version: i64,
    act: EntryAct,
) -> Result<ListEntry, Fault> {
    ctx.require(EDIT_LISTS, &place(ctx)?)?;
    let today = ctx.now().day(&ctx.house.zone);
    let done = ctx
        .write((list, id, version, act, today), |work, (list, id, version, act, today)| {
            Box::pin(carry_out(work, *list, (*id, *version), *act, *today))
        })
        .await;
    CHANGES.fetch_add(1, Ordering::Release);
    done
}

async fn carry_out(
    work: &mut Work<'_>,
    list: List,
    (id, version): (Id<EntryId>, i64),
    act: EntryAct,
    today: Day,
) -> Result<Recorded<ListEntry>, Fault> {
    let before = held(work, list, id, version).await?;
    if before.is_offered(today) == (act == EntryAct::Restore) {
        return Ok(work.unchanged(before));
    }
    let (verb, retired_on) = match act {
        EntryAct::Retire if before.code == list.fallback() => return Err(Fault::refused("parties-list-fallback")),
        EntryAct::Retire => ("list_entry.retired", Some(today)),
        EntryAct::Restore => {
            let all = store::entries(work.tx, list).await?;
            let (name_zh, name_en) = (before.name_zh.clone(), before.name_en.clone());
            let draft = EntryDraft { name_zh, name_en, words: Vec::new(), kind: None, position: None };
            unique(&all, (Some(id), before.kind), &draft, today)?;
            ("list_entry.restored", None)
        }
    };
    let after = ListEntry { retired_on, ..before.clone() };
    if !store::save_entry(work.tx, list, &after).await? {
        return Err(Fault::stale(before.version.saturating_add(1)));
    }
    let event = Event::new(after.record(list), verb, place(work.ctx)?);
    let recorded = work.record(diff::changes(event, FIELDS, Some(&before), &after)).await?;
    Ok(recorded.with(ListEntry { version: version.saturating_add(1), ..after }))
}

async fn held(work: &mut Work<'_>, list: List, id: Id<EntryId>, version: i64) -> Result<ListEntry, Fault> {
    let entry = store::hold_entry(work.tx, list, id).await?.ok_or_else(Fault::not_found)?;
    if entry.version == version { Ok(entry) } else { Err(Fault::stale(entry.version)) }
}

/// Two entries that are offered in one place never have one name: nobody could tell them apart.
fn unique(
    all: &[ListEntry],
    (own, kind): (Option<Id<EntryId>>, CauseKind),
    draft: &EntryDraft,
    today: Day,
) -> Result<(), Fault> {
    let others = || all.iter().filter(|other| Some(other.id) != own && other.is_offered_for(kind, today));
    let mut errors = FieldErrors::default();
    if others().any(|other| other.name_zh == draft.name_zh) {
        errors.add("name_zh", "parties-list-twice");
    }
    if others().any(|other| other.name_en.eq_ignore_ascii_case(&draft.name_en)) && errors.of("name_zh").is_none() {
        errors.add("name_en", "parties-list-twice");
    }
    errors.check()
}

/// Puts `id` at `position` among `all`; says where it stands now.
async fn order(
    work: &mut Work<'_>,
    list: List,
    all: &[ListEntry],
    id: Id<EntryId>,
    position: i64,
) -> Result<i64, Fault> {
    let ids: Vec<_> = all.iter().map(|entry| entry.id).collect();
    let order = moved_to(&ids, id, position);
    store::place_entries(work.tx, list, &order).await?;
    Ok(order.iter().zip(1_i64..).find(|(other, _)| **other == id).map_or(position, |(_, place)| place))
}

const FIELDS: &[Field<ListEntry>] = &[
    ("code", |entry| Some(entry.code.clone())),
    ("name_zh", |entry| Some(entry.name_zh.clone())),
    ("name_en", |entry| Some(entry.name_en.clone())),
    ("words", |entry| Some(entry.words.join(", ")).filter(|words| !words.is_empty())),
    ("used_for", |entry| Some(entry.kind).filter(|kind| *kind != CauseKind::Both).map(|kind| kind.to_string())),
    ("position", |entry| Some(entry.ordinal.to_string())),
    ("effective_to", |entry| entry.retired_on.map(|day| day.to_string())),
];
