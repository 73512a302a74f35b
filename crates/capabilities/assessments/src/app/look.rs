//! Looking at self-assessments, and withdrawing one.

use capability::{Ctx, Event, Finder, FoundRecord};
use db::Tx;
use futures_util::future::BoxFuture;
use journal::Signature;
use kernel::{Fault, FieldErrors, Id, RecordRef};
use parties::domain::text;

use super::{RECORD, TEXT};
use crate::access::{MAKE, VIEW, demand, listed, place, reaches};
use crate::domain::Body;
use crate::store::{self, Assessment, AssessmentId};

/// Whoever sees a self-assessment finds it.
pub const FINDER: Finder = Finder { kind: RECORD, open };

fn open<'t>(tx: &'t mut Tx, ctx: &'t Ctx, ids: &'t [i64]) -> BoxFuture<'t, Result<Vec<FoundRecord>, Fault>> {
    Box::pin(async move {
        let mut found = Vec::new();
        for id in ids {
            let Some(one) = store::get(tx, Id::new(*id)).await? else { continue };
            if reaches(ctx, VIEW, one.unit) {
                let state = if one.withdrawn_at.is_some() { "withdrawn" } else { "valid" };
                found.push(FoundRecord {
                    id: *id,
                    number: one.day.to_string(),
                    title: one.title,
                    state: format!("assessments-state-{state}"),
                    store: one.unit,
                    at: one.at,
                });
            }
        }
        Ok(found)
    })
}

/// A page of self-assessments.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its rows, newest day first.
    pub rows: Vec<Assessment>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// The self-assessments that the actor sees.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, after: Option<&str>, limit: i64) -> Result<Listed, Fault> {
    let units = listed(ctx, VIEW);
    let after = after.and_then(store::read_cursor);
    ctx.read((units, after, limit), |tx, (units, after, limit)| {
        Box::pin(async move {
            let mut rows = store::list(tx, units.as_deref(), *after, *limit + 1).await?;
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

/// A self-assessment with everything that it says.
#[derive(Debug, Clone)]
pub struct Detail {
    /// Its row.
    pub one: Assessment,
    /// What was signed, byte by byte.
    pub text: String,
    /// The same, read.
    pub body: Body,
    /// Its proof.
    pub proof: Signature,
    /// The fingerprint of the key that signed it; `None` = it is not what was signed.
    pub key: Option<String>,
}

/// The self-assessment `id`.
///
/// # Errors
/// `not-found`; `assessments-unreadable` when what is stored is no self-assessment.
pub async fn detail(ctx: &Ctx, id: Id<AssessmentId>) -> Result<Detail, Fault> {
    let (one, (text, proof)) = ctx
        .read(id, |tx, id| {
            Box::pin(async move {
                let one = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                let signed = store::signed(tx, *id).await?.ok_or_else(Fault::not_found)?;
                Ok((one, signed))
            })
        })
        .await?;
    if !reaches(ctx, VIEW, one.unit) {
        return Err(Fault::not_found());
    }
    let body = serde_json::from_str(&text).map_err(|_other| Fault::refused("assessments-unreadable"))?;
    let proof: Signature = serde_json::from_str(&proof).map_err(|_other| Fault::refused("assessments-unreadable"))?;
    let key = journal::verify_statement(text.as_bytes(), &proof);
    Ok(Detail { one, text, body, proof, key })
}

/// Two self-assessments that are compared, the earlier one first.
///
/// # Errors
/// `not-found`; `invalid` when it is twice the same.
pub async fn compare(ctx: &Ctx, a: Id<AssessmentId>, b: Id<AssessmentId>) -> Result<(Detail, Detail), Fault> {
    if a == b {
        return Err(Fault::field("after", "assessments-same"));
    }
    let (a, b) = (detail(ctx, a).await?, detail(ctx, b).await?);
    let when = |one: &Detail| (one.one.day, one.one.at, one.one.id);
    Ok(if when(&a) <= when(&b) { (a, b) } else { (b, a) })
}

/// Withdraws a self-assessment, with a reason; it stays and says so.
///
/// # Errors
/// `invalid` without a reason; `not-found`; `forbidden`; `assessments-withdrawn` when it was already.
pub async fn withdraw(ctx: &Ctx, id: Id<AssessmentId>, why: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let why = text::required(&mut errors, "why", why, TEXT);
    errors.check()?;
    ctx.write((id, why), |work, (id, why)| {
        Box::pin(async move {
            let one = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            demand(work.ctx, VIEW, MAKE, one.unit)?;
            if !store::withdraw(work.tx, *id, work.ctx.actor.user, work.now, why).await? {
                return Err(Fault::refused("assessments-withdrawn"));
            }
            let event = Event::new(RecordRef::new(RECORD, *id), "assessment.withdrawn", place(one.unit)).change(
                "reason",
                None,
                Some(why.clone()),
            );
            work.record(event).await
        })
    })
    .await
}
