use capability::Ctx;
use db::Tx;
use kernel::{Fault, Id, of};
use metrics::{By, MetricDef, Point, Slice};

use super::{Span, Stores};

/// One metric of the overview.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Which.
    pub metric: MetricDef,
    /// Its number in the span.
    pub now: Point,
    /// Its number in as many days before.
    pub before: Point,
}

/// One metric with all its breakdowns, out of one snapshot.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The number in the span.
    pub now: Point,
    /// The number in as many days before.
    pub before: Point,
    /// One number for every store.
    pub by_store: Vec<Point>,
    /// One number for every day.
    pub by_day: Vec<Point>,
    /// By dimension, one number for every value that was counted.
    pub by_dimension: Vec<(&'static str, Vec<Point>)>,
}

/// All metrics of the dictionary in `span` and in as many days before, in the dictionary's order: two statements however many
/// metrics and stores there are.
///
/// # Errors
/// `busy` when the database is away.
pub async fn overview(ctx: &Ctx, stores: &Stores, span: Span) -> Result<Vec<Figure>, Fault> {
    let input = (ctx.house.metrics.clone(), stores.ids(), span);
    ctx.read(input, |tx, (metrics, stores, span)| {
        Box::pin(async move {
            let all: Vec<&MetricDef> = metrics.iter().collect();
            let now = metrics::read_many(tx, &all, &slice(stores, *span, By::Total)).await?;
            let before = metrics::read_many(tx, &all, &slice(stores, span.before(), By::Total)).await?;
            let points = now.into_iter().zip(before);
            let figures = metrics.iter().zip(points).filter_map(|(metric, (mut now, mut before))| {
                Some(Figure { metric: *metric, now: now.pop()?, before: before.pop()? })
            });
            Ok(figures.collect())
        })
    })
    .await
}

/// `metric` with its breakdowns, each with one statement.
///
/// # Errors
/// `busy` when the database is away.
pub async fn sheet(ctx: &Ctx, metric: MetricDef, stores: &Stores, span: Span) -> Result<Sheet, Fault> {
    ctx.read((metric, stores.ids(), span), |tx, (metric, stores, span)| {
        Box::pin(async move {
            let now = total(tx, metric, &slice(stores, *span, By::Total)).await?;
            let before = total(tx, metric, &slice(stores, span.before(), By::Total)).await?;
            let by_store = metrics::read(tx, metric, &slice(stores, *span, By::Store)).await?;
            let by_day = metrics::read(tx, metric, &slice(stores, *span, By::Day)).await?;
            let mut by_dimension = Vec::new();
            for dimension in metric.dimensions {
                let points = metrics::read(tx, metric, &slice(stores, *span, By::Dimension(dimension))).await?;
                by_dimension.push((*dimension, points));
            }
            Ok(Sheet { now, before, by_store, by_day, by_dimension })
        })
    })
    .await
}

/// `metric` over all of `stores` and, unless `by` is the total, broken down.
///
/// # Errors
/// `unknown-dimension` when it cannot be broken down so, or `busy` when the database is away.
pub async fn points(
    ctx: &Ctx,
    metric: MetricDef,
    stores: &Stores,
    span: Span,
    by: By,
) -> Result<(Point, Vec<Point>), Fault> {
    ctx.read((metric, stores.ids(), span, by), |tx, (metric, stores, span, by)| {
        Box::pin(async move {
            let now = total(tx, metric, &slice(stores, *span, By::Total)).await?;
            let points = match by {
                By::Total => Vec::new(),
                By::Day | By::Store | By::Dimension(_) => metrics::read(tx, metric, &slice(stores, *span, *by)).await?,
            };
            Ok((now, points))
        })
    })
    .await
}

async fn total(tx: &mut Tx, metric: &MetricDef, slice: &Slice) -> Result<Point, Fault> {
    let point = metrics::read(tx, metric, slice).await?.pop();
    point.ok_or_else(|| Fault::internal("a total without a point"))
}

fn slice(stores: &[Id<of::Unit>], span: Span, by: By) -> Slice {
    Slice { stores: stores.to_vec(), from: span.from, to: span.to, by }
}
