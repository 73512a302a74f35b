//! Pages of regulator cases.

mod act;
mod detail;
mod input;
mod list;
mod paper;
mod seal;
mod statement;
mod take;

pub(crate) use act::{ask as ask_act, give as give_act};
pub(crate) use detail::show;
pub(crate) use input::{read_act, read_notice};
pub(crate) use list::{export, filter, list};
pub(crate) use paper::{print, show as show_paper};
pub(crate) use seal::{Keeping, REASON, admit, admitted, ask as ask_seal, give as give_seal, keep};
pub use statement::body as statement_body;
pub(crate) use statement::{ask as ask_statement, draft, edit, page as statement};
pub(crate) use take::{create, history, new};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Fault, FaultKind};
use web::{Flash, Form, Page};

/// The page with what was just done (`?done=`) on it.
fn with_done(mut page: Page, query: &Form) -> Page {
    let done = query.raw("done");
    let known =
        ["entered", "passed", "done", "drafted", "edited", "asked", "restricted", "unrestricted", "held", "let-go"];
    if known.contains(&done) {
        page.flash = Some(Flash { text: page.word("complaints-reg-done", done), undo: None });
    }
    page
}

fn go_to(href: &str) -> Response {
    Redirect::to(href).into_response()
}

/// The status of a form that comes back with what was wrong; other faults are pages of their own.
fn status(fault: Fault) -> Result<(StatusCode, Fault), web::Failure> {
    Ok(match fault.kind() {
        FaultKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, fault),
        FaultKind::Stale => (StatusCode::PRECONDITION_FAILED, fault),
        FaultKind::Refused => (StatusCode::CONFLICT, fault),
        _ => return Err(fault.into()),
    })
}
