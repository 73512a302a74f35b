//! Pages of problems.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use kernel::{Cursor, Fault, FaultKind, Id, of};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, Tab, View};

use crate::app::{self, Detail, Draft, TEXT, TITLE};
use crate::domain::State;
use crate::store::{Filter, Problem};

/// Rows per page.
const ROWS: u16 = 50;
/// Most people to choose from.
const PEOPLE: usize = 300;
/// The lists that have a tab.
const SHOWS: [&str; 5] = ["open", "mine", "solved", "closed", "all"];

struct Row {
    href: String,
    number: String,
    title: String,
    chip: Chip,
    owner: String,
    store: String,
    review: Option<(String, bool)>,
    opened: String,
}

impl Row {
    fn of(ctx: &Ctx, lang: &Lang, one: &Problem) -> Self {
        let directory = ctx.house.identity.directories().now();
        let today = lang.now.day(&lang.zone);
        Self {
            href: format!("/problems/{}", one.id),
            number: one.number.clone(),
            title: one.title.clone(),
            chip: chip(lang, one.state),
            owner: directory.user_name(one.owner).unwrap_or_default().to_owned(),
            store: directory
                .unit(one.store)
                .map(|unit| unit.name_in(lang.locale.as_str()).to_owned())
                .unwrap_or_default(),
            review: one.review_on.filter(|_| one.state.is_live()).map(|day| (lang.day(day), day <= today)),
            opened: lang.at(one.opened_at),
        }
    }
}

fn chip(lang: &Lang, state: State) -> Chip {
    let (tone, icon) = match state {
        State::Open => ("soon", "help-circle"),
        State::KnownCause => ("info", "search"),
        State::Solved => ("ok", "bulb"),
        State::Closed => ("", "archive"),
    };
    web::chip(tone, icon, lang.word("problems-state", state.as_str()))
}

#[derive(Template)]
#[template(path = "problems_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    show: String,
    text: String,
    next: Option<String>,
    first: Option<String>,
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(ctx: &Ctx, form: &mut Form, lang: &Lang) -> Filter {
    let show = form.raw("show").to_owned();
    Filter {
        state: State::parse(&show).filter(|state| *state != State::Open),
        all: matches!(show.as_str(), "all"),
        mine: if show == "mine" { ctx.actor.user } else { None },
        text: form.text_or_none("q", 100),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        store: form.id_or_none("store"),
    }
}

/// `GET /problems?show=&q=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&ctx, &mut form, &page.lang);
    let after = form.raw("after").parse::<Cursor>().ok();
    let show = SHOWS.into_iter().find(|one| *one == form.raw("show")).unwrap_or("open");
    let text = filter.text.clone().unwrap_or_default();
    let listed = app::list(&ctx, filter, after, ROWS).await?;
    let address = |show: &str, after: Option<Cursor>| {
        let mut pairs = vec![("show".to_owned(), show.to_owned())];
        if !text.is_empty() {
            pairs.push(("q".to_owned(), text.clone()));
        }
        pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/problems?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs =
        SHOWS.into_iter().map(|one| Tab::new(page.word("problems-show", one), address(one, None)).current(one == show));
    Ok(View(ListPage {
        tabs: tabs.collect(),
        rows: listed.rows.iter().map(|one| Row::of(&ctx, &page.lang, one)).collect(),
        next: listed.next.map(|cursor| address(show, Some(cursor))),
        first: after.map(|_| address(show, None)),
        show: show.to_owned(),
        text,
        page: page.named("problems-title"),
    }))
}

struct Said {
    who: String,
    what: String,
    at: String,
    icon: &'static str,
    text: Option<String>,
    files: Option<String>,
    changes: Vec<String>,
    case: Option<(String, String)>,
}

struct Linked {
    href: String,
    number: String,
    subject: String,
    state: String,
    id: Id<of::Case>,
}

#[derive(Template)]
#[template(path = "problems_detail.html")]
struct DetailPage {
    page: Page,
    row: Row,
    problem: Problem,
    experts: Vec<String>,
    cases: Vec<Linked>,
    hidden: usize,
    lines: Vec<Said>,
    files: Vec<(String, String)>,
    form: Filled,
    states: Vec<Choice>,
    people: Vec<Choice>,
    may_work: bool,
    stale: bool,
}

/// `GET /problems/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    Ok(View(render(page, &ctx, detail, None, false)))
}

fn render(page: Page, ctx: &Ctx, detail: Detail, form: Option<Filled>, stale: bool) -> DetailPage {
    let lang = page.lang.clone();
    let directory = ctx.house.identity.directories().now();
    let name = |id: &Id<of::User>| directory.user_name(*id).unwrap_or_default().to_owned();
    let problem = detail.problem.clone();
    let form = form.unwrap_or_else(|| {
        let form = Filled::new()
            .with("title", problem.title.as_str())
            .with("body", problem.body.as_str())
            .with("state", problem.state.as_str())
            .with("owner", problem.owner.to_string())
            .with("cause", problem.cause.clone().unwrap_or_default())
            .with("solution", problem.solution.clone().unwrap_or_default())
            .with("review_on", problem.review_on.map(|day| day.to_string()).unwrap_or_default());
        form.with("experts", detail.experts.iter().map(&name).collect::<Vec<_>>().join("、"))
    });
    let states = State::ALL.iter().filter(|state| **state == problem.state || problem.state.next().contains(state));
    let row = Row::of(ctx, &lang, &problem);
    DetailPage {
        experts: detail.experts.iter().map(&name).collect(),
        cases: detail
            .cases
            .iter()
            .map(|case| Linked {
                href: format!("/cases/{}", case.id),
                number: case.number.clone(),
                subject: case.subject.clone(),
                state: lang.word("cases-state", case.state.name().as_str()),
                id: case.id,
            })
            .collect(),
        hidden: detail.hidden,
        lines: detail.lines.iter().map(|line| said(&lang, line)).collect(),
        files: detail.files.iter().map(|file| (format!("/files/{}", file.id), file.name.clone())).collect(),
        states: lang.choices("problems-state", states.map(|state| state.as_str())),
        people: people(ctx, &lang),
        may_work: detail.may_work,
        page: page.titled(format!("{} {}", problem.number, problem.title)),
        row,
        problem,
        form,
        stale,
    }
}

fn people(ctx: &Ctx, lang: &Lang) -> Vec<Choice> {
    let directory = ctx.house.identity.directories().now();
    let active = directory.users().filter(|user| user.active).take(PEOPLE);
    active
        .map(|user| {
            let home = directory.unit(user.home).map(|unit| unit.name_in(lang.locale.as_str())).unwrap_or_default();
            Choice::new(user.id.to_string(), format!("{} · {home}", user.name))
        })
        .collect()
}

/// What happened, in words: of cases by their own, of problems by `problems-verb-…`.
fn said(lang: &Lang, line: &app::Line) -> Said {
    let (prefix, what) = line.verb.split_once('.').unwrap_or(("", &line.verb));
    let capability = match prefix {
        "problem" => "problems",
        "case" => "cases",
        "survey" => "surveys",
        other => other,
    };
    let key = format!("{capability}-verb-{}", what.replace('_', "-"));
    let verb = if line.text.is_some() && line.case.is_some() {
        lang.t("problems-said-in-case")
    } else {
        lang.find(&key).unwrap_or_else(|| lang.t("problems-verb-changed"))
    };
    let changes = line.changes.iter().filter(|_| line.case.is_none()).filter_map(|(field, before, after)| {
        let field_name = lang.find(&format!("problems-field-{}", field.replace('_', "-")))?;
        let word = |value: &Option<String>| match value {
            Some(value) if field == "state" => lang.word("problems-state", value),
            Some(value) => value.clone(),
            None => lang.t("problems-nothing"),
        };
        Some(lang.t3("problems-change", "field", field_name, "before", word(before), "after", word(after)))
    });
    Said {
        who: if line.who.is_empty() { lang.t("problems-somebody") } else { line.who.clone() },
        what: verb,
        at: lang.at(line.at),
        icon: if line.case.is_some() {
            "file-text"
        } else if line.text.is_some() {
            "message"
        } else {
            "edit"
        },
        text: line.text.clone(),
        files: line.files.clone(),
        changes: changes.collect(),
        case: line.case.as_ref().map(|(id, number)| (format!("/cases/{id}"), number.clone())),
    }
}

/// A problem as a form or a program sends it. Experts are ids, or in one field their names or logins with a comma between.
pub(crate) fn read(ctx: &Ctx, form: &mut Form) -> Draft {
    let directory = ctx.house.identity.directories().now();
    let mut experts: Vec<Id<of::User>> = Vec::new();
    let typed: Vec<String> = form.all("experts").map(str::to_owned).collect();
    let mut unknown = None;
    for part in typed.iter().flat_map(|typed| typed.split(['、', ',', '，', ';', '；', '\n'])).map(str::trim) {
        if part.is_empty() {
            continue;
        }
        let found = part.parse::<i64>().ok().map(Id::new).filter(|id| directory.user(*id).is_some()).or_else(|| {
            let named = directory.users().find(|user| user.active && (user.name == part || user.login == part));
            named.map(|user| user.id)
        });
        match found {
            Some(id) => experts.push(id),
            None => unknown = Some(part.to_owned()),
        }
    }
    if let Some(name) = unknown {
        form.reject_with("experts", "problems-expert", vec![("name", name)]);
    }
    Draft {
        title: form.text("title", TITLE),
        body: form.text_or_empty("body", TEXT),
        owner: form.id_or_none("owner"),
        experts,
        review_on: form.day_or_none("review_on"),
        cause: form.text_or_none("cause", TEXT),
        solution: form.text_or_none("solution", TEXT),
        state: form.choice_or_none("state", State::parse),
    }
}

async fn again(page: Page, ctx: &Ctx, id: i64, form: Form, done: Result<(), Fault>) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/problems/{id}")).into_response()),
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Stale) => {
            let stale = fault.kind() == FaultKind::Stale;
            let detail = app::detail(ctx, Id::new(id)).await?;
            let filled = form.into_filled_with(&fault);
            let status = if stale { StatusCode::PRECONDITION_FAILED } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok((status, View(render(page, ctx, detail, Some(filled), stale))).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /problems/{id}`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let draft = read(&ctx, &mut form);
    let done = match form.check() {
        Ok(()) => app::change(&ctx, Id::new(id), version, draft).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    again(page, &ctx, id, form, done).await
}

/// `POST /problems/{id}/posts`
pub(crate) async fn post(page: Page, ctx: Ctx, Path(id): Path<i64>, upload: Upload) -> Result<Response, Failure> {
    // Whoever does not see it sends nothing to it.
    app::detail(&ctx, Id::new(id)).await?;
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let files = taken.of("file");
    let (ctx, mut form) = (taken.ctx, taken.form);
    let text = form.text("post", TEXT);
    let done = match form.check() {
        Ok(()) => app::post(&ctx, Id::new(id), &text, files).await,
        Err(fault) => Err(fault),
    };
    match done {
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let detail = app::detail(&ctx, Id::new(id)).await?;
            let mut shown = render(page, &ctx, detail, None, false);
            let typed = form.into_filled_with(&fault);
            let kept = ["title", "body", "state", "owner", "cause", "solution", "review_on", "experts"];
            shown.form = kept.into_iter().fold(typed, |form, name| {
                let value = shown.form.value(name).to_owned();
                form.with(name, value)
            });
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        other => again(page, &ctx, id, form, other).await,
    }
}

/// `POST /problems/{id}/unlink`
pub(crate) async fn unlink(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let case = form.id("case");
    form.check()?;
    app::unlink(&ctx, Id::new(id), form.need(case)?).await?;
    Ok(Redirect::to(&format!("/problems/{id}")).into_response())
}

/// What the case's page shows.
#[derive(Template)]
#[template(path = "problems_beside.html")]
struct Beside {
    page: Lang,
    href: String,
    problem: Option<Row>,
    may: bool,
}

#[derive(Template)]
#[template(path = "problems_promote.html")]
struct PromotePage {
    page: Page,
    back: String,
    number: String,
    subject: String,
    problem: Option<Row>,
    may: bool,
    form: Filled,
    people: Vec<Choice>,
}

/// `GET /cases/{id}/problem`
pub(crate) async fn of_case(
    page: Page,
    ctx: Ctx,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    let (case, problem, may) = app::of_case(&ctx, Id::new(id)).await?;
    if headers.contains_key("hx-request") {
        let lang = page.lang;
        let problem = problem.map(|one| Row::of(&ctx, &lang, &one));
        let href = format!("/cases/{id}/problem");
        return Ok(View(Beside { href, problem, may, page: lang }).into_response());
    }
    let form = Filled::new()
        .with("title", case.subject.as_str())
        .with("owner", ctx.actor.user.map(|me| me.to_string()).unwrap_or_default());
    Ok(View(promote_page(page, &ctx, &case, problem, may, form)).into_response())
}

fn promote_page(
    page: Page,
    ctx: &Ctx,
    case: &cases::store::Case,
    problem: Option<Problem>,
    may: bool,
    form: Filled,
) -> PromotePage {
    PromotePage {
        back: format!("/cases/{}", case.id),
        number: case.number.clone(),
        subject: case.subject.clone(),
        problem: problem.map(|one| Row::of(ctx, &page.lang, &one)),
        may,
        people: people(ctx, &page.lang),
        form,
        page: page.named("problems-promote"),
    }
}

/// `POST /cases/{id}/problem`: a new problem, or one that there is.
pub(crate) async fn promote(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let case = Id::new(id);
    let number = form.text_or_none("number", 40);
    let done = match number {
        Some(number) => match form.check() {
            Ok(()) => app::link(&ctx, &number, case).await,
            Err(fault) => Err(fault),
        },
        None => {
            let draft = read(&ctx, &mut form);
            match form.check() {
                Ok(()) => app::promote(&ctx, case, draft).await.map(|problem| problem.id),
                Err(fault) => Err(fault),
            }
        }
    };
    match done {
        Ok(problem) => Ok(Redirect::to(&format!("/problems/{problem}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let (case, problem, may) = app::of_case(&ctx, case).await?;
            let filled = form.into_filled_with(&fault);
            let page = View(promote_page(page, &ctx, &case, problem, may, filled));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
