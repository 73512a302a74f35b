//! Changing working calendars. Clocks that run follow: a job goes with every change.

use std::sync::{Arc, Mutex, PoisonError};

use calendar::worktime::{Declared, Override, WeeklyPattern};
use calendar::{Entered, NewCalendar, Scope, WorkCalendar};
use capability::{Ctx, Event, Recorded, Work};
use jiff::civil::Date;
use kernel::{Day, Fault, FieldErrors, Id, Place, RecordRef, Timestamp, of};

use super::people::tree;
use crate::domain::place_of_unit;
use crate::permissions::CALENDARS_EDIT;

/// How the journal names a calendar.
pub(crate) const RECORD: &str = "calendar";
/// How the journal names the table of public holidays; a year's record has the year as its id.
pub(crate) const YEAR_RECORD: &str = "holidays";
/// Clocks that a preview looks at; beyond it, it says "at least".
const LOOKED_AT: usize = 1_000;
/// Clocks per step of a preview.
const STEP: i64 = 200;
/// Examples that a preview shows.
const EXAMPLES: usize = 8;
/// The most days that one exception may cover.
const LONGEST: i32 = 62;

/// A change of a calendar.
#[derive(Debug, Clone)]
pub enum Edit {
    /// A new calendar.
    Create(NewCalendar),
    /// Another ordinary week from a day on.
    Hours(Id<WorkCalendar>, Day, WeeklyPattern),
    /// A week that was to begin is taken back.
    DropHours(Id<WorkCalendar>, Day),
    /// The table of public holidays of a year.
    Year(i16, Vec<(Date, Declared)>),
    /// Other hours from one day to another.
    Except(Scope, Day, Day, Override),
    /// An exceptional day is taken back.
    Lift(Scope, Day),
    /// A unit works by a calendar; by that of the units above it with none.
    Assign(Id<of::Unit>, Option<Id<WorkCalendar>>),
}

/// A running clock that would be due at another time.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The kind of record that it belongs to.
    pub kind: String,
    /// That record's id.
    pub record: i64,
    /// What it waits for.
    pub stage: String,
    /// Whose it is.
    pub store: Id<of::Unit>,
    /// When it is due now.
    pub before: Option<Timestamp>,
    /// When it would be.
    pub after: Option<Timestamp>,
}

/// What a change would do to running clocks.
#[derive(Debug, Clone, Default)]
pub struct Moves {
    /// All clocks that run.
    pub open: i64,
    /// How many of them were looked at.
    pub seen: usize,
    /// How many would be due earlier.
    pub earlier: usize,
    /// How many would be due later.
    pub later: usize,
    /// Some of them.
    pub examples: Vec<Moved>,
}

impl Moves {
    /// How many would be due at another time.
    pub const fn moved(&self) -> usize {
        self.earlier + self.later
    }
    /// True when there are more clocks than were looked at.
    pub fn is_part(&self) -> bool {
        i64::try_from(self.seen).is_ok_and(|seen| seen < self.open)
    }
}

/// Makes the change, if nobody has edited any calendar since `edition`; running clocks follow at once.
///
/// # Errors
/// Not found; stale; `invalid`; `calendar-never-works` when clocks would have no time left at all.
pub async fn change(ctx: &Ctx, edition: i64, edit: Edit) -> Result<(), Fault> {
    ctx.write((edition, edit), |w, (edition, edit)| Box::pin(change_within(w, Some(*edition), edit))).await
}

/// What `edit` would do to the clocks that run; nothing is kept.
///
/// # Errors
/// As [`change`].
pub async fn preview(ctx: &Ctx, edit: Edit) -> Result<Moves, Fault> {
    let found: Arc<Mutex<Option<Moves>>> = Arc::default();
    let input = (edit, Arc::clone(&found));
    let undone: Result<(), Fault> = ctx
        .write(input, |w, (edit, found)| {
            Box::pin(async move {
                apply(w, edit).await?;
                let moves = moves(w).await?;
                *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(moves);
                // The only way to undo a write is to fail.
                Err(Fault::refused("administration-only-looked"))
            })
        })
        .await;
    let moves = found.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (undone, moves) {
        (Err(fault), Some(moves)) if fault.code() == "administration-only-looked" => Ok(moves),
        (Err(fault), _) => Err(fault),
        (Ok(()), _) => Err(Fault::internal("a preview was kept")),
    }
}

async fn moves(w: &mut Work<'_>) -> Result<Moves, Fault> {
    let mut moves = Moves { open: calendar::open_clocks(w.tx).await?, ..Moves::default() };
    let entered = Entered { by: w.ctx.actor.user, at: w.now };
    let mut after: Option<Id<of::Clock>> = None;
    while moves.seen < LOOKED_AT {
        let followed = calendar::follow_calendars(w.tx, &entered, after, STEP).await?;
        for (clock, before) in followed.changed.into_iter().zip(followed.was_due) {
            match clock.due_at.cmp(&before) {
                std::cmp::Ordering::Equal => continue,
                std::cmp::Ordering::Less => moves.earlier += 1,
                std::cmp::Ordering::Greater => moves.later += 1,
            }
            if moves.examples.len() < EXAMPLES {
                moves.examples.push(Moved {
                    kind: clock.record_kind,
                    record: clock.record_id,
                    stage: clock.stage,
                    store: clock.store,
                    before,
                    after: clock.due_at,
                });
            }
        }
        moves.seen += usize::try_from(STEP).unwrap_or(LOOKED_AT);
        match followed.next {
            Some(next) => after = Some(next),
            None => {
                moves.seen = usize::try_from(moves.open).unwrap_or(usize::MAX);
                break;
            }
        }
    }
    Ok(moves)
}

/// The same as [`change`] inside another write; with an edition it must still be the present one.
pub(crate) async fn change_within(w: &mut Work<'_>, edition: Option<i64>, edit: &Edit) -> Result<Recorded<()>, Fault> {
    let present = calendar::edition(w.tx).await?;
    if edition.is_some_and(|edition| edition != present) {
        return Err(Fault::stale(present));
    }
    let event = apply(w, edit).await?;
    w.record(event.quietly().job(cases::jobs::follow_calendars(w.now))).await
}

/// Writes what `edit` says and tells what the journal notes of it.
async fn apply(w: &mut Work<'_>, edit: &Edit) -> Result<Event, Fault> {
    let ids = w.ctx.house.ids.clone();
    let tree = tree(w).await?;
    let company = tree.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    let place = match edit {
        Edit::Except(Scope::Unit(unit), ..) | Edit::Lift(Scope::Unit(unit), _) | Edit::Assign(unit, _) => {
            place_of_unit(&tree, *unit)
        }
        _ => Place { store: company, team: None, owner: None },
    };
    w.require(CALENDARS_EDIT, &place)?;
    let all = calendar::calendars(w.tx).await?;
    let named = |id: Id<WorkCalendar>| {
        all.iter().find(|card| card.id == id).map(|card| card.code.clone()).ok_or_else(Fault::not_found)
    };
    let code = |unit: Id<of::Unit>| tree.unit(unit).map(|unit| unit.code.clone()).ok_or_else(Fault::not_found);
    let of_calendar = |id: Id<WorkCalendar>, verb| Event::new(RecordRef::new(RECORD, id), verb, place);
    let of_scope = |scope: Scope, verb| match scope {
        Scope::Calendar(id) => Event::new(RecordRef::new(RECORD, id), verb, place),
        Scope::Unit(unit) => Event::new(RecordRef::new("unit", unit), verb, place),
    };
    Ok(match edit {
        Edit::Create(new) => {
            if all.iter().any(|card| card.code == new.code) {
                return Err(Fault::field("code", "identity-code-taken"));
            }
            refuse_idle(&new.pattern)?;
            let id = calendar::create(w.tx, &ids, new).await?;
            of_calendar(id, "calendar.created")
                .change("code", None, Some(new.code.clone()))
                .change("name", None, Some(new.name.clone()))
                .change("holidays", None, Some(new.holidays.to_string()))
                .change("hours", None, Some(new.pattern.to_string()))
        }
        Edit::Hours(id, from, pattern) => {
            named(*id)?;
            refuse_idle(pattern)?;
            let before = in_force(&calendar::weeks(w.tx, *id).await?, *from);
            calendar::set_hours(w.tx, &ids, *id, *from, pattern).await?;
            of_calendar(*id, "calendar.hours_changed").change("from", None, Some(from.to_string())).change(
                "hours",
                before,
                Some(pattern.to_string()),
            )
        }
        Edit::DropHours(id, from) => {
            named(*id)?;
            let before = in_force(&calendar::weeks(w.tx, *id).await?, *from);
            if !calendar::drop_hours(w.tx, &ids, *id, *from).await? {
                return Err(Fault::not_found());
            }
            let after = in_force(&calendar::weeks(w.tx, *id).await?, *from);
            of_calendar(*id, "calendar.hours_changed")
                .change("from", Some(from.to_string()), None)
                .change("hours", before, after)
        }
        Edit::Year(year, days) => {
            let before = year_text(calendar::holidays(w.tx).await?.iter().filter(|(date, _)| date.year() == *year));
            calendar::declare_year(w.tx, &ids, *year, days).await?;
            let after = year_text(days.iter().map(|(date, what)| (*date, what)));
            let record = RecordRef::new(YEAR_RECORD, Id::<Declared>::new(i64::from(*year)));
            Event::new(record, "holidays.declared", place).change("days", before, after)
        }
        Edit::Except(scope, from, to, special) => {
            if let Scope::Calendar(id) = scope {
                named(*id)?;
            }
            let Some(length) = (0..=LONGEST).find(|n| from.plus(*n) == *to) else {
                let mut errors = FieldErrors::default();
                errors.add_with("to", "administration-days", vec![("max", LONGEST.to_string())]);
                return Err(Fault::invalid(errors));
            };
            for n in 0..=length {
                calendar::set_override(w.tx, &ids, *scope, from.plus(n), special).await?;
            }
            let days = if from == to { from.to_string() } else { format!("{from} – {to}") };
            of_scope(*scope, "calendar.exception_set")
                .change("days", None, Some(days))
                .change("hours", None, Some(special.hours.to_string()))
                .change("note", None, special.note.clone())
        }
        Edit::Lift(scope, day) => {
            if !calendar::lift_override(w.tx, &ids, *scope, *day).await? {
                return Err(Fault::not_found());
            }
            of_scope(*scope, "calendar.exception_lifted").change("days", Some(day.to_string()), None)
        }
        Edit::Assign(unit, wanted) => {
            code(*unit)?;
            let before = calendar::assigned(w.tx).await?.into_iter().find(|(other, _)| other == unit);
            let before = before.map(|(_, id)| named(id)).transpose()?;
            let after = wanted.map(named).transpose()?;
            match wanted {
                Some(id) => calendar::assign(w.tx, &ids, *unit, *id).await?,
                None => calendar::unassign(w.tx, &ids, *unit).await?,
            }
            Event::new(RecordRef::new("unit", *unit), "unit.calendar_changed", place).change("calendar", before, after)
        }
    })
}

/// A calendar that never works gives no deadline an end.
fn refuse_idle(pattern: &WeeklyPattern) -> Result<(), Fault> {
    if *pattern == WeeklyPattern::default() { Err(Fault::field("hours", "administration-hours-none")) } else { Ok(()) }
}

/// The week that counts on `day`.
fn in_force(weeks: &[(Day, WeeklyPattern)], day: Day) -> Option<String> {
    weeks.iter().rev().find(|(from, _)| *from <= day).map(|(_, pattern)| pattern.to_string())
}

/// A year's table in one line: `2027-01-01 new-year, 2027-01-03 =fri`.
fn year_text<'a>(days: impl Iterator<Item = (Date, &'a Declared)>) -> Option<String> {
    let texts: Vec<String> = days
        .map(|(date, what)| match what {
            Declared::Off(holiday) => format!("{date} {holiday}"),
            Declared::WorkedAs(weekday) => format!("{date} ={}", calendar::worktime::weekday_name(*weekday)),
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}
