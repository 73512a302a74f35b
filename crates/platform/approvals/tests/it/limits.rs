use approvals::app::{self, Draft, Outcome};
use approvals::domain::{Limit, Rule};
use db::Db;
use kernel::{FaultKind, Id, Money, RecordRef};
use testapp::TestApp;

use crate::shop::{DAY, ask, detail, journal, question, shop};

async fn draft(app: &TestApp, clerk: i64) -> Draft {
    let standing = app::standing(&app.ctx("admin").await).await.unwrap();
    let table = standing.newest;
    let mut limits: Vec<_> =
        table.limits.iter().map(|((kind, role), limit)| (kind.clone(), role.clone(), *limit)).collect();
    for (kind, role, limit) in &mut limits {
        if kind == "goodwill" && role == "clerk" {
            *limit = Limit::UpTo(Money::from_fen(clerk * 100));
        }
    }
    let rules: Vec<(String, Rule)> = table.rules.into_iter().collect();
    Draft { seen: table.version, from: None, note: "旺季放宽".into(), limits, rules }
}

#[testkit::db_test]
async fn limits_are_versions_with_a_day_and_a_trace(db: Db) {
    let app = shop(db).await;
    let (admin, clerk) = (app.ctx("admin").await, app.ctx("clerk1").await);
    let Outcome::Waiting(old) = ask(&clerk, question(&app, "S1", 0, 80)).await else { panic!("it waits") };
    assert_eq!(app::publish(&admin, draft(&app, 100).await).await.unwrap(), 2);
    app.clock.advance(1);
    assert_eq!(ask(&clerk, question(&app, "S1", 0, 80)).await, Outcome::OwnLimit);
    // What was asked keeps the version that it was judged by.
    assert_eq!(detail(&app, "clerk1", old).await.unwrap().approval.limits_version, 1);
    // From tomorrow on.
    let tomorrow = Draft { from: Some(app.clock.now().plus(DAY)), ..draft(&app, 20).await };
    app::publish(&admin, tomorrow).await.unwrap();
    assert_eq!(ask(&clerk, question(&app, "S1", 0, 80)).await, Outcome::OwnLimit);
    app.clock.advance(DAY);
    assert!(matches!(ask(&clerk, question(&app, "S1", 0, 80)).await, Outcome::Waiting(_)));

    let entries = journal(&app, RecordRef::new("approval_limits", Id::<()>::new(1))).await;
    let changes = &entries[0].1;
    assert!(changes.contains(&("limits".to_owned(), "goodwill clerk ≤ ¥100.00".to_owned())), "{changes:?}");
}

#[testkit::db_test]
async fn who_may_not_or_is_late_changes_nothing(db: Db) {
    let app = shop(db).await;
    let publish = |login: &'static str, draft: Draft| {
        let app = &app;
        async move { app::publish(&app.ctx(login).await, draft).await }
    };
    let good = draft(&app, 100).await;
    assert_eq!(publish("boss1", good.clone()).await.unwrap_err().kind(), FaultKind::Forbidden);
    assert_eq!(publish("clerk1", good.clone()).await.unwrap_err().kind(), FaultKind::NotFound);
    let same = draft(&app, 50).await;
    assert_eq!(publish("admin", same).await.unwrap_err().code(), "approvals-limits-same");
    let past = Draft { from: Some(app.clock.now().plus(-1)), note: " ".into(), ..good.clone() };
    let fault = publish("admin", past).await.unwrap_err();
    assert!(fault.fields().of("from").is_some() && fault.fields().of("note").is_some());
    publish("quality", good.clone()).await.unwrap();
    assert_eq!(publish("admin", good).await.unwrap_err().kind(), FaultKind::Stale);
}
