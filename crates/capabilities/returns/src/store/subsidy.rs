use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Day, Id, Money, Place, Placed, Reach, Timestamp, of, words};
use parties::store::SubsidyId;
use serde::{Deserialize, Serialize};

use super::rows::ReturnId;

words! {
    /// What is to be done about a subsidy.
    pub enum OwedWhat {
        /// It goes back to the treasury (退回财政).
        Repay = "repay",
        /// The new serial number is reported (报备).
        Report = "report",
    }
}

words! {
    /// Where that stands.
    pub enum OwedState {
        /// To be done (待办).
        Open = "open",
        /// Done (已办).
        Done = "done",
        /// The return came to nothing (不用办).
        Void = "void",
    }
}

db::stored_words!(OwedWhat, OwedState);

/// Marks the id of what a return owes of a subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OwedId {}

/// A task for finance: what a line's return makes of its subsidy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Its id.
    pub id: Id<OwedId>,
    /// The return.
    pub of: Id<ReturnId>,
    /// Its number.
    pub number: String,
    /// The line.
    pub line: i64,
    /// The subsidy.
    pub subsidy: Id<SubsidyId>,
    /// What is to be done.
    pub what: OwedWhat,
    /// How much.
    pub amount: Money,
    /// Where it goes.
    pub account: String,
    /// By when.
    pub due: Day,
    /// Where it stands.
    pub state: OwedState,
    /// Under which number it was done.
    pub reference: Option<String>,
    /// Who did it.
    pub done_by: Option<Id<of::User>>,
    /// When.
    pub done_at: Option<Timestamp>,
    /// Where the return is handled.
    pub store: Id<of::Unit>,
}

impl Placed for Owed {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

impl FromRow for Owed {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            of: c.next()?,
            number: c.next()?,
            line: c.next()?,
            subsidy: c.next()?,
            what: c.next()?,
            amount: c.next()?,
            account: c.next()?,
            due: c.next()?,
            state: c.next()?,
            reference: c.next()?,
            done_by: c.next()?,
            done_at: c.next()?,
            store: c.next()?,
        })
    }
}

const COLUMNS: &str =
    "SELECT o.id, o.return_id, p.number, o.line_seq, o.subsidy_id, o.what, o.amount_fen, o.account, o.due_on, o.state,
    o.reference, o.done_by, o.done_at, o.store_id FROM return_subsidy o JOIN product_return p ON p.id = o.return_id";

/// Notes what a return owes.
///
/// # Errors
/// What the database says.
pub async fn insert_owed(tx: &mut Tx, one: &Owed) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO return_subsidy (id, return_id, line_seq, subsidy_id, what, amount_fen, account, due_on, state, store_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            one.id,
            one.of,
            one.line,
            one.subsidy,
            one.what,
            one.amount,
            &*one.account,
            one.due,
            one.state,
            one.store
        ],
    )
    .await
    .map(|_| ())
}

/// What the return `id` owes, line by line.
///
/// # Errors
/// What the database says.
pub async fn owed(tx: &mut Tx, id: Id<ReturnId>) -> Result<Vec<Owed>, DbError> {
    let mut find = Sql::new(COLUMNS);
    find.bind(" WHERE o.return_id = ? ORDER BY o.line_seq", args![id]);
    tx.all(find.sql(), find.values()).await
}

/// What is still to be done within `reach`, the soonest first, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn owed_open(
    tx: &mut Tx,
    reach: &Reach,
    after: Option<(Day, i64)>,
    limit: i64,
) -> Result<Vec<Owed>, DbError> {
    let mut find = Sql::new(COLUMNS);
    find.push(" WHERE o.state = 'open'");
    if let Some((day, id)) = after {
        find.bind(" AND (o.due_on, o.id) > (?, ?)", args![day, id]);
    }
    find.reach(reach, "o.store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
    find.bind(" ORDER BY o.due_on, o.id LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// It is done; false when it was done before or is not to be done.
///
/// # Errors
/// What the database says.
pub async fn owed_done(
    tx: &mut Tx,
    id: Id<OwedId>,
    reference: &str,
    by: Option<Id<of::User>>,
    at: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE return_subsidy SET state = 'done', reference = $2, done_by = $3, done_at = $4 WHERE id = $1 AND state = 'open'",
            args![id, reference, by, at],
        )
        .await?;
    Ok(changed == 1)
}

/// The return `id` comes to nothing: what was to be done is not.
///
/// # Errors
/// What the database says.
pub async fn owed_void(tx: &mut Tx, id: Id<ReturnId>) -> Result<(), DbError> {
    tx.exec("UPDATE return_subsidy SET state = 'void' WHERE return_id = $1 AND state = 'open'", args![id])
        .await
        .map(|_| ())
}
