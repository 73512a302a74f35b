use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Cursor;
use web::{Chip, Choice, Due, DueTime, Failure, Filled, Form, Lang, Page, Tab, View};

use super::shown::{self, Platforms, store_name};
use crate::app::{self, IMPORT};
use crate::domain::{Kind, State};
use crate::store::{Filter, Show};

/// Rows per page.
const ROWS: i64 = 25;
/// What narrows a list, in addresses.
const NAMES: [&str; 9] = ["state", "kind", "platform", "shop", "store", "from", "to", "age", "q"];

#[derive(Template)]
#[template(path = "platforms_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    form: Filled,
    show: Show,
    platforms: Vec<Choice>,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    narrowed: bool,
    clear: String,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    may_import: bool,
}

impl ListPage {
    /// What narrows the list: the field, what stands there while it does not, and its choices.
    fn narrowing(&self) -> [(&'static str, &'static str, &[Choice]); 3] {
        [
            ("platform", "platforms-platform", &self.platforms),
            ("kind", "platforms-kind", &self.kinds),
            ("state", "platforms-col-state", &self.states),
        ]
    }
}

struct Row {
    href: String,
    goods: String,
    number: String,
    of: String,
    shop: String,
    kind: String,
    asked: String,
    state: Chip,
    due: Option<DueTime>,
    store: String,
    at: String,
}

/// `GET /platform-orders?show=&state=&kind=&platform=&shop=&store=&from=&to=&q=&after=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form, &page.lang);
    let text = form.text_or_none("q", 100);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, filter.clone(), text.clone(), after, ROWS).await?;
    let kept: Vec<(String, String)> = form
        .pairs()
        .iter()
        .filter(|(name, value)| NAMES.contains(&name.as_str()) && !value.is_empty())
        .cloned()
        .collect();
    let address = |show: Show, after: Option<Cursor>| {
        let mut all = vec![("show".to_owned(), show.as_str().to_owned())];
        all.extend(kept.iter().cloned());
        all.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/platform-orders?{}", serde_urlencoded::to_string(&all).unwrap_or_default())
    };
    let wanted = Show::ALL.iter().map(|show| Filter { show: *show, ..filter.clone() }).collect();
    let counts = app::counts(&ctx, wanted).await?;
    let tabs = Show::ALL.iter().copied().zip(counts).map(|(show, n)| {
        Tab::new(page.word("platforms-show", show.as_str()), address(show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let lang = &page.lang;
    let platforms = Platforms::load(&ctx, lang).await?;
    let rows = listed.rows.iter().map(|row| {
        let one = &row.one;
        Row {
            href: format!("/platform-orders/{}", one.id),
            goods: one.goods.clone(),
            number: one.number.clone(),
            of: row.of.clone().unwrap_or_default(),
            shop: format!("{} · {}", platforms.name(&one.platform), row.shop),
            kind: lang.word("platforms-kind", one.kind.as_str()),
            asked: lang.money(one.asked),
            state: shown::state(lang, one.state),
            due: one.due_at.zip(row.due_from).map(|(at, from)| lang.due(&Due::Running { from, at })),
            store: store_name(&ctx, lang, one.store),
            at: lang.at(one.applied_at),
        }
    });
    Ok(View(ListPage {
        tabs: tabs.collect(),
        show: filter.show,
        platforms: platforms.choices(),
        kinds: page.choices("platforms-kind", Kind::ALL.iter().map(|one| one.as_str())),
        states: page.choices("platforms-state", State::ALL.iter().map(|one| one.as_str())),
        narrowed: !kept.is_empty(),
        clear: format!("/platform-orders?show={}", filter.show),
        rows: rows.collect(),
        next: listed.next.map(|cursor| address(filter.show, Some(cursor))),
        first: after.map(|_| address(filter.show, None)),
        may_import: ctx.actor.holds(IMPORT),
        form: form.into_filled(),
        page: page.named("platforms-title"),
    }))
}

/// The filter in an address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(form: &mut Form, lang: &Lang) -> Filter {
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or(Show::Todo),
        state: form.choice_or_none("state", State::parse),
        kind: form.choice_or_none("kind", Kind::parse),
        platform: form.text_or_none("platform", 40),
        shop: form.id_or_none("shop"),
        store: form.id_or_none("store"),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        ids: None,
    }
}
