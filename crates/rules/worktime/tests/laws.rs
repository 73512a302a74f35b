//! Laws that hold for every calendar and every ledger.
#![cfg(test)]

use std::sync::{Arc, OnceLock};

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use worktime::{
    BasisPoints, Calendar, CalendarRef, Calendars, DayEnd, DayHours, DueRule, Entry, Holidays, Interval, Millis,
    Outcome, Override, Policy, State, WeeklyPattern, evaluate, explain,
};

fn china() -> Arc<Holidays> {
    static TABLE: OnceLock<Arc<Holidays>> = OnceLock::new();
    TABLE.get_or_init(|| Arc::new(Holidays::china().expect("shipped"))).clone()
}

/// Hours of a day, some past midnight, on a grid of five minutes.
fn hours() -> impl Strategy<Value = DayHours> {
    let interval = (0..288u16, 1..=288u16)
        .prop_map(|(from, length)| Interval::new(from * 5, from * 5 + length * 5).expect("grid"));
    prop_oneof![
        2 => Just(DayHours::CLOSED),
        3 => Just("09:00-12:00,13:30-18:00".parse().expect("hours")),
        1 => Just("00:00-24:00".parse().expect("hours")),
        3 => prop::collection::vec(interval, 1..4).prop_map(|intervals| {
            let mut apart: Vec<Interval> = Vec::new();
            for interval in intervals {
                let mut tried = apart.clone();
                tried.push(interval);
                if DayHours::new(tried.clone()).is_ok() {
                    apart = tried;
                }
            }
            DayHours::new(apart).expect("apart")
        }),
    ]
}

fn a_day() -> impl Strategy<Value = Date> {
    (0..2_500i64).prop_map(|n| date(2021, 6, 1).checked_add(SignedDuration::from_hours(24 * n)).expect("date"))
}

/// Calendars that work at least on one weekday.
fn calendar() -> impl Strategy<Value = Calendar> {
    let week = prop::array::uniform7(hours()).prop_filter("works", |week| week.iter().any(|hours| !hours.is_closed()));
    let overrides = prop::collection::vec((a_day(), hours()), 0..20);
    let zone = prop_oneof![Just("Asia/Shanghai"), Just("Europe/Berlin"), Just("America/New_York")];
    (week, overrides, zone, any::<bool>()).prop_map(|(week, overrides, zone, holidays)| {
        let reference = CalendarRef { code: "any".to_owned(), version: 1 };
        let holidays = holidays.then(china);
        let overrides = overrides.into_iter().map(|(date, hours)| (date, Override { hours, note: None }));
        Calendar::new(reference, zone, WeeklyPattern::new(week), holidays).expect("zone").with_overrides(overrides)
    })
}

fn instant() -> impl Strategy<Value = Timestamp> {
    // 2021-06-01 to 2028, to the second
    (1_622_476_800..1_830_297_600i64).prop_map(|s| Timestamp::from_second(s).expect("instant"))
}

fn length() -> impl Strategy<Value = Millis> {
    prop_oneof![Just(0), 0..600_000i64, 0..200_000_000i64].prop_map(Millis)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn what_is_added_has_elapsed(c in calendar(), t in instant(), d in length()) {
        let due = c.add(t, d).unwrap();
        prop_assert_eq!(c.elapsed(t, due).unwrap(), d);
        prop_assert_eq!(c.elapsed(due, t).unwrap(), -d);
    }

    #[test]
    fn adding_is_additive(c in calendar(), t in instant(), a in length(), b in length()) {
        prop_assert_eq!(c.add(c.add(t, a).unwrap(), b).unwrap(), c.add(t, a + b).unwrap());
        prop_assert_eq!(c.sub(c.sub(t, a).unwrap(), b).unwrap(), c.sub(t, a + b).unwrap());
    }

    #[test]
    fn adding_is_monotone(c in calendar(), t in instant(), u in instant(), a in length(), b in length()) {
        let (t, u) = (t.min(u), t.max(u));
        prop_assert!(c.add(t, a).unwrap() <= c.add(u, a).unwrap());
        prop_assert!(c.add(t, a.min(b)).unwrap() <= c.add(t, a.max(b)).unwrap());
        prop_assert!(c.sub(t, a).unwrap() <= c.sub(u, a).unwrap());
    }

    #[test]
    fn subtracting_undoes_adding(c in calendar(), t in instant(), d in length()) {
        let back = c.sub(c.add(t, d).unwrap(), d).unwrap();
        // The same instant, or the first working one after it.
        prop_assert!(back >= t);
        prop_assert_eq!(c.elapsed(t, back).unwrap(), Millis::ZERO);
        prop_assert!(back == t || c.is_open(back));
        if c.is_open(t) {
            prop_assert_eq!(back, t);
        }
        prop_assert_eq!(c.elapsed(c.sub(t, d).unwrap(), t).unwrap(), d);
    }

    #[test]
    fn elapsed_adds_up(c in calendar(), mut at in prop::array::uniform3(instant())) {
        at.sort();
        let [x, y, z] = at;
        prop_assert_eq!(c.elapsed(x, y).unwrap() + c.elapsed(y, z).unwrap(), c.elapsed(x, z).unwrap());
    }

    /// The other way to count: look at every five minutes whether work is being done.
    #[test]
    fn elapsed_agrees_with_looking_at_the_clock(c in calendar(), t in instant(), steps in 0..1_500i64) {
        let step = 300_000;
        let from = t.as_millisecond() - t.as_millisecond().rem_euclid(step);
        let at = |n: i64| Timestamp::from_millisecond(from + n * step).unwrap();
        let seen = (0..steps).filter(|n| c.is_open(at(*n))).count();
        prop_assert_eq!(c.elapsed(at(0), at(steps)).unwrap(), Millis(i64::try_from(seen).unwrap() * step));
    }

    #[test]
    fn a_deadline_in_days_is_the_day_counted_by_hand(c in calendar(), t in instant(), days in 1..15u32, roll: bool) {
        let mut date = c.date_at(t).unwrap();
        for _ in 0..days {
            date = date.tomorrow().unwrap();
        }
        while roll && !c.works_on(date) {
            date = date.tomorrow().unwrap();
        }
        let over = c.end_of_calendar_day(t, days, roll, DayEnd::Midnight).unwrap();
        prop_assert_eq!(c.date_at(over).unwrap(), date.tomorrow().unwrap());

        let (mut date, mut left) = (c.date_at(t).unwrap(), days);
        while left > 0 {
            date = date.tomorrow().unwrap();
            left -= u32::from(c.works_on(date));
        }
        let over = c.end_of_working_day(t, days, DayEnd::Midnight).unwrap();
        prop_assert_eq!(c.date_at(over).unwrap(), date.tomorrow().unwrap());
        prop_assert!(c.end_of_working_day(t, days, DayEnd::Close).unwrap() > t);
    }

    #[test]
    fn clocks_keep_their_books(
        c in calendar(), rule in rule(), start in instant(),
        gaps in prop::collection::vec(0..400_000_000i64, 1..8), wait in 0..400_000_000i64,
    ) {
        let reference = c.reference().clone();
        let calendars: Calendars = [c].into_iter().collect();
        let policy = Policy { code: "p".to_owned(), version: 1, rule: rule.clone(), warn_at: vec![BasisPoints(5_000), BasisPoints(10_000)] };
        let mut entries = vec![Entry::Start { at: start, policy, calendar: reference.clone() }];
        let mut at = start;
        let (mut breached, mut used) = (None, Millis::ZERO);
        for (n, gap) in gaps.iter().enumerate() {
            at = at.checked_add(SignedDuration::from_millis(*gap)).unwrap();
            // Just before the entry, and after it: the same instant, the same time used.
            let before = evaluate(&entries, &calendars, at).unwrap();
            prop_assert!(before.used >= used, "time used never shrinks");
            entries.push(if n % 2 == 0 { Entry::Pause { at, reason: "customer".to_owned() } } else { Entry::Resume { at } });
            let after = evaluate(&entries, &calendars, at).unwrap();
            prop_assert_eq!(before.used, after.used);
            prop_assert_eq!(before.breached, after.breached);
            used = after.used;
            prop_assert!(breached.is_none() || breached == after.breached, "a breach stays");
            breached = after.breached;
            prop_assert_eq!(after.remaining, after.allowed - after.used);
            prop_assert_eq!(after.due.is_none(), after.due_if_resumed.is_some());
            if after.due.is_none() {
                prop_assert_eq!(after.state, State::Paused);
            }
            // What was true then can still be asked for.
            prop_assert_eq!(&evaluate(&entries[..=n], &calendars, start).unwrap().state, &evaluate(&entries, &calendars, start).unwrap().state);
        }
        let now = at.checked_add(SignedDuration::from_millis(wait)).unwrap();
        let status = evaluate(&entries, &calendars, now).unwrap();
        prop_assert_eq!(status.state == State::Late, status.breached.is_some());
        // An authority may state an instant before the clock even started.
        prop_assert_eq!(status.breached, status.due.filter(|due| *due < now).map(|due| due.max(start)));
        if let Some(due) = status.due {
            // The threshold of the whole is the due time, where time is what is counted.
            if matches!(rule, DueRule::Working { .. } | DueRule::Natural { .. }) {
                prop_assert_eq!(status.thresholds[1].at, Some(due));
            }
            prop_assert!(status.thresholds[0].at.unwrap() <= due.max(start));
            let just_then = evaluate(&entries, &calendars, due.max(now)).unwrap();
            prop_assert_eq!(just_then.due, Some(due), "waiting does not move a due time");
        }
        let why = explain(&entries, &calendars, now).unwrap();
        if let (DueRule::Working { allowed }, Some(_)) = (&rule, status.due) {
            prop_assert_eq!(why.days.iter().map(|day| day.counted).sum::<Millis>(), *allowed);
        }
        if let (DueRule::WorkingDays { days, .. } | DueRule::CalendarDays { days, .. }, Some(_)) = (&rule, status.due) {
            let ordinals: Vec<u32> = why.days.iter().filter_map(|day| day.ordinal).collect();
            prop_assert_eq!(ordinals, (1..=*days).collect::<Vec<_>>());
        }
        // Stopping tells the same story.
        entries.push(Entry::Stop { at: now, outcome: Outcome::Met });
        let stopped = evaluate(&entries, &calendars, now).unwrap();
        prop_assert_eq!(stopped.used, status.used);
        prop_assert_eq!(stopped.state, if status.state == State::Late { State::Late } else { State::Met });
        prop_assert_eq!(stopped.next_instant(start), None);
    }
}

fn rule() -> impl Strategy<Value = DueRule> {
    let end = prop_oneof![Just(DayEnd::Midnight), Just(DayEnd::Close)];
    prop_oneof![
        4 => length().prop_map(|allowed| DueRule::Working { allowed }),
        2 => length().prop_map(|allowed| DueRule::Natural { allowed }),
        2 => (1..9u32, end.clone()).prop_map(|(days, end)| DueRule::WorkingDays { days, end }),
        2 => (1..9u32, any::<bool>(), end).prop_map(|(days, roll, end)| DueRule::CalendarDays { days, roll, end }),
        1 => instant().prop_map(|at| DueRule::Fixed { at }),
    ]
}
