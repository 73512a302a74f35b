//! A list of call-backs of the demo company, begun yesterday morning, with the first calls.

use std::sync::Arc;

use capability::{Ctx, Installation};
use collection::app::campaign::{self, Call, Plan};
use collection::domain::campaign::{Outcome, Pool};
use collection::store::campaign::{Show, Wanted};
use kernel::Fault;

use super::asked::person;

/// What came of the first calls: the outcome, the mark, what was said.
const CALLS: [(Outcome, Option<i64>, Option<&str>); 6] = [
    (Outcome::Reached, Some(5), Some("现在用得很好，师傅后来还打过电话问")),
    (Outcome::NotReached, None, None),
    (Outcome::Reached, Some(4), None),
    (Outcome::Reached, Some(2), Some("又有点响了，上次来的师傅说过几天再看，一直没来")),
    (Outcome::Refused, None, Some("请不要再打")),
    (Outcome::Reached, Some(5), None),
];
const HOUR: i64 = 3_600_000;

/// Draws a list from what the first store closed in the last two months, and calls some of it.
pub(super) async fn back(house: &Arc<Installation>) -> Result<(), Fault> {
    let (boss, clerk) = (person(house, "zhou")?, person(house, "lin")?);
    let (Some(owner), Some(store)) = (clerk.actor.user, clerk.actor.home) else { return Ok(()) };
    let directory = house.identity.directories().now();
    let zone = directory.unit(store).map_or_else(|| house.zone.clone(), |unit| unit.zone.clone());
    let today = house.clock.now().day(&zone);
    let morning = today.plus(-1).start(&zone).plus(9 * HOUR);
    let plan = Plan {
        title: "入冬前回访：修好的还好吗".to_owned(),
        owner,
        goal: "修好的用得怎样，有没有人没说出口的不满意".to_owned(),
        script: "你好，我是门店售后。上次的事处理完有一阵子了，想问问现在用得怎么样？\n请打个分：1 分很不满意，5 分很满意。\n有哪里没做好，请告诉我，我记下来马上转给同事。"
            .to_owned(),
        due_on: today.plus(13),
        quiet_days: 90,
        joins_low: true,
        wanted: Wanted { stores: vec![store], ..Wanted::of(Pool::Cases, today.plus(-60), today) },
    };
    // A small company has nobody to call yet.
    if campaign::preview(&boss, &plan.wanted, plan.quiet_days).await?.list.is_empty() {
        return Ok(());
    }
    let id = house.ids.next();
    let system = Ctx::system(Arc::clone(house), "demo");
    system
        .write((id, plan, boss), move |work, (id, plan, boss)| {
            Box::pin(async move { campaign::begin_within(&mut work.acting(boss, morning), *id, plan).await })
        })
        .await?;
    let waiting = campaign::campaign(&clerk, id, Show::Waiting, None, 6).await?.rows;
    for (n, (contact, (outcome, score, note))) in (1_i64..).zip(waiting.into_iter().zip(CALLS)) {
        let call = Call { outcome, score, note: note.map(str::to_owned), next_at: None };
        let at = morning.plus(n * HOUR / 2);
        system
            .write((contact.id, call, clerk.clone()), move |work, (id, call, clerk)| {
                Box::pin(async move { campaign::note_within(&mut work.acting(clerk, at), *id, 1, call).await })
            })
            .await?;
    }
    Ok(())
}
