use std::sync::Arc;

use ::files::Prepared;
use capability::{Ctx, Work};
use identity::Secret;
use kernel::{Fault, FieldErrors, Id, Timestamp, of};
use parties::domain::CauseKind;
use serde::{Deserialize, Serialize};

use super::access::{VIEW, require, require_owner};
use super::act::{self, Given};
use super::clocks::Clocks;
use super::events::zone_of;
use super::links::Issued;
use super::{desk, files};
use crate::domain::{CloseBy, Command, Policy, Proof, Side, StateName};
use crate::store::{self, Case, Due};

/// A case after a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its id.
    pub id: Id<of::Case>,
    /// What people call it.
    pub number: String,
    /// Where it stands.
    pub state: StateName,
    /// The step of the service flow, 1 to 6.
    pub step: i64,
    /// Counts its changes.
    pub version: i64,
    /// The nearest deadline.
    pub due: Option<Due>,
    /// The link that the customer got by it, shown once.
    pub link: Option<Issued>,
}

impl Changed {
    pub(super) fn of(case: &Case, link: Option<Issued>) -> Self {
        Self {
            id: case.id,
            number: case.number.clone(),
            state: case.state.name(),
            step: case.step.number(),
            version: case.version,
            due: case.due,
            link,
        }
    }
}

pub(super) struct Input {
    pub(super) id: Id<of::Case>,
    pub(super) version: i64,
    pub(super) command: Command,
    pub(super) policy: Arc<Policy>,
    pub(super) token: Secret,
    /// What the customer wrote on the glass, beside the plan that was shown.
    pub(super) signature: Option<Prepared>,
}

/// Carries out `command` on the case `id`, of which the actor has seen `version`.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields; the rules' refusals (409).
pub async fn command(ctx: &Ctx, id: Id<of::Case>, version: i64, command: Command) -> Result<Changed, Fault> {
    signed(ctx, id, version, command, None).await
}

/// As [`command`], with what the customer wrote on the glass: a yes at the counter, or at handing out.
///
/// # Errors
/// As [`command`]; `cases-proof` when something else than the customer's word at the counter is recorded.
pub async fn signed(
    ctx: &Ctx,
    id: Id<of::Case>,
    version: i64,
    command: Command,
    signature: Option<Prepared>,
) -> Result<Changed, Fault> {
    if signature.is_some() && !is_at_counter(&command) {
        return Err(Fault::refused("cases-proof"));
    }
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    let input = Input { id, version, command, policy, token: Secret::link()?, signature };
    ctx.write(input, |work, input| Box::pin(body(work, input))).await
}

/// As [`command`], within a write that does more.
///
/// # Errors
/// As [`command`].
pub async fn command_within(
    work: &mut Work<'_>,
    id: Id<of::Case>,
    version: i64,
    command: Command,
) -> Result<capability::Recorded<Changed>, Fault> {
    let policy = Arc::new(crate::store::policy(work.tx).await?);
    let input = Input { id, version, command, policy, token: Secret::link()?, signature: None };
    body(work, &input).await
}

pub(super) async fn body(work: &mut Work<'_>, input: &Input) -> Result<capability::Recorded<Changed>, Fault> {
    let mut case = store::hold(work.tx, input.id).await?.ok_or_else(Fault::not_found)?;
    require(work.ctx, &input.command, &case)?;
    if case.version != input.version {
        return Err(Fault::stale(case.version));
    }
    people_fit(work.ctx, &case, &input.command)?;
    if let Command::Assign { owner, team } = &input.command
        && (*owner, *team) == (case.owner, case.team)
        && !case.state.is_over()
    {
        // Nothing becomes different, so nobody's form becomes stale.
        return Ok(work.unchanged(Changed::of(&case, None)));
    }
    if let Command::Merge { into } = &input.command {
        target_fits(work, &case, *into).await?;
    }
    promises_fit(&input.command, work.now)?;
    cause_fits(work, &case, &input.command).await?;
    let mut clocks = Clocks::of(work, &case).await?;
    let side = Side::from(work.ctx.actor.kind);
    let given =
        Given { command: &input.command, side, policy: &input.policy, token: &input.token, quiet: false, driven: None };
    // The plan as it was shown; the version says that it has not changed since.
    let shown = match &input.signature {
        Some(_) => store::plans_of(work.tx, case.id).await?.into_iter().next(),
        None => None,
    };
    let (recorded, link) = act::carry_out(work, &mut case, &mut clocks, &given).await?;
    if let Some(signature) = &input.signature {
        let plan = shown.map(|plan| (plan.id, plan.revision));
        let _ = files::sign_within(work, &case, signature, plan).await?;
    }
    Ok(recorded.with(Changed::of(&case, link)))
}

/// True for what a customer can sign: the yes to a plan and the receipt at handing out.
const fn is_at_counter(command: &Command) -> bool {
    matches!(
        command,
        Command::Confirm { proof: Proof::Counter, .. } | Command::Close(CloseBy::Customer(Proof::Counter))
    )
}

/// Only a cause that the company's list offers is given.
async fn cause_fits(work: &mut Work<'_>, case: &Case, command: &Command) -> Result<(), Fault> {
    let Command::Resolve { cause, .. } = command else { return Ok(()) };
    let today = work.now.day(&zone_of(&work.ctx.house, case.store));
    match parties::store::is_cause_offered(work.tx, cause.as_str(), CauseKind::Case, today).await? {
        true => Ok(()),
        false => Err(Fault::field("cause", "unknown")),
    }
}

/// Nothing is promised for a time that has passed.
fn promises_fit(command: &Command, now: Timestamp) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    if let Command::Propose(plan) = command {
        for (n, option) in plan.options.iter().enumerate() {
            if option.done_by.is_some_and(|by| by < now) {
                errors.add(&format!("options.{n}.done_by"), "past");
            }
        }
    }
    errors.check()
}

/// People whom a command names can work here; a team is one of the store's or of headquarters.
pub(super) fn people_fit(ctx: &Ctx, case: &Case, command: &Command) -> Result<(), Fault> {
    match command {
        Command::Accept { owner, .. } => require_owner(ctx, "owner", *owner, case),
        Command::Wait { owner, .. } => require_owner(ctx, "owner", *owner, case),
        Command::Assign { owner, team } => {
            if let Some(team) = team {
                let directory = ctx.house.identity.directories().now();
                let known =
                    directory.unit(*team).is_some_and(|unit| unit.kind == identity::UnitKind::Team && unit.active);
                let elsewhere = directory.store_of(*team).is_some_and(|store| store.id != case.store);
                if !known || elsewhere {
                    return Err(Fault::field("team", "unknown"));
                }
            }
            let moved = Case { team: *team, ..case.clone() };
            owner.map_or(Ok(()), |owner| require_owner(ctx, "owner", owner, &moved))
        }
        _ => Ok(()),
    }
}

/// The case in which another one goes on is one that the actor sees, is not the same, and is not void.
async fn target_fits(work: &mut Work<'_>, case: &Case, into: Id<of::Case>) -> Result<(), Fault> {
    // Merging into itself is the rules' to refuse.
    if into == case.id {
        return Ok(());
    }
    let target = store::get(work.tx, into).await?.filter(|target| work.ctx.actor.may(VIEW, target));
    match target {
        Some(target) if target.state.category() != crate::domain::Category::Void => Ok(()),
        Some(_) => Err(Fault::field("into", "cases-void")),
        None => Err(Fault::field("into", "unknown")),
    }
}
