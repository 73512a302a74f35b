use cases::domain::Channel as Way;
use channels::app::{self, Draft};
use channels::domain::Kind;
use channels::store::{Filter, Show};
use db::Db;
use kernel::{FaultKind, Money};

use crate::shop::{came, draft, metric, registered, shop, via};

#[testkit::db_test]
async fn a_channel_is_registered_changed_and_closed(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let line = registered(&app, Kind::Phone, "售后热线").await;
    assert!(line.code.starts_with("s1-phone-"), "{}", line.code);

    let change = Draft { cost_per_month: Money::from_fen(30_000), test_days: Some(7), ..draft(&app, "热线 400") };
    assert_eq!(app::change(&boss, line.id, 1, change.clone()).await.unwrap(), 2);
    assert_eq!(app::change(&boss, line.id, 2, change.clone()).await.unwrap(), 2, "nothing changed");
    assert_eq!(app::change(&boss, line.id, 1, change.clone()).await.unwrap_err().kind(), FaultKind::Stale);
    let now = app::get(&boss, line.id).await.unwrap();
    assert_eq!((now.name.as_str(), now.test_due_at), ("热线 400", Some(app.clock.now().plus(7 * 86_400_000))));

    let refused = app::change(&boss, line.id, 2, Draft { frames: Some("http://a".into()), ..change.clone() }).await;
    assert!(refused.unwrap_err().fields().of("frames").is_some());
    let clerk = app.ctx("clerk1").await;
    assert_eq!(app::change(&clerk, line.id, 2, change.clone()).await.unwrap_err().kind(), FaultKind::Forbidden);
    let elsewhere = app.ctx("boss3").await;
    assert_eq!(app::get(&elsewhere, line.id).await.unwrap_err().kind(), FaultKind::NotFound);
    let taken = app::create(&boss, app.unit("S1"), Kind::Phone, Some(line.code.clone()), draft(&app, "又一条")).await;
    assert!(taken.unwrap_err().fields().of("code").is_some());

    app::change(&boss, line.id, 2, Draft { active: false, ..change }).await.unwrap();
    let shown = |show| Filter { show, ..Filter::default() };
    let filters = Show::ALL.map(shown).to_vec();
    assert_eq!(app::counts(&clerk, filters.clone()).await.unwrap(), [0, 0, 1, 1]);
    assert_eq!(app::counts(&elsewhere, filters).await.unwrap(), [0, 0, 0, 0]);
}

#[testkit::db_test]
async fn cases_remember_their_channel_and_are_counted_by_it(db: Db) {
    let app = shop(db).await;
    let early = came(&app, Way::Phone, None, None).await;
    let line = registered(&app, Kind::Phone, "售后热线").await;
    let first = came(&app, Way::Phone, None, None).await;
    assert_eq!(via(&app, early.id).await, None, "nobody had registered it");
    assert_eq!(via(&app, first.id).await, Some(line.id), "the store's only line");

    let second = registered(&app, Kind::Phone, "投诉专线").await;
    let unclear = came(&app, Way::Phone, None, None).await;
    assert_eq!(via(&app, unclear.id).await, None, "there are two now, and none is guessed");
    let named = came(&app, Way::Phone, Some(second.id), None).await;
    assert_eq!(via(&app, named.id).await, Some(second.id));
    assert_eq!(
        (metric(&app, "cases-taken-in", line.id).await, metric(&app, "cases-taken-in", second.id).await),
        (Some(1), Some(1))
    );

    let stranger = cases::app::Intake {
        store: app.unit("S2"),
        via: Some(line.id),
        subject: "好".into(),
        ..cases::app::Intake::default()
    };
    let refused = cases::app::take_in(&app.ctx("clerk2").await, stranger).await.unwrap_err();
    assert!(refused.fields().of("via").is_some(), "a channel takes cases of its own store only");

    let boss = app.ctx("boss1").await;
    let figures = app::figures(&boss, std::slice::from_ref(&line)).await.unwrap().remove(&line.id).unwrap();
    let volume = figures.volume.unwrap();
    assert_eq!(volume.n, 1);
    let list = app.as_user("boss1").await.get(&volume.href).await.expect(200);
    assert!(list.text().contains(&first.number) && !list.text().contains(&named.number));
}
