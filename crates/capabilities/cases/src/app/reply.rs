//! Replies: by which way one goes out, and what became of it.

use std::collections::BTreeMap;

use capability::{Ctx, Installation, Work};
use db::Tx;
use kernel::{Fault, Id, Timestamp, of};
use messaging::{Channel as Carrier, MessageRow, MessageState};
use parties::file::Contact;

use super::access::{TASK_WORK, VIEW, works};
use super::tasks::{self, NewTask, TaskDue, TaskTo};
use super::{events, tell};
use crate::domain::{self, Notice, Way};
use crate::store::{self, Case, Chat, Message, MessageId, Reply, TaskId};

/// Within so many milliseconds of now somebody calls: two hours.
const CALL_WITHIN: i64 = 7_200_000;
/// Longest text that a task takes along, in characters.
const SAID: usize = 2_000;

/// How a customer can be reached.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// What is possible.
    pub reach: domain::Reach,
    contact: Option<Contact>,
    chat: Option<Chat>,
}

impl Known {
    /// Where a reply by `way` goes to.
    fn address(&self, way: Way) -> Option<String> {
        let contact = self.contact.as_ref();
        match way {
            Way::Sms | Way::Call => Some(contact?.phone.as_ref()?.digits().to_owned()),
            Way::Mail => contact?.email.clone(),
            Way::Chat => self.chat.as_ref().map(|chat| messaging::conversation(chat.channel, &chat.conversation)),
            Way::Letter | Way::Page => None,
        }
    }

    fn masked(&self, way: Way) -> String {
        let carrier = match way {
            Way::Sms | Way::Call => Carrier::Sms,
            Way::Mail => Carrier::Mail,
            Way::Chat => Carrier::Webhook,
            Way::Letter | Way::Page => return String::new(),
        };
        self.address(way).map(|address| messaging::mask(carrier, &address)).unwrap_or_default()
    }
}

/// What is known of how the customer of `case` can be reached now.
pub(super) async fn known(tx: &mut Tx, house: &Installation, case: &Case) -> Result<Known, Fault> {
    let contact = match case.customer {
        Some(customer) => parties::file::contact(tx, customer).await?,
        None => None,
    };
    let chat = store::chat_of(tx, case.id).await?;
    let answered = match &chat {
        Some(chat) => store::calls_back(tx, chat.channel).await?,
        None => false,
    };
    let via = match store::via(tx, case.id).await? {
        Some(via) => store::registered(tx, &[via]).await?.pop(),
        None => None,
    };
    // A text message means nothing without its link.
    let links = house.customer_url().is_some();
    let phone = contact.as_ref().and_then(|contact| contact.phone.as_ref());
    let reach = domain::Reach {
        chat: answered,
        mobile: links && phone.is_some_and(|phone| phone.is_mobile()),
        // A letter is answered by one.
        mail: (links || case.channel == domain::Channel::Mail)
            && contact.as_ref().is_some_and(|contact| contact.email.is_some()),
        phone: phone.is_some(),
        paper: via.is_some_and(|door| door.kind == "suggestion_box"),
    };
    Ok(Known { reach, contact, chat })
}

/// The ways by which a reply can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// The customer's own, or the next best; `None` when nothing that is known reaches the customer.
    pub usual: Option<Way>,
    /// All that are possible, with the address as people see it.
    pub open: Vec<(Way, String)>,
}

/// By which ways a reply in the case `id` can go.
///
/// # Errors
/// `not-found`.
pub async fn reply_ways(ctx: &Ctx, id: Id<of::Case>) -> Result<Ways, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let known = known(tx, &ctx.house, &case).await?;
            let open = Way::ALL.iter().copied().filter(|way| known.reach.has(*way));
            let open = open.map(|way| (way, known.masked(way))).collect();
            Ok(Ways { usual: known.reach.usual(case.channel), open })
        })
    })
    .await
}

/// The way that `asked` means for `case`.
///
/// # Errors
/// The field `way` when it does not reach the customer.
pub(super) fn chosen(known: &Known, case: &Case, asked: Option<Way>) -> Result<Way, Fault> {
    match asked {
        Some(way) if known.reach.has(way) => Ok(way),
        Some(_) => Err(Fault::field("way", "cases-reply-way")),
        // Whoever holds a link sees it; nothing is lost.
        None => Ok(known.reach.usual(case.channel).unwrap_or(Way::Page)),
    }
}

/// What goes out.
pub(super) struct Going<'a> {
    pub case: &'a Case,
    pub message: Id<MessageId>,
    pub way: Way,
    pub words: &'a str,
    pub token: &'a identity::Secret,
}

/// Sends a reply on its way and notes which it was.
pub(super) async fn send(work: &mut Work<'_>, known: &Known, going: &Going<'_>) -> Result<(), Fault> {
    // What is replayed happened long ago: nobody is written to about it.
    if work.replayed {
        return Ok(());
    }
    let Going { case, message, way, words, token } = *going;
    let mut reply = Reply { message, case: case.id, way, sent: None, task: None, printed_at: None };
    match (way, known.address(way)) {
        (Way::Sms, Some(to)) => {
            let out = tell::Out { carrier: Carrier::Sms, to, name: known.name() };
            reply.sent = tell::queue(work, case, Notice::Message, words, token, out).await?;
        }
        (Way::Mail, Some(to)) => {
            let out = tell::Out { carrier: Carrier::Mail, to, name: known.name() };
            reply.sent = tell::queue(work, case, Notice::Message, words, token, out).await?;
        }
        (Way::Chat, Some(to)) => {
            let out = tell::Out { carrier: Carrier::Webhook, to, name: known.name() };
            reply.sent = Some(tell::say(work, case, words, out).await?);
        }
        (Way::Call, _) => reply.task = Some(call(work, case, words).await?),
        (Way::Letter | Way::Page | Way::Sms | Way::Mail | Way::Chat, _) => {}
    }
    store::insert_reply(work.tx, &reply).await?;
    Ok(())
}

impl Known {
    fn name(&self) -> String {
        self.contact.as_ref().map(|contact| contact.name.clone()).unwrap_or_default()
    }
}

/// A task to call the customer and say it, for whoever has the case.
async fn call(work: &mut Work<'_>, case: &Case, words: &str) -> Result<Id<TaskId>, Fault> {
    let directory = work.ctx.house.identity.directories().now();
    let able = |person: &Id<of::User>| directory.actor(*person).is_some_and(|actor| actor.holds(TASK_WORK));
    let asked = match case.owner.or(work.ctx.actor.user).filter(able) {
        Some(person) => TaskTo::Person(person),
        None => TaskTo::Unit(case.store),
    };
    let title = web::text(web::Locale::ZhCn, "cases-reply-call-task", &[("number", case.number.clone().into())]);
    let body = words.chars().take(SAID).collect();
    let new = NewTask { title, body, asked, due: TaskDue::At(work.now.plus(CALL_WITHIN)) };
    Ok(tasks::give_task_within(work, case.id, &new).await?.into_value().id)
}

/// What became of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// It is going out, or did, or did not.
    Sent(Box<MessageRow>),
    /// Somebody has to call; `true` when it was done.
    Call(Id<TaskId>, bool),
    /// A letter; when it was printed.
    Letter(Option<Timestamp>),
    /// It stands on the progress page.
    Page,
}

impl Became {
    /// The word for where it stands; its name is `cases-reply-<word>`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Sent(row) if row.delivered() => "delivered",
            Self::Sent(row) => match row.state {
                MessageState::Queued | MessageState::Sending => "queued",
                MessageState::Sent => "sent",
                MessageState::Failed | MessageState::Suppressed => "failed",
                MessageState::Unknown => "unknown",
            },
            Self::Call(_, false) => "to-call",
            Self::Call(_, true) => "called",
            Self::Letter(None) => "to-print",
            Self::Letter(Some(_)) => "printed",
            Self::Page => "page",
        }
    }
}

/// The replies of the case `id` by message: which way, and what became of each.
///
/// # Errors
/// `not-found`.
pub async fn replies(ctx: &Ctx, id: Id<of::Case>) -> Result<BTreeMap<Id<MessageId>, (Way, Became)>, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let mut found = BTreeMap::new();
            for reply in store::replies_of(tx, *id).await? {
                let became = match (reply.way, reply.sent, reply.task) {
                    (_, Some(sent), _) => messaging::find(tx, sent).await?.map(|row| Became::Sent(Box::new(row))),
                    (_, None, Some(task)) => {
                        let task = store::task(tx, task).await?;
                        task.map(|task| Became::Call(task.id, task.state == domain::TaskState::Done))
                    }
                    (Way::Letter, None, None) => Some(Became::Letter(reply.printed_at)),
                    (_, None, None) => Some(Became::Page),
                };
                found.insert(reply.message, (reply.way, became.unwrap_or(Became::Page)));
            }
            Ok(found)
        })
    })
    .await
}

/// The letter of a reply in the case `id`: the case and what is said.
///
/// # Errors
/// `not-found`.
pub async fn letter(ctx: &Ctx, id: Id<of::Case>, message: Id<MessageId>) -> Result<(Case, Message), Fault> {
    ctx.read((id, message, ctx.clone()), |tx, (id, message, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let own = store::replies_of(tx, *id).await?;
            own.iter().find(|reply| reply.message == *message).ok_or_else(Fault::not_found)?;
            let said = store::message(tx, *id, *message).await?.ok_or_else(Fault::not_found)?;
            Ok((case, said))
        })
    })
    .await
}

/// Notes that the letter of a reply was printed; a second time changes nothing.
///
/// # Errors
/// `not-found` and `forbidden`.
pub async fn letter_printed(ctx: &Ctx, id: Id<of::Case>, message: Id<MessageId>) -> Result<(), Fault> {
    letter(ctx, id, message).await?;
    ctx.write((id, message), |work, (id, message)| {
        Box::pin(async move {
            let case = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            if !works(&work.ctx.actor, &case) {
                return Err(Fault::forbidden());
            }
            if !store::reply_printed(work.tx, *message, work.now).await? {
                return Ok(work.unchanged(()));
            }
            let event = events::event(&case, "case.reply_printed", work.now);
            work.record(event.change("letter", None, Some(message.to_string()))).await
        })
    })
    .await
}
