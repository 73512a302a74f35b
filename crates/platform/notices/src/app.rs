//! Use cases of the receiver. Reading is no act of business: it leaves no trace in the journal, choices do.

use std::collections::BTreeMap;

use capability::{Ctx, Event};
use db::{Db, Tx};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, Place, RecordRef, Timestamp, of};

use crate::kind::{KINDS, Kind};
use crate::store::{self, Choice, NoticeId, NoticeRow};

/// How far the bell counts; beyond it is "99+".
pub(crate) const COUNTED: i64 = 100;
/// Notices are kept for 180 days, in milliseconds.
const KEPT_FOR: i64 = 180 * 86_400_000;

/// One page of notices.
#[derive(Debug, Clone)]
pub struct Page {
    /// What is on it.
    pub rows: Vec<NoticeRow>,
    /// Where the next one begins: the id of the last row.
    pub next: Option<i64>,
    /// How many are unread, at most 100.
    pub unread: i64,
}

/// How many `user` has not read; the top bar shows it.
pub(crate) fn bell(tx: &mut Tx, user: Id<of::User>) -> BoxFuture<'_, Result<i64, Fault>> {
    Box::pin(async move { Ok(store::unread(tx, user, COUNTED).await?) })
}

fn me(ctx: &Ctx) -> Result<Id<of::User>, Fault> {
    ctx.actor.user.ok_or_else(Fault::unauthenticated)
}

/// The actor's own notices, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, unread: bool, before: Option<i64>, limit: u16) -> Result<Page, Fault> {
    ctx.read((me(ctx)?, unread, before, limit), |tx, (user, unread, before, limit)| {
        Box::pin(async move {
            let limit = usize::from(*limit);
            let mut rows = store::list(tx, *user, *unread, *before, i64::try_from(limit).unwrap_or(200) + 1).await?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(|row| row.id.get());
            Ok(Page { rows, next, unread: store::unread(tx, *user, COUNTED).await? })
        })
    })
    .await
}

/// Marks one of the actor's notices as read.
///
/// # Errors
/// `not-found` for other people's.
pub async fn read(ctx: &Ctx, id: Id<NoticeId>) -> Result<(), Fault> {
    open(ctx, id).await.map(|_| ())
}

/// Marks one of the actor's notices as read; where it leads.
///
/// # Errors
/// `not-found` for other people's.
pub async fn open(ctx: &Ctx, id: Id<NoticeId>) -> Result<String, Fault> {
    ctx.house
        .db
        .write((me(ctx)?, id, ctx.now()), |tx, (user, id, now)| {
            Box::pin(async move {
                let notice = store::get(tx, *user, *id).await?.ok_or_else(Fault::not_found)?;
                store::read(tx, *user, *id, *now).await?;
                Ok::<_, Fault>(notice.href)
            })
        })
        .await
}

/// Marks the actor's notices up to and with `last` as read, all of them without it; how many these were.
///
/// # Errors
/// What the database says.
pub async fn read_all(ctx: &Ctx, last: Option<i64>) -> Result<i64, Fault> {
    let input = (me(ctx)?, last.unwrap_or(i64::MAX), ctx.now());
    let read = ctx
        .house
        .db
        .write(input, |tx, (user, last, now)| {
            Box::pin(async move { Ok::<_, Fault>(store::read_all(tx, *user, *last, *now).await?) })
        })
        .await?;
    Ok(i64::try_from(read).unwrap_or(i64::MAX))
}

/// How the actor wants to be told of each kind.
///
/// # Errors
/// What the database says.
pub async fn choices(ctx: &Ctx) -> Result<Vec<(&'static Kind, Choice)>, Fault> {
    let chosen: BTreeMap<String, Choice> =
        ctx.read(me(ctx)?, |tx, user| Box::pin(async move { Ok(store::choices(tx, *user).await?) })).await?;
    let of = |kind: &'static Kind| (kind, chosen.get(kind.code).copied().unwrap_or_else(|| Choice::default_of(kind)));
    Ok(KINDS.iter().map(of).collect())
}

/// Keeps how the actor wants to be told; kinds that must be told stay on inside the program.
///
/// # Errors
/// What the database says.
pub async fn choose(ctx: &Ctx, wanted: Vec<(&'static Kind, Choice)>) -> Result<(), Fault> {
    let user = me(ctx)?;
    let home = ctx.house.identity.directories().now().user(user).map(|user| user.home);
    let home = home.ok_or_else(Fault::unauthenticated)?;
    ctx.write((user, home, wanted), |work, (user, home, wanted)| {
        Box::pin(async move {
            let before = store::choices(work.tx, *user).await?;
            let place = Place { store: *home, team: None, owner: Some(*user) };
            let mut event =
                Event::new(RecordRef { kind: "user", id: user.get() }, "user.notices_chosen", place).quietly();
            for (kind, choice) in wanted {
                let choice = Choice { in_app: choice.in_app || kind.must, ..*choice };
                let was = before.get(kind.code).copied().unwrap_or_else(|| Choice::default_of(kind));
                if was != choice {
                    store::choose(work.tx, *user, kind.code, choice).await?;
                    event = event.change(kind.code, Some(ways(was)), Some(ways(choice)));
                }
            }
            if event.changes.is_empty() {
                return Ok(work.unchanged(()));
            }
            work.record(event).await
        })
    })
    .await
}

fn ways(choice: Choice) -> String {
    match (choice.in_app, choice.mail) {
        (true, true) => "in_app mail",
        (true, false) => "in_app",
        (false, true) => "mail",
        (false, false) => "none",
    }
    .to_owned()
}

/// Forgets notices that nobody looks for any more.
pub(crate) async fn forget(db: &Db, now: Timestamp) -> Result<(), Fault> {
    db.write(now.plus(-KEPT_FOR), |tx, before| {
        Box::pin(async move { Ok::<_, Fault>(store::forget(tx, *before).await.map(|_| ())?) })
    })
    .await
}
