//! The answer, as data. Words for people are rendered elsewhere from its codes.

use serde::Serialize;

use crate::day::Day;
use crate::words::{Confidence, Extra, FactName, FactSet, Layer, Remedy};

/// What is open to a customer, and why. It borrows its texts from the rulebook and the terms that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict<'r> {
    /// Version of the rules.
    pub rules: &'r str,
    /// Digest of their texts.
    pub digest: &'r str,
    /// The rule set that the goods fall under.
    pub regime: &'r str,
    /// Whether the category is in a list of this data.
    pub listed: bool,
    /// The clauses that put the category under it.
    pub category_cite: &'r [String],
    /// From which day the terms of the sale run, as far as it is known.
    pub start: Option<Day>,
    /// The clauses that say so.
    pub start_cite: &'r [String],
    /// What is open, the law first, then what the layers add. Never empty: at least `NONE`, unless everything hangs on missing facts.
    pub remedies: Vec<Open<'r>>,
    /// What may be open, depending on facts that are missing.
    pub possible: Vec<Open<'r>>,
    /// What is owed beside it.
    pub extras: Vec<Owed<'r>>,
    /// Extra things that depend on missing facts.
    pub possible_extras: Vec<Owed<'r>>,
    /// Last day of the strongest remedy of the law.
    pub last_day: Option<Day>,
    /// Whether a last day lies in a year whose holidays are not known: it was moved past weekends only.
    pub beyond_calendar: bool,
    /// What is paid on top, with its steps.
    pub compensation: Option<Sum>,
    /// Who must prove what caused the fault.
    pub burden: Burden,
    /// Clocks that run.
    pub clocks: Vec<Running<'r>>,
    /// Terms of layers that are below the law, and therefore void.
    pub void: Vec<VoidTerm<'r>>,
    /// Why a person should look at it; empty when nobody needs to.
    pub person: Vec<Doubt<'r>>,
    /// The rules that were looked at, in order, and what came of each.
    pub steps: Vec<Step<'r>>,
    /// Remedies that a rule would have given, were the sale better proved.
    pub withheld: Vec<Withheld<'r>>,
    /// Facts that are missing and matter.
    pub missing: FactSet,
    /// The sentence for staff.
    pub for_staff: Saying,
    /// The sentence for the customer: conditions only, never an amount.
    pub for_customer: Saying,
}

/// One remedy that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open<'r> {
    /// What may be asked for.
    pub remedy: Remedy,
    /// Which layer gives it.
    pub layer: Layer,
    /// The code of that layer's terms; of the law the rule set.
    pub terms: &'r str,
    /// Who pays.
    pub payer: &'r str,
    /// The rules that give it.
    pub grounds: Vec<Ground<'r>>,
    /// Last day on which it can be claimed. None where the law names none, or it hangs on a missing fact.
    pub last_day: Option<Day>,
    /// The clauses that count that day.
    pub day_cite: &'r [String],
    /// Whether that day may be later, depending on a missing fact.
    pub at_least: bool,
    /// What is kept back, with its steps; none where nothing is.
    pub fee: Option<Sum>,
    /// Facts that decide whether it is open.
    pub missing: FactSet,
}

impl Open<'_> {
    /// What is kept back, in fen.
    pub fn fee_fen(&self) -> i64 {
        self.fee.as_ref().and_then(|fee| fee.fen).unwrap_or(0)
    }
}

/// A rule that gives something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ground<'r> {
    /// Its id in the rule file.
    pub rule: &'r str,
    /// What it is about, as a code.
    pub ground: &'r str,
    /// Its clauses: `PH2001-13`.
    pub cite: &'r [String],
    /// How sure it is.
    pub confidence: Confidence,
    /// What is needed to rely on it.
    pub evidence: &'r [String],
    /// The last day by this rule alone.
    pub last_day: Option<Day>,
}

/// Something owed beside a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owed<'r> {
    /// What.
    pub extra: Extra,
    /// What it is about.
    pub ground: &'r str,
    /// Its clauses.
    pub cite: &'r [String],
    /// Facts that decide whether it is owed.
    pub missing: FactSet,
}

/// Who must prove what caused the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Burden {
    /// Nothing is disputed.
    Nobody,
    /// The seller proves that there was no flaw.
    Seller,
    /// The customer.
    Customer,
    /// Facts are missing.
    Open,
}

/// A clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Running<'r> {
    /// What it measures.
    pub clock: &'r str,
    /// Its clauses.
    pub cite: &'r [String],
    /// Days so far.
    pub so_far: Option<u32>,
    /// The limit: so many days are still inside, one more is over.
    pub limit: Option<u32>,
    /// The day on which it ends.
    pub due: Option<Day>,
}

/// A term of a layer that gives less than the law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VoidTerm<'r> {
    /// The terms.
    pub terms: &'r str,
    /// Which layer.
    pub layer: Layer,
    /// The rule in them.
    pub rule: &'r str,
    /// The remedy that it touches.
    pub remedy: Remedy,
    /// What is less.
    pub less: Less,
    /// The clauses of the law that stand against it, and those that make it void.
    pub cite: Vec<&'r str>,
}

/// How a term falls short of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Less {
    /// It denies what the law gives.
    Denied,
    /// It ends earlier.
    Shorter,
    /// It keeps back more.
    Dearer,
    /// It asks for papers that the law does not ask for.
    Papers,
}

/// Why a person should look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubt<'r> {
    /// The reason: `low_confidence`, `category_not_listed`, `category_low`, `earlier_rule`, or the ground of a rule.
    pub reason: &'r str,
    /// The rule that says so, if one does.
    pub rule: Option<&'r str>,
    /// Its clauses.
    pub cite: &'r [String],
}

/// What came of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step<'r> {
    /// The rule.
    pub rule: &'r str,
    /// What it is about, as a code.
    pub ground: &'r str,
    /// Its clauses.
    pub cite: &'r [String],
    /// What it would give.
    pub gives: &'r [Remedy],
    /// What came of it.
    pub outcome: Outcome<'r>,
}

/// What came of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome<'r> {
    /// It holds.
    Holds,
    /// It does not hold, because of this.
    Fails(Because<'r>),
    /// It hangs on these facts.
    Hangs(FactSet),
    /// An earlier rule ended the matter.
    EndedBy(&'r str),
}

/// The first condition that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because<'r> {
    /// A fact.
    Fact(FactName),
    /// A window is over.
    Over {
        /// Which.
        window: &'r str,
        /// Its last day.
        last_day: Option<Day>,
        /// Whether the distance driven ended it.
        by_km: bool,
    },
    /// A window is not over yet.
    NotOver {
        /// Which.
        window: &'r str,
    },
    /// There is no such window for these goods.
    NoWindow {
        /// Which.
        window: &'r str,
    },
    /// What it needs is not open.
    NotOpen,
    /// What it would replace is open already.
    AlreadyOpen,
}

/// A remedy that weak proof withholds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withheld<'r> {
    /// Which.
    pub remedy: Remedy,
    /// The rule that would give it.
    pub rule: &'r str,
    /// The clauses about proof.
    pub cite: &'r [String],
}

/// A sum of money with the steps that lead to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Which sum.
    pub kind: SumKind,
    /// In fen; none while a fact is missing.
    pub fen: Option<i64>,
    /// What it rests on, in order.
    pub steps: Vec<SumStep>,
    /// Facts that are missing.
    pub missing: FactSet,
}

/// Which sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SumKind {
    /// Price × daily rate × chargeable days, rounded down, never above the price.
    Depreciation,
    /// Price × kilometres ÷ 1000 × coefficient, rounded down, never above the price.
    Usage,
    /// Used part of the term of an extended warranty.
    ProRata,
    /// A fixed sum.
    Fixed,
    /// Three times the price, at least 500.00.
    Compensation,
}

/// One step of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SumStep {
    /// What: `price`, `days_held`, `days_in_repair`, `chargeable_days`, `daily_rate`, `no_rate`, `km`, `coefficient`, `product`,
    /// `rounded_down`, `capped`, `floor`, `times`, `term_months`, `days_used`, `days_of_term`, `fixed`.
    pub step: &'static str,
    /// Its value.
    pub value: i64,
    /// What it is measured in.
    pub unit: Unit,
}

/// What a step is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Fen.
    Fen,
    /// Days.
    Days,
    /// Months.
    Months,
    /// Kilometres.
    Km,
    /// Of 100000.
    Per100k,
    /// A bare number.
    Times,
}

/// A sentence as data: `case` chooses it, the rest fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Saying {
    /// `choose` (refund, exchange or repair), `exchange`, `repair`, `part`, `no_reason`, `paid`, `inspect`, `person`, `nothing`, `ask`.
    pub case: &'static str,
    /// The remedies that it names.
    pub remedies: Vec<Remedy>,
    /// The last day that it names.
    pub last_day: Option<Day>,
    /// What to ask next, when it asks.
    pub ask: Option<FactName>,
}

impl<'r> Verdict<'r> {
    /// What the law gives, in the order of the rules.
    pub fn by_law(&self) -> impl Iterator<Item = &Open<'r>> {
        self.remedies.iter().filter(|open| open.layer == Layer::Law)
    }
    /// Whether `remedy` is open by any layer.
    pub fn opens(&self, remedy: Remedy) -> bool {
        self.remedies.iter().any(|open| open.remedy == remedy)
    }
    /// What is kept back by the law where something is, in fen.
    pub fn fee_fen(&self) -> i64 {
        self.by_law().map(Open::fee_fen).max().unwrap_or(0)
    }
    /// The clauses of everything that is open, each once.
    pub fn citations(&self) -> Vec<&'r str> {
        let mut cited: Vec<&str> = Vec::new();
        let grounds = self.remedies.iter().flat_map(|open| &open.grounds).flat_map(|ground| ground.cite);
        let extras = self.extras.iter().flat_map(|owed| owed.cite);
        for cite in grounds.chain(self.category_cite).chain(extras) {
            if !cited.contains(&cite.as_str()) {
                cited.push(cite);
            }
        }
        cited
    }
}
