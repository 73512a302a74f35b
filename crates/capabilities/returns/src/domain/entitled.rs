use kernel::Money;
use remedies::{Remedy, Verdict};

use super::words::Way;

/// What the law gives of what the customer chose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entitled {
    /// By which remedy; none where the law gives no such right.
    pub remedy: Option<Remedy>,
    /// What is paid back by law, for one.
    pub statutory: Money,
    /// What the law lets us keep, for one.
    pub fee: Money,
}

/// What `verdict` gives of `way` by law, for one unit that cost `price`: never more than was paid, never less than nothing.
pub fn entitled(verdict: &Verdict<'_>, way: Way, price: Money) -> Entitled {
    let wanted: &[Remedy] = match way {
        Way::Refund => &[Remedy::RefundFull, Remedy::NoReasonReturn, Remedy::RefundLessFee],
        Way::Exchange => {
            &[Remedy::Exchange, Remedy::ExchangeOther, Remedy::ExchangeLessFee, Remedy::ExchangeOtherLessFee]
        }
    };
    let found = wanted.iter().find_map(|wanted| verdict.by_law().find(|open| open.remedy == *wanted));
    let Some(open) = found else { return Entitled::default() };
    let fee = Money::from_fen(open.fee_fen().clamp(0, price.fen()));
    let statutory = if way == Way::Refund { price - fee } else { Money::ZERO };
    Entitled { remedy: Some(open.remedy), statutory, fee }
}
