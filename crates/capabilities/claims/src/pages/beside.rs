use askama::Template;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::Fault;
use web::{Chip, Failure, Form, Lang, View};

use super::shown;
use crate::app::{self, Beside};

#[derive(Template)]
#[template(path = "claims_beside.html")]
struct Piece {
    lang: Lang,
    claims: Vec<(String, String, String, Chip)>,
    may: Vec<(String, String)>,
}

/// `GET /claims/beside?return=|unit=`: the card beside a return or a unit; without scripts its list.
pub(crate) async fn show(
    ctx: Ctx,
    lang: Lang,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let of = form.id_or_none::<returns::store::ReturnId>("return");
    let unit = form.id_or_none::<kernel::of::SerialUnit>("unit");
    let Beside { claims, lines, repairs } = match (of, unit) {
        (Some(of), _) => app::beside_return(&ctx, of).await?,
        (None, Some(unit)) => app::beside_unit(&ctx, unit).await?,
        (None, None) => return Err(Fault::not_found().into()),
    };
    if !headers.contains_key("hx-request") {
        // The list shows the same; a single claim opens.
        let to = match claims.as_slice() {
            [only] => format!("/claims/{}", only.id),
            _ => "/claims?show=all".to_owned(),
        };
        return Ok(Redirect::to(&to).into_response());
    }
    let mut may: Vec<(String, String)> = Vec::new();
    if let Some(of) = of {
        may.extend(lines.iter().map(|line| {
            let text = lang.t1("claims-open-line", "goods", line.name.clone());
            (format!("/claims/new?return={of}&line={}", line.seq), text)
        }));
    }
    may.extend(repairs.iter().map(|repair| {
        let text = lang.t1("claims-open-repair", "day", lang.day(repair.draft.began));
        (format!("/claims/new?repair={}", repair.id), text)
    }));
    let claims = claims.iter().map(|one| {
        let about = format!("{} · {}", one.maker, lang.money(one.claimed));
        (format!("/claims/{}", one.id), one.number.clone(), about, shown::state(&lang, one.state))
    });
    Ok(View(Piece { claims: claims.collect(), may, lang }).into_response())
}
