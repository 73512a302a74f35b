//! The small company with channels, and shorthands.

use capability::Capability;
use cases::app::{self, Intake, TakenIn};
use cases::domain::{Channel as Way, Kind as CaseKind};
use channels::app::Draft;
use channels::domain::Kind;
use channels::store::Channel;
use db::Db;
use kernel::{Id, Timestamp, of};
use testapp::TestApp;

pub const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;

pub fn capabilities() -> Vec<Capability> {
    vec![
        approvals::capability(),
        notices::capability(),
        parties::capability(),
        cases::capability(),
        channels::capability(),
    ]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start_at(db, capabilities, Some("https://service.example.com")).await
}

pub fn draft(app: &TestApp, name: &str) -> Draft {
    Draft { name: name.to_owned(), owner: Some(app.user("boss1")), active: true, ..Draft::default() }
}

/// Registers a channel at S1.
pub async fn registered(app: &TestApp, kind: Kind, name: &str) -> Channel {
    let boss = app.ctx("boss1").await;
    channels::app::create(&boss, app.unit("S1"), kind, None, draft(app, name)).await.unwrap()
}

/// A question that came by `way` at `at`, by a named channel if one is given.
pub async fn came(app: &TestApp, way: Way, via: Option<Id<of::Channel>>, at: Option<Timestamp>) -> TakenIn {
    let intake = Intake {
        store: app.unit("S1"),
        kind: CaseKind::Feedback,
        channel: way,
        via,
        subject: "送货很快".to_owned(),
        happened_at: at,
        ..Intake::default()
    };
    app::take_in(&app.ctx("clerk1").await, intake).await.unwrap()
}

/// The channel by which a case came.
pub async fn via(app: &TestApp, case: Id<of::Case>) -> Option<Id<of::Channel>> {
    app.house.db.read(case, |tx, case| Box::pin(async move { cases::store::via(tx, *case).await })).await.unwrap()
}

/// A metric of one channel over all days.
pub async fn metric(app: &TestApp, id: &str, channel: Id<of::Channel>) -> Option<i64> {
    let points = app.measured(id, &["S1"], metrics::By::Dimension("via")).await;
    let key = metrics::Key::Value(channel.to_string());
    points.into_iter().find(|point| point.key == key).and_then(|point| point.value).map(|reading| reading.n)
}
