//! Rows of the rules of keeping and of what has come to its end; the only SQL of this module.

use cases::domain::{Stage, Unit};
use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Day, Id, Reach, Timestamp, of};

use super::ArchiveKind;
use crate::domain::Severity;

db::stored_words!(ArchiveKind);

/// A version of how long a kind is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearsRow {
    /// Of which kind.
    pub kind: ArchiveKind,
    /// How long.
    pub years: i64,
    /// From when on it counts for what goes into the archive.
    pub from: Timestamp,
    /// Counted from 1.
    pub version: i64,
    /// Who set it; nobody for what came with the program.
    pub by: Option<Id<of::User>>,
}

impl FromRow for YearsRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { kind: c.next()?, years: c.next()?, from: c.next()?, version: c.next()?, by: c.next()? })
    }
}

/// All versions, newest first.
///
/// # Errors
/// What the database says.
pub async fn years(tx: &mut Tx) -> Result<Vec<YearsRow>, DbError> {
    tx.all("SELECT kind, years, effective_from, version, set_by FROM archive_rule ORDER BY version DESC, kind", args![])
        .await
}

/// Adds a version.
///
/// # Errors
/// A conflict when somebody else was faster.
pub async fn add_years(tx: &mut Tx, row: &YearsRow) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO archive_rule (kind, years, effective_from, version, set_by) VALUES ($1, $2, $3, $4, $5)",
        args![row.kind, row.years, row.from, row.version, row.by],
    )
    .await
    .map(|_| ())
}

/// A version of a promised time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseRow {
    /// For complaints this grave.
    pub severity: Severity,
    /// For which stretch.
    pub stage: Stage,
    /// Counted how.
    pub unit: Unit,
    /// Minutes, or days for working days.
    pub amount: i64,
    /// From when on it counts for clocks that begin.
    pub from: Timestamp,
    /// Counted from 1.
    pub version: i64,
    /// Who set it; nobody for what came with the program.
    pub by: Option<Id<of::User>>,
}

impl FromRow for PromiseRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            severity: c.next()?,
            stage: c.next()?,
            unit: c.next()?,
            amount: c.next()?,
            from: c.next()?,
            version: c.next()?,
            by: c.next()?,
        })
    }
}

/// All versions, newest first.
///
/// # Errors
/// What the database says.
pub async fn promises(tx: &mut Tx) -> Result<Vec<PromiseRow>, DbError> {
    tx.all(
        "SELECT severity, stage, unit, amount, effective_from, version, set_by FROM complaint_promise
         ORDER BY version DESC, severity, stage",
        args![],
    )
    .await
}

/// Adds a version.
///
/// # Errors
/// A conflict when somebody else was faster.
pub async fn add_promise(tx: &mut Tx, row: &PromiseRow) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO complaint_promise (severity, stage, unit, amount, effective_from, version, set_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![row.severity, row.stage, row.unit, row.amount, row.from, row.version, row.by],
    )
    .await
    .map(|_| ())
}

/// Closed complaints that ended before `before`, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn closed(
    tx: &mut Tx,
    before: Timestamp,
    after: Id<of::Case>,
    limit: i64,
) -> Result<Vec<Id<of::Case>>, DbError> {
    let rows: Vec<(Id<of::Case>,)> = tx
        .all(
            "SELECT case_id FROM complaint WHERE state = 'closed' AND ended_at < $1 AND case_id > $2 ORDER BY case_id LIMIT $3",
            args![before, after, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Archived complaints whose time was over before `today`, that nobody holds and that are not proposed yet.
///
/// # Errors
/// What the database says.
pub async fn over(tx: &mut Tx, today: Day, limit: i64) -> Result<Vec<Id<of::Case>>, DbError> {
    let rows: Vec<(Id<of::Case>,)> = tx
        .all(
            "SELECT p.case_id FROM complaint p WHERE p.retain_until < $1 AND p.state = 'archived' AND p.legal_hold IS NULL
                AND NOT EXISTS (SELECT 1 FROM archive_end e WHERE e.case_id = p.case_id)
             ORDER BY p.retain_until, p.case_id LIMIT $2",
            args![today, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Proposes to let the words of `case` go.
///
/// # Errors
/// What the database says.
pub async fn propose(tx: &mut Tx, case: Id<of::Case>, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO archive_end (case_id, proposed_at) VALUES ($1, $2) ON CONFLICT (case_id) DO NOTHING";
    tx.exec(sql, args![case, now]).await.map(|_| ())
}

/// The proposal is withdrawn: it is kept longer.
///
/// # Errors
/// What the database says.
pub async fn keep(tx: &mut Tx, case: Id<of::Case>) -> Result<(), DbError> {
    tx.exec("DELETE FROM archive_end WHERE case_id = $1", args![case]).await.map(|_| ())
}

/// The words are gone.
///
/// # Errors
/// What the database says.
pub async fn erased(tx: &mut Tx, case: Id<of::Case>, by: Option<Id<of::User>>, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE archive_end SET erased_at = $2, decided_by = $3 WHERE case_id = $1";
    tx.exec(sql, args![case, now, by]).await.map(|_| ())
}

/// An archived complaint that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The case.
    pub case: Id<of::Case>,
    /// Its number.
    pub number: String,
    /// In a few words.
    pub subject: String,
    /// Where it stands.
    pub store: Id<of::Unit>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Until when it had to be kept.
    pub retain_until: Day,
    /// When it was proposed.
    pub proposed_at: Timestamp,
}

impl FromRow for Proposed {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            case: c.next()?,
            number: c.next()?,
            subject: c.next()?,
            store: c.next()?,
            ended_at: c.next()?,
            retain_until: c.next()?,
            proposed_at: c.next()?,
        })
    }
}

/// Proposals within `reach` that wait for a person, oldest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn proposed(tx: &mut Tx, reach: &Reach, after: Option<Cursor>, limit: i64) -> Result<Vec<Proposed>, DbError> {
    let mut query = Sql::new(
        "SELECT e.case_id, p.number, s.subject, p.store_id, p.ended_at, p.retain_until, e.proposed_at
         FROM archive_end e JOIN complaint p ON p.case_id = e.case_id JOIN service_case s ON s.id = e.case_id
         WHERE e.erased_at IS NULL AND p.legal_hold IS NULL AND p.retain_until IS NOT NULL",
    );
    query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
    if let Some(cursor) = after {
        query.bind(" AND e.case_id > ?", args![cursor.id]);
    }
    query.bind(" ORDER BY e.case_id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}
