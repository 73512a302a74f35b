use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Day, Id, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::AuditId;
use super::audits::behind;
use crate::domain::{FindingState, Severity};

db::stored_words!(Severity);
db::stored_words!(FindingState);

/// Marks the id of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingId {}

/// A finding (不符合项 · 观察项) and what is done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its id.
    pub id: Id<FindingId>,
    /// Of which audit.
    pub audit: Id<AuditId>,
    /// Its number within the audit, from 1.
    pub seq: i64,
    /// What people call it.
    pub number: String,
    /// How grave it is.
    pub severity: Severity,
    /// Which clause.
    pub clause: String,
    /// Where.
    pub unit: Id<of::Unit>,
    /// In which sampled case.
    pub case: Option<Id<of::Case>>,
    /// What was seen.
    pub seen: String,
    /// Where it stands.
    pub state: FindingState,
    /// Who wrote it.
    pub written_by: Id<of::User>,
    /// When.
    pub written_at: Timestamp,
    /// Who answers for it,
    pub owner: Option<Id<of::User>>,
    /// until which day.
    pub due_on: Option<Day>,
    /// What lay behind it.
    pub cause: Option<String>,
    /// What was done.
    pub done: Option<String>,
    /// What shows it.
    pub proof: Option<String>,
    /// Who answered.
    pub answered_by: Option<Id<of::User>>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// What was said to the answer.
    pub verdict: Option<String>,
    /// By whom.
    pub judged_by: Option<Id<of::User>>,
    /// When.
    pub judged_at: Option<Timestamp>,
    /// How often the answer was not good.
    pub reopened: i64,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Finding {
    fn place(&self) -> Place {
        Place { store: self.unit, team: None, owner: self.owner }
    }
}

const FINDING: &str = "SELECT id, audit_id, seq, number, severity, clause, unit_id, case_id, seen, state, written_by, written_at, owner_id,
    due_on, cause, done, proof, answered_by, answered_at, verdict, judged_by, judged_at, reopened, version FROM audit_finding WHERE ";

impl FromRow for Finding {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            audit: c.next()?,
            seq: c.next()?,
            number: c.next()?,
            severity: c.next()?,
            clause: c.next()?,
            unit: c.next()?,
            case: c.next()?,
            seen: c.next()?,
            state: c.next()?,
            written_by: c.next()?,
            written_at: c.next()?,
            owner: c.next()?,
            due_on: c.next()?,
            cause: c.next()?,
            done: c.next()?,
            proof: c.next()?,
            answered_by: c.next()?,
            answered_at: c.next()?,
            verdict: c.next()?,
            judged_by: c.next()?,
            judged_at: c.next()?,
            reopened: c.next()?,
            version: c.next()?,
        })
    }
}

/// Inserts a finding.
///
/// # Errors
/// What the database says.
pub async fn insert_finding(tx: &mut Tx, one: &Finding) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO audit_finding (id, audit_id, seq, number, severity, clause, unit_id, case_id, seen, state, written_by, written_at,
         reopened, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            one.id,
            one.audit,
            one.seq,
            &*one.number,
            one.severity.as_str(),
            &*one.clause,
            one.unit,
            one.case,
            &*one.seen,
            one.state.as_str(),
            one.written_by,
            one.written_at,
            one.reopened,
            one.version
        ],
    )
    .await
    .map(|_| ())
}

/// Saves a finding (its version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save_finding(tx: &mut Tx, one: &Finding) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE audit_finding SET state = $3, owner_id = $4, due_on = $5, cause = $6, done = $7, proof = $8, answered_by = $9,
             answered_at = $10, verdict = $11, judged_by = $12, judged_at = $13, reopened = $14, version = $15
             WHERE id = $1 AND version = $2",
            args![
                one.id,
                one.version - 1,
                one.state.as_str(),
                one.owner,
                one.due_on,
                one.cause.clone(),
                one.done.clone(),
                one.proof.clone(),
                one.answered_by,
                one.answered_at,
                one.verdict.clone(),
                one.judged_by,
                one.judged_at,
                one.reopened,
                one.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// The finding `id`.
///
/// # Errors
/// What the database says.
pub async fn find(tx: &mut Tx, id: Id<FindingId>) -> Result<Option<Finding>, DbError> {
    let mut query = Sql::new(FINDING);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The finding of an audit with the number `seq`.
///
/// # Errors
/// What the database says.
pub async fn finding(tx: &mut Tx, audit: Id<AuditId>, seq: i64) -> Result<Option<Finding>, DbError> {
    let mut query = Sql::new(FINDING);
    query.bind("audit_id = ? AND seq = ?", args![audit, seq]);
    tx.one(query.sql(), query.values()).await
}

/// The findings of an audit in their order, at most 500.
///
/// # Errors
/// What the database says.
pub async fn findings_of(tx: &mut Tx, audit: Id<AuditId>) -> Result<Vec<Finding>, DbError> {
    let mut query = Sql::new(FINDING);
    query.bind("audit_id = ? ORDER BY seq LIMIT 500", args![audit]);
    tx.all(query.sql(), query.values()).await
}

/// What a list of findings is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// At this state; without it those that are not closed, unless `all`.
    pub state: Option<FindingState>,
    /// Closed ones, too.
    pub all: bool,
    /// For which this person answers.
    pub mine: Option<Id<of::User>>,
    /// Not closed, and their day is before this one.
    pub late_on: Option<Day>,
}

/// At most `limit` findings at places within `reach`, or for which `me` answers, or of the audit `own`; the newest first.
///
/// # Errors
/// What the database says.
pub async fn list_findings(
    tx: &mut Tx,
    filter: &FindingFilter,
    (me, own, reach): (Option<Id<of::User>>, Option<Id<AuditId>>, &Reach),
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Finding>, DbError> {
    let mut query = Sql::new(FINDING);
    query.push("(1 = 1").reach(reach, "unit_id", "CAST(NULL AS BIGINT)", "owner_id");
    if let Some(me) = me {
        query.bind(" OR owner_id = ?", args![me]);
    }
    if let Some(own) = own {
        query.bind(" OR audit_id = ?", args![own]);
    }
    query.push(")");
    match filter.state {
        Some(state) => query.bind(" AND state = ?", args![state.as_str()]),
        None if !filter.all => query.push(" AND state <> 'closed'"),
        None => &mut query,
    };
    if let Some(mine) = filter.mine {
        query.bind(" AND owner_id = ?", args![mine]);
    }
    if let Some(day) = filter.late_on {
        query.bind(" AND state <> 'closed' AND due_on < ?", args![day]);
    }
    behind(&mut query, after);
    query.bind(" ORDER BY written_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Findings whose day is before `day`, that wait for an answer, and whose owner was not told of that day.
///
/// # Errors
/// What the database says.
pub async fn overdue(tx: &mut Tx, day: Day, limit: i64) -> Result<Vec<Finding>, DbError> {
    let mut query = Sql::new(FINDING);
    query.bind(
        "due_on < ? AND state <> 'closed' AND state = 'open' AND (told_on IS NULL OR told_on <> due_on) ORDER BY due_on, id LIMIT ?",
        args![day, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// The owner was told that the day is over.
///
/// # Errors
/// What the database says.
pub async fn told(tx: &mut Tx, id: Id<FindingId>) -> Result<(), DbError> {
    tx.exec("UPDATE audit_finding SET told_on = due_on WHERE id = $1", args![id]).await.map(|_| ())
}
