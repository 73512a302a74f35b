//! Improvements that feedback led to, and what the public sees of them.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use futures_util::future::BoxFuture;
use kernel::{Cursor, Fault, FaultKind, Id, Ratio, of};
use web::{Choice, Failure, Filled, Form, Lang, Markup, Page, Tab, View};

use super::shown;
use crate::app::{self, ImprovementDraft, PUBLISH, Tied, WEEKS};
use crate::store::improve::{Improvement, ImprovementId, State};

/// Rows per page.
const ROWS: u16 = 25;
/// Most people to choose an owner from.
const PEOPLE: usize = 300;

#[derive(Template)]
#[template(path = "feedback_improvements.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

struct Row {
    href: String,
    title: String,
    about: String,
    chip: web::Chip,
    public: bool,
}

fn chip(lang: &Lang, one: &Improvement) -> web::Chip {
    let late = one.state == State::Open && one.due_on < lang.now.day(&lang.zone);
    let (tone, icon) = match one.state {
        State::Open if late => ("late", "alert-triangle"),
        State::Open => ("info", "circle-dot"),
        State::Done => ("ok", "circle-check"),
        State::Dropped => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("feedback-improvement", one.state.as_str()))
}

fn row(ctx: &Ctx, lang: &Lang, one: &Improvement) -> Row {
    let directory = ctx.house.identity.directories().now();
    let owner = directory.user_name(one.owner).unwrap_or_default();
    let store = directory.unit(one.store).map(|unit| unit.name_in(lang.locale.as_str()).to_owned());
    Row {
        href: format!("/improvements/{}", one.id),
        title: one.title.clone(),
        about: lang.t3(
            "feedback-improvement-about",
            "owner",
            owner,
            "store",
            store.unwrap_or_default(),
            "due",
            lang.day(one.due_on),
        ),
        chip: chip(lang, one),
        public: one.published_at.is_some(),
    }
}

/// `GET /improvements?state=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let state = form.choice_or_none("state", State::parse);
    let after = form.raw("after").parse::<Cursor>().ok();
    let found = app::improvements(&ctx, state, after, ROWS).await?;
    let address = |state: Option<State>, after: Option<Cursor>| {
        let state = state.map(|state| state.as_str()).unwrap_or_default();
        let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
        format!("/improvements?state={state}{after}")
    };
    let all = std::iter::once(None).chain(State::ALL.iter().copied().map(Some));
    let tabs = all.map(|one| {
        let word = one.map_or("all", |state| state.as_str());
        Tab::new(page.word("feedback-improvement", word), address(one, None)).current(one == state)
    });
    Ok(View(ListPage {
        tabs: tabs.collect(),
        rows: found.rows.iter().map(|one| row(&ctx, &page.lang, one)).collect(),
        next: found.next.map(|next| address(state, Some(next))),
        first: after.map(|_| address(state, None)),
        page: page.named("feedback-improvements-title"),
    }))
}

#[derive(Template)]
#[template(path = "feedback_improvement.html")]
struct DetailPage {
    page: Page,
    one: Improvement,
    store: String,
    form: Filled,
    stale: bool,
    chip: web::Chip,
    people: Vec<Choice>,
    categories: Vec<Choice>,
    states: Vec<Choice>,
    cases: Vec<Tied>,
    /// Per week before and after, with how many texts each side has.
    effect: Option<Effect>,
    may_publish: bool,
    published_at: Option<String>,
}

struct Effect {
    rows: Vec<(String, String)>,
    before: String,
    after: Option<String>,
    change: Option<String>,
}

/// Tenths of a mean, without pretending more.
fn mean(lang: &Lang, weeks: &[i64]) -> String {
    let n: i64 = weeks.iter().sum();
    let count = i64::try_from(weeks.len()).unwrap_or(1).max(1);
    let tenths = (n * 10 + count / 2) / count;
    lang.t3("feedback-effect-mean", "mean", format!("{}.{}", tenths / 10, tenths % 10), "n", n, "weeks", weeks.len())
}

fn effect_of(lang: &Lang, found: &app::Effect) -> Effect {
    let week = |key: &str, n: usize| lang.t1(key, "n", n);
    let before = found
        .before
        .iter()
        .enumerate()
        .map(|(at, n)| (week("feedback-effect-week-before", found.before.len() - at), n.to_string()));
    let after =
        found.after.iter().enumerate().map(|(at, n)| (week("feedback-effect-week-after", at + 1), n.to_string()));
    let (was, is): (i64, i64) = (found.before.iter().sum(), found.after.iter().sum());
    let (weeks_before, weeks_after) =
        (i64::try_from(found.before.len()).unwrap_or(1).max(1), i64::try_from(found.after.len()).unwrap_or(1).max(1));
    // Less than this says nothing about a change.
    let enough = was >= 10 && !found.after.is_empty();
    let change = enough.then(|| {
        let points = (is * weeks_before * 10_000) / (was * weeks_after).max(1) - 10_000;
        lang.t1("feedback-effect-change", "percent", lang.percent(Ratio::from_basis_points(points)))
    });
    Effect {
        rows: before.chain(after).collect(),
        before: mean(lang, &found.before),
        after: (!found.after.is_empty()).then(|| mean(lang, &found.after)),
        change,
    }
}

fn people(ctx: &Ctx, store: Id<of::Unit>) -> Vec<Choice> {
    let directory = ctx.house.identity.directories().now();
    let mut people: Vec<_> = directory.users().filter(|user| user.active).collect();
    if people.len() > PEOPLE {
        people.retain(|user| directory.store_of(user.home).is_some_and(|unit| unit.id == store));
    }
    people.iter().take(PEOPLE).map(|user| Choice::new(user.id.to_string(), user.name.as_str())).collect()
}

fn filled(one: &Improvement) -> Filled {
    Filled::new()
        .with("version", one.version.to_string())
        .with("title", one.title.as_str())
        .with("owner", one.owner.to_string())
        .with("due_on", one.due_on.to_string())
        .with("category", one.category.clone().unwrap_or_default())
        .with("state", one.state.as_str())
        .with("said", one.said.clone().unwrap_or_default())
        .with("did", one.did.clone().unwrap_or_default())
}

async fn render(
    page: Page,
    ctx: &Ctx,
    id: Id<ImprovementId>,
    form: Option<Filled>,
    stale: bool,
) -> Result<DetailPage, Fault> {
    let whole = app::improvement(ctx, id).await?;
    let lang = page.lang.clone();
    let directory = ctx.house.identity.directories().now();
    let one = whole.one;
    let store = directory.unit(one.store).map(|unit| unit.name_in(lang.locale.as_str()).to_owned());
    let mut categories = vec![Choice::new("", lang.t("feedback-improvement-no-category"))];
    categories.extend(shown::categories(&lang, &whole.tree, one.category.as_deref()));
    let mut form = form.unwrap_or_else(|| filled(&one));
    if stale {
        form = form.with("version", one.version.to_string());
    }
    Ok(DetailPage {
        store: store.unwrap_or_default(),
        form,
        stale,
        chip: chip(&lang, &one),
        people: people(ctx, one.store),
        categories,
        states: lang.choices("feedback-improvement", State::ALL.iter().map(|state| state.as_str())),
        cases: whole.cases,
        effect: whole.effect.as_ref().map(|found| effect_of(&lang, found)),
        may_publish: ctx.actor.may(PUBLISH, &one),
        published_at: one.published_at.map(|at| lang.at(at)),
        page: page.titled(one.title.clone()),
        one,
    })
}

/// `GET /improvements/{id}`
pub(crate) async fn show(
    mut page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let done = Form::from_query(&query.unwrap_or_default());
    if ["begun", "saved", "published", "unpublished"].contains(&done.raw("done")) {
        page.flash = Some(web::Flash { text: page.word("feedback-improvement-done", done.raw("done")), undo: None });
    }
    Ok(View(render(page, &ctx, Id::new(id), None, false).await?))
}

/// What a form or a JSON object says about an improvement.
pub(crate) fn read(form: &mut Form) -> Result<ImprovementDraft, Fault> {
    let title = form.text("title", 80);
    let owner = form.id("owner");
    let due_on = form.day_or_none("due_on");
    if due_on.is_none() && form.errors().of("due_on").is_none() {
        form.reject("due_on", "required");
    }
    let category = form.text_or_none("category", 40);
    let state = form.choice_or_none("state", State::parse).unwrap_or(State::Open);
    let said = form.text_or_none("said", 300);
    let did = form.text_or_none("did", 300);
    form.check()?;
    let due_on = form.need(due_on)?;
    Ok(ImprovementDraft { title, owner: form.need(owner)?, due_on, category, state, said, did })
}

/// `POST /improvements/{id}`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let version = form.version("version")?;
    let done = match read(&mut form) {
        Ok(draft) => app::change_improvement(&ctx, id, version, draft).await,
        Err(fault) => Err(fault),
    };
    answered(page, &ctx, id, done.map(|_| "saved"), form).await
}

/// `POST /improvements/{id}/publish`
pub(crate) async fn publish(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let version = form.version("version")?;
    let on = form.flag("on");
    let done = app::publish(&ctx, id, version, on).await;
    let word = if on { "published" } else { "unpublished" };
    answered(page, &ctx, id, done.map(|_| word), Form::from_query("")).await
}

async fn answered(
    page: Page,
    ctx: &Ctx,
    id: Id<ImprovementId>,
    done: Result<&'static str, Fault>,
    form: Form,
) -> Result<Response, Failure> {
    let fault = match done {
        Ok(word) => return Ok(Redirect::to(&format!("/improvements/{id}?done={word}")).into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let typed = form.has("title");
    let form = form.into_filled_with(&fault);
    // Publishing sends no fields: the page shows what there is, with what is wrong about it.
    let form = if typed {
        form
    } else {
        let now = app::improvement(ctx, id).await?.one;
        form.with("version", now.version.to_string())
            .with("title", now.title.as_str())
            .with("owner", now.owner.to_string())
            .with("due_on", now.due_on.to_string())
            .with("category", now.category.clone().unwrap_or_default())
            .with("state", now.state.as_str())
            .with("said", now.said.clone().unwrap_or_default())
            .with("did", now.did.clone().unwrap_or_default())
    };
    let stale = fault.kind() == FaultKind::Stale;
    Ok((status, View(render(page, ctx, id, Some(form), stale).await?)).into_response())
}

/// `POST /feedback/{id}/improvements`: begins an improvement, or ties the text to one that is there.
pub(crate) async fn begin(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let case = Id::<of::Case>::new(id);
    if let Some(known) = form.id_or_none::<ImprovementId>("improvement") {
        app::tie(&ctx, case, known).await?;
        return Ok(Redirect::to(&format!("/improvements/{known}?done=saved")).into_response());
    }
    let made = match read(&mut form) {
        Ok(draft) => app::begin(&ctx, case, draft).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(made) => Ok(Redirect::to(&format!("/improvements/{made}?done=begun")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => super::detail::again(page, ctx, case, form, &fault).await,
        Err(fault) => Err(fault.into()),
    }
}

/// What stands beside a text: improvements that it led to, open ones to tie it to, and the form of a new one.
#[derive(Template)]
#[template(path = "feedback_beside.html")]
pub(crate) struct Beside {
    page: Lang,
    case: Id<of::Case>,
    tied: Vec<Row>,
    open: Vec<Choice>,
    people: Vec<Choice>,
    form: Filled,
}

impl askama::filters::HtmlSafe for Beside {}

pub(crate) async fn beside(
    ctx: &Ctx,
    lang: &Lang,
    item: &crate::store::Item,
    form: &Filled,
) -> Result<Option<Beside>, Fault> {
    if !ctx.actor.may(app::IMPROVE, item) {
        return Ok(None);
    }
    let (tied, open) = app::improvements_of(ctx, item.case).await?;
    let category = item.labels.as_ref().and_then(|labels| labels.category.clone());
    let form = if form.value("title").is_empty() && form.value("owner").is_empty() {
        let owner = ctx.actor.user.map(|user| user.to_string()).unwrap_or_default();
        let due = lang.now.day(&lang.zone).plus(30);
        let form = form.clone().with("owner", owner).with("due_on", due.to_string());
        form.with("category", category.unwrap_or_default())
    } else {
        form.clone()
    };
    Ok(Some(Beside {
        tied: tied.iter().map(|one| row(ctx, lang, one)).collect(),
        open: open.iter().map(|one| Choice::new(one.id.to_string(), one.title.as_str())).collect(),
        people: people(ctx, item.store),
        case: item.case,
        form,
        page: lang.clone(),
    }))
}

#[derive(Template)]
#[template(path = "feedback_portal.html")]
struct Portal {
    page: Lang,
    rows: Vec<(String, String, String)>,
}

/// On a store's public page: what customers said and what was done about it.
pub(crate) fn portal<'c>(ctx: &'c Ctx, lang: &'c Lang, store: Id<of::Unit>) -> BoxFuture<'c, Result<Markup, Fault>> {
    Box::pin(async move {
        let shown = app::published(ctx, store).await?;
        if shown.is_empty() {
            return Ok(Markup::ready(""));
        }
        let rows = shown.into_iter().map(|one| {
            let day = one.done_on.map(|day| lang.day(day)).unwrap_or_default();
            (one.said.unwrap_or_default(), one.did.unwrap_or_default(), day)
        });
        let portal = Portal { page: lang.clone(), rows: rows.collect() };
        Ok(Markup::ready(portal.render().map_err(Fault::internal)?))
    })
}
