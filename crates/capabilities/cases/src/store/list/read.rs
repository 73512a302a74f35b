use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Cursor, Id, Reach, Timestamp, of};

use super::filter::{CAME, DUE, Filter, Instants};
use super::part::{Part, parts};
use crate::domain::Stage;

/// How a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By the nearest deadline; only what is live has one.
    Due,
    /// The same backwards.
    DueLast,
    /// By when the customer came, newest first.
    Newest,
    /// By when the customer came, oldest first.
    Oldest,
}

impl Order {
    const fn upwards(self) -> bool {
        matches!(self, Self::Due | Self::Oldest)
    }
    /// True when only what is live can be in such a list.
    pub const fn by_due(self) -> bool {
        matches!(self, Self::Due | Self::DueLast)
    }
}

/// What a list reads of each case.
pub trait Selected: FromRow + Send {
    /// `SELECT` and the columns of `service_case`, in the order in which they are read.
    const SELECT: &'static str;
    /// How many these are.
    const COLUMNS: usize;
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The case.
    pub case: T,
    /// What orders the list: a deadline, when the customer came, when what is measured happened.
    pub at: Timestamp,
    /// What breaks ties.
    pub tie: i64,
    /// The stage of a deadline that is measured.
    pub stage: Option<Stage>,
}

impl<T> Listed<T> {
    /// Where a page that ends with this line goes on.
    pub const fn cursor(&self) -> Cursor {
        Cursor { key: self.at.millis(), id: self.tie }
    }
}

impl<T: Selected> FromRow for Listed<T> {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let stage: String = row.get(T::COLUMNS + 2)?;
        Ok(Self {
            case: T::from_row(row)?,
            at: row.get(T::COLUMNS)?,
            tie: row.get(T::COLUMNS + 1)?,
            stage: Stage::parse(&stage),
        })
    }
}

/// Cases within `reach` that `filter` means, in `order`, behind `after`, at most `limit`. What is measured is listed by when it
/// happened, newest first, each time that it did.
///
/// # Errors
/// What the database says.
pub async fn list<T: Selected>(
    tx: &mut Tx,
    filter: &Filter,
    order: Order,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Listed<T>>, DbError> {
    if let Some(measured) = filter.measured {
        return walk(tx, filter, measured.what.sources(), false, reach, after, limit).await;
    }
    if order.by_due() {
        return walk(tx, filter, &[DUE], order.upwards(), reach, after, limit).await;
    }
    let mut halves = filter.halves();
    if order.upwards() {
        halves.reverse();
    }
    let mut rows: Vec<Listed<T>> = Vec::new();
    for half in halves {
        let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
        if left > 0 {
            rows.extend(walk(tx, &half, &[CAME], order.upwards(), reach, after, left).await?);
        }
    }
    Ok(rows)
}

async fn walk<T: Selected>(
    tx: &mut Tx,
    filter: &Filter,
    sources: &[Instants],
    upwards: bool,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Listed<T>>, DbError> {
    let parts = parts(filter, reach);
    let pieces: Vec<(&Instants, &Part<'_>)> =
        sources.iter().flat_map(|by| parts.iter().map(move |part| (by, part))).collect();
    let several = pieces.len() > 1;
    let mut find = db::Filter::new(if several { "SELECT * FROM (" } else { "" });
    for (n, (by, part)) in pieces.into_iter().enumerate() {
        if several {
            find.push(if n > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
        }
        find.push(T::SELECT).push(by.select);
        filter.conditions(&mut find, by, part);
        if let Some(after) = after {
            find.bind(if upwards { by.behind } else { by.ahead }, args![after.key, after.id]);
        }
        find.push(if upwards { by.upwards } else { by.downwards }).bind(" LIMIT ?", args![limit]);
        if several {
            find.push(") AS part");
        }
    }
    if several {
        find.push(match upwards {
            true => ") AS page ORDER BY sort_key, sort_id",
            false => ") AS page ORDER BY sort_key DESC, sort_id DESC",
        });
        find.bind(" LIMIT ?", args![limit]);
    }
    tx.all(find.sql(), find.values()).await
}

/// Waiting cases whose wake-up time has come, oldest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn overdue_waits(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Id<of::Case>>, DbError> {
    tx.all("SELECT id FROM service_case WHERE wait_until <= $1 ORDER BY wait_until, id LIMIT $2", args![now, limit])
        .await
}
