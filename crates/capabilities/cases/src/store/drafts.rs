use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

/// Marks the id of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DraftId {}

/// A form that is not sent yet (草稿).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id; the form that it becomes is sent with it, so that it is taken in once.
    pub id: Id<DraftId>,
    /// Whose it is; nobody else reads it.
    pub user: Id<of::User>,
    /// What its list shows.
    pub title: String,
    /// The fields as a form sends them.
    pub fields: String,
    /// The case it became.
    pub sent: Option<Id<of::Case>>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last kept.
    pub updated_at: Timestamp,
}

const COLUMNS: &str = "SELECT id, user_id, title, fields, sent_case, created_at, updated_at FROM intake_draft";

impl FromRow for Draft {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            user: c.next()?,
            title: c.next()?,
            fields: c.next()?,
            sent: c.next()?,
            created_at: c.next()?,
            updated_at: c.next()?,
        })
    }
}

/// The draft `id` of `user`.
///
/// # Errors
/// What the database says.
pub async fn draft(tx: &mut Tx, id: Id<DraftId>, user: Id<of::User>) -> Result<Option<Draft>, DbError> {
    tx.one(&format!("{COLUMNS} WHERE id = $1 AND user_id = $2"), args![id, user]).await
}

/// The unsent drafts of `user`, the last kept first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn drafts(tx: &mut Tx, user: Id<of::User>, limit: i64) -> Result<Vec<Draft>, DbError> {
    tx.all(
        &format!("{COLUMNS} WHERE user_id = $1 AND sent_case IS NULL ORDER BY updated_at DESC, id DESC LIMIT $2"),
        args![user, limit],
    )
    .await
}

/// Keeps `draft`, new or changed; false when it is another's or was sent meanwhile.
///
/// # Errors
/// What the database says.
pub async fn keep_draft(tx: &mut Tx, draft: &Draft) -> Result<bool, DbError> {
    let kept = tx
        .exec(
            "INSERT INTO intake_draft (id, user_id, title, fields, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
             ON CONFLICT (id) DO UPDATE SET title = excluded.title, fields = excluded.fields, updated_at = excluded.updated_at
             WHERE intake_draft.user_id = excluded.user_id AND intake_draft.sent_case IS NULL",
            args![draft.id, draft.user, &draft.title, &draft.fields, draft.updated_at],
        )
        .await?;
    Ok(kept == 1)
}

/// The draft `id` became `case`: what it held goes, and a save that comes late does not bring it back.
///
/// # Errors
/// What the database says.
pub async fn draft_sent(
    tx: &mut Tx,
    id: Id<DraftId>,
    user: Id<of::User>,
    case: Id<of::Case>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO intake_draft (id, user_id, title, fields, sent_case, created_at, updated_at)
         VALUES ($1, $2, '', '', $3, $4, $4)
         ON CONFLICT (id) DO UPDATE SET title = '', fields = '', sent_case = excluded.sent_case, updated_at = excluded.updated_at
         WHERE intake_draft.user_id = excluded.user_id",
        args![id, user, case, now],
    )
    .await
    .map(|_| ())
}

/// Throws the draft `id` of `user` away.
///
/// # Errors
/// What the database says.
pub async fn discard_draft(tx: &mut Tx, id: Id<DraftId>, user: Id<of::User>) -> Result<bool, DbError> {
    let gone = tx
        .exec("DELETE FROM intake_draft WHERE id = $1 AND user_id = $2 AND sent_case IS NULL", args![id, user])
        .await?;
    Ok(gone == 1)
}

/// Throws away what was last kept before `before`, sent or not; gives how many.
///
/// # Errors
/// What the database says.
pub async fn forget_drafts(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.exec("DELETE FROM intake_draft WHERE updated_at < $1", args![before]).await
}
