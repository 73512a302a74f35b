use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::error::SchemeError;
use crate::evidence::{Counted, Share};
use crate::points::Points;
use crate::raw;

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Name {
    /// The name in the language `locale` (`zh-CN`, else English).
    pub fn text(&self, locale: &str) -> &str {
        if locale.starts_with("zh") { &self.zh } else { &self.en }
    }
}

/// Where points come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A source states them (已核实).
    Verified,
    /// No source was found; they were chosen so that every sum holds (分配).
    Allocated,
}

/// How sure it is that the clause is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Structure {
    /// At least two sources name it.
    Verified,
    /// One does.
    Single,
    /// None does.
    Assumed,
}

/// Where a fact about the scheme was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its short name.
    pub key: String,
    /// Whose page.
    pub site: String,
    /// What it says.
    pub what: String,
}

/// What a score is called from a limit on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Name,
    /// From this score on.
    pub from: Points,
    /// How many stars it shows.
    pub stars: u8,
    /// Whether a source states the limit.
    pub mark: Mark,
}

/// What fails at any score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fails {
    /// So many special deductions and more.
    Deductions(u32),
    /// This indicator below this share, or without data.
    Clause(String, Share),
}

/// How an indicator's share becomes points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scoring {
    /// Met or not (定性): all points or none.
    All,
    /// Sampled (抽样): in proportion; taken strictly, all or none.
    Share,
    /// Judged in bands (分档), the highest first.
    Bands(Vec<Band>),
}

/// From a share on, so much of the points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// From this share on.
    pub from: Share,
    /// This share of the points.
    pub gives: Share,
}

/// How several parts of evidence become one share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Every part counts the same; one without data counts nothing.
    #[default]
    Mean,
    /// The weakest decides; one without data counts nothing.
    Least,
    /// Multiplied; one without data counts nothing.
    Product,
    /// The first that has data.
    First,
}

/// Whom a kind of record is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// One of the company is enough.
    Company,
    /// One for each store.
    Store,
    /// One for each person.
    Person,
    /// For a share of the people, at least one.
    Quota,
    /// So many of them.
    Count,
    /// Each is a sample that conforms or not.
    Sample,
}

/// A kind of record that people enter because no work produces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordKind {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Name,
    /// Whom it is asked of.
    pub per: Per,
    /// How long it is fresh; `None` = until it says so itself.
    pub days: Option<u32>,
    /// How many are needed, of kind [`Per::Count`].
    pub needs: u32,
    /// Of how many per cent of the people, of kind [`Per::Quota`].
    pub percent: u32,
}

impl RecordKind {
    /// How many are needed where there are so many stores and people; `None` when nothing is asked in advance (samples).
    pub fn needed(&self, stores: i64, people: i64) -> Option<i64> {
        match self.per {
            Per::Company => Some(1),
            Per::Store => Some(stores),
            Per::Person => Some(people),
            Per::Quota => Some((people.saturating_mul(i64::from(self.percent)).saturating_add(99) / 100).max(1)),
            Per::Count => Some(i64::from(self.needs)),
            Per::Sample => None,
        }
    }
}

/// Which number of the metric dictionary, over how many days, and what of it is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// The metric: a ratio alone, or a sum.
    pub metric: String,
    /// The sum that it is a share of.
    pub of: Option<String>,
    /// A dimension and its value.
    pub narrowed: Option<(String, String)>,
    /// Over so many days up to now.
    pub days: u32,
    /// What is enough.
    pub needs: Needs,
}

/// When a counted number conforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The share counts as it is; at this many basis points and above it is full.
    Share {
        /// In basis points.
        full_at: i64,
    },
    /// Full at this sum and above, else nothing.
    AtLeast(i64),
    /// Full at this share (in basis points) and below, else nothing.
    AtMost(i64),
}

impl Needs {
    /// The share that `counted` gives.
    pub fn share(self, counted: Counted) -> Option<Share> {
        match self {
            Self::AtLeast(n) => Some(Share::all_or_none(counted.good >= n)),
            Self::AtMost(bp) => (counted.all > 0).then(|| {
                Share::all_or_none(i128::from(counted.good) * 10_000 <= i128::from(counted.all) * i128::from(bp))
            }),
            Self::Share { full_at } => {
                let whole = i128::from(counted.all) * i128::from(full_at);
                if i128::from(counted.good) * 10_000 >= whole && counted.all > 0 {
                    return Some(Share::FULL);
                }
                let (good, whole) = (counted.good.saturating_mul(10_000), i64::try_from(whole).unwrap_or(i64::MAX));
                Share::of(good, whole)
            }
        }
    }
}

/// One part of an indicator's evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A number of the metric dictionary.
    Metric(Metric),
    /// A kind of record that must be there and fresh.
    Record {
        /// The kind's code.
        code: String,
        /// Count what conforms among what there is, instead of what there is among what is asked.
        met: bool,
    },
    /// A count over records that the program knows by this name.
    Fact(String),
}

impl Part {
    /// The share that `counted` gives for this part.
    pub fn share(&self, counted: Counted) -> Option<Share> {
        match self {
            Self::Metric(metric) => metric.needs.share(counted),
            Self::Record { .. } | Self::Fact(_) => Share::of(counted.good, counted.all),
        }
    }
}

/// A group, or what is scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It has others under it, by their place in [`Scheme::indicators`].
    Group(Vec<usize>),
    /// It is scored itself.
    Leaf {
        /// How its share becomes points.
        scoring: Scoring,
        /// How its parts become one share.
        combine: Combine,
        /// What speaks for it; empty = a person only.
        parts: Vec<Part>,
        /// A company may say that it does not apply.
        may_leave: bool,
    },
}

/// A clause with points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Such as `5.1.1.1`.
    pub clause: String,
    /// Its name.
    pub name: Name,
    /// Its points.
    pub points: Points,
    /// Where the points come from.
    pub mark: Mark,
    /// How sure the clause itself is.
    pub structure: Option<Structure>,
    /// Keys of sources.
    pub sources: Vec<String>,
    /// Group or leaf.
    pub kind: Kind,
    /// In words, what earns the points.
    pub rule: Option<Name>,
    /// What a person attaches.
    pub attach: Option<Name>,
    /// How deep it stands; 0 = first tier.
    pub depth: usize,
}

/// A scheme (评分体系).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Which.
    pub code: String,
    /// Which version of it.
    pub version: String,
    /// Its name.
    pub name: Name,
    /// A word about it.
    pub note: Option<Name>,
    /// First day in force.
    pub from: jiff::civil::Date,
    /// Last day in force.
    pub until: Option<jiff::civil::Date>,
    /// All points together.
    pub total: Points,
    /// What a special deduction takes.
    pub deduction: Points,
    /// What a special bonus gives.
    pub bonus: Points,
    /// How many bonuses count.
    pub most_bonuses: u32,
    /// Why there are special deductions, by code.
    pub causes: Vec<(String, Name)>,
    /// The levels, the lowest first.
    pub levels: Vec<Level>,
    /// What fails at any score.
    pub fails: Vec<Fails>,
    /// Where it was read.
    pub sources: Vec<Source>,
    /// What people enter.
    pub records: Vec<RecordKind>,
    /// All indicators: groups before what stands under them, in the order of the file.
    pub indicators: Vec<Indicator>,
    /// The places of the first tier.
    pub roots: Vec<usize>,
}

impl Scheme {
    /// GB/T 27922-2011, as far as public sources tell.
    ///
    /// # Errors
    /// A defect of the file inside the program.
    pub fn gbt27922() -> Result<Self, SchemeError> {
        Self::parse(include_str!("../data/gbt27922.toml"))
    }

    /// A store's own patrol checklist.
    ///
    /// # Errors
    /// A defect of the file inside the program.
    pub fn patrol() -> Result<Self, SchemeError> {
        Self::parse(include_str!("../data/patrol.toml"))
    }

    /// Reads a scheme.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, SchemeError> {
        let file: raw::File = toml::from_str(text).map_err(|error| SchemeError::Read(error.to_string()))?;
        build(file)
    }

    /// The indicator with this clause.
    pub fn indicator(&self, clause: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|one| one.clause == clause)
    }
    /// The kind of record with this code.
    pub fn record(&self, code: &str) -> Option<&RecordKind> {
        self.records.iter().find(|one| one.code == code)
    }
    /// The level with this code.
    pub fn level(&self, code: &str) -> Option<&Level> {
        self.levels.iter().find(|one| one.code == code)
    }
    /// Everything that is scored itself.
    pub fn leaves(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter().filter(|one| matches!(one.kind, Kind::Leaf { .. }))
    }
    /// How many leaves have allocated points, and how many there are.
    pub fn allocated(&self) -> (usize, usize) {
        (self.leaves().filter(|one| one.mark == Mark::Allocated).count(), self.leaves().count())
    }

    /// Whether every metric and fact that it names exists. `metric` answers whether there is a metric with that id, and with that
    /// dimension where one is given; `fact` whether there is such a fact.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(
        &self,
        metric: impl Fn(&str, Option<&str>) -> bool,
        fact: impl Fn(&str) -> bool,
    ) -> Result<(), SchemeError> {
        for leaf in self.leaves() {
            let Kind::Leaf { parts, .. } = &leaf.kind else { continue };
            let unknown =
                |kind, name: &str| SchemeError::Unknown { clause: leaf.clause.clone(), kind, name: name.to_owned() };
            for part in parts {
                match part {
                    Part::Metric(one) => {
                        for id in [Some(&one.metric), one.of.as_ref()].into_iter().flatten() {
                            if !metric(id, None) {
                                return Err(unknown("metric", id));
                            }
                        }
                        if let Some((dimension, _)) = &one.narrowed
                            && !metric(&one.metric, Some(dimension))
                        {
                            return Err(unknown("dimension", dimension));
                        }
                    }
                    Part::Fact(name) if !fact(name) => return Err(unknown("fact", name)),
                    Part::Fact(_) | Part::Record { .. } => {}
                }
            }
        }
        Ok(())
    }
}

fn build(file: raw::File) -> Result<Scheme, SchemeError> {
    let raw::File { scheme: head, special, level, fails, source, record, indicator } = file;
    if let Some(until) = head.until.filter(|until| *until < head.from) {
        return Err(SchemeError::at("scheme", format!("it ends on {until}, before it begins on {}", head.from)));
    }
    let records = records(record)?;
    let levels = levels(level)?;
    let (indicators, roots) = tree(indicator, &records, &source)?;
    let total = Points::tenths(head.total.0);
    let sum: Points = roots.iter().filter_map(|at| indicators.get(*at)).map(|one| one.points).sum();
    if sum != total || total == Points::ZERO {
        return Err(SchemeError::Total { points: total.to_string(), sum: sum.to_string() });
    }
    let fails = fails.into_iter().map(|one| condition(one, &indicators)).collect::<Result<_, _>>()?;
    let note = pair("scheme", head.note_zh, head.note_en)?;
    Ok(Scheme {
        code: head.code,
        version: head.version,
        name: Name { zh: head.zh, en: head.en },
        note,
        from: head.from,
        until: head.until,
        total,
        deduction: Points::tenths(special.deduction.0),
        bonus: Points::tenths(special.bonus.0),
        most_bonuses: special.most_bonuses,
        causes: special.cause.into_iter().map(Into::into).collect(),
        levels,
        fails,
        sources: source,
        records,
        indicators,
        roots,
    })
}

fn pair(place: &str, zh: Option<String>, en: Option<String>) -> Result<Option<Name>, SchemeError> {
    match (zh, en) {
        (None, None) => Ok(None),
        (Some(zh), Some(en)) => Ok(Some(Name { zh, en })),
        (Some(_), None) | (None, Some(_)) => Err(SchemeError::at(place, "a text is there in one language only")),
    }
}

fn records(raw: Vec<raw::Record>) -> Result<Vec<RecordKind>, SchemeError> {
    let mut seen = BTreeSet::new();
    raw.into_iter()
        .map(|one| {
            let place = format!("record {}", one.name);
            if !seen.insert(one.name.clone()) {
                return Err(SchemeError::at(place, "it is there twice"));
            }
            if (one.per == Per::Count) != one.needs.is_some_and(|n| n > 0) {
                return Err(SchemeError::at(place, "`needs` belongs to `per = \"count\"`, and there it is at least 1"));
            }
            if (one.per == Per::Quota) != one.percent.is_some_and(|n| (1..=100).contains(&n)) {
                return Err(SchemeError::at(place, "`percent` belongs to `per = \"quota\"`, and there it is 1 to 100"));
            }
            Ok(RecordKind {
                code: one.name,
                name: Name { zh: one.zh, en: one.en },
                per: one.per,
                days: one.days,
                needs: one.needs.unwrap_or(1),
                percent: one.percent.unwrap_or(0),
            })
        })
        .collect()
}

fn levels(raw: Vec<raw::Level>) -> Result<Vec<Level>, SchemeError> {
    let levels: Vec<Level> = raw
        .into_iter()
        .map(|one| Level {
            code: one.code,
            name: Name { zh: one.zh, en: one.en },
            from: Points::tenths(one.from.0),
            stars: one.stars,
            mark: one.mark,
        })
        .collect();
    for (lower, higher) in levels.iter().zip(levels.iter().skip(1)) {
        if higher.from <= lower.from {
            let what = format!("it begins at {}, which is not above {} of {}", higher.from, lower.from, lower.code);
            return Err(SchemeError::at(format!("level {}", higher.code), what));
        }
    }
    Ok(levels)
}

fn condition(raw: raw::Fails, indicators: &[Indicator]) -> Result<Fails, SchemeError> {
    match raw {
        raw::Fails { deductions: Some(n), clause: None, below: None } if n > 0 => Ok(Fails::Deductions(n)),
        raw::Fails { deductions: None, clause: Some(clause), below: Some(below) } if (1..=100).contains(&below) => {
            match indicators.iter().find(|one| one.clause == clause) {
                Some(one) if matches!(one.kind, Kind::Leaf { .. }) => Ok(Fails::Clause(clause, Share::percent(below))),
                Some(_) => Err(SchemeError::at("fails", format!("{clause} is a group"))),
                None => Err(SchemeError::at("fails", format!("there is no indicator {clause}"))),
            }
        }
        raw::Fails { .. } => {
            Err(SchemeError::at("fails", "say either `deductions` of at least 1, or `clause` and `below` (1 to 100)"))
        }
    }
}

fn tree(
    raw: Vec<raw::Indicator>,
    records: &[RecordKind],
    sources: &[Source],
) -> Result<(Vec<Indicator>, Vec<usize>), SchemeError> {
    let mut parents: BTreeMap<String, String> = BTreeMap::new();
    for one in &raw {
        if parents.insert(one.clause.clone(), one.parent.clone()).is_some() {
            return Err(SchemeError::Twice(one.clause.clone()));
        }
    }
    for (clause, parent) in &parents {
        if !parent.is_empty() && !parents.contains_key(parent) {
            return Err(SchemeError::Parent { clause: clause.clone(), parent: parent.clone() });
        }
        let mut above = parent;
        let mut steps = 0;
        while !above.is_empty() {
            steps += 1;
            if above == clause || steps > parents.len() {
                return Err(SchemeError::Cycle(clause.clone()));
            }
            let Some(next) = parents.get(above) else { break };
            above = next;
        }
    }
    // Groups first, each followed by what stands under it, in the order of the file.
    let mut under: BTreeMap<&str, Vec<&raw::Indicator>> = BTreeMap::new();
    for one in &raw {
        under.entry(one.parent.as_str()).or_default().push(one);
    }
    let mut placed = Vec::with_capacity(raw.len());
    let mut roots = Vec::new();
    for root in under.get("").into_iter().flatten() {
        roots.push(place(root, &under, 0, records, sources, &mut placed)?);
    }
    Ok((placed, roots))
}

fn place(
    one: &raw::Indicator,
    under: &BTreeMap<&str, Vec<&raw::Indicator>>,
    depth: usize,
    records: &[RecordKind],
    sources: &[Source],
    placed: &mut Vec<Indicator>,
) -> Result<usize, SchemeError> {
    let place_name = format!("indicator {}", one.clause);
    if let Some(missing) = one.sources.iter().find(|key| !sources.iter().any(|source| source.key == **key)) {
        return Err(SchemeError::at(place_name, format!("there is no source {missing:?}")));
    }
    let at = placed.len();
    placed.push(Indicator {
        clause: one.clause.clone(),
        name: Name { zh: one.zh.clone(), en: one.en.clone() },
        points: Points::tenths(one.points.0),
        mark: one.mark,
        structure: one.structure,
        sources: one.sources.clone(),
        kind: Kind::Group(Vec::new()),
        rule: pair(&place_name, one.rule_zh.clone(), one.rule_en.clone())?,
        attach: pair(&place_name, one.attach_zh.clone(), one.attach_en.clone())?,
        depth,
    });
    let kind = match under.get(one.clause.as_str()) {
        Some(children) => {
            if one.scoring.is_some() || !one.part.is_empty() || !one.band.is_empty() {
                return Err(SchemeError::at(place_name, "a group is not scored itself"));
            }
            let mut places = Vec::with_capacity(children.len());
            for child in children {
                places.push(place(child, under, depth + 1, records, sources, placed)?);
            }
            let sum: Points = places.iter().filter_map(|at| placed.get(*at)).map(|one| one.points).sum();
            if sum.in_tenths() != one.points.0 {
                let points = Points::tenths(one.points.0).to_string();
                return Err(SchemeError::Sum { clause: one.clause.clone(), points, sum: sum.to_string() });
            }
            Kind::Group(places)
        }
        None => Kind::Leaf {
            scoring: scoring(one)?,
            combine: one.combine.unwrap_or_default(),
            parts: one.part.iter().map(|part| evidence(one, part, records)).collect::<Result<_, _>>()?,
            may_leave: one.may_leave,
        },
    };
    if let Some(indicator) = placed.get_mut(at) {
        indicator.kind = kind;
    }
    Ok(at)
}

fn scoring(one: &raw::Indicator) -> Result<Scoring, SchemeError> {
    let wrong = |what: &str| Err(SchemeError::at(format!("indicator {}", one.clause), what));
    match one.scoring {
        None => wrong("`scoring` is missing: all, share or bands"),
        Some(raw::Scoring::All) if one.band.is_empty() => Ok(Scoring::All),
        Some(raw::Scoring::Share) if one.band.is_empty() => Ok(Scoring::Share),
        Some(raw::Scoring::All | raw::Scoring::Share) => wrong("`band` belongs to `scoring = \"bands\"`"),
        Some(raw::Scoring::Bands) => {
            if one.band.is_empty() {
                return wrong("`scoring = \"bands\"` needs at least one `band`");
            }
            let falls = |a: &raw::Band, b: &raw::Band| a.from > b.from && a.gives > b.gives;
            let in_order = one.band.iter().zip(one.band.iter().skip(1)).all(|(a, b)| falls(a, b));
            if !in_order || one.band.iter().any(|band| band.from > 100 || band.gives > 100) {
                return wrong("bands stand with the highest first, from and gives falling, in per cent up to 100");
            }
            let bands = one.band.iter();
            Ok(Scoring::Bands(
                bands.map(|band| Band { from: Share::percent(band.from), gives: Share::percent(band.gives) }).collect(),
            ))
        }
    }
}

fn evidence(one: &raw::Indicator, part: &raw::Part, records: &[RecordKind]) -> Result<Part, SchemeError> {
    let wrong = |what: &str| Err(SchemeError::at(format!("indicator {}", one.clause), what));
    let raw::Part { metric, of, narrowed, days, at_least, at_most, full_at, record, met, fact } = part;
    let plain = of.is_none()
        && narrowed.is_none()
        && days.is_none()
        && at_least.is_none()
        && at_most.is_none()
        && full_at.is_none();
    match (metric, record, fact) {
        (Some(metric), None, None) if !met => {
            let needs = match (at_least, at_most, full_at) {
                (None, None, None) => Needs::Share { full_at: 10_000 },
                (None, None, Some(full)) if (1..=10_000).contains(&full.0) => Needs::Share { full_at: full.0 },
                (Some(n), None, None) if *n > 0 => Needs::AtLeast(*n),
                (None, Some(most), None) => Needs::AtMost(most.0),
                _ => return wrong("a metric has one of `at_least` (1 and more), `at_most` and `full_at` (up to 100)"),
            };
            Ok(Part::Metric(Metric {
                metric: metric.clone(),
                of: of.clone(),
                narrowed: narrowed.clone(),
                days: days.unwrap_or(365),
                needs,
            }))
        }
        (None, Some(code), None) if plain => match records.iter().any(|kind| kind.code == *code) {
            true => Ok(Part::Record { code: code.clone(), met: *met }),
            false => Err(SchemeError::Record { clause: one.clause.clone(), name: code.clone() }),
        },
        (None, None, Some(fact)) if plain && !met => Ok(Part::Fact(fact.clone())),
        _ => wrong("a part names one metric, one record or one fact, with the keys that belong to it"),
    }
}
