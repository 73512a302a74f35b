//! Use cases around channels.

mod calls;
mod figures;
mod hooks;
mod look;
mod public;
mod register;
mod test;

pub use calls::{
    CALL, CALLS, CallView, Calls, Heard, Hook, Told, call, call_back, call_counts, calls, new_secret, plan, proved,
    remind, ringing, take_case, tell,
};
pub use figures::{DAYS, Figure, Figures, figures};
pub use hooks::{Attachment, Came, LARGEST, Message, hear, hold_off, hook, set_callback};
pub use look::look;
pub use public::{Portal, door, flooded, portal};
pub(crate) use register::register_mailbox;
pub use register::{Draft, change, create, create_past};
pub use test::test;

use capability::{Ctx, PermissionDef};
use kernel::{Cursor, Fault, Id, Permission, Scope, of};

use crate::store::{self, Channel, Filter};

/// The word for channels in journal, search and live events.
pub const RECORD: &str = cases::app::CHANNEL;
/// The dimension by which metrics are broken down.
pub const DIMENSION: &str = "via";

/// See channels.
pub const VIEW: Permission = cases::app::CHANNELS_VIEW;
/// Register and change channels.
pub const EDIT: Permission = Permission("channels.edit");
/// Note the result of a self-test.
pub const TEST: Permission = Permission("channels.test");

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef {
        permission: EDIT,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: CALLS,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: TEST,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
];

/// Counts go up to here, then "1000+" is shown.
pub const COUNTED: i64 = 1_000;

/// One page of channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// By store.
    pub rows: Vec<Channel>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Channels within the actor's reach.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: Filter, after: Option<Cursor>, limit: u16) -> Result<Page, Fault> {
    let input = (Filter { now: Some(ctx.now()), ..filter }, ctx.reach(VIEW), after, i64::from(limit));
    ctx.read(input, |tx, (filter, reach, after, limit)| {
        Box::pin(async move {
            let mut rows = store::list(tx, filter, reach, *after, *limit + 1).await?;
            let shown = usize::try_from(*limit).unwrap_or(usize::MAX);
            let more = rows.len() > shown;
            rows.truncate(shown);
            let last = rows.last().filter(|_| more);
            let next = last.map(|row| Cursor { key: row.store.get(), id: row.id.get() });
            Ok(Page { rows, next })
        })
    })
    .await
}

/// How many channels each filter shows, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<i64>, Fault> {
    let now = ctx.now();
    let filters: Vec<Filter> = filters.into_iter().map(|filter| Filter { now: Some(now), ..filter }).collect();
    ctx.read((filters, ctx.reach(VIEW)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count(tx, filter, reach, COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// The channel `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn get(ctx: &Ctx, id: Id<of::Channel>) -> Result<Channel, Fault> {
    let channel =
        ctx.read(id, |tx, id| Box::pin(async move { store::get(tx, *id).await?.ok_or_else(Fault::not_found) })).await?;
    ctx.require(VIEW, &channel)?;
    Ok(channel)
}
