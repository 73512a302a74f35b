//! The parts that pages are made of. Each is written as it is: `{{ web::chip("late", "flame", page.t("…")) }}`.

use askama::Template;
use askama::filters::HtmlSafe;
use serde::Serialize;

use crate::markup::{Markup, json_block};
use crate::{DueTime, Icon, Lang, Page, icon};

/// A status: icon, word and tone together, never tone alone.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<span class=\"chip {{ tone }}\">{% if let Some(icon) = icon %}{{ icon }}{% endif %}{{ text }}</span>",
    ext = "html"
)]
pub struct Chip {
    tone: &'static str,
    icon: Option<Icon>,
    text: String,
}
impl HtmlSafe for Chip {}

/// A status chip. Tones: `` (waiting), `ok`, `soon`, `late`, `info`, `line` (a plain fact), `late solid` (S1). An empty `picture`
/// leaves the icon out, for plain facts only.
pub fn chip(tone: &'static str, picture: &'static str, text: impl AsRef<str>) -> Chip {
    Chip { tone, icon: (!picture.is_empty()).then(|| icon(picture)), text: text.as_ref().to_owned() }
}

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

/// One step of a flow.
#[derive(Debug, Clone)]
pub struct Step {
    label: String,
    note: String,
    state: StepState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StepState {
    Done,
    Now,
    Todo,
}

impl Step {
    /// A step behind us.
    pub fn done(label: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label: label.into(), note: note.into(), state: StepState::Done }
    }
    /// The step that is under way.
    pub fn now(label: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label: label.into(), note: note.into(), state: StepState::Now }
    }
    /// A step ahead.
    pub fn todo(label: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label: label.into(), note: note.into(), state: StepState::Todo }
    }
}

/// The steps of a flow across the page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/stepper.html")]
pub struct Stepper {
    label: String,
    done: String,
    steps: Vec<Step>,
}
impl HtmlSafe for Stepper {}

/// The flow `steps` across the page.
pub fn stepper(lang: &Lang, steps: &[Step]) -> Stepper {
    Stepper { label: lang.t1("web-flow", "n", steps.len()), done: lang.t("web-step-done"), steps: steps.to_vec() }
}

/// The same steps down a customer's page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/progress.html")]
pub struct Progress {
    done: String,
    steps: Vec<Step>,
}
impl HtmlSafe for Progress {}

/// The flow `steps` down a customer's page.
pub fn progress(lang: &Lang, steps: &[Step]) -> Progress {
    Progress { done: lang.t("web-step-done"), steps: steps.to_vec() }
}

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

/// Where one is, as links.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<ol class=\"crumb\" aria-label=\"{{ label }}\">{% for (text, href) in links %}<li><a href=\"{{ href }}\">{{ text }}</a></li><li aria-hidden=\"true\">/</li>{% endfor %}<li class=\"mono\" aria-current=\"page\">{{ here }}</li></ol>",
    ext = "html"
)]
pub struct Crumbs {
    label: String,
    links: Vec<(String, String)>,
    here: String,
}
impl HtmlSafe for Crumbs {}

/// The way from the list to `here`: one link, then the place.
pub fn crumbs(lang: &Lang, text: impl AsRef<str>, href: &str, here: impl AsRef<str>) -> Crumbs {
    let links = vec![(text.as_ref().to_owned(), href.to_owned())];
    Crumbs { label: lang.t("web-crumbs"), links, here: here.as_ref().to_owned() }
}

/// Nothing here: why, and one way forward.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<div class=\"state\">{{ icon }}<h3>{{ title }}</h3><p>{{ about }}</p>{% if let Some((text, href)) = action %}<a class=\"btn mt2\" href=\"{{ href }}\">{{ text }}</a>{% endif %}</div>",
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
    Empty { icon: crate::icon_xl(picture), title, about, action: None }
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

/// How much of something is used, as a thin bar; the words stand beside it.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<svg class=\"bar {{ tone }}\" aria-hidden=\"true\"><rect width=\"{{ percent }}%\" height=\"100%\" rx=\"3\"/></svg>",
    ext = "html"
)]
pub struct Bar {
    percent: i64,
    tone: &'static str,
}
impl HtmlSafe for Bar {}

/// A bar filled to `percent`; tones as in [`chip`], and `pause`.
pub fn bar(percent: i64, tone: &'static str) -> Bar {
    Bar { percent: percent.clamp(0, 100), tone }
}

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

/// One field that two people changed.
#[derive(Debug, Clone)]
pub struct Clash {
    /// The field's name in the form; the choice is sent as `take-<field>` = `theirs` or `mine`.
    pub field: String,
    /// The field's word.
    pub label: String,
    /// What it was when this person opened it.
    pub before: String,
    /// What is saved now.
    pub theirs: String,
    /// What this person wrote.
    pub mine: String,
}

/// Two people changed the same record: who, when, and the fields that differ side by side. Stands inside the form that is sent
/// again; carry the present version in it.
#[derive(Debug, Clone, Template)]
#[template(path = "components/conflict.html")]
pub struct Conflict {
    title: String,
    about: String,
    saved: String,
    words: ConflictWords,
    clashes: Vec<(Clash, String)>,
    drop_href: String,
}
impl HtmlSafe for Conflict {}

#[derive(Debug, Clone)]
struct ConflictWords {
    fields: String,
    field: String,
    yours: String,
    take: String,
    theirs: String,
    mine: String,
    merge: String,
    drop: String,
}

/// A conflict: `who` saved version `now` at `when` while the reader wrote on version `yours`; `drop_href` shows the saved one.
pub fn conflict(
    lang: &Lang,
    who: &str,
    when: &str,
    yours: i64,
    now: i64,
    clashes: &[Clash],
    drop_href: &str,
) -> Conflict {
    let take_of = |clash: &Clash| lang.t1("web-conflict-take-of", "field", &clash.label);
    Conflict {
        title: lang.t2("web-conflict-title", "who", who, "when", when),
        about: lang.t2("web-conflict-about", "yours", yours, "now", now),
        saved: lang.t1("web-conflict-saved", "who", who),
        words: ConflictWords {
            fields: lang.t("web-conflict-fields"),
            field: lang.t("web-conflict-field"),
            yours: lang.t("web-conflict-yours"),
            take: lang.t("web-conflict-take"),
            theirs: lang.t("web-conflict-theirs"),
            mine: lang.t("web-conflict-mine"),
            merge: lang.t("web-conflict-merge"),
            drop: lang.t("web-conflict-drop"),
        },
        clashes: clashes.iter().map(|clash| (clash.clone(), take_of(clash))).collect(),
        drop_href: drop_href.to_owned(),
    }
}

/// A chart, always with the same figures as a table.
#[derive(Debug, Clone, Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    kind: &'static str,
    height: u16,
    data: Markup,
    caption: String,
    show: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}
impl HtmlSafe for Chart {}

/// A chart of `kind` (`trend`, `pareto`, `gauge`, `frontier`, `contrib`; their data is described in `ui/src/charts.js`), `height`
/// pixels high (180, 200, 240, 280, 320 or 360), with its table: the head and one row per line, the first cell naming it.
pub fn chart(
    lang: &Lang,
    kind: &'static str,
    height: u16,
    caption: &str,
    data: &impl Serialize,
    table: (Vec<String>, Vec<Vec<String>>),
) -> Chart {
    let (head, rows) = table;
    Chart {
        kind,
        height,
        data: json_block(data),
        caption: caption.to_owned(),
        show: lang.t("web-chart-table"),
        head,
        rows,
    }
}

/// A whole page that asks once more before money moves, something is deleted or closed. Works without scripts.
#[derive(Debug, Clone, Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    /// The frame; its title is the question.
    pub page: Page,
    /// What will happen, in a sentence.
    pub about: String,
    /// Amount, payee, reason, …: name and value.
    pub facts: Vec<(String, String)>,
    /// The words on the button: what happens, not "OK".
    pub button: String,
    /// Where the POST goes.
    pub action: String,
    /// Hidden fields: version, what was chosen before.
    pub hidden: Vec<(String, String)>,
    /// Where "go back" leads.
    pub back: String,
    /// True for what cannot be taken back.
    pub danger: bool,
}
