//! The rules of a claim, without any I/O: what may happen next, what it books, and until when the maker takes it.

use kernel::{Day, FieldErrors, Money, words};

words! {
    /// Where a claim stands.
    pub enum State {
        /// To be sent (待提交).
        Open = "open",
        /// With the maker (已提交).
        Sent = "sent",
        /// The maker says yes, the money is to come (已受理).
        Accepted = "accepted",
        /// The maker says no (被拒).
        Refused = "refused",
        /// All of it is here (已到账).
        Credited = "credited",
        /// The rest of it will not come (已核销).
        WrittenOff = "written_off",
        /// Taken back before it was sent (已撤回).
        Withdrawn = "withdrawn",
    }
}

impl State {
    /// Whether nothing more comes of it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Credited | Self::WrittenOff | Self::Withdrawn)
    }
    /// Whether the maker owes what is left of it.
    pub const fn owed(self) -> bool {
        matches!(self, Self::Sent | Self::Accepted | Self::Refused)
    }
}

words! {
    /// What it cost us.
    pub enum Ground {
        /// Money went back to the customer (退货).
        Refund = "refund",
        /// Another unit went out (换货).
        Exchange = "exchange",
        /// We repaired it (保内维修).
        Repair = "repair",
    }
}

words! {
    /// The day after which a maker counts.
    pub enum After {
        /// The customer bought it (购买).
        Bought = "bought",
        /// The customer asked for it (顾客提出).
        Claimed = "claimed",
        /// It was looked at (验货).
        Inspected = "inspected",
        /// The money went back, or the repair was finished (退款或修完).
        Refunded = "refunded",
    }
}

words! {
    /// What can be done to a claim.
    pub enum CommandName {
        /// It goes to the maker.
        Send = "send",
        /// The maker says yes to all or a part.
        Accept = "accept",
        /// The maker says no.
        Refuse = "refuse",
        /// Money of it is here.
        Credit = "credit",
        /// The rest will not come.
        WriteOff = "write_off",
        /// Taken back before it was sent.
        Withdraw = "withdraw",
    }
}

words! {
    /// Where money stands.
    pub enum Account {
        /// Owed by the maker (应收厂家).
        Receivable = "receivable",
        /// What we get back of our cost (索赔收回).
        Recovery = "recovery",
        /// Credited by the maker (厂家已付).
        Credited = "credited",
        /// Given up (核销损失).
        WrittenOff = "written_off",
    }
}

/// A step as it is typed: its day, the other side's reference, why, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What.
    pub name: CommandName,
    /// When it happened.
    pub day: Day,
    /// The number of the letter, the answer or the credit note.
    pub reference: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// How much: sent, accepted, credited; a write-off takes all that is left.
    pub amount: Option<Money>,
}

/// What is known of a claim when something is decided about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub state: State,
    /// What is claimed.
    pub claimed: Money,
    /// What the maker said yes to.
    pub accepted: Option<Money>,
    /// What has come.
    pub credited: Money,
    /// What was given up.
    pub written: Money,
    /// The day of its last step.
    pub last: Day,
    /// It was sent before, so it is in the books.
    pub booked: bool,
}

impl Facts {
    /// What is left of it.
    pub fn left(&self) -> Money {
        self.claimed - self.credited - self.written
    }
}

/// What comes of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Where it stands now, with its sums.
    pub facts: Facts,
    /// What is booked, if anything: it adds up to nothing.
    pub entry: Vec<(Account, Money)>,
    /// The step's amount.
    pub amount: Money,
}

/// Why a command is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A stable code, whose text is `fault-<code>`.
    Code(&'static str),
    /// Fields are wrong.
    Fields(FieldErrors),
}

/// That step is not there yet, or past.
pub const NOT_NOW: &str = "claims-not-now";
/// It is over.
pub const OVER: &str = "claims-over";

/// Whether a command of this name can be given in `state`.
///
/// # Errors
/// Why not.
pub const fn guard(state: State, name: CommandName) -> Result<(), &'static str> {
    if state.is_over() {
        return Err(OVER);
    }
    let fits = match name {
        CommandName::Send => matches!(state, State::Open | State::Refused),
        CommandName::Accept | CommandName::Refuse => matches!(state, State::Sent),
        CommandName::Credit => matches!(state, State::Accepted),
        CommandName::WriteOff => matches!(state, State::Accepted | State::Refused),
        CommandName::Withdraw => matches!(state, State::Open),
    };
    if fits { Ok(()) } else { Err(NOT_NOW) }
}

/// Carries `command` out on `facts`, today being `today`.
///
/// # Errors
/// The refusal; or every field that is wrong: days that run backwards or lie ahead, amounts of nothing or beyond what is left, a missing
/// reference or reason.
pub fn decide(facts: &Facts, command: &Command, today: Day) -> Result<Outcome, Refusal> {
    guard(facts.state, command.name).map_err(Refusal::Code)?;
    let mut errors = FieldErrors::default();
    if command.day > today {
        errors.add("day", "future");
    } else if command.day < facts.last {
        errors.add_with("day", "claims-before-last", vec![("last", facts.last.to_string())]);
    }
    let reference = command.reference.as_deref().is_some_and(|text| !text.trim().is_empty());
    let reason = command.reason.as_deref().is_some_and(|text| !text.trim().is_empty());
    let left = facts.left();
    let mut amount = command.amount.unwrap_or(match command.name {
        CommandName::Send => facts.claimed,
        _ => left,
    });
    match command.name {
        CommandName::Send => {
            if amount <= Money::ZERO {
                errors.add("amount", "claims-amount");
            } else if facts.booked && amount != facts.claimed {
                errors.add("amount", "claims-same-amount");
            }
        }
        CommandName::Accept | CommandName::Credit => {
            if amount <= Money::ZERO || amount > left {
                errors.add_with("amount", "claims-beyond", vec![("left", left.to_string())]);
            }
        }
        CommandName::WriteOff => amount = left,
        CommandName::Refuse | CommandName::Withdraw => amount = Money::ZERO,
    }
    if matches!(command.name, CommandName::Accept | CommandName::Refuse | CommandName::Credit) && !reference {
        errors.add("reference", "required");
    }
    let gives_up = match command.name {
        CommandName::Refuse | CommandName::WriteOff | CommandName::Withdraw => true,
        CommandName::Accept => amount < left,
        CommandName::Send => facts.booked,
        CommandName::Credit => false,
    };
    if gives_up && !reason {
        errors.add("reason", "required");
    }
    errors.check().map_err(|fault| Refusal::Fields(fault.fields().clone()))?;
    let mut after = Facts { last: command.day, ..*facts };
    let minus = |money: Money| Money::ZERO - money;
    let entry = match command.name {
        CommandName::Send => {
            after.state = State::Sent;
            after.claimed = amount;
            after.booked = true;
            if facts.booked {
                Vec::new()
            } else {
                vec![(Account::Receivable, amount), (Account::Recovery, minus(amount))]
            }
        }
        CommandName::Accept => {
            after.state = State::Accepted;
            after.accepted = Some(amount);
            let given_up = left - amount;
            after.written = after.written + given_up;
            if given_up == Money::ZERO {
                Vec::new()
            } else {
                vec![(Account::WrittenOff, given_up), (Account::Receivable, minus(given_up))]
            }
        }
        CommandName::Refuse => {
            after.state = State::Refused;
            Vec::new()
        }
        CommandName::Credit => {
            after.credited = after.credited + amount;
            after.state = if amount == left { State::Credited } else { State::Accepted };
            vec![(Account::Credited, amount), (Account::Receivable, minus(amount))]
        }
        CommandName::WriteOff => {
            after.written = after.written + amount;
            after.state = State::WrittenOff;
            vec![(Account::WrittenOff, amount), (Account::Receivable, minus(amount))]
        }
        CommandName::Withdraw => {
            after.state = State::Withdrawn;
            Vec::new()
        }
    };
    Ok(Outcome { facts: after, entry, amount })
}

/// The days from which makers count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    /// The customer bought it.
    pub bought: Option<Day>,
    /// The customer asked for it.
    pub claimed: Option<Day>,
    /// It was looked at.
    pub inspected: Option<Day>,
    /// The money went back, or the repair was finished.
    pub refunded: Option<Day>,
}

/// The last day on which the maker takes a claim, and the day on which somebody is told: `days` after the day `after`, that day not
/// counted. Where that day is not known the day of the refund counts.
pub fn cut_off(days: &Days, after: After, allowed: i64, warn: i64) -> Option<(Day, Day)> {
    let from = match after {
        After::Bought => days.bought,
        After::Claimed => days.claimed,
        After::Inspected => days.inspected,
        After::Refunded => days.refunded,
    };
    let from = from.or(days.refunded)?;
    let due = from.plus(i32::try_from(allowed).unwrap_or(i32::MAX));
    Some((due, due.plus(-i32::try_from(warn).unwrap_or(0))))
}

/// Ages of receivables in days, counted from the day of sending: up to 30, 60, 90, and more.
pub const AGES: [i32; 3] = [30, 60, 90];

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn open(fen: i64) -> Facts {
        Facts {
            state: State::Open,
            claimed: Money::from_fen(fen),
            accepted: None,
            credited: Money::ZERO,
            written: Money::ZERO,
            last: day("2026-11-01"),
            booked: false,
        }
    }
    fn give(facts: &Facts, name: CommandName, fen: Option<i64>) -> Result<Outcome, Refusal> {
        let command = Command {
            name,
            day: day("2026-11-05"),
            reference: Some("R-1".into()),
            reason: Some("说明".into()),
            amount: fen.map(Money::from_fen),
        };
        decide(facts, &command, day("2026-11-22"))
    }

    #[test]
    fn every_way_through_balances_and_leaves_nothing_owed() {
        let ways: [&[(CommandName, Option<i64>)]; 4] = [
            &[(CommandName::Send, None), (CommandName::Accept, None), (CommandName::Credit, None)],
            &[
                (CommandName::Send, None),
                (CommandName::Accept, Some(900)),
                (CommandName::Credit, Some(400)),
                (CommandName::Credit, Some(500)),
            ],
            &[
                (CommandName::Send, None),
                (CommandName::Refuse, None),
                (CommandName::Send, None),
                (CommandName::Accept, Some(300)),
                (CommandName::WriteOff, None),
            ],
            &[(CommandName::Send, None), (CommandName::Refuse, None), (CommandName::WriteOff, None)],
        ];
        for way in ways {
            let mut facts = open(1_000);
            let mut books = std::collections::BTreeMap::new();
            for (name, fen) in way {
                let outcome = give(&facts, *name, *fen).unwrap();
                assert_eq!(outcome.entry.iter().map(|(_, money)| money.fen()).sum::<i64>(), 0, "{name}");
                for (account, money) in &outcome.entry {
                    *books.entry(account.as_str()).or_insert(0) += money.fen();
                }
                facts = outcome.facts;
                let owed = if facts.state.owed() { facts.left().fen() } else { 0 };
                assert_eq!(books.get("receivable").copied().unwrap_or_default(), owed, "{name}");
            }
            assert!(facts.state.is_over());
            assert_eq!(books["recovery"], -1_000, "claimed once, however often it was sent");
        }
    }

    #[test]
    fn what_cannot_be_is_said_at_its_field() {
        let sent = give(&open(1_000), CommandName::Send, None).unwrap().facts;
        let accepted = give(&sent, CommandName::Accept, None).unwrap().facts;
        for (facts, name, fen) in [
            (open(1_000), CommandName::Send, Some(0)),
            (sent, CommandName::Accept, Some(1_001)),
            (accepted, CommandName::Credit, Some(0)),
            (accepted, CommandName::Credit, Some(1_001)),
        ] {
            let Err(Refusal::Fields(errors)) = give(&facts, name, fen) else { panic!("{name} {fen:?}") };
            assert!(errors.of("amount").is_some(), "{name}");
        }
        for wrong in ["2026-11-23", "2026-10-31"] {
            let command =
                Command { name: CommandName::Send, day: day(wrong), reference: None, reason: None, amount: None };
            let Err(Refusal::Fields(errors)) = decide(&open(1), &command, day("2026-11-22")) else { panic!("{wrong}") };
            assert!(errors.of("day").is_some(), "{wrong}");
        }
        assert_eq!(give(&open(1), CommandName::Credit, None), Err(Refusal::Code(NOT_NOW)));
        let over = give(&accepted, CommandName::Credit, None).unwrap().facts;
        for name in CommandName::ALL {
            assert_eq!(guard(over.state, *name), Err(OVER), "{name}");
        }
    }

    #[test]
    fn the_last_day_is_counted_from_the_day_after() {
        let days = Days { refunded: Some(day("2026-11-10")), bought: Some(day("2026-03-12")), ..Days::default() };
        let of = |after| cut_off(&days, after, 30, 7).map(|(due, warn)| (due.to_string(), warn.to_string()));
        assert_eq!(of(After::Refunded), Some(("2026-12-10".into(), "2026-12-03".into())));
        assert_eq!(of(After::Bought), Some(("2026-04-11".into(), "2026-04-04".into())));
        assert_eq!(of(After::Inspected), of(After::Refunded), "not known: from the refund");
        assert_eq!(cut_off(&Days::default(), After::Bought, 30, 7), None);
    }
}
