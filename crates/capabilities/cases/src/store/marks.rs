use db::{DbError, Tx, args};
use kernel::{Id, Timestamp, of};

use crate::domain::Stage;

/// Marks the id of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkId {}

/// What can be marked: what happens to a case more than once, and what a column forgets when a case is opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Marked {
    /// It was opened again.
    Reopened,
    /// It had been resolved for the first time before it was opened again.
    ResolvedFirst,
    /// It had been resolved again before it was opened once more.
    ResolvedAgain,
    /// It had been closed before it was opened again.
    Closed,
    /// A plan was proposed.
    Proposed,
    /// The customer refused a plan.
    Declined,
    /// A deadline was met.
    Met,
    /// A deadline was missed.
    Missed,
}

impl Marked {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reopened => "reopened",
            Self::ResolvedFirst => "resolved_first",
            Self::ResolvedAgain => "resolved_again",
            Self::Closed => "closed",
            Self::Proposed => "proposed",
            Self::Declined => "declined",
            Self::Met => "met",
            Self::Missed => "missed",
        }
    }
}

/// One happening that a number counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its id.
    pub id: Id<MarkId>,
    /// The case.
    pub case: Id<of::Case>,
    /// The store for which it counts.
    pub store: Id<of::Unit>,
    /// What.
    pub what: Marked,
    /// When.
    pub at: Timestamp,
    /// Of which deadline.
    pub stage: Option<Stage>,
}

/// Inserts `marks`.
///
/// # Errors
/// What the database says.
pub async fn insert_marks(tx: &mut Tx, marks: &[Mark]) -> Result<(), DbError> {
    for several in marks.chunks(200) {
        let mut insert = db::Filter::new(
            "INSERT INTO case_mark (mark, mark_store, mark_at, mark_id, mark_case, mark_stage) VALUES ",
        );
        for (n, mark) in several.iter().enumerate() {
            insert.push(if n > 0 { ", " } else { "" });
            let stage = mark.stage.map_or("", Stage::as_str);
            insert
                .bind("(?, ?, ?, ?, ?, ?)", args![mark.what.as_str(), mark.store, mark.at, mark.id, mark.case, stage]);
        }
        tx.exec(insert.sql(), insert.values()).await?;
    }
    Ok(())
}

/// Deletes the newest `n` marks of `case` that say one of `what`, and of deadlines those of `stage`.
///
/// # Errors
/// What the database says.
pub async fn forget_marks(
    tx: &mut Tx,
    case: Id<of::Case>,
    what: &[Marked],
    stage: Option<Stage>,
    n: i64,
) -> Result<(), DbError> {
    let mut forget = db::Filter::new("DELETE FROM case_mark WHERE mark_case = ?");
    forget
        .args(args![case])
        .bind(" AND mark_id IN (SELECT mark_id FROM case_mark WHERE mark_case = ? AND ", args![case]);
    forget.bind_in("mark", what.iter().map(|what| what.as_str().into()));
    if let Some(stage) = stage {
        forget.bind(" AND mark_stage = ?", args![stage.as_str()]);
    }
    forget.bind(" ORDER BY mark_at DESC, mark_id DESC LIMIT ?)", args![n]);
    tx.exec(forget.sql(), forget.values()).await.map(|_| ())
}
