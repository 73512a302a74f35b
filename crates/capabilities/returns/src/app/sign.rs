//! What goes beyond the law: an explicit exception with its reason, borne by the store's budget of the month, and asked for where it is
//! more than somebody's own limit or than the budget holds.

use approvals::app::{Ask, Outcome};
use approvals::domain::{Split, State as Answer};
use approvals::store::ApprovalId;
use capability::Work;
use cases::app::GOODWILL;
use kernel::{Fault, Id, Money, Placed, RecordRef};

use super::events::{self, RECORD, count};
use crate::domain::{Part, PayState, State};
use crate::store::{self, Payment, Return};

/// Longest sentence of a question, in characters.
const SENTENCE: usize = 160;

/// What is given on top of the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beyond {
    /// As money, or as an exchange.
    pub part: Part,
    /// What it costs.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// The month of a day, as budgets name it.
pub(crate) fn month_of(day: kernel::Day) -> String {
    day.to_string().chars().take(7).collect()
}

/// Offers `beyond`, anew where there was an offer `before`; asks for it unless the actor's own limit and the budget cover it.
pub(super) async fn ask(
    work: &mut Work<'_>,
    one: &Return,
    goods: &str,
    statutory: Money,
    beyond: &Beyond,
    before: Option<&Payment>,
) -> Result<(), Fault> {
    let month = month_of(events::today(work, one));
    let budget = store::budget(work.tx, one.store, &month).await?;
    let over = budget.left().is_some_and(|left| beyond.amount > left);
    let sentence = format!("{} · {goods} · {}", one.number, beyond.reason);
    let ask = Ask {
        record: RecordRef::new(RECORD, one.id),
        number: one.number.clone(),
        href: format!("/returns/{}", one.id),
        place: one.place(),
        kind: GOODWILL,
        sentence: sentence.chars().take(SENTENCE).collect(),
        split: Split { statutory, extra: beyond.amount },
        two_persons: false,
        always: over && !work.replayed,
    };
    let (state, approval) = match approvals::app::ask(work, &ask).await? {
        Outcome::Nothing | Outcome::OwnLimit => (PayState::Due, None),
        Outcome::Waiting(id) => (PayState::Asked, Some(id)),
    };
    let payment = Payment {
        id: before.map_or_else(|| work.ctx.house.ids.next(), |before| before.id),
        of: one.id,
        part: beyond.part,
        amount: beyond.amount,
        reason: beyond.reason.clone(),
        state,
        approval,
        month: Some(month),
        confirmed_by: None,
        confirmed_at: None,
        pos_ref: None,
        paid_by: None,
        paid_at: None,
    };
    match before {
        None => store::insert_payment(work.tx, one, &payment).await?,
        Some(_) => {
            if !store::reopen_payment(work.tx, &payment).await? {
                return Err(Fault::refused(crate::domain::refusal::MOVED));
            }
        }
    }
    Ok(())
}

/// The question `id` is answered: the extra can be done now, or comes to nothing. The law's part has not waited for it.
pub(crate) async fn answered(work: &mut Work<'_>, id: Id<ApprovalId>) -> Result<(), Fault> {
    let Some(payment) = store::by_approval(work.tx, id).await? else { return Ok(()) };
    let Some(approval) = approvals::store::get(work.tx, id).await? else { return Ok(()) };
    let Some(before) = store::hold(work.tx, payment.of).await? else { return Ok(()) };
    let granted = approval.state == Answer::Granted;
    let to = if granted { PayState::Due } else { PayState::Declined };
    if before.state != State::Open || !store::set_state(work.tx, payment.id, PayState::Asked, to).await? {
        return Ok(());
    }
    let verb = if granted { "return.extra_granted" } else { "return.extra_declined" };
    let part = if granted { "returns.extra_granted" } else { "returns.extra_declined" };
    let event = events::event(verb, Some(&before), &before).change("extra", None, Some(payment.amount.to_string()));
    let event = count(work, event, &before, part, 1);
    super::act::settle(work, before, event).await.map(|_| ())
}
