use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Timestamp, of};

use super::AuditId;

/// Marks the id of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DrawId {}

/// A sample as it was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// Its id.
    pub id: Id<DrawId>,
    /// Of which audit.
    pub audit: Id<AuditId>,
    /// Its number within the audit, from 1.
    pub seq: i64,
    /// The name of the rule.
    pub rule: String,
    /// The seed.
    pub seed: i64,
    /// What came in from this day on,
    pub from_on: Day,
    /// until this day.
    pub until_on: Day,
    /// Stores that were asked for,
    pub stores: i64,
    /// cases of each,
    pub cases: i64,
    /// complaints of each.
    pub complaints: i64,
    /// SHA-256 of the population's lines.
    pub digest: String,
    /// The population's lines.
    pub population: String,
    /// When it was drawn.
    pub drawn_at: Timestamp,
    /// By whom.
    pub drawn_by: Option<Id<of::User>>,
}

const DRAW: &str =
    "SELECT id, audit_id, seq, rule, seed, from_on, until_on, stores, cases, complaints, digest, population, drawn_at,
    drawn_by FROM audit_draw WHERE ";

impl FromRow for Draw {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            audit: c.next()?,
            seq: c.next()?,
            rule: c.next()?,
            seed: c.next()?,
            from_on: c.next()?,
            until_on: c.next()?,
            stores: c.next()?,
            cases: c.next()?,
            complaints: c.next()?,
            digest: c.next()?,
            population: c.next()?,
            drawn_at: c.next()?,
            drawn_by: c.next()?,
        })
    }
}

/// A store in a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledStore {
    /// Which.
    pub unit: Id<of::Unit>,
    /// Its code then.
    pub code: String,
    /// The code of its region then.
    pub region: String,
    /// By which digest it was drawn.
    pub rank: String,
}

impl FromRow for SampledStore {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { unit: c.next()?, code: c.next()?, region: c.next()?, rank: c.next()? })
    }
}

/// A case or complaint in a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledCase {
    /// Which.
    pub case: Id<of::Case>,
    /// Its store then.
    pub unit: Id<of::Unit>,
    /// `case` or `complaint`.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// By which digest it was drawn.
    pub rank: String,
}

impl FromRow for SampledCase {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { case: c.next()?, unit: c.next()?, kind: c.next()?, number: c.next()?, rank: c.next()? })
    }
}

/// Everything of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Its rule.
    pub draw: Draw,
    /// Its stores, by code.
    pub stores: Vec<SampledStore>,
    /// Its cases and complaints, by store and number.
    pub cases: Vec<SampledCase>,
}

/// Keeps a sample.
///
/// # Errors
/// What the database says.
pub async fn insert_draw(tx: &mut Tx, drawn: &Drawn) -> Result<(), DbError> {
    let one = &drawn.draw;
    tx.exec(
        "INSERT INTO audit_draw (id, audit_id, seq, rule, seed, from_on, until_on, stores, cases, complaints, digest, population, drawn_at,
         drawn_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            one.id,
            one.audit,
            one.seq,
            &*one.rule,
            one.seed,
            one.from_on,
            one.until_on,
            one.stores,
            one.cases,
            one.complaints,
            &*one.digest,
            &*one.population,
            one.drawn_at,
            one.drawn_by
        ],
    )
    .await?;
    for store in &drawn.stores {
        tx.exec(
            "INSERT INTO audit_sample_store (draw_id, unit_id, code, region, rank) VALUES ($1, $2, $3, $4, $5)",
            args![one.id, store.unit, &*store.code, &*store.region, &*store.rank],
        )
        .await?;
    }
    for case in &drawn.cases {
        tx.exec(
            "INSERT INTO audit_sample_case (draw_id, case_id, unit_id, kind, number, rank) VALUES ($1, $2, $3, $4, $5, $6)",
            args![one.id, case.case, case.unit, &*case.kind, &*case.number, &*case.rank],
        )
        .await?;
    }
    Ok(())
}

/// The samples of an audit, the last one first.
///
/// # Errors
/// What the database says.
pub async fn draws(tx: &mut Tx, audit: Id<AuditId>) -> Result<Vec<Draw>, DbError> {
    let mut query = Sql::new(DRAW);
    query.bind("audit_id = ? ORDER BY seq DESC LIMIT 20", args![audit]);
    tx.all(query.sql(), query.values()).await
}

/// The sample of an audit with the number `seq`.
///
/// # Errors
/// What the database says.
pub async fn draw(tx: &mut Tx, audit: Id<AuditId>, seq: i64) -> Result<Option<Draw>, DbError> {
    let mut query = Sql::new(DRAW);
    query.bind("audit_id = ? AND seq = ?", args![audit, seq]);
    tx.one(query.sql(), query.values()).await
}

/// The sample that is looked at: the last one.
///
/// # Errors
/// What the database says.
pub async fn latest(tx: &mut Tx, audit: Id<AuditId>) -> Result<Option<Draw>, DbError> {
    let mut query = Sql::new(DRAW);
    query.bind("audit_id = ? ORDER BY seq DESC LIMIT 1", args![audit]);
    tx.one(query.sql(), query.values()).await
}

/// The stores of a sample.
///
/// # Errors
/// What the database says.
pub async fn sampled_stores(tx: &mut Tx, draw: Id<DrawId>) -> Result<Vec<SampledStore>, DbError> {
    tx.all("SELECT unit_id, code, region, rank FROM audit_sample_store WHERE draw_id = $1 ORDER BY code", args![draw])
        .await
}

/// The cases and complaints of a sample.
///
/// # Errors
/// What the database says.
pub async fn sampled_cases(tx: &mut Tx, draw: Id<DrawId>) -> Result<Vec<SampledCase>, DbError> {
    tx.all(
        "SELECT case_id, unit_id, kind, number, rank FROM audit_sample_case WHERE draw_id = $1 ORDER BY unit_id, kind, number",
        args![draw],
    )
    .await
}

/// A case in any sample of an audit, if it is in one and still stands at the store where it was drawn.
///
/// # Errors
/// What the database says.
pub async fn sampled(tx: &mut Tx, audit: Id<AuditId>, case: Id<of::Case>) -> Result<Option<SampledCase>, DbError> {
    tx.one(
        "SELECT s.case_id, s.unit_id, s.kind, s.number, s.rank FROM audit_sample_case s JOIN audit_draw d ON d.id = s.draw_id
         JOIN service_case c ON c.id = s.case_id AND c.store_id = s.unit_id
         WHERE s.case_id = $1 AND d.audit_id = $2 ORDER BY d.seq DESC LIMIT 1",
        args![case, audit],
    )
    .await
}

/// The same by the case's number.
///
/// # Errors
/// What the database says.
pub async fn sampled_of(tx: &mut Tx, audit: Id<AuditId>, number: &str) -> Result<Option<SampledCase>, DbError> {
    tx.one(
        "SELECT s.case_id, s.unit_id, s.kind, s.number, s.rank FROM audit_sample_case s JOIN audit_draw d ON d.id = s.draw_id
         JOIN service_case c ON c.id = s.case_id AND c.store_id = s.unit_id
         WHERE c.number = $1 AND d.audit_id = $2 ORDER BY d.seq DESC LIMIT 1",
        args![number, audit],
    )
    .await
}

/// A case that can be drawn: id, number, store, whether it is a complaint.
pub type Drawable = (Id<of::Case>, String, Id<of::Unit>, bool);

/// What came in at `stores` from `from` on and before `before` and was not void, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn items_between(
    tx: &mut Tx,
    stores: &[Id<of::Unit>],
    (from, before): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Drawable>, DbError> {
    let mut query = Sql::new(
        "SELECT id, number, store_id, CAST(CASE WHEN kind = 'complaint' THEN 1 ELSE 0 END AS BIGINT) FROM service_case WHERE ",
    );
    query.bind_in("store_id", stores.iter().copied().map(Value::from));
    query.bind(
        " AND happened_at >= ? AND happened_at < ? AND category <> 'void' ORDER BY happened_at, id LIMIT ?",
        args![from, before, limit],
    );
    let rows: Vec<(Id<of::Case>, String, Id<of::Unit>, i64)> = tx.all(query.sql(), query.values()).await?;
    Ok(rows.into_iter().map(|(id, number, store, complaint)| (id, number, store, complaint == 1)).collect())
}
