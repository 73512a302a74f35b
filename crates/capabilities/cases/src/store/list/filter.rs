use db::{Value, args};
use kernel::{Id, Timestamp, of};

use super::part::Part;
use crate::domain::{Category, Channel, Kind, Priority, Stage, StateName};

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
    /// Cases that came by this registered channel.
    pub via: Option<Id<of::Channel>>,
    /// Cases of these priorities.
    pub priorities: Vec<Priority>,
    /// Cases that one of these has.
    pub owners: Vec<Id<of::User>>,
    /// Cases that nobody has; with owners: those, too.
    pub unowned: bool,
    /// Cases of these stores.
    pub stores: Vec<Id<of::Unit>>,
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
    /// Cases about goods of these kinds, by their codes.
    pub goods: Vec<String>,
    /// Cases behind which one of these lay, by their codes.
    pub causes: Vec<String>,
    /// Cases with this symptom, by its code.
    pub symptom: Option<String>,
    /// Of what is over only what came at or after; what is not over, whenever it came.
    pub since: Option<Timestamp>,
    /// Cases whose customer is upset, or is not.
    pub upset: Option<bool>,
    /// Cases in which this is found, by search; see the list's use case.
    pub text: Option<String>,
    /// Only these, as search found them.
    pub ids: Option<Vec<Id<of::Case>>>,
    /// What happened to cases in a stretch of time: the records behind a metric, each as often as it counts.
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
    /// Deadlines of this stage only.
    pub stage: Option<Stage>,
}

/// What can have happened to a case. The last time of most is a column of the case; what happens more than once, and the
/// earlier times of a case that was opened again, are marks of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Somebody took it on.
    Accepted,
    /// The customer first heard from a person.
    Answered,
    /// It was resolved, the first time or again.
    Resolved,
    /// It was resolved for the first time.
    FirstResolved,
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// A plan was proposed.
    Proposed,
    /// The customer refused a plan.
    Declined,
    /// A deadline was missed.
    Missed,
    /// A deadline ended, met or missed.
    Deadlines,
}

/// A column of instants, as the fragments that statements are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instants {
    /// What rows are selected with: the sort key, what breaks its ties, and which of several happenings it was; and from where.
    pub select: &'static str,
    /// What always holds.
    pub always: &'static str,
    pub from: &'static str,
    pub before: &'static str,
    pub behind: &'static str,
    pub ahead: &'static str,
    pub upwards: &'static str,
    pub downwards: &'static str,
    /// Where the row's store stands for what is narrowed to stores.
    pub store: &'static str,
    /// Which deadline it was, where that is known.
    pub stage: Option<&'static str>,
}

macro_rules! instants {
    ($column:literal, $always:literal) => {
        Instants {
            select: concat!(", ", $column, " AS sort_key, id AS sort_id, '' AS stage FROM service_case WHERE TRUE"),
            always: $always,
            from: concat!(" AND ", $column, " >= ?"),
            before: concat!(" AND ", $column, " < ?"),
            behind: concat!(" AND (", $column, ", id) > (?, ?)"),
            ahead: concat!(" AND (", $column, ", id) < (?, ?)"),
            upwards: concat!(" ORDER BY ", $column, ", id"),
            downwards: concat!(" ORDER BY ", $column, " DESC, id DESC"),
            store: " AND store_id = ?",
            stage: None,
        }
    };
}
macro_rules! marks {
    ($always:literal) => {
        Instants {
            select: ", mark_at AS sort_key, mark_id AS sort_id, mark_stage AS stage FROM case_mark JOIN service_case ON id = mark_case
                WHERE TRUE",
            always: $always,
            from: " AND mark_at >= ?",
            before: " AND mark_at < ?",
            behind: " AND (mark_at, mark_id) > (?, ?)",
            ahead: " AND (mark_at, mark_id) < (?, ?)",
            upwards: " ORDER BY mark_at, mark_id",
            downwards: " ORDER BY mark_at DESC, mark_id DESC",
            store: " AND mark_store = ?",
            stage: Some(" AND mark_stage = ?"),
        }
    };
}

pub(super) const DUE: Instants = instants!("due_at", " AND due_at IS NOT NULL");
pub(super) const CAME: Instants = instants!("happened_at", "");

impl Measure {
    /// Where it is found; each has its index by store and instant.
    pub(super) const fn sources(self) -> &'static [Instants] {
        const ACCEPTED: Instants = instants!("accepted_at", " AND accepted_at IS NOT NULL");
        const ANSWERED: Instants = instants!("first_answered_at", " AND first_answered_at IS NOT NULL");
        const RESOLVED: Instants = instants!("resolved_at", " AND resolved_at IS NOT NULL");
        const RESOLVED_ONCE: Instants = instants!("resolved_at", " AND resolved_at IS NOT NULL AND reopened = 0");
        const CLOSED: Instants = instants!("closed_at", " AND closed_at IS NOT NULL");
        match self {
            Self::Accepted => &[ACCEPTED],
            Self::Answered => &[ANSWERED],
            Self::Resolved => {
                &[RESOLVED, marks!(" AND mark = 'resolved_first'"), marks!(" AND mark = 'resolved_again'")]
            }
            Self::FirstResolved => &[RESOLVED_ONCE, marks!(" AND mark = 'resolved_first'")],
            Self::Closed => &[CLOSED, marks!(" AND mark = 'closed'")],
            Self::Reopened => &[marks!(" AND mark = 'reopened'")],
            Self::Proposed => &[marks!(" AND mark = 'proposed'")],
            Self::Declined => &[marks!(" AND mark = 'declined'")],
            Self::Missed => &[marks!(" AND mark = 'missed'")],
            Self::Deadlines => &[marks!(" AND mark = 'missed'"), marks!(" AND mark = 'met'")],
        }
    }
}

impl Filter {
    /// What is not over.
    pub fn live() -> Self {
        Self { categories: vec![Category::Open, Category::Waiting, Category::Resolved], ..Self::default() }
    }
    /// True when nothing that is over can be meant, so that the queue's index serves it.
    pub(super) fn only_live(&self) -> bool {
        let over = |category: &Category| matches!(category, Category::Closed | Category::Void);
        !self.categories.is_empty() && !self.categories.iter().any(over)
    }
    /// Where its cases are found when no order is asked for.
    pub(super) const fn sources(&self) -> &'static [Instants] {
        const ANYHOW: &[Instants] = &[CAME];
        match self.measured {
            Some(measured) => measured.what.sources(),
            None => ANYHOW,
        }
    }
    /// The filter in one or two, newest first, each of which one walk along an index serves: all of the last days, and of the
    /// time before what is still live.
    pub(super) fn halves(&self) -> Vec<Self> {
        let whole = Self { since: None, ..self.clone() };
        let Some(since) = self.since.filter(|_| !self.only_live() && self.measured.is_none()) else {
            return vec![whole];
        };
        let live = Self::live().categories;
        let categories: Vec<_> = match self.categories.is_empty() {
            true => live,
            false => live.into_iter().filter(|category| self.categories.contains(category)).collect(),
        };
        let recent = Self { happened_from: self.happened_from.max(Some(since)), ..whole.clone() };
        if categories.is_empty() {
            return vec![recent];
        }
        let before = self.happened_before.map_or(since, |at| at.min(since));
        vec![recent, Self { categories, happened_before: Some(before), ..whole }]
    }
    /// True when few cases are meant, whatever the reach.
    pub(super) fn narrow(&self) -> bool {
        !self.owners.is_empty() || self.customer.is_some() || self.ids.is_some()
    }

    /// Adds the conditions, except those on instants that a walk begins with, and `part`.
    pub(super) fn conditions(&self, find: &mut db::Filter, by: &Instants, part: &Part<'_>) {
        find.push(by.always);
        if self.only_live() && self.measured.is_none() {
            find.push(" AND due_at IS NOT NULL");
        }
        let live = [Category::Open, Category::Waiting, Category::Resolved];
        // Said by due_at already.
        let says_nothing_more = self.only_live() && live.iter().all(|category| self.categories.contains(category));
        match one_state(&self.categories) {
            // The index of live cases knows states.
            Some(state) if self.states.is_empty() => among(find, "state", &[state]),
            _ if says_nothing_more && self.measured.is_none() => {}
            _ => among(find, "category", &self.categories),
        }
        among(find, "state", &self.states);
        among(find, "kind", &self.kinds);
        among(find, "channel", &self.channels);
        among(find, "priority", &self.priorities);
        match (self.owners.is_empty(), self.unowned) {
            (true, false) => {}
            (true, true) => {
                find.push(" AND owner_id IS NULL");
            }
            (false, false) => among(find, "owner_id", &self.owners),
            (false, true) => {
                find.push(" AND (owner_id IS NULL OR ");
                find.bind_in("owner_id", self.owners.iter().copied().map(Value::from)).push(")");
            }
        }
        if let Some(customer) = self.customer {
            find.bind(" AND customer_id = ?", args![customer]);
        }
        if !self.causes.is_empty() {
            find.push(" AND ").bind_in("cause", self.causes.iter().cloned().map(Value::from));
        }
        if !self.goods.is_empty() {
            find.push(" AND EXISTS (SELECT 1 FROM case_intake WHERE case_intake.case_id = service_case.id AND ");
            find.bind_in("case_intake.category", self.goods.iter().cloned().map(Value::from)).push(")");
        }
        if let Some(via) = self.via {
            find.bind(" AND via_id = ?", args![via]);
        }
        if let Some(upset) = self.upset {
            find.push(if upset { " AND upset" } else { " AND NOT upset" });
        }
        if let Some(symptom) = &self.symptom {
            find.bind(
                " AND EXISTS (SELECT 1 FROM case_symptom WHERE case_symptom.case_id = service_case.id AND case_symptom.code = ?)",
                args![symptom.clone()],
            );
        }
        if let Some(before) = self.due_before {
            find.bind(" AND due_at < ?", args![before]);
        }
        if let Some(from) = self.due_from {
            find.bind(" AND due_at >= ?", args![from]);
        }
        if let Some(from) = self.happened_from {
            find.bind(" AND happened_at >= ?", args![from]);
        }
        if let Some(before) = self.happened_before {
            find.bind(" AND happened_at < ?", args![before]);
        }
        if let Some(measured) = self.measured {
            if let Some(at) = measured.from {
                find.bind(by.from, args![at]);
            }
            if let Some(at) = measured.before {
                find.bind(by.before, args![at]);
            }
            if let (Some(stage), Some(sql)) = (measured.stage, by.stage) {
                find.bind(sql, args![stage.as_str()]);
            }
        }
        if let Some(ids) = &self.ids {
            find.push(" AND ").bind_in("id", ids.iter().copied().map(Value::from));
        }
        part.push(find, by);
    }
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
