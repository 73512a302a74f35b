use askama::Template;
use askama::filters::HtmlSafe;

use crate::{DueTime, Icon, Lang, Markup, icon};

/// What one can do next, fixed at the lower edge. The last one added with [`ActionBar::primary`] or
/// [`ActionBar::submit`] is the one primary button.
#[derive(Debug, Clone, Template)]
#[template(path = "components/action_bar.html")]
pub struct ActionBar {
    label: String,
    next_word: String,
    next: Option<String>,
    by: Option<Markup>,
    others: Vec<Action>,
    primary: Option<Action>,
}
impl HtmlSafe for ActionBar {}

#[derive(Debug, Clone)]
struct Action {
    text: String,
    icon: Option<Icon>,
    target: Target,
    key: Option<&'static str>,
}

#[derive(Debug, Clone)]
enum Target {
    Link(String),
    Submit { form: String },
}

/// The action bar; `next` says what comes next in words.
pub fn action_bar(lang: &Lang, next: &Option<String>) -> ActionBar {
    ActionBar {
        label: lang.t("web-next-actions"),
        next_word: lang.t("web-next-step"),
        next: next.clone(),
        by: None,
        others: Vec::new(),
        primary: None,
    }
}

impl ActionBar {
    /// By when the next step must be done.
    #[must_use]
    pub fn due(mut self, due: &DueTime) -> Self {
        self.by = Some(Markup::of(due));
        self
    }
    /// Another thing that can be done, as a link.
    #[must_use]
    pub fn link(mut self, text: impl AsRef<str>, href: impl AsRef<str>) -> Self {
        self.others.push(Action::link(text.as_ref(), href.as_ref()));
        self
    }
    /// The next step as a link; key X.
    #[must_use]
    pub fn primary(mut self, picture: &'static str, text: impl AsRef<str>, href: impl AsRef<str>) -> Self {
        let action = Action::link(text.as_ref(), href.as_ref());
        self.primary = Some(Action { icon: (!picture.is_empty()).then(|| icon(picture)), key: Some("x"), ..action });
        self
    }
    /// The next step sends the form whose id is `form`; Ctrl+Enter.
    #[must_use]
    pub fn submit(mut self, text: impl AsRef<str>, form: impl AsRef<str>) -> Self {
        let target = Target::Submit { form: form.as_ref().to_owned() };
        self.primary = Some(Action { text: text.as_ref().to_owned(), icon: None, target, key: None });
        self
    }
}

impl Action {
    fn link(text: &str, href: &str) -> Self {
        Self { text: text.to_owned(), icon: None, target: Target::Link(href.to_owned()), key: None }
    }
}
