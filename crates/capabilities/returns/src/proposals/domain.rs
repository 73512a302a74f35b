//! The rules of a negotiation, without any I/O.

use kernel::{FieldErrors, Money, Timestamp, words};

use crate::domain::Way;
pub use crate::domain::refusal::{ANSWERED, LAPSED};

words! {
    /// Who said it.
    pub enum Side {
        /// We offer it (我方).
        Us = "us",
        /// The customer asks for it (顾客).
        Customer = "customer",
    }
}

words! {
    /// What it is.
    pub enum ProposalKind {
        /// Money on top of the law (多退).
        Extra = "extra",
        /// Something else, without money that leaves (其他照顾).
        Gesture = "gesture",
    }
}

words! {
    /// Where it stands.
    pub enum ProposalState {
        /// It waits for its answer (待答复).
        Open = "open",
        /// The other side said yes (已同意).
        Taken = "taken",
        /// Another one answered it (已还价).
        Countered = "countered",
        /// The other side said no (未同意).
        Declined = "declined",
        /// Taken back (已收回).
        Withdrawn = "withdrawn",
    }
}

words! {
    /// How the customer's yes is proved.
    pub enum ProposalProof {
        /// Signed on paper or glass (签字).
        Signature = "signature",
        /// Said on the phone; the note names number and time (电话).
        Phone = "phone",
        /// Written in a message (短信或微信).
        Message = "message",
        /// Said at the counter before a witness (当面，有见证).
        InPerson = "in_person",
    }
}

words! {
    /// What can be done to a proposal that stands.
    pub enum ProposalAct {
        /// Both agree.
        Take = "take",
        /// The other side says no.
        Decline = "decline",
        /// It is taken back.
        Withdraw = "withdraw",
    }
}

/// The longest that an offer holds, in days.
pub const LONGEST: i32 = 90;

/// Whether an offer that holds until `valid` can be taken at `now`.
pub fn holds(valid: Option<Timestamp>, now: Timestamp) -> bool {
    valid.is_none_or(|valid| now < valid)
}

/// Checks kind and amounts of a proposal on a return of `way`, of which `left` can be given on top of the law.
pub fn check(errors: &mut FieldErrors, kind: ProposalKind, way: Way, (amount, cost): (Money, Money), left: Money) {
    match kind {
        ProposalKind::Extra if way == Way::Exchange => errors.add("kind", "returns-proposal-no-money"),
        ProposalKind::Extra if amount <= Money::ZERO || amount > left => {
            errors.add_with("amount", "returns-beyond-paid", vec![("left", left.to_string())]);
        }
        ProposalKind::Gesture if amount != Money::ZERO => errors.add("amount", "returns-proposal-gesture"),
        ProposalKind::Extra | ProposalKind::Gesture => {}
    }
    if cost < Money::ZERO {
        errors.add("cost", "money-negative");
    }
}

/// What an offer would mean, before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    /// What was paid for the goods.
    pub paid: Money,
    /// What the law gives: it waits for nobody.
    pub statutory: Money,
    /// On top of it.
    pub extra: Money,
    /// What a gesture costs.
    pub cost: Money,
    /// What is left of the store's goodwill of the month, where one was set.
    pub budget: Option<Money>,
    /// Who looks may give it alone.
    pub own: bool,
}

impl Preview {
    /// What it costs the store in all, beyond what the law gives anyway.
    pub fn beyond(&self) -> Money {
        self.extra + self.cost
    }
    /// What goes back to the customer.
    pub fn back(&self) -> Money {
        self.statutory + self.extra
    }
    /// What is left of the goodwill after it.
    pub fn after(&self) -> Option<Money> {
        self.budget.map(|left| left - self.extra)
    }
    /// Somebody above has to say yes to what exceeds the limit.
    pub fn asks(&self) -> bool {
        self.extra > Money::ZERO && (!self.own || self.after().is_some_and(|after| after < Money::ZERO))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(n: i64) -> Money {
        Money::from_fen(n)
    }

    #[test]
    fn an_offer_past_its_validity_cannot_be_taken() {
        let at = Timestamp::from_millis(1_000);
        assert!(holds(Some(at), at.plus(-1)) && !holds(Some(at), at) && holds(None, at));
    }

    #[test]
    fn amounts_stay_between_nothing_and_what_was_paid() {
        let wrong = |kind, way, amount, cost| {
            let mut errors = FieldErrors::default();
            check(&mut errors, kind, way, (fen(amount), fen(cost)), fen(500));
            errors.iter().map(|error| error.field.clone()).collect::<Vec<_>>()
        };
        assert!(wrong(ProposalKind::Extra, Way::Refund, 500, 0).is_empty());
        assert_eq!(wrong(ProposalKind::Extra, Way::Refund, 501, 0), ["amount"]);
        assert_eq!(wrong(ProposalKind::Extra, Way::Refund, 0, 0), ["amount"]);
        assert_eq!(wrong(ProposalKind::Extra, Way::Exchange, 1, 0), ["kind"]);
        assert_eq!(wrong(ProposalKind::Gesture, Way::Exchange, 1, -1), ["amount", "cost"]);
        assert!(wrong(ProposalKind::Gesture, Way::Exchange, 0, 30).is_empty());
    }

    #[test]
    fn the_preview_asks_only_for_what_exceeds() {
        let preview = Preview {
            paid: fen(1_000),
            statutory: fen(800),
            extra: fen(100),
            cost: fen(0),
            budget: Some(fen(100)),
            own: true,
        };
        assert!(!preview.asks() && preview.back() == fen(900) && preview.after() == Some(fen(0)));
        assert!(Preview { own: false, ..preview }.asks() && Preview { budget: Some(fen(99)), ..preview }.asks());
        assert!(!Preview { own: false, extra: fen(0), ..preview }.asks(), "nothing beyond the law needs no yes");
    }
}
