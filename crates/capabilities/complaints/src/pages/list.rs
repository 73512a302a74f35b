use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Cursor;
use web::{Choice, Failure, Filled, Form, Kpi, Lang, Page, Tab, View};

use super::causes::Board;
use super::shown::{Row, cause_choices};
use crate::app::{self, EXPORT};
use crate::domain::{Cause, Severity, Source, State, Topic};
use crate::store::{Filter, Show};

/// Rows per page.
const ROWS: i64 = 25;
/// What narrows a list, in addresses.
const NAMES: [&str; 9] = ["state", "severity", "topic", "cause", "source", "store", "unit", "from", "to"];

#[derive(Template)]
#[template(path = "complaints_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    kpis: Vec<Kpi>,
    form: Filled,
    severities: Vec<Choice>,
    states: Vec<Choice>,
    topics: Vec<Choice>,
    causes: Vec<Choice>,
    show: Show,
    narrowed: bool,
    clear: String,
    csv: Option<String>,
    may_take_in: bool,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    board: Board,
}

/// `GET /complaints?show=&state=&severity=&topic=&cause=&source=&store=&unit=&from=&to=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form, &page);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, filter.clone(), after, ROWS).await?;
    let pairs: Vec<(String, String)> = form
        .pairs()
        .iter()
        .filter(|(name, value)| NAMES.contains(&name.as_str()) && !value.is_empty())
        .cloned()
        .collect();
    let address = |path: &str, show: Show, after: Option<Cursor>| {
        let mut all = vec![("show".to_owned(), show.as_str().to_owned())];
        all.extend(pairs.iter().cloned());
        all.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("{path}?{}", serde_urlencoded::to_string(&all).unwrap_or_default())
    };
    let shown = |show: Show| Filter { show, ..filter.clone() };
    let plain = |show: Show| Filter { show, ..Filter::default() };
    let mut wanted: Vec<Filter> = Show::TABS.map(shown).to_vec();
    wanted.extend([plain(Show::Severe), plain(Show::Upset), plain(Show::Late), plain(Show::Open)]);
    let mut counts = app::counts(&ctx, wanted).await?;
    let totals = counts.split_off(Show::TABS.len());
    let tabs = Show::TABS.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("complaints-show", show.as_str()), address("/complaints", show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let shows = [Show::Severe, Show::Upset, Show::Late, Show::Open];
    let kpis = shows.into_iter().zip(totals).map(|(show, n)| {
        Kpi::new(page.word("complaints-kpi", show.as_str()), page.capped(n, app::COUNTED))
            .note(page.word("complaints-kpi-about", show.as_str()))
            .href(format!("/complaints?show={}", show.as_str()))
    });
    let catalogue = cases::app::symptoms(&ctx.house).await?;
    let board = Board::of(&ctx, &page.lang, &catalogue, app::causes(&ctx, filter.store).await?);
    let csv = ctx.actor.holds(EXPORT).then(|| address("/complaints.csv", filter.show, None));
    Ok(View(ListPage {
        tabs: tabs.collect(),
        kpis: kpis.collect(),
        severities: page.choices("complaints-severity", Severity::ALL.iter().map(|one| one.as_str())),
        states: page.choices("complaints-state", State::ALL.iter().map(|one| one.as_str())),
        topics: page.choices("complaints-topic", Topic::ALL.iter().map(|one| one.as_str())),
        causes: cause_choices(&page, &catalogue, filter.cause.as_ref()),
        show: filter.show,
        narrowed: !pairs.is_empty(),
        clear: format!("/complaints?show={}", filter.show.as_str()),
        csv,
        may_take_in: ctx.actor.holds(cases::app::TAKE_IN),
        rows: listed.rows.into_iter().map(|row| Row::of(&ctx, &page.lang, row)).collect(),
        next: listed.next.map(|cursor| address("/complaints", filter.show, Some(cursor))),
        first: after.map(|_| address("/complaints", filter.show, None)),
        board,
        form: form.into_filled(),
        page: page.named("complaints-title"),
    }))
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(form: &mut Form, lang: &Lang) -> Filter {
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or_default(),
        state: form.choice_or_none("state", State::parse),
        severity: form.choice_or_none("severity", Severity::parse),
        topic: form.choice_or_none("topic", Topic::parse),
        cause: form.choice_or_none("cause", Cause::parse),
        source: form.choice_or_none("source", Source::parse),
        store: form.id_or_none("store"),
        unit: form.id_or_none("unit"),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        ..Filter::default()
    }
}
