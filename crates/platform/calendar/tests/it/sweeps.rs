use calendar::worktime::{Declared, Override, Warning};
use calendar::{Basis, Change, Crossing, Scope};
use db::{Db, Tx};
use jiff::civil::date;
use kernel::Fault;
use testkit::db_test;

use crate::{OTHER, STORE, china, entered, hours, started, story, wall};

/// What a sweep finds.
async fn swept(tx: &mut Tx, at: &str) -> Result<Vec<Crossing>, Fault> {
    Ok(calendar::sweep(tx, china(at), 10).await?.into_iter().map(|crossed| crossed.what).collect())
}

#[db_test]
async fn each_crossing_is_told_once(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let clock = started(tx, ids, Basis::Store, "2026-11-20 17:00", 2).await;
            assert_eq!(swept(tx, "2026-11-20 18:29").await?, []);
            assert_eq!(swept(tx, "2026-11-20 18:30").await?, [Crossing::Warned]);
            assert_eq!(swept(tx, "2026-11-20 19:00").await?, [], "exactly when it is due it is not late");
            let crossed = calendar::sweep(tx, china("2026-11-20 19:00").plus(1), 10).await?;
            assert_eq!(crossed.len(), 1);
            assert_eq!(
                (crossed[0].what, wall(crossed[0].clock.breached_at)),
                (Crossing::Breached, "2026-11-20 19:00".to_owned())
            );
            assert_eq!(calendar::get(tx, clock.id).await?.as_ref(), Some(&crossed[0].clock));
            assert_eq!(swept(tx, "2026-11-21 19:00").await?, []);

            // More time: what comes true again is told again.
            let at = "2026-11-20 20:00";
            let slower = Change { policy: Some(hours(6)), store: None, reason: "priority" };
            let later = calendar::change(tx, &entered(at), clock.id, china(at), &slower).await?;
            assert_eq!(wall(later.due_at), "2026-11-21 11:00");
            assert_eq!(wall(later.breached_at), "2026-11-20 19:00", "the breach stays on record");
            assert_eq!(swept(tx, "2026-11-21 09:30").await?, [Crossing::Warned]);
            assert_eq!(swept(tx, "2026-11-21 12:00").await?, [Crossing::Breached]);
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn nobody_looked_for_a_day(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            for _ in 0..3 {
                started(tx, ids, Basis::Store, "2026-11-20 17:00", 2).await;
            }
            let late = china("2026-11-21 17:00");
            assert_eq!(calendar::sweep(tx, late, 2).await?.len(), 2, "no more than asked for");
            assert_eq!(swept(tx, "2026-11-21 17:00").await?, [Crossing::Breached], "told once, as breached");
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn a_pause_keeps_quiet(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let clock = started(tx, ids, Basis::Store, "2026-11-20 17:00", 2).await;
            assert_eq!(swept(tx, "2026-11-20 18:30").await?, [Crossing::Warned]);
            let at = "2026-11-20 18:45";
            calendar::pause(tx, &entered(at), clock.id, china(at), "customer").await?;
            assert_eq!(swept(tx, "2026-11-22 18:45").await?, []);
            let at = "2026-11-22 18:45";
            let clock = calendar::resume(tx, &entered(at), clock.id, china(at)).await?;
            assert_eq!(wall(clock.due_at), "2026-11-22 19:00");
            assert_eq!(swept(tx, "2026-11-22 18:50").await?, [], "the warning was told before");
            assert_eq!(swept(tx, "2026-11-22 19:30").await?, [Crossing::Breached]);
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn what_is_entered_late_is_late(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            // A slip from the morning, typed in the evening.
            let new = calendar::NewClock {
                record: &crate::record(),
                stage: "reply",
                store: STORE,
                basis: Basis::Store,
                policy: hours(2),
                at: china("2026-11-20 09:00"),
            };
            let clock = calendar::start(tx, ids, &entered("2026-11-20 19:00"), &[new]).await?.remove(0);
            assert_eq!(
                (wall(clock.due_at), wall(clock.breached_at)),
                ("2026-11-20 11:00".to_owned(), "2026-11-20 11:00".to_owned())
            );
            assert!(clock.is_late(china("2026-11-20 19:00")));
            assert_eq!(swept(tx, "2026-11-20 19:00").await?, [Crossing::Breached]);
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn clocks_follow_their_calendar(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let mine = started(tx, ids, Basis::Store, "2026-11-20 17:00", 8).await;
            let law = started(tx, ids, Basis::Named("office"), "2026-12-31 17:00", 2).await;
            assert_eq!(
                (wall(mine.due_at), wall(law.due_at)),
                ("2026-11-21 13:00".to_owned(), "2027-01-01 10:00".to_owned())
            );
            let warned = calendar::status(tx, law.id, china("2026-12-31 17:00")).await?.warnings;
            assert!(matches!(warned[..], [Warning::UnknownYear { year: 2027, .. }]));

            let now = entered("2026-11-20 18:00");
            let nothing = calendar::follow_calendars(tx, &now, None, 10).await?;
            assert_eq!((nothing.changed, nothing.next), (vec![], None));

            // The store is closed tomorrow.
            let closed = Override { hours: "closed".parse().unwrap(), note: Some("停电".to_owned()) };
            let tomorrow = "2026-11-21".parse().unwrap();
            calendar::set_override(tx, ids, Scope::Unit(OTHER), tomorrow, &closed).await?;
            assert_eq!(calendar::follow_calendars(tx, &now, None, 10).await?.changed, [], "another store's day");
            calendar::set_override(tx, ids, Scope::Unit(STORE), tomorrow, &closed).await?;
            let followed = calendar::follow_calendars(tx, &now, None, 1).await?;
            assert_eq!((followed.changed.len(), wall(followed.changed[0].due_at)), (1, "2026-11-22 13:00".to_owned()));
            assert_eq!(followed.next, Some(mine.id), "more may come");
            assert_eq!(calendar::follow_calendars(tx, &now, followed.next, 10).await?.changed, []);
            // What was true before the edit is still known.
            let then = calendar::explain(tx, mine.id, now.at).await?;
            assert_eq!(then.explanation.changes.len(), 1);
            assert_eq!(then.explanation.changes[0].used_before, calendar::worktime::Millis::HOUR);

            // The holidays of next year come out.
            calendar::declare_year(tx, ids, 2027, &[(date(2027, 1, 1), Declared::Off("new-year".to_owned()))]).await?;
            let now = entered("2026-12-31 17:30");
            let followed = calendar::follow_calendars(tx, &now, None, 10).await?;
            assert_eq!(
                followed.changed.iter().map(|clock| wall(clock.due_at)).collect::<Vec<_>>(),
                ["2027-01-04 10:00"]
            );
            assert_eq!(calendar::status(tx, law.id, now.at).await?.warnings, []);
            Ok(())
        })
    })
    .await;
}
