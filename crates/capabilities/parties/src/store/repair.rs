use db::{DbError, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Id, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{DoneBy, FaultClass, RepairDraft, RepairKind};

db::stored_words!(DoneBy, FaultClass, RepairKind);

/// Marks the id of what happened to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RepairId {}

/// What happened to a unit, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRepair {
    /// Its id.
    pub id: Id<RepairId>,
    /// To which unit.
    pub unit: Id<of::SerialUnit>,
    /// What.
    pub draft: RepairDraft,
    /// A photo of the repair record is there.
    pub photo: bool,
    /// It came with a list of the past.
    pub imported: bool,
    /// It stands in the unit's count.
    pub counted: bool,
    /// Who typed it in.
    pub entered_by: Option<Id<of::User>>,
    /// When.
    pub entered_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

const COLUMNS: &str =
    "SELECT id, unit_id, what, body, fault, began_on, ended_on, parts_days, done_by, proof, photo, imported,
    counted, entered_by, entered_at, version FROM unit_repair";

impl FromRow for UnitRepair {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            unit: c.next()?,
            draft: RepairDraft {
                what: c.next()?,
                body: c.next()?,
                fault: c.next()?,
                began: c.next()?,
                ended: c.next()?,
                parts_days: c.next()?,
                done_by: c.next()?,
                proof: c.next()?,
            },
            photo: c.next()?,
            imported: c.next()?,
            counted: c.next()?,
            entered_by: c.next()?,
            entered_at: c.next()?,
            version: c.next()?,
        })
    }
}

/// What happened to the unit `id`, oldest first.
///
/// # Errors
/// What the database says.
pub async fn repairs_of(tx: &mut Tx, id: Id<of::SerialUnit>) -> Result<Vec<UnitRepair>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE unit_id = ? ORDER BY began_on, id LIMIT 200", args![id]);
    tx.all(find.sql(), find.values()).await
}

/// The same of several units.
///
/// # Errors
/// What the database says.
pub async fn repairs_of_units(tx: &mut Tx, units: &[Id<of::SerialUnit>]) -> Result<Vec<UnitRepair>, DbError> {
    let mut all = Vec::new();
    for some in units.chunks(256) {
        let mut find = Filter::new(COLUMNS);
        find.push(" WHERE ").bind_in("unit_id", some.iter().copied().map(Value::from));
        find.push(" ORDER BY unit_id, began_on, id");
        all.extend(tx.all::<UnitRepair>(find.sql(), find.values()).await?);
    }
    Ok(all)
}

/// One of them.
///
/// # Errors
/// What the database says.
pub async fn get_repair(tx: &mut Tx, id: Id<RepairId>) -> Result<Option<UnitRepair>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE id = ?", args![id]);
    tx.one(find.sql(), find.values()).await
}

/// Inserts what happened to units.
///
/// # Errors
/// What the database says; `Unique` when the unit has the same on that day.
pub async fn insert_repairs(tx: &mut Tx, rows: &[UnitRepair]) -> Result<(), DbError> {
    const INSERT: &str =
        "INSERT INTO unit_repair (id, unit_id, what, body, fault, began_on, ended_on, parts_days, done_by, proof,
        photo, imported, counted, entered_by, entered_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let all: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| {
            vec![
                row.id.into(),
                row.unit.into(),
                row.draft.what.into(),
                row.draft.body.clone().into(),
                row.draft.fault.into(),
                row.draft.began.into(),
                row.draft.ended.into(),
                row.draft.parts_days.into(),
                row.draft.done_by.into(),
                row.draft.proof.clone().into(),
                row.photo.into(),
                row.imported.into(),
                row.counted.into(),
                row.entered_by.into(),
                row.entered_at.into(),
                row.version.into(),
            ]
        })
        .collect();
    let statements: Vec<(&str, &[Value])> = all.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Saves `row` as its next version; false when its version is no longer the present one.
///
/// # Errors
/// As [`insert_repairs`].
pub async fn save_repair(tx: &mut Tx, row: &UnitRepair) -> Result<bool, DbError> {
    let draft = &row.draft;
    let changed = tx
        .exec(
            "UPDATE unit_repair SET what = $3, body = $4, fault = $5, began_on = $6, ended_on = $7, parts_days = $8,
                done_by = $9, proof = $10, photo = $11, counted = $12, version = version + 1 WHERE id = $1 AND version = $2",
            args![
                row.id,
                row.version,
                draft.what,
                draft.body.clone(),
                draft.fault,
                draft.began,
                draft.ended,
                draft.parts_days,
                draft.done_by,
                draft.proof.clone(),
                row.photo,
                row.counted
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Which category of the rules a product group falls under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawCategory {
    /// The product group.
    pub goods: String,
    /// The category; `other` is in no list.
    pub law: String,
    /// Counts its changes.
    pub version: i64,
}

impl FromRow for LawCategory {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { goods: c.next()?, law: c.next()?, version: c.next()? })
    }
}

/// The category of the product group `goods`, if headquarters has said one.
///
/// # Errors
/// What the database says.
pub async fn law_category(tx: &mut Tx, goods: &str) -> Result<Option<String>, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT law FROM law_category WHERE goods = $1", args![goods.to_lowercase()]).await?;
    Ok(found.map(|(law,)| law))
}

/// All of them, by group; those that products use and nobody has placed yet come with an empty category.
///
/// # Errors
/// What the database says.
pub async fn law_categories(tx: &mut Tx) -> Result<Vec<LawCategory>, DbError> {
    tx.all(
        "SELECT goods, law, version FROM law_category
         UNION ALL SELECT DISTINCT lower(p.category), '', CAST(0 AS BIGINT) FROM product p
            WHERE NOT EXISTS (SELECT 1 FROM law_category l WHERE l.goods = lower(p.category))
         ORDER BY 1",
        &[],
    )
    .await
}

/// Places the group `goods` under `law`, if nobody has since `version` (0 = not placed yet); false when somebody has.
///
/// # Errors
/// What the database says.
pub async fn save_law_category(tx: &mut Tx, one: &LawCategory, now: Timestamp) -> Result<bool, DbError> {
    let values = args![one.goods.clone(), one.law.clone(), one.version, now];
    let changed = tx
        .exec(
            "INSERT INTO law_category (goods, law, version, changed_at) VALUES ($1, $2, $3 + 1, $4)
             ON CONFLICT (goods) DO UPDATE SET law = excluded.law, version = excluded.version, changed_at = excluded.changed_at
             WHERE law_category.version = $3",
            values,
        )
        .await?;
    Ok(changed == 1)
}
