//! The list of cases: tabs, filters, order, pages, and the filters that people keep.

mod asked;
mod filters;
mod kept;

pub(crate) use asked::{Asked, known};
pub(crate) use kept::{forget, keep};

use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Cursor, FaultKind};
use web::{Failure, Form, Lang, Page, Tab, View};

use self::asked::{DAYS, Saved};
use self::filters::{Chosen, Group};
use super::shown::Row;
use super::with_done;
use crate::app::{self, CaseRow, EXPORT, Listed, Order, SavedList, TAKE_IN, Tally};

/// Rows per page.
const ROWS: u16 = 50;

#[derive(Template)]
#[template(path = "cases_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    asked: Asked,
    groups: Vec<Group>,
    chosen: Vec<Chosen>,
    kept: Vec<SavedList>,
    /// Whether another filter may be kept.
    room: bool,
    /// The number whose records are shown, and how many these are.
    measure: Option<(String, String)>,
    sorts: Vec<Sort>,
    lines: Vec<Line>,
    next: Option<String>,
    first: Option<String>,
    /// The list would have taken too long.
    too_long: bool,
    /// Search found more than it looks at.
    cut: bool,
    days: i32,
    export: Option<String>,
    may_take_in: bool,
    empty_key: String,
}

/// A column by which the list can be ordered.
struct Sort {
    text: String,
    href: String,
    /// `ascending`, `descending`, or none when it does not order the list.
    now: Option<&'static str>,
}

/// A row with what orders it.
struct Line {
    row: Row,
    /// When what is measured happened.
    when: Option<String>,
    /// Of which deadline.
    stage: Option<String>,
}

impl Line {
    fn of(ctx: &Ctx, lang: &Lang, listed: &Listed<CaseRow>, measured: bool) -> Self {
        Self {
            row: Row::of(ctx, lang, &listed.case),
            when: measured.then(|| lang.at(listed.at)),
            stage: listed.stage.map(|stage| lang.word("cases-stage", stage.as_str())),
        }
    }
}

impl ListPage {
    /// The hidden fields of the filter's form.
    fn stays(&self) -> Vec<(&'static str, &str)> {
        let names = ["measure", "stage", "symptom", "customer", "when", "sort"];
        let mut stays = vec![("tab", self.asked.tab.as_str())];
        stays.extend(
            names.map(|name| (name, self.asked.value(name))).into_iter().filter(|(_, value)| !value.is_empty()),
        );
        stays
    }
    fn narrowed(&self) -> bool {
        !self.chosen.is_empty()
    }
    fn by_due(&self) -> bool {
        self.asked.order.by_due()
    }
}

/// `GET /cases`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let page = with_done(page.named("cases-page-list"), query.as_deref());
    let mut form = Form::from_query(&query.unwrap_or_default());
    let asked = Asked::read(&ctx, &page, &mut form);
    let after = form.raw("after").parse::<Cursor>().ok();
    let measured = asked.filter.measured.is_some();
    // What is over grows without end: it is counted only where somebody looks at it.
    let counted: Vec<Saved> = match asked.measure {
        Some(_) => vec![asked.tab],
        None => Saved::ALL.into_iter().filter(|one| !one.is_history() || *one == asked.tab).collect(),
    };
    let filters = counted.iter().map(|one| one.narrow(&ctx, asked.base.clone())).collect();
    let listed = app::list_and_count(&ctx, asked.filter.clone(), asked.order, after, ROWS, filters).await;
    let (listed, too_long) = match listed {
        Ok(listed) => (listed, false),
        Err(fault) if fault.kind() == FaultKind::Busy => (app::Sheet::default(), true),
        Err(fault) => return Err(fault.into()),
    };
    let tally = |one: Saved| {
        let place = counted.iter().position(|counted| *counted == one)?;
        listed.tallies.get(place).map(number)
    };
    let tabs = Saved::ALL.into_iter().map(|one| {
        let tab = Tab::new(page.word("cases-page-tab", one.as_str()), asked.on_tab(one)).current(one == asked.tab);
        match tally(one) {
            Some(n) => tab.count(n),
            None => tab,
        }
    });
    let measure =
        asked.measure.map(|word| (page.word("cases-page-measure", word), tally(asked.tab).unwrap_or_default()));
    let lines = listed.rows.iter().map(|row| Line::of(&ctx, &page.lang, row, measured)).collect();
    let kept = app::kept(&ctx).await?;
    let catalogue = app::symptoms(&ctx.house).await?;
    Ok(View(ListPage {
        tabs: if measure.is_none() { tabs.collect() } else { Vec::new() },
        groups: filters::groups(&ctx, &page.lang, &catalogue, &asked),
        chosen: filters::chosen(&ctx, &page.lang, &catalogue, &asked),
        room: i64::try_from(kept.len()).is_ok_and(|n| n < app::KEPT_MOST),
        kept,
        sorts: if measured { Vec::new() } else { sorts(&page.lang, &asked) },
        lines,
        next: listed.next.map(|cursor| asked.page(Some(cursor))),
        first: after.map(|_| asked.page(None)),
        too_long,
        cut: listed.cut,
        days: DAYS,
        export: ctx.actor.holds(EXPORT).then(|| format!("/cases.csv?{}", asked.words())),
        may_take_in: ctx.actor.holds(TAKE_IN),
        empty_key: format!("cases-page-empty-{}", asked.tab.as_str()),
        measure,
        asked,
        page,
    }))
}

fn number(tally: &Tally) -> String {
    if tally.more { format!("{}+", tally.n) } else { tally.n.to_string() }
}

/// The deadline and when the customer came, the one that orders the list first.
fn sorts(lang: &Lang, asked: &Asked) -> Vec<Sort> {
    let sort = |key: &str, up: (Order, &str), down: (Order, &str), up_first: bool| {
        let now = match asked.order {
            order if order == up.0 => Some("ascending"),
            order if order == down.0 => Some("descending"),
            _ => None,
        };
        let word = match (now, up_first) {
            (Some("ascending"), _) | (None, false) => down.1,
            _ => up.1,
        };
        Sort { text: lang.t(key), href: asked.sorted(word), now }
    };
    let due = sort("cases-page-col-due", (Order::Due, "due"), (Order::DueLast, "due_last"), true);
    let came = sort("cases-page-col-came", (Order::Oldest, "oldest"), (Order::Newest, "newest"), false);
    match (asked.tab.is_history(), asked.order.by_due()) {
        (true, _) => vec![came],
        (false, true) => vec![due, came],
        (false, false) => vec![came, due],
    }
}
