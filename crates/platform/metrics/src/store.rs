//! The only SQL on `metric_delta`, `metric_rollup` and `metric_staging`.

use std::collections::BTreeMap;
use std::pin::pin;

use db::{Columns, Db, DbError, Filter, FromRow, Row, Tx, Value, args, values};
use futures_util::{Stream, TryStreamExt};
use kernel::{Day, Fault, Id, IdGen, of};

use crate::definition::{Formula, MetricDef};
use crate::delta::Delta;
use crate::histogram::BUCKET;
use crate::reading::{By, Key, Point, Slice, Sums};

/// Deltas folded in one transaction.
const FOLD: i64 = 2_000;
/// Sums that a rebuild keeps in memory before it writes them.
const GATHER: usize = 5_000;

/// Marker of a delta's id.
enum DeltaId {}

/// What sums are kept by, in the order of the rollup's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    part: String,
    dimension: String,
    store: Id<of::Unit>,
    day: Day,
    value: String,
}

impl Cell {
    fn of(delta: &Delta) -> Self {
        let (dimension, value) = match &delta.dimension {
            Some((dimension, value)) => ((*dimension).to_owned(), value.clone()),
            None => (String::new(), String::new()),
        };
        Self { part: delta.part.to_owned(), dimension, store: delta.store, day: delta.day, value }
    }
}

/// A cell with what is added to it.
struct Summand(Cell, i64);

impl FromRow for Summand {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c: Columns<'_> = row.columns();
        let cell = Cell { part: c.next()?, dimension: c.next()?, store: c.next()?, day: c.next()?, value: c.next()? };
        Ok(Self(cell, c.next()?))
    }
}

/// Sums in key order: whoever writes them locks rows in that order, so two writers never wait for each other in a circle.
fn add_up(sums: &mut BTreeMap<Cell, i64>, summands: impl IntoIterator<Item = Summand>) {
    for Summand(cell, n) in summands {
        let sum = sums.entry(cell).or_default();
        *sum = sum.saturating_add(n);
    }
}

/// Adds `deltas` in the caller's transaction: one statement for up to 64 of them, none that another writer could wait for.
///
/// # Errors
/// When the database fails.
pub async fn append(tx: &mut Tx, ids: &IdGen, deltas: &[Delta]) -> Result<(), DbError> {
    let mut sums = BTreeMap::new();
    add_up(&mut sums, deltas.iter().map(|delta| Summand(Cell::of(delta), delta.n)));
    sums.retain(|_, n| *n != 0);
    let rows: Vec<Vec<Value>> = sums
        .into_iter()
        .map(|(cell, n)| values![ids.next::<DeltaId>(), cell.part, cell.dimension, cell.store, cell.day, cell.value, n])
        .collect();
    let insert = "INSERT INTO metric_delta (id, part, dimension, store_id, day, value, n) VALUES ";
    run(tx, Filter::of_rows(insert, "(?, ?, ?, ?, ?, ?, ?)", "", rows)).await
}

/// Folds all deltas into the rollup, in bounded transactions; says how many. Two folders at once are safe: each adds exactly
/// the deltas that its own DELETE returned.
///
/// # Errors
/// When the database fails; what was folded until then stays folded.
pub async fn fold(db: &Db) -> Result<u64, DbError> {
    let mut folded = 0;
    loop {
        let some = db.write((), |tx, ()| Box::pin(fold_some(tx))).await?;
        folded += some;
        if some < FOLD.unsigned_abs() {
            return Ok(folded);
        }
    }
}

async fn fold_some(tx: &mut Tx) -> Result<u64, DbError> {
    let sql = "DELETE FROM metric_delta WHERE id IN (SELECT id FROM metric_delta ORDER BY id LIMIT $1) \
               RETURNING part, dimension, store_id, day, value, n";
    let taken = tx.all::<Summand>(sql, args![FOLD]).await?;
    let count = u64::try_from(taken.len()).unwrap_or(u64::MAX);
    let mut sums = BTreeMap::new();
    add_up(&mut sums, taken);
    let upsert = "INSERT INTO metric_rollup (part, dimension, store_id, day, value, n) VALUES ";
    let add = " ON CONFLICT (part, dimension, store_id, day, value) DO UPDATE SET n = metric_rollup.n + excluded.n";
    run(tx, Filter::of_rows(upsert, CELL_ROW, add, cell_rows(sums))).await?;
    Ok(count)
}

const CELL_ROW: &str = "(?, ?, ?, ?, ?, ?)";

fn cell_rows(sums: BTreeMap<Cell, i64>) -> Vec<Vec<Value>> {
    let rows = sums.into_iter().filter(|(_, n)| *n != 0);
    rows.map(|(cell, n)| values![cell.part, cell.dimension, cell.store, cell.day, cell.value, n]).collect()
}

async fn run(tx: &mut Tx, statements: Vec<Filter>) -> Result<(), DbError> {
    let statements: Vec<(&str, &[Value])> = statements.iter().map(|filter| (filter.sql(), filter.values())).collect();
    tx.batch(&statements).await
}

/// Reads one metric. See [`read_many`].
///
/// # Errors
/// As [`read_many`].
pub async fn read(tx: &mut Tx, metric: &MetricDef, slice: &Slice) -> Result<Vec<Point>, Fault> {
    Ok(read_many(tx, &[metric], slice).await?.pop().unwrap_or_default())
}

/// Reads several metrics with one statement, so that they agree with each other; the answers are in the order of `metrics`.
/// Points are in the order of their keys: every day and every store of the slice has one, a dimension those values that were
/// counted.
///
/// # Errors
/// `unknown-dimension` when a metric cannot be broken down as asked, or when the database fails.
pub async fn read_many(tx: &mut Tx, metrics: &[&MetricDef], slice: &Slice) -> Result<Vec<Vec<Point>>, Fault> {
    if let By::Dimension(dimension) = slice.by
        && metrics.iter().any(|metric| !metric.dimensions.contains(&dimension))
    {
        return Err(Fault::field("by", "unknown-dimension"));
    }
    let sums = sums(tx, metrics, slice).await?;
    let nothing = Sums::default();
    let keys: Vec<Key> = match slice.by {
        By::Total => vec![Key::Total],
        By::Day => days(slice).map(Key::Day).collect(),
        By::Store => {
            let mut stores = slice.stores.clone();
            stores.sort_unstable();
            stores.dedup();
            stores.into_iter().map(Key::Store).collect()
        }
        By::Dimension(_) => sums.keys().cloned().collect(),
    };
    let points = |metric: &&MetricDef| {
        let points = keys.iter().map(|key| metric.point(key.clone(), sums.get(key).unwrap_or(&nothing)));
        points.collect()
    };
    Ok(metrics.iter().map(points).collect())
}

/// Every day of the slice; none when it ends before it begins.
fn days(slice: &Slice) -> impl Iterator<Item = Day> + use<> {
    let last = slice.to;
    std::iter::successors(Some(slice.from), |day| Some(day.plus(1)).filter(|next| next > day))
        .take_while(move |day| *day <= last)
}

/// What a row of the reading statement counts for.
struct Counted {
    part: String,
    bucket: String,
    key: Key,
    n: i64,
}

async fn sums(tx: &mut Tx, metrics: &[&MetricDef], slice: &Slice) -> Result<BTreeMap<Key, Sums>, DbError> {
    let (select, group) = match slice.by {
        By::Total | By::Dimension(_) => {
            ("SELECT part, value, CAST(SUM(n) AS BIGINT) FROM (", ") AS counted GROUP BY part, value")
        }
        By::Day => ("SELECT part, value, CAST(SUM(n) AS BIGINT), day FROM (", ") AS counted GROUP BY part, value, day"),
        By::Store => (
            "SELECT part, value, CAST(SUM(n) AS BIGINT), store_id FROM (",
            ") AS counted GROUP BY part, value, store_id",
        ),
    };
    let mut filter = Filter::new(select);
    narrow(&mut filter, "SELECT part, value, day, store_id, n FROM metric_rollup WHERE ", metrics, slice);
    narrow(&mut filter, " UNION ALL SELECT part, value, day, store_id, n FROM metric_delta WHERE ", metrics, slice);
    filter.push(group);
    let (sql, values) = (filter.sql(), filter.values());
    let counted: Vec<Counted> = match slice.by {
        By::Total => {
            let rows = tx.all::<(String, String, i64)>(sql, values).await?;
            rows.into_iter().map(|(part, bucket, n)| Counted { part, bucket, key: Key::Total, n }).collect()
        }
        By::Dimension(_) => {
            let rows = tx.all::<(String, String, i64)>(sql, values).await?;
            rows.into_iter()
                .map(|(part, value, n)| Counted { part, bucket: String::new(), key: Key::Value(value), n })
                .collect()
        }
        By::Day => {
            let rows = tx.all::<(String, String, i64, Day)>(sql, values).await?;
            rows.into_iter().map(|(part, bucket, n, day)| Counted { part, bucket, key: Key::Day(day), n }).collect()
        }
        By::Store => {
            let rows = tx.all::<(String, String, i64, Id<of::Unit>)>(sql, values).await?;
            rows.into_iter()
                .map(|(part, bucket, n, store)| Counted { part, bucket, key: Key::Store(store), n })
                .collect()
        }
    };
    let mut sums: BTreeMap<Key, Sums> = BTreeMap::new();
    for Counted { part, bucket, key, n } in counted {
        sums.entry(key).or_default().add(&part, &bucket, n);
    }
    Ok(sums)
}

fn narrow(filter: &mut Filter, select: &'static str, metrics: &[&MetricDef], slice: &Slice) {
    let mut parts: Vec<&'static str> = metrics.iter().flat_map(|metric| metric.formula.parts()).collect();
    parts.sort_unstable();
    parts.dedup();
    let dimensions: Vec<&'static str> = match slice.by {
        By::Dimension(dimension) => vec![dimension],
        By::Total | By::Day | By::Store => {
            let histogram = metrics.iter().any(|metric| matches!(metric.formula, Formula::Percentile { .. }));
            [""].into_iter().chain(histogram.then_some(BUCKET)).collect()
        }
    };
    filter
        .push(select)
        .bind_in("part", parts.into_iter().map(Value::from))
        .push(" AND ")
        .bind_in("dimension", dimensions.into_iter().map(Value::from))
        .push(" AND ")
        .bind_in("store_id", slice.stores.iter().copied().map(Value::from))
        .bind(" AND day >= ? AND day <= ?", args![slice.from, slice.to]);
}

/// Writes the rollup anew from `source`, all deltas of the company's history in any order; says how many there were. Readers
/// see the old numbers until the new ones take their place in one transaction. Nothing else may write metrics meanwhile: what
/// is counted after `source` has passed its record would be lost, so the command stops the service first.
///
/// # Errors
/// What `source` says, or when the database fails; then the old numbers stay.
pub async fn rebuild<E>(db: &Db, source: impl Stream<Item = Result<Delta, E>> + Send) -> Result<u64, E>
where
    E: From<DbError> + Send + 'static,
{
    db.write((), |tx, ()| Box::pin(async move { tx.exec("DELETE FROM metric_staging", args![]).await.map(|_| ()) }))
        .await?;
    let mut source = pin!(source);
    let (mut count, mut sums) = (0, BTreeMap::new());
    while let Some(delta) = source.try_next().await? {
        count += 1;
        add_up(&mut sums, [Summand(Cell::of(&delta), delta.n)]);
        if sums.len() >= GATHER {
            stage(db, std::mem::take(&mut sums)).await?;
        }
    }
    stage(db, sums).await?;
    db.write((), |tx, ()| Box::pin(replace(tx))).await?;
    Ok(count)
}

async fn stage(db: &Db, sums: BTreeMap<Cell, i64>) -> Result<(), DbError> {
    db.write(cell_rows(sums), |tx, rows| {
        Box::pin(async move {
            let upsert = "INSERT INTO metric_staging (part, dimension, store_id, day, value, n) VALUES ";
            let add =
                " ON CONFLICT (part, dimension, store_id, day, value) DO UPDATE SET n = metric_staging.n + excluded.n";
            run(tx, Filter::of_rows(upsert, CELL_ROW, add, rows.clone())).await
        })
    })
    .await
}

async fn replace(tx: &mut Tx) -> Result<(), DbError> {
    tx.exec("DELETE FROM metric_rollup", args![]).await?;
    tx.exec("DELETE FROM metric_delta", args![]).await?;
    let copy = "INSERT INTO metric_rollup (part, dimension, store_id, day, value, n) \
                SELECT part, dimension, store_id, day, value, n FROM metric_staging WHERE n <> 0";
    tx.exec(copy, args![]).await?;
    tx.exec("DELETE FROM metric_staging", args![]).await.map(|_| ())
}

/// The sums of `parts` by store over these days, of one value of one dimension or of all: what is computed from several metrics at
/// once, for every store, is read with one statement.
///
/// # Errors
/// When the database fails.
pub async fn sums_by_store(
    tx: &mut Tx,
    parts: &[&str],
    stores: &[Id<of::Unit>],
    days: (Day, Day),
    narrowed: Option<(&str, &str)>,
) -> Result<BTreeMap<Id<of::Unit>, BTreeMap<String, i64>>, DbError> {
    let mut filter = Filter::new("SELECT part, store_id, CAST(SUM(n) AS BIGINT) FROM (");
    let selects = [
        "SELECT part, store_id, n FROM metric_rollup WHERE ",
        " UNION ALL SELECT part, store_id, n FROM metric_delta WHERE ",
    ];
    let (dimension, value) = narrowed.unwrap_or_default();
    for select in selects {
        filter
            .push(select)
            .bind_in("part", parts.iter().map(|part| Value::from(*part)))
            .bind(" AND dimension = ? AND value = ? AND ", args![dimension, value])
            .bind_in("store_id", stores.iter().copied().map(Value::from))
            .bind(" AND day >= ? AND day <= ?", args![days.0, days.1]);
    }
    filter.push(") AS counted GROUP BY part, store_id");
    let mut sums: BTreeMap<Id<of::Unit>, BTreeMap<String, i64>> = BTreeMap::new();
    for (part, store, n) in tx.all::<(String, Id<of::Unit>, i64)>(filter.sql(), filter.values()).await? {
        sums.entry(store).or_default().insert(part, n);
    }
    Ok(sums)
}
