use std::collections::BTreeSet;

use db::{DbError, FromRow, Tx, Value, args};
use kernel::{Cursor, Id, Reach, Timestamp, of};

use super::case::NOTHING_RUNS;
use super::lines::{CaseRow, Exported, SELECT, SELECT_EXPORTED};
use crate::domain::{Category, Channel, Kind, Priority, StateName};

/// Which cases a list shows. Empty lists and `None` mean: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Cases of these groups.
    pub categories: Vec<Category>,
    /// Cases in these states.
    pub states: Vec<StateName>,
    /// Cases of these kinds.
    pub kinds: Vec<Kind>,
    /// Cases from these channels.
    pub channels: Vec<Channel>,
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
    /// Cases with this symptom, by its code.
    pub symptom: Option<String>,
    /// Cases in which this is found, by search; see the list's use case.
    pub text: Option<String>,
    /// Only these, as search found them.
    pub ids: Option<Vec<Id<of::Case>>>,
    /// Cases to which this happened in a stretch of time: the records behind a metric.
    pub measured: Option<Measured>,
}

/// What happened to cases between two instants, the first included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// What.
    pub what: Measure,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
}

/// What can have happened to a case. What happens more than once is known by its last time, plans by each of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Somebody took it on.
    Accepted,
    /// The customer first heard from a person.
    Answered,
    /// It was resolved.
    Resolved,
    /// It was closed.
    Closed,
    /// A plan was proposed.
    Proposed,
    /// The customer refused a plan.
    Declined,
}

impl Measure {
    /// The condition's beginning, its part for each end of the stretch, and its end.
    const fn conditions(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Accepted => (" AND accepted_at IS NOT NULL", " AND accepted_at >= ?", " AND accepted_at < ?", ""),
            Self::Answered => {
                (" AND first_answered_at IS NOT NULL", " AND first_answered_at >= ?", " AND first_answered_at < ?", "")
            }
            Self::Resolved => (" AND resolved_at IS NOT NULL", " AND resolved_at >= ?", " AND resolved_at < ?", ""),
            Self::Closed => (" AND closed_at IS NOT NULL", " AND closed_at >= ?", " AND closed_at < ?", ""),
            Self::Proposed => (
                " AND EXISTS (SELECT 1 FROM case_plan WHERE case_plan.case_id = service_case.id",
                " AND case_plan.proposed_at >= ?",
                " AND case_plan.proposed_at < ?",
                ")",
            ),
            Self::Declined => (
                " AND EXISTS (SELECT 1 FROM case_plan WHERE case_plan.case_id = service_case.id AND case_plan.state = 'declined'",
                " AND case_plan.decided_at >= ?",
                " AND case_plan.decided_at < ?",
                ")",
            ),
        }
    }
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

impl Order {
    /// Where a page that ends with `row` goes on.
    pub fn behind(self, row: &CaseRow) -> Cursor {
        let key = match self {
            Self::Due => row.due.map_or(NOTHING_RUNS, |due| due.at.millis()),
            Self::Newest => row.happened_at.millis(),
        };
        Cursor { key, id: row.id.get() }
    }
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

fn conditions(find: &mut db::Filter, filter: &Filter, part: &Part<'_>) {
    find.push(" WHERE TRUE");
    if filter.only_live() {
        find.push(" AND due_at IS NOT NULL");
    }
    let live = [Category::Open, Category::Waiting, Category::Resolved];
    // Said by due_at already.
    let says_nothing_more = filter.only_live() && live.iter().all(|category| filter.categories.contains(category));
    match one_state(&filter.categories) {
        // The index of live cases knows states.
        Some(state) if filter.states.is_empty() => among(find, "state", &[state]),
        _ if says_nothing_more => {}
        _ => among(find, "category", &filter.categories),
    }
    among(find, "state", &filter.states);
    among(find, "kind", &filter.kinds);
    among(find, "channel", &filter.channels);
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
    if let Some(symptom) = &filter.symptom {
        find.bind(
            " AND EXISTS (SELECT 1 FROM case_symptom WHERE case_symptom.case_id = service_case.id AND case_symptom.code = ?)",
            args![symptom],
        );
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
    if let Some(measured) = filter.measured {
        let (begin, from, before, end) = measured.what.conditions();
        find.push(begin);
        if let Some(at) = measured.from {
            find.bind(from, args![at]);
        }
        if let Some(at) = measured.before {
            find.bind(before, args![at]);
        }
        find.push(end);
        // It happened after the customer came: the walk through the cases by their coming begins there.
        if let Some(at) = measured.before {
            find.bind(" AND happened_at < ?", args![at]);
        }
    }
    if let Some(ids) = &filter.ids {
        find.push(" AND ").bind_in("id", ids.iter().copied().map(Value::from));
    }
    part.push(find);
}

/// Most parts that a reach is cut into; a wider one covers so much that walking the whole order finds a page soon.
const MOST_PARTS: usize = 64;

/// A part of a reach that one index serves in the list's order. A condition over several stores, or with OR, would make the
/// engines read and sort all cases of all of them for every page.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    /// Everything.
    Company,
    /// One store.
    Store(Id<of::Unit>),
    /// One team, beyond the stores of the reach.
    Team(Id<of::Unit>, &'a Reach),
    /// What the person owns, beyond stores and teams of the reach.
    Own(Id<of::User>, &'a Reach),
    /// The whole reach at once, where something else narrows the list. The plus keeps the engines from its indexes.
    Whole(&'a Reach),
}

impl Part<'_> {
    fn push(&self, find: &mut db::Filter) {
        match *self {
            Self::Company => {}
            Self::Store(store) => {
                find.bind(" AND store_id = ?", args![store]);
            }
            Self::Team(team, reach) => {
                find.bind(" AND team_id = ?", args![team]);
                beyond(find, "+store_id", &reach.stores);
                let earlier: BTreeSet<_> = reach.teams.range(..team).copied().collect();
                beyond(find, "+team_id", &earlier);
            }
            Self::Own(own, reach) => {
                find.bind(" AND owner_id = ?", args![own]);
                beyond(find, "+store_id", &reach.stores);
                if !reach.teams.is_empty() {
                    find.push(" AND (team_id IS NULL OR NOT ");
                    find.bind_in("+team_id", reach.teams.iter().copied().map(Value::from)).push(")");
                }
            }
            Self::Whole(reach) => {
                find.reach(reach, "+store_id", "+team_id", "+owner_id");
            }
        }
    }
}

fn beyond(find: &mut db::Filter, column: &'static str, units: &BTreeSet<Id<of::Unit>>) {
    if !units.is_empty() {
        find.push(" AND NOT ").bind_in(column, units.iter().copied().map(Value::from));
    }
}

/// Cuts `reach` so that no row is in two parts.
fn parts<'a>(filter: &Filter, reach: &'a Reach) -> Vec<Part<'a>> {
    if reach.company {
        return vec![Part::Company];
    }
    let narrow = filter.owner.is_some() || filter.store.is_some() || filter.customer.is_some() || filter.ids.is_some();
    let count = reach.stores.len() + reach.teams.len() + usize::from(reach.own.is_some());
    if narrow || count == 0 || count > MOST_PARTS {
        return vec![Part::Whole(reach)];
    }
    let stores = reach.stores.iter().map(|store| Part::Store(*store));
    let teams = reach.teams.iter().map(|team| Part::Team(*team, reach));
    stores.chain(teams).chain(reach.own.map(|own| Part::Own(own, reach))).collect()
}

/// The one state that the categories consist of, if they do.
const fn one_state(categories: &[Category]) -> Option<StateName> {
    match categories {
        [Category::Waiting] => Some(StateName::Waiting),
        [Category::Resolved] => Some(StateName::Resolved),
        _ => None,
    }
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
    rows(tx, SELECT, filter, order, reach, after, limit).await
}

/// The same with what only exports show.
///
/// # Errors
/// What the database says.
pub async fn export(
    tx: &mut Tx,
    filter: &Filter,
    order: Order,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Exported>, DbError> {
    rows(tx, SELECT_EXPORTED, filter, order, reach, after, limit).await
}

async fn rows<T: FromRow + Send>(
    tx: &mut Tx,
    select: &'static str,
    filter: &Filter,
    order: Order,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<T>, DbError> {
    let parts = parts(filter, reach);
    let mut find = db::Filter::new(if parts.len() > 1 { "SELECT * FROM (" } else { "" });
    for (n, part) in parts.iter().enumerate() {
        if parts.len() > 1 {
            find.push(if n > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
        }
        find.push(select);
        conditions(&mut find, filter, part);
        match (order, after) {
            (Order::Due, Some(after)) => find.bind(" AND (due_at, id) > (?, ?)", args![after.key, after.id]),
            (Order::Newest, Some(after)) => find.bind(" AND (happened_at, id) < (?, ?)", args![after.key, after.id]),
            (Order::Due | Order::Newest, None) => &mut find,
        };
        find.push(match order {
            Order::Due => " AND due_at IS NOT NULL ORDER BY due_at, id",
            Order::Newest => " ORDER BY happened_at DESC, id DESC",
        });
        find.bind(" LIMIT ?", args![limit]);
        if parts.len() > 1 {
            find.push(") AS part");
        }
    }
    if parts.len() > 1 {
        find.push(match order {
            Order::Due => ") AS page ORDER BY due_at, id",
            Order::Newest => ") AS page ORDER BY happened_at DESC, id DESC",
        });
        find.bind(" LIMIT ?", args![limit]);
    }
    tx.all(find.sql(), find.values()).await
}

/// How many cases within `reach` `filter` means.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach) -> Result<Tally, DbError> {
    let mut find = db::Filter::new("SELECT COUNT(*) FROM (");
    for (n, part) in parts(filter, reach).iter().enumerate() {
        find.push(if n > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
        find.push("SELECT id FROM service_case");
        conditions(&mut find, filter, part);
        find.bind(" LIMIT ?) AS part", args![COUNTED + 1]);
    }
    find.bind(" LIMIT ?) AS found", args![COUNTED + 1]);
    let n: i64 = tx.one(find.sql(), find.values()).await?.unwrap_or_default();
    Ok(Tally { n: n.min(COUNTED), more: n > COUNTED })
}

/// How many cases within `reach` `filter` means, all of them.
///
/// # Errors
/// What the database says.
pub async fn count_all(tx: &mut Tx, filter: &Filter, reach: &Reach) -> Result<i64, DbError> {
    let mut find = db::Filter::new("SELECT COUNT(*) FROM service_case");
    conditions(&mut find, filter, &Part::Whole(reach));
    Ok(tx.one(find.sql(), find.values()).await?.unwrap_or_default())
}

/// Waiting cases whose wake-up time has come, oldest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn overdue_waits(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Id<of::Case>>, DbError> {
    tx.all("SELECT id FROM service_case WHERE wait_until <= $1 ORDER BY wait_until, id LIMIT $2", args![now, limit])
        .await
}
