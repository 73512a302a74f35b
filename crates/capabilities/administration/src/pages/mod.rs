//! Pages. Each handler reads the request, calls a use case and shows the same page again when fields cannot be taken.

pub(crate) mod activate;
mod browser;
pub(crate) mod calendars;
pub(crate) mod deadlines;
pub(crate) mod guide;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod login;
pub(crate) mod me;
pub(crate) mod people;
pub(crate) mod roles;
pub(crate) mod sees;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod switch;
pub(crate) mod units;

use axum::extract::FromRequestParts;
use axum::http::header::{HeaderValue, LOCATION, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use identity::{Directory, Unit};
use kernel::{Fault, FaultKind, Id, of};
use web::{Choice, Failure, Filled, Flash, Form, Page};

/// Where a request comes from, for the list of sessions and for slowing down guesses.
pub(crate) struct Caller {
    pub address: String,
    pub agent: String,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let network = parts.extensions.get::<web::ClientNetwork>().map(|network| network.0.to_string());
        let address = network.filter(|network| !network.is_empty());
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Self { address: address.unwrap_or_else(|| "local".to_owned()), agent })
    }
}

/// "Done; go there."
pub(crate) fn go_to(path: &str) -> Response {
    let target = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response()
}

/// A use case's refusal: shown in the form when it is about fields, else as a page of its own.
pub(crate) fn refilled(form: Form, fault: Fault) -> Result<Filled, Failure> {
    if fault.kind() == FaultKind::Invalid { Ok(form.into_filled_with(&fault)) } else { Err(fault.into()) }
}

/// The same form without the fields `secret`, so that no password comes back in a page.
pub(crate) fn without(form: &Form, secret: &[&str]) -> Form {
    Form::from_pairs(form.pairs().iter().filter(|(name, _)| !secret.contains(&name.as_str())).cloned())
}

/// `answer` with the status of a form that could not be taken.
pub(crate) fn unprocessable(answer: impl IntoResponse) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
}

/// The page with what the last action did, named by `?done=` in the address: only the words in `known`.
pub(crate) fn with_done(mut page: Page, uri: &Uri, known: &[&str]) -> Page {
    let query = Form::from_query(uri.query().unwrap_or_default());
    let done = known.iter().find(|word| **word == query.raw("done"));
    page.flash = done.map(|word| Flash { text: page.lang.t(&format!("administration-done-{word}")), undo: None });
    page
}

/// A unit in a list, deeper ones further in.
pub(crate) struct UnitRow<'a> {
    pub unit: &'a Unit,
    pub depth: usize,
}

/// All units from the company down, siblings in the order of their codes.
pub(crate) fn in_tree_order(directory: &Directory) -> Vec<UnitRow<'_>> {
    let mut rows: Vec<(Vec<&str>, UnitRow<'_>)> = directory
        .tree()
        .units()
        .map(|unit| {
            let codes = unit.path.iter().filter_map(|id| directory.unit(*id)).map(|step| step.code.as_str()).collect();
            (codes, UnitRow { unit, depth: unit.path.len().saturating_sub(1) })
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The units that `wanted` lets through as choices, deeper ones further in.
pub(crate) fn unit_choices(page: &Page, directory: &Directory, wanted: impl Fn(&Unit) -> bool) -> Vec<Choice> {
    let rows = in_tree_order(directory).into_iter().filter(|row| wanted(row.unit));
    rows.map(|row| {
        let name = row.unit.name_in(page.lang.locale.as_str());
        Choice::new(row.unit.id.to_string(), format!("{}{name} · {}", "\u{3000}".repeat(row.depth), row.unit.code))
    })
    .collect()
}

/// A unit's name in the page's language.
pub(crate) fn unit_name(page: &Page, directory: &Directory, id: Id<of::Unit>) -> String {
    directory.unit(id).map(|unit| unit.name_in(page.lang.locale.as_str()).to_owned()).unwrap_or_default()
}
