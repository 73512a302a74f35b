//! Upset customers of the demo company: one is handed to the manager, one is called back tomorrow, somebody gets a kind word, and what
//! keeps coming back is a problem.

use std::sync::Arc;

use capability::{Ctx, Installation};
use cases::app::{Filter, Order};
use cases::domain::Kind;
use emotion::domain::Level;
use kernel::{Fault, Id, of};
use problems::app::Draft;
use problems::domain::State;
use web::Locale;

/// Cases that are looked at.
const FEW: u16 = 20;

fn person(house: &Arc<Installation>, login: &str) -> Option<Ctx> {
    let directory = house.identity.directories().now();
    let actor = directory.user_by_login(login).and_then(|user| directory.actor(user.id))?;
    Some(Ctx::new(Arc::clone(house), actor, Locale::ZhCn, "demo"))
}

/// What happened today around the feelings of customers in the first store.
pub(super) async fn feel(house: &Arc<Installation>) -> Result<(), Fault> {
    let (Some(lin), Some(zhou)) = (person(house, "lin"), person(house, "zhou")) else { return Ok(()) };
    let live = Filter { kinds: vec![Kind::Complaint, Kind::Repair], ..Filter::live() };
    let found = cases::app::list(&lin, live, Order::Newest, None, FEW).await?;
    let reachable: Vec<_> = found.rows.into_iter().filter(|case| !case.phone.is_empty()).collect();
    let Some(first) = reachable.first() else { return Ok(()) };
    if !first.upset {
        emotion::app::raise(&lin, first.id, Level::VeryUpset, "在柜台拍桌子，说今天不解决就不走").await?;
    }
    let case = emotion::app::detail(&lin, first.id).await?.case;
    if let Some((senior, _)) = emotion::app::seniors(&lin, &case).first() {
        let note = "顾客带着老人来的，已请到会客区坐下".to_owned();
        emotion::app::hand_over(&lin, case.id, *senior, Some(note)).await?;
    }
    if let Some(second) = reachable.get(1) {
        if !second.upset {
            emotion::app::raise(&lin, second.id, Level::Upset, "电话里声音很大，反复说没人管").await?;
        }
        cool(&lin, &zhou, second.id).await?;
    }
    if let (Some(lin), Some(he), Some(chen)) = (lin.actor.user, user(house, "he"), user(house, "chen")) {
        emotion::app::comfort(&zhou, first.id, lin, "今天这位不好接，你一直没有急，做得很好。先去后面歇十分钟。")
            .await?;
        let draft = Draft {
            title: "同一批次洗衣机修过还漏水".to_owned(),
            body: "两个月里三台同型号的机器换过门封还漏，怀疑这一批门封偏硬。".to_owned(),
            owner: zhou.actor.user,
            experts: vec![he, chen],
            review_on: Some(house.clock.now().day(&house.zone).plus(3)),
            ..Draft::default()
        };
        let problem = problems::app::promote(&zhou, first.id, draft).await?;
        if let Some(second) = reachable.get(1) {
            problems::app::link(&zhou, &problem.number, second.id).await?;
        }
        let said = "问过厂家，十月中旬换过供应商；明天把旧件寄过去。@何静 请看要不要通知别的店。";
        problems::app::post(&zhou, problem.id, said, Vec::new()).await?;
        for (known, case) in KNOWN.iter().zip(reachable.iter().skip(2).map(|case| case.id)) {
            hard(&zhou, known, case, vec![he, chen]).await?;
        }
    }
    Ok(())
}

/// A problem that has got somewhere: title, what is known, its cause and what helps, and where it stands.
struct Known {
    title: &'static str,
    body: &'static str,
    cause: &'static str,
    solution: &'static str,
    state: State,
    said: &'static str,
}

#[rustfmt::skip]
const KNOWN: [Known; 3] = [
    Known { title: "空调外机共振，换脚垫后仍响", body: "三户都在老小区铁架上，夜里 40 分贝以上；换过脚垫，响声没变。", cause: "铁架与墙体只有两点固定，风机转速在 780 转附近引起共振。", solution: "", state: State::KnownCause, said: "和安装队一起去量过，加第三个固定点后降了 6 分贝，还要再试两户。" },
    Known { title: "短信里的进度链接打不开", body: "一周里五位顾客说点开是空白，都是同一个品牌的老手机。", cause: "老系统的浏览器不认新的证书链。", solution: "已换兼容证书；旧手机打开正常，五位顾客都回访过。", state: State::Solved, said: "信息部今天换好了，我用顾客的旧手机试过，能打开。" },
    Known { title: "燃气热水器冬天点火失败集中", body: "降温那周接到七单，都是同一型号，早上第一次用点不着。", cause: "水压低于 0.02 兆帕时水流开关不动作。", solution: "加装增压阀；厂家承担阀件，门店免费上门。", state: State::Closed, said: "七户全部加装完，回访两周没有再报，可以关了。" },
];

/// Promotes `case` and brings the problem to where it stands.
async fn hard(zhou: &Ctx, known: &Known, case: Id<of::Case>, experts: Vec<Id<of::User>>) -> Result<(), Fault> {
    let words = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let draft = Draft {
        title: known.title.to_owned(),
        body: known.body.to_owned(),
        owner: zhou.actor.user,
        experts,
        review_on: (known.state == State::KnownCause).then(|| zhou.now().day(&zhou.house.zone).plus(1)),
        ..Draft::default()
    };
    let problem = problems::app::promote(zhou, case, draft.clone()).await?;
    problems::app::post(zhou, problem.id, known.said, Vec::new()).await?;
    // It is closed by way of being solved.
    let steps = [State::KnownCause, State::Solved, State::Closed];
    let until = steps.iter().position(|state| *state == known.state).unwrap_or(0);
    let mut version = problem.version;
    for state in steps.iter().take(until + 1) {
        let solved = *state != State::KnownCause;
        let solution = words(known.solution).filter(|_| solved);
        let step = Draft { cause: words(known.cause), solution, state: Some(*state), ..draft.clone() };
        version = problems::app::change(zhou, problem.id, version, step).await?;
    }
    Ok(())
}

/// Whoever does not have the case calls tomorrow.
async fn cool(lin: &Ctx, zhou: &Ctx, case: Id<of::Case>) -> Result<(), Fault> {
    let owner = emotion::app::detail(lin, case).await?.case.owner;
    let caller = [lin.actor.user, zhou.actor.user].into_iter().flatten().find(|user| Some(*user) != owner);
    match caller {
        Some(caller) => emotion::app::plan_call(lin, case, 24, caller).await,
        None => Ok(()),
    }
}

fn user(house: &Arc<Installation>, login: &str) -> Option<Id<of::User>> {
    house.identity.directories().now().user_by_login(login).map(|user| user.id)
}
