//! Upset customers of the demo company: one is handed to the manager, one is called back tomorrow, somebody gets a kind word, and what
//! keeps coming back is a problem.

use std::sync::Arc;

use capability::{Ctx, Installation};
use cases::app::{Filter, Order};
use cases::domain::Kind;
use emotion::domain::Level;
use kernel::{Fault, Id, of};
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
        let draft = problems::app::Draft {
            title: "同一批次洗衣机修过还漏水".to_owned(),
            body: "两个月里三台同型号的机器换过门封还漏，怀疑这一批门封偏硬。".to_owned(),
            owner: zhou.actor.user,
            experts: vec![he, chen],
            review_on: Some(house.clock.now().day(&house.zone).plus(3)),
            ..problems::app::Draft::default()
        };
        let problem = problems::app::promote(&zhou, first.id, draft).await?;
        if let Some(second) = reachable.get(1) {
            problems::app::link(&zhou, &problem.number, second.id).await?;
        }
        let said = "问过厂家，十月中旬换过供应商；明天把旧件寄过去。@何静 请看要不要通知别的店。";
        problems::app::post(&zhou, problem.id, said, Vec::new()).await?;
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
