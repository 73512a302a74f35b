use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, of};

use crate::domain::{Confidence, FaultClass};

/// Marks the id of a symptom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SymptomId {}

/// What customers complain about, and what it counts as (现象).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symptom {
    /// The id of this version.
    pub id: Id<SymptomId>,
    /// What it is called in data, e.g. `washer.no_spin`.
    pub code: String,
    /// Of which goods.
    pub category: String,
    /// 中文.
    pub name_zh: String,
    /// English.
    pub name_en: String,
    /// What it counts as before inspection.
    pub class: FaultClass,
    /// Seen at the counter: no inspection is needed to believe it.
    pub obvious: bool,
    /// Gas, electricity, fire: the case is urgent.
    pub danger: bool,
    /// Rule and article or annex; `house` for the company's own.
    pub source: String,
    /// How sure the source is.
    pub confidence: Confidence,
    /// Where it stands among those of its category.
    pub ordinal: i64,
    /// The first day on which it is offered.
    pub from: Day,
    /// The first day on which it no longer is.
    pub to: Option<Day>,
    /// Added by the company.
    pub own: bool,
    /// Counts the versions of its code.
    pub version: i64,
}

const COLUMNS: &str =
    "SELECT s.id, s.code, s.category, s.name_zh, s.name_en, s.fault_class, s.obvious, s.danger, s.source,
    s.confidence, s.ordinal, s.effective_from, s.effective_to, s.own, s.version FROM symptom s";

impl FromRow for Symptom {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            code: c.next()?,
            category: c.next()?,
            name_zh: c.next()?,
            name_en: c.next()?,
            class: c.next()?,
            obvious: c.next()?,
            danger: c.next()?,
            source: c.next()?,
            confidence: c.next()?,
            ordinal: c.next()?,
            from: c.next()?,
            to: c.next()?,
            own: c.next()?,
            version: c.next()?,
        })
    }
}

/// All symptoms, those that ended too, by category and in their order. A company has hundreds, not more.
///
/// # Errors
/// What the database says.
pub async fn symptoms(tx: &mut Tx) -> Result<Vec<Symptom>, DbError> {
    tx.all(&format!("{COLUMNS} ORDER BY s.category, s.ordinal, s.id"), &[]).await
}

/// The symptom `id`.
///
/// # Errors
/// What the database says.
pub async fn symptom(tx: &mut Tx, id: Id<SymptomId>) -> Result<Option<Symptom>, DbError> {
    tx.one(&format!("{COLUMNS} WHERE s.id = $1"), args![id]).await
}

/// The symptom `id`, held until the end of the transaction.
///
/// # Errors
/// What the database says.
pub async fn hold_symptom(tx: &mut Tx, id: Id<SymptomId>) -> Result<Option<Symptom>, DbError> {
    if tx.exec("UPDATE symptom SET version = version WHERE id = $1", args![id]).await? == 0 {
        return Ok(None);
    }
    symptom(tx, id).await
}

/// Puts the symptoms of one kind of goods into the order of `ids`: where a row stands is no part of what it says.
///
/// # Errors
/// What the database says.
pub async fn place_symptoms(tx: &mut Tx, ids: &[Id<SymptomId>]) -> Result<(), DbError> {
    let values: Vec<[Value; 2]> = ids.iter().zip(1_i64..).map(|(id, ordinal)| [(*id).into(), ordinal.into()]).collect();
    let place = "UPDATE symptom SET ordinal = $2 WHERE id = $1";
    let statements: Vec<(&str, &[Value])> = values.iter().map(|row| (place, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Inserts `symptom`.
///
/// # Errors
/// What the database says; `Unique` when this version of its code is there.
pub async fn insert_symptom(tx: &mut Tx, symptom: &Symptom) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO symptom (id, code, category, name_zh, name_en, fault_class, obvious, danger, source, confidence, ordinal,
            effective_from, effective_to, own, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            symptom.id,
            &symptom.code,
            &symptom.category,
            &symptom.name_zh,
            &symptom.name_en,
            symptom.class,
            symptom.obvious,
            symptom.danger,
            &symptom.source,
            symptom.confidence,
            symptom.ordinal,
            symptom.from,
            symptom.to,
            symptom.own,
            symptom.version
        ],
    )
    .await
    .map(|_| ())
}

/// Ends the symptom `id` with `day`, the first on which it is no longer offered; false when it has ended before.
///
/// # Errors
/// What the database says.
pub async fn end_symptom(tx: &mut Tx, id: Id<SymptomId>, day: Day) -> Result<bool, DbError> {
    let ended =
        tx.exec("UPDATE symptom SET effective_to = $2 WHERE id = $1 AND effective_to IS NULL", args![id, day]).await?;
    Ok(ended == 1)
}

/// The symptoms of `case`, in the order in which they were named.
///
/// # Errors
/// What the database says.
pub async fn symptoms_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Symptom>, DbError> {
    tx.all(
        &format!("{COLUMNS} JOIN case_symptom c ON c.symptom_id = s.id WHERE c.case_id = $1 ORDER BY c.ordinal"),
        args![case],
    )
    .await
}

/// Notes the symptoms of cases; pipelined where the engine can.
///
/// # Errors
/// What the database says.
pub async fn insert_case_symptoms(tx: &mut Tx, rows: &[(Id<of::Case>, &[Symptom])]) -> Result<(), DbError> {
    let values: Vec<[Value; 4]> = rows
        .iter()
        .flat_map(|(case, symptoms)| {
            symptoms.iter().zip(1_i64..).map(|(symptom, ordinal)| {
                [(*case).into(), symptom.code.clone().into(), symptom.id.into(), ordinal.into()]
            })
        })
        .collect();
    let insert = "INSERT INTO case_symptom (case_id, code, symptom_id, ordinal) VALUES ($1, $2, $3, $4)";
    let statements: Vec<(&str, &[Value])> = values.iter().map(|row| (insert, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// The newest cases with the symptom `code`, at most `limit`, newest first; reach is the caller's matter.
///
/// # Errors
/// What the database says.
pub async fn cases_with(tx: &mut Tx, code: &str, limit: i64) -> Result<Vec<Id<of::Case>>, DbError> {
    tx.all("SELECT case_id FROM case_symptom WHERE code = $1 ORDER BY case_id DESC LIMIT $2", args![code, limit]).await
}
