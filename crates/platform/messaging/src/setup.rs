//! How messages go out: what an administrator sets. The only SQL on `messaging_setting`.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Fault, FieldErrors, Timestamp};
use secrets::MasterKey;
use serde::{Deserialize, Serialize};

use crate::QuietHours;
use crate::smtp::Tls;

/// The record kind of these settings in the journal.
pub const RECORD: &str = "messaging";

/// One of the parts that are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The mail server.
    Mail,
    /// The SMS provider.
    Sms,
    /// The quiet hours.
    Quiet,
}

impl Part {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Quiet => "quiet",
        }
    }
    /// What its secret is sealed for.
    pub(crate) const fn purpose(self) -> &'static str {
        match self {
            Self::Mail => "messaging.mail",
            Self::Sms => "messaging.sms",
            Self::Quiet => "messaging.quiet",
        }
    }
}

/// By what a channel goes out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Not at all; messages are kept as not sent.
    #[default]
    Off,
    /// Into the outbox only: for trying things out. Nobody receives anything.
    Log,
    /// By the mail server, or by the provider with signed requests.
    On,
}

impl Way {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Log => "log",
            Self::On => "on",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Off, Self::Log, Self::On].into_iter().find(|way| way.as_str() == text)
    }
}

/// How mail goes out; the password is kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSetup {
    /// By what.
    pub way: Way,
    /// The server's name.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// The user name; empty where the server asks for none.
    pub user: String,
    /// The sender: `售后 <service@example.com>`.
    pub from: String,
}

impl Default for MailSetup {
    fn default() -> Self {
        Self {
            way: Way::Off,
            host: String::new(),
            port: 465,
            tls: Tls::Implicit,
            user: String::new(),
            from: String::new(),
        }
    }
}

/// How SMS go out; the signing secret is kept apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsSetup {
    /// By what.
    pub way: Way,
    /// Where the provider takes them.
    pub url: String,
    /// Names the secret to the provider.
    pub key: String,
    /// The registered name at the beginning of every text: 【…】. Empty: the store's name as the text has it.
    pub signature: String,
    /// What one segment costs, in fen.
    pub fen_per_segment: i64,
    /// The provider sends a message with the same key once only.
    pub idempotent: bool,
}

/// The company's quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietSetup {
    /// They begin: hour and minute.
    pub from: (i8, i8),
    /// They end.
    pub until: (i8, i8),
}

impl Default for QuietSetup {
    fn default() -> Self {
        let QuietHours { from, until } = QuietHours::default();
        Self { from, until }
    }
}

/// A part as it is set now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept<T> {
    /// The settings.
    pub setup: T,
    /// Whether a secret is kept; it is never shown again.
    pub has_secret: bool,
    /// Counts the changes; 0 where nothing was ever set.
    pub version: i64,
    /// When last.
    pub changed_at: Option<Timestamp>,
}

/// What becomes of the secret.
#[derive(Clone, PartialEq, Eq)]
pub enum NewSecret {
    /// It stays.
    Same,
    /// Another one.
    To(String),
    /// None any more.
    Gone,
}

impl std::fmt::Debug for NewSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Same => "Same",
            Self::To(_) => "To(…)",
            Self::Gone => "Gone",
        })
    }
}

pub(crate) struct SettingRow {
    settings: String,
    sealed: Option<String>,
    version: i64,
    changed_at: Timestamp,
}

impl FromRow for SettingRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { settings: c.next()?, sealed: c.next()?, version: c.next()?, changed_at: c.next()? })
    }
}

pub(crate) async fn row(tx: &mut Tx, part: Part) -> Result<Option<SettingRow>, DbError> {
    let sql = "SELECT settings, sealed, version, changed_at FROM messaging_setting WHERE part = $1";
    tx.one(sql, args![part.as_str()]).await
}

/// The versions of all parts that were set.
pub(crate) async fn versions(tx: &mut Tx) -> Result<Vec<(String, i64)>, DbError> {
    tx.all("SELECT part, version FROM messaging_setting", args![]).await
}

async fn get<T: Default + for<'de> Deserialize<'de>>(tx: &mut Tx, part: Part) -> Result<Kept<T>, Fault> {
    let Some(row) = row(tx, part).await? else { return Ok(Kept::default()) };
    Ok(Kept {
        setup: serde_json::from_str(&row.settings).map_err(Fault::internal)?,
        has_secret: row.sealed.is_some(),
        version: row.version,
        changed_at: Some(row.changed_at),
    })
}

/// How mail is set up.
///
/// # Errors
/// When the database fails.
pub async fn mail(tx: &mut Tx) -> Result<Kept<MailSetup>, Fault> {
    get(tx, Part::Mail).await
}

/// How SMS are set up.
///
/// # Errors
/// When the database fails.
pub async fn sms(tx: &mut Tx) -> Result<Kept<SmsSetup>, Fault> {
    get(tx, Part::Sms).await
}

/// The quiet hours.
///
/// # Errors
/// When the database fails.
pub async fn quiet(tx: &mut Tx) -> Result<Kept<QuietSetup>, Fault> {
    get(tx, Part::Quiet).await
}

/// The secret of `part`, unsealed: for making a provider and for checking receipts.
///
/// # Errors
/// When the database fails; a refusal `messaging-secret-lost` when the master key is another one.
pub async fn secret(tx: &mut Tx, master: &MasterKey, part: Part) -> Result<Option<String>, Fault> {
    let sealed = row(tx, part).await?.and_then(|row| row.sealed);
    sealed.map(|sealed| unsealed(master, part, &sealed)).transpose()
}

fn unsealed(master: &MasterKey, part: Part, sealed: &str) -> Result<String, Fault> {
    master.open(part.purpose(), sealed).map_err(|_lost| Fault::refused("messaging-secret-lost"))
}

/// Keeps the settings of `part`, which were read at `version`.
///
/// # Errors
/// Stale when somebody was faster; what the database or the machine says.
pub async fn save<T: Serialize>(
    tx: &mut Tx,
    master: &MasterKey,
    part: Part,
    version: i64,
    setup: &T,
    secret: &NewSecret,
    now: Timestamp,
) -> Result<(), Fault> {
    let before = row(tx, part).await?;
    let current = before.as_ref().map_or(0, |row| row.version);
    if current != version {
        return Err(Fault::stale(current));
    }
    let sealed = match secret {
        NewSecret::Same => before.and_then(|row| row.sealed),
        NewSecret::To(secret) => Some(master.seal(part.purpose(), secret).map_err(Fault::internal)?),
        NewSecret::Gone => None,
    };
    let settings = serde_json::to_string(setup).map_err(Fault::internal)?;
    let saved = tx
        .exec(
            "INSERT INTO messaging_setting (part, settings, sealed, version, changed_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (part) DO UPDATE SET settings = excluded.settings, sealed = excluded.sealed, version = excluded.version,
             changed_at = excluded.changed_at WHERE messaging_setting.version = $6",
            args![part.as_str(), settings, sealed, version + 1, now, version],
        )
        .await?;
    if saved == 0 { Err(Fault::stale(version + 1)) } else { Ok(()) }
}

/// Reads `21:30`.
pub fn parse_hour(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.trim().split_once([':', '：'])?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

/// Checks an SMS signature: two to twelve letters without brackets (the operators' rule).
pub fn check_signature(errors: &mut FieldErrors, field: &str, signature: &str) {
    let letters = signature.chars().count();
    if !signature.is_empty() && (!(2..=12).contains(&letters) || signature.contains(['【', '】', '[', ']'])) {
        errors.add(field, "sms-signature");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_type_them() {
        assert_eq!(parse_hour("21:30"), Some((21, 30)));
        assert_eq!(parse_hour(" 8：00 "), Some((8, 0)));
        assert_eq!(parse_hour("24:00"), None);
        assert_eq!(parse_hour("21"), None);
    }

    #[test]
    fn a_signature_is_short_and_has_no_brackets() {
        for (signature, fits) in [("", true), ("云栖电器", true), ("云", false), ("【云栖】", false)] {
            let mut errors = FieldErrors::default();
            check_signature(&mut errors, "signature", signature);
            assert_eq!(errors.is_empty(), fits, "{signature}");
        }
    }
}
