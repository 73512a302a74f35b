use db::{DbError, Tx, args};
use kernel::Reach;

use super::filter::Filter;
use super::part::{Part, parts};

/// A number that is exact up to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many, at most 1,000.
    pub n: i64,
    /// There are more.
    pub more: bool,
}

/// Up to here counts are exact.
const COUNTED: i64 = 1_000;

/// How many cases within `reach` `filter` means.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach) -> Result<Tally, DbError> {
    let tallies = counts(tx, std::slice::from_ref(filter), reach).await?;
    Ok(tallies.first().copied().unwrap_or(Tally { n: 0, more: false }))
}

/// How many cases within `reach` each of `filters` means: one statement, which reads at most 1,001 rows of the index for each.
///
/// # Errors
/// What the database says.
pub async fn counts(tx: &mut Tx, filters: &[Filter], reach: &Reach) -> Result<Vec<Tally>, DbError> {
    if filters.is_empty() {
        return Ok(Vec::new());
    }
    let mut find = db::Filter::new("");
    for (n, filter) in filters.iter().enumerate() {
        find.push(if n > 0 { " UNION ALL SELECT " } else { "SELECT " });
        find.bind("CAST(? AS BIGINT) AS nth, COUNT(*) AS n FROM (", args![i64::try_from(n).unwrap_or(i64::MAX)]);
        limited(&mut find, filter, reach);
        find.push(") AS counted");
    }
    find.push(" ORDER BY nth");
    let numbers: Vec<(i64, i64)> = tx.all(find.sql(), find.values()).await?;
    Ok(numbers.into_iter().map(|(_, n)| Tally { n: n.min(COUNTED), more: n > COUNTED }).collect())
}

/// The rows that `filter` means, at most one more than are counted.
fn limited(find: &mut db::Filter, filter: &Filter, reach: &Reach) {
    let mut first = true;
    for half in &filter.halves() {
        for by in half.sources() {
            for part in &parts(half, reach) {
                find.push(if first { "SELECT * FROM (SELECT id" } else { " UNION ALL SELECT * FROM (SELECT id" });
                first = false;
                find.push(by.select);
                half.conditions(find, by, part);
                find.bind(" LIMIT ?) AS part", args![COUNTED + 1]);
            }
        }
    }
    find.bind(" LIMIT ?", args![COUNTED + 1]);
}

/// How many lines a list of what `filter` means has, all of them.
///
/// # Errors
/// What the database says.
pub async fn count_all(tx: &mut Tx, filter: &Filter, reach: &Reach) -> Result<i64, DbError> {
    let mut total = 0;
    for half in &filter.halves() {
        for by in half.sources() {
            let mut find = db::Filter::new("SELECT COUNT(*) FROM (SELECT id");
            find.push(by.select);
            half.conditions(&mut find, by, &Part::Whole(reach, &half.stores));
            find.push(") AS counted");
            total += tx.one::<i64>(find.sql(), find.values()).await?.unwrap_or_default();
        }
    }
    Ok(total)
}
