//! The only SQL on `mailbox`, `mail_letter` and `mail_key`.

use db::{DbError, Filter, FromRow, Row, Tx, args};
use kernel::{Id, Place, Placed, Reach, Timestamp, of};
use messaging::Tls;

/// Marker of a mailbox's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailboxId {}
/// Marker of a letter's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterId {}

/// A mailbox that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Its id.
    pub id: Id<MailboxId>,
    /// What people call it.
    pub name: String,
    /// Customers write to it.
    pub address: String,
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: i64,
    /// How the connection is protected.
    pub tls: Tls,
    /// The user name.
    pub login: String,
    /// The sealed password.
    pub sealed: Option<String>,
    /// The folder that is read.
    pub folder: String,
    /// Its letters become cases of this store.
    pub store: Id<of::Unit>,
    /// Is told when it cannot be reached.
    pub owner: Option<Id<of::User>>,
    /// Waits for news at the server.
    pub idle: bool,
    /// It is read.
    pub active: bool,
    /// Which numbering of the server the UIDs belong to.
    pub uid_validity: Option<i64>,
    /// All letters up to this UID have a row.
    pub last_uid: i64,
    /// When it was last looked into.
    pub looked_at: Option<Timestamp>,
    /// Since when it cannot be reached.
    pub failed_since: Option<Timestamp>,
    /// Why: a code.
    pub error: Option<String>,
    /// What the other side said.
    pub detail: Option<String>,
    /// The owner knows.
    pub told: bool,
    /// How often in a row it could not be read.
    pub tries: i64,
    /// When it is tried again by itself, after a failure.
    pub look_at: Option<Timestamp>,
    /// Counts its changes by people.
    pub version: i64,
}

impl Placed for Mailbox {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

impl FromRow for Mailbox {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            name: c.next()?,
            address: c.next()?,
            host: c.next()?,
            port: c.next()?,
            // The column's CHECK allows the known words only.
            tls: Tls::parse(&c.next::<String>()?).unwrap_or(Tls::Implicit),
            login: c.next()?,
            sealed: c.next()?,
            folder: c.next()?,
            store: c.next()?,
            owner: c.next()?,
            idle: c.next()?,
            active: c.next()?,
            uid_validity: c.next()?,
            last_uid: c.next()?,
            looked_at: c.next()?,
            failed_since: c.next()?,
            error: c.next()?,
            detail: c.next()?,
            told: c.next()?,
            tries: c.next()?,
            look_at: c.next()?,
            version: c.next()?,
        })
    }
}

const MAILBOX: &str = "SELECT id, name, address, host, port, tls, login, sealed, folder, store_id, owner_id, idle, active, uid_validity, \
    last_uid, looked_at, failed_since, error, detail, told, tries, look_at, version FROM mailbox WHERE ";

/// Mailboxes of a company: a handful per store at most.
const MAILBOXES: i64 = 500;

pub(crate) async fn mailboxes(tx: &mut Tx, reach: &Reach) -> Result<Vec<Mailbox>, DbError> {
    let mut sql = Filter::new(MAILBOX);
    sql.push("id > 0");
    sql.reach(reach, "store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
    sql.bind(" ORDER BY name, id LIMIT ?", args![MAILBOXES]);
    tx.all(sql.sql(), sql.values()).await
}

/// The mailboxes that are read and whose turn it is.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp) -> Result<Vec<Id<MailboxId>>, DbError> {
    let sql = "SELECT id FROM mailbox WHERE active = TRUE AND (look_at IS NULL OR look_at <= $1) ORDER BY id";
    tx.all(sql, args![now]).await
}

/// True when `address` is that of a mailbox of ours.
pub(crate) async fn is_own(tx: &mut Tx, address: &str) -> Result<bool, DbError> {
    let found: Option<(i64,)> = tx.one("SELECT id FROM mailbox WHERE address = $1", args![address]).await?;
    Ok(found.is_some())
}

pub(crate) async fn mailbox(tx: &mut Tx, id: Id<MailboxId>) -> Result<Option<Mailbox>, DbError> {
    let mut sql = Filter::new(MAILBOX);
    sql.bind("id = ?", args![id]);
    tx.one(sql.sql(), sql.values()).await
}

pub(crate) async fn insert(tx: &mut Tx, mailbox: &Mailbox, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO mailbox (id, name, address, host, port, tls, login, sealed, folder, store_id, owner_id, idle, active, last_uid, told,
         tries, version, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, FALSE, 0, 1, $14)",
        args![
            mailbox.id,
            mailbox.name.as_str(),
            mailbox.address.as_str(),
            mailbox.host.as_str(),
            mailbox.port,
            mailbox.tls.as_str(),
            mailbox.login.as_str(),
            mailbox.sealed.clone(),
            mailbox.folder.as_str(),
            mailbox.store,
            mailbox.owner,
            mailbox.idle,
            mailbox.active,
            now
        ],
    )
    .await
    .map(|_| ())
}

/// Another server or folder numbers its letters anew, so `afresh` begins at the first; what was taken in is known by its digest.
pub(crate) async fn save(tx: &mut Tx, mailbox: &Mailbox, afresh: bool, now: Timestamp) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE mailbox SET name = $2, address = $3, host = $4, port = $5, tls = $6, login = $7, sealed = $8, folder = $9, store_id = $10,
             owner_id = $11, idle = $12, active = $13, failed_since = NULL, error = NULL, detail = NULL, told = FALSE, tries = 0, look_at = NULL, version = version + 1,
             changed_at = $14 WHERE id = $1 AND version = $15",
            args![
                mailbox.id,
                mailbox.name.as_str(),
                mailbox.address.as_str(),
                mailbox.host.as_str(),
                mailbox.port,
                mailbox.tls.as_str(),
                mailbox.login.as_str(),
                mailbox.sealed.clone(),
                mailbox.folder.as_str(),
                mailbox.store,
                mailbox.owner,
                mailbox.idle,
                mailbox.active,
                now,
                mailbox.version
            ],
        )
        .await?;
    if afresh {
        tx.exec("UPDATE mailbox SET uid_validity = NULL, last_uid = 0 WHERE id = $1", args![mailbox.id]).await?;
    }
    Ok(saved == 1)
}

/// All letters up to `last_uid` have a row. Never back, except under another numbering.
pub(crate) async fn reached(
    tx: &mut Tx,
    id: Id<MailboxId>,
    validity: i64,
    last_uid: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "UPDATE mailbox SET last_uid = CASE WHEN uid_validity = $2 AND last_uid > $3 THEN last_uid ELSE $3 END, uid_validity = $2,
         looked_at = $4, failed_since = NULL, error = NULL, detail = NULL, told = FALSE, tries = 0, look_at = NULL WHERE id = $1",
        args![id, validity, last_uid, now],
    )
    .await
    .map(|_| ())
}

pub(crate) async fn failed(
    tx: &mut Tx,
    id: Id<MailboxId>,
    error: &str,
    detail: &str,
    told: bool,
    look_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "UPDATE mailbox SET error = $2, detail = $3, told = $4, looked_at = $5, failed_since = COALESCE(failed_since, $5),
         tries = tries + 1, look_at = $6 WHERE id = $1",
        args![id, error, detail, told, now, look_at],
    )
    .await
    .map(|_| ())
}

kernel::words! {
    /// What became of a letter; its name is `mail-state-<word>`.
    pub enum State {
        /// A new case.
        Case = "case",
        /// A message in its case.
        Answer = "answer",
        /// It said that a letter of ours did not arrive.
        Bounce = "bounce",
        /// No person wrote it; it started nothing.
        Automatic = "automatic",
        /// A second copy; it started nothing.
        Duplicate = "duplicate",
        /// It could not be taken in, and waits for a person.
        SetAside = "set_aside",
    }
}
db::stored_words!(State);

/// A letter and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// Its id.
    pub id: Id<LetterId>,
    /// Where it came to.
    pub mailbox: Id<MailboxId>,
    /// What became of it.
    pub state: State,
    /// Why, a code.
    pub why: Option<String>,
    /// What an error or a postmaster said, or the number of a case that was named and not believed.
    pub detail: Option<String>,
    /// What was left out of it, as codes with blanks between.
    pub tamed: Option<String>,
    /// Its case.
    pub case: Option<Id<of::Case>>,
    /// The store of the mailbox.
    pub store: Id<of::Unit>,
    /// How the sender is called.
    pub from_name: String,
    /// The sender's address; lists show it masked.
    pub from_address: String,
    /// The subject.
    pub subject: String,
    /// When it was written, as the sender's clock says.
    pub written_at: Option<Timestamp>,
    /// When it was taken in.
    pub received_at: Timestamp,
    /// Bytes.
    pub size: i64,
    /// UIDVALIDITY and UID.
    pub place: (i64, i64),
}

impl Placed for LetterRow {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

impl FromRow for LetterRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            mailbox: c.next()?,
            state: c.next()?,
            why: c.next()?,
            detail: c.next()?,
            tamed: c.next()?,
            case: c.next()?,
            store: c.next()?,
            from_name: c.next()?,
            from_address: c.next()?,
            subject: c.next()?,
            written_at: c.next()?,
            received_at: c.next()?,
            size: c.next()?,
            place: (c.next()?, c.next()?),
        })
    }
}

const LETTER: &str = "SELECT id, mailbox_id, state, why, detail, tamed, case_id, store_id, from_name, from_address, subject, written_at, received_at, \
    size, uid_validity, uid FROM mail_letter WHERE ";

pub(crate) async fn letters(
    tx: &mut Tx,
    mailbox: Id<MailboxId>,
    state: Option<State>,
    before: Option<Id<LetterId>>,
    limit: i64,
) -> Result<Vec<LetterRow>, DbError> {
    let mut sql = Filter::new(LETTER);
    sql.bind("mailbox_id = ?", args![mailbox]);
    if let Some(state) = state {
        sql.bind(" AND state = ?", args![state.as_str()]);
    }
    if let Some(before) = before {
        sql.bind(" AND id < ?", args![before]);
    }
    sql.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(sql.sql(), sql.values()).await
}

/// How many letters of `mailbox` are in `state`, at most `limit`.
pub(crate) async fn count(tx: &mut Tx, mailbox: Id<MailboxId>, state: State, limit: i64) -> Result<i64, DbError> {
    let sql =
        "SELECT COUNT(*) FROM (SELECT 1 FROM mail_letter WHERE mailbox_id = $1 AND state = $2 LIMIT $3) AS counted";
    Ok(tx.one::<(i64,)>(sql, args![mailbox, state.as_str(), limit]).await?.map_or(0, |(n,)| n))
}

pub(crate) async fn letter(tx: &mut Tx, id: Id<LetterId>) -> Result<Option<LetterRow>, DbError> {
    let mut sql = Filter::new(LETTER);
    sql.bind("id = ?", args![id]);
    tx.one(sql.sql(), sql.values()).await
}

/// The letter at `place` of `mailbox`, if it was taken in.
pub(crate) async fn at(tx: &mut Tx, mailbox: Id<MailboxId>, place: (i64, i64)) -> Result<Option<LetterRow>, DbError> {
    let mut sql = Filter::new(LETTER);
    sql.bind("mailbox_id = ? AND uid_validity = ? AND uid = ?", args![mailbox, place.0, place.1]);
    tx.one(sql.sql(), sql.values()).await
}

pub(crate) async fn by_digest(tx: &mut Tx, digest: &str) -> Result<Option<Id<LetterId>>, DbError> {
    tx.one("SELECT id FROM mail_letter WHERE digest = $1", args![digest]).await
}

/// The case of the letter with this Message-ID from this sender.
pub(crate) async fn case_of_message(tx: &mut Tx, message: &str, sender: &str) -> Result<Option<Id<of::Case>>, DbError> {
    tx.one(
        "SELECT case_id FROM mail_letter WHERE message_digest = $1 AND sender_digest = $2 AND case_id IS NOT NULL ORDER BY id DESC LIMIT 1",
        args![message, sender],
    )
    .await
}

/// The case of the newest letter of this sender to `mailbox`.
pub(crate) async fn case_of_sender(
    tx: &mut Tx,
    mailbox: Id<MailboxId>,
    sender: &str,
) -> Result<Option<Id<of::Case>>, DbError> {
    tx.one(
        "SELECT case_id FROM mail_letter WHERE mailbox_id = $1 AND sender_digest = $2 AND case_id IS NOT NULL ORDER BY id DESC LIMIT 1",
        args![mailbox, sender],
    )
    .await
}

/// How many letters of this sender came to something since `since`, as far as the newest `most` say. What was set aside counts, or a
/// flood would be let in again by its own weight.
pub(crate) async fn came_since(
    tx: &mut Tx,
    mailbox: Id<MailboxId>,
    sender: &str,
    since: Timestamp,
    most: i64,
) -> Result<i64, DbError> {
    let sql = "SELECT COUNT(*) FROM (SELECT state, received_at FROM mail_letter WHERE mailbox_id = $1 AND sender_digest = $2
               ORDER BY id DESC LIMIT $4) AS newest WHERE received_at >= $3 AND state IN ('case', 'answer', 'set_aside')";
    Ok(tx.one::<(i64,)>(sql, args![mailbox, sender, since, most]).await?.map_or(0, |(n,)| n))
}

/// True when a letter of this sender is in `case`.
pub(crate) async fn wrote_in(tx: &mut Tx, case: Id<of::Case>, sender: &str) -> Result<bool, DbError> {
    let sql = "SELECT id FROM mail_letter WHERE case_id = $1 AND sender_digest = $2 LIMIT 1";
    let found: Option<(i64,)> = tx.one(sql, args![case, sender]).await?;
    Ok(found.is_some())
}

/// The newest letters of `case`.
pub(crate) async fn of_case(tx: &mut Tx, case: Id<of::Case>, limit: i64) -> Result<Vec<LetterRow>, DbError> {
    let mut sql = Filter::new(LETTER);
    sql.bind("case_id = ? ORDER BY id DESC LIMIT ?", args![case, limit]);
    tx.all(sql.sql(), sql.values()).await
}

/// Empties what names the people of the letters of `case`; their digests stay, so that no copy of one comes in again.
pub(crate) async fn erase_of_case(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Id<LetterId>>, DbError> {
    tx.all(
        "UPDATE mail_letter SET from_name = '', from_address = '', subject = '', detail = NULL, message_digest = NULL, sender_digest = NULL
         WHERE case_id = $1 RETURNING id",
        args![case],
    )
    .await
}

/// What finds a letter again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Digests {
    pub letter: String,
    pub message: Option<String>,
    pub sender: Option<String>,
}

pub(crate) async fn insert_letter(tx: &mut Tx, row: &LetterRow, digests: &Digests) -> Result<(), DbError> {
    // A second copy has none, and what is set aside gets it when it is taken in.
    let digest = (!matches!(row.state, State::Duplicate | State::SetAside)).then(|| digests.letter.clone());
    tx.exec(
        "INSERT INTO mail_letter (id, mailbox_id, uid_validity, uid, digest, message_digest, sender_digest, state, why, detail, case_id,
         store_id, from_name, from_address, subject, written_at, received_at, size, tamed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        args![
            row.id,
            row.mailbox,
            row.place.0,
            row.place.1,
            digest,
            digests.message.clone(),
            digests.sender.clone(),
            row.state.as_str(),
            row.why.clone(),
            row.detail.clone(),
            row.case,
            row.store,
            row.from_name.as_str(),
            row.from_address.as_str(),
            row.subject.as_str(),
            row.written_at,
            row.received_at,
            row.size,
            row.tamed.clone()
        ],
    )
    .await
    .map(|_| ())
}

/// A letter that was set aside became something after all; false when somebody was faster.
pub(crate) async fn settle(tx: &mut Tx, row: &LetterRow, digests: &Digests) -> Result<bool, DbError> {
    let sql = "UPDATE mail_letter SET state = $2, why = $3, detail = $4, case_id = $5, digest = $6 WHERE id = $1 AND state = 'set_aside'";
    let digest = (!matches!(row.state, State::Duplicate | State::SetAside)).then(|| digests.letter.clone());
    let settled =
        tx.exec(sql, args![row.id, row.state.as_str(), row.why.clone(), row.detail.clone(), row.case, digest]).await?;
    Ok(settled == 1)
}

pub(crate) async fn key(tx: &mut Tx) -> Result<Option<String>, DbError> {
    tx.one("SELECT sealed FROM mail_key WHERE id = 1", args![]).await
}

/// Another key instead of one that cannot be opened any more; the first such one stays.
pub(crate) async fn renew_key(tx: &mut Tx, lost: &str, sealed: &str) -> Result<(), DbError> {
    tx.exec("UPDATE mail_key SET sealed = $2 WHERE sealed = $1", args![lost, sealed]).await.map(|_| ())
}

/// Keeps the key; the first one stays.
pub(crate) async fn keep_key(tx: &mut Tx, sealed: &str) -> Result<(), DbError> {
    tx.exec("INSERT INTO mail_key (id, sealed) VALUES (1, $1) ON CONFLICT (id) DO NOTHING", args![sealed])
        .await
        .map(|_| ())
}
