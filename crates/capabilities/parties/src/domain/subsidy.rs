//! State subsidies (国补): programmes by region and batch as data, and what a sale used of one.

use kernel::{Day, FieldErrors, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::serial::day;
use super::text;

words! {
    /// What a return makes of a subsidy (退回处理).
    pub enum Duty {
        /// It goes back to the treasury (退回).
        Repay = "repay",
        /// The change is reported (报备).
        Report = "report",
        /// Nothing (不处理).
        Keep = "keep",
    }
}

/// A programme as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProgrammeInput {
    /// What people call it.
    pub name: String,
    /// Where it holds.
    pub region: String,
    /// Which batch of money.
    pub batch: String,
    /// For sales from this day on, `YYYY-MM-DD`.
    pub from: String,
    /// To this day; empty is without end.
    pub to: Option<String>,
    /// Codes of product groups; empty is all.
    pub goods: Vec<String>,
    /// Share of the price in hundredths of a percent: 1500 is 15 %.
    pub rate_bp: i64,
    /// At most so much for one piece, in fen; 0 is no limit.
    pub cap: i64,
    /// What a refund makes of it: `repay` (default), `report` or `keep`.
    pub on_refund: String,
    /// What an exchange makes of it: `report` (default), `repay` or `keep`.
    pub on_exchange: String,
    /// The customer's quota of this batch is gone after a refund.
    pub forfeits: bool,
    /// Days in which it is done.
    pub days: i64,
    /// Where it goes.
    pub account: String,
    /// Where it is written.
    pub source: String,
}

/// A programme that can be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeDraft {
    /// What people call it.
    pub name: String,
    /// Where it holds.
    pub region: String,
    /// Which batch.
    pub batch: String,
    /// For sales from this day on.
    pub from: Day,
    /// To this day.
    pub to: Option<Day>,
    /// Product groups; empty is all.
    pub goods: Vec<String>,
    /// Share of the price in hundredths of a percent.
    pub rate_bp: i64,
    /// At most so much, in fen; 0 is no limit.
    pub cap_fen: i64,
    /// What a refund makes of it.
    pub on_refund: Duty,
    /// What an exchange makes of it.
    pub on_exchange: Duty,
    /// The quota is gone after a refund.
    pub forfeits: bool,
    /// Days in which it is done.
    pub days: i64,
    /// Where it goes.
    pub account: String,
    /// Where it is written.
    pub source: String,
}

impl ProgrammeDraft {
    /// The most that a piece of `price_fen` may be given.
    pub fn most(&self, price_fen: i64) -> i64 {
        let share = i64::try_from(i128::from(price_fen) * i128::from(self.rate_bp) / 10_000).unwrap_or(i64::MAX);
        if self.cap_fen > 0 { share.min(self.cap_fen) } else { share }
    }
    /// Whether it holds for goods of `group` sold on `day`.
    pub fn holds(&self, group: &str, day: Day) -> bool {
        self.from <= day
            && self.to.is_none_or(|to| day <= to)
            && (self.goods.is_empty() || self.goods.iter().any(|one| one == group))
    }
}

/// Reads what was typed; what is wrong is noted under the field's name.
pub fn programme(errors: &mut FieldErrors, input: &ProgrammeInput) -> Option<ProgrammeDraft> {
    let line = |errors: &mut FieldErrors, field: &str, typed: &str, max| text::required_line(errors, field, typed, max);
    let name = line(errors, "name", &input.name, 60);
    let region = line(errors, "region", &input.region, 60);
    let batch = line(errors, "batch", &input.batch, 60);
    let account = line(errors, "account", &input.account, 200);
    let source = line(errors, "source", &input.source, 200);
    if input.from.trim().is_empty() {
        errors.add("from", "required");
    }
    let (from, to) = (day(errors, "from", Some(&input.from)), day(errors, "to", input.to.as_deref()));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        errors.add("to", "period");
    }
    let numbers =
        [("rate_bp", input.rate_bp, 1, 10_000), ("cap", input.cap, 0, 10_000_000_000), ("days", input.days, 1, 365)];
    for (field, value, least, most) in numbers {
        if !(least..=most).contains(&value) {
            errors.add_with(field, "number-range", vec![("min", least.to_string()), ("max", most.to_string())]);
        }
    }
    let mut duty = |field: &str, typed: &str, usual: Duty| match typed.trim() {
        "" => Some(usual),
        word => {
            let found = Duty::parse(word);
            if found.is_none() {
                errors.add(field, "unknown");
            }
            found
        }
    };
    let on_refund = duty("on_refund", &input.on_refund, Duty::Repay);
    let on_exchange = duty("on_exchange", &input.on_exchange, Duty::Report);
    let mut goods: Vec<String> =
        input.goods.iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
    goods.sort();
    goods.dedup();
    Some(ProgrammeDraft {
        name,
        region,
        batch,
        from: from?,
        to,
        goods,
        rate_bp: input.rate_bp,
        cap_fen: input.cap,
        on_refund: on_refund?,
        on_exchange: on_exchange?,
        forfeits: input.forfeits,
        days: input.days,
        account,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_given_its_share_up_to_the_cap() {
        let mut errors = FieldErrors::default();
        let input = ProgrammeInput {
            name: "以旧换新".into(),
            region: "浙江".into(),
            batch: "2026-2".into(),
            from: "2026-01-01".into(),
            rate_bp: 1_500,
            cap: 150_000,
            days: 30,
            account: "财政专户".into(),
            source: "通知".into(),
            goods: vec!["washer".into()],
            ..ProgrammeInput::default()
        };
        let draft = programme(&mut errors, &input).unwrap();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!((draft.most(329_900), draft.most(2_000_000)), (49_485, 150_000));
        assert!(
            draft.holds("washer", "2026-03-01".parse().unwrap()) && !draft.holds("tv", "2026-03-01".parse().unwrap())
        );
        assert!(!draft.holds("washer", "2025-03-01".parse().unwrap()));
    }
}
