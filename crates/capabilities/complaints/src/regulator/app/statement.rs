//! The statement of facts (情况说明): drafted from the record, edited, signed by a second person, then immutable. The words of a draft are
//! the page's; here are its sources and its versions.

use approvals::app::{Ask, Outcome};
use approvals::domain::{Split, State as Answer};
use approvals::store::ApprovalId;
use capability::{Ctx, Recorded, Work};
use cases::app::Item;
use files::FileRow;
use kernel::{Fault, Id, Permission, Placed, RecordRef, of};

use super::access::{HANDLE, LEGAL, STATEMENT, VIEW};
use super::act::{Done, held};
use super::events;
use crate::app::{Detail, detail};
use crate::regulator::domain::{ASKED, HOLE, HOLES, NO_STATEMENT, NOT_NOW, RegulatorState, SIGNED};
use crate::regulator::store::{self, RegulatorCase, Statement};

/// Longest statement, in characters.
pub(crate) const LONGEST: usize = 20_000;
/// Entries of the timeline that are read in one go.
const ENTRIES: u16 = 200;

/// All that a draft is written from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// What the authority passed on.
    pub one: RegulatorCase,
    /// The complaint with its case, its offers and its precedents.
    pub detail: Detail,
    /// What happened, oldest first.
    pub entries: Vec<Item>,
    /// Papers, oldest first.
    pub files: Vec<FileRow>,
}

/// What a draft for the regulator case `id` is written from.
///
/// # Errors
/// `not-found`; `forbidden`.
pub async fn sources(ctx: &Ctx, id: Id<of::Case>) -> Result<Sources, Fault> {
    let one = ctx
        .read((id, ctx.clone()), |tx, (id, ctx)| {
            Box::pin(async move {
                let one = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                ctx.require(VIEW, &one)?;
                Ok::<_, Fault>(one)
            })
        })
        .await?;
    if !ctx.actor.may(HANDLE, &one) {
        return Err(Fault::forbidden());
    }
    let detail = detail(ctx, id).await?;
    let (files, _) = cases::app::files::files_of(ctx, id).await?;
    let mut entries = Vec::new();
    let mut after = None;
    loop {
        let timeline = cases::app::timeline(ctx, id, after, ENTRIES).await?;
        entries.extend(timeline.items);
        match timeline.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    entries.reverse();
    Ok(Sources { one, detail, entries, files })
}

/// Keeps `body`, written from the record, as the next version of the statement of the case `id`, seen at `version`.
///
/// # Errors
/// `not-found`, `forbidden`, `stale`; a signed statement and one that waits do not change.
pub async fn draft(ctx: &Ctx, id: Id<of::Case>, version: i64, body: String) -> Result<Done, Fault> {
    keep(ctx, id, version, body, HANDLE).await
}

/// Keeps `body`, as somebody edited it, as the next version.
///
/// # Errors
/// As [`draft`]; `complaints-reg-no-statement` before the first draft.
pub async fn edit(ctx: &Ctx, id: Id<of::Case>, version: i64, body: String) -> Result<Done, Fault> {
    keep(ctx, id, version, body, LEGAL).await
}

async fn keep(ctx: &Ctx, id: Id<of::Case>, version: i64, body: String, permission: Permission) -> Result<Done, Fault> {
    ctx.write((id, version, body, permission), |work, (id, version, body, permission)| {
        Box::pin(async move {
            let (case, before) = held(work, *id, Some(*version), *permission).await?;
            let from_record = *permission == HANDLE;
            open(&before)?;
            if before.draft == 0 && !from_record {
                return Err(Fault::refused(NO_STATEMENT));
            }
            let after = RegulatorCase { draft: before.draft + 1, ..before.clone() };
            let made = Statement {
                version: after.draft,
                body: body.clone(),
                made_by: work.ctx.actor.user,
                made_at: work.now,
                from_record,
            };
            store::add_statement(work.tx, &work.ctx.house.ids, *id, &made).await?;
            let verb = if from_record { "complaints.reg_drafted" } else { "complaints.reg_edited" };
            changed(work, case, &before, after, verb).await
        })
    })
    .await
}

/// `Ok` while the statement can change.
fn open(one: &RegulatorCase) -> Result<(), Fault> {
    match () {
        () if one.signed.is_some() => Err(Fault::refused(SIGNED)),
        () if one.approval.is_some() => Err(Fault::refused(ASKED)),
        () if one.state == RegulatorState::Ended => Err(Fault::refused(NOT_NOW)),
        () => Ok(()),
    }
}

async fn changed(
    work: &mut Work<'_>,
    mut case: cases::store::Case,
    before: &RegulatorCase,
    after: RegulatorCase,
    verb: &'static str,
) -> Result<Recorded<Done>, Fault> {
    let complaint = crate::store::get(work.tx, case.id).await?.ok_or_else(Fault::not_found)?;
    let moved = cases::app::flow::place(work, &mut case, &crate::app::carry::driven(complaint.state, &[], &[])).await?;
    store::save(work.tx, &after).await?;
    let mut event = events::event(verb, Some(before), &after, work.now);
    event.deltas.extend(moved.deltas);
    let done = Done { id: case.id, state: after.state, version: case.version };
    Ok(work.record(event).await?.with(done))
}

/// Asks a second person to sign the newest version of the statement of the case `id`, seen at `version`.
///
/// # Errors
/// `not-found`, `forbidden`, `stale`; `complaints-reg-no-statement`, `complaints-reg-holes`.
pub async fn ask(ctx: &Ctx, id: Id<of::Case>, version: i64) -> Result<Done, Fault> {
    ctx.write((id, version), |work, (id, version)| {
        Box::pin(async move {
            let (case, before) = held(work, *id, Some(*version), HANDLE).await?;
            open(&before)?;
            let statement = store::statement(work.tx, *id, before.draft).await?;
            let statement = statement.ok_or_else(|| Fault::refused(NO_STATEMENT))?;
            if statement.body.contains(HOLE) {
                return Err(Fault::refused(HOLES));
            }
            let ask = Ask {
                record: RecordRef::new(cases::app::RECORD, case.id),
                number: before.case_number.clone(),
                href: format!("/regulator/{}", case.id),
                place: before.place(),
                kind: STATEMENT,
                sentence: format!("{} {} · {}", before.authority, before.number, before.subject)
                    .chars()
                    .take(160)
                    .collect(),
                split: Split::default(),
                two_persons: false,
                always: true,
            };
            let Outcome::Waiting(approval) = approvals::app::ask(work, &ask).await? else {
                return Err(Fault::forbidden());
            };
            let after = RegulatorCase { asked: Some(before.draft), approval: Some(approval), ..before.clone() };
            changed(work, case, &before, after, "complaints.reg_asked").await
        })
    })
    .await
}

/// The question `id` is answered: what was granted is signed from now on, what was not can be edited again.
pub(crate) async fn answered(work: &mut Work<'_>, id: Id<ApprovalId>) -> Result<(), Fault> {
    let Some(before) = store::by_approval(work.tx, id).await? else { return Ok(()) };
    let Some(approval) = approvals::store::get(work.tx, id).await? else { return Ok(()) };
    let Some(case) = cases::store::hold(work.tx, before.case).await? else { return Ok(()) };
    let mut after = RegulatorCase { asked: None, approval: None, ..before.clone() };
    let granted = approval.state == Answer::Granted;
    if let (true, Some(version)) = (granted, before.asked) {
        let statement = store::statement(work.tx, before.case, version).await?.ok_or_else(Fault::not_found)?;
        after.signed = Some(version);
        after.signed_at = Some(work.now);
        after.signed_by = approval.decided_by.map(|seat| seat.user).or(work.ctx.actor.user);
        after.signed_digest = Some(identity::digest(&statement.body));
    }
    let verb = if granted { "complaints.reg_signed" } else { "complaints.reg_not_signed" };
    let _recorded = changed(work, case, &before, after, verb).await?;
    Ok(())
}

/// Records that the statement of the case `id` was printed.
///
/// # Errors
/// `not-found`; `complaints-reg-no-statement`.
pub async fn printed(ctx: &Ctx, id: Id<of::Case>) -> Result<(), Fault> {
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let one = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(VIEW, &one)?;
            if one.draft == 0 {
                return Err(Fault::refused(NO_STATEMENT));
            }
            let event = events::event("complaints.reg_printed", Some(&one), &one, work.now).quietly();
            let version = one.signed.unwrap_or(one.draft);
            work.record(event.change("printed_version", None, Some(version.to_string()))).await
        })
    })
    .await
}
