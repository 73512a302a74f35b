//! The words of a template: the shipped ones, or the newest version of the company's own. The only SQL on `message_template`.

use std::collections::BTreeSet;

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Fault, FieldErrors, Timestamp};

use crate::template::{self, Template, Text};
use crate::{Channel, segments};

/// What a text may name, as `{name}`. Their meaning in words is `messaging-variable-<name>`.
pub const VARIABLES: [&str; 6] = ["number", "store", "link", "name", "subject", "text"];

/// The longest SMS that is taken, in characters: eight parts.
pub const SMS_LIMIT: usize = 500;
/// The longest mail, in characters.
pub const MAIL_LIMIT: usize = 5_000;
/// The longest subject, in characters.
pub const SUBJECT_LIMIT: usize = 120;

/// The words of one template for one channel in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Mail only.
    pub subject: String,
    /// The text, with `{name}` where a variable goes.
    pub body: String,
    /// Counts the company's versions; 0 is the shipped one.
    pub version: i64,
}

impl Wording {
    /// The words that come with the program.
    ///
    /// # Errors
    /// A defect when there are none.
    pub fn shipped(template: &Template, channel: Channel, locale: &str) -> Result<Self, Fault> {
        let text = template::shipped(template, channel, locale)?;
        Ok(Self { subject: text.subject, body: text.body, version: 0 })
    }

    /// The text with `args` in their places. A line that has nothing but an empty link to offer is left out.
    ///
    /// # Errors
    /// A defect when a variable was not given.
    pub fn render(&self, channel: Channel, args: &[(&str, String)]) -> Result<Text, Fault> {
        let has_link = args.iter().any(|(name, value)| *name == "link" && !value.is_empty());
        let lines: Vec<&str> = self.body.lines().filter(|line| has_link || !line.contains("{link}")).collect();
        let body = match channel {
            Channel::Sms => one_line(&filled(&self.body, args)?),
            Channel::Mail | Channel::WechatCopy | Channel::Webhook => without_gaps(&filled(&lines.join("\n"), args)?),
        };
        let subject = match channel {
            Channel::Mail => one_line(&filled(&self.subject, args)?),
            Channel::Sms | Channel::WechatCopy | Channel::Webhook => String::new(),
        };
        Ok(Text { subject, body })
    }
}

/// One piece of a text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Said(&'a str),
    Variable(&'a str),
    /// A brace that opens or closes nothing.
    Stray,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, brace)) = rest.find(['{', '}']).and_then(|at| rest.split_at_checked(at)) {
        pieces.push(Piece::Said(before));
        let inside =
            brace.strip_prefix('{').and_then(|open| open.split_once('}')).filter(|(name, _)| !name.contains('{'));
        match inside {
            Some((name, after)) => {
                pieces.push(Piece::Variable(name.trim()));
                rest = after;
            }
            None => {
                pieces.push(Piece::Stray);
                rest = brace.get(1..).unwrap_or_default();
            }
        }
    }
    pieces.push(Piece::Said(rest));
    pieces
}

fn filled(text: &str, args: &[(&str, String)]) -> Result<String, Fault> {
    let mut full = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Said(said) => full.push_str(said),
            Piece::Stray => {}
            Piece::Variable(name) => {
                let value = args.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
                let value = value.ok_or_else(|| Fault::internal(format!("a message without the variable {name}")))?;
                // Variables come from people: line ends stay, other control characters go.
                full.extend(value.chars().filter(|c| !c.is_control() || *c == '\n'));
            }
        }
    }
    Ok(full)
}

/// `text` with `args` in the places of its variables; what is not known or empty is marked by `missing`.
pub fn fill(text: &str, args: &[(&str, String)], missing: impl Fn(&str) -> String) -> String {
    let mut full = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Said(said) => full.push_str(said),
            Piece::Stray => {}
            Piece::Variable(name) => {
                match args.iter().find(|(known, value)| *known == name && !value.trim().is_empty()) {
                    Some((_, value)) => full.extend(value.chars().filter(|c| !c.is_control() || *c == '\n')),
                    None => full.push_str(&missing(name)),
                }
            }
        }
    }
    full
}

/// The first variable of `text` that is not among `known`; a brace that opens or closes nothing counts as one without a name.
pub fn unknown_variable(text: &str, known: &[&str]) -> Option<String> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Variable(name) if !known.contains(&name) => Some(name.chars().take(40).collect()),
        Piece::Stray => Some(String::new()),
        Piece::Variable(_) | Piece::Said(_) => None,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most one empty line in a row, none at the ends.
fn without_gaps(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in text.trim().lines() {
        if !(line.trim().is_empty() && kept.last().is_some_and(|last| last.trim().is_empty())) {
            kept.push(line.trim_end());
        }
    }
    kept.join("\n")
}

/// Checks words that a person wrote: the fields `subject` and `body`.
pub fn check_wording(template: &Template, channel: Channel, subject: &str, body: &str) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let (limit, fields): (usize, &[(&str, &str, usize)]) = match channel {
        Channel::Sms => (SMS_LIMIT, &[("body", body, SMS_LIMIT)]),
        Channel::Mail | Channel::WechatCopy | Channel::Webhook => {
            (MAIL_LIMIT, &[("subject", subject, SUBJECT_LIMIT), ("body", body, MAIL_LIMIT)])
        }
    };
    for (field, text, most) in fields {
        check_text(&mut errors, field, text, (*most).min(limit));
    }
    let used = used(body);
    if template.needs_link && !used.contains("link") && errors.of("body").is_none() {
        errors.add_with("body", "variable-needed", vec![("name", "{link}".to_owned())]);
    }
    errors
}

fn check_text(errors: &mut FieldErrors, field: &str, text: &str, most: usize) {
    if text.trim().is_empty() {
        return errors.add(field, "required");
    }
    if text.chars().count() > most {
        return errors.add_with(field, "too-long", vec![("max", most.to_string())]);
    }
    for piece in pieces(text) {
        match piece {
            Piece::Variable(name) if !VARIABLES.contains(&name) => {
                let name = name.chars().take(40).collect::<String>();
                return errors.add_with(field, "variable-unknown", vec![("name", format!("{{{name}}}"))]);
            }
            Piece::Stray => return errors.add(field, "brace-alone"),
            Piece::Variable(_) | Piece::Said(_) => {}
        }
    }
}

/// The variables that `text` names.
pub fn used(text: &str) -> BTreeSet<&str> {
    let name = |piece| match piece {
        Piece::Variable(name) => Some(name),
        Piece::Said(_) | Piece::Stray => None,
    };
    pieces(text).into_iter().filter_map(name).collect()
}

/// How many SMS the rendered `body` is, with the registered `signature` before it.
pub fn billed(body: &str, signature: &str) -> i64 {
    segments(&signed(body, signature)).count
}

/// `body` under the company's registered signature: 【…】 at the beginning, in the place of another one.
pub(crate) fn signed(body: &str, signature: &str) -> String {
    if signature.is_empty() {
        return body.to_owned();
    }
    let rest = body.strip_prefix('【').and_then(|inside| inside.split_once('】')).map_or(body, |(_, rest)| rest);
    format!("【{signature}】{rest}")
}

/// A version of the company's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingVersion {
    /// The words.
    pub wording: Wording,
    /// Whose.
    pub changed_by: String,
    /// Since when.
    pub changed_at: Timestamp,
}

impl FromRow for WordingVersion {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let wording = Wording { subject: c.next()?, body: c.next()?, version: c.next()? };
        Ok(Self { wording, changed_by: c.next()?, changed_at: c.next()? })
    }
}

/// Versions of one text, newest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(
    tx: &mut Tx,
    template: &Template,
    channel: Channel,
    locale: &str,
    limit: i64,
) -> Result<Vec<WordingVersion>, DbError> {
    versions_named(tx, template.code, channel, locale, limit).await
}

/// As [`versions`], for a text that another capability keeps under a code of its own.
///
/// # Errors
/// When the database fails.
pub async fn versions_named(
    tx: &mut Tx,
    code: &str,
    channel: Channel,
    locale: &str,
    limit: i64,
) -> Result<Vec<WordingVersion>, DbError> {
    tx.all(
        "SELECT subject, body, version, changed_by, changed_at FROM message_template
         WHERE code = $1 AND channel = $2 AND locale = $3 ORDER BY version DESC LIMIT $4",
        args![code, stored(channel), locale, limit],
    )
    .await
}

/// The words that count now.
///
/// # Errors
/// When the database fails; a defect when there are none.
pub async fn wording(tx: &mut Tx, template: &Template, channel: Channel, locale: &str) -> Result<Wording, Fault> {
    match versions(tx, template, channel, locale, 1).await?.pop() {
        Some(version) => Ok(version.wording),
        None => Wording::shipped(template, channel, locale),
    }
}

/// Keeps `wording` (whose version is the one that it is based on) as the next version.
///
/// # Errors
/// Stale when somebody was faster; when the database fails.
pub async fn save_wording(
    tx: &mut Tx,
    template: &Template,
    channel: Channel,
    locale: &str,
    new: &WordingVersion,
) -> Result<i64, Fault> {
    save_named(tx, template.code, channel, locale, new).await
}

/// As [`save_wording`], for a text that another capability keeps under a code of its own.
///
/// # Errors
/// As [`save_wording`].
pub async fn save_named(
    tx: &mut Tx,
    code: &str,
    channel: Channel,
    locale: &str,
    new: &WordingVersion,
) -> Result<i64, Fault> {
    let now = versions_named(tx, code, channel, locale, 1).await?.pop().map_or(0, |newest| newest.wording.version);
    let based_on = new.wording.version;
    if now != based_on {
        return Err(Fault::stale(now));
    }
    let saved = tx
        .exec(
            "INSERT INTO message_template (code, channel, locale, version, subject, body, changed_by, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code, channel, locale, version) DO NOTHING",
            args![
                code,
                stored(channel),
                locale,
                based_on + 1,
                &*new.wording.subject,
                &*new.wording.body,
                &*new.changed_by,
                new.changed_at
            ],
        )
        .await?;
    if saved == 0 { Err(Fault::stale(based_on + 1)) } else { Ok(based_on + 1) }
}

/// A text for WeChat has the words of the mail.
const fn stored(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::Mail | Channel::WechatCopy | Channel::Webhook => "mail",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(code: &str) -> Template {
        Template::named(code).unwrap()
    }
    fn args() -> Vec<(&'static str, String)> {
        VARIABLES.map(|name| (name, format!("<{name}>"))).to_vec()
    }
    fn code(errors: &FieldErrors, field: &str) -> Option<&'static str> {
        errors.of(field).map(|error| error.code)
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        let check = |body| check_wording(&template("received"), Channel::Sms, "", body);
        assert!(check("【{store}】{ number } 查看 {link}").is_empty());
        let unknown = check("你的 {orderNo}，{link}");
        assert_eq!(code(&unknown, "body"), Some("variable-unknown"));
        assert_eq!(unknown.of("body").unwrap().args, [("name", "{orderNo}".to_owned())]);
        assert_eq!(code(&check("少了一半 {link"), "body"), Some("brace-alone"));
        assert_eq!(code(&check("link}"), "body"), Some("brace-alone"));
        assert_eq!(code(&check("{{link}}"), "body"), Some("brace-alone"));
        assert_eq!(code(&check("没有链接"), "body"), Some("variable-needed"));
        assert_eq!(code(&check("  "), "body"), Some("required"));
        assert_eq!(code(&check(&"长".repeat(501)), "body"), Some("too-long"));
        assert!(check_wording(&template("assigned"), Channel::Sms, "", "{number} 给你").is_empty());
        assert_eq!(
            code(&check_wording(&template("received"), Channel::Mail, " ", "{link}"), "subject"),
            Some("required")
        );
    }

    #[test]
    fn a_text_takes_its_variables_and_nothing_breaks_out() {
        let wording = Wording { subject: "{subject}".into(), body: "{name}：\n\n{text}\n{link}".into(), version: 1 };
        let mut args = args();
        args[4].1 = "TV\r\nBcc: x@example.com".to_owned();
        let mail = wording.render(Channel::Mail, &args).unwrap();
        assert_eq!(
            (mail.subject.as_str(), mail.body.as_str()),
            ("TV Bcc: x@example.com", "<name>：\n\n<text>\n<link>")
        );
        args[3].1 = "{link}".to_owned();
        assert_eq!(wording.render(Channel::Sms, &args).unwrap().body, "{link}： <text> <link>", "filled in once only");
        assert!(wording.render(Channel::Sms, &[]).is_err(), "a missing variable is a defect, not a strange text");
    }

    #[test]
    fn without_a_link_its_line_is_left_out() {
        let wording =
            Wording { subject: String::new(), body: "你好\n\n查看：{link}\n\n{store}".into(), version: 0 };
        let mut args = args();
        args[2].1 = String::new();
        assert_eq!(wording.render(Channel::WechatCopy, &args).unwrap().body, "你好\n\n<store>");
    }

    #[test]
    fn a_signature_stands_first_and_is_counted() {
        assert_eq!(signed("【文三路店】你好", "云栖电器"), "【云栖电器】你好");
        assert_eq!(signed("Shop: hello", "云栖电器"), "【云栖电器】Shop: hello");
        assert_eq!(signed("Shop: hello", ""), "Shop: hello");
        assert_eq!(billed("Shop: hello", ""), 1);
        assert_eq!(billed(&"好".repeat(66), "云栖电器"), 2);
    }
}
