//! Forms that are not sent yet, kept for the person who writes them. They are no records of the house: nobody else reads them,
//! they are neither journalled nor searched, and they go when they are sent or a month old.

use capability::Ctx;
use kernel::{Fault, FieldErrors, Id, Timestamp, of};
use parties::domain::text;

use super::access::TAKE_IN;
use crate::store::{self, Draft, DraftId};

/// How long a draft is kept after its last change: 30 days, in milliseconds.
const KEPT: i64 = 30 * 86_400_000;
/// The most that a draft holds, in bytes: the longest form in percent-encoding.
const LARGEST: usize = 400_000;
/// The most drafts of one person.
const MOST: i64 = 50;
/// Longest title, in characters.
const TITLE: usize = 80;

/// A draft to keep.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id, as the form names it.
    pub id: Id<DraftId>,
    /// What its list shows.
    pub title: String,
    /// The fields as a form sends them.
    pub fields: String,
}

fn writer(ctx: &Ctx) -> Result<Id<of::User>, Fault> {
    match ctx.actor.user {
        Some(user) if ctx.actor.holds(TAKE_IN) => Ok(user),
        Some(_) => Err(Fault::forbidden()),
        None => Err(Fault::unauthenticated()),
    }
}

/// Keeps a draft; gives when. One that was sent meanwhile stays sent: `None`.
///
/// # Errors
/// `cases-drafts-full`; `invalid` when it is too large.
pub async fn keep_draft(ctx: &Ctx, kept: Kept) -> Result<Option<Timestamp>, Fault> {
    let user = writer(ctx)?;
    if kept.fields.len() > LARGEST {
        return Err(Fault::field("body", "cases-draft-large"));
    }
    if kept.fields.contains('\0') || kept.fields.contains("%00") {
        return Err(Fault::field("body", "nul"));
    }
    let mut errors = FieldErrors::default();
    let title: String = kept.title.chars().take(TITLE).collect();
    let title = text::optional_line(&mut errors, "subject", Some(&title), TITLE).unwrap_or_default();
    errors.check()?;
    let now = ctx.now();
    let draft = Draft { id: kept.id, user, title, fields: kept.fields, sent: None, created_at: now, updated_at: now };
    // Not a record of the house, see above: nothing to journal.
    let stands = ctx
        .house
        .db
        .write(draft, |tx, draft| {
            Box::pin(async move {
                if store::draft(tx, draft.id, draft.user).await?.is_none() {
                    let others = store::drafts(tx, draft.user, MOST).await?;
                    if i64::try_from(others.len()).is_ok_and(|others| others >= MOST) {
                        return Err(Fault::refused("cases-drafts-full").with("max", MOST));
                    }
                }
                Ok(store::keep_draft(tx, draft).await?)
            })
        })
        .await?;
    Ok(stands.then_some(now))
}

/// The person's drafts, the last kept first.
///
/// # Errors
/// `busy` when the database is away.
pub async fn drafts(ctx: &Ctx) -> Result<Vec<Draft>, Fault> {
    let user = writer(ctx)?;
    ctx.read(user, |tx, user| Box::pin(async move { Ok(store::drafts(tx, *user, MOST).await?) })).await
}

/// The person's draft `id`, also when it was sent.
///
/// # Errors
/// `not-found`.
pub async fn draft(ctx: &Ctx, id: Id<DraftId>) -> Result<Draft, Fault> {
    let user = writer(ctx)?;
    let found = ctx.read((id, user), |tx, (id, user)| Box::pin(async move { Ok(store::draft(tx, *id, *user).await?) }));
    found.await?.ok_or_else(Fault::not_found)
}

/// Throws the person's draft `id` away.
///
/// # Errors
/// `not-found`.
pub async fn discard_draft(ctx: &Ctx, id: Id<DraftId>) -> Result<(), Fault> {
    let user = writer(ctx)?;
    let gone = ctx
        .house
        .db
        .write((id, user), |tx, (id, user)| {
            Box::pin(async move { store::discard_draft(tx, *id, *user).await.map_err(Fault::from) })
        })
        .await?;
    if gone { Ok(()) } else { Err(Fault::not_found()) }
}

/// Throws away what nobody has touched for a month; gives how many.
///
/// # Errors
/// `busy` when the database is away.
pub async fn forget_drafts(ctx: &Ctx) -> Result<u64, Fault> {
    let before = ctx.now().plus(-KEPT);
    ctx.house
        .db
        .write(before, |tx, before| {
            Box::pin(async move { store::forget_drafts(tx, *before).await.map_err(Fault::from) })
        })
        .await
}
