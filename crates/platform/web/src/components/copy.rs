use askama::Template;
use askama::filters::HtmlSafe;

use crate::Lang;

/// A button that copies a table of the page into a spreadsheet, as it is seen: masked, and never as formulas. The server keeps a
/// trace first. It stands right before the table's box and shows where scripts can copy.
#[derive(Debug, Clone, Template)]
#[template(path = "components/copy_table.html")]
pub struct CopyTable {
    list: String,
    label: String,
}
impl HtmlSafe for CopyTable {}

/// Copies the table that follows; `list` is what the trace calls it.
pub fn copy_table(lang: &Lang, list: &str) -> CopyTable {
    CopyTable { list: list.to_owned(), label: lang.t("web-copy-table") }
}

/// A text for a customer that is ready to be copied into WeChat, with the button that copies it. Pressing it is what leaves the
/// trace: it posts `what` and `said`, which the page behind it keeps. Without scripts that page shows the text to be copied by hand.
#[derive(Debug, Clone, Template)]
#[template(path = "components/copy.html")]
pub struct Copy {
    id: String,
    text: String,
    action: String,
    what: String,
    label: String,
    button: String,
    done: String,
}
impl HtmlSafe for Copy {}

/// The text `text`, which is a `what`; `id` names its field on the page, and `action` is where the trace goes.
pub fn copy(lang: &Lang, id: &str, text: &str, action: &str, what: &str) -> Copy {
    Copy {
        id: id.to_owned(),
        text: text.to_owned(),
        action: action.to_owned(),
        what: what.to_owned(),
        label: lang.t("web-copy-label"),
        button: lang.t("web-copy-wechat"),
        done: lang.t("web-copy-done"),
    }
}

impl Copy {
    fn rows(&self) -> usize {
        self.text.lines().count().clamp(3, 12)
    }
}

/// A button beside what a customer is told: it has the text made, copies it and leaves the trace, all at once. Without scripts it
/// leads to the page with the text.
#[derive(Debug, Clone, Template)]
#[template(path = "components/copy_text.html")]
pub struct CopyText {
    action: String,
    fields: Vec<(&'static str, String)>,
    button: String,
    done: String,
    quiet: bool,
}
impl HtmlSafe for CopyText {}

/// Copies the text that `action` makes of `fields`.
pub fn copy_text(lang: &Lang, action: &str, fields: &[(&'static str, &str)]) -> CopyText {
    CopyText {
        action: action.to_owned(),
        fields: fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        button: lang.t("web-copy-wechat"),
        done: lang.t("web-copy-done"),
        quiet: true,
    }
}

impl CopyText {
    /// Says what is copied, where several stand below each other.
    #[must_use]
    pub fn of(mut self, text: impl Into<String>) -> Self {
        self.button = text.into();
        self.quiet = false;
        self
    }
}
