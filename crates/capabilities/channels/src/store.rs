//! Rows of channels and calls; the only SQL of this crate.

mod calls;

pub use calls::{
    Call, CallFilter, CallId, CallState, Caller, HookState, ShowCalls, call_named, count_calls, erase_calls,
    first_seen, forget_seen, get_call, hook_of, insert_call, keep_message, list_calls, message_case, owed, refused,
    ringing, save_call, save_callback, save_secret,
};

use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Id, Money, Place, Placed, Reach, Timestamp, of};

use crate::domain::{Hours, Kind};

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: Id<of::Channel>,
    /// What programs call it.
    pub code: String,
    /// Its kind.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub store: Id<of::Unit>,
    /// Who answers for it.
    pub owner: Option<Id<of::User>>,
    /// Its number, address or place.
    pub address: Option<String>,
    /// When it is open.
    pub hours: Hours,
    /// What whoever answers says.
    pub script: Option<String>,
    /// How many cases its owner expects on an open day.
    pub expected_per_day: Option<i64>,
    /// What it costs.
    pub cost_per_month: Money,
    /// Every how many days somebody tries it out.
    pub test_days: Option<i64>,
    /// When that is due.
    pub test_due_at: Option<Timestamp>,
    /// When somebody last did.
    pub tested_at: Option<Timestamp>,
    /// Whether it worked.
    pub test_passed: Option<bool>,
    /// What was seen.
    pub test_note: Option<String>,
    /// The due time about which its owner was told.
    pub test_told_at: Option<Timestamp>,
    /// Since when it is quiet.
    pub quiet_at: Option<Timestamp>,
    /// How many cases were expected then, in thousandths.
    pub quiet_expected: Option<i64>,
    /// How many had come.
    pub quiet_seen: Option<i64>,
    /// Sites that may show its form, one a line.
    pub frames: Option<String>,
    /// When somebody last sent more than was taken.
    pub flooded_at: Option<Timestamp>,
    /// Open, or closed for good.
    pub active: bool,
    /// Since when it is known.
    pub created_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Channel {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: self.owner }
    }
}

const COLUMNS: &str = "SELECT id, code, kind, name, store_id, owner_id, address, hours, script, expected_per_day, cost_per_month,
    test_days, test_due_at, tested_at, test_passed, test_note, test_told_at, quiet_at, quiet_expected, quiet_seen, frames,
    flooded_at, active, created_at, version FROM channel WHERE ";

impl FromRow for Channel {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            code: c.next()?,
            kind: c.next()?,
            name: c.next()?,
            store: c.next()?,
            owner: c.next()?,
            address: c.next()?,
            hours: c.next()?,
            script: c.next()?,
            expected_per_day: c.next()?,
            cost_per_month: c.next()?,
            test_days: c.next()?,
            test_due_at: c.next()?,
            tested_at: c.next()?,
            test_passed: c.next()?,
            test_note: c.next()?,
            test_told_at: c.next()?,
            quiet_at: c.next()?,
            quiet_expected: c.next()?,
            quiet_seen: c.next()?,
            frames: c.next()?,
            flooded_at: c.next()?,
            active: c.next()?,
            created_at: c.next()?,
            version: c.next()?,
        })
    }
}

/// Inserts a channel.
///
/// # Errors
/// `Unique` when its code is taken; what the database says.
pub async fn insert(tx: &mut Tx, channel: &Channel) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO channel (id, code, kind, name, store_id, owner_id, address, hours, script, expected_per_day, cost_per_month,
         test_days, test_due_at, frames, active, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        args![
            channel.id,
            &*channel.code,
            channel.kind.as_str(),
            &*channel.name,
            channel.store,
            channel.owner,
            channel.address.clone(),
            channel.hours.as_str(),
            channel.script.clone(),
            channel.expected_per_day,
            channel.cost_per_month,
            channel.test_days,
            channel.test_due_at,
            channel.frames.clone(),
            channel.active,
            channel.created_at,
            channel.version
        ],
    )
    .await?;
    Ok(())
}

/// Saves what may change (the channel's version is the new one); false when somebody was faster. Code, kind and store stay.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, channel: &Channel) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE channel SET name = $3, owner_id = $4, address = $5, hours = $6, script = $7, expected_per_day = $8,
             cost_per_month = $9, test_days = $10, test_due_at = $11, tested_at = $12, test_passed = $13, test_note = $14,
             test_told_at = $15, quiet_at = $16, quiet_expected = $17, quiet_seen = $18, frames = $19, active = $20, version = $21
             WHERE id = $1 AND version = $2",
            args![
                channel.id,
                channel.version - 1,
                &*channel.name,
                channel.owner,
                channel.address.clone(),
                channel.hours.as_str(),
                channel.script.clone(),
                channel.expected_per_day,
                channel.cost_per_month,
                channel.test_days,
                channel.test_due_at,
                channel.tested_at,
                channel.test_passed,
                channel.test_note.clone(),
                channel.test_told_at,
                channel.quiet_at,
                channel.quiet_expected,
                channel.quiet_seen,
                channel.frames.clone(),
                channel.active,
                channel.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// Saves what the program found out by itself: silence, and about which due time the owner was told. The version stays, so that nobody
/// who is editing is disturbed.
///
/// # Errors
/// What the database says.
pub async fn mark(tx: &mut Tx, channel: &Channel) -> Result<(), DbError> {
    tx.exec(
        "UPDATE channel SET test_told_at = $2, quiet_at = $3, quiet_expected = $4, quiet_seen = $5 WHERE id = $1",
        args![channel.id, channel.test_told_at, channel.quiet_at, channel.quiet_expected, channel.quiet_seen],
    )
    .await?;
    Ok(())
}

/// Notes that more was sent than was taken.
///
/// # Errors
/// What the database says.
pub async fn flooded(tx: &mut Tx, id: Id<of::Channel>, at: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE channel SET flooded_at = $2 WHERE id = $1", args![id, at]).await.map(|_| ())
}

/// The channel `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<of::Channel>) -> Result<Option<Channel>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The channel that programs call `code`.
///
/// # Errors
/// What the database says.
pub async fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Channel>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("code = ?", args![code]);
    tx.one(query.sql(), query.values()).await
}

/// The only open channel of `kind` at `store`; `None` when there is none, or a choice.
///
/// # Errors
/// What the database says.
pub async fn only(tx: &mut Tx, store: Id<of::Unit>, kind: Kind) -> Result<Option<Id<of::Channel>>, DbError> {
    let found: Vec<Id<of::Channel>> = tx
        .all("SELECT id FROM channel WHERE store_id = $1 AND kind = $2 AND active LIMIT 2", args![store, kind.as_str()])
        .await?;
    Ok(match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// Channels that search does not know yet, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn not_indexed(tx: &mut Tx, limit: i64) -> Result<Vec<Channel>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("NOT indexed ORDER BY id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Notes that search knows `channel`.
///
/// # Errors
/// What the database says.
pub async fn mark_indexed(tx: &mut Tx, channel: Id<of::Channel>) -> Result<(), DbError> {
    tx.exec("UPDATE channel SET indexed = TRUE WHERE id = $1", args![channel]).await.map(|_| ())
}

/// The open telephone line of `store` that it has had longest.
///
/// # Errors
/// What the database says.
pub async fn first_line(tx: &mut Tx, store: Id<of::Unit>) -> Result<Option<Id<of::Channel>>, DbError> {
    let sql = "SELECT id FROM channel WHERE store_id = $1 AND kind = 'phone' AND active ORDER BY id LIMIT 1";
    tx.one(sql, args![store]).await
}

/// The mailbox of `store` that customers write to at `address`, in lower case.
///
/// # Errors
/// What the database says.
pub async fn mailbox(tx: &mut Tx, store: Id<of::Unit>, address: &str) -> Result<Option<Id<of::Channel>>, DbError> {
    let sql = "SELECT id FROM channel WHERE store_id = $1 AND kind = 'mailbox' AND LOWER(address) = $2 ORDER BY active DESC, id LIMIT 1";
    tx.one(sql, args![store, address]).await
}

/// Open channels behind `after`, by id, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn open_behind(tx: &mut Tx, after: Id<of::Channel>, limit: i64) -> Result<Vec<Channel>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("active AND id > ? ORDER BY id LIMIT ?", args![after, limit]);
    tx.all(query.sql(), query.values()).await
}

/// The open channels of `store`, by kind.
///
/// # Errors
/// What the database says.
pub async fn of_store(tx: &mut Tx, store: Id<of::Unit>) -> Result<Vec<Channel>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("active AND store_id = ? ORDER BY kind, id", args![store]);
    tx.all(query.sql(), query.values()).await
}

/// Which channels a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// Open ones.
    #[default]
    Open,
    /// Quiet ones, and those whose self-test is due or failed.
    Attention,
    /// Closed ones.
    Closed,
    /// All.
    All,
}

impl Show {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Open, Self::Attention, Self::Closed, Self::All];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Attention => "attention",
            Self::Closed => "closed",
            Self::All => "all",
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
    /// Of this kind.
    pub kind: Option<Kind>,
    /// With this in its name, code or address.
    pub text: Option<String>,
    /// The present instant, for what is due.
    pub now: Option<Timestamp>,
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        // A channel belongs to no team.
        query.push("1 = 1").reach(reach, "store_id", "CAST(NULL AS BIGINT)", "owner_id");
        match self.show {
            Show::Open => query.push(" AND active"),
            Show::Closed => query.push(" AND NOT active"),
            Show::Attention => query.bind(
                " AND active AND (quiet_at IS NOT NULL OR test_due_at <= ? OR (test_passed IS NOT NULL AND NOT test_passed))",
                args![self.now.unwrap_or_else(|| Timestamp::from_millis(0))],
            ),
            Show::All => query,
        };
        if let Some(store) = self.store {
            query.bind(" AND store_id = ?", args![store]);
        }
        if let Some(kind) = self.kind {
            query.bind(" AND kind = ?", args![kind.as_str()]);
        }
        if let Some(text) = &self.text {
            let like = format!("%{}%", text.to_lowercase().replace(['%', '_', '\\'], ""));
            query.bind(
                " AND (LOWER(name) LIKE ? OR LOWER(code) LIKE ? OR LOWER(COALESCE(address, '')) LIKE ?)",
                args![&*like, &*like, &*like],
            );
        }
    }
}

/// At most `limit` channels that `reach` covers, by store, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Channel>, DbError> {
    let mut query = Sql::new(COLUMNS);
    filter.narrow(&mut query, reach);
    if let Some(cursor) = after {
        query.bind(" AND (store_id, id) > (?, ?)", args![cursor.key, cursor.id]);
    }
    query.bind(" ORDER BY store_id, id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many channels that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT id FROM channel WHERE ");
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}
