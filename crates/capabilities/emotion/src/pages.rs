//! Pages about upset customers.

pub(crate) mod care;
pub(crate) mod case;
pub(crate) mod rules;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Id, of};

fn unprocessable(page: impl IntoResponse) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

fn name(ctx: &Ctx, user: Option<Id<of::User>>) -> String {
    let directory = ctx.house.identity.directories().now();
    user.and_then(|user| directory.user_name(user)).unwrap_or_default().to_owned()
}
