//! The small company with cases and surveys, and shorthands.

use capability::{Capability, Ctx};
use cases::app::{self, CustomerChoice, Intake, TakenIn};
use cases::domain::{Channel, CloseBy, Command, Kind, Outcome, Priority, Proof, Wish};
use db::Db;
use kernel::{Id, of};
use messaging::MessageRow;
use parties::app::CustomerInput;
use testapp::TestApp;

pub const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;

pub fn capabilities() -> Vec<Capability> {
    vec![notices::capability(), parties::capability(), cases::capability(), surveys::capability()]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start_at(db, capabilities, Some("https://service.example.com")).await
}

pub fn question(app: &TestApp, customer: CustomerChoice) -> Intake {
    Intake {
        store: app.unit("S1"),
        kind: Kind::Inquiry,
        channel: Channel::Counter,
        priority: Priority::Normal,
        customer,
        subject: "净水器滤芯怎么换".into(),
        body: String::new(),
        wish: Wish::Unsaid,
        upset: false,
        product: None,
        serial: None,
        ..Intake::default()
    }
}

pub fn zhou() -> CustomerChoice {
    CustomerChoice::New(CustomerInput {
        name: "周航".into(),
        phone: "133 1234 6120".into(),
        ..CustomerInput::default()
    })
}

async fn give(ctx: &Ctx, id: Id<of::Case>, command: Command) {
    let version = app::detail(ctx, id).await.unwrap().case.version;
    app::command(ctx, id, version, command).await.unwrap();
}

/// A question, answered and closed.
pub async fn closed(app: &TestApp, customer: CustomerChoice) -> TakenIn {
    let clerk = app.ctx("clerk1").await;
    let taken = app::take_in(&clerk, question(app, customer)).await.unwrap();
    let owner = app.user("clerk1");
    give(&clerk, taken.id, Command::Accept { owner, priority: Priority::Normal, kind: Kind::Inquiry }).await;
    give(
        &clerk,
        taken.id,
        Command::Resolve { outcome: Outcome::Answered, cause: cases::domain::Cause::USAGE, note: "已讲解".into() },
    )
    .await;
    give(&clerk, taken.id, Command::Close(CloseBy::Customer(Proof::Counter))).await;
    taken
}

/// Changes the rule of who is asked.
pub async fn rule(app: &TestApp, change: impl FnOnce(&mut surveys::app::NewRule)) {
    let quality = app.ctx("quality").await;
    let now = surveys::app::rules(&quality).await.unwrap().remove(0).rule;
    let mut new = surveys::app::NewRule {
        version: now.version,
        kinds: now.kinds.into_iter().collect(),
        delay_hours: now.delay_hours,
        quiet_days: now.quiet_days,
        needs_consent: now.needs_consent,
        recovery_hours: now.recovery_hours,
        reason: "试行".into(),
    };
    change(&mut new);
    surveys::app::change_rule(&quality, new).await.unwrap();
}

/// Closes it once more after it was opened again.
pub async fn reopened_and_closed(app: &TestApp, id: Id<of::Case>) {
    let clerk = app.ctx("clerk1").await;
    give(&clerk, id, Command::Reopen { wrong: "还是不会".into() }).await;
    give(
        &clerk,
        id,
        Command::Resolve {
            outcome: Outcome::Answered, cause: cases::domain::Cause::USAGE, note: "上门教会".into()
        },
    )
    .await;
    give(&clerk, id, Command::Close(CloseBy::Customer(Proof::Counter))).await;
}

/// A rating link, as an invitation holds it; also one for a case whose customer is not asked.
pub async fn token(app: &TestApp, id: Id<of::Case>) -> String {
    let clerk = app.ctx("clerk1").await;
    let made = clerk.write(id, |work, id| {
        Box::pin(async move {
            let issued = app::rate_link(work, *id).await?;
            Ok(work.unchanged(issued.token))
        })
    });
    made.await.unwrap()
}

/// The messages that belong to the case, newest first, with their whole text.
pub async fn messages(app: &TestApp, id: Id<of::Case>) -> Vec<(MessageRow, String)> {
    app.house
        .db
        .read(id, |tx, id| {
            Box::pin(async move {
                let rows = messaging::of_record(tx, &kernel::RecordRef::new("case", *id), None, 50).await?;
                let mut all = Vec::new();
                for row in rows {
                    let text = messaging::reveal(tx, row.id).await?.map(|(_, body)| body).unwrap_or_default();
                    all.push((row, text));
                }
                Ok::<_, kernel::Fault>(all)
            })
        })
        .await
        .unwrap()
}
