//! Rows of problems; the only SQL of this crate.

use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Day, Id, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::State;

db::stored_words!(State);

/// Marks the id of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemId {}

/// A problem (难题).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Its id.
    pub id: Id<ProblemId>,
    /// What people call it.
    pub number: String,
    /// In a few words.
    pub title: String,
    /// What is known.
    pub body: String,
    /// Where it stands.
    pub state: State,
    /// The store where it came up.
    pub store: Id<of::Unit>,
    /// Who answers for it.
    pub owner: Id<of::User>,
    /// What lies behind it.
    pub cause: Option<String>,
    /// What helps.
    pub solution: Option<String>,
    /// When somebody looks again.
    pub review_on: Option<Day>,
    /// When it came up.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: Option<Id<of::User>>,
    /// When it was last solved.
    pub solved_at: Option<Timestamp>,
    /// When it was last closed.
    pub closed_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Problem {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: Some(self.owner) }
    }
}

const COLUMNS: &str = "SELECT id, number, title, body, state, store_id, owner_id, cause, solution, review_on, opened_at, opened_by, solved_at,
    closed_at, version FROM problem WHERE ";

impl FromRow for Problem {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            number: c.next()?,
            title: c.next()?,
            body: c.next()?,
            state: c.next()?,
            store: c.next()?,
            owner: c.next()?,
            cause: c.next()?,
            solution: c.next()?,
            review_on: c.next()?,
            opened_at: c.next()?,
            opened_by: c.next()?,
            solved_at: c.next()?,
            closed_at: c.next()?,
            version: c.next()?,
        })
    }
}

/// The next sequence of `day`.
///
/// # Errors
/// What the database says.
pub async fn next_number(tx: &mut Tx, day: Day) -> Result<i64, DbError> {
    let sql = "INSERT INTO problem_number (day, last) VALUES ($1, 1)
        ON CONFLICT (day) DO UPDATE SET last = problem_number.last + 1 RETURNING last";
    Ok(tx.one::<(i64,)>(sql, args![day]).await?.map_or(1, |(n,)| n))
}

/// Problems that no search finds, at most `limit` of them, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn unfound(tx: &mut Tx, limit: i64) -> Result<Vec<Problem>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind(
        "NOT EXISTS (SELECT 1 FROM search_piece s WHERE s.record_kind = ? AND s.record_id = problem.id) ORDER BY id LIMIT ?",
        args![crate::app::RECORD, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// Inserts a problem.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Problem) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO problem (id, number, title, body, state, store_id, owner_id, cause, solution, review_on, opened_at, opened_by,
         solved_at, closed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            one.id,
            &*one.number,
            &*one.title,
            &*one.body,
            one.state.as_str(),
            one.store,
            one.owner,
            one.cause.clone(),
            one.solution.clone(),
            one.review_on,
            one.opened_at,
            one.opened_by,
            one.solved_at,
            one.closed_at,
            one.version
        ],
    )
    .await
    .map(|_| ())
}

/// Saves a problem (its version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &Problem) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE problem SET title = $3, body = $4, state = $5, owner_id = $6, cause = $7, solution = $8, review_on = $9,
             solved_at = $10, closed_at = $11, version = $12 WHERE id = $1 AND version = $2",
            args![
                one.id,
                one.version - 1,
                &*one.title,
                &*one.body,
                one.state.as_str(),
                one.owner,
                one.cause.clone(),
                one.solution.clone(),
                one.review_on,
                one.solved_at,
                one.closed_at,
                one.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// The problem `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<ProblemId>) -> Result<Option<Problem>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The problem that people call `number`.
///
/// # Errors
/// What the database says.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<Problem>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("number = ?", args![number]);
    tx.one(query.sql(), query.values()).await
}

/// The problem behind `case`.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Problem>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("id = (SELECT problem_id FROM problem_case WHERE case_id = ?)", args![case]);
    tx.one(query.sql(), query.values()).await
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// In this state; `None` = what is not closed.
    pub state: Option<State>,
    /// Closed ones, too.
    pub all: bool,
    /// In its number or title.
    pub text: Option<String>,
    /// Of this owner, or with this expert.
    pub mine: Option<Id<of::User>>,
    /// Opened from then on.
    pub from: Option<Timestamp>,
    /// Opened before then.
    pub before: Option<Timestamp>,
    /// At this store.
    pub store: Option<Id<of::Unit>>,
}

impl Filter {
    fn narrow(&self, query: &mut Sql, me: Option<Id<of::User>>, reach: &Reach) {
        query.push("(1 = 1").reach(reach, "store_id", "CAST(NULL AS BIGINT)", "owner_id");
        if let Some(me) = me {
            query.bind(
                " OR owner_id = ? OR id IN (SELECT problem_id FROM problem_expert WHERE user_id = ?)",
                args![me, me],
            );
        }
        query.push(")");
        match self.state {
            Some(state) => query.bind(" AND state = ?", args![state.as_str()]),
            None if !self.all => query.push(" AND state <> 'closed'"),
            None => query,
        };
        if let Some(mine) = self.mine {
            query.bind(
                " AND (owner_id = ? OR id IN (SELECT problem_id FROM problem_expert WHERE user_id = ?))",
                args![mine, mine],
            );
        }
        if let Some(text) = &self.text {
            let plain = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let like = format!("%{plain}%");
            query.bind(
                " AND (LOWER(title) LIKE ? ESCAPE '\\' OR LOWER(number) LIKE ? ESCAPE '\\')",
                args![like.as_str(), like.as_str()],
            );
        }
        if let Some(at) = self.from {
            query.bind(" AND opened_at >= ?", args![at]);
        }
        if let Some(at) = self.before {
            query.bind(" AND opened_at < ?", args![at]);
        }
        if let Some(store) = self.store {
            query.bind(" AND store_id = ?", args![store]);
        }
    }
}

/// At most `limit` problems that `me` may see, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    me: Option<Id<of::User>>,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Problem>, DbError> {
    let mut query = Sql::new(COLUMNS);
    filter.narrow(&mut query, me, reach);
    if let Some(cursor) = after {
        query.bind(" AND (opened_at, id) < (?, ?)", args![cursor.key, cursor.id]);
    }
    query.bind(" ORDER BY opened_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// The experts of a problem.
///
/// # Errors
/// What the database says.
pub async fn experts(tx: &mut Tx, id: Id<ProblemId>) -> Result<Vec<Id<of::User>>, DbError> {
    tx.all("SELECT user_id FROM problem_expert WHERE problem_id = $1 ORDER BY user_id", args![id]).await
}

/// Sets the experts of a problem.
///
/// # Errors
/// What the database says.
pub async fn set_experts(tx: &mut Tx, id: Id<ProblemId>, experts: &[Id<of::User>]) -> Result<(), DbError> {
    tx.exec("DELETE FROM problem_expert WHERE problem_id = $1", args![id]).await?;
    for expert in experts {
        tx.exec("INSERT INTO problem_expert (problem_id, user_id) VALUES ($1, $2)", args![id, *expert]).await?;
    }
    Ok(())
}

/// The cases of a problem, newest link last, at most 100.
///
/// # Errors
/// What the database says.
pub async fn cases(tx: &mut Tx, id: Id<ProblemId>) -> Result<Vec<Id<of::Case>>, DbError> {
    tx.all("SELECT case_id FROM problem_case WHERE problem_id = $1 ORDER BY linked_at, case_id LIMIT 100", args![id])
        .await
}

/// Links a case; false when it has a problem already.
///
/// # Errors
/// What the database says.
pub async fn link(
    tx: &mut Tx,
    id: Id<ProblemId>,
    case: Id<of::Case>,
    by: Option<Id<of::User>>,
    at: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO problem_case (case_id, problem_id, linked_at, linked_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (case_id) DO NOTHING";
    Ok(tx.exec(sql, args![case, id, at, by]).await? == 1)
}

/// Takes a link away; false when there is none.
///
/// # Errors
/// What the database says.
pub async fn unlink(tx: &mut Tx, id: Id<ProblemId>, case: Id<of::Case>) -> Result<bool, DbError> {
    Ok(tx.exec("DELETE FROM problem_case WHERE problem_id = $1 AND case_id = $2", args![id, case]).await? == 1)
}

/// Problems whose review is due on `day` and whose owner was not told of that day.
///
/// # Errors
/// What the database says.
pub async fn due(tx: &mut Tx, day: Day, limit: i64) -> Result<Vec<Problem>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind(
        "review_on <= ? AND state <> 'closed' AND (told_on IS NULL OR told_on <> review_on) ORDER BY review_on, id LIMIT ?",
        args![day, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// The owner was told of the review.
///
/// # Errors
/// What the database says.
pub async fn told(tx: &mut Tx, id: Id<ProblemId>) -> Result<(), DbError> {
    tx.exec("UPDATE problem SET told_on = review_on WHERE id = $1", args![id]).await.map(|_| ())
}
