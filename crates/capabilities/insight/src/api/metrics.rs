use std::collections::BTreeMap;

use ::metrics::{By, Formula, Key, MetricDef, Point};
use axum::Json;
use axum::extract::{Path, RawQuery};
use capability::Ctx;
use kernel::{Fault, Id, of};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Failure, Form, Lang};

use crate::numbers::{
    self, LONGEST, Span, Stores, capability_of, definition, direction_word, key_text, names_of, reached, unit_word,
};

/// Days that are read when none are given.
const USUAL: i32 = 30;

/// A number with what it is made of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NumberOut {
    /// In the metric's unit; null when nothing was counted that it could be a share or a mean of, which is not zero.
    value: Option<i64>,
    /// True when it is an estimate between `low` and `high`.
    estimated: bool,
    /// The lowest that it can truly be.
    low: Option<i64>,
    /// The highest that it can truly be.
    high: Option<i64>,
    /// What it rests on: the whole of a ratio, the count behind a mean, the number of records.
    base: i64,
    /// The sums that it comes from.
    parts: BTreeMap<&'static str, i64>,
    /// The page that lists the records behind it.
    records: String,
}

/// A metric of the dictionary.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricOut {
    /// Its id.
    id: &'static str,
    /// The capability that counts it.
    capability: &'static str,
    /// Its name, in the language of the request.
    name: String,
    /// What it means.
    about: String,
    /// `count`, `basis_points` (10,000 is 100 %), `minutes`, `working_minutes`, `fen`, `hundredths`.
    unit: &'static str,
    /// Which way is better: `up`, `down`, `neutral`.
    direction: &'static str,
    /// How it comes from `parts`: `sum`, `ratio`, `mean` or `percentile`.
    formula: &'static str,
    /// The parts in the formula's order.
    formula_parts: Vec<&'static str>,
    /// What it can be broken down by, besides `day` and `store`.
    dimensions: &'static [&'static str],
    #[serde(flatten)]
    number: NumberOut,
}

/// All metrics over some days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricsOut {
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// Id of the store, when one was chosen.
    store: Option<String>,
    /// In the dictionary's order.
    items: Vec<MetricOut>,
}

/// One number of a breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PointOut {
    /// The day, the store's id, or the value of the dimension.
    key: String,
    /// The same for people.
    label: String,
    #[serde(flatten)]
    number: NumberOut,
}

/// One metric over some days, broken down when asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesOut {
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// Id of the store, when one was chosen.
    store: Option<String>,
    /// `day`, `store` or a dimension, when a breakdown was asked for.
    by: Option<&'static str>,
    #[serde(flatten)]
    metric: MetricOut,
    /// One number for every day or store, or for every value that was counted; empty without `by`.
    points: Vec<PointOut>,
}

#[utoipa::path(
    get,
    path = "/api/v1/metrics",
    tag = "metrics",
    params(
        ("from" = Option<String>, Query, description = "First day, 2026-10-24; default 30 days ago"),
        ("to" = Option<String>, Query, description = "Last day; default today"),
        ("store" = Option<String>, Query, description = "Id or code of one store; default all in reach"),
    ),
    responses((status = 200, body = MetricsOut), (status = 404, description = "No such store in reach"))
)]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<MetricsOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let span = span(&mut form, &lang)?;
    let stores = reached(&ctx, form.raw("store"))?;
    let figures = numbers::overview(&ctx, &stores, span).await?;
    let items = figures.iter().map(|figure| metric_out(&lang, &figure.metric, &stores, span, &figure.now));
    Ok(Json(MetricsOut {
        from: span.from.to_string(),
        to: span.to.to_string(),
        store: stores.chosen.map(|store| store.to_string()),
        items: items.collect(),
    }))
}

#[utoipa::path(
    get,
    path = "/api/v1/metrics/{id}",
    tag = "metrics",
    params(
        ("id" = String, Path, description = "Id of the metric"),
        ("from" = Option<String>, Query, description = "First day, 2026-10-24; default 30 days ago"),
        ("to" = Option<String>, Query, description = "Last day; default today"),
        ("store" = Option<String>, Query, description = "Id or code of one store; default all in reach"),
        ("by" = Option<String>, Query, description = "`day`, `store` or one of the metric's dimensions"),
    ),
    responses((status = 200, body = SeriesOut), (status = 404, description = "No such metric, or no such store in reach"))
)]
pub(crate) async fn show(
    ctx: Ctx,
    lang: Lang,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<SeriesOut>, Failure> {
    let metric = definition(&ctx, &id)?;
    let mut form = Form::from_query(&query.unwrap_or_default());
    let span = span(&mut form, &lang)?;
    let stores = reached(&ctx, form.raw("store"))?;
    let (by, word) = breakdown(&metric, form.raw("by").trim())?;
    let (now, points) = numbers::points(&ctx, metric, &stores, span, by).await?;
    let names = names_of(&ctx, &lang, word.unwrap_or_default(), &points, &stores).await?;
    let points = points.iter().map(|point| PointOut {
        key: key(&point.key),
        label: key_text(&lang, &metric, word.unwrap_or_default(), &point.key, &stores, &names),
        number: number_out(&metric, &stores, span, word.unwrap_or_default(), point),
    });
    Ok(Json(SeriesOut {
        from: span.from.to_string(),
        to: span.to.to_string(),
        store: stores.chosen.map(|store| store.to_string()),
        by: word,
        points: points.collect(),
        metric: metric_out(&lang, &metric, &stores, span, &now),
    }))
}

fn span(form: &mut Form, lang: &Lang) -> Result<Span, Fault> {
    let to = form.day_or_none("to");
    let from = form.day_or_none("from");
    form.check()?;
    let to = to.unwrap_or_else(|| lang.now.day(&lang.zone));
    let span = match from {
        Some(from) => Span { from, to },
        None => Span::last(USUAL, to),
    };
    match span.days() {
        ..=0 => Err(Fault::field("to", "insight-days-reversed")),
        days if days > LONGEST => Err(Fault::field("from", "insight-days-many")),
        _ => Ok(span),
    }
}

fn breakdown(metric: &MetricDef, by: &str) -> Result<(By, Option<&'static str>), Fault> {
    match by {
        "" => Ok((By::Total, None)),
        "day" => Ok((By::Day, Some("day"))),
        "store" => Ok((By::Store, Some("store"))),
        by => {
            let known = metric.dimensions.iter().find(|dimension| **dimension == by);
            let dimension = known.ok_or_else(|| Fault::field("by", "unknown"))?;
            Ok((By::Dimension(dimension), Some(dimension)))
        }
    }
}

fn metric_out(lang: &Lang, metric: &MetricDef, stores: &Stores, span: Span, point: &Point) -> MetricOut {
    MetricOut {
        id: metric.id,
        capability: capability_of(metric),
        name: lang.t(&metric.name_key()),
        about: lang.t(&metric.about_key()),
        unit: unit_word(metric.unit),
        direction: direction_word(metric.direction),
        formula: match metric.formula {
            Formula::Sum(_) => "sum",
            Formula::Ratio(..) => "ratio",
            Formula::Mean(..) => "mean",
            Formula::Percentile { .. } => "percentile",
        },
        formula_parts: metric.formula.parts(),
        dimensions: metric.dimensions,
        number: number_out(metric, stores, span, "", point),
    }
}

fn number_out(metric: &MetricDef, stores: &Stores, span: Span, dimension: &str, point: &Point) -> NumberOut {
    let (store, days, value): (Option<Id<of::Unit>>, _, _) = match &point.key {
        Key::Total => (stores.chosen, span.ends(), None),
        Key::Day(day) => (stores.chosen, (*day, *day), None),
        Key::Store(store) => (Some(*store), span.ends(), None),
        Key::Value(value) => (stores.chosen, span.ends(), Some((dimension, value.as_str()))),
    };
    let counted = metric.formula.parts().last().copied().unwrap_or_default();
    NumberOut {
        value: point.value.map(|reading| reading.n),
        estimated: point.value.is_some_and(|reading| reading.estimated),
        low: point.value.map(|reading| reading.range.0),
        high: point.value.map(|reading| reading.range.1),
        base: point.parts.get(counted).copied().unwrap_or(0),
        parts: point.parts.clone(),
        records: metric.records_link(store, days, value),
    }
}

fn key(key: &Key) -> String {
    match key {
        Key::Total => "total".to_owned(),
        Key::Day(day) => day.to_string(),
        Key::Store(store) => store.to_string(),
        Key::Value(value) => value.clone(),
    }
}
