//! Carries out one step of an order: the shell around [`decide`].

use capability::{Ctx, Recorded, Work};
use files::{NewFile, Prepared};
use kernel::{Fault, FieldErrors, Id, RecordRef};

use super::access::{HANDLE, VIEW};
use super::clocks;
use super::events::{self, RECORD, count};
use crate::domain::{Clock, Command, CommandName, Facts, Insurance, InsuranceState, Outcome, Refusal, decide};
use crate::store::{self, Order, OrderId, Step};

/// Longest reference and note, in characters.
const REFERENCE: usize = 60;
pub(super) const NOTE: usize = 400;

/// Photos that come with a step.
#[derive(Debug, Clone, Default)]
pub struct Photos {
    /// Of the opening of the parcel.
    pub unboxing: Vec<Prepared>,
    /// Of the scales.
    pub weighing: Vec<Prepared>,
}

/// The part of a record's files that shows the opening.
pub(crate) const UNBOXING: i64 = 1;
/// The part that shows the scales.
pub(crate) const WEIGHING: i64 = 2;

struct Input {
    id: Id<OrderId>,
    version: i64,
    command: Command,
    photos: Photos,
}

/// Carries out `command` on the order `id`, of which the actor has seen `version`.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields; the rules' refusals (409).
pub async fn command(
    ctx: &Ctx,
    id: Id<OrderId>,
    version: i64,
    command: Command,
    photos: Photos,
) -> Result<Order, Fault> {
    ctx.write(Input { id, version, command, photos }, |work, input| Box::pin(carried_out(work, input))).await
}

async fn held(work: &mut Work<'_>, id: Id<OrderId>, version: i64) -> Result<Order, Fault> {
    let before = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    if !work.ctx.actor.may(VIEW, &before) {
        return Err(Fault::not_found());
    }
    if !work.ctx.actor.may(HANDLE, &before) {
        return Err(Fault::forbidden());
    }
    if version != before.version {
        return Err(Fault::stale(before.version));
    }
    Ok(before)
}

async fn carried_out(work: &mut Work<'_>, input: &Input) -> Result<Recorded<Order>, Fault> {
    let Input { id, version, command, photos } = input;
    let before = held(work, *id, *version).await?;
    let clean = |text: &Option<String>, most: usize| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(|text| text.chars().take(most).collect())
    };
    let command = Command {
        reference: clean(&command.reference, REFERENCE),
        note: clean(&command.note, NOTE),
        ..command.clone()
    };
    let record = RecordRef::new(RECORD, *id);
    let kept = files::of_record(work.tx, &record, false).await?;
    let there = |part: i64| kept.iter().any(|file| file.part == Some(part));
    let facts = Facts {
        kind: before.kind,
        state: before.state,
        last: before.last_at,
        unboxing: there(UNBOXING) || !photos.unboxing.is_empty(),
        weighing: there(WEIGHING) || !photos.weighing.is_empty(),
        weight: before.weight,
    };
    let to = decide(&facts, &command, work.now).map_err(|refusal| match refusal {
        Refusal::Code(code) => Fault::refused(code),
        Refusal::Fields(fields) => Fault::invalid(fields),
    })?;
    let shop = store::get_shop(work.tx, before.shop).await?.ok_or_else(Fault::not_found)?;
    let moved = clocks::step(work, &before, &shop, (command.name, to), (command.at, command.until)).await?;
    let after = Order {
        state: to,
        tracking: match command.name {
            CommandName::Ship => command.reference.clone(),
            _ => before.tracking.clone(),
        },
        weight: command.weight.or(before.weight),
        last_at: command.at,
        due_at: if to.is_over() { None } else { moved.due_at },
        ended_at: to.is_over().then_some(work.now),
        ..before.clone()
    };
    if !store::save(work.tx, &after).await? {
        return Err(Fault::stale(before.version.saturating_add(1)));
    }
    let by = work.ctx.actor.user;
    let step = Step {
        what: command.name.to_string(),
        at: command.at,
        entered_at: work.now,
        reference: command.reference.clone(),
        note: command.note.clone(),
        by,
    };
    store::add_step(work.tx, *id, &step).await?;
    for (part, all) in [(UNBOXING, &photos.unboxing), (WEIGHING, &photos.weighing)] {
        for photo in all {
            let new = NewFile { part: Some(part), ..NewFile::of(record.clone(), Some(after.store), by, work.now) };
            files::attach(work.tx, &work.ctx.house.ids, photo, &new).await?;
        }
    }
    let day = events::today(work, &after);
    let mut event = events::event(verb(command.name), Some(&before), &after)
        .happened(command.at)
        .change("reference", None, command.reference.clone())
        .personal("note", None, command.note.clone());
    if before.tracking != after.tracking {
        event = event.index(events::piece(&after));
    }
    for (row, outcome) in &moved.judged {
        event = event.change("deadline", None, Some(format!("{} {}", row.clock, outcome)));
        if row.clock == Clock::Answer {
            event = count(event, &after, "platforms.answered", day, 1);
            if *outcome == Outcome::Met {
                event = count(event, &after, "platforms.answered_in_time", day, 1);
            }
        }
        if row.clock == Clock::Refund {
            event = count(event, &after, "platforms.settled", day, 1);
            if *outcome == Outcome::Met {
                event = count(event, &after, "platforms.settled_in_time", day, 1);
            }
        }
    }
    event = match command.name {
        CommandName::Intervene => count(event, &after, "platforms.interventions", day, 1),
        CommandName::RuleShop => {
            let event = count(event, &after, "platforms.won", day, 1);
            count(event, &after, "platforms.ruled", day, 1)
        }
        CommandName::RuleBuyer => count(event, &after, "platforms.ruled", day, 1),
        _ => event,
    };
    Ok(work.record(event).await?.with(Order { version: after.version.saturating_add(1), ..after }))
}

/// Says what is known of the freight insurance of the order `id`.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields.
pub async fn insure(ctx: &Ctx, id: Id<OrderId>, version: i64, insurance: Insurance) -> Result<Order, Fault> {
    let mut errors = FieldErrors::default();
    insurance.check(&mut errors);
    errors.check()?;
    ctx.write((id, version, insurance), |work, (id, version, insurance)| {
        Box::pin(async move {
            let before = held(work, *id, *version).await?;
            if before.insurance == *insurance {
                return Ok(work.unchanged(before));
            }
            let after = Order { insurance: *insurance, ..before.clone() };
            if !store::save(work.tx, &after).await? {
                return Err(Fault::stale(before.version.saturating_add(1)));
            }
            let day = events::today(work, &after);
            let paid = |one: &Insurance| {
                if one.state == InsuranceState::Paid { one.amount.fen() } else { 0 }
            };
            let more = paid(insurance) - paid(&before.insurance);
            let event = events::event("platform_order.insured", Some(&before), &after);
            let event = count(event, &after, "platforms.insurance", day, more);
            Ok(work.record(event).await?.with(Order { version: after.version.saturating_add(1), ..after }))
        })
    })
    .await
}

const fn verb(name: CommandName) -> &'static str {
    match name {
        CommandName::Agree => "platform_order.agreed",
        CommandName::Refuse => "platform_order.refused",
        CommandName::Ship => "platform_order.shipped",
        CommandName::Receive => "platform_order.received",
        CommandName::Complete => "platform_order.completed",
        CommandName::Reapply => "platform_order.reapplied",
        CommandName::Intervene => "platform_order.intervened",
        CommandName::Submit => "platform_order.submitted",
        CommandName::RuleBuyer => "platform_order.ruled_buyer",
        CommandName::RuleShop => "platform_order.ruled_shop",
        CommandName::Close => "platform_order.closed",
    }
}
