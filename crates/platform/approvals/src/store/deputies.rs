use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

use crate::domain::Stand;

/// Marks the id of a stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeputyId {}

/// Somebody stands in for somebody, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputy {
    /// Its id.
    pub id: Id<DeputyId>,
    /// Who is away.
    pub absent: Id<of::User>,
    /// Who decides in that person's name.
    pub deputy: Id<of::User>,
    /// From then on.
    pub from: Timestamp,
    /// Before then.
    pub until: Timestamp,
    /// Why.
    pub note: String,
    /// Who set it.
    pub set_by: Option<Id<of::User>>,
    /// When it was ended early.
    pub ended_at: Option<Timestamp>,
}

impl Deputy {
    /// True when it counts at `now`.
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.from <= now && now < self.until
    }
}

impl FromRow for Deputy {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            absent: c.next()?,
            deputy: c.next()?,
            from: c.next()?,
            until: c.next()?,
            note: c.next()?,
            set_by: c.next()?,
            ended_at: c.next()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, absent_id, deputy_id, from_at, until_at, note, set_by, ended_at"
    };
}

/// Those who stand in for others at `now`.
///
/// # Errors
/// What the database says.
pub async fn stands(tx: &mut Tx, now: Timestamp) -> Result<Vec<Stand>, DbError> {
    let rows: Vec<(Id<of::User>, Id<of::User>)> = tx
        .all(
            "SELECT absent_id, deputy_id FROM approval_deputy WHERE until_at > $1 AND from_at <= $1 AND ended_at IS NULL ORDER BY id",
            args![now],
        )
        .await?;
    Ok(rows.into_iter().map(|(absent, deputy)| Stand { absent, deputy }).collect())
}

/// Stand-ins that are not over at `now`, those that begin first first; at most 500.
///
/// # Errors
/// What the database says.
pub async fn deputies(tx: &mut Tx, now: Timestamp) -> Result<Vec<Deputy>, DbError> {
    tx.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM approval_deputy WHERE until_at > $1 AND ended_at IS NULL ORDER BY from_at, id LIMIT 500"
        ),
        args![now],
    )
    .await
}

/// The stand-in `id`.
///
/// # Errors
/// What the database says.
pub async fn get_deputy(tx: &mut Tx, id: Id<DeputyId>) -> Result<Option<Deputy>, DbError> {
    tx.one(concat!("SELECT ", columns!(), " FROM approval_deputy WHERE id = $1"), args![id]).await
}

/// The stand-ins of `absent` that are not over and overlap the time from `from` until `until`.
///
/// # Errors
/// What the database says.
pub async fn hold_deputies(
    tx: &mut Tx,
    absent: Id<of::User>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Deputy>, DbError> {
    tx.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM approval_deputy WHERE absent_id = $1 AND until_at > $2 AND from_at < $3 AND ended_at IS NULL ORDER BY id"
        ),
        args![absent, from, until],
    )
    .await
}

/// Inserts a stand-in.
///
/// # Errors
/// What the database says.
pub async fn insert_deputy(tx: &mut Tx, deputy: &Deputy, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO approval_deputy (id, absent_id, deputy_id, from_at, until_at, note, set_by, set_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            deputy.id,
            deputy.absent,
            deputy.deputy,
            deputy.from,
            deputy.until,
            &*deputy.note,
            deputy.set_by,
            now,
            deputy.ended_at
        ],
    )
    .await
    .map(|_| ())
}

/// Ends the stand-in `id`; false when it was over.
///
/// # Errors
/// What the database says.
pub async fn end_deputy(tx: &mut Tx, id: Id<DeputyId>, now: Timestamp) -> Result<bool, DbError> {
    let ended =
        tx.exec("UPDATE approval_deputy SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", args![id, now]).await?;
    Ok(ended == 1)
}
