use approvals::app::{self, Outcome};
use approvals::domain::{Limit, Show, State, Verdict};
use db::Db;
use kernel::{FaultKind, Id, Money, RecordRef, of};

use crate::shop::{answer, ask, asked, detail, journal, metric, question, shop, turn};

#[testkit::db_test]
async fn within_the_own_limit_nobody_is_asked_and_that_is_recorded(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    // However much the law gives, it plays no part.
    assert_eq!(ask(&clerk, question(&app, "S1", 90_000, 50)).await, Outcome::OwnLimit);
    assert_eq!(ask(&clerk, question(&app, "S1", 90_000, 0)).await, Outcome::Nothing);
    assert!(matches!(ask(&clerk, question(&app, "S1", 0, 51)).await, Outcome::Waiting(_)));
    assert_eq!(ask(&app.ctx("boss1").await, question(&app, "S1", 0, 500)).await, Outcome::OwnLimit);
    assert_eq!(ask(&app.ctx("quality").await, question(&app, "S1", 0, 19_999)).await, Outcome::OwnLimit);

    let entries = journal(&app, RecordRef::new("case", Id::<of::Case>::new(77))).await;
    let own: Vec<_> = entries.iter().filter(|(verb, _)| verb == "approval.own_limit_used").collect();
    assert_eq!(own.len(), 3);
    let said = |field: &str, text: &str| own[0].1.contains(&(field.to_owned(), text.to_owned()));
    assert!(said("extra", "¥50.00") && said("own_limit", "¥50.00") && said("limits_version", "1"), "{own:?}");
    assert_eq!(metric(&app, "approvals-asked").await, Some(1));
}

#[testkit::db_test]
async fn the_nearest_one_with_the_limit_decides_and_never_the_asker(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let small = asked(&clerk, question(&app, "S1", 0, 300)).await;
    assert_eq!(turn(&app, small).await, ["boss1"]);
    let large = asked(&clerk, question(&app, "S1", 0, 600)).await;
    assert_eq!(turn(&app, large).await, ["east"]);
    let larger = asked(&clerk, question(&app, "S1", 0, 6_000)).await;
    assert_eq!(turn(&app, larger).await, ["quality"]);
    // Who stands at the level but asked is passed over.
    let own = asked(&app.ctx("boss1").await, question(&app, "S1", 0, 501)).await;
    assert_eq!(turn(&app, own).await, ["east"]);

    let fault = answer(&app, "clerk1", small, Verdict::Grant).await.unwrap_err();
    assert_eq!(fault.code(), "approvals-own");
    let fault = answer(&app, "east", small, Verdict::Grant).await.unwrap_err();
    assert_eq!((fault.kind(), fault.code()), (FaultKind::Forbidden, "approvals-not-yours"));
    // To other stores, and to colleagues who have no part in it, it does not exist.
    for stranger in ["boss3", "clerk2", "clerk3", "tech1", "finance"] {
        assert_eq!(detail(&app, stranger, small).await.unwrap_err().kind(), FaultKind::NotFound, "{stranger}");
        let fault = answer(&app, stranger, small, Verdict::Grant).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::NotFound, "{stranger}");
    }
    assert_eq!(answer(&app, "boss1", small, Verdict::Grant).await.unwrap().state, State::Granted);
    let done = detail(&app, "clerk1", small).await.unwrap().approval;
    assert_eq!((done.state, done.in_time), (State::Granted, Some(true)));
    assert_eq!(done.decided_by.map(|seat| seat.user), Some(app.user("boss1")));
    assert_eq!(done.own_limit, Limit::UpTo(Money::from_fen(5_000)));

    answer(&app, "east", large, Verdict::Decline).await.unwrap();
    let declined = detail(&app, "clerk1", large).await.unwrap().approval;
    assert_eq!(declined.reason.as_deref(), Some("先换新，不补现金"));
    let missing = app::decide(&app.ctx("quality").await, larger, 1, Verdict::Decline, Some("  ".into())).await;
    assert!(missing.unwrap_err().fields().of("reason").is_some());
    assert_eq!(metric(&app, "approvals-granted").await, Some(1));
    assert_eq!(metric(&app, "approvals-in-time").await, Some(10_000));
}

#[testkit::db_test]
async fn two_persons_are_two_different_people(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let both = approvals::app::Ask { two_persons: true, ..question(&app, "S1", 0, 10) };
    let id = asked(&clerk, both).await;
    assert_eq!(answer(&app, "boss1", id, Verdict::Grant).await.unwrap().state, State::Asked);
    // The store has nobody else, so the other yes comes from above.
    assert_eq!(turn(&app, id).await, ["east"]);
    assert_eq!(answer(&app, "boss1", id, Verdict::Grant).await.unwrap_err().code(), "approvals-signed");
    assert_eq!(answer(&app, "east", id, Verdict::Grant).await.unwrap().state, State::Granted);
    let granted: Vec<_> =
        detail(&app, "clerk1", id).await.unwrap().steps.iter().filter_map(|step| step.signature()).collect();
    assert_eq!(granted.len(), 2);

    // By amount, too: not even headquarters is alone with twenty thousand.
    let quality = app.ctx("quality").await;
    let rich = asked(&quality, question(&app, "S1", 0, 20_000)).await;
    assert_eq!(turn(&app, rich).await, Vec::<String>::new());
    assert_eq!(detail(&app, "quality", rich).await.unwrap().approval.needed, 2);
}

#[testkit::db_test]
async fn decided_twice_at_once_it_is_decided_once(db: Db) {
    let app = shop(db).await;
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 0, 6_000)).await;
    let quality = app.ctx("quality").await;
    let (one, two) = tokio::join!(
        app::decide(&quality, id, 1, Verdict::Grant, None),
        app::decide(&quality, id, 1, Verdict::Decline, Some("不批".into())),
    );
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    let state = won.unwrap().state;
    let fault = lost.unwrap_err();
    assert_eq!((fault.kind(), fault.code()), (FaultKind::Refused, "approvals-over"));
    assert!(fault.args().contains(&("who", "何静".to_owned())), "{:?}", fault.args());
    assert_eq!(detail(&app, "clerk1", id).await.unwrap().approval.state, state);
    assert_eq!(detail(&app, "clerk1", id).await.unwrap().steps.len(), 2);
}

#[testkit::db_test]
async fn a_stale_answer_changes_nothing_and_the_asker_may_withdraw(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let id = asked(&clerk, question(&app, "S1", 0, 300)).await;
    let fault = app::decide(&app.ctx("boss1").await, id, 7, Verdict::Grant, None).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Stale);
    let fault = app::withdraw(&app.ctx("boss1").await, id, 1).await.unwrap_err();
    assert_eq!((fault.kind(), fault.code()), (FaultKind::Forbidden, "approvals-not-asker"));
    assert_eq!(app::withdraw(&app.ctx("clerk3").await, id, 1).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(app::withdraw(&clerk, id, 1).await.unwrap().state, State::Withdrawn);
    assert_eq!(answer(&app, "boss1", id, Verdict::Grant).await.unwrap_err().code(), "approvals-over");
}

#[testkit::db_test]
async fn each_sees_what_waits_for_them_page_by_page(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(asked(&clerk, question(&app, "S1", 0, 300)).await);
        app.clock.advance(crate::shop::MINUTE);
    }
    let newest = asked(&clerk, question(&app, "S1", 0, 900)).await;
    let boss = app.ctx("boss1").await;
    let wanted = app::Wanted::default;
    let first = app::list(&boss, Show::Mine, wanted(), None, 2).await.unwrap();
    let second = app::list(&boss, Show::Mine, wanted(), first.next, 2).await.unwrap();
    let seen: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.id).collect();
    // The nearest deadline first; what is beyond the limit is not there.
    assert_eq!((seen, second.next), (ids, None));
    let counts = |login: &'static str| {
        let app = &app;
        async move {
            let shows = [Show::Mine, Show::Asked, Show::Decided, Show::All].to_vec();
            app::counts(&app.ctx(login).await, shows, wanted()).await.unwrap()
        }
    };
    assert_eq!(counts("boss1").await, [3, 0, 0, 4]);
    assert_eq!(counts("east").await, [1, 0, 0, 4]);
    assert_eq!(counts("clerk1").await, [0, 4, 0, 4]);
    assert_eq!(counts("boss3").await, [0, 0, 0, 0]);
    assert_eq!(counts("assessor").await, [0, 0, 0, 4]);
    answer(&app, "boss1", first.rows[0].id, Verdict::Grant).await.unwrap();
    assert_eq!(counts("boss1").await, [2, 0, 1, 4]);
    answer(&app, "east", newest, Verdict::Grant).await.unwrap();
    // Of one's own questions those that wait come first, each the newest first, page by page.
    let open = [first.rows[1].id, second.rows[0].id];
    let mut own = Vec::new();
    let mut after = None;
    loop {
        let page = app::list(&clerk, Show::Asked, wanted(), after, 1).await.unwrap();
        own.extend(page.rows.iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(own, [open[1], open[0], newest, first.rows[0].id]);
}
