use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of, words};

use super::domain::Criterion;

/// Marks the id of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewId {}
/// Marks the id of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoundId {}

words! {
    /// How far a review is.
    pub enum State {
        /// To be marked.
        Open = "open",
        /// Marked.
        Scored = "scored",
        /// Marked, and the handler has answered.
        Answered = "answered",
    }
}
db::stored_words!(State);

/// A sheet of criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// From 1.
    pub version: i64,
    /// Why it was made.
    pub reason: String,
    /// Who made it.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
    /// In their order.
    pub criteria: Vec<Criterion>,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: Id<RoundId>,
    /// Complaints that ended from then on,
    pub from: Timestamp,
    /// and before then,
    pub before: Timestamp,
    /// of this store or of all within reach.
    pub store: Option<Id<of::Unit>>,
    /// How many there were.
    pub population: i64,
    /// How many were drawn.
    pub size: i64,
    /// By which seed.
    pub seed: i64,
    /// By which sheet they are marked.
    pub sheet: i64,
    /// Who drew.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
}

impl FromRow for Round {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            from: c.next()?,
            before: c.next()?,
            store: c.next()?,
            population: c.next()?,
            size: c.next()?,
            seed: c.next()?,
            sheet: c.next()?,
            by: c.next()?,
            at: c.next()?,
        })
    }
}

/// A complaint that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: Id<ReviewId>,
    /// The sample.
    pub round: Id<RoundId>,
    /// The case.
    pub case: Id<of::Case>,
    /// The complaint's store when it was drawn.
    pub store: Id<of::Unit>,
    /// Who handled it.
    pub handler: Id<of::User>,
    /// How far it is.
    pub state: State,
    /// Basis points of what could be reached.
    pub score: Option<i64>,
    /// What the reviewer says.
    pub comment: Option<String>,
    /// Who marked it.
    pub scored_by: Option<Id<of::User>>,
    /// When.
    pub scored_at: Option<Timestamp>,
    /// What the handler says to that.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
    /// The case's number.
    pub number: String,
    /// What it is about.
    pub subject: String,
}

impl Placed for Review {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: Some(self.handler) }
    }
}

impl FromRow for Review {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            round: c.next()?,
            case: c.next()?,
            store: c.next()?,
            handler: c.next()?,
            state: c.next()?,
            score: c.next()?,
            comment: c.next()?,
            scored_by: c.next()?,
            scored_at: c.next()?,
            answer: c.next()?,
            answered_at: c.next()?,
            version: c.next()?,
            number: c.next()?,
            subject: c.next()?,
        })
    }
}

const SELECT: &str = "SELECT r.id, r.round_id, r.case_id, r.store_id, r.handler_id, r.state, r.score, r.comment, r.scored_by, r.scored_at,
    r.answer, r.answered_at, r.version, s.number, s.subject FROM complaint_review r JOIN service_case s ON s.id = r.case_id WHERE ";

/// Which reviews a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// To be marked.
    #[default]
    Open,
    /// Marked, answered or not.
    Scored,
    /// Of these, with an answer of the handler.
    Answered,
    /// Of complaints that the reader handled.
    Mine,
}

impl Show {
    /// All of them, as tabs.
    pub const ALL: [Self; 4] = [Self::Open, Self::Scored, Self::Answered, Self::Mine];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Scored => "scored",
            Self::Answered => "answered",
            Self::Mine => "mine",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which.
    pub show: Show,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Of complaints that this person handled.
    pub handler: Option<Id<of::User>>,
    /// Marked from then on.
    pub from: Option<Timestamp>,
    /// Marked before then.
    pub before: Option<Timestamp>,
    /// Who reads.
    pub reader: Option<Id<of::User>>,
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push("1 = 1");
        query.reach(reach, "r.store_id", "r.store_id", "r.handler_id");
        match self.show {
            Show::Open => query.push(" AND r.state = 'open'"),
            Show::Scored => query.push(" AND r.state <> 'open'"),
            Show::Answered => query.push(" AND r.state = 'answered'"),
            Show::Mine => query.bind(" AND r.state <> 'open' AND r.handler_id = ?", args![self.reader]),
        };
        if let Some(store) = self.store {
            query.bind(" AND r.store_id = ?", args![store]);
        }
        if let Some(handler) = self.handler {
            query.bind(" AND r.handler_id = ?", args![handler]);
        }
        if let Some(from) = self.from {
            query.bind(" AND r.scored_at >= ?", args![from]);
        }
        if let Some(before) = self.before {
            query.bind(" AND r.scored_at < ?", args![before]);
        }
    }
}

/// Reviews within `reach`, the last drawn first.
///
/// # Errors
/// What the database says.
pub(super) async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Review>, DbError> {
    let mut query = Sql::new(SELECT);
    filter.narrow(&mut query, reach);
    if let Some(cursor) = after {
        query.bind(" AND r.id < ?", args![cursor.id]);
    }
    query.bind(" ORDER BY r.id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub(super) async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT r.id FROM complaint_review r WHERE ");
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}

/// Mean in basis points and count of what was marked between two instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mean<K> {
    /// Of whom.
    pub of: K,
    /// Basis points.
    pub mean: i64,
    /// Of how many.
    pub n: i64,
}

async fn means<K: db::FromValue>(
    tx: &mut Tx,
    column: &'static str,
    filter: &Filter,
    reach: &Reach,
) -> Result<Vec<Mean<K>>, DbError> {
    let mut query = Sql::new("SELECT ");
    query.push(column).push(", CAST(SUM(r.score) AS BIGINT), COUNT(*) FROM complaint_review r WHERE ");
    Filter { show: Show::Scored, ..filter.clone() }.narrow(&mut query, reach);
    query.push(" GROUP BY ").push(column).push(" ORDER BY 3 DESC, 1 LIMIT 30");
    let rows: Vec<(K, i64, i64)> = tx.all(query.sql(), query.values()).await?;
    Ok(rows.into_iter().map(|(of, sum, n)| Mean { of, mean: sum / n.max(1), n }).collect())
}

/// By store.
///
/// # Errors
/// What the database says.
pub(super) async fn by_store(tx: &mut Tx, filter: &Filter, reach: &Reach) -> Result<Vec<Mean<Id<of::Unit>>>, DbError> {
    means(tx, "r.store_id", filter, reach).await
}

/// By who handled.
///
/// # Errors
/// What the database says.
pub(super) async fn by_handler(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
) -> Result<Vec<Mean<Id<of::User>>>, DbError> {
    means(tx, "r.handler_id", filter, reach).await
}

/// The review `id`.
///
/// # Errors
/// What the database says.
pub(super) async fn get(tx: &mut Tx, id: Id<ReviewId>) -> Result<Option<Review>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("r.id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The review of `case`.
///
/// # Errors
/// What the database says.
pub(super) async fn of_case(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Review>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("r.case_id = ?", args![case]);
    tx.one(query.sql(), query.values()).await
}

/// The review `id`, held until the end of the transaction.
///
/// # Errors
/// What the database says.
pub(super) async fn hold(tx: &mut Tx, id: Id<ReviewId>) -> Result<Option<Review>, DbError> {
    tx.exec("UPDATE complaint_review SET version = version WHERE id = $1", args![id]).await?;
    get(tx, id).await
}

/// Saves what can change.
///
/// # Errors
/// What the database says.
pub(super) async fn save(tx: &mut Tx, one: &Review) -> Result<(), DbError> {
    tx.exec(
        "UPDATE complaint_review SET state = $2, score = $3, comment = $4, scored_by = $5, scored_at = $6, answer = $7,
            answered_at = $8, version = $9 WHERE id = $1",
        args![
            one.id,
            one.state,
            one.score,
            one.comment.clone(),
            one.scored_by,
            one.scored_at,
            one.answer.clone(),
            one.answered_at,
            one.version
        ],
    )
    .await
    .map(|_| ())
}

/// A complaint that can be drawn: its case, store and handler.
pub(super) type Drawable = (Id<of::Case>, Id<of::Unit>, Id<of::User>);

/// Complaints within `reach` that were closed between two instants and not drawn yet, in the order of their ids, at most `limit`.
///
/// # Errors
/// What the database says.
pub(super) async fn population(
    tx: &mut Tx,
    reach: &Reach,
    (from, before): (Timestamp, Timestamp),
    store: Option<Id<of::Unit>>,
    limit: i64,
) -> Result<Vec<Drawable>, DbError> {
    let mut query = Sql::new("SELECT p.case_id, p.store_id, p.owner_id FROM complaint p WHERE p.ended_at IS NOT NULL");
    query.bind(" AND p.ended_at >= ? AND p.ended_at < ?", args![from, before]);
    query.push(" AND p.state IN ('closed', 'archived') AND p.owner_id IS NOT NULL");
    query.push(" AND NOT EXISTS (SELECT 1 FROM complaint_review r WHERE r.case_id = p.case_id)");
    query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
    if let Some(store) = store {
        query.bind(" AND p.store_id = ?", args![store]);
    }
    query.bind(" ORDER BY p.case_id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Adds a sample with its reviews.
///
/// # Errors
/// What the database says.
pub(super) async fn insert_round(
    tx: &mut Tx,
    round: &Round,
    drawn: &[(Id<ReviewId>, Drawable)],
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO review_round (id, from_at, before_at, store_id, population, size, seed, sheet_version, drawn_by, drawn_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            round.id,
            round.from,
            round.before,
            round.store,
            round.population,
            round.size,
            round.seed,
            round.sheet,
            round.by,
            round.at
        ],
    )
    .await?;
    for (id, (case, store, handler)) in drawn {
        tx.exec(
            "INSERT INTO complaint_review (id, round_id, case_id, store_id, handler_id, state, version)
             VALUES ($1, $2, $3, $4, $5, 'open', 1)",
            args![*id, round.id, *case, *store, *handler],
        )
        .await?;
    }
    Ok(())
}

/// The sample `id`.
///
/// # Errors
/// What the database says.
pub(super) async fn round(tx: &mut Tx, id: Id<RoundId>) -> Result<Option<Round>, DbError> {
    tx.one(
        "SELECT id, from_at, before_at, store_id, population, size, seed, sheet_version, drawn_by, drawn_at FROM review_round
         WHERE id = $1",
        args![id],
    )
    .await
}

/// The criteria of the sheet `version`.
///
/// # Errors
/// What the database says.
pub(super) async fn criteria(tx: &mut Tx, version: i64) -> Result<Vec<Criterion>, DbError> {
    let rows: Vec<(String, String, i64)> = tx
        .all("SELECT name_zh, name_en, weight FROM review_criterion WHERE version = $1 ORDER BY seq", args![version])
        .await?;
    Ok(rows.into_iter().map(|(name_zh, name_en, weight)| Criterion { name_zh, name_en, weight }).collect())
}

/// The newest sheets, newest first.
///
/// # Errors
/// What the database says.
pub(super) async fn sheets(tx: &mut Tx, limit: i64) -> Result<Vec<Sheet>, DbError> {
    let rows: Vec<(i64, String, Option<Id<of::User>>, Timestamp)> = tx
        .all(
            "SELECT version, reason, changed_by, changed_at FROM review_sheet ORDER BY version DESC LIMIT $1",
            args![limit],
        )
        .await?;
    let mut sheets = Vec::new();
    for (version, reason, by, at) in rows {
        sheets.push(Sheet { version, reason, by, at, criteria: criteria(tx, version).await? });
    }
    Ok(sheets)
}

/// Adds a sheet; false when its version is there.
///
/// # Errors
/// What the database says.
pub(super) async fn insert_sheet(tx: &mut Tx, sheet: &Sheet) -> Result<bool, DbError> {
    let made = tx
        .exec(
            "INSERT INTO review_sheet (version, reason, changed_by, changed_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (version) DO NOTHING",
            args![sheet.version, &*sheet.reason, sheet.by, sheet.at],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    for (seq, one) in (1_i64..).zip(&sheet.criteria) {
        tx.exec(
            "INSERT INTO review_criterion (version, seq, name_zh, name_en, weight) VALUES ($1, $2, $3, $4, $5)",
            args![sheet.version, seq, &*one.name_zh, &*one.name_en, one.weight],
        )
        .await?;
    }
    Ok(true)
}

/// Points and note by criterion, in their order.
///
/// # Errors
/// What the database says.
pub(super) async fn marks(tx: &mut Tx, id: Id<ReviewId>) -> Result<Vec<(Option<i64>, Option<String>)>, DbError> {
    tx.all("SELECT points, note FROM complaint_review_mark WHERE review_id = $1 ORDER BY seq", args![id]).await
}

/// Notes them.
///
/// # Errors
/// What the database says.
pub(super) async fn insert_marks(
    tx: &mut Tx,
    id: Id<ReviewId>,
    marks: &[(Option<i64>, Option<String>)],
) -> Result<(), DbError> {
    for (seq, (points, note)) in (1_i64..).zip(marks) {
        tx.exec(
            "INSERT INTO complaint_review_mark (review_id, seq, points, note) VALUES ($1, $2, $3, $4)",
            args![id, seq, *points, note.clone()],
        )
        .await?;
    }
    Ok(())
}
