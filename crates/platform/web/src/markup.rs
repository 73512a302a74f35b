use std::fmt;

use askama::filters::{Escaper, Html, HtmlSafe};
use serde::Serialize;

use crate::assets::asset;

/// HTML that is ready: templates write it as it is. Made by components, or from text with [`Markup::text`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// HTML written by the program itself, never by a person.
    pub fn ready(html: impl Into<String>) -> Self {
        Self(html.into())
    }
    /// Plain text, escaped.
    pub fn text(text: &str) -> Self {
        Self(escape(text).to_string())
    }
    /// What `part` shows, as HTML.
    pub fn of(part: &impl HtmlSafe) -> Self {
        Self(part.to_string())
    }
    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// True when there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Markup {}

/// `text` with the five characters that mean something in HTML replaced.
pub fn escape(text: &str) -> impl fmt::Display + '_ {
    Escaped(text)
}

struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Html.write_escaped_str(&mut *f, self.0)
    }
}

/// The icon `name` of the sprite (`ui/icons.txt`), hidden from screen readers: the words beside it say it.
pub fn icon(name: &'static str) -> Icon {
    Icon { name, class: "i" }
}

/// A larger icon, 20 pixels.
pub fn icon_l(name: &'static str) -> Icon {
    Icon { name, class: "i i-l" }
}

/// The largest icon, 32 pixels, for empty states.
pub fn icon_xl(name: &'static str) -> Icon {
    Icon { name, class: "i i-xl" }
}

/// An icon of the sprite as HTML.
#[derive(Debug, Clone, Copy)]
pub struct Icon {
    name: &'static str,
    class: &'static str,
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"{}\" aria-hidden=\"true\"><use href=\"{}#{}\"/></svg>",
            self.class,
            asset("icons.svg"),
            escape(self.name)
        )
    }
}
impl HtmlSafe for Icon {}

/// A value as JSON inside `<script type="application/json">`, with everything escaped that could end the block.
pub fn json_block(value: &impl Serialize) -> Markup {
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    Markup(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_a_json_block_cannot_be_ended() {
        assert_eq!(Markup::text("<b>&\"'").as_str(), "&#60;b&#62;&#38;&#34;&#39;");
        let block = json_block(&["</script><!--", "a & b", "\u{2028}"]);
        assert_eq!(block.as_str(), r#"["\u003c/script\u003e\u003c!--","a \u0026 b","\u2028"]"#);
    }
}
