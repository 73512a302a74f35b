//! Complaints that stand elsewhere become cases here.

use std::collections::BTreeMap;
use std::sync::Arc;

use capability::{Ctx, Event};
use cases::app::replay::{Prepared, Replay};
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Kind};
use kernel::{Fault, FieldErrors, Id, Place, RecordRef, Timestamp, Zone, of};
use parties::app::CustomerInput;
use parties::domain::Phone;
use tables::moment;

use super::{CAME, IMPORT};
use crate::domain::{Field, Source, is_report, platform};
use crate::store::{self, Collected};

/// The word for one taking over in the journal.
const RECORD: &str = "collection_import";
/// Longest texts, in characters.
const NUMBER: usize = 60;
const SUBJECT: usize = 60;
const BODY: usize = 4_000;
/// No authority gives longer than this, in days: a slip of the finger.
const FAR: i64 = 200;
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// Complaints that were taken over last.
const RECENT: i64 = 10;

/// A table to be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it comes from.
    pub source: Source,
    /// The store of lines that name none.
    pub store: Option<Id<of::Unit>>,
    /// Its lines, without that of the names.
    pub lines: Vec<Vec<String>>,
    /// What each column holds.
    pub columns: Vec<Option<Field>>,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It becomes a case.
    New,
    /// It did before.
    Known,
    /// Something is wrong with it.
    Wrong,
}

/// A line with what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub nth: usize,
    /// What it says, by field.
    pub cells: BTreeMap<Field, String>,
    /// What becomes of it.
    pub fate: Fate,
    /// The case that it became before.
    pub case: Option<Id<of::Case>>,
    /// What is wrong, by field.
    pub errors: FieldErrors,
}

/// What a table would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Fields without which nothing can be taken over and that no column holds.
    pub missing: Vec<Field>,
}

impl Preview {
    /// How many lines have this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate == fate).count()
    }
}

/// What was taken over.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Imported {
    /// Numbers there with the cases and their numbers.
    pub made: Vec<(String, Id<of::Case>, String)>,
    /// How many were there before.
    pub known: usize,
}

/// A line that passed every check.
struct Good {
    number: String,
    happened_at: Timestamp,
    intake: Intake,
    notice: Option<Notice>,
}

/// What an authority says about a complaint that it passes on.
#[derive(Debug, Clone)]
struct Notice {
    platform: &'static str,
    authority: String,
    officer: Option<String>,
    officer_phone: Option<String>,
    due_at: Timestamp,
    claimant: Option<String>,
    claimant_phone: Option<String>,
}

/// What an authority says in a line: it wants an answer until then.
fn notice(
    wanted: &Wanted,
    cell: impl Fn(Field) -> Option<String>,
    (happened_at, now): (Timestamp, Timestamp),
    zone: &Zone,
    errors: &mut FieldErrors,
) -> Option<Notice> {
    if wanted.source != Source::Regulator {
        return None;
    }
    if cell(Field::Nature).is_some_and(|said| is_report(&said)) {
        errors.add(Field::Nature.as_str(), "collection-report");
        return None;
    }
    let due = cell(Field::Due)?;
    let due_at = match moment(&due, zone) {
        // A day alone means its end.
        Some(at) if !due.contains([':', '：']) => at.day(zone).plus(1).start(zone).plus(-60_000),
        Some(at) => at,
        None => {
            errors.add(Field::Due.as_str(), "collection-time");
            return None;
        }
    };
    if due_at <= happened_at {
        errors.add(Field::Due.as_str(), "collection-due-before");
    } else if due_at > now.plus(FAR * DAY) {
        errors.add(Field::Due.as_str(), "collection-due-far");
    }
    let platform = platform(&cell(Field::Platform).unwrap_or_default());
    let authority = cell(Field::Authority).or_else(|| cell(Field::Platform));
    Some(Notice {
        platform,
        authority: authority.unwrap_or_else(|| platform.to_owned()),
        officer: cell(Field::Officer),
        officer_phone: cell(Field::OfficerPhone),
        due_at,
        claimant: cell(Field::Name),
        claimant_phone: cell(Field::Phone).filter(|phone| !phone.contains('*')),
    })
}

fn read(ctx: &Ctx, wanted: &Wanted, cells: &BTreeMap<Field, String>, errors: &mut FieldErrors) -> Option<Good> {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(IMPORT);
    let cell = |field: Field| cells.get(&field).map(|text| text.trim()).filter(|text| !text.is_empty());
    let too_long = |errors: &mut FieldErrors, field: Field, most: usize| {
        let now = cell(field).map_or(0, |text| text.chars().count());
        if now > most {
            errors.add_with(field.as_str(), "too-long", vec![("max", most.to_string()), ("now", now.to_string())]);
        }
    };
    for (field, most) in [
        (Field::Number, NUMBER),
        (Field::Body, BODY),
        (Field::Name, 60),
        (Field::Product, 120),
        (Field::Receipt, 60),
        (Field::Platform, 60),
        (Field::Authority, 120),
        (Field::Officer, 120),
        (Field::OfficerPhone, 40),
    ] {
        too_long(errors, field, most);
    }
    let number = cell(Field::Number);
    let body = cell(Field::Body).or(cell(Field::Subject));
    for (field, value) in [(Field::Number, number), (Field::Body, body)] {
        if value.is_none() {
            errors.add(field.as_str(), "required");
        }
    }
    let store = match cell(Field::Store) {
        Some(named) => {
            let found = directory.stores().find(|unit| {
                unit.code.eq_ignore_ascii_case(named) || unit.name == named || unit.name_in("en") == named
            });
            found.map(|unit| unit.id).filter(|id| reach.company || reach.stores.contains(id))
        }
        None => wanted.store.filter(|id| reach.company || reach.stores.contains(id)),
    };
    if store.is_none() {
        errors.add(Field::Store.as_str(), if cell(Field::Store).is_some() { "unknown" } else { "required" });
    }
    let zone = store.and_then(|id| directory.unit(id)).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone());
    let happened_at = match cell(Field::Happened) {
        None => Some(ctx.now()),
        Some(text) => match moment(text, &zone) {
            None => {
                errors.add(Field::Happened.as_str(), "collection-time");
                None
            }
            Some(at) if at > ctx.now() => {
                errors.add(Field::Happened.as_str(), "future");
                None
            }
            Some(at) => Some(at),
        },
    };
    let phone = cell(Field::Phone);
    // Platforms hide numbers behind stars; what is hidden is no number.
    let hidden = phone.is_some_and(|phone| phone.contains('*'));
    if let Some(Err(wrong)) = phone.filter(|_| !hidden).map(Phone::parse) {
        wrong.note(errors, Field::Phone.as_str());
    }
    let owned = |field: Field| cell(field).map(str::to_owned);
    let notice = notice(wanted, owned, (happened_at.unwrap_or(ctx.now()), ctx.now()), &zone, errors);
    if !errors.is_empty() {
        return None;
    }
    let (number, body) = (number?, body?);
    let customer = match (cell(Field::Name), phone.filter(|_| !hidden)) {
        (_, Some(phone)) => CustomerChoice::New(CustomerInput {
            name: cell(Field::Name).unwrap_or(phone).to_owned(),
            phone: phone.to_owned(),
            ..CustomerInput::default()
        }),
        // A name alone, or a hidden number, is nobody who can be found again.
        (_, None) => CustomerChoice::Anonymous,
    };
    let named = cell(Field::Name).filter(|_| matches!(customer, CustomerChoice::Anonymous));
    let told = named.into_iter().chain(phone.filter(|_| hidden)).collect::<Vec<_>>().join(" ");
    let subject = cell(Field::Subject).unwrap_or(body);
    let subject: String = subject.lines().next().unwrap_or_default().chars().take(SUBJECT).collect();
    let body = if told.is_empty() { body.to_owned() } else { format!("{body}\n{told}") };
    Some(Good {
        number: number.to_owned(),
        happened_at: happened_at?,
        notice,
        intake: Intake {
            store: store?,
            kind: Kind::Complaint,
            channel: Channel::Import,
            customer,
            subject,
            body,
            product: cell(Field::Product).map(str::to_owned),
            receipt: cell(Field::Receipt).map(str::to_owned),
            external_id: Some(format!("{}:{number}", wanted.source)),
            happened_at,
            ..Intake::default()
        },
    })
}

async fn looked(ctx: &Ctx, wanted: &Wanted) -> Result<(Preview, Vec<Good>), Fault> {
    if !ctx.actor.holds(IMPORT) {
        return Err(Fault::forbidden());
    }
    let has = |field: Field| wanted.columns.contains(&Some(field));
    let mut missing: Vec<Field> = [Field::Number].into_iter().filter(|field| !has(*field)).collect();
    if !has(Field::Body) && !has(Field::Subject) {
        missing.push(Field::Body);
    }
    let cells: Vec<BTreeMap<Field, String>> = wanted
        .lines
        .iter()
        .map(|line| {
            let pairs = wanted.columns.iter().zip(line);
            pairs.filter_map(|(field, text)| field.map(|field| (field, text.clone()))).collect()
        })
        .collect();
    let numbers: Vec<String> = cells
        .iter()
        .map(|cells| cells.get(&Field::Number).map(|text| text.trim().to_owned()).unwrap_or_default())
        .collect();
    let known: Vec<Option<Id<of::Case>>> = ctx
        .read((wanted.source, numbers.clone()), |tx, (source, numbers)| {
            Box::pin(async move {
                let mut known = Vec::new();
                for number in numbers {
                    known.push(store::known(tx, *source, number).await?);
                }
                Ok::<_, Fault>(known)
            })
        })
        .await?;
    let (mut lines, mut good) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (((nth, cells), case), number) in (1..).zip(cells).zip(known).zip(numbers) {
        let mut errors = FieldErrors::default();
        if case.is_some() {
            lines.push(Line { nth, cells, fate: Fate::Known, case, errors });
            continue;
        }
        if !number.is_empty()
            && let Some(first) = seen.insert(number, nth)
        {
            errors.add_with(Field::Number.as_str(), "collection-twice", vec![("line", first.to_string())]);
        }
        let one = read(ctx, wanted, &cells, &mut errors);
        let fate = if one.is_some() { Fate::New } else { Fate::Wrong };
        good.extend(one);
        lines.push(Line { nth, cells, fate, case: None, errors });
    }
    Ok((Preview { lines, missing }, good))
}

/// What taking `wanted` over would do; nothing is written.
///
/// # Errors
/// `forbidden`.
pub async fn preview(ctx: &Ctx, wanted: &Wanted) -> Result<Preview, Fault> {
    looked(ctx, wanted).await.map(|(preview, _)| preview)
}

/// Takes `wanted` over: each line that is new becomes a complaint, all of them or none. What was taken over before is left alone.
///
/// # Errors
/// `forbidden`; `invalid` with `items.N.field` for every wrong line, from 0.
pub async fn import(ctx: &Ctx, wanted: Wanted) -> Result<Imported, Fault> {
    let (preview, good) = looked(ctx, &wanted).await?;
    let mut errors = FieldErrors::default();
    for field in &preview.missing {
        errors.add(field.as_str(), "required");
    }
    for line in preview.lines.iter().filter(|line| line.fate == Fate::Wrong) {
        for error in line.errors.iter() {
            errors.add_with(&format!("items.{}.{}", line.nth - 1, error.field), error.code, error.args.clone());
        }
    }
    errors.check()?;
    let replay = Replay::open(ctx).await?;
    let now = ctx.now();
    let mut prepared: Vec<(String, Timestamp, Option<Notice>, Prepared)> = Vec::new();
    for one in good {
        let ready = replay.prepare_for(ctx, one.intake, now).await?;
        prepared.push((one.number, one.happened_at, one.notice, ready));
    }
    let directory = ctx.house.identity.directories().now();
    let home = ctx.actor.home.or_else(|| directory.company().map(|unit| unit.id)).ok_or_else(Fault::forbidden)?;
    let input = (Arc::new(prepared), replay, wanted.source, preview.count(Fate::Known), home);
    ctx.write(input, |work, (prepared, replay, source, known, home)| {
        Box::pin(async move {
            let mut imported = Imported { made: Vec::new(), known: *known };
            for (number, happened_at, notice, ready) in prepared.iter() {
                // Somebody else may have been faster.
                if store::known(work.tx, *source, number).await?.is_some() {
                    imported.known += 1;
                    continue;
                }
                let taken = replay.take_in(work, ready, None).await?.into_value();
                let case = cases::store::get(work.tx, taken.id).await?.ok_or_else(Fault::not_found)?;
                let row = Collected {
                    source: *source,
                    number: number.clone(),
                    case: case.id,
                    store: case.store,
                    happened_at: *happened_at,
                    taken_at: work.now,
                    by: work.ctx.actor.user,
                };
                store::insert_collected(work.tx, &row).await?;
                let place = Place { store: case.store, team: case.team, owner: case.owner };
                let event = Event::new(RecordRef::new(cases::app::RECORD, case.id), CAME, place)
                    .change("source", None, Some(source.of_complaint().to_owned()))
                    .change("outside", None, Some(format!("{source} {number}")));
                // Whoever has to do with authorities hears it and opens what is owed there.
                let event = match notice {
                    Some(said) => event
                        .happened(*happened_at)
                        .change("authority_number", None, Some(number.clone()))
                        .change("platform", None, Some(said.platform.to_owned()))
                        .change("authority", None, Some(said.authority.clone()))
                        .change("stated_due", None, Some(said.due_at.to_string()))
                        .personal("officer", None, said.officer.clone())
                        .personal("officer_phone", None, said.officer_phone.clone())
                        .personal("claimant", None, said.claimant.clone())
                        .personal("claimant_phone", None, said.claimant_phone.clone()),
                    None => event,
                };
                let _ = work.record(event).await?;
                imported.made.push((number.clone(), case.id, taken.number));
            }
            if imported.made.is_empty() {
                return Ok(work.unchanged(imported));
            }
            let record = RecordRef::new(RECORD, work.ctx.house.ids.next::<Imported>());
            let place = Place { store: *home, team: None, owner: work.ctx.actor.user };
            let event = Event::new(record, "collection_import.done", place)
                .change("source", None, Some(source.to_string()))
                .change("made", None, Some(imported.made.len().to_string()))
                .change("known", None, Some(imported.known.to_string()));
            Ok(work.record(event).await?.with(imported))
        })
    })
    .await
}

/// What was taken over last, with the cases' numbers and subjects.
///
/// # Errors
/// What the database says.
pub async fn recent(ctx: &Ctx) -> Result<Vec<(Collected, String, String)>, Fault> {
    ctx.read(ctx.reach(IMPORT), |tx, reach| Box::pin(async move { Ok(store::collected(tx, reach, RECENT).await?) }))
        .await
}
