use askama::Template;
use askama::filters::HtmlSafe;

use crate::{DueTime, Icon, Markup, icon};

/// One figure of a strip.
#[derive(Debug, Clone)]
pub struct Kpi {
    label: String,
    value: String,
    unit: String,
    note: Option<String>,
    due: Option<Markup>,
    href: Option<String>,
}

impl Kpi {
    /// The figure `value` under its `label`.
    pub fn new(label: impl Into<String>, value: impl ToString) -> Self {
        Self { label: label.into(), value: value.to_string(), unit: String::new(), note: None, due: None, href: None }
    }
    /// What is counted, after the figure.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }
    /// A line below the figure.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
    /// A line below the figure with icon and tone (a deadline, a target).
    #[must_use]
    pub fn toned(mut self, tone: &'static str, picture: &'static str, text: &str) -> Self {
        let line = ToneLine { tone, icon: icon(picture), text: text.to_owned() };
        self.due = Some(Markup::of(&line));
        self
    }
    /// A deadline below the figure.
    #[must_use]
    pub fn due(mut self, due: DueTime) -> Self {
        self.due = Some(Markup::of(&due));
        self
    }
    /// The records that it counts.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

#[derive(Template)]
#[template(source = "<span class=\"due {{ tone }}\">{{ icon }}{{ text }}</span>", ext = "html")]
struct ToneLine {
    tone: &'static str,
    icon: Icon,
    text: String,
}
impl HtmlSafe for ToneLine {}

/// A strip of figures, each leading to its records.
#[derive(Debug, Clone, Template)]
#[template(path = "components/kpis.html")]
pub struct Kpis {
    label: String,
    cells: Vec<Kpi>,
}
impl HtmlSafe for Kpis {}

/// A strip of figures named `label` for those who do not see it.
pub fn kpis(label: impl AsRef<str>, cells: &[Kpi]) -> Kpis {
    Kpis { label: label.as_ref().to_owned(), cells: cells.to_vec() }
}
