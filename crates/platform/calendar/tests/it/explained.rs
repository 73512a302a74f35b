use calendar::worktime::{DayEnd, DueRule, Millis, Policy};
use calendar::{Basis, Change, Entered, Explained, NewClock, Scope, lines};
use db::{Db, Tx};
use kernel::{Fault, Zone};
use testkit::db_test;
use web::{Lang, Locale};

use crate::{STORE, china, entered, hours, record, started, story};

/// All lines in both languages.
fn said(explained: &Explained) -> String {
    let now = china("2026-11-22 14:32");
    let mut text = String::new();
    for locale in Locale::ALL {
        let lang = Lang::new(locale, Zone::china(), now);
        for line in lines(explained) {
            let words = line
                .say(&lang, &|code| (code == "customer" && locale == Locale::ZhCn).then(|| "等顾客回复".to_owned()));
            text.push_str(&format!("{:<8} {words}\n", format!("{:?}", line.role)));
        }
    }
    text
}

async fn explained(tx: &mut Tx, clock: &calendar::Clock, at: &str) -> Result<Explained, Fault> {
    calendar::explain(tx, clock.id, china(at)).await
}

#[db_test]
async fn over_the_spring_festival_with_a_pause(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let clock = started(tx, ids, Basis::Named("office"), "2026-02-13 16:00", 12).await;
            calendar::pause(tx, &entered("2026-02-14 14:30"), clock.id, china("2026-02-14 10:00"), "customer").await?;
            calendar::resume(tx, &entered("2026-02-24 09:30"), clock.id, china("2026-02-24 09:30")).await?;
            insta::assert_snapshot!("spring_festival", said(&explained(tx, &clock, "2026-02-24 10:00").await?));
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn a_change_of_everything(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let clock = started(tx, ids, Basis::Store, "2026-11-20 20:00", 8).await;
            let at = "2026-11-20 20:30";
            let faster = Change { policy: Some(hours(4)), store: None, reason: "priority" };
            calendar::change(tx, &entered(at), clock.id, china(at), &faster).await?;
            let short =
                calendar::worktime::Override { hours: "14:00-16:00".parse().unwrap(), note: Some("盘点".to_owned()) };
            calendar::set_override(tx, ids, Scope::Unit(STORE), "2026-11-21".parse().unwrap(), &short).await?;
            calendar::follow_calendars(tx, &entered("2026-11-20 20:45"), None, 10).await?;
            insta::assert_snapshot!("changes", said(&explained(tx, &clock, "2026-11-22 12:00").await?));
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn a_pause_that_goes_on(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let clock = started(tx, ids, Basis::Store, "2026-11-21 20:00", 8).await;
            calendar::pause(tx, &entered("2026-11-21 20:20"), clock.id, china("2026-11-21 20:20"), "等发票").await?;
            insta::assert_snapshot!("paused", said(&explained(tx, &clock, "2026-11-22 12:00").await?));
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn days_hours_and_a_stated_time(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let at = china("2026-12-28 10:00");
            let mut text = String::new();
            for rule in [
                DueRule::WorkingDays { days: 5, end: DayEnd::Close },
                DueRule::CalendarDays { days: 5, roll: true, end: DayEnd::Midnight },
                DueRule::Natural { allowed: Millis::hours(48) },
                DueRule::Fixed { at: china("2027-01-05 17:00").to_jiff() },
            ] {
                let policy = Policy { rule, ..hours(1) };
                let new = NewClock {
                    record: &record(),
                    stage: "reply",
                    store: STORE,
                    basis: Basis::Named("office"),
                    policy,
                    at,
                };
                let clock = calendar::start(tx, ids, &Entered { by: None, at }, &[new]).await?.remove(0);
                text.push_str(&said(&calendar::explain(tx, clock.id, at).await?));
                text.push('\n');
            }
            insta::assert_snapshot!("rules", text);
            Ok(())
        })
    })
    .await;
}

#[test]
fn both_languages_have_every_text() {
    let keys = |text: &'static str| -> Vec<&str> {
        text.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key).collect()
    };
    let chinese = keys(include_str!("../../../../../locales/zh-CN/calendar.ftl"));
    assert_eq!(chinese, keys(include_str!("../../../../../locales/en/calendar.ftl")));
    let table = calendar::worktime::Holidays::china().unwrap();
    for (_, what) in table.iter() {
        if let calendar::worktime::Declared::Off(code) = what {
            assert!(chinese.contains(&format!("calendar-holiday-{code}").as_str()), "{code}");
        }
    }
}
