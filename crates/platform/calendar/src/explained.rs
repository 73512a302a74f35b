//! Why a clock is due when it is due, as lines that a page can say in the reader's language.

use std::collections::BTreeMap;

use db::Tx;
use kernel::{Day, Fault, Id, Timestamp, Zone, of};
use web::{Arg, Lang};
use worktime::{
    CalendarRef, ChangeNote, CountedDay, DayHours, DayKind, DueRule, Entry, Explanation, Millis, Policy, Skip,
    SkippedDay, State, Warning,
};

use crate::clock::Entered;
use crate::ledger::Ledger;
use crate::refusal::refused;
use crate::store::calendars as rows;

/// The explanation of a clock with the names that it needs.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Day by day, as data.
    pub explanation: Explanation,
    /// The names of the calendars in it.
    pub calendars: BTreeMap<CalendarRef, String>,
    /// Who entered each entry of the ledger, in order, with the instant at which it took effect.
    pub entered: Vec<(Timestamp, Entered)>,
}

/// Explains the due time of a clock as it stands at `now`.
///
/// # Errors
/// `not-found`, or the database fails.
pub async fn explain(tx: &mut Tx, clock: Id<of::Clock>, now: Timestamp) -> Result<Explained, Fault> {
    let ledger = Ledger::open(tx, clock).await?;
    let calendars = ledger.calendars(tx).await?;
    let entries: Vec<Entry> = ledger.entries.iter().map(|row| row.entry.clone()).collect();
    let explanation = worktime::explain(&entries, &calendars, now.to_jiff()).map_err(refused)?;
    let mut names = BTreeMap::new();
    for key in ledger.entries.iter().filter_map(|row| row.calendar) {
        if let Some(card) = rows::by_id(tx, key.calendar).await? {
            names.insert(key.reference(), card.name);
        }
    }
    let entered = ledger.entries.iter().map(|row| (Timestamp::from_jiff(row.entry.at()), row.entered)).collect();
    Ok(Explained { explanation, calendars: names, entered })
}

/// What a line is about, so that a page can set it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The start of the clock.
    Start,
    /// What the policy allows.
    Rule,
    /// Something was counted.
    Counted,
    /// Nothing was counted.
    Skipped,
    /// The clock stood still.
    Pause,
    /// Policy or calendar changed.
    Change,
    /// Something is uncertain.
    Warning,
    /// The result.
    Due,
}

/// One line of an explanation: a text of `calendar.ftl` and what it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is about.
    pub role: Role,
    /// The key of the text.
    pub key: &'static str,
    /// Its values by name.
    pub args: Vec<(&'static str, Said)>,
    /// Who entered it and when, for starts, pauses and changes.
    pub entered: Option<Entered>,
    zone: Zone,
}

/// A value in a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// As it is.
    Text(String),
    /// A number.
    Number(i64),
    /// An instant, in the calendar's zone.
    At(Timestamp),
    /// An instant as an end: midnight is 24:00 of the day before.
    Until(Timestamp),
    /// A date with its weekday.
    Day(Day),
    /// A first and a last date.
    Days(Day, Day),
    /// A length of time in hours and minutes, never in days: a working day is no fixed length.
    Length(Millis),
    /// Working hours.
    Hours(DayHours),
    /// What a day is, with the name of its holiday or its note.
    Kind(DayKind, Option<String>),
    /// The reason of a pause or change: the page has the words, if it is a code.
    Reason(String),
    /// An allowance.
    Rule(DueRule),
}

/// The explanation in lines: start, rule, then days, pauses and changes in order of time, then warnings and the result.
pub fn lines(explained: &Explained) -> Vec<Line> {
    let Explanation { zone, first_policy, first_calendar, status, days, skipped, pauses, changes } =
        &explained.explanation;
    let zone = Zone::named(zone).unwrap_or_else(|_| Zone::china());
    let line = |role, key, args| Line { role, key, args, entered: None, zone: zone.clone() };
    let named = |reference: &CalendarRef| {
        Said::Text(explained.calendars.get(reference).cloned().unwrap_or_else(|| reference.code.clone()))
    };
    let at = |at: jiff::Timestamp| Said::At(Timestamp::from_jiff(at));
    let mut all = Vec::new();
    let start = line(Role::Start, "calendar-why-start", vec![("at", at(status.started))]);
    all.push(Line { entered: explained.entered.first().map(|(_, entered)| *entered), ..start });
    all.push(rule_line(&line, first_policy, named(first_calendar)));

    let mut story: Vec<(Timestamp, Line)> = Vec::new();
    let begin = |day: jiff::civil::Date| Day::from(day).start(&zone);
    for day in days {
        let from = day.parts.first().map_or_else(|| begin(day.date), |part| Timestamp::from_jiff(part.from));
        story.push((from, counted_line(&line, day)));
    }
    for (first, last) in stretches(skipped) {
        story.push((begin(first.date), skipped_line(&line, first, last)));
    }
    let entered_at = |at: jiff::Timestamp| {
        explained.entered.iter().find(|(when, _)| *when == Timestamp::from_jiff(at)).map(|(_, entered)| *entered)
    };
    for pause in pauses {
        let reason = ("reason", Said::Reason(pause.reason.clone()));
        let text = match pause.to {
            Some(to) => line(Role::Pause, "calendar-why-pause", vec![("from", at(pause.from)), ("to", at(to)), reason]),
            None => line(Role::Pause, "calendar-why-paused", vec![("from", at(pause.from)), reason]),
        };
        story.push((Timestamp::from_jiff(pause.from), Line { entered: entered_at(pause.from), ..text }));
    }
    for change in changes {
        let text = change_line(&line, change, &named);
        story.push((Timestamp::from_jiff(change.at), Line { entered: entered_at(change.at), ..text }));
    }
    story.sort_by_key(|(from, _)| *from);
    all.extend(story.into_iter().map(|(_, line)| line));

    for warning in &status.warnings {
        let Warning::UnknownYear { year, calendar } = warning;
        let args = vec![("year", Said::Text(year.to_string())), ("calendar", named(calendar))];
        all.push(line(Role::Warning, "calendar-why-unknown-year", args));
    }
    let used = ("used", Said::Length(status.used));
    all.push(match (status.due, status.state) {
        (Some(due), State::Late) if status.remaining < Millis::ZERO => line(
            Role::Due,
            "calendar-why-late",
            vec![("due", Said::Until(Timestamp::from_jiff(due))), ("over", Said::Length(-status.remaining))],
        ),
        (Some(due), _) => {
            line(Role::Due, "calendar-why-due", vec![("due", Said::Until(Timestamp::from_jiff(due))), used])
        }
        (None, _) => line(Role::Due, "calendar-why-open", vec![used, ("left", Said::Length(status.remaining))]),
    });
    all
}

type Make<'a> = dyn Fn(Role, &'static str, Vec<(&'static str, Said)>) -> Line + 'a;

fn rule_line(line: &Make<'_>, policy: &Policy, calendar: Said) -> Line {
    let rule = ("rule", Said::Rule(policy.rule.clone()));
    match policy.rule {
        // The calendar has no part in these.
        DueRule::Natural { .. } | DueRule::Fixed { .. } => line(Role::Rule, "calendar-why-rule", vec![rule]),
        _ => line(Role::Rule, "calendar-why-rule-on", vec![rule, ("calendar", calendar)]),
    }
}

fn counted_line(line: &Make<'_>, day: &CountedDay) -> Line {
    let kind = ("kind", Said::Kind(day.kind, day.note.clone()));
    let date = ("day", Said::Day(day.date.into()));
    match day.ordinal {
        Some(n) => line(Role::Counted, "calendar-why-nth", vec![date, kind, ("n", Said::Number(n.into()))]),
        None => {
            let counted = ("counted", Said::Length(day.counted));
            line(
                Role::Counted,
                "calendar-why-day",
                vec![date, kind, ("hours", Said::Hours(day.hours.clone())), counted],
            )
        }
    }
}

/// Skipped days that follow each other for the same reason.
fn stretches(skipped: &[SkippedDay]) -> Vec<(&SkippedDay, &SkippedDay)> {
    let mut all: Vec<(&SkippedDay, &SkippedDay)> = Vec::new();
    for day in skipped {
        match all.last_mut() {
            Some((first, last))
                if (&first.kind, &first.note, first.why) == (&day.kind, &day.note, day.why)
                    && last.date.tomorrow().is_ok_and(|next| next == day.date) =>
            {
                *last = day;
            }
            _ => all.push((day, day)),
        }
    }
    all
}

fn skipped_line(line: &Make<'_>, first: &SkippedDay, last: &SkippedDay) -> Line {
    let key = match first.why {
        Skip::Rest => "calendar-why-skip-rest",
        Skip::Paused => "calendar-why-skip-paused",
        Skip::OutsideHours => "calendar-why-skip-outside",
        Skip::StartDay => "calendar-why-skip-start",
        Skip::RolledOn => "calendar-why-skip-rolled",
    };
    let days = if first.date == last.date {
        Said::Day(first.date.into())
    } else {
        Said::Days(first.date.into(), last.date.into())
    };
    line(Role::Skipped, key, vec![("days", days), ("kind", Said::Kind(first.kind, first.note.clone()))])
}

fn change_line(line: &Make<'_>, change: &ChangeNote, named: &dyn Fn(&CalendarRef) -> Said) -> Line {
    let mut args = vec![
        ("at", Said::At(Timestamp::from_jiff(change.at))),
        ("used", Said::Length(change.used_before)),
        ("reason", Said::Reason(change.reason.clone())),
    ];
    let key = match (&change.policy, &change.calendar) {
        (Some(_), Some(_)) => "calendar-why-change-both",
        (None, Some(_)) => "calendar-why-change-calendar",
        _ => "calendar-why-change-rule",
    };
    args.extend(change.policy.as_ref().map(|policy| ("rule", Said::Rule(policy.rule.clone()))));
    args.extend(change.calendar.as_ref().map(|calendar| ("calendar", named(calendar))));
    line(Role::Change, key, args)
}

impl Line {
    /// The line in the reader's language. `reason` finds the words of a reason's code; what it does not know is shown as it is.
    pub fn say(&self, lang: &Lang, reason: &dyn Fn(&str) -> Option<String>) -> String {
        let lang = Lang::new(lang.locale, self.zone.clone(), lang.now);
        let texts: Vec<(&str, String)> =
            self.args.iter().map(|(name, said)| (*name, said.say(&lang, reason))).collect();
        let args: Vec<(&str, &dyn Arg)> = texts.iter().map(|(name, text)| (*name, text as &dyn Arg)).collect();
        lang.tn(self.key, &args)
    }
}

impl Said {
    fn say(&self, lang: &Lang, reason: &dyn Fn(&str) -> Option<String>) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(n) => n.to_string(),
            Self::At(at) => lang.at(*at),
            Self::Until(at) => {
                let eve = at.plus(-1);
                let midnight = at.day(&lang.zone).start(&lang.zone) == *at;
                if midnight { format!("{} 24:00", lang.date(eve)) } else { lang.at(*at) }
            }
            Self::Day(day) => dated(lang, *day),
            Self::Days(first, last) => {
                lang.t2("calendar-days", "first", dated(lang, *first), "last", dated(lang, *last))
            }
            Self::Length(length) => spelled(lang, *length),
            Self::Hours(hours) => {
                hours.to_string().replace(',', lang.t("calendar-list-comma").as_str()).replace('-', "–")
            }
            Self::Kind(kind, note) => kind_words(lang, *kind, note.as_deref()),
            Self::Reason(code) => {
                let own = || lang.find(&format!("calendar-reason-{code}"));
                reason(code).or_else(own).unwrap_or_else(|| code.clone())
            }
            Self::Rule(rule) => match rule {
                DueRule::Working { allowed } => lang.t1("calendar-rule-working", "length", spelled(lang, *allowed)),
                DueRule::Natural { allowed } => lang.t1("calendar-rule-natural", "length", spelled(lang, *allowed)),
                DueRule::WorkingDays { days, .. } => lang.t1("calendar-rule-working-days", "n", *days),
                DueRule::CalendarDays { days, roll: false, .. } => lang.t1("calendar-rule-calendar-days", "n", *days),
                DueRule::CalendarDays { days, roll: true, .. } => {
                    lang.t1("calendar-rule-calendar-days-roll", "n", *days)
                }
                DueRule::Fixed { at } => lang.t1("calendar-rule-fixed", "at", lang.at(Timestamp::from_jiff(*at))),
            },
        }
    }
}

fn dated(lang: &Lang, day: Day) -> String {
    let weekday = lang.t(&format!("calendar-weekday-{}", day.date().weekday().to_monday_one_offset()));
    lang.t2("calendar-day", "day", lang.day(day), "weekday", weekday)
}

fn kind_words(lang: &Lang, kind: DayKind, note: Option<&str>) -> String {
    match (kind, note) {
        (DayKind::Working, _) => lang.t("calendar-kind-working"),
        (DayKind::Weekend, _) => lang.t("calendar-kind-weekend"),
        (DayKind::MakeUp, _) => lang.t("calendar-kind-make-up"),
        (DayKind::Holiday, Some(code)) => {
            lang.find(&format!("calendar-holiday-{code}")).unwrap_or_else(|| code.to_owned())
        }
        (DayKind::Holiday, None) => lang.t("calendar-kind-holiday"),
        (DayKind::Override, Some(note)) => lang.t1("calendar-kind-override-note", "note", note),
        (DayKind::Override, None) => lang.t("calendar-kind-override"),
    }
}

/// Hours and minutes, with seconds where they are not whole, so that the days add up.
fn spelled(lang: &Lang, length: Millis) -> String {
    let seconds = length.0.unsigned_abs() / 1_000;
    let (minutes, left) = (seconds / 60, seconds % 60);
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, 0) if length.0 != 0 => lang.t1("calendar-length-s", "s", left),
        _ if left > 0 => {
            let whole = spelled(lang, Millis::minutes(i64::try_from(minutes).unwrap_or(i64::MAX)));
            lang.t2("calendar-length-and", "whole", whole, "left", lang.t1("calendar-length-s", "s", left))
        }
        (0, rest) => lang.t1("calendar-length-m", "m", rest),
        (hours, 0) => lang.t1("calendar-length-h", "h", hours),
        (hours, rest) => lang.t2("calendar-length-hm", "h", hours, "m", rest),
    }
}
