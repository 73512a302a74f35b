use std::sync::Arc;

use capability::{Ctx, Event, Installation, Recorded, Work};
use identity::Secret;
use kernel::{Fault, FieldErrors, Id, of};
use parties::domain::text;
use serde::{Deserialize, Serialize};

use super::access::{VIEW, works};
use super::clocks::Clocks;
use super::events::zone_of;
use super::files::{NewFiles, attach_within};
use super::intake::BODY;
use super::reply::{self, Going};
use super::{act, desk, events, held};
use crate::domain::{Direction, Policy, Side, Visibility, Way, mentioned, spoken};
use crate::store::{self, Case, Message, MessageId};

/// A message that was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Its id.
    pub id: Id<MessageId>,
    /// The case's version afterwards; it grows only when the message changed the state.
    pub version: i64,
    /// It waits for a second yes: nobody outside sees it, and the id is the waiting reply's.
    #[serde(default)]
    pub held: bool,
}

/// A message with all that can be said about it.
#[derive(Debug, Clone)]
pub struct NewReply {
    /// Who may read it.
    pub visibility: Visibility,
    /// What is said.
    pub body: String,
    /// What goes with it.
    pub files: NewFiles,
    /// By which way it goes out; the customer's own when left out.
    pub way: Option<Way>,
}

pub(super) struct Input {
    pub(super) id: Id<of::Case>,
    pub(super) visibility: Visibility,
    pub(super) body: String,
    pub(super) files: NewFiles,
    pub(super) way: Option<Way>,
    pub(super) policy: Arc<Policy>,
    pub(super) token: Secret,
}

/// Writes to the customer, or among staff. A public message is an answer: it stops the first clock and begins the update promise
/// anew. It needs no version, because two people may write at once.
///
/// # Errors
/// `not-found` and `forbidden`; `invalid` when it is empty or too long.
pub async fn post_message(ctx: &Ctx, id: Id<of::Case>, visibility: Visibility, typed: String) -> Result<Posted, Fault> {
    post_with_files(ctx, id, visibility, typed, NewFiles::default()).await
}

/// As [`post_message`], with files that whoever reads the message sees.
///
/// # Errors
/// As [`post_message`]; as [`super::files::attach_within`].
pub async fn post_with_files(
    ctx: &Ctx,
    id: Id<of::Case>,
    visibility: Visibility,
    typed: String,
    files: NewFiles,
) -> Result<Posted, Fault> {
    post_reply(ctx, id, NewReply { visibility, body: typed, files, way: None }).await
}

/// As [`post_with_files`], by a way that somebody chose.
///
/// # Errors
/// As [`post_with_files`]; the field `way` when that way does not reach the customer.
pub async fn post_reply(ctx: &Ctx, id: Id<of::Case>, new: NewReply) -> Result<Posted, Fault> {
    let NewReply { visibility, body, files, way } = new;
    let body = checked(&body)?;
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    let input = Input { id, visibility, body, files, way, policy, token: Secret::link()? };
    ctx.write(input, |work, input| Box::pin(write(work, input))).await
}

pub(super) async fn write(work: &mut Work<'_>, input: &Input) -> Result<Recorded<Posted>, Fault> {
    let mut case = store::hold(work.tx, input.id).await?.ok_or_else(Fault::not_found)?;
    match () {
        () if works(&work.ctx.actor, &case) => {}
        () if work.ctx.actor.may(VIEW, &case) => return Err(Fault::forbidden()),
        () => return Err(Fault::not_found()),
    }
    let called = match input.visibility {
        Visibility::Internal => called(work.ctx, &case, &input.body)?,
        Visibility::Public => Vec::new(),
    };
    let side = Side::from(work.ctx.actor.kind);
    let going = match (input.visibility, side) {
        (Visibility::Public, side) if side != Side::Customer => {
            let known = reply::known(work.tx, &work.ctx.house, &case).await?;
            let way = reply::chosen(&known, &case, input.way)?;
            if let Some(held) = held::hold(work, &case, &input.body, way).await? {
                forget_draft(work, &case).await?;
                let posted = Posted { id: Id::new(held.get()), version: case.version, held: true };
                // Its pictures wait with it; until then they are seen inside only.
                let waits = attach_within(work, &case, &input.files, Visibility::Internal, Some(held.get())).await?;
                return Ok(waits.map(|_ids| posted));
            }
            Some((known, way))
        }
        _ => None,
    };
    let way = going.as_ref().map(|(_, way)| *way);
    let said = Said { visibility: input.visibility, side, body: &input.body, way, by: None };
    forget_draft(work, &case).await?;
    let mut recorded = post(work, &mut case, &said, &input.policy).await?;
    if !called.is_empty() {
        let posted = recorded.into_value();
        let event = events::told(events::event(&case, "case.mentioned", work.now), &called);
        let event = event.change("message", None, Some(posted.id.to_string()));
        recorded = work.record(event).await?.with(posted);
    }
    if let Some((known, way)) = &going {
        let posted = recorded.into_value();
        let (words, token) = (input.body.as_str(), &input.token);
        reply::send(work, known, &Going { case: &case, message: posted.id, way: *way, words, token }).await?;
        recorded = work.unchanged(posted);
    }
    if input.files.is_empty() {
        return Ok(recorded);
    }
    let posted = recorded.into_value();
    let added = attach_within(work, &case, &input.files, input.visibility, Some(posted.id.get())).await?;
    Ok(added.map(|_ids| posted))
}

/// What was being written is sent.
async fn forget_draft(work: &mut Work<'_>, case: &Case) -> Result<(), Fault> {
    if let Some(user) = work.ctx.actor.user {
        store::drop_reply_draft(work.tx, case.id, user).await?;
    }
    Ok(())
}

/// The people whom a note calls by name. A note leads to the case, so only people who may see it can be called.
fn called(ctx: &Ctx, case: &Case, body: &str) -> Result<Vec<(Id<of::User>, String)>, Fault> {
    if !body.contains(['@', '＠']) {
        return Ok(Vec::new());
    }
    let directory = ctx.house.identity.directories().now();
    let people: Vec<_> =
        directory.users().filter(|user| user.active).map(|user| (user.id, user.name.as_str())).collect();
    let found = mentioned(body, &people);
    let sees = |id| directory.actor(id).is_some_and(|actor| actor.may(VIEW, case));
    let mut errors = FieldErrors::default();
    for (_, name) in found.iter().filter(|(id, _)| !sees(*id)) {
        // Of several people with one name those who may see it are meant.
        if !found.iter().any(|(id, other)| other == name && sees(*id)) {
            errors.add_with("body", "cases-mention", vec![("name", (*name).to_owned())]);
        }
    }
    errors.check()?;
    Ok(found.into_iter().filter(|(id, _)| sees(*id)).map(|(id, name)| (id, name.to_owned())).collect())
}

pub(super) fn checked(typed: &str) -> Result<String, Fault> {
    let mut errors = FieldErrors::default();
    let body = text::required(&mut errors, "body", typed, BODY);
    errors.check()?;
    Ok(body)
}

/// Something said.
pub(super) struct Said<'a> {
    pub visibility: Visibility,
    pub side: Side,
    pub body: &'a str,
    /// By which way it goes out, when it does.
    pub way: Option<Way>,
    /// Who wrote it, where that is somebody else than who lets it leave.
    pub by: Option<Id<of::User>>,
}

/// Writes the message and what follows from it.
pub(super) async fn post(
    work: &mut Work<'_>,
    case: &mut Case,
    said: &Said<'_>,
    policy: &Policy,
) -> Result<Recorded<Posted>, Fault> {
    let mut clocks = Clocks::of(work, case).await?;
    let facts = act::facts(work.tx, case, &clocks, policy.limits(work.now)).await?;
    let follows = spoken(&facts, said.visibility, said.side);
    let before = case.clone();
    let now = work.now;
    case.state = follows.next;
    clocks.act(work, case, policy, &follows.clocks, now).await?;
    case.due = if case.state.is_over() { None } else { clocks.due() };
    let first = follows.answers && case.first_answered_at.is_none();
    if first {
        case.first_answered_at = Some(now);
    }
    if case.state == before.state {
        store::save_pace(work.tx, case).await?;
    } else if store::save(work.tx, case).await? {
        case.version = case.version.saturating_add(1);
    } else {
        return Err(Fault::stale(case.version.saturating_add(1)));
    }
    let actor = &work.ctx.actor;
    let directory = work.ctx.house.identity.directories().now();
    let writer = said.by.and_then(|by| directory.user_name(by)).map(str::to_owned);
    let message = Message {
        id: work.ctx.house.ids.next(),
        case: case.id,
        visibility: said.visibility,
        direction: if said.side == Side::Customer { Direction::In } else { Direction::Out },
        author_kind: actor.kind,
        author: said.by.or(actor.user),
        author_name: writer.clone().unwrap_or_else(|| actor.name.to_string()),
        body: said.body.to_owned(),
        created_at: now,
    };
    store::insert_message(work.tx, &message).await?;
    let event = posted(&work.ctx.house, &before, case, &message, first);
    let event = event.change("written_by", None, writer);
    let mut event = event.change("way", None, said.way.map(|way| way.to_string()));
    let day = now.day(&zone_of(&work.ctx.house, case.store));
    event = events::deadlines(event, case, day, &clocks.met, &clocks.missed);
    let recorded = work.record(event).await?;
    Ok(recorded.with(Posted { id: message.id, version: case.version, held: false }))
}

/// What is recorded of a message; `first` when it was the first answer.
pub(super) fn posted(house: &Installation, before: &Case, case: &Case, message: &Message, first: bool) -> Event {
    let now = message.created_at;
    let event = events::event(case, "case.message_posted", now)
        .change("visibility", None, Some(message.visibility.to_string()))
        .change("direction", None, Some(message.direction.to_string()))
        .change("message", None, Some(message.id.to_string()))
        .personal("text", None, Some(message.body.clone()))
        .index(events::message_piece(case, message));
    let event = events::changes(event, house, Some(before), case);
    if first { act::first_answer(event, case, now.day(&zone_of(house, case.store)), now) } else { event }
}
