use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{FaultKind, Id};
use messaging::MessageRow;
use web::{Failure, Filled, Form, Page, View};

use super::{chip, go_to, record_href, unprocessable, with_done};
use crate::app;
use crate::permissions::RESEND;

#[derive(Template)]
#[template(path = "outbox_message.html")]
struct MessagePage {
    page: Page,
    chip: web::Chip,
    message: MessageRow,
    store: String,
    href: Option<String>,
    error: Option<String>,
    may_resend: bool,
    form: Filled,
}

impl MessagePage {
    /// True when it was kept back for the morning.
    fn waits(&self) -> bool {
        self.message.send_at > self.message.created_at
    }
}

async fn shown(page: Page, ctx: &Ctx, id: i64, form: Filled) -> Result<View<MessagePage>, Failure> {
    let message = app::find(ctx, Id::new(id)).await?;
    let page = page.named("messaging-message-title");
    let directory = ctx.house.identity.directories().now();
    let unit = message.store.and_then(|store| directory.unit(store));
    Ok(View(MessagePage {
        chip: chip(&page.lang, &message),
        store: unit.map(|unit| unit.name_in(ctx.locale.as_str()).to_owned()).unwrap_or_default(),
        href: record_href(ctx, &message),
        error: message.error.as_deref().map(|error| page.lang.word("messaging-error", error)),
        may_resend: message.resendable() && ctx.actor.holds(RESEND),
        message,
        form,
        page,
    }))
}

/// `GET /outbox/{id}`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let page = with_done(page, &Form::from_query(&query.unwrap_or_default()), &["resent", "trial"]);
    shown(page, &ctx, id, Filled::new()).await
}

/// `POST /outbox/{id}/resend`
pub(crate) async fn resend(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let to = form.text_or_none("to", 200);
    match app::resend(&ctx, Id::new(id), to).await {
        Ok(()) => Ok(go_to(&format!("/outbox/{id}?done=resent"))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(shown(page, &ctx, id, form.into_filled_with(&fault)).await?))
        }
        Err(fault) => Err(fault.into()),
    }
}
