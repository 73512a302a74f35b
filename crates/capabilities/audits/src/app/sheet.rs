//! A drawn case as an assessor reads it: what happened, by whom and when; of the customer nothing in full.

use capability::Ctx;
use cases::store::Case;
use kernel::{Fault, Id, RecordRef, Timestamp, of};

use super::look;
use crate::domain::{masked_name, masked_text};
use crate::store::{self, Audit, AuditId, SampledCase};

/// Entries that are read.
const ENTRIES: i64 = 300;

/// One thing that happened to the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What: `case.accepted`.
    pub verb: String,
    /// Who, of our own; empty for customers and the program.
    pub who: String,
    /// A customer did it.
    pub customer: bool,
    /// When it happened.
    pub at: Timestamp,
    /// When it was typed in, if that was later.
    pub late: Option<Timestamp>,
}

/// A drawn case, masked.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Of which audit.
    pub audit: Audit,
    /// How it was drawn.
    pub sampled: SampledCase,
    /// The case, its texts masked and without the customer.
    pub case: Case,
    /// The customer's name, masked.
    pub customer: String,
    /// Newest first.
    pub lines: Vec<Told>,
    /// The actor may open the whole record.
    pub whole: bool,
    /// The actor writes findings.
    pub writes: bool,
}

/// The case `id` if a sample of the audit `audit` holds it.
///
/// # Errors
/// `not-found`, also for cases of other stores and those that were not drawn.
pub async fn sheet(ctx: &Ctx, audit: Id<AuditId>, id: Id<of::Case>) -> Result<Sheet, Fault> {
    ctx.read((audit, id, ctx.clone()), |tx, (audit, id, ctx)| {
        Box::pin(async move {
            let (audit, part) = look(tx, ctx, *audit).await?;
            let sampled = store::sampled(tx, audit.id, *id).await?.ok_or_else(Fault::not_found)?;
            let case = cases::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let entries = journal::of_record(tx, &RecordRef::new(cases::app::RECORD, *id), None, ENTRIES).await?;
            let mut lines: Vec<Told> = entries
                .into_iter()
                .map(|entry| Told {
                    customer: entry.actor_kind == "customer",
                    who: if entry.user.is_some() { entry.actor_name } else { String::new() },
                    verb: entry.verb,
                    at: entry.happened_at,
                    late: (entry.entered_at.since(entry.happened_at) > 60_000).then_some(entry.entered_at),
                })
                .collect();
            lines.sort_by_key(|line| std::cmp::Reverse(line.at));
            let whole = part.inside() && ctx.actor.may(cases::app::VIEW, &case);
            let customer = masked_name(&case.customer_name);
            let hidden = |text: &str| masked_text(text, &case.customer_name);
            let masked = Case {
                subject: hidden(&case.subject),
                body: hidden(&case.body),
                result_note: case.result_note.as_deref().map(hidden),
                serial: case.serial.as_deref().map(parties::domain::masked_code),
                customer: None,
                customer_name: String::new(),
                external_id: None,
                ..case.clone()
            };
            Ok(Sheet { writes: part.writes(&audit), audit, sampled, case: masked, customer, lines, whole })
        })
    })
    .await
}
