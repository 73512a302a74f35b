//! Pages.

pub(crate) mod list;
pub(crate) mod message;
pub(crate) mod settings;
pub(crate) mod texts;

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use messaging::{MessageRow, MessageState};
use web::{Chip, Flash, Form, Lang, Page};

/// "Done; go there."
fn go_to(path: &str) -> Response {
    let target = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/outbox"));
    (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response()
}

/// `answer` with the status of a form that could not be taken.
fn unprocessable(answer: impl IntoResponse) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
}

/// The page with what the last action did, named by `?done=`: only the words in `known`.
fn with_done(mut page: Page, query: &Form, known: &[&str]) -> Page {
    let done = known.iter().find(|word| **word == query.raw("done"));
    page.flash = done.map(|word| Flash { text: page.lang.t(&format!("messaging-done-{word}")), undo: None });
    page
}

/// Where a message stands, with icon and tone.
fn chip(lang: &Lang, message: &MessageRow) -> Chip {
    let (tone, icon) = match message.state {
        MessageState::Queued => ("", "clock"),
        MessageState::Sending => ("info", "send"),
        MessageState::Sent => ("ok", "circle-check"),
        MessageState::Failed => ("late", "alert-triangle"),
        MessageState::Suppressed => ("", "ban"),
        MessageState::Unknown => ("soon", "help-circle"),
    };
    let word = if message.delivered() {
        lang.t("messaging-state-delivered")
    } else {
        lang.word("messaging-state", message.state.as_str())
    };
    web::chip(tone, icon, word)
}

/// Where the record of a message is shown, to somebody who sees cases.
fn record_href(ctx: &Ctx, message: &MessageRow) -> Option<String> {
    (message.record.0 == cases::app::RECORD && ctx.actor.holds(cases::app::VIEW))
        .then(|| format!("/cases/{}", message.record.1))
}
