use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Day, Id, of};
use metrics::{Key, MetricDef, Point};
use serde::Serialize;
use web::{Choice, Failure, Kpi, Lang, Locale, Page, Tab, View};

use super::asked::Asked;
use crate::numbers::{self, Shown, base, direction_word, formula, key_text, names_of, plotted, shown, unit_word};

#[derive(Template)]
#[template(path = "insight_metric.html")]
struct MetricPage {
    page: Page,
    metric: MetricDef,
    facts: String,
    tabs: Vec<Tab>,
    path: String,
    days: i32,
    stores: Vec<Choice>,
    store: String,
    kpis: Vec<Kpi>,
    range: Option<String>,
    chart: Option<web::Chart>,
    by_day: Table,
    by_store: Option<Table>,
    by_dimension: Vec<Table>,
    definitions: Vec<Definition>,
    dimension_names: String,
    unit: String,
    direction: String,
}

/// A breakdown.
struct Table {
    caption: String,
    /// What its lines are.
    head: String,
    lines: Vec<Line>,
    /// The sum of the lines, where they add up.
    sum: Option<Line>,
}

/// One line of a breakdown.
struct Line {
    name: String,
    /// The same metric of this store alone.
    href: Option<String>,
    now: Shown,
    base: String,
    records: String,
}

/// What the metric means, in one language.
struct Definition {
    locale: Locale,
    name: String,
    about: String,
    formula: String,
}

/// The data of a line, as `ui/src/charts.js` draws it.
#[derive(Serialize)]
struct Trend {
    x: Vec<String>,
    series: Vec<Series>,
}
#[derive(Serialize)]
struct Series {
    name: String,
    data: Vec<Option<f64>>,
}

/// `GET /metrics/{id}?days=&store=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let metric = numbers::definition(&ctx, &id)?;
    let asked = Asked::read(&ctx, &page.lang, query.as_deref())?;
    let sheet = numbers::sheet(&ctx, metric, &asked.stores, asked.span).await?;
    let lang = &page.lang;
    let name = page.t(&metric.name_key());
    let mut names = BTreeMap::new();
    for (dimension, points) in &sheet.by_dimension {
        names.append(&mut names_of(&ctx, lang, dimension, points, &asked.stores).await?);
    }
    let line = |dimension: &'static str, point: &Point| line(lang, &asked, &metric, dimension, point, &names);
    let path = format!("/metrics/{}", metric.id);
    let now = shown(lang, &metric, sheet.now.value);
    let records = metric.records_link(asked.stores.chosen, asked.span.ends(), None);
    let kpis = vec![
        Kpi::new(page.t1("insight-last", "n", asked.days), &now.text)
            .note(base(lang, &metric, &sheet.now))
            .href(records),
        Kpi::new(page.t1("insight-before", "n", asked.days), shown(lang, &metric, sheet.before.value).text)
            .note(base(lang, &metric, &sheet.before))
            .href(metric.records_link(asked.stores.chosen, asked.span.before().ends(), None)),
    ];
    let dimension_name = |dimension: &str| page.word("metrics-dimension", dimension);
    let by_day = Table {
        caption: page.t("metrics-by-day"),
        head: page.t("insight-col-day"),
        // Newest first, as every list of days; the chart's table has those without records too.
        lines: sheet.by_day.iter().rev().filter(|point| has_records(point)).map(|point| line("", point)).collect(),
        sum: None,
    };
    let several = asked.stores.chosen.is_none() && sheet.by_store.len() > 1;
    let by_store = several.then(|| Table {
        caption: page.t("metrics-by-store"),
        head: page.t("insight-col-store"),
        lines: sheet.by_store.iter().map(|point| line("", point)).collect(),
        sum: Some(line("", &sheet.now)),
    });
    let counted_by = sheet.by_dimension.iter().filter(|(_, points)| !points.is_empty());
    let by_dimension = counted_by.map(|(dimension, points)| Table {
        caption: page.t1("insight-by", "what", dimension_name(dimension)),
        head: dimension_name(dimension),
        lines: points.iter().map(|point| line(dimension, point)).collect(),
        sum: None,
    });
    let counted = sheet.by_day.iter().any(has_records);
    Ok(View(MetricPage {
        facts: asked.facts(lang),
        tabs: asked.tabs(lang, &path),
        days: asked.days,
        stores: asked.choices(lang),
        store: asked.store(),
        kpis,
        range: now.range.clone(),
        chart: counted.then(|| chart(lang, &metric, &name, &sheet.by_day)),
        by_day,
        by_store,
        by_dimension: by_dimension.collect(),
        definitions: definitions(lang, &metric),
        dimension_names: metric.dimensions.iter().map(|name| dimension_name(name)).collect::<Vec<_>>().join(" · "),
        unit: page.word("insight-unit", unit_word(metric.unit)),
        direction: page.word("metrics-direction", direction_word(metric.direction)),
        path,
        metric,
        page: page.titled(name),
    }))
}

fn has_records(point: &Point) -> bool {
    point.parts.values().any(|n| *n != 0)
}

fn line(
    lang: &Lang,
    asked: &Asked,
    metric: &MetricDef,
    dimension: &str,
    point: &Point,
    names: &BTreeMap<String, String>,
) -> Line {
    let chosen = asked.stores.chosen;
    let (store, days, value): (Option<Id<of::Unit>>, (Day, Day), Option<(&str, &str)>) = match &point.key {
        Key::Total => (chosen, asked.span.ends(), None),
        Key::Day(day) => (chosen, (*day, *day), None),
        Key::Store(store) => (Some(*store), asked.span.ends(), None),
        Key::Value(value) => (chosen, asked.span.ends(), Some((dimension, value))),
    };
    let own = match &point.key {
        Key::Store(store) => Some(format!("/metrics/{}?days={}&store={store}", metric.id, asked.days)),
        Key::Total | Key::Day(_) | Key::Value(_) => None,
    };
    Line {
        name: key_text(lang, metric, dimension, &point.key, &asked.stores, names),
        href: own,
        now: shown(lang, metric, point.value),
        base: base(lang, metric, point),
        records: metric.records_link(store, days, value),
    }
}

fn chart(lang: &Lang, metric: &MetricDef, name: &str, by_day: &[Point]) -> web::Chart {
    let day = |point: &Point| match &point.key {
        Key::Day(day) => lang.day(*day),
        Key::Total | Key::Store(_) | Key::Value(_) => String::new(),
    };
    let data = by_day.iter().map(|point| plotted(metric, point.value)).collect();
    let trend = Trend { x: by_day.iter().map(day).collect(), series: vec![Series { name: name.to_owned(), data }] };
    let head = vec![lang.t("insight-col-day"), name.to_owned(), lang.t("insight-col-base")];
    let row = |point: &Point| vec![day(point), shown(lang, metric, point.value).text, base(lang, metric, point)];
    let caption = lang.t2("insight-chart", "name", name, "unit", lang.word("insight-unit", unit_word(metric.unit)));
    web::chart(lang, "trend", 240, &caption, &trend, (head, by_day.iter().map(row).collect()))
}

/// In both languages, the reader's first: people of one company must mean the same by a number.
fn definitions(lang: &Lang, metric: &MetricDef) -> Vec<Definition> {
    let mut both = [Locale::ZhCn, Locale::En];
    both.sort_by_key(|locale| *locale != lang.locale);
    let define = |locale: Locale| {
        let lang = Lang { locale, ..lang.clone() };
        Definition {
            locale,
            name: lang.t(&metric.name_key()),
            about: lang.t(&metric.about_key()),
            formula: formula(&lang, metric),
        }
    };
    both.into_iter().map(define).collect()
}
