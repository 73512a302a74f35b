use cases::domain::Kind;
use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

use crate::domain::Rule;

/// A version of the rule, with who made it and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// Why it was changed; empty for the shipped one.
    pub reason: String,
    /// Who changed it; nobody for the shipped one.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
}

const COLUMNS: &str =
    "SELECT version, kinds, delay_hours, quiet_days, needs_consent, recovery_hours, reason, changed_by, changed_at
    FROM survey_rule";

impl FromRow for RuleRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (version, kinds): (_, String) = (c.next()?, c.next()?);
        let rule = Rule {
            version,
            // A kind that this release does not know is not asked about.
            kinds: kinds.split(',').filter_map(Kind::parse).collect(),
            delay_hours: c.next()?,
            quiet_days: c.next()?,
            needs_consent: c.next()?,
            recovery_hours: c.next()?,
        };
        Ok(Self { rule, reason: c.next()?, by: c.next()?, at: c.next()? })
    }
}

/// The rule in force.
///
/// # Errors
/// What the database says.
pub async fn rule(tx: &mut Tx) -> Result<Option<Rule>, DbError> {
    let mut newest = rules(tx, 1).await?;
    Ok(newest.pop().map(|row| row.rule))
}

/// The versions of the rule, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn rules(tx: &mut Tx, limit: i64) -> Result<Vec<RuleRow>, DbError> {
    let mut find = db::Filter::new(COLUMNS);
    find.bind(" ORDER BY version DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// Inserts a version; false when there is one of that number.
///
/// # Errors
/// What the database says.
pub async fn insert_rule(tx: &mut Tx, row: &RuleRow) -> Result<bool, DbError> {
    let kinds = row.rule.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",");
    let inserted = tx
        .exec(
            "INSERT INTO survey_rule (version, kinds, delay_hours, quiet_days, needs_consent, recovery_hours, reason, changed_by,
             changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (version) DO NOTHING",
            args![
                row.rule.version,
                kinds,
                row.rule.delay_hours,
                row.rule.quiet_days,
                row.rule.needs_consent,
                row.rule.recovery_hours,
                &*row.reason,
                row.by,
                row.at
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// When `customer` was last asked before `now`.
///
/// # Errors
/// What the database says.
pub async fn last_asked(tx: &mut Tx, customer: Id<of::Customer>, now: Timestamp) -> Result<Option<Timestamp>, DbError> {
    tx.one(
        "SELECT invited_at FROM survey WHERE customer_id = $1 AND skipped IS NULL AND invited_at <= $2
         ORDER BY invited_at DESC LIMIT 1",
        args![customer, now],
    )
    .await
}
