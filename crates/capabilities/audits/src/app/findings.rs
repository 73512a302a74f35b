//! Findings: written, given to somebody, answered, judged.

use capability::{Ctx, Event, Work};
use db::Tx;
use files::{FileRow, NewFile, Prepared};
use identity::store::windows;
use identity::{EXTERNAL_ASSESSOR, UnitKind};
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Placed, RecordRef, of};
use metrics::Delta;
use notices::Notice;
use parties::domain::text;

use super::{
    EDIT, FINDING, FINDINGS, Part, SCHEME, TEXT, company, finding_piece, hold, look as look_at, name, unit_name,
};
use crate::domain::{Command, FindingState, Judge, Severity, go};
use crate::store::{self, Audit, AuditId, Finding, FindingFilter, FindingId};

/// Days that somebody has to answer when nobody says otherwise.
pub(crate) const DUE: i32 = 14;
/// Furthest day, in days from now.
const FURTHEST: i32 = 366;

/// What an assessor writes; texts as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingDraft {
    /// How grave it is.
    pub severity: Option<Severity>,
    /// Which clause.
    pub clause: String,
    /// Where; the company when left out.
    pub unit: Option<Id<of::Unit>>,
    /// The number of the sampled case in which it was seen.
    pub case: Option<String>,
    /// What was seen.
    pub seen: String,
}

/// The finding `id` with its audit, if the actor may see it: at their place, because they answer for it, or as part of the audit.
pub(super) async fn look(tx: &mut Tx, ctx: &Ctx, id: Id<FindingId>) -> Result<(Finding, Audit, Option<Part>), Fault> {
    let one = store::find(tx, id).await?.ok_or_else(Fault::not_found)?;
    let audit = store::get(tx, one.audit).await?.ok_or_else(Fault::not_found)?;
    let part = match look_at(tx, ctx, one.audit).await {
        Ok((_, part)) => Some(part),
        Err(fault) if fault.kind() == kernel::FaultKind::NotFound => None,
        Err(fault) => return Err(fault),
    };
    let own = ctx.actor.user.is_some() && one.owner == ctx.actor.user;
    if part.is_some() || own || ctx.actor.may(FINDINGS, &one) {
        Ok((one, audit, part))
    } else {
        Err(Fault::not_found())
    }
}

fn record(id: Id<FindingId>) -> RecordRef {
    RecordRef::new(FINDING, id)
}

fn notice(kind: &'static str, one: &Finding) -> Notice {
    Notice::new(kind, record(one.id)).at(format!("/findings/{}", one.id)).number(&one.number).subject(&one.seen)
}

/// Whether the scheme of `audit` has the clause; of a scheme that the program does not know, every clause is good.
fn known(audit: &Audit, clause: &str) -> bool {
    if audit.scheme != SCHEME {
        return true;
    }
    scoring::Scheme::gbt27922().is_ok_and(|scheme| scheme.indicator(clause).is_some())
}

fn keepers(ctx: &Ctx) -> Result<Vec<Id<of::User>>, Fault> {
    let directory = ctx.house.identity.directories().now();
    let place = super::place(company(&directory)?);
    Ok(directory.who_may(EDIT, &place).into_iter().map(|user| user.id).collect())
}

/// Writes a finding at the audit `id`.
///
/// # Errors
/// `invalid` with the fields; `audits-not-running`; `identity-access-…`; `not-found`; `forbidden`.
pub async fn write(ctx: &Ctx, id: Id<AuditId>, draft: FindingDraft) -> Result<Finding, Fault> {
    let mut errors = FieldErrors::default();
    let seen = text::required(&mut errors, "seen", &draft.seen, TEXT);
    let clause = text::required_line(&mut errors, "clause", &draft.clause, 20);
    let number = text::optional_line(&mut errors, "case", draft.case.as_deref(), 40);
    if draft.severity.is_none() {
        errors.add("severity", "choose");
    }
    errors.check()?;
    let Some(severity) = draft.severity else { return Err(Fault::field("severity", "choose")) };
    ctx.write((id, severity, clause, number, seen, draft.unit), |work, (id, severity, clause, number, seen, unit)| {
        Box::pin(async move {
            let (audit, part) = look_at(work.tx, work.ctx, *id).await?;
            if !part.writes(&audit) {
                let not_now = part.outside || part.leads || part.keeps;
                return Err(if not_now { Fault::refused("audits-not-running") } else { Fault::forbidden() });
            }
            hold(work, part).await?;
            let Some(me) = work.ctx.actor.user else { return Err(Fault::forbidden()) };
            let unit = unit.unwrap_or(audit.unit);
            let mut errors = FieldErrors::default();
            if !known(&audit, clause) {
                errors.add("clause", "audits-clause-unknown");
            }
            if !within(work, &audit, part, unit).await? {
                errors.add("unit", "audits-unit-outside");
            }
            let case = match number {
                Some(number) => {
                    let found = store::sampled_of(work.tx, audit.id, &number.to_uppercase()).await?;
                    if found.is_none() {
                        errors.add("case", "audits-case-not-drawn");
                    }
                    found.map(|one| one.case)
                }
                None => None,
            };
            errors.check()?;
            let seq = store::next_finding(work.tx, audit.id).await?;
            let one = Finding {
                id: work.ctx.house.ids.next(),
                audit: audit.id,
                seq,
                number: format!("{}-{seq:02}", audit.number),
                severity: *severity,
                clause: clause.clone(),
                unit,
                case,
                seen: seen.clone(),
                state: FindingState::Open,
                written_by: me,
                written_at: work.now,
                owner: None,
                due_on: None,
                cause: None,
                done: None,
                proof: None,
                answered_by: None,
                answered_at: None,
                verdict: None,
                judged_by: None,
                judged_at: None,
                reopened: 0,
                version: 1,
            };
            store::insert_finding(work.tx, &one).await?;
            let mut event = Event::new(record(one.id), "finding.written", one.place())
                .change("severity", None, Some(severity.to_string()))
                .change("clause", None, Some(clause.clone()))
                .change("unit", None, unit_name(work.ctx, unit))
                .change("case", None, number.clone())
                .personal("seen", None, Some(seen.clone()))
                .index(finding_piece(&one));
            event.deltas = Delta::spread("audits.findings", unit, day_at(work, unit), 1, &[]);
            let recorded = work.record(event).await?;
            let to = keepers(work.ctx)?;
            notices::tell(work, &to, &notice("audit.finding", &one)).await?;
            Ok(recorded.with(one))
        })
    })
    .await
}

fn day_at(work: &Work<'_>, unit: Id<of::Unit>) -> Day {
    let directory = work.ctx.house.identity.directories().now();
    let zone = directory.unit(unit).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    work.now.day(&zone)
}

/// Whether a finding of `audit` may stand at `unit`: in its scope, or the company; from outside only at stores that were drawn.
async fn within(work: &mut Work<'_>, audit: &Audit, part: Part, unit: Id<of::Unit>) -> Result<bool, Fault> {
    if unit == audit.unit {
        return Ok(true);
    }
    let directory = work.ctx.house.identity.directories().now();
    let Some(at) = directory.unit(unit) else { return Ok(false) };
    if part.outside {
        let Some(draw) = store::latest(work.tx, audit.id).await? else { return Ok(false) };
        let drawn = store::sampled_stores(work.tx, draw.id).await?;
        return Ok(drawn.iter().any(|one| one.unit == unit));
    }
    let scope = store::units(work.tx, audit.id).await?;
    let inside = scope.is_empty() || scope.iter().any(|one| at.path.contains(one));
    Ok(inside && at.kind != UnitKind::Team)
}

/// The finding `id` as read at `version`.
async fn held(work: &mut Work<'_>, id: Id<FindingId>, version: i64) -> Result<(Finding, Audit, Option<Part>), Fault> {
    let (one, audit, part) = look(work.tx, work.ctx, id).await?;
    if one.version == version { Ok((one, audit, part)) } else { Err(Fault::stale(one.version)) }
}

async fn saved(work: &mut Work<'_>, after: &Finding) -> Result<(), Fault> {
    if store::save_finding(work.tx, after).await? { Ok(()) } else { Err(Fault::stale(after.version)) }
}

/// Gives a finding to somebody who answers for it until a day.
///
/// # Errors
/// `invalid` with the fields; `audits-finding-way`; `stale`; `not-found`; `forbidden`.
pub async fn assign(
    ctx: &Ctx,
    id: Id<FindingId>,
    version: i64,
    owner: Option<Id<of::User>>,
    due_on: Option<Day>,
) -> Result<i64, Fault> {
    let directory = ctx.house.identity.directories().now();
    let today = ctx.now().day(&ctx.house.zone);
    let mut errors = FieldErrors::default();
    let ours = |user: Id<of::User>| {
        directory.user(user).is_some_and(|user| user.active) && !directory.has_role(user, EXTERNAL_ASSESSOR)
    };
    if !owner.is_some_and(ours) {
        errors.add("owner", if owner.is_some() { "unknown" } else { "choose" });
    }
    match due_on {
        None => errors.add("due_on", "required"),
        Some(day) if day < today || day > today.plus(FURTHEST) => errors.add("due_on", "audits-due"),
        Some(_) => {}
    }
    errors.check()?;
    ctx.write((id, version, owner, due_on), |work, (id, version, owner, due_on)| {
        Box::pin(async move {
            let (before, _, part) = held(work, *id, *version).await?;
            if !part.is_some_and(|part| part.keeps) {
                return Err(Fault::forbidden());
            }
            let way = || Fault::refused("audits-finding-way");
            let state = go(before.state, Command::Assign, before.owner.is_some()).ok_or_else(way)?;
            let after =
                Finding { state, owner: *owner, due_on: *due_on, version: before.version + 1, ..before.clone() };
            saved(work, &after).await?;
            let event = Event::new(record(*id), "finding.assigned", after.place())
                .change("owner", name(work.ctx, before.owner), name(work.ctx, after.owner))
                .change("due_on", before.due_on.map(|day| day.to_string()), after.due_on.map(|day| day.to_string()))
                .index(finding_piece(&after));
            let recorded = work.record(event).await?.with(after.version);
            let to: Vec<_> = after.owner.into_iter().collect();
            notices::tell(work, &to, &notice("audit.assigned", &after)).await?;
            Ok(recorded)
        })
    })
    .await
}

/// What somebody did about a finding; texts as typed.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What lay behind it.
    pub cause: String,
    /// What was done.
    pub done: String,
    /// What shows it.
    pub proof: Option<String>,
    /// Papers and pictures that show it.
    pub files: Vec<Prepared>,
}

/// Answers a finding: cause, what was done, and what shows it.
///
/// # Errors
/// `invalid` with the fields; `audits-finding-way`; `stale`; `not-found`; `forbidden`.
pub async fn answer(ctx: &Ctx, id: Id<FindingId>, version: i64, given: Answer) -> Result<i64, Fault> {
    let mut errors = FieldErrors::default();
    let cause = text::required(&mut errors, "cause", &given.cause, TEXT);
    let done = text::required(&mut errors, "done", &given.done, TEXT);
    let proof = text::optional(&mut errors, "proof", given.proof.as_deref(), TEXT);
    if proof.is_none() && given.files.is_empty() {
        errors.add("proof", "audits-proof");
    }
    errors.check()?;
    ctx.write((id, version, cause, done, proof, given.files), |work, (id, version, cause, done, proof, files)| {
        Box::pin(async move {
            let (before, _, part) = held(work, *id, *version).await?;
            let own = work.ctx.actor.user.is_some() && before.owner == work.ctx.actor.user;
            if !own && !part.is_some_and(|part| part.keeps) {
                return Err(Fault::forbidden());
            }
            let way = || Fault::refused("audits-finding-way");
            let state = go(before.state, Command::Answer, before.owner.is_some()).ok_or_else(way)?;
            let after = Finding {
                state,
                cause: Some(cause.clone()),
                done: Some(done.clone()),
                proof: proof.clone(),
                answered_by: work.ctx.actor.user,
                answered_at: Some(work.now),
                version: before.version + 1,
                ..before.clone()
            };
            saved(work, &after).await?;
            let new = NewFile::of(record(*id), Some(after.unit), work.ctx.actor.user, work.now);
            let mut named = Vec::new();
            for file in files {
                files::attach(work.tx, &work.ctx.house.ids, file, &new).await?;
                named.push(file.name().to_owned());
            }
            let event = Event::new(record(*id), "finding.answered", after.place())
                .change("state", Some(before.state.to_string()), Some(after.state.to_string()))
                .personal("cause", before.cause.clone(), after.cause.clone())
                .personal("done", before.done.clone(), after.done.clone())
                .personal("proof", before.proof.clone(), after.proof.clone())
                .personal("files", None, Some(named.join(", ")).filter(|names| !names.is_empty()))
                .index(finding_piece(&after));
            let recorded = work.record(event).await?.with(after.version);
            let mut to = keepers(work.ctx)?;
            to.push(after.written_by);
            to.sort();
            to.dedup();
            notices::tell(work, &to, &notice("audit.answered", &after)).await?;
            Ok(recorded)
        })
    })
    .await
}

/// Whether whoever wrote `one` can still say yes or no.
async fn writer_there(tx: &mut Tx, ctx: &Ctx, one: &Finding) -> Result<bool, Fault> {
    let directory = ctx.house.identity.directories().now();
    if !directory.user(one.written_by).is_some_and(|user| user.active) {
        return Ok(false);
    }
    let window = windows::get(tx, one.written_by).await?;
    Ok(window.is_none_or(|window| window.shut(ctx.now()).is_none()))
}

async fn judges(tx: &mut Tx, ctx: &Ctx, one: &Finding, part: Option<Part>) -> Result<bool, Fault> {
    let Some(me) = ctx.actor.user else { return Ok(false) };
    let judge = Judge {
        me,
        writer: one.written_by,
        writer_there: writer_there(tx, ctx, one).await?,
        owner: one.owner,
        answered_by: one.answered_by,
        keeps: part.is_some_and(|part| part.keeps),
    };
    Ok(judge.may())
}

/// Says that an answer is good, or why it is not.
///
/// # Errors
/// `invalid` without words for a no; `audits-not-judge`; `audits-finding-way`; `stale`; `not-found`; `identity-access-…`.
pub async fn judge(ctx: &Ctx, id: Id<FindingId>, version: i64, good: bool, said: Option<String>) -> Result<i64, Fault> {
    let mut errors = FieldErrors::default();
    let said = text::optional(&mut errors, "verdict", said.as_deref(), TEXT);
    if !good && said.is_none() {
        errors.add("verdict", "required");
    }
    errors.check()?;
    ctx.write((id, version, good, said), |work, (id, version, good, said)| {
        Box::pin(async move {
            let (before, _, part) = held(work, *id, *version).await?;
            if !judges(work.tx, work.ctx, &before, part).await? {
                return Err(Fault::refused("audits-not-judge"));
            }
            if let Some(part) = part {
                hold(work, part).await?;
            }
            let command = if *good { Command::Accept } else { Command::Reject };
            let way = || Fault::refused("audits-finding-way");
            let state = go(before.state, command, before.owner.is_some()).ok_or_else(way)?;
            let after = Finding {
                state,
                verdict: said.clone(),
                judged_by: work.ctx.actor.user,
                judged_at: Some(work.now),
                reopened: before.reopened + i64::from(!*good),
                version: before.version + 1,
                ..before.clone()
            };
            saved(work, &after).await?;
            let verb = if *good { "finding.closed" } else { "finding.reopened" };
            let mut event = Event::new(record(*id), verb, after.place())
                .change("state", Some(before.state.to_string()), Some(after.state.to_string()))
                .personal("verdict", before.verdict.clone(), after.verdict.clone())
                .index(finding_piece(&after));
            if *good {
                event.deltas = Delta::spread("audits.closed", after.unit, day_at(work, after.unit), 1, &[]);
            }
            let recorded = work.record(event).await?.with(after.version);
            let to: Vec<_> = after.owner.into_iter().collect();
            let kind = if *good { "audit.closed" } else { "audit.reopened" };
            let text = after.verdict.clone().unwrap_or_default();
            notices::tell(work, &to, &notice(kind, &after).text(&text)).await?;
            Ok(recorded)
        })
    })
    .await
}

/// A finding with everything on its page.
#[derive(Debug, Clone)]
pub struct FindingWhole {
    /// The finding.
    pub finding: Finding,
    /// Its audit.
    pub audit: Audit,
    /// The number of the case in which it was seen.
    pub case: Option<String>,
    /// What shows what was done.
    pub files: Vec<FileRow>,
    /// Its journal, the last entry first.
    pub history: Vec<journal::Recorded>,
    /// The actor sees the audit.
    pub part: Option<Part>,
    /// The actor gives it to somebody.
    pub may_assign: bool,
    /// The actor answers.
    pub may_answer: bool,
    /// The actor judges the answer.
    pub may_judge: bool,
}

/// The finding `id`.
///
/// # Errors
/// `not-found`.
pub async fn finding(ctx: &Ctx, id: Id<FindingId>) -> Result<FindingWhole, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let (one, audit, part) = look(tx, ctx, *id).await?;
            let case = match one.case {
                Some(case) => cases::store::get(tx, case).await?.map(|case| case.number),
                None => None,
            };
            let mut history = journal::of_record(tx, &record(*id), None, 200).await?;
            history.reverse();
            let keeps = part.is_some_and(|part| part.keeps);
            let own = ctx.actor.user.is_some() && one.owner == ctx.actor.user;
            Ok(FindingWhole {
                files: files::of_record(tx, &record(*id), false).await?,
                may_assign: keeps && one.state == FindingState::Open,
                may_answer: (own || keeps) && go(one.state, Command::Answer, one.owner.is_some()).is_some(),
                may_judge: one.state == FindingState::Answered && judges(tx, ctx, &one, part).await?,
                finding: one,
                audit,
                case,
                history,
                part,
            })
        })
    })
    .await
}

/// One page of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingPage {
    /// Newest first.
    pub rows: Vec<Finding>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Findings that the actor may see, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: FindingFilter, after: Option<Cursor>, limit: i64) -> Result<FindingPage, Fault> {
    ctx.read((filter, after, limit, ctx.clone()), |tx, (filter, after, limit, ctx)| {
        Box::pin(async move {
            let me = ctx.actor.user;
            let own = match me {
                Some(me) => match store::of_user(tx, me).await? {
                    Some(audit) if super::let_in(tx, ctx, me, audit.id).await? => Some(audit.id),
                    Some(_) | None => None,
                },
                None => None,
            };
            let reach = ctx.reach(FINDINGS);
            let mut rows = store::list_findings(tx, filter, (me, own, &reach), *after, *limit + 1).await?;
            let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > *limit;
            if more {
                rows.pop();
            }
            let last = rows.last().filter(|_| more);
            let next = last.map(|row| Cursor { key: row.written_at.millis(), id: row.id.get() });
            Ok(FindingPage { rows, next })
        })
    })
    .await
}

/// Tells owners, and whoever keeps audits, of findings whose day is over, once for each day; says how many.
///
/// # Errors
/// What the database says.
pub async fn remind(ctx: &Ctx) -> Result<usize, Fault> {
    ctx.write((), |work, ()| {
        Box::pin(async move {
            let day = work.now.day(&work.ctx.house.zone);
            let late = store::overdue(work.tx, day, 200).await?;
            if late.is_empty() {
                return Ok(work.unchanged(0));
            }
            let keepers = keepers(work.ctx)?;
            let mut events = Vec::new();
            for one in &late {
                store::told(work.tx, one.id).await?;
                let mut to = keepers.clone();
                to.extend(one.owner);
                to.sort();
                to.dedup();
                notices::tell(work, &to, &notice("audit.late", one)).await?;
                events.push(Event::new(record(one.id), "finding.overdue", one.place()));
            }
            Ok(work.record_all(events).await?.with(late.len()))
        })
    })
    .await
}
