use kernel::{Day, FieldErrors, Id, RecordRef, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text;

/// Longest Chinese name of an entry; the English one may be twice as long.
const NAME: usize = 30;
/// Longest line of words by which goods are recognised.
const WORDS: usize = 300;

/// Marks the id of an entry of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryId {}

/// A list that the company keeps itself (清单).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum List {
    /// What products are sorted into (商品分组).
    Groups,
    /// Kinds of goods on cases, each with symptoms of its own (商品类别).
    Goods,
    /// What lay behind a case or a complaint (原因).
    Causes,
}

impl List {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Goods, Self::Causes, Self::Groups];
    /// What it is called in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Groups => "product-groups",
            Self::Goods => "goods",
            Self::Causes => "causes",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    /// The word for its entries in the journal.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Groups => "product_group",
            Self::Goods => "goods_category",
            Self::Causes => "case_cause",
        }
    }
    /// The entry that stands for everything else; it can be renamed but not retired.
    pub const fn fallback(self) -> &'static str {
        match self {
            Self::Groups | Self::Goods => "general",
            Self::Causes => "other",
        }
    }
    /// Whether its entries have words by which goods are recognised.
    pub const fn has_words(self) -> bool {
        matches!(self, Self::Goods)
    }
    /// Whether its entries say where they are offered.
    pub const fn has_kinds(self) -> bool {
        matches!(self, Self::Causes)
    }
}

words! {
    /// Where a cause is offered (用于).
    pub enum CauseKind {
        /// When a case is solved (服务单).
        Case = "case",
        /// When responsibility for a complaint is found (投诉).
        Complaint = "complaint",
        /// At both.
        Both = "both",
    }
}

impl CauseKind {
    /// Whether it is offered where `asked` is.
    pub const fn serves(self, asked: Self) -> bool {
        matches!(
            (self, asked),
            (Self::Both, _) | (_, Self::Both) | (Self::Case, Self::Case) | (Self::Complaint, Self::Complaint)
        )
    }
}

/// An entry of a list (条目).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    /// Its id.
    pub id: Id<EntryId>,
    /// What it is called in data, e.g. `washer`; it never changes.
    pub code: String,
    /// 中文.
    pub name_zh: String,
    /// English.
    pub name_en: String,
    /// What a product's name holds that belongs to it, in lower case; only kinds of goods have these.
    pub words: Vec<String>,
    /// Where it is offered; only causes say so, everything else is offered everywhere.
    pub kind: CauseKind,
    /// Where it stands in the list.
    pub ordinal: i64,
    /// The first day on which it is no longer offered.
    pub retired_on: Option<Day>,
    /// Added by the company.
    pub own: bool,
    /// Counts its changes.
    pub version: i64,
}

impl ListEntry {
    /// True when it can be chosen on `day`.
    pub fn is_offered(&self, day: Day) -> bool {
        self.retired_on.is_none_or(|retired| day < retired)
    }
    /// True when it can be chosen on `day` where `asked` is chosen.
    pub fn is_offered_for(&self, asked: CauseKind, day: Day) -> bool {
        self.kind.serves(asked) && self.is_offered(day)
    }
    /// The name in the language of that word, `zh-CN` or `en`.
    pub fn name_in(&self, locale: &str) -> &str {
        if locale == "zh-CN" { &self.name_zh } else { &self.name_en }
    }
    /// How the journal names it.
    pub fn record(&self, list: List) -> RecordRef {
        RecordRef::new(list.kind(), self.id)
    }
}

/// The name of the entry `code` in the language `locale`; a code that is in no list stands for itself.
pub fn entry_name(entries: &[ListEntry], code: &str, locale: &str) -> String {
    entries.iter().find(|entry| entry.code == code).map_or(code, |entry| entry.name_in(locale)).to_owned()
}

/// An entry as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct EntryInput {
    /// 中文.
    pub name_zh: String,
    /// English; the Chinese name when left out.
    pub name_en: Option<String>,
    /// Kinds of goods only: what a product's name holds that belongs to it, separated by commas.
    pub words: Option<String>,
    /// Causes only: where it is offered; a new one everywhere when left out, another stays as it is.
    pub kind: Option<CauseKind>,
    /// Its place in the list, from 1; at the end when left out.
    pub position: Option<i64>,
}

/// An entry that can be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDraft {
    /// 中文.
    pub name_zh: String,
    /// English.
    pub name_en: String,
    /// In lower case.
    pub words: Vec<String>,
    /// As typed.
    pub kind: Option<CauseKind>,
    /// From 1.
    pub position: Option<i64>,
}

/// Reads what was typed; what is wrong is noted under the field's name.
pub fn entry(errors: &mut FieldErrors, list: List, input: &EntryInput) -> EntryDraft {
    let name_zh = text::required_line(errors, "name_zh", &input.name_zh, NAME);
    let name_en = text::optional_line(errors, "name_en", input.name_en.as_deref(), NAME * 2);
    let words = text::optional_line(errors, "words", input.words.as_deref(), WORDS).unwrap_or_default();
    if !list.has_words() && !words.is_empty() {
        errors.add("words", "unknown");
    }
    if !list.has_kinds() && input.kind.is_some() {
        errors.add("kind", "unknown");
    }
    if input.position.is_some_and(|position| !(1..=1_000).contains(&position)) {
        errors.add_with("position", "number-range", vec![("min", "1".to_owned()), ("max", "1000".to_owned())]);
    }
    EntryDraft {
        name_en: name_en.unwrap_or_else(|| name_zh.clone()),
        name_zh,
        words: recognised(&words),
        kind: input.kind,
        position: input.position,
    }
}

/// Words that are separated by commas of either kind, each once.
pub fn recognised(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in line.split([',', '，', '、']).map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// The order of `ids` with `moved` at `position` (from 1, at the end when beyond it).
pub fn moved_to<T>(ids: &[Id<T>], moved: Id<T>, position: i64) -> Vec<Id<T>> {
    let mut order: Vec<Id<T>> = ids.iter().copied().filter(|id| *id != moved).collect();
    let at = usize::try_from(position.saturating_sub(1)).unwrap_or(0).min(order.len());
    order.insert(at, moved);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_moves_to_its_place() {
        let ids: [Id<EntryId>; 4] = [1, 2, 3, 4].map(Id::new);
        let order =
            |moved, position| moved_to(&ids, Id::new(moved), position).iter().map(|id| id.get()).collect::<Vec<_>>();
        assert_eq!(order(3, 1), [3, 1, 2, 4]);
        assert_eq!(order(1, 4), [2, 3, 4, 1]);
        assert_eq!(order(2, 99), [1, 3, 4, 2]);
        assert_eq!(order(2, 2), [1, 2, 3, 4]);
        assert_eq!(order(9, 2), [1, 9, 2, 3, 4], "a new one");
    }

    #[test]
    fn words_are_told_apart_by_any_comma() {
        assert_eq!(recognised("洗衣机，波轮、Washer, washer ,,"), ["洗衣机", "波轮", "washer"]);
        assert!(recognised(" ").is_empty());
    }
}
