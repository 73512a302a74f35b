//! What covers a unit, layer by layer, as far as the records say. No verdict: what a layer gives is decided after inspection.

use kernel::Day;

use super::sale::Cover;
use super::words::{SoldBy, Source};

/// Days within which a fault lets the customer choose between return, exchange and repair (消费者权益保护法 art. 24: seven days;
/// the three-guarantee rules of single goods say the same).
pub const FIRST_DAYS: i32 = 7;

/// What the records say about a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The day of sale.
    pub sold_on: Option<Day>,
    /// From when the warranty counts, where that is not the day of sale.
    pub warranty_from: Option<Day>,
    /// Months of statutory warranty of the whole unit.
    pub law_months: Option<i64>,
    /// Months of statutory warranty of the main part.
    pub main_months: Option<i64>,
    /// Months of the maker's promise.
    pub maker_months: Option<i64>,
    /// The maker's promise in words.
    pub maker_promise: Option<String>,
    /// How it was sold.
    pub channel: Option<SoldBy>,
    /// What was promised at the sale.
    pub covers: Vec<Cover>,
}

/// Where a layer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The law (法律).
    Law,
    /// A promise beyond it.
    Beyond(Source),
}

/// How a layer stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In force, to its last day where that is known.
    Running(Option<Day>),
    /// Its last day has passed.
    Ended(Day),
    /// It does not concern this sale.
    Absent,
    /// The records do not say enough.
    Unknown,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standings {
    /// Which.
    pub layer: Layer,
    /// How it stands.
    pub standing: Standing,
    /// What was promised, in the words of the record.
    pub promise: Option<String>,
    /// Who pays, where the record names somebody.
    pub provider: Option<String>,
    /// The last day of the first week, while it runs; of the law only.
    pub choice_until: Option<Day>,
    /// The last day of the main part's warranty, when it is later than the whole unit's; of the law only.
    pub main_until: Option<Day>,
}

/// Every layer as it stands on `today`, in the order in which people look at them. The day of sale does not count, so a month's
/// warranty of the 18th ends with the 18th.
pub fn layers(facts: &Facts, today: Day) -> Vec<Standings> {
    let from = facts.warranty_from.or(facts.sold_on);
    let plain = |layer, standing| Standings {
        layer,
        standing,
        promise: None,
        provider: None,
        choice_until: None,
        main_until: None,
    };
    let until = |months: Option<i64>| Some(from?.plus_months(i32::try_from(months?).ok()?));
    let stands = |end: Option<Day>| match end {
        Some(end) if end < today => Standing::Ended(end),
        end => Standing::Running(end),
    };
    let choice_until = facts.sold_on.map(|day| day.plus(FIRST_DAYS)).filter(|day| *day >= today);
    let law_until = until(facts.law_months);
    let main_until = until(facts.main_months).filter(|day| Some(*day) > law_until && *day >= today);
    let law = Standings {
        choice_until,
        main_until,
        ..plain(
            Layer::Law,
            match (law_until, choice_until) {
                (Some(end), _) => stands(Some(end)),
                (None, Some(end)) => Standing::Running(Some(end)),
                (None, None) => Standing::Unknown,
            },
        )
    };
    let mut all = vec![law];
    for source in Source::ALL.iter().copied() {
        let layer = Layer::Beyond(source);
        let mut found = false;
        if source == Source::Maker && (facts.maker_months.is_some() || facts.maker_promise.is_some()) {
            let standing = match until(facts.maker_months) {
                Some(end) => stands(Some(end)),
                None => Standing::Unknown,
            };
            all.push(Standings { promise: facts.maker_promise.clone(), ..plain(layer, standing) });
            found = true;
        }
        for cover in facts.covers.iter().filter(|cover| cover.source == source) {
            all.push(Standings {
                promise: Some(cover.promise.clone()),
                provider: cover.provider.clone(),
                ..plain(layer, stands(cover.ends_on))
            });
            found = true;
        }
        if !found {
            let absent = match (source, facts.channel) {
                (Source::Platform, Some(SoldBy::Platform) | None) | (Source::Maker | Source::Policy, _) => {
                    Standing::Unknown
                }
                (Source::Sale | Source::Extended, None) => Standing::Unknown,
                (Source::Sale | Source::Extended | Source::Platform, Some(_)) => Standing::Absent,
            };
            all.push(plain(layer, absent));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_is_invented_where_nothing_is_known() {
        let all = layers(&Facts::default(), day("2026-11-22"));
        assert!(all.iter().all(|one| one.standing == Standing::Unknown && one.promise.is_none()), "{all:?}");
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn every_layer_has_its_last_day() {
        let facts = Facts {
            sold_on: Some(day("2026-11-18")),
            law_months: Some(12),
            main_months: Some(36),
            maker_months: Some(72),
            channel: Some(SoldBy::Store),
            covers: vec![Cover {
                source: Source::Extended,
                promise: "碎屏保".into(),
                provider: Some("某保险".into()),
                ends_on: Some(day("2026-11-21")),
            }],
            ..Facts::default()
        };
        let all = layers(&facts, day("2026-11-22"));
        let law = all.first().unwrap();
        assert_eq!(law.standing, Standing::Running(Some(day("2027-11-18"))));
        assert_eq!((law.choice_until, law.main_until), (Some(day("2026-11-25")), Some(day("2029-11-18"))));
        let standing = |source| all.iter().find(|one| one.layer == Layer::Beyond(source)).unwrap().standing;
        assert_eq!(standing(Source::Maker), Standing::Running(Some(day("2032-11-18"))));
        assert_eq!(standing(Source::Extended), Standing::Ended(day("2026-11-21")));
        assert_eq!((standing(Source::Platform), standing(Source::Policy)), (Standing::Absent, Standing::Unknown));
        let week_over = layers(&facts, day("2026-11-26"));
        assert_eq!(week_over.first().unwrap().choice_until, None);
        assert_eq!(layers(&facts, day("2027-11-19")).first().unwrap().standing, Standing::Ended(day("2027-11-18")));
    }
}
