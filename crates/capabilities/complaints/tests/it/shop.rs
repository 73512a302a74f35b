//! The small company with complaints, and shorthands.

use capability::Capability;
use cases::app::{self as general, Intake};
use cases::domain::{Channel, Command as General, Kind, Priority, Proof};
use complaints::app::{Changed, command};
use complaints::domain::{Cause, Command, Line, Party, Remedy, Severity, Source, Topic};
use complaints::store::Complaint;
use db::Db;
use kernel::{Fault, Id, Money, of};
use testapp::TestApp;

pub fn capabilities() -> Vec<Capability> {
    vec![
        notices::capability(),
        approvals::capability(),
        parties::capability(),
        cases::capability(),
        guides::capability(),
        complaints::capability(),
    ]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start(db, capabilities).await
}

/// Somebody unnamed complains in the shop `store`.
pub async fn complain(app: &TestApp, login: &str, store: &str, text: &str) -> Id<of::Case> {
    let intake = Intake {
        store: app.unit(store),
        kind: Kind::Complaint,
        channel: Channel::Counter,
        priority: Priority::Normal,
        subject: text.to_owned(),
        body: text.to_owned(),
        ..Intake::default()
    };
    general::take_in(&app.ctx(login).await, intake).await.unwrap().id
}

pub async fn of(app: &TestApp, id: Id<of::Case>) -> (Complaint, cases::store::Case) {
    let (complaint, case) = app
        .house
        .db
        .read(id, |tx, id| {
            Box::pin(async move {
                Ok::<_, Fault>((complaints::store::get(tx, *id).await?, cases::store::get(tx, *id).await?))
            })
        })
        .await
        .unwrap();
    (complaint.unwrap(), case.unwrap())
}

/// `login` gives `wanted` on whatever the complaint is now.
pub async fn give(app: &TestApp, login: &str, id: Id<of::Case>, wanted: Command) -> Result<Changed, Fault> {
    let version = of(app, id).await.1.version;
    command(&app.ctx(login).await, id, version, wanted).await
}

/// The same of a general command: what the customer answers.
pub async fn says(app: &TestApp, login: &str, id: Id<of::Case>, wanted: General) -> Result<(), Fault> {
    let version = of(app, id).await.1.version;
    general::command(&app.ctx(login).await, id, version, wanted).await.map(|_| ())
}

pub fn screen(severity: Severity) -> Command {
    Command::Screen { severity, source: Source::Customer, harm: severity == Severity::S1 }
}

pub async fn accept(app: &TestApp, severity: Severity, handler: &str) -> Command {
    let handler = app.ctx(handler).await.actor.user.unwrap();
    Command::Accept { severity, topic: Topic::Repair, handler, interested: Vec::new() }
}

pub fn conclude(app: &TestApp) -> Command {
    Command::Conclude {
        facts: "11-18 约定上门，师傅没来；11-20 再约，又没来。".into(),
        evidence: "通话录音两段".into(),
        party: Party::Store,
        cause: Cause::parse("repair_late").unwrap(),
        unit: Some(app.unit("S1")),
        user: None,
    }
}

pub fn line(kind: Remedy, text: &str, fen: i64) -> Line {
    Line { kind, text: text.into(), amount: Money::from_fen(fen), by_law: false }
}

pub fn submit(app: &TestApp) -> Command {
    Command::Submit {
        wording: "两次爽约，我们向您道歉。".into(), valid_until: app.clock.now().plus(7 * 86_400_000)
    }
}

pub fn yes() -> General {
    General::Confirm { option: 0, proof: Proof::Phone("去电，顾客同意".into()) }
}

/// The usual way until the customer has agreed.
pub async fn agreed(app: &TestApp, id: Id<of::Case>, fen: i64) {
    give(app, "clerk1", id, screen(Severity::S3)).await.unwrap();
    let accept = accept(app, Severity::S3, "clerk1").await;
    give(app, "boss1", id, accept).await.unwrap();
    give(app, "clerk1", id, Command::Investigate).await.unwrap();
    give(app, "clerk1", id, conclude(app)).await.unwrap();
    let lines = vec![line(Remedy::Apology, "店长上门道歉", 0), line(Remedy::Voucher, "优惠券 30 元", fen)];
    give(app, "clerk1", id, Command::Draft { lines }).await.unwrap();
    give(app, "clerk1", id, submit(app)).await.unwrap();
    says(app, "clerk1", id, yes()).await.unwrap();
}
