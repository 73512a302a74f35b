use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Id, Timestamp, of};

use super::domain::{Part, Who};
use crate::domain::Topic;

db::stored_words!(Part);

/// One line: who has which part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which part.
    pub part: Part,
    /// Who.
    pub who: Who,
}

/// One version of a topic's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// What the complaints are about.
    pub topic: Topic,
    /// From 1.
    pub version: i64,
    /// Why it was made; empty for what came with the program.
    pub reason: String,
    /// Who made it.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
    /// In their order.
    pub lines: Vec<Line>,
}

struct Stored {
    matrix: Matrix,
    line: Option<Line>,
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let matrix = Matrix {
            topic: c.next()?,
            version: c.next()?,
            reason: c.next()?,
            by: c.next()?,
            at: c.next()?,
            lines: Vec::new(),
        };
        let (part, role, unit): (Option<Part>, Option<String>, Option<Id<of::Unit>>) =
            (c.next()?, c.next()?, c.next()?);
        let line = part.and_then(|part| {
            let who = role.map(Who::Role).or(unit.map(Who::Unit))?;
            Some(Line { part, who })
        });
        Ok(Self { matrix, line })
    }
}

const SELECT: &str =
    "SELECT m.topic, m.version, m.reason, m.changed_by, m.changed_at, l.part, l.role, l.unit_id FROM complaint_matrix m
    LEFT JOIN complaint_matrix_line l ON l.topic = m.topic AND l.version = m.version";

async fn read(tx: &mut Tx, rest: &str, values: &[Value]) -> Result<Vec<Matrix>, DbError> {
    let rows: Vec<Stored> = tx.all(&format!("{SELECT} {rest}"), values).await?;
    let mut all: Vec<Matrix> = Vec::new();
    for Stored { matrix, line } in rows {
        let same = all.last().is_some_and(|last| last.topic == matrix.topic && last.version == matrix.version);
        if !same {
            all.push(matrix);
        }
        if let Some(last) = all.last_mut() {
            last.lines.extend(line);
        }
    }
    Ok(all)
}

/// Every topic as it is now.
///
/// # Errors
/// What the database says.
pub(super) async fn newest(tx: &mut Tx) -> Result<Vec<Matrix>, DbError> {
    let rest = "WHERE m.version = (SELECT MAX(n.version) FROM complaint_matrix n WHERE n.topic = m.topic) ORDER BY m.topic, l.seq";
    read(tx, rest, &[]).await
}

/// The versions of `topic`, newest first.
///
/// # Errors
/// What the database says.
pub(super) async fn versions(tx: &mut Tx, topic: Topic, limit: i64) -> Result<Vec<Matrix>, DbError> {
    let rest =
        "WHERE m.topic = $1 AND m.version > (SELECT MAX(n.version) FROM complaint_matrix n WHERE n.topic = $1) - $2
        ORDER BY m.version DESC, l.seq";
    read(tx, rest, args![topic, limit]).await
}

/// The version of `topic` that was in force at `at`.
///
/// # Errors
/// What the database says.
pub(super) async fn in_force(tx: &mut Tx, topic: Topic, at: Timestamp) -> Result<Option<Matrix>, DbError> {
    let rest = "WHERE m.topic = $1 AND m.version = (SELECT MAX(n.version) FROM complaint_matrix n WHERE n.topic = $1 AND n.changed_at <= $2)
        ORDER BY l.seq";
    Ok(read(tx, rest, args![topic, at]).await?.into_iter().next())
}

/// Adds a version; false when it is there.
///
/// # Errors
/// What the database says.
pub(super) async fn insert(tx: &mut Tx, matrix: &Matrix) -> Result<bool, DbError> {
    let made = tx
        .exec(
            "INSERT INTO complaint_matrix (topic, version, reason, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (topic, version) DO NOTHING",
            args![matrix.topic, matrix.version, &*matrix.reason, matrix.by, matrix.at],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    for (seq, line) in (1_i64..).zip(&matrix.lines) {
        let (role, unit) = match &line.who {
            Who::Role(code) => (Some(code.clone()), None),
            Who::Unit(id) => (None, Some(*id)),
        };
        tx.exec(
            "INSERT INTO complaint_matrix_line (topic, version, seq, part, role, unit_id) VALUES ($1, $2, $3, $4, $5, $6)",
            args![matrix.topic, matrix.version, seq, line.part, role, unit],
        )
        .await?;
    }
    Ok(true)
}
