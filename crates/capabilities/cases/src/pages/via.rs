//! By which of the store's registered channels a request came.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id};
use web::{Choice, Failure, Filled, Form, Lang, View};

use super::stores;
use crate::app::{self, TAKE_IN};
use crate::domain::Channel;

/// The choice of the channel; empty where the store has none of the kind.
#[derive(Template)]
#[template(path = "cases_via.html")]
pub(super) struct Via {
    field: Option<web::Field>,
}

impl askama::filters::HtmlSafe for Via {}

/// The open channels that fit the store and the way in the form; the only one is chosen, several are a choice.
pub(super) async fn of(ctx: &Ctx, lang: &Lang, form: &Filled) -> Result<Via, Fault> {
    let own = stores(ctx, lang, TAKE_IN);
    let store = match (form.value("store").parse().ok(), own.as_slice()) {
        (Some(store), _) => Some(store),
        (None, [only]) => only.value.parse().ok(),
        (None, _) => None,
    };
    let way = Channel::parse(form.value("channel")).unwrap_or(Channel::Counter);
    let Some(store) = store.map(|store: i64| Id::new(store)) else { return Ok(Via { field: None }) };
    // What is out of reach does not exist.
    if !own.iter().any(|choice| choice.value == store.to_string()) {
        return Ok(Via { field: None });
    }
    let doors = app::doors(ctx, store, way).await?;
    let slips = form.is_on("slips");
    let boxes: Vec<_> = doors.iter().filter(|door| door.kind == "suggestion_box").collect();
    let usual = match (doors.as_slice(), boxes.as_slice()) {
        // Paper slips come out of the box.
        (_, [only]) if slips => Some(only.id.to_string()),
        ([only], _) => Some(only.id.to_string()),
        _ => None,
    };
    if doors.is_empty() {
        return Ok(Via { field: None });
    }
    let mut choices = vec![Choice::new("", lang.t("cases-page-via-unknown"))];
    choices.extend(doors.iter().map(|door| Choice::new(door.id.to_string(), door.name.as_str())));
    let chosen = Some(form.value("via").to_owned()).filter(|via| doors.iter().any(|door| door.id.to_string() == *via));
    let chosen = chosen.or(usual).unwrap_or_default();
    let field = web::select(lang, form, "via", "cases-page-via").options(&choices).optional().value(&chosen);
    Ok(Via { field: Some(field.hint("cases-page-via-hint")) })
}

/// `GET /cases/new/via?store=&channel=&via=&slips=`: while the form is filled in.
pub(crate) async fn show(lang: Lang, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default()).into_filled();
    Ok(View(of(&ctx, &lang, &form).await?).into_response())
}
