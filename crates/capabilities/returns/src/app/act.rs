//! Carries out one command on a return: the shell around [`guard`].

use capability::{Ctx, Event, Recorded, Work};
use files::{NewFile, Prepared};
use kernel::{Fault, Id, Money, RecordRef};
use serde::{Deserialize, Serialize};

use super::access::{VIEW, needed};
use super::events::{self, RECORD, count};
use super::open::TEXT;
use super::sign::{self, Beyond};
use crate::domain::{Command, Entry, Facts, GoodsIn, GoodsOut, Part, PayState, State, complete, guard, refusal};
use crate::store::{self, LineRow, Payment, Return, ReturnId};

/// A return after a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub id: Id<ReturnId>,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// Counts its changes.
    pub version: i64,
}

struct Input {
    id: Id<ReturnId>,
    version: i64,
    command: Command,
    photos: Vec<Prepared>,
}

/// Carries out `command` on the return `id`, of which the actor has seen `version`, with photos of what was looked at.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields; the rules' refusals (409).
pub async fn command(
    ctx: &Ctx,
    id: Id<ReturnId>,
    version: i64,
    command: Command,
    photos: Vec<Prepared>,
) -> Result<Changed, Fault> {
    ctx.write(Input { id, version, command, photos }, |work, input| {
        Box::pin(command_within(work, input.id, Some(input.version), &input.command, &input.photos))
    })
    .await
}

/// What the rules want to know.
pub(super) fn facts(one: &Return, lines: &[LineRow], money: &[Payment]) -> Facts {
    Facts {
        state: one.state,
        way: one.way,
        obvious: one.obvious,
        lines: lines.iter().map(LineRow::facts).collect(),
        money: money.iter().map(|payment| (payment.part, payment.state)).collect(),
        red_invoice: one.red_invoice.is_some(),
        stock_receipt: one.stock_receipt.is_some(),
    }
}

/// The same within a write that does more; without a version whatever it is now.
///
/// # Errors
/// As [`command`].
pub async fn command_within(
    work: &mut Work<'_>,
    id: Id<ReturnId>,
    version: Option<i64>,
    command: &Command,
    photos: &[Prepared],
) -> Result<Recorded<Changed>, Fault> {
    let before = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    if !work.ctx.actor.may(VIEW, &before) {
        return Err(Fault::not_found());
    }
    if !work.ctx.actor.may(needed(command.name()), &before) {
        return Err(Fault::forbidden());
    }
    let mut lines = store::lines(work.tx, id).await?;
    let money = store::payments(work.tx, id).await?;
    // Money moves once: whoever repeats it is told so, whatever version was seen.
    let known = guard(&facts(&before, &lines, &money), command.name(), command.line(), command.part());
    if known == Err(crate::domain::Refusal(refusal::MOVED)) {
        return Err(moved(&money, command));
    }
    if version.is_some_and(|seen| seen != before.version) {
        return Err(Fault::stale(before.version));
    }
    known?;
    let mut after = before.clone();
    let line = command.line().and_then(|seq| lines.iter_mut().find(|line| line.seq == seq));
    let mut event = events::event(verb(command), Some(&before), &before);
    let by = work.ctx.actor.user;
    match command {
        Command::Offer { amount, reason } => {
            let paid: Money = lines.iter().map(LineRow::paid).sum();
            let statutory: Money = lines.iter().map(|line| line.statutory).sum();
            if *amount <= Money::ZERO || *amount > paid - statutory {
                let left = (paid - statutory).to_string();
                let mut errors = kernel::FieldErrors::default();
                errors.add_with("amount", "returns-beyond-paid", vec![("left", left)]);
                return Err(Fault::invalid(errors));
            }
            let before = money.iter().find(|payment| payment.part == Part::Extra);
            let goods = lines.first().map(|line| line.name.clone()).unwrap_or_default();
            let beyond = Beyond { part: Part::Extra, amount: *amount, reason: reason.chars().take(TEXT).collect() };
            sign::ask(work, &after, &goods, statutory, &beyond, before).await?;
            event = event
                .change("extra", before.map(|before| before.amount.to_string()), Some(amount.to_string()))
                .personal("extra_reason", before.map(|before| before.reason.clone()), Some(reason.clone()));
        }
        Command::Confirm { part, amount } => {
            let payment = part_of(&money, *part)?;
            if *amount != payment.amount {
                return Err(Fault::field("amount", "returns-other-amount"));
            }
            if after.payee.is_empty() {
                return Err(Fault::field("payee", "required"));
            }
            if !store::confirm(work.tx, payment.id, by, work.now).await? {
                return Err(moved(&money, command));
            }
            let entry = Entry::confirmed(payment.id.get(), *part, payment.amount).map_err(Fault::internal)?;
            if !store::post(work.tx, &work.ctx.house.ids, &after, &entry, work.now).await? {
                return Err(moved(&money, command));
            }
            event = event.change("part", None, Some(part.to_string())).change(
                "amount",
                None,
                Some(payment.amount.to_string()),
            );
        }
        Command::Pay { part, pos_ref, amount } => {
            let payment = part_of(&money, *part)?;
            if *amount != payment.amount {
                return Err(Fault::field("amount", "returns-other-amount"));
            }
            if store::pos_taken(work.tx, after.store, pos_ref).await? {
                return Err(Fault::field("pos_ref", "taken"));
            }
            let day = events::today(work, &after);
            if !store::pay(work.tx, payment.id, (pos_ref, day), by, work.now).await? {
                return Err(moved(&money, command));
            }
            let entry = Entry::paid(payment.id.get(), payment.amount).map_err(Fault::internal)?;
            if !store::post(work.tx, &work.ctx.house.ids, &after, &entry, work.now).await? {
                return Err(moved(&money, command));
            }
            store::mark_reconciled(work.tx, after.store).await?;
            let counted = if *part == Part::Law { "returns.refunded_law" } else { "returns.refunded_extra" };
            if *part == Part::Law {
                let minutes = work.now.since(after.opened_at) / 60_000;
                event = count(work, event, &after, "returns.refunds", 1);
                event = count(work, event, &after, "returns.refund_minutes", minutes);
            }
            event = count(work, event, &after, counted, payment.amount.fen())
                .change("part", None, Some(part.to_string()))
                .change("pos_ref", None, Some(pos_ref.clone()))
                .change("amount", None, Some(payment.amount.to_string()));
        }
        Command::Papers { red_invoice, stock_receipt } => {
            after.red_invoice = red_invoice.clone().or(after.red_invoice);
            after.stock_receipt = stock_receipt.clone().or(after.stock_receipt);
            event = events::event(verb(command), Some(&before), &after);
        }
        Command::Refuse { reason, cost } => {
            after.state = State::Refused;
            after.end_note = Some(reason.clone());
            after.back_cost = *cost;
            ended(work, &mut after, &money).await?;
            event = count(work, events::event(verb(command), Some(&before), &after), &after, "returns.refused", 1);
        }
        Command::Cancel { reason } => {
            after.state = State::Cancelled;
            after.end_note = Some(reason.clone());
            ended(work, &mut after, &money).await?;
            event = events::event(verb(command), Some(&before), &after);
        }
        Command::Receive { .. }
        | Command::Inspect { .. }
        | Command::Grade { .. }
        | Command::Send { .. }
        | Command::Deliver { .. } => {
            let line = line.ok_or_else(Fault::not_found)?;
            event = goods(work, &after, line, command, event).await?;
            store::save_line(work.tx, line).await?;
        }
    }
    let record = RecordRef::new(RECORD, id);
    for photo in photos {
        let part = command.line().and_then(|seq| lines.iter().find(|line| line.seq == seq)).map(|line| line.id.get());
        let new = NewFile { part, ..NewFile::of(record.clone(), Some(after.store), by, work.now) };
        files::attach(work.tx, &work.ctx.house.ids, photo, &new).await?;
    }
    settle(work, after, event).await
}

/// One step of the goods of a line.
async fn goods(
    work: &mut Work<'_>,
    one: &Return,
    line: &mut LineRow,
    command: &Command,
    event: Event,
) -> Result<Event, Fault> {
    let event = event.change("line", None, Some(line.seq.to_string()));
    Ok(match command {
        Command::Inspect { finding, checks, note, .. } => {
            line.goods_in = GoodsIn::Inspected;
            line.finding = Some(*finding);
            line.checks = checks.iter().map(|check| check.as_str()).collect::<Vec<_>>().join(" ");
            line.finding_note = note.clone();
            line.inspected_by = work.ctx.actor.user;
            line.inspected_at = Some(work.now);
            event
                .change("finding", None, Some(finding.to_string()))
                .change("checks", None, Some(line.checks.clone()))
                .personal("finding_note", None, note.clone())
        }
        Command::Grade { grade, .. } => {
            line.goods_in = GoodsIn::Graded;
            line.grade = Some(*grade);
            event.change("grade", None, Some(grade.to_string()))
        }
        Command::Send { serial, .. } => {
            line.goods_out = GoodsOut::Sent;
            match (line.unit, serial) {
                (Some(_), None) => return Err(Fault::field("serial", "required")),
                (Some(old), Some(serial)) => {
                    parties::app::given_in_exchange(work, old, serial, events::today(work, one)).await?;
                }
                (None, _) => {}
            }
            line.out_serial = serial.clone();
            event.change("out_serial", None, serial.clone())
        }
        Command::Deliver { .. } => {
            line.goods_out = GoodsOut::Delivered;
            event
        }
        _ => {
            line.goods_in = GoodsIn::Received;
            event
        }
    })
}

/// A refused or cancelled return: what waits for a yes waits no longer, its reserve is released, its goods may come back again.
async fn ended(work: &mut Work<'_>, after: &mut Return, money: &[Payment]) -> Result<(), Fault> {
    after.ended_at = Some(work.now);
    store::kill_lines(work.tx, after.id).await?;
    store::owed_void(work.tx, after.id).await?;
    store::void_open(work.tx, after.id).await?;
    for approval in money.iter().filter(|one| one.state == PayState::Asked).filter_map(|one| one.approval) {
        approvals::app::overtake(work, approval, "withdrawn").await?;
    }
    Ok(())
}

fn part_of(money: &[Payment], part: Part) -> Result<&Payment, Fault> {
    money.iter().find(|payment| payment.part == part).ok_or_else(|| Fault::field("part", "unknown"))
}

/// Why it does not move again, with when it did.
fn moved(money: &[Payment], command: &Command) -> Fault {
    let payment = money.iter().find(|payment| Some(payment.part) == command.part());
    let amount = payment.map(|payment| payment.amount.to_string()).unwrap_or_default();
    Fault::refused(refusal::MOVED).with("amount", amount)
}

const fn verb(command: &Command) -> &'static str {
    match command {
        Command::Offer { .. } => "return.offered",
        Command::Receive { .. } => "return.received",
        Command::Inspect { .. } => "return.inspected",
        Command::Grade { .. } => "return.graded",
        Command::Send { .. } => "return.sent",
        Command::Deliver { .. } => "return.delivered",
        Command::Confirm { .. } => "return.confirmed",
        Command::Pay { .. } => "return.paid",
        Command::Papers { .. } => "return.papers",
        Command::Refuse { .. } => "return.refused",
        Command::Cancel { .. } => "return.cancelled",
    }
}

/// Saves the return as its next version and records `event`; where every track is at its end, it is over.
pub(super) async fn settle(work: &mut Work<'_>, mut after: Return, event: Event) -> Result<Recorded<Changed>, Fault> {
    let lines = store::lines(work.tx, after.id).await?;
    let money = store::payments(work.tx, after.id).await?;
    let done = complete(&facts(&after, &lines, &money));
    if done {
        after.state = State::Completed;
        after.ended_at = Some(work.now);
    }
    if !store::save(work.tx, &after).await? {
        return Err(Fault::stale(after.version.saturating_add(1)));
    }
    after.version = after.version.saturating_add(1);
    let recorded = work.record(event).await?;
    if done {
        let open = Return { state: State::Open, ..after.clone() };
        let event = events::event("return.completed", Some(&open), &after);
        let event = count(work, event, &after, "returns.completed", 1);
        let event = count(work, event, &after, "returns.minutes", work.now.since(after.opened_at) / 60_000);
        let _completed = work.record(event).await?;
        if let Some(case) = cases::store::get(work.tx, after.case).await? {
            let _on_case = work.record(events::on_case("returns.completed", &after, &case)).await?;
        }
    }
    let changed = Changed { id: after.id, number: after.number, state: after.state, version: after.version };
    Ok(recorded.with(changed))
}
