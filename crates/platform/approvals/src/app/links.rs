//! Deciding from a phone: a random token instead of signing in, good for one decision of one person.

use capability::{Ctx, Work};
use db::Tx;
use identity::Secret;
use kernel::{Fault, Id, RecordRef, Timestamp, of};
use messaging::{Channel, NewMessage, QuietHours};

use super::people::Offices;
use super::verdict::{self, Answered, checked};
use super::{RECORD, turn};
use crate::domain::{Seat, State, Verdict};
use crate::store::{self, Approval, ApprovalId, Link};

/// How long a link is good at most: a day, in milliseconds. It is taken back as soon as it is somebody else's turn.
const LIFETIME: i64 = 86_400_000;

/// The path of the page behind a link.
pub fn link_path(token: &str) -> String {
    format!("/a/{token}")
}

/// What a link shows: no more than what is needed to decide.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The question.
    pub approval: Approval,
    /// Who decides with the link, and in whose name.
    pub seat: Option<Seat>,
    /// Who was sent the link.
    pub user: Id<of::User>,
}

/// Sends `seat` a link to decide `approval` with, by text message where there is a number, else by mail. Whoever can be reached by
/// neither finds the question in the inbox. Says how it went out.
pub(super) async fn send(work: &mut Work<'_>, approval: &Approval, seat: Seat) -> Result<Option<Channel>, Fault> {
    let house = &work.ctx.house;
    let directory = house.identity.directories().now();
    let Some(url) = house.customer_url() else { return Ok(None) };
    let Some(user) = directory.user(seat.user) else { return Ok(None) };
    let (channel, to) = match (&user.phone, &user.email) {
        (Some(phone), _) => (Channel::Sms, phone.clone()),
        (None, Some(mail)) => (Channel::Mail, mail.clone()),
        (None, None) => return Ok(None),
    };
    let token = make(work, approval.id, seat.user).await?;
    let zone = turn::zone(work.ctx, approval.store);
    let due = approval.due_at.civil(&zone).strftime("%H:%M").to_string();
    let message = NewMessage {
        channel,
        to,
        template: "approval",
        locale: user.locale.clone(),
        args: vec![
            ("number", approval.number.clone()),
            ("store", turn::unit_name(&directory, approval.store)),
            ("link", format!("{url}{}", link_path(token.reveal()))),
            ("name", turn::name(&directory, approval.asked_by)),
            ("subject", approval.split.extra.to_string()),
            ("text", due),
        ],
        record: RecordRef::new(RECORD, approval.id),
        store: Some(approval.store),
        zone,
        quiet: QuietHours::default(),
        dedup: None,
        now: work.now,
    };
    messaging::queue(work.tx, &house.ids, &message).await?;
    work.wake();
    Ok(Some(channel))
}

/// Makes a link of `user`; earlier ones of the same person are no longer good.
async fn make(work: &mut Work<'_>, approval: Id<ApprovalId>, user: Id<of::User>) -> Result<Secret, Fault> {
    store::revoke(work.tx, approval, Some(user), work.now).await?;
    let token = Secret::link()?;
    let link = Link {
        id: work.ctx.house.ids.next(),
        approval,
        user,
        expires_at: work.now.plus(LIFETIME),
        used_at: None,
        revoked_at: None,
    };
    store::insert_link(work.tx, &link, &token.digest(), work.now).await?;
    Ok(token)
}

/// The link behind `token`, if it can be used at `now`.
///
/// # Errors
/// `not-found` for what was never a token; `approvals-link-used`; `approvals-link-revoked`; `approvals-link-expired`.
async fn valid(tx: &mut Tx, token: &str, now: Timestamp) -> Result<Link, Fault> {
    if !identity::is_link_token(token) {
        return Err(Fault::not_found());
    }
    let link = store::link_by_hash(tx, &identity::digest(token)).await?.ok_or_else(Fault::not_found)?;
    match () {
        () if link.used_at.is_some() => Err(Fault::refused("approvals-link-used")),
        () if link.revoked_at.is_some() => Err(Fault::refused("approvals-link-revoked")),
        () if link.expires_at <= now => Err(Fault::refused("approvals-link-expired")),
        () => Ok(link),
    }
}

/// What the link `token` shows.
///
/// # Errors
/// As the link is no good: `not-found`, `approvals-link-used`, `approvals-link-revoked`, `approvals-link-expired`.
pub async fn opened(ctx: &Ctx, token: &str) -> Result<Opened, Fault> {
    let (link, opened) = ctx
        .read((token.to_owned(), ctx.clone()), |tx, (token, ctx)| {
            Box::pin(async move {
                let link = valid(tx, token, ctx.now()).await?;
                let approval = store::get(tx, link.approval).await?.ok_or_else(Fault::not_found)?;
                let steps = store::steps(tx, approval.id).await?;
                let directory = ctx.house.identity.directories().now();
                let seats = Offices::at(tx, &directory, ctx.now()).await?.seats(&directory, &approval, &steps);
                let seat = seats.into_iter().find(|seat| seat.user == link.user);
                Ok((link.id, Opened { approval, seat, user: link.user }))
            })
        })
        .await?;
    // Whoever looks at the links later sees that it was opened; nothing else hangs on it.
    let now = ctx.now();
    ctx.house
        .db
        .write((link, now), |tx, (link, now)| {
            Box::pin(async move { store::mark_opened(tx, *link, *now).await.map_err(Fault::from) })
        })
        .await?;
    Ok(opened)
}

struct Input {
    token: String,
    verdict: Verdict,
    reason: Option<String>,
}

/// The decision of the person to whom the link `token` was sent. The link is used up by it.
///
/// # Errors
/// Those of [`opened`] and of [`super::decide`].
pub async fn decide_by_link(
    ctx: &Ctx,
    token: &str,
    verdict: Verdict,
    reason: Option<String>,
) -> Result<Answered, Fault> {
    let reason = checked(verdict, reason)?;
    let user = opened(ctx, token).await?.user;
    // The request with the decider as its actor, so that the journal names who decided.
    let directory = ctx.house.identity.directories().refresh().await?;
    let mut own = ctx.clone();
    own.actor = directory.actor(user).ok_or_else(|| Fault::refused("approvals-link-revoked"))?;
    own.session = None;
    own.write(Input { token: token.to_owned(), verdict, reason }, |work, input| {
        Box::pin(async move {
            let link = valid(work.tx, &input.token, work.now).await?;
            let approval = store::hold(work.tx, link.approval).await?.ok_or_else(Fault::not_found)?;
            // What happened while the row was waited for may have taken the link back; a decision says more than that.
            if approval.state == State::Asked && !store::mark_used(work.tx, link.id, work.now).await? {
                return Err(Fault::refused("approvals-link-used"));
            }
            verdict::decide_within(work, approval.id, None, input.verdict, input.reason.as_deref(), true).await
        })
    })
    .await
}
