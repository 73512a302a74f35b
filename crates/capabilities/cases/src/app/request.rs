//! A customer's request from a store's public form: no account, no third party, and no robots as far as that goes.
//!
//! What keeps robots out: the form carries a stamp, sealed by the house, that is good for one case and not before a person could
//! have filled the form in; a field that people do not see; and so many cases per number, address and store in a time. None of it
//! needs a script, and none of it stops a person for longer than a second press.

use std::sync::Arc;

use ::files::Prepared;
use capability::{Ctx, Installation, Recorded, Work};
use identity::{Secret, digest};
use kernel::{Actor, Fault, FaultKind, FieldErrors, Id, Timestamp, of};
use parties::app::CustomerInput;
use parties::domain::{Phone, text};

use super::desk;
use super::files::NewFiles;
use super::intake::{self, Checked, Intake, Whose};
use crate::domain::{Channel, Kind};
use crate::store;

/// Nobody fills the form in faster, in milliseconds.
const QUICKEST: i64 = 3_000;
/// A form that was open for longer is stamped anew, in milliseconds: a working day.
const OLDEST: i64 = 12 * 3_600_000;
/// One hour, in milliseconds.
const HOUR: i64 = 3_600_000;
/// Stamps and counts are remembered for so long: longer than a stamp is good.
const REMEMBERED: i64 = 48 * HOUR;
/// Most cases of an hour: of one number, from one address (a store's guests share one), of one store.
const PER_PHONE: i64 = 3;
const PER_ADDRESS: i64 = 40;
const PER_STORE: i64 = 240;
/// Most of one number in a day.
const PER_PHONE_DAY: i64 = 8;
/// Longest words, in characters.
const WORDS: usize = 2_000;

/// What a customer asks for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The form's stamp.
    pub stamp: String,
    /// What the hidden field holds; people leave it empty.
    pub trap: String,
    /// Where it came from, for counting.
    pub address: String,
    /// How it reached us; by a scanned code when left out.
    pub way: Option<Channel>,
    /// By which registered channel, when that is known.
    pub via: Option<Id<of::Channel>>,
    /// What kind it is.
    pub kind: Option<Kind>,
    /// The kind of goods.
    pub category: String,
    /// Codes of what was tapped.
    pub symptoms: Vec<String>,
    /// In the customer's words.
    pub words: String,
    /// How to call the customer.
    pub name: String,
    /// The number.
    pub phone: String,
    /// The notice about personal data was accepted.
    pub consent: bool,
    /// Photos.
    pub photos: Vec<Prepared>,
}

/// A request that became a case.
#[derive(Debug, Clone)]
pub struct Requested {
    /// What people call it.
    pub number: String,
    /// What the tracking page's address holds.
    pub token: String,
    /// The same form had been sent before, with other words: they are not in the case.
    pub changed: bool,
}

/// A stamp for the form of `store`.
///
/// # Errors
/// `busy` when the database is away.
pub async fn request_stamp(ctx: &Ctx, store: Id<of::Unit>) -> Result<String, Fault> {
    let secret = secret(&ctx.house).await?;
    let nonce: String = Secret::random("")?.reveal().chars().take(24).collect();
    let at = ctx.now().millis();
    Ok(format!("{at}-{nonce}-{}", seal(&secret, store, at, &nonce)))
}

fn seal(secret: &str, store: Id<of::Unit>, at: i64, nonce: &str) -> String {
    digest(&format!("{secret}|stamp|{store}|{at}|{nonce}|{secret}"))
}

/// When a stamp of `store` was made; `None` for what never was one.
fn stamped(secret: &str, store: Id<of::Unit>, stamp: &str) -> Option<Timestamp> {
    let mut parts = stamp.splitn(3, '-');
    let (at, nonce, sealed) = (parts.next()?, parts.next()?, parts.next()?);
    let at: i64 = at.parse().ok()?;
    (seal(secret, store, at, nonce) == sealed).then(|| Timestamp::from_millis(at))
}

/// What stamps are sealed with; made on the first day.
async fn secret(house: &Arc<Installation>) -> Result<Arc<str>, Fault> {
    let desk = desk::of(house);
    if let Some(secret) = desk.request_secret() {
        return Ok(secret);
    }
    let mut found = stored_secret(house).await?;
    if found.is_none() {
        let fresh = Secret::random("")?.reveal().to_owned();
        house
            .db
            .write(fresh, |tx, fresh| {
                Box::pin(async move { store::keep_request_secret(tx, fresh).await.map_err(Fault::from) })
            })
            .await?;
        found = stored_secret(house).await?;
    }
    let secret: Arc<str> = found.ok_or_else(|| Fault::internal("the request key was not kept"))?.into();
    desk.keep_request_secret(Arc::clone(&secret));
    Ok(secret)
}

async fn stored_secret(house: &Installation) -> Result<Option<String>, Fault> {
    house.db.read((), |tx, ()| Box::pin(async move { store::request_secret(tx).await.map_err(Fault::from) })).await
}

struct Input {
    checked: Checked,
    stamp: String,
    body_digest: String,
    phone: String,
    address: String,
    store: String,
}

/// Takes the request in as an unassigned case of `store`.
///
/// # Errors
/// `invalid` with the fields, among them `cases-request-quick` and `cases-request-old` at `stamp`; `cases-request-too-many`.
pub async fn request(ctx: &Ctx, store: Id<of::Unit>, asked: Request) -> Result<Requested, Fault> {
    let secret = secret(&ctx.house).await?;
    let mut errors = FieldErrors::default();
    match stamped(&secret, store, &asked.stamp) {
        Some(at) if ctx.now().since(at) <= OLDEST => {}
        Some(_) | None => errors.add("stamp", "cases-request-old"),
    }
    if !asked.trap.is_empty() {
        errors.add("stamp", "cases-request-trap");
    }
    if asked.kind.is_none() {
        errors.add("kind", "choose");
    }
    let words = text::optional(&mut errors, "words", Some(&asked.words), WORDS).unwrap_or_default();
    let named = asked.symptoms.iter().any(|code| !code.trim().is_empty());
    if !named && words.is_empty() && errors.of("words").is_none() {
        errors.add("words", "cases-request-say");
    }
    let phone = match Phone::parse(&asked.phone) {
        Ok(phone) => Some(phone),
        Err(error) => {
            error.note(&mut errors, "phone");
            None
        }
    };
    let name = text::optional_line(&mut errors, "name", Some(&asked.name), 30);
    if !asked.consent {
        errors.add("consent", "cases-request-consent");
    }
    let quick = stamped(&secret, store, &asked.stamp).is_some_and(|at| ctx.now().since(at) < QUICKEST);
    // Said last: who has something to correct takes longer anyway.
    if quick && errors.is_empty() {
        errors.add("stamp", "cases-request-quick");
    }
    errors.check()?;
    let (Some(phone), Some(kind)) = (phone, asked.kind) else {
        return Err(Fault::internal("a field was refused without a note"));
    };
    let tail = phone.tail().to_owned();
    let customer = CustomerInput {
        name: name.unwrap_or_else(|| format!("顾客 {tail}")),
        phone: phone.digits().to_owned(),
        consent: true,
        ..CustomerInput::default()
    };
    let mut own = ctx.clone();
    own.actor = Actor::customer(&customer.name);
    own.session = None;
    let digests: Vec<&str> = asked.photos.iter().map(Prepared::digest).collect();
    let sent = [kind.as_str(), &asked.category, &asked.symptoms.join(","), &words, phone.digits(), &digests.join(",")];
    let body_digest = digest(&sent.join("\n"));
    let intake = Intake {
        store,
        kind,
        channel: asked.way.unwrap_or(Channel::Qr),
        via: asked.via,
        subject: if named { String::new() } else { first_words(&words) },
        body: words,
        category: Some(asked.category),
        symptoms: asked.symptoms,
        files: NewFiles { prepared: asked.photos, uploads: Vec::new() },
        ..Intake::default()
    };
    let draft = parties::domain::draft(&mut FieldErrors::default(), "", &customer, true);
    let mut checked = intake::checked(&own, intake, None, ctx.now()).await.map_err(as_asked)?;
    checked.customer = Whose::Told(Box::new(draft));
    // Whoever sends the same form again is led to the same page, so its token follows from the stamp.
    let token = Secret::link_from(&format!("{secret}|track|{}|{secret}", asked.stamp));
    checked.token = token.clone();
    let subject = |what: &str, value: &str| digest(&format!("{what}|{value}|{secret}"));
    let input = Input {
        checked,
        stamp: asked.stamp,
        body_digest,
        phone: subject("phone", phone.digits()),
        address: subject("address", &asked.address),
        store: subject("store", &store.to_string()),
    };
    let stamp = input.stamp.clone();
    let written = own.write(input, |work, input| Box::pin(write(work, input))).await;
    let (number, changed) = match written {
        // The same form twice at once: the other was faster.
        Err(fault) if fault.kind() == FaultKind::Conflict && fault.code() == "duplicate" => {
            let found = own
                .read(stamp, |tx, stamp| {
                    Box::pin(async move {
                        let Some((case, _)) = store::request_sent(tx, stamp).await? else { return Ok(None) };
                        Ok(store::get(tx, case).await?.map(|case| case.number))
                    })
                })
                .await?;
            (found.ok_or(fault)?, false)
        }
        written => written?,
    };
    Ok(Requested { number, token: token.reveal().to_owned(), changed })
}

async fn write(work: &mut Work<'_>, input: &Input) -> Result<Recorded<(String, bool)>, Fault> {
    if let Some((case, body_digest)) = store::request_sent(work.tx, &input.stamp).await? {
        let case = store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
        return Ok(work.unchanged((case.number, body_digest != input.body_digest)));
    }
    let hour = work.now.plus(-HOUR);
    let limits = [
        (&input.phone, hour, PER_PHONE),
        (&input.phone, work.now.plus(-24 * HOUR), PER_PHONE_DAY),
        (&input.address, hour, PER_ADDRESS),
        (&input.store, hour, PER_STORE),
    ];
    for (subject, since, most) in limits {
        if store::tries(work.tx, subject, since, most).await? >= most {
            return Err(Fault::new(FaultKind::TooMany, "cases-request-too-many").with("retry_after", HOUR / 1_000));
        }
    }
    for subject in [&input.phone, &input.address, &input.store] {
        store::insert_try(work.tx, work.ctx.house.ids.next(), subject, work.now).await?;
    }
    let recorded = intake::body(work, &input.checked).await?;
    // The case's id was made before the write.
    store::insert_request(work.tx, &input.stamp, input.checked.case.id, &input.body_digest, work.now).await?;
    Ok(recorded.map(|taken| (taken.number, false)))
}

/// The first words as a subject.
pub(super) fn first_words(words: &str) -> String {
    let line = words.lines().next().unwrap_or_default();
    let mut letters = line.chars();
    let start: String = letters.by_ref().take(40).collect();
    if letters.next().is_some() { format!("{start}…") } else { start }
}

/// The fields of an intake as the public form calls them.
fn as_asked(fault: Fault) -> Fault {
    if fault.fields().is_empty() {
        return fault;
    }
    let mut errors = FieldErrors::default();
    for error in fault.fields().iter() {
        let field = match error.field.as_str() {
            "subject" | "body" => "words",
            "store" => "stamp",
            other => other,
        };
        errors.add_with(field, error.code, error.args.clone());
    }
    Fault::invalid(errors)
}

/// How soon somebody answers, in minutes of working time, as the policy of today promises for a repair.
///
/// # Errors
/// `busy` when the database is away.
pub async fn answer_minutes(ctx: &Ctx) -> Result<Option<i64>, Fault> {
    use crate::domain::{Priority, Stage, Unit};
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    let deadline = policy.deadline(Kind::Repair, Priority::Normal, Stage::FirstAnswer, ctx.now());
    Ok(deadline.filter(|deadline| deadline.unit == Unit::Working).map(|deadline| deadline.amount))
}

/// Forgets stamps and counts that no longer matter; gives how many.
///
/// # Errors
/// `busy` when the database is away.
pub async fn forget_requests(ctx: &Ctx) -> Result<u64, Fault> {
    let before = ctx.now().plus(-REMEMBERED);
    ctx.house
        .db
        .write(before, |tx, before| {
            Box::pin(async move { store::forget_requests(tx, *before).await.map_err(Fault::from) })
        })
        .await
}
