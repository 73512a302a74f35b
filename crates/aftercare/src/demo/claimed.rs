//! Claims of the demo company on makers: until when they take claims, and claims on every stretch of their way.

use std::sync::Arc;

use capability::{Ctx, Installation};
use claims::app::TermInput;
use claims::domain::{After, Command, CommandName};
use claims::store::{Claim, Filter, Show};
use kernel::{Fault, Money};

/// Until when some makers take claims: days, after what, told how long before.
const TERMS: [(i64, After, i64); 3] = [(30, After::Refunded, 7), (15, After::Inspected, 5), (365, After::Bought, 30)];

/// Enters terms of makers and sends the claims that the refunds have opened.
pub(super) async fn claims(house: &Arc<Installation>) -> Result<(), Fault> {
    let directory = house.identity.directories().now();
    let Some(quality) = directory.user_by_login("he").and_then(|user| directory.actor(user.id)) else { return Ok(()) };
    let quality = Ctx::new(Arc::clone(house), quality, web::Locale::ZhCn, "demo");
    let filter = Filter { show: Show::All, ..Filter::default() };
    let opened = ::claims::app::list(&quality, filter, None, None, 50).await?.rows;
    let mut makers: Vec<String> = opened.iter().map(|row| row.one.maker.clone()).collect();
    makers.sort();
    makers.dedup();
    // One maker has none yet: the page says so.
    for (maker, (days, after, warn_days)) in makers.iter().zip(TERMS) {
        let contact = Some("厂家售后结算组，材料包发邮箱或经销商平台".to_owned());
        let input = TermInput { maker: maker.clone(), days, after, warn_days, contact, version: 0 };
        ::claims::app::set_term(&quality, input).await?;
    }
    let claims: Vec<Claim> = opened.into_iter().rev().map(|row| row.one).collect();
    let give = async |claim: &Claim, name: CommandName, fen: Option<i64>, reference: &str, reason: Option<&str>| {
        let version = ::claims::app::detail(&quality, claim.id).await?.one.version;
        let command = Command {
            name,
            day: claim.last_on,
            reference: Some(reference.to_owned()),
            reason: reason.map(str::to_owned),
            amount: fen.map(Money::from_fen),
        };
        ::claims::app::command(&quality, claim.id, version, command).await
    };
    // The first is credited in part, the second with the maker, others lie here.
    if let Some(claim) = claims.first() {
        give(claim, CommandName::Send, None, "HC2611-0771", None).await?;
        let less = claim.claimed.fen() * 9 / 10;
        give(claim, CommandName::Accept, Some(less), "HC2611-0771-A", Some("厂家按进价九折结算")).await?;
        give(claim, CommandName::Credit, Some(less / 2), "ZR26110031", None).await?;
    }
    if let Some(claim) = claims.get(1) {
        give(claim, CommandName::Send, None, "SF1390042211", None).await?;
    }
    Ok(())
}
