use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Day, Id, Money, Place, Placed, Reach, Timestamp, of, words};

use super::rows::{Claim, columns};
use crate::domain::{AGES, State};

words! {
    /// Which claims a list shows.
    pub enum Show {
        /// To be sent.
        Open = "open",
        /// Of these, the cut-off is near or past.
        Near = "near",
        /// With the maker.
        Sent = "sent",
        /// The money is to come.
        Accepted = "accepted",
        /// The maker said no.
        Refused = "refused",
        /// What is over.
        Over = "over",
        /// All.
        All = "all",
    }
}

impl Show {
    /// As tabs.
    pub const TABS: [Self; 7] =
        [Self::Open, Self::Near, Self::Sent, Self::Accepted, Self::Refused, Self::Over, Self::All];
}

/// Which claims are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Which of them.
    pub show: Show,
    /// In this state.
    pub state: Option<State>,
    /// On this maker.
    pub maker: Option<String>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Receivable for so long: 0 to 3, as [`AGES`] cuts.
    pub age: Option<i64>,
    /// Opened, or over where what is over is shown, from here on.
    pub from: Option<Timestamp>,
    /// And before.
    pub before: Option<Timestamp>,
    /// Only these, as search found them.
    pub ids: Option<Vec<i64>>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { show: Show::Open, state: None, maker: None, store: None, age: None, from: None, before: None, ids: None }
    }
}

/// A claim as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The claim.
    pub one: Claim,
    /// The number of the return behind it.
    pub of: Option<String>,
}

impl Placed for Listed {
    fn place(&self) -> Place {
        self.one.place()
    }
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        let one = Claim::read(&mut columns)?;
        Ok(Self { one, of: columns.next()? })
    }
}

/// The days between which a receivable of this age was sent: after the first, up to the second.
fn sent_between(age: i64, today: Day) -> (Option<Day>, Option<Day>) {
    let [first, second, third] = AGES.map(|days| today.plus(-days));
    match age {
        0 => (Some(first.plus(-1)), None),
        1 => (Some(second.plus(-1)), Some(first.plus(-1))),
        2 => (Some(third.plus(-1)), Some(second.plus(-1))),
        _ => (None, Some(third.plus(-1))),
    }
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach, today: Day) {
        query.push("1 = 1");
        query.reach(reach, "c.store_id", "c.team_id", "c.owner_id");
        match self.show {
            Show::Open => query.push(" AND c.state = 'open'"),
            Show::Near => query.bind(" AND c.state = 'open' AND c.due_on IS NOT NULL AND c.warn_on <= ?", args![today]),
            Show::Sent => query.push(" AND c.state = 'sent'"),
            Show::Accepted => query.push(" AND c.state = 'accepted'"),
            Show::Refused => query.push(" AND c.state = 'refused'"),
            Show::Over => query.push(" AND c.state IN ('credited', 'written_off', 'withdrawn')"),
            Show::All => query,
        };
        if let Some(state) = self.state {
            query.bind(" AND c.state = ?", args![state]);
        }
        if let Some(maker) = &self.maker {
            query.bind(" AND c.maker = ?", args![maker.clone()]);
        }
        if let Some(store) = self.store {
            query.bind(" AND c.store_id = ?", args![store]);
        }
        if let Some(age) = self.age {
            query.push(" AND c.state IN ('sent', 'accepted', 'refused')");
            let (after, up_to) = sent_between(age, today);
            if let Some(after) = after {
                query.bind(" AND c.sent_on > ?", args![after]);
            }
            if let Some(up_to) = up_to {
                query.bind(" AND c.sent_on <= ?", args![up_to]);
            }
        }
        let over = self.show == Show::Over;
        if let Some(from) = self.from {
            query.bind(if over { " AND c.ended_at >= ?" } else { " AND c.opened_at >= ?" }, args![from]);
        }
        if let Some(before) = self.before {
            query.bind(if over { " AND c.ended_at < ?" } else { " AND c.opened_at < ?" }, args![before]);
        }
        if let Some(ids) = &self.ids {
            query.push(" AND ").bind_in("c.id", ids.iter().copied().map(db::Value::from));
        }
    }
}

/// At most `limit` claims that `reach` covers, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    today: Day,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Listed>, DbError> {
    let mut query = Sql::new(concat!(
        "SELECT ",
        columns!(),
        ", (SELECT p.number FROM product_return p WHERE p.id = c.return_id) FROM claim c WHERE "
    ));
    filter.narrow(&mut query, reach, today);
    if let Some(after) = after {
        query.bind(" AND c.id < ?", args![after]);
    }
    query.bind(" ORDER BY c.id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many claims that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, today: Day, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT c.id FROM claim c WHERE ");
    filter.narrow(&mut query, reach, today);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}

/// What a maker owes, by age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receivable {
    /// The maker.
    pub maker: String,
    /// Up to 30, 60, 90 days, and more.
    pub ages: [Money; 4],
    /// All of it.
    pub total: Money,
    /// How many claims.
    pub claims: i64,
}

impl FromRow for Receivable {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            maker: c.next()?,
            ages: [c.next()?, c.next()?, c.next()?, c.next()?],
            total: c.next()?,
            claims: c.next()?,
        })
    }
}

/// What each maker owes within `reach`, the largest first.
///
/// # Errors
/// What the database says.
pub async fn receivables(tx: &mut Tx, reach: &Reach, today: Day) -> Result<Vec<Receivable>, DbError> {
    let [first, second, third] = AGES.map(|days| today.plus(-days));
    let mut query = Sql::new("SELECT c.maker");
    query.bind(
        ", CAST(SUM(CASE WHEN c.sent_on >= ? THEN c.claimed_fen - c.credited_fen - c.written_fen ELSE 0 END) AS BIGINT)",
        args![first],
    );
    query.bind(
        ", CAST(SUM(CASE WHEN c.sent_on >= ? AND c.sent_on < ? THEN c.claimed_fen - c.credited_fen - c.written_fen ELSE 0 END) AS BIGINT)",
        args![second, first],
    );
    query.bind(
        ", CAST(SUM(CASE WHEN c.sent_on >= ? AND c.sent_on < ? THEN c.claimed_fen - c.credited_fen - c.written_fen ELSE 0 END) AS BIGINT)",
        args![third, second],
    );
    query.bind(
        ", CAST(SUM(CASE WHEN c.sent_on < ? THEN c.claimed_fen - c.credited_fen - c.written_fen ELSE 0 END) AS BIGINT)",
        args![third],
    );
    query.push(
        ", CAST(SUM(c.claimed_fen - c.credited_fen - c.written_fen) AS BIGINT), COUNT(*) FROM claim c
         WHERE c.state IN ('sent', 'accepted', 'refused')",
    );
    query.reach(reach, "c.store_id", "c.team_id", "c.owner_id");
    query.push(" GROUP BY c.maker ORDER BY 6 DESC, c.maker LIMIT 500");
    tx.all(query.sql(), query.values()).await
}

/// The makers of what was sold, and those on whom there are claims.
///
/// # Errors
/// What the database says.
pub async fn makers(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT brand FROM product WHERE brand <> '' AND active UNION SELECT maker FROM claim_term UNION SELECT maker FROM claim
             ORDER BY 1 LIMIT 1000",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(maker,)| maker).collect())
}
