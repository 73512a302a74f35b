use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use calendar::worktime::{DayHours, Declared, Holidays, Override, WeeklyPattern, weekday_name, weekday_named};
use calendar::{NewCalendar, Scope, WorkCalendar};
use capability::Ctx;
use identity::UnitKind;
use jiff::civil::{Date, Weekday};
use kernel::{Day, Fault, FaultKind, FieldErrors, Id, Place, of};
use web::{Choice, Confirm, Failure, Filled, Form, Locale, Page, View};

use super::history::{Happened, history};
use super::{go_to, unit_choices, unit_name, unprocessable, with_done};
use crate::app::calendars::{self, Edit, Moves, RECORD, YEAR_RECORD};
use crate::domain::place_of_unit;
use crate::paste::{self, Column};
use crate::permissions::{CALENDARS_EDIT, CALENDARS_VIEW};

/// Monday to Sunday.
const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Codes of the holidays that have words in both languages.
const HOLIDAYS: [&str; 7] =
    ["new-year", "spring-festival", "tomb-sweeping", "labour-day", "dragon-boat", "mid-autumn", "national-day"];

/// The columns of a list of holidays.
const COLUMNS: &[Column] = &[
    Column { field: "day", names: &["日期", "开始", "从", "date", "day", "from"] },
    Column { field: "what", names: &["名称", "节日", "节假日", "说明", "holiday", "name", "what"] },
    Column { field: "to", names: &["至", "到", "结束", "to", "until", "end"] },
    Column { field: "like", names: &["按", "按星期", "上班按", "like", "worksas", "as"] },
];

/// What a make-up day is called in such lists.
const MAKE_UP: [&str; 6] = ["调休", "补班", "上班", "调休上班", "make-up day", "work"];

struct Card {
    id: i64,
    name: String,
    code: String,
    hours: String,
    holidays: bool,
    fallback: bool,
    stores: usize,
}

struct Year {
    year: i16,
    off: usize,
    work: usize,
}

struct Given {
    unit: i64,
    name: String,
    calendar: String,
}

#[derive(Template)]
#[template(path = "administration_calendars.html")]
struct ListPage {
    page: Page,
    edition: i64,
    cards: Vec<Card>,
    years: Vec<Year>,
    missing: Vec<String>,
    given: Vec<Given>,
    exceptions: Vec<(i64, String)>,
    form: Filled,
    units: Vec<Choice>,
    calendars: Vec<Choice>,
    may_edit: bool,
}

/// A day of the week in the page's language.
fn weekday(page: &Page, day: Weekday) -> String {
    page.t(&format!("calendar-weekday-{}", day.to_monday_one_offset()))
}

/// Hours as people write them; "closed" in words.
fn hours_text(page: &Page, hours: &DayHours) -> String {
    if hours.is_closed() {
        return page.t("administration-closed");
    }
    hours
        .intervals()
        .iter()
        .map(|stretch| stretch.to_string().replace('-', "–"))
        .collect::<Vec<_>>()
        .join(&page.t("administration-reach-comma"))
}

/// A week in words: 周一至周五 09:00–18:00；周六 10:00–16:00.
fn week_text(page: &Page, week: &WeeklyPattern) -> String {
    let mut parts = Vec::new();
    let mut days = WEEK.iter().peekable();
    while let Some(first) = days.next() {
        let hours = week.hours(*first);
        let mut last = first;
        while let Some(next) = days.next_if(|next| week.hours(**next) == hours) {
            last = next;
        }
        let names = if first == last {
            weekday(page, *first)
        } else {
            page.t2("administration-week-range", "first", weekday(page, *first), "last", weekday(page, *last))
        };
        parts.push(format!("{names} {}", hours_text(page, hours)));
    }
    parts.join(&page.t("administration-week-and"))
}

fn today(ctx: &Ctx) -> Day {
    ctx.now().day(&ctx.house.zone)
}

/// The years that are needed next and not known: this one and the one that begins soon.
pub(crate) fn missing_years(table: &Holidays, today: Day) -> Vec<String> {
    let year = today.date().year();
    [year, year + 1].into_iter().filter(|year| !table.knows(*year)).map(|year| year.to_string()).collect()
}

fn company(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let store = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    Ok(Place { store, team: None, owner: None })
}

struct Known {
    edition: i64,
    cards: Vec<WorkCalendar>,
    weeks: BTreeMap<i64, Vec<(Day, WeeklyPattern)>>,
    table: Holidays,
    assigned: Vec<(Id<of::Unit>, Id<WorkCalendar>)>,
    excepted: Vec<Id<of::Unit>>,
}

async fn known(ctx: &Ctx) -> Result<Known, Fault> {
    ctx.read(today(ctx), |tx, today| {
        Box::pin(async move {
            let cards = calendar::calendars(tx).await?;
            let mut weeks = BTreeMap::new();
            for card in &cards {
                weeks.insert(card.id.get(), calendar::weeks(tx, card.id).await?);
            }
            Ok(Known {
                edition: calendar::edition(tx).await?,
                cards,
                weeks,
                table: calendar::holidays(tx).await?,
                assigned: calendar::assigned(tx).await?,
                excepted: calendar::units_with_overrides(tx, *today).await?,
            })
        })
    })
    .await
}

impl Known {
    fn week(&self, calendar: i64, day: Day) -> Option<&WeeklyPattern> {
        let weeks = self.weeks.get(&calendar)?;
        weeks.iter().rev().find(|(from, _)| *from <= day).map(|(_, week)| week)
    }
    /// The calendar that a unit works by.
    fn of_unit(&self, path: &[Id<of::Unit>]) -> Option<&WorkCalendar> {
        let given = path.iter().rev().find_map(|step| self.assigned.iter().find(|(unit, _)| unit == step));
        match given {
            Some((_, id)) => self.cards.iter().find(|card| card.id == *id),
            None => self.cards.iter().find(|card| card.fallback),
        }
    }
}

/// `GET /settings/calendars`
pub(crate) async fn list(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(page, &uri, &["calendar"]).named("administration-calendars-title");
    let known = known(&ctx).await?;
    let directory = ctx.house.identity.directories().now();
    let mut stores: BTreeMap<i64, usize> = BTreeMap::new();
    for store in directory.stores().filter(|store| store.active) {
        if let Some(card) = known.of_unit(&store.path) {
            *stores.entry(card.id.get()).or_default() += 1;
        }
    }
    let day = today(&ctx);
    let cards = known.cards.iter().map(|card| Card {
        id: card.id.get(),
        name: card.name.clone(),
        code: card.code.clone(),
        hours: known.week(card.id.get(), day).map(|week| week_text(&page, week)).unwrap_or_default(),
        holidays: card.holidays,
        fallback: card.fallback,
        stores: stores.get(&card.id.get()).copied().unwrap_or_default(),
    });
    let cards = cards.collect();
    let years = known.table.years().map(|year| {
        let of_year = |off: bool| {
            let days = known.table.iter().filter(|(date, _)| date.year() == year);
            days.filter(|(_, what)| matches!(what, Declared::Off(_)) == off).count()
        };
        Year { year, off: of_year(true), work: of_year(false) }
    });
    let years: Vec<Year> = years.collect();
    let given = known.assigned.iter().map(|(unit, id)| Given {
        unit: unit.get(),
        name: unit_name(&page, &directory, *unit),
        calendar: known.cards.iter().find(|card| card.id == *id).map(|card| card.name.clone()).unwrap_or_default(),
    });
    let reach = ctx.reach(CALENDARS_EDIT);
    Ok(View(ListPage {
        edition: known.edition,
        cards,
        missing: missing_years(&known.table, day),
        given: given.collect(),
        exceptions: known.excepted.iter().map(|unit| (unit.get(), unit_name(&page, &directory, *unit))).collect(),
        form: Filled::new().with("copied", ""),
        units: unit_choices(&page, &directory, |unit| {
            unit.active && unit.kind != UnitKind::Team && reach.covers(&place_of_unit(directory.tree(), unit.id))
        }),
        calendars: known.cards.iter().map(|card| Choice::new(card.id.to_string(), card.name.clone())).collect(),
        may_edit: ctx.actor.may(CALENDARS_EDIT, &company(&ctx)?),
        years: years.into_iter().rev().collect(),
        page,
    })
    .into_response())
}

struct WeekRow {
    from: String,
    day: Option<String>,
    hours: String,
    now: bool,
}

struct Exception {
    day: String,
    words: String,
    hours: String,
    note: String,
}

struct DayField {
    name: &'static str,
    label: String,
}

#[derive(Template)]
#[template(path = "administration_calendar.html")]
struct OnePage {
    page: Page,
    edition: i64,
    /// The calendar, or none on a store's page.
    calendar: Option<i64>,
    unit: Option<i64>,
    about: String,
    weeks: Vec<WeekRow>,
    exceptions: Vec<Exception>,
    days: Vec<DayField>,
    form: Filled,
    except: Filled,
    back: String,
    may_edit: bool,
    history: Vec<Happened>,
}

async fn exceptions(ctx: &Ctx, page: &Page, scope: Scope) -> Result<Vec<Exception>, Fault> {
    let found =
        ctx.read((scope, today(ctx)), |tx, (scope, today)| Box::pin(calendar::overrides(tx, *scope, *today))).await?;
    let row = |(day, special): (Day, Override)| Exception {
        day: day.to_string(),
        words: format!("{} {}", page.day(day), weekday(page, day.date().weekday())),
        hours: hours_text(page, &special.hours),
        note: special.note.unwrap_or_default(),
    };
    Ok(found.into_iter().map(row).collect())
}

/// `GET /settings/calendars/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(page, &uri, &["calendar"]);
    Ok(one(&ctx, page, id, None).await?.into_response())
}

async fn one(ctx: &Ctx, page: Page, id: i64, typed: Option<(Filled, bool)>) -> Result<View<OnePage>, Failure> {
    let known = known(ctx).await?;
    let card = known.cards.iter().find(|card| card.id.get() == id).ok_or_else(Fault::not_found)?;
    let page = page.titled(card.name.clone());
    let day = today(ctx);
    let weeks = known.weeks.get(&id).map(Vec::as_slice).unwrap_or_default();
    let current = weeks.iter().rposition(|(from, _)| *from <= day).unwrap_or_default();
    let rows = weeks.iter().enumerate().skip(current).map(|(n, (from, week))| WeekRow {
        from: if n == 0 {
            page.t("administration-week-always")
        } else {
            page.t1("administration-week-from", "day", page.day(*from))
        },
        day: (*from > day).then(|| from.to_string()),
        hours: week_text(&page, week),
        now: n == current,
    });
    let mut form = Filled::new().with("from", day.to_string());
    if let Some(week) = known.week(id, day) {
        for day in WEEK {
            let hours = week.hours(day);
            let text = if hours.is_closed() { String::new() } else { hours.to_string() };
            form = form.with(weekday_name(day), text);
        }
    }
    let mut except = Filled::new().with("day", day.plus(1).to_string());
    match typed {
        Some((typed, true)) => form = typed,
        Some((typed, false)) => except = typed,
        None => {}
    }
    let zone = if card.holidays { "administration-calendar-rests" } else { "administration-calendar-works" };
    Ok(View(OnePage {
        edition: known.edition,
        calendar: Some(id),
        unit: None,
        about: format!("{} · {} · {}", card.code, card.zone, page.t(zone)),
        weeks: rows.collect(),
        exceptions: exceptions(ctx, &page, Scope::Calendar(card.id)).await?,
        days: WEEK.iter().map(|day| DayField { name: weekday_name(*day), label: weekday(&page, *day) }).collect(),
        form,
        except,
        back: format!("/settings/calendars/{id}"),
        may_edit: ctx.actor.may(CALENDARS_EDIT, &company(ctx)?),
        history: history(ctx, &page, kernel::RecordRef::new(RECORD, card.id)).await?,
        page,
    }))
}

/// `GET /settings/calendars/units/{id}`: a store's own exceptional days.
pub(crate) async fn show_unit(page: Page, ctx: Ctx, Path(id): Path<i64>, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(page, &uri, &["calendar"]);
    Ok(unit_page(&ctx, page, id, None).await?.into_response())
}

async fn unit_page(ctx: &Ctx, page: Page, id: i64, typed: Option<Filled>) -> Result<View<OnePage>, Failure> {
    let directory = ctx.house.identity.directories().now();
    let unit = directory.unit(Id::new(id)).ok_or_else(Fault::not_found)?;
    let place = place_of_unit(directory.tree(), unit.id);
    ctx.require(CALENDARS_VIEW, &place)?;
    let known = known(ctx).await?;
    let card = known.of_unit(&unit.path).ok_or_else(Fault::not_found)?;
    let title = page_title(&page, unit.name_in(page.lang.locale.as_str()));
    let page = page.titled(title);
    let day = today(ctx);
    Ok(View(OnePage {
        edition: known.edition,
        calendar: None,
        unit: Some(id),
        about: page.t1("administration-calendar-of-unit", "name", card.name.clone()),
        weeks: known
            .week(card.id.get(), day)
            .map(|week| WeekRow { from: card.name.clone(), day: None, hours: week_text(&page, week), now: true })
            .into_iter()
            .collect(),
        exceptions: exceptions(ctx, &page, Scope::Unit(unit.id)).await?,
        days: Vec::new(),
        form: Filled::new(),
        except: typed.unwrap_or_else(|| Filled::new().with("day", day.plus(1).to_string())),
        back: format!("/settings/calendars/units/{id}"),
        may_edit: ctx.actor.may(CALENDARS_EDIT, &place),
        history: history(ctx, &page, kernel::RecordRef::new("unit", unit.id)).await?,
        page,
    }))
}

fn page_title(page: &Page, name: &str) -> String {
    page.t1("administration-calendar-unit-title", "name", name)
}

struct HolidayRow {
    day: String,
    what: String,
    work: bool,
}

#[derive(Template)]
#[template(path = "administration_holidays.html")]
struct YearPage {
    page: Page,
    edition: i64,
    year: i16,
    known: bool,
    rows: Vec<HolidayRow>,
    form: Filled,
    may_edit: bool,
    history: Vec<Happened>,
}

fn holiday_name(page: &Page, code: &str) -> String {
    page.find(&format!("calendar-holiday-{code}")).unwrap_or_else(|| code.to_owned())
}

/// `GET /settings/holidays/{year}`
pub(crate) async fn year(page: Page, ctx: Ctx, Path(year): Path<i16>, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(page, &uri, &["calendar"]);
    Ok(year_page(&ctx, page, year, None).await?.into_response())
}

async fn year_page(ctx: &Ctx, page: Page, year: i16, typed: Option<Filled>) -> Result<View<YearPage>, Failure> {
    if !(2000..=2100).contains(&year) {
        return Err(Fault::not_found().into());
    }
    let known = known(ctx).await?;
    let title = page.t1("administration-holidays-title", "year", year.to_string());
    let page = page.titled(title);
    let days: Vec<(Date, &Declared)> = known.table.iter().filter(|(date, _)| date.year() == year).collect();
    let row = |(date, what): &(Date, &Declared)| HolidayRow {
        day: format!("{} {}", page.day((*date).into()), weekday(&page, date.weekday())),
        what: match what {
            Declared::Off(code) => holiday_name(&page, code),
            Declared::WorkedAs(like) => page.t1("administration-works-like", "day", weekday(&page, *like)),
        },
        work: matches!(what, Declared::WorkedAs(_)),
    };
    let text: Vec<String> = days
        .iter()
        .map(|(date, what)| match what {
            Declared::Off(code) => format!("{date}\t{}", holiday_name(&page, code)),
            Declared::WorkedAs(like) => {
                format!("{date}\t{}\t\t{}", MAKE_UP.first().unwrap_or(&""), weekday_name(*like))
            }
        })
        .collect();
    Ok(View(YearPage {
        edition: known.edition,
        year,
        known: known.table.knows(year),
        rows: days.iter().map(row).collect(),
        form: typed.unwrap_or_else(|| Filled::new().with("days", text.join("\n"))),
        may_edit: ctx.actor.may(CALENDARS_EDIT, &company(ctx)?),
        history: history(ctx, &page, kernel::RecordRef::new(YEAR_RECORD, Id::<Declared>::new(i64::from(year)))).await?,
        page,
    }))
}

/// A date as lists have it: 2027-01-01, 2027/1/1, 2027.1.1, 2027年1月1日.
fn date_of(text: &str) -> Option<Date> {
    let parts: Vec<i16> = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    let [year, month, day] = parts.as_slice() else { return None };
    Date::new(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?).ok()
}

fn weekday_of(text: &str) -> Option<Weekday> {
    let text = text.trim().to_lowercase();
    if let Ok(day) = weekday_named(text.get(..3).unwrap_or_default()) {
        return Some(day);
    }
    let last = text.chars().last()?;
    let n = "一二三四五六日"
        .chars()
        .position(|sign| sign == last)
        .or_else(|| "1234567".chars().position(|sign| sign == last));
    n.or((last == '天').then_some(6)).and_then(|n| WEEK.get(n).copied())
}

/// Reads the table of a year: one line per day or stretch of days; what cannot be read is named by its line.
pub(crate) fn read_year(year: i16, text: &str) -> Result<Vec<(Date, Declared)>, Fault> {
    let table = paste::read(text, COLUMNS);
    let mut errors = FieldErrors::default();
    let mut days: BTreeMap<Date, Declared> = BTreeMap::new();
    for line in &table.lines {
        let (first, rest) = line.get("day").split_once(['~', '至', '–']).unwrap_or((line.get("day"), ""));
        let (first, to) = (date_of(first), if rest.is_empty() { line.get("to") } else { rest });
        let last = if to.is_empty() { first } else { date_of(to) };
        let what = line.get("what").trim();
        let is_work = MAKE_UP.iter().any(|word| what.eq_ignore_ascii_case(word));
        let like = if line.get("like").is_empty() { Some(Weekday::Monday) } else { weekday_of(line.get("like")) };
        let declared = match (is_work, like) {
            (true, like) => like.map(Declared::WorkedAs),
            (false, _) if what.is_empty() => None,
            (false, _) => Some(Declared::Off(code_of(what))),
        };
        let (Some(first), Some(last), Some(declared)) = (first, last, declared) else {
            errors.add_with("days", "administration-holiday-line", vec![("line", line.number.to_string())]);
            continue;
        };
        let mut date = first;
        for _ in 0..40 {
            if date.year() != year || days.insert(date, declared.clone()).is_some() {
                errors.add_with("days", "calendar-day", vec![("day", date.to_string())]);
            }
            let Ok(next) = date.tomorrow() else { break };
            if date >= last {
                break;
            }
            date = next;
        }
    }
    if table.lines.is_empty() {
        errors.add("days", "required");
    }
    errors.check()?;
    Ok(days.into_iter().collect())
}

/// The code of a holiday that has a name in some language; else the name itself.
fn code_of(name: &str) -> String {
    let known = HOLIDAYS.iter().find(|code| {
        let key = format!("calendar-holiday-{code}");
        **code == name
            || Locale::ALL.iter().any(|locale| web::find(*locale, &key, &[]).is_some_and(|text| text == name))
    });
    known.map_or_else(|| name.chars().take(40).collect(), |code| (*code).to_owned())
}

/// The week of seven fields; an empty one is a closed day.
fn week_of(form: &mut Form) -> Option<WeeklyPattern> {
    let mut week: [DayHours; 7] = Default::default();
    let mut good = true;
    for (day, slot) in WEEK.iter().zip(&mut week) {
        let name = weekday_name(*day);
        match hours_of(form.raw(name)) {
            Some(hours) => *slot = hours,
            None => {
                form.reject(name, "administration-hours");
                good = false;
            }
        }
    }
    good.then(|| WeeklyPattern::new(week))
}

/// Hours as people type them: full-width signs, 至, one-digit hours, several stretches.
pub(crate) fn hours_of(text: &str) -> Option<DayHours> {
    let text: String = text
        .chars()
        .map(|letter| match letter {
            '：' => ':',
            '，' | '、' | ';' | '；' => ',',
            '—' | '–' | '~' | '～' | '至' | '到' | '－' => '-',
            '０'..='９' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
            other => other,
        })
        .filter(|letter| !letter.is_whitespace())
        .collect();
    if text.is_empty() || ["closed", "休息", "关"].contains(&text.as_str()) {
        return Some(DayHours::CLOSED);
    }
    let two = |time: &str| {
        let (hour, minute) = time.split_once(':').unwrap_or((time, "00"));
        format!("{hour:0>2}:{minute:0>2}")
    };
    let stretches: Option<Vec<String>> = text
        .split(',')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('-').map(|(from, to)| format!("{}-{}", two(from), two(to))))
        .collect();
    stretches?.join(",").parse().ok()
}

/// What was sent as a change.
pub(crate) fn edit_of(form: &mut Form, zone: &str) -> Result<Edit, Fault> {
    let scope = |form: &mut Form| {
        let unit: Option<Id<of::Unit>> = form.id_or_none("unit");
        let calendar: Option<Id<WorkCalendar>> = form.id_or_none("calendar");
        unit.map(Scope::Unit).or(calendar.map(Scope::Calendar))
    };
    let edit = match form.raw("what") {
        "create" => {
            let (name, code) = (form.text("name", 40), form.text("code", 20).to_lowercase());
            let legal = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            if !code.chars().all(legal) {
                form.reject("code", "identity-code-form");
            }
            let hours = hours_of(form.raw("hours")).filter(|hours| !hours.is_closed());
            if hours.is_none() {
                form.reject("hours", "administration-hours");
            }
            let pattern = WeeklyPattern::new(std::array::from_fn(|_| hours.clone().unwrap_or_default()));
            let holidays = form.flag("holidays");
            Some(Edit::Create(NewCalendar { code, name, zone: zone.to_owned(), holidays, fallback: false, pattern }))
        }
        "hours" => {
            let (calendar, from, week) = (form.id("calendar"), form.day("from"), week_of(form));
            calendar.zip(from).zip(week).map(|((calendar, from), week)| Edit::Hours(calendar, from, week))
        }
        "drop" => form.id("calendar").zip(form.day("from")).map(|(calendar, from)| Edit::DropHours(calendar, from)),
        "year" => {
            let year = form.number("year", 2000..=2100).and_then(|year| i16::try_from(year).ok());
            let year = form.need(year)?;
            Some(Edit::Year(year, read_year(year, form.raw("days"))?))
        }
        "except" => {
            let scope = scope(form);
            let day = form.day("day");
            let to = form.day_or_none("to").or(day);
            let hours = hours_of(form.raw("hours"));
            if hours.is_none() {
                form.reject("hours", "administration-hours");
            }
            let note = form.text_or_none("note", 60);
            let special = hours.map(|hours| Override { hours, note });
            scope
                .zip(day)
                .zip(to)
                .zip(special)
                .map(|(((scope, day), to), special)| Edit::Except(scope, day, to, special))
        }
        "lift" => scope(form).zip(form.day("day")).map(|(scope, day)| Edit::Lift(scope, day)),
        "assign" => {
            let calendar = form.id_or_none("calendar");
            form.id("unit").map(|unit| Edit::Assign(unit, calendar))
        }
        _ => None,
    };
    form.check()?;
    form.need(edit)
}

/// `POST /settings/calendars/change`: first what it would do to running clocks, and with `sure` the change itself.
pub(crate) async fn change(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let back = web::preferences::local_path(form.raw("back")).to_owned();
    let edition = form.version("edition")?;
    let edit = edit_of(&mut form, ctx.house.zone.name());
    let done = match &edit {
        Ok(edit) if form.flag("sure") => calendars::change(&ctx, edition, edit.clone()).await.map(|()| None),
        Ok(edit) => calendars::preview(&ctx, edit.clone()).await.map(Some),
        Err(fault) => Err(fault.clone()),
    };
    match done {
        Ok(None) => Ok(go_to(&format!("{back}?done=calendar"))),
        Ok(Some(moves)) => Ok(View(ask(&ctx, page, &form, &moves, back)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => again(&ctx, page, form, &fault).await,
        Err(fault) => Err(fault.into()),
    }
}

/// The page from which it came, with what is wrong.
async fn again(ctx: &Ctx, page: Page, mut form: Form, fault: &Fault) -> Result<Response, Failure> {
    let (calendar, unit) =
        (form.raw("calendar").parse().unwrap_or_default(), form.raw("unit").parse().unwrap_or_default());
    let year = form.number_or_none("year", 2000..=2100).and_then(|year| i16::try_from(year).ok()).unwrap_or_default();
    let what = form.raw("what").to_owned();
    let filled = form.into_filled_with(fault);
    Ok(match what.as_str() {
        "hours" => unprocessable(one(ctx, page, calendar, Some((filled, true))).await?),
        "except" if unit != 0 => unprocessable(unit_page(ctx, page, unit, Some(filled)).await?),
        "except" => unprocessable(one(ctx, page, calendar, Some((filled, false))).await?),
        "year" => unprocessable(year_page(ctx, page, year, Some(filled)).await?),
        "create" => unprocessable(new_page(page, filled)),
        _ => return Err(fault.clone().into()),
    })
}

/// The question before a change, with how many running clocks it moves.
fn ask(ctx: &Ctx, page: Page, form: &Form, moves: &Moves, back: String) -> Confirm {
    let directory = ctx.house.identity.directories().now();
    let page = page.named("administration-calendar-sure");
    let about = match (moves.moved(), moves.is_part()) {
        (0, false) => page.t1("administration-moves-none", "n", moves.open),
        (n, false) => page.t2("administration-moves", "n", n, "open", moves.open),
        (n, true) => page.t3("administration-moves-part", "n", n, "open", moves.open, "seen", moves.seen),
    };
    let mut facts = Vec::new();
    if moves.moved() > 0 {
        facts.push((page.t("administration-moves-earlier"), moves.earlier.to_string()));
        facts.push((page.t("administration-moves-later"), moves.later.to_string()));
    }
    let when =
        |at: Option<kernel::Timestamp>| at.map_or_else(|| page.t("administration-history-none"), |at| page.at(at));
    for moved in &moves.examples {
        let stage = page.word("cases-stage", &moved.stage);
        let name = format!("{} · {stage}", unit_name(&page, &directory, moved.store));
        facts.push((name, format!("{} → {}", when(moved.before), when(moved.after))));
    }
    let mut hidden: Vec<(String, String)> = form.pairs().to_vec();
    hidden.retain(|(name, _)| name != "sure");
    hidden.push(("sure".to_owned(), "yes".to_owned()));
    Confirm {
        button: page.t("administration-calendar-do"),
        about,
        facts,
        action: "/settings/calendars/change".to_owned(),
        hidden,
        back,
        danger: false,
        page,
    }
}

#[derive(Template)]
#[template(path = "administration_calendar_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    edition: String,
}

fn new_page(page: Page, form: Filled) -> View<NewPage> {
    let edition = form.value("edition").to_owned();
    View(NewPage { page: page.named("administration-calendar-new"), edition, form })
}

/// `GET /settings/calendars/new`
pub(crate) async fn new(page: Page, ctx: Ctx) -> Result<Response, Failure> {
    ctx.require(CALENDARS_EDIT, &company(&ctx)?)?;
    let edition = known(&ctx).await?.edition;
    let form = Filled::new().with("edition", edition.to_string()).with("hours", "09:00-21:00");
    Ok(new_page(page, form).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_type_them() {
        let read = |text: &str| hours_of(text).map(|hours| hours.to_string());
        assert_eq!(read("9:00-12:00，13：30至18:00").as_deref(), Some("09:00-12:00,13:30-18:00"));
        assert_eq!(read("９-２１").as_deref(), Some("09:00-21:00"));
        assert_eq!(read(" ").as_deref(), Some("closed"));
        assert_eq!(read("休息").as_deref(), Some("closed"));
        assert_eq!(read("25:00-26:00"), None);
        assert_eq!(read("09:00-12:00,11:00-13:00"), None);
    }

    #[test]
    fn a_year_is_read_from_a_list() {
        let text =
            "日期\t名称\t按\n2027年1月1日\t元旦\n2027/2/5~2027/2/7\t春节\n2027-02-14\t调休\t周五\n2027-02-20\t公司日";
        let days = read_year(2027, text).unwrap();
        let text: Vec<String> = days
            .iter()
            .map(|(date, what)| match what {
                Declared::Off(code) => format!("{date} {code}"),
                Declared::WorkedAs(day) => format!("{date} ={}", weekday_name(*day)),
            })
            .collect();
        assert_eq!(
            text,
            [
                "2027-01-01 new-year",
                "2027-02-05 spring-festival",
                "2027-02-06 spring-festival",
                "2027-02-07 spring-festival",
                "2027-02-14 =fri",
                "2027-02-20 公司日"
            ]
        );
        for bad in ["", "2027-01-01", "2026-01-01\t元旦", "2027-01-01\t元旦\n2027-01-01\t元旦", "2027-13-01\t元旦"]
        {
            assert_eq!(read_year(2027, bad).unwrap_err().kind(), FaultKind::Invalid, "{bad}");
        }
    }
}
