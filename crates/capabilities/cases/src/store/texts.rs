//! Texts, drafts and rules of replies, and replies that wait for a second yes.

use approvals::store::ApprovalId;
use db::{DbError, Filter, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

use crate::domain::{Kind, Priority, Visibility, Way};

/// Marks the id of a reply text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReplyTextId {}

/// A text for replies (回复模板); its words are versions beside those of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyText {
    /// Its id.
    pub id: Id<ReplyTextId>,
    /// What people call it.
    pub name: String,
    /// For cases of this kind only.
    pub kind: Option<Kind>,
    /// For this kind of goods only.
    pub category: Option<String>,
    /// Its language.
    pub locale: String,
    /// Offered, or no more.
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
}

impl FromRow for ReplyText {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            name: c.next()?,
            kind: c.next()?,
            category: c.next()?,
            locale: c.next()?,
            active: c.next()?,
            version: c.next()?,
        })
    }
}

impl ReplyText {
    /// What its words are called among those of messages.
    pub fn code(&self) -> String {
        format!("reply:{}", self.id)
    }
}

const TEXTS: &str = "SELECT id, name, kind, category, locale, active, version FROM reply_text WHERE ";

/// The texts for replies, by name; those for cases of `kind` if asked.
///
/// # Errors
/// What the database says.
pub async fn reply_texts(tx: &mut Tx, offered: Option<Kind>, limit: i64) -> Result<Vec<ReplyText>, DbError> {
    let mut query = Filter::new(TEXTS);
    match offered {
        Some(kind) => query.bind("active AND (kind IS NULL OR kind = ?)", args![kind]),
        None => query.push("1 = 1"),
    };
    query.bind(" ORDER BY name, id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// The text `id`.
///
/// # Errors
/// What the database says.
pub async fn reply_text(tx: &mut Tx, id: Id<ReplyTextId>) -> Result<Option<ReplyText>, DbError> {
    let mut query = Filter::new(TEXTS);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Inserts a text, or saves one whose version was one less; false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save_reply_text(tx: &mut Tx, text: &ReplyText) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "INSERT INTO reply_text (id, name, kind, category, locale, active, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, category = excluded.category,
             active = excluded.active, version = excluded.version WHERE reply_text.version = excluded.version - 1",
            args![
                text.id,
                &*text.name,
                text.kind,
                text.category.clone(),
                &*text.locale,
                text.active,
                text.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// A reply that is not sent yet, kept for the person who writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyDraft {
    /// Of which case.
    pub case: Id<of::Case>,
    /// Whose.
    pub user: Id<of::User>,
    /// Who may read it.
    pub visibility: Option<Visibility>,
    /// By which way it goes.
    pub way: Option<Way>,
    /// What is said so far.
    pub body: String,
    /// When it was last kept.
    pub updated_at: Timestamp,
}

impl FromRow for ReplyDraft {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            case: c.next()?,
            user: c.next()?,
            visibility: c.next()?,
            way: c.next()?,
            body: c.next()?,
            updated_at: c.next()?,
        })
    }
}

/// The draft of `user` in `case`.
///
/// # Errors
/// What the database says.
pub async fn reply_draft(tx: &mut Tx, case: Id<of::Case>, user: Id<of::User>) -> Result<Option<ReplyDraft>, DbError> {
    tx.one(
        "SELECT case_id, user_id, visibility, way, body, updated_at FROM reply_draft WHERE case_id = $1 AND user_id = $2",
        args![case, user],
    )
    .await
}

/// Keeps a draft.
///
/// # Errors
/// What the database says.
pub async fn keep_reply_draft(tx: &mut Tx, draft: &ReplyDraft) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO reply_draft (case_id, user_id, visibility, way, body, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (case_id, user_id) DO UPDATE SET visibility = excluded.visibility, way = excluded.way,
         body = excluded.body, updated_at = excluded.updated_at",
        args![draft.case, draft.user, draft.visibility, draft.way, &*draft.body, draft.updated_at],
    )
    .await
    .map(|_| ())
}

/// Throws a draft away.
///
/// # Errors
/// What the database says.
pub async fn drop_reply_draft(tx: &mut Tx, case: Id<of::Case>, user: Id<of::User>) -> Result<(), DbError> {
    tx.exec("DELETE FROM reply_draft WHERE case_id = $1 AND user_id = $2", args![case, user]).await.map(|_| ())
}

/// Throws away what was last kept before `before`; gives how many.
///
/// # Errors
/// What the database says.
pub async fn forget_reply_drafts(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.exec("DELETE FROM reply_draft WHERE updated_at < $1", args![before]).await
}

/// Marks the id of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReplyRuleId {}

/// When a reply needs a second yes (回复审批规则): everything that it names has to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyRule {
    /// Its id.
    pub id: Id<ReplyRuleId>,
    /// What people call it.
    pub name: String,
    /// Of cases of this kind.
    pub kind: Option<Kind>,
    /// Of cases that are at least so urgent.
    pub priority: Option<Priority>,
    /// Of this kind of goods.
    pub category: Option<String>,
    /// When one of these words is in it, one a line.
    pub words: Option<String>,
    /// When it names an amount of money.
    pub amount: bool,
    /// When the customer is upset.
    pub upset: bool,
    /// In force, or no more.
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
}

impl FromRow for ReplyRule {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            name: c.next()?,
            kind: c.next()?,
            priority: c.next()?,
            category: c.next()?,
            words: c.next()?,
            amount: c.next()?,
            upset: c.next()?,
            active: c.next()?,
            version: c.next()?,
        })
    }
}

const RULES: &str =
    "SELECT id, name, kind, priority, category, words, amount, upset, active, version FROM reply_rule WHERE ";

/// The rules, by name; only those in force if asked.
///
/// # Errors
/// What the database says.
pub async fn reply_rules(tx: &mut Tx, in_force: bool, limit: i64) -> Result<Vec<ReplyRule>, DbError> {
    let mut query = Filter::new(RULES);
    query.push(if in_force { "active" } else { "1 = 1" }).bind(" ORDER BY name, id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// The rule `id`.
///
/// # Errors
/// What the database says.
pub async fn reply_rule(tx: &mut Tx, id: Id<ReplyRuleId>) -> Result<Option<ReplyRule>, DbError> {
    let mut query = Filter::new(RULES);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Inserts a rule, or saves one whose version was one less; false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save_reply_rule(tx: &mut Tx, rule: &ReplyRule) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "INSERT INTO reply_rule (id, name, kind, priority, category, words, amount, upset, active, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, priority = excluded.priority,
             category = excluded.category, words = excluded.words, amount = excluded.amount, upset = excluded.upset,
             active = excluded.active, version = excluded.version WHERE reply_rule.version = excluded.version - 1",
            args![
                rule.id,
                &*rule.name,
                rule.kind,
                rule.priority,
                rule.category.clone(),
                rule.words.clone(),
                rule.amount,
                rule.upset,
                rule.active,
                rule.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// Marks the id of a reply that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeldReplyId {}

/// A reply that waits for a second yes; the customer sees nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldReply {
    /// Its id.
    pub id: Id<HeldReplyId>,
    /// In which case.
    pub case: Id<of::Case>,
    /// What would be said.
    pub body: String,
    /// By which way.
    pub way: Way,
    /// Who wrote it.
    pub author: Id<of::User>,
    /// Why it waits: the rule's name then.
    pub rule: String,
    /// The question.
    pub approval: Id<ApprovalId>,
    /// asked, sent, declined or dropped.
    pub state: String,
    /// When it was written.
    pub created_at: Timestamp,
}

impl FromRow for HeldReply {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            body: c.next()?,
            way: c.next()?,
            author: c.next()?,
            rule: c.next()?,
            approval: c.next()?,
            state: c.next()?,
            created_at: c.next()?,
        })
    }
}

const HELD: &str =
    "SELECT id, case_id, body, way, author_id, rule_name, approval_id, state, created_at FROM reply_held WHERE ";

/// Keeps a reply that waits.
///
/// # Errors
/// What the database says.
pub async fn insert_held(tx: &mut Tx, held: &HeldReply) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO reply_held (id, case_id, body, way, author_id, rule_name, approval_id, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            held.id,
            held.case,
            &*held.body,
            held.way,
            held.author,
            &*held.rule,
            held.approval,
            &*held.state,
            held.created_at
        ],
    )
    .await
    .map(|_| ())
}

/// The reply that the question `approval` is about.
///
/// # Errors
/// What the database says.
pub async fn held_by(tx: &mut Tx, approval: Id<ApprovalId>) -> Result<Option<HeldReply>, DbError> {
    let mut query = Filter::new(HELD);
    query.bind("approval_id = ?", args![approval]);
    tx.one(query.sql(), query.values()).await
}

/// Replies of `case` that wait or were not granted, newest first.
///
/// # Errors
/// What the database says.
pub async fn held_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<HeldReply>, DbError> {
    let mut query = Filter::new(HELD);
    query.bind("case_id = ? AND state <> 'sent' ORDER BY id DESC LIMIT 10", args![case]);
    tx.all(query.sql(), query.values()).await
}

/// Ends the waiting of a reply.
///
/// # Errors
/// What the database says.
pub async fn settle_held(tx: &mut Tx, id: Id<HeldReplyId>, state: &str) -> Result<bool, DbError> {
    let sql = "UPDATE reply_held SET state = $2 WHERE id = $1 AND state = 'asked'";
    Ok(tx.exec(sql, args![id, state]).await? == 1)
}

/// Empties what was written in drafts and waiting replies of `case`.
///
/// # Errors
/// What the database says.
pub async fn erase_replies(tx: &mut Tx, case: Id<of::Case>) -> Result<(), DbError> {
    tx.exec("DELETE FROM reply_draft WHERE case_id = $1", args![case]).await?;
    tx.exec("UPDATE reply_held SET body = '' WHERE case_id = $1", args![case]).await.map(|_| ())
}
