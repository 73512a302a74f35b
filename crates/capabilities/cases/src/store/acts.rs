use db::{DbError, FromRow, Row, Tx, Value, args, values};
use kernel::{Id, Timestamp, of};

use crate::domain::{Act, CommandName};

/// Marks the id of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActId {}

/// An act with what is needed to take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActRow {
    /// Its id.
    pub id: Id<ActId>,
    /// Of which case.
    pub case: Id<of::Case>,
    /// What, who and when.
    pub act: Act,
    /// The case before, as JSON.
    pub before: String,
    /// The clocks that it touched, each with the length of its ledger before and after; 0 before for those that it started.
    pub clocks: Vec<(Id<of::Clock>, i64, i64)>,
    /// What was counted.
    pub counted: Vec<(String, i64)>,
}

impl FromRow for ActRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, case) = (c.next()?, c.next()?);
        let command: CommandName = c.next()?;
        let act = Act { command, version: c.next()?, by: c.next()?, at: c.next()? };
        let before = c.next()?;
        let (clocks, counted): (String, String) = (c.next()?, c.next()?);
        let clock = |text: &str| {
            let mut parts = text.split(':');
            let mut next = || parts.next()?.parse::<i64>().ok();
            Some((Id::new(next()?), next()?, next()?))
        };
        let count = |text: &str| text.split_once(' ').and_then(|(part, n)| Some((part.to_owned(), n.parse().ok()?)));
        Ok(Self {
            id,
            case,
            act,
            before,
            clocks: clocks.split(',').filter_map(clock).collect(),
            counted: counted.split(';').filter_map(count).collect(),
        })
    }
}

/// Notes an act; older ones of the case can no longer be taken back, but are kept.
///
/// # Errors
/// What the database says.
pub async fn insert_act(tx: &mut Tx, row: &ActRow) -> Result<(), DbError> {
    let clocks: Vec<String> = row.clocks.iter().map(|(id, before, after)| format!("{id}:{before}:{after}")).collect();
    let counted: Vec<String> = row.counted.iter().map(|(part, n)| format!("{part} {n}")).collect();
    // What lies before can never be taken back again, so only the newest keeps its burden.
    tx.exec("DELETE FROM case_act WHERE case_id = $1", args![row.case]).await?;
    tx.exec(
        "INSERT INTO case_act (id, case_id, command, version, by_id, at, before, clocks, counted)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            row.id,
            row.case,
            row.act.command,
            row.act.version,
            row.act.by,
            row.act.at,
            &row.before,
            clocks.join(","),
            counted.join(";")
        ],
    )
    .await
    .map(|_| ())
}

/// The newest act on `case` that was not taken back.
///
/// # Errors
/// What the database says.
pub async fn last_act(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<ActRow>, DbError> {
    tx.one(
        "SELECT id, case_id, command, version, by_id, at, before, clocks, counted FROM case_act
         WHERE case_id = $1 AND taken_back_at IS NULL ORDER BY version DESC LIMIT 1",
        args![case],
    )
    .await
}

/// Marks an act as taken back; false when it was already.
///
/// # Errors
/// What the database says.
pub async fn mark_taken_back(tx: &mut Tx, id: Id<ActId>, now: Timestamp) -> Result<bool, DbError> {
    let marked = tx
        .exec("UPDATE case_act SET taken_back_at = $2 WHERE id = $1 AND taken_back_at IS NULL", args![id, now])
        .await?;
    Ok(marked == 1)
}

/// Marks clocks whose act was taken back.
///
/// # Errors
/// What the database says.
pub async fn void_clocks(tx: &mut Tx, case: Id<of::Case>, clocks: &[Id<of::Clock>]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value>> = clocks.iter().map(|clock| values![*clock, case]).collect();
    let statements: Vec<(&str, &[Value])> = rows
        .iter()
        .map(|row| {
            (
                "INSERT INTO case_void_clock (clock_id, case_id) VALUES ($1, $2) ON CONFLICT (clock_id) DO NOTHING",
                row.as_slice(),
            )
        })
        .collect();
    tx.batch(&statements).await
}

/// The clocks of `case` that count for nothing.
///
/// # Errors
/// What the database says.
pub async fn voided(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Id<of::Clock>>, DbError> {
    tx.all("SELECT clock_id FROM case_void_clock WHERE case_id = $1", args![case]).await
}

/// Brings a plan back to the customer whose yes or no at `at` was taken back.
///
/// # Errors
/// What the database says.
pub async fn undecide_plan(tx: &mut Tx, case: Id<of::Case>, at: Timestamp) -> Result<u64, DbError> {
    tx.exec(
        "UPDATE case_plan SET state = 'proposed', decided_at = NULL, chosen = NULL, proof = NULL, proof_note = NULL,
            decline_reason = NULL
         WHERE case_id = $1 AND decided_at = $2 AND state IN ('confirmed', 'declined')",
        args![case, at],
    )
    .await
}

/// Takes the newest plan back and brings back the one that it replaced at `at`.
///
/// # Errors
/// What the database says.
pub async fn unpropose(tx: &mut Tx, case: Id<of::Case>, at: Timestamp, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "UPDATE case_plan SET state = 'superseded', decided_at = $2
         WHERE case_id = $1 AND revision = (SELECT MAX(revision) FROM case_plan WHERE case_id = $1)",
        args![case, now],
    )
    .await?;
    tx.exec(
        "UPDATE case_plan SET state = 'proposed', decided_at = NULL
         WHERE case_id = $1 AND state = 'superseded' AND decided_at = $2
            AND revision = (SELECT MAX(revision) - 1 FROM case_plan WHERE case_id = $1)",
        args![case, at],
    )
    .await
    .map(|_| ())
}

/// Notes a missed deadline of which the region is told at `tell_at` when it is still open.
///
/// # Errors
/// What the database says.
pub async fn note_late(
    tx: &mut Tx,
    clock: Id<of::Clock>,
    case: Id<of::Case>,
    tell_at: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO case_late (clock_id, case_id, tell_at) VALUES ($1, $2, $3) ON CONFLICT (clock_id) DO NOTHING",
        args![clock, case, tell_at],
    )
    .await
    .map(|_| ())
}

/// Missed deadlines of which the region has to be told by `now`, oldest first.
///
/// # Errors
/// What the database says.
pub async fn late_now(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<(Id<of::Clock>, Id<of::Case>)>, DbError> {
    tx.all(
        "SELECT clock_id, case_id FROM case_late WHERE tell_at IS NOT NULL AND tell_at <= $1 ORDER BY tell_at, clock_id LIMIT $2",
        args![now, limit],
    )
    .await
}

/// Marks that the region was told, or need not be; false when somebody else did.
///
/// # Errors
/// What the database says.
pub async fn told_late(tx: &mut Tx, clock: Id<of::Clock>, told: Option<Timestamp>) -> Result<bool, DbError> {
    let marked = tx
        .exec(
            "UPDATE case_late SET tell_at = NULL, told_at = $2 WHERE clock_id = $1 AND tell_at IS NOT NULL",
            args![clock, told],
        )
        .await?;
    Ok(marked == 1)
}

/// The region is told of the clock `new` instead of `old`, which it takes the place of.
///
/// # Errors
/// What the database says.
pub async fn move_late(tx: &mut Tx, old: Id<of::Clock>, new: Id<of::Clock>) -> Result<(), DbError> {
    tx.exec("UPDATE case_late SET clock_id = $2 WHERE clock_id = $1", args![old, new]).await.map(|_| ())
}
