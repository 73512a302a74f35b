use db::{DbError, Filter as Sql, Tx, args};
use kernel::{Cursor, Id, Reach, Timestamp, of};

use super::rows::{Approval, columns};
use crate::domain::{Limit, Show, State};

/// Where and how far the reader can answer questions of one kind, in the own or somebody else's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Power {
    /// Where.
    pub unit: Id<of::Unit>,
    /// Which kind; none = every kind that `not` does not name.
    pub kind: Option<String>,
    /// Kinds that have limits of their own.
    pub not: Vec<String>,
    /// How far.
    pub limit: Limit,
    /// In whose name.
    pub person: Id<of::User>,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Which.
    pub show: Show,
    /// Who reads.
    pub me: Id<of::User>,
    /// What the reader can answer.
    pub powers: Vec<Power>,
    /// What the reader sees.
    pub reach: Reach,
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Asked, or decided, from then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
}

/// By what a list is ordered.
struct Order {
    column: &'static str,
    from: &'static str,
    before: &'static str,
    behind: &'static str,
    by: &'static str,
}

const DUE: Order = Order {
    column: "due_at",
    from: " AND due_at >= ?",
    before: " AND due_at < ?",
    behind: " AND (due_at, id) > (?, ?)",
    by: " ORDER BY due_at, id",
};
const ASKED: Order = Order {
    column: "asked_at",
    from: " AND asked_at >= ?",
    before: " AND asked_at < ?",
    behind: " AND (asked_at, id) < (?, ?)",
    by: " ORDER BY asked_at DESC, id DESC",
};
/// One's own questions: those that wait before those that are over, each the newest first. The index of migration 0049 has the same words.
const OWN: Order = Order {
    column: "own",
    from: " AND asked_at >= ?",
    before: " AND asked_at < ?",
    behind: " AND ((CASE WHEN state = 'asked' THEN asked_at + 4503599627370496 ELSE asked_at END), id) < (?, ?)",
    by: " ORDER BY (CASE WHEN state = 'asked' THEN asked_at + 4503599627370496 ELSE asked_at END) DESC, id DESC",
};
/// What puts open questions before all others: more milliseconds than any date has.
const AHEAD: i64 = 4_503_599_627_370_496;
const DECIDED: Order = Order {
    column: "decided_at",
    from: " AND decided_at >= ?",
    before: " AND decided_at < ?",
    behind: " AND (decided_at, id) < (?, ?)",
    by: " ORDER BY decided_at DESC, id DESC",
};
const PASSED: Order = Order {
    column: "passed_at",
    from: " AND passed_at >= ?",
    before: " AND passed_at < ?",
    behind: " AND (passed_at, id) < (?, ?)",
    by: " ORDER BY passed_at DESC, id DESC",
};

const fn order(show: Show) -> &'static Order {
    match show {
        Show::Mine => &DUE,
        Show::Asked => &OWN,
        Show::All => &ASKED,
        Show::Decided | Show::Granted | Show::Answered => &DECIDED,
        Show::Passed => &PASSED,
    }
}

impl Filter {
    /// The sort key of a row, for the cursor behind it.
    pub fn key(&self, row: &Approval) -> Timestamp {
        match order(self.show).column {
            "due_at" => row.due_at,
            "asked_at" => row.asked_at,
            "own" if row.state == State::Asked => row.asked_at.plus(AHEAD),
            "own" => row.asked_at,
            "passed_at" => row.passed_at.unwrap_or(row.asked_at),
            _ => row.decided_at.unwrap_or(row.asked_at),
        }
    }

    fn narrow(&self, query: &mut Sql) {
        match self.show {
            Show::Mine => self.mine(query),
            Show::Asked => {
                query.bind("asked_by = ?", args![self.me]);
            }
            Show::Decided => self.seen(query, "decided_at IS NOT NULL"),
            Show::All => self.seen(query, "1 = 1"),
            Show::Granted => self.seen(query, "decided_at IS NOT NULL AND state = 'granted'"),
            Show::Answered => self.seen(query, "decided_at IS NOT NULL AND in_time IS NOT NULL"),
            Show::Passed => self.seen(query, "passed_at IS NOT NULL"),
        }
        let order = order(self.show);
        if let Some(at) = self.from {
            query.bind(order.from, args![at]);
        }
        if let Some(at) = self.before {
            query.bind(order.before, args![at]);
        }
        if let Some(kind) = &self.kind {
            query.bind(" AND kind = ?", args![kind]);
        }
        if let Some(store) = self.store {
            query.bind(" AND store_id = ?", args![store]);
        }
    }

    fn seen(&self, query: &mut Sql, which: &'static str) {
        query.push(which).reach(&self.reach, "store_id", "store_id", "asked_by");
    }

    /// What the reader can answer: never what the reader asked or has signed, nor what was asked or signed by the one in whose
    /// name the reader would answer. The same rule as `domain::seats`.
    fn mine(&self, query: &mut Sql) {
        query.bind("state = 'asked' AND asked_by <> ?", args![self.me]);
        signed_not(query, self.me);
        query.push(" AND (FALSE");
        for power in &self.powers {
            query.bind(" OR (unit_id = ? AND asked_by <> ?", args![power.unit, power.person]);
            if let Some(kind) = &power.kind {
                query.bind(" AND kind = ?", args![kind]);
            }
            for kind in &power.not {
                query.bind(" AND kind <> ?", args![kind]);
            }
            if let Limit::UpTo(most) = power.limit {
                query.bind(" AND extra_fen <= ?", args![most]);
            }
            if power.person != self.me {
                signed_not(query, power.person);
            }
            query.push(")");
        }
        query.push(")");
    }
}

fn signed_not(query: &mut Sql, person: Id<of::User>) {
    query.bind(
        " AND NOT EXISTS (SELECT 1 FROM approval_step s WHERE s.approval_id = approval.id AND s.what = 'granted'
          AND (s.user_id = ? OR s.in_name_of = ?))",
        args![person, person],
    );
}

/// At most `limit` questions, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut Tx, filter: &Filter, after: Option<Cursor>, limit: i64) -> Result<Vec<Approval>, DbError> {
    let mut query = Sql::new(concat!("SELECT ", columns!(), " FROM approval WHERE "));
    filter.narrow(&mut query);
    let order = order(filter.show);
    if let Some(cursor) = after {
        query.bind(order.behind, args![cursor.key, cursor.id]);
    }
    query.push(order.by).bind(" LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT id FROM approval WHERE ");
    filter.narrow(&mut query);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}
