//! What a self-assessment keeps, and what differs between two of them; without any I/O.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Day, Timestamp};
use scores::domain::Figure;
use scoring::{Mark, Name, Points, State};
use serde::{Deserialize, Serialize};

/// The format of [`Body`], and the kind of statement that it is signed as.
pub const FORMAT: &str = "aftercare.assessment.v1";

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// In the language `locale`.
    pub fn text(&self, locale: &str) -> &str {
        if locale.starts_with("zh") { &self.zh } else { &self.en }
    }
}

impl From<&Name> for Words {
    fn from(name: &Name) -> Self {
        Self { zh: name.zh.clone(), en: name.en.clone() }
    }
}

/// Everything that a self-assessment says, as it is signed. Points are tenths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// [`FORMAT`].
    pub format: String,
    /// Its id.
    pub id: String,
    /// The company's name.
    pub company: Words,
    /// Id of the unit.
    pub unit: String,
    /// Its code.
    pub unit_code: String,
    /// Its name.
    pub unit_name: Words,
    /// company, region or store.
    pub unit_kind: String,
    /// The day that it speaks of.
    pub day: Day,
    /// What it is for.
    pub title: String,
    /// More.
    pub note: Option<String>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Code of the scheme.
    pub scheme: String,
    /// Its version.
    pub scheme_version: String,
    /// Its name.
    pub scheme_name: Words,
    /// Tenths of a hundred, taken strictly; `None` when nothing applies.
    pub low: Option<i64>,
    /// In proportion.
    pub high: Option<i64>,
    /// Code of the level at the low end.
    pub level_low: Option<String>,
    /// At the high end.
    pub level_high: Option<String>,
    /// Some points are allocated.
    pub estimate: bool,
    /// Something fails at any score.
    pub failed: bool,
    /// How many leaves have allocated points, and how many there are.
    pub allocated: (usize, usize),
    /// Special deductions and bonuses that counted.
    pub special: (u32, u32),
    /// What a deduction takes and a bonus gives.
    pub special_points: (i64, i64),
    /// The special deductions and bonuses.
    pub specials: Vec<SpecialLine>,
    /// The levels, the lowest first.
    pub levels: Vec<LevelLine>,
    /// Where the scheme was read: whose page, what it says.
    pub sources: Vec<(String, String)>,
    /// The tree, groups before what stands under them.
    pub items: Vec<Item>,
}

/// A level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelLine {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Words,
    /// From this score on.
    pub from: i64,
    /// How many stars it shows.
    pub stars: u8,
    /// Whether a source states the limit.
    pub mark: Mark,
}

/// A special deduction or bonus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialLine {
    /// Its id.
    pub id: String,
    /// The cause; `None` = a bonus.
    pub cause: Option<Words>,
    /// What happened.
    pub reason: String,
    /// When.
    pub happened_on: Day,
    /// Who confirmed it.
    pub by: String,
    /// When they did.
    pub at: Timestamp,
    /// Where: the unit's name.
    pub place: Words,
}

/// One clause with what it earned and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Such as `5.1.1.1`.
    pub clause: String,
    /// Its name.
    pub name: Words,
    /// How deep it stands.
    pub depth: usize,
    /// It has others under it.
    pub group: bool,
    /// Its points.
    pub points: i64,
    /// Whether a source states them.
    pub mark: Mark,
    /// What earned what.
    pub figure: Figure,
    /// Why, in a few words: `38 ÷ 40`.
    pub why: Words,
    /// What earns the points.
    pub rule: Option<Words>,
    /// The parts of its evidence.
    pub parts: Vec<PartLine>,
    /// The newest entries that spoke for it.
    pub entries: Vec<EntryLine>,
    /// How many there were.
    pub entries_all: usize,
    /// What somebody judged.
    pub judgement: Option<JudgementLine>,
}

impl Item {
    /// What is lost: strictly, in proportion.
    pub fn lost(&self) -> (i64, i64) {
        (self.figure.applicable - self.figure.low, self.figure.applicable - self.figure.high)
    }
    /// It does not apply.
    pub fn away(&self) -> bool {
        self.figure.state() == State::NotApplicable
    }
}

/// One part of an indicator's evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLine {
    /// What is counted.
    pub name: Words,
    /// What of it is enough.
    pub needs: Words,
    /// What was counted; `None` without data.
    pub counted: Option<String>,
    /// Where the records are.
    pub href: Option<String>,
    /// Without data: what brings some.
    pub missing: Words,
}

/// Evidence that somebody entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// The kind's name.
    pub kind_name: Words,
    /// In a few words.
    pub title: String,
    /// Where.
    pub place: Words,
    /// Whom it is about.
    pub person: Option<String>,
    /// When it happened.
    pub happened_on: Day,
    /// Its last day.
    pub valid_until: Option<Day>,
    /// When it was written down.
    pub entered_at: Timestamp,
    /// By whom.
    pub entered_by: String,
    /// A visit or sample that conforms.
    pub met: bool,
}

/// What somebody said of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgementLine {
    /// Per cent; `None` = it does not apply.
    pub percent: Option<i64>,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Where: the unit's id.
    pub unit: String,
    /// Its name.
    pub place: Words,
}

impl Body {
    /// The level with this code.
    pub fn level(&self, code: Option<&str>) -> Option<&LevelLine> {
        code.and_then(|code| self.levels.iter().find(|level| level.code == code))
    }
    /// What is not a group.
    pub fn leaves(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| !item.group)
    }
    /// What could earn more, the most first.
    pub fn gaps(&self) -> Vec<&Item> {
        let mut gaps: Vec<&Item> = self.leaves().filter(|item| item.lost().0 > 0).collect();
        gaps.sort_by_key(|item| {
            (std::cmp::Reverse(item.lost().1), std::cmp::Reverse(item.lost().0), item.clause.clone())
        });
        gaps
    }
}

/// A range as people read it: one number when both ends are the same.
pub fn range(low: i64, high: i64) -> String {
    let (low, high) = (Points::tenths(low), Points::tenths(high));
    if low == high { high.to_string() } else { format!("{low}–{high}") }
}

/// What differs at one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference<'b> {
    /// Before; `None` = the clause was not there.
    pub before: Option<&'b Item>,
    /// After.
    pub after: Option<&'b Item>,
    /// Tenths more (or less): strictly, in proportion.
    pub by: (i64, i64),
    /// Why.
    pub why: Vec<Why<'b>>,
}

impl Difference<'_> {
    /// The clause as either knows it.
    pub fn item(&self) -> Option<&Item> {
        self.after.or(self.before)
    }
    /// It earned something else, or other points apply.
    pub fn moved(&self) -> bool {
        let of = |item: &Item| (item.figure.low, item.figure.high, item.figure.applicable);
        self.before.map(of) != self.after.map(of)
    }
}

/// One reason for a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why<'b> {
    /// The clause is only in the later one.
    New,
    /// The clause is only in the earlier one.
    Gone,
    /// Its points changed with the version.
    Points(i64, i64),
    /// Something else was counted: of what, before, after.
    Counted(&'b Words, Option<&'b str>, Option<&'b str>),
    /// It is judged otherwise, or no longer.
    Judged(Option<&'b JudgementLine>, Option<&'b JudgementLine>),
    /// Entries that spoke before and no longer do.
    Ended(Vec<&'b EntryLine>),
    /// Entries that did not speak yet.
    Entered(Vec<&'b EntryLine>),
}

/// What differs from `before` to `after`, clause by clause, in the order of the later one; what is only in the earlier one at the end.
pub fn differences<'b>(before: &'b Body, after: &'b Body) -> Vec<Difference<'b>> {
    let old: BTreeMap<&str, &Item> = before.items.iter().map(|item| (item.clause.as_str(), item)).collect();
    let new: BTreeSet<&str> = after.items.iter().map(|item| item.clause.as_str()).collect();
    let later = after.items.iter().map(|item| difference(old.get(item.clause.as_str()).copied(), Some(item)));
    let earlier = before.items.iter().filter(|item| !new.contains(item.clause.as_str()));
    later.chain(earlier.map(|item| difference(Some(item), None))).collect()
}

fn difference<'b>(before: Option<&'b Item>, after: Option<&'b Item>) -> Difference<'b> {
    let ends = |item: Option<&Item>| item.map_or((0, 0), |item| (item.figure.low, item.figure.high));
    let (old, new) = (ends(before), ends(after));
    let why = match (before, after) {
        (None, _) => vec![Why::New],
        (_, None) => vec![Why::Gone],
        (Some(before), Some(after)) => reasons(before, after),
    };
    Difference { before, after, by: (new.0 - old.0, new.1 - old.1), why }
}

fn reasons<'b>(before: &'b Item, after: &'b Item) -> Vec<Why<'b>> {
    let mut why = Vec::new();
    if before.points != after.points {
        why.push(Why::Points(before.points, after.points));
    }
    for part in &after.parts {
        let was = before.parts.iter().find(|one| one.name == part.name).and_then(|one| one.counted.as_deref());
        if was != part.counted.as_deref() {
            why.push(Why::Counted(&part.name, was, part.counted.as_deref()));
        }
    }
    let said = |item: &'b Item| item.judgement.as_ref().map(|one| (one.percent, one.at));
    if said(before) != said(after) {
        why.push(Why::Judged(before.judgement.as_ref(), after.judgement.as_ref()));
    }
    let only = |of: &'b Item, other: &'b Item| -> Vec<&'b EntryLine> {
        let known: BTreeSet<&str> = other.entries.iter().map(|one| one.id.as_str()).collect();
        // Where not all are kept, one that is missing may be behind the last that is.
        if other.entries_all > other.entries.len() {
            return Vec::new();
        }
        of.entries.iter().filter(|one| !known.contains(one.id.as_str())).collect()
    };
    let (ended, entered) = (only(before, after), only(after, before));
    if !ended.is_empty() {
        why.push(Why::Ended(ended));
    }
    if !entered.is_empty() {
        why.push(Why::Entered(entered));
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(clause: &str, high: i64, counted: Option<&str>) -> Item {
        let figure = Figure { low: 0, high, applicable: 50, state: "data".into(), share: None, parts: Vec::new() };
        let words = |text: &str| Words { zh: text.into(), en: text.into() };
        Item {
            clause: clause.into(),
            name: words(clause),
            depth: 2,
            group: false,
            points: 50,
            mark: Mark::Allocated,
            figure,
            why: Words::default(),
            rule: None,
            parts: vec![PartLine {
                name: words("goods"),
                needs: Words::default(),
                counted: counted.map(str::to_owned),
                href: None,
                missing: Words::default(),
            }],
            entries: Vec::new(),
            entries_all: 0,
            judgement: None,
        }
    }

    fn body(items: Vec<Item>) -> Body {
        serde_json::from_value::<Body>(serde_json::json!({
            "format": FORMAT, "id": "1", "company": Words::default(), "unit": "1", "unit_code": "HQ",
            "unit_name": Words::default(), "unit_kind": "company", "day": "2026-11-22", "title": "t", "note": null,
            "made_by": "x", "made_at": "2026-11-22T06:00:00Z", "scheme": "gbt27922", "scheme_version": "2011",
            "scheme_name": Words::default(), "low": 700, "high": 800, "level_low": null, "level_high": null,
            "estimate": true, "failed": false, "allocated": [46, 47], "special": [0, 0], "special_points": [50, 50],
            "specials": [], "levels": [], "sources": [], "items": items,
        }))
        .unwrap()
    }

    #[test]
    fn a_difference_says_what_was_counted_otherwise() {
        let before = body(vec![item("5.1", 20, Some("2 ÷ 5")), item("5.9", 10, None)]);
        let after = body(vec![item("5.1", 40, Some("4 ÷ 5")), item("5.2", 30, None)]);
        let found = differences(&before, &after);
        assert_eq!(found.iter().map(|one| one.by.1).collect::<Vec<_>>(), [20, 30, -10]);
        assert!(matches!(found[0].why.as_slice(), [Why::Counted(_, Some("2 ÷ 5"), Some("4 ÷ 5"))]));
        assert_eq!((&found[1].why, &found[2].why), (&vec![Why::New], &vec![Why::Gone]));
        assert!(differences(&before, &before).iter().all(|one| !one.moved() && one.why.is_empty()));
    }

    #[test]
    fn gaps_begin_with_the_most_that_is_lost() {
        let one = body(vec![item("5.1", 50, None), item("5.2", 10, None), item("5.3", 40, None)]);
        let gaps: Vec<&str> = one.gaps().iter().map(|item| item.clause.as_str()).collect();
        assert_eq!(gaps, ["5.2", "5.3", "5.1"], "strictly even the first has lost");
        assert_eq!((range(700, 800), range(455, 455)), ("70–80".to_owned(), "45.5".to_owned()));
    }
}
