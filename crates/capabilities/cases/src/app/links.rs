//! Links for customers: a random token instead of a password, kept only as its hash.

use capability::{Ctx, Work};
use db::Tx;
use identity::Secret;
use kernel::{Fault, Id, RecordRef, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::access::{VIEW, works};
use super::events;
use crate::domain::Purpose;
use crate::store::{self, Case, Link, NewLink};

/// A day of 24 hours, in milliseconds.
const DAY: i64 = 86_400_000;

/// A link that was just made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Issued {
    /// What the address holds; shown once. Not kept for a repeat of the request, which then answers with an empty one.
    #[serde(skip)]
    pub token: String,
    /// Not good from then on.
    pub expires_at: Option<Timestamp>,
}

/// How long a link of this purpose is good, in milliseconds: a decision a month, the rest half a year.
const fn lifetime(purpose: Purpose) -> i64 {
    match purpose {
        Purpose::Decide => 30 * DAY,
        Purpose::Track | Purpose::Rate => 180 * DAY,
    }
}

/// The path of the customer's page behind the installation's public address.
pub fn link_path(purpose: Purpose, token: &str) -> String {
    match purpose {
        Purpose::Track | Purpose::Decide => format!("/c/{token}"),
        Purpose::Rate => format!("/rate/{token}"),
    }
}

/// Makes a link within a write that is under way, for a token that was made before it.
pub(super) async fn make(work: &mut Work<'_>, case: &Case, purpose: Purpose, token: &Secret) -> Result<Issued, Fault> {
    let expires_at = work.now.plus(lifetime(purpose));
    let link = NewLink {
        id: work.ctx.house.ids.next(),
        token_hash: token.digest(),
        case: case.id,
        purpose,
        created_at: work.now,
        created_by: work.ctx.actor.user,
        expires_at,
    };
    store::insert_link(work.tx, &link).await?;
    Ok(Issued { token: token.reveal().to_owned(), expires_at: Some(expires_at) })
}

/// Makes a link for rating `case`, within a write that is under way: for the capability that asks customers to rate.
///
/// # Errors
/// `not-found`, or what the database says.
pub async fn rate_link(work: &mut Work<'_>, case: Id<of::Case>) -> Result<Issued, Fault> {
    let case = store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
    let token = Secret::link()?;
    make(work, &case, Purpose::Rate, &token).await
}

/// Makes a link for the customer of `id`, to be handed over by whoever asked.
///
/// # Errors
/// `not-found`; `cases-no-plan` when there is nothing to decide.
pub async fn issue_link(ctx: &Ctx, id: Id<of::Case>, purpose: Purpose) -> Result<Issued, Fault> {
    let token = Secret::link()?;
    ctx.write((id, purpose, token), |work, (id, purpose, token)| {
        Box::pin(async move {
            let case = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            require_work(work, &case)?;
            if *purpose == Purpose::Decide && store::options_open(work.tx, case.id).await? == 0 {
                return Err(Fault::refused("cases-no-plan"));
            }
            // Nobody is asked what may not be promised yet.
            if *purpose == Purpose::Decide && !store::has_free_option(work.tx, case.id).await? {
                return Err(Fault::refused("cases-approval-pending"));
            }
            if *purpose == Purpose::Decide {
                store::revoke(work.tx, case.id, Some(Purpose::Decide), work.now).await?;
            }
            let issued = make(work, &case, *purpose, token).await?;
            let event =
                events::event(&case, "case.link_issued", work.now).change("purpose", None, Some(purpose.to_string()));
            Ok(work.record(event).await?.with(issued))
        })
    })
    .await
}

/// Whether the customer of a closed case is asked to rate it. The rule decides that when the case is closed, and writes it into the
/// case's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rating {
    /// They are: a link for rating may be handed over.
    Asked,
    /// They are not, for this reason: the rule's own word.
    NotAsked(String),
    /// Nothing was decided.
    Undecided,
}

/// The acts of the rule on a case.
const DECIDED: (&str, &str) = ("survey.invited", "survey.skipped");
/// Most entries of one case that are looked through.
const ENTRIES: i64 = 2_000;

/// Whether the customer of `id` is asked to rate it.
///
/// # Errors
/// `not-found`.
pub async fn asked_to_rate(ctx: &Ctx, id: Id<of::Case>) -> Result<Rating, Fault> {
    ctx.read((ctx.clone(), id), |tx, (ctx, id)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let entries = journal::of_record(tx, &RecordRef::new(events::RECORD, *id), None, ENTRIES).await?;
            let decided = entries.iter().rev().find(|entry| entry.verb == DECIDED.0 || entry.verb == DECIDED.1);
            Ok(match decided {
                None => Rating::Undecided,
                Some(entry) if entry.verb == DECIDED.0 => Rating::Asked,
                Some(entry) => {
                    let word = entry.changes.iter().find_map(|change| change.after.clone());
                    Rating::NotAsked(word.unwrap_or_default())
                }
            })
        })
    })
    .await
}

/// Takes back all links of `id` that are not used up.
///
/// # Errors
/// `not-found`.
pub async fn revoke_links(ctx: &Ctx, id: Id<of::Case>) -> Result<(), Fault> {
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let case = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            require_work(work, &case)?;
            let revoked = store::revoke(work.tx, case.id, None, work.now).await?;
            if revoked == 0 {
                return Ok(work.unchanged(()));
            }
            let event =
                events::event(&case, "case.links_revoked", work.now).change("links", None, Some(revoked.to_string()));
            work.record(event).await
        })
    })
    .await
}

fn require_work(work: &Work<'_>, case: &Case) -> Result<(), Fault> {
    match () {
        () if works(&work.ctx.actor, case) => Ok(()),
        () if work.ctx.actor.may(VIEW, case) => Err(Fault::forbidden()),
        () => Err(Fault::not_found()),
    }
}

/// The link and the case behind `token`, if the link may be looked through now. A used decision still shows its case.
///
/// # Errors
/// `not-found` for what was never a token; `cases-link-expired`; `cases-link-revoked`.
pub async fn valid_link(tx: &mut Tx, token: &str, now: Timestamp) -> Result<(Link, Case), Fault> {
    if !identity::is_link_token(token) {
        return Err(Fault::not_found());
    }
    let link = store::link_by_hash(tx, &identity::digest(token)).await?.ok_or_else(Fault::not_found)?;
    if link.revoked_at.is_some() {
        return Err(Fault::refused("cases-link-revoked"));
    }
    if link.expires_at <= now {
        return Err(Fault::refused("cases-link-expired"));
    }
    let case = store::get(tx, link.case).await?.ok_or_else(Fault::not_found)?;
    Ok((link, case))
}
