//! The worked cases of `cases.toml`.
#![cfg(test)]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Deserialize;
use worktime::{
    BasisPoints, Calendar, CalendarRef, Calendars, DayEnd, DueRule, Entry, Holidays, Millis, Outcome, Override, Policy,
    State, Warning, evaluate, explain,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    calendars: BTreeMap<String, Spec>,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    pattern: String,
    zone: Option<String>,
    #[serde(default)]
    holidays: bool,
    /// Another year for the holiday table.
    more: Option<String>,
    #[serde(default)]
    overrides: BTreeMap<Date, String>,
    /// Patterns that replace the first one.
    #[serde(default)]
    from: BTreeMap<Date, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    shows: String,
    on: String,
    at: String,
    // questions
    add: Option<String>,
    sub: Option<String>,
    to: Option<String>,
    working_days: Option<u32>,
    calendar_days: Option<u32>,
    #[serde(default)]
    roll: bool,
    end: Option<DayEnd>,
    ledger: Option<Vec<String>>,
    // answers
    gives: Option<String>,
    takes: Option<String>,
    fails: Option<String>,
    #[serde(default)]
    unknown: Vec<i16>,
    state: Option<State>,
    if_resumed: Option<String>,
    breached: Option<String>,
    used: Option<String>,
    left: Option<String>,
    share: Option<i64>,
}

fn calendar(code: &str, spec: &Spec) -> Calendar {
    let mut table = String::new();
    if spec.holidays {
        table.push_str(include_str!("../data/cn.toml"));
    }
    if let Some(more) = &spec.more {
        table.push_str("\n[[year]]\n");
        table.push_str(more);
    }
    let holidays = (!table.is_empty()).then(|| Arc::new(Holidays::from_toml(&table).expect("holidays")));
    let reference = CalendarRef { code: code.to_owned(), version: 1 };
    let zone = spec.zone.as_deref().unwrap_or("Asia/Shanghai");
    let overrides = spec
        .overrides
        .iter()
        .map(|(date, hours)| (*date, Override { hours: hours.parse().expect("hours"), note: None }));
    let first = Calendar::new(reference, zone, spec.pattern.parse().expect("pattern"), holidays)
        .expect("calendar")
        .with_overrides(overrides);
    spec.from
        .iter()
        .fold(first, |calendar, (from, pattern)| calendar.with_pattern_from(*from, pattern.parse().expect("pattern")))
}

struct Wall(TimeZone);

impl Wall {
    fn read(&self, text: &str) -> Timestamp {
        let wall: DateTime = text.parse().expect(text);
        self.0.to_timestamp(wall).expect(text)
    }
    fn write(&self, at: Timestamp) -> String {
        let wall = self.0.to_datetime(at);
        wall.strftime(if wall.second() == 0 { "%F %H:%M" } else { "%F %H:%M:%S" }).to_string()
    }
}

/// `7h30m1s`, `-30m`.
fn length(text: &str) -> Millis {
    let (sign, mut rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut total = 0;
    for (unit, one) in [("h", 3_600_000), ("m", 60_000), ("s", 1_000)] {
        if let Some((number, after)) = rest.split_once(unit) {
            total += number.parse::<i64>().expect(text) * one;
            rest = after;
        }
    }
    assert!(rest.is_empty(), "{text}");
    Millis(sign * total)
}

fn rule(unit: &str, amount: &str, wall: &Wall) -> DueRule {
    match unit {
        "working" => DueRule::Working { allowed: length(amount) },
        "natural" => DueRule::Natural { allowed: length(amount) },
        "working-days" => DueRule::WorkingDays { days: amount.parse().unwrap(), end: DayEnd::Close },
        "calendar-days" => DueRule::CalendarDays { days: amount.parse().unwrap(), roll: false, end: DayEnd::Midnight },
        "fixed" => DueRule::Fixed { at: wall.read(amount) },
        other => panic!("{other}"),
    }
}

fn entry(line: &str, on: &str, wall: &Wall) -> Entry {
    let words: Vec<&str> = line.split(' ').collect();
    let at = wall.read(&words[..2].join(" "));
    let policy = |unit, amount| Policy {
        code: "reply".to_owned(),
        version: 1,
        rule: rule(unit, amount, wall),
        warn_at: vec![BasisPoints(7_500)],
    };
    let reference = |code: &str| CalendarRef { code: code.to_owned(), version: 1 };
    let change = |policy, calendar| Entry::Change { at, policy, calendar, reason: "priority".to_owned() };
    match words[2..] {
        ["start", unit, amount] => Entry::Start { at, policy: policy(unit, amount), calendar: reference(on) },
        ["pause", reason] => Entry::Pause { at, reason: reason.to_owned() },
        ["resume"] => Entry::Resume { at },
        ["change"] => change(None, None),
        ["change", "on", code] => change(None, Some(reference(code))),
        ["change", unit, amount] => change(Some(policy(unit, amount)), None),
        ["stop", "met"] => Entry::Stop { at, outcome: Outcome::Met },
        ["stop", "cancelled"] => Entry::Stop { at, outcome: Outcome::Cancelled },
        _ => panic!("{line}"),
    }
}

/// Compares an answer in words.
fn expect_words<T: Debug, E: Debug>(
    case: &Case,
    answer: Result<T, E>,
    write: impl Fn(T) -> String,
    wanted: Option<&String>,
) {
    match (answer, wanted, &case.fails) {
        (Ok(answer), Some(wanted), None) => {
            assert_eq!(write(answer), *wanted, "{}", case.shows);
        }
        (Err(error), None, Some(wanted)) => {
            let error = format!("{error:?}");
            assert!(error.starts_with(wanted), "{}: {error}", case.shows);
        }
        (answer, ..) => panic!("{}: {answer:?}", case.shows),
    }
}

#[test]
fn worked_cases() {
    let file: File = toml::from_str(include_str!("cases.toml")).expect("cases.toml");
    let calendars: Calendars = file.calendars.iter().map(|(code, spec)| calendar(code, spec)).collect();
    assert!(file.case.len() >= 60);
    for case in &file.case {
        let reference = CalendarRef { code: case.on.clone(), version: 1 };
        let calendar = calendars.get(&reference).expect(&case.on);
        let wall = Wall(TimeZone::get(calendar.zone_name()).unwrap());
        let at = wall.read(&case.at);
        let write = |at| wall.write(at);
        if let Some(lines) = &case.ledger {
            let entries: Vec<Entry> = lines.iter().map(|line| entry(line, &case.on, &wall)).collect();
            check_clock(case, &entries, &calendars, at, &wall);
        } else if let Some(to) = &case.to {
            let taken = calendar.elapsed(at, wall.read(to));
            expect_words(
                case,
                taken.map(|taken| taken == length(case.takes.as_deref().unwrap())),
                |right| right.to_string(),
                Some(&"true".to_owned()),
            );
        } else {
            let end = case.end.unwrap_or(DayEnd::Midnight);
            let answer = match (&case.add, &case.sub, case.working_days, case.calendar_days) {
                (Some(time), None, None, None) => calendar.add(at, length(time)),
                (None, Some(time), None, None) => calendar.sub(at, length(time)),
                (None, None, Some(days), None) => calendar.end_of_working_day(at, days, end),
                (None, None, None, Some(days)) => calendar.end_of_calendar_day(at, days, case.roll, end),
                _ => panic!("{}", case.shows),
            };
            if let Ok(answer) = answer {
                assert_eq!(calendar.unknown_years(at, answer), case.unknown, "{}", case.shows);
            }
            expect_words(case, answer, write, case.gives.as_ref());
        }
    }
}

fn check_clock(case: &Case, entries: &[Entry], calendars: &Calendars, now: Timestamp, wall: &Wall) {
    let shows = &case.shows;
    let status = match evaluate(entries, calendars, now) {
        Ok(status) => status,
        failed => {
            assert_eq!(explain(entries, calendars, now).map(|_| ()), failed.clone().map(|_| ()), "{shows}");
            return expect_words(case, failed, |_| String::new(), None);
        }
    };
    let words = |at: Option<Timestamp>| at.map(|at| wall.write(at));
    assert_eq!(Some(status.state), case.state, "{shows}");
    assert_eq!(words(status.due), case.gives, "due: {shows}");
    assert_eq!(words(status.due_if_resumed), case.if_resumed, "{shows}");
    assert_eq!(words(status.breached), case.breached, "breached: {shows}");
    let optional = [(&case.used, status.used), (&case.left, status.remaining)];
    for (wanted, actual) in optional {
        if let Some(wanted) = wanted {
            assert_eq!(actual, length(wanted), "{shows}");
        }
    }
    if let Some(share) = case.share {
        assert_eq!(status.used_share, BasisPoints(share), "{shows}");
    }
    let years: Vec<i16> = status.warnings.iter().map(|Warning::UnknownYear { year, .. }| *year).collect();
    assert_eq!(years, case.unknown, "{shows}");

    // The explanation adds up to the same numbers.
    let explanation = explain(entries, calendars, now).expect(shows);
    assert_eq!(explanation.status, status, "{shows}");
    match status.policy.rule {
        DueRule::Working { allowed } if status.due.is_some() && explanation.changes.is_empty() => {
            let counted: Millis = explanation.days.iter().map(|day| day.counted).sum();
            assert_eq!(counted, allowed, "{shows}");
        }
        DueRule::WorkingDays { days, .. } | DueRule::CalendarDays { days, .. } => {
            let last = explanation.days.last().and_then(|day| day.ordinal);
            assert_eq!(last, Some(days), "{shows}");
            assert_eq!(explanation.days.len(), usize::try_from(days).unwrap(), "{shows}");
        }
        _ => {}
    }
    let mut dates: Vec<Date> = explanation.days.iter().map(|day| day.date).collect();
    assert!(dates.is_sorted(), "{shows}");
    dates.extend(explanation.skipped.iter().map(|day| day.date));
    dates.sort();
    dates.dedup();
    for pair in dates.windows(2) {
        assert_eq!(pair[0].tomorrow().unwrap(), pair[1], "a day is missing: {shows}");
    }
}
