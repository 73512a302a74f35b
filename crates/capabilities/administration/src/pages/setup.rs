use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{Founding, Secret};
use kernel::FaultKind;
use web::{Failure, Filled, Form, Markup, Page, Settings, View};

use super::login::welcome;
use super::{Caller, go_to, without};
use crate::app::first_run;

#[derive(Template)]
#[template(path = "administration_setup.html")]
struct SetupPage {
    page: Page,
    form: Filled,
    notice: Markup,
}

/// `GET /setup`, only while nobody exists.
pub(crate) async fn show(page: Page, ctx: Ctx) -> Result<Response, Failure> {
    if !ctx.house.identity.needs_setup().await? {
        return Ok(go_to("/login"));
    }
    let page = page.named("administration-setup-title");
    Ok(View(SetupPage { page, form: Filled::new(), notice: Markup::default() }).into_response())
}

/// `POST /setup`
pub(crate) async fn found(
    page: Page,
    ctx: Ctx,
    settings: Settings,
    caller: Caller,
    form: Form,
) -> Result<Response, Failure> {
    let founding = Founding {
        code: form.raw("code").to_owned(),
        company: form.raw("company").to_owned(),
        store: form.raw("store").to_owned(),
        login: form.raw("login").to_owned(),
        name: form.raw("name").to_owned(),
        password: Secret::new(form.raw("password")),
        locale: ctx.locale.as_str().to_owned(),
    };
    match first_run::found(&ctx, founding, &caller.address, &caller.agent).await {
        Ok(opened) => Ok(welcome(&opened, false, &settings, "/setup/guide")),
        Err(fault) => {
            let notice = match fault.kind() {
                FaultKind::Invalid => Markup::default(),
                FaultKind::TooMany | FaultKind::Busy => web::notice(&page.lang, &fault),
                _ => return Err(fault.into()),
            };
            let status = StatusCode::from_u16(fault.kind().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let form = without(&form, &["password"]).into_filled_with(&fault);
            let page = page.named("administration-setup-title");
            Ok((status, View(SetupPage { page, form, notice })).into_response())
        }
    }
}
