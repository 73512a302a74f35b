use super::command::CommandName;
use super::refusal::{self, Refusal};
use super::words::{Finding, GoodsIn, GoodsOut, Part, PayState, State, Way};

/// What is known of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFacts {
    /// The goods that come back.
    pub goods_in: GoodsIn,
    /// What the inspection found.
    pub finding: Option<Finding>,
    /// The goods that go out.
    pub goods_out: GoodsOut,
}

/// What is known of a return when something is decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub state: State,
    /// What the customer chose.
    pub way: Way,
    /// Money does not wait for an inspection.
    pub obvious: bool,
    /// Its lines, in order.
    pub lines: Vec<LineFacts>,
    /// Its parts of money.
    pub money: Vec<(Part, PayState)>,
    /// The red e-invoice is recorded.
    pub red_invoice: bool,
    /// The stock receipt is recorded.
    pub stock_receipt: bool,
}

impl Facts {
    fn part(&self, part: Part) -> Option<PayState> {
        self.money.iter().find(|(one, _)| *one == part).map(|(_, state)| *state)
    }
    fn money_moved(&self) -> bool {
        self.money.iter().any(|(_, state)| state.moved())
    }
    fn goods_moved(&self) -> bool {
        self.lines.iter().any(|line| matches!(line.goods_out, GoodsOut::Sent | GoodsOut::Delivered))
    }
    /// Whether all that has to be looked at was.
    fn looked_at(&self) -> bool {
        let seen =
            |line: &LineFacts| matches!(line.goods_in, GoodsIn::NotNeeded | GoodsIn::Inspected | GoodsIn::Graded);
        self.obvious || self.lines.iter().all(seen)
    }
}

/// Whether a command of this name can be given now, on the line `line` (from 1) or the part `part` where it is about one; without
/// either, whether it can be given on any.
///
/// # Errors
/// Why not.
pub fn guard(facts: &Facts, name: CommandName, line: Option<i64>, part: Option<Part>) -> Result<(), Refusal> {
    if facts.state != State::Open {
        return Err(Refusal(refusal::OVER));
    }
    let lines = facts.lines.iter().zip(1..).filter(|(_, n)| line.is_none_or(|line| line == *n)).map(|(line, _)| *line);
    let any_line = |allowed: &dyn Fn(LineFacts) -> Result<(), Refusal>| {
        let mut why = Refusal(refusal::NOT_NOW);
        for one in lines {
            match allowed(one) {
                Ok(()) => return Ok(()),
                Err(refused) => why = refused,
            }
        }
        Err(why)
    };
    let if_so = |so: bool| if so { Ok(()) } else { Err(Refusal(refusal::NOT_NOW)) };
    let parts = [Part::Law, Part::Extra].into_iter().filter(|one| part.is_none_or(|part| part == *one));
    match name {
        CommandName::Offer => match facts.part(Part::Extra) {
            _ if facts.way == Way::Exchange => Err(Refusal(refusal::NOT_NOW)),
            Some(PayState::Asked) => Err(Refusal(refusal::ASKED)),
            Some(state) if state.moved() => Err(Refusal(refusal::MOVED)),
            _ => Ok(()),
        },
        CommandName::Receive => any_line(&|line| if_so(line.goods_in == GoodsIn::Expected)),
        CommandName::Inspect => {
            any_line(&|line| if_so(matches!(line.goods_in, GoodsIn::Received | GoodsIn::Inspected)))
        }
        CommandName::Grade => any_line(&|line| match line.goods_in {
            GoodsIn::Inspected => Ok(()),
            GoodsIn::Received if facts.obvious => Ok(()),
            GoodsIn::Received => Err(Refusal(refusal::INSPECT_FIRST)),
            _ => Err(Refusal(refusal::NOT_NOW)),
        }),
        CommandName::Send => any_line(&|line| match (line.goods_out, facts.part(Part::Grant)) {
            (GoodsOut::Reserved, Some(state)) if state != PayState::Due => Err(Refusal(refusal::NOT_GRANTED)),
            (GoodsOut::Reserved, _) if facts.obvious || line.finding.is_some() => Ok(()),
            (GoodsOut::Reserved, _) => Err(Refusal(refusal::INSPECT_FIRST)),
            _ => Err(Refusal(refusal::NOT_NOW)),
        }),
        CommandName::Deliver => any_line(&|line| if_so(line.goods_out == GoodsOut::Sent)),
        CommandName::Confirm => {
            let mut why = Refusal(refusal::NOT_NOW);
            for one in parts {
                match facts.part(one) {
                    Some(PayState::Due) if facts.looked_at() => return Ok(()),
                    Some(PayState::Due) => why = Refusal(refusal::INSPECT_FIRST),
                    Some(PayState::Asked) => why = Refusal(refusal::ASKED),
                    Some(state) if state.moved() => why = Refusal(refusal::MOVED),
                    _ => {}
                }
            }
            Err(why)
        }
        CommandName::Pay => {
            let mut why = Refusal(refusal::NOT_NOW);
            for one in parts {
                match facts.part(one) {
                    Some(PayState::Confirmed) => return Ok(()),
                    Some(PayState::Paid | PayState::Reconciled) => why = Refusal(refusal::MOVED),
                    _ => {}
                }
            }
            Err(why)
        }
        CommandName::Papers => if_so(!facts.red_invoice || !facts.stock_receipt),
        CommandName::Refuse => {
            let against = |line: &LineFacts| line.finding.is_some_and(|finding| !finding.is_ok());
            match () {
                () if facts.money_moved() || facts.goods_moved() => Err(Refusal(refusal::TOO_LATE)),
                () if facts.lines.iter().any(against) => Ok(()),
                () => Err(Refusal(refusal::FOUND_OK)),
            }
        }
        CommandName::Cancel => match facts.money_moved() || facts.goods_moved() {
            true => Err(Refusal(refusal::TOO_LATE)),
            false => Ok(()),
        },
    }
}

/// Whether every track is at its end: then the return is over by itself. Refunds need the red e-invoice, goods that came back the stock
/// receipt.
pub fn complete(facts: &Facts) -> bool {
    let goods = facts.lines.iter().all(|line| {
        matches!(line.goods_in, GoodsIn::NotNeeded | GoodsIn::Graded)
            && matches!(line.goods_out, GoodsOut::NotNeeded | GoodsOut::Delivered)
    });
    let done = |(part, state): &(Part, PayState)| match part {
        Part::Grant => matches!(state, PayState::Due | PayState::Declined | PayState::Void),
        Part::Law => matches!(state, PayState::Paid | PayState::Reconciled | PayState::Void),
        Part::Extra => {
            matches!(state, PayState::Paid | PayState::Reconciled | PayState::Declined | PayState::Void)
        }
    };
    let paid = facts.money.iter().any(|(_, state)| matches!(state, PayState::Paid | PayState::Reconciled));
    let came = facts.lines.iter().any(|line| line.goods_in != GoodsIn::NotNeeded);
    let moved = paid || facts.goods_moved();
    facts.state == State::Open
        && goods
        && moved
        && facts.money.iter().all(done)
        && (!paid || facts.red_invoice)
        && (!came || facts.stock_receipt)
}
