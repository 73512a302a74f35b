//! What customers write by mail: a letter becomes a case, an answer becomes a customer's message on its case.
//!
//! Who fetched and read the letter decides in its own write what it is; here is what a case has to do with it.

use std::sync::Arc;

use capability::{Ctx, Recorded, Work};
use kernel::{Fault, Id, Timestamp, of};
use parties::app::CustomerInput;
use serde::{Deserialize, Serialize};

use super::desk;
use super::files::{NewFiles, attach_within};
use super::intake::{self, Checked, Intake, TakenIn, Whose};
use super::message::{self, Posted, Said};
use crate::domain::{Channel, Kind, Policy, Side, Visibility};
use crate::store::{self, Case};

/// A letter that becomes a case.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// The store whose mailbox it came to.
    pub store: Id<of::Unit>,
    /// The customer, when the sender's address is known to be theirs.
    pub customer: Option<Id<of::Customer>>,
    /// How the sender is called.
    pub name: String,
    /// The sender's address.
    pub address: String,
    /// The address that the letter was written to, by which its registered channel is known.
    pub written_to: String,
    /// In a few words.
    pub subject: String,
    /// What was written.
    pub body: String,
    /// When the letter came.
    pub happened_at: Timestamp,
    /// What came with it.
    pub files: NewFiles,
}

/// A letter that is ready to be taken in; its case has an id and a number.
pub struct ReadyLetter(Checked);

impl ReadyLetter {
    /// The id that the case will have.
    pub fn id(&self) -> Id<of::Case> {
        self.0.case.id
    }
    /// The number that the case will have.
    pub fn number(&self) -> &str {
        &self.0.case.number
    }
}

/// Checks a letter that is to become a case of feedback; `ctx` acts as its sender.
///
/// # Errors
/// `invalid` with the fields; `not-found` when there is no such store.
pub async fn ready_letter(ctx: &Ctx, letter: NewLetter) -> Result<ReadyLetter, Fault> {
    let input = CustomerInput {
        name: letter.name.clone(),
        email: Some(letter.address.clone()).filter(|address| !address.is_empty()),
        ..CustomerInput::default()
    };
    let intake = Intake {
        store: letter.store,
        kind: Kind::Feedback,
        channel: Channel::Mail,
        subject: letter.subject,
        body: letter.body,
        files: letter.files,
        happened_at: Some(letter.happened_at),
        ..Intake::default()
    };
    let mut checked = intake::checked(ctx, intake, None, ctx.now()).await?;
    checked.told.written_to = Some(letter.written_to);
    checked.customer = match letter.customer {
        Some(customer) => Whose::Known(customer),
        None if letter.address.is_empty() => Whose::Anonymous,
        None => {
            let mut errors = kernel::FieldErrors::default();
            let draft = parties::domain::draft(&mut errors, "customer.", &input, false);
            errors.check()?;
            Whose::New(Box::new(draft))
        }
    };
    Ok(ReadyLetter(checked))
}

/// Takes a letter in as a case.
///
/// # Errors
/// What the database says.
pub async fn take_in_letter(work: &mut Work<'_>, letter: &ReadyLetter) -> Result<Recorded<TakenIn>, Fault> {
    intake::body(work, &letter.0).await
}

/// An answer that was written into a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answered {
    /// The case: that of the thread, or the one that it was merged into.
    pub case: Id<of::Case>,
    /// The message.
    pub message: Posted,
}

/// What an answer needs beside the letter, read before the write.
#[derive(Clone)]
pub struct AnswerRules(Arc<Policy>);

/// The rules of today.
///
/// # Errors
/// `busy` when the database is away.
pub async fn answer_rules(ctx: &Ctx) -> Result<AnswerRules, Fault> {
    Ok(AnswerRules(desk::of(&ctx.house).policy(&ctx.house).await?))
}

/// Writes a customer's answer by mail into its case, as if it had been written on the tracking page.
///
/// # Errors
/// `not-found` when there is no such case; as [`attach_within`].
pub async fn answer_by_letter(
    work: &mut Work<'_>,
    case: Id<of::Case>,
    body: &str,
    files: &NewFiles,
    rules: &AnswerRules,
) -> Result<Recorded<Answered>, Fault> {
    let mut case = followed(work, case).await?;
    let said = Said { visibility: Visibility::Public, side: Side::Customer, body, way: None, by: None };
    let posted = message::post(work, &mut case, &said, &rules.0).await?.into_value();
    let added = attach_within(work, &case, files, Visibility::Public, Some(posted.id.get())).await?;
    Ok(added.map(|_ids| Answered { case: case.id, message: posted }))
}

/// The case itself, or the one that it was merged into, held for this transaction.
async fn followed(work: &mut Work<'_>, id: Id<of::Case>) -> Result<Case, Fault> {
    let mut case = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    // Merged cases are merged again at most a few times.
    for _ in 0..5 {
        let Some(into) = case.merged_into else { break };
        case = store::hold(work.tx, into).await?.ok_or_else(Fault::not_found)?;
    }
    Ok(case)
}
