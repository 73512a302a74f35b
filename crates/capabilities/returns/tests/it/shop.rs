//! The small company that sold a washing machine, and shorthands.

use capability::Capability;
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Kind, Priority};
use db::Db;
use kernel::{Fault, Id, Money, of};
use parties::app::CustomerInput;
use parties::domain::{LineInput, ProductInput, RepairInput, SaleInput};
use remedies::{Cause, Fault as Broken, YesNo};
use returns::app::{Changed, Detail, Wanted, WantedLine, command, detail};
use returns::domain::{Command, Part, PayState, Way};
use returns::store::{Payment, Return, ReturnId};
use testapp::TestApp;

pub const SERIAL: &str = "8A2603001271";

pub fn capabilities() -> Vec<Capability> {
    vec![
        notices::capability(),
        approvals::capability(),
        parties::capability(),
        cases::capability(),
        returns::capability(),
    ]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start(db, capabilities).await
}

/// A washing machine of 12 March, `repairs` times repaired (6 and 12 days), and two pieces of hose; its customer is back with it today.
pub async fn sold(app: &TestApp, repairs: usize) -> Id<of::Case> {
    let (boss, clerk) = (app.ctx("boss1").await, app.ctx("clerk1").await);
    for (code, name, category) in [("XQG100", "滚筒洗衣机", "washer"), ("HOSE", "进水管", "small_appliance")] {
        let product =
            ProductInput { code: code.into(), name: name.into(), category: category.into(), ..ProductInput::default() };
        parties::app::create_product(&boss, &product).await.unwrap();
    }
    let wang = CustomerInput { name: "王丽华".into(), phone: "13812345678".into(), ..CustomerInput::default() };
    let wang = parties::app::create(&clerk, app.unit("S1"), wang).await.unwrap();
    let line = |product: &str, quantity, price, serials: &[&str]| LineInput {
        product: product.into(),
        quantity,
        price,
        serials: serials.iter().map(|one| (*one).to_owned()).collect(),
    };
    let sale = SaleInput {
        receipt: "4403-2211-81".into(),
        day: "2026-03-12".into(),
        customer: Some(wang.id.to_string()),
        payment: Some("微信支付".into()),
        lines: vec![line("XQG100", 1, 329_900, &[SERIAL]), line("HOSE", 2, 5_000, &[])],
        ..SaleInput::default()
    };
    let sale = parties::app::create_sale(&clerk, app.unit("S1"), &sale).await.unwrap();
    let unit = parties::app::get_sale(&clerk, sale.id).await.unwrap().units[0].unit.id;
    for (began, ended) in [("2026-08-01", "2026-08-06"), ("2026-10-09", "2026-10-20")].into_iter().take(repairs) {
        let repair = RepairInput {
            body: "不脱水".into(),
            began: began.into(),
            ended: Some(ended.into()),
            proof: Some(format!("FW{began}")),
            ..RepairInput::default()
        };
        parties::app::note_repair(&clerk, unit, None, &repair, Vec::new()).await.unwrap();
    }
    let intake = Intake {
        store: app.unit("S1"),
        kind: Kind::Return,
        channel: Channel::Counter,
        priority: Priority::Normal,
        customer: CustomerChoice::Existing(wang.id),
        subject: "洗衣机修了两次还不脱水".into(),
        body: "要求退货".into(),
        serial: Some(SERIAL.into()),
        category: Some("washer".into()),
        symptoms: vec!["washer.no_spin".into()],
        ..Intake::default()
    };
    cases::app::take_in(&clerk, intake).await.unwrap().id
}

/// The washing machine comes back, with `extra` fen on top of the law.
pub async fn wanted(app: &TestApp, case: Id<of::Case>, way: Way, extra: i64) -> Wanted {
    let found = returns::app::candidate(&app.ctx("clerk1").await, case, None).await.unwrap();
    let unit = found.named.unwrap();
    Wanted {
        case,
        receipt: None,
        way,
        fault: Broken::Performance,
        cause: Cause::Product,
        same_model: Some(YesNo::Yes),
        condition: None,
        reason: "修了两次仍不脱水，顾客要退".into(),
        extra: Money::from_fen(extra),
        extra_reason: if extra > 0 { "免收折旧".into() } else { String::new() },
        keeps: false,
        lines: vec![WantedLine { position: 1, quantity: 0, units: vec![unit] }],
    }
}

pub async fn opened(app: &TestApp, case: Id<of::Case>, way: Way, extra: i64) -> Return {
    let wanted = wanted(app, case, way, extra).await;
    returns::app::open(&app.ctx("clerk1").await, wanted).await.unwrap()
}

pub async fn seen(app: &TestApp, id: Id<ReturnId>) -> Detail {
    detail(&app.ctx("boss1").await, id).await.unwrap()
}

pub async fn part(app: &TestApp, id: Id<ReturnId>, part: Part) -> Payment {
    seen(app, id).await.money.into_iter().find(|one| one.part == part).unwrap()
}

/// `login` gives `wanted` on whatever the return is now.
pub async fn give(app: &TestApp, login: &str, id: Id<ReturnId>, wanted: Command) -> Result<Changed, Fault> {
    let version = seen(app, id).await.one.version;
    command(&app.ctx(login).await, id, version, wanted, Vec::new()).await
}

/// The part `part` is confirmed and paid by the POS under `pos_ref`.
pub async fn paid(app: &TestApp, id: Id<ReturnId>, which: Part, pos_ref: &str) {
    let amount = part(app, id, which).await.amount;
    give(app, "clerk1", id, Command::Confirm { part: which, amount }).await.unwrap();
    give(app, "clerk1", id, Command::Pay { part: which, pos_ref: pos_ref.into(), amount }).await.unwrap();
    assert!(matches!(part(app, id, which).await.state, PayState::Paid | PayState::Reconciled));
}

pub fn line(n: i64) -> impl Fn(&'static str) -> Command {
    use returns::domain::{Check, Finding, Grade};
    move |what| match what {
        "receive" => Command::Receive { line: n },
        "inspect" => Command::Inspect {
            line: n,
            finding: Finding::Ok,
            checks: vec![Check::Serial, Check::Appearance],
            note: Some("外观完好".into()),
        },
        "grade" => Command::Grade { line: n, grade: Grade::ToMaker },
        _ => Command::Deliver { line: n },
    }
}

/// A case of a customer who brings only the receipt `receipt`.
pub async fn case_of(app: &TestApp, receipt: &str) -> Id<of::Case> {
    let intake = Intake {
        store: app.unit("S1"),
        kind: Kind::Return,
        channel: Channel::Counter,
        subject: "进水管漏水".into(),
        body: "要求退货".into(),
        receipt: Some(receipt.into()),
        ..Intake::default()
    };
    cases::app::take_in(&app.ctx("clerk1").await, intake).await.unwrap().id
}
