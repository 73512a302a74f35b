use db::{Cell, DbError, FromRow, FromValue, Row, Tx, Value, args};
use kernel::{ActorKind, Id, Timestamp, of};

use crate::domain::{Direction, Visibility};

/// Marks the id of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageId {}

/// Something said about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: Id<MessageId>,
    /// Of which case.
    pub case: Id<of::Case>,
    /// Who may read it.
    pub visibility: Visibility,
    /// Which way it went.
    pub direction: Direction,
    /// What kind of actor wrote it.
    pub author_kind: ActorKind,
    /// The member of staff who wrote it.
    pub author: Option<Id<of::User>>,
    /// The writer's name.
    pub author_name: String,
    /// What was said.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

struct Kind(ActorKind);

impl FromValue for Kind {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        let kinds = [ActorKind::Staff, ActorKind::Token, ActorKind::Customer, ActorKind::System];
        match cell {
            Cell::Text(text) => {
                kinds.into_iter().find(|kind| kind.as_str() == text).map(Self).ok_or_else(|| "no kind of actor".into())
            }
            Cell::Null | Cell::Int(_) | Cell::Bool(_) | Cell::Bytes(_) => {
                Err("no text where a kind of actor is expected".into())
            }
        }
    }
}

impl FromRow for Message {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            visibility: c.next()?,
            direction: c.next()?,
            author_kind: c.next::<Kind>()?.0,
            author: c.next()?,
            author_name: c.next()?,
            body: c.next()?,
            created_at: c.next()?,
        })
    }
}

const INSERT: &str = "INSERT INTO case_message
    (id, case_id, visibility, direction, author_kind, author_id, author_name, body, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

fn values(message: &Message) -> Vec<Value> {
    vec![
        message.id.into(),
        message.case.into(),
        message.visibility.into(),
        message.direction.into(),
        message.author_kind.as_str().into(),
        message.author.into(),
        message.author_name.clone().into(),
        message.body.clone().into(),
        message.created_at.into(),
    ]
}

/// Inserts `message`.
///
/// # Errors
/// What the database says.
pub async fn insert_message(tx: &mut Tx, message: &Message) -> Result<(), DbError> {
    tx.exec(INSERT, &values(message)).await.map(|_| ())
}

/// Inserts many messages at once, for seeding and imports.
///
/// # Errors
/// What the database says.
pub async fn insert_messages(tx: &mut Tx, messages: &[Message]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value>> = messages.iter().map(values).collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Messages of `case`, newest first, older than `before`, at most `limit`; of one visibility if asked.
///
/// # Errors
/// What the database says.
pub async fn messages_of(
    tx: &mut Tx,
    case: Id<of::Case>,
    visibility: Option<Visibility>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Message>, DbError> {
    let mut find = db::Filter::new(
        "SELECT id, case_id, visibility, direction, author_kind, author_id, author_name, body, created_at
         FROM case_message WHERE case_id = ?",
    );
    find.args(args![case]);
    if let Some(visibility) = visibility {
        find.bind(" AND visibility = ?", args![visibility]);
    }
    if let Some(before) = before {
        find.bind(" AND id < ?", args![before]);
    }
    find.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}
