use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Cursor;
use web::{Choice, Failure, Filled, Form, Page, Tab, View};

use super::shown::Row;
use super::{choices, stores};
use crate::app::{self, EXPORT, Filter, Order, VIEW};
use crate::domain::{Category, Channel, Kind, Priority, StateName};
use crate::store::{Measure, Measured};

/// Rows per page.
const ROWS: u16 = 50;
/// An hour in milliseconds.
const HOUR: i64 = 3_600_000;
/// What the address keeps from tab to tab.
const KEPT: [&str; 12] =
    ["kind", "priority", "store", "owner", "q", "from", "to", "state", "customer", "measure", "channel", "symptom"];

/// The saved filters, in the order of their tabs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Saved {
    /// Mine, not over.
    Mine,
    /// Not over.
    #[default]
    Open,
    /// Nobody has them yet.
    New,
    /// Due within the hour.
    Soon,
    /// Overdue.
    Late,
    /// Waiting for something named.
    Waiting,
    /// Done, the customer has not said so.
    Resolved,
    /// Over.
    Closed,
    /// Everything.
    All,
}

impl Saved {
    const ALL: [Self; 9] = [
        Self::Mine,
        Self::Open,
        Self::New,
        Self::Soon,
        Self::Late,
        Self::Waiting,
        Self::Resolved,
        Self::Closed,
        Self::All,
    ];
    const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Open => "open",
            Self::New => "new",
            Self::Soon => "soon",
            Self::Late => "late",
            Self::Waiting => "waiting",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    /// What is over is listed by when it came, what is not by its deadline.
    const fn order(self) -> Order {
        match self {
            Self::Closed | Self::All => Order::Newest,
            Self::Mine | Self::Open | Self::New | Self::Soon | Self::Late | Self::Waiting | Self::Resolved => {
                Order::Due
            }
        }
    }
    fn narrow(self, ctx: &Ctx, filter: Filter) -> Filter {
        let now = ctx.now();
        let live = Filter::live().categories;
        match self {
            Self::Mine => Filter { categories: live, owner: ctx.actor.user, ..filter },
            Self::Open => Filter { categories: live, ..filter },
            Self::New => Filter { categories: live, states: vec![StateName::New], ..filter },
            Self::Soon => Filter { categories: live, due_from: Some(now), due_before: Some(now.plus(HOUR)), ..filter },
            Self::Late => Filter { categories: live, due_before: Some(now), ..filter },
            Self::Waiting => Filter { categories: vec![Category::Waiting], ..filter },
            Self::Resolved => Filter { categories: vec![Category::Resolved], ..filter },
            Self::Closed => Filter { categories: vec![Category::Closed, Category::Void], ..filter },
            Self::All => filter,
        }
    }
}

#[derive(Template)]
#[template(path = "cases_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    tab: &'static str,
    form: Filled,
    kinds: Vec<Choice>,
    priorities: Vec<Choice>,
    stores: Vec<Choice>,
    narrowed: bool,
    /// The metric whose records are shown, and whether they are only those of the period.
    measure: Option<(String, bool)>,
    measure_word: String,
    customer: String,
    clear: String,
    /// The same list as a file, for those who may.
    export: Option<String>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    by_due: bool,
    empty_key: String,
}

/// `GET /cases?tab=&kind=&priority=&store=&owner=&q=&from=&to=&after=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let Asked { tab: saved, base: filter, kept, filter: narrowed, order, .. } = Asked::read(&ctx, &page, &mut form);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, narrowed, order, after, ROWS).await?;
    let address_of = |saved: Saved, after: Option<Cursor>| address("/cases", saved, &kept, after);
    let mut tabs = Vec::new();
    for one in Saved::ALL {
        let tally = app::count(&ctx, one.narrow(&ctx, filter.clone())).await?;
        let n = if tally.more { format!("{}+", tally.n) } else { tally.n.to_string() };
        tabs.push(
            Tab::new(page.word("cases-page-tab", one.as_str()), address_of(one, None)).count(n).current(one == saved),
        );
    }
    let rows: Vec<Row> = listed.rows.iter().map(|row| Row::of(&ctx, &page.lang, row)).collect();
    let reached = stores(&ctx, &page.lang, VIEW);
    Ok(View(ListPage {
        tabs,
        tab: saved.as_str(),
        kinds: choices(&page.lang, "cases-kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        priorities: choices(&page.lang, "cases-priority", Priority::ALL.iter().map(|priority| priority.as_str())),
        stores: if reached.len() > 1 { reached } else { Vec::new() },
        narrowed: !kept.is_empty(),
        measure: form.has("measure").then(|| {
            let word = form.raw("measure");
            (page.word("cases-page-measure", word), LOOSE.contains(&word))
        }),
        measure_word: form.raw("measure").to_owned(),
        customer: form.raw("customer").to_owned(),
        clear: format!("/cases?tab={}", saved.as_str()),
        export: ctx.actor.holds(EXPORT).then(|| address("/cases.csv", saved, &kept, None)),
        rows,
        next: listed.next.map(|cursor| address_of(saved, Some(cursor))),
        first: after.map(|_| address_of(saved, None)),
        by_due: saved.order() == Order::Due,
        empty_key: format!("cases-page-empty-{}", saved.as_str()),
        form: form.into_filled(),
        page: page.named("cases-page-list"),
    }))
}

/// What an address asks for; pages and exports read it alike.
pub(super) struct Asked {
    tab: Saved,
    /// The filter without the tab's.
    base: Filter,
    /// The whole filter.
    pub filter: Filter,
    pub order: Order,
    /// What the address keeps from tab to tab.
    kept: Vec<(String, String)>,
    /// The same in one line, for the journal.
    pub words: String,
}

impl Asked {
    pub(super) fn read(ctx: &Ctx, page: &Page, form: &mut Form) -> Self {
        // A number that counts what came in some days means everything of those days.
        let whole = form.has("from") || form.has("to") || form.has("state");
        let default = match form.raw("measure") {
            "open" => Saved::Open,
            _ if whole || form.has("measure") => Saved::All,
            _ => Saved::default(),
        };
        let tab = Saved::parse(form.raw("tab")).unwrap_or(default);
        let base = typed(form, page);
        let filled = |(name, value): &&(String, String)| KEPT.contains(&name.as_str()) && !value.trim().is_empty();
        let kept: Vec<_> = form.pairs().iter().filter(filled).cloned().collect();
        let words = address("", tab, &kept, None);
        Self { tab, filter: tab.narrow(ctx, base.clone()), base, order: tab.order(), kept, words }
    }
}

/// The list's address, or that of its export, with a tab and what is kept.
fn address(path: &str, tab: Saved, kept: &[(String, String)], after: Option<Cursor>) -> String {
    let mut pairs = vec![("tab".to_owned(), tab.as_str().to_owned())];
    pairs.extend(kept.iter().cloned());
    pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
    format!("{path}?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
fn typed(form: &mut Form, page: &Page) -> Filter {
    let from = form.day_or_none("from").map(|day| day.start(&page.zone));
    let before = form.day_or_none("to").map(|day| day.plus(1).start(&page.zone));
    let measure = measure(form.raw("measure"));
    let (came_from, came_before) = if measure.is_some() { (None, None) } else { (from, before) };
    Filter {
        measured: measure.map(|what| Measured { what, from, before }),
        channels: form.choice_or_none("channel", Channel::parse).into_iter().collect(),
        kinds: form.choice_or_none("kind", Kind::parse).into_iter().collect(),
        priorities: form.choice_or_none("priority", Priority::parse).into_iter().collect(),
        states: form.choice_or_none("state", StateName::parse).into_iter().collect(),
        owner: form.id_or_none("owner"),
        store: form.id_or_none("store"),
        customer: form.id_or_none("customer"),
        happened_from: came_from,
        happened_before: came_before,
        symptom: form.text_or_none("symptom", 80),
        text: form.text_or_none("q", 100),
        ..Filter::default()
    }
}

/// What a metric counts, as its link says; others are counted on the day when the customer came.
fn measure(word: &str) -> Option<Measure> {
    match word {
        "accepted" => Some(Measure::Accepted),
        "answered" => Some(Measure::Answered),
        "resolved" => Some(Measure::Resolved),
        "closed" => Some(Measure::Closed),
        "proposed" => Some(Measure::Proposed),
        "declined" => Some(Measure::Declined),
        _ => None,
    }
}

/// Metrics whose events have no column of their own: the page says that it shows the period's cases, not each event.
const LOOSE: [&str; 3] = ["reopened", "missed", "deadlines"];
