use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

/// A language of the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locale {
    /// 简体中文, the first language.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Locale {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag, also the folder in `locales/`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }
    /// The other language, for the switch in the top bar.
    pub const fn other(self) -> Self {
        match self {
            Self::ZhCn => Self::En,
            Self::En => Self::ZhCn,
        }
    }
    /// The best language for an `Accept-Language` header: the first that is known, in the order of preference.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut ranges: Vec<(u16, &str)> = header.split(',').filter_map(weighted).collect();
        ranges.sort_by_key(|range| std::cmp::Reverse(range.0));
        ranges.into_iter().find_map(|(_, tag)| tag.parse().ok())
    }
    fn identifier(self) -> LanguageIdentifier {
        self.as_str().parse().unwrap_or_default()
    }
}

/// One range of `Accept-Language` with its weight in thousandths.
fn weighted(range: &str) -> Option<(u16, &str)> {
    let (tag, weight) = match range.split_once(';') {
        None => (range, 1000),
        Some((tag, parameter)) => {
            let weight: f32 = parameter.trim().strip_prefix("q=")?.trim().parse().ok()?;
            (tag, if weight >= 1.0 { 1000 } else { thousandths(weight) })
        }
    };
    (weight > 0).then_some((weight, tag.trim()))
}

fn thousandths(weight: f32) -> u16 {
    (0..1000_u16).find(|n| f32::from(*n) / 1000.0 >= weight - 0.0001).unwrap_or(0)
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Locale {
    type Err = ();
    /// Any tag of a known language: `zh`, `zh-Hans`, `zh-TW`, `en`, `en-GB`.
    fn from_str(tag: &str) -> Result<Self, ()> {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "zh" => Ok(Self::ZhCn),
            "en" => Ok(Self::En),
            _ => Err(()),
        }
    }
}

/// A value for a text: numbers choose plurals, everything else is shown as it is.
pub trait Arg {
    /// As Fluent takes it.
    fn to_fluent(&self) -> FluentValue<'static>;
}

impl<T: Arg + ?Sized> Arg for &T {
    fn to_fluent(&self) -> FluentValue<'static> {
        (**self).to_fluent()
    }
}
impl<T: Arg> Arg for Option<T> {
    fn to_fluent(&self) -> FluentValue<'static> {
        self.as_ref().map_or_else(|| FluentValue::from(""), Arg::to_fluent)
    }
}
impl Arg for str {
    fn to_fluent(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
}
impl Arg for String {
    fn to_fluent(&self) -> FluentValue<'static> {
        self.as_str().to_fluent()
    }
}
impl Arg for Cow<'_, str> {
    fn to_fluent(&self) -> FluentValue<'static> {
        self.as_ref().to_fluent()
    }
}
impl Arg for std::sync::Arc<str> {
    fn to_fluent(&self) -> FluentValue<'static> {
        self.as_ref().to_fluent()
    }
}
macro_rules! arg_numbers {
    ($($number:ty),*) => { $(impl Arg for $number {
        fn to_fluent(&self) -> FluentValue<'static> { FluentValue::from(*self) }
    })* };
}
arg_numbers!(i8, i16, i32, i64, u8, u16, u32, u64, usize);
macro_rules! arg_texts {
    ($($shown:ty),*) => { $(impl Arg for $shown {
        fn to_fluent(&self) -> FluentValue<'static> { FluentValue::from(self.to_string()) }
    })* };
}
arg_texts!(kernel::Money, kernel::Ratio, kernel::Day, char);

#[derive(RustEmbed)]
#[folder = "../../../locales"]
struct Files;

type Texts = FluentBundle<FluentResource>;

struct Catalogue {
    texts: BTreeMap<Locale, Texts>,
    problems: Vec<String>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(load);

fn load() -> Catalogue {
    let mut problems = Vec::new();
    let mut texts = BTreeMap::new();
    for locale in Locale::ALL {
        let mut bundle = Texts::new_concurrent(vec![locale.identifier()]);
        bundle.set_use_isolating(false);
        for path in Files::iter().filter(|path| path.starts_with(&format!("{locale}/")) && path.ends_with(".ftl")) {
            let Some(file) = Files::get(&path) else {
                continue;
            };
            let source = String::from_utf8_lossy(&file.data).into_owned();
            let resource = FluentResource::try_new(source).unwrap_or_else(|(resource, errors)| {
                problems.extend(errors.iter().map(|error| format!("{path}: {error}")));
                resource
            });
            if let Err(errors) = bundle.add_resource(resource) {
                problems.extend(errors.iter().map(|error| format!("{path}: {error}")));
            }
        }
        texts.insert(locale, bundle);
    }
    for problem in &problems {
        tracing::error!(problem, "locales");
    }
    Catalogue { texts, problems }
}

/// What is wrong with the text files themselves: lines that cannot be read, keys given twice. Empty when all is well.
pub fn catalogue_problems() -> &'static [String] {
    &CATALOGUE.problems
}

/// The text `key` in `locale`; the key itself when there is no such text.
pub fn text(locale: Locale, key: &str, args: &[(&str, FluentValue<'static>)]) -> String {
    find(locale, key, args).unwrap_or_else(|| {
        tracing::warn!(key, %locale, "no such text");
        key.to_owned()
    })
}

/// Whether `key` has a text.
pub(crate) fn knows(locale: Locale, key: &str) -> bool {
    CATALOGUE.texts.get(&locale).is_some_and(|bundle| bundle.has_message(key))
}

/// The text `key` in `locale`, when there is one. An attribute is written `key.attribute`.
pub fn find(locale: Locale, key: &str, args: &[(&str, FluentValue<'static>)]) -> Option<String> {
    let bundle = CATALOGUE.texts.get(&locale)?;
    let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        None => message.value()?,
        Some(attribute) => message.get_attribute(attribute)?.value(),
    };
    let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::warn!(key, %locale, ?errors, "text without all its values");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_chosen_by_weight() {
        assert_eq!(Locale::accepted("en-GB,en;q=0.9,zh-CN;q=0.8"), Some(Locale::En));
        assert_eq!(Locale::accepted("fr, zh-TW;q=0.4, en;q=0.3"), Some(Locale::ZhCn));
        assert_eq!(Locale::accepted("en;q=0, de"), None);
        assert_eq!(Locale::accepted("en;q=abc, *"), None);
        assert_eq!(Locale::accepted(""), None);
    }

    #[test]
    fn a_text_that_is_missing_shows_its_key() {
        assert_eq!(text(Locale::En, "no-such-text", &[]), "no-such-text");
    }
}
