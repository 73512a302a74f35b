//! Delicate replies: they wait for a second person's yes, and the customer sees nothing of them before.

use ::files::FileRow;
use approvals::app::{Ask, Outcome};
use approvals::domain::{Split, State as Answer};
use approvals::store::{Approval, ApprovalId};
use capability::{Ctx, Event, Work};
use futures_util::future::BoxFuture;
use identity::Secret;
use kernel::{Fault, Id, Money, Placed, RecordRef, of};

use super::access::VIEW;
use super::events::{self, RECORD};
use super::files;
use super::message::{self, Said};
use super::reply::{self, Going};
use crate::domain::{Condition, SaidReply, Side, Visibility, Way};
use crate::store::{self, Case, HeldReply, HeldReplyId};

/// The kind of question: whether a reply may leave.
pub const REPLY: &str = "reply";
/// The word for waiting replies in the journal.
pub const HELD: &str = "held_reply";
/// Longest sentence of a question, in characters.
const SENTENCE: usize = 160;
/// Most rules.
const RULES: i64 = 200;

/// Holds a reply when a rule says so: gives its id and asks somebody else; `None` when it may leave at once.
pub(super) async fn hold(
    work: &mut Work<'_>,
    case: &Case,
    body: &str,
    way: Way,
) -> Result<Option<Id<HeldReplyId>>, Fault> {
    // Histories and programs ask nobody.
    let Some(author) = work.ctx.actor.user.filter(|_| !work.replayed) else { return Ok(None) };
    let rules = store::reply_rules(work.tx, true, RULES).await?;
    if rules.is_empty() {
        return Ok(None);
    }
    let goods = store::extras(work.tx, case.id).await?.category;
    let said =
        SaidReply { kind: case.kind, priority: case.priority, category: goods.as_deref(), upset: case.upset, body };
    let rule = rules.into_iter().find(|rule| {
        let condition = Condition {
            kind: rule.kind,
            priority: rule.priority,
            category: rule.category.as_deref(),
            words: rule.words.as_deref(),
            amount: rule.amount,
            upset: rule.upset,
        };
        condition.holds(&said)
    });
    let Some(rule) = rule else { return Ok(None) };
    let id: Id<HeldReplyId> = work.ctx.house.ids.next();
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let ask = Ask {
        record: RecordRef::new(HELD, id),
        number: case.number.clone(),
        href: format!("/cases/{}#held", case.id),
        place: case.place(),
        kind: REPLY,
        sentence: format!("{} · {line}", rule.name).chars().take(SENTENCE).collect(),
        split: Split { statutory: Money::ZERO, extra: Money::ZERO },
        two_persons: false,
        always: true,
    };
    let Outcome::Waiting(approval) = approvals::app::ask(work, &ask).await? else { return Ok(None) };
    let held = HeldReply {
        id,
        case: case.id,
        body: body.to_owned(),
        way,
        author,
        rule: rule.name.clone(),
        approval,
        state: "asked".to_owned(),
        created_at: work.now,
    };
    store::insert_held(work.tx, &held).await?;
    let event = events::event(case, "case.reply_held", work.now).change("rule", None, Some(rule.name)).change(
        "held_reply",
        None,
        Some(id.to_string()),
    );
    let _ = work.record(event).await?;
    Ok(Some(id))
}

/// Hears answers about waiting replies: granted ones leave, the others stay with whoever wrote them.
pub(crate) fn follow_answers<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        match (event.record.kind, event.verb) {
            _ if work.replayed => Ok(()),
            (approvals::app::RECORD, "approval.decided" | "approval.withdrawn" | "approval.expired") => {
                answered(work, Id::new(event.record.id)).await
            }
            (RECORD, "case.closed" | "case.rejected" | "case.cancelled" | "case.merged") => {
                drop_held(work, Id::new(event.record.id)).await
            }
            _ => Ok(()),
        }
    })
}

/// The case is over: what still waits is asked no more.
async fn drop_held(work: &mut Work<'_>, case: Id<of::Case>) -> Result<(), Fault> {
    for held in store::held_of(work.tx, case).await?.into_iter().filter(|held| held.state == "asked") {
        approvals::app::overtake(work, held.approval, "case-over").await?;
    }
    Ok(())
}

async fn answered(work: &mut Work<'_>, id: Id<ApprovalId>) -> Result<(), Fault> {
    let Some(held) = store::held_by(work.tx, id).await?.filter(|held| held.state == "asked") else { return Ok(()) };
    let Some(approval) = approvals::store::get(work.tx, id).await? else { return Ok(()) };
    let Some(mut case) = store::hold(work.tx, held.case).await? else { return Ok(()) };
    let over = case.state.is_over();
    let state = match approval.state {
        Answer::Asked => return Ok(()),
        Answer::Granted if !over => "sent",
        Answer::Declined => "declined",
        Answer::Granted | Answer::Withdrawn | Answer::Expired => "dropped",
    };
    if !store::settle_held(work.tx, held.id, state).await? {
        return Ok(());
    }
    if state != "sent" {
        let event = events::event(&case, "case.reply_not_granted", work.now)
            .change("held_reply", None, Some(held.id.to_string()))
            .personal("reason", None, approval.reason.clone());
        let _ = work.record(event).await?;
        return Ok(());
    }
    let known = reply::known(work.tx, &work.ctx.house, &case).await?;
    // What was possible when it was written may be gone; it still reaches whoever looks.
    let way = if known.reach.has(held.way) { held.way } else { Way::Page };
    let policy = store::policy(work.tx).await?;
    let said = Said {
        visibility: Visibility::Public,
        side: Side::Staff,
        body: &held.body,
        way: Some(way),
        by: Some(held.author),
    };
    let posted = message::post(work, &mut case, &said, &policy).await?.into_value();
    files::let_out(work, &case, held.id.get(), posted.id.get()).await?;
    let token = Secret::link()?;
    let going = Going { case: &case, message: posted.id, way, words: &held.body, token: &token };
    reply::send(work, &known, &going).await
}

/// A reply that waits, for whoever looks at the case.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The reply.
    pub held: HeldReply,
    /// The question.
    pub approval: Option<Approval>,
    /// What goes out with it.
    pub files: Vec<FileRow>,
}

/// Replies of the case `id` that wait or were not granted.
///
/// # Errors
/// `not-found`.
pub async fn held_replies(ctx: &Ctx, id: Id<of::Case>) -> Result<Vec<Waiting>, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let mut waiting = Vec::new();
            let all = ::files::of_record(tx, &RecordRef::new(RECORD, *id), false).await?;
            for held in store::held_of(tx, *id).await? {
                let approval = approvals::store::get(tx, held.approval).await?;
                let files = all.iter().filter(|file| file.part == Some(held.id.get())).cloned().collect();
                waiting.push(Waiting { held, approval, files });
            }
            Ok(waiting)
        })
    })
    .await
}
