use kernel::{Day, Timestamp};

use crate::domain::*;

fn row(kind: Option<Kind>, priority: Option<Priority>, amount: i64, from: i64, version: i64) -> PolicyRow {
    PolicyRow {
        kind,
        priority,
        stage: Stage::Plan,
        deadline: Deadline { amount, unit: Unit::Working, warn_share: WARN_SHARE, version },
        effective_from: Timestamp::from_millis(from),
        withdrawn: false,
    }
}

#[test]
fn the_row_that_fits_best_counts_and_then_the_newest_in_force() {
    let policy = Policy::new(vec![
        row(None, None, 100, 0, 1),
        row(None, Some(Priority::Urgent), 10, 0, 1),
        row(Some(Kind::Complaint), None, 50, 0, 1),
        row(Some(Kind::Complaint), None, 40, 1_000, 2),
    ]);
    let minutes = |kind, priority, at| {
        policy.deadline(kind, priority, Stage::Plan, Timestamp::from_millis(at)).map(|deadline| deadline.amount)
    };
    assert_eq!(minutes(Kind::Repair, Priority::Normal, 0), Some(100));
    assert_eq!(minutes(Kind::Repair, Priority::Urgent, 0), Some(10));
    assert_eq!(minutes(Kind::Complaint, Priority::Urgent, 999), Some(50));
    assert_eq!(minutes(Kind::Complaint, Priority::Low, 1_000), Some(40));
    assert_eq!(minutes(Kind::Repair, Priority::Normal, -1), None);
}

#[test]
fn a_withdrawn_row_gives_way_to_the_more_general_one() {
    let gone = PolicyRow { withdrawn: true, ..row(Some(Kind::Complaint), None, 50, 1_000, 2) };
    let policy = Policy::new(vec![row(None, None, 100, 0, 1), row(Some(Kind::Complaint), None, 50, 0, 1), gone]);
    let minutes = |at| {
        policy
            .deadline(Kind::Complaint, Priority::Low, Stage::Plan, Timestamp::from_millis(at))
            .map(|deadline| deadline.amount)
    };
    assert_eq!((minutes(999), minutes(1_000)), (Some(50), Some(100)));
}

#[test]
fn limits_count_from_their_day_on() {
    let limit = |amount, from, version| LimitRow {
        limit: Limit::ReopenDays,
        amount,
        effective_from: Timestamp::from_millis(from),
        version,
    };
    let policy = Policy::default().with_limits(vec![limit(30, 2_000, 3), limit(20, 1_000, 2), limit(25, 1_000, 4)]);
    let days = |at| policy.limits(Timestamp::from_millis(at)).reopen_days;
    assert_eq!([days(0), days(1_000), days(2_000)], [Limits::default().reopen_days, 25, 30]);
    for limit in Limit::ALL {
        assert!(limit.range().contains(&limit.of(&Limits::default())), "{limit}");
    }
}

#[test]
fn half_the_time_is_rounded_up() {
    let deadline = Deadline { amount: 15, unit: Unit::Working, warn_share: WARN_SHARE, version: 1 };
    assert_eq!(deadline.share(Share::Half).amount, 8);
    assert_eq!(deadline.share(Share::Full), deadline);
}

#[test]
fn numbers_read_like_those_on_the_slip() {
    let day = Day::new(2026, 11, 18).unwrap();
    assert_eq!(Number::new(Kind::Repair.prefix(), day, 9).to_string(), "FW20261118-0009");
    assert_eq!(Number::new(Kind::Return.prefix(), day, 12_345).to_string(), "TH20261118-12345");
}
