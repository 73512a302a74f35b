//! One letter becomes what it is, once.

use std::sync::Arc;

use capability::{Ctx, Event, Work};
use cases::app::files::NewFiles;
use cases::app::{AnswerRules, NewLetter, ReadyLetter};
use db::Tx;
use files::{NewFile, Prepared};
use kernel::{Actor, Fault, FaultKind, Id, Placed, RecordRef, Timestamp, of};
use letters::{Automatic, Bounce, Claim, Letter, Sort, ThreadKey};

use super::LETTER;
use crate::store::{self, Digests, LetterRow, Mailbox, State};

/// Letters of one sender that come to something in an hour; more is a machine that does not say so.
const PER_HOUR: i64 = 20;
/// One hour, in milliseconds.
const HOUR: i64 = 3_600_000;
/// Longest name of a customer, in characters.
const NAME: usize = 30;
/// A letter may come late, but not from the future: the sender's clock is not believed beyond this, in milliseconds.
const LATE: i64 = 14 * 24 * HOUR;
/// Files that come into a case with one letter.
const FILES: usize = 20;

/// A letter that came.
pub(super) struct Came {
    /// UIDVALIDITY and UID.
    place: (i64, i64),
    letter: Letter,
    raw: Vec<u8>,
    digests: Digests,
    /// A person said that it is to be taken in, whoever wrote it.
    pub(super) forced: bool,
}

impl Came {
    pub(super) fn read(place: (i64, i64), raw: Vec<u8>) -> Self {
        let letter = letters::read(&raw);
        let digests = digests(&letter);
        Self { place, letter, raw, digests, forced: false }
    }

    /// True when it may belong to something that came before.
    pub(super) fn answers(&self, key: &ThreadKey) -> bool {
        self.letter.sort != Sort::Person || !key.claims(&self.letter).is_empty()
    }
}

/// What makes it this letter and no other: a copy that came another way has other transport lines only. Some programs give all
/// letters one Message-ID, so the text counts too.
fn digests(letter: &Letter) -> Digests {
    let address = letter.from.as_ref().map(|from| from.address.clone());
    let id = letter.message_id.clone();
    let parts = [
        id.clone().unwrap_or_default(),
        address.clone().unwrap_or_default(),
        letter.written_at.unwrap_or_default().to_string(),
        letter.subject.clone(),
        letter.words.said.clone(),
        letter.words.quoted.clone(),
        letter.attachments.iter().map(|file| format!("{}:{}", file.name, file.size)).collect::<Vec<_>>().join("|"),
    ];
    Digests {
        letter: identity::digest(&parts.join("\n")),
        message: id.map(|id| identity::digest(&id)),
        sender: address.map(|address| identity::digest(&address)),
    }
}

/// What is to be done with a letter.
enum Plan {
    /// Nothing starts: it is kept as this, for this reason.
    Keep(State, Option<&'static str>),
    /// A message of ours did not arrive.
    Bounced(Bounce, Option<Id<messaging::Message>>),
    /// It belongs to this case.
    Answer(Id<of::Case>),
    /// It begins a case, maybe of a known customer; why says what was not believed.
    New(Option<Id<of::Customer>>, Doubt),
}

/// What was not believed, for the page: why, and the number of the case that was named.
type Doubt = Option<(&'static str, Option<String>)>;

/// Where a letter's claims lead.
#[derive(Default)]
struct Thread {
    case: Option<Id<of::Case>>,
    /// It knows the tag or a Message-ID of this case, but comes from somebody whom the case does not know.
    stranger: Option<String>,
}

/// Takes a letter in, unless it is in already.
pub(super) async fn take_in(ctx: &Ctx, mailbox: &Mailbox, key: &Arc<ThreadKey>, came: Came) -> Result<(), Fault> {
    let came = Arc::new(came);
    match taken(ctx, mailbox, key, &came).await {
        Ok(()) => Ok(()),
        // The database or the disk is away: the letter waits at the server.
        Err(fault) if matches!(fault.kind(), FaultKind::Busy) => Err(fault),
        Err(fault) if fault.code() == "duplicate" => {
            // The same letter twice side by side: the other is in.
            taken(ctx, mailbox, key, &came).await
        }
        Err(fault) if came.forced => Err(fault),
        Err(fault) => {
            tracing::warn!(mailbox = %mailbox.id, uid = came.place.1, %fault, "a letter was set aside");
            match set_aside(ctx, mailbox, &came, &code(&fault)).await {
                // Another look was faster.
                Err(fault) if fault.code() == "duplicate" => Ok(()),
                kept => kept,
            }
        }
    }
}

async fn taken(ctx: &Ctx, mailbox: &Mailbox, key: &Arc<ThreadKey>, came: &Arc<Came>) -> Result<(), Fault> {
    let input = (mailbox.clone(), Arc::clone(came), Arc::clone(key), ctx.now());
    let plan = ctx.read(input, |tx, (mailbox, came, key, now)| Box::pin(plan(tx, mailbox, came, key, *now))).await?;
    let Some(plan) = plan else { return Ok(()) };
    let raw = ctx.house.files.prepare_letter(came.raw.clone(), &format!("{}.eml", came.subject(ctx))).await?;
    let mut row = came.row(ctx, mailbox, State::Case, None);
    let own = came.acting(ctx);
    match plan {
        Plan::Keep(state, why) => {
            row.state = state;
            row.why = why.map(str::to_owned);
            keep(ctx, row, came, Some(raw)).await
        }
        Plan::Bounced(bounce, message) => {
            row.state = State::Bounce;
            row.why = Some(
                if message.is_none() {
                    "bounce_unknown"
                } else if bounce.permanent {
                    "bounce"
                } else {
                    "bounce_delayed"
                }
                .to_owned(),
            );
            row.detail = Some(bounce.reason.clone()).filter(|reason| !reason.is_empty());
            bounced(ctx, row, came, raw, bounce, message).await
        }
        Plan::Answer(case) => {
            let (files, left_out) = attachments(ctx, came).await?;
            row.state = State::Answer;
            row.case = Some(case);
            let rules = cases::app::answer_rules(ctx).await?;
            let body = came.body(ctx, &left_out, true);
            answer(&own, mailbox, row, came, raw, (body, files, rules)).await
        }
        Plan::New(customer, doubt) => {
            let (files, left_out) = attachments(ctx, came).await?;
            if let Some((why, named)) = doubt {
                row.why = Some(why.to_owned());
                row.detail = named;
            }
            let from = came.letter.from.as_ref();
            let letter = NewLetter {
                store: mailbox.store,
                customer,
                name: own.actor.name.to_string(),
                address: from.map(|from| from.address.clone()).unwrap_or_default(),
                written_to: mailbox.address.clone(),
                subject: came.subject(ctx),
                body: came.body(ctx, &left_out, false),
                happened_at: came.happened_at(ctx.now()),
                files,
            };
            let ready = cases::app::ready_letter(&own, letter).await?;
            row.case = Some(ready.id());
            let thread = came.begins(&mailbox.address, key, ready.number(), ctx);
            begin(&own, row, came, raw, ready, thread).await
        }
    }
}

/// Decides what becomes of the letter; none when it is in already.
async fn plan(
    tx: &mut Tx,
    mailbox: &Mailbox,
    came: &Came,
    key: &ThreadKey,
    now: Timestamp,
) -> Result<Option<Plan>, Fault> {
    let known = store::at(tx, mailbox.id, came.place).await?;
    if known.is_some_and(|row| row.state != State::SetAside || !came.forced) {
        return Ok(None);
    }
    if store::by_digest(tx, &came.digests.letter).await?.is_some() {
        return Ok(Some(Plan::Keep(State::Duplicate, Some("copy"))));
    }
    let letter = &came.letter;
    let claims = key.claims(letter);
    if let Sort::Bounce(bounce) = &letter.sort {
        let message = undelivered(tx, key, bounce, letter).await?;
        return Ok(Some(Plan::Bounced(bounce.clone(), message)));
    }
    let own = match &letter.from {
        Some(from) => is_own(tx, &from.address).await?,
        None => false,
    };
    if !came.forced {
        let why = match &letter.sort {
            _ if own => Some("loop"),
            Sort::Automatic(Automatic::Reply) => Some("reply"),
            Sort::Automatic(Automatic::Vacation) => Some("vacation"),
            Sort::Automatic(Automatic::Bulk) => Some("bulk"),
            Sort::Automatic(Automatic::Loop) => Some("loop"),
            Sort::Person | Sort::Bounce(_) => None,
        };
        if why.is_some() {
            return Ok(Some(Plan::Keep(State::Automatic, why)));
        }
    }
    let sender = came.digests.sender.as_deref();
    if let Some(sender) = sender.filter(|_| !came.forced) {
        let since = now.plus(-HOUR);
        if store::came_since(tx, mailbox.id, sender, since, 2 * PER_HOUR).await? >= PER_HOUR {
            return Ok(Some(Plan::Keep(State::SetAside, Some("flood"))));
        }
    }
    let thread = thread_of(tx, &claims, sender, letter).await?;
    if let Some(case) = thread.case {
        return Ok(Some(Plan::Answer(case)));
    }
    let Some(sender) = sender else {
        let anonymous = Plan::New(None, Some(("no_sender", None)));
        return Ok(Some(if came.forced { anonymous } else { Plan::Keep(State::SetAside, Some("no_sender")) }));
    };
    let earlier = store::case_of_sender(tx, mailbox.id, sender).await?;
    let customer = match earlier {
        Some(case) => cases::store::get(tx, case).await?.and_then(|case| case.customer),
        None => None,
    };
    let forged = claims.iter().find_map(|claim| match claim {
        Claim::Forged(number) => Some(("forged", Some(number.clone()))),
        Claim::Tag(_) | Claim::Ours(..) | Claim::Letter(_) => None,
    });
    let doubt = thread.stranger.map(|number| ("stranger", Some(number))).or(forged);
    Ok(Some(Plan::New(customer, doubt)))
}

/// True for the addresses that we write from and are written to: a letter from there is one of ours on its way round.
async fn is_own(tx: &mut Tx, address: &str) -> Result<bool, Fault> {
    if store::is_own(tx, address).await? {
        return Ok(true);
    }
    let from = messaging::setup::mail(tx).await?.setup.from.to_lowercase();
    Ok(from == address || from.ends_with(&format!("<{address}>")))
}

/// The case that the letter's claims lead to: by a right tag, by the Message-ID of ours with its token, or by an earlier letter of
/// the same sender. A tag is seen by everybody to whom a letter is forwarded, so it counts only from those who take part.
async fn thread_of(tx: &mut Tx, claims: &[Claim], sender: Option<&str>, letter: &Letter) -> Result<Thread, Fault> {
    let mut thread = Thread::default();
    for claim in claims {
        let found = match claim {
            Claim::Tag(number) => cases::store::id_of_number(tx, number).await?,
            Claim::Ours(id, token) => messaging::answered(tx, Id::new(*id), token)
                .await?
                .filter(|(kind, _)| kind == cases::app::RECORD)
                .map(|(_, id)| Id::new(id)),
            Claim::Letter(id) => match sender {
                Some(sender) => store::case_of_message(tx, &identity::digest(id), sender).await?,
                None => None,
            },
            Claim::Forged(_) => None,
        };
        let Some(case) = found else { continue };
        if takes_part(tx, case, sender, letter).await? {
            thread.case = Some(case);
            return Ok(thread);
        }
        if thread.stranger.is_none() {
            thread.stranger = cases::store::get(tx, case).await?.map(|case| case.number);
        }
    }
    Ok(thread)
}

/// True when the sender has written in the case, or a mail about it went to this address.
async fn takes_part(tx: &mut Tx, case: Id<of::Case>, sender: Option<&str>, letter: &Letter) -> Result<bool, Fault> {
    let (Some(sender), Some(from)) = (sender, &letter.from) else { return Ok(false) };
    if store::wrote_in(tx, case, sender).await? {
        return Ok(true);
    }
    let record = RecordRef::new(cases::app::RECORD, case);
    Ok(messaging::sent_to(tx, &record, &from.address).await?.is_some())
}

/// Our message that did not arrive, as far as the report proves that it is ours: anybody can write a report.
async fn undelivered(
    tx: &mut Tx,
    key: &ThreadKey,
    bounce: &Bounce,
    letter: &Letter,
) -> Result<Option<Id<messaging::Message>>, Fault> {
    if let Some((id, token)) = bounce.message_id.as_deref().and_then(letters::own_message_id)
        && messaging::answered(tx, Id::new(id), &token).await?.is_some()
    {
        return Ok(Some(Id::new(id)));
    }
    let text = format!("{}\n{}", letter.words.said, letter.words.quoted);
    for number in key.numbers_in(&text) {
        let Some(case) = cases::store::id_of_number(tx, &number).await? else { continue };
        let Some(whom) = &bounce.whom else { continue };
        if let Some(id) = messaging::sent_to(tx, &RecordRef::new(cases::app::RECORD, case), whom).await? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

impl Came {
    fn row(&self, ctx: &Ctx, mailbox: &Mailbox, state: State, why: Option<&str>) -> LetterRow {
        let letter = &self.letter;
        let tamed: Vec<&str> = letter.tamed.iter().map(|tamed| tamed.as_str()).collect();
        LetterRow {
            id: ctx.house.ids.next(),
            mailbox: mailbox.id,
            state,
            why: why.map(str::to_owned),
            detail: None,
            tamed: (!tamed.is_empty()).then(|| tamed.join(" ")),
            case: None,
            store: mailbox.store,
            from_name: letter.from.as_ref().map(|from| from.name.clone()).unwrap_or_default(),
            from_address: letter.from.as_ref().map(|from| from.address.clone()).unwrap_or_default(),
            subject: letter.subject.clone(),
            written_at: letter.written_at.map(Timestamp::from_millis),
            received_at: ctx.now(),
            size: i64::try_from(self.raw.len()).unwrap_or(i64::MAX),
            place: self.place,
        }
    }

    /// The request with the sender as its actor, so that the journal names who wrote.
    fn acting(&self, ctx: &Ctx) -> Ctx {
        let from = self.letter.from.as_ref();
        let name = from.map(|from| if from.name.is_empty() { local(&from.address) } else { from.name.clone() });
        let name: String = name.unwrap_or_default().chars().take(NAME).collect();
        let name = if name.trim().is_empty() { web::text(ctx.locale, "mail-no-name", &[]) } else { name };
        let mut own = ctx.clone();
        own.actor = Actor::customer(&name);
        own
    }

    fn subject(&self, ctx: &Ctx) -> String {
        if self.letter.subject.is_empty() {
            web::text(ctx.locale, "mail-no-subject", &[])
        } else {
            self.letter.subject.clone()
        }
    }

    /// What the case shows: the words, and which files did not come in.
    fn body(&self, ctx: &Ctx, left_out: &[String], needed: bool) -> String {
        let mut body = self.letter.words.said.clone();
        if body.trim().is_empty() && needed {
            body = web::text(ctx.locale, "mail-no-words", &[]);
        }
        if !left_out.is_empty() {
            let names = left_out.join("、");
            let said = web::text(ctx.locale, "mail-left-out", &[("names", web::Arg::to_fluent(&names))]);
            body = format!("{body}\n\n{said}").trim().to_owned();
        }
        body
    }

    /// When it was written, as far as that can be: not after it came, not long before.
    fn happened_at(&self, now: Timestamp) -> Timestamp {
        let written = self.letter.written_at.map(Timestamp::from_millis);
        written.filter(|written| *written <= now && now.since(*written) <= LATE).unwrap_or(now)
    }

    fn begins(&self, reply_to: &str, key: &ThreadKey, number: &str, ctx: &Ctx) -> messaging::Thread {
        messaging::Thread {
            subject: self.subject(ctx),
            tag: key.tag(number),
            token: key.token(number),
            reply_to: reply_to.to_owned(),
            in_reply_to: self.letter.message_id.clone(),
            earlier: self.letter.references.clone(),
        }
    }
}

fn local(address: &str) -> String {
    address.split('@').next().unwrap_or_default().to_owned()
}

/// The attachments that may come in, and the names of those that may not.
async fn attachments(ctx: &Ctx, came: &Came) -> Result<(NewFiles, Vec<String>), Fault> {
    let (mut prepared, mut left_out): (Vec<Prepared>, Vec<String>) = (Vec::new(), Vec::new());
    for attachment in &came.letter.attachments {
        let bytes = attachment.bytes.clone().filter(|_| prepared.len() < FILES);
        let Some(bytes) = bytes else {
            left_out.push(attachment.name.clone());
            continue;
        };
        match ctx.house.files.prepare(bytes, None, &attachment.name).await {
            Ok(file) => prepared.push(file),
            Err(fault) if matches!(fault.kind(), FaultKind::Busy | FaultKind::Internal) => return Err(fault),
            Err(_refused) => left_out.push(attachment.name.clone()),
        }
    }
    Ok((NewFiles { prepared, uploads: Vec::new() }, left_out))
}

/// Writes the letter's row, or settles the one that was set aside; false when it is in already.
async fn write_row(work: &mut Work<'_>, row: &LetterRow, came: &Came, raw: Option<&Prepared>) -> Result<bool, Fault> {
    let known = store::at(work.tx, row.mailbox, row.place).await?;
    let row = match known {
        Some(known) if came.forced && known.state == State::SetAside => {
            return Ok(store::settle(work.tx, &LetterRow { id: known.id, ..row.clone() }, &came.digests).await?);
        }
        Some(_) => return Ok(false),
        None => row,
    };
    store::insert_letter(work.tx, row, &came.digests).await?;
    if let Some(raw) = raw {
        let record = RecordRef::new(LETTER, row.id);
        files::attach(work.tx, &work.ctx.house.ids, raw, &NewFile::of(record, Some(row.store), None, work.now)).await?;
    }
    Ok(true)
}

fn kept(row: &LetterRow) -> Event {
    Event::new(RecordRef::new(LETTER, row.id), "letter.kept", row.place())
        .quietly()
        .change("letter_state", None, Some(row.state.as_str().to_owned()))
        .change("why", None, row.why.clone())
}

async fn keep(ctx: &Ctx, row: LetterRow, came: &Arc<Came>, raw: Option<Prepared>) -> Result<(), Fault> {
    ctx.write((row, Arc::clone(came), raw), |work, (row, came, raw)| {
        Box::pin(async move {
            if !write_row(work, row, came, raw.as_ref()).await? {
                return Ok(work.unchanged(()));
            }
            work.record(kept(row)).await
        })
    })
    .await
}

async fn bounced(
    ctx: &Ctx,
    row: LetterRow,
    came: &Arc<Came>,
    raw: Prepared,
    bounce: Bounce,
    message: Option<Id<messaging::Message>>,
) -> Result<(), Fault> {
    ctx.write((row, Arc::clone(came), raw, bounce, message), |work, (row, came, raw, bounce, message)| {
        Box::pin(async move {
            if !write_row(work, row, came, Some(raw)).await? {
                return Ok(work.unchanged(()));
            }
            if let Some(message) = message.filter(|_| bounce.permanent) {
                messaging::bounced(work.tx, &work.ctx.house.ids, message, &bounce.reason, work.now).await?;
                work.wake();
            }
            work.record(kept(row)).await
        })
    })
    .await
}

async fn begin(
    own: &Ctx,
    row: LetterRow,
    came: &Arc<Came>,
    raw: Prepared,
    ready: ReadyLetter,
    thread: messaging::Thread,
) -> Result<(), Fault> {
    own.write((row, Arc::clone(came), raw, ready, thread), |work, (row, came, raw, ready, thread)| {
        Box::pin(async move {
            if !write_row(work, row, came, Some(raw)).await? {
                return Ok(work.unchanged(()));
            }
            // Before the case is there, so that its receipt is in the thread already.
            let record = RecordRef::new(cases::app::RECORD, ready.id());
            messaging::keep_thread(work.tx, &record, thread, work.now).await?;
            Ok(cases::app::take_in_letter(work, ready).await?.map(|_taken| ()))
        })
    })
    .await
}

async fn answer(
    own: &Ctx,
    mailbox: &Mailbox,
    row: LetterRow,
    came: &Arc<Came>,
    raw: Prepared,
    said: (String, NewFiles, AnswerRules),
) -> Result<(), Fault> {
    let input = (row, Arc::clone(came), raw, said, mailbox.address.clone());
    own.write(input, |work, (row, came, raw, (body, files, rules), reply_to)| {
        Box::pin(async move {
            if !write_row(work, row, came, Some(raw)).await? {
                return Ok(work.unchanged(()));
            }
            let case = row.case.ok_or_else(Fault::not_found)?;
            let done = cases::app::answer_by_letter(work, case, body, files, rules).await?;
            follow(work, case, came, reply_to).await?;
            Ok(done.map(|_answered| ()))
        })
    })
    .await
}

/// The next mail of ours answers this letter.
async fn follow(work: &mut Work<'_>, case: Id<of::Case>, came: &Came, reply_to: &str) -> Result<(), Fault> {
    let record = RecordRef::new(cases::app::RECORD, case);
    let Some(mut thread) = messaging::thread_of(work.tx, &record).await? else { return Ok(()) };
    if came.letter.message_id.is_none() {
        return Ok(());
    }
    thread.earlier.extend(thread.in_reply_to.take());
    thread.in_reply_to = came.letter.message_id.clone();
    thread.reply_to = reply_to.to_owned();
    Ok(messaging::keep_thread(work.tx, &record, &thread, work.now).await?)
}

/// What a fault says in a word or two, for those who look for its cause.
fn code(fault: &Fault) -> String {
    match fault.fields().iter().next() {
        Some(field) => format!("{}: {}", field.field, field.code),
        None => fault.code().to_owned(),
    }
}

/// Keeps a letter that could not be taken in; a person tries again.
async fn set_aside(ctx: &Ctx, mailbox: &Mailbox, came: &Arc<Came>, code: &str) -> Result<(), Fault> {
    let raw = ctx.house.files.prepare_letter(came.raw.clone(), "letter.eml").await.ok();
    let mut row = came.row(ctx, mailbox, State::SetAside, Some("refused"));
    row.detail = Some(code.to_owned());
    keep(ctx, row, came, raw).await
}

/// Keeps that a letter came which is too large to be fetched; it stays at the server.
pub(super) async fn keep_too_large(
    ctx: &Ctx,
    mailbox: &Mailbox,
    place: (i64, i64),
    head: &[u8],
    size: i64,
) -> Result<(), Fault> {
    let came = Arc::new(Came::read(place, head.to_vec()));
    let known = ctx
        .read((mailbox.id, place), |tx, (id, place)| {
            Box::pin(async move { Ok(store::at(tx, *id, *place).await?.is_some()) })
        })
        .await?;
    if known {
        return Ok(());
    }
    let row = LetterRow { size, ..came.row(ctx, mailbox, State::SetAside, Some("too_large")) };
    keep(ctx, row, &came, None).await
}
