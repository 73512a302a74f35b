//! Sessions of people who are signed in.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, IdGen, Timestamp, of};

use crate::session::{Life, limits};
use crate::window::Window;

/// A session, as its owner sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: i64,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within five minutes.
    pub seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// From where.
    pub address: String,
    /// With which browser.
    pub agent: String,
}

impl FromRow for Session {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            created_at: c.next()?,
            seen_at: c.next()?,
            expires_at: c.next()?,
            address: c.next()?,
            agent: c.next()?,
        })
    }
}

/// What the check of a session or token needs: its life, its owner and the directory's version in one read.
#[derive(Debug)]
pub(crate) struct Claim {
    pub id: i64,
    pub user: Id<of::User>,
    pub life: Life,
    pub directory: i64,
    pub locked: bool,
    pub has_pin: bool,
    /// Of somebody from outside.
    pub window: Option<Window>,
}

impl FromRow for Claim {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            user: c.next()?,
            life: Life {
                seen_at: c.next()?,
                idle_limit: c.next()?,
                expires_at: c.next()?,
                revoked: c.next::<Option<i64>>()?.is_some(),
            },
            directory: c.next()?,
            locked: c.next::<Option<i64>>()?.is_some(),
            has_pin: c.next::<i64>()? > 0,
            window: match (c.next()?, c.next()?, c.next()?) {
                (Some(opens_at), Some(closes_at), closed_at) => Some(Window { opens_at, closes_at, closed_at }),
                (_, _, _) => None,
            },
        })
    }
}

/// What a new session is made of.
#[derive(Debug, Clone)]
pub(crate) struct NewSession {
    pub token_hash: String,
    pub user: Id<of::User>,
    pub keep: bool,
    pub address: String,
    pub agent: String,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    ids: &IdGen,
    now: Timestamp,
    new: &NewSession,
) -> Result<(i64, Timestamp), DbError> {
    let id = ids.next::<()>().get();
    let (idle, absolute) = limits(new.keep);
    // Sessions that ended a month ago are of no use to anybody.
    tx.exec("DELETE FROM session WHERE expires_at < $1", args![now.plus(-30 * 24 * 3_600_000)]).await?;
    tx.exec(
        "INSERT INTO session (id, token_hash, user_id, created_at, seen_at, idle_limit, expires_at, address, agent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            id,
            new.token_hash.as_str(),
            new.user,
            now,
            now,
            idle,
            now.plus(absolute),
            new.address.as_str(),
            new.agent.as_str()
        ],
    )
    .await?;
    Ok((id, now.plus(absolute)))
}

pub(crate) async fn claim(tx: &mut Tx, token_hash: &str) -> Result<Option<Claim>, DbError> {
    tx.one(
        "SELECT s.id, s.user_id, s.seen_at, s.idle_limit, s.expires_at, s.revoked_at, v.version, s.locked_at,
         (SELECT COUNT(*) FROM user_pin p WHERE p.user_id = s.user_id), w.opens_at, w.closes_at, w.closed_at
         FROM session s CROSS JOIN directory_version v LEFT JOIN account_window w ON w.user_id = s.user_id WHERE s.token_hash = $1",
        args![token_hash],
    )
    .await
}

/// Makes a session end at `end` at the latest.
pub(crate) async fn end_by(tx: &mut Tx, id: i64, end: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE session SET expires_at = $1 WHERE id = $2 AND expires_at > $1", args![end, id]).await?;
    Ok(())
}

/// Locks a session.
pub(crate) async fn lock(tx: &mut Tx, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE session SET locked_at = $1 WHERE id = $2 AND locked_at IS NULL", args![now, id]).await?;
    Ok(())
}

pub(crate) async fn note_use(tx: &mut Tx, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE session SET seen_at = $1 WHERE id = $2 AND seen_at < $3", args![now, id, now]).await?;
    Ok(())
}

/// Ends one session of `user`. Answers whether there was one to end.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tx: &mut Tx, user: Id<of::User>, id: i64, now: Timestamp) -> Result<bool, DbError> {
    let ended = tx
        .exec(
            "UPDATE session SET revoked_at = $1 WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL",
            args![now, id, user],
        )
        .await?;
    Ok(ended > 0)
}

/// Ends every session of `user`. Answers how many.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(tx: &mut Tx, user: Id<of::User>, now: Timestamp) -> Result<u64, DbError> {
    tx.exec("UPDATE session SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL", args![now, user]).await
}

/// The sessions of `user` that still stand, the last used first.
///
/// # Errors
/// When the database fails.
pub async fn of_user(tx: &mut Tx, user: Id<of::User>, now: Timestamp) -> Result<Vec<Session>, DbError> {
    tx.all(
        "SELECT id, created_at, seen_at, expires_at, address, agent FROM session
         WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND seen_at + idle_limit > $3
         ORDER BY seen_at DESC, id DESC",
        args![user, now, now],
    )
    .await
}

/// True when one of `users` has signed in from the network `address` since then.
///
/// # Errors
/// When the database fails.
pub async fn from_network(
    tx: &mut Tx,
    users: &[Id<of::User>],
    address: &str,
    since: Timestamp,
) -> Result<bool, DbError> {
    let mut find = db::Filter::new("SELECT COUNT(*) FROM (SELECT id FROM session WHERE ");
    find.bind_in("user_id", users.iter().copied().map(db::Value::from));
    find.bind(" AND address = ? AND seen_at >= ? LIMIT 1) AS seen", args![address, since]);
    Ok(tx.one::<i64>(find.sql(), find.values()).await?.is_some_and(|n| n > 0))
}
