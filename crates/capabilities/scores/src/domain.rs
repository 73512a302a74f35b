//! What is stored of a score, and which units have one; without any I/O.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use identity::{Directory, Unit, UnitKind};
use kernel::{Day, Id, Timestamp, of};
use metrics::MetricDef;
use scoring::{Ends, Evidence, Item, Points, Scheme, SchemeError, Schemes, State, score};
use serde::{Deserialize, Serialize};

/// The scheme that the pages show.
pub const SCHEME: &str = "gbt27922";

/// Counts over records that a scheme may name.
pub const FACTS: [&str; 5] =
    ["cases_with_customer_and_product", "complaints_on_file", "sales_with_terms", "warranty_by_law", "warranty_shown"];

/// Those that are counted by store and day.
pub(crate) const BY_DAY: [&str; 3] = ["cases_with_customer_and_product", "complaints_on_file", "sales_with_terms"];
/// Those that are counted over goods.
pub(crate) const OF_GOODS: [&str; 2] = ["warranty_by_law", "warranty_shown"];

/// Roles that manage service: of them some have to be certified.
const MANAGERS: [&str; 3] = ["store_manager", "region_manager", "headquarters_quality"];

static BOOK: LazyLock<Result<Schemes, SchemeError>> =
    LazyLock::new(|| Schemes::new(vec![Scheme::gbt27922()?, Scheme::patrol()?]));

/// The version of the scheme that is in force on `day`.
pub fn scheme(day: Day) -> Option<&'static Scheme> {
    BOOK.as_ref().ok()?.on(SCHEME, day.date())
}

/// Whether every number that the schemes name exists.
///
/// # Errors
/// The indicator and what it names.
pub fn check(metrics: &[MetricDef]) -> Result<(), SchemeError> {
    for one in BOOK.as_ref().map_err(Clone::clone)?.iter() {
        check_one(one, metrics)?;
    }
    Ok(())
}

/// Whether every number that `scheme` names exists.
///
/// # Errors
/// The indicator and what it names.
pub fn check_one(scheme: &Scheme, metrics: &[MetricDef]) -> Result<(), SchemeError> {
    let known = |id: &str, dimension: Option<&str>| {
        metrics.iter().any(|one| {
            one.id == id && readable(one) && dimension.is_none_or(|dimension| one.dimensions.contains(&dimension))
        })
    };
    scheme.check(known, |fact| FACTS.contains(&fact))
}

/// The schemes that came with the program and stand on `day`, the standard first.
pub fn shipped(day: Day) -> Vec<&'static Scheme> {
    let stand = |scheme: &&Scheme| scheme.from <= day.date() && scheme.until.is_none_or(|until| day.date() <= until);
    let mut all: Vec<_> = BOOK.as_ref().map(|book| book.iter().filter(stand).collect()).unwrap_or_default();
    all.sort_by_key(|scheme| (scheme.code != SCHEME, scheme.code.clone()));
    all
}

/// Sums and shares are counted by store; means and percentiles say nothing about how many conform.
fn readable(metric: &MetricDef) -> bool {
    matches!(metric.formula, metrics::Formula::Sum(_) | metrics::Formula::Ratio(..))
}

/// A unit that has a score: the company, a region or a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// Which.
    pub unit: Id<of::Unit>,
    /// From the company down to itself: what is judged or entered above holds here too.
    pub above: Vec<Id<of::Unit>>,
    /// Every unit in it.
    pub below: Vec<Id<of::Unit>>,
    /// The stores in it.
    pub stores: Vec<Id<of::Unit>>,
    /// People whose home is one of these stores.
    pub people: Vec<Id<of::User>>,
    /// How many people manage service here.
    pub managers: i64,
}

impl Extent {
    /// An entry of `unit` speaks for this one: it stands here, below or above.
    pub fn hears(&self, unit: Id<of::Unit>) -> bool {
        self.above.contains(&unit) || self.below.contains(&unit)
    }
}

/// All units that have a score: the company first, then regions, then stores, each by code.
pub fn extents(directory: &Directory) -> Vec<Extent> {
    let units = units(directory);
    let places: BTreeMap<Id<of::Unit>, usize> = units.iter().enumerate().map(|(at, unit)| (unit.id, at)).collect();
    let mut all: Vec<Extent> = units.iter().map(|unit| empty(directory, unit)).collect();
    // Each person once, for every unit above their desk.
    for user in directory.users().filter(|user| user.active) {
        let Some(home) = directory.unit(user.home) else { continue };
        let store = directory.store_of(user.home).filter(|store| store.kind == UnitKind::Store);
        let manages = MANAGERS.iter().any(|role| directory.has_role(user.id, role));
        for at in home.path.iter().filter_map(|unit| places.get(unit)) {
            let Some(extent) = all.get_mut(*at) else { continue };
            extent.managers += i64::from(manages);
            if store.is_some_and(|store| extent.stores.contains(&store.id)) {
                extent.people.push(user.id);
            }
        }
    }
    all
}

/// One of them.
pub fn extent(directory: &Directory, unit: Id<of::Unit>) -> Option<Extent> {
    extents(directory).into_iter().find(|one| one.unit == unit)
}

/// The units that have a score, in the same order.
pub fn units(directory: &Directory) -> Vec<&Unit> {
    let Some(company) = directory.company() else { return Vec::new() };
    let sealed = directory.sealed();
    let scored = |unit: &&Unit| {
        unit.active
            && Some(unit.id) != sealed
            && match unit.kind {
                UnitKind::Company | UnitKind::Store => true,
                UnitKind::Region => directory.stores_below(unit.id).next().is_some(),
                UnitKind::Team => false,
            }
    };
    let mut units: Vec<&Unit> = directory.tree().within(company.id).filter(scored).collect();
    units.sort_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
    units
}

fn empty(directory: &Directory, unit: &Unit) -> Extent {
    let sealed = directory.sealed();
    let open = |store: &&Unit| store.active && Some(store.id) != sealed;
    Extent {
        unit: unit.id,
        above: unit.path.clone(),
        below: directory.tree().within(unit.id).map(|unit| unit.id).collect(),
        stores: directory.stores_below(unit.id).filter(open).map(|store| store.id).collect(),
        people: Vec::new(),
        managers: 0,
    }
}

/// What one indicator earned, as it is stored. Points are tenths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Earned, strictly.
    pub low: i64,
    /// Earned, in proportion.
    pub high: i64,
    /// Points that apply.
    pub applicable: i64,
    /// What it rests on: a word of [`State`].
    pub state: String,
    /// The share, in millionths.
    pub share: Option<u32>,
    /// By part of the evidence: conforming, of how many, share in millionths.
    pub parts: Vec<Option<(i64, i64, u32)>>,
}

impl Figure {
    /// What it rests on.
    pub fn state(&self) -> State {
        State::ALL.iter().copied().find(|state| state.as_str() == self.state).unwrap_or(State::NoData)
    }
}

/// A score as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The scheme's version.
    pub version: String,
    /// Tenths of a hundred; `None` when nothing applies.
    pub low: Option<i64>,
    /// Likewise.
    pub high: Option<i64>,
    /// Code of the level at the low end.
    pub level_low: Option<String>,
    /// Code of the level at the high end.
    pub level_high: Option<String>,
    /// Some applicable points are allocated.
    pub estimate: bool,
    /// Something fails at any score.
    pub failed: bool,
    /// Special deductions and bonuses.
    pub special: (u32, u32),
    /// By clause, groups too.
    pub figures: BTreeMap<String, Figure>,
}

impl Stored {
    /// What `evidence` earns by `scheme`.
    pub fn of(scheme: &Scheme, evidence: &Evidence) -> Self {
        let scored = score(scheme, evidence);
        let mut figures = BTreeMap::new();
        scored.items.iter().for_each(|item| keep(item, &mut figures));
        Self {
            version: scheme.version.clone(),
            low: scored.score.map(|score| score.low.in_tenths()),
            high: scored.score.map(|score| score.high.in_tenths()),
            level_low: scored.level.low,
            level_high: scored.level.high,
            estimate: scored.estimate,
            failed: !scored.failed.high.is_empty(),
            special: (evidence.special.deductions, evidence.special.bonuses),
            figures,
        }
    }
    /// The score's ends.
    pub fn ends(&self) -> Option<Ends<Points>> {
        Some(Ends { low: Points::tenths(self.low?), high: Points::tenths(self.high?) })
    }
}

fn keep(item: &Item, figures: &mut BTreeMap<String, Figure>) {
    let parts = item.parts.iter().map(|part| part.map(|(n, share)| (n.good, n.all, share.millionths()))).collect();
    figures.insert(
        item.clause.clone(),
        Figure {
            low: item.earned.low.in_tenths(),
            high: item.earned.high.in_tenths(),
            applicable: item.applicable.in_tenths(),
            state: item.state.as_str().to_owned(),
            share: item.share.map(scoring::Share::millionths),
            parts,
        },
    );
    item.children.iter().for_each(|child| keep(child, figures));
}

/// What moved a score from one day to the next at one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// On which day.
    pub day: Day,
    /// Which indicator.
    pub clause: String,
    /// As it was.
    pub before: Figure,
    /// As it is since.
    pub after: Figure,
}

/// What moved at leaves of `scheme`, newest first; what moved more comes first within a day.
pub fn moves(scheme: &Scheme, days: &[(Day, Stored)]) -> Vec<Move> {
    let mut moves = Vec::new();
    for (earlier, later) in days.iter().zip(days.iter().skip(1)) {
        for leaf in scheme.leaves() {
            if let (Some(before), Some(after)) =
                (earlier.1.figures.get(&leaf.clause), later.1.figures.get(&leaf.clause))
                && (before.low, before.high, before.applicable) != (after.low, after.high, after.applicable)
            {
                let (before, after) = (before.clone(), after.clone());
                moves.push(Move { day: later.0, clause: leaf.clause.clone(), before, after });
            }
        }
    }
    let size = |one: &Move| (one.after.high - one.before.high).abs() + (one.after.low - one.before.low).abs();
    moves.sort_by_key(|one| (std::cmp::Reverse(one.day), std::cmp::Reverse(size(one))));
    moves
}

/// An entry is fresh on `day`: it has happened, has not ended and is not older than its kind allows.
pub fn fresh(happened_on: Day, valid_until: Option<Day>, days: Option<u32>, day: Day) -> bool {
    let young = days.and_then(|days| i32::try_from(days).ok()).is_none_or(|days| happened_on.plus(days) >= day);
    happened_on <= day && young && valid_until.is_none_or(|until| until >= day)
}

/// When it was computed and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// When.
    pub at: Timestamp,
    /// What.
    pub stored: Stored,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn an_entry_is_fresh_to_its_last_day() {
        let today = day("2026-11-22");
        assert!(fresh(day("2026-11-22"), None, None, today));
        assert!(!fresh(day("2026-11-23"), None, None, today));
        assert!(fresh(day("2020-01-01"), Some(today), None, today));
        assert!(!fresh(day("2020-01-01"), Some(day("2026-11-21")), None, today));
        assert!(fresh(day("2025-11-22"), None, Some(365), today));
        assert!(!fresh(day("2025-11-21"), None, Some(365), today));
    }

    #[test]
    fn what_is_stored_is_what_was_scored() {
        let scheme = scheme(day("2026-11-22")).unwrap();
        let mut evidence = Evidence::default();
        evidence.set("5.3.2.4", scoring::Finding::Judged(scoring::Share::FULL));
        let stored = Stored::of(scheme, &evidence);
        assert_eq!(stored.figures.get("5.3.2").map(|figure| (figure.low, figure.high)), Some((20, 20)));
        assert_eq!(stored.figures.len(), scheme.indicators.len());
        assert!(stored.estimate && stored.level_high.is_none());
        let again: Stored = serde_json::from_str(&serde_json::to_string(&stored).unwrap()).unwrap();
        assert_eq!(again, stored);
        let before = Stored::of(scheme, &Evidence::default());
        let moved = moves(scheme, &[(day("2026-11-21"), before), (day("2026-11-22"), stored)]);
        assert_eq!(moved.iter().map(|one| one.clause.as_str()).collect::<Vec<_>>(), ["5.3.2.4"]);
    }
}
