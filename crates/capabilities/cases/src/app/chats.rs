//! What customers write in a chat tool or shop: a message becomes a case, the next one in the same conversation goes on with it.
//!
//! Who proved where the message comes from is `channels`; here is what a case has to do with it.

use std::sync::Arc;

use capability::{Ctx, Recorded, Work};
use kernel::{Fault, FieldErrors, Id, of};
use parties::app::CustomerInput;
use serde::{Deserialize, Serialize};

use super::desk;
use super::files::{NewFiles, attach_within};
use super::intake::{self, Checked, Intake, Whose};
use super::message::{self, Said};
use super::request::first_words;
use crate::domain::{Channel, Kind, Policy, Side, Visibility};
use crate::store::{self, Case, Chat};

/// A message as it came.
#[derive(Debug, Clone)]
pub struct NewChat {
    /// The store whose channel it came by.
    pub store: Id<of::Unit>,
    /// In which conversation.
    pub chat: Chat,
    /// What it is, when it begins a case.
    pub kind: Kind,
    /// How the writer is called.
    pub name: String,
    /// The writer's telephone, when the other side knows it.
    pub phone: String,
    /// In a few words; the first words when empty.
    pub subject: String,
    /// What was written.
    pub body: String,
    /// What came with it.
    pub files: NewFiles,
}

/// A message that is ready to become a case; it has an id and a number.
pub struct ReadyChat(Checked);

/// Checks a message that is to become a case; `ctx` acts as its writer.
///
/// # Errors
/// `invalid` with the fields; `not-found` when there is no such store.
pub async fn ready_chat(ctx: &Ctx, new: &NewChat) -> Result<ReadyChat, Fault> {
    let intake = Intake {
        store: new.store,
        kind: new.kind,
        channel: Channel::Api,
        via: Some(new.chat.channel),
        subject: if new.subject.trim().is_empty() { first_words(&new.body) } else { new.subject.clone() },
        body: new.body.clone(),
        files: new.files.clone(),
        ..Intake::default()
    };
    let mut checked = intake::checked(ctx, intake, None, ctx.now()).await?;
    if new.phone.is_empty() {
        // A nickname is no reason for a file.
        checked.case.customer_name.clone_from(&new.name);
    } else {
        let input = CustomerInput { name: new.name.clone(), phone: new.phone.clone(), ..CustomerInput::default() };
        let mut errors = FieldErrors::default();
        let draft = parties::domain::draft(&mut errors, "from.", &input, true);
        errors.check()?;
        checked.customer = Whose::Told(Box::new(draft));
    }
    Ok(ReadyChat(checked))
}

/// The rules of today, read before the write.
#[derive(Clone)]
pub struct ChatRules(Arc<Policy>);

/// The rules of today.
///
/// # Errors
/// `busy` when the database is away.
pub async fn chat_rules(ctx: &Ctx) -> Result<ChatRules, Fault> {
    Ok(ChatRules(desk::of(&ctx.house).policy(&ctx.house).await?))
}

/// Whether a conversation goes on with a case that is not over.
///
/// # Errors
/// `busy` when the database is away.
pub async fn goes_on(ctx: &Ctx, chat: &Chat) -> Result<bool, Fault> {
    ctx.read(chat.clone(), |tx, chat| {
        Box::pin(async move {
            let Some(case) = store::thread_case(tx, chat).await? else { return Ok(false) };
            let case = store::get(tx, case).await?;
            Ok(case.is_some_and(|case| case.merged_into.is_some() || !case.state.is_over()))
        })
    })
    .await
}

/// Where a message went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatTaken {
    /// The case.
    pub case: Id<of::Case>,
    /// What people call it.
    pub number: String,
    /// It went on with a case that was there.
    pub continued: bool,
}

/// Takes a message in: into the case that its conversation goes on with, else as a new one. `None` when it needs a new one and `ready`
/// is none.
///
/// # Errors
/// What the database says; as [`attach_within`].
pub async fn take_chat(
    work: &mut Work<'_>,
    new: &NewChat,
    ready: Option<&ReadyChat>,
    rules: &ChatRules,
) -> Result<Option<Recorded<ChatTaken>>, Fault> {
    let current = store::hold_thread(work.tx, &new.chat, work.now).await?;
    let current = match current {
        Some(case) => held(work, case).await?.filter(|case| !case.state.is_over()),
        None => None,
    };
    if let Some(mut case) = current {
        let said = Said { visibility: Visibility::Public, side: Side::Customer, body: &new.body, way: None, by: None };
        let posted = message::post(work, &mut case, &said, &rules.0).await?.into_value();
        let taken = ChatTaken { case: case.id, number: case.number.clone(), continued: true };
        let added = attach_within(work, &case, &new.files, Visibility::Public, Some(posted.id.get())).await?;
        return Ok(Some(added.map(|_ids| taken)));
    }
    let Some(ReadyChat(checked)) = ready else { return Ok(None) };
    let recorded = intake::body(work, checked).await?;
    store::keep_chat(work.tx, checked.case.id, &new.chat, work.now).await?;
    Ok(Some(recorded.map(|taken| ChatTaken { case: taken.id, number: taken.number, continued: false })))
}

/// The case itself, or the one that it was merged into, held for this transaction.
async fn held(work: &mut Work<'_>, id: Id<of::Case>) -> Result<Option<Case>, Fault> {
    let mut case = store::hold(work.tx, id).await?;
    // Merged cases are merged again at most a few times.
    for _ in 0..5 {
        let Some(into) = case.as_ref().and_then(|case| case.merged_into) else { break };
        case = store::hold(work.tx, into).await?;
    }
    Ok(case)
}
