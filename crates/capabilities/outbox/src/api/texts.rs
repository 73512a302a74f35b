use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, IfMatch};

use crate::app::{self, Draft, Shown, Text, TextKey};

/// Words of a message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TextOut {
    /// What it is for.
    code: &'static str,
    /// sms or mail; a text for WeChat has the words of the mail.
    channel: &'static str,
    /// zh-CN or en.
    locale: &'static str,
    subject: String,
    /// With `{name}` where a variable goes.
    body: String,
    /// Counts the company's versions; 0 is the shipped one.
    version: i64,
    changed_by: Option<String>,
    example: ShownOut,
}

/// All words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TextsOut {
    items: Vec<TextOut>,
}

/// Words filled with an example.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShownOut {
    subject: String,
    body: String,
    characters: usize,
    /// SMS parts; 0 for mail.
    segments: i64,
    cost_fen: i64,
}

/// New words.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct DraftIn {
    /// Mail only.
    #[serde(default)]
    subject: String,
    /// The text.
    body: String,
}

/// The three words that name a text.
pub(crate) type Words = (String, String, String);

impl From<Shown> for ShownOut {
    fn from(shown: Shown) -> Self {
        Self {
            subject: shown.subject,
            body: shown.body,
            characters: shown.characters,
            segments: shown.segments,
            cost_fen: shown.cost.fen(),
        }
    }
}

impl From<Text> for TextOut {
    fn from(text: Text) -> Self {
        Self {
            code: text.key.template.code,
            channel: text.key.channel.as_str(),
            locale: text.key.locale.as_str(),
            subject: text.wording.subject,
            body: text.wording.body,
            version: text.wording.version,
            changed_by: text.changed.map(|(who, _)| who),
            example: text.shown.into(),
        }
    }
}

fn key((code, channel, locale): &Words) -> Result<TextKey, Failure> {
    Ok(TextKey::parse(code, channel, locale)?)
}

#[utoipa::path(get, path = "/api/v1/message-templates", tag = "messages",
    description = "The words of all messages as they count now.",
    responses((status = 200, body = TextsOut)))]
pub(crate) async fn list(ctx: Ctx) -> Result<Json<TextsOut>, Failure> {
    Ok(Json(TextsOut { items: app::texts(&ctx).await?.into_iter().map(TextOut::from).collect() }))
}

#[utoipa::path(get, path = "/api/v1/message-templates/{code}/{channel}/{locale}", tag = "messages",
    params(("code" = String, Path), ("channel" = String, Path), ("locale" = String, Path)),
    responses((status = 200, body = TextOut), (status = 404)))]
pub(crate) async fn show(ctx: Ctx, Path(words): Path<Words>) -> Result<Response, Failure> {
    answer(&ctx, key(&words)?).await
}

#[utoipa::path(patch, path = "/api/v1/message-templates/{code}/{channel}/{locale}", tag = "messages", request_body = DraftIn,
    description = "Makes new words the next version; If-Match names the version that they are based on.",
    params(("code" = String, Path), ("channel" = String, Path), ("locale" = String, Path)),
    responses((status = 200, body = TextOut), (status = 412), (status = 422, description = "A variable that does not exist, or none where one is needed")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(words): Path<Words>,
    IfMatch(version): IfMatch,
    Json(draft): Json<DraftIn>,
) -> Result<Response, Failure> {
    let key = key(&words)?;
    app::change(&ctx, key, version, Draft { subject: draft.subject, body: draft.body }).await?;
    answer(&ctx, key).await
}

#[utoipa::path(post, path = "/api/v1/message-templates/{code}/{channel}/{locale}/preview", tag = "messages", request_body = DraftIn,
    description = "How words would read and what they would cost; nothing is kept.",
    params(("code" = String, Path), ("channel" = String, Path), ("locale" = String, Path)),
    responses((status = 200, body = ShownOut), (status = 422)))]
pub(crate) async fn preview(
    ctx: Ctx,
    Path(words): Path<Words>,
    Json(draft): Json<DraftIn>,
) -> Result<Json<ShownOut>, Failure> {
    let draft = Draft { subject: draft.subject, body: draft.body };
    Ok(Json(app::preview(&ctx, key(&words)?, draft).await?.into()))
}

async fn answer(ctx: &Ctx, key: TextKey) -> Result<Response, Failure> {
    let (text, _) = app::text_of(ctx, key).await?;
    let version = text.wording.version;
    Ok(([web::etag(version)], Json(TextOut::from(text))).into_response())
}
