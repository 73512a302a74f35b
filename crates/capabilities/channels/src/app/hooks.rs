//! What chat tools and shops tell: a message with a signature becomes a case or goes on with one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use capability::{Ctx, Pace};
use cases::app::files::NewFiles;
use cases::app::{ChatRules, ChatTaken, NewChat, ReadyChat};
use cases::domain::Kind as CaseKind;
use cases::store::Chat;
use kernel::{Actor, Fault, FaultKind, FieldErrors, Id, of};
use parties::domain::{Phone, text};

use super::register::event as channel_event;
use crate::store::{self, Channel};

/// The largest message with its attachments, in bytes.
pub const LARGEST: usize = 8 * 1024 * 1024;
/// The largest attachment once it is decoded, in bytes, and the most of them.
const ATTACHMENT: usize = 2 * 1024 * 1024;
const ATTACHMENTS: usize = 5;
/// Longest text, subject, name and keys, in characters.
const TEXT: usize = 4_000;
const SUBJECT: usize = 200;
const NAME: usize = 60;
const KEY: usize = 100;
const CONVERSATION: usize = 200;
const LINK: usize = 500;
/// So many messages of one channel at once, then ten a second.
const PACE: Pace = Pace { burst: 600, every: 100 };

/// Something that came with a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// Its content in base64.
    pub content: Option<String>,
    /// Where the other side keeps it; nothing is fetched.
    pub url: Option<String>,
}

/// A message as the other side tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Its key on the other side; the same key is the same message.
    pub id: String,
    /// What the other side calls the conversation.
    pub conversation: String,
    /// How the writer is called.
    pub name: String,
    /// The writer's telephone, if it is known.
    pub phone: String,
    /// inquiry, feedback, complaint …; feedback when left out.
    pub kind: Option<String>,
    /// In a few words; the first words of the text when left out.
    pub subject: String,
    /// What was written.
    pub text: String,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

/// Where a message went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// The case.
    pub case: Id<of::Case>,
    /// What people call it.
    pub number: String,
    /// It went on with a case that was there.
    pub continued: bool,
    /// The same message had come before.
    pub existed: bool,
}

/// Lets one more message of the channel `code` through.
///
/// # Errors
/// `too-many` (429) with the seconds to wait; it leaves a trace on the channel.
pub async fn hold_off(ctx: &Ctx, code: &str) -> Result<(), Fault> {
    let key: String = format!("hook:{code}").chars().take(80).collect();
    let Err(fault) = ctx.house.gate.pass_at(&key, ctx.now(), PACE) else { return Ok(()) };
    let found =
        ctx.read(code.to_owned(), |tx, code| Box::pin(async move { Ok(store::by_code(tx, code).await?) })).await?;
    if let Some(channel) = found {
        super::flooded(ctx, channel.id).await?;
    }
    Err(fault)
}

struct Checked {
    id: String,
    new: NewChat,
}

/// Takes a message in that `channel` brought and whose signature holds; the same message again changes nothing.
///
/// # Errors
/// `invalid` with the fields.
pub async fn hear(ctx: &Ctx, channel: &Channel, message: Message) -> Result<Came, Fault> {
    let Checked { id, new } = check(ctx, channel, message).await?;
    let mut own = ctx.clone();
    own.actor = Actor::customer(&new.name);
    own.session = None;
    let rules = cases::app::chat_rules(&own).await?;
    let mut ready = None;
    if !cases::app::goes_on(&own, &new.chat).await? {
        ready = Some(cases::app::ready_chat(&own, &new).await.map_err(as_told)?);
    }
    // A case that goes on may end between the look and the write, and the same message may come twice at once; then it is
    // written anew.
    for _ in 0..3 {
        let input = (channel.clone(), id.clone(), new.clone(), ready, rules.clone());
        match write(&own, input).await {
            Ok(Some(came)) => return Ok(came),
            Ok(None) => {}
            Err(fault) if fault.kind() == FaultKind::Conflict && fault.code() == "duplicate" => {}
            Err(fault) => return Err(fault),
        }
        ready = Some(cases::app::ready_chat(&own, &new).await.map_err(as_told)?);
    }
    Err(Fault::busy("the conversation changes while it is written"))
}

type Input = (Channel, String, NewChat, Option<ReadyChat>, ChatRules);

async fn write(own: &Ctx, input: Input) -> Result<Option<Came>, Fault> {
    let written = own
        .write(input, |work, (channel, id, new, ready, rules)| {
            Box::pin(async move {
                if let Some((case, number)) = store::message_case(work.tx, channel.id, id).await? {
                    return Ok(work.unchanged(Some((ChatTaken { case, number, continued: true }, true))));
                }
                let Some(taken) = cases::app::take_chat(work, new, ready.as_ref(), rules).await? else {
                    return Ok(work.unchanged(None));
                };
                let taken = taken.into_value();
                store::keep_message(work.tx, channel.id, id, taken.case, work.now).await?;
                Ok(work.unchanged(Some((taken, false))))
            })
        })
        .await;
    let found: Option<(ChatTaken, bool)> = written?;
    Ok(found.map(|(ChatTaken { case, number, continued }, existed)| Came { case, number, continued, existed }))
}

/// What was sent, checked; what is attached is stored.
async fn check(ctx: &Ctx, channel: &Channel, message: Message) -> Result<Checked, Fault> {
    let mut errors = FieldErrors::default();
    let id = text::required_line(&mut errors, "id", &message.id, KEY);
    let conversation = text::required_line(&mut errors, "conversation", &message.conversation, CONVERSATION);
    let name = text::optional_line(&mut errors, "from.name", Some(&message.name), NAME).unwrap_or_default();
    let subject = text::optional_line(&mut errors, "subject", Some(&message.subject), SUBJECT).unwrap_or_default();
    let mut body = text::optional(&mut errors, "text", Some(&message.text), TEXT).unwrap_or_default();
    let kind = match message.kind.as_deref().map(str::trim).filter(|kind| !kind.is_empty()) {
        None => CaseKind::Feedback,
        Some(word) => CaseKind::parse(word).unwrap_or_else(|| {
            errors.add("kind", "unknown");
            CaseKind::Feedback
        }),
    };
    if message.attachments.len() > ATTACHMENTS {
        errors.add_with("attachments", "cases-too-many", vec![("max", ATTACHMENTS.to_string())]);
    }
    if body.is_empty() && message.attachments.is_empty() {
        errors.add("text", "required");
    }
    // A number that is none of ours to read is no reason to lose the message.
    let phone = Phone::parse(&message.phone).map(|phone| phone.digits().to_owned()).unwrap_or_default();
    errors.check()?;
    let mut errors = FieldErrors::default();
    let mut files = NewFiles::default();
    for attachment in message.attachments {
        let name = text::optional_line(&mut errors, "attachments", Some(&attachment.name), 120).unwrap_or_default();
        match (attachment.content, attachment.url) {
            (Some(content), _) => {
                let Some(bytes) = decoded(&content) else {
                    errors.add("attachments", "channels-hook-base64");
                    continue;
                };
                if bytes.len() > ATTACHMENT {
                    errors.add_with("attachments", "channels-hook-large", vec![("max", "2".to_owned())]);
                    continue;
                }
                // A file that is no good is said in the text; the words are not lost for it.
                match ctx.house.files.prepare(bytes, None, &name).await {
                    Ok(file) => files.prepared.push(file),
                    Err(fault) => body.push_str(&noted("channels-hook-refused", &name, fault.code())),
                }
            }
            (None, Some(url)) => {
                let url = url.trim();
                let fits = url.starts_with("https://") || url.starts_with("http://");
                if fits && url.chars().count() <= LINK && !url.contains(char::is_whitespace) {
                    body.push_str(&noted("channels-hook-link", &name, url));
                } else {
                    errors.add("attachments", "url");
                }
            }
            (None, None) => errors.add("attachments", "required"),
        }
    }
    errors.check()?;
    let chat = Chat { channel: channel.id, conversation };
    let new = NewChat { store: channel.store, chat, kind, name, phone, subject, body: body.trim().to_owned(), files };
    let new = NewChat { name: named(&new.name, &new.phone), ..new };
    Ok(Checked { id, new })
}

/// A customer with a telephone has a file, and a file has a name.
fn named(name: &str, phone: &str) -> String {
    let tail = phone.get(phone.len().saturating_sub(4)..).unwrap_or_default();
    if name.is_empty() && !phone.is_empty() { format!("顾客 {tail}") } else { name.to_owned() }
}

fn noted(key: &str, name: &str, what: &str) -> String {
    let args = [("name", name.to_owned().into()), ("what", what.to_owned().into())];
    format!("\n{}", web::text(web::Locale::ZhCn, key, &args))
}

fn decoded(content: &str) -> Option<Vec<u8>> {
    let content: String = content.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(content).ok()
}

/// The fields of an intake as the other side calls them.
fn as_told(fault: Fault) -> Fault {
    if fault.fields().is_empty() {
        return fault;
    }
    let mut errors = FieldErrors::default();
    for error in fault.fields().iter() {
        let field = if error.field == "body" { "text" } else { error.field.as_str() };
        errors.add_with(field, error.code, error.args.clone());
    }
    Fault::invalid(errors)
}

/// Where the channel `id` is answered; `None` takes the callback away.
///
/// # Errors
/// `not-found`; `forbidden`; the field `callback` with `url` or `private-host`.
pub async fn set_callback(ctx: &Ctx, id: Id<of::Channel>, url: Option<String>) -> Result<(), Fault> {
    let channel = super::get(ctx, id).await?;
    if !ctx.actor.may(super::EDIT, &channel) {
        return Err(Fault::forbidden());
    }
    if channel.kind != crate::domain::Kind::Webhook {
        return Err(Fault::not_found());
    }
    let url = url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty());
    if let Some(url) = &url {
        if url.chars().count() > LINK {
            return Err(Fault::field("callback", "url"));
        }
        ctx.house.providers.check_callback("callback", url)?;
    }
    ctx.write((id, url), |work, (id, url)| {
        Box::pin(async move {
            let channel = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let before = store::hook_of(work.tx, *id).await?.callback;
            if before == *url {
                return Ok(work.unchanged(()));
            }
            store::save_callback(work.tx, *id, url.as_deref()).await?;
            work.record(channel_event(&channel, "channel.callback_set").change("callback", before, url.clone())).await
        })
    })
    .await
}

/// What is known of the hooks of a channel.
///
/// # Errors
/// `not-found`.
pub async fn hook(ctx: &Ctx, id: Id<of::Channel>) -> Result<store::HookState, Fault> {
    super::get(ctx, id).await?;
    ctx.read(id, |tx, id| Box::pin(async move { Ok(store::hook_of(tx, *id).await?) })).await
}
