//! Rows of feedback, its categories and models; the only SQL of this crate.

pub mod improve;
pub mod tree;

use db::{Cell, DbError, Filter as Sql, FromRow, FromValue, Row, Tx, Value, args};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{Labels, Language, Screened, Sentiment, Source, Suggested, Suggestions};

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
    /// By which kind of channel it came.
    pub source: Source,
    /// In which language it is written.
    pub language: Language,
    /// Words of danger stand in it.
    pub danger: bool,
    /// The nearest deadline of the case; the last instant of all when none runs.
    pub due_at: Option<Timestamp>,
    /// Its place among undecided texts: danger, then upset customers, then the nearest deadline.
    pub turn: i64,
    /// Why it waits apart.
    pub screened: Option<Screened>,
    /// The case of the same words.
    pub copy_of: Option<Id<of::Case>>,
    /// A person put it back.
    pub kept: bool,
}

impl Item {
    fn suggested(&self, which: fn(&Suggestions) -> Option<&Suggested>) -> Option<String> {
        self.suggestions.as_ref().and_then(which).map(|one| one.label.clone())
    }
}

impl Placed for Item {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

const COLUMNS: &str =
    "SELECT case_id, store_id, team_id, owner_id, number, kind, channel, received_at, digest, suggestions, category,
    sentiment, urgent, spam, agreed, labelled_at, labelled_by, version, upset,
    source, language, danger, due_at, turn, screened, copy_of, kept FROM feedback_item WHERE ";

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
            source: c.next()?,
            language: Language::parse(&c.next::<String>()?).unwrap_or_default(),
            danger: c.next()?,
            due_at: c.next()?,
            turn: c.next()?,
            screened: c.next()?,
            copy_of: c.next()?,
            kept: c.next()?,
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
        "INSERT INTO feedback_item (case_id, store_id, team_id, owner_id, number, kind, channel, received_at, digest, urgent, spam, version, upset,
         source, language, danger, kept)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (case_id) DO NOTHING",
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
            item.upset,
            item.source,
            item.language.as_str(),
            item.danger,
            item.kept
        ],
    )
    .await?;
    order(tx, item.case).await
}

/// Says whether the customer is upset; who is upset waits with the others.
///
/// # Errors
/// What the database says.
pub async fn set_upset(tx: &mut Tx, case: Id<of::Case>, upset: bool) -> Result<(), DbError> {
    tx.exec("UPDATE feedback_item SET upset = $2 WHERE case_id = $1", args![case, upset]).await?;
    if upset {
        tx.exec("UPDATE feedback_item SET screened = NULL WHERE case_id = $1 AND screened IS NOT NULL", args![case])
            .await?;
    }
    Ok(())
}

/// Puts an undecided item where its danger, its customer's feeling and its case's deadline put it.
///
/// # Errors
/// What the database says.
pub async fn order(tx: &mut Tx, case: Id<of::Case>) -> Result<(), DbError> {
    let moved = tx
        .exec(
            "UPDATE feedback_item SET due_at = (SELECT due_at FROM service_case WHERE id = $1) WHERE case_id = $1 AND labelled_at IS NULL",
            args![case],
        )
        .await?;
    if moved == 0 {
        return Ok(());
    }
    tx.exec(
        "UPDATE feedback_item SET turn = CASE WHEN danger THEN 0 WHEN upset THEN 10000000000000 ELSE 20000000000000 END
         + CASE WHEN due_at IS NULL OR due_at > 9000000000000 THEN received_at + 604800000 ELSE due_at END WHERE case_id = $1",
        args![case],
    )
    .await
    .map(|_| ())
}

/// It came by another kind of channel than its case says.
///
/// # Errors
/// What the database says.
pub async fn set_source(tx: &mut Tx, case: Id<of::Case>, source: Source) -> Result<(), DbError> {
    tx.exec("UPDATE feedback_item SET source = $2 WHERE case_id = $1", args![case, source]).await.map(|_| ())
}

/// Lets it wait apart, or puts it back for good (the item's version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save_screened(tx: &mut Tx, item: &Item) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE feedback_item SET screened = $3, kept = $4, version = $5 WHERE case_id = $1 AND version = $2 AND labelled_at IS NULL",
            args![item.case, item.version - 1, item.screened, item.kept, item.version],
        )
        .await?;
    Ok(saved == 1)
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
             labelled_by = $9, version = $10, shown_category = $11, shown_sentiment = $12 WHERE case_id = $1 AND version = $2",
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
                item.version,
                labels.map_or_else(|| item.suggested(|all| all.category.as_ref()), |labels| labels.category.clone()),
                labels.map_or_else(
                    || item.suggested(|all| all.sentiment.as_ref()),
                    |labels| Some(labels.sentiment.as_str().to_owned())
                )
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// Saves what is suggested about an undecided item, and whether it waits apart; what a person put back stays.
///
/// # Errors
/// What the database says.
pub async fn save_suggestions(tx: &mut Tx, item: &Item, json: &str, at: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "UPDATE feedback_item SET suggestions = $2, suggested_at = $3, shown_category = $4, shown_sentiment = $5,
         screened = CASE WHEN kept OR upset THEN NULL ELSE $6 END, copy_of = $7, language = $8, danger = $9
         WHERE case_id = $1 AND labelled_at IS NULL",
        args![
            item.case,
            json,
            at,
            item.suggested(|all| all.category.as_ref()),
            item.suggested(|all| all.sentiment.as_ref()),
            item.screened,
            item.copy_of,
            item.language.as_str(),
            item.danger
        ],
    )
    .await?;
    order(tx, item.case).await
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
    /// Waiting apart: it looks like spam or like a copy.
    Screened,
}

impl Show {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Labelled, Self::Counted, Self::Negative, Self::Judged, Self::Spam, Self::Screened];
    /// Those that the page shows as tabs.
    pub const TABS: [Self; 5] = [Self::Open, Self::Screened, Self::Labelled, Self::Negative, Self::Spam];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Labelled => "labelled",
            Self::Counted => "counted",
            Self::Negative => "negative",
            Self::Judged => "judged",
            Self::Spam => "spam",
            Self::Screened => "screened",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    const fn condition(self) -> &'static str {
        match self {
            Self::Open => " AND labelled_at IS NULL AND screened IS NULL",
            Self::Screened => " AND labelled_at IS NULL AND screened IS NOT NULL",
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
    /// Of these stores; empty: of all, as with every list below.
    pub stores: Vec<Id<of::Unit>>,
    /// Of cases of these kinds.
    pub kinds: Vec<String>,
    /// Of cases that reached us so.
    pub channels: Vec<String>,
    /// By these kinds of channels.
    pub sources: Vec<Source>,
    /// In these languages.
    pub languages: Vec<Language>,
    /// With these feelings, decided or else suggested.
    pub sentiments: Vec<Sentiment>,
    /// Urgent, decided or else by words of danger.
    pub urgent: bool,
    /// With one of these categories, decided or else suggested.
    pub categories: Vec<String>,
    /// Only of customers who are upset.
    pub upset: bool,
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push("1 = 1").reach(reach, "store_id", "team_id", "owner_id").push(self.show.condition());
        let undecided = matches!(self.show, Show::Open | Show::Screened);
        if let Some(at) = self.from {
            query.bind(if undecided { " AND received_at >= ?" } else { " AND labelled_at >= ?" }, args![at]);
        }
        if let Some(at) = self.before {
            query.bind(if undecided { " AND received_at < ?" } else { " AND labelled_at < ?" }, args![at]);
        }
        let texts = |all: &[String]| all.iter().map(|one| Value::from(one.as_str())).collect::<Vec<_>>();
        let many: [(&'static str, Vec<Value>); 7] = [
            ("store_id", self.stores.iter().map(|id| (*id).into()).collect()),
            ("kind", texts(&self.kinds)),
            ("channel", texts(&self.channels)),
            ("source", self.sources.iter().map(|one| (*one).into()).collect()),
            ("language", self.languages.iter().map(|one| one.as_str().into()).collect()),
            ("shown_sentiment", self.sentiments.iter().map(|one| one.as_str().into()).collect()),
            ("shown_category", texts(&self.categories)),
        ];
        for (column, values) in many {
            if !values.is_empty() {
                query.push(" AND ").bind_in(column, values);
            }
        }
        if self.upset {
            query.push(" AND upset");
        }
        if self.urgent {
            query.push(if undecided { " AND danger" } else { " AND urgent" });
        }
    }

    /// Whether it is narrowed to anything but what it shows.
    pub fn is_narrowed(&self) -> bool {
        *self != Self { show: self.show, ..Self::default() }
    }
}

/// At most `limit` items that `reach` covers, from behind `after`: undecided ones by their turn, what waits apart by when it came and
/// decided ones by when that was, the newest first.
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
    let (behind, order) = match filter.show {
        Show::Open => (" AND (turn, case_id) > (?, ?)", " ORDER BY turn, case_id"),
        Show::Screened => (" AND (received_at, case_id) < (?, ?)", " ORDER BY received_at DESC, case_id DESC"),
        _ => (" AND (labelled_at, case_id) < (?, ?)", " ORDER BY labelled_at DESC, case_id DESC"),
    };
    if let Some(cursor) = after {
        query.bind(behind, args![cursor.key, cursor.id]);
    }
    query.push(order);
    query.bind(" LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// By which kinds of channels the first `limit` undecided items came, how many of each are of upset customers.
///
/// # Errors
/// What the database says.
pub async fn by_source(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<(Source, i64, i64)>, DbError> {
    let mut query = Sql::new(
        "SELECT source, COUNT(*), CAST(SUM(CASE WHEN upset THEN 1 ELSE 0 END) AS BIGINT) FROM (SELECT source, upset FROM feedback_item WHERE ",
    );
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS seen GROUP BY source ORDER BY COUNT(*) DESC, source", args![limit]);
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
