//! What the address of a list asks for; the page, its export and kept filters read it alike.

use capability::Ctx;
use kernel::{Cursor, Id, Zone, of};
use web::{Form, Page};

use crate::app::{Filter, Order};
use crate::domain::{Category, Channel, Kind, Priority, Stage, StateName};
use crate::store::{Measure, Measured};

/// An hour in milliseconds.
const HOUR: i64 = 3_600_000;
/// Days back to which lists of what is over go, unless all time is asked for.
pub(super) const DAYS: i32 = 90;
/// What an address keeps from page to page and from tab to tab.
const KEPT: [&str; 20] = [
    "kind", "state", "priority", "channel", "store", "owner", "q", "from", "to", "customer", "measure", "stage",
    "when", "sort", "tab", "symptom", "goods", "cause", "via", "feeling",
];
/// Those of them that narrow the list.
const NARROWING: [&str; 14] = [
    "q", "symptom", "goods", "cause", "via", "kind", "state", "priority", "channel", "store", "owner", "from", "to",
    "feeling",
];
/// The word for nobody among owners.
pub(super) const NOBODY: &str = "none";
/// The word for customers who are upset.
pub(super) const UPSET: &str = "upset";
/// The word for the reader among owners.
pub(super) const ME: &str = "me";

/// What lists know of the address `query`, so that nothing else is kept with it.
pub(crate) fn known(query: &str) -> String {
    let form = Form::from_query(query);
    let pairs: Vec<_> = form.pairs().iter().filter(|(name, _)| KEPT.contains(&name.as_str())).collect();
    serde_urlencoded::to_string(&pairs).unwrap_or_default()
}

/// The filters that everybody has, in the order of their tabs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Saved {
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
    pub(super) const ALL: [Self; 9] = [
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
    pub(super) const fn as_str(self) -> &'static str {
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
    /// What may be over is listed by when it came and only so far back, what is not by its deadline.
    pub(super) const fn is_history(self) -> bool {
        matches!(self, Self::Closed | Self::All)
    }
    pub(super) fn narrow(self, ctx: &Ctx, filter: Filter) -> Filter {
        let now = ctx.now();
        let live = Filter::live().categories;
        match self {
            Self::Mine => Filter {
                categories: live,
                owners: ctx.actor.user.into_iter().collect(),
                unowned: false,
                // What the owner filter asks for is not among one's own unless one asks for oneself.
                ids: if asks_for_others(&filter, ctx.actor.user) { Some(Vec::new()) } else { filter.ids },
                ..filter
            },
            Self::Open => Filter { categories: live, ..filter },
            Self::New => Filter { states: only(&filter.states, StateName::New), categories: live, ..filter },
            Self::Soon => Filter { categories: live, due_from: Some(now), due_before: Some(now.plus(HOUR)), ..filter },
            Self::Late => Filter { categories: live, due_before: Some(now), ..filter },
            Self::Waiting => Filter { categories: vec![Category::Waiting], ..filter },
            Self::Resolved => Filter { categories: vec![Category::Resolved], ..filter },
            Self::Closed => Filter { categories: vec![Category::Closed, Category::Void], ..filter },
            Self::All => filter,
        }
    }
}

fn asks_for_others(filter: &Filter, me: Option<Id<of::User>>) -> bool {
    let any = filter.unowned || !filter.owners.is_empty();
    any && !filter.owners.iter().any(|owner| Some(*owner) == me)
}

/// `state` where the states asked for allow it, else two that no case is in at once.
fn only(asked: &[StateName], state: StateName) -> Vec<StateName> {
    if asked.is_empty() || asked.contains(&state) { vec![state] } else { asked.to_vec() }
}

/// What an address asks for.
pub(crate) struct Asked {
    pub(super) tab: Saved,
    /// The filter without the tab's.
    pub(super) base: Filter,
    /// The whole filter.
    pub(crate) filter: Filter,
    pub(crate) order: Order,
    /// Without this, old cases that are over are left out.
    pub(super) all_time: bool,
    /// The metric whose records are asked for.
    pub(super) measure: Option<&'static str>,
    /// What the address keeps.
    kept: Vec<(String, String)>,
}

impl Asked {
    pub(crate) fn read(ctx: &Ctx, page: &Page, form: &mut Form) -> Self {
        let measure = MEASURES.iter().find(|(word, _)| *word == form.raw("measure"));
        // A number that counts what came in some days means everything of those days.
        let whole = form.has("from") || form.has("to") || form.has("state") || form.has("customer");
        let default = match measure {
            Some(("open", _)) => Saved::Open,
            Some(_) => Saved::All,
            None if whole => Saved::All,
            None => Saved::default(),
        };
        let tab = Saved::parse(form.raw("tab")).unwrap_or(default);
        let base = typed(ctx, form, &page.zone, measure.and_then(|(_, what)| *what));
        let filled = |(name, value): &&(String, String)| KEPT.contains(&name.as_str()) && !value.trim().is_empty();
        let kept: Vec<_> = form.pairs().iter().filter(filled).cloned().collect();
        let all_time = form.raw("when") == "all";
        // What is found by search, belongs to one customer or has its days named is bounded already.
        let bounded = base.text.is_some() || base.customer.is_some() || base.happened_from.is_some();
        let windowed = tab.is_history() && measure.is_none() && !all_time && !bounded;
        let since = windowed.then(|| ctx.now().day(&page.zone).plus(-DAYS).start(&page.zone));
        let order = match form.raw("sort") {
            "oldest" => Order::Oldest,
            "newest" => Order::Newest,
            "due_last" if !tab.is_history() => Order::DueLast,
            _ if tab.is_history() => Order::Newest,
            _ => Order::Due,
        };
        let base = Filter { since, ..base };
        let measure = measure.map(|(word, _)| *word);
        Self { tab, filter: tab.narrow(ctx, base.clone()), base, order, all_time, measure, kept }
    }

    /// True when what is over is listed for the last days only.
    pub(super) const fn windowed(&self) -> bool {
        self.base.since.is_some()
    }
    /// What narrows the list beyond its tab, as name and value.
    pub(super) fn narrowing(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.kept.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        pairs.filter(|(name, _)| NARROWING.contains(name))
    }
    /// The first value of `name`; empty when absent.
    pub(super) fn value(&self, name: &str) -> &str {
        self.kept.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The part of the address after the question mark, without the pairs that `drop` names and with `add`.
    pub(super) fn query(&self, drop: impl Fn(&str, &str) -> bool, add: &[(&str, &str)]) -> String {
        let kept = self.kept.iter().filter(|(name, value)| name != "tab" && !drop(name, value));
        let mut pairs: Vec<(&str, &str)> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if !add.iter().any(|(name, _)| *name == "tab") {
            pairs.insert(0, ("tab", self.tab.as_str()));
        }
        pairs.extend_from_slice(add);
        serde_urlencoded::to_string(&pairs).unwrap_or_default()
    }
    /// All of it, as exports and kept filters have it.
    pub(crate) fn words(&self) -> String {
        self.query(|_, _| false, &[])
    }
    pub(super) fn on_tab(&self, tab: Saved) -> String {
        format!("/cases?{}", self.query(|name, _| name == "sort" || name == "when", &[("tab", tab.as_str())]))
    }
    pub(super) fn sorted(&self, word: &str) -> String {
        format!("/cases?{}", self.query(|name, _| name == "sort", &[("sort", word)]))
    }
    pub(super) fn without(&self, gone: &str, of: &str) -> String {
        format!("/cases?{}", self.query(|name, value| name == gone && value == of, &[]))
    }
    /// The tab alone.
    pub(super) fn cleared(&self) -> String {
        format!("/cases?tab={}", self.tab.as_str())
    }
    pub(super) fn back_to(&self, when: Option<&str>) -> String {
        let add: Vec<_> = when.map(|when| ("when", when)).into_iter().collect();
        format!("/cases?{}", self.query(|name, _| name == "when", &add))
    }
    pub(super) fn page(&self, after: Option<Cursor>) -> String {
        let after = after.map(|cursor| cursor.to_string());
        let add: Vec<_> = after.iter().map(|cursor| ("after", cursor.as_str())).collect();
        format!("/cases?{}", self.query(|_, _| false, &add))
    }
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
fn typed(ctx: &Ctx, form: &mut Form, zone: &Zone, what: Option<Measure>) -> Filter {
    let from = form.day_or_none("from").map(|day| day.start(zone));
    let before = form.day_or_none("to").map(|day| day.plus(1).start(zone));
    let (came_from, came_before) = if what.is_some() { (None, None) } else { (from, before) };
    let unowned = form.all("owner").any(|typed| typed == NOBODY);
    let owners: Vec<Id<of::User>> = form
        .all("owner")
        .filter_map(|typed| if typed == ME { ctx.actor.user } else { typed.trim().parse().ok() })
        .collect();
    let (customer, text) = (form.id_or_none("customer"), form.text_or_none("q", 100));
    let symptom = form.text_or_none("symptom", 80);
    let codes = |name: &str| form.all(name).map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect();
    let (goods, causes) = (codes("goods"), codes("cause"));
    let via = form.id_or_none("via");
    let upset = form.all("feeling").any(|word| word == UPSET);
    Filter {
        measured: what.map(|what| Measured { what, from, before, stage: Stage::parse(form.raw("stage")) }),
        channels: form.all("channel").filter_map(Channel::parse).collect(),
        kinds: form.all("kind").filter_map(Kind::parse).collect(),
        priorities: form.all("priority").filter_map(Priority::parse).collect(),
        states: form.all("state").filter_map(StateName::parse).collect(),
        unowned,
        owners,
        stores: form.all("store").filter_map(|typed| typed.trim().parse().ok()).collect(),
        customer,
        via,
        upset: upset.then_some(true),
        symptom,
        goods,
        causes,
        happened_from: came_from,
        happened_before: came_before,
        text,
        ..Filter::default()
    }
}

/// The words in the records' links of metrics, and what they count besides what came in some days.
const MEASURES: [(&str, Option<Measure>); 12] = [
    ("taken_in", None),
    ("open", None),
    ("accepted", Some(Measure::Accepted)),
    ("answered", Some(Measure::Answered)),
    ("resolved", Some(Measure::Resolved)),
    ("resolved_first", Some(Measure::FirstResolved)),
    ("closed", Some(Measure::Closed)),
    ("reopened", Some(Measure::Reopened)),
    ("proposed", Some(Measure::Proposed)),
    ("declined", Some(Measure::Declined)),
    ("missed", Some(Measure::Missed)),
    ("deadlines", Some(Measure::Deadlines)),
];
