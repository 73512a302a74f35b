use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use kernel::Fault;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

use serde::{Deserialize, Serialize};

use crate::{Outcome, Outgoing, Provider, Trust, http};

/// The text that carries what a person wrote.
const LETTER: &str = "letter";
/// Name, greeting, TLS and login.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);
/// Each later step; servers that look into a mail take their time (RFC 5321 §4.5.3.2 allows minutes).
const STEP_LIMIT: Duration = Duration::from_secs(60);

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Not at all: a server on the same machine.
    None,
    /// The connection turns to TLS before anything is said; refused when the server cannot (port 587).
    StartTls,
    /// TLS from the first byte (port 465).
    Implicit,
}

impl Tls {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "start_tls",
            Self::Implicit => "implicit",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::StartTls, Self::Implicit].into_iter().find(|tls| tls.as_str() == text)
    }
}

/// How to reach the mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The protection.
    pub tls: Tls,
    /// User name and password, when the server asks for them; never sent without TLS except to this machine.
    pub login: Option<(String, String)>,
    /// The sender: `售后 <service@example.com>`.
    pub from: String,
    /// The operator allows addresses inside the own network.
    pub allow_private: bool,
    /// Whose certificates are believed.
    pub trust: Trust,
}
impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// Sends mail by SMTP, one connection a mail.
#[derive(Debug, Clone)]
pub struct Smtp {
    settings: SmtpSettings,
    from: Mailbox,
}

impl Smtp {
    /// A provider with these settings.
    ///
    /// # Errors
    /// The field `from` with `address` when the sender cannot be read; `tls` with `tls-for-login` when a password would
    /// travel in the open.
    pub fn new(settings: SmtpSettings) -> Result<Self, Fault> {
        let from = match settings.from.parse::<Mailbox>() {
            Ok(from) => from,
            Err(_) => return Err(Fault::field("from", "address")),
        };
        let here = matches!(settings.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if settings.login.is_some() && settings.tls == Tls::None && !here {
            return Err(Fault::field("tls", "tls-for-login"));
        }
        Ok(Self { settings, from })
    }

    fn compose(&self, message: &Outgoing) -> Result<lettre::Message, String> {
        let to: lettre::Address = message.to.as_str().parse().map_err(|error| format!("{error}"))?;
        let millis = u64::try_from(message.clock.now().millis()).unwrap_or(0);
        let mut builder = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.clone())
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(message.message_id(self.from.email.domain())));
        if let Some(thread) = &message.thread {
            let reply_to: lettre::Address = thread.reply_to.parse().map_err(|error| format!("{error}"))?;
            builder = builder.reply_to(Mailbox::new(None, reply_to));
            if let Some(id) = &thread.in_reply_to {
                builder = builder.in_reply_to(format!("<{id}>"));
            }
            if !thread.references.is_empty() {
                let ids: Vec<_> = thread.references.iter().map(|id| format!("<{id}>")).collect();
                builder = builder.references(ids.join(" "));
            }
        }
        // What a person wrote is no machine's word.
        if message.template != LETTER {
            builder = builder.header(AutoSubmitted);
        }
        builder.header(ContentType::TEXT_PLAIN).body(message.body.clone()).map_err(|error| error.to_string())
    }

    /// Where the server's name leads, without what is private unless the operator allows it.
    async fn resolve(&self) -> Result<Vec<SocketAddr>, String> {
        let settings = &self.settings;
        let found = tokio::net::lookup_host((settings.host.as_str(), settings.port)).await;
        let found: Vec<SocketAddr> = found.map_err(|error| error.to_string())?.collect();
        let known = !found.is_empty();
        let open: Vec<_> =
            found.into_iter().filter(|address| settings.allow_private || http::is_public(address.ip())).collect();
        match (known, open.is_empty()) {
            (false, _) => Err("the name has no address".to_owned()),
            (true, true) => Err("the address is private; the operator has to allow it".to_owned()),
            (true, false) => Ok(open),
        }
    }

    async fn connect(&self, servers: &[SocketAddr]) -> Result<AsyncSmtpConnection, Error> {
        let settings = &self.settings;
        let hello = ClientId::default();
        let parameters = || {
            let builder = TlsParameters::builder(settings.host.clone());
            settings.trust.certificates().fold(builder, |builder, one| builder.add_root_certificate(one)).build()
        };
        let implicit = match settings.tls {
            Tls::Implicit => Some(parameters()?),
            Tls::None | Tls::StartTls => None,
        };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(servers, Some(CONNECT_LIMIT), &hello, implicit, None).await?;
        if settings.tls == Tls::StartTls {
            connection.starttls(parameters()?, &hello).await?;
        }
        if let Some((user, password)) = &settings.login {
            connection.auth(DEFAULT_MECHANISMS, &Credentials::new(user.clone(), password.clone())).await?;
        }
        Ok(connection)
    }

    async fn call(&self, message: &Outgoing) -> Outcome {
        let composed = match self.compose(message) {
            Ok(composed) => composed,
            Err(cause) => return Outcome::Refused(cause),
        };
        let envelope = composed.envelope();
        let (Some(from), [to]) = (envelope.from().cloned(), envelope.to()) else {
            return Outcome::Refused("a mail needs one sender and one receiver".to_owned());
        };
        let servers = match tokio::time::timeout(CONNECT_LIMIT, self.resolve()).await {
            Ok(Ok(servers)) => servers,
            Ok(Err(cause)) => return Outcome::NotYet(cause),
            Err(_) => return Outcome::NotYet("the name was not resolved in time".to_owned()),
        };
        let mut connection = match tokio::time::timeout(CONNECT_LIMIT, self.connect(&servers)).await {
            Ok(Ok(connection)) => connection,
            // Also a refused login: a person puts the settings right while the message waits.
            Ok(Err(error)) => return Outcome::NotYet(error.to_string()),
            Err(_) => return Outcome::NotYet("no connection in time".to_owned()),
        };
        let mut options = Vec::new();
        if !(from.to_string().is_ascii() && to.to_string().is_ascii()) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Outcome::Refused("the mail server takes no addresses beyond ASCII".to_owned());
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        // Until the last line of DATA is written nothing can have been sent.
        let asked = async {
            connection.command(Mail::new(Some(from), options)).await?;
            connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
            connection.command(Data).await
        };
        match tokio::time::timeout(STEP_LIMIT, asked).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) if error.is_permanent() => return Outcome::Refused(error.to_string()),
            Ok(Err(error)) => return Outcome::NotYet(error.to_string()),
            Err(_) => return Outcome::NotYet("no answer in time".to_owned()),
        }
        let outcome = match tokio::time::timeout(STEP_LIMIT, connection.message(&composed.formatted())).await {
            Ok(Ok(response)) => Outcome::Accepted(response.first_line().unwrap_or_default().to_owned()),
            Ok(Err(error)) if error.is_permanent() => Outcome::Refused(error.to_string()),
            Ok(Err(error)) if error.is_transient() => Outcome::NotYet(error.to_string()),
            Ok(Err(error)) => Outcome::Unclear(error.to_string()),
            Err(_) => Outcome::Unclear("no answer in time".to_owned()),
        };
        // Politeness; the mail is out, whatever becomes of the farewell.
        tokio::time::timeout(Duration::from_secs(5), connection.abort()).await.ok();
        outcome
    }
}

impl Provider for Smtp {
    /// Servers do not compare Message-IDs.
    fn idempotent(&self) -> bool {
        false
    }
    fn fen_per_segment(&self) -> i64 {
        0
    }
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Outcome> {
        Box::pin(self.call(message))
    }
}

/// Tells other programs not to answer (RFC 3834 §5).
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_travels_in_the_open() {
        let settings = |host: &str, tls| SmtpSettings {
            host: host.to_owned(),
            port: 25,
            tls,
            login: Some(("user".to_owned(), "hidden".to_owned())),
            from: "售后 <service@example.com>".to_owned(),
            allow_private: true,
            trust: Trust::default(),
        };
        assert!(Smtp::new(settings("mail.example.com", Tls::None)).is_err());
        assert!(Smtp::new(settings("127.0.0.1", Tls::None)).is_ok());
        assert!(Smtp::new(settings("mail.example.com", Tls::StartTls)).is_ok());
        assert!(!format!("{:?}", settings("mail.example.com", Tls::Implicit)).contains("hidden"));
    }

    #[test]
    fn the_sender_must_be_an_address() {
        let settings = SmtpSettings {
            host: "h".to_owned(),
            port: 25,
            tls: Tls::None,
            login: None,
            from: "nobody".to_owned(),
            allow_private: false,
            trust: Trust::default(),
        };
        assert_eq!(Smtp::new(settings).unwrap_err().fields().of("from").unwrap().code, "address");
    }
}
