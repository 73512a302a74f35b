//! Rows of what we collect; the only SQL of this crate.

pub mod campaign;

use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of};

use crate::domain::{Category, EntryState, Source};

db::stored_words!(Category, EntryState, Source);

/// Marks the id of a patrol entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryId {}

/// The case that the complaint `number` of `source` became, if it was taken over.
///
/// # Errors
/// What the database says.
pub async fn known(tx: &mut Tx, source: Source, number: &str) -> Result<Option<Id<of::Case>>, DbError> {
    let row: Option<(Id<of::Case>,)> =
        tx.one("SELECT case_id FROM collected WHERE source = $1 AND outside_no = $2", args![source, number]).await?;
    Ok(row.map(|(case,)| case))
}

/// A complaint that came from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// From where.
    pub source: Source,
    /// Its number there.
    pub number: String,
    /// What it became.
    pub case: Id<of::Case>,
    /// The case's store.
    pub store: Id<of::Unit>,
    /// When the customer complained there.
    pub happened_at: Timestamp,
    /// When it was taken over.
    pub taken_at: Timestamp,
    /// By whom.
    pub by: Option<Id<of::User>>,
}

impl FromRow for Collected {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            source: c.next()?,
            number: c.next()?,
            case: c.next()?,
            store: c.next()?,
            happened_at: c.next()?,
            taken_at: c.next()?,
            by: c.next()?,
        })
    }
}

/// Notes that it was taken over.
///
/// # Errors
/// What the database says; `Unique` when it was before.
pub async fn insert_collected(tx: &mut Tx, one: &Collected) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO collected (source, outside_no, case_id, store_id, happened_at, taken_at, taken_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![one.source, &*one.number, one.case, one.store, one.happened_at, one.taken_at, one.by],
    )
    .await
    .map(|_| ())
}

/// What was taken over last within `reach`.
///
/// # Errors
/// What the database says.
pub async fn collected(tx: &mut Tx, reach: &Reach, limit: i64) -> Result<Vec<(Collected, String, String)>, DbError> {
    struct Line(Collected, String, String);
    impl FromRow for Line {
        fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
            let mut c = row.columns();
            let one = Collected {
                source: c.next()?,
                number: c.next()?,
                case: c.next()?,
                store: c.next()?,
                happened_at: c.next()?,
                taken_at: c.next()?,
                by: c.next()?,
            };
            Ok(Self(one, c.next()?, c.next()?))
        }
    }
    let mut query = Sql::new(
        "SELECT c.source, c.outside_no, c.case_id, c.store_id, c.happened_at, c.taken_at, c.taken_by, s.number, s.subject
         FROM collected c JOIN service_case s ON s.id = c.case_id WHERE 1 = 1",
    );
    query.reach(reach, "c.store_id", "c.store_id", "c.taken_by");
    query.bind(" ORDER BY c.taken_at DESC, c.case_id DESC LIMIT ?", args![limit]);
    let rows: Vec<Line> = tx.all(query.sql(), query.values()).await?;
    Ok(rows.into_iter().map(|Line(one, number, subject)| (one, number, subject)).collect())
}

/// What was heard or seen on a patrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Id<EntryId>,
    /// The store.
    pub store: Id<of::Unit>,
    /// What it is about.
    pub category: Category,
    /// What was said or seen.
    pub body: String,
    /// When.
    pub happened_at: Timestamp,
    /// When it was typed in.
    pub entered_at: Timestamp,
    /// By whom.
    pub by: Option<Id<of::User>>,
    /// Where it stands.
    pub state: EntryState,
    /// What was done about it.
    pub outcome: Option<String>,
    /// What it became.
    pub case: Option<Id<of::Case>>,
    /// When it was dealt with.
    pub ended_at: Option<Timestamp>,
    /// By whom.
    pub ended_by: Option<Id<of::User>>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Entry {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: self.by }
    }
}

impl FromRow for Entry {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            store: c.next()?,
            category: c.next()?,
            body: c.next()?,
            happened_at: c.next()?,
            entered_at: c.next()?,
            by: c.next()?,
            state: c.next()?,
            outcome: c.next()?,
            case: c.next()?,
            ended_at: c.next()?,
            ended_by: c.next()?,
            version: c.next()?,
        })
    }
}

const SELECT: &str = "SELECT e.id, e.store_id, e.category, e.body, e.happened_at, e.entered_at, e.entered_by, e.state, e.outcome, e.case_id,
    e.ended_at, e.ended_by, e.version FROM patrol_entry e WHERE ";

/// What a list of entries is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand; all when left out.
    pub state: Option<EntryState>,
    /// What they are about.
    pub category: Option<Category>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push("1 = 1");
        query.reach(reach, "e.store_id", "e.store_id", "e.entered_by");
        if let Some(state) = self.state {
            query.bind(" AND e.state = ?", args![state]);
        }
        if let Some(category) = self.category {
            query.bind(" AND e.category = ?", args![category]);
        }
        if let Some(store) = self.store {
            query.bind(" AND e.store_id = ?", args![store]);
        }
    }
}

/// Entries within `reach`, the newest first.
///
/// # Errors
/// What the database says.
pub async fn entries(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let mut query = Sql::new(SELECT);
    filter.narrow(&mut query, reach);
    if let Some(cursor) = after {
        query.bind(" AND e.id < ?", args![cursor.id]);
    }
    query.bind(" ORDER BY e.id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT e.id FROM patrol_entry e WHERE ");
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}

/// The entry `id`.
///
/// # Errors
/// What the database says.
pub async fn entry(tx: &mut Tx, id: Id<EntryId>) -> Result<Option<Entry>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("e.id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The entry `id`, held until the end of the transaction.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &mut Tx, id: Id<EntryId>) -> Result<Option<Entry>, DbError> {
    tx.exec("UPDATE patrol_entry SET version = version WHERE id = $1", args![id]).await?;
    entry(tx, id).await
}

/// Adds an entry.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Entry) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO patrol_entry (id, store_id, category, body, happened_at, entered_at, entered_by, state, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            one.id,
            one.store,
            one.category,
            &*one.body,
            one.happened_at,
            one.entered_at,
            one.by,
            one.state,
            one.version
        ],
    )
    .await
    .map(|_| ())
}

/// Saves what can change.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &Entry) -> Result<(), DbError> {
    tx.exec(
        "UPDATE patrol_entry SET state = $2, outcome = $3, case_id = $4, ended_at = $5, ended_by = $6, version = $7 WHERE id = $1",
        args![one.id, one.state, one.outcome.clone(), one.case, one.ended_at, one.ended_by, one.version],
    )
    .await
    .map(|_| ())
}
