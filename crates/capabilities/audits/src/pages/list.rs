use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use web::{Chip, Failure, Form, Page, Tab, View};

use super::shown;
use crate::app::{self, EDIT};
use crate::domain::{Kind, State};
use crate::store::{Audit, Filter};

/// Rows per page.
const ROWS: i64 = 50;
const SHOWS: [&str; 4] = ["live", "closed", "cancelled", "all"];

struct Row {
    href: String,
    number: String,
    title: String,
    about: String,
    days: String,
    chip: Chip,
    kind: String,
}

#[derive(Template)]
#[template(path = "audits_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    show: &'static str,
    text: String,
    may_edit: bool,
    next: Option<String>,
    first: Option<String>,
}

/// The filter in the address; what cannot be read is as good as absent.
pub(crate) fn filter(form: &mut Form) -> Filter {
    let show = form.raw("show").to_owned();
    Filter {
        state: State::parse(&show),
        kind: form.choice_or_none("kind", Kind::parse),
        live: show != "all",
        text: form.text_or_none("q", 100),
    }
}

/// `GET /audits?show=&q=&after=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form);
    let show = SHOWS.into_iter().find(|one| *one == form.raw("show")).unwrap_or("live");
    let after = Audit::read_cursor(form.raw("after"));
    let text = filter.text.clone().unwrap_or_default();
    let listed = app::list(&ctx, filter, after, ROWS).await?;
    let address = |show: &str, after: Option<String>| {
        let mut pairs = vec![("show".to_owned(), show.to_owned())];
        if !text.is_empty() {
            pairs.push(("q".to_owned(), text.clone()));
        }
        pairs.extend(after.map(|after| ("after".to_owned(), after)));
        format!("/audits?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs =
        SHOWS.into_iter().map(|one| Tab::new(page.word("audits-show", one), address(one, None)).current(one == show));
    let lang = &page.lang;
    let rows = listed.rows.iter().map(|one| Row {
        href: format!("/audits/{}", one.id),
        number: one.number.clone(),
        title: one.title.clone(),
        about: one.body.clone().or_else(|| one.lead_name.clone()).unwrap_or_else(|| shown::user_name(&ctx, one.lead)),
        days: shown::days(lang, one),
        chip: shown::state(lang, one.state),
        kind: shown::kind(lang, one.kind),
    });
    Ok(View(ListPage {
        tabs: tabs.collect(),
        rows: rows.collect(),
        next: listed.next.map(|cursor| address(show, Some(cursor))),
        first: after.map(|_| address(show, None)),
        show,
        text,
        may_edit: ctx.actor.holds(EDIT),
        page: page.named("audits-title"),
    }))
}
