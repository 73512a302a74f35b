use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Icon, Markup, icon};

/// Whose words an entry of the timeline holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Plain,
    Customer,
    Internal,
}

/// One entry of a timeline: who, what, when, and what was said.
#[derive(Debug, Clone, Template)]
#[template(path = "components/entry.html")]
pub struct Entry {
    who: String,
    what: String,
    when: String,
    late: Option<String>,
    icon: Option<Icon>,
    body: Option<String>,
    voice: Voice,
    more: Option<Markup>,
}
impl HtmlSafe for Entry {}

/// An entry of a timeline: `who` did `what` at `when` (texts). Stands in `<ul class="tl">`.
pub fn entry(who: impl AsRef<str>, what: impl AsRef<str>, when: impl AsRef<str>) -> Entry {
    Entry {
        who: who.as_ref().to_owned(),
        what: what.as_ref().to_owned(),
        when: when.as_ref().to_owned(),
        late: None,
        icon: None,
        body: None,
        voice: Voice::Plain,
        more: None,
    }
}

impl Entry {
    /// An icon instead of the first letter of the name.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Self {
        self.icon = Some(icon(name));
        self
    }
    /// What was written; line ends are kept.
    #[must_use]
    pub fn says(mut self, text: impl AsRef<str>) -> Self {
        self.body = Some(text.as_ref().to_owned()).filter(|text| !text.is_empty());
        self
    }
    /// The customer's words.
    #[must_use]
    pub fn customer(mut self) -> Self {
        self.voice = Voice::Customer;
        self
    }
    /// A note that only staff see.
    #[must_use]
    pub fn internal(mut self) -> Self {
        self.voice = Voice::Internal;
        self
    }
    /// Was entered more than ten minutes after it happened: the line that says so.
    #[must_use]
    pub fn entered_late(mut self, text: impl AsRef<str>) -> Self {
        self.late = Some(text.as_ref().to_owned());
        self
    }
    /// More below it: files, links, buttons.
    #[must_use]
    pub fn more(mut self, more: &Markup) -> Self {
        self.more = Some(more.clone());
        self
    }
    fn initial(&self) -> String {
        self.who.chars().next().map(String::from).unwrap_or_default()
    }
    fn bubble(&self) -> &'static str {
        match self.voice {
            Voice::Plain => "",
            Voice::Customer => " cust",
            Voice::Internal => " int",
        }
    }
    fn is_internal(&self) -> bool {
        self.voice == Voice::Internal
    }
}
