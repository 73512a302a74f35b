use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Cursor;
use web::{Choice, Failure, Filled, Form, Page, Tab, View};

use super::shown::Row;
use super::stores;
use crate::app::{self, DAYS, EDIT, VIEW};
use crate::domain::Kind;
use crate::store::{Filter, Show};

/// Rows per page.
const ROWS: u16 = 50;

#[derive(Template)]
#[template(path = "channels_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    form: Filled,
    show: Show,
    stores: Vec<Choice>,
    kinds: Vec<Choice>,
    heads: Vec<String>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    narrowed: bool,
    clear: String,
    may_edit: bool,
}

/// `GET /channels?show=&store=&kind=&q=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, filter.clone(), after, ROWS).await?;
    let counts = app::counts(&ctx, Show::ALL.map(|show| Filter { show, ..filter.clone() }).to_vec()).await?;
    let address = |show: Show, after: Option<Cursor>| {
        let mut pairs = vec![("show".to_owned(), show.as_str().to_owned())];
        let kept = ["store", "kind", "q"];
        pairs.extend(
            form.pairs().iter().filter(|(name, value)| kept.contains(&name.as_str()) && !value.is_empty()).cloned(),
        );
        pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/channels?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs = Show::ALL.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("channels-show", show.as_str()), address(show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let figures = app::figures(&ctx, &listed.rows).await?;
    let none = app::Figures::default();
    let rows: Vec<Row> = listed
        .rows
        .into_iter()
        .map(|channel| {
            let figures = figures.get(&channel.id).unwrap_or(&none);
            Row::of(&ctx, &page.lang, channel, figures)
        })
        .collect();
    let heads = super::shown::numbers(&page.lang, &none).into_iter().map(|number| number.label).collect();
    Ok(View(ListPage {
        tabs: tabs.collect(),
        show: filter.show,
        stores: stores(&ctx, &page.lang, VIEW),
        kinds: page.choices("channels-kind", Kind::ALL.map(Kind::as_str)),
        heads,
        rows,
        next: listed.next.map(|cursor| address(filter.show, Some(cursor))),
        first: after.map(|_| address(filter.show, None)),
        narrowed: filter.store.is_some() || filter.kind.is_some() || filter.text.is_some(),
        clear: format!("/channels?show={}", filter.show.as_str()),
        may_edit: ctx.actor.holds(EDIT),
        form: form.into_filled(),
        page: page.named("channels-title"),
    }))
}

/// The filter in the address; what cannot be read is as good as absent.
pub(crate) fn filter(form: &mut Form) -> Filter {
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or_default(),
        store: form.id_or_none("store"),
        kind: form.choice_or_none("kind", Kind::parse),
        text: form.text_or_none("q", 80),
        now: None,
    }
}
