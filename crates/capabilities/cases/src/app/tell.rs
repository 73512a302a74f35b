//! Tells the customer: picks the channel, makes the link and queues the message.

use capability::Work;
use identity::Secret;
use kernel::{Fault, RecordRef};
use messaging::{Channel, NewMessage, QuietHours};
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
    let to = contact.as_ref().and_then(address_of);
    let public = work.ctx.house.customer_url();
    let (Some((channel, to)), Some(public)) = (to, public) else {
        let needed = matches!(notice, Notice::TakenIn | Notice::PlanReady);
        return if needed { links::make(work, case, purpose, token).await.map(Some) } else { Ok(None) };
    };
    let issued = links::make(work, case, purpose, token).await?;
    let house = &work.ctx.house;
    let store = house.identity.directories().now().unit(case.store).map(|unit| unit.name.clone()).unwrap_or_default();
    let chosen = match case.customer {
        Some(customer) => messaging::language_of(work.tx, customer).await?,
        None => None,
    };
    let locale = chosen.unwrap_or_else(|| "zh-CN".to_owned());
    let message = NewMessage {
        channel,
        to,
        template,
        locale,
        args: vec![
            ("number", case.number.clone()),
            ("store", store),
            ("link", format!("{public}{}", links::link_path(purpose, token.reveal()))),
            ("name", contact.map(|contact| contact.name).unwrap_or_default()),
            ("subject", case.subject.clone()),
            ("text", words.to_owned()),
        ],
        record: RecordRef::new(RECORD, case.id),
        store: Some(case.store),
        zone: zone_of(house, case.store),
        quiet: QuietHours::default(),
        dedup: None,
        now: work.now,
    };
    messaging::queue(work.tx, &house.ids, &message).await?;
    work.wake();
    Ok(Some(issued))
}

/// By text message where there is a mobile number, else by mail.
fn address_of(contact: &Contact) -> Option<(Channel, String)> {
    let mobile = contact.phone.as_ref().filter(|phone| phone.is_mobile());
    match (mobile, &contact.email) {
        (Some(phone), _) => Some((Channel::Sms, phone.digits().to_owned())),
        (None, Some(email)) => Some((Channel::Mail, email.clone())),
        (None, None) => None,
    }
}
