use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use futures_util::stream;
use kernel::{Day, FaultKind, Id};
use web::{Failure, Filled, Form, Page, Tab, View};

use super::shown;
use crate::app::{self, Again, Asked};
use crate::store::{Drawn, SampledCase};

/// The digits of a digest that a table shows.
const SHORT: usize = 12;

#[derive(Template)]
#[template(path = "audits_draw.html")]
struct DrawPage {
    page: Page,
    form: Filled,
    back: String,
    number: String,
}

/// The smallest whole number whose square is at least `n`.
fn root(n: usize) -> usize {
    (0..=n).find(|one| one * one >= n).unwrap_or(n)
}

/// `GET /audits/{id}/draw`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let whole = app::whole(&ctx, Id::new(id)).await?;
    let zone = &page.lang.zone;
    let today: Day = page.lang.now.day(zone);
    let directory = ctx.house.identity.directories().now();
    let within = |unit: &&identity::Unit| {
        unit.active && (whole.units.is_empty() || whole.units.iter().any(|one| unit.path.contains(one)))
    };
    let stores = directory.stores().filter(within).count();
    let form = Filled::new()
        .with("from_on", today.plus_months(-12).to_string())
        .with("until_on", today.plus(-1).to_string())
        .with("stores", root(stores).max(1).to_string())
        .with("cases", "5")
        .with("complaints", "2")
        // Any number will do; it is shown, so nobody picks a convenient one unseen.
        .with("seed", today.to_string().replace('-', ""));
    Ok(View(DrawPage {
        back: format!("/audits/{id}"),
        number: whole.audit.number,
        page: page.named("audits-draw"),
        form,
    }))
}

/// A sample to draw as a form or a program sends it.
pub(crate) fn read(form: &mut Form) -> Asked {
    Asked {
        from_on: form.day("from_on"),
        until_on: form.day("until_on"),
        stores: form.number("stores", 1..=200).unwrap_or_default(),
        cases: form.number("cases", 0..=50).unwrap_or_default(),
        complaints: form.number("complaints", 0..=50).unwrap_or_default(),
        seed: form.number("seed", 0..=999_999_999_999).unwrap_or_default(),
    }
}

/// `POST /audits/{id}/draw`
pub(crate) async fn draw(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let asked = read(&mut form);
    let done = match form.check() {
        Ok(()) => app::draw(&ctx, Id::new(id), asked).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/audits/{id}/sample")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let number = app::whole(&ctx, Id::new(id)).await?.audit.number;
            let form = form.into_filled_with(&fault);
            let back = format!("/audits/{id}");
            let page = DrawPage { page: page.named("audits-draw"), form, back, number };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) struct CaseRow {
    pub href: String,
    pub number: String,
    pub kind: String,
    pub rank: String,
}

pub(super) struct StoreRow {
    pub name: String,
    pub code: String,
    pub region: String,
    pub rank: String,
    pub cases: Vec<CaseRow>,
}

pub(super) fn rows(
    ctx: &Ctx,
    page: &Page,
    audit: &str,
    stores: &[crate::store::SampledStore],
    cases: &[SampledCase],
) -> Vec<StoreRow> {
    let lang = &page.lang;
    let short = |rank: &str| rank.chars().take(SHORT).collect();
    stores
        .iter()
        .map(|store| StoreRow {
            name: shown::unit_name(ctx, lang, store.unit),
            code: store.code.clone(),
            region: store.region.clone(),
            rank: short(&store.rank),
            cases: cases
                .iter()
                .filter(|case| case.unit == store.unit)
                .map(|case| CaseRow {
                    href: format!("/audits/{audit}/cases/{}", case.case),
                    number: case.number.clone(),
                    kind: lang.word("audits-item", &case.kind),
                    rank: short(&case.rank),
                })
                .collect(),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "audits_sample.html")]
struct SamplePage {
    page: Page,
    back: String,
    number: String,
    tabs: Vec<Tab>,
    facts: Vec<(String, String)>,
    digest: String,
    seed: i64,
    stores: Vec<StoreRow>,
    again: Option<Again>,
    again_href: String,
    csv: String,
    may_draw: bool,
}

fn seq(form: &mut Form) -> Option<i64> {
    form.number_or_none("draw", 1..=1_000_000)
}

/// `GET /audits/{id}/sample?draw=&again=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let seq = seq(&mut form);
    let whole = app::whole(&ctx, Id::new(id)).await?;
    if whole.draw.is_none() {
        let to = if whole.part.keeps { format!("/audits/{id}/draw") } else { format!("/audits/{id}") };
        return Ok(Redirect::to(&to).into_response());
    }
    let (audit, all, drawn) = app::drawn(&ctx, Id::new(id), seq).await?;
    let again = match form.flag("again") {
        true => Some(app::again(&ctx, &drawn).await?),
        false => None,
    };
    let lang = page.lang.clone();
    let Drawn { draw, stores, cases } = &drawn;
    let population = |kind: &str| draw.population.lines().filter(|line| line.starts_with(kind)).count();
    let counted = lang.t3(
        "audits-population-n",
        "stores",
        population("store\t"),
        "cases",
        population("case\t"),
        "complaints",
        population("complaint\t"),
    );
    let size = lang.t3("audits-size-n", "stores", draw.stores, "cases", draw.cases, "complaints", draw.complaints);
    let who = shown::user_name(&ctx, draw.drawn_by);
    let days = lang.t2("audits-days", "from", lang.day(draw.from_on), "until", lang.day(draw.until_on));
    let facts = [
        ("audits-seed", draw.seed.to_string()),
        ("audits-period-of", days),
        ("audits-size", size),
        ("audits-population", counted),
        ("audits-drawn-by", format!("{who} {}", lang.at(draw.drawn_at))),
    ];
    let own = format!("/audits/{id}/sample?draw={}", draw.seq);
    let tabs = all.iter().map(|one| {
        let text = lang.t1("audits-draw-n", "n", one.seq);
        Tab::new(text, format!("/audits/{id}/sample?draw={}", one.seq)).current(one.seq == draw.seq)
    });
    Ok(View(SamplePage {
        back: format!("/audits/{id}"),
        number: audit.number.clone(),
        tabs: tabs.collect(),
        facts: facts.into_iter().map(|(key, text)| (lang.t(key), text)).collect(),
        digest: draw.digest.clone(),
        seed: draw.seed,
        stores: rows(&ctx, &page, &id.to_string(), stores, cases),
        again,
        again_href: format!("{own}&again=on"),
        csv: format!("/audits/{id}/sample.csv?draw={}", draw.seq),
        may_draw: whole.part.keeps && audit.state.is_live(),
        page: page.named("audits-sample"),
    })
    .into_response())
}

/// `GET /audits/{id}/sample.csv?draw=`
pub(crate) async fn csv(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let seq = seq(&mut form);
    let (audit, _, drawn) = app::drawn(&ctx, Id::new(id), seq).await?;
    let lang = page.lang;
    let keys = [
        "audits-csv-kind",
        "audits-csv-region",
        "audits-csv-store",
        "audits-csv-name",
        "audits-csv-number",
        "audits-csv-rank",
    ];
    let head = keys.into_iter().map(|key| lang.t(key)).collect();
    let mut rows = Vec::new();
    for store in &drawn.stores {
        let name = shown::unit_name(&ctx, &lang, store.unit);
        let line = |kind: &str, number: &str, rank: &str| {
            vec![
                lang.word("audits-item", kind),
                store.region.clone(),
                store.code.clone(),
                name.clone(),
                number.to_owned(),
                rank.to_owned(),
            ]
        };
        rows.push(line("store", "", &store.rank));
        rows.extend(
            drawn
                .cases
                .iter()
                .filter(|case| case.unit == store.unit)
                .map(|case| line(&case.kind, &case.number, &case.rank)),
        );
    }
    let name = format!("{} {} {}", audit.number, lang.t("audits-sample"), drawn.draw.seq);
    Ok(web::sheet(&name, head, stream::iter([Ok(rows)])))
}
