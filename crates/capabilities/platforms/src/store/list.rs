use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Id, Place, Placed, Reach, Timestamp, of, words};
use parties::store::ShopId;

use super::rows::{Order, columns};
use crate::domain::{Kind, State};

words! {
    /// Which orders a list shows.
    pub enum Show {
        /// We have to do something.
        Todo = "todo",
        /// Of these, the deadline is near or past.
        Near = "near",
        /// It is for the buyer.
        Waiting = "waiting",
        /// The platform decides.
        Intervention = "intervention",
        /// What is over.
        Over = "over",
        /// All.
        All = "all",
    }
}

/// Which orders are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Which of them.
    pub show: Show,
    /// In this state.
    pub state: Option<State>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// On this platform.
    pub platform: Option<String>,
    /// In this shop.
    pub shop: Option<Id<ShopId>>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Applied for from here on.
    pub from: Option<Timestamp>,
    /// And before.
    pub before: Option<Timestamp>,
    /// Only these, as search found them.
    pub ids: Option<Vec<i64>>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            show: Show::Todo,
            state: None,
            kind: None,
            platform: None,
            shop: None,
            store: None,
            from: None,
            before: None,
            ids: None,
        }
    }
}

/// An order as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The order.
    pub one: Order,
    /// The shop's name.
    pub shop: String,
    /// The number of its case.
    pub case: String,
    /// The number of its return.
    pub of: Option<String>,
    /// From when its nearest deadline counts.
    pub due_from: Option<Timestamp>,
}

impl Placed for Listed {
    fn place(&self) -> Place {
        self.one.place()
    }
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let one = Order::read(&mut c)?;
        Ok(Self { one, shop: c.next()?, case: c.next()?, of: c.next()?, due_from: c.next()? })
    }
}

/// Milliseconds before a deadline from which it is near.
const NEAR: i64 = 12 * 3_600_000;

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach, now: Timestamp) {
        query.push("1 = 1");
        query.reach(reach, "o.store_id", "o.team_id", "o.owner_id");
        match self.show {
            Show::Todo => query.push(" AND o.state IN ('applied', 'shipped', 'settling', 'intervention')"),
            Show::Near => query.bind(
                " AND o.state IN ('applied', 'shipped', 'settling', 'intervention') AND o.due_at IS NOT NULL AND o.due_at <= ?",
                args![now.plus(NEAR)],
            ),
            Show::Waiting => query.push(" AND o.state IN ('returning', 'refused')"),
            Show::Intervention => query.push(" AND o.state = 'intervention'"),
            Show::Over => query.push(" AND o.state IN ('completed', 'closed')"),
            Show::All => query,
        };
        if let Some(state) = self.state {
            query.bind(" AND o.state = ?", args![state]);
        }
        if let Some(kind) = self.kind {
            query.bind(" AND o.kind = ?", args![kind]);
        }
        if let Some(platform) = &self.platform {
            query.bind(" AND o.platform = ?", args![platform.clone()]);
        }
        if let Some(shop) = self.shop {
            query.bind(" AND o.shop_id = ?", args![shop]);
        }
        if let Some(store) = self.store {
            query.bind(" AND o.store_id = ?", args![store]);
        }
        if let Some(from) = self.from {
            query.bind(" AND o.applied_at >= ?", args![from]);
        }
        if let Some(before) = self.before {
            query.bind(" AND o.applied_at < ?", args![before]);
        }
        if let Some(ids) = &self.ids {
            query.push(" AND ").bind_in("o.id", ids.iter().copied().map(db::Value::from));
        }
    }
}

/// At most `limit` orders that `reach` covers, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    now: Timestamp,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Listed>, DbError> {
    let mut query = Sql::new(concat!(
        "SELECT ",
        columns!(),
        ", s.name, c.number, (SELECT p.number FROM product_return p WHERE p.id = o.return_id),
            (SELECT MAX(k.from_at) FROM platform_clock k WHERE k.order_id = o.id AND k.outcome IS NULL)
         FROM platform_order o JOIN platform_shop s ON s.id = o.shop_id JOIN service_case c ON c.id = o.case_id WHERE "
    ));
    filter.narrow(&mut query, reach, now);
    if let Some(after) = after {
        query.bind(" AND o.id < ?", args![after]);
    }
    query.bind(" ORDER BY o.id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many orders that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, now: Timestamp, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT o.id FROM platform_order o WHERE ");
    filter.narrow(&mut query, reach, now);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}
