use capability::{Ctx, Event, Recorded, Work};
use kernel::{Fault, FieldErrors, Id, RecordRef};
use messaging::setup::{self, Kept, MailSetup, NewSecret, Part, QuietSetup, SmsSetup, Way};
use messaging::{Channel, Message, NewMessage, QuietHours};

use crate::permissions::SETTINGS;

/// The settings as they are.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The mail server.
    pub mail: Kept<MailSetup>,
    /// The SMS provider.
    pub sms: Kept<SmsSetup>,
    /// The quiet hours.
    pub quiet: Kept<QuietSetup>,
}

/// What is set; secrets only as "there is one".
///
/// # Errors
/// What the database says.
pub async fn settings(ctx: &Ctx) -> Result<Seen, Fault> {
    ctx.require(SETTINGS, &super::company(ctx)?)?;
    ctx.read((), |tx, ()| {
        Box::pin(async move {
            Ok(Seen { mail: setup::mail(tx).await?, sms: setup::sms(tx).await?, quiet: setup::quiet(tx).await? })
        })
    })
    .await
}

/// The record of a part in the journal.
pub(crate) fn record(part: Part) -> RecordRef {
    let id = match part {
        Part::Mail => 1,
        Part::Sms => 2,
        Part::Quiet => 3,
    };
    RecordRef { kind: setup::RECORD, id }
}

/// What journal readers see of a changed secret.
fn word_of(secret: &NewSecret) -> Option<&'static str> {
    match secret {
        NewSecret::Same => None,
        NewSecret::To(_) => Some("set"),
        NewSecret::Gone => Some("removed"),
    }
}

/// Sets by what mail goes out.
///
/// # Errors
/// Fields that cannot be used; stale.
pub async fn save_mail(ctx: &Ctx, version: i64, setup: MailSetup, secret: NewSecret) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    if setup.way == Way::On {
        for (field, text) in [("host", &setup.host), ("from", &setup.from)] {
            if text.is_empty() {
                errors.add(field, "required");
            }
        }
        errors.check()?;
        // Whether there is a password matters only for whether it would travel in the open.
        ctx.house.providers.smtp(&setup, Some(String::new()))?;
    }
    ctx.write((version, setup, secret), |work, (version, setup, secret)| {
        Box::pin(async move {
            let before = setup::mail(work.tx).await?;
            setup::save(work.tx, &work.ctx.house.master, Part::Mail, *version, setup, secret, work.now).await?;
            let (old, new) = (before.setup, setup);
            let was = |text: String| Some(text).filter(|_| before.version > 0);
            changed(work, Part::Mail, |event| {
                event
                    .change("way", was(old.way.as_str().to_owned()), Some(new.way.as_str().to_owned()))
                    .change("host", was(old.host), Some(new.host.clone()))
                    .change("port", was(old.port.to_string()), Some(new.port.to_string()))
                    .change("tls", was(old.tls.as_str().to_owned()), Some(new.tls.as_str().to_owned()))
                    .change("user", was(old.user), Some(new.user.clone()))
                    .change("from", was(old.from), Some(new.from.clone()))
                    .change("password", None, word_of(secret).map(str::to_owned))
            })
            .await
        })
    })
    .await
}

/// Sets by what SMS go out.
///
/// # Errors
/// Fields that cannot be used; stale.
pub async fn save_sms(ctx: &Ctx, version: i64, setup: SmsSetup, secret: NewSecret) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    setup::check_signature(&mut errors, "signature", &setup.signature);
    if setup.way == Way::On {
        for (field, text) in [("url", &setup.url), ("key", &setup.key)] {
            if text.is_empty() {
                errors.add(field, "required");
            }
        }
    }
    errors.check()?;
    if setup.way == Way::On {
        ctx.house.providers.signed(&setup, String::new())?;
    }
    ctx.write((version, setup, secret), |work, (version, setup, secret)| {
        Box::pin(async move {
            let before = setup::sms(work.tx).await?;
            if setup.way == Way::On && !before.has_secret && !matches!(secret, NewSecret::To(_)) {
                return Err(Fault::field("secret", "required"));
            }
            setup::save(work.tx, &work.ctx.house.master, Part::Sms, *version, setup, secret, work.now).await?;
            let (old, new) = (before.setup, setup);
            let was = |text: String| Some(text).filter(|_| before.version > 0);
            changed(work, Part::Sms, |event| {
                event
                    .change("way", was(old.way.as_str().to_owned()), Some(new.way.as_str().to_owned()))
                    .change("url", was(old.url), Some(new.url.clone()))
                    .change("key", was(old.key), Some(new.key.clone()))
                    .change("signature", was(old.signature), Some(new.signature.clone()))
                    .change("price", was(old.fen_per_segment.to_string()), Some(new.fen_per_segment.to_string()))
                    .change("idempotent", was(old.idempotent.to_string()), Some(new.idempotent.to_string()))
                    .change("secret", None, word_of(secret).map(str::to_owned))
            })
            .await
        })
    })
    .await
}

/// Sets the quiet hours; equal ends mean none.
///
/// # Errors
/// Stale.
pub async fn save_quiet(ctx: &Ctx, version: i64, setup: QuietSetup) -> Result<(), Fault> {
    ctx.write((version, setup), |work, (version, setup)| {
        Box::pin(async move {
            let before = setup::quiet(work.tx).await?;
            let master = &work.ctx.house.master;
            setup::save(work.tx, master, Part::Quiet, *version, setup, &NewSecret::Same, work.now).await?;
            let hour = |(hour, minute): (i8, i8)| Some(format!("{hour:02}:{minute:02}"));
            let old = before.setup;
            changed(work, Part::Quiet, |event| {
                event.change("quiet_from", hour(old.from), hour(setup.from)).change(
                    "quiet_until",
                    hour(old.until),
                    hour(setup.until),
                )
            })
            .await
        })
    })
    .await
}

async fn changed(work: &mut Work<'_>, part: Part, note: impl FnOnce(Event) -> Event) -> Result<Recorded<()>, Fault> {
    let place = super::company(work.ctx)?;
    work.require(SETTINGS, &place)?;
    work.record(note(Event::new(record(part), "messaging.changed", place).quietly())).await
}

/// Sends a message to `to` that says that the settings work.
///
/// # Errors
/// The field `to` when it cannot be sent to.
pub async fn send_trial(ctx: &Ctx, channel: Channel, to: String) -> Result<Id<Message>, Fault> {
    if messaging::Address::parse(channel, &to).is_none() || channel == Channel::WechatCopy {
        return Err(Fault::field("to", "address"));
    }
    ctx.write((channel, to), |work, (channel, to)| {
        Box::pin(async move {
            let place = super::company(work.ctx)?;
            work.require(SETTINGS, &place)?;
            let house = &work.ctx.house;
            let directory = house.identity.directories().now();
            let company = directory.company().map(|unit| unit.name_in(work.ctx.locale.as_str()).to_owned());
            let part = if *channel == Channel::Mail { Part::Mail } else { Part::Sms };
            let message = NewMessage {
                channel: *channel,
                to: to.clone(),
                template: "trial",
                locale: work.ctx.locale.as_str().to_owned(),
                args: vec![
                    ("number", String::new()),
                    ("store", company.unwrap_or_default()),
                    ("link", house.public_url.clone().unwrap_or_default()),
                    ("name", work.ctx.actor.name.to_string()),
                    ("subject", String::new()),
                    ("text", String::new()),
                ],
                record: record(part),
                store: Some(place.store),
                zone: house.zone.clone(),
                quiet: QuietHours::default(),
                dedup: None,
                now: work.now,
            };
            let id = messaging::queue(work.tx, &house.ids, &message).await?;
            work.wake();
            let event = Event::new(record(part), "messaging.tried", place).quietly();
            let shown = messaging::mask(*channel, to);
            Ok(work.record(event.personal("to", None, Some(shown))).await?.with(id))
        })
    })
    .await
}
