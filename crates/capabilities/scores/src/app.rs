//! Use cases around scores.

use std::collections::BTreeMap;
use std::sync::Arc;

use capability::{Ctx, Event, PermissionDef, Recorded, Work};
use identity::{Unit, UnitKind};
use kernel::{Day, Fault, FieldErrors, Id, Permission, Place, RecordRef, Scope, Timestamp, of};
use notices::Notice;
use parties::domain::text;
use scoring::{Kind, Part, Per, RecordKind, Scheme};

use crate::collect::{self, Asked};
use crate::domain::{self, Extent, Live, Move, SCHEME, Stored};
use crate::store::{self, Entry, EntryFilter, EntryId, Judgement, Special, SpecialId};
use crate::{registers, schemes};

/// See the score of a place and what it rests on.
pub const VIEW: Permission = Permission("scores.view");
/// Enter evidence that no work produces by itself.
pub const RECORD: Permission = Permission("scores.record");
/// Judge indicators, say that one does not apply, confirm special deductions, turn a plan into tasks.
pub const JUDGE: Permission = Permission("scores.judge");

/// Load schemes and say which one is in force, edit what actions cost.
pub const SCHEMES: Permission = Permission("scores.schemes");

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
            ("external_assessor", Scope::Company),
        ],
    },
    PermissionDef {
        permission: RECORD,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: JUDGE, defaults: &[("headquarters_quality", Scope::Company)] },
    PermissionDef { permission: SCHEMES, defaults: &[("administrator", Scope::Company)] },
];

/// The word for a score in journal and live events.
pub const LIVE: &str = "score";
/// The word for evidence that somebody entered.
pub const ENTRY: &str = "score_entry";
/// The word for special deductions and bonuses.
pub const SPECIAL: &str = "score_special";

/// Longest title and text, in characters.
pub const TITLE: usize = 120;
/// Longest text.
pub const TEXT: usize = 2_000;
/// Rows of a page of entries.
pub const ROWS: i64 = 50;
/// Days before an end on which whoever entered it is told.
const AHEAD: i32 = 30;
/// Days that are compared for what moved the score.
const MOVED: i64 = 60;

/// Whether the actor reaches all of `unit` with `permission`: its stores, or everything.
pub(crate) fn reaches(ctx: &Ctx, permission: Permission, unit: Id<of::Unit>) -> bool {
    let reach = ctx.reach(permission);
    if reach.company {
        return true;
    }
    let directory = ctx.house.identity.directories().now();
    let mut stores = directory.stores_below(unit).peekable();
    stores.peek().is_some() && stores.all(|store| reach.stores.contains(&store.id))
}

/// A unit at which nobody stands but which somebody reaches.
pub(crate) fn place(unit: Id<of::Unit>) -> Place {
    Place { store: unit, team: None, owner: None }
}

/// The units whose score the actor sees: the company, regions, stores.
pub fn seen(ctx: &Ctx) -> Vec<Unit> {
    let directory = ctx.house.identity.directories().now();
    domain::units(&directory).into_iter().filter(|unit| reaches(ctx, VIEW, unit.id)).cloned().collect()
}

/// The unit that was asked for by id or code; without one the widest that the actor sees.
///
/// # Errors
/// `not-found` when it is not among them.
pub fn chosen(ctx: &Ctx, asked: &str) -> Result<Unit, Fault> {
    let asked = asked.trim();
    let mut seen = seen(ctx).into_iter();
    let found = match asked {
        "" => seen.next(),
        asked => seen.find(|unit| unit.code == asked || unit.id.to_string() == asked),
    };
    found.ok_or_else(Fault::not_found)
}

/// The actor may judge at `unit`.
pub fn may_judge(ctx: &Ctx, unit: Id<of::Unit>) -> bool {
    ctx.actor.user.is_some() && reaches(ctx, JUDGE, unit)
}

/// The units at which the actor may enter evidence.
pub fn may_record(ctx: &Ctx) -> Vec<Unit> {
    if ctx.actor.user.is_none() {
        return Vec::new();
    }
    let directory = ctx.house.identity.directories().now();
    domain::units(&directory).into_iter().filter(|unit| reaches(ctx, RECORD, unit.id)).cloned().collect()
}

fn today(ctx: &Ctx) -> Day {
    ctx.now().day(&ctx.house.zone)
}

/// The standard as it came with the program; which version counts today says [`crate::schemes::chosen`].
///
/// # Errors
/// `scores-no-scheme`.
pub fn scheme(ctx: &Ctx) -> Result<&'static Scheme, Fault> {
    domain::scheme(today(ctx)).ok_or_else(|| Fault::refused("scores-no-scheme"))
}

pub use crate::counting::{recalculate, recount};

/// Computes what the score of `unit` was at the ends of `days`, from what was known then. For histories that are made at once: the
/// demonstration company and imports. Days that are kept already stay.
///
/// # Errors
/// What the database says.
pub async fn look_back(ctx: &Ctx, unit: Id<of::Unit>, days: Vec<Day>) -> Result<(), Fault> {
    let directory = ctx.house.identity.directories().now();
    let extents: Vec<Extent> = domain::extent(&directory, unit).into_iter().collect();
    for day in days {
        let Some(scheme) = domain::scheme(day) else { continue };
        let asked = Arc::new(Asked {
            schemes: vec![scheme],
            metrics: ctx.house.metrics.clone(),
            extents: extents.clone(),
            day,
            at: day.at(23, 59, &ctx.house.zone),
            zone: ctx.house.zone.clone(),
        });
        let evidence = ctx
            .read(Arc::clone(&asked), |tx, asked| {
                Box::pin(async move { collect::evidence(tx, asked).await.map_err(Fault::from) })
            })
            .await?;
        let Some(evidence) = evidence.first() else { continue };
        let stored = Stored::of(scheme, evidence);
        let body = serde_json::to_string(&stored).map_err(Fault::internal)?;
        ctx.write((unit, day, stored, body), |work, (unit, day, stored, body)| {
            Box::pin(async move {
                if !store::of_day(work.tx, SCHEME, *day).await?.contains(unit) {
                    store::keep_day(work.tx, SCHEME, *unit, *day, stored, body).await?;
                }
                Ok(work.unchanged(()))
            })
        })
        .await?;
    }
    Ok(())
}

/// The score of one unit with what moved it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Whose.
    pub unit: Unit,
    /// By which scheme.
    pub scheme: &'static Scheme,
    /// What was computed last; `None` = not yet.
    pub live: Option<Live>,
    /// The ends of each day.
    pub trend: Vec<(Day, Option<i64>, Option<i64>)>,
    /// What moved it lately, newest first.
    pub moves: Vec<Move>,
    /// The ends of what stands directly below.
    pub below: Vec<(Unit, Option<i64>, Option<i64>)>,
    /// Special deductions and bonuses that count here.
    pub specials: Vec<Special>,
}

/// The score of `unit`, as stored.
///
/// # Errors
/// `not-found`.
pub async fn sheet(ctx: &Ctx, unit: Unit) -> Result<Sheet, Fault> {
    sheet_of(ctx, unit, SCHEME).await
}

/// The score of `unit` by the scheme `code`, as stored.
///
/// # Errors
/// `not-found`.
pub async fn sheet_of(ctx: &Ctx, unit: Unit, code: &str) -> Result<Sheet, Fault> {
    let scheme = schemes::chosen(ctx, code).await?;
    if !reaches(ctx, VIEW, unit.id) {
        return Err(Fault::not_found());
    }
    let directory = ctx.house.identity.directories().now();
    let wanted = match unit.kind {
        UnitKind::Company => UnitKind::Region,
        UnitKind::Region | UnitKind::Store | UnitKind::Team => UnitKind::Store,
    };
    let below: Vec<Unit> = domain::units(&directory)
        .into_iter()
        .filter(|other| other.id != unit.id && other.kind == wanted && other.path.contains(&unit.id))
        .cloned()
        .collect();
    let extent = domain::extent(&directory, unit.id).ok_or_else(Fault::not_found)?;
    let now = ctx.now();
    ctx.read((unit, scheme, below, extent, now, today(ctx)), |tx, (unit, scheme, below, extent, now, today)| {
        Box::pin(async move {
            let live = store::live(tx, &scheme.code, unit.id).await?;
            let trend = store::trend(tx, &scheme.code, unit.id, today.plus(-184)).await?;
            let days = store::days(tx, &scheme.code, unit.id, MOVED).await?;
            let ids: Vec<_> = below.iter().map(|unit| unit.id).collect();
            let ends = if ids.is_empty() { BTreeMap::new() } else { store::ends(tx, &scheme.code, &ids).await? };
            let specials = store::specials_at(tx, &scheme.code, *today, *now).await?;
            Ok(Sheet {
                unit: unit.clone(),
                scheme,
                live,
                trend,
                moves: domain::moves(scheme, &days),
                below: below
                    .iter()
                    .map(|unit| {
                        let (low, high) = ends.get(&unit.id).copied().unwrap_or_default();
                        (unit.clone(), low, high)
                    })
                    .collect(),
                specials: specials.into_iter().filter(|one| extent.hears(one.unit)).collect(),
            })
        })
    })
    .await
}

/// What one indicator rests on.
#[derive(Debug, Clone)]
pub struct Walk {
    /// Whose score.
    pub unit: Unit,
    /// By which scheme.
    pub scheme: &'static Scheme,
    /// What was computed last.
    pub live: Option<Live>,
    /// The stores in it, for links to lists of records.
    pub stores: Vec<Id<of::Unit>>,
    /// Judgements of it, newest first.
    pub judgements: Vec<Judgement>,
    /// Entries that speak for it, newest first.
    pub entries: Vec<Entry>,
    /// What moved it lately.
    pub moves: Vec<Move>,
}

/// What the indicator `clause` rests on at `unit`.
///
/// # Errors
/// `not-found`.
pub async fn walk(ctx: &Ctx, unit: Unit, clause: &str) -> Result<Walk, Fault> {
    walk_of(ctx, unit, SCHEME, clause).await
}

/// What the indicator `clause` of the scheme `code` rests on at `unit`.
///
/// # Errors
/// `not-found`.
pub async fn walk_of(ctx: &Ctx, unit: Unit, code: &str, clause: &str) -> Result<Walk, Fault> {
    let scheme = schemes::chosen(ctx, code).await?;
    let indicator = scheme.indicator(clause).ok_or_else(Fault::not_found)?;
    if !reaches(ctx, VIEW, unit.id) {
        return Err(Fault::not_found());
    }
    let kinds: Vec<String> = match &indicator.kind {
        Kind::Group(_) => Vec::new(),
        Kind::Leaf { parts, .. } => parts
            .iter()
            .filter_map(|part| match part {
                Part::Record { code, .. } => Some(code.clone()),
                Part::Metric(_) | Part::Fact(_) => None,
            })
            .collect(),
    };
    let directory = ctx.house.identity.directories().now();
    let extent = domain::extent(&directory, unit.id).ok_or_else(Fault::not_found)?;
    ctx.read((unit, scheme, clause.to_owned(), extent, kinds), |tx, (unit, scheme, clause, extent, kinds)| {
        Box::pin(async move {
            let entries = if kinds.is_empty() {
                Vec::new()
            } else {
                let mut units = extent.above.clone();
                units.extend(extent.below.iter().copied());
                let filter = EntryFilter { kinds: kinds.clone(), units, ends_by: None };
                store::entries(tx, &filter, None, ROWS).await?
            };
            let days = store::days(tx, &scheme.code, unit.id, MOVED).await?;
            Ok(Walk {
                unit: unit.clone(),
                scheme,
                live: store::live(tx, &scheme.code, unit.id).await?,
                stores: extent.stores.clone(),
                judgements: store::judgements_of(tx, &scheme.code, clause, &extent.above).await?,
                entries,
                moves: domain::moves(scheme, &days).into_iter().filter(|one| one.clause == *clause).collect(),
            })
        })
    })
    .await
}

/// What somebody says of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It earns so many per cent of its points.
    Earns(i64),
    /// It does not apply here.
    Away,
    /// The records speak again.
    Records,
}

/// Says something of the indicator `clause` at `unit`, with a reason; the score follows at once.
///
/// # Errors
/// `invalid` with the fields; `not-found`; `forbidden`.
pub async fn say(ctx: &Ctx, unit: Id<of::Unit>, clause: &str, said: Said, reason: &str) -> Result<(), Fault> {
    say_of(ctx, unit, SCHEME, clause, said, reason).await
}

/// The same of an indicator of the scheme `code`.
///
/// # Errors
/// As [`say`].
pub async fn say_of(
    ctx: &Ctx,
    unit: Id<of::Unit>,
    code: &str,
    clause: &str,
    said: Said,
    reason: &str,
) -> Result<(), Fault> {
    let scheme = schemes::chosen(ctx, code).await?;
    let indicator = scheme.indicator(clause).ok_or_else(Fault::not_found)?;
    let Kind::Leaf { may_leave, scoring, .. } = &indicator.kind else { return Err(Fault::not_found()) };
    if !reaches(ctx, VIEW, unit) {
        return Err(Fault::not_found());
    }
    if !may_judge(ctx, unit) {
        return Err(Fault::forbidden());
    }
    let mut errors = FieldErrors::default();
    let reason = text::required(&mut errors, "reason", reason, TEXT);
    match said {
        Said::Earns(percent) if !(0..=100).contains(&percent) => errors.add("percent", "scores-percent"),
        Said::Earns(percent) if matches!(scoring, scoring::Scoring::All) && percent != 0 && percent != 100 => {
            errors.add("percent", "scores-all-or-none");
        }
        Said::Away if !may_leave => errors.add("what", "scores-must-apply"),
        Said::Earns(_) | Said::Away | Said::Records => {}
    }
    errors.check()?;
    let input = (unit, scheme, clause.to_owned(), said, reason);
    ctx.write(input, |work, (unit, scheme, clause, said, reason)| {
        Box::pin(async move { say_within(work, *unit, &scheme.code, clause, said, reason).await })
    })
    .await?;
    recalculate(&system(ctx)).await.map(|_| ())
}

async fn say_within(
    work: &mut Work<'_>,
    unit: Id<of::Unit>,
    scheme: &str,
    clause: &str,
    said: &Said,
    reason: &str,
) -> Result<Recorded<()>, Fault> {
    let by = work.ctx.actor.user;
    let before = store::end_judgement(work.tx, scheme, clause, unit, by, work.now).await?;
    let word = |percent: Option<i64>| percent.map_or_else(|| "n/a".to_owned(), |percent| format!("{percent}%"));
    let after = match said {
        Said::Earns(percent) => Some(Some(*percent)),
        Said::Away => Some(None),
        Said::Records => None,
    };
    if let Some(percent) = after {
        let one = Judgement {
            id: work.ctx.house.ids.next(),
            clause: clause.to_owned(),
            unit,
            percent,
            reason: reason.to_owned(),
            by,
            at: work.now,
            ended_at: None,
        };
        store::insert_judgement(work.tx, scheme, &one).await?;
    }
    let event = Event::new(RecordRef::new(LIVE, unit), "score.judged", place(unit))
        .change("clause", None, Some(clause.to_owned()))
        .change("judgement", before.map(|one| word(one.percent)), after.map(word))
        .change("reason", None, Some(reason.to_owned()));
    work.record(event).await
}

/// Whoever wrote is not who computes.
pub(crate) fn system(ctx: &Ctx) -> Ctx {
    Ctx::system(Arc::clone(&ctx.house), "scores.recalculate")
}

/// Evidence as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// A kind of record of the scheme.
    pub kind: String,
    /// Where it belongs.
    pub unit: Option<Id<of::Unit>>,
    /// Whom it is about.
    pub person: Option<Id<of::User>>,
    /// In a few words.
    pub title: String,
    /// More.
    pub note: Option<String>,
    /// A visit or sample that conforms.
    pub met: bool,
    /// When it happened.
    pub happened_on: Option<Day>,
    /// Its last day.
    pub valid_until: Option<Day>,
    /// What measures a promise: a stage of cases.
    pub measure: Option<String>,
}

/// Enters evidence; the score follows at once.
///
/// # Errors
/// `invalid` with the fields; `forbidden`.
pub async fn enter(ctx: &Ctx, draft: &Draft) -> Result<Id<EntryId>, Fault> {
    let id = enter_quietly(ctx, draft).await?;
    recalculate(&system(ctx)).await?;
    Ok(id)
}

/// The same for many entries, after which whoever enters them computes once.
///
/// # Errors
/// As [`enter`].
pub async fn enter_quietly(ctx: &Ctx, draft: &Draft) -> Result<Id<EntryId>, Fault> {
    let kind = schemes::record_kind(ctx, &draft.kind).await?;
    let one = checked(ctx, draft, kind.as_ref())?;
    ctx.write(one, |work, one| Box::pin(async move { enter_within(work, one).await })).await
}

/// Enters all of them or, when one is wrong, none; the score follows once.
///
/// # Errors
/// As [`enter`], of the first that is wrong.
pub async fn enter_all(ctx: &Ctx, drafts: &[Draft]) -> Result<(), Fault> {
    let mut all = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let kind = schemes::record_kind(ctx, &draft.kind).await?;
        all.push(checked(ctx, draft, kind.as_ref())?);
    }
    ctx.write(all, |work, all| {
        Box::pin(async move {
            for one in all {
                let _ = enter_within(work, one).await?;
            }
            Ok(work.unchanged(()))
        })
    })
    .await?;
    recalculate(&system(ctx)).await.map(|_| ())
}

async fn enter_within(work: &mut Work<'_>, one: &Entry) -> Result<Recorded<Id<EntryId>>, Fault> {
    let one =
        Entry { id: work.ctx.house.ids.next(), entered_at: work.now, entered_by: work.ctx.actor.user, ..one.clone() };
    store::insert_entry(work.tx, &one).await?;
    let name = {
        let directory = work.ctx.house.identity.directories().now();
        one.person.and_then(|person| directory.user_name(person)).map(str::to_owned)
    };
    let event = Event::new(RecordRef::new(ENTRY, one.id), "score_entry.entered", place(one.unit))
        .happened(one.happened_on.at(12, 0, &work.ctx.house.zone).min(work.now))
        .change("kind", None, Some(one.kind.clone()))
        .change("person", None, name)
        .change("valid_until", None, one.valid_until.map(|day| day.to_string()))
        .personal("title", None, Some(one.title.clone()))
        .personal("text", None, one.note.clone());
    Ok(work.record(event).await?.with(one.id))
}

/// A history at once: evidence and judgements of the company, each entered at its own time. For the demonstration company and imports;
/// nothing is computed.
///
/// # Errors
/// As [`enter`].
pub async fn replay(
    ctx: &Ctx,
    entries: &[(Draft, Timestamp)],
    said: Vec<(Id<of::Unit>, &'static str, Said, &'static str, Timestamp)>,
) -> Result<(), Fault> {
    let mut checked_entries = Vec::with_capacity(entries.len());
    for (draft, at) in entries {
        let kind = schemes::record_kind(ctx, &draft.kind).await?;
        checked_entries.push((checked(ctx, draft, kind.as_ref())?, *at));
    }
    let entries = checked_entries;
    ctx.write((entries, said, ctx.clone()), |work, (entries, said, ctx)| {
        Box::pin(async move {
            for (one, at) in entries {
                let mut then = work.acting(ctx, *at);
                let _ = enter_within(&mut then, one).await?;
            }
            for (unit, clause, said, reason, at) in said {
                let mut then = work.acting(ctx, *at);
                let _ = say_within(&mut then, *unit, SCHEME, clause, said, reason).await?;
            }
            Ok(work.unchanged(()))
        })
    })
    .await
}

pub(crate) fn checked(ctx: &Ctx, draft: &Draft, kind: Option<&RecordKind>) -> Result<Entry, Fault> {
    let mut errors = FieldErrors::default();
    let title = text::required(&mut errors, "title", &draft.title, TITLE);
    let note = draft.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let note = note.map(|note| text::required(&mut errors, "note", note, TEXT));
    if kind.is_none() {
        errors.add("kind", "choose");
    }
    let allowed = may_record(ctx);
    if allowed.is_empty() {
        return Err(Fault::forbidden());
    }
    let directory = ctx.house.identity.directories().now();
    let unit = draft.unit.and_then(|unit| allowed.iter().find(|one| one.id == unit));
    if unit.is_none() {
        errors.add("unit", "choose");
    }
    if let (Some(kind), Some(unit)) = (kind, unit) {
        let of_store = unit.kind == UnitKind::Store;
        if kind.per == Per::Store && !of_store {
            errors.add("unit", "scores-store");
        }
        let of_person = matches!(kind.per, Per::Person | Per::Quota);
        match draft.person {
            None if of_person => errors.add("person", "choose"),
            Some(_) if !of_person => errors.add("person", "scores-nobody"),
            Some(person) => {
                let known = directory.user(person).filter(|user| user.active);
                if known.is_none_or(|user| !directory.tree().is_within(user.home, unit.id)) {
                    errors.add("person", "scores-elsewhere");
                }
            }
            None => {}
        }
    }
    let today = today(ctx);
    match draft.happened_on {
        None => errors.add("happened_on", "required"),
        Some(day) if day > today => errors.add("happened_on", "scores-not-yet"),
        Some(_) => {}
    }
    if let (Some(from), Some(until)) = (draft.happened_on, draft.valid_until)
        && until < from
    {
        errors.add("valid_until", "scores-ends-before");
    }
    if draft.measure.as_deref().is_some_and(|stage| !registers::STAGES.contains(&stage)) {
        errors.add("measure", "choose");
    }
    errors.check()?;
    let (Some(unit), Some(happened_on)) = (unit, draft.happened_on) else { return Err(Fault::field("unit", "choose")) };
    Ok(Entry {
        id: Id::new(0),
        kind: draft.kind.clone(),
        unit: unit.id,
        person: draft.person,
        title,
        note,
        met: draft.met,
        happened_on,
        valid_until: draft.valid_until,
        entered_at: ctx.now(),
        entered_by: None,
        withdrawn_at: None,
        withdrawn_why: None,
        measure: draft.measure.clone().filter(|_| registers::is_measured(&draft.kind)),
        answer: None,
    })
}

/// Takes evidence back, with a reason; it stays in the list, struck out.
///
/// # Errors
/// `invalid` without a reason; `not-found`; `forbidden`.
pub async fn withdraw(ctx: &Ctx, id: Id<EntryId>, why: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let why = text::required(&mut errors, "why", why, TEXT);
    errors.check()?;
    ctx.write((id, why), |work, (id, why)| {
        Box::pin(async move {
            let one = store::entry(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            if !reaches(work.ctx, VIEW, one.unit) {
                return Err(Fault::not_found());
            }
            if !reaches(work.ctx, RECORD, one.unit) {
                return Err(Fault::forbidden());
            }
            if !store::withdraw(work.tx, *id, work.ctx.actor.user, work.now, why).await? {
                return Ok(work.unchanged(()));
            }
            let event = Event::new(RecordRef::new(ENTRY, *id), "score_entry.withdrawn", place(one.unit))
                .change("kind", Some(one.kind.clone()), None)
                .change("reason", None, Some(why.clone()));
            work.record(event).await
        })
    })
    .await?;
    recalculate(&system(ctx)).await.map(|_| ())
}

/// A page of entries.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its rows, newest first.
    pub rows: Vec<Entry>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Entries that the actor sees, of one kind or all, newest first; `ending` = those that end within 90 days or have ended.
///
/// # Errors
/// What the database says.
pub async fn list(
    ctx: &Ctx,
    kind: Option<&str>,
    ending: bool,
    after: Option<&str>,
    limit: i64,
) -> Result<Listed, Fault> {
    let units: Vec<Id<of::Unit>> = seen(ctx).iter().map(|unit| unit.id).collect();
    if units.is_empty() {
        return Ok(Listed { rows: Vec::new(), next: None });
    }
    let filter = EntryFilter {
        kinds: kind.map(str::to_owned).into_iter().collect(),
        units,
        ends_by: ending.then(|| today(ctx).plus(90)),
    };
    let after = after.and_then(store::read_cursor);
    ctx.read((filter, after, limit), |tx, (filter, after, limit)| {
        Box::pin(async move {
            let mut rows = store::entries(tx, filter, *after, *limit + 1).await?;
            let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > *limit;
            if more {
                rows.pop();
            }
            let next = rows.last().filter(|_| more).map(store::cursor_of);
            Ok(Listed { rows, next })
        })
    })
    .await
}

/// Confirms a special deduction (with the code of a cause) or bonus (without).
///
/// # Errors
/// `invalid` with the fields; `not-found`; `forbidden`.
pub async fn confirm_special(
    ctx: &Ctx,
    unit: Id<of::Unit>,
    cause: Option<String>,
    reason: &str,
    happened_on: Option<Day>,
) -> Result<Id<SpecialId>, Fault> {
    confirm_special_of(ctx, unit, SCHEME, cause, reason, happened_on).await
}

/// The same by the scheme `code`.
///
/// # Errors
/// As [`confirm_special`].
pub async fn confirm_special_of(
    ctx: &Ctx,
    unit: Id<of::Unit>,
    code: &str,
    cause: Option<String>,
    reason: &str,
    happened_on: Option<Day>,
) -> Result<Id<SpecialId>, Fault> {
    let scheme = schemes::chosen(ctx, code).await?;
    if !reaches(ctx, VIEW, unit) {
        return Err(Fault::not_found());
    }
    if !may_judge(ctx, unit) {
        return Err(Fault::forbidden());
    }
    let mut errors = FieldErrors::default();
    let reason = text::required(&mut errors, "reason", reason, TEXT);
    if cause.as_ref().is_some_and(|cause| !scheme.causes.iter().any(|(code, _)| code == cause)) {
        errors.add("cause", "choose");
    }
    match happened_on {
        None => errors.add("happened_on", "required"),
        Some(day) if day > today(ctx) => errors.add("happened_on", "scores-not-yet"),
        Some(_) => {}
    }
    errors.check()?;
    let happened_on = happened_on.unwrap_or_else(|| today(ctx));
    let id = ctx
        .write((unit, scheme, cause, reason, happened_on), |work, (unit, scheme, cause, reason, happened_on)| {
            Box::pin(async move {
                let one = Special {
                    id: work.ctx.house.ids.next(),
                    unit: *unit,
                    cause: cause.clone(),
                    reason: reason.clone(),
                    happened_on: *happened_on,
                    by: work.ctx.actor.user,
                    at: work.now,
                };
                special_within(work, scheme, &one).await
            })
        })
        .await?;
    recalculate(&system(ctx)).await?;
    Ok(id)
}

/// Writes a special deduction or bonus down; near the end that no score survives, those who see the board are told.
pub(crate) async fn special_within(
    work: &mut Work<'_>,
    scheme: &Scheme,
    one: &Special,
) -> Result<Recorded<Id<SpecialId>>, Fault> {
    store::insert_special(work.tx, &scheme.code, one).await?;
    if one.cause.is_some()
        && let Some(most) = fatal(scheme)
    {
        let day = work.now.day(&work.ctx.house.zone);
        let all = store::specials_at(work.tx, &scheme.code, day, work.now).await?;
        let n = all.iter().filter(|other| other.cause.is_some()).count();
        let left = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(n);
        if left <= 2 {
            let directory = work.ctx.house.identity.directories().now();
            let to: Vec<_> = directory.who_may(VIEW, &place(one.unit)).into_iter().map(|user| user.id).collect();
            let notice = Notice::new("score.special", RecordRef::new(SPECIAL, one.id))
                .at(format!("/score/rules?scheme={}", scheme.code))
                .number(&n.to_string())
                .subject(&most.to_string());
            notices::tell(work, &to, &notice).await?;
        }
    }
    let event = Event::new(RecordRef::new(SPECIAL, one.id), "score_special.confirmed", place(one.unit))
        .change("cause", None, Some(one.cause.clone().unwrap_or_else(|| "bonus".to_owned())))
        .change("reason", None, Some(one.reason.clone()));
    Ok(work.record(event).await?.with(one.id))
}

/// The number of special deductions that fails at any score.
pub fn fatal(scheme: &Scheme) -> Option<u32> {
    scheme.fails.iter().find_map(|one| match one {
        scoring::Fails::Deductions(most) => Some(*most),
        scoring::Fails::Clause(..) => None,
    })
}

/// The actor may load schemes, say which one counts, and edit what actions cost.
pub fn may_change_schemes(ctx: &Ctx) -> bool {
    ctx.actor.user.is_some() && ctx.reach(SCHEMES).company
}

/// Takes a special deduction or bonus back, with a reason.
///
/// # Errors
/// `invalid` without a reason; `not-found`; `forbidden`.
pub async fn end_special(ctx: &Ctx, id: Id<SpecialId>, why: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let why = text::required(&mut errors, "why", why, TEXT);
    errors.check()?;
    ctx.write((id, why), |work, (id, why)| {
        Box::pin(async move {
            let one = store::special(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            if !reaches(work.ctx, VIEW, one.unit) {
                return Err(Fault::not_found());
            }
            if !may_judge(work.ctx, one.unit) {
                return Err(Fault::forbidden());
            }
            store::end_special(work.tx, *id, work.ctx.actor.user, work.now, why).await?;
            let event = Event::new(RecordRef::new(SPECIAL, *id), "score_special.ended", place(one.unit)).change(
                "reason",
                None,
                Some(why.clone()),
            );
            work.record(event).await
        })
    })
    .await?;
    recalculate(&system(ctx)).await.map(|_| ())
}

/// Tells whoever entered it that evidence ends within a month; says how many.
///
/// # Errors
/// What the database says.
pub async fn remind(ctx: &Ctx) -> Result<usize, Fault> {
    let by = today(ctx).plus(AHEAD);
    ctx.write(by, |work, by| {
        Box::pin(async move {
            let ending = store::ending(work.tx, *by, 500).await?;
            for one in &ending {
                store::told(work.tx, one.id).await?;
                let to: Vec<_> = one.entered_by.into_iter().collect();
                let until = one.valid_until.map(|day| day.to_string()).unwrap_or_default();
                let notice = Notice::new("score.ending", RecordRef::new(ENTRY, one.id))
                    .at(format!("/score/records?kind={}&ending=on", one.kind))
                    .number(&until)
                    .subject(&one.title);
                notices::tell(work, &to, &notice).await?;
            }
            Ok(work.unchanged(ending.len()))
        })
    })
    .await
}
