use askama::Template;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::Fault;
use web::{Chip, Failure, Form, Lang, View};

use super::shown::{self, ClockShown, Platforms};
use crate::app;

#[derive(Template)]
#[template(path = "platforms_beside.html")]
struct Piece {
    lang: Lang,
    orders: Vec<Shown>,
}

struct Shown {
    href: String,
    about: String,
    number: String,
    state: Chip,
    clocks: Vec<ClockShown>,
}

/// `GET /platform-orders/beside?return=`: the platform's deadlines beside a return; without scripts its list.
pub(crate) async fn show(
    ctx: Ctx,
    lang: Lang,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let of = form.id_or_none::<returns::store::ReturnId>("return").ok_or_else(Fault::not_found)?;
    let all = app::beside(&ctx, of).await?;
    if !headers.contains_key("hx-request") {
        let to = match all.as_slice() {
            [only] => format!("/platform-orders/{}", only.one.id),
            _ => "/platform-orders?show=all".to_owned(),
        };
        return Ok(Redirect::to(&to).into_response());
    }
    let platforms = Platforms::load(&ctx, &lang).await?;
    let orders = all.iter().map(|beside| {
        let platform = platforms.name(&beside.one.platform);
        Shown {
            href: format!("/platform-orders/{}", beside.one.id),
            about: format!("{platform} · {}", lang.word("platforms-kind", beside.one.kind.as_str())),
            number: beside.one.number.clone(),
            state: shown::state(&lang, beside.one.state),
            clocks: beside
                .clocks
                .iter()
                .filter(|row| row.outcome.is_none())
                .map(|row| shown::clock(&lang, &platform, row))
                .collect(),
        }
    });
    Ok(View(Piece { orders: orders.collect(), lang }).into_response())
}
