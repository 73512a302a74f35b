//! Tells the customer: picks the channel, makes the link and queues the message.

use capability::Work;
use identity::Secret;
use kernel::{Fault, Id, RecordRef};
use messaging::{Channel, Message, NewMessage, QuietHours};
use parties::file::Contact;

use super::events::{RECORD, zone_of};
use super::links::{self, Issued};
use crate::domain::{self, Notice, Purpose};
use crate::store::Case;

/// Which text a notice is sent as, and what its link is good for. Notices without a text are seen on the tracking page only, so
/// that nobody's telephone rings for what changes nothing for them.
const fn text_of(notice: Notice) -> Option<(&'static str, Purpose)> {
    match notice {
        Notice::TakenIn => Some(("received", Purpose::Track)),
        Notice::PlanReady => Some(("plan", Purpose::Decide)),
        Notice::Message | Notice::Rejected | Notice::Merged => Some(("reply", Purpose::Track)),
        Notice::Resolved => Some(("resolved", Purpose::Track)),
        // Surveys ask for the rating after closing.
        Notice::Accepted | Notice::Reopened | Notice::Closed | Notice::Cancelled => None,
    }
}

/// Sends `notice` about `case` with a link for `token`; `words` are what a person wrote, if anything. A decision link is made even
/// when nothing can be sent, so that the counter can show it.
pub(super) async fn tell(
    work: &mut Work<'_>,
    case: &Case,
    notice: Notice,
    words: &str,
    token: &Secret,
) -> Result<Option<Issued>, Fault> {
    // What is replayed or taken over happened long ago: nobody is written to about it.
    if work.replayed || (notice == Notice::TakenIn && case.channel == domain::Channel::Import) {
        return Ok(None);
    }
    let Some((template, purpose)) = text_of(notice) else { return Ok(None) };
    // A kind without confirmation has nothing to decide.
    let purpose = if purpose == Purpose::Decide && !case.kind.needs_confirmation() { Purpose::Track } else { purpose };
    let contact = match case.customer {
        Some(customer) => parties::file::contact(work.tx, customer).await?,
        None => None,
    };
    let by_mail = case.channel == domain::Channel::Mail;
    let to = contact.as_ref().and_then(|contact| address_of(contact, by_mail));
    if let (true, Some((Channel::Mail, to)), Some(contact)) = (is_letter(case, notice), &to, &contact) {
        let out = Out { carrier: Channel::Mail, to: to.clone(), name: contact.name.clone() };
        answer(work, case, words, out).await?;
        return Ok(None);
    }
    let public = work.ctx.house.customer_url();
    let (Some((channel, to)), Some(public)) = (to, public) else {
        let needed = matches!(notice, Notice::TakenIn | Notice::PlanReady);
        return if needed { links::make(work, case, purpose, token).await.map(Some) } else { Ok(None) };
    };
    let name = contact.map(|contact| contact.name).unwrap_or_default();
    let (_, issued) =
        write(work, case, (template, purpose), words, token, Out { carrier: channel, to, name }, &public).await?;
    Ok(Some(issued))
}

/// Where a message goes.
pub(super) struct Out {
    pub carrier: Channel,
    pub to: String,
    /// How the customer is called.
    pub name: String,
}

/// Queues `notice` about `case` to where `out` says; `None` where links cannot be sent.
pub(super) async fn queue(
    work: &mut Work<'_>,
    case: &Case,
    notice: Notice,
    words: &str,
    token: &Secret,
    out: Out,
) -> Result<Option<Id<Message>>, Fault> {
    if out.carrier == Channel::Mail && is_letter(case, notice) {
        return answer(work, case, words, out).await.map(Some);
    }
    let (Some(text), Some(public)) = (text_of(notice), work.ctx.house.customer_url()) else { return Ok(None) };
    Ok(Some(write(work, case, text, words, token, out, &public).await?.0))
}

/// True for what a person wrote to somebody who wrote a letter: it is answered by a letter, which needs no page to be read on.
fn is_letter(case: &Case, notice: Notice) -> bool {
    case.channel == domain::Channel::Mail && notice == Notice::Message
}

/// Queues what somebody wrote as a letter in the thread of the case.
async fn answer(work: &mut Work<'_>, case: &Case, words: &str, out: Out) -> Result<Id<Message>, Fault> {
    let message = message(work, case, "letter", words, String::new(), out).await?;
    let id = messaging::queue(work.tx, &work.ctx.house.ids, &message).await?;
    work.wake();
    Ok(id)
}

/// Queues what somebody wrote into the conversation that `out` names, as it stands.
pub(super) async fn say(work: &mut Work<'_>, case: &Case, words: &str, out: Out) -> Result<Id<Message>, Fault> {
    let message = message(work, case, "reply", words, String::new(), out).await?;
    let id = messaging::queue(work.tx, &work.ctx.house.ids, &message).await?;
    work.wake();
    Ok(id)
}

async fn write(
    work: &mut Work<'_>,
    case: &Case,
    (template, purpose): (&'static str, Purpose),
    words: &str,
    token: &Secret,
    out: Out,
    public: &str,
) -> Result<(Id<Message>, Issued), Fault> {
    let issued = links::make(work, case, purpose, token).await?;
    let link = format!("{public}{}", links::link_path(purpose, token.reveal()));
    let message = message(work, case, template, words, link, out).await?;
    let id = messaging::queue(work.tx, &work.ctx.house.ids, &message).await?;
    work.wake();
    Ok((id, issued))
}

async fn message(
    work: &mut Work<'_>,
    case: &Case,
    template: &'static str,
    words: &str,
    link: String,
    Out { carrier, to, name }: Out,
) -> Result<NewMessage, Fault> {
    let house = &work.ctx.house;
    let store = house.identity.directories().now().unit(case.store).map(|unit| unit.name.clone()).unwrap_or_default();
    let chosen = match case.customer {
        Some(customer) => messaging::language_of(work.tx, customer).await?,
        None => None,
    };
    let locale = chosen.unwrap_or_else(|| "zh-CN".to_owned());
    Ok(NewMessage {
        channel: carrier,
        to,
        template,
        locale,
        args: vec![
            ("number", case.number.clone()),
            ("store", store),
            ("link", link),
            ("name", name),
            ("subject", case.subject.clone()),
            ("text", words.to_owned()),
        ],
        record: RecordRef::new(RECORD, case.id),
        store: Some(case.store),
        zone: zone_of(house, case.store),
        quiet: QuietHours::default(),
        dedup: None,
        now: work.now,
    })
}

/// By text message where there is a mobile number, else by mail; by mail first for those who wrote one.
fn address_of(contact: &Contact, by_mail: bool) -> Option<(Channel, String)> {
    if let (true, Some(email)) = (by_mail, &contact.email) {
        return Some((Channel::Mail, email.clone()));
    }
    let mobile = contact.phone.as_ref().filter(|phone| phone.is_mobile());
    match (mobile, &contact.email) {
        (Some(phone), _) => Some((Channel::Sms, phone.digits().to_owned())),
        (None, Some(email)) => Some((Channel::Mail, email.clone())),
        (None, None) => None,
    }
}
