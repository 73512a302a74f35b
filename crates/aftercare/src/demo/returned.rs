//! Returns of the demo company: a washing machine that was repaired twice and whose return is still to be begun, and returns on every
//! stretch of their way.

use std::sync::Arc;

use capability::{Ctx, Installation};
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Kind, Priority};
use kernel::{Fault, Id, Money, of};
use parties::app::CustomerInput;
use parties::domain::{LineInput, RepairInput, SaleInput};
use remedies::{Cause, Fault as Broken, YesNo};
use returns::app::{Wanted, WantedLine};
use returns::domain::{Check, Command, Finding, Grade, Part, State, Way};
use returns::proposals::app::Draft;
use returns::proposals::domain::{ProposalKind, Side};
use returns::store::ReturnId;

use super::play::Cast;

const DAY: i64 = 86_400_000;

/// How far a return has got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// The customer is here, nobody has begun it.
    Brought,
    /// Opened: the law's part can be done, the extra is asked for.
    Opened,
    /// The POS is to refund.
    Confirmed,
    /// What came back is not what it was for.
    Damaged,
    /// All of it.
    Completed,
}

struct Story {
    serial: &'static str,
    product: &'static str,
    yuan: i64,
    bought: i64,
    repairs: &'static [(i64, i64)],
    customer: (&'static str, &'static str),
    subject: &'static str,
    category: &'static str,
    symptom: &'static str,
    fault: Broken,
    way: Way,
    /// On top of the law, in yuan, and why.
    extra: (i64, &'static str),
    reached: Reached,
}

#[rustfmt::skip]
const STORIES: &[Story] = &[
    Story { serial: "8A2603001271", product: "XQG100-B14", yuan: 3_299, bought: 255, repairs: &[(112, 6), (43, 12)], customer: ("王丽华", "13800135678"), subject: "洗衣机修了两次还不脱水", category: "washer", symptom: "washer.no_spin", fault: Broken::Performance, way: Way::Refund, extra: (0, ""), reached: Reached::Brought },
    Story { serial: "8A2603001302", product: "XQG100-B14", yuan: 3_299, bought: 240, repairs: &[(100, 5), (30, 9)], customer: ("陈国强", "13800136602"), subject: "洗衣机第三次不排水，要退", category: "washer", symptom: "washer.no_drain", fault: Broken::Performance, way: Way::Refund, extra: (300, "修了两次没修好，免收折旧"), reached: Reached::Opened },
    Story { serial: "BC2608007715", product: "BCD-452W", yuan: 4_299, bought: 5, repairs: &[], customer: ("赵敏芝", "13800137715"), subject: "新冰箱不制冷，要求退货", category: "fridge", symptom: "fridge.no_cool", fault: Broken::Performance, way: Way::Refund, extra: (0, ""), reached: Reached::Confirmed },
    Story { serial: "KF2607003309", product: "KFR-35GW", yuan: 2_999, bought: 6, repairs: &[], customer: ("刘建平", "13800133309"), subject: "空调外壳裂，要求退货", category: "ac", symptom: "ac.no_cool", fault: Broken::Performance, way: Way::Refund, extra: (0, ""), reached: Reached::Damaged },
    Story { serial: "8A2602000418", product: "XQG100-B14", yuan: 3_299, bought: 300, repairs: &[(150, 8), (60, 7)], customer: ("孙晓燕", "13800130418"), subject: "洗衣机修过两次，要求换新", category: "washer", symptom: "washer.no_power", fault: Broken::Performance, way: Way::Exchange, extra: (0, ""), reached: Reached::Completed },
    Story { serial: "L62609001120", product: "L65-Q8", yuan: 4_999, bought: 4, repairs: &[], customer: ("周志远", "13800131120"), subject: "电视有竖线，要求退货", category: "tv_flat", symptom: "tv_flat.lines", fault: Broken::Performance, way: Way::Refund, extra: (0, ""), reached: Reached::Completed },
];

/// Plays them in the first store, by its own people.
pub(super) async fn returns(house: &Arc<Installation>, cast: &Cast) -> Result<(), Fault> {
    let directory = house.identity.directories().now();
    let Some(crew) = cast.crews.first() else { return Ok(()) };
    let (Some((_, clerk)), Some((_, manager))) = (crew.clerks.first(), crew.manager.as_ref()) else { return Ok(()) };
    if let Some(quality) = directory.user_by_login("he").and_then(|user| directory.actor(user.id)) {
        let quality = Ctx::new(Arc::clone(house), quality, web::Locale::ZhCn, "demo");
        for crew in cast.crews.iter() {
            ::returns::app::set_budget(&quality, crew.store, Money::from_fen(200_000), 0).await?;
        }
    }
    for story in STORIES {
        tell(house, crew.store, (clerk, manager), story).await?;
    }
    metrics::fold(&house.db).await?;
    review(house).await
}

/// What the customer asks on top of the law, and what we offer instead.
async fn negotiate(clerk: &Ctx, id: Id<ReturnId>) -> Result<(), Fault> {
    let valid = clerk.now().day(&clerk.house.zone).plus(7);
    for (side, cost, body, valid) in [
        (Side::Customer, 0, "顾客想要再送一年延保", None),
        (Side::Us, 9_900, "送一次上门清洗和一条加长排水管", Some(valid)),
    ] {
        let version = ::returns::app::detail(clerk, id).await?.one.version;
        let draft = Draft {
            side,
            kind: ProposalKind::Gesture,
            amount: Money::ZERO,
            cost: Money::from_fen(cost),
            body: body.to_owned(),
            valid,
        };
        ::returns::proposals::app::propose(clerk, id, version, draft).await?;
    }
    Ok(())
}

/// The reviews of the last week, month and quarter, and a decision of the last week's.
async fn review(house: &Arc<Installation>) -> Result<(), Fault> {
    let directory = house.identity.directories().now();
    let job = Ctx::system(Arc::clone(house), "returns.reviews");
    ::returns::reviews::app::prepare(&job).await?;
    let (Some(quality), Some(owner)) = (directory.user_by_login("he"), directory.user_by_login("zhou")) else {
        return Ok(());
    };
    let Some(actor) = directory.actor(quality.id) else { return Ok(()) };
    let quality = Ctx::new(Arc::clone(house), actor, web::Locale::ZhCn, "demo");
    let due = house.clock.now().day(&house.zone).plus(10);
    if let Some(one) = ::returns::reviews::app::overview(&quality, None).await?.rows.first() {
        let body = "请清泉来店看排水泵批次，给出更换办法";
        ::returns::reviews::app::decide(&quality, one.id, body, owner.id, due).await?;
    }
    Ok(())
}

async fn tell(
    house: &Arc<Installation>,
    store: Id<of::Unit>,
    (clerk, manager): (&Ctx, &Ctx),
    story: &Story,
) -> Result<(), Fault> {
    let ago = |days: i64| house.clock.now().plus(-days * DAY).day(&house.zone).to_string();
    let (name, phone) = story.customer;
    let input = CustomerInput { name: name.to_owned(), phone: phone.to_owned(), ..CustomerInput::default() };
    let customer = parties::app::create(clerk, store, input).await?;
    let sale = SaleInput {
        receipt: format!("4403{}", &story.serial.chars().rev().take(8).collect::<String>()),
        day: ago(story.bought),
        customer: Some(customer.id.to_string()),
        payment: Some("微信支付".to_owned()),
        lines: vec![LineInput {
            product: story.product.to_owned(),
            quantity: 1,
            price: story.yuan * 100,
            serials: vec![story.serial.to_owned()],
        }],
        ..SaleInput::default()
    };
    let sale = parties::app::create_sale(clerk, store, &sale).await?;
    let units = parties::app::get_sale(clerk, sale.id).await?.units;
    let Some(unit) = units.first().map(|row| row.unit.id) else { return Ok(()) };
    if story.repairs.len() > 1 {
        super::promised::warranty(house, clerk, unit, i32::try_from(story.bought).unwrap_or(0)).await?;
    }
    for (n, (began, days)) in story.repairs.iter().enumerate() {
        let repair = RepairInput {
            body: "没修好，换排水泵".to_owned(),
            began: ago(*began),
            ended: Some(ago(began - days + 1)),
            proof: Some(format!("WX{}-{}", story.serial, n + 1)),
            ..RepairInput::default()
        };
        parties::app::note_repair(clerk, unit, None, &repair, Vec::new()).await?;
    }
    if story.product == "BCD-452W" {
        super::promised::subsidy(clerk, unit, story.yuan * 100).await?;
    }
    let catalogue = cases::app::symptoms(house).await?;
    let known = catalogue.category(story.category).is_some();
    let intake = Intake {
        store,
        kind: Kind::Return,
        channel: Channel::Counter,
        priority: Priority::High,
        customer: CustomerChoice::Existing(customer.id),
        subject: story.subject.to_owned(),
        body: format!("{}。", story.subject),
        serial: Some(story.serial.to_owned()),
        category: known.then(|| story.category.to_owned()),
        ..Intake::default()
    };
    let with = Intake { symptoms: vec![story.symptom.to_owned()], ..intake.clone() };
    // A company may have ended the symptom; the case is the same without it.
    let case = match cases::app::take_in(clerk, with).await {
        Ok(taken) => taken.id,
        Err(_) => cases::app::take_in(clerk, intake).await?.id,
    };
    if story.reached == Reached::Brought {
        return Ok(());
    }
    let (yuan, why) = story.extra;
    let wanted = Wanted {
        case,
        receipt: None,
        way: story.way,
        fault: story.fault,
        cause: Cause::Product,
        same_model: Some(YesNo::Yes),
        condition: None,
        reason: story.subject.to_owned(),
        extra: Money::from_fen(yuan * 100),
        extra_reason: why.to_owned(),
        keeps: false,
        lines: vec![WantedLine { position: 1, quantity: 0, units: vec![unit] }],
    };
    let one = ::returns::app::open(clerk, wanted).await?;
    let give = async |by: &Ctx, command: Command| {
        let detail = ::returns::app::detail(by, one.id).await?;
        if detail.one.state != State::Open {
            return Ok(());
        }
        ::returns::app::command(by, one.id, detail.one.version, command, Vec::new()).await.map(|_| ())
    };
    if story.reached == Reached::Opened {
        return negotiate(clerk, one.id).await;
    }
    give(clerk, Command::Receive { line: 1 }).await?;
    let damaged = story.reached == Reached::Damaged;
    let finding = if damaged { Finding::Damaged } else { Finding::Ok };
    let checks = if damaged { vec![Check::Serial] } else { vec![Check::Serial, Check::Appearance, Check::Accessories] };
    give(manager, Command::Inspect { line: 1, finding, checks, note: None }).await?;
    if damaged {
        let reason = "外壳是摔裂的，和申请的故障不符".to_owned();
        return give(clerk, Command::Refuse { reason, cost: Money::ZERO }).await;
    }
    let detail = ::returns::app::detail(clerk, one.id).await?;
    let law = detail.money.iter().find(|payment| payment.part == Part::Law).map(|payment| payment.amount);
    if let Some(amount) = law {
        give(clerk, Command::Confirm { part: Part::Law, amount }).await?;
        if story.reached == Reached::Confirmed {
            return Ok(());
        }
        let pos_ref = format!("POS{}", story.serial);
        give(clerk, Command::Pay { part: Part::Law, pos_ref, amount }).await?;
    }
    if story.way == Way::Exchange {
        let serial = Some(format!("{}N", story.serial));
        give(clerk, Command::Send { line: 1, serial }).await?;
        give(clerk, Command::Deliver { line: 1 }).await?;
    }
    give(clerk, Command::Grade { line: 1, grade: Grade::ToMaker }).await?;
    let papers = Command::Papers {
        red_invoice: law.map(|_| format!("HZ{}", story.serial)),
        stock_receipt: Some(format!("RK{}", story.serial)),
    };
    give(clerk, papers).await
}
