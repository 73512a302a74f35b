use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Cursor;
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, Tab, View};

use super::shown::{self, store_name};
use crate::app::{self, EXPORT, HANDLE, TERMS};
use crate::domain::State;
use crate::store::{Filter, Show};

/// Rows per page.
const ROWS: i64 = 25;
/// What narrows a list, in addresses.
const NAMES: [&str; 7] = ["state", "maker", "store", "age", "from", "to", "q"];

#[derive(Template)]
#[template(path = "claims_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    form: Filled,
    show: Show,
    states: Vec<Choice>,
    makers: Vec<Choice>,
    ages: Vec<Choice>,
    narrowed: bool,
    clear: String,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    csv: Option<String>,
    may_terms: bool,
    may_open: bool,
}

impl ListPage {
    /// What narrows the list: the field, what stands there while it does not, and its choices.
    fn narrowing(&self) -> [(&'static str, &'static str, &[Choice]); 3] {
        [
            ("maker", "claims-col-maker", &self.makers),
            ("state", "claims-col-state", &self.states),
            ("age", "claims-age", &self.ages),
        ]
    }
}

struct Row {
    href: String,
    goods: String,
    number: String,
    of: String,
    maker: String,
    claimed: String,
    left: String,
    state: Chip,
    cut_off: Option<Chip>,
    store: String,
    at: String,
}

/// `GET /claims?show=&state=&maker=&store=&age=&from=&to=&q=&after=`
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
    let address = |path: &str, show: Show, after: Option<Cursor>| {
        let mut all = vec![("show".to_owned(), show.as_str().to_owned())];
        all.extend(kept.iter().cloned());
        all.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("{path}?{}", serde_urlencoded::to_string(&all).unwrap_or_default())
    };
    let wanted = Show::TABS.map(|show| Filter { show, ..filter.clone() }).to_vec();
    let counts = app::counts(&ctx, wanted).await?;
    let tabs = Show::TABS.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("claims-show", show.as_str()), address("/claims", show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let lang = &page.lang;
    let rows = listed.rows.iter().map(|row| {
        let one = &row.one;
        Row {
            href: format!("/claims/{}", one.id),
            goods: one.goods.clone(),
            number: one.number.clone(),
            of: row.of.clone().unwrap_or_default(),
            maker: one.maker.clone(),
            claimed: lang.money(one.claimed),
            left: if one.state.owed() { lang.money(one.receivable()) } else { "–".to_owned() },
            state: shown::state(lang, one.state),
            cut_off: shown::cut_off(lang, one),
            store: store_name(&ctx, lang, one.store),
            at: lang.at(one.opened_at),
        }
    });
    let makers = app::makers(&ctx).await?.into_iter().map(|maker| Choice::new(maker.clone(), maker));
    Ok(View(ListPage {
        tabs: tabs.collect(),
        show: filter.show,
        states: page.choices("claims-state", State::ALL.iter().map(|one| one.as_str())),
        makers: makers.collect(),
        ages: page.choices("claims-age", ["0", "1", "2", "3"]),
        narrowed: !kept.is_empty(),
        clear: format!("/claims?show={}", filter.show),
        rows: rows.collect(),
        next: listed.next.map(|cursor| address("/claims", filter.show, Some(cursor))),
        first: after.map(|_| address("/claims", filter.show, None)),
        csv: ctx.actor.holds(EXPORT).then(|| address("/claims.csv", filter.show, None)),
        may_terms: ctx.actor.holds(TERMS),
        may_open: ctx.actor.holds(HANDLE),
        form: form.into_filled(),
        page: page.named("claims-title"),
    }))
}

/// The filter in an address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(form: &mut Form, lang: &Lang) -> Filter {
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or(Show::Open),
        state: form.choice_or_none("state", State::parse),
        maker: form.text_or_none("maker", 60),
        store: form.id_or_none("store"),
        age: form.number_or_none("age", 0..=3),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        ids: None,
    }
}
