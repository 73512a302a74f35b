use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{FaultKind, Id};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, View};

use crate::app::{self, Let, TEXT};

/// Rows per page.
const ROWS: i64 = 100;

#[derive(Template)]
#[template(path = "audits_access.html")]
struct AccessPage {
    page: Page,
    form: Filled,
    back: String,
    number: String,
    locales: Vec<Choice>,
    given: Option<(String, String, String)>,
}

fn locales(lang: &Lang) -> Vec<Choice> {
    ["zh-CN", "en"].into_iter().map(|one| Choice::new(one, lang.t(&format!("identity-locale-{one}")))).collect()
}

/// `GET /audits/{id}/access`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let audit = app::whole(&ctx, Id::new(id)).await?.audit;
    let form = Filled::new()
        .with("name", audit.lead_name.clone().unwrap_or_default())
        .with("from_on", audit.from_on.max(page.lang.now.day(&page.lang.zone)).to_string())
        .with("until_on", audit.until_on.plus(30).to_string())
        .with("locale", page.lang.locale.as_str());
    Ok(View(AccessPage {
        locales: locales(&page.lang),
        back: format!("/audits/{id}"),
        number: audit.number,
        page: page.named("audits-access-give"),
        form,
        given: None,
    }))
}

/// `POST /audits/{id}/access`: shows the code, once.
pub(crate) async fn give(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let audit = app::whole(&ctx, Id::new(id)).await?.audit;
    let wanted = Let {
        name: form.text("name", 60),
        login: form.text("login", 40),
        email: form.text_or_none("email", 200),
        from_on: form.day("from_on"),
        until_on: form.day("until_on"),
        locale: form.raw("locale").to_owned(),
    };
    let done = match form.check() {
        Ok(()) => app::give(&ctx, Id::new(id), wanted).await,
        Err(fault) => Err(fault),
    };
    let (status, filled, given) = match done {
        Ok(given) => {
            let path = format!("/activate?login={}", given.login);
            let address = ctx.house.public_url.as_deref().map_or("", |url| url.trim_end_matches('/'));
            let given = (given.login, given.code.reveal().to_owned(), format!("{address}{path}"));
            (StatusCode::OK, Filled::new(), Some(given))
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            (StatusCode::UNPROCESSABLE_ENTITY, form.into_filled_with(&fault), None)
        }
        Err(fault) => return Err(fault.into()),
    };
    let shown = AccessPage {
        locales: locales(&page.lang),
        back: format!("/audits/{id}"),
        number: audit.number,
        page: page.named("audits-access-give"),
        form: filled,
        given,
    };
    Ok((status, View(shown)).into_response())
}

/// `POST /audits/{id}/access/{user}/withdraw`
pub(crate) async fn withdraw(
    ctx: Ctx,
    Path((id, user)): Path<(i64, i64)>,
    mut form: Form,
) -> Result<Response, Failure> {
    let why = form.text("why", TEXT);
    form.check()?;
    app::withdraw(&ctx, Id::new(id), Id::new(user), &why).await?;
    Ok(Redirect::to(&format!("/audits/{id}")).into_response())
}

struct Row {
    at: String,
    what: String,
    path: String,
    chip: Chip,
}

#[derive(Template)]
#[template(path = "audits_visits.html")]
struct VisitsPage {
    page: Page,
    back: String,
    number: String,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

/// What a path is, in words.
fn what(lang: &Lang, method: &str, path: &str) -> String {
    let plain = path.split('?').next().unwrap_or(path);
    let parts: Vec<&str> = plain.split('/').filter(|part| !part.is_empty()).collect();
    let key = match (method, parts.as_slice()) {
        ("GET", ["assessing"] | []) => "home",
        ("GET", ["audits", _]) => "audit",
        ("GET", ["audits", _, "sample" | "sample.csv"]) => "sample",
        ("GET", ["audits", _, "cases", _]) => "case",
        ("GET", ["audits", _, "findings", "new"]) => "finding-new",
        ("POST", ["audits", _, "findings"]) => "finding-written",
        ("GET", ["findings"]) => "findings",
        ("GET", ["findings", ..]) => "finding",
        ("POST", ["findings", _, "judge"]) => "judged",
        ("GET", ["score", "items", _]) => "score-item",
        ("GET", ["score", ..]) => "score",
        ("GET", ["files", ..]) => "file",
        ("GET", _) => "page",
        _ => "sent",
    };
    lang.t(&format!("audits-visit-{key}"))
}

/// `GET /audits/{id}/visits/{user}?before=`
pub(crate) async fn visits(
    page: Page,
    ctx: Ctx,
    Path((id, user)): Path<(i64, i64)>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let before = form.number_or_none("before", 1..=i64::MAX);
    let (audit, who, rows, next) = app::visits(&ctx, Id::new(id), Id::new(user), before, ROWS).await?;
    let lang = page.lang.clone();
    let own = format!("/audits/{id}/visits/{user}");
    let rows = rows.into_iter().map(|visit| {
        let (tone, icon, word) = match visit.status {
            200..=299 => ("ok", "eye", "seen"),
            300..=399 => ("", "arrow-forward-up", "led-on"),
            _ => ("late", "lock", "refused"),
        };
        Row {
            at: lang.at(visit.at),
            what: what(&lang, &visit.method, &visit.path),
            chip: web::chip(tone, icon, lang.word("audits-visit", word)),
            path: if visit.method == "GET" { visit.path } else { format!("{} {}", visit.method, visit.path) },
        }
    });
    Ok(View(VisitsPage {
        back: format!("/audits/{id}"),
        number: audit.number,
        rows: rows.collect(),
        next: next.map(|id| format!("{own}?before={id}")),
        first: before.map(|_| own),
        page: page.titled(lang.t1("audits-visits-of", "name", who.name)),
    }))
}
