//! Slips, promises, drafts.

use cases::app::{self, Intake, Kept};
use cases::domain::*;
use db::Db;
use kernel::{Day, Fault, FaultKind, Id};

use crate::shop::*;

fn code(fault: &Fault, field: &str) -> Option<&'static str> {
    fault.fields().of(field).map(|error| error.code)
}

#[testkit::db_test]
async fn a_store_enters_each_slip_once(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let slip = || Intake { slip: Some(" HZ-0042 ".into()), receipt: Some("R-77".into()), ..washer(&app) };
    let first = app::take_in(&clerk, slip()).await.unwrap();
    let fault = app::take_in(&clerk, slip()).await.unwrap_err();
    assert_eq!(code(&fault, "slip"), Some("cases-slip-taken"));
    assert_eq!(fault.fields().of("slip").unwrap().args, [("number", first.number.clone())]);
    assert_eq!(app::of_slip(&clerk, app.unit("S1"), "HZ-0042").await.unwrap().map(|found| found.0), Some(first.id));
    assert_eq!(app::of_slip(&app.ctx("clerk2").await, app.unit("S1"), "HZ-0042").await.unwrap(), None);
    // Two at once: one is refused, none is lost.
    let both = || Intake { slip: Some("HZ-0043".into()), ..washer(&app) };
    let (one, two) = tokio::join!(app::take_in(&clerk, both()), app::take_in(&clerk, both()));
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1);
    let refused = [one.err(), two.err()].into_iter().flatten().next().unwrap();
    assert_eq!(code(&refused, "slip"), Some("cases-slip-taken"));
    // Another store prints the same numbers.
    let other = Intake { store: app.unit("S2"), ..slip() };
    app::take_in(&app.ctx("clerk2").await, other).await.unwrap();
    for word in ["HZ-0042", "R-77"] {
        let filter = app::Filter { text: Some(word.into()), ..app::Filter::default() };
        let found = app::list(&clerk, filter, app::Order::Newest, None, 10).await.unwrap();
        assert_eq!(found.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [first.id], "{word}");
    }
}

#[testkit::db_test]
async fn what_was_promised_is_timed(db: Db) {
    let app = shop(db).await;
    let (clerk, tech) = (app.ctx("clerk1").await, app.ctx("tech1").await);
    let day: Day = "2026-11-24".parse().unwrap();
    let call = clerk.now().plus(20 * MINUTE);
    let promise =
        |owner| Intake { promised_call: Some(call), promised_ready: Some(day), owner: Some(owner), ..washer(&app) };
    let taken = app::take_in(&clerk, promise(app.user("tech1"))).await.unwrap();
    assert_eq!(taken.due.map(|due| (due.stage, due.at)), Some((Stage::PromisedCall, call)), "the call comes first");
    let clock = |detail: &app::Detail, stage| detail.clocks.iter().find(|one| one.stage == stage).cloned().unwrap();
    let detail = app::detail(&clerk, taken.id).await.unwrap();
    let ready = clock(&detail, Stage::PromisedReady);
    assert_eq!(ready.due_at.map(|at| at.to_string()), Some("2026-11-24T15:59:59.999Z".into()));
    assert_eq!((detail.extras.promised_call, detail.extras.promised_ready), (Some(call), Some(day)));
    // An answer keeps the promise of a call; the other goes on.
    app::post_message(&tech, taken.id, Visibility::Internal, "查配件".into()).await.unwrap();
    assert!(clock(&app::detail(&clerk, taken.id).await.unwrap(), Stage::PromisedCall).stopped_at.is_none());
    app::post_message(&tech, taken.id, Visibility::Public, "配件有货".into()).await.unwrap();
    let detail = app::detail(&clerk, taken.id).await.unwrap();
    assert!(clock(&detail, Stage::PromisedCall).stopped_at.is_some());
    assert!(clock(&detail, Stage::PromisedReady).stopped_at.is_none());
    app::explain(&clerk, taken.id, ready.id).await.unwrap();
    // Broken promises are counted like other deadlines.
    app.clock.advance(3 * DAY);
    app::sweep(&capability::Ctx::system(std::sync::Arc::clone(&app.house), "sweep")).await.unwrap();
    assert!(app.metric("cases-deadlines-missed").await.unwrap() > 0);
}

#[testkit::db_test]
async fn nothing_is_promised_for_the_past(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let wrong = Intake {
        promised_call: Some(clerk.now().plus(-MINUTE)),
        promised_ready: Some("2029-01-01".parse().unwrap()),
        slip: Some("x".repeat(41)),
        receipt: Some("a\0b".into()),
        category: Some("spaceship".into()),
        ..washer(&app)
    };
    let fault = app::take_in(&clerk, wrong).await.unwrap_err();
    let expected = [
        ("promised_call", "cases-promise-past"),
        ("promised_ready", "cases-promise-far"),
        ("slip", "too-long"),
        ("receipt", "nul"),
        ("category", "unknown"),
    ];
    for (field, why) in expected {
        assert_eq!(code(&fault, field), Some(why), "{field}");
    }
    // A slip that is entered late may hold a promise that is over: it shows as missed, and is taken.
    let came = clerk.now().plus(-5 * HOUR);
    let late = Intake { happened_at: Some(came), promised_call: Some(came.plus(HOUR)), ..washer(&app) };
    app::take_in(&clerk, late).await.unwrap();
}

#[testkit::db_test]
async fn a_draft_is_its_writers_and_is_sent_once(db: Db) {
    let app = shop(db).await;
    let (clerk, boss) = (app.ctx("clerk1").await, app.ctx("boss1").await);
    let kept = |title: &str| Kept { id: Id::new(900_001), title: title.into(), fields: "subject=%E6%B4%97".into() };
    assert!(app::keep_draft(&clerk, kept("洗衣机")).await.unwrap().is_some());
    assert!(app::keep_draft(&clerk, kept("洗衣机不脱水")).await.unwrap().is_some());
    let mine = app::drafts(&clerk).await.unwrap();
    assert_eq!(mine.iter().map(|draft| draft.title.as_str()).collect::<Vec<_>>(), ["洗衣机不脱水"]);
    // Nobody else reads it, changes it or throws it away, not even the manager.
    assert!(app::drafts(&boss).await.unwrap().is_empty());
    assert_eq!(app::draft(&boss, Id::new(900_001)).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(app::keep_draft(&boss, kept("别人的")).await.unwrap(), None);
    assert_eq!(app::discard_draft(&boss, Id::new(900_001)).await.unwrap_err().kind(), FaultKind::NotFound);
    let send = || Intake { draft: Some(Id::new(900_001)), ..washer(&app) };
    let first = app::take_in(&clerk, send()).await.unwrap();
    let again = app::take_in(&clerk, Intake { subject: "别的".into(), ..send() }).await.unwrap();
    assert_eq!((again.id, again.existed), (first.id, true), "sent twice, taken in once");
    let sent = app::draft(&clerk, Id::new(900_001)).await.unwrap();
    assert_eq!((sent.sent, sent.fields.as_str(), sent.title.as_str()), (Some(first.id), "", ""));
    assert!(app::drafts(&clerk).await.unwrap().is_empty());
    assert_eq!(app::keep_draft(&clerk, kept("太晚")).await.unwrap(), None, "a late save brings nothing back");
    let large = Kept { fields: "x".repeat(400_001), ..kept("大") };
    assert_eq!(code(&app::keep_draft(&clerk, large).await.unwrap_err(), "body"), Some("cases-draft-large"));
    let nul = Kept { fields: "a=%00".into(), ..kept("坏") };
    assert_eq!(code(&app::keep_draft(&clerk, nul).await.unwrap_err(), "body"), Some("nul"));
}

#[testkit::db_test]
async fn forgotten_drafts_go_after_a_month(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    for n in 0..50 {
        let kept = Kept { id: Id::new(1_000 + n), title: format!("{n}"), fields: "subject=x".into() };
        app::keep_draft(&clerk, kept).await.unwrap();
    }
    let more = Kept { id: Id::new(2_000), title: "51".into(), fields: "subject=x".into() };
    assert_eq!(app::keep_draft(&clerk, more).await.unwrap_err().code(), "cases-drafts-full");
    app.clock.advance(29 * DAY);
    let touched = Kept { id: Id::new(1_000), title: "kept".into(), fields: "subject=x".into() };
    app::keep_draft(&clerk, touched).await.unwrap();
    app.clock.advance(2 * DAY);
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "drafts");
    assert_eq!(app::forget_drafts(&system).await.unwrap(), 49);
    assert_eq!(app::drafts(&clerk).await.unwrap().len(), 1);
}
