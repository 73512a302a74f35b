//! The small company with cases, and shorthands.

use capability::{Capability, Ctx};
use cases::app::{self, Changed, CustomerChoice, Intake, TakenIn};
use cases::domain::*;
use db::Db;
use kernel::{Fault, Id, Money, of};
use parties::app::CustomerInput;
use testapp::TestApp;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

pub fn capabilities() -> Vec<Capability> {
    vec![approvals::capability(), parties::capability(), cases::capability()]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start_at(db, capabilities, Some("https://service.example.com")).await
}

pub fn wang() -> CustomerInput {
    CustomerInput { name: "王丽华".into(), phone: "138 1234 5678".into(), consent: true, ..CustomerInput::default() }
}

pub fn washer(app: &TestApp) -> Intake {
    Intake {
        store: app.unit("S1"),
        kind: Kind::Repair,
        channel: Channel::Counter,
        priority: Priority::Normal,
        customer: CustomerChoice::New(wang()),
        subject: "洗衣机不脱水".into(),
        body: "洗到脱水那一步就停，报 E4。".into(),
        wish: Wish::Repair,
        upset: false,
        product: Some("滚筒洗衣机 XQG100-B14".into()),
        serial: Some("8A2603554471".into()),
        ..Intake::default()
    }
}

pub async fn taken(app: &TestApp) -> TakenIn {
    app::take_in(&app.ctx("clerk1").await, washer(app)).await.unwrap()
}

pub fn accept(app: &TestApp, login: &str) -> Command {
    Command::Accept { owner: app.user(login), priority: Priority::Normal, kind: Kind::Repair }
}

pub fn plan() -> Plan {
    Plan {
        findings: "主板脱水继电器老化".into(),
        options: vec![
            PlanOption {
                text: "更换主板".into(),
                done_by: None,
                lines: vec![
                    PlanLine {
                        text: "主板".into(),
                        amount: Money::from_fen(28_600),
                        bearer: Party::Maker,
                        by_law: false,
                    },
                    PlanLine {
                        text: "上门费".into(),
                        amount: Money::from_fen(3_000),
                        bearer: Party::Customer,
                        by_law: false,
                    },
                ],
            },
            PlanOption { text: "退货".into(), done_by: None, lines: Vec::new() },
        ],
    }
}

pub fn solved() -> Command {
    Command::Resolve { outcome: Outcome::Fixed, cause: Cause::PRODUCT, note: "已更换主板，试机正常".into() }
}

/// Gives `command` with the version that the case has now.
pub async fn give(ctx: &Ctx, id: Id<of::Case>, command: Command) -> Result<Changed, Fault> {
    let version = app::detail(ctx, id).await?.case.version;
    app::command(ctx, id, version, command).await
}

/// A case that has come as far as its plan lies with the customer.
pub async fn proposed(app: &TestApp) -> (TakenIn, Changed) {
    let taken = taken(app).await;
    let boss = app.ctx("boss1").await;
    give(&boss, taken.id, accept(app, "tech1")).await.unwrap();
    let tech = app.ctx("tech1").await;
    let changed = give(&tech, taken.id, Command::Propose(plan())).await.unwrap();
    (taken, changed)
}
