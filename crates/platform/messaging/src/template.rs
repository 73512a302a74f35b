use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::Fault;
use unic_langid::LanguageIdentifier;

use crate::Channel;
use crate::wording::VARIABLES;

/// A text that can be sent. Its shipped words are `messaging-<code>-sms`, `-mail-subject` and `-mail-body` in the locales; the
/// company's own words are versions in the database ([`crate::Wording`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its code.
    pub code: &'static str,
    /// Goes out at night too.
    pub urgent: bool,
    /// Means nothing without its link.
    pub needs_link: bool,
    /// Goes to customers; the others to staff.
    pub customer: bool,
}

const fn customer(code: &'static str) -> Template {
    Template { code, urgent: false, needs_link: true, customer: true }
}
const fn staff(code: &'static str, urgent: bool) -> Template {
    Template { code, urgent, needs_link: false, customer: false }
}

/// Every template, in the order of the settings.
pub const TEMPLATES: &[Template] = &[
    customer("received"),
    customer("promise"),
    customer("plan"),
    customer("reply"),
    Template { needs_link: false, ..customer("letter") },
    customer("resolved"),
    customer("survey"),
    staff("assigned", false),
    Template { needs_link: true, ..staff("approval", false) },
    staff("deadline", true),
    staff("notice", true),
    staff("trial", true),
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
}

/// The shipped words of `template`, with `{name}` where a variable goes.
///
/// # Errors
/// A defect when words are missing.
pub(crate) fn shipped(template: &Template, channel: Channel, locale: &str) -> Result<Text, Fault> {
    let code = template.code;
    let args = VARIABLES.map(|name| (name, format!("{{{name}}}")));
    match channel {
        Channel::Sms => {
            Ok(Text { subject: String::new(), body: words(locale, &format!("messaging-{code}-sms"), &args)? })
        }
        Channel::Mail | Channel::WechatCopy | Channel::Webhook => Ok(Text {
            subject: words(locale, &format!("messaging-{code}-mail-subject"), &args)?,
            body: words(locale, &format!("messaging-{code}-mail-body"), &args)?,
        }),
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
        values.set(*name, FluentValue::from(value.clone()));
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
    match errors.first() {
        None => Ok(text),
        Some(error) => Err(Fault::internal(format!("{key} in {locale}: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::{Wording, check_wording};

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
    fn every_shipped_text_passes_the_rules_for_the_companys_own() {
        for template in TEMPLATES {
            for locale in ["zh-CN", "en"] {
                for channel in [Channel::Mail, Channel::Sms] {
                    let text = shipped(template, channel, locale).unwrap();
                    let errors = check_wording(template, channel, &text.subject, &text.body);
                    assert!(errors.is_empty(), "{template:?} {locale} {errors:?}");
                    assert!(text.body.contains("{store}"), "{template:?} {locale}");
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
    fn a_shipped_sms_is_two_parts_at_most_or_three_in_english_with_a_signature() {
        for template in TEMPLATES {
            for (locale, store, name, subject, text) in [
                ("zh-CN", "西溪印象城旗舰店", "欧阳晓燕", "¥1,280.00", "17:30"),
                ("en", "West Lake Flagship Store", "Alexandra Montgomery", "¥1,280.00", "17:30"),
            ] {
                let args = [
                    ("number", "FW20261122-0031".to_owned()),
                    ("store", store.to_owned()),
                    ("link", format!("https://service.yunqi-dianqi.com/rate/{}", "aB3".repeat(8).get(..22).unwrap())),
                    ("name", name.to_owned()),
                    ("subject", subject.to_owned()),
                    ("text", text.to_owned()),
                ];
                let body =
                    Wording::shipped(template, Channel::Sms, locale).unwrap().render(Channel::Sms, &args).unwrap().body;
                // The brackets of a signature take an English text out of the cheap alphabet.
                let signed = if locale == "en" { 3 } else { 2 };
                for (signature, most) in [("", 2), ("云栖电器售后服务中心", signed)] {
                    let parts = crate::billed(&body, signature);
                    assert!(parts <= most, "{} {locale} {signature}: {parts} parts: {body}", template.code);
                }
            }
        }
    }

    #[test]
    fn an_english_text_stays_in_the_cheap_alphabet() {
        let args: Vec<_> = VARIABLES.map(|name| (name, name.to_owned())).to_vec();
        let template = Template::named("received").unwrap();
        let text = Wording::shipped(&template, Channel::Sms, "en").unwrap().render(Channel::Sms, &args).unwrap();
        assert_eq!(crate::segments(&text.body), crate::Segments { encoding: crate::Encoding::Gsm, count: 1 });
        assert!(Template::named("nothing").is_err());
    }
}
