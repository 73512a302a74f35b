use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, Sent};

use crate::app;

/// Which text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TextIn {
    /// received, promise, plan, reply or resolved.
    text: String,
    /// What staff say in a `reply`.
    #[serde(default)]
    words: String,
}

/// A text for WeChat.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TextOut {
    /// Holds the customer's link, which is answered only now.
    said: String,
}

/// A text that was copied.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CopiedIn {
    /// received, promise, plan, reply, resolved or survey.
    what: String,
    said: String,
}

/// The language for a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LanguageIn {
    /// `zh-CN` or `en`.
    language: String,
}

fn read_id(text: &str) -> Result<Id<of::Case>, Fault> {
    text.parse().map_err(|_wrong| Fault::not_found())
}

/// Makes a text for the customer with a link of its own, to be copied. Say so at `/copied` when it was.
#[utoipa::path(post, path = "/api/v1/cases/{id}/texts", tag = "cases", request_body = TextIn,
    responses((status = 200, body = TextOut), (status = 403), (status = 404, description = "Unknown or out of reach"),
        (status = 409, description = "There is nothing to decide or promised"), (status = 422, description = "No such text")))]
pub(super) async fn make(ctx: Ctx, Path(id): Path<String>, Sent(sent): Sent<TextIn>) -> Result<Response, Failure> {
    if sent.text == "reply" && sent.words.trim().is_empty() {
        return Err(Fault::field("words", "required").into());
    }
    let said = app::text_for_wechat(&ctx, read_id(&id)?, &sent.text, &sent.words).await?.text;
    let private = (axum::http::header::CACHE_CONTROL, "no-store");
    Ok(([private], Json(TextOut { said })).into_response())
}

/// Notes that the caller copied a text for the customer. Links in it are not kept.
#[utoipa::path(post, path = "/api/v1/cases/{id}/copied", tag = "cases", request_body = CopiedIn,
    responses((status = 204, description = "Noted"), (status = 403), (status = 404, description = "Unknown or out of reach"),
        (status = 422, description = "No such text")))]
pub(super) async fn copied(
    ctx: Ctx,
    Path(id): Path<String>,
    Sent(sent): Sent<CopiedIn>,
) -> Result<StatusCode, Failure> {
    app::text_copied(&ctx, read_id(&id)?, &sent.what, &sent.said).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says in which language the customer is written to.
#[utoipa::path(post, path = "/api/v1/cases/{id}/language", tag = "cases", request_body = LanguageIn,
    responses((status = 204, description = "Kept"), (status = 403), (status = 404, description = "Unknown, out of reach, or an unnamed customer"),
        (status = 422, description = "No such language")))]
pub(super) async fn speak(
    ctx: Ctx,
    Path(id): Path<String>,
    Sent(sent): Sent<LanguageIn>,
) -> Result<StatusCode, Failure> {
    let locale = web::Locale::ALL.into_iter().find(|known| known.as_str() == sent.language);
    app::speak(&ctx, read_id(&id)?, locale.ok_or_else(|| Fault::field("language", "choose"))?).await?;
    Ok(StatusCode::NO_CONTENT)
}
