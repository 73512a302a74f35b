use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::Fault;
use unic_langid::LanguageIdentifier;

use crate::Channel;

/// A text that can be sent. Its words are `messaging-<code>-sms`, `-mail-subject` and `-mail-body` in the locales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its code.
    pub code: &'static str,
    /// Goes out at night too.
    pub urgent: bool,
}

/// Every template. All take the variables `number`, `store`, `link`, `name`, `subject`, `text`.
pub const TEMPLATES: &[Template] = &[
    Template { code: "received", urgent: false },
    Template { code: "plan", urgent: false },
    Template { code: "reply", urgent: false },
    Template { code: "resolved", urgent: false },
    Template { code: "survey", urgent: false },
    Template { code: "assigned", urgent: false },
    Template { code: "deadline", urgent: true },
    Template { code: "notice", urgent: true },
    Template { code: "trial", urgent: true },
];

impl Template {
    /// The template `code`.
    ///
    /// # Errors
    /// A defect when there is none.
    pub fn named(code: &str) -> Result<Self, Fault> {
        let found = TEMPLATES.iter().find(|template| template.code == code).copied();
        found.ok_or_else(|| Fault::internal(format!("no message template {code}")))
    }

    /// The text in `locale` (`en`, anything else is Chinese).
    ///
    /// # Errors
    /// A defect when words are missing or need a variable that was not given.
    pub fn render(&self, channel: Channel, locale: &str, args: &[(&str, String)]) -> Result<Text, Fault> {
        let code = self.code;
        match channel {
            Channel::Mail => Ok(Text {
                subject: one_line(&words(locale, &format!("messaging-{code}-mail-subject"), args)?),
                body: words(locale, &format!("messaging-{code}-mail-body"), args)?,
            }),
            Channel::Sms | Channel::WechatCopy => Ok(Text {
                subject: String::new(),
                body: one_line(&words(locale, &format!("messaging-{code}-sms"), args)?),
            }),
        }
    }
}

/// A rendered text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Mail only.
    pub subject: String,
    /// What is read.
    pub body: String,
}

type Bundle = FluentBundle<FluentResource>;

static CHINESE: LazyLock<Bundle> =
    LazyLock::new(|| bundle("zh-CN", include_str!("../../../../locales/zh-CN/messaging.ftl")));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle("en", include_str!("../../../../locales/en/messaging.ftl")));

fn bundle(language: &str, source: &str) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language.parse::<LanguageIdentifier>().unwrap_or_default()]);
    // Isolating marks would be billed as characters and turn every SMS into UCS-2.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => resource,
        // A test parses both files; a message that is missing at run time is a fault of that message.
        Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

fn words(locale: &str, key: &str, args: &[(&str, String)]) -> Result<String, Fault> {
    let bundle: &Bundle = if locale == "en" { &ENGLISH } else { &CHINESE };
    let pattern = bundle
        .get_message(key)
        .and_then(|message| message.value())
        .ok_or_else(|| Fault::internal(format!("no words for {key} in {locale}")))?;
    let mut values = FluentArgs::new();
    for (name, value) in args {
        values.set(*name, FluentValue::from(without_controls(value)));
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
    match errors.first() {
        None => Ok(text),
        Some(error) => Err(Fault::internal(format!("{key} in {locale}: {error}"))),
    }
}

/// Variables come from people: line ends stay, other control characters go.
fn without_controls(value: &str) -> String {
    value.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> Vec<(&'static str, String)> {
        ["number", "store", "link", "name", "subject", "text"].map(|name| (name, format!("<{name}>"))).to_vec()
    }

    #[test]
    fn both_files_parse() {
        for source in [
            include_str!("../../../../locales/zh-CN/messaging.ftl"),
            include_str!("../../../../locales/en/messaging.ftl"),
        ] {
            assert!(FluentResource::try_new(source.to_owned()).is_ok());
        }
    }

    #[test]
    fn every_template_has_words_for_every_channel_in_both_languages() {
        for template in TEMPLATES {
            for locale in ["zh-CN", "en"] {
                for channel in [Channel::Mail, Channel::Sms, Channel::WechatCopy] {
                    let text = template.render(channel, locale, &args()).unwrap();
                    assert!(text.body.contains("<store>"), "{template:?} {locale}");
                    assert_eq!(text.subject.is_empty(), channel != Channel::Mail);
                }
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let keys = |source: &str| -> std::collections::BTreeSet<String> {
            source
                .lines()
                .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
                .collect()
        };
        assert_eq!(
            keys(include_str!("../../../../locales/zh-CN/messaging.ftl")),
            keys(include_str!("../../../../locales/en/messaging.ftl"))
        );
    }

    #[test]
    fn a_name_cannot_break_out_of_its_line() {
        let mut args = args();
        args[4].1 = "TV\r\nBcc: x@example.com".to_owned();
        let text = Template::named("received").unwrap().render(Channel::Mail, "en", &args).unwrap();
        assert_eq!(text.subject, "Case <number> taken in: TV Bcc: x@example.com");
    }

    #[test]
    fn an_english_text_stays_in_the_cheap_alphabet() {
        let args: Vec<_> =
            ["number", "store", "link", "name", "subject", "text"].map(|name| (name, name.to_owned())).to_vec();
        let text = Template::named("received").unwrap().render(Channel::Sms, "en", &args).unwrap();
        assert_eq!(crate::segments(&text.body), crate::Segments { encoding: crate::Encoding::Gsm, count: 1 });
    }

    #[test]
    fn a_missing_variable_is_a_defect_not_a_strange_text() {
        assert!(Template::named("received").unwrap().render(Channel::Sms, "en", &[]).is_err());
        assert!(Template::named("nothing").is_err());
    }
}
