use std::collections::BTreeMap;

use kernel::{Id, Zone, of};

/// What a unit of the organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// The whole company (公司); the root, exactly one.
    Company,
    /// Stores under one regional manager (区域).
    Region,
    /// A store (门店).
    Store,
    /// A team or a department (团队, 部门).
    Team,
}

impl UnitKind {
    /// All kinds, from wide to narrow.
    pub const ALL: [Self; 4] = [Self::Company, Self::Region, Self::Store, Self::Team];

    /// The word that is stored; `identity-unit-<word>` is its text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Region => "region",
            Self::Store => "store",
            Self::Team => "team",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
    /// True when a unit of this kind may stand directly below one of kind `parent`.
    pub const fn fits_below(self, parent: Self) -> bool {
        match self {
            Self::Company => false,
            Self::Region | Self::Store => matches!(parent, Self::Company | Self::Region),
            Self::Team => true,
        }
    }
}

/// A node of the organisation tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: Id<of::Unit>,
    /// The unit above; none for the company.
    pub parent: Option<Id<of::Unit>>,
    /// Company, region, store or team.
    pub kind: UnitKind,
    /// A short code that people and other programs use, such as `HZ02`. Unique.
    pub code: String,
    /// The name in Chinese.
    pub name: String,
    /// The name in English, if it has one.
    pub name_en: Option<String>,
    /// Its time zone; a store's business days are counted in it.
    pub zone: Zone,
    /// Telephone, as printed on slips.
    pub phone: Option<String>,
    /// Street address, as printed on slips.
    pub address: Option<String>,
    /// Ids from the company down to this unit itself.
    pub path: Vec<Id<of::Unit>>,
    /// False when it is closed; its records stay.
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
}

impl Unit {
    /// The name in `locale`; the Chinese one where there is no other.
    pub fn name_in(&self, locale: &str) -> &str {
        match &self.name_en {
            Some(name) if locale.starts_with("en") => name,
            _ => &self.name,
        }
    }
}

/// All units by id.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    units: BTreeMap<Id<of::Unit>, Unit>,
}

impl Tree {
    /// A tree of `units`.
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Self {
        Self { units: units.into_iter().map(|unit| (unit.id, unit)).collect() }
    }
    /// The unit `id`.
    pub fn unit(&self, id: Id<of::Unit>) -> Option<&Unit> {
        self.units.get(&id)
    }
    /// All units in the order of their ids.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }
    /// The company.
    pub fn company(&self) -> Option<&Unit> {
        self.units().find(|unit| unit.kind == UnitKind::Company)
    }
    /// True when `id` is `top` or stands somewhere below it.
    pub fn is_within(&self, id: Id<of::Unit>, top: Id<of::Unit>) -> bool {
        self.unit(id).is_some_and(|unit| unit.path.contains(&top))
    }
    /// `top` and everything below it.
    pub fn within(&self, top: Id<of::Unit>) -> impl Iterator<Item = &Unit> {
        self.units().filter(move |unit| unit.path.contains(&top))
    }
    /// The store that `id` is or stands in.
    pub fn store_of(&self, id: Id<of::Unit>) -> Option<&Unit> {
        let path = &self.unit(id)?.path;
        path.iter().rev().filter_map(|step| self.unit(*step)).find(|unit| unit.kind == UnitKind::Store)
    }
}
