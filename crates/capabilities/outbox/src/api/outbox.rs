use axum::Json;
use axum::extract::{Path, RawQuery};
use capability::Ctx;
use kernel::{Id, Timestamp, of};
use messaging::{Channel, Message, MessageFilter, MessageRow, MessageState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, Form};

use crate::app;

/// A message to a customer, masked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageOut {
    #[schema(value_type = String)]
    id: Id<Message>,
    /// mail, sms or wechat_copy.
    channel: &'static str,
    /// Where to, masked.
    to: String,
    /// The code of its words.
    template: String,
    /// By which version of the words; 0 is the shipped one.
    template_version: i64,
    locale: String,
    /// The text with its links hidden.
    text: String,
    record_kind: String,
    record_id: String,
    #[schema(value_type = Option<String>)]
    store: Option<Id<of::Unit>>,
    /// queued, sending, sent, failed, suppressed or unknown.
    state: &'static str,
    /// A receipt says that it arrived.
    delivered: bool,
    segments: i64,
    cost_fen: i64,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    sent_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    receipt_at: Option<Timestamp>,
    /// Why it did not go out.
    error: Option<String>,
}

impl From<MessageRow> for MessageOut {
    fn from(row: MessageRow) -> Self {
        Self {
            delivered: row.delivered(),
            id: row.id,
            channel: row.channel.as_str(),
            to: row.to,
            template: row.template,
            template_version: row.template_version,
            locale: row.locale,
            text: row.body,
            record_kind: row.record.0,
            record_id: row.record.1.to_string(),
            store: row.store,
            state: row.state.as_str(),
            segments: row.segments,
            cost_fen: row.cost.fen(),
            created_at: row.created_at,
            sent_at: row.sent_at,
            receipt_at: row.receipt_at,
            error: row.error,
        }
    }
}

/// One page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessagesOut {
    items: Vec<MessageOut>,
    /// Give it as `before` for the next page.
    next: Option<String>,
}

/// Where to, when the address was wrong.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct Again {
    to: Option<String>,
}

#[utoipa::path(get, path = "/api/v1/messages", tag = "messages",
    description = "Messages to customers of the stores that the caller reaches, newest first.",
    params(
        ("state" = Option<String>, Query, description = "queued, sending, sent, failed, suppressed, unknown"),
        ("channel" = Option<String>, Query, description = "mail, sms, wechat_copy"),
        ("template" = Option<String>, Query, description = "Code of the words"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = MessagesOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<MessagesOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = MessageFilter {
        states: form.choice_or_none("state", MessageState::parse).into_iter().collect(),
        channel: form.choice_or_none("channel", Channel::parse),
        template: form.text_or_none("template", 40),
        store: form.id_or_none("store"),
        ..MessageFilter::default()
    };
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(50);
    let before = form.id_or_none("before");
    form.check()?;
    let page = app::list(&ctx, filter, before, u16::try_from(limit).unwrap_or(50)).await?;
    let next = page.next.map(|id| id.to_string());
    Ok(Json(MessagesOut { items: page.rows.into_iter().map(MessageOut::from).collect(), next }))
}

#[utoipa::path(get, path = "/api/v1/messages/{id}", tag = "messages",
    params(("id" = String, Path, description = "Id of the message")),
    responses((status = 200, body = MessageOut), (status = 404, description = "Not within the caller's reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<MessageOut>, Failure> {
    Ok(Json(app::find(&ctx, Id::new(id)).await?.into()))
}

#[utoipa::path(post, path = "/api/v1/messages/{id}/resend", tag = "messages", request_body = Again,
    description = "Sends a message again that did not go out, was held back or whose result is unclear.",
    params(("id" = String, Path, description = "Id of the message")),
    responses((status = 200, body = MessageOut), (status = 409, description = "It went out")))]
pub(crate) async fn resend(
    ctx: Ctx,
    Path(id): Path<i64>,
    Json(again): Json<Again>,
) -> Result<Json<MessageOut>, Failure> {
    app::resend(&ctx, Id::new(id), again.to).await?;
    Ok(Json(app::find(&ctx, Id::new(id)).await?.into()))
}
