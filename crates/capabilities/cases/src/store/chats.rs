//! Conversations outside (chat tools, shops) and by which way each reply goes.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};
use messaging::Message as Outgoing;

use super::tasks::TaskId;
use super::{Message, MessageId};
use crate::domain::Way;

/// A conversation that a registered channel carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// The channel.
    pub channel: Id<of::Channel>,
    /// What the other side calls the conversation.
    pub conversation: String,
}

impl FromRow for Chat {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { channel: c.next()?, conversation: c.next()? })
    }
}

/// The conversation in which `case` came.
///
/// # Errors
/// What the database says.
pub async fn chat_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Chat>, DbError> {
    tx.one("SELECT channel_id, conversation FROM case_chat WHERE case_id = $1", args![case]).await
}

/// Notes the conversation in which `case` came; it is the one that the conversation goes on with.
///
/// # Errors
/// What the database says.
pub async fn keep_chat(tx: &mut Tx, case: Id<of::Case>, chat: &Chat, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO case_chat (case_id, channel_id, conversation) VALUES ($1, $2, $3)",
        args![case, chat.channel, &*chat.conversation],
    )
    .await?;
    tx.exec(
        "UPDATE chat_thread SET case_id = $3, changed_at = $4 WHERE channel_id = $1 AND conversation = $2",
        args![chat.channel, &*chat.conversation, case, now],
    )
    .await
    .map(|_| ())
}

/// The case that a conversation goes on with. The conversation is held for this transaction, so that of two messages at once one waits.
///
/// # Errors
/// What the database says.
pub async fn hold_thread(tx: &mut Tx, chat: &Chat, now: Timestamp) -> Result<Option<Id<of::Case>>, DbError> {
    let found: Option<(Option<Id<of::Case>>,)> = tx
        .one(
            "INSERT INTO chat_thread (channel_id, conversation, case_id, changed_at) VALUES ($1, $2, NULL, $3)
             ON CONFLICT (channel_id, conversation) DO UPDATE SET changed_at = excluded.changed_at RETURNING case_id",
            args![chat.channel, &*chat.conversation, now],
        )
        .await?;
    Ok(found.and_then(|(case,)| case))
}

/// The case that a conversation goes on with, without holding anything.
///
/// # Errors
/// What the database says.
pub async fn thread_case(tx: &mut Tx, chat: &Chat) -> Result<Option<Id<of::Case>>, DbError> {
    let found: Option<(Option<Id<of::Case>>,)> = tx
        .one(
            "SELECT case_id FROM chat_thread WHERE channel_id = $1 AND conversation = $2",
            args![chat.channel, &*chat.conversation],
        )
        .await?;
    Ok(found.and_then(|(case,)| case))
}

/// Whether a channel can be answered by its callback now.
///
/// # Errors
/// What the database says.
pub async fn calls_back(tx: &mut Tx, channel: Id<of::Channel>) -> Result<bool, DbError> {
    let found: Option<(i64,)> = tx
        .one(
            "SELECT COUNT(*) FROM channel WHERE id = $1 AND active AND callback IS NOT NULL AND secret IS NOT NULL",
            args![channel],
        )
        .await?;
    Ok(found.is_some_and(|(n,)| n > 0))
}

/// Forgets in which conversation `case` came.
///
/// # Errors
/// What the database says.
pub async fn erase_chat(tx: &mut Tx, case: Id<of::Case>) -> Result<(), DbError> {
    tx.exec("DELETE FROM chat_thread WHERE case_id = $1", args![case]).await?;
    tx.exec("DELETE FROM case_chat WHERE case_id = $1", args![case]).await.map(|_| ())
}

/// By which way a reply goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What was said.
    pub message: Id<MessageId>,
    /// In which case.
    pub case: Id<of::Case>,
    /// By which way.
    pub way: Way,
    /// The message that goes out.
    pub sent: Option<Id<Outgoing>>,
    /// The task to call back.
    pub task: Option<Id<TaskId>>,
    /// When its letter was printed.
    pub printed_at: Option<Timestamp>,
}

impl FromRow for Reply {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            message: c.next()?,
            case: c.next()?,
            way: c.next()?,
            sent: c.next()?,
            task: c.next()?,
            printed_at: c.next()?,
        })
    }
}

/// Notes by which way a reply goes.
///
/// # Errors
/// What the database says.
pub async fn insert_reply(tx: &mut Tx, reply: &Reply) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO case_reply (message_id, case_id, way, sent_id, task_id, printed_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![reply.message, reply.case, reply.way, reply.sent, reply.task, reply.printed_at],
    )
    .await
    .map(|_| ())
}

/// The replies of `case`.
///
/// # Errors
/// What the database says.
pub async fn replies_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Reply>, DbError> {
    tx.all(
        "SELECT message_id, case_id, way, sent_id, task_id, printed_at FROM case_reply WHERE case_id = $1
         ORDER BY message_id",
        args![case],
    )
    .await
}

/// Notes when the letter of a reply was first printed.
///
/// # Errors
/// What the database says.
pub async fn reply_printed(tx: &mut Tx, message: Id<MessageId>, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE case_reply SET printed_at = $2 WHERE message_id = $1 AND printed_at IS NULL";
    Ok(tx.exec(sql, args![message, now]).await? == 1)
}

/// The message `id` of `case`.
///
/// # Errors
/// What the database says.
pub async fn message(tx: &mut Tx, case: Id<of::Case>, id: Id<MessageId>) -> Result<Option<Message>, DbError> {
    tx.one(
        "SELECT id, case_id, visibility, direction, author_kind, author_id, author_name, body, created_at
         FROM case_message WHERE id = $1 AND case_id = $2",
        args![id, case],
    )
    .await
}
