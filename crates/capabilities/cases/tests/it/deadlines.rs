use cases::app::{self, Swept};
use cases::domain::*;
use db::Db;

use crate::shop::*;

fn verbs(timeline: &app::Timeline) -> Vec<&str> {
    timeline.items.iter().map(|item| item.verb.as_str()).collect()
}

#[testkit::db_test]
async fn a_deadline_warns_once_and_is_missed_once(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    assert_eq!(app::sweep(&system).await.unwrap(), Swept::default());
    app.clock.advance(24 * MINUTE);
    assert_eq!(app::sweep(&system).await.unwrap(), Swept { warned: 1, ..Swept::default() });
    assert_eq!(app::sweep(&system).await.unwrap(), Swept::default());
    app.clock.advance(7 * MINUTE);
    assert_eq!(app::sweep(&system).await.unwrap(), Swept { missed: 1, ..Swept::default() });
    assert_eq!(app::sweep(&system).await.unwrap(), Swept::default());
    assert_eq!(app.metric("cases-deadlines-missed").await, Some(1));
    let clerk = app.ctx("clerk1").await;
    // Accepting it late counts nothing again.
    give(&clerk, taken.id, accept(&app, "clerk1")).await.unwrap();
    assert_eq!(app.metric("cases-deadlines-missed").await, Some(1));
    assert_eq!(app.metric("cases-deadlines-on-time").await, Some(0));
    let timeline = app::timeline(&clerk, taken.id, None, 10).await.unwrap();
    assert_eq!(verbs(&timeline), ["case.accepted", "case.deadline_missed", "case.deadline_near", "case.taken_in"]);
}

/// Between the due time and the next sweep somebody is faster: it is still late, and counted once.
#[testkit::db_test]
async fn late_is_late_also_when_no_sweep_has_seen_it(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    app.clock.advance(31 * MINUTE);
    let clerk = app.ctx("clerk1").await;
    give(&clerk, taken.id, accept(&app, "clerk1")).await.unwrap();
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    app::sweep(&system).await.unwrap();
    assert_eq!(app.metric("cases-deadlines-missed").await, Some(1));
    // Withdrawing does not make a missed deadline disappear.
    app.clock.advance(60 * MINUTE);
    give(&clerk, taken.id, Command::Cancel { reason: "不修了".into() }).await.unwrap();
    assert_eq!(app.metric("cases-deadlines-missed").await, Some(2));
}

#[testkit::db_test]
async fn met_deadlines_count_as_met(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    app.clock.advance(10 * MINUTE);
    let clerk = app.ctx("clerk1").await;
    give(&clerk, taken.id, accept(&app, "clerk1")).await.unwrap();
    app::post_message(&clerk, taken.id, Visibility::Public, "师傅下午到".into()).await.unwrap();
    assert_eq!(app.metric("cases-deadlines-on-time").await, Some(10_000));
    assert_eq!(app.metric("cases-first-answer-minutes").await, Some(10));
}

#[testkit::db_test]
async fn a_resolved_case_closes_after_seven_working_days_of_silence(db: Db) {
    let app = shop(db).await;
    let (taken, _) = proposed(&app).await;
    let (clerk, tech) = (app.ctx("clerk1").await, app.ctx("tech1").await);
    give(&clerk, taken.id, Command::Confirm { option: 0, proof: Proof::Counter }).await.unwrap();
    give(&tech, taken.id, solved()).await.unwrap();
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    app.clock.advance(7 * DAY);
    assert_eq!(app::sweep(&system).await.unwrap().closed, 0, "until the close of the seventh day");
    app.clock.advance(7 * HOUR);
    assert_eq!(app::sweep(&system).await.unwrap().closed, 1);
    let case = app::detail(&clerk, taken.id).await.unwrap().case;
    assert_eq!(case.state, State::Closed);
    assert_eq!(
        app.metric("cases-deadlines-missed").await.unwrap_or_default(),
        0,
        "the customer's silence is no missed deadline"
    );
}

#[testkit::db_test]
async fn a_wait_ends_by_itself(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.ctx("clerk1").await;
    give(&clerk, taken.id, accept(&app, "clerk1")).await.unwrap();
    let wait = Command::Wait {
        reason: WaitReason::Appointment,
        until: clerk.now().plus(DAY),
        owner: app.user("clerk1"),
        note: String::new(),
    };
    give(&clerk, taken.id, wait).await.unwrap();
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    assert_eq!(app::wake(&system).await.unwrap(), 0);
    app.clock.advance(DAY);
    assert_eq!(app::wake(&system).await.unwrap(), 1);
    let detail = app::detail(&clerk, taken.id).await.unwrap();
    assert_eq!(detail.case.state.name(), StateName::Accepted);
    assert!(detail.clocks.iter().all(|clock| !clock.is_paused));
    assert_eq!(app::wake(&system).await.unwrap(), 0);
}

/// The jobs themselves, as the runner calls them.
#[testkit::db_test]
async fn the_jobs_do_it(db: Db) {
    let app = shop(db).await;
    taken(&app).await;
    app.clock.advance(2 * HOUR);
    app.run_jobs().await;
    assert_eq!(app.metric("cases-deadlines-missed").await, Some(2));
}

#[testkit::db_test]
async fn a_due_time_can_be_explained(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.ctx("clerk1").await;
    let clock = app::detail(&clerk, taken.id).await.unwrap().clocks[0].id;
    let explained = app::explain(&clerk, taken.id, clock).await.unwrap();
    assert!(!calendar::lines(&explained).is_empty());
    let other = crate::shop::taken(&app).await;
    assert!(app::explain(&clerk, other.id, clock).await.is_err(), "a clock is shown with its own case only");
}

/// A clock that runs while the store's hours change goes on with what is left, on the new hours, and its case shows it.
#[testkit::db_test]
async fn running_deadlines_follow_the_calendar(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.ctx("clerk1").await;
    let due = async || app::detail(&clerk, taken.id).await.unwrap().case.due.unwrap().at;
    let before = due().await;
    let close = async |hours: &'static str| {
        let input = (app.unit("S1"), app.house.ids.clone(), app.clock.now().day(&app.house.zone), hours);
        app.house
            .db
            .write(input, |tx, (store, ids, day, hours)| {
                Box::pin(async move {
                    let special = calendar::worktime::Override { hours: hours.parse().unwrap(), note: None };
                    calendar::set_override(tx, ids, calendar::Scope::Unit(*store), *day, &special).await
                })
            })
            .await
            .unwrap();
    };
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    assert_eq!(app::follow_calendars(&system).await.unwrap(), 0);
    app.clock.advance(10 * MINUTE);
    close("closed").await;
    assert!(app::follow_calendars(&system).await.unwrap() > 0);
    // Ten of thirty minutes are used; the rest is tomorrow's, from nine o'clock on: 15:02 becomes 09:20.
    assert_eq!(due().await.since(before), (18 * 60 + 18) * MINUTE);
    let timeline = app::timeline(&clerk, taken.id, None, 10).await.unwrap();
    assert_eq!(verbs(&timeline).first(), Some(&"case.deadline_moved"));
    // Nothing more to follow.
    assert_eq!(app::follow_calendars(&system).await.unwrap(), 0);
}
