use cases::app::Intake;
use cases::domain::{Channel, Kind};
use db::{Db, args};
use identity::store::units;
use identity::{UnitDraft, UnitKind};
use kernel::{Day, Fault, Id, of};
use metrics::Delta;
use scores::app::{self, Draft, Said};
use scores::counting::in_full;
use scores::domain::{SCHEME, Stored};
use testapp::TestApp;

use crate::board::capabilities;

/// What is kept of every unit is what the records say in full.
async fn same(app: &TestApp, when: &str) {
    let ctx = app.ctx("quality").await;
    for scheme in [SCHEME, "patrol"] {
        for (unit, full) in in_full(&ctx, scheme).await.unwrap() {
            let kept = app
                .house
                .db
                .read((unit, scheme), |tx, (unit, scheme)| {
                    Box::pin(async move { scores::store::live(tx, scheme, *unit).await })
                })
                .await
                .unwrap()
                .unwrap()
                .stored;
            assert_eq!(kept, full, "{when}: {scheme} at {unit}");
        }
    }
}

async fn took_in(app: &TestApp, login: &str, store: &str, kind: Kind) -> Id<of::Case> {
    let intake = Intake {
        store: app.unit(store),
        kind,
        channel: Channel::Counter,
        subject: "不制冷".to_owned(),
        ..Intake::default()
    };
    cases::app::take_in(&app.ctx(login).await, intake).await.unwrap().id
}

async fn run(app: &TestApp, sql: &'static str, id: i64) {
    app.house
        .db
        .write(id, move |tx, id| Box::pin(async move { tx.exec(sql, args![*id]).await.map(|_| ()) }))
        .await
        .unwrap();
}

#[testkit::db_test]
async fn what_is_kept_is_what_the_records_say(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    app::recalculate(&quality).await.unwrap();
    same(&app, "nothing yet").await;

    took_in(&app, "clerk1", "S1", Kind::Repair).await;
    let second = took_in(&app, "clerk2", "S2", Kind::Complaint).await;
    app::recalculate(&quality).await.unwrap();
    same(&app, "two cases").await;

    // A day passes, another case comes, an entry and a judgement too.
    app.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
    took_in(&app, "clerk3", "S3", Kind::Installation).await;
    let visit = Draft {
        kind: "site_visit".into(),
        unit: Some(app.unit("S2")),
        title: "巡店".into(),
        met: true,
        happened_on: Some("2026-11-23".parse().unwrap()),
        ..Draft::default()
    };
    let entry = app::enter(&quality, &visit).await.unwrap();
    app::say(&quality, app.unit("EAST"), "5.2.2.4", Said::Earns(70), "抽查").await.unwrap();
    same(&app, "another day").await;

    // The case moves to another store and has a customer now: cells of both stores follow.
    let moved =
        "UPDATE service_case SET product = 'X', store_id = (SELECT id FROM org_unit WHERE code = 'S1') WHERE id = $1";
    run(&app, moved, second.get()).await;
    let touch = "INSERT INTO score_touch (id, kind, record_id, unit_id) SELECT 1, 'case', id, store_id FROM service_case WHERE id = $1";
    run(&app, touch, second.get()).await;
    app::recalculate(&quality).await.unwrap();
    same(&app, "moved").await;

    app::withdraw(&quality, entry, "看错了").await.unwrap();
    same(&app, "withdrawn").await;
    // A year later nothing of it counts, and nobody had to say so.
    app.clock.set("2027-11-24T02:00:00Z".parse().unwrap());
    app::recalculate(&quality).await.unwrap();
    same(&app, "a year later").await;
}

#[testkit::db_test]
async fn several_at_once_lose_nothing(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    app::recalculate(&quality).await.unwrap();
    let (one, two) = (app.ctx("clerk1").await, app.ctx("clerk2").await);
    let intake = |store: &str| Intake {
        store: app.unit(store),
        kind: Kind::Complaint,
        channel: Channel::Phone,
        subject: "没有回电".to_owned(),
        ..Intake::default()
    };
    let (a, b) = (intake("S1"), intake("S2"));
    let (first, second, third, fourth) = tokio::join!(
        cases::app::take_in(&one, a),
        app::recalculate(&quality),
        cases::app::take_in(&two, b),
        app::recalculate(&quality),
    );
    first.unwrap();
    third.unwrap();
    second.unwrap();
    fourth.unwrap();
    app::recalculate(&quality).await.unwrap();
    same(&app, "at once").await;
}

/// Opens `n` more stores, each with half a year of numbers.
async fn grow(app: &TestApp, prefix: &'static str, n: usize) -> Vec<Id<of::Unit>> {
    let east = app.unit("EAST");
    let day: Day = "2026-11-22".parse().unwrap();
    let made = app
        .house
        .db
        .write((app.house.ids.clone(), east, prefix, n), move |tx, (ids, east, prefix, n)| {
            Box::pin(async move {
                let mut stores = Vec::new();
                for nth in 0..*n {
                    let draft = UnitDraft {
                        parent: Some(*east),
                        kind: UnitKind::Store,
                        code: format!("{prefix}{nth:03}"),
                        name: format!("分店{nth}"),
                        name_en: None,
                        zone: "Asia/Shanghai".to_owned(),
                        phone: None,
                        address: None,
                        active: true,
                    };
                    let store = units::insert(tx, ids, &draft).await?.id;
                    let deltas: Vec<Delta> = (0..20)
                        .flat_map(|back| {
                            let kind = [("kind", "repair")];
                            Delta::spread("deadlines.met", store, day.plus(-back * 9), 1, &kind)
                        })
                        .collect();
                    metrics::append(tx, ids, &deltas).await?;
                    stores.push(store);
                }
                Ok::<_, Fault>(stores)
            })
        })
        .await
        .unwrap();
    metrics::fold(&app.house.db).await.unwrap();
    app.house.identity.directories().refresh().await.unwrap();
    made
}

/// Statements and steps that one more pass takes.
async fn cost(app: &TestApp) -> (u64, u64) {
    let before = app.house.db.stats();
    app::recalculate(&app.ctx("quality").await).await.unwrap();
    let after = app.house.db.stats();
    (after.statements - before.statements, after.steps - before.steps)
}

#[testkit::db_test]
async fn one_fact_costs_as_much_among_two_hundred_stores_as_among_twenty(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let mut costs = Vec::new();
    for (prefix, more) in [("F", 20), ("M", 180)] {
        grow(&app, prefix, more).await;
        cost(&app).await;
        let idle = cost(&app).await;
        took_in(&app, "clerk1", "S1", Kind::Repair).await;
        let fact = cost(&app).await;
        let again = cost(&app).await;
        assert!(idle.0 <= 12 && again.0 <= 12, "nothing new: {} and {} statements", idle.0, again.0);
        costs.push((fact, again));
    }
    same(&app, "two hundred").await;
    let [((few, few_steps), _), ((many, many_steps), _)] = costs.as_slice() else { panic!("two sizes") };
    assert!(few.abs_diff(*many) <= 4, "{few} statements with twenty stores, {many} with two hundred");
    // What grows is the reading of one short row for each store, never of their records.
    assert!(*many < 120, "{many} statements");
    if *few_steps > 0 {
        assert!(*many_steps < few_steps * 12, "{few_steps} steps with twenty stores, {many_steps} with two hundred");
    }
}

#[testkit::db_test]
async fn two_hundred_stores_are_scored_from_what_is_kept(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    grow(&app, "M", 200).await;
    let quality = app.ctx("quality").await;
    let moved = app::recalculate(&quality).await.unwrap();
    // The company, its regions and every store, by two schemes.
    assert_eq!(moved, 2 * (1 + 2 + 203));
    let kept: Vec<(Id<of::Unit>, Stored)> = in_full(&quality, SCHEME).await.unwrap();
    assert_eq!(kept.len(), 206);
    same(&app, "two hundred stores").await;
    assert_eq!(app::recalculate(&quality).await.unwrap(), 0);
}
