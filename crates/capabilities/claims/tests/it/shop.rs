//! The small company that sold a washing machine which came back, and shorthands.

use capability::Capability;
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Kind, Priority};
use claims::app::{self, TermInput};
use claims::domain::{After, Command, CommandName};
use claims::store::{Claim, ClaimId, Filter, Show};
use db::Db;
use kernel::{Fault, Id, Money};
use parties::app::CustomerInput;
use parties::domain::{LineInput, ProductInput, RepairInput, SaleInput};
use remedies::{Cause, Fault as Broken, YesNo};
use returns::app::{Wanted, WantedLine};
use returns::domain::{Command as Step, Part, Way};
use returns::store::{Return, ReturnId};
use testapp::TestApp;

pub const SERIAL: &str = "8A2603001271";

pub fn capabilities() -> Vec<Capability> {
    vec![
        notices::capability(),
        approvals::capability(),
        parties::capability(),
        cases::capability(),
        returns::capability(),
        claims::capability(),
    ]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start(db, capabilities).await
}

/// A washing machine of 12 March, twice repaired, whose customer chose `way`; the return is open.
pub async fn returned(app: &TestApp, way: Way, cause: Cause) -> Return {
    let (boss, clerk) = (app.ctx("boss1").await, app.ctx("clerk1").await);
    let product = ProductInput {
        code: "XQG100".into(),
        name: "滚筒洗衣机".into(),
        brand: "海川".into(),
        category: "washer".into(),
        ..ProductInput::default()
    };
    parties::app::create_product(&boss, &product).await.unwrap();
    let wang = CustomerInput { name: "王丽华".into(), phone: "13812345678".into(), ..CustomerInput::default() };
    let wang = parties::app::create(&clerk, app.unit("S1"), wang).await.unwrap();
    let sale = SaleInput {
        receipt: "4403-2211-81".into(),
        day: "2026-03-12".into(),
        customer: Some(wang.id.to_string()),
        payment: Some("微信支付".into()),
        lines: vec![LineInput { product: "XQG100".into(), quantity: 1, price: 329_900, serials: vec![SERIAL.into()] }],
        ..SaleInput::default()
    };
    let sale = parties::app::create_sale(&clerk, app.unit("S1"), &sale).await.unwrap();
    let unit = parties::app::get_sale(&clerk, sale.id).await.unwrap().units[0].unit.id;
    for (began, ended) in [("2026-08-01", "2026-08-06"), ("2026-10-09", "2026-10-20")] {
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
    let case = cases::app::take_in(&clerk, intake).await.unwrap().id;
    let wanted = Wanted {
        case,
        receipt: None,
        way,
        fault: Broken::Performance,
        cause,
        same_model: Some(YesNo::Yes),
        condition: None,
        reason: "修了两次仍不脱水，顾客要退".into(),
        extra: Money::from_fen(if cause == Cause::Product { 0 } else { 10_000 }),
        extra_reason: "照顾老顾客".into(),
        keeps: false,
        lines: vec![WantedLine { position: 1, quantity: 0, units: vec![unit] }],
    };
    returns::app::open(&clerk, wanted).await.unwrap()
}

/// `login` gives `step` on whatever the return is now.
pub async fn step(app: &TestApp, login: &str, id: Id<ReturnId>, step: Step) {
    let ctx = app.ctx(login).await;
    let version = returns::app::detail(&ctx, id).await.unwrap().one.version;
    returns::app::command(&ctx, id, version, step, Vec::new()).await.unwrap();
}

/// The law's part is confirmed and paid by the POS.
pub async fn refunded(app: &TestApp, id: Id<ReturnId>) {
    let detail = returns::app::detail(&app.ctx("clerk1").await, id).await.unwrap();
    let amount = detail.money.iter().find(|one| one.part == Part::Law).unwrap().amount;
    step(app, "clerk1", id, Step::Confirm { part: Part::Law, amount }).await;
    step(app, "clerk1", id, Step::Pay { part: Part::Law, pos_ref: "POS-1".into(), amount }).await;
}

/// The claims that `login` sees.
pub async fn seen(app: &TestApp, login: &str) -> Vec<Claim> {
    let filter = Filter { show: Show::All, ..Filter::default() };
    let page = app::list(&app.ctx(login).await, filter, None, None, 50).await.unwrap();
    page.rows.into_iter().map(|row| row.one).collect()
}

/// `login` gives a command on whatever the claim is now.
pub async fn give(
    app: &TestApp,
    login: &str,
    id: Id<ClaimId>,
    name: CommandName,
    fen: Option<i64>,
    reference: &str,
) -> Result<Claim, Fault> {
    let ctx = app.ctx(login).await;
    let version = app::detail(&ctx, id).await?.one.version;
    let command = Command {
        name,
        day: app.clock.now().day(&ctx.house.zone),
        reference: Some(reference.to_owned()),
        reason: Some("说明".to_owned()),
        amount: fen.map(Money::from_fen),
    };
    app::command(&ctx, id, version, command).await
}

pub async fn term(app: &TestApp, days: i64, version: i64) -> Result<(), Fault> {
    let input = TermInput {
        maker: "海川".into(),
        days,
        after: After::Refunded,
        warn_days: 7,
        contact: Some("claims@haichuan.example".into()),
        version,
    };
    app::set_term(&app.ctx("finance").await, input).await
}
