//! Pages of reviews.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FaultKind, Id, Money, Ratio, of};
use metrics::Unit;
use web::{Chip, Choice, Failure, Filled, Form, Lang, Markup, Page, PrintPage, View};

use super::app::{self, Detail};
use super::domain::Figure;
use super::store::{Decision, Review};

/// Most people to choose from.
const PEOPLE: usize = 300;
/// Longest text.
const TEXT: usize = 400;

fn title(lang: &Lang, one: &Review) -> String {
    let period = lang.word("returns-review-period", one.period.as_str());
    format!("{period} {} – {}", lang.day(one.from), lang.day(one.to))
}

fn chip(lang: &Lang, one: &Review) -> Chip {
    match one.signed_at {
        Some(_) => web::chip("ok", "circle-check", lang.t("returns-review-signed")),
        None => web::chip("soon", "hourglass", lang.t("returns-review-open")),
    }
}

/// A number in the unit of its metric.
fn number(ctx: &Ctx, lang: &Lang, id: &str, n: Option<i64>) -> String {
    let Some(n) = n else { return "–".to_owned() };
    match ctx.house.metrics.iter().find(|metric| metric.id == id).map(|metric| metric.unit) {
        Some(Unit::Money) => lang.money(Money::from_fen(n)),
        Some(Unit::Ratio) => lang.percent(Ratio::from_basis_points(n)),
        Some(Unit::Minutes | Unit::WorkingMinutes) => lang.span(n.saturating_mul(60_000)),
        _ => n.to_string(),
    }
}

struct Did {
    id: String,
    body: String,
    about: String,
    late: bool,
    done: Option<String>,
    may: bool,
}

fn did(ctx: &Ctx, lang: &Lang, one: &Decision, may_sign: bool) -> Did {
    let directory = ctx.house.identity.directories().now();
    let who = directory.user_name(one.owner).unwrap_or_default();
    let today = lang.now.day(&lang.zone);
    Did {
        id: one.id.to_string(),
        body: one.body.clone(),
        about: format!("{who} · {}", lang.day(one.due)),
        late: one.done_on.is_none() && one.due < today,
        done: one.done_on.map(|day| format!("{} {}", lang.day(day), one.done_note.clone().unwrap_or_default())),
        may: one.done_on.is_none() && (may_sign || ctx.actor.user == Some(one.owner)),
    }
}

#[derive(Template)]
#[template(path = "returns_reviews.html")]
struct ListPage {
    page: Page,
    rows: Vec<(String, String, String, Chip)>,
    alarms: Vec<(String, String, String)>,
    open: Vec<(String, Did)>,
    next: Option<String>,
    first: Option<String>,
}

/// `GET /returns/reviews?after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = form.raw("after").parse::<Cursor>().ok();
    let all = app::overview(&ctx, after).await?;
    let lang = page.lang.clone();
    let rows = all.rows.iter().map(|one| {
        let made = lang.t1("returns-review-made", "at", lang.at(one.made_at));
        (format!("/returns/reviews/{}", one.id), title(&lang, one), made, chip(&lang, one))
    });
    let alarms = all.alarms.iter().map(|(alarm, product)| {
        let name = product.as_ref().map_or_else(|| alarm.product.clone(), |product| product.draft.name.clone());
        let href = product.as_ref().map(|product| format!("/products/{}", product.id)).unwrap_or_default();
        (href, name, app::why(&lang, alarm))
    });
    let open = all.decisions.iter().map(|one| (format!("/returns/reviews/{}", one.of), did(&ctx, &lang, one, false)));
    Ok(View(ListPage {
        rows: rows.collect(),
        alarms: alarms.collect(),
        open: open.collect(),
        next: all.next.map(|cursor| format!("/returns/reviews?after={cursor}")),
        first: after.map(|_| "/returns/reviews".to_owned()),
        page: page.named("returns-reviews"),
    }))
}

struct Told {
    figures: Vec<(String, String, String)>,
    products: Vec<(String, String, String, String)>,
    causes: Vec<(String, i64)>,
    open: i64,
    decisions: Vec<Did>,
    before: Vec<Did>,
    signed: Option<String>,
}

fn told(ctx: &Ctx, lang: &Lang, detail: &Detail) -> Result<Told, Fault> {
    let one = &detail.one;
    let book = parties::verdict::rulebook()?;
    let directory = ctx.house.identity.directories().now();
    let row = |figure: &Figure| {
        let name = lang.t(&format!("metric-{}", figure.id));
        (name, number(ctx, lang, &figure.id, figure.now), number(ctx, lang, &figure.id, figure.before))
    };
    Ok(Told {
        figures: one.pack.figures.iter().map(row).collect(),
        products: one
            .pack
            .products
            .iter()
            .map(|product| {
                let rate =
                    Ratio::of(product.returned, product.sold).map_or_else(|| "–".to_owned(), |rate| lang.percent(rate));
                (
                    format!("{} {}", product.name, product.code),
                    product.returned.to_string(),
                    product.sold.to_string(),
                    rate,
                )
            })
            .collect(),
        causes: one
            .pack
            .causes
            .iter()
            .map(|(word, n)| (parties::verdict::words::value(lang, book, remedies::FactName::Cause, word), *n))
            .collect(),
        open: one.pack.open,
        decisions: detail.decisions.iter().map(|row| did(ctx, lang, row, detail.may_sign)).collect(),
        before: detail.open.iter().map(|row| did(ctx, lang, row, detail.may_sign)).collect(),
        signed: one.signed_at.map(|at| {
            let who = one.signed_by.and_then(|user| directory.user_name(user)).unwrap_or_default();
            format!("{who} {} · {}", lang.at(at), one.note.clone().unwrap_or_default())
        }),
    })
}

#[derive(Template)]
#[template(path = "returns_review.html")]
struct ReviewPage {
    page: Page,
    id: i64,
    version: i64,
    chip: Chip,
    made: String,
    told: Told,
    form: Filled,
    people: Vec<Choice>,
    may_sign: bool,
    refusal: Option<Markup>,
}

fn render(page: Page, ctx: &Ctx, detail: &Detail, form: Filled, refusal: Option<Markup>) -> Result<ReviewPage, Fault> {
    let lang = page.lang.clone();
    let directory = ctx.house.identity.directories().now();
    let people = directory.users().filter(|user| user.active).take(PEOPLE).map(|user| {
        let home = directory.unit(user.home).map(|unit| unit.name_in(lang.locale.as_str())).unwrap_or_default();
        Choice::new(user.id.to_string(), format!("{} · {home}", user.name))
    });
    Ok(ReviewPage {
        id: detail.one.id.get(),
        version: detail.one.version,
        chip: chip(&lang, &detail.one),
        made: lang.t1("returns-review-made", "at", lang.at(detail.one.made_at)),
        told: told(ctx, &lang, detail)?,
        people: people.collect(),
        may_sign: detail.may_sign && detail.one.signed_at.is_none(),
        refusal,
        form,
        page: page.titled(title(&lang, &detail.one)),
    })
}

/// `GET /returns/reviews/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let due = page.lang.now.day(&page.lang.zone).plus(7);
    let form = Filled::new().with("due", due.to_string());
    Ok(View(render(page, &ctx, &detail, form, None)?))
}

async fn again(page: Page, ctx: &Ctx, id: i64, form: Form, done: Result<(), Fault>) -> Result<Response, Failure> {
    let Err(fault) = done else { return Ok(Redirect::to(&format!("/returns/reviews/{id}")).into_response()) };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let detail = app::detail(ctx, Id::new(id)).await?;
    let refusal = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    Ok((status, View(render(page, ctx, &detail, form.into_filled_with(&fault), refusal)?)).into_response())
}

/// `POST /returns/reviews/{id}/decisions`
pub(crate) async fn decide(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let (body, owner, due) = (form.text("body", TEXT), form.id::<of::User>("owner"), form.day("due"));
    let done = match form.check() {
        Err(fault) => Err(fault),
        Ok(()) => app::decide(&ctx, Id::new(id), &body, form.need(owner)?, form.need(due)?).await,
    };
    again(page, &ctx, id, form, done).await
}

/// `POST /returns/reviews/{id}/done`
pub(crate) async fn done(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let (decision, note) = (form.id::<super::store::DecisionId>("decision"), form.text("note", TEXT));
    let done = match form.check() {
        Err(fault) => Err(fault),
        Ok(()) => app::done(&ctx, form.need(decision)?, &note).await.map(|_| ()),
    };
    again(page, &ctx, id, form, done).await
}

/// `POST /returns/reviews/{id}/sign`
pub(crate) async fn sign(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let note = form.text("note", TEXT);
    let done = match form.check() {
        Err(fault) => Err(fault),
        Ok(()) => app::sign(&ctx, Id::new(id), version, &note).await,
    };
    again(page, &ctx, id, form, done).await
}

#[derive(Template)]
#[template(path = "returns_review_print.html")]
struct PrintedPage {
    page: PrintPage,
    title: String,
    made: String,
    told: Told,
}

/// `GET /returns/reviews/{id}/print`
pub(crate) async fn print(ctx: Ctx, lang: Lang, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    Ok(View(PrintedPage {
        title: title(&lang, &detail.one),
        made: lang.t1("returns-review-made", "at", lang.at(detail.one.made_at)),
        told: told(&ctx, &lang, &detail)?,
        page: PrintPage::new(lang.clone(), "returns-review-paper", &format!("/returns/reviews/{id}")),
    }))
}
