//! What makers, a platform, an insurer and the company itself promise above the law.

use std::sync::Arc;

use capability::{Ctx, Installation};
use kernel::{Fault, Id, Money, of};
use parties::app::{Selling, Used};
use parties::domain::subsidy::ProgrammeInput;
use parties::domain::terms::{PromiseInput, TermsInput};

/// Claim, what is given, after so many repairs, how long, in what, of what.
type Given = (&'static str, &'static str, i64, i64, &'static str, &'static str);

/// Layer, name, brand, group, provider, text, exclusions, source, promises.
type Text = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [Given],
);

#[rustfmt::skip]
const TEXTS: &[Text] = &[
    ("maker", "清泉洗衣机整机 3 年", "清泉", "washer", "清泉电器", "清泉洗衣机整机免费保修三年，凭序列号即可。", "人为损坏、自行拆修", "清泉官网服务政策 2025 版", &[("fault", "repair", 0, 36, "months", "whole")]),
    ("maker", "清泉电机 10 年", "清泉", "washer", "清泉电器", "变频电机保修十年。", "人为损坏", "清泉官网服务政策 2025 版", &[("fault", "repair", 0, 120, "months", "main_part")]),
    ("maker", "南风空调整机 6 年", "南风", "aircon", "南风空调", "南风空调整机免费保修六年。", "商用环境使用", "南风保修卡 2025", &[("fault", "repair", 0, 72, "months", "whole")]),
    ("maker", "光屿电视 30 天只换不修", "光屿", "tv", "光屿科技", "收货三十天内出现性能故障，直接换新机。", "碎屏、进水", "光屿服务公告 2025-12", &[("performance", "exchange", 0, 30, "days", "whole")]),
    ("platform", "平台七天无理由", "", "", "商城平台", "签收七天内可无理由退货。", "定制商品", "平台规则中心 2026-01", &[("no_fault", "refund", 0, 7, "days", "whole")]),
    ("extended_warranty", "安邦两年延保", "", "", "安邦延保", "三包期内外共两年，性能故障免费修。", "进水、碎屏、自行拆修", "安邦延保合同 AB-2026", &[("performance", "repair", 0, 24, "months", "whole")]),
    ("policy", "修不好全额退", "", "washer", "", "同一台修了两次还坏，十二个月内不收折旧全额退。", "人为损坏", "店规 2026 第 3 版", &[("performance", "refund", 2, 12, "months", "whole")]),
];

/// Writes them, by the quality department. Nothing where there is nobody to write them.
pub(super) async fn terms(house: &Arc<Installation>) -> Result<(), Fault> {
    let Some(quality) = quality(house) else { return Ok(()) };
    let from = house.clock.now().day(&house.zone).plus_months(-36).to_string();
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    for (layer, name, brand, goods, provider, says, exclusions, source, given) in TEXTS {
        let promises = given.iter().map(|(claim, gives, repairs, length, span, scope)| PromiseInput {
            claim: (*claim).to_owned(),
            gives: (*gives).to_owned(),
            repairs: *repairs,
            length: *length,
            span: (*span).to_owned(),
            scope: (*scope).to_owned(),
            ..PromiseInput::default()
        });
        let input = TermsInput {
            layer: (*layer).to_owned(),
            name: (*name).to_owned(),
            says: (*says).to_owned(),
            exclusions: some(exclusions),
            source: (*source).to_owned(),
            provider: some(provider),
            from: from.clone(),
            brand: some(brand),
            goods: some(goods),
            promises: promises.collect(),
            ..TermsInput::default()
        };
        parties::app::add_terms(&quality, &input).await?;
    }
    let programme = ProgrammeInput {
        name: "家电以旧换新补贴".to_owned(),
        region: "浙江".to_owned(),
        batch: "2026 年第 2 批".to_owned(),
        from: house.clock.now().day(&house.zone).plus_months(-12).to_string(),
        goods: ["washer", "fridge", "aircon", "tv"].map(str::to_owned).into(),
        rate_bp: 1_500,
        cap: 150_000,
        forfeits: true,
        days: 30,
        account: "省财政国补专户".to_owned(),
        source: "省商务厅以旧换新实施细则".to_owned(),
        ..ProgrammeInput::default()
    };
    parties::app::save_programme(&quality, None, &programme).await.map(|_| ())
}

/// Notes that the sale of `unit` for `price` used the subsidy.
pub(super) async fn subsidy(clerk: &Ctx, unit: Id<of::SerialUnit>, price: i64) -> Result<(), Fault> {
    let (all, _) = parties::app::list_programmes(clerk, None, 1).await?;
    let Some(programme) = all.first() else { return Ok(()) };
    let used = Used {
        unit,
        programme: programme.id,
        amount: Money::from_fen(programme.draft.most(price)),
        quota: "ZJ26020099187".to_owned(),
        old_unit: Some("OLD-BX-2011".to_owned()),
    };
    parties::app::use_subsidy(clerk, used).await.map(|_| ())
}

fn quality(house: &Arc<Installation>) -> Option<Ctx> {
    let directory = house.identity.directories().now();
    let quality = directory.user_by_login("he").and_then(|user| directory.actor(user.id))?;
    Some(Ctx::new(Arc::clone(house), quality, web::Locale::ZhCn, "demo"))
}

/// Sells the extended warranty with `unit`, bought `days` ago.
pub(super) async fn warranty(
    house: &Arc<Installation>,
    clerk: &Ctx,
    unit: Id<of::SerialUnit>,
    days: i32,
) -> Result<(), Fault> {
    let wanted = parties::store::TermsFilter { layer: Some(parties::domain::terms::TermsLayer::Extended), ids: None };
    let all = parties::app::list_terms(clerk, wanted, None, None, 1).await?.rows;
    let Some(terms) = all.first().map(|terms| terms.id) else { return Ok(()) };
    let begins = house.clock.now().day(&house.zone).plus(-days);
    let selling = Selling { unit, whole_sale: false, terms, begins, months: 24, price_fen: 29_900 };
    parties::app::sell_terms(clerk, selling).await.map(|_| ())
}
