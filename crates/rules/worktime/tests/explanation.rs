//! What an explanation looks like as data.
#![cfg(test)]

use std::sync::Arc;

use jiff::Timestamp;
use worktime::{
    BasisPoints, Calendar, CalendarRef, Calendars, DueRule, Entry, Holidays, Millis, Override, Policy, explain,
};

fn china(text: &str) -> Timestamp {
    format!("{}:00+08:00", text.replace(' ', "T")).parse().expect(text)
}

#[test]
fn an_explanation_is_data() {
    let reference = CalendarRef { code: "office".to_owned(), version: 1 };
    let pattern = "mon-fri 09:00-12:00,13:30-18:00".parse().expect("pattern");
    let stock_taking = Override { hours: "14:00-18:00".parse().expect("hours"), note: Some("盘点".to_owned()) };
    let holidays = Holidays::china().expect("shipped");
    let office = Calendar::new(reference.clone(), "Asia/Shanghai", pattern, Some(Arc::new(holidays)))
        .expect("calendar")
        .with_overrides([(jiff::civil::date(2026, 12, 30), stock_taking)]);
    let calendars: Calendars = [office].into_iter().collect();
    let policy = |version, hours| Policy {
        code: "solution".to_owned(),
        version,
        rule: DueRule::Working { allowed: Millis::hours(hours) },
        warn_at: vec![BasisPoints(7_500)],
    };
    let ledger = [
        Entry::Start { at: china("2026-12-29 16:00"), policy: policy(1, 16), calendar: reference },
        Entry::Pause { at: china("2026-12-30 15:00"), reason: "customer".to_owned() },
        Entry::Resume { at: china("2026-12-31 10:00") },
        Entry::Change {
            at: china("2026-12-31 11:00"),
            policy: Some(policy(2, 12)),
            calendar: None,
            reason: "priority".to_owned(),
        },
    ];
    let explanation = explain(&ledger, &calendars, china("2026-12-31 11:00")).expect("ledger");
    insta::assert_json_snapshot!(explanation);
}
