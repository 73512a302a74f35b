use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Cursor, Money};
use web::{Chip, DueTime, Failure, Form, Lang, Page, Tab, View};

use super::shown;
use crate::app::{self, DECIDE};
use crate::domain::{Show, State};
use crate::store::Approval;

/// Rows per page.
const ROWS: u16 = 50;
/// The tabs; the other lists are opened by numbers.
const TABS: [Show; 3] = [Show::Mine, Show::Asked, Show::Decided];

#[derive(Template)]
#[template(path = "approvals_inbox.html")]
struct InboxPage {
    page: Page,
    tabs: Vec<Tab>,
    show: Show,
    /// A list that no tab shows, or one that is narrowed.
    narrowed: bool,
    clear: String,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    may_decide: bool,
}

struct Row {
    href: String,
    sentence: String,
    number: String,
    kind: String,
    asked_by: String,
    store: String,
    extra: Money,
    statutory: Option<Money>,
    due: DueTime,
    chip: Chip,
    by: String,
    mine: bool,
    open: bool,
}

/// `GET /approvals?show=&kind=&store=&from=&to=&after=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let show = form.choice_or_none("show", Show::parse).unwrap_or_else(|| first_tab(&ctx));
    let wanted = wanted(&mut form, &page);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, show, wanted.clone(), after, ROWS).await?;
    let counts = app::counts(&ctx, TABS.to_vec(), wanted.clone()).await?;
    let address = |show: Show, after: Option<Cursor>| {
        let mut pairs = vec![("show".to_owned(), show.as_str().to_owned())];
        let kept = ["kind", "store", "from", "to"];
        pairs.extend(
            form.pairs().iter().filter(|(name, value)| kept.contains(&name.as_str()) && !value.is_empty()).cloned(),
        );
        pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/approvals?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs = TABS.into_iter().zip(counts).map(|(one, n)| {
        Tab::new(page.word("approvals-show", one.as_str()), address(one, None))
            .count(page.capped(n, app::COUNTED))
            .current(one == show)
    });
    let directory = shown::directory(&ctx);
    Ok(View(InboxPage {
        tabs: tabs.collect(),
        narrowed: wanted != app::Wanted::default() || !TABS.contains(&show),
        clear: format!("/approvals?show={}", if TABS.contains(&show) { show } else { first_tab(&ctx) }.as_str()),
        rows: listed.rows.into_iter().map(|row| Row::of(&directory, &page.lang, row, show)).collect(),
        next: listed.next.map(|cursor| address(show, Some(cursor))),
        first: after.map(|_| address(show, None)),
        show,
        may_decide: ctx.actor.holds(DECIDE),
        page: page.named("approvals-title"),
    }))
}

/// Whoever decides begins with what waits, others with what they asked.
fn first_tab(ctx: &Ctx) -> Show {
    if ctx.actor.holds(DECIDE) { Show::Mine } else { Show::Asked }
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn wanted(form: &mut Form, lang: &Lang) -> app::Wanted {
    app::Wanted {
        kind: form.text_or_none("kind", 40),
        store: form.id_or_none("store"),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
    }
}

impl Row {
    fn of(directory: &identity::Directory, lang: &Lang, row: Approval, show: Show) -> Self {
        let decided = row.decided_by.map(|seat| shown::seat(directory, lang, seat));
        Self {
            href: format!("/approvals/{}", row.id),
            chip: shown::chip(directory, lang, &row),
            due: shown::due(lang, &row),
            by: match (decided, row.decided_at) {
                (Some(who), Some(at)) => format!("{who} {}", lang.at(at)),
                (None, Some(at)) => lang.at(at),
                _ => String::new(),
            },
            kind: shown::kind(lang, &row.kind),
            asked_by: shown::person(directory, row.asked_by),
            store: shown::unit(directory, lang, row.store),
            extra: row.split.extra,
            statutory: Some(row.split.statutory).filter(|amount| *amount > Money::ZERO),
            mine: show == Show::Mine,
            open: row.state == State::Asked,
            sentence: row.sentence,
            number: row.number,
        }
    }
}
