//! Rows of feedback, its categories and models; the only SQL of this crate.

pub mod improve;
pub mod tree;

use db::{Cell, DbError, Filter as Sql, FromRow, FromValue, Row, Tx, Value, args};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{Labels, Sentiment, Suggestions};

/// A text in the inbox; it has its case's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The case.
    pub case: Id<of::Case>,
    /// The case's store.
    pub store: Id<of::Unit>,
    /// The team that works on it.
    pub team: Option<Id<of::Unit>>,
    /// Who has it.
    pub owner: Option<Id<of::User>>,
    /// The case's number.
    pub number: String,
    /// The case's kind.
    pub kind: String,
    /// The case's channel.
    pub channel: String,
    /// When the customer said it.
    pub received_at: Timestamp,
    /// By which copies are found.
    pub digest: Option<i64>,
    /// What the program suggests; `None` until it has read the text.
    pub suggestions: Option<Suggestions>,
    /// What a person decided.
    pub labels: Option<Labels>,
    /// Whether the first decision took the suggested category.
    pub agreed: Option<bool>,
    /// When first.
    pub labelled_at: Option<Timestamp>,
    /// Who last.
    pub labelled_by: Option<Id<of::User>>,
    /// Counts the decisions.
    pub version: i64,
    /// The customer is upset.
    pub upset: bool,
}

impl Placed for Item {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

const COLUMNS: &str =
    "SELECT case_id, store_id, team_id, owner_id, number, kind, channel, received_at, digest, suggestions, category,
    sentiment, urgent, spam, agreed, labelled_at, labelled_by, version, upset FROM feedback_item WHERE ";

impl FromRow for Item {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (case, store, team, owner) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let (number, kind, channel, received_at, digest) = (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let suggestions: Option<String> = c.next()?;
        let (category, sentiment, urgent, spam): (Option<String>, Option<Sentiment>, bool, bool) =
            (c.next()?, c.next()?, c.next()?, c.next()?);
        Ok(Self {
            case,
            store,
            team,
            owner,
            number,
            kind,
            channel,
            received_at,
            digest,
            // Derived data of another release is made anew rather than failed on.
            suggestions: suggestions.and_then(|text| serde_json::from_str(&text).ok()),
            labels: sentiment.map(|sentiment| Labels { category, sentiment, urgent, spam }),
            agreed: c.next()?,
            labelled_at: c.next()?,
            labelled_by: c.next()?,
            version: c.next()?,
            upset: c.next()?,
        })
    }
}

impl FromValue for Sentiment {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Text(text) => Self::parse(text).ok_or_else(|| format!("no such word: {text}")),
            Cell::Null | Cell::Int(_) | Cell::Bool(_) | Cell::Bytes(_) => {
                Err("no text where a word is expected".to_owned())
            }
        }
    }
}

/// Inserts an undecided item, unless its case has one.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, item: &Item) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO feedback_item (case_id, store_id, team_id, owner_id, number, kind, channel, received_at, digest, urgent, spam, version, upset)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (case_id) DO NOTHING",
        args![
            item.case,
            item.store,
            item.team,
            item.owner,
            &*item.number,
            &*item.kind,
            &*item.channel,
            item.received_at,
            item.digest,
            false,
            false,
            item.version,
            item.upset
        ],
    )
    .await?;
    Ok(())
}

/// Says whether the customer is upset.
///
/// # Errors
/// What the database says.
pub async fn set_upset(tx: &mut Tx, case: Id<of::Case>, upset: bool) -> Result<(), DbError> {
    tx.exec("UPDATE feedback_item SET upset = $2 WHERE case_id = $1", args![case, upset]).await.map(|_| ())
}

/// The case of an item has moved.
///
/// # Errors
/// What the database says.
pub async fn moved(tx: &mut Tx, case: Id<of::Case>, place: Place) -> Result<(), DbError> {
    tx.exec(
        "UPDATE feedback_item SET store_id = $2, team_id = $3, owner_id = $4 WHERE case_id = $1",
        args![case, place.store, place.team, place.owner],
    )
    .await?;
    Ok(())
}

/// The case is no feedback after all; what a person decided stays.
///
/// # Errors
/// What the database says.
pub async fn drop_undecided(tx: &mut Tx, case: Id<of::Case>) -> Result<(), DbError> {
    tx.exec("DELETE FROM feedback_item WHERE case_id = $1 AND labelled_at IS NULL", args![case]).await?;
    Ok(())
}

/// The item of `case`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Item>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("case_id = ?", args![case]);
    tx.one(query.sql(), query.values()).await
}

/// Saves what was decided (the item's version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save_labels(tx: &mut Tx, item: &Item) -> Result<bool, DbError> {
    let labels = item.labels.as_ref();
    let saved = tx
        .exec(
            "UPDATE feedback_item SET category = $3, sentiment = $4, urgent = $5, spam = $6, agreed = $7, labelled_at = $8,
             labelled_by = $9, version = $10 WHERE case_id = $1 AND version = $2",
            args![
                item.case,
                item.version - 1,
                labels.and_then(|labels| labels.category.clone()),
                labels.map(|labels| labels.sentiment.as_str()),
                labels.is_some_and(|labels| labels.urgent),
                labels.is_some_and(|labels| labels.spam),
                item.agreed,
                item.labelled_at,
                item.labelled_by,
                item.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// Saves what is suggested about an undecided item.
///
/// # Errors
/// What the database says.
pub async fn save_suggestions(tx: &mut Tx, case: Id<of::Case>, json: &str, at: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "UPDATE feedback_item SET suggestions = $2, suggested_at = $3 WHERE case_id = $1 AND labelled_at IS NULL",
        args![case, json, at],
    )
    .await?;
    Ok(())
}

/// Items that the program has not read yet, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn unread(tx: &mut Tx, limit: i64) -> Result<Vec<Item>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("suggested_at IS NULL AND labelled_at IS NULL ORDER BY case_id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// The newest undecided items are to be read again: there is a newer model.
///
/// # Errors
/// What the database says.
pub async fn read_again(tx: &mut Tx, limit: i64) -> Result<(), DbError> {
    tx.exec(
        "UPDATE feedback_item SET suggested_at = NULL WHERE case_id IN (SELECT case_id FROM feedback_item
         WHERE labelled_at IS NULL ORDER BY received_at DESC, case_id DESC LIMIT $1)",
        args![limit],
    )
    .await?;
    Ok(())
}

/// Other items of the same store with the same letters, received since `since`, at most `limit`, oldest first.
///
/// # Errors
/// What the database says.
pub async fn copies(tx: &mut Tx, item: &Item, since: Timestamp, limit: i64) -> Result<Vec<Item>, DbError> {
    let Some(digest) = item.digest else { return Ok(Vec::new()) };
    let mut query = Sql::new(COLUMNS);
    query.bind(
        "store_id = ? AND digest = ? AND received_at >= ? AND case_id <> ? ORDER BY received_at, case_id LIMIT ?",
        args![item.store, digest, since, item.case, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// Decided items that teach, newest decision first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn taught(tx: &mut Tx, after: Option<Cursor>, limit: i64) -> Result<Vec<Item>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.push("labelled_at IS NOT NULL AND NOT spam");
    if let Some(cursor) = after {
        query.bind(" AND (labelled_at, case_id) < (?, ?)", args![cursor.key, cursor.id]);
    }
    query.bind(" ORDER BY labelled_at DESC, case_id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Which items a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// Nobody has decided yet.
    #[default]
    Open,
    /// Decided.
    Labelled,
    /// Decided and no spam: what the numbers count.
    Counted,
    /// Decided as negative.
    Negative,
    /// Decided where a category had been suggested.
    Judged,
    /// Decided as spam.
    Spam,
}

impl Show {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Open, Self::Labelled, Self::Counted, Self::Negative, Self::Judged, Self::Spam];
    /// Those that the page shows as tabs.
    pub const TABS: [Self; 4] = [Self::Open, Self::Labelled, Self::Negative, Self::Spam];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Labelled => "labelled",
            Self::Counted => "counted",
            Self::Negative => "negative",
            Self::Judged => "judged",
            Self::Spam => "spam",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    const fn condition(self) -> &'static str {
        match self {
            Self::Open => " AND labelled_at IS NULL",
            Self::Labelled => " AND labelled_at IS NOT NULL",
            Self::Counted => " AND labelled_at IS NOT NULL AND NOT spam",
            Self::Negative => " AND labelled_at IS NOT NULL AND NOT spam AND sentiment = 'negative'",
            Self::Judged => " AND labelled_at IS NOT NULL AND NOT spam AND agreed IS NOT NULL",
            Self::Spam => " AND labelled_at IS NOT NULL AND spam",
        }
    }
}

/// What a list is narrowed to. Days are those of the decision, for undecided items those on which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which.
    pub show: Show,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Of cases of this kind.
    pub kind: Option<String>,
    /// Of cases from this channel.
    pub channel: Option<String>,
    /// Decided as one of these categories; empty: as any.
    pub categories: Vec<String>,
    /// Only of customers who are upset.
    pub upset: bool,
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push("1 = 1").reach(reach, "store_id", "team_id", "owner_id").push(self.show.condition());
        let open = self.show == Show::Open;
        if let Some(at) = self.from {
            query.bind(if open { " AND received_at >= ?" } else { " AND labelled_at >= ?" }, args![at]);
        }
        if let Some(at) = self.before {
            query.bind(if open { " AND received_at < ?" } else { " AND labelled_at < ?" }, args![at]);
        }
        if let Some(store) = self.store {
            query.bind(" AND store_id = ?", args![store]);
        }
        if let Some(kind) = &self.kind {
            query.bind(" AND kind = ?", args![&**kind]);
        }
        if let Some(channel) = &self.channel {
            query.bind(" AND channel = ?", args![&**channel]);
        }
        if self.upset {
            query.push(" AND upset");
        }
        if !self.categories.is_empty() {
            query.push(" AND ").bind_in("category", self.categories.iter().map(|code| code.as_str().into()));
        }
    }
}

/// At most `limit` items that `reach` covers, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Item>, DbError> {
    let mut query = Sql::new(COLUMNS);
    filter.narrow(&mut query, reach);
    let open = filter.show == Show::Open;
    if let Some(cursor) = after {
        let behind = if open { " AND (received_at, case_id) < (?, ?)" } else { " AND (labelled_at, case_id) < (?, ?)" };
        query.bind(behind, args![cursor.key, cursor.id]);
    }
    query.push(if open {
        " ORDER BY received_at DESC, case_id DESC"
    } else {
        " ORDER BY labelled_at DESC, case_id DESC"
    });
    query.bind(" LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many items that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT case_id FROM feedback_item WHERE ");
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}

/// What was learned, and from how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRow {
    /// Counts the models.
    pub version: i64,
    /// When.
    pub trained_at: Timestamp,
    /// From how many texts.
    pub texts: i64,
    /// How many categories it tells apart.
    pub categories: i64,
}

impl FromRow for ModelRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { version: c.next()?, trained_at: c.next()?, texts: c.next()?, categories: c.next()? })
    }
}

/// The newest model.
///
/// # Errors
/// What the database says.
pub async fn model(tx: &mut Tx) -> Result<Option<ModelRow>, DbError> {
    tx.one("SELECT version, trained_at, texts, categories FROM feedback_model ORDER BY version DESC LIMIT 1", &[]).await
}

/// What model `version` has learned about categories and sentiments.
///
/// # Errors
/// What the database says.
pub async fn learned(tx: &mut Tx, version: i64) -> Result<(Option<Vec<u8>>, Option<Vec<u8>>), DbError> {
    let found = tx.one("SELECT category, sentiment FROM feedback_model WHERE version = $1", args![version]).await?;
    Ok(found.unwrap_or_default())
}

/// Inserts a model, and forgets all but the two before it.
///
/// # Errors
/// What the database says.
pub async fn insert_model(
    tx: &mut Tx,
    row: &ModelRow,
    category: Option<&Vec<u8>>,
    sentiment: Option<&Vec<u8>>,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO feedback_model (version, trained_at, texts, categories, category, sentiment) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            Value::from(row.version),
            Value::from(row.trained_at),
            Value::from(row.texts),
            Value::from(row.categories),
            category.map_or(Value::Null, Value::from),
            sentiment.map_or(Value::Null, Value::from),
        ],
    )
    .await?;
    tx.exec("DELETE FROM feedback_model WHERE version < $1", args![row.version - 2]).await?;
    Ok(())
}

/// Forgets what the program read from the words of `case`; what a person decided stays.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, case: Id<of::Case>) -> Result<u64, DbError> {
    tx.exec(
        "UPDATE feedback_item SET digest = NULL, suggested_at = NULL, suggestions = NULL, agreed = NULL WHERE case_id = $1",
        args![case],
    )
    .await
}
