use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Cursor, Money};
use web::{Chip, Choice, Failure, Filled, Form, Page, Tab, View};

use super::shown::{self, store_name};
use crate::app::{self, EXPORT, MONEY};
use crate::domain::{State, Way};
use crate::store::{Filter, Show};

/// Rows per page.
const ROWS: i64 = 25;

#[derive(Template)]
#[template(path = "returns_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    form: Filled,
    show: Show,
    states: Vec<Choice>,
    ways: Vec<Choice>,
    narrowed: bool,
    clear: String,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    may_match: bool,
    csv: Option<String>,
}

struct Row {
    href: String,
    goods: String,
    more: i64,
    number: String,
    customer: String,
    way: String,
    amount: String,
    asked: bool,
    state: Chip,
    store: String,
    at: String,
}

/// `GET /returns?show=&state=&way=&store=&case=&q=&after=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form);
    let text = form.text_or_none("q", 100);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, filter.clone(), text.clone(), after, ROWS).await?;
    let kept: Vec<(String, String)> = form
        .pairs()
        .iter()
        .filter(|(name, value)| ["state", "way", "store", "case", "q"].contains(&name.as_str()) && !value.is_empty())
        .cloned()
        .collect();
    let address = |show: Show, after: Option<Cursor>| {
        let mut all = vec![("show".to_owned(), show.as_str().to_owned())];
        all.extend(kept.iter().cloned());
        all.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/returns?{}", serde_urlencoded::to_string(&all).unwrap_or_default())
    };
    let wanted = Show::TABS.map(|show| Filter { show, ..filter.clone() }).to_vec();
    let counts = app::counts(&ctx, wanted).await?;
    let tabs = Show::TABS.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("returns-show", show.as_str()), address(show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let lang = &page.lang;
    let rows = listed.rows.iter().map(|row| Row {
        href: format!("/returns/{}", row.one.id),
        goods: row.goods.clone(),
        more: row.lines - 1,
        number: row.one.number.clone(),
        customer: row.customer.clone().unwrap_or_default(),
        way: lang.word("returns-way", row.one.way.as_str()),
        amount: if row.amount > 0 { lang.money(Money::from_fen(row.amount)) } else { "–".to_owned() },
        asked: row.asked,
        state: shown::state(lang, row.one.state),
        store: store_name(&ctx, lang, row.one.store),
        at: lang.at(row.one.opened_at),
    });
    Ok(View(ListPage {
        tabs: tabs.collect(),
        show: filter.show,
        states: page.choices("returns-state", State::ALL.iter().map(|one| one.as_str())),
        ways: page.choices("returns-way", Way::ALL.iter().map(|one| one.as_str())),
        narrowed: !kept.is_empty(),
        clear: format!("/returns?show={}", filter.show),
        rows: rows.collect(),
        next: listed.next.map(|cursor| address(filter.show, Some(cursor))),
        first: after.map(|_| address(filter.show, None)),
        may_match: ctx.actor.holds(MONEY),
        csv: ctx.actor.holds(EXPORT).then(|| address(filter.show, None).replacen("/returns?", "/returns.csv?", 1)),
        form: form.into_filled(),
        page: page.named("returns-title"),
    }))
}

/// The filter in an address; what cannot be read is as good as absent.
pub(crate) fn filter(form: &mut Form) -> Filter {
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or(Show::Open),
        state: form.choice_or_none("state", State::parse),
        way: form.choice_or_none("way", Way::parse),
        store: form.id_or_none("store"),
        case: form.id_or_none("case"),
        ..Filter::default()
    }
}
