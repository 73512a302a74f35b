use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Id, Place, Placed, Reach, of, words};

use super::rows::{Return, columns};
use crate::domain::{State, Way};

words! {
    /// Which returns a list shows.
    pub enum Show {
        /// What is not over.
        Open = "open",
        /// Of these, mine.
        Mine = "mine",
        /// Something waits for a yes.
        Asked = "asked",
        /// Confirmed money that has not left.
        Unpaid = "unpaid",
        /// What is over.
        Over = "over",
        /// All.
        All = "all",
    }
}

impl Show {
    /// As tabs.
    pub const TABS: [Self; 6] = [Self::Open, Self::Mine, Self::Asked, Self::Unpaid, Self::Over, Self::All];
}

/// Which returns are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Which of them.
    pub show: Show,
    /// In this state.
    pub state: Option<State>,
    /// This way.
    pub way: Option<Way>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Of this case.
    pub case: Option<Id<of::Case>>,
    /// Who reads.
    pub reader: Option<Id<of::User>>,
    /// Only these, as search found them.
    pub ids: Option<Vec<i64>>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { show: Show::Open, state: None, way: None, store: None, case: None, reader: None, ids: None }
    }
}

/// A return as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The return.
    pub one: Return,
    /// What its first line is.
    pub goods: String,
    /// How many lines it has.
    pub lines: i64,
    /// All money of it, in fen.
    pub amount: i64,
    /// Part of it waits for a yes.
    pub asked: bool,
    /// Whose it is.
    pub customer: Option<String>,
}

impl Placed for Listed {
    fn place(&self) -> Place {
        self.one.place()
    }
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        let c = &mut columns;
        let one = Return::read(c)?;
        let (goods, lines, amount, asked): (Option<String>, i64, i64, i64) =
            (c.next()?, c.next()?, c.next()?, c.next()?);
        Ok(Self { one, goods: goods.unwrap_or_default(), lines, amount, asked: asked > 0, customer: c.next()? })
    }
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push("1 = 1");
        query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
        match self.show {
            Show::Open => query.push(" AND p.state = 'open'"),
            Show::Mine => query.bind(" AND p.state = 'open' AND p.owner_id = ?", args![self.reader]),
            Show::Asked => query.push(
                " AND p.state = 'open' AND EXISTS (SELECT 1 FROM return_payment m WHERE m.return_id = p.id AND m.state = 'asked')",
            ),
            Show::Unpaid => query.push(
                " AND p.state = 'open' AND EXISTS (SELECT 1 FROM return_payment m WHERE m.return_id = p.id AND m.state = 'confirmed')",
            ),
            Show::Over => query.push(" AND p.state <> 'open'"),
            Show::All => query,
        };
        if let Some(state) = self.state {
            query.bind(" AND p.state = ?", args![state]);
        }
        if let Some(way) = self.way {
            query.bind(" AND p.way = ?", args![way]);
        }
        if let Some(store) = self.store {
            query.bind(" AND p.store_id = ?", args![store]);
        }
        if let Some(case) = self.case {
            query.bind(" AND p.case_id = ?", args![case]);
        }
        if let Some(ids) = &self.ids {
            query.push(" AND ").bind_in("p.id", ids.iter().copied().map(db::Value::from));
        }
    }
}

/// At most `limit` returns that `reach` covers, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Listed>, DbError> {
    let mut query = Sql::new(concat!(
        "SELECT ",
        columns!(),
        ", (SELECT l.name FROM return_line l WHERE l.return_id = p.id AND l.seq = 1),
        (SELECT COUNT(*) FROM return_line l WHERE l.return_id = p.id),
        (SELECT CAST(COALESCE(SUM(m.amount_fen), 0) AS BIGINT) FROM return_payment m WHERE m.return_id = p.id AND m.part <> 'grant'
            AND m.state NOT IN ('declined', 'void')),
        (SELECT COUNT(*) FROM return_payment m WHERE m.return_id = p.id AND m.state = 'asked'),
        (SELECT c.name FROM customer c WHERE c.id = p.customer_id) FROM product_return p WHERE "
    ));
    filter.narrow(&mut query, reach);
    if let Some(after) = after {
        query.bind(" AND p.id < ?", args![after]);
    }
    query.bind(" ORDER BY p.id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many returns that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT p.id FROM product_return p WHERE ");
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}
