use db::{DbError, Tx, Value, args};
use kernel::{Cursor, Id, Reach, Timestamp, of};

use super::lines::{CaseRow, SELECT};
use crate::domain::{Category, Kind, Priority, StateName};

/// Which cases a list shows. Empty lists and `None` mean: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Cases of these groups.
    pub categories: Vec<Category>,
    /// Cases in these states.
    pub states: Vec<StateName>,
    /// Cases of these kinds.
    pub kinds: Vec<Kind>,
    /// Cases of these priorities.
    pub priorities: Vec<Priority>,
    /// Whoever has them.
    pub owner: Option<Id<of::User>>,
    /// Nobody has them.
    pub unowned: bool,
    /// Cases of this store.
    pub store: Option<Id<of::Unit>>,
    /// Cases of this customer.
    pub customer: Option<Id<of::Customer>>,
    /// Cases whose nearest deadline ends before.
    pub due_before: Option<Timestamp>,
    /// Cases whose nearest deadline ends at or after.
    pub due_from: Option<Timestamp>,
    /// Cases that came at or after.
    pub happened_from: Option<Timestamp>,
    /// Cases that came before.
    pub happened_before: Option<Timestamp>,
    /// Cases in which this is found, by search; see the list's use case.
    pub text: Option<String>,
    /// Only these, as search found them.
    pub ids: Option<Vec<Id<of::Case>>>,
}

impl Filter {
    /// What is not over.
    pub fn live() -> Self {
        Self { categories: vec![Category::Open, Category::Waiting, Category::Resolved], ..Self::default() }
    }
    /// True when nothing that is over can be meant, so that the queue's index serves it.
    fn only_live(&self) -> bool {
        let over = |category: &Category| matches!(category, Category::Closed | Category::Void);
        !self.categories.is_empty() && !self.categories.iter().any(over)
    }
}

/// How a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By the nearest deadline; only what is live has one.
    Due,
    /// By when the customer came, newest first.
    Newest,
}

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

fn conditions(find: &mut db::Filter, filter: &Filter, reach: &Reach) {
    find.push(" WHERE TRUE");
    if filter.only_live() {
        find.push(" AND due_at IS NOT NULL");
    }
    let live = [Category::Open, Category::Waiting, Category::Resolved];
    // Said by due_at already.
    let says_nothing_more = filter.only_live() && live.iter().all(|category| filter.categories.contains(category));
    if !says_nothing_more {
        among(find, "category", &filter.categories);
    }
    among(find, "state", &filter.states);
    among(find, "kind", &filter.kinds);
    among(find, "priority", &filter.priorities);
    if let Some(owner) = filter.owner {
        find.bind(" AND owner_id = ?", args![owner]);
    }
    if filter.unowned {
        find.push(" AND owner_id IS NULL");
    }
    if let Some(store) = filter.store {
        find.bind(" AND store_id = ?", args![store]);
    }
    if let Some(customer) = filter.customer {
        find.bind(" AND customer_id = ?", args![customer]);
    }
    if let Some(before) = filter.due_before {
        find.bind(" AND due_at < ?", args![before]);
    }
    if let Some(from) = filter.due_from {
        find.bind(" AND due_at >= ?", args![from]);
    }
    if let Some(from) = filter.happened_from {
        find.bind(" AND happened_at >= ?", args![from]);
    }
    if let Some(before) = filter.happened_before {
        find.bind(" AND happened_at < ?", args![before]);
    }
    if let Some(ids) = &filter.ids {
        find.push(" AND ").bind_in("id", ids.iter().copied().map(Value::from));
    }
    find.reach(reach, "store_id", "team_id", "owner_id");
}

fn among<T: Copy + Into<Value>>(find: &mut db::Filter, column: &'static str, values: &[T]) {
    if !values.is_empty() {
        find.push(" AND ").bind_in(column, values.iter().copied().map(Into::into));
    }
}

/// Cases within `reach` that `filter` means, in `order`, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    order: Order,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CaseRow>, DbError> {
    let mut find = db::Filter::new(SELECT);
    conditions(&mut find, filter, reach);
    match order {
        Order::Due => {
            if let Some(after) = after {
                find.bind(" AND (due_at, id) > (?, ?)", args![after.key, after.id]);
            }
            find.push(" AND due_at IS NOT NULL ORDER BY due_at, id");
        }
        Order::Newest => {
            if let Some(after) = after {
                find.bind(" AND (happened_at, id) < (?, ?)", args![after.key, after.id]);
            }
            find.push(" ORDER BY happened_at DESC, id DESC");
        }
    }
    find.bind(" LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// How many cases within `reach` `filter` means.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach) -> Result<Tally, DbError> {
    let mut find = db::Filter::new("SELECT COUNT(*) FROM (SELECT id FROM service_case");
    conditions(&mut find, filter, reach);
    find.bind(" LIMIT ?) AS found", args![COUNTED + 1]);
    let n: i64 = tx.one(find.sql(), find.values()).await?.unwrap_or_default();
    Ok(Tally { n: n.min(COUNTED), more: n > COUNTED })
}

/// Waiting cases whose wake-up time has come, oldest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn overdue_waits(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Id<of::Case>>, DbError> {
    tx.all("SELECT id FROM service_case WHERE wait_until <= $1 ORDER BY wait_until, id LIMIT $2", args![now, limit])
        .await
}
