use std::collections::BTreeMap;

use serde::{Deserialize as _, Deserializer};
use worktime::Holidays;

use crate::condition::{Anchor, Test, Tests, compile, words_of};
use crate::day::{Day, RestDays};
use crate::raw::{self, Category, Ends, Fee, Kind, MonthsOf, Source};
use crate::words::{Confidence, Extra, FactName, Layer, Phase, Remedy};

/// A rule file that cannot be used. The texts name the file, the rule and the word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Not TOML, or a key or word that is not known.
    #[error("{file}: {text}")]
    Unreadable {
        /// The file.
        file: String,
        /// What is wrong, with the line.
        text: String,
    },
    /// Something in it has no sense.
    #[error("{file}: {rule}: {text}")]
    Senseless {
        /// The file.
        file: String,
        /// The rule, window or category.
        rule: String,
        /// What is wrong.
        text: String,
    },
}

/// All rules, compiled once.
#[derive(Debug)]
pub struct Rulebook {
    pub(crate) version: String,
    pub(crate) digest: String,
    pub(crate) sources: BTreeMap<String, Source>,
    pub(crate) remedies: Vec<RemedyInfo>,
    categories: Vec<Category>,
    by_id: BTreeMap<String, (usize, usize)>,
    regimes: Vec<RuleSet>,
    generic: usize,
    pub(crate) common: RuleSet,
    pub(crate) rest: RestDays,
}

#[derive(Debug, Clone)]
pub(crate) struct RemedyInfo {
    pub(crate) kind: Kind,
    pub(crate) payer: String,
}

/// Rules that are looked at together.
#[derive(Debug)]
pub(crate) struct RuleSet {
    pub(crate) id: String,
    pub(crate) starts: Vec<Start>,
    pub(crate) proof: Option<Proof>,
    pub(crate) windows: Vec<Window>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) layer: Layer,
    pub(crate) payer: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) anchors: Vec<Anchor>,
    pub(crate) cite: Vec<String>,
    pub(crate) from: Option<Day>,
    pub(crate) to: Option<Day>,
}

#[derive(Debug)]
pub(crate) struct Proof {
    provable: u8,
    serial_only: u8,
    pub(crate) cite: Vec<String>,
}

fn kinds(list: &[Kind]) -> u8 {
    list.iter().fold(0, |mask, kind| mask | kind_bit(*kind))
}

pub(crate) fn kind_bit(kind: Kind) -> u8 {
    match kind {
        Kind::Refund => 1,
        Kind::Exchange => 2,
        Kind::Repair => 4,
        Kind::Distance => 8,
        Kind::Paid => 16,
    }
}

impl Proof {
    /// The kinds of remedy that such a proof leaves.
    pub(crate) fn leaves(&self, proof: crate::words::Proof) -> u8 {
        match proof {
            crate::words::Proof::Yes => u8::MAX,
            crate::words::Proof::Provable => self.provable,
            crate::words::Proof::SerialOnly => self.serial_only,
            crate::words::Proof::No => 0,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) id: String,
    pub(crate) cite: Vec<String>,
    pub(crate) length: Length,
    pub(crate) km: Option<u32>,
    pub(crate) anchors: Vec<Anchor>,
    pub(crate) offset_days: u32,
    pub(crate) extended: bool,
    pub(crate) extended_from: Option<Day>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Length {
    Days(u32),
    Months(i32),
    WholeUnit,
    Component,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) cite: Vec<String>,
    pub(crate) phase: Phase,
    pub(crate) ground: String,
    pub(crate) tests: Tests,
    pub(crate) gives: Vec<Remedy>,
    pub(crate) denies: Vec<Remedy>,
    pub(crate) instead_of: Option<Remedy>,
    pub(crate) given_by: Vec<String>,
    pub(crate) turns: Vec<(Remedy, Remedy)>,
    pub(crate) ends: Option<Ends>,
    pub(crate) fee: Option<Fee>,
    pub(crate) compensation: Option<raw::Compensation>,
    pub(crate) extras: Vec<Extra>,
    pub(crate) evidence: Vec<String>,
    pub(crate) confidence: Confidence,
    pub(crate) person: bool,
    /// A promise beside the law: that it ends earlier takes nothing away.
    pub(crate) adds: bool,
    /// The window whose last day is the last day of what the rule gives.
    pub(crate) until: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct Clock {
    pub(crate) code: String,
    pub(crate) cite: Vec<String>,
    pub(crate) tests: Tests,
    pub(crate) runs: Runs,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Runs {
    /// Days so far against a limit that must not be passed.
    Counts(FactCount, u32),
    /// Due so many days after the claim.
    DaysFromClaim(u32),
    /// Due so many working days after the claim.
    WorkingDaysFromClaim(u32),
    /// So many days, once the goods are back.
    DaysFromGoodsBack(u32),
}

/// A number that conditions compare and clocks count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactCount {
    RepairsDone,
    DaysInRepair,
    OpenRepairDays,
    PartsWaitDays,
    /// The open repair without the wait for the maker's parts.
    OwnDelayDays,
    Km,
    PriceFen,
}

impl FactCount {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "repairs_done" => Self::RepairsDone,
            "days_in_repair" => Self::DaysInRepair,
            "open_repair_days" => Self::OpenRepairDays,
            "parts_wait_days" => Self::PartsWaitDays,
            "own_delay_days" => Self::OwnDelayDays,
            "km" => Self::Km,
            "price_fen" => Self::PriceFen,
            _ => return None,
        })
    }
    pub(crate) fn fact(self) -> FactName {
        match self {
            Self::RepairsDone => FactName::RepairsDone,
            Self::DaysInRepair => FactName::DaysInRepair,
            Self::OpenRepairDays | Self::OwnDelayDays => FactName::OpenRepairDays,
            Self::PartsWaitDays => FactName::PartsWaitDays,
            Self::Km => FactName::Km,
            Self::PriceFen => FactName::PriceFen,
        }
    }
}

const LAW: &str = include_str!("../data/law.toml");
const CATEGORIES: &str = include_str!("../data/categories.toml");
const COMMON: &str = include_str!("../data/consumer.toml");
const REGIMES: &[(&str, &str)] = &[
    ("sb1995.toml", include_str!("../data/sb1995.toml")),
    ("ph2001.toml", include_str!("../data/ph2001.toml")),
    ("fx2001.toml", include_str!("../data/fx2001.toml")),
    ("pc2002.toml", include_str!("../data/pc2002.toml")),
    ("av2002.toml", include_str!("../data/av2002.toml")),
    ("car2021.toml", include_str!("../data/car2021.toml")),
    ("agri2010.toml", include_str!("../data/agri2010.toml")),
    ("generic.toml", include_str!("../data/generic.toml")),
];

impl Rulebook {
    /// The rules of mainland China that are shipped with this crate, and its table of rest days.
    pub fn china() -> Result<Self, RuleError> {
        let holidays = Holidays::china().map_err(|error| unreadable("cn.toml", &error))?;
        Self::read(LAW, CATEGORIES, COMMON, REGIMES, &holidays)
    }

    /// Reads and compiles rule files.
    pub(crate) fn read(
        law: &str,
        categories: &str,
        common: &str,
        regimes: &[(&str, &str)],
        holidays: &Holidays,
    ) -> Result<Self, RuleError> {
        let mut digest = Digest::default();
        for text in [law, categories, common].into_iter().chain(regimes.iter().map(|(_, text)| *text)) {
            digest.add(text);
        }
        let law: raw::LawFile = toml::from_str(law).map_err(|error| unreadable("law.toml", &error))?;
        let mut sources = BTreeMap::new();
        for source in law.source {
            let id = source.id.clone();
            if sources.insert(id.clone(), source).is_some() {
                return Err(senseless("law.toml", &id, "is given twice"));
            }
        }
        let mut remedies = Vec::new();
        for remedy in Remedy::ALL.iter().filter(|remedy| **remedy != Remedy::None) {
            let mut found = law.remedy.iter().filter(|one| one.code == *remedy);
            let (Some(one), None) = (found.next(), found.next()) else {
                return Err(senseless("law.toml", remedy.as_str(), "must be given once"));
            };
            remedies.push(RemedyInfo { kind: one.kind, payer: one.payer.clone() });
        }
        if !law.remedy.iter().map(|one| one.code).eq(Remedy::ALL.iter().copied().filter(|one| *one != Remedy::None)) {
            return Err(senseless("law.toml", "remedy", "the order of strength must be that of the vocabulary"));
        }
        let read = |name: &str, text: &str| -> Result<RuleSet, RuleError> {
            let file: raw::RuleFile = toml::from_str(text).map_err(|error| unreadable(name, &error))?;
            RuleSet::of(name, file, &sources)
        };
        let common = read("consumer.toml", common)?;
        let regimes = regimes.iter().map(|(name, text)| read(name, text)).collect::<Result<Vec<_>, _>>()?;
        let regime = |id: &str| regimes.iter().position(|set| set.id == id);
        let generic =
            regime("generic").ok_or_else(|| senseless("generic.toml", "id", "no rules for goods in no list"))?;
        let file: raw::CategoryFile =
            toml::from_str(categories).map_err(|error| unreadable("categories.toml", &error))?;
        let mut by_id = BTreeMap::new();
        for (index, category) in file.category.iter().enumerate() {
            let wrong = |text: &str| senseless("categories.toml", &category.id, text);
            let set = regime(&category.regime).ok_or_else(|| wrong("names a rule set that is not there"))?;
            if by_id.insert(category.id.clone(), (index, set)).is_some() {
                return Err(wrong("is given twice"));
            }
            if category.cite.iter().any(|cite| !sources.contains_key(source_of(cite))) {
                return Err(wrong("cites a source that is not there"));
            }
            if category.whole_unit_months.into_iter().chain(category.parts().map(|part| part.months)).any(|n| n < 1) {
                return Err(wrong("has a validity below one month"));
            }
            for name in category.start_before_switch.iter().flatten() {
                Anchor::parse(name).ok_or_else(|| wrong("starts from an unknown day"))?;
            }
        }
        Ok(Self {
            version: law.version,
            digest: digest.hex(),
            sources,
            remedies,
            categories: file.category,
            by_id,
            regimes,
            generic,
            common,
            rest: RestDays::of(holidays),
        })
    }

    /// The version of the rules; a verdict is replayed with the version that made it.
    pub fn version(&self) -> &str {
        &self.version
    }
    /// A digest of the rule texts: two rulebooks with one version and two digests must not exist.
    pub fn digest(&self) -> &str {
        &self.digest
    }
    /// All categories in order.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }
    /// A category by its code.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.by_id.get(id).and_then(|(index, _)| self.categories.get(*index))
    }
    /// A source by its code: `XF` of the clause `XF-24`.
    pub fn source(&self, cite: &str) -> Option<&Source> {
        self.sources.get(source_of(cite))
    }
    /// All sources.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }
    /// The grounds of all rules, for those who keep texts for them.
    pub fn grounds(&self) -> impl Iterator<Item = &str> {
        self.sets().flat_map(|set| &set.rules).map(|rule| rule.ground.as_str())
    }
    /// The codes of all clocks.
    pub fn clocks(&self) -> impl Iterator<Item = &str> {
        self.sets().flat_map(|set| &set.clocks).map(|clock| clock.code.as_str())
    }
    /// The codes of everything that is asked for as evidence.
    pub fn evidence(&self) -> impl Iterator<Item = &str> {
        self.sets().flat_map(|set| &set.rules).flat_map(|rule| &rule.evidence).map(String::as_str)
    }
    /// The names of all windows.
    pub fn windows(&self) -> impl Iterator<Item = &str> {
        self.sets().flat_map(|set| &set.windows).map(|window| window.id.as_str())
    }

    fn sets(&self) -> impl Iterator<Item = &RuleSet> {
        self.regimes.iter().chain([&self.common])
    }

    pub(crate) fn found(&self, id: &str) -> Option<(&Category, &RuleSet)> {
        let (category, set) = self.by_id.get(id)?;
        Some((self.categories.get(*category)?, self.regimes.get(*set)?))
    }

    pub(crate) fn generic(&self) -> Option<&RuleSet> {
        self.regimes.get(self.generic)
    }

    pub(crate) fn remedy(&self, remedy: Remedy) -> Option<&RemedyInfo> {
        self.remedies.get(remedy as usize)
    }

    /// Reads the terms of a layer above the law from TOML.
    pub fn layer(&self, name: &str, text: &str) -> Result<Terms, RuleError> {
        self.terms(name, toml::from_str(text).map_err(|error| unreadable(name, &error))?)
    }

    /// Reads the terms of a layer above the law from another format, such as JSON.
    pub fn layer_from<'de, D: Deserializer<'de>>(&self, name: &str, terms: D) -> Result<Terms, RuleError> {
        self.terms(name, raw::RuleFile::deserialize(terms).map_err(|error| unreadable(name, &error))?)
    }

    fn terms(&self, name: &str, file: raw::RuleFile) -> Result<Terms, RuleError> {
        let wrong = |text: &str| senseless(name, &file.id, text);
        match file.layer {
            None | Some(Layer::Law) => {
                return Err(wrong("layer must be maker, contract, platform, extended_warranty or policy"));
            }
            Some(_) => {}
        }
        if file.payer.is_none() {
            return Err(wrong("must say who pays"));
        }
        if !file.start.is_empty() || file.proof.is_some() || !file.clock.is_empty() {
            return Err(wrong("start, proof and clock belong to the law"));
        }
        if file.rule.iter().any(|rule| {
            rule.phase.is_some() || rule.ends.is_some() || !rule.turns.is_empty() || rule.instead_of.is_some()
        }) {
            return Err(wrong("phase, ends, turns and instead_of belong to the law"));
        }
        Ok(Terms(RuleSet::of(name, file, &self.sources)?))
    }
}

/// The terms of one layer above the law: a maker's promise, a contract, a platform's rule, an extended warranty or the shop's policy.
#[derive(Debug)]
pub struct Terms(pub(crate) RuleSet);

impl Terms {
    /// Their code.
    pub fn id(&self) -> &str {
        &self.0.id
    }
    /// Which layer they are.
    pub fn layer(&self) -> Layer {
        self.0.layer
    }
}

/// Two terms are the same when their code is: a text that changes gets another one.
impl PartialEq for Terms {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id && self.0.layer == other.0.layer
    }
}

impl Eq for Terms {}

impl RuleSet {
    fn of(name: &str, file: raw::RuleFile, sources: &BTreeMap<String, Source>) -> Result<Self, RuleError> {
        let law = file.layer.is_none();
        let cited = |rule: &str, cites: &[String]| -> Result<(), RuleError> {
            match cites.iter().find(|cite| law && !sources.contains_key(source_of(cite))) {
                Some(cite) => Err(senseless(name, rule, &format!("cites {cite}, a source that is not there"))),
                None => Ok(()),
            }
        };
        cited(&file.id, &file.cite)?;
        if file.source.as_ref().is_some_and(|source| !sources.contains_key(source)) {
            return Err(senseless(name, &file.id, "its source is not there"));
        }
        let anchors = |rule: &str, names: &[String]| -> Result<Vec<Anchor>, RuleError> {
            names
                .iter()
                .map(|word| Anchor::parse(word).ok_or_else(|| senseless(name, rule, &format!("unknown day {word}"))))
                .collect()
        };
        let mut starts: Vec<Start> = Vec::new();
        for start in &file.start {
            cited("start", &start.cite)?;
            let anchors = anchors("start", &start.latest_of)?;
            if anchors.contains(&Anchor::Start) {
                return Err(senseless(name, "start", "cannot start from itself"));
            }
            if start.from.zip(start.to).is_some_and(|(from, to)| from > to) {
                return Err(senseless(name, "start", "ends before it begins"));
            }
            if let Some(before) = starts.last()
                && (before.to.is_none() || before.to.map(|day| day.plus_days(1)) != start.from)
            {
                return Err(senseless(name, "start", "the dates overlap or leave a gap"));
            }
            starts.push(Start { anchors, cite: start.cite.clone(), from: start.from, to: start.to });
        }
        let mut windows: Vec<Window> = Vec::new();
        for window in &file.window {
            cited(&window.id, &window.cite)?;
            let wrong = |text: &str| senseless(name, &window.id, text);
            if windows.iter().any(|other| other.id == window.id) {
                return Err(wrong("is given twice"));
            }
            let length = match (window.days, window.months, window.months_of) {
                (Some(days), None, None) if days <= 10_000 => Length::Days(days),
                (None, Some(months), None) if (1..=600).contains(&months) => Length::Months(months),
                (None, None, Some(MonthsOf::WholeUnit)) => Length::WholeUnit,
                (None, None, Some(MonthsOf::Component)) => Length::Component,
                _ => return Err(wrong("needs one length: days, months or months_of")),
            };
            if window.from.is_empty() {
                return Err(wrong("has no beginning"));
            }
            windows.push(Window {
                id: window.id.clone(),
                cite: window.cite.clone(),
                length,
                km: window.km,
                anchors: anchors(&window.id, &window.from)?,
                offset_days: window.offset_days,
                extended: window.extended_by_repair,
                extended_from: window.extended_from,
            });
        }
        let names: Vec<&str> = windows.iter().map(|window| window.id.as_str()).collect();
        let mut rules: Vec<Rule> = Vec::new();
        for rule in file.rule {
            let id = rule.id.clone().or_else(|| rule.cite.first().cloned()).unwrap_or_else(|| rule.ground.clone());
            let wrong = |text: &str| senseless(name, &id, text);
            cited(&id, &rule.cite)?;
            if law && rule.cite.is_empty() {
                return Err(wrong("cites nothing"));
            }
            if rules.iter().any(|other| other.id == id) {
                return Err(wrong("is given twice; give it an id of its own"));
            }
            if let Some(given) = rule.given_by.iter().find(|given| !rules.iter().any(|other| other.id == **given)) {
                return Err(wrong(&format!("rests on {given}, which does not come before it")));
            }
            let tests = compile(&rule.when, &names).map_err(|text| wrong(&text))?;
            let until = tests.iter().find_map(|test| match test {
                Test::Within(window) => Some(*window),
                _ => None,
            });
            if let Some(compensation) = rule.compensation
                && (compensation.times_price < 0 || compensation.at_least_fen < 0)
            {
                return Err(wrong("a compensation below nothing"));
            }
            match rule.fee {
                Some(Fee::ProRata { price_fen, months }) if price_fen < 0 || months < 1 || until.is_none() => {
                    return Err(wrong("a pro-rata sum needs a price, months, and a window to count from"));
                }
                Some(Fee::Fen(fen)) if fen < 0 => return Err(wrong("a fee below nothing")),
                _ => {}
            }
            let confidence = rule
                .confidence
                .into_iter()
                .chain(rule.cite.iter().filter_map(|cite| sources.get(source_of(cite))).map(|source| source.confidence))
                .min()
                .unwrap_or(Confidence::High);
            rules.push(Rule {
                phase: rule.phase.unwrap_or(Phase::Remedy),
                ground: rule.ground,
                tests,
                gives: rule.gives,
                denies: rule.denies,
                instead_of: rule.instead_of,
                given_by: rule.given_by,
                turns: rule.turns,
                ends: rule.ends,
                fee: rule.fee,
                compensation: rule.compensation,
                extras: rule.extras,
                evidence: rule.evidence,
                confidence,
                person: rule.person,
                adds: rule.adds,
                until,
                cite: rule.cite,
                id,
            });
        }
        rules.sort_by_key(|rule| rule.phase);
        let mut clocks = Vec::new();
        for clock in file.clock {
            cited(&clock.code, &clock.cite)?;
            let wrong = |text: &str| senseless(name, &clock.code, text);
            let runs =
                match (clock.counts.as_deref(), clock.limit, clock.starts.as_deref(), clock.days, clock.working_days) {
                    (Some(counts), Some(limit), None, None, None) => {
                        Runs::Counts(FactCount::parse(counts).ok_or_else(|| wrong("counts an unknown number"))?, limit)
                    }
                    (None, None, Some("claim_date"), Some(days), None) => Runs::DaysFromClaim(days),
                    (None, None, Some("claim_date"), None, Some(days)) => Runs::WorkingDaysFromClaim(days),
                    (None, None, Some("goods_back"), Some(days), None) => Runs::DaysFromGoodsBack(days),
                    _ => return Err(wrong("needs counts and limit, or starts and a length")),
                };
            let tests = compile(&clock.when, &names).map_err(|text| wrong(&text))?;
            clocks.push(Clock { code: clock.code, cite: clock.cite, tests, runs });
        }
        let proof = match file.proof {
            None => None,
            Some(proof) => {
                cited("proof", &proof.cite)?;
                Some(Proof {
                    provable: kinds(&proof.provable),
                    serial_only: kinds(&proof.serial_only),
                    cite: proof.cite,
                })
            }
        };
        Ok(Self {
            id: file.id,
            starts,
            proof,
            windows,
            rules,
            clocks,
            layer: file.layer.unwrap_or(Layer::Law),
            payer: file.payer,
        })
    }
}

/// The source of a clause: `XF` of `XF-24`.
pub fn source_of(cite: &str) -> &str {
    cite.split_once('-').map_or(cite, |(source, _)| source)
}

pub(crate) fn unreadable(file: &str, error: &impl std::fmt::Display) -> RuleError {
    RuleError::Unreadable { file: file.to_owned(), text: error.to_string() }
}

fn senseless(file: &str, rule: &str, text: &str) -> RuleError {
    RuleError::Senseless { file: file.to_owned(), rule: rule.to_owned(), text: text.to_owned() }
}

/// FNV-1a, 64 bits: not against forgery, only to notice a rule that was changed under the same version.
struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().filter(|byte| *byte != b'\r') {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    fn hex(&self) -> String {
        format!("{:016x}", self.0)
    }
}

/// The words that a condition on `fact` may use.
pub fn allowed_words(fact: FactName) -> &'static [&'static str] {
    words_of(fact)
}
