//! Hooks for chat tools and shops.

use axum::Json;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, Form};

use crate::app::{self, Attachment, Hook, Message};
use crate::domain::Kind;

/// Who wrote.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(crate) struct WriterIn {
    /// How the writer is called.
    name: String,
    /// The writer's telephone, if it is known.
    phone: String,
}

/// Something that came with a message: its content, or where the other side keeps it.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(crate) struct AttachmentIn {
    name: String,
    /// Base64, at most 2 MiB once decoded; pictures and PDF.
    content: Option<String>,
    /// Kept as a link in the text; nothing is fetched.
    url: Option<String>,
}

/// A message of a customer in a chat tool or shop.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(crate) struct MessageIn {
    /// Its key on your side; the same key is the same message.
    id: String,
    /// What you call the conversation; the next message in it goes on with the same case.
    conversation: String,
    from: WriterIn,
    /// inquiry, repair, installation, feedback (default), complaint or return.
    kind: Option<String>,
    /// In a few words; the first words of the text when left out.
    subject: String,
    /// At most 4,000 characters.
    text: String,
    /// At most five.
    attachments: Vec<AttachmentIn>,
}

/// Where a message went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageKept {
    #[schema(value_type = String)]
    case: Id<of::Case>,
    /// What people call the case.
    number: String,
    /// It went on with a case that was there.
    continued: bool,
    /// The same message had come before; nothing was changed.
    existed: bool,
}

#[utoipa::path(post, path = "/api/v1/hooks/{code}", tag = "channels", request_body = MessageIn,
    params(("code" = String, Path, description = "The channel's code")),
    description = "A chat tool or shop tells of a customer's message. No login: the headers X-Timestamp (milliseconds, at most five \
                   minutes off) and X-Signature (HMAC-SHA256 of `<milliseconds>.<body>` with the channel's secret, in hexadecimal) prove \
                   who sends. Sign every attempt anew: the same signature counts once, the same `id` is the same message. Replies go to \
                   the channel's callback as `{id, conversation, case, text}`, signed the same way and repeated until a 2xx answers; \
                   ignore an `id` that you have had.",
    responses((status = 200, body = MessageKept), (status = 401, description = "Not signed with the secret in use, too old, or sent again"),
        (status = 413, description = "Larger than 8 MiB"), (status = 429, description = "Too many at once; see Retry-After")))]
pub(crate) async fn take(
    ctx: Ctx,
    Path(code): Path<String>,
    headers: HeaderMap,
    mut request: Request,
) -> Result<Response, Failure> {
    app::hold_off(&ctx, &code).await?;
    DefaultBodyLimit::max(app::LARGEST).apply(&mut request);
    let body = match String::from_request(request, &()).await {
        Ok(body) => body,
        Err(refused) => return Ok(refused.into_response()),
    };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let hook = Hook { channel: code, at: header("x-timestamp").parse().ok(), signature: header("x-signature"), body };
    let channel = app::proved(&ctx, &hook, Kind::Webhook).await?;
    // What is inside is looked at only when the signature holds.
    let Ok(sent) = serde_json::from_str::<MessageIn>(&hook.body) else {
        return Err(Fault::new(FaultKind::Invalid, "channels-hook-body").into());
    };
    let attachment = |one: AttachmentIn| Attachment { name: one.name, content: one.content, url: one.url };
    let message = Message {
        id: sent.id,
        conversation: sent.conversation,
        name: sent.from.name,
        phone: sent.from.phone,
        kind: sent.kind,
        subject: sent.subject,
        text: sent.text,
        attachments: sent.attachments.into_iter().map(attachment).collect(),
    };
    let came = app::hear(&ctx, &channel, message).await?;
    let kept = MessageKept { case: came.case, number: came.number, continued: came.continued, existed: came.existed };
    Ok(Json(kept).into_response())
}

/// Where a channel is answered.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CallbackIn {
    /// `https://…`; left out takes it away.
    callback: Option<String>,
}

/// What is known of the hooks of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HookOut {
    callback: Option<String>,
    /// Whether a secret is in use.
    has_secret: bool,
    /// How many messages were refused.
    refused: i64,
    /// Why the last one was: no_secret, no_time, old, signature or again.
    refused_why: Option<String>,
    #[schema(value_type = Option<String>)]
    refused_at: Option<kernel::Timestamp>,
}

/// Sets where replies of a webhook go.
#[utoipa::path(post, path = "/api/v1/channels/{id}/callback", tag = "channels", request_body = CallbackIn,
    responses((status = 200, body = HookOut), (status = 422, description = "Not HTTPS, or inside the own network")))]
pub(crate) async fn callback(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<Json<HookOut>, Failure> {
    let id: Id<of::Channel> = id.parse().ok().ok_or_else(Fault::not_found)?;
    let url = form.text_or_none("callback", 500);
    form.check()?;
    app::set_callback(&ctx, id, url).await?;
    let state = app::hook(&ctx, id).await?;
    Ok(Json(HookOut {
        callback: state.callback,
        has_secret: state.secret.is_some(),
        refused: state.refused,
        refused_why: state.refused_why,
        refused_at: state.refused_at,
    }))
}
