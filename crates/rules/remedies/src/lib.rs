//! Remedies: what a customer may ask for after a sale in mainland China, why, until when, and for how much.
//!
//! ```
//! use remedies::{FactName, Facts, Remedy, Rulebook};
//!
//! let book = Rulebook::china()?;
//! // A washing machine, bought and delivered on one day, fails on the fifteenth.
//! let mut facts = Facts::on("2025-11-18".parse()?);
//! for (fact, word) in [
//!     (FactName::Category, "washer"), (FactName::Channel, "store"), (FactName::Bought, "2025-11-03"),
//!     (FactName::Received, "2025-11-03"), (FactName::Installed, "none"), (FactName::ExchangedOn, "none"),
//!     (FactName::Fault, "performance"), (FactName::Cause, "product"), (FactName::Component, "whole"),
//!     (FactName::RepairsDone, "0"), (FactName::DaysInRepair, "0"), (FactName::OpenRepairDays, "0"),
//!     (FactName::PartsWaitDays, "0"), (FactName::HasReceipt, "yes"), (FactName::SameModel, "yes"),
//!     (FactName::Special, "none"), (FactName::PriceFen, "259900"),
//! ] {
//!     facts.set(fact, word)?;
//! }
//! let verdict = book.verdict(&facts, &[])?;
//! let open: Vec<Remedy> = verdict.remedies.iter().map(|open| open.remedy).collect();
//! assert_eq!(open, [Remedy::Exchange, Remedy::Repair, Remedy::RefundLessFee]);
//! assert_eq!(verdict.last_day, Some("2025-11-18".parse()?));
//! assert_eq!(verdict.fee_fen(), 1949); // 259900 fen × 15 days × 0.05 %, rounded down
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Nouns
//! | 中文 | English | |
//! | --- | --- | --- |
//! | 事实 | [`Facts`] | what is known; everything but the day of the claim may be unknown |
//! | 判定 | [`Verdict`] | what is open, until when, for how much, and why |
//! | 救济方式 | [`Remedy`] | refund, exchange, repair and their kin |
//! | 规则库 | [`Rulebook`] | all rules with their version |
//! | 依据 | [`Ground`] | the rule that gives a remedy, with its clauses |
//! | 保障层 | [`Layer`], [`Terms`] | law, maker's promise, contract, platform, extended warranty, shop policy |
//! | 无效约定 | [`VoidTerm`] | a term below the law |
//! | 待问 | [`Question`] | a missing fact, and what each of its values would change |
//!
//! # How to read the rules
//! The rules are data: one file of `data/` for each regulation, one `[[rule]]` for each clause. Look for `PH2001-13` to find article 13
//! of the rule for mobile phones. `when` lists conditions that must all hold: words that a fact may have, bounds of a number
//! (`over = 30`: thirty is still inside), `within` and `after` a `[[window]]`, what is `open` already. `gives` lists remedies; their
//! last day is that of the window. `ends` says that later rules are not looked at. `[[start]]` says from which day the terms of a sale
//! run, by its date. Nothing is written twice in code: the engine knows words, numbers, days, and nothing of the law.
//!
//! # Invariants
//! - Pure: no clock, no chance. One rulebook, the same facts and terms give the same verdict, byte for byte.
//! - The day of the event is not counted; months end on the corresponding day; a last day that is a rest day moves to the next
//!   working day. Rest days beyond the holiday table are weekends.
//! - Layers only add. What they give stands beside what the law gives; a term below the law changes nothing and is reported.
//! - A missing fact removes nothing: what hangs on it is in [`Verdict::possible`]. Days that can only become later are `at_least`.
//! - Sums are integers in fen, rounded down in the customer's favour, never above the price.
//! - A rule or category that is marked low goes to a person ([`Verdict::person`]).
//!
//! # Not here
//! Words for people, storing verdicts, tables of cases; whether a customer buys for a business (then these rules fall away: ask).

mod condition;
mod day;
mod facts;
mod judge;
mod questions;
mod raw;
mod rulebook;
mod sum;
mod verdict;
mod words;

pub use day::{Day, NotADay};
pub use facts::{BadValue, Contradiction, Facts, Happened, Impossible};
pub use questions::{Question, WhatIf};
pub use raw::{Category, Part, Source};
pub use rulebook::{RuleError, Rulebook, Terms, allowed_words, source_of};
pub use verdict::{
    Because, Burden, Doubt, Ground, Less, Open, Outcome, Owed, Running, Saying, Step, Sum, SumKind, SumStep, Unit,
    Verdict, VoidTerm, Withheld,
};
pub use words::{
    CarEvent, Cause, Channel, ComponentKind, Condition, Confidence, Exception, Extra, FactName, FactSet, Fault, Layer,
    Phase, Proof, Remedy, Special, YesNo,
};
