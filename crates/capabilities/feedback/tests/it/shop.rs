//! The small company with an inbox, and shorthands.

use capability::Capability;
use cases::app::{self, Intake};
use cases::domain::{Channel, Kind};
use db::Db;
use kernel::{Id, of};
use testapp::TestApp;

pub fn capabilities() -> Vec<Capability> {
    vec![notices::capability(), parties::capability(), cases::capability(), feedback::capability()]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start(db, capabilities).await
}

/// Somebody unnamed says `text` in the shop `store`.
pub async fn says(app: &TestApp, login: &str, store: &str, kind: Kind, text: &str) -> Id<of::Case> {
    let intake = Intake {
        store: app.unit(store),
        kind,
        channel: Channel::Counter,
        subject: text.chars().take(12).collect(),
        body: text.to_owned(),
        ..Intake::default()
    };
    app::take_in(&app.ctx(login).await, intake).await.unwrap().id
}
