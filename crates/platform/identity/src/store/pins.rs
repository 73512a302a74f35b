//! PINs and the browsers at counters.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, IdGen, Timestamp, of};

/// Wrong tries until a PIN is locked.
pub(crate) const TRIES: i64 = 5;
/// How long it stays locked, in milliseconds.
pub(crate) const LOCKED: i64 = 10 * 60_000;
/// People who have not been at a browser for this long are not offered there any more, in milliseconds.
const RECENT: i64 = 30 * 86_400_000;

/// A PIN as it is checked.
#[derive(Debug, Clone)]
pub(crate) struct Pin {
    pub hash: String,
    pub failures: i64,
    pub locked_until: Option<Timestamp>,
}

impl FromRow for Pin {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { hash: c.next()?, failures: c.next()?, locked_until: c.next()? })
    }
}

/// Sets the PIN of `user`; it is not locked then.
///
/// # Errors
/// When the database fails.
pub async fn set(tx: &mut Tx, user: Id<of::User>, hash: &str, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO user_pin (user_id, hash, failures, locked_until, set_at) VALUES ($1, $2, 0, NULL, $3)
         ON CONFLICT (user_id) DO UPDATE
         SET hash = excluded.hash, failures = 0, locked_until = NULL, set_at = excluded.set_at",
        args![user, hash, now],
    )
    .await?;
    Ok(())
}

/// Takes the PIN of `user` away. Answers whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn clear(tx: &mut Tx, user: Id<of::User>) -> Result<bool, DbError> {
    Ok(tx.exec("DELETE FROM user_pin WHERE user_id = $1", args![user]).await? == 1)
}

/// When the PIN of `user` was set, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn set_at(tx: &mut Tx, user: Id<of::User>) -> Result<Option<Timestamp>, DbError> {
    let row: Option<(Timestamp,)> = tx.one("SELECT set_at FROM user_pin WHERE user_id = $1", args![user]).await?;
    Ok(row.map(|(at,)| at))
}

pub(crate) async fn find(tx: &mut Tx, user: Id<of::User>) -> Result<Option<Pin>, DbError> {
    tx.one("SELECT hash, failures, locked_until FROM user_pin WHERE user_id = $1", args![user]).await
}

/// Counts a try as wrong before it is checked, so that many at once cannot slip through; the fifth locks.
pub(crate) async fn begin(tx: &mut Tx, user: Id<of::User>, failures: i64, now: Timestamp) -> Result<(), DbError> {
    let locked = (failures >= TRIES).then(|| now.plus(LOCKED));
    tx.exec("UPDATE user_pin SET failures = $1, locked_until = $2 WHERE user_id = $3", args![failures, locked, user])
        .await?;
    Ok(())
}

/// Forgets wrong tries.
pub(crate) async fn forgive(tx: &mut Tx, user: Id<of::User>) -> Result<(), DbError> {
    tx.exec("UPDATE user_pin SET failures = 0, locked_until = NULL WHERE user_id = $1 AND failures > 0", args![user])
        .await?;
    Ok(())
}

/// The browser with this token.
pub(crate) async fn workstation(tx: &mut Tx, token_hash: &str) -> Result<Option<i64>, DbError> {
    let row: Option<(i64,)> = tx.one("SELECT id FROM workstation WHERE token_hash = $1", args![token_hash]).await?;
    Ok(row.map(|(id,)| id))
}

/// A browser that is new to us.
pub(crate) async fn add_workstation(
    tx: &mut Tx,
    ids: &IdGen,
    token_hash: &str,
    now: Timestamp,
) -> Result<i64, DbError> {
    let id = ids.next::<()>().get();
    tx.exec("INSERT INTO workstation (id, token_hash, created_at) VALUES ($1, $2, $3)", args![id, token_hash, now])
        .await?;
    Ok(id)
}

/// Notes that `user` was there.
pub(crate) async fn note_person(
    tx: &mut Tx,
    workstation: i64,
    user: Id<of::User>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec("DELETE FROM workstation_person WHERE used_at < $1", args![now.plus(-RECENT)]).await?;
    tx.exec(
        "INSERT INTO workstation_person (workstation_id, user_id, used_at) VALUES ($1, $2, $3)
         ON CONFLICT (workstation_id, user_id) DO UPDATE SET used_at = excluded.used_at",
        args![workstation, user, now],
    )
    .await?;
    Ok(())
}

/// People with a PIN who were there lately, the last one first.
pub(crate) async fn people(tx: &mut Tx, workstation: i64, now: Timestamp) -> Result<Vec<Id<of::User>>, DbError> {
    let rows: Vec<(Id<of::User>,)> = tx
        .all(
            "SELECT p.user_id FROM workstation_person p JOIN user_pin n ON n.user_id = p.user_id
             WHERE p.workstation_id = $1 AND p.used_at >= $2 ORDER BY p.used_at DESC, p.user_id LIMIT 30",
            args![workstation, now.plus(-RECENT)],
        )
        .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}
