//! Use cases around keeping: the rules, the archive that fills by itself, and what has come to its end.

use std::sync::Arc;

use capability::{Ctx, Event, PermissionDef};
use cases::app::flow;
use cases::domain::{Stage, Unit};
use db::Tx;
use kernel::{Cursor, Day, Fault, Id, Permission, Place, Placed, RecordRef, Scope, Timestamp, of};
use notices::Notice;

use super::store::{self, PromiseRow, Proposed, YearsRow};
use super::{ArchiveKind, LEAST_YEARS, MOST_YEARS};
use crate::app::{command_within, event};
use crate::domain::{Command, Severity, State};
use crate::regulator::app::HOLD;
use crate::regulator::domain::{HELD, NOT_NOW, Nature};
use crate::store::Complaint;

/// Set how long complaints are kept and what is promised about them.
pub const RULES: Permission = Permission("complaints.rules");

/// The permission with the roles that hold it by default.
pub const PERMISSION: PermissionDef =
    PermissionDef { permission: RULES, defaults: &[("headquarters_quality", Scope::Company)] };

/// The record in whose journal the rules stand.
pub const RECORD: &str = "complaint_rules";
/// Stages whose time is promised here.
pub const STAGES: [Stage; 2] = [Stage::Decision, Stage::CallBack];

/// Complaints that one look of a job goes through at once.
const BATCH: i64 = 50;
/// The longest promised time: thirty days in minutes, or in working days.
const LONGEST: (i64, i64) = (30 * 24 * 60, 60);

/// All versions of the rules, newest first.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How long each kind is kept.
    pub years: Vec<YearsRow>,
    /// What is promised.
    pub promises: Vec<PromiseRow>,
}

impl Rules {
    /// What counts for `kind` at `at`.
    pub fn years_at(&self, kind: ArchiveKind, at: Timestamp) -> i64 {
        let fits = self.years.iter().filter(|row| row.kind == kind && row.from <= at);
        fits.max_by_key(|row| (row.from, row.version)).map_or(LEAST_YEARS, |row| row.years).max(LEAST_YEARS)
    }
    /// What is promised for complaints this grave at `at`.
    pub fn promise_at(&self, severity: Severity, stage: Stage, at: Timestamp) -> Option<&PromiseRow> {
        let fits = self.promises.iter().filter(|row| row.severity == severity && row.stage == stage && row.from <= at);
        fits.max_by_key(|row| (row.from, row.version))
    }
}

async fn load(tx: &mut Tx) -> Result<Rules, Fault> {
    Ok(Rules { years: store::years(tx).await?, promises: store::promises(tx).await? })
}

/// The rules with all their versions.
///
/// # Errors
/// `forbidden` without the permission.
pub async fn rules(ctx: &Ctx) -> Result<Rules, Fault> {
    if !ctx.actor.holds(RULES) {
        return Err(Fault::forbidden());
    }
    ctx.read((), |tx, ()| Box::pin(load(tx))).await
}

/// Of which kind `complaint` is in the archive.
///
/// # Errors
/// What the database says.
pub async fn kind_of(tx: &mut Tx, complaint: Id<of::Case>) -> Result<ArchiveKind, Fault> {
    let one = crate::regulator::store::get(tx, complaint).await?;
    Ok(match one.map(|one| one.nature) {
        None => ArchiveKind::Complaint,
        Some(Nature::Complaint) => ArchiveKind::Regulator,
        Some(Nature::Report) => ArchiveKind::Report,
    })
}

/// Until when a complaint that ended on `ended` is kept, by the rule in force at `now`.
///
/// # Errors
/// What the database says.
pub async fn retain_until(tx: &mut Tx, complaint: Id<of::Case>, ended: Day, now: Timestamp) -> Result<Day, Fault> {
    let kind = kind_of(tx, complaint).await?;
    let years = load(tx).await?.years_at(kind, now);
    Ok(ended.plus_months(i32::try_from(years.saturating_mul(12)).unwrap_or(i32::MAX)))
}

fn place(ctx: &Ctx) -> Result<Place, Fault> {
    let company = ctx.house.identity.directories().now().company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    let place = Place { store: company, team: None, owner: None };
    if ctx.actor.may(RULES, &place) { Ok(place) } else { Err(Fault::forbidden()) }
}

fn record() -> RecordRef {
    RecordRef::new(RECORD, Id::<YearsRow>::new(1))
}

/// From `from` on what goes into the archive as `kind` is kept for `years`.
///
/// # Errors
/// `forbidden`; `invalid`: never shorter than the law's least, never for the past.
pub async fn set_years(ctx: &Ctx, kind: ArchiveKind, years: i64, from: Timestamp) -> Result<i64, Fault> {
    let place = place(ctx)?;
    if !(LEAST_YEARS..=MOST_YEARS).contains(&years) {
        return Err(Fault::field("years", "complaints-years"));
    }
    ctx.write((kind, years, from, place), |work, (kind, years, from, place)| {
        Box::pin(async move {
            let rules = load(work.tx).await?;
            if *from < work.now.day(&work.ctx.house.zone).start(&work.ctx.house.zone) {
                return Err(Fault::field("from", "past"));
            }
            let version =
                rules.years.iter().filter(|row| row.kind == *kind).map(|row| row.version).max().unwrap_or(0) + 1;
            let before = rules.years_at(*kind, *from);
            let by = work.ctx.actor.user;
            store::add_years(work.tx, &YearsRow { kind: *kind, years: *years, from: *from, version, by }).await?;
            let event = Event::new(record(), "complaints.years_set", *place)
                .change("archive_kind", None, Some(kind.to_string()))
                .change("years", Some(before.to_string()), Some(years.to_string()))
                .change("effective_from", None, Some(from.to_string()))
                .change("version", None, Some(version.to_string()));
            Ok(work.record(event).await?.with(version))
        })
    })
    .await
}

/// What is to be promised.
#[derive(Debug, Clone, Copy)]
pub struct Promise {
    /// For complaints this grave.
    pub severity: Severity,
    /// For which stretch.
    pub stage: Stage,
    /// Counted how.
    pub unit: Unit,
    /// Minutes, or days for working days.
    pub amount: i64,
    /// From when on, for clocks that begin then.
    pub from: Timestamp,
}

/// Promises another time.
///
/// # Errors
/// `forbidden`; `invalid` with the field.
pub async fn set_promise(ctx: &Ctx, wanted: Promise) -> Result<i64, Fault> {
    let place = place(ctx)?;
    let most = if wanted.unit == Unit::WorkingDays { LONGEST.1 } else { LONGEST.0 };
    if !(1..=most).contains(&wanted.amount) {
        return Err(Fault::field("amount", "complaints-promise-amount"));
    }
    if !STAGES.contains(&wanted.stage) {
        return Err(Fault::field("stage", "unknown"));
    }
    ctx.write((wanted, place), |work, (wanted, place)| {
        Box::pin(async move {
            let rules = load(work.tx).await?;
            if wanted.from < work.now.day(&work.ctx.house.zone).start(&work.ctx.house.zone) {
                return Err(Fault::field("from", "past"));
            }
            let same = |row: &&PromiseRow| row.severity == wanted.severity && row.stage == wanted.stage;
            let version = rules.promises.iter().filter(same).map(|row| row.version).max().unwrap_or(0) + 1;
            let before = rules.promise_at(wanted.severity, wanted.stage, wanted.from);
            let said = |unit: Unit, amount: i64| format!("{amount} {unit}");
            let before = before.map(|row| said(row.unit, row.amount));
            let row = PromiseRow {
                severity: wanted.severity,
                stage: wanted.stage,
                unit: wanted.unit,
                amount: wanted.amount,
                from: wanted.from,
                version,
                by: work.ctx.actor.user,
            };
            store::add_promise(work.tx, &row).await?;
            let event = Event::new(record(), "complaints.promise_set", *place)
                .change("severity", None, Some(wanted.severity.to_string()))
                .change("stage", None, Some(wanted.stage.to_string()))
                .change("promise", before, Some(said(wanted.unit, wanted.amount)))
                .change("effective_from", None, Some(wanted.from.to_string()))
                .change("version", None, Some(version.to_string()));
            Ok(work.record(event).await?.with(version))
        })
    })
    .await
}

/// Puts closed complaints into the archive that can no longer be appealed and are complete; gives how many. What is not complete stays
/// closed, and its page says what is missing.
///
/// # Errors
/// What the database says.
pub async fn archive_due(ctx: &Ctx) -> Result<usize, Fault> {
    let (mut after, mut archived) = (Id::new(0), 0);
    loop {
        let found: Vec<Id<of::Case>> = ctx
            .read((ctx.now(), after), |tx, (now, after)| {
                Box::pin(async move { Ok(store::closed(tx, *now, *after, BATCH).await?) })
            })
            .await?;
        let Some(last) = found.last().copied() else { return Ok(archived) };
        for id in found {
            let done = ctx
                .write(id, |work, id| {
                    Box::pin(async move {
                        let complaint = crate::store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
                        let Some(ended) = complaint.ended_at.filter(|_| complaint.state == State::Closed) else {
                            return Ok(work.unchanged(false));
                        };
                        let until = flow::reopen_until(work, ended).await?;
                        let lines = crate::store::lines(work.tx, *id).await?;
                        let lacks = crate::app::lacking(work, &complaint, &lines).await?;
                        if work.now <= until || !lacks.is_empty() {
                            return Ok(work.unchanged(false));
                        }
                        Ok(command_within(work, *id, None, &Command::Archive).await?.map(|_| true))
                    })
                })
                .await?;
            archived += usize::from(done);
        }
        after = last;
    }
}

/// Proposes to a person what has come to its end; gives how many.
///
/// # Errors
/// What the database says.
pub async fn propose_due(ctx: &Ctx) -> Result<usize, Fault> {
    let mut proposed = 0;
    loop {
        let found: Vec<Id<of::Case>> = ctx
            .read(ctx.now().day(&ctx.house.zone), |tx, today| {
                Box::pin(async move { Ok(store::over(tx, *today, BATCH).await?) })
            })
            .await?;
        if found.is_empty() {
            return Ok(proposed);
        }
        proposed += found.len();
        ctx.write(found, |work, found| {
            Box::pin(async move {
                let directory = work.ctx.house.identity.directories().now();
                for id in found {
                    let complaint = crate::store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
                    store::propose(work.tx, *id, work.now).await?;
                    let _ = work
                        .record(event(work, "complaints.end_proposed", Some(&complaint), &complaint).quietly())
                        .await?;
                    let people: Vec<_> =
                        directory.who_may(HOLD, &complaint.place()).into_iter().map(|user| user.id).collect();
                    let told = Notice::new("archive.ended", RecordRef::new(cases::app::RECORD, *id))
                        .at("/complaints/archive")
                        .number(&complaint.number);
                    notices::tell(work, &people, &told).await?;
                }
                Ok(work.unchanged(()))
            })
        })
        .await?;
    }
}

/// Proposals that wait for the actor, with where the next page begins.
///
/// # Errors
/// What the database says.
pub async fn proposed(ctx: &Ctx, after: Option<Cursor>, limit: i64) -> Result<(Vec<Proposed>, Option<Cursor>), Fault> {
    let mut rows: Vec<Proposed> = ctx
        .read((ctx.reach(HOLD), after, limit), |tx, (reach, after, limit)| {
            Box::pin(async move { Ok(store::proposed(tx, reach, *after, *limit + 1).await?) })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: row.case.get(), id: row.case.get() });
    Ok((rows, next))
}

/// What a person says about an archived complaint whose time is over.
#[derive(Debug, Clone)]
pub enum End {
    /// Kept until then.
    Keep(Day),
    /// Its words go.
    Erase,
}

/// Carries out what the person says about the complaint of the case `id`, for `reason`.
///
/// # Errors
/// `not-found`, `forbidden`; `complaints-held`; `complaints-reg-not-now` when its time is not over.
pub async fn end(ctx: &Ctx, id: Id<of::Case>, wanted: End, reason: String) -> Result<(), Fault> {
    ctx.write((id, wanted, reason), |work, (id, wanted, reason)| {
        Box::pin(async move {
            let case = cases::store::hold(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let before = crate::store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            match () {
                () if !work.ctx.actor.may(crate::app::VIEW, &before) => return Err(Fault::not_found()),
                () if !work.ctx.actor.may(HOLD, &before) => return Err(Fault::forbidden()),
                () => {}
            }
            if before.legal_hold.is_some() {
                return Err(Fault::refused(HELD));
            }
            let today = work.now.day(&work.ctx.house.zone);
            if before.state != State::Archived || before.retain_until.is_none_or(|until| until >= today) {
                return Err(Fault::refused(NOT_NOW));
            }
            let after = match wanted {
                End::Keep(until) if *until <= today => return Err(Fault::field("until", "past")),
                End::Keep(until) => {
                    store::keep(work.tx, *id).await?;
                    Complaint { retain_until: Some(*until), ..before.clone() }
                }
                End::Erase => {
                    store::propose(work.tx, *id, work.now).await?;
                    store::erased(work.tx, *id, work.ctx.actor.user, work.now).await?;
                    flow::forget(work, case.id).await?;
                    crate::store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?
                }
            };
            crate::store::save(work.tx, &after).await?;
            let verb = match wanted {
                End::Keep(_) => "complaints.kept_longer",
                End::Erase => "complaints.words_erased",
            };
            // What was erased does not come back into the journal.
            let from = if matches!(wanted, End::Erase) { &after } else { &before };
            work.record(event(work, verb, Some(from), &after).change("why", None, Some(reason.clone()))).await
        })
    })
    .await
}

/// A system context for the jobs of this module.
pub(crate) fn system(house: &Arc<capability::Installation>, task: &str) -> Ctx {
    Ctx::system(Arc::clone(house), task)
}
