//! The cheapest way to the next level, and the tasks that came of it.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{FaultKind, Id, Money};
use scoring::Points;
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, View};

use super::{at, range, unit_choices, user_name};
use crate::app::{self, Sheet};
use crate::plan::{self, Found, Given, Way, Wish};

/// Days until the plan's day when nobody says.
const DAYS: i32 = 120;
/// Tenths above the limit when nobody says: one point.
const MARGIN: i64 = 10;
/// Most people to choose from.
const PEOPLE: usize = 300;

struct Step {
    number: usize,
    name: String,
    href: String,
    about: String,
    buys: String,
    cost: String,
}

struct Sum {
    cost: String,
    by: String,
    after: String,
    level: String,
}

struct Other {
    sum: Sum,
    names: String,
}

struct Job {
    id: String,
    title: String,
    href: String,
    about: String,
    chip: Chip,
    may_end: bool,
}

#[derive(Template)]
#[template(path = "scores_plan.html")]
struct PlanPage {
    page: Page,
    facts: String,
    back: String,
    form: Filled,
    units: Vec<Choice>,
    levels: Vec<Choice>,
    readings: Vec<Choice>,
    people: Vec<Choice>,
    sum: Option<Sum>,
    proved: String,
    steps: Vec<Step>,
    others: Vec<Other>,
    none: Option<String>,
    may_give: bool,
    jobs: Vec<Job>,
}

/// What is asked of a plan, as a form or an address says it; what is missing is as usual.
pub(crate) fn read(form: &mut Form, sheet: &Sheet, lang: &Lang) -> Wish {
    let today = lang.now.day(&lang.zone);
    let usual = sheet.live.as_ref().and_then(|live| plan::next_level(sheet.scheme, &live.stored));
    let level = match form.raw("level") {
        "" => usual.map(|level| level.code.clone()),
        "budget" => None,
        code => Some(code.to_owned()),
    };
    Wish {
        level,
        by: form.day_or_none("by").unwrap_or_else(|| today.plus(DAYS)),
        budget: form.money_or_none("budget"),
        margin: form.number_or_none("margin", 0..=20).map_or(MARGIN, |points| points * 10),
        strict: form.raw("reading") == "strict",
    }
}

/// `GET /score/plan?unit=&level=&by=&budget=&margin=&reading=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    Ok(answer(page, &ctx, form, None).await?.into_response())
}

async fn answer(
    page: Page,
    ctx: &Ctx,
    mut form: Form,
    failed: Option<kernel::Fault>,
) -> Result<(StatusCode, View<PlanPage>), Failure> {
    let unit = app::chosen(ctx, form.raw("unit"))?;
    let sheet = app::sheet_of(ctx, unit, form.raw("scheme")).await?;
    let lang = page.lang.clone();
    let wish = read(&mut form, &sheet, &lang);
    let owner = form.raw("owner").to_owned();
    let found = match form.check() {
        Ok(()) => plan::find(&sheet, &wish, lang.now.day(&lang.zone)),
        Err(fault) => Err(fault),
    };
    let mut status = StatusCode::OK;
    let filled = match (&found, &failed) {
        (_, Some(fault)) | (Err(fault), None) if fault.kind() == FaultKind::Invalid => {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            form.into_filled_with(fault)
        }
        _ => Filled::new(),
    };
    let found = match found {
        Ok(found) => Some(found),
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Refused) => None,
        Err(fault) => return Err(fault.into()),
    };
    let jobs = plan::tasks(ctx, &sheet).await?;
    let filled = filled
        .with("unit", sheet.unit.id.to_string())
        .with("scheme", sheet.scheme.code.as_str())
        .with("level", wish.level.as_deref().unwrap_or("budget"))
        .with("by", wish.by.to_string())
        .with("budget", wish.budget.map(|money| (money.fen() / 100).to_string()).unwrap_or_default())
        .with("margin", (wish.margin / 10).to_string())
        .with("reading", if wish.strict { "strict" } else { "share" })
        .with("owner", owner);
    Ok((status, View(render(page, ctx, &sheet, found.as_ref(), &jobs, filled))))
}

fn render(page: Page, ctx: &Ctx, sheet: &Sheet, found: Option<&Found>, jobs: &[Given], form: Filled) -> PlanPage {
    let lang = page.lang.clone();
    let locale = lang.locale.as_str();
    let best = found.and_then(|found| found.best.as_ref());
    let shown = best.or(found.and_then(|found| found.nearest.as_ref()));
    let mut levels: Vec<Choice> = sheet
        .scheme
        .levels
        .iter()
        .map(|level| Choice::new(level.code.as_str(), format!("{} {}", level.name.text(locale), level.from)))
        .collect();
    levels.push(Choice::new("budget", lang.t("scores-plan-most")));
    let facts = match found {
        Some(Found { base, target: Some(target), .. }) => {
            let (base, target) = (Points::tenths(*base).to_string(), Points::tenths(*target).to_string());
            lang.t2("scores-plan-facts", "base", base, "target", target)
        }
        Some(Found { base, .. }) => lang.t1("scores-plan-facts-most", "base", Points::tenths(*base).to_string()),
        None => String::new(),
    };
    let directory = ctx.house.identity.directories().now();
    let people = directory.users().filter(|user| user.active).take(PEOPLE).map(|user| {
        let home = directory.unit(user.home).map(|unit| unit.name_in(locale)).unwrap_or_default();
        Choice::new(user.id.to_string(), format!("{} · {home}", user.name))
    });
    let none = match found {
        Some(found) if found.looked_at == 0 && sheet.scheme.code != crate::domain::SCHEME => {
            Some(lang.t("scores-plan-no-actions"))
        }
        Some(found) if best.is_none() => Some(lang.t1("scores-plan-none", "n", found.looked_at)),
        Some(_) if best.is_some_and(|way| way.steps.is_empty()) => Some(lang.t("scores-plan-there")),
        _ => None,
    };
    PlanPage {
        facts,
        back: format!("/score?{}", at(sheet.scheme, sheet.unit.id)),
        units: unit_choices(&lang, &app::seen(ctx)),
        levels,
        readings: vec![
            Choice::new("share", lang.t("scores-plan-reading-share")),
            Choice::new("strict", lang.t("scores-plan-reading-strict")),
        ],
        people: people.collect(),
        sum: shown.map(|way| sum(&lang, sheet, way)),
        proved: found
            .filter(|found| found.best.as_ref().is_some_and(|way| way.proved))
            .map(|found| lang.t1("scores-plan-proved", "n", found.looked_at))
            .unwrap_or_default(),
        steps: shown.map(|way| steps(&lang, sheet, way)).unwrap_or_default(),
        others: found
            .into_iter()
            .flat_map(|found| &found.others)
            .map(|way| Other {
                sum: sum(&lang, sheet, way),
                names: way.steps.iter().map(|step| name(&lang, step)).collect::<Vec<_>>().join("；"),
            })
            .collect(),
        none,
        may_give: app::may_judge(ctx, sheet.unit.id) && best.is_some_and(|way| !way.steps.is_empty()),
        jobs: jobs.iter().map(|one| job(ctx, &lang, sheet, one)).collect(),
        form,
        page: page.named("scores-plan-title"),
    }
}

fn name(lang: &Lang, step: &plan::Step) -> String {
    if lang.locale.as_str().starts_with("zh") { step.zh.clone() } else { step.en.clone() }
}

/// What a step buys. The strict end can gain more than the other one, which earlier steps have filled.
fn gained(strict: i64, share: i64) -> String {
    format!("+{}", range(Points::tenths(strict.min(share)), Points::tenths(strict.max(share))))
}

fn sum(lang: &Lang, sheet: &Sheet, way: &Way) -> Sum {
    let reached = sheet.scheme.levels.iter().rev().find(|level| way.after.0 >= level.from.in_tenths());
    Sum {
        cost: lang.money(Money::from_fen(way.cost)),
        by: lang.day(way.by),
        after: range(Points::tenths(way.after.0), Points::tenths(way.after.1)),
        level: reached.map_or_else(
            || lang.t("scores-level-none"),
            |level| lang.t1("scores-level-about", "level", level.name.text(lang.locale.as_str())),
        ),
    }
}

fn steps(lang: &Lang, sheet: &Sheet, way: &Way) -> Vec<Step> {
    let step = |(nth, step): (usize, &plan::Step)| {
        let indicator = sheet.scheme.indicator(&step.clause);
        let indicator = indicator.map(|one| one.name.text(lang.locale.as_str()).to_owned()).unwrap_or_default();
        let (low, high) = step.likely;
        let likely = lang.t2("scores-plan-likely", "low", low, "high", high);
        let by = lang.t1("scores-plan-by", "day", lang.day(step.by));
        let mut cost = lang.money(Money::from_fen(step.cost));
        if step.monthly > 0 {
            cost = lang.t2("scores-plan-monthly", "cost", cost, "month", lang.money(Money::from_fen(step.monthly)));
        }
        Step {
            number: nth + 1,
            name: name(lang, step),
            href: format!("/score/items/{}?{}", step.clause, at(sheet.scheme, sheet.unit.id)),
            about: [format!("{} {indicator}", step.clause), by, likely].join(" · "),
            buys: gained(step.buys.0, step.buys.1),
            cost,
        }
    };
    way.steps.iter().enumerate().map(step).collect()
}

fn job(ctx: &Ctx, lang: &Lang, sheet: &Sheet, one: &Given) -> Job {
    let task = &one.task;
    let today = lang.now.day(&lang.zone);
    let chip = match task.done_at {
        Some(_) if one.worked() => web::chip("ok", "circle-check", lang.t("scores-task-worked")),
        Some(_) => web::chip("late", "circle-x", lang.t("scores-task-did-not-work")),
        None if task.due_on < today => web::chip("late", "alert-triangle", lang.t("scores-task-late")),
        None => web::chip("info", "clock", lang.t("scores-task-open")),
    };
    let title = plan::action_name(&task.action)
        .map_or_else(|| task.title.clone(), |name| name.text(lang.locale.as_str()).to_owned());
    let earned = |pair: (i64, i64)| range(Points::tenths(pair.0), Points::tenths(pair.1));
    let moved = lang.t2("scores-moved-from", "before", earned(task.before), "after", earned(one.now));
    let own = ctx.actor.user == Some(task.owner);
    Job {
        id: task.id.to_string(),
        title,
        href: format!("/score/items/{}?{}", task.clause, at(sheet.scheme, sheet.unit.id)),
        about: [
            user_name(ctx, Some(task.owner)),
            lang.t1("scores-plan-by", "day", lang.day(task.due_on)),
            format!("{} {moved}", task.clause),
        ]
        .join(" · "),
        chip,
        may_end: task.done_at.is_none() && (own || app::may_judge(ctx, task.unit)),
    }
}

/// `POST /score/plan`
pub(crate) async fn give(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let unit = app::chosen(&ctx, form.raw("unit"))?;
    let id = unit.id;
    let code = form.raw("scheme").to_owned();
    let sheet = app::sheet_of(&ctx, unit.clone(), &code).await?;
    let wish = read(&mut form, &sheet, &page.lang);
    let owner = form.id("owner");
    let done = match form.check() {
        Ok(()) => plan::give_of(&ctx, unit, &code, &wish, owner).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/score/plan?{}#tasks", at(sheet.scheme, id))).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(answer(page, &ctx, form, Some(fault)).await?.into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /score/tasks/{id}/done`
pub(crate) async fn done(ctx: Ctx, Path(id): Path<i64>) -> Result<Redirect, Failure> {
    let unit = plan::done(&ctx, Id::new(id)).await?;
    // Whoever does a step need not see the board.
    let seen = app::seen(&ctx).iter().any(|one| one.id == unit);
    Ok(Redirect::to(&if seen { format!("/score/plan?unit={unit}#tasks") } else { "/notices".to_owned() }))
}
