//! The only SQL on `message_out`.

use std::collections::BTreeMap;

use db::{DbError, Filter, FromRow, Row, Tx, Value, args};
use jobs::NewJob;
use kernel::{Fault, FieldErrors, Id, IdGen, Money, Reach, RecordRef, Timestamp, Zone, of};

use crate::callback;
use crate::counting::{self, Counted};
use crate::send::{self, Body};
use crate::setup::{self, QuietSetup};
use crate::thread::thread_of;
use crate::wording::{self, wording};
use crate::{Address, Channel, Outcome, QuietHours, Template, Text, mask, segments};

/// Marker of a message's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {}

/// A message that a use case wants to go out.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// How.
    pub channel: Channel,
    /// Where to, as a person typed it.
    pub to: String,
    /// A code of [`crate::TEMPLATES`].
    pub template: &'static str,
    /// `zh-CN` or `en`.
    pub locale: String,
    /// The template's variables.
    pub args: Vec<(&'static str, String)>,
    /// The record that it belongs to.
    pub record: RecordRef,
    /// The store that it goes out for and that pays.
    pub store: Option<Id<of::Unit>>,
    /// Whose wall clock says when it is night.
    pub zone: Zone,
    /// The night, until the company has set another one.
    pub quiet: QuietHours,
    /// Queues at most once, ever: e.g. `survey:123`.
    pub dedup: Option<String>,
    /// The present instant.
    pub now: Timestamp,
}

/// Queues `message` in the caller's transaction: its row and the job that sends it (after the quiet hours, unless urgent). An
/// address that cannot be sent to is kept as `suppressed`. With a `dedup` key that was used before, the earlier message's id.
///
/// # Errors
/// When the database fails, or (a defect) the template has no words.
pub async fn queue(tx: &mut Tx, ids: &IdGen, message: &NewMessage) -> Result<Id<Message>, Fault> {
    let template = Template::named(message.template)?;
    let wording = wording(tx, &template, message.channel, &message.locale).await?;
    let mut text = match message.channel {
        // Said in the conversation as it was written: no greeting, no link.
        Channel::Webhook => Text { subject: String::new(), body: said(message) },
        Channel::Mail | Channel::Sms | Channel::WechatCopy => wording.render(message.channel, &message.args)?,
    };
    if message.channel == Channel::Sms {
        text.body = wording::signed(&text.body, &setup::sms(tx).await?.setup.signature);
    }
    let thread = match (message.channel, template.customer) {
        (Channel::Mail, true) => thread_of(tx, &message.record).await?,
        _ => None,
    };
    if let Some(thread) = &thread {
        text.subject = thread.next_subject();
    }
    let thread = thread.map(|thread| serde_json::to_string(&thread.next())).transpose().map_err(Fault::internal)?;
    let params: BTreeMap<&str, &str> = message.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let params = serde_json::to_string(&params).map_err(Fault::internal)?;
    let address = Address::parse(message.channel, &message.to);
    let (state, error) = match (message.channel, &address) {
        (Channel::WechatCopy, _) => (MessageState::Sent, None),
        (Channel::Mail | Channel::Sms | Channel::Webhook, Some(_)) => (MessageState::Queued, None),
        (Channel::Mail | Channel::Sms | Channel::Webhook, None) => (MessageState::Suppressed, Some("address")),
    };
    let count = match message.channel {
        Channel::Sms => segments(&text.body).count,
        Channel::Mail | Channel::WechatCopy | Channel::Webhook => 0,
    };
    let quiet = match (template.urgent, message.channel) {
        // A chat rings nobody out of bed.
        (true, _) | (_, Channel::WechatCopy | Channel::Webhook) => None,
        (false, Channel::Mail | Channel::Sms) => Some(quiet_hours(tx, message.quiet).await?),
    };
    let send_at = quiet.map_or(message.now, |quiet| quiet.not_before(message.now, &message.zone));
    let id = ids.next::<Message>();
    let inserted = tx
        .exec(
            "INSERT INTO message_out (id, channel, to_address, template, locale, subject, body, params, record_kind, record_id, \
             store_id, state, segments, cost_fen, round, tries, created_at, send_at, sent_at, error, dedup, template_version, \
             hook_id, thread) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, $14, $15, $16, $17, $18, $19, $20, $21) \
             ON CONFLICT (dedup) DO NOTHING",
            args![
                id,
                stored(message.channel),
                address.as_ref().map_or_else(|| readable(message.to.trim()), |address| address.as_str().to_owned()),
                template.code,
                message.locale.clone(),
                text.subject,
                text.body,
                params,
                message.record.kind,
                message.record.id,
                message.store,
                state.as_str(),
                count,
                message.now,
                send_at,
                (state == MessageState::Sent).then_some(message.now),
                error,
                message.dedup.clone(),
                wording.version,
                hook_of(message.channel, &message.to),
                thread
            ],
        )
        .await?;
    if inserted == 0 {
        let earlier: Option<Id<Message>> =
            tx.one("SELECT id FROM message_out WHERE dedup = $1", args![message.dedup.clone()]).await?;
        return earlier.ok_or_else(|| Fault::busy("the earlier message is not visible yet"));
    }
    if state == MessageState::Queued {
        let body = Body::new(id, quiet.map(|quiet| (quiet, &message.zone)));
        jobs::enqueue(tx, ids, &[job(id, &body, send_at)?]).await?;
    }
    Ok(id)
}

/// What a person wrote to the customer.
fn said(message: &NewMessage) -> String {
    let text = message.args.iter().find(|(name, _)| *name == "text").map(|(_, text)| text.as_str()).unwrap_or_default();
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

/// The word in the column `channel`, whose list of words is older than callbacks: those have their channel in `hook_id`.
const fn stored(channel: Channel) -> &'static str {
    match channel {
        Channel::Webhook => Channel::WechatCopy.as_str(),
        other => other.as_str(),
    }
}

/// The channel of a callback.
fn hook_of(channel: Channel, to: &str) -> Option<Id<of::Channel>> {
    if channel == Channel::Webhook { callback::parts(to).map(|(hook, _)| hook) } else { None }
}

/// A text that a person copied into WeChat.
#[derive(Debug, Clone)]
pub struct CopiedText {
    /// A code of [`crate::TEMPLATES`].
    pub template: &'static str,
    /// `zh-CN` or `en`.
    pub locale: String,
    /// Whom it is for.
    pub to: String,
    /// What was copied; its links are not kept, because a link lets its holder act.
    pub body: String,
    /// The record that it belongs to.
    pub record: RecordRef,
    /// The store that it was copied for.
    pub store: Option<Id<of::Unit>>,
    /// When.
    pub now: Timestamp,
}

/// Keeps what was copied beside the messages that went out.
///
/// # Errors
/// When the database fails, or (a defect) there is no such template.
pub async fn keep_copied(tx: &mut Tx, ids: &IdGen, copied: &CopiedText) -> Result<Id<Message>, Fault> {
    let template = Template::named(copied.template)?;
    let wording = wording(tx, &template, Channel::WechatCopy, &copied.locale).await?;
    let id = ids.next::<Message>();
    tx.exec(
        "INSERT INTO message_out (id, channel, to_address, template, locale, subject, body, params, record_kind, record_id, \
         store_id, state, segments, cost_fen, round, tries, created_at, send_at, sent_at, template_version) \
         VALUES ($1, $2, $3, $4, $5, '', $6, '{}', $7, $8, $9, 'sent', 0, 0, 0, 0, $10, $10, $10, $11)",
        args![
            id,
            Channel::WechatCopy.as_str(),
            readable(copied.to.trim()),
            template.code,
            copied.locale.clone(),
            links_hidden(&readable(&copied.body)),
            copied.record.kind,
            copied.record.id,
            copied.store,
            copied.now,
            wording.version
        ],
    )
    .await?;
    Ok(id)
}

/// The company's quiet hours, or `else_these` until it has set some.
async fn quiet_hours(tx: &mut Tx, else_these: QuietHours) -> Result<QuietHours, Fault> {
    let kept = setup::quiet(tx).await?;
    let QuietSetup { from, until } = kept.setup;
    Ok(if kept.version == 0 { else_these } else { QuietHours { from, until } })
}

fn job(id: Id<Message>, body: &Body, run_at: Timestamp) -> Result<NewJob, Fault> {
    let body = serde_json::to_string(body).map_err(Fault::internal)?;
    Ok(NewJob::new(send::KIND, body, run_at).key(format!("{}:{id}", send::KIND)))
}

/// Sends a message again because a person says so: one that failed, was suppressed, or may or may not have gone out. `to`
/// corrects the address. It goes out at once, also at night.
///
/// # Errors
/// `not-found`; `message-not-resendable` in another state; the field `to` with `address`.
pub async fn resend(tx: &mut Tx, ids: &IdGen, id: Id<Message>, to: Option<&str>, now: Timestamp) -> Result<(), Fault> {
    let found: Option<(String, String, String)> =
        tx.one("SELECT CASE WHEN hook_id IS NULL THEN channel ELSE 'webhook' END, state, to_address FROM message_out WHERE id = $1", args![id]).await?;
    let (channel, state, stored) = found.ok_or_else(Fault::not_found)?;
    let channel = Channel::parse(&channel).ok_or_else(|| Fault::internal("unknown channel"))?;
    if !["failed", "suppressed", "unknown"].contains(&state.as_str()) || channel == Channel::WechatCopy {
        return Err(Fault::refused("message-not-resendable"));
    }
    let Some(address) = Address::parse(channel, to.unwrap_or(&stored)) else {
        let mut fields = FieldErrors::default();
        fields.add("to", "address");
        return Err(Fault::invalid(fields));
    };
    // The round makes the idempotency key new: this is meant to be a second message.
    let changed = tx
        .exec(
            "UPDATE message_out SET state = 'queued', to_address = $2, send_at = $3, round = round + 1, tries = 0, error = NULL, \
             detail = NULL, provider_id = NULL, receipt_at = NULL \
             WHERE id = $1 AND state IN ('failed', 'suppressed', 'unknown')",
            args![id, address.as_str(), now],
        )
        .await?;
    if changed == 0 {
        return Err(Fault::refused("message-not-resendable"));
    }
    jobs::enqueue(tx, ids, &[job(id, &Body::new(id, None), now)?]).await?;
    Ok(())
}

/// What came of a message of a history that is told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// A provider took it.
    Sent,
    /// It arrived.
    Delivered,
    /// It did not; the code of why, and what the other side said.
    Failed(&'static str, &'static str),
}

/// Ends a message that was queued for a history: nobody is called any more.
///
/// # Errors
/// When the database fails.
pub async fn settle_past(
    tx: &mut Tx,
    ids: &IdGen,
    id: Id<Message>,
    past: Past,
    at: Timestamp,
    fen_per_segment: i64,
) -> Result<(), Fault> {
    let found: Option<(String, Option<Id<of::Unit>>, i64)> =
        tx.one("SELECT CASE WHEN hook_id IS NULL THEN channel ELSE 'webhook' END, store_id, segments FROM message_out WHERE id = $1", args![id]).await?;
    let (channel, store, segments) = found.ok_or_else(Fault::not_found)?;
    let (state, receipt_at, error, detail) = match past {
        Past::Sent => ("sent", None, None, None),
        Past::Delivered => ("sent", Some(at), None, None),
        Past::Failed(error, detail) => ("failed", Some(at), Some(error), Some(detail)),
    };
    let cost = segments.saturating_mul(fen_per_segment);
    tx.exec(
        "UPDATE message_out SET state = $2, sent_at = $3, receipt_at = $4, error = $5, detail = $6, cost_fen = $7, tries = 1,
         provider_id = $8 WHERE id = $1",
        args![id, state, at, receipt_at, error, detail, cost, format!("log-{id}")],
    )
    .await?;
    let counted = Counted { channel: Channel::parse(&channel).unwrap_or(Channel::Sms), store, now: at };
    let gains = [
        ("messages.sent", 1),
        ("messages.cost", cost),
        ("messages.delivered", i64::from(past == Past::Delivered)),
        ("messages.failed", i64::from(matches!(past, Past::Failed(..)))),
    ];
    counting::add(tx, ids, &counted, &gains).await
}

/// What a provider later says about a message that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It reached the telephone.
    Delivered,
    /// It did not, for this reason.
    Undelivered(String),
}

/// Notes a delivery receipt; the message that it is about, if one has this provider id. A receipt also settles an unclear message,
/// and one that comes twice counts once.
///
/// # Errors
/// When the database fails.
pub async fn receipt(
    tx: &mut Tx,
    ids: &IdGen,
    provider_id: &str,
    receipt: &Receipt,
    now: Timestamp,
) -> Result<Option<Id<Message>>, Fault> {
    let found: Option<(Id<Message>, String, Option<Id<of::Unit>>, String, Option<Timestamp>)> = tx
        .one(
            "SELECT id, CASE WHEN hook_id IS NULL THEN channel ELSE 'webhook' END, store_id, state, receipt_at FROM message_out WHERE id = (SELECT MAX(id) FROM message_out WHERE \
             provider_id = $1) AND state IN ('sent', 'failed', 'unknown')",
            args![provider_id],
        )
        .await?;
    let Some((id, channel, store, before, already)) = found else { return Ok(None) };
    let (state, error, detail) = match receipt {
        Receipt::Delivered => ("sent", None, None),
        Receipt::Undelivered(why) => ("failed", Some("undelivered"), Some(readable(why))),
    };
    tx.exec(
        "UPDATE message_out SET state = $2, error = $3, detail = $4, receipt_at = $5 WHERE id = $1",
        args![id, state, error, detail, now],
    )
    .await?;
    let counted = Counted { channel: Channel::parse(&channel).unwrap_or(Channel::Sms), store, now };
    match receipt {
        Receipt::Delivered if already.is_none() => {
            counting::add(tx, ids, &counted, &[("messages.delivered", 1)]).await?
        }
        Receipt::Undelivered(_) if before != "failed" => {
            counting::failed(tx, ids, &counted, id).await?;
        }
        Receipt::Delivered | Receipt::Undelivered(_) => {}
    }
    Ok(Some(id))
}

/// See [`crate::bounced`].
pub(crate) async fn bounced(
    tx: &mut Tx,
    ids: &IdGen,
    id: Id<Message>,
    why: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let found: Option<(String, Option<Id<of::Unit>>)> =
        tx.one("SELECT channel, store_id FROM message_out WHERE id = $1", args![id]).await?;
    let Some((channel, store)) = found else { return Ok(false) };
    let sql = "UPDATE message_out SET state = 'failed', error = 'undelivered', detail = $2, receipt_at = $3
               WHERE id = $1 AND state IN ('sent', 'unknown')";
    if tx.exec(sql, args![id, readable(why), now]).await? == 0 {
        return Ok(false);
    }
    let counted = Counted { channel: Channel::parse(&channel).unwrap_or(Channel::Mail), store, now };
    counting::failed(tx, ids, &counted, id).await?;
    Ok(true)
}

/// Empties what is personal in the messages of `record`; what waits is not sent any more.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &mut Tx, record: &RecordRef) -> Result<u64, DbError> {
    let sql = "DELETE FROM message_thread WHERE record_kind = $1 AND record_id = $2";
    tx.exec(sql, args![record.kind, record.id]).await?;
    tx.exec(
        "UPDATE message_out SET to_address = '', subject = '', body = '', params = '{}', detail = NULL, \
         error = CASE WHEN state = 'queued' THEN 'erased' ELSE error END, \
         state = CASE WHEN state = 'queued' THEN 'suppressed' ELSE state END WHERE record_kind = $1 AND record_id = $2",
        args![record.kind, record.id],
    )
    .await
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// Waits for its job.
    Queued,
    /// A provider is being called, or the program died while it was.
    Sending,
    /// A provider took it.
    Sent,
    /// It did not go out, or the receipt says it did not arrive.
    Failed,
    /// It is not to go out.
    Suppressed,
    /// It may or may not have gone out; a person decides.
    Unknown,
}

impl MessageState {
    /// The word that is stored; its name is `messaging-state-<word>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Suppressed => "suppressed",
            Self::Unknown => "unknown",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Suppressed, Self::Unknown]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A message as people see it: the address masked, links hidden (a link lets its holder act as the customer).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub id: Id<Message>,
    /// How.
    pub channel: Channel,
    /// Where to, masked.
    pub to: String,
    /// The template's code.
    pub template: String,
    /// The language.
    pub locale: String,
    /// Mail only.
    pub subject: String,
    /// The text with links hidden.
    pub body: String,
    /// The record's kind and id.
    pub record: (String, i64),
    /// The store.
    pub store: Option<Id<of::Unit>>,
    /// Where it stands.
    pub state: MessageState,
    /// What receipts name.
    pub provider_id: Option<String>,
    /// SMS parts.
    pub segments: i64,
    /// What it cost.
    pub cost: Money,
    /// Calls made in this round.
    pub tries: i64,
    /// When it was queued.
    pub created_at: Timestamp,
    /// Not before.
    pub send_at: Timestamp,
    /// When a provider took it.
    pub sent_at: Option<Timestamp>,
    /// When the receipt came.
    pub receipt_at: Option<Timestamp>,
    /// Why it did not go out; its words are `messaging-error-<code>`.
    pub error: Option<String>,
    /// What the other side said.
    pub detail: Option<String>,
    /// By which version of its text; 0 is the shipped one.
    pub template_version: i64,
}

impl MessageRow {
    /// True when the receipt says that it arrived.
    pub fn delivered(&self) -> bool {
        self.state == MessageState::Sent && self.receipt_at.is_some()
    }
    /// True when a person may send it again.
    pub fn resendable(&self) -> bool {
        let state = matches!(self.state, MessageState::Failed | MessageState::Suppressed | MessageState::Unknown);
        state && self.channel != Channel::WechatCopy && self.error.as_deref() != Some("erased")
    }
}

impl FromRow for MessageRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let id = c.next()?;
        // The columns' CHECKs allow the known words only.
        let channel = Channel::parse(&c.next::<String>()?).unwrap_or(Channel::WechatCopy);
        Ok(Self {
            id,
            channel,
            to: mask(channel, &c.next::<String>()?),
            template: c.next()?,
            locale: c.next()?,
            subject: c.next()?,
            body: links_hidden(&c.next::<String>()?),
            record: (c.next()?, c.next()?),
            store: c.next()?,
            state: MessageState::parse(&c.next::<String>()?).unwrap_or(MessageState::Unknown),
            provider_id: c.next()?,
            segments: c.next()?,
            cost: c.next()?,
            tries: c.next()?,
            created_at: c.next()?,
            send_at: c.next()?,
            sent_at: c.next()?,
            receipt_at: c.next()?,
            error: c.next()?,
            detail: c.next()?,
            template_version: c.next()?,
        })
    }
}

const COLUMNS: &str = "SELECT id, CASE WHEN hook_id IS NULL THEN channel ELSE 'webhook' END, to_address, template, locale, subject, body, record_kind, record_id, store_id, state, \
    provider_id, segments, cost_fen, tries, created_at, send_at, sent_at, receipt_at, error, detail, template_version \
    FROM message_out WHERE ";

/// What a list of messages shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Where they stand; empty is everywhere.
    pub states: Vec<MessageState>,
    /// How they go.
    pub channel: Option<Channel>,
    /// Which text.
    pub template: Option<String>,
    /// For which store.
    pub store: Option<Id<of::Unit>>,
    /// Queued not before.
    pub since: Option<Timestamp>,
    /// Queued before.
    pub until: Option<Timestamp>,
}

fn narrowed(sql: &mut Filter, filter: &MessageFilter, reach: &Reach) {
    sql.push("store_id IS NOT NULL");
    // A message is a store's; no team and nobody in person owns it.
    sql.reach(reach, "store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
    if !filter.states.is_empty() {
        sql.push(" AND ");
        sql.bind_in("state", filter.states.iter().map(|state| Value::from(state.as_str())));
    }
    match filter.channel {
        Some(Channel::Webhook) => {
            sql.push(" AND hook_id IS NOT NULL");
        }
        Some(channel) => {
            sql.bind(" AND channel = ? AND hook_id IS NULL", args![channel.as_str()]);
        }
        None => {}
    }
    if let Some(template) = &filter.template {
        sql.bind(" AND template = ?", args![template.as_str()]);
    }
    if let Some(store) = filter.store {
        sql.bind(" AND store_id = ?", args![store]);
    }
    if let Some(since) = filter.since {
        sql.bind(" AND created_at >= ?", args![since]);
    }
    if let Some(until) = filter.until {
        sql.bind(" AND created_at < ?", args![until]);
    }
}

/// Messages to customers within `reach`, newest first, older than `before` when given. What staff are told by mail is no store's
/// and is not among them.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tx: &mut Tx,
    filter: &MessageFilter,
    reach: &Reach,
    before: Option<Id<Message>>,
    limit: i64,
) -> Result<Vec<MessageRow>, DbError> {
    let mut sql = Filter::new(COLUMNS);
    narrowed(&mut sql, filter, reach);
    if let Some(before) = before {
        sql.bind(" AND id < ?", args![before]);
    }
    sql.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(sql.sql(), sql.values()).await
}

/// How many messages `filter` shows, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &mut Tx, filter: &MessageFilter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut sql = Filter::new("SELECT COUNT(*) FROM (SELECT 1 FROM message_out WHERE ");
    narrowed(&mut sql, filter, reach);
    sql.bind(" LIMIT ?) AS shown", args![limit]);
    Ok(tx.one::<(i64,)>(sql.sql(), sql.values()).await?.map_or(0, |(n,)| n))
}

/// The message `id`.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: Id<Message>) -> Result<Option<MessageRow>, DbError> {
    let mut sql = Filter::new(COLUMNS);
    sql.bind("id = ?", args![id]);
    tx.one(sql.sql(), sql.values()).await
}

/// Up to `limit` messages of `record`, newest first, older than `before` when given.
///
/// # Errors
/// When the database fails.
pub async fn of_record(
    tx: &mut Tx,
    record: &RecordRef,
    before: Option<Id<Message>>,
    limit: i64,
) -> Result<Vec<MessageRow>, DbError> {
    let mut sql = Filter::new(COLUMNS);
    sql.bind(
        "record_kind = ? AND record_id = ? AND id < ?",
        args![record.kind, record.id, before.map_or(i64::MAX, Id::get)],
    );
    sql.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(sql.sql(), sql.values()).await
}

/// Address and text as they are, for a person with a reason (or who copies the text into WeChat). The caller leaves the trace.
///
/// # Errors
/// When the database fails.
pub async fn reveal(tx: &mut Tx, id: Id<Message>) -> Result<Option<(String, String)>, DbError> {
    tx.one("SELECT to_address, body FROM message_out WHERE id = $1", args![id]).await
}

fn links_hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.find("http").and_then(|at| rest.split_at_checked(at)) {
        shown.push_str(before);
        if link.starts_with("http://") || link.starts_with("https://") {
            let end = link.find(|c: char| c.is_whitespace() || !c.is_ascii()).unwrap_or(link.len());
            shown.push_str("https://…");
            let after = link.split_at_checked(end).map_or("", |(_, after)| after);
            // What was hidden before stays as it is.
            rest = after.strip_prefix('…').unwrap_or(after);
        } else {
            shown.push_str("http");
            rest = link.strip_prefix("http").unwrap_or("");
        }
    }
    shown.push_str(rest);
    shown
}

/// What the sending job needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub channel: Channel,
    pub to: String,
    pub template: String,
    pub locale: String,
    pub subject: String,
    pub body: String,
    pub params: String,
    pub state: MessageState,
    pub segments: i64,
    pub round: i64,
    pub tries: i64,
    pub store: Option<Id<of::Unit>>,
    pub thread: Option<String>,
}
impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            channel: Channel::parse(&c.next::<String>()?).unwrap_or(Channel::WechatCopy),
            to: c.next()?,
            template: c.next()?,
            locale: c.next()?,
            subject: c.next()?,
            body: c.next()?,
            params: c.next()?,
            state: MessageState::parse(&c.next::<String>()?).unwrap_or(MessageState::Unknown),
            segments: c.next()?,
            round: c.next()?,
            tries: c.next()?,
            store: c.next()?,
            thread: c.next()?,
        })
    }
}

pub(crate) async fn get(tx: &mut Tx, id: Id<Message>) -> Result<Option<Stored>, DbError> {
    tx.one(
        "SELECT CASE WHEN hook_id IS NULL THEN channel ELSE 'webhook' END, to_address, template, locale, subject, body, params, state, segments, round, tries, store_id, thread \
         FROM message_out WHERE id = $1",
        args![id],
    )
    .await
}

/// Marks the message as being sent by the attempt after `tries`; false when another attempt was faster.
pub(crate) async fn begin(tx: &mut Tx, id: Id<Message>, round: i64, tries: i64) -> Result<bool, DbError> {
    let sql = "UPDATE message_out SET state = 'sending', tries = tries + 1 \
               WHERE id = $1 AND round = $2 AND tries = $3 AND state IN ('queued', 'sending')";
    Ok(tx.exec(sql, args![id, round, tries]).await? == 1)
}

/// Ends a message that was not called for: no provider, no address, nobody knows.
pub(crate) async fn stop(tx: &mut Tx, id: Id<Message>, state: MessageState, error: &str) -> Result<(), DbError> {
    let sql = "UPDATE message_out SET state = $2, error = $3 WHERE id = $1 AND state IN ('queued', 'sending')";
    tx.exec(sql, args![id, state.as_str(), error]).await.map(|_| ())
}

/// One attempt at a message, and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub id: Id<Message>,
    pub round: i64,
    pub tries: i64,
    pub outcome: Outcome,
    /// Another attempt follows.
    pub again: bool,
    /// In fen, when it was sent.
    pub cost: i64,
}

/// Notes what came of a call. An attempt that was taken for dead and comes back with an answer still settles the message that
/// was set to `unknown` meanwhile.
pub(crate) async fn end(tx: &mut Tx, ended: &Ended, now: Timestamp) -> Result<bool, DbError> {
    let (state, error, detail, provider_id) = match &ended.outcome {
        Outcome::Accepted(provider_id) => ("sent", None, None, Some(provider_id.clone()).filter(|id| !id.is_empty())),
        Outcome::Refused(why) => ("failed", Some("refused"), Some(readable(why)), None),
        Outcome::NotYet(why) if ended.again => ("queued", None, Some(readable(why)), None),
        Outcome::NotYet(why) => ("failed", Some("unreachable"), Some(readable(why)), None),
        // Still `sending`: should the provider be exchanged for one that takes no keys, it must not go out a second time.
        Outcome::Unclear(why) if ended.again => ("sending", None, Some(readable(why)), None),
        Outcome::Unclear(why) => ("unknown", Some("interrupted"), Some(readable(why)), None),
    };
    let sent_at = (state == "sent").then_some(now);
    let changed = tx
        .exec(
            "UPDATE message_out SET state = $4, error = $5, detail = $6, provider_id = $7, sent_at = $8, cost_fen = cost_fen + $9 \
             WHERE id = $1 AND round = $2 AND tries = $3 AND state IN ('sending', 'unknown')",
            args![
                ended.id,
                ended.round,
                ended.tries,
                state,
                error,
                detail,
                provider_id,
                sent_at,
                if sent_at.is_some() { ended.cost } else { 0 }
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// What another program said, as it is kept: without control characters and not endless.
fn readable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_not_shown_to_those_who_are_not_their_receivers() {
        assert_eq!(links_hidden("查看：https://shop.example/t/abc123。谢谢"), "查看：https://…。谢谢");
        assert_eq!(links_hidden("查看：https://…。谢谢"), "查看：https://…。谢谢");
        assert_eq!(links_hidden("http://a.example/x and httpx https://b.example/y"), "https://… and httpx https://…");
        assert_eq!(links_hidden("no link"), "no link");
    }
}
