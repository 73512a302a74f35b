use askama::Template;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{Activation, Secret};
use kernel::FaultKind;
use web::{Failure, Filled, Form, Markup, Page, Settings, View};

use super::login::welcome;
use super::{Caller, without};
use crate::app::people;

#[derive(Template)]
#[template(path = "administration_activate.html")]
struct ActivatePage {
    page: Page,
    form: Filled,
    notice: Markup,
}

/// `GET /activate?login=`: where people set a password with the code that they were given.
pub(crate) async fn show(page: Page, uri: Uri) -> Result<Response, Failure> {
    let query = Form::from_query(uri.query().unwrap_or_default());
    let form = Filled::new().with("login", query.raw("login"));
    Ok(View(ActivatePage { page: page.named("administration-activate-title"), form, notice: Markup::default() })
        .into_response())
}

/// `POST /activate`
pub(crate) async fn set(
    page: Page,
    ctx: Ctx,
    settings: Settings,
    caller: Caller,
    form: Form,
) -> Result<Response, Failure> {
    let asked = Activation {
        login: form.raw("login").to_owned(),
        code: Secret::new(form.raw("code")),
        password: Secret::new(form.raw("password")),
        address: caller.address.clone(),
    };
    let done = match ctx.house.identity.activate(asked).await {
        Ok(activated) => people::activate(&ctx, activated).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(user) => {
            let opened = ctx.house.identity.open_session(user, &caller.address, &caller.agent).await?;
            Ok(welcome(&opened, false, &settings, "/"))
        }
        Err(fault) => {
            let notice = match fault.kind() {
                FaultKind::Invalid => Markup::default(),
                FaultKind::TooMany | FaultKind::Busy => web::notice(&page.lang, &fault),
                _ => return Err(fault.into()),
            };
            let status = StatusCode::from_u16(fault.kind().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let form = without(&form, &["password", "code"]).into_filled_with(&fault);
            let page = page.named("administration-activate-title");
            Ok((status, View(ActivatePage { page, form, notice })).into_response())
        }
    }
}
