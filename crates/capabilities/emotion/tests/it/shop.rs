//! The small company with feelings, and shorthands.

use capability::Capability;
use cases::app::{self, CustomerChoice, Intake};
use cases::domain::{Channel, Kind};
use db::Db;
use emotion::app::Detail;
use kernel::{Id, of};
use parties::app::CustomerInput;
use testapp::TestApp;

pub fn capabilities() -> Vec<Capability> {
    vec![
        approvals::capability(),
        notices::capability(),
        parties::capability(),
        cases::capability(),
        feedback::capability(),
        channels::capability(),
        guides::capability(),
        emotion::capability(),
    ]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start(db, capabilities).await
}

/// Somebody with a number says `text` in S1.
pub async fn says(app: &TestApp, kind: Kind, text: &str) -> Id<of::Case> {
    let customer = CustomerInput { name: "王丽华".into(), phone: "13800005678".into(), ..CustomerInput::default() };
    let intake = Intake {
        store: app.unit("S1"),
        kind,
        channel: Channel::Phone,
        customer: CustomerChoice::New(customer),
        subject: text.chars().take(12).collect(),
        body: text.to_owned(),
        ..Intake::default()
    };
    app::take_in(&app.ctx("clerk1").await, intake).await.unwrap().id
}

/// The case `id` belongs to `login` from now on.
pub async fn given(app: &TestApp, id: Id<of::Case>, login: &str) {
    let case = cases::app::detail(&app.ctx("boss1").await, id).await.unwrap().case;
    let assign = cases::domain::Command::Assign { owner: Some(app.user(login)), team: case.team };
    cases::app::command(&app.ctx("boss1").await, id, case.version, assign).await.unwrap();
}

pub async fn seen(app: &TestApp, id: Id<of::Case>) -> Detail {
    emotion::app::detail(&app.ctx("clerk1").await, id).await.unwrap()
}
