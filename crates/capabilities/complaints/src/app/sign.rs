//! Second signatures: what is offered beyond one's limit, and not taking a severe complaint on.

use approvals::app::{Ask, Outcome};
use approvals::domain::{Split, State as Answer};
use approvals::store::ApprovalId;
use capability::Work;
use cases::app::{GOODWILL, RECORD};
use cases::store::Case;
use kernel::{Fault, Id, Placed, RecordRef};

use super::access::NOT_ACCEPT;
use super::carry;
use crate::domain::{Pending, State};
use crate::store::{self, Complaint, LineRow};

/// Longest sentence of a question, in characters.
const SENTENCE: usize = 160;

async fn ask(
    work: &mut Work<'_>,
    case: &Case,
    after: &mut Complaint,
    (pending, kind): (Pending, &'static str),
    split: Split,
    sentence: String,
) -> Result<bool, Fault> {
    let ask = Ask {
        record: RecordRef::new(RECORD, case.id),
        number: case.number.clone(),
        href: format!("/complaints/{}", case.id),
        place: case.place(),
        kind,
        sentence: sentence.chars().take(SENTENCE).collect(),
        split,
        two_persons: after.severity.is_severe(),
        always: false,
    };
    let Outcome::Waiting(id) = approvals::app::ask(work, &ask).await? else { return Ok(false) };
    after.pending = Some(pending);
    after.approval = Some(id);
    Ok(true)
}

/// Asks for the offer when it is more than the actor may give alone, or severe; true when it has to wait.
pub(super) async fn asked_to_offer(
    work: &mut Work<'_>,
    case: &Case,
    after: &mut Complaint,
    lines: &[&LineRow],
) -> Result<bool, Fault> {
    let sum = |by_law: bool| {
        lines.iter().map(|row| &row.line).filter(|line| line.by_law == by_law).map(|line| line.amount).sum()
    };
    let split = Split { statutory: sum(true), extra: sum(false) };
    let texts: Vec<&str> = lines.iter().map(|row| row.line.text.as_str()).collect();
    let goods = case.product.as_deref().map(|product| format!("{product} · ")).unwrap_or_default();
    let sentence = format!("{goods}{}", texts.join("；"));
    ask(work, case, after, (Pending::Offer, GOODWILL), split, sentence).await
}

/// Asks whether a severe complaint is really not taken on; true when it has to wait.
pub(super) async fn asked_not_to_accept(
    work: &mut Work<'_>,
    case: &Case,
    after: &mut Complaint,
) -> Result<bool, Fault> {
    let sentence = after.notice.clone().unwrap_or_default();
    ask(work, case, after, (Pending::NotAccept, NOT_ACCEPT), Split::default(), sentence).await
}

/// What is still asked is pointless.
pub(super) async fn overtake(work: &mut Work<'_>, after: &mut Complaint) -> Result<(), Fault> {
    after.pending = None;
    if let Some(id) = after.approval.take() {
        // Its answer is not waited for any more, so nothing follows from it.
        if let Some(kept) = store::get(work.tx, after.case).await? {
            store::save(work.tx, &Complaint { pending: None, approval: None, ..kept }).await?;
        }
        approvals::app::overtake(work, id, "withdrawn").await?;
    }
    Ok(())
}

/// The question `id` is answered: what waited for it goes out, or comes back to whoever asked.
pub(crate) async fn answered(work: &mut Work<'_>, id: Id<ApprovalId>) -> Result<(), Fault> {
    let Some(before) = store::by_approval(work.tx, id).await? else { return Ok(()) };
    let Some(approval) = approvals::store::get(work.tx, id).await? else { return Ok(()) };
    let Some(pending) = before.pending else { return Ok(()) };
    let Some(mut case) = cases::store::hold(work.tx, before.case).await? else { return Ok(()) };
    let mut after = Complaint { pending: None, approval: None, ..before.clone() };
    let mut moved = None;
    let granted = approval.state == Answer::Granted;
    let verb = match (pending, granted) {
        (Pending::Offer, true) => {
            let lines = store::lines(work.tx, case.id).await?;
            let offered: Vec<&LineRow> = lines.iter().filter(|line| line.round == after.round).collect();
            carry::offer(work, &mut case, &mut after, &offered).await?;
            "complaints.offered"
        }
        (Pending::NotAccept, true) => {
            carry::not_accept(work, &mut case, &mut after).await?;
            "complaints.not_accepted"
        }
        (Pending::Offer, false) => {
            after.state = State::Proposal;
            carry::move_case(work, &mut case, &mut moved, &carry::driven(State::Proposal, &[], &[])).await?;
            "complaints.not_granted"
        }
        (Pending::NotAccept, false) => {
            (after.reason, after.notice) = (None, None);
            carry::move_case(work, &mut case, &mut moved, &carry::driven(before.state, &[], &[])).await?;
            "complaints.not_granted"
        }
    };
    let _recorded = carry::finish(work, case, before, after, moved, verb).await?;
    Ok(())
}
