//! Use cases around certificates.

use capability::{Ctx, Event, FileDoor, Recorded, Work};
use db::Tx;
use files::{FileRow, NewFile, Prepared};
use futures_util::future::BoxFuture;
use kernel::{Day, Fault, FieldErrors, Id, RecordRef, Timestamp, of};
use notices::Notice;
use parties::domain::text;

use super::domain::{AHEAD, visits};
use super::store::{self, Certificate, CertificateId, Use, UseId, Visit, VisitId};
use crate::access::{CERTIFICATES, KEEP, demand, listed, place, reaches};

/// The word for certificates in journal, files and live events.
pub const RECORD: &str = "certificate";
/// Longest line, in characters.
pub const LINE: usize = 160;
/// Longest text.
pub const TEXT: usize = 2_000;
/// Rows of a page.
pub const ROWS: i64 = 25;
/// Days before a surveillance on which people are told.
const VISIT_AHEAD: i32 = 30;

/// Whoever sees a certificate sees its scans.
pub const DOOR: FileDoor = FileDoor { kind: RECORD, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move { seen(tx, ctx, Id::new(id)).await.map(|_| ()) })
}

async fn seen(tx: &mut Tx, ctx: &Ctx, id: Id<CertificateId>) -> Result<Certificate, Fault> {
    let one = store::get(tx, id).await?.ok_or_else(Fault::not_found)?;
    if reaches(ctx, CERTIFICATES, one.unit) { Ok(one) } else { Err(Fault::not_found()) }
}

/// The certificate `id`, when the actor keeps the register there.
async fn kept(work: &mut Work<'_>, id: Id<CertificateId>) -> Result<Certificate, Fault> {
    let one = store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    demand(work.ctx, CERTIFICATES, KEEP, one.unit)?;
    Ok(one)
}

/// A certificate as it is typed.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Who holds it.
    pub unit: Option<Id<of::Unit>>,
    /// Who awarded it.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// The rule and its version.
    pub rule: String,
    /// What it covers.
    pub scope: String,
    /// The level, as it is written on it.
    pub level: String,
    /// Its first day.
    pub from: Option<Day>,
    /// Its last day.
    pub until: Option<Day>,
    /// More.
    pub note: Option<String>,
}

/// Enters a certificate with its scans; its yearly surveillances are planned.
///
/// # Errors
/// `invalid` with the fields; `not-found`; `forbidden`.
pub async fn enter(ctx: &Ctx, draft: &Draft, scans: Vec<Prepared>) -> Result<Id<CertificateId>, Fault> {
    let one = checked(ctx, draft)?;
    ctx.write((one, scans), |work, (one, scans)| Box::pin(async move { enter_within(work, one, scans).await })).await
}

/// The same for a history: it was entered at `at`. For the demonstration company and imports.
///
/// # Errors
/// As [`enter`].
pub async fn replay(ctx: &Ctx, draft: &Draft, at: Timestamp) -> Result<Id<CertificateId>, Fault> {
    let one = checked(ctx, draft)?;
    ctx.write((one, ctx.clone(), at), |work, (one, ctx, at)| {
        Box::pin(async move {
            let mut then = work.acting(ctx, *at);
            enter_within(&mut then, one, &[]).await
        })
    })
    .await
}

async fn enter_within(
    work: &mut Work<'_>,
    one: &Certificate,
    scans: &[Prepared],
) -> Result<Recorded<Id<CertificateId>>, Fault> {
    let one = Certificate { id: work.ctx.house.ids.next(), by: work.ctx.actor.user, at: work.now, ..one.clone() };
    if !store::insert(work.tx, &one).await? {
        return Err(Fault::field("certificate_number", "assessments-number-taken"));
    }
    for due_on in visits(one.from, one.until) {
        let visit = Visit { id: work.ctx.house.ids.next(), of: one.id, due_on, done_on: None, result: None };
        store::insert_visit(work.tx, &visit).await?;
    }
    let record = RecordRef::new(RECORD, one.id);
    let new = NewFile::of(record.clone(), Some(one.unit), work.ctx.actor.user, work.now);
    let mut named = Vec::new();
    for scan in scans {
        files::attach(work.tx, &work.ctx.house.ids, scan, &new).await?;
        named.push(scan.name().to_owned());
    }
    let event = Event::new(record, "certificate.entered", place(one.unit))
        .change("issuer", None, Some(one.issuer.clone()))
        .change("number", None, Some(one.number.clone()))
        .change("level", None, Some(one.level.clone()))
        .change("valid_until", None, Some(one.until.to_string()))
        .change("files", None, Some(named.join(", ")).filter(|names| !names.is_empty()));
    Ok(work.record(event).await?.with(one.id))
}

fn checked(ctx: &Ctx, draft: &Draft) -> Result<Certificate, Fault> {
    let mut errors = FieldErrors::default();
    let mut line = |field: &str, typed: &str| text::required_line(&mut errors, field, typed, LINE);
    let (issuer, number) = (line("issuer", &draft.issuer), line("certificate_number", &draft.number));
    let (rule, scope, level) = (line("rule", &draft.rule), line("scope", &draft.scope), line("award", &draft.level));
    let note = text::optional(&mut errors, "note", draft.note.as_deref(), TEXT);
    match draft.unit {
        Some(unit) => demand(ctx, CERTIFICATES, KEEP, unit)?,
        None => errors.add("unit", "choose"),
    }
    if draft.from.is_none() {
        errors.add("valid_from", "required");
    }
    match (draft.from, draft.until) {
        (_, None) => errors.add("valid_until", "required"),
        (Some(from), Some(until)) if until < from => errors.add("valid_until", "assessments-ends-before"),
        _ => {}
    }
    errors.check()?;
    let (Some(unit), Some(from), Some(until)) = (draft.unit, draft.from, draft.until) else {
        return Err(Fault::field("unit", "choose"));
    };
    Ok(Certificate {
        id: Id::new(0),
        unit,
        issuer,
        number,
        rule,
        scope,
        level,
        from,
        until,
        note,
        by: None,
        at: ctx.now(),
        withdrawn_at: None,
        withdrawn_why: None,
    })
}

/// A page of certificates.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its rows, the latest end first.
    pub rows: Vec<Certificate>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// The certificates that the actor sees; `ending`: those that are to be renewed or have ended.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, ending: bool, after: Option<&str>, limit: i64) -> Result<Listed, Fault> {
    let units = listed(ctx, CERTIFICATES);
    let ends_by = ending.then(|| ctx.now().day(&ctx.house.zone).plus_months(AHEAD));
    let after = after.and_then(store::read_cursor);
    ctx.read((units, ends_by, after, limit), |tx, (units, ends_by, after, limit)| {
        Box::pin(async move {
            let mut rows = store::list(tx, units.as_deref(), *ends_by, *after, *limit + 1).await?;
            let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > *limit;
            if more {
                rows.pop();
            }
            let next = rows.last().filter(|_| more).map(store::cursor_of);
            Ok(Listed { rows, next })
        })
    })
    .await
}

/// A certificate with what hangs on it.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The certificate.
    pub one: Certificate,
    /// Its surveillances, by day.
    pub visits: Vec<Visit>,
    /// Where its mark is used, the newest first.
    pub uses: Vec<Use>,
    /// Its scans.
    pub files: Vec<FileRow>,
}

/// The certificate `id`.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<CertificateId>) -> Result<Detail, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let one = seen(tx, ctx, *id).await?;
            Ok(Detail {
                visits: store::visits(tx, *id).await?,
                uses: store::uses(tx, *id).await?,
                files: files::of_record(tx, &RecordRef::new(RECORD, *id), false).await?,
                one,
            })
        })
    })
    .await
}

/// The actor may keep the register at `unit`.
pub fn may_keep(ctx: &Ctx, unit: Id<of::Unit>) -> bool {
    demand(ctx, CERTIFICATES, KEEP, unit).is_ok()
}

fn event(one: &Certificate, verb: &'static str) -> Event {
    Event::new(RecordRef::new(RECORD, one.id), verb, place(one.unit))
}

/// A surveillance was done on `day` and came to `result`.
///
/// # Errors
/// `invalid` with the fields; `not-found`; `forbidden`; `assessments-visit-done` when it was done already.
pub async fn visit(
    ctx: &Ctx,
    id: Id<CertificateId>,
    visit: Id<VisitId>,
    day: Option<Day>,
    result: &str,
) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let result = text::required(&mut errors, "outcome", result, TEXT);
    let day = past(ctx, &mut errors, "done_on", day);
    errors.check()?;
    ctx.write((id, visit, day, result), |work, (id, visit, day, result)| {
        Box::pin(async move {
            let one = kept(work, *id).await?;
            if !store::visit_done(work.tx, *id, *visit, *day, result, work.ctx.actor.user).await? {
                return Err(Fault::refused("assessments-visit-done"));
            }
            let event = event(&one, "certificate.visited").change("day", None, Some(day.to_string())).change(
                "result",
                None,
                Some(result.clone()),
            );
            work.record(event).await
        })
    })
    .await
}

/// A day that has come.
fn past(ctx: &Ctx, errors: &mut FieldErrors, field: &str, day: Option<Day>) -> Day {
    let today = ctx.now().day(&ctx.house.zone);
    match day {
        None => errors.add(field, "required"),
        Some(day) if day > today => errors.add(field, "assessments-not-yet"),
        Some(_) => {}
    }
    day.unwrap_or(today)
}

/// The mark is used at `place`, from a day to a day within the certificate's time.
///
/// # Errors
/// `invalid` with the fields; `not-found`; `forbidden`.
pub async fn add_use(
    ctx: &Ctx,
    id: Id<CertificateId>,
    place: &str,
    from: Option<Day>,
    until: Option<Day>,
) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let place = text::required_line(&mut errors, "place", place, LINE);
    if from.is_none() {
        errors.add("allowed_from", "required");
    }
    if until.is_none() {
        errors.add("allowed_until", "required");
    }
    errors.check()?;
    let (Some(from), Some(until)) = (from, until) else { return Err(Fault::field("allowed_from", "required")) };
    ctx.write((id, place, from, until), |work, (id, place, from, until)| {
        Box::pin(async move {
            let one = kept(work, *id).await?;
            if until < from {
                return Err(Fault::field("allowed_until", "assessments-ends-before"));
            }
            // Nobody shows a mark that is not, or no longer, theirs.
            if *from < one.from || *until > one.until {
                return Err(Fault::field("allowed_until", "assessments-beyond"));
            }
            let row = Use {
                id: work.ctx.house.ids.next(),
                of: *id,
                place: place.clone(),
                from: *from,
                until: *until,
                ended_on: None,
            };
            store::insert_use(work.tx, &row, work.ctx.actor.user, work.now).await?;
            let event = event(&one, "certificate.mark_used").change("place", None, Some(place.clone())).change(
                "valid_until",
                None,
                Some(until.to_string()),
            );
            work.record(event).await
        })
    })
    .await
}

/// The mark was taken down there, today.
///
/// # Errors
/// `not-found`; `forbidden`; `assessments-use-ended` when it had been already.
pub async fn end_use(ctx: &Ctx, id: Id<CertificateId>, used: Id<UseId>) -> Result<(), Fault> {
    let today = ctx.now().day(&ctx.house.zone);
    ctx.write((id, used, today), |work, (id, used, today)| {
        Box::pin(async move {
            let one = kept(work, *id).await?;
            if !store::end_use(work.tx, *id, *used, *today).await? {
                return Err(Fault::refused("assessments-use-ended"));
            }
            let event = event(&one, "certificate.mark_ended").change("day", None, Some(today.to_string()));
            work.record(event).await
        })
    })
    .await
}

/// Withdraws a certificate, with a reason; it stays and says so.
///
/// # Errors
/// `invalid` without a reason; `not-found`; `forbidden`; `assessments-withdrawn-already`.
pub async fn withdraw(ctx: &Ctx, id: Id<CertificateId>, why: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let why = text::required(&mut errors, "why", why, TEXT);
    errors.check()?;
    ctx.write((id, why), |work, (id, why)| {
        Box::pin(async move {
            let one = kept(work, *id).await?;
            if !store::withdraw(work.tx, *id, work.ctx.actor.user, work.now, why).await? {
                return Err(Fault::refused("assessments-withdrawn-already"));
            }
            let event = event(&one, "certificate.withdrawn").change("reason", None, Some(why.clone()));
            work.record(event).await
        })
    })
    .await
}

/// Tells whoever keeps the register of certificates that end within three months and of surveillances that are due within one; says of
/// how many.
///
/// # Errors
/// What the database says.
pub async fn remind(ctx: &Ctx) -> Result<usize, Fault> {
    let today = ctx.now().day(&ctx.house.zone);
    ctx.write(today, |work, today| {
        Box::pin(async move {
            let ending = store::ending(work.tx, today.plus_months(AHEAD), 200).await?;
            for one in &ending {
                store::told(work.tx, one.id).await?;
                let record = RecordRef::new(RECORD, one.id);
                tell(work, one, record, "assessments-notice-renew", one.until).await?;
            }
            let due = store::due(work.tx, today.plus(VISIT_AHEAD), 200).await?;
            for visit in &due {
                store::visit_told(work.tx, visit.id).await?;
                if let Some(one) = store::get(work.tx, visit.of).await? {
                    let record = RecordRef::new("certificate_visit", visit.id);
                    tell(work, &one, record, "assessments-notice-visit", visit.due_on).await?;
                }
            }
            Ok(work.unchanged(ending.len() + due.len()))
        })
    })
    .await
}

async fn tell(work: &mut Work<'_>, one: &Certificate, record: RecordRef, said: &str, day: Day) -> Result<(), Fault> {
    let to: Vec<Id<of::User>> = {
        let directory = work.ctx.house.identity.directories().now();
        directory.who_may(KEEP, &place(one.unit)).into_iter().map(|user| user.id).collect()
    };
    let notice = Notice::new("score.ending", record)
        .at(format!("/certificates/{}", one.id))
        .number(&day.to_string())
        .said(said)
        .subject(&format!("{} {}", one.level, one.number));
    notices::tell(work, &to, &notice).await
}
