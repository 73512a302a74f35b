//! Questions that need a second yes: some wait, some are answered, and somebody stands in for somebody. Asked and answered through
//! the use cases that people use, now, so that the inboxes of the demo company are not empty.

use std::sync::Arc;

use approvals::app::{Draft, NewDeputy};
use approvals::domain::{Limit, Verdict};
use capability::{Ctx, Installation};
use cases::app::{CustomerChoice, Filter, Intake, Order};
use cases::domain::{Channel, Command, Kind, Party, Plan, PlanLine, PlanOption, Priority, StateName};
use kernel::{Fault, Id, Money, of};
use parties::app::CustomerInput;
use web::Locale;

/// What is given on top of the law, in yuan, with what the law gives beside it, and who answers how.
const GIFTS: [(&str, i64, i64, Option<(&str, Verdict)>); 6] = [
    ("免收折旧，另送延保一年", 2_908, 390, None),
    ("换新并补偿误工", 0, 260, None),
    ("整机换新，免收使用费", 3_299, 880, None),
    ("上门修复墙面并致歉礼品", 0, 180, Some(("zhou", Verdict::Grant))),
    ("补偿变质食材", 0, 420, Some(("zhou", Verdict::Grant))),
    ("全额退款并补偿一倍", 2_199, 2_199, Some(("wu", Verdict::Decline))),
];
/// Who comes with what when chance gave the store too few open cases for the questions: name, telephone, what is wrong.
const VISITORS: [(&str, &str, &str); 6] = [
    ("郑国强", "13655550101", "洗衣机修过两次还是不脱水"),
    ("唐晓燕", "13655550102", "空调装好半个月就不制冷"),
    ("彭建军", "13655550103", "电视屏幕右边有一条竖线"),
    ("曾丽萍", "13655550104", "热水器漏水，墙面泡坏了"),
    ("萧志刚", "13655550105", "冰箱不制冷，里面的菜都坏了"),
    ("田淑芬", "13655550106", "油烟机一开就跳闸"),
];
/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Asks, answers, sets limits and a stand-in.
pub(super) async fn approvals(house: &Arc<Installation>) -> Result<(), Fault> {
    limits(house).await?;
    let lin = person(house, "lin")?;
    let filter = Filter {
        stores: lin.actor.home.into_iter().collect(),
        states: vec![StateName::Accepted, StateName::Analysing, StateName::PlanProposed, StateName::Executing],
        kinds: vec![Kind::Repair, Kind::Return],
        ..Filter::default()
    };
    let found = cases::app::list(&lin, filter, Order::Newest, None, 6).await?.rows;
    let mut cases: Vec<_> = found.into_iter().map(|case| (case.id, case.version)).collect();
    for visitor in VISITORS.iter().take(GIFTS.len().saturating_sub(cases.len())) {
        cases.push(taken_in(&lin, *visitor).await?);
    }
    for ((case, version), (text, statutory, extra, answer)) in cases.into_iter().zip(GIFTS) {
        cases::app::command(&lin, case, version, propose(text, statutory, extra)).await?;
        let asked = cases::app::detail(&lin, case).await?.questions.into_iter().next();
        if let (Some(question), Some((login, verdict))) = (asked, answer) {
            let (decider, approval) = (person(house, login)?, question.approval);
            let reason = (verdict == Verdict::Decline).then(|| "超出先例，按店规先换新，补偿减半再报".to_owned());
            approvals::app::decide(&decider, approval.id, approval.version, verdict, reason).await?;
        }
    }
    let (wu, now) = (person(house, "wu")?, house.clock.now());
    let (Some(absent), Some(deputy)) = (wu.actor.user, person(house, "zheng")?.actor.user) else { return Ok(()) };
    let away =
        NewDeputy {
            absent, deputy, from: now.plus(DAY), until: now.plus(4 * DAY), note: "去供应商处验厂".to_owned()
        };
    approvals::app::set_deputy(&wu, away).await.map(|_| ())
}

/// A repair that `clerk` takes in and keeps, with its version.
async fn taken_in(clerk: &Ctx, (name, phone, subject): (&str, &str, &str)) -> Result<(Id<of::Case>, i64), Fault> {
    let (Some(store), Some(owner)) = (clerk.actor.home, clerk.actor.user) else { return Err(Fault::not_found()) };
    let customer = CustomerInput { name: name.to_owned(), phone: phone.to_owned(), ..CustomerInput::default() };
    let intake = Intake {
        store,
        kind: Kind::Repair,
        channel: Channel::Counter,
        priority: Priority::High,
        customer: CustomerChoice::New(customer),
        subject: subject.to_owned(),
        body: format!("{subject}。"),
        ..Intake::default()
    };
    let taken = cases::app::take_in(clerk, intake).await?;
    let accept = Command::Accept { owner, priority: Priority::High, kind: Kind::Repair };
    let accepted = cases::app::command(clerk, taken.id, taken.version, accept).await?;
    Ok((taken.id, accepted.version))
}

/// The company's own limits: a second version, with the reason why.
async fn limits(house: &Arc<Installation>) -> Result<(), Fault> {
    let admin = person(house, "admin")?;
    let table = approvals::app::standing(&admin).await?.newest;
    let own = |role: &str, limit: Limit| {
        if role == "technician" { Limit::UpTo(Money::from_fen(3_000)) } else { limit }
    };
    let draft = Draft {
        seen: table.version,
        from: None,
        note: "技师上门只带小额礼品".to_owned(),
        limits: table.limits.into_iter().map(|((kind, role), limit)| (kind, role.clone(), own(&role, limit))).collect(),
        rules: table.rules.into_iter().collect(),
    };
    approvals::app::publish(&admin, draft).await.map(|_| ())
}

/// The person with `login`, acting now.
pub(super) fn person(house: &Arc<Installation>, login: &str) -> Result<Ctx, Fault> {
    let directory = house.identity.directories().now();
    let user = directory.user_by_login(login).ok_or_else(Fault::not_found)?;
    let actor = directory.actor(user.id).ok_or_else(Fault::not_found)?;
    Ok(Ctx::new(Arc::clone(house), actor, Locale::ZhCn, "demo"))
}

fn propose(text: &str, statutory: i64, extra: i64) -> Command {
    let line = |text: &str, yuan: i64, by_law: bool| PlanLine {
        text: text.to_owned(),
        amount: Money::from_fen(yuan * 100),
        bearer: Party::Store,
        by_law,
    };
    let mut options = vec![PlanOption {
        text: text.to_owned(),
        done_by: None,
        lines: vec![line("法定之外的补偿与减免", extra, false)],
    }];
    if statutory > 0 {
        options.push(PlanOption {
            text: "按三包规定办理".to_owned(),
            done_by: None,
            lines: vec![line("退款（扣已使用的折旧）", statutory, true)],
        });
    }
    Command::Propose(Plan { findings: "两次维修未修好，顾客要求尽快处理".to_owned(), options })
}
