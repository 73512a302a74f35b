//! Improvements (改进) that feedback led to: the only SQL on them.

use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Day, Id, Place, Placed, Reach, Timestamp, of};

/// Marks the id of an improvement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImprovementId {}

kernel::words! {
    /// Where an improvement stands.
    pub enum State {
        /// Somebody is at it (进行中).
        Open = "open",
        /// Done (已完成).
        Done = "done",
        /// Given up (不做了).
        Dropped = "dropped",
    }
}
db::stored_words!(State);

/// Something that is made better because of what customers said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Improvement {
    /// Its id.
    pub id: Id<ImprovementId>,
    /// Whose it is.
    pub store: Id<of::Unit>,
    /// Who does it.
    pub owner: Id<of::User>,
    /// In a few words.
    pub title: String,
    /// The category whose count shows the effect.
    pub category: Option<String>,
    /// By when.
    pub due_on: Day,
    /// Where it stands.
    pub state: State,
    /// When it was done.
    pub done_on: Option<Day>,
    /// What customers said, for the public.
    pub said: Option<String>,
    /// What we did, for the public.
    pub did: Option<String>,
    /// Since when the public sees it.
    pub published_at: Option<Timestamp>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Improvement {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: Some(self.owner) }
    }
}

impl FromRow for Improvement {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            store: c.next()?,
            owner: c.next()?,
            title: c.next()?,
            category: c.next()?,
            due_on: c.next()?,
            state: c.next()?,
            done_on: c.next()?,
            said: c.next()?,
            did: c.next()?,
            published_at: c.next()?,
            created_at: c.next()?,
            version: c.next()?,
        })
    }
}

const COLUMNS: &str = "SELECT id, store_id, owner_id, title, category, due_on, state, done_on, said, did, published_at, created_at, version
    FROM improvement WHERE ";

/// Inserts an improvement, or saves one whose version was one less; false when somebody was faster. Its store stays.
///
/// # Errors
/// What the database says.
pub async fn save_improvement(tx: &mut Tx, one: &Improvement) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "INSERT INTO improvement (id, store_id, owner_id, title, category, due_on, state, done_on, said, did, published_at,
             created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (id) DO UPDATE SET owner_id = excluded.owner_id, title = excluded.title, category = excluded.category,
             due_on = excluded.due_on, state = excluded.state, done_on = excluded.done_on, said = excluded.said,
             did = excluded.did, published_at = excluded.published_at, version = excluded.version
             WHERE improvement.version = excluded.version - 1",
            args![
                one.id,
                one.store,
                one.owner,
                &*one.title,
                one.category.clone(),
                one.due_on,
                one.state,
                one.done_on,
                one.said.clone(),
                one.did.clone(),
                one.published_at,
                one.created_at,
                one.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// The improvement `id`.
///
/// # Errors
/// What the database says.
pub async fn improvement(tx: &mut Tx, id: Id<ImprovementId>) -> Result<Option<Improvement>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Improvements within `reach`, newest first, from behind `after`; of one state if asked.
///
/// # Errors
/// What the database says.
pub async fn improvements(
    tx: &mut Tx,
    state: Option<State>,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Improvement>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.push("1 = 1").reach(reach, "store_id", "CAST(NULL AS BIGINT)", "owner_id");
    if let Some(state) = state {
        query.bind(" AND state = ?", args![state]);
    }
    if let Some(cursor) = after {
        query.bind(" AND id < ?", args![cursor.id]);
    }
    query.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// What the public sees of `store`, newest first.
///
/// # Errors
/// What the database says.
pub async fn published(tx: &mut Tx, store: Id<of::Unit>, limit: i64) -> Result<Vec<Improvement>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind(
        "store_id = ? AND published_at IS NOT NULL AND state = 'done' ORDER BY published_at DESC, id DESC LIMIT ?",
        args![store, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// Ties `case` to an improvement; false when it was tied before.
///
/// # Errors
/// What the database says.
pub async fn tie(
    tx: &mut Tx,
    id: Id<ImprovementId>,
    case: Id<of::Case>,
    by: Option<Id<of::User>>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO improvement_case (improvement_id, case_id, linked_by, linked_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (improvement_id, case_id) DO NOTHING";
    Ok(tx.exec(sql, args![id, case, by, now]).await? == 1)
}

/// The cases behind an improvement.
///
/// # Errors
/// What the database says.
pub async fn tied_cases(tx: &mut Tx, id: Id<ImprovementId>) -> Result<Vec<Id<of::Case>>, DbError> {
    tx.all("SELECT case_id FROM improvement_case WHERE improvement_id = $1 ORDER BY case_id LIMIT 100", args![id]).await
}

/// The improvements that `case` led to.
///
/// # Errors
/// What the database says.
pub async fn improvements_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Improvement>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind(
        "id IN (SELECT improvement_id FROM improvement_case WHERE case_id = ?) ORDER BY id DESC LIMIT 20",
        args![case],
    );
    tx.all(query.sql(), query.values()).await
}

/// How many texts of `category` were decided that `store` got from `from` on and before `before`.
///
/// # Errors
/// What the database says.
pub async fn heard(
    tx: &mut Tx,
    store: Id<of::Unit>,
    category: &str,
    from: Timestamp,
    before: Timestamp,
) -> Result<i64, DbError> {
    let found: Option<(i64,)> = tx
        .one(
            "SELECT COUNT(*) FROM feedback_item WHERE store_id = $1 AND category = $2 AND received_at >= $3 AND received_at < $4
             AND NOT spam",
            args![store, category, from, before],
        )
        .await?;
    Ok(found.map_or(0, |(n,)| n))
}
