//! What authorities have passed on to the demo company: a complaint that waits for its statement, one that ended by agreement, and a report.

use std::sync::Arc;

use capability::{Ctx, Installation};
use complaints::regulator::app::{self, Notice};
use complaints::regulator::domain::{Act, Mediation, Nature, Platform, RegulatorOutcome};
use kernel::{Fault, Money};

use super::play::Cast;

/// An hour and a day in milliseconds.
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Enters the notices, drafts a statement and ends one.
pub(super) async fn notices(house: &Arc<Installation>, cast: &Cast) -> Result<(), Fault> {
    let directory = house.identity.directories().now();
    let quality =
        directory.user_by_login("he").and_then(|user| directory.actor(user.id)).ok_or_else(Fault::not_found)?;
    let quality = Ctx::new(Arc::clone(house), quality, web::Locale::ZhCn, "demo");
    let Some((store, manager)) =
        cast.crews.iter().find_map(|crew| Some((crew.store, crew.manager.as_ref()?.1.clone())))
    else {
        return Ok(());
    };
    let now = house.clock.now();
    let notice = |number: &str, nature: Nature, hours: i64, days: i64, subject: &str, claim: &str| {
        let received_at = now.plus(-hours * HOUR);
        Notice {
            about: store,
            platform: Platform::P12315,
            authority: "西湖区市场监管局古荡所".to_owned(),
            number: number.to_owned(),
            officer: Some("陆科员".to_owned()),
            officer_phone: Some("0571-00002222".to_owned()),
            nature,
            notice_day: received_at.day(&house.zone),
            received_at,
            due_at: received_at.plus(days * DAY),
            claimant_name: Some("王丽华".to_owned()),
            claimant_phone: Some("13900008871".to_owned()),
            subject: subject.to_owned(),
            claim: claim.to_owned(),
            amount: Money::from_fen(329_900),
            product: Some("滚筒洗衣机 XQG100-B14".to_owned()),
            serial: None,
            files: cases::app::files::NewFiles::default(),
        }
    };
    let first =
        notice("1233010020261031000455", Nature::Complaint, 30, 6, "安装费与公示价不一致", "要求退还多收的 160 元。");
    let first = app::enter(&manager, Notice { amount: Money::from_fen(16_000), ..first }).await?;
    let version = app::detail(&manager, first.id).await?.version;
    let joined = Act::Mediate { mediation: Mediation::Joined, note: "同意退还并致歉".to_owned() };
    let done = app::act(&manager, first.id, version, joined).await?;
    let ended = Act::End {
        outcome: RegulatorOutcome::Withdrawn,
        note: "投诉人收到退款后撤回".to_owned(),
        paid: Money::from_fen(16_000),
    };
    app::act(&manager, first.id, done.version, ended).await?;

    let second = notice(
        "1233010020261120000871",
        Nature::Complaint,
        40,
        7,
        "洗衣机两次维修未修好",
        "两次维修后仍不脱水，要求退货退款。",
    );
    let second = app::enter(&manager, second).await?;
    let sources = app::sources(&quality, second.id).await?;
    let version = app::detail(&quality, second.id).await?.version;
    app::draft(&quality, second.id, version, complaints::regulator::written(&quality, &sources)).await?;

    let report = notice(
        "1233010020261121000116",
        Nature::Report,
        20,
        10,
        "门店价签未标明计价单位",
        "反映门店部分配件没有明码标价。",
    );
    let report = Notice { claimant_name: None, claimant_phone: None, amount: Money::ZERO, product: None, ..report };
    app::enter(&manager, report).await?;
    Ok(())
}
