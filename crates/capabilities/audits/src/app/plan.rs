//! Audits themselves: planning, days, where they stand.

use capability::{Ctx, Event};
use kernel::{Day, Fault, FieldErrors, Id, Placed, RecordRef, Timestamp, of};
use parties::domain::text;

use super::{EDIT, Guest, Part, RECORD, TEXT, TITLE, VIEW, access, company, look, name, piece, unit_name};
use crate::domain::{Kind, State};
use crate::store::{self, Audit, AuditId, Draw, Filter, Finding, Line, LineId, SampledCase, SampledStore};

/// Most days that one audit takes.
const DAYS: i32 = 366;
/// Most units that it names.
const UNITS: usize = 100;
/// Most lines of its plan.
const LINES: usize = 200;

/// What is said of an audit; texts as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Who looks.
    pub kind: Option<Kind>,
    /// In a few words.
    pub title: String,
    /// By which scheme.
    pub scheme: String,
    /// Whoever sends the auditors.
    pub body: Option<String>,
    /// The lead assessor as people name them.
    pub lead_name: Option<String>,
    /// The lead assessor of our own.
    pub lead: Option<Id<of::User>>,
    /// Its first day,
    pub from_on: Option<Day>,
    /// and its last.
    pub until_on: Option<Day>,
    /// What it is about; empty = the whole company.
    pub units: Vec<Id<of::Unit>>,
    /// What else is known.
    pub note: Option<String>,
}

struct Checked {
    draft: Draft,
    kind: Kind,
    from_on: Day,
    until_on: Day,
}

fn checked(ctx: &Ctx, draft: &Draft) -> Result<Checked, Fault> {
    let mut errors = FieldErrors::default();
    let title = text::required_line(&mut errors, "title", &draft.title, TITLE);
    let scheme = text::required_line(&mut errors, "scheme", &draft.scheme, TITLE);
    let body = text::optional_line(&mut errors, "body", draft.body.as_deref(), TITLE);
    let lead_name = text::optional_line(&mut errors, "lead_name", draft.lead_name.as_deref(), TITLE);
    let note = text::optional(&mut errors, "note", draft.note.as_deref(), TEXT);
    let directory = ctx.house.identity.directories().now();
    if draft.lead.is_some_and(|lead| !directory.user(lead).is_some_and(|user| user.active)) {
        errors.add("lead", "unknown");
    }
    if draft.kind.is_none() {
        errors.add("kind", "choose");
    }
    if draft.kind == Some(Kind::External) && body.is_none() {
        errors.add("body", "required");
    }
    for (field, day) in [("from_on", draft.from_on), ("until_on", draft.until_on)] {
        if day.is_none() {
            errors.add(field, "required");
        }
    }
    if let (Some(from), Some(until)) = (draft.from_on, draft.until_on)
        && (until < from || until > from.plus(DAYS))
    {
        errors.add("until_on", "audits-days");
    }
    let mut units = draft.units.clone();
    units.sort();
    units.dedup();
    if units.len() > UNITS || units.iter().any(|unit| directory.unit(*unit).is_none()) {
        errors.add("units", "unknown");
    }
    errors.check()?;
    match (draft.kind, draft.from_on, draft.until_on) {
        (Some(kind), Some(from_on), Some(until_on)) => Ok(Checked {
            draft: Draft { title, scheme, body, lead_name, note, units, ..draft.clone() },
            kind,
            from_on,
            until_on,
        }),
        _ => Err(Fault::field("kind", "choose")),
    }
}

fn units_text(ctx: &Ctx, units: &[Id<of::Unit>]) -> Option<String> {
    let names: Vec<_> = units.iter().filter_map(|unit| unit_name(ctx, *unit)).collect();
    (!names.is_empty()).then(|| names.join("、"))
}

fn days(audit: &Audit) -> String {
    format!("{} – {}", audit.from_on, audit.until_on)
}

fn told(ctx: &Ctx, event: Event, before: Option<&Audit>, after: &Audit) -> Event {
    event
        .change("kind", before.map(|one| one.kind.to_string()), Some(after.kind.to_string()))
        .change("title", before.map(|one| one.title.clone()), Some(after.title.clone()))
        .change("scheme", before.map(|one| one.scheme.clone()), Some(after.scheme.clone()))
        .change("body", before.and_then(|one| one.body.clone()), after.body.clone())
        .change("lead_name", before.and_then(|one| one.lead_name.clone()), after.lead_name.clone())
        .change("lead", before.and_then(|one| name(ctx, one.lead)), name(ctx, after.lead))
        .change("days", before.map(days), Some(days(after)))
        .change("state", before.map(|one| one.state.to_string()), Some(after.state.to_string()))
        .change("note", before.and_then(|one| one.note.clone()), after.note.clone())
        .change("result", before.and_then(|one| one.result.clone()), after.result.clone())
        .index(piece(after))
}

/// Plans an audit.
///
/// # Errors
/// `invalid` with the fields; `forbidden`.
pub async fn create(ctx: &Ctx, draft: Draft) -> Result<Audit, Fault> {
    let Checked { draft, kind, from_on, until_on } = checked(ctx, &draft)?;
    let directory = ctx.house.identity.directories().now();
    let unit = company(&directory)?;
    if !ctx.actor.may(EDIT, &super::place(unit)) {
        return Err(Fault::forbidden());
    }
    ctx.write((draft, kind, from_on, until_on, unit), |work, (draft, kind, from_on, until_on, unit)| {
        Box::pin(async move {
            let day = work.now.day(&work.ctx.house.zone);
            let sequence = store::next_number(work.tx, day).await?;
            let audit = Audit {
                id: work.ctx.house.ids.next(),
                number: format!("SH{}-{sequence:02}", day.to_string().replace('-', "")),
                kind: *kind,
                title: draft.title.clone(),
                scheme: draft.scheme.clone(),
                body: draft.body.clone(),
                lead_name: draft.lead_name.clone(),
                lead: draft.lead,
                from_on: *from_on,
                until_on: *until_on,
                state: State::Planned,
                note: draft.note.clone(),
                result: None,
                unit: *unit,
                created_at: work.now,
                created_by: work.ctx.actor.user,
                version: 1,
            };
            store::insert(work.tx, &audit).await?;
            store::set_units(work.tx, audit.id, &draft.units).await?;
            let event = Event::new(RecordRef::new(RECORD, audit.id), "audit.planned", audit.place()).change(
                "units",
                None,
                units_text(work.ctx, &draft.units),
            );
            let event = told(work.ctx, event, None, &audit);
            Ok(work.record(event).await?.with(audit))
        })
    })
    .await
}

/// Changes what is said of an audit.
///
/// # Errors
/// `invalid` with the fields; `stale`; `audits-over`; `not-found`; `forbidden`.
pub async fn change(ctx: &Ctx, id: Id<AuditId>, version: i64, draft: Draft) -> Result<i64, Fault> {
    let Checked { draft, kind, from_on, until_on } = checked(ctx, &draft)?;
    ctx.write((id, version, draft, kind, from_on, until_on), |work, (id, version, draft, kind, from_on, until_on)| {
        Box::pin(async move {
            let before = kept(work, *id, *version).await?;
            if !before.state.is_live() {
                return Err(Fault::refused("audits-over"));
            }
            let units = store::units(work.tx, *id).await?;
            let after = Audit {
                kind: *kind,
                title: draft.title.clone(),
                scheme: draft.scheme.clone(),
                body: draft.body.clone(),
                lead_name: draft.lead_name.clone(),
                lead: draft.lead,
                from_on: *from_on,
                until_on: *until_on,
                note: draft.note.clone(),
                version: before.version + 1,
                ..before.clone()
            };
            if !store::save(work.tx, &after).await? {
                return Err(Fault::stale(after.version));
            }
            store::set_units(work.tx, *id, &draft.units).await?;
            let event = Event::new(RecordRef::new(RECORD, *id), "audit.changed", after.place()).change(
                "units",
                units_text(work.ctx, &units),
                units_text(work.ctx, &draft.units),
            );
            let event = told(work.ctx, event, Some(&before), &after);
            Ok(work.record(event).await?.with(after.version))
        })
    })
    .await
}

/// The audit `id` as read at `version`, which the actor keeps.
pub(super) async fn kept(work: &mut capability::Work<'_>, id: Id<AuditId>, version: i64) -> Result<Audit, Fault> {
    let audit = keeps(work, id).await?;
    if audit.version == version { Ok(audit) } else { Err(Fault::stale(audit.version)) }
}

/// The audit `id`, which the actor keeps.
pub(super) async fn keeps(work: &mut capability::Work<'_>, id: Id<AuditId>) -> Result<Audit, Fault> {
    let (audit, part) = look(work.tx, work.ctx, id).await?;
    if part.keeps { Ok(audit) } else { Err(Fault::forbidden()) }
}

/// Brings an audit to another state; where it ends somebody says what came of it.
///
/// # Errors
/// `invalid` without a result; `audits-way`; `audits-findings-open`; `stale`; `not-found`; `forbidden`.
pub async fn go(ctx: &Ctx, id: Id<AuditId>, version: i64, to: State, result: Option<String>) -> Result<i64, Fault> {
    let mut errors = FieldErrors::default();
    let result = text::optional(&mut errors, "result", result.as_deref(), TEXT);
    if to.asks_result() && result.is_none() {
        errors.add("result", "required");
    }
    errors.check()?;
    ctx.write((id, version, to, result), |work, (id, version, to, result)| {
        Box::pin(async move {
            let before = kept(work, *id, *version).await?;
            if !before.state.next().contains(to) {
                return Err(Fault::refused("audits-way"));
            }
            let after = Audit {
                state: *to,
                result: if to.asks_result() { result.clone() } else { before.result.clone() },
                version: before.version + 1,
                ..before.clone()
            };
            if !store::save(work.tx, &after).await? {
                return Err(Fault::stale(after.version));
            }
            let event = Event::new(RecordRef::new(RECORD, *id), "audit.moved", after.place());
            let event = told(work.ctx, event, Some(&before), &after);
            Ok(work.record(event).await?.with(after.version))
        })
    })
    .await
}

/// Brings an audit of the past to the state that it has today: for histories that are made at once.
///
/// # Errors
/// As [`go`].
pub async fn replay_state(ctx: &Ctx, audit: &Audit, result: &str) -> Result<(), Fault> {
    let version = go(ctx, audit.id, audit.version, State::Running, None).await?;
    go(ctx, audit.id, version, State::Closed, Some(result.to_owned())).await.map(|_| ())
}

/// A line of the plan as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineDraft {
    /// From then on,
    pub from_at: Option<Timestamp>,
    /// until then.
    pub until_at: Option<Timestamp>,
    /// Where.
    pub unit: Option<Id<of::Unit>>,
    /// About which clause.
    pub clause: Option<String>,
    /// Who has to be there.
    pub who: Option<String>,
    /// What happens.
    pub topic: String,
}

/// Adds a line to the plan of days.
///
/// # Errors
/// `invalid` with the fields; `audits-over`; `not-found`; `forbidden`.
pub async fn add_line(ctx: &Ctx, id: Id<AuditId>, draft: LineDraft) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let topic = text::required_line(&mut errors, "topic", &draft.topic, TITLE);
    let clause = text::optional_line(&mut errors, "clause", draft.clause.as_deref(), 20);
    let who = text::optional_line(&mut errors, "who", draft.who.as_deref(), TITLE);
    for (field, at) in [("from_at", draft.from_at), ("until_at", draft.until_at)] {
        if at.is_none() {
            errors.add(field, "required");
        }
    }
    if let (Some(from), Some(until)) = (draft.from_at, draft.until_at)
        && until <= from
    {
        errors.add("until_at", "audits-line-ends");
    }
    let directory = ctx.house.identity.directories().now();
    if draft.unit.is_some_and(|unit| directory.unit(unit).is_none()) {
        errors.add("unit", "unknown");
    }
    errors.check()?;
    let (Some(from_at), Some(until_at)) = (draft.from_at, draft.until_at) else {
        return Err(Fault::field("from_at", "required"));
    };
    let line = Line { id: ctx.house.ids.next(), audit: id, from_at, until_at, unit: draft.unit, clause, who, topic };
    ctx.write(line, |work, line| {
        Box::pin(async move {
            let audit = keeps(work, line.audit).await?;
            if !audit.state.is_live() {
                return Err(Fault::refused("audits-over"));
            }
            let zone = &work.ctx.house.zone;
            if line.from_at < audit.from_on.start(zone) || line.until_at > audit.until_on.plus(1).start(zone) {
                return Err(Fault::field("from_at", "audits-line-outside"));
            }
            if store::lines(work.tx, audit.id).await?.len() >= LINES {
                return Err(Fault::field("topic", "audits-line-many"));
            }
            store::add_line(work.tx, line).await?;
            let event = Event::new(RecordRef::new(RECORD, audit.id), "audit.line_added", audit.place())
                .change("line", None, Some(line.topic.clone()))
                .change("unit", None, line.unit.and_then(|unit| unit_name(work.ctx, unit)));
            work.record(event).await
        })
    })
    .await
}

/// Takes a line of the plan away.
///
/// # Errors
/// `not-found`; `forbidden`.
pub async fn remove_line(ctx: &Ctx, id: Id<AuditId>, line: Id<LineId>) -> Result<(), Fault> {
    ctx.write((id, line), |work, (id, line)| {
        Box::pin(async move {
            let audit = keeps(work, *id).await?;
            let Some(gone) = store::line(work.tx, *id, *line).await? else { return Ok(work.unchanged(())) };
            if !store::remove_line(work.tx, *line).await? {
                return Ok(work.unchanged(()));
            }
            let event = Event::new(RecordRef::new(RECORD, audit.id), "audit.line_removed", audit.place()).change(
                "line",
                Some(gone.topic),
                None,
            );
            work.record(event).await
        })
    })
    .await
}

/// One page of audits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The latest days first.
    pub rows: Vec<Audit>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Audits, for those who see all of them.
///
/// # Errors
/// `forbidden`; what the database says.
pub async fn list(ctx: &Ctx, filter: Filter, after: Option<(Day, Id<AuditId>)>, limit: i64) -> Result<Page, Fault> {
    let directory = ctx.house.identity.directories().now();
    if !ctx.actor.may(VIEW, &super::place(company(&directory)?)) {
        return Err(Fault::forbidden());
    }
    ctx.read((filter, after, limit), |tx, (filter, after, limit)| {
        Box::pin(async move {
            let mut rows = store::list(tx, filter, *after, *limit + 1).await?;
            let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > *limit;
            if more {
                rows.pop();
            }
            Ok(Page { next: rows.last().filter(|_| more).map(Audit::cursor), rows })
        })
    })
    .await
}

/// An audit with everything on its page.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The audit.
    pub audit: Audit,
    /// What it is about.
    pub units: Vec<Id<of::Unit>>,
    /// The plan of its days.
    pub lines: Vec<Line>,
    /// Its last sample.
    pub draw: Option<Draw>,
    /// The stores of that.
    pub stores: Vec<SampledStore>,
    /// Its cases and complaints.
    pub cases: Vec<SampledCase>,
    /// Its findings.
    pub findings: Vec<Finding>,
    /// Who was let in; for those who keep audits.
    pub guests: Vec<Guest>,
    /// What the actor is to it.
    pub part: Part,
    /// Its journal, the last entry first; not for people from outside.
    pub history: Vec<journal::Recorded>,
}

/// The audit `id`.
///
/// # Errors
/// `not-found`.
pub async fn whole(ctx: &Ctx, id: Id<AuditId>) -> Result<Whole, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let (audit, part) = look(tx, ctx, *id).await?;
            let draw = store::latest(tx, *id).await?;
            let (stores, cases) = match &draw {
                Some(draw) => (store::sampled_stores(tx, draw.id).await?, store::sampled_cases(tx, draw.id).await?),
                None => (Vec::new(), Vec::new()),
            };
            let mut history = Vec::new();
            if part.inside() {
                history = journal::of_record(tx, &RecordRef::new(RECORD, *id), None, 100).await?;
                history.reverse();
            }
            Ok(Whole {
                units: store::units(tx, *id).await?,
                lines: store::lines(tx, *id).await?,
                findings: store::findings_of(tx, *id).await?,
                guests: if part.keeps { access::guests(tx, *id).await? } else { Vec::new() },
                audit,
                draw,
                stores,
                cases,
                part,
                history,
            })
        })
    })
    .await
}

/// The audits at which the actor works: the one to which they were let in, and those that they lead.
///
/// # Errors
/// What the database says.
pub async fn home(ctx: &Ctx) -> Result<Vec<Audit>, Fault> {
    ctx.read(ctx.clone(), |tx, ctx| {
        Box::pin(async move {
            let Some(me) = ctx.actor.user else { return Ok(Vec::new()) };
            let mut all = Vec::new();
            if let Some(audit) = store::of_user(tx, me).await?
                && super::let_in(tx, ctx, me, audit.id).await?
            {
                all.push(audit);
            }
            for audit in store::led(tx, me).await? {
                if all.iter().all(|one| one.id != audit.id) {
                    all.push(audit);
                }
            }
            Ok(all)
        })
    })
    .await
}

/// The units that an audit can be about: regions and stores by code.
pub fn scopes(ctx: &Ctx) -> Vec<identity::Unit> {
    let directory = ctx.house.identity.directories().now();
    let mut units: Vec<_> = directory
        .tree()
        .units()
        .filter(|unit| unit.active && matches!(unit.kind, identity::UnitKind::Region | identity::UnitKind::Store))
        .cloned()
        .collect();
    units.sort_by(|a, b| {
        (a.kind != identity::UnitKind::Region, &a.code).cmp(&(b.kind != identity::UnitKind::Region, &b.code))
    });
    units
}
