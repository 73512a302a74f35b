//! Threads of mail: what a customer began by mail goes on in one thread. The only SQL on `message_thread`.

use db::{DbError, Tx, args};
use kernel::{Fault, Id, IdGen, RecordRef, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Message;
use crate::store;

/// Message-IDs that are kept of a thread: answers name some more than the last, not all of a long talk.
const EARLIER: usize = 20;
/// Longest subject, in characters; the tag stands behind it.
const SUBJECT: usize = 120;

/// The thread of a record's mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// The customer's subject.
    pub subject: String,
    /// By which answers find back; stands in every subject.
    pub tag: String,
    /// Stands in the Message-IDs of our mails: letters and digits.
    pub token: String,
    /// Where answers go.
    pub reply_to: String,
    /// The Message-ID of the newest letter.
    pub in_reply_to: Option<String>,
    /// Message-IDs of letters before it, oldest first.
    pub earlier: Vec<String>,
}

/// What a mail says about its thread; kept with it, so that a mail that is sent again is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InThread {
    /// Stands in its Message-ID.
    pub token: String,
    /// Where answers go.
    pub reply_to: String,
    /// The Message-ID of the letter that it answers.
    pub in_reply_to: Option<String>,
    /// Message-IDs of the thread, oldest first.
    pub references: Vec<String>,
}

impl Thread {
    /// The subject of the next mail.
    pub(crate) fn next_subject(&self) -> String {
        let bare = self.subject.replace(&self.tag, " ");
        let bare: String = bare.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SUBJECT).collect();
        let lower = bare.to_lowercase();
        let answered = ["re:", "re：", "回复", "答复"].iter().any(|start| lower.starts_with(start));
        if answered { format!("{bare} {}", self.tag) } else { format!("Re: {bare} {}", self.tag) }
    }
    pub(crate) fn next(&self) -> InThread {
        let references = self.earlier.iter().chain(&self.in_reply_to).cloned().collect();
        InThread {
            token: self.token.clone(),
            reply_to: self.reply_to.clone(),
            in_reply_to: self.in_reply_to.clone(),
            references,
        }
    }
}

/// Keeps the thread of `record`: a letter with the Message-ID `thread.in_reply_to` has come.
///
/// # Errors
/// When the database fails.
pub async fn keep_thread(tx: &mut Tx, record: &RecordRef, thread: &Thread, now: Timestamp) -> Result<(), DbError> {
    let skipped = thread.earlier.len().saturating_sub(EARLIER);
    let earlier: Vec<&str> = thread.earlier.iter().skip(skipped).map(String::as_str).collect();
    tx.exec(
        "INSERT INTO message_thread (record_kind, record_id, subject, tag, token, reply_to, in_reply_to, earlier, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (record_kind, record_id) DO UPDATE SET reply_to = excluded.reply_to, in_reply_to = excluded.in_reply_to,
         earlier = excluded.earlier, changed_at = excluded.changed_at",
        args![
            record.kind,
            record.id,
            thread.subject.as_str(),
            thread.tag.as_str(),
            thread.token.as_str(),
            thread.reply_to.as_str(),
            thread.in_reply_to.clone(),
            earlier.join(" "),
            now
        ],
    )
    .await
    .map(|_| ())
}

/// The thread of `record`, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn thread_of(tx: &mut Tx, record: &RecordRef) -> Result<Option<Thread>, DbError> {
    let found: Option<(String, String, String, String, Option<String>, String)> = tx
        .one(
            "SELECT subject, tag, token, reply_to, in_reply_to, earlier FROM message_thread
             WHERE record_kind = $1 AND record_id = $2",
            args![record.kind, record.id],
        )
        .await?;
    Ok(found.map(|(subject, tag, token, reply_to, in_reply_to, earlier)| Thread {
        subject,
        tag,
        token,
        reply_to,
        in_reply_to,
        earlier: earlier.split_whitespace().map(str::to_owned).collect(),
    }))
}

/// The record that the mail `id` is about, when `token` is the one in its Message-ID.
///
/// # Errors
/// When the database fails.
pub async fn answered(tx: &mut Tx, id: Id<Message>, token: &str) -> Result<Option<(String, i64)>, DbError> {
    let found: Option<(String, i64, Option<String>)> =
        tx.one("SELECT record_kind, record_id, thread FROM message_out WHERE id = $1", args![id]).await?;
    let Some((kind, record, thread)) = found else { return Ok(None) };
    let thread = thread.and_then(|thread| serde_json::from_str::<InThread>(&thread).ok());
    Ok(thread.filter(|thread| thread.token == token).map(|_| (kind, record)))
}

/// The newest mail about `record` that was sent to `address`.
///
/// # Errors
/// When the database fails.
pub async fn sent_to(tx: &mut Tx, record: &RecordRef, address: &str) -> Result<Option<Id<Message>>, DbError> {
    tx.one(
        "SELECT id FROM message_out WHERE record_kind = $1 AND record_id = $2 AND channel = 'mail' AND LOWER(to_address) = $3
         ORDER BY id DESC LIMIT 1",
        args![record.kind, record.id, address.to_lowercase()],
    )
    .await
}

/// A postmaster says that the mail `id` did not arrive: it has failed, for this reason, and whoever has its record is told.
/// False when that was known.
///
/// # Errors
/// When the database fails.
pub async fn bounced(tx: &mut Tx, ids: &IdGen, id: Id<Message>, why: &str, now: Timestamp) -> Result<bool, Fault> {
    store::bounced(tx, ids, id, why, now).await
}
