use serde::Serialize;

use crate::evidence::{Counted, Evidence, Finding, Share};
use crate::points::{Ends, Points};
use crate::scheme::{Combine, Fails, Indicator, Kind, Level, Mark, Part, Scheme, Scoring};

/// What an item's points rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The company's own records.
    Data,
    /// A person's judgement, with reason, name and date.
    Assessor,
    /// Nothing; it earns nothing.
    NoData,
    /// It does not apply and leaves the base.
    NotApplicable,
}

impl State {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Data, Self::Assessor, Self::NoData, Self::NotApplicable];
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Assessor => "assessor",
            Self::NoData => "no_data",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// What an indicator earned and lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub clause: String,
    /// Its points.
    pub points: Points,
    /// Points of it that apply.
    pub applicable: Points,
    /// Whether a source states the points.
    pub mark: Mark,
    /// What it earned.
    pub earned: Ends<Points>,
    /// What it lost of what applies: by the strict reading in `low`, in proportion in `high`.
    pub lost: Ends<Points>,
    /// What the points rest on; of a group the strongest of what stands under it.
    pub state: State,
    /// The share that was found, of a leaf with data or a judgement.
    pub share: Option<Share>,
    /// By part of the evidence, what was counted and the share that it gives; `None` = no data.
    pub parts: Vec<Option<(Counted, Share)>>,
    /// What stands under it.
    pub children: Vec<Item>,
}

/// A score with everything that it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// Of a hundred; `None` when nothing applies.
    pub score: Option<Ends<Points>>,
    /// Codes of the levels that the ends reach; `None` = below the lowest, or failed.
    pub level: Ends<Option<String>>,
    /// Some applicable points are allocated rather than verified.
    pub estimate: bool,
    /// Earned and applicable points before normalising.
    pub earned: Ends<Points>,
    /// Points that apply.
    pub applicable: Points,
    /// Special deductions and bonus that were taken and given.
    pub special: (Points, Points),
    /// What fails at any score: the places in [`Scheme::fails`], by end.
    pub failed: Ends<Vec<usize>>,
    /// The first tier.
    pub items: Vec<Item>,
}

impl Scored {
    /// The item with this clause.
    pub fn item(&self, clause: &str) -> Option<&Item> {
        find(&self.items, clause)
    }
    /// All items that are scored themselves.
    pub fn leaves(&self) -> Vec<&Item> {
        let mut leaves = Vec::new();
        self.items.iter().for_each(|item| collect(item, &mut leaves));
        leaves
    }
}

fn find<'i>(items: &'i [Item], clause: &str) -> Option<&'i Item> {
    items.iter().find_map(|item| if item.clause == clause { Some(item) } else { find(&item.children, clause) })
}

fn collect<'i>(item: &'i Item, leaves: &mut Vec<&'i Item>) {
    if item.children.is_empty() {
        leaves.push(item);
    }
    item.children.iter().for_each(|child| collect(child, leaves));
}

/// What `evidence` earns by `scheme`.
pub fn score(scheme: &Scheme, evidence: &Evidence) -> Scored {
    let items: Vec<Item> = scheme
        .roots
        .iter()
        .filter_map(|at| scheme.indicators.get(*at))
        .map(|one| item(scheme, one, evidence))
        .collect();
    let earned: Ends<Points> = items.iter().map(|item| item.earned).sum();
    let applicable: Points = items.iter().map(|item| item.applicable).sum();
    let special = evidence.special;
    let taken = Points::tenths(scheme.deduction.in_tenths().saturating_mul(i64::from(special.deductions)));
    let given =
        Points::tenths(scheme.bonus.in_tenths().saturating_mul(i64::from(special.bonuses.min(scheme.most_bonuses))));
    let normal = |earned: Points| -> Option<Points> {
        if applicable == Points::ZERO {
            return None;
        }
        let tenths = i128::from(earned.in_tenths()) * 1_000 / i128::from(applicable.in_tenths());
        let of_hundred = Points::tenths(i64::try_from(tenths).unwrap_or(0)) - taken + given;
        Some(of_hundred.clamp(Points::ZERO, Points::whole(100)))
    };
    let score = normal(earned.low).zip(normal(earned.high)).map(|(low, high)| Ends { low, high });
    let mut result = Scored {
        score,
        level: Ends::default(),
        estimate: false,
        earned,
        applicable,
        special: (taken, given),
        failed: Ends::default(),
        items,
    };
    result.estimate = result
        .leaves()
        .iter()
        .any(|leaf| leaf.state != State::NotApplicable && leaf.points > Points::ZERO && leaf.mark == Mark::Allocated);
    result.failed = failed(scheme, &result, special.deductions);
    result.level = Ends {
        low: score.and_then(|score| level(scheme, score.low, &result.failed.low)),
        high: score.and_then(|score| level(scheme, score.high, &result.failed.high)),
    };
    result
}

fn level(scheme: &Scheme, score: Points, failed: &[usize]) -> Option<String> {
    if !failed.is_empty() {
        return None;
    }
    let reached: Option<&Level> = scheme.levels.iter().rev().find(|level| score >= level.from);
    reached.map(|level| level.code.clone())
}

fn failed(scheme: &Scheme, result: &Scored, deductions: u32) -> Ends<Vec<usize>> {
    let mut both = Vec::new();
    for (at, condition) in scheme.fails.iter().enumerate() {
        let fails = match condition {
            Fails::Deductions(most) => deductions >= *most,
            Fails::Clause(clause, below) => result
                .item(clause)
                .is_some_and(|item| item.state != State::NotApplicable && item.share.unwrap_or(Share::NONE) < *below),
        };
        if fails {
            both.push(at);
        }
    }
    Ends::both(both)
}

fn item(scheme: &Scheme, one: &Indicator, evidence: &Evidence) -> Item {
    match &one.kind {
        Kind::Group(places) => {
            let children: Vec<Item> = places
                .iter()
                .filter_map(|at| scheme.indicators.get(*at))
                .map(|child| item(scheme, child, evidence))
                .collect();
            let earned: Ends<Points> = children.iter().map(|child| child.earned).sum();
            let applicable: Points = children.iter().map(|child| child.applicable).sum();
            let state = children.iter().map(|child| child.state).min().unwrap_or(State::NoData);
            Item {
                clause: one.clause.clone(),
                points: one.points,
                applicable,
                mark: one.mark,
                lost: Ends { low: applicable - earned.low, high: applicable - earned.high },
                earned,
                state,
                share: None,
                parts: Vec::new(),
                children,
            }
        }
        Kind::Leaf { scoring, combine, parts, .. } => leaf(one, scoring, *combine, parts, evidence.get(&one.clause)),
    }
}

fn leaf(one: &Indicator, scoring: &Scoring, combine: Combine, parts: &[Part], finding: Option<&Finding>) -> Item {
    let mut item = Item {
        clause: one.clause.clone(),
        points: one.points,
        applicable: one.points,
        mark: one.mark,
        earned: Ends::default(),
        lost: Ends::default(),
        state: State::NoData,
        share: None,
        parts: Vec::new(),
        children: Vec::new(),
    };
    match finding {
        None => {}
        Some(Finding::NotApplicable) => {
            item.applicable = Points::ZERO;
            item.state = State::NotApplicable;
        }
        Some(Finding::Judged(share)) => {
            item.state = State::Assessor;
            item.share = Some(*share);
            // Whoever judges has weighed it: there are no two readings.
            let earned = match scoring {
                Scoring::Share => part_of(one.points, *share),
                Scoring::All | Scoring::Bands(_) => ends(one.points, scoring, *share).high,
            };
            item.earned = Ends::both(earned);
        }
        Some(Finding::Counted(counted)) => {
            item.parts = parts
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    let counted = counted.get(at).copied().flatten()?;
                    part.share(counted).map(|share| (counted, share))
                })
                .collect();
            if let Some(share) = combined(combine, &item.parts) {
                item.state = State::Data;
                item.share = Some(share);
                item.earned = ends(one.points, scoring, share);
            }
        }
    }
    item.lost = Ends { low: item.applicable - item.earned.low, high: item.applicable - item.earned.high };
    item
}

/// The one share of several parts; `None` when no part has data.
fn combined(combine: Combine, parts: &[Option<(Counted, Share)>]) -> Option<Share> {
    let shares: Vec<Share> = parts.iter().map(|part| part.map_or(Share::NONE, |(_, share)| share)).collect();
    let first = parts.iter().flatten().next()?;
    Some(match combine {
        Combine::First => first.1,
        Combine::Mean => Share::mean(&shares),
        Combine::Least => shares.iter().copied().min().unwrap_or(Share::NONE),
        Combine::Product => shares.iter().copied().fold(Share::FULL, Share::times),
    })
}

fn ends(points: Points, scoring: &Scoring, share: Share) -> Ends<Points> {
    let whole = if share == Share::FULL { points } else { Points::ZERO };
    match scoring {
        Scoring::All => Ends::both(whole),
        Scoring::Share => Ends { low: whole, high: part_of(points, share) },
        Scoring::Bands(bands) => {
            let gives = bands.iter().find(|band| share >= band.from).map_or(Share::NONE, |band| band.gives);
            Ends::both(part_of(points, gives))
        }
    }
}

/// `points` × `share`, to the nearest tenth; less than all of it is never all.
fn part_of(points: Points, share: Share) -> Points {
    if share == Share::FULL {
        return points;
    }
    let tenths = (i128::from(points.in_tenths()) * i128::from(share.millionths()) * 2 + 1_000_000) / 2_000_000;
    let tenths = i64::try_from(tenths).unwrap_or(0);
    Points::tenths(tenths.min(points.in_tenths() - 1).max(0))
}
