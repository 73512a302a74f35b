//! Telling: the one call that other crates make.

use std::collections::{BTreeMap, BTreeSet};

use capability::Work;
use kernel::{ActorKind, Fault, Id, Place, RecordRef, Timestamp, of};
use messaging::{Channel, NewMessage, QuietHours};
use web::{LiveEvent, Locale};

use crate::kind::{self, Kind};
use crate::store::{self, Choice, NewNotice};

/// What somebody is told: a kind of [`crate::KINDS`], the record that it is about, and the words of its text.
///
/// All texts know the words `number`, `subject`, `who` and `text`; what is not given stays empty, `who` is the actor.
#[derive(Debug, Clone)]
pub struct Notice {
    kind: &'static str,
    record: RecordRef,
    href: String,
    words: BTreeMap<&'static str, String>,
    mailed: BTreeSet<Id<of::User>>,
}

impl Notice {
    /// A notice of `kind` about `record`; leads to `/<kind>s/<id>` unless [`Notice::at`] says otherwise.
    pub fn new(kind: &'static str, record: RecordRef) -> Self {
        let href = format!("/{}s/{}", record.kind, record.id);
        Self { kind, record, href, words: BTreeMap::new(), mailed: BTreeSet::new() }
    }
    /// Leads to `href`, a path of this program.
    #[must_use]
    pub fn at(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }
    /// `user` got a mail about the same already, so no mail of this one goes to them.
    #[must_use]
    pub fn mailed(mut self, user: Id<of::User>) -> Self {
        self.mailed.insert(user);
        self
    }
    /// Names the case, task or request: `number`.
    #[must_use]
    pub fn number(self, number: &str) -> Self {
        self.word("number", number)
    }
    /// What it is about in a few words: `subject`.
    #[must_use]
    pub fn subject(self, subject: &str) -> Self {
        self.word("subject", subject)
    }
    /// What somebody wrote or what is due: `text`.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.word("text", text)
    }
    /// The same by the key of a text, so that each reads it in their own language; stands before what was written.
    #[must_use]
    pub fn said(self, key: &str) -> Self {
        self.word("text_key", key)
    }
    /// When it is due; stands behind what was written.
    #[must_use]
    pub fn due(self, due: Timestamp) -> Self {
        self.word("due", &due.millis().to_string())
    }
    /// Who did it, where it is not the actor: `who`.
    #[must_use]
    pub fn who(self, who: &str) -> Self {
        self.word("who", who)
    }
    fn word(mut self, name: &'static str, value: &str) -> Self {
        // A notice is a line, not a letter.
        self.words.insert(name, value.chars().take(200).collect());
        self
    }
}

/// Tells `users` of `notice` within the write that is under way: a row for each, the bell of their open pages after the commit,
/// and mail where they want it. Not told: the actor, people who left, who switched the kind off, and everybody while a history
/// is replayed. An unread notice of the same kind about the same record is replaced, so that nobody reads a thing twice.
///
/// # Errors
/// A defect when the kind is unknown; what the database says.
pub async fn tell(work: &mut Work<'_>, users: &[Id<of::User>], notice: &Notice) -> Result<(), Fault> {
    let kind = kind::find(notice.kind).ok_or_else(|| Fault::internal(format!("no kind of notice {}", notice.kind)))?;
    if work.replayed {
        return Ok(());
    }
    let actor = work.ctx.actor.user;
    let users: BTreeSet<Id<of::User>> = users.iter().copied().filter(|user| Some(*user) != actor).collect();
    if users.is_empty() {
        return Ok(());
    }
    let chosen = store::choices_of(work.tx, kind.code, &users).await?;
    let directory = work.ctx.house.identity.directories().now();
    let mut notice = notice.clone();
    if work.ctx.actor.kind != ActorKind::System {
        notice.words.entry("who").or_insert_with(|| work.ctx.actor.name.to_string());
    }
    let words = serde_json::to_string(&notice.words).map_err(Fault::internal)?;
    for id in users {
        let Some(user) = directory.user(id).filter(|user| user.active) else { continue };
        let choice = chosen.get(&id).copied().unwrap_or_else(|| Choice::default_of(kind));
        if choice.in_app || kind.must {
            let row = NewNotice {
                id: work.ctx.house.ids.next(),
                user: id,
                kind: kind.code,
                record: &notice.record,
                href: &notice.href,
                words: &words,
                now: work.now,
            };
            store::replace(work.tx, &row).await?;
            let place = Place { store: user.home, team: None, owner: Some(id) };
            let record = RecordRef { kind: capability::NOTICE, id: row.id.get() };
            work.tell(LiveEvent { verb: "notice.told", record, place });
        }
        if let Some(address) = user.email.clone().filter(|_| choice.mail && !notice.mailed.contains(&id)) {
            mail(work, kind, &notice, user, address).await?;
        }
    }
    Ok(())
}

async fn mail(
    work: &mut Work<'_>,
    kind: &Kind,
    notice: &Notice,
    user: &identity::User,
    address: String,
) -> Result<(), Fault> {
    let locale = user.locale.parse::<Locale>().unwrap_or_default();
    let house = &work.ctx.house;
    let lang = web::Lang::new(locale, work.ctx.house.zone.clone(), work.now);
    let text = crate::said(&lang, kind.code, |name| notice.words.get(name).cloned());
    let base = house.public_url.clone().unwrap_or_default();
    let company = house.identity.directories().now().company().map(|unit| unit.name_in(locale.as_str()).to_owned());
    let message = NewMessage {
        channel: Channel::Mail,
        to: address,
        template: "notice",
        locale: locale.as_str().to_owned(),
        args: vec![
            ("number", notice.words.get("number").cloned().unwrap_or_default()),
            ("store", company.unwrap_or_default()),
            ("link", format!("{}{}", base.trim_end_matches('/'), notice.href)),
            ("name", user.name.clone()),
            ("subject", text),
            ("text", notice.words.get("text").cloned().unwrap_or_default()),
        ],
        record: notice.record.clone(),
        store: None,
        zone: house.zone.clone(),
        quiet: QuietHours::default(),
        dedup: None,
        now: work.now,
    };
    messaging::queue(work.tx, &house.ids, &message).await?;
    work.wake();
    Ok(())
}
