//! From facts to a verdict.

use crate::condition::{Anchor, Choice, Latest, Test, Tests};
use crate::day::Day;
use crate::facts::{Contradiction, Facts};
use crate::raw::{Category, Ends, Fee};
use crate::rulebook::{FactCount, Length, Rule, RuleSet, Rulebook, Runs, Terms, Window, kind_bit};
use crate::sum;
use crate::verdict::{
    Because, Burden, Doubt, Ground, Less, Open, Outcome, Owed, Running, Saying, Step, Sum, Verdict, VoidTerm, Withheld,
};
use crate::words::{
    Cause, ComponentKind, Confidence, Extra, FactName, FactSet, Fault, Layer, Phase, Proof, Remedy, YesNo,
};

impl Rulebook {
    /// The verdict on `facts`, by the law and the terms of the layers above it. Facts that contradict each other have none.
    pub fn verdict<'r>(&'r self, facts: &Facts, layers: &'r [Terms]) -> Result<Verdict<'r>, Contradiction> {
        facts.check()?;
        let Some(generic) = self.generic() else {
            return Ok(Judge::new(self, facts, None, &self.common, false).close(layers));
        };
        let found = facts.category.as_deref().and_then(|id| self.found(id));
        let in_force = |category: &Category| facts.bought.is_none_or(|bought| bought >= category.from);
        Ok(match found {
            Some((category, regime)) if in_force(category) => Judge::new(self, facts, Some(category), regime, false),
            // A product rule of that day is not in this data: the general law, and a person.
            Some((category, _)) => Judge::new(self, facts, Some(category), generic, true),
            None => Judge::new(self, facts, None, generic, false),
        }
        .close(layers))
    }
}

/// Three-valued truth.
#[derive(Debug, Clone, Copy)]
enum Truth<'r> {
    Yes,
    No(Because<'r>),
    Maybe(FactSet),
}

impl<'r> Truth<'r> {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No(why), _) | (_, Self::No(why)) => Self::No(why),
            (Self::Maybe(a), Self::Maybe(b)) => Self::Maybe(a.and(b)),
            (Self::Maybe(a), Self::Yes) | (Self::Yes, Self::Maybe(a)) => Self::Maybe(a),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }
}

/// A window laid over the facts.
#[derive(Debug, Clone, Copy)]
struct Stretch<'r> {
    cite: &'r [String],
    first: Option<Day>,
    last: Option<Day>,
    missing: FactSet,
    inside: Truth<'r>,
}

/// Something that has been found open.
struct Found<'r> {
    remedy: Remedy,
    grounds: Vec<Ground<'r>>,
    last_day: Option<Day>,
    day_cite: &'r [String],
    at_least: FactSet,
    missing: FactSet,
    fee: Option<Fee>,
    compensation: Option<Sum>,
    rules: &'r RuleSet,
    first_day: Option<Day>,
}

struct Judge<'r, 'f> {
    book: &'r Rulebook,
    facts: &'f Facts,
    category: Option<&'r Category>,
    regime: &'r RuleSet,
    earlier: bool,
    component: (Option<ComponentKind>, Option<i32>),
    windows: Vec<Stretch<'r>>,
    common: Vec<Stretch<'r>>,
    start: Latest,
    start_cite: &'r [String],
    found: Vec<Found<'r>>,
    /// What ended everything, or the rules about faults; with the facts on which that hangs.
    over: Option<(&'r str, FactSet)>,
    faults_over: Option<(&'r str, FactSet)>,
    extras: Vec<Owed<'r>>,
    person: Vec<Doubt<'r>>,
    steps: Vec<Step<'r>>,
    withheld: Vec<Withheld<'r>>,
}

impl<'r, 'f> Judge<'r, 'f> {
    fn new(
        book: &'r Rulebook,
        facts: &'f Facts,
        category: Option<&'r Category>,
        regime: &'r RuleSet,
        earlier: bool,
    ) -> Self {
        let (start, start_cite) = start_of(regime, if earlier { None } else { category }, facts);
        let mut judge = Self {
            book,
            facts,
            category,
            regime,
            earlier,
            component: component_of(category, facts.component.as_deref()),
            windows: Vec::new(),
            common: Vec::new(),
            start,
            start_cite,
            found: Vec::with_capacity(5),
            over: None,
            faults_over: None,
            extras: Vec::new(),
            person: Vec::new(),
            steps: Vec::with_capacity(regime.rules.len() + book.common.rules.len()),
            withheld: Vec::new(),
        };
        judge.windows = judge.stretches(regime);
        judge.common = judge.stretches(&book.common);
        judge
    }

    // ------------------------------------------------------------------ windows

    fn stretches(&self, set: &'r RuleSet) -> Vec<Stretch<'r>> {
        set.windows.iter().map(|window| self.stretch(window)).collect()
    }

    fn stretch(&self, window: &'r Window) -> Stretch<'r> {
        let none = Stretch {
            cite: &window.cite,
            first: None,
            last: None,
            missing: FactSet::EMPTY,
            inside: Truth::No(Because::NoWindow { window: &window.id }),
        };
        let latest = Latest::of(&window.anchors, self.facts, self.start);
        if latest.day.is_none() && latest.missing.is_empty() {
            return none;
        }
        let length = match window.length {
            Length::WholeUnit => self.category.and_then(|category| category.whole_unit_months).map(Length::Months),
            Length::Component => match self.component {
                (None, _) => return Stretch { inside: Truth::Maybe(FactSet::of(FactName::Component)), ..none },
                (_, months) => months.map(Length::Months),
            },
            length => Some(length),
        };
        let Some(length) = length else { return none };
        let mut missing = latest.missing;
        let last = latest.day.map(|day| {
            let day = day.plus_days(i64::from(window.offset_days));
            let end = match length {
                Length::Months(months) => day.plus_months(months),
                Length::Days(days) => day.plus_days(i64::from(days)),
                Length::WholeUnit | Length::Component => day,
            };
            let extends = window.extended
                && window.extended_from.is_none_or(|from| self.facts.bought.is_none_or(|bought| bought >= from));
            if extends && self.facts.days_in_repair.is_none() {
                missing = missing.and(FactSet::of(FactName::DaysInRepair));
            }
            let repair = if extends { self.facts.days_in_repair.unwrap_or(0) } else { 0 };
            self.book.rest.roll(end.plus_days(i64::from(repair)))
        });
        let by_days = match last {
            Some(last) if self.facts.claim_date <= last => Truth::Yes,
            _ if !missing.is_empty() => Truth::Maybe(missing),
            last => Truth::No(Because::Over { window: &window.id, last_day: last, by_km: false }),
        };
        let limit = match window.length {
            Length::WholeUnit => window.km.or(self.category.and_then(|category| category.whole_unit_km)),
            _ => window.km,
        };
        let by_km = match (limit, self.facts.km) {
            (None, _) => Truth::Yes,
            (Some(limit), Some(km)) if km <= limit => Truth::Yes,
            (Some(_), Some(_)) => Truth::No(Because::Over { window: &window.id, last_day: last, by_km: true }),
            (Some(_), None) => Truth::Maybe(FactSet::of(FactName::Km)),
        };
        Stretch { cite: &window.cite, first: latest.day, last, missing, inside: by_days.and(by_km) }
    }

    // ------------------------------------------------------------------ conditions

    fn all(&self, tests: &Tests, set: &'r RuleSet, windows: &[Stretch<'r>]) -> Truth<'r> {
        let mut truth = Truth::Yes;
        for test in tests {
            truth = truth.and(self.test(test, set, windows));
            if matches!(truth, Truth::No(_)) {
                return truth;
            }
        }
        truth
    }

    fn test(&self, test: &Test, set: &'r RuleSet, windows: &[Stretch<'r>]) -> Truth<'r> {
        match test {
            Test::Word { choice, allowed } => self.word(*choice, *allowed),
            Test::Number { count, least, most } => self.number(*count, *least, *most),
            Test::Within(index) => windows.get(*index).map_or(Truth::No(Because::NotOpen), |stretch| stretch.inside),
            Test::After(index) => {
                let name = set.windows.get(*index).map_or("", |window| window.id.as_str());
                match windows.get(*index).map(|stretch| stretch.inside) {
                    Some(Truth::No(Because::Over { .. })) => Truth::Yes,
                    Some(Truth::Maybe(missing)) => Truth::Maybe(missing),
                    Some(Truth::Yes) => Truth::No(Because::NotOver { window: name }),
                    Some(Truth::No(_)) | None => Truth::No(Because::NoWindow { window: name }),
                }
            }
            Test::Open(mask) => match self.open(*mask) {
                Truth::No(_) => Truth::No(Because::NotOpen),
                truth => truth,
            },
            Test::NotOpen(mask) => match self.open(*mask) {
                Truth::No(_) => Truth::Yes,
                Truth::Yes => Truth::No(Because::AlreadyOpen),
                Truth::Maybe(missing) => Truth::Maybe(missing),
            },
            Test::Any(cases) => {
                let mut missing = FactSet::EMPTY;
                let mut why = Because::NotOpen;
                for case in cases {
                    match self.all(case, set, windows) {
                        Truth::Yes => return Truth::Yes,
                        Truth::Maybe(facts) => missing = missing.and(facts),
                        Truth::No(because) => why = because,
                    }
                }
                if missing.is_empty() { Truth::No(why) } else { Truth::Maybe(missing) }
            }
        }
    }

    fn word(&self, choice: Choice, allowed: u32) -> Truth<'r> {
        let facts = self.facts;
        let happened = |happened| match happened {
            crate::Happened::On(_) => Some(YesNo::Yes.bit()),
            crate::Happened::Never => Some(YesNo::No.bit()),
            crate::Happened::Unknown => None,
        };
        let bit = match choice {
            Choice::Channel => facts.channel.map(crate::Channel::bit),
            Choice::Fault => facts.fault.map(Fault::bit),
            Choice::Cause => facts.cause.map(Cause::bit),
            Choice::HasReceipt => facts.has_receipt.map(Proof::bit),
            Choice::Condition => facts.condition.map(crate::Condition::bit),
            Choice::Exception => facts.exception.map(crate::Exception::bit),
            Choice::SameModel => facts.same_model.map(YesNo::bit),
            Choice::Special => facts.special.map(crate::Special::bit),
            Choice::CarEvent => facts.car_event.map(crate::CarEvent::bit),
            Choice::Component => self.component.0.map(ComponentKind::bit),
            Choice::Durable => match (self.category, &facts.category) {
                (Some(category), _) => Some(yes_no(category.durable).bit()),
                // In no list: nobody says that it is durable.
                (None, Some(_)) => Some(YesNo::No.bit()),
                (None, None) => None,
            },
            Choice::Proven => match (&self.regime.proof, facts.has_receipt) {
                (Some(table), Some(proof)) => Some(yes_no(table.leaves(proof) != 0).bit()),
                (None, Some(proof)) => Some(yes_no(proof != Proof::No).bit()),
                (_, None) => None,
            },
            Choice::Exchanged => happened(facts.exchanged_on),
            Choice::PartReplaced => happened(facts.part_replaced_on),
        };
        if choice == Choice::Component && bit.is_none() {
            // Whatever it is, it is one of the kinds that these goods have.
            let kinds = self.component_kinds();
            return match kinds & allowed {
                0 => Truth::No(Because::Fact(FactName::Component)),
                some if some == kinds => Truth::Yes,
                _ => Truth::Maybe(FactSet::of(FactName::Component)),
            };
        }
        match bit {
            Some(bit) if bit & allowed != 0 => Truth::Yes,
            Some(_) => Truth::No(Because::Fact(choice.fact())),
            None => Truth::Maybe(FactSet::of(choice.fact())),
        }
    }

    /// The kinds of component that the goods have.
    fn component_kinds(&self) -> u32 {
        let always = ComponentKind::Whole.bit() | ComponentKind::OtherPart.bit();
        let Some(category) = self.category else { return always };
        let lists = [
            (&category.main_parts, ComponentKind::MainPart),
            (&category.accessories, ComponentKind::Accessory),
            (&category.software, ComponentKind::Software),
        ];
        lists.iter().filter(|(list, _)| !list.is_empty()).fold(always, |kinds, (_, kind)| kinds | kind.bit())
    }

    fn number(&self, count: FactCount, least: i64, most: i64) -> Truth<'r> {
        let (value, missing) = self.count(count);
        match value {
            Some(value) if (least..=most).contains(&value) => Truth::Yes,
            Some(_) => Truth::No(Because::Fact(count.fact())),
            None => Truth::Maybe(missing),
        }
    }

    fn count(&self, count: FactCount) -> (Option<i64>, FactSet) {
        let facts = self.facts;
        let of = |value: Option<u32>, fact| (value.map(i64::from), FactSet::of(fact));
        match count {
            FactCount::RepairsDone => of(facts.repairs_done, FactName::RepairsDone),
            FactCount::DaysInRepair => of(facts.days_in_repair, FactName::DaysInRepair),
            FactCount::OpenRepairDays => of(facts.open_repair_days, FactName::OpenRepairDays),
            FactCount::PartsWaitDays => of(facts.parts_wait_days, FactName::PartsWaitDays),
            FactCount::Km => of(facts.km, FactName::Km),
            FactCount::PriceFen => (facts.price_fen, FactSet::of(FactName::PriceFen)),
            FactCount::OwnDelayDays => match (facts.open_repair_days, facts.parts_wait_days) {
                // Nothing open, nothing late: the wait need not be known.
                (Some(0), _) => (Some(0), FactSet::EMPTY),
                (Some(open), Some(wait)) => (Some(i64::from(open) - i64::from(wait)), FactSet::EMPTY),
                (None, _) => (None, FactSet::of(FactName::OpenRepairDays)),
                (Some(_), None) => (None, FactSet::of(FactName::PartsWaitDays)),
            },
        }
    }

    fn open(&self, mask: u32) -> Truth<'r> {
        let mut missing = FactSet::EMPTY;
        let mut any = false;
        for found in self.found.iter().filter(|found| found.remedy.bit() & mask != 0) {
            if found.missing.is_empty() {
                return Truth::Yes;
            }
            any = true;
            missing = missing.and(found.missing);
        }
        if any { Truth::Maybe(missing) } else { Truth::No(Because::NotOpen) }
    }

    // ------------------------------------------------------------------ rules

    fn phase(&mut self, phase: Phase) {
        self.rules(phase, self.regime, false);
        let common: &'r RuleSet = &self.book.common;
        self.rules(phase, common, true);
    }

    fn rules(&mut self, phase: Phase, set: &'r RuleSet, common: bool) {
        for rule in set.rules.iter().filter(|rule| rule.phase == phase) {
            let ended = match (self.over, self.faults_over) {
                (Some(over), _) => Some(over),
                (None, Some(over))
                    if matches!(
                        phase,
                        Phase::Excluded
                            | Phase::Remedy
                            | Phase::Substitute
                            | Phase::Relabel
                            | Phase::Fallback
                            | Phase::Doubt
                    ) =>
                {
                    Some(over)
                }
                _ => None,
            };
            let mut hangs = FactSet::EMPTY;
            match ended {
                Some((by, missing)) if missing.is_empty() => {
                    self.steps.push(Step {
                        rule: &rule.id,
                        ground: &rule.ground,
                        cite: &rule.cite,
                        gives: &rule.gives,
                        outcome: Outcome::EndedBy(by),
                    });
                    continue;
                }
                Some((_, missing)) => hangs = missing,
                None => {}
            }
            let truth = {
                let windows = if common { &self.common } else { &self.windows };
                self.all(&rule.tests, set, windows)
            };
            let truth = match truth {
                Truth::Yes if !hangs.is_empty() => Truth::Maybe(hangs),
                Truth::Maybe(missing) => Truth::Maybe(missing.and(hangs)),
                truth => truth,
            };
            match truth {
                Truth::No(why) => self.steps.push(Step {
                    rule: &rule.id,
                    ground: &rule.ground,
                    cite: &rule.cite,
                    gives: &rule.gives,
                    outcome: Outcome::Fails(why),
                }),
                Truth::Yes => self.apply(rule, set, common, FactSet::EMPTY),
                Truth::Maybe(missing) => self.apply(rule, set, common, missing),
            }
        }
    }

    fn apply(&mut self, rule: &'r Rule, set: &'r RuleSet, common: bool, mut missing: FactSet) {
        let mut until =
            rule.until.and_then(|index| if common { self.common.get(index) } else { self.windows.get(index) }).copied();
        if let Some(wanted) = rule.instead_of {
            let Some(base) = self.found.iter().find(|found| found.remedy == wanted) else {
                self.steps.push(Step {
                    rule: &rule.id,
                    ground: &rule.ground,
                    cite: &rule.cite,
                    gives: &rule.gives,
                    outcome: Outcome::Fails(Because::NotOpen),
                });
                return;
            };
            let last = if rule.given_by.is_empty() {
                base.last_day
            } else {
                let mut grounds = base
                    .grounds
                    .iter()
                    .filter(|ground| rule.given_by.iter().any(|given| given == ground.rule))
                    .peekable();
                if grounds.peek().is_none() {
                    self.steps.push(Step {
                        rule: &rule.id,
                        ground: &rule.ground,
                        cite: &rule.cite,
                        gives: &rule.gives,
                        outcome: Outcome::Fails(Because::NotOpen),
                    });
                    return;
                }
                grounds.filter_map(|ground| ground.last_day).max()
            };
            missing = missing.and(base.missing);
            until =
                Some(Stretch { cite: base.day_cite, first: None, last, missing: base.at_least, inside: Truth::Yes });
        }
        let outcome = if missing.is_empty() { Outcome::Holds } else { Outcome::Hangs(missing) };
        self.steps.push(Step { rule: &rule.id, ground: &rule.ground, cite: &rule.cite, gives: &rule.gives, outcome });
        for (from, to) in &rule.turns {
            if missing.is_empty()
                && let Some(found) = self.found.iter_mut().find(|found| found.remedy == *from)
            {
                found.remedy = *to;
            }
        }
        for remedy in &rule.gives {
            self.give(*remedy, rule, set, until, missing);
        }
        if let Some(ends) = rule.ends {
            let slot = match ends {
                Ends::Everything => &mut self.over,
                Ends::Faults => &mut self.faults_over,
            };
            match slot {
                // What ends for certain stays ended; what may end hangs on all that may end it.
                Some((_, facts)) if facts.is_empty() => {}
                Some((_, facts)) if !missing.is_empty() => *facts = facts.and(missing),
                _ => *slot = Some((&rule.id, missing)),
            }
        }
        for extra in &rule.extras {
            let owed = Owed { extra: *extra, ground: &rule.ground, cite: &rule.cite, missing };
            match self.extras.iter_mut().find(|owed| owed.extra == *extra) {
                Some(old) if missing.is_empty() => *old = owed,
                Some(_) => {}
                None => self.extras.push(owed),
            }
        }
        if rule.person && missing.is_empty() {
            self.person.push(Doubt { reason: &rule.ground, rule: Some(&rule.id), cite: &rule.cite });
        }
    }

    fn give(
        &mut self,
        remedy: Remedy,
        rule: &'r Rule,
        set: &'r RuleSet,
        until: Option<Stretch<'r>>,
        mut missing: FactSet,
    ) {
        if set.layer == Layer::Law
            && matches!(rule.phase, Phase::Remedy | Phase::Substitute)
            && let Some(table) = &self.regime.proof
            && let Some(info) = self.book.remedy(remedy)
        {
            let bit = kind_bit(info.kind);
            match self.facts.has_receipt {
                Some(proof) if table.leaves(proof) & bit == 0 => {
                    if missing.is_empty() {
                        self.withheld.push(Withheld { remedy, rule: &rule.id, cite: &table.cite });
                    }
                    return;
                }
                None => missing = missing.and(FactSet::of(FactName::HasReceipt)),
                Some(_) => {}
            }
        }
        let last_day = until.and_then(|stretch| stretch.last);
        let day_cite = until.map_or(&[][..], |stretch| stretch.cite);
        let at_least = until.map_or(FactSet::EMPTY, |stretch| stretch.missing);
        let ground = Ground {
            rule: &rule.id,
            ground: &rule.ground,
            cite: &rule.cite,
            confidence: rule.confidence,
            evidence: &rule.evidence,
            last_day,
        };
        let compensation = rule.compensation.map(|terms| sum::compensation(self.facts, terms));
        match self.found.iter_mut().find(|found| found.remedy == remedy) {
            None => self.found.push(Found {
                remedy,
                grounds: vec![ground],
                last_day,
                day_cite,
                at_least,
                missing,
                fee: rule.fee,
                compensation,
                rules: set,
                first_day: until.and_then(|stretch| stretch.first),
            }),
            Some(found) => {
                if found.missing.is_empty() && !missing.is_empty() {
                    // Open already; what may open it too adds nothing that is certain.
                    return;
                }
                if !found.missing.is_empty() && missing.is_empty() {
                    // What is certain counts; what only may be does not name its day.
                    found.missing = FactSet::EMPTY;
                    found.grounds.clear();
                    found.last_day = None;
                    found.at_least = FactSet::EMPTY;
                    found.fee = rule.fee;
                } else {
                    found.missing = found.missing.and(missing);
                }
                // An exchange that fails for want of a unit gives no later day to a refund that is open anyway.
                if rule.phase != Phase::Substitute || found.grounds.is_empty() {
                    if last_day > found.last_day {
                        found.last_day = last_day;
                        found.day_cite = day_cite;
                    }
                    found.at_least = found.at_least.and(at_least);
                }
                found.grounds.push(ground);
                if found.compensation.is_none() {
                    found.compensation = compensation;
                }
            }
        }
    }

    // ------------------------------------------------------------------ the answer

    fn close(mut self, layers: &'r [Terms]) -> Verdict<'r> {
        // Nothing about the goods is known: every product rule may be theirs.
        if self.facts.category.is_none() {
            self.over = Some(("category", FactSet::of(FactName::Category)));
        }
        for phase in Phase::ALL {
            self.phase(*phase);
        }
        let burden = self.burden();
        let clocks = self.clocks();
        self.doubts();
        let mut law: Vec<Open<'r>> = Vec::with_capacity(self.found.len());
        let mut possible: Vec<Open<'r>> = Vec::new();
        let mut compensation = None;
        for found in std::mem::take(&mut self.found) {
            if found.missing.is_empty() && compensation.is_none() {
                compensation.clone_from(&found.compensation);
            }
            let open = self.opened(found);
            if open.missing.is_empty() { law.push(open) } else { possible.push(open) }
        }
        if law.is_empty() && possible.is_empty() {
            law.push(self.nothing());
        }
        let strongest = law.iter().min_by_key(|open| open.remedy);
        let last_day = strongest.and_then(|open| open.last_day);
        let mut void = Vec::new();
        let mut added = Vec::new();
        for terms in layers {
            self.layer(&terms.0, &law, &mut added, &mut possible, &mut void);
        }
        let mut remedies = law;
        if !added.is_empty() {
            remedies.retain(|open| open.remedy != Remedy::None);
            remedies.append(&mut added);
        }
        let (mut extras, possible_extras): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.extras).into_iter().partition(|owed| owed.missing.is_empty());
        extras.sort_by_key(|owed| owed.extra);
        let mut missing = FactSet::EMPTY;
        for facts in possible
            .iter()
            .map(|open| open.missing)
            .chain(possible_extras.iter().map(|owed| owed.missing))
            .chain(remedies.iter().filter_map(|open| open.fee.as_ref()).map(|fee| fee.missing))
            .chain(compensation.iter().map(|sum| sum.missing))
        {
            missing = missing.and(facts);
        }
        let beyond_calendar = remedies.iter().filter_map(|open| open.last_day).any(|day| !self.book.rest.knows(day));
        let for_staff = saying(&remedies, &possible, missing, last_day, false);
        let for_customer = saying(&remedies, &possible, missing, last_day, true);
        Verdict {
            rules: &self.book.version,
            digest: &self.book.digest,
            regime: &self.regime.id,
            listed: self.category.is_some() && !self.earlier,
            category_cite: self.category.filter(|_| !self.earlier).map_or(&[], |category| &category.cite),
            start: self.start.day,
            start_cite: self.start_cite,
            remedies,
            possible,
            extras,
            possible_extras,
            last_day,
            beyond_calendar,
            compensation,
            burden,
            clocks,
            void,
            person: self.person,
            steps: self.steps,
            withheld: self.withheld,
            missing,
            for_staff,
            for_customer,
        }
    }

    fn nothing(&self) -> Open<'r> {
        Open {
            remedy: Remedy::None,
            layer: Layer::Law,
            terms: &self.regime.id,
            payer: "nobody",
            grounds: Vec::new(),
            last_day: None,
            day_cite: &[],
            at_least: false,
            fee: None,
            missing: FactSet::EMPTY,
        }
    }

    fn opened(&self, found: Found<'r>) -> Open<'r> {
        let fee = match found.fee {
            Some(Fee::Depreciation) if found.remedy == Remedy::RefundLessFee || found.rules.layer != Layer::Law => {
                Some(sum::depreciation(self.facts, self.category.and_then(|category| category.daily_rate_per_100k)))
            }
            Some(Fee::Usage)
                if found.rules.layer != Layer::Law
                    || matches!(
                        found.remedy,
                        Remedy::RefundLessFee | Remedy::ExchangeLessFee | Remedy::ExchangeOtherLessFee
                    ) =>
            {
                Some(sum::usage(self.facts))
            }
            Some(Fee::ProRata { price_fen, months }) => {
                Some(sum::pro_rata(self.facts.claim_date, found.first_day, price_fen, months, found.at_least))
            }
            Some(Fee::Fen(fen)) => Some(sum::fixed(fen)),
            _ => None,
        };
        let payer = match &found.rules.payer {
            Some(payer) => payer.as_str(),
            None => self.book.remedy(found.remedy).map_or("", |info| info.payer.as_str()),
        };
        Open {
            remedy: found.remedy,
            layer: found.rules.layer,
            terms: &found.rules.id,
            payer,
            last_day: found.last_day,
            day_cite: found.day_cite,
            at_least: !found.at_least.is_empty() && found.last_day.is_some(),
            grounds: found.grounds,
            fee,
            missing: found.missing,
        }
    }

    fn burden(&self) -> Burden {
        match self.facts.cause {
            Some(Cause::Unknown) if self.facts.fault.is_some_and(|fault| fault != Fault::None) => {
                match self.extras.iter().find(|owed| owed.extra == Extra::BurdenSeller) {
                    Some(owed) if owed.missing.is_empty() => Burden::Seller,
                    Some(_) => Burden::Open,
                    None => Burden::Customer,
                }
            }
            // Who says that the customer did it must show that it did this damage.
            Some(
                Cause::Misuse | Cause::ForeignRepair | Cause::ForceMajeure | Cause::Virus | Cause::PiratedSoftware,
            ) => Burden::Seller,
            None if self.facts.fault != Some(Fault::None) => Burden::Open,
            _ => Burden::Nobody,
        }
    }

    fn clocks(&self) -> Vec<Running<'r>> {
        let mut running = Vec::new();
        for (set, windows) in [(self.regime, &self.windows), (&self.book.common, &self.common)] {
            for clock in &set.clocks {
                if !matches!(self.all(&clock.tests, set, windows), Truth::Yes) {
                    continue;
                }
                let claim = self.facts.claim_date;
                let (so_far, limit, due) = match clock.runs {
                    Runs::Counts(count, limit) => {
                        let so_far = self.count(count).0.and_then(|value| u32::try_from(value).ok());
                        (so_far, Some(limit), None)
                    }
                    Runs::DaysFromClaim(days) => (None, Some(days), Some(claim.plus_days(i64::from(days)))),
                    Runs::WorkingDaysFromClaim(days) => {
                        (None, Some(days), Some(self.book.rest.plus_working(claim, days)))
                    }
                    Runs::DaysFromGoodsBack(days) => (None, Some(days), None),
                };
                running.push(Running { clock: &clock.code, cite: &clock.cite, so_far, limit, due });
            }
        }
        running
    }

    fn doubts(&mut self) {
        let none: &'r [String] = &[];
        if self.earlier {
            self.person.push(Doubt { reason: "earlier_rule", rule: None, cite: none });
        } else if let Some(category) = self.category {
            if category.confidence == Confidence::Low {
                self.person.push(Doubt { reason: "category_low", rule: None, cite: &category.cite });
            }
        } else if self.facts.category.is_some() {
            self.person.push(Doubt { reason: "category_not_listed", rule: None, cite: none });
        }
        for found in self.found.iter().filter(|found| found.missing.is_empty()) {
            for ground in found.grounds.iter().filter(|ground| ground.confidence == Confidence::Low) {
                if !self.person.iter().any(|doubt| doubt.rule == Some(ground.rule)) {
                    self.person.push(Doubt { reason: "low_confidence", rule: Some(ground.rule), cite: ground.cite });
                }
            }
        }
        for owed in self.extras.iter().filter(|owed| owed.missing.is_empty() && owed.extra == Extra::LocalCheck) {
            self.person.push(Doubt { reason: owed.ground, rule: None, cite: owed.cite });
        }
    }

    // ------------------------------------------------------------------ layers above the law

    fn layer(
        &mut self,
        set: &'r RuleSet,
        law: &[Open<'r>],
        added: &mut Vec<Open<'r>>,
        possible: &mut Vec<Open<'r>>,
        void: &mut Vec<VoidTerm<'r>>,
    ) {
        let windows = self.stretches(set);
        for rule in &set.rules {
            let mut missing = FactSet::EMPTY;
            let mut fails = None;
            let mut only_late = true;
            for test in &rule.tests {
                match self.test(test, set, &windows) {
                    Truth::Yes => {}
                    Truth::Maybe(facts) => missing = missing.and(facts),
                    Truth::No(why) => {
                        only_late &= matches!(test, Test::Within(_));
                        fails = fails.or(Some(why));
                    }
                }
            }
            let until = rule.until.and_then(|index| windows.get(index)).copied();
            // Below the law: it says nothing about rights that the law does not give now.
            if missing.is_empty() && (fails.is_none() || only_late) {
                self.compare(rule, set, until, fails.is_some(), law, void);
            }
            match fails {
                Some(why) => {
                    self.steps.push(Step {
                        rule: &rule.id,
                        ground: &rule.ground,
                        cite: &rule.cite,
                        gives: &rule.gives,
                        outcome: Outcome::Fails(why),
                    });
                    continue;
                }
                None if missing.is_empty() => self.steps.push(Step {
                    rule: &rule.id,
                    ground: &rule.ground,
                    cite: &rule.cite,
                    gives: &rule.gives,
                    outcome: Outcome::Holds,
                }),
                None => self.steps.push(Step {
                    rule: &rule.id,
                    ground: &rule.ground,
                    cite: &rule.cite,
                    gives: &rule.gives,
                    outcome: Outcome::Hangs(missing),
                }),
            }
            for remedy in &rule.gives {
                let ground = Ground {
                    rule: &rule.id,
                    ground: &rule.ground,
                    cite: &rule.cite,
                    confidence: rule.confidence,
                    evidence: &rule.evidence,
                    last_day: until.and_then(|stretch| stretch.last),
                };
                let open = self.opened(Found {
                    remedy: *remedy,
                    last_day: ground.last_day,
                    day_cite: until.map_or(&[][..], |stretch| stretch.cite),
                    grounds: vec![ground],
                    at_least: until.map_or(FactSet::EMPTY, |stretch| stretch.missing),
                    missing,
                    fee: rule.fee,
                    compensation: None,
                    rules: set,
                    first_day: until.and_then(|stretch| stretch.first),
                });
                if missing.is_empty() { added.push(open) } else { possible.push(open) }
            }
            if missing.is_empty() {
                for extra in &rule.extras {
                    // The customer's burdens are no gift of a layer.
                    let gift = matches!(extra, Extra::Loaner | Extra::LossComp);
                    if gift && !self.extras.iter().any(|owed| owed.extra == *extra && owed.missing.is_empty()) {
                        self.extras.retain(|owed| owed.extra != *extra);
                        self.extras.push(Owed { extra: *extra, ground: &rule.ground, cite: &rule.cite, missing });
                    }
                }
            }
        }
    }

    fn compare(
        &self,
        rule: &'r Rule,
        set: &'r RuleSet,
        until: Option<Stretch<'r>>,
        late: bool,
        law: &[Open<'r>],
        void: &mut Vec<VoidTerm<'r>>,
    ) {
        let mut report = |open: &Open<'r>, less| {
            let mut cite: Vec<&'r str> = vec!["XF-26", "TL-17"];
            for clause in open.grounds.iter().flat_map(|ground| ground.cite) {
                if !cite.contains(&clause.as_str()) {
                    cite.push(clause);
                }
            }
            void.push(VoidTerm { terms: &set.id, layer: set.layer, rule: &rule.id, remedy: open.remedy, less, cite });
        };
        let real = |open: &&Open<'r>| {
            !matches!(open.remedy, Remedy::None | Remedy::PaidRepair | Remedy::Inspection | Remedy::LegalReview)
        };
        for open in law.iter().filter(real) {
            if !late && rule.denies.contains(&open.remedy) {
                report(open, Less::Denied);
            }
            if !rule.gives.contains(&open.remedy) {
                continue;
            }
            let ends = until.and_then(|stretch| stretch.last);
            if late && rule.adds {
                continue;
            }
            if !rule.adds && (late || ends.zip(open.last_day).is_some_and(|(own, legal)| own < legal)) {
                report(open, Less::Shorter);
                continue;
            }
            let own = self.opened(Found {
                remedy: open.remedy,
                grounds: Vec::new(),
                last_day: None,
                day_cite: &[],
                at_least: FactSet::EMPTY,
                missing: FactSet::EMPTY,
                fee: rule.fee,
                compensation: None,
                rules: set,
                first_day: until.and_then(|stretch| stretch.first),
            });
            if own.fee_fen() > open.fee_fen() {
                report(open, Less::Dearer);
            }
            let asked = |paper: &String| open.grounds.iter().any(|ground| ground.evidence.contains(paper));
            if rule.evidence.iter().any(|paper| !asked(paper)) {
                report(open, Less::Papers);
            }
        }
    }
}

fn yes_no(yes: bool) -> YesNo {
    if yes { YesNo::Yes } else { YesNo::No }
}

/// Where the terms of a regime start, and by which clause: by the day of purchase; the category's own start where it has one.
fn start_of<'r>(regime: &'r RuleSet, category: Option<&'r Category>, facts: &Facts) -> (Latest, &'r [String]) {
    let Some(bought) = facts.bought else {
        return (Latest { day: None, missing: FactSet::of(FactName::Bought) }, &[]);
    };
    let applies =
        |from: Option<Day>, to: Option<Day>| from.is_none_or(|day| bought >= day) && to.is_none_or(|day| bought <= day);
    let Some(start) = regime.starts.iter().find(|start| applies(start.from, start.to)) else {
        return (Latest { day: Some(bought), missing: FactSet::EMPTY }, &[]);
    };
    let (latest, cite) = match category.and_then(|category| Some((category.start_before_switch.as_ref()?, category))) {
        // The product rule's own start ends where a later rule for all goods begins.
        Some((own, category)) if start.to.is_some() => {
            let anchors: Vec<Anchor> = own.iter().filter_map(|name| Anchor::parse(name)).collect();
            (Latest::of(&anchors, facts, Latest::default()), category.cite.as_slice())
        }
        _ => (Latest::of(&start.anchors, facts, Latest::default()), start.cite.as_slice()),
    };
    let day = latest.day.or(latest.missing.is_empty().then_some(bought));
    (Latest { day, missing: latest.missing }, cite)
}

/// What kind of thing the component is, and its own validity.
fn component_of(category: Option<&Category>, name: Option<&str>) -> (Option<ComponentKind>, Option<i32>) {
    let Some(name) = name else { return (None, None) };
    if name == "whole" {
        return (Some(ComponentKind::Whole), None);
    }
    let Some(category) = category else { return (Some(ComponentKind::OtherPart), None) };
    let lists = [
        (&category.main_parts, ComponentKind::MainPart),
        (&category.accessories, ComponentKind::Accessory),
        (&category.software, ComponentKind::Software),
    ];
    for (list, kind) in lists {
        if let Some(part) = list.iter().find(|part| part.name == name) {
            return (Some(kind), Some(part.months));
        }
    }
    (Some(ComponentKind::OtherPart), None)
}

fn saying(open: &[Open<'_>], possible: &[Open<'_>], missing: FactSet, last_day: Option<Day>, customer: bool) -> Saying {
    let real = |list: &[Open<'_>]| -> Vec<Remedy> {
        let mut named: Vec<Remedy> = Vec::new();
        for one in list.iter().filter(|one| one.remedy != Remedy::None) {
            if !named.contains(&one.remedy) {
                named.push(one.remedy);
            }
        }
        named
    };
    let mut named = real(open);
    let hangs = named.is_empty() && !possible.is_empty();
    let has = |remedy| named.contains(&remedy);
    let case = if hangs {
        "ask"
    } else if has(Remedy::LegalReview) {
        "person"
    } else if has(Remedy::RefundFull) {
        "choose"
    } else if [
        Remedy::Exchange,
        Remedy::ExchangeOther,
        Remedy::RefundLessFee,
        Remedy::ExchangeLessFee,
        Remedy::ExchangeOtherLessFee,
        Remedy::AssemblyReplace,
    ]
    .into_iter()
    .any(has)
    {
        "exchange"
    } else if [Remedy::PartRefund, Remedy::PartExchange, Remedy::PartRepair].into_iter().any(has) {
        "part"
    } else if has(Remedy::NoReasonReturn) {
        "no_reason"
    } else if has(Remedy::Repair) {
        "repair"
    } else if has(Remedy::Inspection) {
        "inspect"
    } else if has(Remedy::PaidRepair) {
        "paid"
    } else {
        "nothing"
    };
    if hangs {
        named = real(possible);
        named.retain(|one| *one != Remedy::PaidRepair);
    }
    let ask = missing.iter().next().filter(|_| !customer);
    Saying { case, remedies: named, last_day, ask }
}
