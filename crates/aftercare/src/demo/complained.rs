//! Complaints of the demo company, in every state of their flow, each act by who does it and when.

use std::sync::Arc;

use capability::{Ctx, Installation, Work};
use cases::app::replay::{Prepared, Replay};
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Command as General, Kind, Proof};
use complaints::app::{adopt_into, command_within};
use complaints::domain::{Cause, Command, Line, Party, Reason, Remedy, Severity, Source, State, Topic};
use kernel::{Fault, Id, Money, Timestamp, of};

use super::play::{Cast, Crew};

/// An hour and a day in milliseconds.
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// One complaint: what the customer says, what it is, how long ago it came and how far it has got.
struct Story {
    subject: &'static str,
    body: &'static str,
    severity: Severity,
    topic: Topic,
    cause: &'static str,
    party: Party,
    hours_ago: i64,
    reached: State,
    /// What is offered, with its cost in yuan.
    offered: &'static [(Remedy, &'static str, i64)],
}

const APOLOGY: (Remedy, &str, i64) = (Remedy::Apology, "店长上门道歉", 0);

#[rustfmt::skip]
const STORIES: &[Story] = &[
    Story { subject: "冰箱第 3 次维修爽约", body: "说好上午来，等到晚上也没人，电话打了四次。", severity: Severity::S2, topic: Topic::Repair, cause: "repair_late", party: Party::Store, hours_ago: 3, reached: State::Registered, offered: &[] },
    Story { subject: "燃气灶点火回火，顾客轻微烫伤", body: "点火时火苗窜出来，手背烫红了，要求马上有人处理。", severity: Severity::S1, topic: Topic::Safety, cause: "product", party: Party::Maker, hours_ago: 5, reached: State::Screening, offered: &[] },
    Story { subject: "空调安装打孔偏位，要求修复墙面", body: "孔打偏了又重新打一个，墙面两个洞。", severity: Severity::S2, topic: Topic::Installation, cause: "installation", party: Party::Installer, hours_ago: 8, reached: State::Accepted, offered: &[] },
    Story { subject: "客服让顾客重复讲三遍情况", body: "每次转接都要从头说一遍，没有人记录。", severity: Severity::S3, topic: Topic::Attitude, cause: "manner", party: Party::Store, hours_ago: 20, reached: State::Investigating, offered: &[] },
    Story { subject: "沙发色差与样品不一致", body: "样品是浅灰，送来偏黄。", severity: Severity::S3, topic: Topic::Quality, cause: "information", party: Party::Store, hours_ago: 26, reached: State::Verdict, offered: &[] },
    Story { subject: "退款承诺 3 天，第 6 天未到账", body: "说三天到账，今天第六天。", severity: Severity::S2, topic: Topic::Refund, cause: "refund_late", party: Party::Store, hours_ago: 30, reached: State::Offered, offered: &[APOLOGY, (Remedy::Compensation, "延误补偿 50 元", 50)] },
    Story { subject: "送货迟到 3 小时未通知", body: "请了半天假在家等，没有一个电话。", severity: Severity::S3, topic: Topic::Delivery, cause: "delivery", party: Party::Carrier, hours_ago: 50, reached: State::Agreed, offered: &[APOLOGY, (Remedy::Voucher, "优惠券 30 元", 30)] },
    Story { subject: "配件收费没有明示价格", body: "换完才说 180 元，事先没讲。", severity: Severity::S4, topic: Topic::Fees, cause: "fees", party: Party::Store, hours_ago: 60, reached: State::Executing, offered: &[(Remedy::Refund, "退还未明示的 80 元", 80), APOLOGY] },
    Story { subject: "保修期口径前后不一", body: "买的时候说三年，报修说只有一年。", severity: Severity::S3, topic: Topic::Promise, cause: "oversold", party: Party::Store, hours_ago: 120, reached: State::FollowUp, offered: &[(Remedy::Repair, "按三年承诺免费维修", 120), APOLOGY] },
    Story { subject: "洗衣机修了两次还漏水", body: "地板泡坏了，要求换新机。", severity: Severity::S2, topic: Topic::Repair, cause: "repair_again", party: Party::Maker, hours_ago: 300, reached: State::Closed, offered: &[(Remedy::Exchange, "换同型号新机", 0), (Remedy::Compensation, "地板处理 300 元", 300)] },
    Story { subject: "维修师傅爽约两次", body: "约了两次都没来。", severity: Severity::S3, topic: Topic::Repair, cause: "repair_late", party: Party::Store, hours_ago: 420, reached: State::Archived, offered: &[APOLOGY, (Remedy::Voucher, "优惠券 50 元", 50)] },
    Story { subject: "空调报修一周没人联系", body: "天气热，老人在家，没人联系。", severity: Severity::S2, topic: Topic::Repair, cause: "repair_late", party: Party::Store, hours_ago: 600, reached: State::Archived, offered: &[APOLOGY, (Remedy::Compensation, "补偿 100 元", 100)] },
    Story { subject: "安装费比报价多收", body: "报价 100，收了 260。", severity: Severity::S3, topic: Topic::Fees, cause: "fees", party: Party::Installer, hours_ago: 700, reached: State::Appealed, offered: &[(Remedy::Refund, "退还多收的 160 元", 160)] },
    Story { subject: "别家买的手机要求退货", body: "不是在你们店买的，但你们也卖这个牌子。", severity: Severity::S4, topic: Topic::Other, cause: "other", party: Party::Nobody, hours_ago: 90, reached: State::NotAccepted, offered: &[] },
    Story { subject: "物业不让装外机", body: "物业不让装，你们管不管。", severity: Severity::S4, topic: Topic::Other, cause: "other", party: Party::Nobody, hours_ago: 140, reached: State::Transferred, offered: &[] },
    Story { subject: "等待叫号太久", body: "等了四十分钟，后来店员解释清楚了。", severity: Severity::S4, topic: Topic::Attitude, cause: "manner", party: Party::Store, hours_ago: 170, reached: State::Withdrawn, offered: &[] },
];

/// The states in their order; what ends aside is told apart.
const WAY: [State; 13] = [
    State::Screening,
    State::Accepted,
    State::Investigating,
    State::Verdict,
    State::Proposal,
    State::Offered,
    State::Agreed,
    State::Executing,
    State::FollowUp,
    State::Closed,
    State::Archived,
    State::Appealed,
    State::NotAccepted,
];

/// Live complaints of the stories come into their flow, and a complaint in every state is told.
pub(super) async fn complaints(house: &Arc<Installation>, cast: &Cast) -> Result<(), Fault> {
    let system = Ctx::system(Arc::clone(house), "demo");
    complaints::app::adopt_all(&system).await?;
    let replay = Replay::open(&system).await?;
    let now = house.clock.now();
    let mut told = Vec::new();
    let customers: Vec<Id<of::Customer>> = cast.customers.values().copied().collect();
    for (n, story) in STORIES.iter().enumerate() {
        let Some(crew) = cast.crews.get(n % 3) else { continue };
        let (Some((_, clerk)), Some((_, manager))) = (crew.clerks.first(), crew.manager.as_ref()) else { continue };
        let came = now.plus(-story.hours_ago * HOUR);
        let prepared = replay.prepare(clerk, intake(crew, story), came).await?;
        let customer = customers.get(n * 7 % customers.len().max(1)).copied();
        told.push((story, prepared, clerk.clone(), manager.clone(), customer));
    }
    let region = region(house)?;
    system
        .write((told, replay, region), |work, (told, replay, region)| {
            Box::pin(async move {
                for (story, prepared, clerk, manager, customer) in told {
                    let people = People { clerk, manager, region };
                    tell(work, replay, story, prepared, *customer, &people).await?;
                }
                Ok(work.unchanged(()))
            })
        })
        .await?;
    metrics::fold(&house.db).await?;
    Ok(())
}

/// Who acts.
struct People<'a> {
    clerk: &'a Ctx,
    manager: &'a Ctx,
    region: &'a Ctx,
}

fn region(house: &Arc<Installation>) -> Result<Ctx, Fault> {
    let directory = house.identity.directories().now();
    let user = directory.user_by_login("wu").ok_or_else(Fault::not_found)?;
    let actor = directory.actor(user.id).ok_or_else(Fault::not_found)?;
    Ok(Ctx::new(Arc::clone(house), actor, web::Locale::ZhCn, "demo"))
}

fn intake(crew: &Crew, story: &Story) -> Intake {
    Intake {
        store: crew.store,
        kind: Kind::Complaint,
        channel: Channel::Phone,
        priority: story.severity.priority(),
        customer: CustomerChoice::Anonymous,
        subject: story.subject.to_owned(),
        body: story.body.to_owned(),
        upset: story.severity <= Severity::S2,
        ..Intake::default()
    }
}

/// Plays one story up to where it has got.
async fn tell(
    work: &mut Work<'_>,
    replay: &Replay,
    story: &Story,
    prepared: &Prepared,
    customer: Option<Id<of::Customer>>,
    people: &People<'_>,
) -> Result<(), Fault> {
    let now = work.now;
    let came = now.plus(-story.hours_ago * HOUR);
    let clerk = people.clerk;
    let id = replay.take_in(&mut work.acting(clerk, came), prepared, customer).await?.into_value().id;
    adopt_into(&mut work.acting(clerk, came), id).await?;
    // What has happened so far is spread over the first part of the time since.
    let pace = (story.hours_ago * HOUR / 40).min(4 * HOUR);
    let mut at = came;
    let steps: Vec<State> = match story.reached {
        State::Registered => Vec::new(),
        State::NotAccepted | State::Transferred | State::Withdrawn => vec![State::Screening, story.reached],
        reached => {
            let until = WAY.iter().position(|state| *state == reached).unwrap_or(0);
            WAY.iter()
                .take(until + 1)
                .copied()
                .filter(|state| reached != State::Appealed || *state != State::Archived)
                .collect()
        }
    };
    for step in steps {
        at = Timestamp::from_millis((at.millis() + pace).min(now.millis()));
        for (by, command) in acts(step, story, people, at) {
            let _done = command_within(&mut work.acting(by, at), id, None, &command).await?;
        }
        if step == State::Agreed {
            let version = cases::store::get(work.tx, id).await?.map_or(1, |case| case.version);
            let yes =
                General::Confirm { option: 0, proof: Proof::Phone("去电说明方案，顾客同意".to_owned()) };
            let _said = replay.command(&mut work.acting(clerk, at), id, version, yes).await?;
        }
    }
    Ok(())
}

/// What leads to `step`, and who does it.
fn acts<'a>(step: State, story: &Story, people: &People<'a>, at: Timestamp) -> Vec<(&'a Ctx, Command)> {
    let (clerk, manager) = (people.clerk, people.manager);
    let decider = if story.severity.is_severe() { people.region } else { manager };
    let handler = clerk.actor.user.unwrap_or(Id::new(0));
    let one = |by: &'a Ctx, command: Command| vec![(by, command)];
    match step {
        State::Screening => {
            let harm = story.severity.is_severe();
            one(clerk, Command::Screen { severity: story.severity, source: Source::Customer, harm })
        }
        State::Accepted => {
            let (severity, topic) = (story.severity, story.topic);
            one(decider, Command::Accept { severity, topic, handler, interested: Vec::new() })
        }
        State::Investigating => one(clerk, Command::Investigate),
        State::Verdict => one(
            clerk,
            Command::Conclude {
                facts: format!("{}。已核对服务记录和通话录音，顾客所述属实。", story.subject),
                evidence: "服务记录\n通话录音".to_owned(),
                party: story.party,
                cause: Cause::parse(story.cause).unwrap_or(Cause::OTHER),
                unit: story.party.is_ours().then_some(clerk.actor.home).flatten(),
                user: None,
            },
        ),
        State::Proposal if !story.offered.is_empty() => {
            let lines = story.offered.iter().map(|(kind, text, yuan)| Line {
                kind: *kind,
                text: (*text).to_owned(),
                amount: Money::from_fen(yuan * 100),
                by_law: false,
            });
            one(clerk, Command::Draft { lines: lines.collect() })
        }
        State::Offered => {
            let wording = "给您带来不便，我们诚恳道歉。经核实情况属实，处理如下，请您确认。".to_owned();
            one(clerk, Command::Submit { wording, valid_until: at.plus(7 * DAY) })
        }
        State::Executing => one(clerk, Command::Begin),
        State::FollowUp => {
            let done = (1_i64..)
                .zip(story.offered)
                .map(|(line, (_, text, _))| (clerk, Command::Execute { line, note: format!("{text}，已办") }));
            let answer = "约定的事项都已办好，感谢您的监督。".to_owned();
            done.chain(one(clerk, Command::Finish { answer })).collect()
        }
        State::Closed => one(
            manager,
            Command::CallBack {
                holds: true, note: "去电回访，顾客说已解决".to_owned(), satisfaction: Some(4)
            },
        ),
        State::Archived => one(manager, Command::Archive),
        State::Appealed => one(clerk, Command::Appeal { why: "只退钱，没有道歉".to_owned() }),
        State::NotAccepted => {
            let notice = "这台商品不是我店售出，请您联系购买店铺；如有异议，15 天内可以申诉。".to_owned();
            one(manager, Command::NotAccept { reason: Reason::NotOurs, notice })
        }
        State::Transferred => one(manager, Command::Transfer { notice: "已转物业公司客服，三天内答复您。".to_owned() }),
        State::Withdrawn => one(clerk, Command::Withdraw { note: "顾客来电说已经理解，不再投诉".to_owned() }),
        State::Registered | State::Proposal | State::Approval | State::Agreed | State::Duplicate => Vec::new(),
    }
}
