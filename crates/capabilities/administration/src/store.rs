//! How far the guided first run has come; the only SQL of this crate.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::Timestamp;

/// A step of the first run as stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Its word.
    pub step: String,
    /// `open`, `done` or `skipped`.
    pub state: String,
    /// Rows that could not be taken, as typed.
    pub draft: String,
    /// Ids that it made.
    pub made: Vec<i64>,
    /// What was chosen in it.
    pub choice: Option<String>,
}

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (step, state, draft, made): (String, String, String, String) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let made = made.split(' ').filter_map(|id| id.parse().ok()).collect();
        Ok(Self { step, state, draft, made, choice: c.next()? })
    }
}

/// All steps that something was done in.
///
/// # Errors
/// What the database says.
pub async fn steps(tx: &mut Tx) -> Result<Vec<Step>, DbError> {
    tx.all("SELECT step, state, draft, made, choice FROM first_run_step ORDER BY step", args![]).await
}

/// Keeps a step.
///
/// # Errors
/// What the database says.
pub async fn put(tx: &mut Tx, step: &Step, now: Timestamp) -> Result<(), DbError> {
    let made: Vec<String> = step.made.iter().map(ToString::to_string).collect();
    tx.exec(
        "INSERT INTO first_run_step (step, state, draft, made, choice, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (step) DO UPDATE SET state = excluded.state, draft = excluded.draft, made = excluded.made,
             choice = excluded.choice, changed_at = excluded.changed_at",
        args![step.step.as_str(), step.state.as_str(), step.draft.as_str(), made.join(" "), step.choice.clone(), now],
    )
    .await?;
    Ok(())
}
