use askama::Template;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use capability::{Ctx, MenuGroup};
use web::{Choice, Failure, Filled, Form, Icon, Page, View};

use super::history::{Happened, words};
use super::unit_name;
use crate::app::{first_run, history};
use crate::permissions::{CALENDARS_VIEW, UNITS_EDIT};

/// Entries per page.
const PAGE: usize = 50;

struct Screen {
    href: &'static str,
    icon: Icon,
    name: String,
    about: String,
}

#[derive(Template)]
#[template(path = "administration_settings.html")]
struct StartPage {
    page: Page,
    screens: Vec<Screen>,
    /// Steps of the first run that are open.
    open: usize,
    missing: Vec<String>,
}

/// `GET /settings`: every settings screen that the person may see, also those of other capabilities.
pub(crate) async fn start(page: Page, ctx: Ctx) -> Result<Response, Failure> {
    let page = page.named("administration-settings-title");
    let entries = ctx.house.menu.iter().filter(|entry| {
        entry.group == MenuGroup::Settings
            && entry.href != "/settings"
            && entry.needs.is_none_or(|needs| ctx.actor.holds(needs))
    });
    let screens = entries.map(|entry| Screen {
        href: entry.href,
        icon: web::icon(entry.icon),
        name: page.t(entry.label),
        about: page.find(&format!("{}-about", entry.label)).unwrap_or_default(),
    });
    let screens: Vec<Screen> = screens.collect();
    let open = if ctx.reach(UNITS_EDIT).company {
        first_run::progress(&ctx).await?.values().filter(|step| step.state == "open").count()
    } else {
        0
    };
    let missing = if ctx.actor.holds(CALENDARS_VIEW) {
        let table = ctx.read((), |tx, ()| Box::pin(calendar::holidays(tx))).await?;
        super::calendars::missing_years(&table, ctx.now().day(&ctx.house.zone))
    } else {
        Vec::new()
    };
    Ok(View(StartPage { page, screens, open, missing }).into_response())
}

struct Entry {
    place: String,
    what: Happened,
}

#[derive(Template)]
#[template(path = "administration_settings_history.html")]
struct HistoryPage {
    page: Page,
    entries: Vec<Entry>,
    kinds: Vec<Choice>,
    form: Filled,
    next: Option<String>,
    first: Option<String>,
    filtered: bool,
}

/// `GET /settings/history?kind=&before=`
pub(crate) async fn changes(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page = page.named("administration-changes-title");
    let mut query = Form::from_query(uri.query().unwrap_or_default());
    let kind = history::KINDS.iter().find(|kind| **kind == query.raw("kind")).copied();
    let before = query.number_or_none("before", 1..=i64::MAX);
    let limit = i64::try_from(PAGE + 1).unwrap_or(50);
    let mut found = history::changes(&ctx, kind, before, limit).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let of_kind = kind.map(|kind| format!("kind={kind}&")).unwrap_or_default();
    let next =
        found.last().filter(|_| more).map(|(_, _, entry)| format!("/settings/history?{of_kind}before={}", entry.id));
    let directory = ctx.house.identity.directories().now();
    let entries = found.into_iter().map(|(kind, id, entry)| {
        let name = match kind.as_str() {
            "user" => directory.user(kernel::Id::new(id)).map(|user| user.name.clone()),
            "unit" => Some(unit_name(&page, &directory, kernel::Id::new(id))).filter(|name| !name.is_empty()),
            "holidays" => Some(id.to_string()),
            _ => None,
        };
        let word = page.find(&format!("administration-kind-{}", kind.replace('_', "-"))).unwrap_or(kind);
        let place = name.map_or(word.clone(), |name| format!("{word} · {name}"));
        Entry { place, what: words(&page, entry) }
    });
    let entries: Vec<Entry> = entries.collect();
    let named = |kind: &&&str| page.has(&format!("administration-kind-{}", kind.replace('_', "-")));
    let kinds =
        history::KINDS.iter().filter(named).map(|kind| Choice::new(*kind, page.word("administration-kind", kind)));
    Ok(View(HistoryPage {
        kinds: kinds.collect(),
        entries,
        form: Filled::new().with("kind", kind.unwrap_or_default()),
        first: before.map(|_| format!("/settings/history?{of_kind}")),
        filtered: kind.is_some(),
        next,
        page,
    })
    .into_response())
}
