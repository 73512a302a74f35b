use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Icon, Lang, icon_xl};

/// One saved filter.
#[derive(Debug, Clone)]
pub struct Tab {
    text: String,
    href: String,
    count: Option<String>,
    current: bool,
}

impl Tab {
    /// A tab that leads to `href`.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), count: None, current: false }
    }
    /// How many are behind it.
    #[must_use]
    pub fn count(mut self, count: impl ToString) -> Self {
        self.count = Some(count.to_string());
        self
    }
    /// Whether it is the one that is shown.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// Saved filters as links.
#[derive(Debug, Clone, Template)]
#[template(path = "components/tabs.html")]
pub struct Tabs {
    label: String,
    tabs: Vec<Tab>,
}
impl HtmlSafe for Tabs {}

/// Tabs named `label` for those who do not see them.
pub fn tabs(label: impl AsRef<str>, tabs: &[Tab]) -> Tabs {
    Tabs { label: label.as_ref().to_owned(), tabs: tabs.to_vec() }
}

/// Where one is, as links.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<ol class=\"crumb\" aria-label=\"{{ label }}\">{% for (text, href) in links %}<li><a href=\"{{ href }}\">{{ text }}</a></li><li aria-hidden=\"true\">/</li>{% endfor %}<li{% if self.is_number() %} class=\"mono\"{% endif %} aria-current=\"page\">{{ here }}</li></ol>",
    ext = "html"
)]
pub struct Crumbs {
    label: String,
    links: Vec<(String, String)>,
    here: String,
}
impl HtmlSafe for Crumbs {}

impl Crumbs {
    /// A case number or a masked phone is set in a fixed width, a name is not.
    fn is_number(&self) -> bool {
        self.here.chars().any(|c| c.is_ascii_digit())
            && self.here.chars().all(|c| c.is_ascii() && !c.is_ascii_lowercase() && c != ' ')
    }
}

/// The way from the list to `here`: one link, then the place.
pub fn crumbs(lang: &Lang, text: impl AsRef<str>, href: &str, here: impl AsRef<str>) -> Crumbs {
    let links = vec![(text.as_ref().to_owned(), href.to_owned())];
    Crumbs { label: lang.t("web-crumbs"), links, here: here.as_ref().to_owned() }
}

/// Nothing here: why, and one way forward.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<div class=\"state\">{{ icon }}<h2>{{ title }}</h2><p>{{ about }}</p>{% if let Some((text, href)) = action %}<a class=\"btn mt2\" href=\"{{ href }}\">{{ text }}</a>{% endif %}</div>",
    ext = "html"
)]
pub struct Empty {
    icon: Icon,
    title: String,
    about: String,
    action: Option<(String, String)>,
}
impl HtmlSafe for Empty {}

/// An empty list with the reason.
pub fn empty(picture: &'static str, title: impl AsRef<str>, about: impl AsRef<str>) -> Empty {
    let (title, about) = (title.as_ref().to_owned(), about.as_ref().to_owned());
    Empty { icon: icon_xl(picture), title, about, action: None }
}

impl Empty {
    /// The way forward.
    #[must_use]
    pub fn action(mut self, text: impl AsRef<str>, href: impl AsRef<str>) -> Self {
        self.action = Some((text.as_ref().to_owned(), href.as_ref().to_owned()));
        self
    }
}

/// The way to the next rows and back to the first.
#[derive(Debug, Clone, Template)]
#[template(
    source = "{% if next.is_some() || first.is_some() %}<nav class=\"row-f wrap p3\" aria-label=\"{{ label }}\">{% if let Some(href) = first %}<a class=\"btn btn-s\" href=\"{{ href }}\">{{ back }}</a>{% endif %}{% if let Some(href) = next %}<a class=\"btn btn-s\" rel=\"next\" href=\"{{ href }}\">{{ more }}</a>{% endif %}</nav>{% endif %}",
    ext = "html"
)]
pub struct Pager {
    label: String,
    back: String,
    more: String,
    next: Option<String>,
    first: Option<String>,
}
impl HtmlSafe for Pager {}

/// Links to the `next` rows and back to the `first`; nothing when both are absent.
pub fn pager(lang: &Lang, next: &Option<String>, first: &Option<String>) -> Pager {
    let (next, first) = (next.clone(), first.clone());
    Pager { label: lang.t("web-pages"), back: lang.t("web-page-first"), more: lang.t("web-page-next"), next, first }
}
