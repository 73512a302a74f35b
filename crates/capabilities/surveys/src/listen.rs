use capability::{Event, Work};
use cases::domain::{Channel, Purpose};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, RecordRef};
use messaging::{NewMessage, QuietHours};

use crate::app;
use crate::domain::Recovery;
use crate::store::{self, Survey};

/// Invites the customer of a case that is closed, in the same transaction. Whom to ask is a rule, not somebody's choice: every
/// case with a named customer who has a number, once; cases taken over from elsewhere are not asked about.
pub(crate) fn invite_on_close<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.verb != "case.closed" {
            return Ok(());
        }
        let Some(case) = cases::store::get(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
        let Some(customer) = case.customer else { return Ok(()) };
        if case.channel == Channel::Import {
            return Ok(());
        }
        let Some(contact) = parties::file::contact(work.tx, customer).await? else { return Ok(()) };
        let Some(phone) = contact.phone else { return Ok(()) };
        // A history that is replayed invited long ago; a landline takes no text message.
        let url = work.ctx.house.public_url.clone().filter(|_| !work.replayed && phone.is_mobile());
        let survey = Survey {
            id: work.ctx.house.ids.next(),
            case: case.id,
            store: case.store,
            team: case.team,
            owner: case.owner,
            number: case.number,
            subject: case.subject,
            kind: case.kind.to_string(),
            channel: case.channel.to_string(),
            invited_at: work.now,
            sent: url.is_some(),
            answer: None,
            answered_at: None,
            changed_at: None,
            recovery: Recovery::None,
            recovery_note: None,
            recovered_by: None,
            recovered_at: None,
            version: 1,
        };
        if !store::invite(work.tx, &survey).await? {
            return Ok(());
        }
        if let Some(url) = url {
            send(work, &survey, contact.name, phone.digits(), &url).await?;
        }
        let mut invited = Event::new(RecordRef::new("case", survey.case), "survey.invited", event.place).quietly();
        invited.deltas = app::deltas(work, &survey, &[("surveys.invited", 1)]);
        let _recorded = work.record(invited).await?;
        Ok(())
    })
}

/// Queues the text message with the link.
async fn send(work: &mut Work<'_>, survey: &Survey, name: String, phone: &str, url: &str) -> Result<(), Fault> {
    let token = cases::app::rate_link(work, survey.case).await?.token;
    let house = &work.ctx.house;
    let directory = house.identity.directories().now();
    let store = directory.unit(survey.store);
    let message = NewMessage {
        channel: messaging::Channel::Sms,
        to: phone.to_owned(),
        template: "survey",
        locale: "zh-CN".to_owned(),
        args: vec![
            ("number", survey.number.clone()),
            ("store", store.map(|unit| unit.name.clone()).unwrap_or_default()),
            ("link", format!("{}{}", url.trim_end_matches('/'), cases::app::link_path(Purpose::Rate, &token))),
            ("name", name),
            ("subject", survey.subject.clone()),
            ("text", String::new()),
        ],
        record: RecordRef::new("case", survey.case),
        store: Some(survey.store),
        zone: app::zone(work.ctx, survey.store),
        quiet: QuietHours::default(),
        dedup: Some(format!("survey:{}", survey.case)),
        now: work.now,
    };
    messaging::queue(work.tx, &house.ids, &message).await?;
    Ok(())
}
