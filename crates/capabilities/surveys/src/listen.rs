use capability::{Event, Work};
use cases::domain::{Channel, Purpose};
use cases::store::Case;
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, RecordRef};
use messaging::{NewMessage, QuietHours};
use parties::domain::Phone;

use crate::app::{self, REASON};
use crate::domain::{Facts, Skipped, Verdict};
use crate::store::{self, Survey};

/// Decides, in the transaction that closes a case, whether its customer is asked. That is the rule's to say and nobody's choice;
/// who is not asked is known with the reason. A case is decided about once, however often it is closed.
pub(crate) fn decide_on_close<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.verb != "case.closed" {
            return Ok(());
        }
        let Some(case) = cases::store::get(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
        decide(work, &case).await.map(|_| ())
    })
}

/// The survey of a case that is closed: what was decided before, else what the rule says now.
pub(crate) async fn decide(work: &mut Work<'_>, case: &Case) -> Result<Survey, Fault> {
    if let Some(survey) = store::of_case(work.tx, case.id).await? {
        return Ok(survey);
    }
    let rule = app::rule_within(work.tx).await?;
    let (facts, phone) = facts(work, case).await?;
    let mut survey = Survey::invitation(work.ctx.house.ids.next(), case, rule.version, work.now);
    match rule.verdict(&facts) {
        Verdict::Skip(why) => survey.skipped = Some(why),
        Verdict::Ask(at) => {
            // A history that is replayed asked long ago; a landline takes no text message.
            let reachable = work.ctx.house.customer_url().is_some() && phone.is_some_and(|phone| phone.is_mobile());
            survey.send_at = (reachable && !work.replayed).then_some(at);
        }
    }
    let now = survey.send_at.is_some_and(|at| at <= work.now);
    if now {
        (survey.sent, survey.send_at) = (true, None);
    }
    store::invite(work.tx, &survey).await?;
    if now {
        send(work, &survey).await?;
    }
    let record = RecordRef::new("case", survey.case);
    let event = match survey.skipped {
        None => {
            let mut event = Event::new(record, "survey.invited", kernel::Placed::place(&survey)).quietly();
            event.deltas = app::deltas(work, &survey, &[("surveys.invited", 1)]);
            event
        }
        Some(why) => {
            let word = why.as_str();
            let mut event = Event::new(record, "survey.skipped", kernel::Placed::place(&survey)).quietly();
            event = event.change(REASON, None, Some(word.to_owned()));
            event.deltas = app::skipped(work, &survey, word);
            event
        }
    };
    let _recorded = work.record(event).await?;
    Ok(survey)
}

/// Surveys follow their customer when files are merged or parted, so that nobody is asked again too soon.
pub(crate) fn follow_customer<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        let merged = match event.verb {
            "customer.merged" => true,
            "customer.parted" => false,
            _ => return Ok(()),
        };
        let named = |field: &str| {
            let change = event.changes.iter().find(|change| change.field == field)?;
            let id = if merged { change.after.as_deref() } else { change.before.as_deref() };
            id?.parse::<i64>().ok()
        };
        let (Some(kept), Some(merge)) = (named(parties::app::KEPT), named(parties::app::MERGE)) else { return Ok(()) };
        let gone = Id::new(event.record.id);
        if merged {
            store::move_customer(work.tx, gone, Id::new(kept), None).await?;
        } else {
            // A survey belongs to its case, and the merge noted which cases came with the file.
            let cases = parties::store::moved(work.tx, Id::new(merge), "case").await?;
            store::move_customer(work.tx, Id::new(kept), gone, Some(&cases)).await?;
        }
        Ok(())
    })
}

async fn facts(work: &mut Work<'_>, case: &Case) -> Result<(Facts, Option<Phone>), Fault> {
    let now = work.now;
    let card = match case.customer {
        Some(customer) => parties::file::card(work.tx, customer).await?,
        None => None,
    };
    let (phone, last_asked) = match case.customer {
        Some(customer) => {
            let contact = parties::file::contact(work.tx, customer).await?;
            (contact.and_then(|contact| contact.phone), store::last_asked(work.tx, customer, now).await?)
        }
        None => (None, None),
    };
    let facts = Facts {
        kind: case.kind,
        imported: case.channel == Channel::Import,
        named: card.is_some(),
        phone: phone.is_some(),
        consent: card.is_some_and(|card| card.consent),
        last_asked,
        closed_at: now,
    };
    Ok((facts, phone))
}

/// Queues the text message with the link; nothing when the customer cannot be reached any more.
pub(crate) async fn send(work: &mut Work<'_>, survey: &Survey) -> Result<(), Fault> {
    let house = &work.ctx.house;
    let (Some(url), Some(customer)) = (house.customer_url(), survey.customer) else { return Ok(()) };
    let Some(contact) = parties::file::contact(work.tx, customer).await? else { return Ok(()) };
    let Some(phone) = contact.phone else { return Ok(()) };
    let token = cases::app::rate_link(work, survey.case).await?.token;
    let house = &work.ctx.house;
    let directory = house.identity.directories().now();
    let store = directory.unit(survey.store);
    let locale = match cases::store::get(work.tx, survey.case).await?.and_then(|case| case.customer) {
        Some(customer) => messaging::language_of(work.tx, customer).await?,
        None => None,
    };
    let locale = locale.unwrap_or_else(|| "zh-CN".to_owned());
    let message = NewMessage {
        channel: messaging::Channel::Sms,
        to: phone.digits().to_owned(),
        template: "survey",
        locale,
        args: vec![
            ("number", survey.number.clone()),
            ("store", store.map(|unit| unit.name.clone()).unwrap_or_default()),
            ("link", format!("{url}{}", cases::app::link_path(Purpose::Rate, &token))),
            ("name", contact.name),
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
    work.wake();
    Ok(())
}

/// Why a customer who holds a link may not rate: whether to ask is the rule's to say, not that of who handed the link over.
/// Hears that somebody makes a link for rating: there is one only for a customer whom the rule asks.
pub(crate) fn guard_link<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        let rate = Some(Purpose::Rate.as_str());
        let for_rating = |change: &journal::Change| change.field == "purpose" && change.after.as_deref() == rate;
        if event.verb != "case.link_issued" || !event.changes.iter().any(for_rating) {
            return Ok(());
        }
        let survey = store::of_case(work.tx, Id::new(event.record.id)).await?;
        survey.and_then(|survey| survey.skipped).map_or(Ok(()), |why| Err(not_asked(why)))
    })
}

pub(crate) fn not_asked(why: Skipped) -> Fault {
    Fault::refused("surveys-not-asked").with("reason", why.as_str())
}

/// Hears that a case's customer was forgotten: marks stay and count, words go.
pub(crate) fn forget_customer<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.record.kind != cases::app::RECORD || event.verb != "case.erased" {
            return Ok(());
        }
        let case: Id<kernel::of::Case> = Id::new(event.record.id);
        let Some(survey) = store::of_case(work.tx, case).await? else { return Ok(()) };
        store::erase(work.tx, case).await?;
        let record = RecordRef::new(app::RECORD, survey.id);
        messaging::erase(work.tx, &record).await?;
        notices::erase(work.tx, &record).await?;
        work.forget(&record, &["words", "note", "text", "reason"]).await?;
        Ok(())
    })
}
