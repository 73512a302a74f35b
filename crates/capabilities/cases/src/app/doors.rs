//! The registered channels (登记的渠道), as far as a case has to do with them; the register itself is kept by `channels`.

use std::collections::BTreeMap;

use capability::Ctx;
use kernel::{Fault, Id, Permission, of};

use crate::domain::Channel;
use crate::store::{self, Registered};

/// The word for registered channels in journal, search and live events.
pub const CHANNEL: &str = "channel";
/// See the register.
pub const CHANNELS_VIEW: Permission = Permission("channels.view");

/// The open channels of `store` by which a case that reached us by `way` may have come, by name.
///
/// # Errors
/// `busy` when the database is away.
pub async fn doors(ctx: &Ctx, store: Id<of::Unit>, way: Channel) -> Result<Vec<Registered>, Fault> {
    let all = ctx.read(store, |tx, store| Box::pin(async move { Ok(store::registered_at(tx, *store).await?) })).await?;
    Ok(all.into_iter().filter(|door| way.fits(&door.kind)).collect())
}

/// The names of registered channels, closed ones too; a number is shown with the name that its channel has now.
///
/// # Errors
/// `busy` when the database is away.
pub async fn door_names(ctx: &Ctx, ids: Vec<Id<of::Channel>>) -> Result<BTreeMap<Id<of::Channel>, Registered>, Fault> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = ctx.read(ids, |tx, ids| Box::pin(async move { Ok(store::registered(tx, ids).await?) })).await?;
    Ok(found.into_iter().map(|door| (door.id, door)).collect())
}
