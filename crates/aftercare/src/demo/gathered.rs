//! What the demo company gathers itself: complaints of platforms and authorities, what its managers hear in the stores, what a second
//! person thinks of closed complaints, and what was made better because of what customers said.

use std::sync::Arc;

use capability::{Ctx, Installation};
use collection::app::{self as collecting, Heard, Wanted};
use collection::domain::{Category, Field, Source};
use complaints::review::{self, Draw, Marked};
use feedback::app::{self as feedback_app, ImprovementDraft as Draft};
use feedback::store::Filter as Voices;
use feedback::store::improve::State;
use kernel::{Fault, Id, of};

use super::play::{Cast, Crew};
use super::voices;

/// An hour and a day in milliseconds.
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Feedback that is looked through for what led to an improvement.
const LOOKED_AT: u16 = 400;
/// How far back closed complaints are drawn for review, in days, and how many.
const DRAWN: (i64, i64) = (120, 8);

/// A complaint of a platform: number, hours ago, words, customer, product, order.
type Line = (&'static str, i64, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const PLATFORM: [Line; 4] = [
    ("JD2026112103387", 46, "空调到货外机有一处凹陷，客服让拍了照又没有下文，要求换新或者补偿。", "周**", "变频空调 KFR-35GW", "2900417738201"),
    ("JD2026112107715", 31, "说好送货入户，师傅放在单元门口就走了，七十斤的洗衣机自己搬上三楼。", "何**", "滚筒洗衣机 XQG100-B14", "2900418116540"),
    ("JD2026112200964", 22, "评价有礼的返现一直没到，问客服就是“请耐心等待”。", "徐**", "空气炸锅 AF-50", "2900418360077"),
    ("JD2026112202251", 9, "热水器装好漏水，预约的二次上门改了两次时间。", "孙**", "燃气热水器 JSQ30", "2900418402916"),
];

/// What an authority passed on: number, hours ago, days to answer, words, claimant, phone, officer.
type Passed = (&'static str, i64, i64, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const AUTHORITY: [Passed; 2] = [
    ("1233010020261121000442", 28, 5, "10 月 30 日购买的冰箱 11 月 18 日起冷藏室不制冷，门店说要等厂家检测，已等四天，要求换货。", "钱海燕", "13900004417", "陆科员"),
    ("1233010020261122000093", 6, 7, "门店宣传“三年免费清洗”，购买后被告知每年只有一次且要付上门费，要求按宣传履行。", "沈阿姨", "13900009265", "陆科员"),
];

/// What is heard or seen in a store: hours ago, about what, words, and what was done about it.
type Seen = (i64, Category, &'static str, Option<&'static str>);

#[rustfmt::skip]
const PATROLS: [Seen; 9] = [
    (3, Category::Voice, "一位老人拿着热水器保修卡问了三个柜台，都让她去别处；最后是收银的小姑娘带到售后台。", None),
    (5, Category::Safety, "样机区插线板拖在过道上，小孩绊了一下，没有受伤。", Some("插线板已固定到墙面，当班店长复查过")),
    (26, Category::Display, "空调展区两台价签还是上个月的活动价，和收银系统差 200 元。", Some("价签已换，活动结束时由店长逐台核对并签字")),
    (28, Category::Service, "取件窗口三位顾客等了二十多分钟，只有一个人在办；后面两个窗口放着纸箱。", None),
    (50, Category::Facility, "等候区饮水机坏了两天，没有人报修。", Some("已报修，当天换新")),
    (54, Category::Voice, "顾客说“维修单上的字太小，看不清约定时间”，一上午听到两回。", Some("取件单改用大字模板，周五起试用")),
    (75, Category::Service, "电话回访的话术念得太快，顾客两次说没听清。", None),
    (98, Category::Display, "“三包说明”展架被促销海报挡住。", Some("展架移到入口，海报不得再挡")),
    (120, Category::Other, "早会没有讲昨天的失约单，问当班的人都不知道。", Some("失约单写进晨会一页，店长主持")),
];

/// What was made better: the category of what customers said, title, what they said and what was done, how long ago it began, when it
/// was done, and whether the public sees it.
struct Better {
    category: &'static str,
    title: &'static str,
    said: &'static str,
    did: &'static str,
    began: i64,
    done: Option<i64>,
    published: bool,
}

#[rustfmt::skip]
const BETTER: [Better; 4] = [
    Better { category: "environment", title: "等候区加座位和叫号屏", said: "等候区只有两把椅子，老人都站着等。", did: "加了 8 个座位和叫号屏，快到号时发短信。", began: 40, done: Some(28), published: true },
    Better { category: "price", title: "安装和配件收费上墙", said: "装完才知道支架和打孔要另外收钱。", did: "收费表贴在门口和下单页，没有事先讲清的费用一律退。", began: 33, done: Some(20), published: true },
    Better { category: "delivery", title: "送货时间缩到两小时一段", said: "只能选上午或下午，请半天假在家等。", did: "可以选两小时一段，出发前半小时打电话。", began: 16, done: Some(6), published: false },
    Better { category: "repair", title: "维修进度每天一条短信", said: "送修以后没有消息，每次都要自己打电话问。", did: "", began: 5, done: None, published: false },
];

/// What a reviewer thinks of a closed complaint: points by criterion, and words; what the handler answers.
type Opinion = ([i64; 5], &'static str, Option<&'static str>);

#[rustfmt::skip]
const OPINIONS: [Opinion; 4] = [
    ([5, 4, 5, 5, 4], "两次回电都在承诺时间内，方案讲得清楚；证据里缺一张现场照片，下次补拍。", Some("已在本店提醒，上门维修单改成必传照片。")),
    ([3, 4, 3, 4, 3], "首次答复晚了半天，通话里打断顾客两次；补偿兑现及时。", None),
    ([4, 5, 4, 4, 5], "责任判定依据充分，改进建议落到了配送公司；结案答复可以再短一些。", Some("谢谢提醒，答复模板已经改短。")),
    ([2, 3, 4, 3, 2], "原因只写了“沟通”，没有追到派单环节；同样的失约半个月内出现三次。", None),
];

fn person(house: &Arc<Installation>, login: &str) -> Result<Ctx, Fault> {
    let directory = house.identity.directories().now();
    let actor =
        directory.user_by_login(login).and_then(|user| directory.actor(user.id)).ok_or_else(Fault::not_found)?;
    Ok(Ctx::new(Arc::clone(house), actor, web::Locale::ZhCn, "demo"))
}

/// Takes complaints over, writes down what was heard, has closed complaints marked, and makes things better.
pub(super) async fn gather(house: &Arc<Installation>, cast: &Cast) -> Result<(), Fault> {
    let quality = person(house, "he")?;
    // Where most logins of the demo work comes first.
    let home = person(house, "zhou")?.actor.home;
    let mut crews: Vec<&Crew> = cast.crews.iter().collect();
    crews.sort_by_key(|crew| Some(crew.store) != home);
    let Some(first) = crews.first() else { return Ok(()) };
    take_over(&quality, first).await?;
    patrol(&crews).await?;
    mark(&quality).await?;
    improve(house, cast).await?;
    metrics::fold(&house.db).await?;
    Ok(())
}

async fn take_over(quality: &Ctx, crew: &Crew) -> Result<(), Fault> {
    let now = quality.now();
    let ago = |hours: i64| now.plus(-hours * HOUR).to_string();
    let platform = PLATFORM.iter().map(|(number, hours, body, name, product, order)| {
        [*number, &ago(*hours), body, name, product, order].map(str::to_owned).to_vec()
    });
    let columns =
        [Field::Number, Field::Happened, Field::Body, Field::Name, Field::Product, Field::Receipt].map(Some).to_vec();
    let lines = platform.collect();
    collecting::import(quality, Wanted { source: Source::Jd, store: Some(crew.store), lines, columns }).await?;
    let passed = AUTHORITY.iter().map(|(number, hours, days, body, name, phone, officer)| {
        let due = now.plus(-hours * HOUR + days * DAY).to_string();
        [*number, &ago(*hours), body, name, phone, officer, "0571-00002222", "西湖区市场监管局古荡所", &due]
            .map(str::to_owned)
            .to_vec()
    });
    let columns = [
        Field::Number,
        Field::Happened,
        Field::Body,
        Field::Name,
        Field::Phone,
        Field::Officer,
        Field::OfficerPhone,
        Field::Authority,
        Field::Due,
    ];
    let wanted = Wanted {
        source: Source::Regulator,
        store: Some(crew.store),
        lines: passed.collect(),
        columns: columns.map(Some).to_vec(),
    };
    collecting::import(quality, wanted).await.map(|_| ())
}

async fn patrol(crews: &[&Crew]) -> Result<(), Fault> {
    let managed: Vec<(Id<of::Unit>, &Ctx)> =
        crews.iter().filter_map(|crew| Some((crew.store, &crew.manager.as_ref()?.1))).collect();
    for (n, (hours, category, body, outcome)) in PATROLS.iter().enumerate().rev() {
        // Most of it where most people of the demo work.
        let nth = if n % 3 == 2 { 1 } else { 0 };
        let Some((store, manager)) = managed.get(nth).or(managed.first()) else { return Ok(()) };
        let heard = Heard {
            store: *store,
            category: *category,
            body: (*body).to_owned(),
            happened_at: Some(manager.now().plus(-hours * HOUR)),
            photos: Vec::new(),
        };
        let id = collecting::add(manager, heard).await?;
        match outcome {
            Some(outcome) => collecting::done(manager, id, 1, (*outcome).to_owned()).await?,
            // The one that the oldest customer is behind goes on as a case.
            None if n == 6 => {
                let kind = cases::domain::Kind::Feedback;
                collecting::become_case(manager, id, 1, kind, String::new(), String::new()).await?;
            }
            None => {}
        }
    }
    Ok(())
}

async fn mark(quality: &Ctx) -> Result<(), Fault> {
    let now = quality.now();
    let (days, size) = DRAWN;
    let wanted = Draw { from: now.plus(-days * DAY), before: now.plus(1), store: None, size, seed: 20_261_122 };
    match review::draw(quality, wanted).await {
        Ok(_) => {}
        // A small company has closed none yet.
        Err(fault) if fault.code() == "complaints-review-none" => return Ok(()),
        Err(fault) => return Err(fault),
    }
    let drawn = review::list(quality, review::Filter::default(), None, size).await?;
    for (one, (points, comment, answer)) in drawn.rows.iter().zip(OPINIONS) {
        let marks = points.map(|points| (Some(points), None)).to_vec();
        let given = Marked { marks, comment: comment.to_owned() };
        match review::mark(quality, one.id, one.version, given).await {
            Ok(_) => {}
            // Somebody who had to do with it does not mark it.
            Err(fault) if fault.code() == "complaints-review-own" => continue,
            Err(fault) => return Err(fault),
        }
        let directory = quality.house.identity.directories().now();
        if let (Some(answer), Some(actor)) = (answer, directory.actor(one.handler)) {
            let handler = Ctx::new(Arc::clone(&quality.house), actor, web::Locale::ZhCn, "demo");
            review::answer(&handler, one.id, one.version + 1, answer.to_owned()).await?;
        }
    }
    Ok(())
}

/// What somebody says about `better`, as far as it has got.
fn draft(better: &Better, owner: Id<of::User>, due_on: kernel::Day, state: State) -> Draft {
    let words = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    Draft {
        title: better.title.to_owned(),
        owner,
        due_on,
        category: Some(better.category.to_owned()),
        state,
        said: words(better.said),
        did: words(better.did),
    }
}

async fn improve(house: &Arc<Installation>, cast: &Cast) -> Result<(), Fault> {
    let system = Ctx::system(Arc::clone(house), "demo");
    let now = house.clock.now();
    let heard = feedback_app::list(&system, Voices::default(), None, LOOKED_AT).await?;
    let home = person(house, "zhou")?.actor.home;
    let mut rows: Vec<_> = heard.rows.iter().collect();
    rows.sort_by_key(|row| Some(row.item.store) != home);
    for better in &BETTER {
        // Where most logins of the demo work, else where it was said last; and somebody who manages that store.
        let found = rows.iter().find_map(|row| {
            voices::by_subject(&row.subject).filter(|voice| voice.category == better.category)?;
            let crew = cast.crews.iter().find(|crew| crew.store == row.item.store)?;
            let (_, manager) = crew.manager.as_ref()?;
            Some((row.item.case, row.item.store, manager.clone()))
        });
        let Some((case, store, manager)) = found else { continue };
        let Some(owner) = manager.actor.user else { continue };
        let began = now.plus(-better.began * DAY);
        let due = began.plus(21 * DAY).day(&house.zone);
        let input = (better, case, store, manager.clone(), owner, due);
        let (id, version) = system
            .write(input, |work, (better, case, store, manager, owner, due)| {
                Box::pin(async move {
                    let now = work.now;
                    let at = now.plus(-better.began * DAY);
                    let open = draft(better, *owner, *due, State::Open);
                    let mut then = work.acting(manager, at);
                    let id = feedback_app::begin_within(&mut then, *case, *store, open).await?.into_value();
                    let mut version = 1;
                    if let Some(done) = better.done {
                        let ready = draft(better, *owner, *due, State::Done);
                        let mut then = work.acting(manager, now.plus(-done * DAY));
                        version = feedback_app::change_within(&mut then, id, 1, ready).await?.into_value();
                    }
                    Ok(work.unchanged((id, version)))
                })
            })
            .await?;
        if better.published {
            feedback_app::publish(&manager, id, version, true).await?;
        }
    }
    Ok(())
}
