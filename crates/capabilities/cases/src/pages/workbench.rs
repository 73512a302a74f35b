use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, Timestamp};
use metrics::{By, Slice};
use web::{Failure, Filled, Kpi, Lang, Page, View};

use super::drafts::DraftLine;
use super::shown::Row;
use super::{directory, tasks, with_done};
use crate::app::{self, CHECK, Filter, Order, TAKE_IN, Tally, TaskView, VIEW};
use crate::domain::StateName;

/// Rows of the queue.
const ROWS: u16 = 30;
/// Rows of the list beside it.
const WAITING: u16 = 6;
/// Rows of the small lists.
const BESIDE: u16 = 5;
/// An hour in milliseconds.
const HOUR: i64 = 3_600_000;
/// The metric that "rating today" shows; it is there when the program has surveys.
const RATING: &str = "surveys-csat";

#[derive(Template)]
#[template(path = "cases_workbench.html")]
struct Workbench {
    page: Page,
    may_take_in: bool,
    may_view: bool,
    form: Filled,
    kpis: Vec<Kpi>,
    mine: Vec<Row>,
    mine_count: String,
    shown_count: String,
    /// The queue is the person's own; else it is what is within reach.
    own: bool,
    mine_href: String,
    waiting: Vec<Row>,
    waiting_count: String,
    drafts: Vec<DraftLine>,
    tasks: Vec<tasks::Row>,
    checks: Vec<CheckRow>,
}

/// A check that is due.
struct CheckRow {
    href: String,
    subject: String,
    about: String,
    due: String,
}

/// `GET /`: whom to serve now, and what is due.
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    if let Some(path) = ctx.landing() {
        return Ok(Redirect::to(path).into_response());
    }
    let page = with_done(page.named("cases-page-workbench"), query.as_deref());
    let may_view = ctx.actor.holds(VIEW);
    let mut workbench = Workbench {
        may_take_in: ctx.actor.holds(TAKE_IN),
        may_view,
        form: Filled::new(),
        kpis: Vec::new(),
        mine: Vec::new(),
        mine_count: String::new(),
        shown_count: String::new(),
        own: true,
        mine_href: "/cases?tab=mine".to_owned(),
        waiting: Vec::new(),
        waiting_count: String::new(),
        drafts: super::drafts::lines(&ctx, &page.lang, "").await?,
        tasks: Vec::new(),
        checks: Vec::new(),
        page,
    };
    beside(&ctx, &mut workbench).await?;
    if may_view {
        fill(&ctx, &mut workbench).await?;
    }
    Ok(View(workbench).into_response())
}

/// What stands beside the queue: the person's tasks, and checks that are due.
async fn beside(ctx: &Ctx, workbench: &mut Workbench) -> Result<(), Fault> {
    let lang = workbench.page.lang.clone();
    let mine = app::tasks(ctx, TaskView::Mine, false, None, None, BESIDE).await?;
    let line = |line: &app::TaskLine| tasks::Row::of(ctx, &lang, &line.task, &line.number, &line.subject);
    workbench.tasks = mine.rows.iter().map(line).collect();
    if ctx.actor.holds(CHECK) {
        let due = app::due_checks(ctx, None, BESIDE).await?;
        let row = |check: app::CheckLine| CheckRow {
            href: format!("/cases/{}/check", check.case),
            about: [check.customer_name, check.number].join(" · "),
            due: lang.t1("cases-check-due-on", "day", lang.day(check.planned_on)),
            subject: check.subject,
        };
        workbench.checks = due.rows.into_iter().map(row).collect();
    }
    Ok(())
}

async fn fill(ctx: &Ctx, workbench: &mut Workbench) -> Result<(), Fault> {
    let lang = workbench.page.lang.clone();
    let mine = Filter { owners: ctx.actor.user.into_iter().collect(), ..Filter::live() };
    let unowned = Filter { states: vec![StateName::New], ..Filter::live() };
    let mut queue = app::list(ctx, mine.clone(), Order::Due, None, ROWS).await?;
    if queue.rows.is_empty() {
        // Whoever has nothing of their own, a manager or the counter, sees what the others have.
        queue = app::list(ctx, Filter::live(), Order::Due, None, ROWS).await?;
        workbench.own = false;
        workbench.mine_href = "/cases?tab=open".to_owned();
    }
    let waiting = app::list(ctx, unowned.clone(), Order::Due, None, WAITING).await?;
    let numbers = Numbers::of(ctx, &lang, mine, unowned).await?;
    workbench.mine_count = said(numbers.mine);
    workbench.shown_count = said(if workbench.own { numbers.mine } else { numbers.live });
    workbench.waiting_count = said(numbers.unowned);
    workbench.kpis = kpis(ctx, &lang, &numbers).await?;
    workbench.mine = queue.rows.iter().map(|row| Row::of(ctx, &lang, row)).collect();
    workbench.waiting = waiting.rows.iter().map(|row| Row::of(ctx, &lang, row)).collect();
    Ok(())
}

fn said(tally: Tally) -> String {
    if tally.more { format!("{}+", tally.n) } else { tally.n.to_string() }
}

/// How many cases there are, by what is asked of the day; one statement.
struct Numbers {
    mine: Tally,
    unowned: Tally,
    live: Tally,
    taken: Tally,
    taken_then: Tally,
    soon: Tally,
    late: Tally,
}

impl Numbers {
    async fn of(ctx: &Ctx, lang: &Lang, mine: Filter, unowned: Filter) -> Result<Self, Fault> {
        let now = lang.now;
        let today = now.day(&lang.zone);
        let (start, then) = (today.start(&lang.zone), today.plus(-7).start(&lang.zone));
        let taken = Filter { happened_from: Some(start), ..Filter::default() };
        let taken_then = Filter {
            happened_from: Some(then),
            happened_before: Some(then.plus(now.since(start))),
            ..Filter::default()
        };
        let filters = vec![mine, unowned, Filter::live(), taken, taken_then, soon(now), late(now)];
        let tallies = app::counts(ctx, filters).await?;
        let [mine, unowned, live, taken, taken_then, soon, late] = tallies.as_slice() else {
            return Err(Fault::internal("a count for each filter"));
        };
        Ok(Self {
            mine: *mine,
            unowned: *unowned,
            live: *live,
            taken: *taken,
            taken_then: *taken_then,
            soon: *soon,
            late: *late,
        })
    }
}

/// Due within the hour.
fn soon(now: Timestamp) -> Filter {
    Filter { due_from: Some(now), due_before: Some(now.plus(HOUR)), ..Filter::live() }
}

/// Overdue.
fn late(now: Timestamp) -> Filter {
    Filter { due_before: Some(now), ..Filter::live() }
}

/// Numbers of now, each leading to the cases that it counts.
async fn kpis(ctx: &Ctx, lang: &Lang, numbers: &Numbers) -> Result<Vec<Kpi>, Fault> {
    let now = lang.now;
    let today = now.day(&lang.zone);
    let unit = |tally: Tally| lang.t1("cases-page-unit", "n", tally.n);
    let mut cells = vec![
        Kpi::new(lang.t("cases-page-kpi-today"), said(numbers.taken))
            .unit(unit(numbers.taken))
            .note(lang.t1("cases-page-kpi-last-week", "n", said(numbers.taken_then)))
            .href(format!("/cases?tab=all&from={today}")),
        Kpi::new(lang.t("cases-page-kpi-mine"), said(numbers.mine))
            .unit(unit(numbers.mine))
            .note(lang.t1("cases-page-kpi-all", "n", said(numbers.live)))
            .href("/cases?tab=mine"),
    ];
    for (key, filter, tally) in [("soon", soon(now), numbers.soon), ("late", late(now), numbers.late)] {
        let nearest = app::list(ctx, filter, Order::Due, None, 1).await?.rows.into_iter().next();
        let cell = Kpi::new(lang.t(&format!("cases-page-kpi-{key}")), said(tally))
            .unit(unit(tally))
            .href(format!("/cases?tab={key}"));
        cells.push(match nearest.and_then(|row| super::shown::due(lang, row.due.as_ref(), None)) {
            Some(due) => cell.due(due),
            None => cell.toned("ok", "circle-check", &lang.t("cases-page-kpi-none")),
        });
    }
    cells.extend(rating(ctx, lang, now).await?);
    Ok(cells)
}

/// Today's rating over the actor's stores, with its base; absent when nobody has rated or the program has no surveys.
async fn rating(ctx: &Ctx, lang: &Lang, now: Timestamp) -> Result<Option<Kpi>, Fault> {
    let Some(metric) = ctx.house.metrics.iter().find(|metric| metric.id == RATING).copied() else { return Ok(None) };
    let reach = ctx.reach(VIEW);
    let stores: Vec<_> = directory(ctx)
        .stores()
        .filter(|store| reach.company || reach.stores.contains(&store.id))
        .map(|store| store.id)
        .collect();
    if stores.is_empty() {
        return Ok(None);
    }
    let today = now.day(&lang.zone);
    let slice = Slice { stores, from: today, to: today, by: By::Total };
    let points = ctx
        .read((metric, slice), |tx, (metric, slice)| Box::pin(async move { metrics::read(tx, metric, slice).await }))
        .await?;
    let Some(point) = points.into_iter().next() else { return Ok(None) };
    let count = point.parts.get("surveys.csat_count").copied().unwrap_or(0);
    Ok(point.value.map(|value| {
        Kpi::new(lang.t("cases-page-kpi-rating"), format!("{}.{:02}", value.n / 100, value.n % 100))
            .unit("/ 5")
            .note(lang.t1("cases-page-kpi-ratings", "n", count))
            .href(format!("/surveys?show=answered&from={today}&to={today}"))
    }))
}
