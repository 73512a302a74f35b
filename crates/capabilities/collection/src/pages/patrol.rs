//! Patrols: the list, a new entry on a phone, and one entry.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use cases::domain::Kind;
use kernel::{Cursor, Fault, FaultKind, Id};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, Tab, View};

use super::{stores, unit_name, user_name};
use crate::app::{self, COUNTED, Heard, PATROL};
use crate::domain::{Category, EntryState};
use crate::store::{Entry, Filter};

/// Rows per page.
const ROWS: i64 = 25;
/// Longest texts, in characters.
const BODY: usize = 1_000;
const OUTCOME: usize = 500;
const NAME: usize = 60;
/// What the list shows when no state is asked for.
const ALL: &str = "all";

#[derive(Template)]
#[template(path = "collection_patrols.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    form: Filled,
    show: String,
    categories: Vec<Choice>,
    stores: Vec<Choice>,
    narrowed: bool,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

struct Row {
    href: String,
    body: String,
    category: String,
    store: String,
    by: String,
    when: String,
    chip: Chip,
}

fn chip(lang: &Lang, state: EntryState) -> Chip {
    let (tone, icon) = match state {
        EntryState::Open => ("soon", "circle-dot"),
        EntryState::Done => ("ok", "circle-check"),
        EntryState::Case => ("info", "message-exclamation"),
    };
    web::chip(tone, icon, lang.word("collection-state", state.as_str()))
}

/// The filter in an address.
pub(crate) fn filter(form: &mut Form) -> Filter {
    let state = match form.raw("show") {
        "" => Some(EntryState::Open),
        ALL => None,
        _ => form.choice_or_none("show", EntryState::parse),
    };
    Filter { state, category: form.choice_or_none("category", Category::parse), store: form.id_or_none("store") }
}

/// `GET /patrols?show=&category=&store=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::entries(&ctx, filter.clone(), after, ROWS).await?;
    let counts = app::counts(&ctx, filter.clone()).await?;
    let show = filter.state.map_or(ALL, EntryState::as_str).to_owned();
    let lang = page.lang.clone();
    let pairs: Vec<(String, String)> = form
        .pairs()
        .iter()
        .filter(|(name, value)| ["category", "store"].contains(&name.as_str()) && !value.is_empty())
        .cloned()
        .collect();
    let address = |show: &str, after: Option<Cursor>| {
        let mut all = vec![("show".to_owned(), show.to_owned())];
        all.extend(pairs.iter().cloned());
        all.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/patrols?{}", serde_urlencoded::to_string(&all).unwrap_or_default())
    };
    let words = EntryState::ALL.iter().map(|state| state.as_str()).chain([ALL]);
    let tabs = words.zip(counts).map(|(word, n)| {
        Tab::new(lang.word("collection-show", word), address(word, None))
            .count(lang.capped(n, COUNTED))
            .current(word == show)
    });
    let tabs = tabs.collect();
    let row = |entry: Entry| Row {
        href: format!("/patrols/{}", entry.id),
        category: lang.word("collection-category", entry.category.as_str()),
        store: unit_name(&ctx, &lang, entry.store),
        by: user_name(&ctx, entry.by),
        when: lang.when(entry.happened_at),
        chip: chip(&lang, entry.state),
        body: entry.body.lines().next().unwrap_or_default().chars().take(80).collect(),
    };
    Ok(View(ListPage {
        categories: lang.choices("collection-category", Category::ALL.iter().map(|one| one.as_str())),
        stores: stores(&ctx, &lang, PATROL),
        next: listed.next.map(|cursor| address(&show, Some(cursor))),
        first: after.map(|_| address(&show, None)),
        narrowed: !pairs.is_empty(),
        rows: listed.rows.into_iter().map(row).collect(),
        form: form.into_filled(),
        page: page.named("collection-patrols-title"),
        tabs,
        show,
    }))
}

#[derive(Template)]
#[template(path = "collection_patrol_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    stores: Vec<Choice>,
    categories: Vec<Choice>,
}

fn typing(page: Page, ctx: &Ctx, form: Filled) -> NewPage {
    let lang = page.lang.clone();
    NewPage {
        stores: stores(ctx, &lang, PATROL),
        categories: lang.choices("collection-category", Category::ALL.iter().map(|one| one.as_str())),
        page: page.named("collection-patrol-new"),
        form,
    }
}

/// `GET /patrols/new`: with only one store in reach that store is chosen.
pub(crate) async fn new(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let within = stores(&ctx, &page.lang, PATROL);
    let form = match within.as_slice() {
        [only] => Filled::new().with("store", only.value.clone()),
        _ => Filled::new(),
    };
    Ok(View(typing(page, &ctx, form)))
}

/// What was typed, of a page or of the API; photos apart.
pub(crate) fn read(form: &mut Form, lang: &Lang) -> Result<Heard, Fault> {
    let store = form.id("store");
    let category = form.choice("category", Category::parse);
    let body = form.text("body", BODY);
    let happened_at = form.moment_or_none("happened_at", &lang.zone);
    form.check()?;
    Ok(Heard { store: form.need(store)?, category: form.need(category)?, body, happened_at, photos: Vec::new() })
}

/// `POST /patrols`
pub(crate) async fn add(page: Page, ctx: Ctx, upload: Upload) -> Result<Response, Failure> {
    let taken = upload.take(&ctx, UploadRules::CUSTOMER).await?;
    let photos = taken.of("photo");
    let (ctx, mut form) = (taken.ctx, taken.form);
    let added = match read(&mut form, &page.lang) {
        Ok(heard) => app::add(&ctx, Heard { photos, ..heard }).await,
        Err(fault) => Err(fault),
    };
    match added {
        Ok(id) => Ok(Redirect::to(&format!("/patrols/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let shown = typing(page, &ctx, form.into_filled_with(&fault));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "collection_patrol.html")]
struct EntryPage {
    page: Page,
    form: Filled,
    entry: Entry,
    chip: Chip,
    category: String,
    store: String,
    by: String,
    happened: String,
    entered: String,
    ended: String,
    photos: Vec<(String, String, String)>,
    refusal: Option<web::Markup>,
    kinds: Vec<Choice>,
}

async fn render(
    page: Page,
    ctx: &Ctx,
    id: i64,
    form: Filled,
    refusal: Option<web::Markup>,
) -> Result<EntryPage, Fault> {
    let entry = app::entry(ctx, Id::new(id)).await?;
    let photos = app::photos(ctx, entry.id).await?;
    let lang = page.lang.clone();
    Ok(EntryPage {
        chip: chip(&lang, entry.state),
        category: lang.word("collection-category", entry.category.as_str()),
        store: unit_name(ctx, &lang, entry.store),
        by: user_name(ctx, entry.by),
        happened: lang.at(entry.happened_at),
        entered: lang.at(entry.entered_at),
        ended: [user_name(ctx, entry.ended_by), entry.ended_at.map(|at| lang.at(at)).unwrap_or_default()].join(" "),
        photos: photos
            .into_iter()
            .map(|file| (format!("/files/{}", file.id), format!("/files/{}/small", file.id), file.name))
            .collect(),
        kinds: lang.choices("cases-kind", [Kind::Complaint.as_str(), Kind::Feedback.as_str()]),
        page: page.named("collection-patrol-title"),
        entry,
        form,
        refusal,
    })
}

/// `GET /patrols/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page, &ctx, id, Filled::new().with("kind", "complaint"), None).await?))
}

async fn again(page: Page, ctx: &Ctx, id: i64, form: Form, fault: Fault) -> Result<Response, Failure> {
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Refused => StatusCode::CONFLICT,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let refusal = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    Ok((status, View(render(page, ctx, id, form.into_filled_with(&fault), refusal).await?)).into_response())
}

/// Kind, name and number of the customer, of a page or of the API.
pub(crate) fn read_case(form: &mut Form) -> Result<(Kind, String, String), Fault> {
    let kind =
        form.choice("kind", |word| Kind::parse(word).filter(|kind| matches!(kind, Kind::Complaint | Kind::Feedback)));
    let phone = form.phone_or_none("phone");
    let name = form.text_or_empty("name", NAME);
    if phone.is_some() && name.is_empty() {
        form.reject("name", "required");
    }
    form.check()?;
    Ok((form.need(kind)?, name, phone.map(|phone| phone.to_string()).unwrap_or_default()))
}

/// `POST /patrols/{id}/case`
pub(crate) async fn become_case(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    mut form: Form,
) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let made = match read_case(&mut form) {
        Ok((kind, name, phone)) => app::become_case(&ctx, Id::new(id), version, kind, name, phone).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(_) => Ok(Redirect::to(&format!("/patrols/{id}")).into_response()),
        Err(fault) => again(page, &ctx, id, form, fault).await,
    }
}

/// `POST /patrols/{id}/done`
pub(crate) async fn done(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let outcome = form.text("outcome", OUTCOME);
    let noted = match form.check() {
        Ok(()) => app::done(&ctx, Id::new(id), version, outcome).await,
        Err(fault) => Err(fault),
    };
    match noted {
        Ok(()) => Ok(Redirect::to(&format!("/patrols/{id}")).into_response()),
        Err(fault) => again(page, &ctx, id, form, fault).await,
    }
}
