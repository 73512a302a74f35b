use db::Db;
use kernel::FaultKind;
use surveys::app::{Given, Rating, answer, counts, list, opened, recover};
use surveys::domain::{Recovery, Solved};
use surveys::store::{Filter, Show};

use crate::shop::{HOUR, closed, shop, token, zhou};

fn tap(csat: i64) -> Given {
    Given { csat: Some(csat), rest: None }
}

fn show(show: Show) -> Filter {
    Filter { show, ..Filter::default() }
}

#[testkit::db_test]
async fn a_tap_counts_and_the_rest_may_follow(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let token = token(&app, case.id).await;
    let anybody = app.ctx("clerk3").await;

    answer(&anybody, &token, tap(4)).await.unwrap();
    let rest = Rating { nps: Some(9), effort: Some(5), solved: Some(Solved::Yes), words: Some("讲得清楚".into()) };
    let whole = answer(&anybody, &token, Given { csat: None, rest: Some(rest) }).await.unwrap();
    assert_eq!((whole.csat, whole.nps), (4, Some(9)));
    // A tap alone empties nothing; the same again changes nothing.
    let changed = answer(&anybody, &token, tap(5)).await.unwrap();
    assert_eq!((changed.csat, changed.words.as_deref()), (5, Some("讲得清楚")));
    answer(&anybody, &token, tap(5)).await.unwrap();

    assert_eq!(app.metric("surveys-answered").await, Some(1));
    assert_eq!(app.metric("surveys-csat").await, Some(500));
    assert_eq!(app.metric("surveys-nps").await, Some(10_000));
    assert_eq!(app.metric("surveys-response").await, Some(10_000));
    assert_eq!(app.metric("surveys-low").await, Some(0));
}

#[testkit::db_test]
async fn after_a_day_the_answer_stands(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let token = token(&app, case.id).await;
    let anybody = app.ctx("clerk3").await;
    answer(&anybody, &token, tap(1)).await.unwrap();
    app.clock.advance(24 * HOUR);
    let fault = answer(&anybody, &token, tap(5)).await.unwrap_err();
    assert_eq!(fault.code(), "surveys-answered");
    let seen = opened(&anybody, &token).await.unwrap();
    assert!(!seen.open && seen.answer.is_some_and(|answer| answer.csat == 1));
}

#[testkit::db_test]
async fn a_low_rating_reaches_the_case_and_stays_open_until_somebody_makes_up(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let token = token(&app, case.id).await;
    let words = Rating { words: Some("等了一下午".into()), ..Rating::default() };
    answer(&app.ctx("clerk3").await, &token, Given { csat: Some(2), rest: Some(words) }).await.unwrap();

    let boss = app.ctx("boss1").await;
    let timeline = cases::app::timeline(&boss, case.id, None, 50).await.unwrap().items;
    let note = timeline.iter().find(|item| item.verb == "survey.low_rating").unwrap();
    assert!(note.message.as_ref().unwrap().body.contains("等了一下午"));
    let rated = timeline.iter().find(|item| item.verb == "survey.answered").unwrap();
    assert_eq!((rated.actor_kind.as_str(), rated.actor_name.as_str()), ("customer", "周航"));

    let open = list(&boss, show(Show::Recovery), None, 50).await.unwrap().rows;
    let [survey] = open.as_slice() else { panic!("one is to be made up for") };
    assert_eq!(survey.recovery, Recovery::Open);
    // Another store's manager neither sees nor touches it.
    let other = app.ctx("boss3").await;
    assert!(list(&other, show(Show::Recovery), None, 50).await.unwrap().rows.is_empty());
    assert_eq!(recover(&other, survey.id, survey.version, "x".into()).await.unwrap_err().kind(), FaultKind::NotFound);
    // An old version is refused, the present one is taken, once.
    assert_eq!(recover(&boss, survey.id, 1, "x".into()).await.unwrap_err().kind(), FaultKind::Stale);
    recover(&boss, survey.id, survey.version, "已电话致歉".into()).await.unwrap();
    let again = recover(&boss, survey.id, survey.version + 1, "x".into()).await.unwrap_err();
    assert_eq!(again.code(), "surveys-nothing-to-recover");
    assert_eq!(counts(&boss, vec![show(Show::Low), show(Show::Recovery)]).await.unwrap(), [1, 0]);
    assert_eq!(app.metric("surveys-low").await, Some(1));
}

#[testkit::db_test]
async fn what_is_out_of_range_or_missing_is_named(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let token = token(&app, case.id).await;
    let anybody = app.ctx("clerk3").await;
    let wrong = |given| answer(&anybody, &token, given);
    let fields = |fault: kernel::Fault| fault.fields().iter().map(|error| error.field.clone()).collect::<Vec<_>>();
    assert_eq!(fields(wrong(tap(6)).await.unwrap_err()), ["csat"]);
    assert_eq!(fields(wrong(Given { csat: None, rest: None }).await.unwrap_err()), ["csat"]);
    let rest = Rating { nps: Some(11), effort: Some(0), ..Rating::default() };
    assert_eq!(fields(wrong(Given { csat: Some(5), rest: Some(rest) }).await.unwrap_err()), ["nps", "effort"]);
    assert_eq!(answer(&anybody, &"0".repeat(64), tap(5)).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(app.metric("surveys-answered").await, Some(0));
}
