use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Clock, Fault, FaultKind, Id};
use secrets::MasterKey;

use crate::setup::{self, MailSetup, Part, SmsSetup, Way};
use crate::{Address, Channel, InThread, Log, Message, Signed, SignedSettings, Smtp, SmtpSettings, Trust, http};

/// One message on its way out.
#[derive(Clone)]
pub struct Outgoing {
    /// Our id.
    pub id: Id<Message>,
    /// How often a person has sent it again.
    pub round: i64,
    /// Mail or SMS.
    pub channel: Channel,
    /// Where to.
    pub to: Address,
    /// The template's code, for providers that hold the template themselves.
    pub template: String,
    /// The language of the text.
    pub locale: String,
    /// Mail only.
    pub subject: String,
    /// The rendered text.
    pub body: String,
    /// The template's variables.
    pub params: BTreeMap<String, String>,
    /// The thread that a mail belongs to.
    pub thread: Option<InThread>,
    /// The time.
    pub clock: Clock,
}
impl Outgoing {
    /// The idempotency key, and the left part of a mail's Message-ID: our id, and the round when it is sent again on purpose.
    pub fn key(&self) -> String {
        if self.round == 0 { self.id.to_string() } else { format!("{}.{}", self.id, self.round) }
    }
    /// A mail's Message-ID. In a thread it holds the thread's token, which nobody knows who did not get the mail.
    pub fn message_id(&self, domain: &str) -> String {
        match &self.thread {
            Some(thread) if self.round == 0 => format!("<{}.{}@{domain}>", self.id, thread.token),
            Some(thread) => format!("<{}.{}.{}@{domain}>", self.id, thread.token, self.round),
            None => format!("<{}@{domain}>", self.key()),
        }
    }
}
impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("id", &self.id).field("template", &self.template).finish_non_exhaustive()
    }
}

/// What came of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Taken; the provider's id for it, which receipts name.
    Accepted(String),
    /// Refused for good: the same message will never be taken.
    Refused(String),
    /// Certainly not taken, but may be later.
    NotYet(String),
    /// Nobody knows whether it was taken: the answer did not come or could not be read.
    Unclear(String),
}

/// Something that sends messages.
pub trait Provider: Send + Sync {
    /// True when a second call with the same id does not send a second message; then unclear calls are repeated.
    fn idempotent(&self) -> bool;
    /// What one SMS segment costs, in fen; 0 for mail.
    fn fen_per_segment(&self) -> i64;
    /// Makes one call. It ends by itself: a provider has a time limit.
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Outcome>;
}

/// The providers in use. Clones share them. Either handed in (tests), or made from the settings and made anew when these change,
/// on every node.
#[derive(Clone, Default)]
pub struct Providers(Arc<Inner>);

#[derive(Default)]
struct Inner {
    used: RwLock<Used>,
    settings: Option<FromSettings>,
}

#[derive(Default)]
struct Used {
    mail: Option<Arc<dyn Provider>>,
    sms: Option<Arc<dyn Provider>>,
    /// Hosts inside the own network that are allowed beside those of the settings.
    private: Vec<String>,
    /// Whose certificates are believed.
    trust: Trust,
    /// The versions of the settings that they were made from.
    versions: (i64, i64),
}

struct FromSettings {
    master: MasterKey,
    /// Host names and addresses inside the own network that the operator allows.
    private: Vec<String>,
}

impl Providers {
    /// Providers as the settings say; `private` lists the hosts inside the own network that the operator allows.
    pub fn from_settings(master: MasterKey, private: Vec<String>) -> Self {
        Self(Arc::new(Inner { used: RwLock::default(), settings: Some(FromSettings { master, private }) }))
    }
    /// Sends mail by `provider`; `None` = mail is not set up.
    pub fn set_mail(&self, provider: Option<Arc<dyn Provider>>) {
        self.0.used.write().unwrap_or_else(PoisonError::into_inner).mail = provider;
    }
    /// Sends SMS by `provider`; `None` = SMS is not set up.
    pub fn set_sms(&self, provider: Option<Arc<dyn Provider>>) {
        self.0.used.write().unwrap_or_else(PoisonError::into_inner).sms = provider;
    }
    /// The operator allows `host` although it is inside the own network; for providers that are handed in.
    pub fn allow(&self, host: &str) {
        self.0.used.write().unwrap_or_else(PoisonError::into_inner).private.push(host.to_owned());
    }
    /// The operator believes certificates of `trust`, too.
    pub fn trust(&self, trust: Trust) {
        self.0.used.write().unwrap_or_else(PoisonError::into_inner).trust = trust;
    }
    /// Whose certificates are believed.
    pub fn trusted(&self) -> Trust {
        self.0.used.read().unwrap_or_else(PoisonError::into_inner).trust.clone()
    }
    /// The provider of `channel`.
    pub fn of(&self, channel: Channel) -> Option<Arc<dyn Provider>> {
        let used = self.0.used.read().unwrap_or_else(PoisonError::into_inner);
        match channel {
            Channel::Mail => used.mail.clone(),
            Channel::Sms => used.sms.clone(),
            // A callback belongs to one channel; it is looked up for each message.
            Channel::WechatCopy | Channel::Webhook => None,
        }
    }
    /// True when the operator allows `host` although it is inside the own network.
    pub fn allows(&self, host: &str) -> bool {
        let listed = self.0.settings.as_ref().map(|settings| settings.private.as_slice()).unwrap_or_default();
        let used = self.0.used.read().unwrap_or_else(PoisonError::into_inner);
        listed.iter().chain(&used.private).any(|allowed| allowed.eq_ignore_ascii_case(host))
    }

    /// Names that can only be inside the own network are refused when they are typed; the others are looked at in each call.
    ///
    /// # Errors
    /// `field` with `private-host`.
    pub fn refuse_private(&self, field: &str, host: &str) -> Result<(), Fault> {
        let inside = host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| !http::is_public(address));
        if inside && !self.allows(host) { Err(Fault::field(field, "private-host")) } else { Ok(()) }
    }

    /// Takes the settings over if they have changed since the last call.
    ///
    /// # Errors
    /// When the database fails. Settings that cannot be used leave the channel without a provider.
    pub async fn refresh(&self, tx: &mut Tx) -> Result<(), Fault> {
        let Some(settings) = &self.0.settings else { return Ok(()) };
        let versions = setup::versions(tx).await?;
        let version = |part: Part| versions.iter().find(|(name, _)| name == part.as_str()).map_or(0, |(_, n)| *n);
        let now = (version(Part::Mail), version(Part::Sms));
        let before = self.0.used.read().unwrap_or_else(PoisonError::into_inner).versions;
        if now == before {
            return Ok(());
        }
        let mail = self.mail_of(tx, settings).await;
        let sms = self.sms_of(tx, settings).await;
        let usable = |made: Result<Option<Arc<dyn Provider>>, Fault>, part: Part| match made {
            Ok(provider) => Ok(provider),
            Err(fault) if fault.kind() == FaultKind::Busy => Err(fault),
            Err(fault) => {
                tracing::warn!(part = part.as_str(), %fault, "these settings cannot be used; messages are not sent");
                Ok(None)
            }
        };
        let (mail, sms) = (usable(mail, Part::Mail)?, usable(sms, Part::Sms)?);
        let mut used = self.0.used.write().unwrap_or_else(PoisonError::into_inner);
        (used.mail, used.sms, used.versions) = (mail, sms, now);
        Ok(())
    }

    async fn mail_of(&self, tx: &mut Tx, settings: &FromSettings) -> Result<Option<Arc<dyn Provider>>, Fault> {
        let kept = setup::mail(tx).await?;
        match kept.setup.way {
            Way::Off => Ok(None),
            Way::Log => Ok(Some(Arc::new(Log::default()))),
            Way::On => {
                let password = setup::secret(tx, &settings.master, Part::Mail).await?;
                Ok(Some(Arc::new(self.smtp(&kept.setup, password)?)))
            }
        }
    }

    async fn sms_of(&self, tx: &mut Tx, settings: &FromSettings) -> Result<Option<Arc<dyn Provider>>, Fault> {
        let kept = setup::sms(tx).await?;
        match kept.setup.way {
            Way::Off => Ok(None),
            Way::Log => Ok(Some(Arc::new(Log { fen_per_segment: kept.setup.fen_per_segment }))),
            Way::On => {
                let secret = setup::secret(tx, &settings.master, Part::Sms).await?;
                Ok(Some(Arc::new(self.signed(&kept.setup, secret.unwrap_or_default())?)))
            }
        }
    }

    /// A mail server with these settings; also to check them before they are kept.
    ///
    /// # Errors
    /// Fields that cannot be used.
    pub fn smtp(&self, setup: &MailSetup, password: Option<String>) -> Result<Smtp, Fault> {
        self.refuse_private("host", &setup.host)?;
        let user = Some(setup.user.clone()).filter(|user| !user.is_empty());
        Smtp::new(SmtpSettings {
            host: setup.host.clone(),
            port: setup.port,
            tls: setup.tls,
            login: user.zip(password),
            from: setup.from.clone(),
            allow_private: self.allows(&setup.host),
            trust: self.trusted(),
        })
    }

    /// An SMS provider with these settings; also to check them before they are kept.
    ///
    /// # Errors
    /// Fields that cannot be used.
    pub fn signed(&self, setup: &SmsSetup, secret: String) -> Result<Signed, Fault> {
        let uri = setup.url.parse::<hyper::Uri>().ok();
        let host = uri.as_ref().and_then(|uri| uri.host()).map(|host| host.trim_matches(['[', ']']));
        if let Some(host) = host {
            self.refuse_private("url", host)?;
        }
        let allow_private = host.is_some_and(|host| self.allows(host));
        Signed::new(SignedSettings {
            url: setup.url.clone(),
            key: setup.key.clone(),
            secret,
            fen_per_segment: setup.fen_per_segment,
            idempotent: setup.idempotent,
            allow_private,
            trust: self.trusted(),
        })
    }
}
