//! Shops of the demo company on platforms, and after-sales orders on every stretch of their way.

use std::sync::Arc;

use capability::{Ctx, Installation};
use kernel::{Fault, Money, Timestamp};
use parties::domain::terms::TermsLayer;
use parties::store::TermsFilter;
use platforms::app::{Cells, Photos, ShopInput};
use platforms::domain::{Column, Command, CommandName, Hours, Insurance, InsuranceState, InsuredBy};

use super::play::Cast;

const HOUR: i64 = 3_600_000;

/// Platform, name, hours to answer, to send back, to settle, to prove; whether the platform's terms are bound to it.
const SHOPS: [(&str, &str, [i64; 4], bool); 3] = [
    ("douyin", "惠家电器旗舰店", [48, 168, 72, 48], true),
    ("jd", "惠家电器京东自营店", [24, 168, 48, 48], true),
    ("tmall", "惠家电器天猫店", [48, 168, 240, 72], false),
];

struct Story {
    shop: usize,
    number: &'static str,
    kind: &'static str,
    sku: &'static str,
    goods: &'static str,
    yuan: &'static str,
    reason: &'static str,
    buyer: &'static str,
    /// So many hours ago it was asked for, and the purchase was so many days before.
    asked: i64,
    bought: i64,
    insurance: &'static str,
    steps: &'static [(CommandName, i64, &'static str)],
}

#[rustfmt::skip]
const STORIES: &[Story] = &[
    Story { shop: 0, number: "DY7301120045302", kind: "仅退款", sku: "L65-Q8", goods: "65 英寸电视 L65-Q8", yuan: "4999.00", reason: "运输破损", buyer: "周**", asked: 9, bought: 4, insurance: "", steps: &[] },
    Story { shop: 1, number: "JD2026112000871", kind: "退货退款", sku: "XQG100-B14", goods: "滚筒洗衣机 XQG100-B14", yuan: "3299.00", reason: "七天无理由退货", buyer: "jd_6***", asked: 30, bought: 5, insurance: "商家投保", steps: &[(CommandName::Agree, 26, "")] },
    Story { shop: 1, number: "JD2026111900455", kind: "换货", sku: "XQG100-B14", goods: "滚筒洗衣机 XQG100-B14", yuan: "3299.00", reason: "商品故障，不脱水", buyer: "jd_1***", asked: 90, bought: 9, insurance: "商家投保", steps: &[(CommandName::Agree, 80, ""), (CommandName::Ship, 60, "SF1390442210")] },
    Story { shop: 2, number: "TM3108845120017", kind: "退货退款", sku: "KFR-35GW", goods: "空调 KFR-35GW", yuan: "2999.00", reason: "质量问题", buyer: "t**8", asked: 200, bought: 14, insurance: "买家投保", steps: &[(CommandName::Agree, 190, ""), (CommandName::Ship, 160, "YT8841200931"), (CommandName::Receive, 110, ""), (CommandName::Complete, 100, "")] },
    Story { shop: 0, number: "DY7301110039907", kind: "仅退款", sku: "L65-Q8", goods: "65 英寸电视 L65-Q8", yuan: "4999.00", reason: "功能与描述不符", buyer: "吴**", asked: 120, bought: 15, insurance: "", steps: &[(CommandName::Refuse, 100, "远程核对功能齐全，已发操作视频"), (CommandName::Intervene, 20, "GD-20261121-3318")] },
    Story { shop: 0, number: "DY7301120045118", kind: "退货退款", sku: "BCD-452W", goods: "对开门冰箱 BCD-452W", yuan: "4299.00", reason: "商品质量问题，不制冷", buyer: "陈**", asked: 40, bought: 6, insurance: "买家投保", steps: &[] },
];

/// Registers the shops and takes their orders over.
pub(super) async fn platforms(house: &Arc<Installation>, cast: &Cast) -> Result<(), Fault> {
    let directory = house.identity.directories().now();
    let Some(quality) = directory.user_by_login("he").and_then(|user| directory.actor(user.id)) else { return Ok(()) };
    // The second store has the shops; the first has enough to do.
    let Some(store) = cast.crews.get(1).or(cast.crews.first()).map(|crew| crew.store) else { return Ok(()) };
    let quality = Ctx::new(Arc::clone(house), quality, web::Locale::ZhCn, "demo");
    let bound: Vec<_> = quality
        .read((), |tx, ()| {
            Box::pin(async move {
                let wanted = TermsFilter { layer: Some(TermsLayer::Platform), ..TermsFilter::default() };
                Ok::<_, Fault>(parties::store::list_terms(tx, &wanted, None, 10).await?)
            })
        })
        .await?
        .into_iter()
        .map(|terms| terms.id)
        .collect();
    for (platform, name, [answer, ship_back, refund, evidence], binds) in SHOPS {
        let input = ShopInput {
            id: None,
            platform: platform.to_owned(),
            name: name.to_owned(),
            store,
            hours: Hours {
                answer: Some(answer),
                ship_back: Some(ship_back),
                refund: Some(refund),
                evidence: Some(evidence),
            },
            source: Some("演示数据，不是平台现行规则".to_owned()),
            active: true,
            terms: if binds { bound.clone() } else { Vec::new() },
            version: 0,
        };
        ::platforms::app::save_shop(&quality, input).await?;
    }
    for story in STORIES {
        tell(&quality, story).await?;
    }
    Ok(())
}

async fn tell(ctx: &Ctx, story: &Story) -> Result<(), Fault> {
    let ago = |hours: i64| -> Timestamp { ctx.now().plus(-hours * HOUR) };
    let Some((_, shop, ..)) = SHOPS.get(story.shop) else { return Ok(()) };
    let all = [
        (Column::Shop, (*shop).to_owned()),
        (Column::Number, story.number.to_owned()),
        (Column::Kind, story.kind.to_owned()),
        (Column::Bought, format!("{}88", story.number)),
        (Column::BoughtOn, ago(story.asked + story.bought * 24).to_string()),
        (Column::Sku, story.sku.to_owned()),
        (Column::Goods, story.goods.to_owned()),
        (Column::Paid, story.yuan.to_owned()),
        (Column::Reason, story.reason.to_owned()),
        (Column::Buyer, story.buyer.to_owned()),
        (Column::Applied, ago(story.asked).to_string()),
        (Column::Insurance, story.insurance.to_owned()),
    ];
    let cells: Cells = all.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    let (id, _) = ::platforms::app::take(ctx, cells).await?;
    for (name, hours, said) in story.steps {
        let version = ::platforms::app::detail(ctx, id).await?.one.version;
        let said = Some((*said).to_owned()).filter(|text| !text.is_empty());
        let (reference, note) = if *name == CommandName::Refuse { (None, said) } else { (said, None) };
        let step = Command { name: *name, at: ago(*hours), reference, note, weight: None, until: None };
        ::platforms::app::command(ctx, id, version, step, Photos::default()).await?;
    }
    if story.shop == 2 {
        let version = ::platforms::app::detail(ctx, id).await?.one.version;
        let paid = Insurance { by: InsuredBy::Buyer, state: InsuranceState::Paid, amount: Money::from_fen(4_500) };
        ::platforms::app::insure(ctx, id, version, paid).await?;
    }
    Ok(())
}
