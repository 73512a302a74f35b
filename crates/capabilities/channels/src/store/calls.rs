//! Rows of calls.

use db::{Cell, DbError, Filter as Sql, FromRow, FromValue, Row, Tx, args};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Marks the id of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallId {}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// 响铃
    Ringing,
    /// 通话中
    Answered,
    /// 已结束
    Ended,
    /// 未接
    Missed,
    /// 已回电
    CalledBack,
}

impl CallState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Ringing, Self::Answered, Self::Ended, Self::Missed, Self::CalledBack];
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::Ended => "ended",
            Self::Missed => "missed",
            Self::CalledBack => "called_back",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

impl FromValue for CallState {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        crate::domain::word(cell, Self::parse)
    }
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its id.
    pub id: Id<CallId>,
    /// The line.
    pub channel: Id<of::Channel>,
    /// The line's store.
    pub store: Id<of::Unit>,
    /// Its key in the call centre.
    pub external_id: String,
    /// The caller's number; empty when withheld.
    pub phone: String,
    /// The same as everybody may see it.
    pub phone_masked: String,
    /// Where it stands.
    pub state: CallState,
    /// When it rang.
    pub started_at: Timestamp,
    /// When somebody answered.
    pub answered_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Where the call centre keeps the recording.
    pub recording: Option<String>,
    /// The case that it became.
    pub case: Option<Id<of::Case>>,
    /// By when somebody calls back.
    pub due_at: Option<Timestamp>,
    /// The due time about which people were told.
    pub told_at: Option<Timestamp>,
    /// How often somebody tried.
    pub tries: i64,
    /// What came of it.
    pub note: Option<String>,
    /// Counts its changes.
    pub version: i64,
    /// Why it was planned, such as `cooling`; `None` for calls that came in.
    pub purpose: Option<String>,
    /// Who makes a planned call.
    pub caller: Option<Id<of::User>>,
    /// Who does not: whoever the customer was upset with.
    pub not_caller: Option<Id<of::User>>,
    /// Whose telephone rings.
    pub agent: Option<Id<of::User>>,
}

impl Placed for Call {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

const COLUMNS: &str =
    "SELECT id, channel_id, store_id, external_id, phone, phone_masked, state, started_at, answered_at, ended_at,
    recording, case_id, due_at, told_at, tries, note, version, purpose, caller_id,
    not_caller_id, agent_id FROM phone_call WHERE ";

impl FromRow for Call {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            channel: c.next()?,
            store: c.next()?,
            external_id: c.next()?,
            phone: c.next()?,
            phone_masked: c.next()?,
            state: c.next()?,
            started_at: c.next()?,
            answered_at: c.next()?,
            ended_at: c.next()?,
            recording: c.next()?,
            case: c.next()?,
            due_at: c.next()?,
            told_at: c.next()?,
            tries: c.next()?,
            note: c.next()?,
            version: c.next()?,
            purpose: c.next()?,
            caller: c.next()?,
            not_caller: c.next()?,
            agent: c.next()?,
        })
    }
}

/// Inserts a call.
///
/// # Errors
/// What the database says; `Unique` when the channel has it already.
pub async fn insert_call(tx: &mut Tx, call: &Call) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO phone_call (id, channel_id, store_id, external_id, phone, phone_masked, state, started_at, answered_at, ended_at,
         recording, due_at, tries, version, case_id, purpose, caller_id, not_caller_id, agent_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        args![
            call.id,
            call.channel,
            call.store,
            &*call.external_id,
            &*call.phone,
            &*call.phone_masked,
            call.state.as_str(),
            call.started_at,
            call.answered_at,
            call.ended_at,
            call.recording.clone(),
            call.due_at,
            call.tries,
            call.version,
            call.case,
            call.purpose.clone(),
            call.caller,
            call.not_caller,
            call.agent
        ],
    )
    .await
    .map(|_| ())
}

/// Saves what may change (the call's version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save_call(tx: &mut Tx, call: &Call) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE phone_call SET state = $3, answered_at = $4, ended_at = $5, recording = $6, case_id = $7, due_at = $8, told_at = $9,
             tries = $10, note = $11, version = $12, agent_id = $13 WHERE id = $1 AND version = $2",
            args![
                call.id,
                call.version - 1,
                call.state.as_str(),
                call.answered_at,
                call.ended_at,
                call.recording.clone(),
                call.case,
                call.due_at,
                call.told_at,
                call.tries,
                call.note.clone(),
                call.version,
                call.agent
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// Empties what the calls of a number, or of a case, say of the person; gives their ids.
///
/// # Errors
/// What the database says.
pub async fn erase_calls(tx: &mut Tx, of: &Caller) -> Result<Vec<Id<CallId>>, DbError> {
    let mut query = Sql::new(
        "UPDATE phone_call SET phone = '', phone_masked = '', recording = NULL, note = NULL, version = version + 1 WHERE ",
    );
    match of {
        Caller::Number(digits) => query.bind("phone = ? AND phone <> ''", args![&**digits]),
        Caller::Case(case) => query.bind("case_id = ?", args![*case]),
    };
    query.push(" RETURNING id");
    tx.all(query.sql(), query.values()).await
}

/// Whose calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A number in digits.
    Number(String),
    /// The calls that became this case.
    Case(Id<of::Case>),
}

/// The call `id`.
///
/// # Errors
/// What the database says.
pub async fn get_call(tx: &mut Tx, id: Id<CallId>) -> Result<Option<Call>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The calls that ring at `agent` since `since`, newest first.
///
/// # Errors
/// What the database says.
pub async fn ringing(tx: &mut Tx, agent: Id<of::User>, since: Timestamp) -> Result<Vec<Call>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind(
        "agent_id = ? AND started_at >= ? AND state = 'ringing' ORDER BY started_at DESC, id DESC LIMIT 3",
        args![agent, since],
    );
    tx.all(query.sql(), query.values()).await
}

/// The call that the call centre of `channel` names so.
///
/// # Errors
/// What the database says.
pub async fn call_named(tx: &mut Tx, channel: Id<of::Channel>, external_id: &str) -> Result<Option<Call>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("channel_id = ? AND external_id = ?", args![channel, external_id]);
    tx.one(query.sql(), query.values()).await
}

/// Calls that are owed back by `now` and nobody was told of, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn owed(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Call>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("due_at <= ? AND (told_at IS NULL OR told_at < due_at) ORDER BY due_at, id LIMIT ?", args![now, limit]);
    tx.all(query.sql(), query.values()).await
}

/// Which calls a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ShowCalls {
    /// Ringing and spoken now.
    Live,
    /// Owed back.
    Owed,
    /// Missed in the days asked for.
    Missed,
    /// Answered in the days asked for.
    Answered,
    /// All.
    #[default]
    All,
}

impl ShowCalls {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 5] = [Self::Live, Self::Owed, Self::Missed, Self::Answered, Self::All];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Owed => "owed",
            Self::Missed => "missed",
            Self::Answered => "answered",
            Self::All => "all",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What a list of calls is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Which.
    pub show: ShowCalls,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Of this line.
    pub via: Option<Id<of::Channel>>,
}

impl CallFilter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push("1 = 1").reach(reach, "store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
        query.push(match self.show {
            ShowCalls::Live => " AND state IN ('ringing', 'answered')",
            ShowCalls::Owed => " AND due_at IS NOT NULL",
            ShowCalls::Missed => " AND state IN ('missed', 'called_back') AND purpose IS NULL",
            ShowCalls::Answered => " AND answered_at IS NOT NULL",
            ShowCalls::All => "",
        });
        if let Some(at) = self.from {
            query.bind(" AND started_at >= ?", args![at]);
        }
        if let Some(at) = self.before {
            query.bind(" AND started_at < ?", args![at]);
        }
        if let Some(store) = self.store {
            query.bind(" AND store_id = ?", args![store]);
        }
        if let Some(via) = self.via {
            query.bind(" AND channel_id = ?", args![via]);
        }
    }
}

/// At most `limit` calls that `reach` covers, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list_calls(
    tx: &mut Tx,
    filter: &CallFilter,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Call>, DbError> {
    let mut query = Sql::new(COLUMNS);
    filter.narrow(&mut query, reach);
    if let Some(cursor) = after {
        query.bind(" AND (started_at, id) < (?, ?)", args![cursor.key, cursor.id]);
    }
    query.bind(" ORDER BY started_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many calls that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count_calls(tx: &mut Tx, filter: &CallFilter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT id FROM phone_call WHERE ");
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}

/// Keeps the signature of a hook that was taken; false when it was taken before.
///
/// # Errors
/// What the database says.
pub async fn first_seen(tx: &mut Tx, signature: &str, now: Timestamp) -> Result<bool, DbError> {
    let kept = tx
        .exec(
            "INSERT INTO hook_seen (signature, seen_at) VALUES ($1, $2) ON CONFLICT (signature) DO NOTHING",
            args![signature, now],
        )
        .await?;
    Ok(kept == 1)
}

/// Forgets signatures from before `before`.
///
/// # Errors
/// What the database says.
pub async fn forget_seen(tx: &mut Tx, before: Timestamp) -> Result<(), DbError> {
    tx.exec("DELETE FROM hook_seen WHERE seen_at < $1", args![before]).await.map(|_| ())
}

/// What is known of the hooks of `channel`.
///
/// # Errors
/// What the database says.
pub async fn hook_of(tx: &mut Tx, channel: Id<of::Channel>) -> Result<HookState, DbError> {
    let sql = "SELECT secret, callback, refused, refused_why, refused_at FROM channel WHERE id = $1";
    Ok(tx.one(sql, args![channel]).await?.unwrap_or_default())
}

/// What is known of the hooks of a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HookState {
    /// What signs them, sealed.
    pub secret: Option<String>,
    /// Where replies go.
    pub callback: Option<String>,
    /// How many were refused.
    pub refused: i64,
    /// Why the last one was.
    pub refused_why: Option<String>,
    /// When that was.
    pub refused_at: Option<Timestamp>,
}

impl FromRow for HookState {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            secret: c.next()?,
            callback: c.next()?,
            refused: c.next()?,
            refused_why: c.next()?,
            refused_at: c.next()?,
        })
    }
}

/// Keeps where replies of `channel` go.
///
/// # Errors
/// What the database says.
pub async fn save_callback(tx: &mut Tx, channel: Id<of::Channel>, url: Option<&str>) -> Result<(), DbError> {
    tx.exec("UPDATE channel SET callback = $2 WHERE id = $1", args![channel, url]).await.map(|_| ())
}

/// The case, with its number, that the message `external_id` of `channel` went into.
///
/// # Errors
/// What the database says.
pub async fn message_case(
    tx: &mut Tx,
    channel: Id<of::Channel>,
    external_id: &str,
) -> Result<Option<(Id<of::Case>, String)>, DbError> {
    tx.one(
        "SELECT service_case.id, service_case.number FROM chat_message JOIN service_case ON service_case.id = chat_message.case_id
         WHERE channel_id = $1 AND chat_message.external_id = $2",
        args![channel, external_id],
    )
    .await
}

/// Keeps into which case the message `external_id` of `channel` went.
///
/// # Errors
/// `Unique` when it came twice at once; what the database says.
pub async fn keep_message(
    tx: &mut Tx,
    channel: Id<of::Channel>,
    external_id: &str,
    case: Id<of::Case>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO chat_message (channel_id, external_id, case_id, received_at) VALUES ($1, $2, $3, $4)",
        args![channel, external_id, case, now],
    )
    .await
    .map(|_| ())
}

/// Keeps what signs the hooks of `channel`, sealed.
///
/// # Errors
/// What the database says.
pub async fn save_secret(tx: &mut Tx, channel: Id<of::Channel>, sealed: &str) -> Result<(), DbError> {
    tx.exec("UPDATE channel SET secret = $2 WHERE id = $1", args![channel, sealed]).await.map(|_| ())
}

/// Counts that a hook of `channel` was refused, and why.
///
/// # Errors
/// What the database says.
pub async fn refused(tx: &mut Tx, channel: Id<of::Channel>, why: &str, at: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE channel SET refused = refused + 1, refused_why = $2, refused_at = $3 WHERE id = $1";
    tx.exec(sql, args![channel, why, at]).await.map(|_| ())
}
