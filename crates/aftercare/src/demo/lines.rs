//! The channels of the demo company: each store has a line, a form, a counter and a poster; the first one more, among them a box that
//! nobody has used for long and a poster whose code was pasted over.

use std::sync::Arc;

use capability::{Ctx, Installation};
use channels::app::{self, Draft, Told};
use channels::domain::{Hours, Kind};
use channels::store::{CallState, Channel, Filter, Show};
use kernel::{Fault, Id, Money, Timestamp, of};

use super::play::Cast;

/// What people say when they answer the line.
const SCRIPT: &str = "您好，云栖电器售后，请问怎么称呼您？\n先听完，再问：什么商品、哪天买的、现在什么情况。\n复述一遍，说清下一步和时间。";

/// Registers them as of `began`, so that the past is counted by them.
pub(super) async fn register(house: &Arc<Installation>, cast: &Cast, began: Timestamp) -> Result<(), Fault> {
    let directory = house.identity.directories().now();
    let mut all: Vec<(Id<of::Unit>, Kind, Draft)> = Vec::new();
    for crew in cast.crews.iter() {
        let Some(store) = directory.unit(crew.store) else { continue };
        let owner = crew.manager.as_ref().map(|(manager, _)| *manager);
        let mut add = |kind: Kind, name: &str, fen: i64, test_days: Option<i64>, address: Option<&str>| {
            let always = matches!(kind, Kind::WebForm | Kind::QrPoster | Kind::Mailbox | Kind::Webhook);
            let draft = Draft {
                name: name.to_owned(),
                owner,
                address: address.map(str::to_owned),
                hours: if always { Hours::Always } else { Hours::Store },
                script: (kind == Kind::Phone).then(|| SCRIPT.to_owned()),
                expected_per_day: (kind == Kind::SuggestionBox).then_some(2),
                cost_per_month: Money::from_fen(fen),
                test_days,
                frames: None,
                active: true,
            };
            all.push((crew.store, kind, draft));
        };
        add(Kind::Phone, "售后热线", 68_000, None, Some("400-800-0000"));
        add(Kind::WebForm, "网页表单", 12_000, None, None);
        add(Kind::Counter, "服务台", 420_000, None, Some("一楼收银台旁"));
        add(Kind::QrPoster, "扫码海报", 3_000, None, Some("入口、服务台"));
        if store.code == "HZ01" {
            add(Kind::SuggestionBox, "意见箱", 2_000, Some(14), Some("出口左侧"));
            add(Kind::Webhook, "商城客服", 30_000, None, None);
        }
    }
    app::create_past(&Ctx::system(Arc::clone(house), "demo"), began, all).await
}

/// What the first store's clerk found when trying them out, and what the program noticed by itself.
pub(super) async fn test(house: &Arc<Installation>) -> Result<(), Fault> {
    let directory = house.identity.directories().now();
    let clerk =
        directory.user_by_login("lin").and_then(|user| directory.actor(user.id)).ok_or_else(Fault::not_found)?;
    let lin = Ctx::new(Arc::clone(house), clerk, web::Locale::ZhCn, "demo");
    let filter = Filter { show: Show::Open, store: lin.actor.home, ..Filter::default() };
    for channel in app::list(&lin, filter, None, 20).await?.rows {
        match channel.kind {
            Kind::Phone => {
                app::test(&lin, channel.id, channel.version, true, Some("响两声接起，话术说到了".to_owned())).await?;
                rings(&lin, &channel).await?;
            }
            Kind::QrPoster => {
                let note = "服务台那张被促销海报盖住了，扫不到".to_owned();
                app::test(&lin, channel.id, channel.version, false, Some(note)).await?;
            }
            Kind::WebForm | Kind::Mailbox | Kind::Webhook | Kind::Counter | Kind::SuggestionBox => {}
        }
    }
    app::look(&Ctx::system(Arc::clone(house), "demo")).await.map(|_| ())
}

/// Calls of today, as the call centre tells of them: one is spoken and over, one was missed and is owed, one rings.
async fn rings(lin: &Ctx, line: &Channel) -> Result<(), Fault> {
    let calls = [
        ("demo-1", "13800006621", &[CallState::Ringing, CallState::Answered, CallState::Ended][..]),
        ("demo-2", "13900007734", &[CallState::Ringing, CallState::Missed][..]),
        ("demo-3", "13700008845", &[CallState::Ringing][..]),
    ];
    for (id, from, states) in calls {
        for state in states {
            let recording = (*state == CallState::Ended).then(|| format!("录音/{id}"));
            let told = Told { id: id.to_owned(), state: *state, from: from.to_owned(), recording, agent: None };
            app::tell(lin, line.clone(), told).await?;
        }
    }
    Ok(())
}
