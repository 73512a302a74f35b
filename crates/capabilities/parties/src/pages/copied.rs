use capability::Ctx;
use kernel::{Fault, Place};
use web::{Failure, Form};

use super::frame::home;
use crate::app;

/// Longest address that is noted.
const LONGEST: usize = 300;

/// `POST /copied`: keeps a trace of a table that is copied to a spreadsheet: which list, as it was filtered, how many rows.
pub(crate) async fn keep(ctx: Ctx, mut form: Form) -> Result<axum::http::StatusCode, Failure> {
    let list = form.text("list", 40);
    let rows = form.number("rows", 0..=10_000);
    let path = form.text_or_empty("path", LONGEST);
    form.check()?;
    let rows = form.need(rows)?;
    let directory = ctx.house.identity.directories().now();
    let store = home(&ctx).or(ctx.actor.home).or_else(|| directory.company().map(|unit| unit.id));
    let place = Place { store: store.ok_or_else(Fault::not_found)?, team: None, owner: None };
    app::copied(&ctx, place, list, rows, path).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
