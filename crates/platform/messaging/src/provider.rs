use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use futures_util::future::BoxFuture;
use kernel::{Clock, Id};

use crate::{Address, Channel, Message};

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
    /// The time.
    pub clock: Clock,
}
impl Outgoing {
    /// The idempotency key, and the left part of a mail's Message-ID: our id, and the round when it is sent again on purpose.
    pub fn key(&self) -> String {
        if self.round == 0 { self.id.to_string() } else { format!("{}.{}", self.id, self.round) }
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

/// The providers in use; set from the settings, also while the program runs. Clones share them.
#[derive(Clone, Default)]
pub struct Providers(Arc<RwLock<(Option<Arc<dyn Provider>>, Option<Arc<dyn Provider>>)>>);

impl Providers {
    /// Sends mail by `provider`; `None` = mail is not set up.
    pub fn set_mail(&self, provider: Option<Arc<dyn Provider>>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).0 = provider;
    }
    /// Sends SMS by `provider`; `None` = SMS is not set up.
    pub fn set_sms(&self, provider: Option<Arc<dyn Provider>>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).1 = provider;
    }
    /// The provider of `channel`.
    pub fn of(&self, channel: Channel) -> Option<Arc<dyn Provider>> {
        let providers = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match channel {
            Channel::Mail => providers.0.clone(),
            Channel::Sms => providers.1.clone(),
            Channel::WechatCopy => None,
        }
    }
}
