use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::subsidy::{Duty, ProgrammeDraft};

db::stored_words!(Duty);

/// Marks the id of a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProgrammeId {}

/// A subsidy programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// Its id.
    pub id: Id<ProgrammeId>,
    /// What it says.
    pub draft: ProgrammeDraft,
    /// Counts its changes.
    pub version: i64,
    /// When it was changed.
    pub at: Timestamp,
}

impl Programme {
    fn read(c: &mut db::Columns<'_>) -> Result<Self, DbError> {
        let id = c.next()?;
        let draft = ProgrammeDraft {
            name: c.next()?,
            region: c.next()?,
            batch: c.next()?,
            from: c.next()?,
            to: c.next()?,
            goods: c.next::<String>()?.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            rate_bp: c.next()?,
            cap_fen: c.next()?,
            on_refund: c.next()?,
            on_exchange: c.next()?,
            forfeits: c.next()?,
            days: c.next()?,
            account: c.next()?,
            source: c.next()?,
        };
        Ok(Self { id, draft, version: c.next()?, at: c.next()? })
    }
}

impl FromRow for Programme {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Self::read(&mut row.columns())
    }
}

macro_rules! columns {
    ($before:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $before,
            "g.id, g.name, g.region, g.batch, g.from_day, g.to_day, g.goods, g.rate_bp, g.cap_fen, g.on_refund, g.on_exchange,
            g.forfeits, g.days, g.account, g.source, g.version, g.changed_at FROM ",
            $rest
        )
    };
}

/// Programmes, the newest first, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list_programmes(tx: &mut Tx, after: Option<i64>, limit: i64) -> Result<Vec<Programme>, DbError> {
    tx.all(
        columns!("", "subsidy_programme g WHERE g.id < $1 ORDER BY g.id DESC LIMIT $2"),
        args![after.unwrap_or(i64::MAX), limit],
    )
    .await
}

/// The programme `id`.
///
/// # Errors
/// What the database says.
pub async fn get_programme(tx: &mut Tx, id: Id<ProgrammeId>) -> Result<Option<Programme>, DbError> {
    tx.one(columns!("", "subsidy_programme g WHERE g.id = $1"), args![id]).await
}

/// Whether region and batch have a programme of this name.
///
/// # Errors
/// What the database says.
pub async fn programme_named(tx: &mut Tx, draft: &ProgrammeDraft) -> Result<Option<Id<ProgrammeId>>, DbError> {
    let found: Option<(Id<ProgrammeId>,)> = tx
        .one(
            "SELECT id FROM subsidy_programme WHERE region = $1 AND batch = $2 AND name = $3",
            args![&*draft.region, &*draft.batch, &*draft.name],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Inserts a programme.
///
/// # Errors
/// What the database says.
pub async fn insert_programme(tx: &mut Tx, one: &Programme) -> Result<(), DbError> {
    let draft = &one.draft;
    tx.exec(
        "INSERT INTO subsidy_programme (id, name, region, batch, from_day, to_day, goods, rate_bp, cap_fen, on_refund, on_exchange,
            forfeits, days, account, source, version, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        args![
            one.id,
            &*draft.name,
            &*draft.region,
            &*draft.batch,
            draft.from,
            draft.to,
            draft.goods.join(" "),
            draft.rate_bp,
            draft.cap_fen,
            draft.on_refund,
            draft.on_exchange,
            draft.forfeits,
            draft.days,
            &*draft.account,
            &*draft.source,
            one.version,
            one.at
        ],
    )
    .await
    .map(|_| ())
}

/// Saves a programme as its next version; false when its version is no longer the present one.
///
/// # Errors
/// What the database says.
pub async fn save_programme(tx: &mut Tx, one: &Programme) -> Result<bool, DbError> {
    let draft = &one.draft;
    let changed = tx
        .exec(
            "UPDATE subsidy_programme SET name = $2, region = $3, batch = $4, from_day = $5, to_day = $6, goods = $7, rate_bp = $8,
                cap_fen = $9, on_refund = $10, on_exchange = $11, forfeits = $12, days = $13, account = $14, source = $15,
                changed_at = $16, version = version + 1 WHERE id = $1 AND version = $17",
            args![
                one.id,
                &*draft.name,
                &*draft.region,
                &*draft.batch,
                draft.from,
                draft.to,
                draft.goods.join(" "),
                draft.rate_bp,
                draft.cap_fen,
                draft.on_refund,
                draft.on_exchange,
                draft.forfeits,
                draft.days,
                &*draft.account,
                &*draft.source,
                one.at,
                one.version
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Marks the id of a subsidy that a sale used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SubsidyId {}

/// A subsidy that was used for a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subsidy {
    /// Its id.
    pub id: Id<SubsidyId>,
    /// The sale.
    pub sale: Id<of::Sale>,
    /// The unit.
    pub unit: Id<of::SerialUnit>,
    /// How much, in fen.
    pub amount_fen: i64,
    /// The number under which the quota was used.
    pub quota: String,
    /// What was traded in.
    pub old_unit: Option<String>,
    /// The programme as it is now.
    pub programme: Programme,
}

impl FromRow for Subsidy {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, sale, unit, amount_fen, quota, old_unit) =
            (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        Ok(Self { id, sale, unit, amount_fen, quota, old_unit, programme: Programme::read(&mut c)? })
    }
}

/// The subsidy that was used for `unit`.
///
/// # Errors
/// What the database says.
pub async fn subsidy_of(tx: &mut Tx, unit: Id<of::SerialUnit>) -> Result<Option<Subsidy>, DbError> {
    tx.one(
        columns!(
            "u.id, u.sale_id, u.unit_id, u.amount_fen, u.quota, u.old_unit, ",
            "sale_subsidy u JOIN subsidy_programme g ON g.id = u.programme_id WHERE u.unit_id = $1"
        ),
        args![unit],
    )
    .await
}

/// Notes what a sale used.
///
/// # Errors
/// What the database says; `Unique` when the unit has one.
pub async fn insert_subsidy(
    tx: &mut Tx,
    one: &Subsidy,
    by: Option<Id<of::User>>,
    at: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO sale_subsidy (id, sale_id, unit_id, programme_id, amount_fen, quota, old_unit, noted_by, noted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![one.id, one.sale, one.unit, one.programme.id, one.amount_fen, &*one.quota, one.old_unit.clone(), by, at],
    )
    .await
    .map(|_| ())
}
