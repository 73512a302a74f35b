//! A changed text or limit, held against what past returns were judged by. No I/O.

use kernel::{Day, Money, words};
use parties::verdict::rulebook;
use remedies::{Facts, Layer, Open, Remedy, Terms};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::Way;

words! {
    /// What is tried.
    pub enum Tried {
        /// A text above the law (条款).
        Terms = "terms",
        /// What one may give beyond the law without asking (自批额度).
        Limit = "limit",
    }
}

words! {
    /// How far it is.
    pub enum ReplayState {
        /// Not begun.
        Waiting = "waiting",
        /// Under way.
        Running = "running",
        /// Done.
        Done = "done",
        /// The draft was published.
        Published = "published",
    }
}

/// What all layers together give for one line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worth {
    /// How much.
    pub fen: i64,
    /// Of it, what the shop itself bears.
    pub own_fen: i64,
    /// Its last day.
    pub last_day: Option<Day>,
}

fn fits(remedy: Remedy, way: Way) -> bool {
    match way {
        Way::Refund => matches!(remedy, Remedy::RefundFull | Remedy::NoReasonReturn | Remedy::RefundLessFee),
        Way::Exchange => matches!(
            remedy,
            Remedy::Exchange | Remedy::ExchangeOther | Remedy::ExchangeLessFee | Remedy::ExchangeOtherLessFee
        ),
    }
}

fn worth_of(open: &Open<'_>, price: i64, quantity: i64) -> i64 {
    (price - open.fee_fen().clamp(0, price)).saturating_mul(quantity)
}

/// What `facts` and `terms` give of `way` for `quantity` pieces that cost `price` each: the best of all layers; where two give the same,
/// the law comes first. Nothing where the facts contradict each other.
pub fn worth(facts: &Facts, terms: &[Terms], way: Way, price: Money, quantity: i64) -> Worth {
    let Ok(verdict) = rulebook().and_then(|book| book.verdict(facts, terms).map_err(kernel::Fault::internal)) else {
        return Worth::default();
    };
    let mut best: Option<(&Open<'_>, i64)> = None;
    for open in verdict.remedies.iter().filter(|open| fits(open.remedy, way)) {
        let fen = worth_of(open, price.fen(), quantity);
        if best.is_none_or(|(_, most)| fen > most) {
            best = Some((open, fen));
        }
    }
    let last = verdict.remedies.iter().filter(|open| fits(open.remedy, way)).filter_map(|open| open.last_day).max();
    let last_day = last.and_then(|day| day.to_string().parse().ok());
    best.map_or_else(Worth::default, |(open, fen)| Worth {
        fen,
        own_fen: if matches!(open.layer, Layer::Law) || open.payer.starts_with("seller") { fen } else { 0 },
        last_day,
    })
}

/// What it came to. Amounts in fen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Outcome {
    /// Returns that were looked at.
    pub returns: i64,
    /// Of these, that would have gone otherwise.
    pub differing: i64,
    /// Customers whom that concerns.
    pub customers: i64,
    /// What all layers gave.
    pub was: i64,
    /// What they would give.
    pub would: i64,
    /// What the shop itself bore.
    pub own_was: i64,
    /// What it would bear.
    pub own_would: i64,
    /// Lines that would have a right that they had not.
    pub gained: i64,
    /// Lines that would lose one.
    pub lost: i64,
    /// Lines whose last day would be later.
    pub later: i64,
    /// Lines whose last day would be earlier.
    pub earlier: i64,
    /// Returns that would wait for a yes and did not.
    pub asked_more: i64,
    /// Returns that waited for a yes and would not.
    pub asked_less: i64,
}

impl Outcome {
    /// Adds a line.
    pub fn add(&mut self, was: &Worth, would: &Worth) {
        self.was = self.was.saturating_add(was.fen);
        self.would = self.would.saturating_add(would.fen);
        self.own_was = self.own_was.saturating_add(was.own_fen);
        self.own_would = self.own_would.saturating_add(would.own_fen);
        self.gained += i64::from(was.fen == 0 && would.fen > 0);
        self.lost += i64::from(was.fen > 0 && would.fen == 0);
        if let (Some(was), Some(would)) = (was.last_day, would.last_day) {
            self.later += i64::from(would > was);
            self.earlier += i64::from(would < was);
        }
    }
    /// What it costs more.
    pub const fn more(&self) -> i64 {
        self.would - self.was
    }
    /// What it costs the shop itself more.
    pub const fn own_more(&self) -> i64 {
        self.own_would - self.own_was
    }
}
