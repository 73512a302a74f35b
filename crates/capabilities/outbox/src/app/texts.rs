use capability::{Ctx, Event};
use kernel::{Fault, Money, RecordRef, Timestamp};
use messaging::{Channel, TEMPLATES, Template, Wording, WordingVersion, billed, check_wording};

use crate::permissions::TEMPLATES_EDIT;

/// The word for words of messages in the journal.
const RECORD: &str = "message_template";
/// Versions that a page shows.
const VERSIONS: i64 = 20;

/// Which words: for what, how they go, in which language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextKey {
    /// For what.
    pub template: Template,
    /// SMS or mail; a text for WeChat has the words of the mail.
    pub channel: Channel,
    /// In which language.
    pub locale: web::Locale,
}

impl TextKey {
    /// Reads the three words of an address.
    ///
    /// # Errors
    /// `not-found`.
    pub fn parse(code: &str, channel: &str, locale: &str) -> Result<Self, Fault> {
        let template = TEMPLATES.iter().find(|template| template.code == code).copied();
        let channel = Channel::parse(channel).filter(|channel| *channel != Channel::WechatCopy);
        let locale = web::Locale::ALL.into_iter().find(|known| known.as_str() == locale);
        match (template, channel, locale) {
            (Some(template), Some(channel), Some(locale)) => Ok(Self { template, channel, locale }),
            _ => Err(Fault::not_found()),
        }
    }
    /// All of them, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        let of = |template: &Template| {
            let template = *template;
            [Channel::Sms, Channel::Mail].into_iter().flat_map(move |channel| {
                web::Locale::ALL.into_iter().map(move |locale| Self { template, channel, locale })
            })
        };
        TEMPLATES.iter().flat_map(of)
    }
    /// The address of its page.
    pub fn href(&self) -> String {
        format!("/settings/templates/{}/{}/{}", self.template.code, self.channel.as_str(), self.locale)
    }
    /// Its name in the journal. The id is made from the three words, so that it stays whatever else is added.
    pub(crate) fn record(&self) -> RecordRef {
        let name = format!("{}/{}/{}", self.template.code, self.channel.as_str(), self.locale);
        // FNV-1a, cut to what JavaScript can count.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        RecordRef { kind: RECORD, id: i64::try_from(hash >> 12).unwrap_or(0) }
    }
}

/// The words that count now.
#[derive(Debug, Clone)]
pub struct Text {
    /// Which.
    pub key: TextKey,
    /// The words.
    pub wording: Wording,
    /// Who changed them last, and when; nobody for the shipped ones.
    pub changed: Option<(String, Timestamp)>,
    /// How it reads, filled with an example.
    pub shown: Shown,
}

/// A text filled with an example, with what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Mail only.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Characters of the text.
    pub characters: usize,
    /// SMS parts; 0 for mail.
    pub segments: i64,
    /// What the parts cost.
    pub cost: Money,
}

/// Words that somebody wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Mail only.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// What the example is filled with: as long as the real ones are.
fn example(ctx: &Ctx, locale: web::Locale) -> Vec<(&'static str, String)> {
    let directory = ctx.house.identity.directories().now();
    let store = directory.stores().next().map(|store| store.name_in(locale.as_str()).to_owned());
    let base = ctx.house.customer_url().unwrap_or_else(|| "https://service.example.com".to_owned());
    let word = |key: &str| web::text(locale, &format!("messaging-example-{key}"), &[]);
    vec![
        ("number", "FW20261122-0031".to_owned()),
        ("store", store.unwrap_or_else(|| word("store"))),
        ("link", format!("{base}/c/{}", "0123456789abcdefABCDEF")),
        ("name", word("name")),
        ("subject", word("subject")),
        ("text", word("text")),
    ]
}

fn shown(ctx: &Ctx, key: &TextKey, wording: &Wording, signature: &str, fen: i64) -> Result<Shown, Fault> {
    let text = wording.render(key.channel, &example(ctx, key.locale))?;
    let segments = if key.channel == Channel::Sms { billed(&text.body, signature) } else { 0 };
    Ok(Shown {
        characters: text.body.chars().count(),
        segments,
        cost: Money::from_fen(segments.saturating_mul(fen)),
        subject: text.subject,
        body: text.body,
    })
}

/// All words with how they read.
///
/// # Errors
/// What the database says.
pub async fn texts(ctx: &Ctx) -> Result<Vec<Text>, Fault> {
    ctx.read(ctx.clone(), |tx, ctx| {
        Box::pin(async move {
            let sms = messaging::setup::sms(tx).await?.setup;
            let mut texts = Vec::new();
            for key in TextKey::all() {
                let newest = messaging::versions(tx, &key.template, key.channel, key.locale.as_str(), 1).await?.pop();
                let (wording, changed) = match newest {
                    Some(version) => (version.wording, Some((version.changed_by, version.changed_at))),
                    None => (Wording::shipped(&key.template, key.channel, key.locale.as_str())?, None),
                };
                let shown = shown(ctx, &key, &wording, &sms.signature, sms.fen_per_segment)?;
                texts.push(Text { key, wording, changed, shown });
            }
            Ok(texts)
        })
    })
    .await
}

/// One text with its earlier versions, newest first; the shipped one is the last.
///
/// # Errors
/// What the database says.
pub async fn text_of(ctx: &Ctx, key: TextKey) -> Result<(Text, Vec<WordingVersion>), Fault> {
    ctx.read((ctx.clone(), key), |tx, (ctx, key)| {
        Box::pin(async move {
            let sms = messaging::setup::sms(tx).await?.setup;
            let locale = key.locale.as_str();
            let versions = messaging::versions(tx, &key.template, key.channel, locale, VERSIONS).await?;
            let (wording, changed) = match versions.first() {
                Some(version) => (version.wording.clone(), Some((version.changed_by.clone(), version.changed_at))),
                None => (Wording::shipped(&key.template, key.channel, locale)?, None),
            };
            let shown = shown(ctx, key, &wording, &sms.signature, sms.fen_per_segment)?;
            Ok((Text { key: *key, wording, changed, shown }, versions))
        })
    })
    .await
}

fn checked(key: &TextKey, draft: &Draft) -> Result<(), Fault> {
    check_wording(&key.template, key.channel, &draft.subject, &draft.body).check()
}

/// How a draft would read, and what it would cost.
///
/// # Errors
/// The fields `subject` and `body`.
pub async fn preview(ctx: &Ctx, key: TextKey, draft: Draft) -> Result<Shown, Fault> {
    checked(&key, &draft)?;
    let sms = ctx.read((), |tx, ()| Box::pin(async move { Ok(messaging::setup::sms(tx).await?.setup) })).await?;
    let wording = Wording { subject: draft.subject, body: draft.body, version: 0 };
    shown(ctx, &key, &wording, &sms.signature, sms.fen_per_segment)
}

/// Makes the draft the next version of the words, based on the one numbered `version`; its number.
///
/// # Errors
/// The fields `subject` and `body`; stale when somebody was faster.
pub async fn change(ctx: &Ctx, key: TextKey, version: i64, draft: Draft) -> Result<i64, Fault> {
    checked(&key, &draft)?;
    ctx.write((key, version, draft), |work, (key, version, draft)| {
        Box::pin(async move {
            let place = super::company(work.ctx)?;
            work.require(TEMPLATES_EDIT, &place)?;
            let locale = key.locale.as_str();
            let before = messaging::wording(work.tx, &key.template, key.channel, locale).await?;
            let wording = Wording { subject: draft.subject.clone(), body: draft.body.clone(), version: *version };
            if before == wording {
                return Ok(work.unchanged(*version));
            }
            let by = work.ctx.actor.name.to_string();
            let new = WordingVersion { wording, changed_by: by, changed_at: work.now };
            let made = messaging::save_wording(work.tx, &key.template, key.channel, locale, &new).await?;
            let event = Event::new(key.record(), "message_template.changed", place)
                .quietly()
                .change("version", Some(version.to_string()), Some(made.to_string()))
                .change("message_subject", Some(before.subject), Some(draft.subject.clone()))
                .change("message_body", Some(before.body), Some(draft.body.clone()));
            Ok(work.record(event).await?.with(made))
        })
    })
    .await
}
