use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use kernel::Permission;

/// A kind of record that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 服务单.
    Case,
    /// 顾客.
    Customer,
    /// 商品.
    Product,
    /// 销售.
    Sale,
    /// 序列号.
    SerialUnit,
    /// 渠道.
    Channel,
    /// 退换货单.
    Return,
    /// 索赔单.
    Claim,
    /// 平台售后单.
    PlatformOrder,
    /// 保障条款.
    Terms,
    /// 难题.
    Problem,
    /// 审核.
    Audit,
    /// 审核发现.
    Finding,
}

/// The word for problems, and what one needs to see them: another capability keeps them and opens them for search.
const PROBLEM: (&str, Permission) = ("problem", Permission("problems.view"));

impl Kind {
    /// All of them, in the order of their tabs.
    pub const ALL: [Self; 13] = [
        Self::Case,
        Self::Customer,
        Self::SerialUnit,
        Self::Sale,
        Self::Product,
        Self::Return,
        Self::Claim,
        Self::PlatformOrder,
        Self::Terms,
        Self::Problem,
        Self::Audit,
        Self::Finding,
        Self::Channel,
    ];

    /// The word in addresses and in search.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Case => cases::app::RECORD,
            Self::Customer => parties::file::RECORD,
            Self::Product => parties::app::PRODUCT,
            Self::Sale => parties::app::SALE,
            Self::SerialUnit => parties::app::UNIT,
            Self::Channel => cases::app::CHANNEL,
            Self::Return => "return",
            Self::Claim => "claim",
            Self::PlatformOrder => "platform_order",
            Self::Terms => parties::app::TERMS,
            Self::Problem => PROBLEM.0,
            Self::Audit => "audit",
            Self::Finding => "audit_finding",
        }
    }
    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
    /// What one needs to see such records.
    pub const fn needs(self) -> Permission {
        match self {
            Self::Case => cases::app::VIEW,
            Self::Customer => parties::app::VIEW,
            Self::Product => parties::app::VIEW_PRODUCTS,
            Self::Sale | Self::SerialUnit => parties::app::VIEW_SALES,
            Self::Channel => cases::app::CHANNELS_VIEW,
            // Known by their words: these capabilities are further down.
            Self::Return => Permission("returns.view"),
            Self::Claim => Permission("claims.view"),
            Self::PlatformOrder => Permission("platforms.view"),
            Self::Terms => parties::app::VIEW_TERMS,
            Self::Problem => PROBLEM.1,
            Self::Audit => Permission("audits.view"),
            Self::Finding => Permission("audits.findings"),
        }
    }
}

/// Where the next page begins, for each kind that has more: kinds are found apart, because their reach differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place(pub(super) BTreeMap<Kind, i64>);

impl fmt::Display for Place {
    /// `case.17~customer.4`; words of kinds have underscores of their own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (kind, id)) in self.0.iter().enumerate() {
            write!(f, "{}{}.{id}", if n > 0 { "~" } else { "" }, kind.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut kinds = BTreeMap::new();
        for part in text.split('~') {
            let (kind, id) = part.split_once('.').ok_or(())?;
            kinds.insert(Kind::parse(kind).ok_or(())?, id.parse().map_err(|_bad| ())?);
        }
        Ok(Self(kinds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_an_address() {
        let place = Place(BTreeMap::from([(Kind::Case, 17), (Kind::Customer, -4), (Kind::SerialUnit, 5)]));
        assert_eq!(place.to_string(), "case.17~customer.-4~serial_unit.5");
        assert_eq!(place.to_string().parse(), Ok(place));
        for bad in ["", "case", "case.x", "house.3", "case.1~", "case.1,customer.2"] {
            assert_eq!(bad.parse::<Place>(), Err(()), "{bad}");
        }
    }
}
