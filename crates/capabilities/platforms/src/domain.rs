//! The rules of a platform's after-sales order, without any I/O: what may happen next, which deadline runs then, and what proof is owed.

mod column;
mod reason;

pub use column::Column;
pub use reason::{Told, told};

use kernel::{FieldErrors, Money, Timestamp, words};
use serde::{Deserialize, Serialize};

words! {
    /// What the buyer asks for.
    pub enum Kind {
        /// Money back, nothing is sent back (仅退款).
        RefundOnly = "refund_only",
        /// Goods back, money back (退货退款).
        ReturnRefund = "return_refund",
        /// Another unit (换货).
        Exchange = "exchange",
        /// A repair (维修).
        Repair = "repair",
    }
}

impl Kind {
    /// Whether goods come back.
    pub const fn sends_back(self) -> bool {
        !matches!(self, Self::RefundOnly)
    }
    /// What the back offices of platforms call it.
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        if let Some(word) = Self::parse(&plain.to_lowercase()) {
            return Some(word);
        }
        match () {
            () if plain.contains("换") => Some(Self::Exchange),
            () if plain.contains("维修") || plain.contains("返修") => Some(Self::Repair),
            () if plain.contains("仅退款") || plain.contains("未发货退款") => Some(Self::RefundOnly),
            () if plain.contains("退货") => Some(Self::ReturnRefund),
            () => None,
        }
    }
}

words! {
    /// Where an order stands.
    pub enum State {
        /// The shop has to answer (待处理).
        Applied = "applied",
        /// The buyer has to send the goods (待买家寄回).
        Returning = "returning",
        /// The goods are on their way (待收货).
        Shipped = "shipped",
        /// Money, another unit or the repaired one is owed (待退款).
        Settling = "settling",
        /// The shop said no (已拒绝).
        Refused = "refused",
        /// The platform decides (平台介入).
        Intervention = "intervention",
        /// It is done (已完成).
        Completed = "completed",
        /// Nothing comes of it (已关闭).
        Closed = "closed",
    }
}

impl State {
    /// Whether nothing more comes of it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Closed)
    }
    /// The deadline that runs while it stands here.
    pub const fn clock(self) -> Option<Clock> {
        match self {
            Self::Applied => Some(Clock::Answer),
            Self::Returning => Some(Clock::ShipBack),
            Self::Shipped | Self::Settling => Some(Clock::Refund),
            Self::Intervention => Some(Clock::Evidence),
            Self::Refused | Self::Completed | Self::Closed => None,
        }
    }
}

words! {
    /// What a platform gives time for.
    pub enum Clock {
        /// The shop answers (处理时限).
        Answer = "answer",
        /// The buyer sends the goods (寄回时限); missed by the buyer, not by us.
        ShipBack = "ship_back",
        /// The shop pays or sends once the goods are on their way (退款时限).
        Refund = "refund",
        /// The shop proves its side to the platform (举证时限).
        Evidence = "evidence",
    }
}

impl Clock {
    /// Whether it is for us to keep it.
    pub const fn is_ours(self) -> bool {
        !matches!(self, Self::ShipBack)
    }
}

/// What `name` does to a running deadline: whether it was kept is judged (`true`), it loses its meaning (`false`), or it runs on.
pub const fn ends(clock: Clock, name: CommandName, to: State) -> Option<bool> {
    use CommandName as C;
    match (clock, name) {
        (Clock::Answer, C::Agree | C::Refuse)
        | (Clock::ShipBack, C::Ship | C::Receive)
        | (Clock::Refund, C::Complete | C::Refuse)
        | (Clock::Evidence, C::Submit) => Some(true),
        (Clock::Refund, C::Receive) => None,
        _ if matches!(to.clock(), Some(next) if next as u8 == clock as u8) => None,
        _ => Some(false),
    }
}

words! {
    /// What became of a deadline.
    pub enum Outcome {
        /// Kept.
        Met = "met",
        /// Missed.
        Late = "late",
        /// The order went another way.
        Void = "void",
    }
}

words! {
    /// What can happen to an order.
    pub enum CommandName {
        /// The shop agrees.
        Agree = "agree",
        /// The shop says no.
        Refuse = "refuse",
        /// The buyer has sent the goods.
        Ship = "ship",
        /// The parcel is here: opened and weighed before the camera.
        Receive = "receive",
        /// Money has gone back there, or the other unit is on its way.
        Complete = "complete",
        /// The buyer asks anew after a no.
        Reapply = "reapply",
        /// The platform steps in.
        Intervene = "intervene",
        /// Our proofs are with the platform.
        Submit = "submit",
        /// The platform decided for the buyer.
        RuleBuyer = "rule_buyer",
        /// The platform decided for us.
        RuleShop = "rule_shop",
        /// The buyer took it back, or the platform ended it.
        Close = "close",
    }
}

/// Where `name` leads from `state` of an order of this `kind`; nowhere where it cannot be.
pub const fn next(kind: Kind, state: State, name: CommandName) -> Option<State> {
    use CommandName as C;
    use State as S;
    match (state, name) {
        (S::Applied, C::Agree) if kind.sends_back() => Some(S::Returning),
        (S::Applied, C::Agree) => Some(S::Settling),
        (S::Applied, C::Refuse) => Some(S::Refused),
        (S::Shipped | S::Settling, C::Refuse) if kind.sends_back() => Some(S::Refused),
        (S::Returning, C::Ship) => Some(S::Shipped),
        (S::Returning | S::Shipped, C::Receive) => Some(S::Settling),
        (S::Settling, C::Complete) => Some(S::Completed),
        (S::Refused, C::Reapply) => Some(S::Applied),
        (S::Applied | S::Returning | S::Shipped | S::Settling | S::Refused, C::Intervene) => Some(S::Intervention),
        (S::Intervention, C::Submit) => Some(S::Intervention),
        (S::Intervention, C::RuleBuyer) => Some(S::Settling),
        (S::Intervention, C::RuleShop) => Some(S::Closed),
        (S::Completed | S::Closed, _) => None,
        (_, C::Close) => Some(S::Closed),
        _ => None,
    }
}

words! {
    /// Whose the freight insurance is (运费险).
    pub enum InsuredBy {
        /// There is none, as far as we know.
        None = "none",
        /// The buyer's.
        Buyer = "buyer",
        /// We paid for it.
        Shop = "shop",
        /// The platform gives it.
        Platform = "platform",
    }
}

words! {
    /// Where the freight insurance stands.
    pub enum InsuranceState {
        /// There is none.
        None = "none",
        /// It covers the order.
        Insured = "insured",
        /// It was asked to pay.
        Claimed = "claimed",
        /// It paid.
        Paid = "paid",
        /// It will not pay.
        Refused = "refused",
    }
}

/// The freight insurance of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurance {
    /// Whose.
    pub by: InsuredBy,
    /// Where it stands.
    pub state: InsuranceState,
    /// What it paid.
    pub amount: Money,
}

impl Insurance {
    /// None.
    pub const NONE: Self = Self { by: InsuredBy::None, state: InsuranceState::None, amount: Money::ZERO };

    /// Whether it can be so: an amount where it paid and nowhere else, a state where there is one and nowhere else.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(&self, errors: &mut FieldErrors) {
        let none = self.by == InsuredBy::None;
        if none != (self.state == InsuranceState::None) {
            errors.add("insurance_state", if none { "platforms-no-insurance" } else { "choose" });
        }
        if self.amount < Money::ZERO || (self.state == InsuranceState::Paid) != (self.amount > Money::ZERO) {
            errors.add("insurance_amount", "platforms-insurance-amount");
        }
    }
}

/// How many hours a shop's platform gives; what nobody entered is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// To answer.
    pub answer: Option<i64>,
    /// For the buyer to send the goods.
    pub ship_back: Option<i64>,
    /// To pay or send.
    pub refund: Option<i64>,
    /// To prove.
    pub evidence: Option<i64>,
}

impl Hours {
    /// For `clock`.
    pub const fn of(&self, clock: Clock) -> Option<i64> {
        match clock {
            Clock::Answer => self.answer,
            Clock::ShipBack => self.ship_back,
            Clock::Refund => self.refund,
            Clock::Evidence => self.evidence,
        }
    }
}

/// Milliseconds of an hour.
pub const HOUR: i64 = 3_600_000;

/// When a deadline ends and when somebody is told before: platforms count every hour of every day. Told when a quarter is left, at the
/// latest two hours before; a platform's own moment counts before hours.
pub fn deadline(from: Timestamp, hours: Option<i64>, stated: Option<Timestamp>) -> Option<(Timestamp, Timestamp)> {
    let due = stated.filter(|at| *at > from).or_else(|| hours.map(|hours| from.plus(hours.saturating_mul(HOUR))))?;
    let whole = due.since(from);
    let before = (whole / 4).max((2 * HOUR).min(whole));
    Some((due, due.plus(-before)))
}

/// A step as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What.
    pub name: CommandName,
    /// When it happened there.
    pub at: Timestamp,
    /// The parcel's number, the transfer, the platform's case.
    pub reference: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// What the parcel weighs, in grams.
    pub weight: Option<i64>,
    /// Until when the platform says the next deadline runs.
    pub until: Option<Timestamp>,
}

/// What is known of an order when something is decided about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What the buyer asks for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// When its last step happened.
    pub last: Timestamp,
    /// Photos of the opening are there, those that come with the step counted.
    pub unboxing: bool,
    /// Photos of the scales.
    pub weighing: bool,
    /// The weight is known.
    pub weight: Option<i64>,
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A stable code, whose text is `fault-<code>`.
    Code(&'static str),
    /// Fields are wrong.
    Fields(FieldErrors),
}

/// That step is not there yet, or past.
pub const NOT_NOW: &str = "platforms-not-now";
/// It is over.
pub const OVER: &str = "platforms-over";

/// Whether a command of this name can be given.
///
/// # Errors
/// Why not.
pub const fn guard(kind: Kind, state: State, name: CommandName) -> Result<State, &'static str> {
    match next(kind, state, name) {
        Some(to) => Ok(to),
        None if state.is_over() => Err(OVER),
        None => Err(NOT_NOW),
    }
}

/// Whether a no needs photos of the opening and of the scales, and the weight: where goods have come back.
pub const fn proofs_needed(kind: Kind, state: State) -> bool {
    kind.sends_back() && matches!(state, State::Shipped | State::Settling)
}

/// Where `command` leads on `facts`, now being `now`.
///
/// # Errors
/// The refusal; or every field that is wrong: a moment that lies ahead or before the last step, a no without a reason or without the
/// proofs that its kind asks for, goods on their way without a parcel's number.
pub fn decide(facts: &Facts, command: &Command, now: Timestamp) -> Result<State, Refusal> {
    let to = guard(facts.kind, facts.state, command.name).map_err(Refusal::Code)?;
    let mut errors = FieldErrors::default();
    if command.at > now {
        errors.add("at", "future");
    } else if command.at < facts.last {
        errors.add("at", "platforms-before-last");
    }
    if command.until.is_some_and(|until| until <= command.at) {
        errors.add("until", "platforms-until");
    }
    if command.weight.is_some_and(|weight| !(1..=1_000_000).contains(&weight)) {
        errors.add("weight", "platforms-weight");
    }
    let told = command.note.is_some();
    match command.name {
        CommandName::Refuse => {
            if !told {
                errors.add("note", "required");
            }
            if proofs_needed(facts.kind, facts.state) {
                if !facts.unboxing {
                    errors.add("unboxing", "platforms-unboxing");
                }
                if !facts.weighing {
                    errors.add("weighing", "platforms-weighing");
                }
                if command.weight.or(facts.weight).is_none() {
                    errors.add("weight", "required");
                }
            }
        }
        CommandName::Ship if command.reference.is_none() => errors.add("reference", "required"),
        CommandName::Submit | CommandName::RuleBuyer | CommandName::RuleShop | CommandName::Close if !told => {
            errors.add("note", "required");
        }
        _ => {}
    }
    errors.check().map_err(|fault| Refusal::Fields(fault.fields().clone()))?;
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_millis(1_790_000_000_000 + hours * HOUR)
    }
    fn facts(kind: Kind, state: State) -> Facts {
        Facts { kind, state, last: at(0), unboxing: false, weighing: false, weight: None }
    }
    fn command(name: CommandName) -> Command {
        Command { name, at: at(1), reference: None, note: None, weight: None, until: None }
    }

    #[test]
    fn every_state_has_a_way_to_an_end_and_what_is_over_stays_over() {
        for kind in Kind::ALL.iter().copied() {
            for state in State::ALL.iter().copied() {
                let mut seen = vec![state];
                let mut n = 0;
                while n < seen.len() {
                    for name in CommandName::ALL.iter().copied() {
                        if let Some(to) = next(kind, seen[n], name)
                            && !seen.contains(&to)
                        {
                            seen.push(to);
                        }
                    }
                    n += 1;
                }
                assert!(seen.iter().any(|state| state.is_over()), "{kind} {state}");
                if state.is_over() {
                    assert_eq!(seen.len(), 1, "{kind} {state}");
                }
            }
        }
        assert_eq!(next(Kind::RefundOnly, State::Applied, CommandName::Agree), Some(State::Settling));
        assert_eq!(next(Kind::RefundOnly, State::Settling, CommandName::Refuse), None, "what was agreed stays agreed");
    }

    #[test]
    fn goods_that_came_back_are_refused_with_both_photos_and_a_weight_only() {
        let mut known = facts(Kind::ReturnRefund, State::Settling);
        let mut no = command(CommandName::Refuse);
        let wrong = |known: &Facts, no: &Command| match decide(known, no, at(2)) {
            Err(Refusal::Fields(errors)) => errors.iter().map(|error| error.field.clone()).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong(&known, &no), ["note", "unboxing", "weighing", "weight"]);
        no.note = Some("箱内是旧机".into());
        known.unboxing = true;
        assert_eq!(wrong(&known, &no), ["weighing", "weight"]);
        known.weighing = true;
        no.weight = Some(0);
        assert_eq!(wrong(&known, &no), ["weight"]);
        no.weight = Some(61_300);
        assert_eq!(decide(&known, &no, at(2)), Ok(State::Refused));
        let before = Command { note: Some("超出时限".into()), ..command(CommandName::Refuse) };
        assert_eq!(
            decide(&facts(Kind::ReturnRefund, State::Applied), &before, at(2)),
            Ok(State::Refused),
            "nothing came back"
        );
    }

    #[test]
    fn moments_never_run_backwards_nor_ahead() {
        let known = facts(Kind::RefundOnly, State::Applied);
        for (moment, code) in [(at(3), "future"), (at(-1), "platforms-before-last")] {
            let one = Command { at: moment, ..command(CommandName::Agree) };
            let Err(Refusal::Fields(errors)) = decide(&known, &one, at(2)) else { panic!("{code}") };
            assert_eq!(errors.of("at").map(|error| error.code), Some(code));
        }
        let one = Command { until: Some(at(1)), ..command(CommandName::Agree) };
        assert!(matches!(decide(&known, &one, at(2)), Err(Refusal::Fields(_))), "a deadline before its beginning");
        assert_eq!(
            decide(&facts(Kind::Repair, State::Closed), &command(CommandName::Agree), at(2)),
            Err(Refusal::Code(OVER))
        );
    }

    #[test]
    fn deadlines_count_every_hour_and_the_platforms_own_moment_counts_first() {
        assert_eq!(deadline(at(0), Some(48), None), Some((at(48), at(36))));
        assert_eq!(deadline(at(0), Some(4), None), Some((at(4), at(2))), "at least two hours before");
        assert_eq!(deadline(at(0), Some(1), None), Some((at(1), at(0))));
        assert_eq!(deadline(at(0), Some(48), Some(at(24))), Some((at(24), at(18))));
        assert_eq!(
            deadline(at(0), Some(48), Some(at(0))),
            Some((at(48), at(36))),
            "a moment that was no later is none"
        );
        assert_eq!(deadline(at(0), None, None), None, "what nobody said is not guessed");
    }

    #[test]
    fn insurance_adds_up() {
        let wrong = |by, state, fen| {
            let mut errors = FieldErrors::default();
            Insurance { by, state, amount: Money::from_fen(fen) }.check(&mut errors);
            errors.iter().map(|error| error.field.clone()).collect::<Vec<_>>()
        };
        use {InsuranceState as S, InsuredBy as B};
        assert!(wrong(B::None, S::None, 0).is_empty() && wrong(B::Shop, S::Paid, 1_200).is_empty());
        assert_eq!(wrong(B::None, S::Paid, 1_200), ["insurance_state"]);
        assert_eq!(wrong(B::Buyer, S::None, 0), ["insurance_state"]);
        assert_eq!(wrong(B::Buyer, S::Paid, 0), ["insurance_amount"]);
        assert_eq!(wrong(B::Buyer, S::Claimed, 5), ["insurance_amount"]);
    }

    #[test]
    fn kinds_are_known_by_what_back_offices_call_them() {
        for (text, kind) in [
            ("退货退款", Some(Kind::ReturnRefund)),
            (" 仅退款 ", Some(Kind::RefundOnly)),
            ("换货", Some(Kind::Exchange)),
            ("返修", Some(Kind::Repair)),
            ("return_refund", Some(Kind::ReturnRefund)),
            ("价保", None),
        ] {
            assert_eq!(Kind::read(text), kind, "{text}");
        }
    }
}
