//! What a plan gives on top of the law: asked for when whoever proposes it may not give it alone, and what follows from the answer.

use approvals::app::{Ask, Offices, Outcome};
use approvals::domain::{Limit, Seat, State as Answer};
use approvals::store::{Approval, ApprovalId};
use capability::{Ctx, Event, Recorded, Work};
use db::Tx;
use futures_util::future::BoxFuture;
use identity::Secret;
use kernel::{Fault, Id, Money, Placed, RecordRef, of};

use super::act;
use super::clocks::Clocks;
use super::events::{self, RECORD, zone_of};
use super::tell;
use crate::domain::{self, Command, Plan, PlanOption, PlanState};
use crate::store::{self, Case, PlanRow};

/// The kind of question: what the company bears beyond the law.
pub const GOODWILL: &str = "goodwill";

/// Longest sentence of a question, in characters.
const SENTENCE: usize = 160;

/// How much more than the law gives the actor may give alone by `command`.
pub(super) async fn own_limit(work: &mut Work<'_>, case: &Case, command: &Command) -> Result<Limit, Fault> {
    match command {
        Command::Propose(plan) if plan.borne().extra > Money::ZERO => {
            approvals::app::own_limit(work, GOODWILL, case.store).await
        }
        _ => Ok(Limit::Unlimited),
    }
}

/// Asks for what `plan`, which was just proposed, gives beyond `own`; questions about earlier plans are overtaken.
pub(super) async fn ask(
    work: &mut Work<'_>,
    case: &Case,
    plan: &Plan,
    own: Limit,
    recorded: Recorded<()>,
) -> Result<Recorded<()>, Fault> {
    if work.replayed {
        return Ok(recorded);
    }
    overtake(work, case.id, "newer-plan").await?;
    let split = plan.borne();
    let ask = Ask {
        record: RecordRef::new(RECORD, case.id),
        number: case.number.clone(),
        href: format!("/cases/{}", case.id),
        place: case.place(),
        kind: GOODWILL,
        sentence: sentence(case, plan),
        split,
        two_persons: false,
        always: false,
    };
    let Outcome::Waiting(id) = approvals::app::ask(work, &ask).await? else { return Ok(recorded) };
    store::hold_options(work.tx, case.id, id, &plan.held(own)).await?;
    let event = events::event(case, "case.approval_asked", work.now)
        .change("statutory", None, Some(split.statutory.to_string()))
        .change("extra", None, Some(split.extra.to_string()));
    work.record(event).await
}

/// What is asked, in a line: the goods, and the way with the largest extra. The case's own words are the customer's and stay in the
/// case, where they can be erased.
fn sentence(case: &Case, plan: &Plan) -> String {
    let most = plan.options.iter().max_by_key(|option| option.borne().extra);
    let way = most.map(|option: &PlanOption| option.text.as_str()).unwrap_or_default();
    let line = match &case.product {
        Some(product) => format!("{product} · {way}"),
        None => way.to_owned(),
    };
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(SENTENCE).collect()
}

/// Takes back what is still asked about the case `id`.
async fn overtake(work: &mut Work<'_>, id: Id<of::Case>, reason: &str) -> Result<(), Fault> {
    for approval in approvals::store::of_record(work.tx, RECORD, id.get()).await? {
        if approval.state == Answer::Asked {
            approvals::app::overtake(work, approval.id, reason).await?;
        }
    }
    Ok(())
}

/// Hears answers, and what makes questions pointless: the case is over, or the plan is taken back.
pub(crate) fn listen<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        let case = || Id::new(event.record.id);
        match (event.record.kind, event.verb) {
            // A history that is replayed asked nobody.
            _ if work.replayed => Ok(()),
            (approvals::app::RECORD, "approval.decided" | "approval.withdrawn" | "approval.expired") => {
                answered(work, Id::new(event.record.id)).await
            }
            (RECORD, "case.closed" | "case.rejected" | "case.cancelled" | "case.merged") => {
                overtake(work, case(), "case-over").await
            }
            (RECORD, "case.taken_back")
                if event.changes.iter().any(|change| change.after.as_deref() == Some("propose")) =>
            {
                overtake(work, case(), "taken-back").await
            }
            _ => Ok(()),
        }
    })
}

/// The question `id` is answered: held options go out or fall away, and a case that waited for it goes on.
async fn answered(work: &mut Work<'_>, id: Id<ApprovalId>) -> Result<(), Fault> {
    let found = approvals::store::get(work.tx, id).await?.filter(|approval| approval.record_kind == RECORD);
    let Some(approval) = found else { return Ok(()) };
    let Some(mut case) = store::hold(work.tx, Id::new(approval.record_id)).await? else { return Ok(()) };
    let plan = store::plans_of(work.tx, case.id).await?.into_iter().find(|plan| plan.approval == Some(id));
    let live = |plan: &PlanRow| matches!(plan.state, PlanState::Proposed | PlanState::Confirmed);
    let Some(plan) = plan.filter(live).filter(|_| !case.state.is_over()) else { return Ok(()) };
    let held_altogether = plan.state == PlanState::Proposed && plan.held.len() == plan.plan.options.len();
    let policy = store::policy(work.tx).await?;
    let mut clocks = Clocks::of(work, &case).await?;
    let facts = act::facts(work.tx, &case, &clocks, policy.limits(work.now)).await?;
    let decision = match approval.state {
        Answer::Granted => {
            store::release_options(work.tx, id).await?;
            domain::granted(&facts, held_altogether)
        }
        Answer::Withdrawn => domain::not_granted(&facts, held_altogether, "case.approval_withdrawn"),
        Answer::Expired => domain::not_granted(&facts, held_altogether, "case.approval_expired"),
        Answer::Declined | Answer::Asked => domain::not_granted(&facts, held_altogether, "case.approval_declined"),
    };
    // A plan that may not be carried out is replaced, and where nobody is asked it is carried out as it stands.
    if held_altogether && (approval.state != Answer::Granted || !case.kind.needs_confirmation()) {
        store::supersede(work.tx, case.id, work.now).await?;
    }
    let (before, now) = (case.clone(), work.now);
    case.state = decision.next;
    case.step = decision.next.step().unwrap_or(case.step);
    if decision.answers && case.first_answered_at.is_none() {
        case.first_answered_at = Some(now);
    }
    clocks.act(work, &case, &policy, &decision.clocks, now).await?;
    case.due = clocks.due();
    if case != before {
        if !store::save(work.tx, &case).await? {
            return Err(Fault::stale(case.version.saturating_add(1)));
        }
        case.version = case.version.saturating_add(1);
    }
    let event = events::event(&case, decision.verb, now)
        .change("extra", None, Some(approval.split.extra.to_string()))
        .personal("reason", None, approval.reason.clone());
    let event = events::changes(event, &work.ctx.house, Some(&before), &case);
    let event = act::numbers(&work.ctx.house, event, &before, &case, &decision, now);
    let day = now.day(&zone_of(&work.ctx.house, case.store));
    let event = events::deadlines(event, &case, day, &clocks.met, &clocks.missed);
    let _recorded = work.record(event).await?;
    for notice in &decision.notices {
        let token = Secret::link()?;
        tell::tell(work, &case, *notice, "", &token).await?;
    }
    Ok(())
}

/// A question about a plan, for whoever looks at the case.
#[derive(Debug, Clone)]
pub struct Question {
    /// The question.
    pub approval: Approval,
    /// Who can answer it now.
    pub seats: Vec<Seat>,
    /// Whether the reader may open it.
    pub may_open: bool,
}

/// The questions about the plans of the case `id`, newest first.
pub(super) async fn questions(
    tx: &mut Tx,
    ctx: &Ctx,
    plans: &[PlanRow],
    id: Id<of::Case>,
) -> Result<Vec<Question>, Fault> {
    if plans.iter().all(|plan| plan.approval.is_none()) {
        return Ok(Vec::new());
    }
    let directory = ctx.house.identity.directories().now();
    let offices = Offices::at(tx, &directory, ctx.now()).await?;
    let mut questions = Vec::new();
    for approval in approvals::store::of_record(tx, RECORD, id.get()).await? {
        let steps = approvals::store::steps(tx, approval.id).await?;
        let seats = offices.seats(&directory, &approval, &steps);
        let mine = seats.iter().any(|seat| Some(seat.user) == ctx.actor.user);
        let may_open = mine || ctx.actor.may(approvals::app::VIEW, &approval);
        questions.push(Question { approval, seats, may_open });
    }
    Ok(questions)
}
