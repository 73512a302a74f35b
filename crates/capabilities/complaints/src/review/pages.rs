//! The list of reviews, one to be marked or read, a new sample, and the sheet of criteria.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FaultKind, Id, Ratio};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, Tab, View};

use super::app::{self, CRITERIA, Draw, EDIT, Marked, REVIEW, Whole};
use super::domain::{Criterion, MOST};
use super::store::{Filter, Review, Show, State};
use crate::app::COUNTED;
use crate::pages::{unit_name, user_name};

/// Rows per page.
const ROWS: i64 = 25;
/// Longest texts, in characters.
const NAME: usize = 60;
const NOTE: usize = 300;
const COMMENT: usize = 1_000;
const REASON: usize = 200;
/// How many are drawn unless somebody says otherwise.
const USUAL: &str = "10";

pub(super) fn percent(lang: &Lang, points: i64) -> String {
    lang.percent(Ratio::from_basis_points(points))
}

fn chip(lang: &Lang, review: &Review) -> Chip {
    let (tone, icon) = match review.state {
        State::Open => ("soon", "hourglass"),
        State::Scored => ("ok", "circle-check"),
        State::Answered => ("info", "message"),
    };
    web::chip(tone, icon, lang.word("complaints-review-state", review.state.as_str()))
}

#[derive(Template)]
#[template(path = "complaints_reviews.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    stores: Vec<(String, String, i64)>,
    handlers: Vec<(String, String, i64)>,
    may_draw: bool,
    show: Show,
}

struct Row {
    href: String,
    number: String,
    subject: String,
    store: String,
    handler: String,
    chip: Chip,
    score: String,
    by: String,
}

/// The filter in an address. Days are inclusive.
pub(super) fn filter(form: &mut Form, lang: &Lang, reviews: bool) -> Filter {
    let show = form.choice_or_none("show", Show::parse);
    Filter {
        show: show.unwrap_or(if reviews { Show::Open } else { Show::Mine }),
        store: form.id_or_none("store"),
        handler: form.id_or_none("handler"),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        reader: None,
    }
}

/// `GET /complaints/reviews?show=&store=&handler=&from=&to=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let reviews = ctx.actor.holds(REVIEW);
    let filter = filter(&mut form, &page.lang, reviews);
    let after = form.raw("after").parse::<Cursor>().ok();
    let found = app::list(&ctx, filter.clone(), after, ROWS).await?;
    let lang = page.lang.clone();
    let pairs: Vec<(String, String)> = form
        .pairs()
        .iter()
        .filter(|(name, value)| ["store", "handler", "from", "to"].contains(&name.as_str()) && !value.is_empty())
        .cloned()
        .collect();
    let address = |show: Show, after: Option<Cursor>| {
        let mut all = vec![("show".to_owned(), show.as_str().to_owned())];
        all.extend(pairs.iter().cloned());
        all.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/complaints/reviews?{}", serde_urlencoded::to_string(&all).unwrap_or_default())
    };
    let shows = Show::ALL.into_iter().zip(&found.counts).filter(|(show, _)| reviews || *show == Show::Mine);
    let tabs = shows.map(|(show, n)| {
        Tab::new(lang.word("complaints-reviews-show", show.as_str()), address(show, None))
            .count(lang.capped(*n, COUNTED))
            .current(show == filter.show)
    });
    let tabs = tabs.collect();
    let row = |review: Review| Row {
        href: format!("/complaints/reviews/{}", review.id),
        store: unit_name(&ctx, &lang, Some(review.store)),
        handler: user_name(&ctx, Some(review.handler)),
        chip: chip(&lang, &review),
        score: review.score.map(|points| percent(&lang, points)).unwrap_or_default(),
        by: review.scored_by.map(|by| user_name(&ctx, Some(by))).unwrap_or_default(),
        number: review.number,
        subject: review.subject,
    };
    Ok(View(ListPage {
        tabs,
        next: found.next.map(|cursor| address(filter.show, Some(cursor))),
        first: after.map(|_| address(filter.show, None)),
        stores: found
            .stores
            .iter()
            .map(|one| (unit_name(&ctx, &lang, Some(one.of)), percent(&lang, one.mean), one.n))
            .collect(),
        handlers: found
            .handlers
            .iter()
            .map(|one| (user_name(&ctx, Some(one.of)), percent(&lang, one.mean), one.n))
            .collect(),
        rows: found.rows.into_iter().map(row).collect(),
        may_draw: reviews,
        show: filter.show,
        page: page.named("complaints-reviews-title"),
    }))
}

#[derive(Template)]
#[template(path = "complaints_review_draw.html")]
struct DrawPage {
    page: Page,
    form: Filled,
    stores: Vec<Choice>,
    refusal: Option<web::Markup>,
}

fn drawing(page: Page, ctx: &Ctx, form: Filled, refusal: Option<web::Markup>) -> DrawPage {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(REVIEW);
    let stores = directory.stores().filter(|unit| reach.company || reach.stores.contains(&unit.id));
    DrawPage {
        stores: stores.map(|unit| Choice::new(unit.id.to_string(), unit.name_in(page.lang.locale.as_str()))).collect(),
        page: page.named("complaints-review-draw"),
        form,
        refusal,
    }
}

/// `GET /complaints/reviews/new`: last month, ten, and a seed that anybody can write down.
pub(crate) async fn begin(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let today = page.lang.now.day(&page.lang.zone);
    let form = Filled::new()
        .with("from", today.plus(-30).to_string())
        .with("to", today.to_string())
        .with("size", USUAL)
        .with("seed", today.to_string().replace('-', ""));
    Ok(View(drawing(page, &ctx, form, None)))
}

/// What was typed, of a page or of the API.
pub(super) fn read_draw(form: &mut Form, lang: &Lang) -> Result<Draw, Fault> {
    let (from, to) = (form.day("from"), form.day("to"));
    let (size, seed) = (form.number("size", 1..=200), form.number("seed", 0..=999_999_999_999));
    let store = form.id_or_none("store");
    form.check()?;
    Ok(Draw {
        from: form.need(from)?.start(&lang.zone),
        before: form.need(to)?.plus(1).start(&lang.zone),
        store,
        size: form.need(size)?,
        seed: form.need(seed)?,
    })
}

/// `POST /complaints/reviews`
pub(crate) async fn draw(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let drawn = match read_draw(&mut form, &page.lang) {
        Ok(wanted) => app::draw(&ctx, wanted).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = drawn else { return Ok(Redirect::to("/complaints/reviews?show=open").into_response()) };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let refusal = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    Ok((status, View(drawing(page, &ctx, form.into_filled_with(&fault), refusal))).into_response())
}

#[derive(Template)]
#[template(path = "complaints_review.html")]
struct ReviewPage {
    page: Page,
    form: Filled,
    whole: Whole,
    chip: Chip,
    score: Option<String>,
    store: String,
    handler: String,
    by: String,
    at: String,
    answered: String,
    round: String,
    lines: Vec<Marking>,
    refusal: Option<web::Markup>,
}

struct Marking {
    n: usize,
    points: String,
    note: String,
    name: String,
    weight: i64,
    given: String,
    said: String,
    choices: Vec<Choice>,
}

fn render(page: Page, ctx: &Ctx, whole: Whole, form: Filled, refusal: Option<web::Markup>) -> ReviewPage {
    let lang = page.lang.clone();
    let locale = lang.locale.as_str();
    let review = &whole.review;
    let choices: Vec<Choice> = (0..=MOST)
        .rev()
        .map(|n| Choice::new(n.to_string(), lang.t(&format!("complaints-review-points-{n}"))))
        .chain([Choice::new("none", lang.t("complaints-review-points-none"))])
        .collect();
    let line = |(n, one): (usize, &Criterion)| {
        let mark = whole.marks.get(n);
        Marking {
            n: n + 1,
            points: format!("points{}", n + 1),
            note: format!("note{}", n + 1),
            name: one.name_in(locale).to_owned(),
            weight: one.weight,
            given: match mark {
                Some((Some(points), _)) => format!("{points} / {MOST}"),
                _ => lang.t("complaints-review-points-none"),
            },
            said: mark.and_then(|(_, note)| note.clone()).unwrap_or_default(),
            choices: choices.clone(),
        }
    };
    let lines = whole.criteria.iter().enumerate().map(line).collect();
    let round = &whole.round;
    ReviewPage {
        chip: chip(&lang, review),
        score: review.score.map(|points| percent(&lang, points)),
        store: unit_name(ctx, &lang, Some(review.store)),
        handler: user_name(ctx, Some(review.handler)),
        by: user_name(ctx, review.scored_by),
        at: review.scored_at.map(|at| lang.at(at)).unwrap_or_default(),
        answered: review.answered_at.map(|at| lang.at(at)).unwrap_or_default(),
        round: lang.tn(
            "complaints-review-round",
            &[
                ("from", &lang.date(round.from)),
                ("to", &lang.date(round.before.plus(-1))),
                ("population", &round.population),
                ("size", &round.size),
                // A seed is a name, not an amount.
                ("seed", &round.seed.to_string()),
                ("sheet", &round.sheet),
            ],
        ),
        lines,
        page: page.titled(lang.t1("complaints-review-of", "number", review.number.as_str())),
        form,
        whole,
        refusal,
    }
}

/// `GET /complaints/reviews/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let whole = app::whole(&ctx, Id::new(id)).await?;
    Ok(View(render(page, &ctx, whole, Filled::new(), None)))
}

async fn again(page: Page, ctx: &Ctx, id: i64, form: Form, fault: Fault) -> Result<Response, Failure> {
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Refused => StatusCode::CONFLICT,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let whole = app::whole(ctx, Id::new(id)).await?;
    let refusal = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    Ok((status, View(render(page, ctx, whole, form.into_filled_with(&fault), refusal))).into_response())
}

/// The marks of `points1`, `note1` and so on, for so many criteria.
pub(super) fn read_marks(form: &mut Form, criteria: usize) -> Result<Marked, Fault> {
    let mut marks = Vec::new();
    for n in 1..=criteria {
        let (points, note) = (format!("points{n}"), format!("note{n}"));
        let given = match form.raw(&points) {
            "none" => None,
            _ => form.number(&points, 0..=MOST),
        };
        marks.push((given, form.text_or_none(&note, NOTE)));
    }
    let comment = form.text("comment", COMMENT);
    form.check()?;
    Ok(Marked { marks, comment })
}

/// `POST /complaints/reviews/{id}`
pub(crate) async fn mark(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let criteria = app::whole(&ctx, Id::new(id)).await?.criteria.len();
    let done = match read_marks(&mut form, criteria) {
        Ok(given) => app::mark(&ctx, Id::new(id), version, given).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/complaints/reviews/{id}")).into_response()),
        Err(fault) => again(page, &ctx, id, form, fault).await,
    }
}

/// `POST /complaints/reviews/{id}/answer`
pub(crate) async fn answer(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let text = form.text("answer", COMMENT);
    let done = match form.check() {
        Ok(()) => app::answer(&ctx, Id::new(id), version, text).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/complaints/reviews/{id}")).into_response()),
        Err(fault) => again(page, &ctx, id, form, fault).await,
    }
}

#[derive(Template)]
#[template(path = "complaints_review_sheet.html")]
struct SheetPage {
    page: Page,
    form: Filled,
    version: i64,
    stale: bool,
    may_edit: bool,
    lines: Vec<Names>,
    history: Vec<Version>,
}

/// The names of one criterion's fields.
struct Names {
    n: usize,
    zh: String,
    en: String,
    weight: String,
}

struct Version {
    n: i64,
    who: String,
    when: String,
    reason: String,
    says: Vec<(String, i64)>,
}

async fn sheet_page(page: Page, ctx: &Ctx, form: Option<Filled>, stale: bool) -> Result<SheetPage, Fault> {
    let sheets = app::sheets(ctx).await?;
    let now = sheets.first().ok_or_else(Fault::not_found)?;
    let form = form.unwrap_or_else(|| {
        (1..).zip(&now.criteria).fold(Filled::new(), |form, (n, one)| {
            form.with(&format!("name_zh{n}"), one.name_zh.clone())
                .with(&format!("name_en{n}"), one.name_en.clone())
                .with(&format!("weight{n}"), one.weight.to_string())
        })
    });
    let lang = page.lang.clone();
    let locale = lang.locale.as_str();
    let names =
        |n: usize| Names { n, zh: format!("name_zh{n}"), en: format!("name_en{n}"), weight: format!("weight{n}") };
    Ok(SheetPage {
        version: now.version,
        history: sheets
            .iter()
            .map(|one| Version {
                n: one.version,
                who: one.by.map_or_else(|| lang.t("complaints-matrix-shipped"), |by| user_name(ctx, Some(by))),
                when: if one.by.is_some() { lang.at(one.at) } else { String::new() },
                reason: one.reason.clone(),
                says: one.criteria.iter().map(|one| (one.name_in(locale).to_owned(), one.weight)).collect(),
            })
            .collect(),
        lines: (1..=CRITERIA).map(names).collect(),
        may_edit: ctx.actor.holds(EDIT),
        page: page.named("complaints-review-sheet"),
        form,
        stale,
    })
}

/// `GET /complaints/reviews/sheet`
pub(crate) async fn sheet(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    Ok(View(sheet_page(page, &ctx, None, false).await?))
}

fn read_sheet(form: &mut Form) -> Result<(Vec<Criterion>, String), Fault> {
    let mut criteria = Vec::new();
    for n in 1..=CRITERIA {
        let (zh, en, weight) = (format!("name_zh{n}"), format!("name_en{n}"), format!("weight{n}"));
        if form.raw(&zh).trim().is_empty() && form.raw(&en).trim().is_empty() {
            continue;
        }
        let (name_zh, name_en) = (form.text(&zh, NAME), form.text(&en, NAME * 2));
        if let Some(weight) = form.number(&weight, 1..=100) {
            criteria.push(Criterion { name_zh, name_en, weight });
        }
    }
    let reason = form.text("reason", REASON);
    form.check()?;
    Ok((criteria, reason))
}

/// `POST /complaints/reviews/sheet`
pub(crate) async fn sheet_save(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let saved = match read_sheet(&mut form) {
        Ok((criteria, reason)) => app::change_sheet(&ctx, version, criteria, reason).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = saved else { return Ok(Redirect::to("/complaints/reviews/sheet").into_response()) };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let stale = fault.kind() == FaultKind::Stale;
    let shown = sheet_page(page, &ctx, Some(form.into_filled_with(&fault)), stale).await?;
    Ok((status, View(shown)).into_response())
}
