use askama::Template;
use askama::filters::HtmlSafe;

use crate::Lang;

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
