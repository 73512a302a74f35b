use cases::app::{self, Choice};
use cases::domain::*;
use db::Db;
use kernel::FaultKind;

use crate::shop::*;

#[testkit::db_test]
async fn the_customer_says_yes_once(db: Db) {
    let app = shop(db).await;
    let (taken, proposed) = proposed(&app).await;
    let anybody = app.ctx("clerk2").await;
    let token = proposed.link.unwrap().token;
    let view = app::customer_view(&anybody, &token).await.unwrap();
    assert_eq!(
        (view.purpose, view.may.as_slice()),
        (Purpose::Decide, [CommandName::Confirm, CommandName::Decline].as_slice())
    );
    let plan = view.plan.unwrap();
    assert_eq!(plan.options[0].1, kernel::Money::from_fen(3_000));
    let changed = app::customer_decide(&anybody, &token, Choice::Yes { option: 0 }).await.unwrap();
    assert_eq!(changed.state, StateName::Executing);
    let twice = app::customer_decide(&anybody, &token, Choice::Yes { option: 0 }).await.unwrap_err();
    assert_eq!(twice.code(), "cases-link-used");
    let view = app::customer_view(&anybody, &token).await.unwrap();
    assert_eq!((view.used, view.may.len(), view.plan.unwrap().chosen), (true, 0, Some(0)));
    let clerk = app.ctx("clerk1").await;
    let entry = app::timeline(&clerk, taken.id, None, 1).await.unwrap().items.remove(0);
    assert_eq!(
        (entry.verb.as_str(), entry.actor_kind.as_str(), entry.actor_name.as_str()),
        ("case.confirmed", "customer", "王丽华")
    );
    let detail = app::detail(&clerk, taken.id).await.unwrap();
    assert!(detail.links.iter().any(|link| link.opened_at.is_some() && link.used_at.is_some()));
}

#[testkit::db_test]
async fn two_decisions_at_once_are_one(db: Db) {
    let app = shop(db).await;
    let (_, proposed) = proposed(&app).await;
    let anybody = app.ctx("clerk2").await;
    let token = proposed.link.unwrap().token;
    let no = Choice::No { reason: "太贵".into() };
    let (one, two) = tokio::join!(
        app::customer_decide(&anybody, &token, Choice::Yes { option: 1 }),
        app::customer_decide(&anybody, &token, no)
    );
    assert_eq!([one.is_ok(), two.is_ok()].into_iter().filter(|ok| *ok).count(), 1);
}

#[testkit::db_test]
async fn links_decide_only_what_they_were_made_for(db: Db) {
    let app = shop(db).await;
    let (taken, proposed) = proposed(&app).await;
    let anybody = app.ctx("clerk2").await;
    let track = taken.link.unwrap().token;
    let decide = proposed.link.unwrap().token;
    let fault = app::customer_decide(&anybody, &track, Choice::Yes { option: 0 }).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::NotFound, "a tracking link decides nothing");
    assert_eq!(app::customer_close(&anybody, &decide).await.unwrap_err().kind(), FaultKind::NotFound);
    for token in ["", "x", &"0".repeat(64), &"f".repeat(63), "../../etc"] {
        assert_eq!(app::customer_view(&anybody, token).await.unwrap_err().kind(), FaultKind::NotFound);
    }
    // A newer plan takes the older plan's link back.
    give(&app.ctx("tech1").await, taken.id, Command::Propose(plan())).await.unwrap();
    let fault = app::customer_decide(&anybody, &decide, Choice::Yes { option: 0 }).await.unwrap_err();
    assert_eq!(fault.code(), "cases-link-revoked");
    app.clock.advance(181 * DAY);
    assert_eq!(app::customer_view(&anybody, &track).await.unwrap_err().code(), "cases-link-expired");
}

#[testkit::db_test]
async fn the_customer_writes_and_wakes_the_case(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.ctx("clerk1").await;
    give(&clerk, taken.id, accept(&app, "clerk1")).await.unwrap();
    let wait = Command::Wait {
        reason: WaitReason::Customer,
        until: clerk.now().plus(DAY),
        owner: app.user("clerk1"),
        note: "等照片".into(),
    };
    give(&clerk, taken.id, wait).await.unwrap();
    let token = taken.link.unwrap().token;
    app::customer_message(&clerk, &token, "照片发了".into()).await.unwrap();
    let case = app::detail(&clerk, taken.id).await.unwrap().case;
    assert_eq!(case.state.name(), StateName::Accepted);
    let view = app::customer_view(&clerk, &token).await.unwrap();
    assert_eq!((view.messages[0].body.as_str(), view.messages[0].direction), ("照片发了", Direction::In));
    app::post_message(&clerk, taken.id, Visibility::Internal, "照片不清楚".into()).await.unwrap();
    let view = app::customer_view(&clerk, &token).await.unwrap();
    assert_eq!(view.messages.len(), 1, "internal words stay inside");
    assert_eq!(
        app::customer_message(&clerk, &token, " ".into()).await.unwrap_err().fields().of("body").unwrap().code,
        "required"
    );
}

#[testkit::db_test]
async fn the_customer_closes_or_opens_again(db: Db) {
    let app = shop(db).await;
    let (taken, _) = proposed(&app).await;
    let (clerk, tech) = (app.ctx("clerk1").await, app.ctx("tech1").await);
    give(&clerk, taken.id, Command::Confirm { option: 0, proof: Proof::Counter }).await.unwrap();
    give(&tech, taken.id, solved()).await.unwrap();
    let token = taken.link.unwrap().token;
    let reopened = app::customer_reopen(&clerk, &token, "又停了".into()).await.unwrap();
    assert_eq!(reopened.state, StateName::Executing);
    give(&tech, taken.id, solved()).await.unwrap();
    assert_eq!(app::customer_close(&clerk, &token).await.unwrap().state, StateName::Closed);
    assert_eq!(app.metric("cases-reopened").await, Some(1));
    app.clock.advance(16 * DAY);
    let late = app::customer_reopen(&clerk, &token, "又停了".into()).await.unwrap_err();
    assert_eq!(late.code(), "cases-reopen-window");
}
