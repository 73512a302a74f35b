use std::collections::{BTreeMap, BTreeSet};

/// A lower and an upper end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// What is sure.
    pub low: i64,
    /// What is possible.
    pub high: i64,
}

/// What an action gains for one indicator, in tenths of a point.
pub type Gain = Span;

impl Span {
    /// Both ends the same.
    pub const fn sure(n: i64) -> Self {
        Self { low: n, high: n }
    }
}

/// Something that may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Names it for the caller.
    pub name: String,
    /// What it costs until the day of the plan, in fen: once and running.
    pub cost: i64,
    /// How many days it takes from the day on which it can begin.
    pub days: u32,
    /// By indicator.
    pub gains: BTreeMap<String, Gain>,
    /// How likely it works, in per cent.
    pub likely: Span,
    /// Names of actions that come before it.
    pub needs: Vec<String>,
    /// Names of actions that cannot be done beside it.
    pub excludes: Vec<String>,
}

impl Action {
    /// An action that works for sure and gains nothing yet.
    pub fn new(name: &str, cost: i64, days: u32) -> Self {
        Self {
            name: name.to_owned(),
            cost,
            days,
            gains: BTreeMap::new(),
            likely: Span::sure(100),
            needs: Vec::new(),
            excludes: Vec::new(),
        }
    }
    /// It gains that much for `indicator`.
    #[must_use]
    pub fn gains(mut self, indicator: &str, gain: Gain) -> Self {
        self.gains.insert(indicator.to_owned(), gain);
        self
    }
    /// It works so likely, in per cent.
    #[must_use]
    pub const fn likely(mut self, low: i64, high: i64) -> Self {
        self.likely = Span { low, high };
        self
    }
    /// `other` comes before it.
    #[must_use]
    pub fn needs(mut self, other: &str) -> Self {
        self.needs.push(other.to_owned());
        self
    }
    /// It is not done beside `other`.
    #[must_use]
    pub fn excludes(mut self, other: &str) -> Self {
        self.excludes.push(other.to_owned());
        self
    }
    /// What is sure (low) and possible (high) for `indicator`: gain × probability, rounded down.
    pub(crate) fn expected(&self, gain: Gain) -> Span {
        let by = |n: i64, percent: i64| n.saturating_mul(percent) / 100;
        Span { low: by(gain.low, self.likely.low), high: by(gain.high, self.likely.high) }
    }
}

/// Where the score stands, what can still be gained, and what may be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    pub(crate) base: i64,
    pub(crate) gaps: BTreeMap<String, i64>,
    pub(crate) actions: Vec<Action>,
}

/// Why a model is none, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Two actions of one name.
    #[error("action {0} is there twice")]
    Twice(String),
    /// An action names one that there is not.
    #[error("action {action}: there is no action {other}")]
    Unknown {
        /// Which.
        action: String,
        /// What it names.
        other: String,
    },
    /// An action that needs itself in the end.
    #[error("action {0}: it needs itself")]
    Cycle(String),
    /// A number that cannot be: a negative cost, an end below its beginning, a probability outside 0 to 100.
    #[error("action {action}: {what}")]
    Number {
        /// Which.
        action: String,
        /// What is wrong.
        what: &'static str,
    },
    /// The solver gave something that does not hold in integers.
    #[error("the solver's answer does not hold: {0}")]
    Solver(String),
}

impl Model {
    /// A model whose score today is `base` tenths.
    pub fn new(base: i64) -> Self {
        Self { base, ..Self::default() }
    }
    /// `indicator` can still gain so many tenths. An indicator without a gap gains nothing.
    pub fn gap(&mut self, indicator: &str, tenths: i64) {
        self.gaps.insert(indicator.to_owned(), tenths.max(0));
    }
    /// Adds an action; its place.
    pub fn action(&mut self, action: Action) -> usize {
        self.actions.push(action);
        self.actions.len() - 1
    }
    /// The action at this place.
    pub fn get(&self, at: usize) -> Option<&Action> {
        self.actions.get(at)
    }
    /// The score today.
    pub const fn base(&self) -> i64 {
        self.base
    }
    /// How many actions there are.
    pub fn len(&self) -> usize {
        self.actions.len()
    }
    /// There is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// The places of what each action needs and excludes.
    pub(crate) fn checked(&self) -> Result<Links, ModelError> {
        let mut places = BTreeMap::new();
        for (at, action) in self.actions.iter().enumerate() {
            if places.insert(action.name.as_str(), at).is_some() {
                return Err(ModelError::Twice(action.name.clone()));
            }
            let wrong = |what| Err(ModelError::Number { action: action.name.clone(), what });
            if action.cost < 0 {
                return wrong("its cost is negative");
            }
            if !(0 <= action.likely.low && action.likely.low <= action.likely.high && action.likely.high <= 100) {
                return wrong("its probability is not between 0 and 100 per cent, the low end first");
            }
            if action.gains.values().any(|gain| gain.low < 0 || gain.low > gain.high) {
                return wrong("a gain is negative or its ends are turned round");
            }
        }
        let place = |action: &Action, other: &String| {
            places
                .get(other.as_str())
                .copied()
                .ok_or_else(|| ModelError::Unknown { action: action.name.clone(), other: other.clone() })
        };
        let mut links = Links::default();
        for action in &self.actions {
            links.needs.push(action.needs.iter().map(|other| place(action, other)).collect::<Result<_, _>>()?);
            links.excludes.push(action.excludes.iter().map(|other| place(action, other)).collect::<Result<_, _>>()?);
        }
        for (at, action) in self.actions.iter().enumerate() {
            if links.before(at).contains(&at) {
                return Err(ModelError::Cycle(action.name.clone()));
            }
        }
        Ok(links)
    }
}

/// What hangs on what, by place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    pub needs: Vec<Vec<usize>>,
    pub excludes: Vec<Vec<usize>>,
}

impl Links {
    /// Everything that `at` needs in the end.
    pub fn before(&self, at: usize) -> BTreeSet<usize> {
        let mut all = BTreeSet::new();
        let mut open: Vec<usize> = self.needs.get(at).cloned().unwrap_or_default();
        while let Some(next) = open.pop() {
            if all.insert(next) {
                open.extend(self.needs.get(next).into_iter().flatten());
            }
        }
        all
    }
}

impl Model {
    /// By place, after how many days each action can be done: its own after those of what it needs. The model has been checked.
    pub(crate) fn ends(&self, links: &Links) -> Vec<u32> {
        let mut ends = vec![0; self.actions.len()];
        let mut order: Vec<usize> = (0..self.actions.len()).collect();
        order.sort_by_key(|at| links.before(*at).len());
        for at in order {
            let begins = links.needs.get(at).into_iter().flatten().filter_map(|before| ends.get(*before)).max();
            let own = self.actions.get(at).map_or(0, |action| action.days);
            let end = begins.copied().unwrap_or(0u32).saturating_add(own);
            if let Some(slot) = ends.get_mut(at) {
                *slot = end;
            }
        }
        ends
    }

    /// What a set of actions gains, by indicator and in all, never more than the gaps.
    pub(crate) fn gained(&self, chosen: &BTreeSet<usize>) -> BTreeMap<&str, Span> {
        let mut by_indicator: BTreeMap<&str, Span> = BTreeMap::new();
        for action in chosen.iter().filter_map(|at| self.actions.get(*at)) {
            for (indicator, gain) in &action.gains {
                let expected = action.expected(*gain);
                let sum = by_indicator.entry(indicator.as_str()).or_default();
                sum.low = sum.low.saturating_add(expected.low);
                sum.high = sum.high.saturating_add(expected.high);
            }
        }
        for (indicator, sum) in &mut by_indicator {
            let gap = self.gaps.get(*indicator).copied().unwrap_or(0);
            *sum = Span { low: sum.low.min(gap), high: sum.high.min(gap) };
        }
        by_indicator
    }

    pub(crate) fn total(&self, chosen: &BTreeSet<usize>) -> Span {
        let gained = self.gained(chosen);
        let sum = |end: fn(&Span) -> i64| gained.values().map(end).fold(self.base, i64::saturating_add);
        Span { low: sum(|span| span.low), high: sum(|span| span.high) }
    }
}
