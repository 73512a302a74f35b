//! Pages of the register.

pub(crate) mod calls;
pub(crate) mod detail;
mod edit;
mod list;
pub(crate) mod public;
mod shown;

pub(crate) use detail::{show, test};
pub(crate) use edit::{change, create, edit, new, read};
pub(crate) use list::{filter, list};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::Permission;
use web::{Choice, Lang};

/// The stores in which the actor may do `permission`, to choose from.
fn stores(ctx: &Ctx, lang: &Lang, permission: Permission) -> Vec<Choice> {
    let reach = ctx.reach(permission);
    let directory = ctx.house.identity.directories().now();
    directory
        .stores()
        .filter(|store| store.active && (reach.company || reach.stores.contains(&store.id)))
        .map(|store| Choice::new(store.id.to_string(), store.name_in(lang.locale.as_str())))
        .collect()
}

fn go_to(href: &str) -> Response {
    Redirect::to(href).into_response()
}

fn unprocessable(page: impl IntoResponse) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}
