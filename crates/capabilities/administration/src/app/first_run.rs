//! From an empty installation to a working shop: the founding, and then steps that can be left, taken again and taken back.

use std::collections::BTreeMap;

use calendar::worktime::{DayHours, Interval, WeeklyPattern};
use calendar::{NewCalendar, WorkCalendar};
use capability::{Ctx, Event, Recorded, Work};
use identity::{Assignment, Founding, Opened, UnitDraft, UnitKind, UserDraft, store};
use kernel::{Day, Fault, Id, Place, RecordRef, of};

use super::calendars::{self, Edit};
use super::people::{draft_of, tree};
use super::units::refuse_used;
use crate::domain::{place_of_unit, place_of_user, roles_text, unit_changes, unit_record, user_changes, user_record};
use crate::permissions::{PEOPLE_EDIT, UNITS_EDIT};
use crate::store::{Step, put, steps};

/// Makes the company and its first administrator, and signs that person in.
///
/// # Errors
/// Not found when the company exists; `invalid`; too many wrong codes.
pub async fn found(ctx: &Ctx, founding: Founding, address: &str, agent: &str) -> Result<Opened, Fault> {
    let identity = &ctx.house.identity;
    let prepared = identity.prepare(founding, address).await?;
    // Whoever holds the code acts for the program: there is nobody yet who could act.
    let ctx = Ctx::system(ctx.house.clone(), &ctx.request);
    let user: Id<of::User> = ctx
        .write(prepared, |w, prepared| {
            Box::pin(async move {
                let ids = w.ctx.house.ids.clone();
                let made = prepared.found(w.tx, &ids, w.now).await?;
                let tree = tree(w).await?;
                for id in [Some(made.company), made.store].into_iter().flatten() {
                    let Some(unit) = tree.unit(id).cloned() else { continue };
                    let event = Event::new(unit_record(id), "unit.created", place_of_unit(&tree, id));
                    w.record(unit_changes(event, &tree, None, &unit)).await?.into_value();
                }
                let user = store::users::get(w.tx, made.user).await?.ok_or_else(Fault::not_found)?;
                let roles = store::roles::of_user(w.tx, made.user).await?;
                let event = Event::new(user_record(user.id), "user.created", place_of_user(&tree, &user));
                let event = user_changes(event, &tree, None, &user).change("roles", None, roles_text(&tree, &roles));
                Ok(w.record(event).await?.with(user.id))
            })
        })
        .await?;
    ctx.house.identity.open_session(user, address, agent).await
}

/// The steps of the guided page, in order.
pub const STEPS: [&str; 6] = ["company", "stores", "staff", "calendar", "trade", "case"];

/// The code of the calendar that the first run makes.
const OWN_CALENDAR: &str = "shop";

/// Where each step stands. What was done elsewhere counts as done.
///
/// # Errors
/// When the database fails.
pub async fn progress(ctx: &Ctx) -> Result<BTreeMap<String, Step>, Fault> {
    let directory = ctx.house.identity.directories().refresh().await?;
    let (stored, any_case) = ctx
        .read((), |tx, ()| Box::pin(async move { Ok::<_, Fault>((steps(tx).await?, cases::store::any(tx).await?)) }))
        .await?;
    let mut all: BTreeMap<String, Step> = stored.into_iter().map(|step| (step.step.clone(), step)).collect();
    let done = |step: &str| match step {
        "company" => directory.company().is_some(),
        "stores" => directory.stores().any(|store| store.active),
        "staff" => directory.users().filter(|user| user.active).count() > 1,
        "case" => any_case,
        _ => false,
    };
    for step in STEPS {
        let entry = all.entry(step.to_owned()).or_insert_with(|| Step {
            step: step.to_owned(),
            state: "open".to_owned(),
            ..Step::default()
        });
        if entry.state == "open" && entry.draft.is_empty() && done(step) {
            entry.state = "done".to_owned();
        }
    }
    Ok(all)
}

fn company(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let store = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    Ok(Place { store, team: None, owner: None })
}

async fn note(w: &mut Work<'_>, step: &Step) -> Result<Recorded<()>, Fault> {
    let place = company(w.ctx)?;
    w.require(UNITS_EDIT, &place)?;
    put(w.tx, step, w.now).await?;
    let number = STEPS.iter().position(|known| *known == step.step).unwrap_or_default();
    let record = RecordRef::new("first_run", Id::<Step>::new(i64::try_from(number).unwrap_or_default() + 1));
    let event = Event::new(record, "first_run.step", place).quietly();
    w.record(event.change("step", None, Some(step.step.clone())).change("state", None, Some(step.state.clone()))).await
}

/// Keeps what a step has come to.
///
/// # Errors
/// Not found without the right to set the house up.
pub async fn keep(ctx: &Ctx, step: Step) -> Result<(), Fault> {
    ctx.write(step, |w, step| Box::pin(note(w, step))).await
}

/// Gives oneself the role of manager of `unit`, so that somebody can take the first case in.
///
/// # Errors
/// Not found; forbidden.
pub async fn manage(ctx: &Ctx, unit: Id<of::Unit>) -> Result<(), Fault> {
    let me = ctx.actor.user.ok_or_else(Fault::unauthenticated)?;
    ctx.write((me, unit), |w, (me, unit)| {
        Box::pin(async move {
            let tree = tree(w).await?;
            w.require(PEOPLE_EDIT, &place_of_unit(&tree, *unit))?;
            let user = store::users::get(w.tx, *me).await?.ok_or_else(Fault::not_found)?;
            let before = store::roles::of_user(w.tx, *me).await?;
            let mut after = before.clone();
            after.push(Assignment { role: "store_manager".to_owned(), unit: *unit });
            crate::domain::check_roles(&w.ctx.actor, &tree, Some(*me), &before, &after)?;
            let draft = UserDraft { home: Some(*unit), ..draft_of(&user) };
            let (old, new) = store::users::save(w.tx, w.now, *me, user.version, &draft).await?;
            store::roles::assign(w.tx, *me, &after).await?;
            let event = Event::new(user_record(*me), "user.changed", place_of_user(&tree, &new));
            let event = user_changes(event, &tree, Some(&old), &new);
            w.record(event.change("roles", roles_text(&tree, &before), roles_text(&tree, &after))).await
        })
    })
    .await
}

/// When the stores are open, as the page asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Minute of the day at which they open.
    pub from: u16,
    /// Minute of the day at which they close; before `from` it is on the next day.
    pub to: u16,
    /// Days of the week on which they are closed, Monday = 0.
    pub closed: Vec<usize>,
    /// Whether public holidays are rest days.
    pub holidays: bool,
}

impl Hours {
    /// The week of these hours; none when they say nothing.
    pub fn pattern(&self) -> Option<WeeklyPattern> {
        let to = if self.to <= self.from { self.to + 1_440 } else { self.to };
        let hours = DayHours::new(vec![Interval::new(self.from, to)?]).ok()?;
        let mut week: [DayHours; 7] = Default::default();
        for (day, slot) in week.iter_mut().enumerate() {
            if !self.closed.contains(&day) {
                *slot = hours.clone();
            }
        }
        Some(WeeklyPattern::new(week))
    }
}

/// Makes the calendar of the stores, or changes it, and lets the whole company work by it.
///
/// # Errors
/// Not found without the right to; `invalid` for hours that say nothing.
pub async fn set_hours(ctx: &Ctx, name: &str, hours: &Hours) -> Result<(), Fault> {
    let pattern = hours.pattern().ok_or_else(|| Fault::field("to", "administration-hours-none"))?;
    let place = company(ctx)?;
    let new = NewCalendar {
        code: if hours.holidays { format!("{OWN_CALENDAR}-rest") } else { OWN_CALENDAR.to_owned() },
        name: name.to_owned(),
        zone: ctx.house.zone.name().to_owned(),
        holidays: hours.holidays,
        fallback: false,
        pattern,
    };
    ctx.write((new, place), |w, (new, place)| {
        Box::pin(async move {
            let known = |all: &[WorkCalendar]| all.iter().find(|card| card.code == new.code).map(|card| card.id);
            match known(&calendar::calendars(w.tx).await?) {
                None => calendars::change_within(w, None, &Edit::Create(new.clone())).await?.into_value(),
                Some(id) => {
                    let first: Day = jiff::civil::Date::constant(1970, 1, 1).into();
                    let edit = Edit::Hours(id, first, new.pattern.clone());
                    calendars::change_within(w, None, &edit).await?.into_value();
                }
            }
            let id = known(&calendar::calendars(w.tx).await?);
            calendars::change_within(w, None, &Edit::Assign(place.store, id)).await
        })
    })
    .await
}

/// Lets the company work by the shipped calendar again.
///
/// # Errors
/// Not found without the right to.
pub async fn drop_hours(ctx: &Ctx) -> Result<(), Fault> {
    let place = company(ctx)?;
    ctx.write(place.store, |w, unit| {
        Box::pin(async move { calendars::change_within(w, None, &Edit::Assign(*unit, None)).await })
    })
    .await
}

/// Closes the units that a step made and that nobody uses yet. Answers how many were closed and how many had to stay.
///
/// # Errors
/// Not found without the right to.
pub async fn close_units(ctx: &Ctx, made: &[i64]) -> Result<(usize, usize), Fault> {
    let done = ctx.write(made.to_vec(), |w, made| Box::pin(close_units_within(w, made))).await?;
    ctx.house.identity.directories().refresh().await?;
    Ok(done)
}

async fn close_units_within(w: &mut Work<'_>, made: &[i64]) -> Result<Recorded<(usize, usize)>, Fault> {
    let (mut closed, mut stayed, mut recorded) = (0, 0, None);
    let mut known = tree(w).await?;
    let mut units: Vec<_> =
        made.iter().filter_map(|id| known.unit(Id::new(*id))).filter(|unit| unit.active).cloned().collect();
    // Stores before the regions above them.
    units.sort_by_key(|unit| (unit.kind == UnitKind::Region, unit.id));
    for unit in units {
        w.require(UNITS_EDIT, &place_of_unit(&known, unit.id))?;
        match refuse_used(w, &known, unit.id).await {
            Ok(()) => {}
            Err(fault) if fault.kind() == kernel::FaultKind::Conflict => {
                stayed += 1;
                continue;
            }
            Err(fault) => return Err(fault),
        }
        let draft = UnitDraft {
            parent: unit.parent,
            kind: unit.kind,
            code: unit.code.clone(),
            name: unit.name.clone(),
            name_en: unit.name_en.clone(),
            zone: unit.zone.name().to_owned(),
            phone: unit.phone.clone(),
            address: unit.address.clone(),
            active: false,
        };
        let (before, after) = store::units::save(w.tx, unit.id, unit.version, &draft).await?;
        known = tree(w).await?;
        let event = Event::new(unit_record(unit.id), "unit.changed", place_of_unit(&known, unit.id)).quietly();
        recorded = Some(w.record(unit_changes(event, &known, Some(&before), &after)).await?);
        closed += 1;
    }
    Ok(match recorded {
        Some(recorded) => recorded.with((closed, stayed)),
        None => w.unchanged((closed, stayed)),
    })
}

/// Locks the people whom a step added, except oneself. Answers how many.
///
/// # Errors
/// Not found without the right to; refused for the last administrator.
pub async fn lock_people(ctx: &Ctx, made: &[i64]) -> Result<usize, Fault> {
    let done = ctx.write(made.to_vec(), |w, made| Box::pin(lock_people_within(w, made))).await?;
    ctx.house.identity.directories().refresh().await?;
    Ok(done)
}

async fn lock_people_within(w: &mut Work<'_>, made: &[i64]) -> Result<Recorded<usize>, Fault> {
    let tree = tree(w).await?;
    let (mut locked, mut recorded) = (0, None);
    for id in made {
        let id: Id<of::User> = Id::new(*id);
        let Some(user) = store::users::get(w.tx, id).await?.filter(|user| user.active) else { continue };
        if w.ctx.actor.user == Some(id) {
            continue;
        }
        w.require(PEOPLE_EDIT, &place_of_user(&tree, &user))?;
        let draft = UserDraft { active: false, ..draft_of(&user) };
        let (before, after) = store::users::save(w.tx, w.now, id, user.version, &draft).await?;
        let event = Event::new(user_record(id), "user.locked", place_of_user(&tree, &after)).quietly();
        recorded = Some(w.record(user_changes(event, &tree, Some(&before), &after)).await?);
        locked += 1;
    }
    Ok(match recorded {
        Some(recorded) => recorded.with(locked),
        None => w.unchanged(locked),
    })
}
