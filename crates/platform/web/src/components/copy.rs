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

/// A text that is ready to be copied into WeChat: a button, and a field that is selected by hand where scripts are off.
#[derive(Debug, Clone, Template)]
#[template(path = "components/copy.html")]
pub struct Copy {
    id: String,
    text: String,
    label: String,
    button: String,
    done: String,
}
impl HtmlSafe for Copy {}

/// The text `text` to be copied; `id` names its field on the page.
pub fn copy(lang: &Lang, id: &str, text: &str) -> Copy {
    Copy {
        id: id.to_owned(),
        text: text.to_owned(),
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
