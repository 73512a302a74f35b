//! The only SQL on `notice` and `notice_choice`.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Id, RecordRef, Timestamp, of};

use crate::kind::Kind;

/// Marks the id of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeId {}

/// How one person wants to be told of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// By the bell.
    pub in_app: bool,
    /// By mail.
    pub mail: bool,
}

impl Choice {
    /// What holds until the person chooses.
    pub const fn default_of(kind: &Kind) -> Self {
        Self { in_app: true, mail: kind.mail }
    }
}

pub(crate) struct NewNotice<'a> {
    pub id: Id<NoticeId>,
    pub user: Id<of::User>,
    pub kind: &'static str,
    pub record: &'a RecordRef,
    pub href: &'a str,
    pub words: &'a str,
    pub now: Timestamp,
}

/// Inserts a notice in the place of an unread one of the same kind about the same record.
pub(crate) async fn replace(tx: &mut Tx, new: &NewNotice<'_>) -> Result<(), DbError> {
    let same = args![new.user, new.kind, new.record.kind, new.record.id];
    let insert = args![new.id, new.user, new.kind, new.record.kind, new.record.id, new.href, new.words, new.now];
    tx.batch(&[
        (
            "DELETE FROM notice WHERE user_id = $1 AND kind = $2 AND record_kind = $3 AND record_id = $4 AND read_at IS NULL",
            same,
        ),
        (
            "INSERT INTO notice (id, user_id, kind, record_kind, record_id, href, words, created_at, read_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)",
            insert,
        ),
    ])
    .await
}

/// A notice as its receiver sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its id.
    pub id: Id<NoticeId>,
    /// Its kind.
    pub kind: String,
    /// The record's kind and id.
    pub record: (String, i64),
    /// Where it leads.
    pub href: String,
    /// The words of its text.
    pub words: BTreeMap<String, String>,
    /// When it was told.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

impl FromRow for NoticeRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            kind: c.next()?,
            record: (c.next()?, c.next()?),
            href: c.next()?,
            // Erased words leave an empty object.
            words: serde_json::from_str(&c.next::<String>()?).unwrap_or_default(),
            created_at: c.next()?,
            read_at: c.next()?,
        })
    }
}

const COLUMNS: &str = "SELECT id, kind, record_kind, record_id, href, words, created_at, read_at FROM notice WHERE ";

/// Notices of `user`, newest first, older than `before` when given.
pub(crate) async fn list(
    tx: &mut Tx,
    user: Id<of::User>,
    unread: bool,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<NoticeRow>, DbError> {
    let mut sql = Filter::new(COLUMNS);
    sql.bind("user_id = ?", args![user]);
    if unread {
        sql.push(" AND read_at IS NULL");
    }
    if let Some(before) = before {
        sql.bind(" AND id < ?", args![before]);
    }
    sql.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(sql.sql(), sql.values()).await
}

/// The notice `id`, if it is `user`'s.
pub(crate) async fn get(tx: &mut Tx, user: Id<of::User>, id: Id<NoticeId>) -> Result<Option<NoticeRow>, DbError> {
    let mut sql = Filter::new(COLUMNS);
    sql.bind("user_id = ? AND id = ?", args![user, id]);
    tx.one(sql.sql(), sql.values()).await
}

/// How many `user` has not read, at most `limit`.
pub(crate) async fn unread(tx: &mut Tx, user: Id<of::User>, limit: i64) -> Result<i64, DbError> {
    let counted: Option<(i64,)> = tx
        .one(
            "SELECT COUNT(*) FROM (SELECT 1 FROM notice WHERE user_id = $1 AND read_at IS NULL LIMIT $2) AS unread",
            args![user, limit],
        )
        .await?;
    Ok(counted.map_or(0, |(n,)| n))
}

/// Marks one as read; a second time changes nothing.
pub(crate) async fn read(tx: &mut Tx, user: Id<of::User>, id: Id<NoticeId>, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE notice SET read_at = $3 WHERE user_id = $1 AND id = $2 AND read_at IS NULL";
    tx.exec(sql, args![user, id, now]).await.map(|_| ())
}

/// Marks all up to and with `last` as read: what came while the page was open stays unread.
pub(crate) async fn read_all(tx: &mut Tx, user: Id<of::User>, last: i64, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE notice SET read_at = $3 WHERE user_id = $1 AND id <= $2 AND read_at IS NULL";
    tx.exec(sql, args![user, last, now]).await
}

/// Forgets what is older than `before`.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.exec("DELETE FROM notice WHERE created_at < $1", args![before]).await
}

/// Empties the words of all notices about `record`, which may name somebody.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &mut Tx, record: &RecordRef) -> Result<u64, DbError> {
    let sql = "UPDATE notice SET words = '{}' WHERE record_kind = $1 AND record_id = $2";
    tx.exec(sql, args![record.kind, record.id]).await
}

/// What `users` have chosen for `kind`.
pub(crate) async fn choices_of(
    tx: &mut Tx,
    kind: &str,
    users: &BTreeSet<Id<of::User>>,
) -> Result<BTreeMap<Id<of::User>, Choice>, DbError> {
    let mut sql = Filter::new("SELECT user_id, in_app, mail FROM notice_choice WHERE ");
    sql.bind("kind = ? AND ", args![kind]);
    sql.bind_in("user_id", users.iter().map(|user| Value::from(*user)));
    let rows: Vec<(Id<of::User>, bool, bool)> = tx.all(sql.sql(), sql.values()).await?;
    Ok(rows.into_iter().map(|(user, in_app, mail)| (user, Choice { in_app, mail })).collect())
}

/// What `user` has chosen, by kind.
pub(crate) async fn choices(tx: &mut Tx, user: Id<of::User>) -> Result<BTreeMap<String, Choice>, DbError> {
    let rows: Vec<(String, bool, bool)> =
        tx.all("SELECT kind, in_app, mail FROM notice_choice WHERE user_id = $1", args![user]).await?;
    Ok(rows.into_iter().map(|(kind, in_app, mail)| (kind, Choice { in_app, mail })).collect())
}

/// Keeps one choice.
pub(crate) async fn choose(tx: &mut Tx, user: Id<of::User>, kind: &str, choice: Choice) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO notice_choice (user_id, kind, in_app, mail) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, kind) DO UPDATE SET in_app = excluded.in_app, mail = excluded.mail",
        args![user, kind, choice.in_app, choice.mail],
    )
    .await
    .map(|_| ())
}
