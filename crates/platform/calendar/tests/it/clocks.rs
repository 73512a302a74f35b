use calendar::worktime::{DayEnd, DueRule, Entry, Millis, Outcome, Policy, State};
use calendar::{Basis, Change, Ending, Entered, NewClock, Scope, Standing};
use db::Db;
use kernel::{Fault, FaultKind, Id, RecordRef};
use testkit::db_test;

use crate::{OTHER, STORE, china, entered, hours, prepared, record, started, story, wall};

#[db_test]
async fn a_clock_runs_stands_still_runs_and_ends(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            // Friday evening; the office has no weekend.
            let clock = started(tx, ids, Basis::Named("office"), "2026-11-20 17:00", 8).await;
            assert_eq!((clock.state, wall(clock.due_at)), (Standing::Running, "2026-11-23 17:30".to_owned()));
            assert_eq!(wall(clock.warn_at), "2026-11-23 15:30");

            let at = "2026-11-23 10:00";
            let clock = calendar::pause(tx, &entered(at), clock.id, china(at), "customer").await?;
            assert_eq!((clock.state, clock.due_at, clock.warn_at, clock.next_at), (Standing::Paused, None, None, None));
            assert_eq!((wall(clock.paused_at), clock.pause_reason.as_deref()), (at.to_owned(), Some("customer")));

            let at = "2026-11-24 10:00";
            let clock = calendar::resume(tx, &entered(at), clock.id, china(at)).await?;
            assert_eq!((clock.state, wall(clock.due_at)), (Standing::Running, "2026-11-24 17:30".to_owned()));
            assert_eq!((clock.paused_at, clock.pause_reason.clone()), (None, None));

            let at = "2026-11-24 17:30";
            let clock = calendar::stop(tx, &entered(at), clock.id, china(at), Outcome::Met).await?;
            assert_eq!((clock.state, clock.outcome, clock.next_at), (Standing::Stopped, Some(Ending::Met), None));
            assert_eq!((clock.entries, clock.version, clock.is_open()), (4, 4, false));

            assert_eq!(calendar::get(tx, clock.id).await?, Some(clock.clone()));
            let alone = std::slice::from_ref(&clock);
            assert_eq!(calendar::of_record(tx, &record()).await?, alone);
            assert_eq!(calendar::of_records(tx, "case", &[7, 8]).await?, alone);
            assert!(calendar::of_records(tx, "case", &[]).await?.is_empty());
            let status = calendar::status(tx, clock.id, china("2026-11-25 09:00")).await?;
            assert_eq!((status.state, status.remaining), (State::Met, Millis::ZERO));
            // The past can be asked for.
            let status = calendar::status(tx, clock.id, china("2026-11-23 12:00")).await;
            assert_eq!(status?.state, State::Met, "the ledger up to its last entry");
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn an_end_is_met_late_or_cancelled(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            for (at, outcome, ending) in [
                ("2026-11-20 18:00", Outcome::Met, Ending::Met),
                ("2026-11-20 18:01", Outcome::Met, Ending::Late),
                ("2026-11-20 20:00", Outcome::Cancelled, Ending::Cancelled),
            ] {
                let clock = started(tx, ids, Basis::Store, "2026-11-20 17:00", 1).await;
                let clock = calendar::stop(tx, &entered(at), clock.id, china(at), outcome).await?;
                assert_eq!(clock.outcome, Some(ending), "{at}");
                assert_eq!(clock.breached_at.is_some(), at > "2026-11-20 18:00");
            }
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn every_rule_is_kept_as_it_was_given(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let at = china("2026-11-20 17:00");
            for (rule, due) in [
                (DueRule::Working { allowed: Millis::minutes(90) }, "2026-11-20 18:30"),
                (DueRule::Natural { allowed: Millis::hours(24) }, "2026-11-21 17:00"),
                (DueRule::WorkingDays { days: 2, end: DayEnd::Close }, "2026-11-22 21:00"),
                (DueRule::WorkingDays { days: 2, end: DayEnd::Midnight }, "2026-11-23 00:00"),
                (DueRule::CalendarDays { days: 7, roll: true, end: DayEnd::Midnight }, "2026-11-28 00:00"),
                (DueRule::CalendarDays { days: 7, roll: false, end: DayEnd::Close }, "2026-11-27 21:00"),
                (DueRule::Fixed { at: china("2026-12-01 12:00").to_jiff() }, "2026-12-01 12:00"),
            ] {
                let policy = Policy { rule, ..hours(1) };
                let new = NewClock {
                    record: &record(),
                    stage: "reply",
                    store: STORE,
                    basis: Basis::Store,
                    policy: policy.clone(),
                    at,
                };
                let clock = calendar::start(tx, ids, &Entered { by: None, at }, &[new]).await?.remove(0);
                assert_eq!(wall(clock.due_at), due, "{policy:?}");
                assert_eq!(calendar::status(tx, clock.id, at).await?.policy, policy);
                assert_eq!(calendar::get(tx, clock.id).await?, Some(clock));
            }
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn priority_and_store_change_in_mid_clock(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let clock = started(tx, ids, Basis::Store, "2026-11-20 17:00", 8).await;
            assert_eq!(wall(clock.due_at), "2026-11-21 13:00");
            let at = "2026-11-20 18:00";
            let faster = Change { policy: Some(hours(2)), store: None, reason: "priority" };
            let clock = calendar::change(tx, &entered(at), clock.id, china(at), &faster).await?;
            assert_eq!((wall(clock.due_at), clock.amount), ("2026-11-20 19:00".to_owned(), 7_200_000));

            // Handed to a store that is closed until tomorrow noon.
            let closed = calendar::worktime::Override { hours: "closed".parse().unwrap(), note: None };
            calendar::set_override(tx, ids, Scope::Unit(OTHER), "2026-11-20".parse().unwrap(), &closed).await?;
            let at = "2026-11-20 18:30";
            let away = Change { policy: None, store: Some(OTHER), reason: "transfer" };
            let clock = calendar::change(tx, &entered(at), clock.id, china(at), &away).await?;
            assert_eq!((wall(clock.due_at), clock.store), ("2026-11-21 09:30".to_owned(), OTHER));
            let status = calendar::status(tx, clock.id, china(at)).await?;
            assert_eq!(status.used, Millis::minutes(90));

            // A named calendar does not depend on the store.
            let clock = started(tx, ids, Basis::Named("office"), "2026-11-20 17:00", 8).await;
            let moved = calendar::change(tx, &entered(at), clock.id, china(at), &away).await?;
            assert_eq!((moved.store, moved.due_at, moved.entries), (OTHER, clock.due_at, 1));
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn impossible_entries_are_refused(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let clock = started(tx, ids, Basis::Store, "2026-11-20 17:00", 8).await.id;
            let now = &entered("2026-11-20 18:00");
            let code = |outcome: Result<calendar::Clock, Fault>| outcome.unwrap_err().code();
            assert_eq!(code(calendar::resume(tx, now, clock, now.at).await), "calendar-clock-not-paused");
            assert_eq!(
                code(calendar::pause(tx, now, clock, china("2026-11-20 16:00"), "customer").await),
                "calendar-clock-order"
            );
            let nothing = Change { policy: None, store: None, reason: "none" };
            assert_eq!(code(calendar::change(tx, now, clock, now.at, &nothing).await), "calendar-clock-unchanged");
            calendar::pause(tx, now, clock, now.at, "customer").await?;
            assert_eq!(code(calendar::pause(tx, now, clock, now.at, "customer").await), "calendar-clock-paused");
            calendar::stop(tx, now, clock, now.at, Outcome::Cancelled).await?;
            assert_eq!(code(calendar::resume(tx, now, clock, now.at).await), "calendar-clock-stopped");
            let gone = calendar::resume(tx, now, Id::new(1), now.at).await;
            assert_eq!(gone.unwrap_err().kind(), FaultKind::NotFound);

            let new = |policy| NewClock {
                record: &RecordRef { kind: "case", id: 7 },
                stage: "reply",
                store: STORE,
                basis: Basis::Store,
                policy,
                at: now.at,
            };
            let refused = calendar::start(tx, ids, now, &[new(hours(-1))]).await.unwrap_err();
            assert_eq!(refused.code(), "calendar-allowance");
            let refused = calendar::start(tx, ids, now, &[new(hours(10_000_000))]).await.unwrap_err();
            assert_eq!(refused.code(), "calendar-too-far");
            let never = calendar::NewCalendar {
                code: "never".to_owned(),
                name: "关店".to_owned(),
                zone: "Asia/Shanghai".to_owned(),
                holidays: false,
                fallback: false,
                pattern: "closed".parse().unwrap(),
            };
            let never = calendar::create(tx, ids, &never).await?;
            calendar::assign(tx, ids, STORE, never).await?;
            let refused = calendar::start(tx, ids, now, &[new(hours(1))]).await.unwrap_err();
            assert_eq!(refused.code(), "calendar-never-works");
            assert_eq!(calendar::of_record(tx, &record()).await?.len(), 1);
            Ok(())
        })
    })
    .await;
}

/// A story that is written at once is the story that was written step by step.
#[db_test]
async fn a_known_story_is_replayed(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let mut stepwise = started(tx, ids, Basis::Store, "2026-11-20 17:00", 8).await;
            let slower = Change { policy: Some(hours(9)), store: None, reason: "priority" };
            let at = |text: &str| (entered(text), china(text));
            let (now, when) = at("2026-11-20 18:00");
            calendar::pause(tx, &now, stepwise.id, when, "customer").await?;
            let (now, when) = at("2026-11-20 19:00");
            calendar::resume(tx, &now, stepwise.id, when).await?;
            let (now, when) = at("2026-11-20 20:00");
            calendar::change(tx, &now, stepwise.id, when, &slower).await?;
            let (now, when) = at("2026-11-22 20:00");
            stepwise = calendar::stop(tx, &now, stepwise.id, when, Outcome::Met).await?;
            assert_eq!(stepwise.outcome, Some(Ending::Late));

            let jiff = |text: &str| china(text).to_jiff();
            let tale = vec![
                Entry::Pause { at: jiff("2026-11-20 18:00"), reason: "customer".to_owned() },
                Entry::Resume { at: jiff("2026-11-20 19:00") },
                Entry::Change {
                    at: jiff("2026-11-20 20:00"),
                    policy: Some(hours(9)),
                    calendar: None,
                    reason: "priority".to_owned(),
                },
                Entry::Stop { at: jiff("2026-11-22 20:00"), outcome: Outcome::Met },
            ];
            let new = NewClock {
                record: &record(),
                stage: "solution",
                store: STORE,
                basis: Basis::Store,
                policy: hours(8),
                at: china("2026-11-20 17:00"),
            };
            let replayed =
                calendar::replay(tx, ids, None, china("2026-11-22 20:00"), &[(new.clone(), tale), (new, vec![])])
                    .await?;
            let mut same = stepwise.clone();
            (same.id, same.version) = (replayed[0].id, 1);
            assert_eq!(replayed[0], same);
            assert_eq!(
                calendar::of_record(tx, &record()).await?,
                [stepwise.clone(), replayed[0].clone(), replayed[1].clone()]
            );
            let now = china("2026-11-30 12:00");
            let (one, other) =
                (calendar::explain(tx, stepwise.id, now).await?, calendar::explain(tx, same.id, now).await?);
            assert_eq!((one.explanation, one.entered), (other.explanation, other.entered));
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn of_two_who_act_at_once_one_is_refused(db: Db) {
    prepared(&db).await;
    let ids = testkit::ids(&testkit::clock());
    let clock = db
        .write(ids, |tx, ids| {
            Box::pin(async move { Ok::<_, Fault>(started(tx, ids, Basis::Store, "2026-11-20 17:00", 8).await.id) })
        })
        .await
        .unwrap();
    let pause = || {
        db.write(clock, |tx, clock| {
            Box::pin(async move {
                let now = entered("2026-11-20 18:00");
                calendar::pause(tx, &now, *clock, now.at, "customer").await
            })
        })
    };
    let (first, second) = futures_util::future::join(pause(), pause()).await;
    let refused = match (first, second) {
        (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
        both => panic!("{both:?}"),
    };
    assert!(matches!(refused.kind(), FaultKind::Refused | FaultKind::Stale), "{refused:?}");
    let clock = db.read(clock, |tx, clock| Box::pin(async move { calendar::get(tx, *clock).await })).await.unwrap();
    assert_eq!(clock.map(|clock| (clock.state, clock.entries)), Some((Standing::Paused, 2)));
}
