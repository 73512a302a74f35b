use db::{Db, args};
use kernel::{Day, Fault, Id, IdGen, of};
use metrics::{By, Delta, Direction, Formula, MetricDef, Point, Slice, Unit};

pub const ANSWERED: MetricDef = MetricDef {
    id: "cases-answered",
    unit: Unit::Count,
    direction: Direction::Up,
    formula: Formula::Sum("cases.answered"),
    dimensions: &["kind", "channel"],
    records: "/cases?measure=answered",
};
pub const IN_TIME: MetricDef = MetricDef {
    id: "cases-answered-in-time",
    unit: Unit::Ratio,
    formula: Formula::Ratio("cases.answered_in_time", "cases.answered"),
    ..ANSWERED
};
pub const MEAN: MetricDef = MetricDef {
    id: "cases-answer-mean",
    unit: Unit::Minutes,
    formula: Formula::Mean("cases.answer_minutes", "cases.answered"),
    ..ANSWERED
};
pub const P90: MetricDef = MetricDef {
    id: "cases-answer-p90",
    unit: Unit::Minutes,
    formula: Formula::Percentile { histogram: "cases.answer_histogram", percent: 90 },
    dimensions: &[],
    ..ANSWERED
};

pub fn day(n: i32) -> Day {
    "2026-11-01".parse::<Day>().unwrap().plus(n)
}

pub fn store(n: i64) -> Id<of::Unit> {
    Id::new(n)
}

pub fn slice(stores: &[i64], from: i32, to: i32, by: By) -> Slice {
    Slice { stores: stores.iter().map(|n| store(*n)).collect(), from: day(from), to: day(to), by }
}

pub async fn append(db: &Db, ids: &IdGen, deltas: Vec<Delta>) {
    let input = (ids.clone(), deltas);
    db.write(input, |tx, (ids, deltas)| Box::pin(metrics::append(tx, ids, deltas))).await.unwrap();
}

pub async fn read(db: &Db, metric: MetricDef, slice: Slice) -> Result<Vec<Point>, Fault> {
    db.read((metric, slice), |tx, (metric, slice)| Box::pin(metrics::read(tx, metric, slice))).await
}

/// The numbers alone.
pub async fn numbers(db: &Db, metric: MetricDef, slice: Slice) -> Vec<Option<i64>> {
    read(db, metric, slice).await.unwrap().into_iter().map(|point| point.value.map(|value| value.n)).collect()
}

pub async fn waiting(db: &Db) -> i64 {
    let sql = "SELECT COUNT(*) FROM metric_delta";
    db.read((), move |tx, ()| Box::pin(async move { tx.one::<i64>(sql, args![]).await })).await.unwrap().unwrap()
}
