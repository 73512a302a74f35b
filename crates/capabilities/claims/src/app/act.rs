//! Carries out one command on a claim: the shell around [`decide`].

use capability::{Ctx, Recorded, Work};
use kernel::{Fault, Id, Timestamp};

use super::access::{VIEW, needed};
use super::events::{self, count};
use super::open::TEXT;
use crate::domain::{Command, CommandName, Refusal, State, decide};
use crate::store::{self, Claim, ClaimId, Step};

/// Longest reference, in characters.
const REFERENCE: usize = 60;

/// Carries out `command` on the claim `id`, of which the actor has seen `version`.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields; the rules' refusals (409).
pub async fn command(ctx: &Ctx, id: Id<ClaimId>, version: i64, command: Command) -> Result<Claim, Fault> {
    ctx.write((id, version, command), |work, (id, version, command)| {
        Box::pin(command_within(work, *id, Some(*version), command))
    })
    .await
}

/// The same within a write that does more; without a version whatever it is now.
///
/// # Errors
/// As [`command`].
pub async fn command_within(
    work: &mut Work<'_>,
    id: Id<ClaimId>,
    version: Option<i64>,
    command: &Command,
) -> Result<Recorded<Claim>, Fault> {
    let before = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    if !work.ctx.actor.may(VIEW, &before) {
        return Err(Fault::not_found());
    }
    if !work.ctx.actor.may(needed(command.name), &before) {
        return Err(Fault::forbidden());
    }
    if version.is_some_and(|seen| seen != before.version) {
        return Err(Fault::stale(before.version));
    }
    let clean = |text: &Option<String>, most: usize| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(|text| text.chars().take(most).collect())
    };
    let command = Command {
        reference: clean(&command.reference, REFERENCE),
        reason: clean(&command.reason, TEXT),
        ..command.clone()
    };
    let today = work.now.day(&events::zone(work, before.store));
    let outcome = decide(&before.facts(), &command, today).map_err(|refusal| match refusal {
        Refusal::Code(code) => Fault::refused(code),
        Refusal::Fields(fields) => Fault::invalid(fields),
    })?;
    let facts = outcome.facts;
    let after = Claim {
        state: facts.state,
        claimed: facts.claimed,
        accepted: facts.accepted,
        credited: facts.credited,
        written: facts.written,
        last_on: facts.last,
        sent_on: before.sent_on.or((command.name == CommandName::Send).then_some(command.day)),
        ended_at: facts.state.is_over().then_some(work.now),
        ..before.clone()
    };
    if !store::save(work.tx, &after).await? {
        return Err(Fault::stale(before.version.saturating_add(1)));
    }
    let step = Step {
        what: command.name.to_string(),
        day: command.day,
        reference: command.reference.clone(),
        reason: command.reason.clone(),
        amount: outcome.amount,
        by: work.ctx.actor.user,
        at: work.now,
    };
    let seq = store::add_step(work.tx, id, &step).await?;
    if !outcome.entry.is_empty() {
        // A credit note is booked once for a claim, whoever enters it again.
        let what = verb(command.name);
        let key = match (command.name, &command.reference) {
            (CommandName::Credit, Some(reference)) => format!("claim-{id}-credit-{reference}"),
            (CommandName::Send, _) => format!("claim-{id}-send"),
            _ => format!("claim-{id}-{seq}"),
        };
        let ids = work.ctx.house.ids.clone();
        if !store::post(work.tx, &ids, id, (key, what), &outcome.entry, work.now).await? {
            return Err(Fault::field("reference", "taken"));
        }
    }
    let mut event = events::event(what_happened(command.name), Some(&before), &after)
        .change("day", None, Some(command.day.to_string()))
        .change("reference", None, command.reference.clone())
        .personal("step_reason", None, command.reason.clone());
    let fen = outcome.amount.fen();
    match command.name {
        CommandName::Send if !before.facts().booked => {
            event = count(event, &after, "claims.claimed", command.day, fen);
            event = count(event, &after, "claims.owed", command.day, fen);
        }
        CommandName::Credit => {
            event = count(event, &after, "claims.credited", command.day, fen);
            event = count(event, &after, "claims.owed", command.day, -fen);
            event = count(event, &after, "claims.settled", command.day, fen);
        }
        CommandName::Accept | CommandName::WriteOff => {
            let given_up = (after.written - before.written).fen();
            event = count(event, &after, "claims.written_off", command.day, given_up);
            event = count(event, &after, "claims.owed", command.day, -given_up);
            event = count(event, &after, "claims.settled", command.day, given_up);
        }
        CommandName::Send | CommandName::Refuse | CommandName::Withdraw => {}
    }
    if after.state == State::Credited
        && let Some(sent) = after.sent_on
    {
        let zone = events::zone(work, after.store);
        let days = days_between(sent.start(&zone), command.day.start(&zone));
        event = count(event, &after, "claims.won", command.day, 1);
        event = count(event, &after, "claims.days", command.day, days);
    }
    Ok(work.record(event).await?.with(Claim { version: after.version.saturating_add(1), ..after }))
}

/// Whole days from one midnight to another; a day that a zone change made shorter is one.
const fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    to.since(from).saturating_add(43_200_000) / 86_400_000
}

const fn verb(name: CommandName) -> &'static str {
    match name {
        CommandName::Send => "send",
        CommandName::Accept => "accept",
        CommandName::Refuse => "refuse",
        CommandName::Credit => "credit",
        CommandName::WriteOff => "write_off",
        CommandName::Withdraw => "withdraw",
    }
}

const fn what_happened(name: CommandName) -> &'static str {
    match name {
        CommandName::Send => "claim.sent",
        CommandName::Accept => "claim.accepted",
        CommandName::Refuse => "claim.refused",
        CommandName::Credit => "claim.credited",
        CommandName::WriteOff => "claim.written_off",
        CommandName::Withdraw => "claim.withdrawn",
    }
}
