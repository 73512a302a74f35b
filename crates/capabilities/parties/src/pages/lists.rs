//! The lists that the company keeps itself, under the settings.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Failure, Filled, Form, Lang, Page, Tab, View};

use super::frame::{FormPage, Section, clashed, conflict, filled, seen, taken};
use crate::app::{self, EntryAct};
use crate::domain::{CauseKind, EntryId, EntryInput, List, ListEntry};

#[derive(Template)]
#[template(path = "parties_lists.html")]
struct ListsPage {
    page: Page,
    list: List,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    kinds: Vec<Choice>,
    form: Filled,
    /// Why the last act was refused.
    refusal: Option<web::Markup>,
}

struct Row {
    at: String,
    place: usize,
    name: String,
    other: String,
    code: String,
    words: String,
    kind: String,
    own: bool,
    version: i64,
    ended: Option<String>,
    /// Whether it stands for everything else, so that it stays.
    fallback: bool,
}

impl ListsPage {
    fn at(&self) -> String {
        at(self.list)
    }
}

fn at(list: List) -> String {
    format!("/settings/lists/{}", list.as_str())
}

/// Where a cause can be offered.
fn kinds(lang: &Lang) -> Vec<Choice> {
    [CauseKind::Both, CauseKind::Case, CauseKind::Complaint]
        .map(|kind| Choice::new(kind.as_str(), lang.word("parties-cause-kind", kind.as_str())))
        .into()
}

fn named(list: &str) -> Result<List, Fault> {
    List::parse(list).ok_or_else(Fault::not_found)
}

/// `GET /settings/lists/{list}`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(list): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let list = named(&list)?;
    let form = Form::from_query(&query.unwrap_or_default());
    let done = ["added", "changed", "retired", "restored"].into_iter().find(|done| *done == form.raw("done"));
    let mut page = page;
    page.flash = done.map(|done| web::Flash { text: page.word("parties-lists-done", done), undo: None });
    Ok(View(listed(page, &ctx, list, Filled::new(), None).await?).into_response())
}

async fn listed(
    page: Page,
    ctx: &Ctx,
    list: List,
    form: Filled,
    refusal: Option<web::Markup>,
) -> Result<ListsPage, Fault> {
    let lang = page.lang.clone();
    let (locale, today) = (lang.locale.as_str(), lang.now.day(&lang.zone));
    let other = if locale == "zh-CN" { "en" } else { "zh-CN" };
    let entries = app::entries(ctx, list).await?;
    let rows = entries.iter().enumerate().map(|(n, entry)| Row {
        at: format!("{}/{}", at(list), entry.id),
        place: n + 1,
        name: entry.name_in(locale).to_owned(),
        other: entry.name_in(other).to_owned(),
        code: entry.code.clone(),
        words: entry.words.join(&lang.t("parties-lists-gap")),
        kind: lang.word("parties-cause-kind", entry.kind.as_str()),
        own: entry.own,
        version: entry.version,
        ended: (!entry.is_offered(today)).then(|| entry.retired_on.map(|day| lang.day(day)).unwrap_or_default()),
        fallback: entry.code == list.fallback(),
    });
    let tabs = List::ALL.map(|one| Tab::new(lang.word("parties-lists", one.as_str()), at(one)).current(one == list));
    Ok(ListsPage {
        rows: rows.collect(),
        kinds: kinds(&lang),
        tabs: tabs.into(),
        list,
        form,
        refusal,
        page: page.titled(lang.word("parties-lists", list.as_str())),
    })
}

fn input(form: &mut Form, list: List) -> EntryInput {
    let words = form.raw("words").to_owned();
    EntryInput {
        name_zh: form.raw("name_zh").to_owned(),
        name_en: Some(form.raw("name_en").to_owned()),
        words: (list.has_words() && !words.trim().is_empty()).then_some(words),
        kind: form.choice_or_none("kind", CauseKind::parse),
        position: form.number_or_none("position", 1..=1_000),
    }
}

/// `POST /settings/lists/{list}`
pub(crate) async fn add(page: Page, ctx: Ctx, Path(list): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let list = named(&list)?;
    let typed = input(&mut form, list);
    let added = match form.check() {
        Ok(()) => app::add_entry(&ctx, list, &typed).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    match added {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=added", at(list))).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = listed(page, &ctx, list, form.into_filled_with(&fault), None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What the form of an entry holds; the place is counted from 1 among `all`.
fn fields(list: List, entry: &ListEntry, all: &[ListEntry]) -> Vec<(String, String)> {
    let place = all.iter().zip(1_i64..).find(|(other, _)| other.id == entry.id).map_or(1, |(_, place)| place);
    let mut pairs =
        vec![("name_zh", entry.name_zh.clone()), ("name_en", entry.name_en.clone()), ("position", place.to_string())];
    if list.has_words() {
        pairs.push(("words", entry.words.join(", ")));
    }
    if list.has_kinds() {
        pairs.push(("kind", entry.kind.to_string()));
    }
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn form_page(page: Page, list: List, entry: &ListEntry, form: Filled) -> FormPage {
    let lang = page.lang.clone();
    let text = |name: &str, max: usize| {
        web::input(&lang, &form, name, &format!("parties-field-{}", name.replace('_', "-"))).max(max)
    };
    let mut fields = vec![text("name_zh", 30), text("name_en", 60).optional()];
    if list.has_words() {
        fields
            .push(web::area(&lang, &form, "words", "parties-field-words").hint("parties-lists-words-hint").optional());
    }
    if list.has_kinds() {
        let select = web::select(&lang, &form, "kind", "parties-field-kind").options(&kinds(&lang));
        fields.push(select.hint("parties-lists-kind-hint"));
    }
    fields.push(text("position", 4).number());
    FormPage {
        crumb: (lang.word("parties-lists", list.as_str()), address(list)),
        here: entry.name_in(lang.locale.as_str()).to_owned(),
        action: format!("{}/{}", at(list), entry.id),
        does: page.t("parties-page-save"),
        back: at(list),
        hidden: Vec::new(),
        sections: vec![Section { legend: lang.t("parties-lists-entry"), grid: false, fields }],
        conflict: None,
        refusal: None,
        more: Vec::new(),
        page: page.titled(entry.name_in(lang.locale.as_str()).to_owned()),
        form,
    }
}

const fn address(list: List) -> &'static str {
    match list {
        List::Groups => "/settings/lists/product-groups",
        List::Goods => "/settings/lists/goods",
        List::Causes => "/settings/lists/causes",
    }
}

async fn held(ctx: &Ctx, list: List, id: i64) -> Result<(ListEntry, Vec<(String, String)>), Fault> {
    let entry = app::get_entry(ctx, list, Id::new(id)).await?;
    let now = fields(list, &entry, &app::entries(ctx, list).await?);
    Ok((entry, now))
}

/// `GET /settings/lists/{list}/{id}`
pub(crate) async fn edit(
    page: Page,
    ctx: Ctx,
    Path((list, id)): Path<(String, i64)>,
) -> Result<impl IntoResponse, Failure> {
    let list = named(&list)?;
    let (entry, now) = held(&ctx, list, id).await?;
    let mut page = form_page(page, list, &entry, filled(&now));
    page.hidden = seen(entry.version, &now);
    Ok(View(page))
}

/// `POST /settings/lists/{list}/{id}`
pub(crate) async fn change(
    page: Page,
    ctx: Ctx,
    Path((list, id)): Path<(String, i64)>,
    form: Form,
) -> Result<Response, Failure> {
    let list = named(&list)?;
    let mut form = taken(&form);
    let version = form.version("version")?;
    let typed = input(&mut form, list);
    let fault = match form.check() {
        Ok(()) => match app::edit_entry(&ctx, list, Id::new(id), version, &typed).await {
            Ok(_) => return Ok(Redirect::to(&format!("{}?done=changed", at(list))).into_response()),
            Err(fault) => fault,
        },
        Err(fault) => fault,
    };
    let (entry, now) = held(&ctx, list, id).await?;
    match fault.kind() {
        FaultKind::Invalid => {
            let hidden = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
            let hidden = hidden.cloned().collect();
            let mut page = form_page(page, list, &entry, form.into_filled_with(&fault));
            page.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        FaultKind::Stale => {
            let lang = page.lang.clone();
            let (filled, clashes) = clashed(&form, &now, |name| lang.word("parties-field", &name.replace('_', "-")));
            let versions = (version, entry.version);
            let asked = conflict(&ctx, &lang, entry.record(list), versions, &clashes, &at(list)).await?;
            let mut page = form_page(page, list, &entry, filled);
            page.hidden = seen(entry.version, &now);
            page.conflict = Some(asked);
            Ok((StatusCode::PRECONDITION_FAILED, View(page)).into_response())
        }
        _ => Err(fault.into()),
    }
}

/// `POST /settings/lists/{list}/{id}/retire`
pub(crate) async fn retire(
    page: Page,
    ctx: Ctx,
    Path((list, id)): Path<(String, i64)>,
    form: Form,
) -> Result<Response, Failure> {
    act(page, ctx, named(&list)?, Id::new(id), form, (EntryAct::Retire, "retired")).await
}

/// `POST /settings/lists/{list}/{id}/restore`
pub(crate) async fn restore(
    page: Page,
    ctx: Ctx,
    Path((list, id)): Path<(String, i64)>,
    form: Form,
) -> Result<Response, Failure> {
    act(page, ctx, named(&list)?, Id::new(id), form, (EntryAct::Restore, "restored")).await
}

async fn act(
    page: Page,
    ctx: Ctx,
    list: List,
    id: Id<EntryId>,
    form: Form,
    (act, done): (EntryAct, &str),
) -> Result<Response, Failure> {
    let version = form.version("version")?;
    match app::act_on_entry(&ctx, list, id, version, act).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done={done}", at(list))).into_response()),
        Err(fault) => {
            let status = match fault.kind() {
                FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
                FaultKind::Conflict | FaultKind::Refused => StatusCode::CONFLICT,
                FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                _ => return Err(fault.into()),
            };
            let refusal = web::notice(&page.lang, &fault);
            Ok((status, View(listed(page, &ctx, list, Filled::new(), Some(refusal)).await?)).into_response())
        }
    }
}
