//! What a customer may do behind a signed link: no permission, only the link's case and purpose.

use std::sync::Arc;

use capability::{Ctx, Recorded, Work};
use identity::Secret;
use kernel::{Actor, Fault, Money, Timestamp};

use super::act::{self, Given};
use super::clocks::Clocks;
use super::command::Changed;
use super::desk;
use super::links::valid_link;
use super::message::{self, Posted, Said};
use crate::domain::{
    CloseBy, Command, CommandName, Direction, Kind, PlanOption, PlanState, Policy, Proof, Purpose, Side, StateName,
    Step, Visibility, offers,
};
use crate::store::{self, Case, Link};

/// What the customer decides about a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Go on with this option, from 0.
    Yes {
        /// Which.
        option: usize,
    },
    /// Not like that.
    No {
        /// Why.
        reason: String,
    },
}

/// A plan as its customer reads it: what it costs the customer, not what others pay each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerPlan {
    /// 1 for the first plan.
    pub revision: i64,
    /// What became of it.
    pub state: PlanState,
    /// What was found.
    pub findings: String,
    /// The ways to choose from.
    pub options: Vec<(PlanOption, Money)>,
    /// Which was chosen, from 0.
    pub chosen: Option<i64>,
    /// Which cannot be chosen yet, from 0: we still ask among ourselves.
    pub held: Vec<usize>,
    /// When it was proposed.
    pub proposed_at: Timestamp,
}

/// A public word of either side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// From the customer, or from us.
    pub direction: Direction,
    /// Who wrote it.
    pub author: String,
    /// What.
    pub body: String,
    /// When.
    pub at: Timestamp,
}

/// What a customer sees of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerView {
    /// What people call it.
    pub number: String,
    /// Its kind.
    pub kind: Kind,
    /// In a few words.
    pub subject: String,
    /// What the customer said.
    pub body: String,
    /// Which product.
    pub product: Option<String>,
    /// Where it stands.
    pub state: StateName,
    /// The step of the service flow.
    pub step: Step,
    /// The store, for its name, address and telephone.
    pub store: kernel::Id<kernel::of::Unit>,
    /// The customer's name.
    pub customer_name: String,
    /// What was done, once it is resolved.
    pub result: Option<String>,
    /// When the customer came.
    pub happened_at: Timestamp,
    /// When somebody took it on.
    pub accepted_at: Option<Timestamp>,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// By when the next thing happens, while a clock of ours runs.
    pub due: Option<Timestamp>,
    /// The newest plan.
    pub plan: Option<CustomerPlan>,
    /// Public messages, newest first, at most 50.
    pub messages: Vec<Heard>,
    /// What the link is good for.
    pub purpose: Purpose,
    /// The link's decision is made.
    pub used: bool,
    /// What the customer can do now through this link.
    pub may: Vec<CommandName>,
}

/// Shows the case behind `token`.
///
/// # Errors
/// `not-found`; `cases-link-expired`; `cases-link-revoked`.
pub async fn customer_view(ctx: &Ctx, token: &str) -> Result<CustomerView, Fault> {
    let now = ctx.now();
    let limits = desk::of(&ctx.house).policy(&ctx.house).await?.limits(now);
    let (view, link) = ctx
        .read((token.to_owned(), now, limits), |tx, (token, now, limits)| {
            Box::pin(async move {
                let (link, case) = valid_link(tx, token, *now).await?;
                let plan = store::plans_of(tx, case.id).await?.into_iter().next();
                let said = store::messages_of(tx, case.id, Some(Visibility::Public), None, 50).await?;
                let facts = act::facts(tx, &case, &Clocks::none(), *limits).await?;
                let may = offers(&facts, Side::Customer, *now)
                    .into_iter()
                    .filter_map(|(name, refusal)| refusal.is_ok().then_some(name))
                    .filter(|name| permitted(&link, *name))
                    .collect();
                let view = CustomerView {
                    number: case.number,
                    kind: case.kind,
                    subject: case.subject,
                    body: case.body,
                    product: case.product,
                    state: case.state.name(),
                    step: case.step,
                    store: case.store,
                    customer_name: case.customer_name,
                    result: case.result_note.filter(|_| case.resolved_at.is_some()),
                    happened_at: case.happened_at,
                    accepted_at: case.accepted_at,
                    resolved_at: case.resolved_at,
                    closed_at: case.closed_at,
                    due: case.due.filter(|due| !due.stage.is_customers()).map(|due| due.at),
                    // What waits for approval altogether has not been said to the customer.
                    plan: plan.filter(|row| row.held.is_empty() || row.held.len() < row.plan.options.len()).map(
                        |row| CustomerPlan {
                            revision: row.revision,
                            state: row.state,
                            findings: row.plan.findings,
                            options: row
                                .plan
                                .options
                                .into_iter()
                                .map(|option| {
                                    let pays = option.customer_pays();
                                    (option, pays)
                                })
                                .collect(),
                            chosen: row.chosen,
                            held: row.held,
                            proposed_at: row.proposed_at,
                        },
                    ),
                    messages: said
                        .into_iter()
                        .map(|message| Heard {
                            direction: message.direction,
                            author: message.author_name,
                            body: message.body,
                            at: message.created_at,
                        })
                        .collect(),
                    purpose: link.purpose,
                    used: link.used_at.is_some(),
                    may,
                };
                Ok((view, link))
            })
        })
        .await?;
    if link.opened_at.is_none() {
        // Whoever sent the link sees that it was opened; nothing else hangs on it.
        let opened = (link.id, now);
        ctx.house
            .db
            .write(opened, |tx, (id, now)| {
                Box::pin(async move { store::mark_opened(tx, *id, *now).await.map_err(Fault::from) })
            })
            .await?;
    }
    Ok(view)
}

/// What a link of its purpose lets the customer do.
fn permitted(link: &Link, name: CommandName) -> bool {
    match (link.purpose, name) {
        (Purpose::Decide, CommandName::Confirm | CommandName::Decline) => link.used_at.is_none(),
        (Purpose::Track, CommandName::Close | CommandName::Reopen | CommandName::Cancel) => true,
        (Purpose::Track | Purpose::Decide | Purpose::Rate, _) => false,
    }
}

/// The customer's yes or no to the plan. The link is used up by it.
///
/// # Errors
/// As [`customer_view`]; `cases-link-used`; the rules' refusals.
pub async fn customer_decide(ctx: &Ctx, token: &str, choice: Choice) -> Result<Changed, Fault> {
    let command = match choice {
        Choice::Yes { option } => Command::Confirm { option, proof: Proof::Link },
        Choice::No { reason } => Command::Decline { reason: needed("reason", &reason)? },
    };
    give(ctx, token, command).await
}

/// The customer says that it is done.
///
/// # Errors
/// As [`customer_view`]; the rules' refusals.
pub async fn customer_close(ctx: &Ctx, token: &str) -> Result<Changed, Fault> {
    give(ctx, token, Command::Close(CloseBy::Customer(Proof::Link))).await
}

/// The customer says that it is not done, and what is still wrong.
///
/// # Errors
/// As [`customer_view`]; `invalid` without words; the rules' refusals.
pub async fn customer_reopen(ctx: &Ctx, token: &str, wrong: String) -> Result<Changed, Fault> {
    give(ctx, token, Command::Reopen { wrong: needed("wrong", &wrong)? }).await
}

fn needed(field: &str, typed: &str) -> Result<String, Fault> {
    let mut errors = kernel::FieldErrors::default();
    let text = parties::domain::text::required(&mut errors, field, typed, 2_000);
    errors.check()?;
    Ok(text)
}

struct Input {
    token: String,
    command: Command,
    policy: Arc<Policy>,
    fresh: Secret,
}

async fn give(ctx: &Ctx, token: &str, command: Command) -> Result<Changed, Fault> {
    let ctx = behind_link(ctx, token).await?;
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    let input = Input { token: token.to_owned(), command, policy, fresh: Secret::link()? };
    ctx.write(input, |work, input| {
        Box::pin(async move {
            let (link, mut case) = held(work, &input.token).await?;
            if link.used_at.is_some() {
                return Err(Fault::refused("cases-link-used"));
            }
            if !permitted(&link, input.command.name()) {
                return Err(Fault::not_found());
            }
            let mut clocks = Clocks::of(work, &case).await?;
            let given = Given {
                command: &input.command,
                side: Side::Customer,
                policy: &input.policy,
                token: &input.fresh,
                quiet: false,
                driven: None,
            };
            // Used up before the decision takes back the other decision links of the case.
            if link.purpose == Purpose::Decide && !store::mark_used(work.tx, link.id, work.now).await? {
                return Err(Fault::refused("cases-link-used"));
            }
            let (recorded, _) = act::carry_out(work, &mut case, &mut clocks, &given).await?;
            // A customer never gets another's link out of this answer.
            Ok(recorded.with(Changed::of(&case, None)))
        })
    })
    .await
}

/// The customer writes.
///
/// # Errors
/// As [`customer_view`]; `invalid` when it is empty or too long.
pub async fn customer_message(ctx: &Ctx, token: &str, typed: String) -> Result<Posted, Fault> {
    let body = message::checked(&typed)?;
    let ctx = behind_link(ctx, token).await?;
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    ctx.write((token.to_owned(), body, policy), |work, (token, body, policy)| {
        Box::pin(write(work, token, body, policy))
    })
    .await
}

async fn write(work: &mut Work<'_>, token: &str, body: &str, policy: &Policy) -> Result<Recorded<Posted>, Fault> {
    let (link, mut case) = held(work, token).await?;
    if link.purpose == Purpose::Rate {
        return Err(Fault::not_found());
    }
    let said = Said { visibility: Visibility::Public, side: Side::Customer, body, way: None, by: None };
    message::post(work, &mut case, &said, policy).await
}

/// The link and its case, held for this transaction.
pub(super) async fn held(work: &mut Work<'_>, token: &str) -> Result<(Link, Case), Fault> {
    let (link, _) = valid_link(work.tx, token, work.now).await?;
    let case = store::hold(work.tx, link.case).await?.ok_or_else(Fault::not_found)?;
    // What happened while it was waited for may have taken the link back.
    let (link, _) = valid_link(work.tx, token, work.now).await?;
    Ok((link, case))
}

/// The request with the customer as its actor, so that the journal names who acted.
pub(super) async fn behind_link(ctx: &Ctx, token: &str) -> Result<Ctx, Fault> {
    let now = ctx.now();
    let case: Case = ctx
        .read((token.to_owned(), now), |tx, (token, now)| {
            Box::pin(async move { valid_link(tx, token, *now).await.map(|(_, case)| case) })
        })
        .await?;
    let mut own = ctx.clone();
    own.actor = Actor::customer(&case.customer_name);
    own.session = None;
    Ok(own)
}
