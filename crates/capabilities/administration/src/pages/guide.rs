//! The guided first run: one page with every step that makes an empty installation a working shop.

use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use calendar::worktime::Interval;
use capability::Ctx;
use identity::{UnitDraft, UnitKind};
use kernel::{Fault, FaultKind};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::calendars::hours_of;
use super::import::{Code, Preview, codes, read_staff, read_stores, staff_preview, stores_preview};
use super::{go_to, unprocessable, with_done};
use crate::app::first_run::{self, Hours, STEPS};
use crate::app::trades::{self, Trade};
use crate::app::{staff, stores, units};
use crate::domain::place_of_unit;
use crate::permissions::UNITS_EDIT;
use crate::store::Step;

struct TradeCard {
    word: &'static str,
    name: String,
    about: String,
    lines: Vec<String>,
    chosen: bool,
}

struct State {
    word: String,
    choice: Option<String>,
    undo: bool,
}

#[derive(Template)]
#[template(path = "administration_guide.html")]
struct GuidePage {
    page: Page,
    done: usize,
    company: Filled,
    company_state: State,
    stores: Filled,
    stores_state: State,
    stores_preview: Preview,
    store_names: Vec<String>,
    manages: bool,
    staff: Filled,
    staff_state: State,
    staff_preview: Preview,
    people: usize,
    codes: Vec<Code>,
    hours: Filled,
    hours_state: State,
    days: Vec<Choice>,
    missing: Vec<String>,
    trade_state: State,
    trades: Vec<TradeCard>,
    case_state: State,
    may_take_in: bool,
    notice: web::Markup,
}

/// What one step of the page shows beside what is stored.
#[derive(Default)]
struct Shown {
    company: Option<Filled>,
    stores: Option<(String, Preview)>,
    staff: Option<(String, Preview)>,
    codes: Vec<Code>,
    hours: Option<Filled>,
    notice: web::Markup,
}

fn require(ctx: &Ctx) -> Result<(), Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    ctx.require(UNITS_EDIT, &place_of_unit(directory.tree(), company))
}

/// `GET /setup/guide`
pub(crate) async fn show(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    require(&ctx)?;
    let page = with_done(page, &uri, &["step", "step-back", "step-skipped"]);
    Ok(guide(&ctx, page, Shown::default()).await?.into_response())
}

async fn guide(ctx: &Ctx, page: Page, shown: Shown) -> Result<View<GuidePage>, Failure> {
    let page = page.named("administration-guide-title");
    let steps = first_run::progress(ctx).await?;
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().ok_or_else(Fault::not_found)?;
    let step = |name: &str| steps.get(name).cloned().unwrap_or_default();
    let state = |name: &str| {
        let step = step(name);
        State { undo: !step.made.is_empty() || step.choice.is_some(), word: step.state, choice: step.choice }
    };
    let (stores_text, stores_preview) = match shown.stores {
        Some(shown) => shown,
        None => {
            let draft = step("stores").draft;
            let (table, openings) = read_stores(ctx, &draft);
            (draft, stores_preview(&page, &table, &openings))
        }
    };
    let (staff_text, staff_preview) = match shown.staff {
        Some(shown) => shown,
        None => {
            let draft = step("staff").draft;
            let (table, hires) = read_staff(ctx, &draft);
            (draft, staff_preview(ctx, &page, &table, &hires))
        }
    };
    let policy = cases::app::policy(ctx).await?;
    let chosen = step("trade").choice;
    let trades = Trade::ALL.iter().map(|trade| {
        let lines = trade.changes(&policy, ctx.now()).into_iter().map(|change| {
            let kind = change.kind.map(|kind| page.word("cases-kind", kind.as_str())).unwrap_or_default();
            let priority =
                change.priority.map(|priority| page.word("cases-priority", priority.as_str())).unwrap_or_default();
            let stage = page.word("cases-stage", change.stage.as_str());
            let to = change.to.map_or_else(
                || page.t("administration-deadline-inherited"),
                |to| super::deadlines::deadline_text(&page, to.unit, to.amount),
            );
            format!("{kind} · {priority} · {stage}: {to}")
        });
        TradeCard {
            word: trade.as_str(),
            name: page.word("administration-trade", trade.as_str()),
            about: page.word("administration-trade-about", trade.as_str()),
            lines: lines.collect(),
            chosen: chosen.as_deref() == Some(trade.as_str()),
        }
    });
    let trades = trades.collect();
    let stores: Vec<String> = directory
        .stores()
        .filter(|store| store.active)
        .map(|store| format!("{} · {}", store.name_in(page.lang.locale.as_str()), store.code))
        .collect();
    let table = ctx.read((), |tx, ()| Box::pin(calendar::holidays(tx))).await?;
    let company_form = Filled::new()
        .with("name", company.name.as_str())
        .with("name_en", company.name_en.clone().unwrap_or_default())
        .with("phone", company.phone.clone().unwrap_or_default());
    let days = (0..7).map(|day| Choice::new(day.to_string(), page.t(&format!("calendar-weekday-{}", day + 1))));
    let may_take_in = ctx.actor.holds(cases::app::TAKE_IN);
    Ok(View(GuidePage {
        done: STEPS.iter().filter(|name| step(name).state != "open").count(),
        company: shown.company.unwrap_or(company_form),
        company_state: state("company"),
        stores: Filled::new().with("rows", stores_text),
        stores_state: state("stores"),
        stores_preview,
        store_names: stores,
        manages: may_take_in,
        staff: Filled::new().with("rows", staff_text),
        staff_state: state("staff"),
        staff_preview,
        people: directory.users().filter(|user| user.active).count(),
        codes: shown.codes,
        hours: shown.hours.unwrap_or_else(|| Filled::new().with("open", "09:00").with("close", "21:00")),
        hours_state: state("calendar"),
        days: days.collect(),
        missing: super::calendars::missing_years(&table, ctx.now().day(&ctx.house.zone)),
        trade_state: state("trade"),
        trades,
        case_state: state("case"),
        may_take_in,
        notice: shown.notice,
        page,
    }))
}

async fn stored(ctx: &Ctx, name: &str) -> Result<Step, Fault> {
    let step = first_run::progress(ctx).await?.remove(name);
    Ok(step.unwrap_or_default())
}

/// `POST /setup/guide/{step}`: the step, or with `undo` taking it back, or with `skip` leaving it for later.
pub(crate) async fn act(page: Page, ctx: Ctx, Path(name): Path<String>, form: Form) -> Result<Response, Failure> {
    require(&ctx)?;
    if !STEPS.contains(&name.as_str()) {
        return Err(Fault::not_found().into());
    }
    let step = stored(&ctx, &name).await?;
    if form.flag("skip") {
        first_run::keep(&ctx, Step { state: "skipped".to_owned(), ..step }).await?;
        return Ok(go_to("/setup/guide?done=step-skipped"));
    }
    if form.flag("undo") {
        return take_back(&ctx, page, step).await;
    }
    match name.as_str() {
        "company" => company(&ctx, page, step, form).await,
        "stores" => open_stores(&ctx, page, step, &form).await,
        "staff" => hire(&ctx, page, step, &form).await,
        "calendar" => hours(&ctx, page, step, form).await,
        "trade" => {
            let trade = Trade::parse(form.raw("trade")).ok_or_else(Fault::not_found)?;
            trades::apply(&ctx, trade).await?;
            let choice = Some(trade.as_str().to_owned());
            first_run::keep(&ctx, Step { state: "done".to_owned(), choice, ..step }).await?;
            Ok(go_to("/setup/guide?done=step#trade"))
        }
        _ => Err(Fault::not_found().into()),
    }
}

async fn take_back(ctx: &Ctx, page: Page, step: Step) -> Result<Response, Failure> {
    let mut notice = None;
    match step.step.as_str() {
        "stores" => {
            let (_, stayed) = first_run::close_units(ctx, &step.made).await?;
            notice = (stayed > 0).then(|| page.t1("administration-undo-stayed", "n", stayed));
        }
        "staff" => {
            first_run::lock_people(ctx, &step.made).await?;
        }
        "calendar" => first_run::drop_hours(ctx).await?,
        "trade" => {
            trades::apply(ctx, Trade::General).await?;
        }
        _ => {}
    }
    let back = Step { step: step.step.clone(), state: "open".to_owned(), draft: step.draft, ..Step::default() };
    first_run::keep(ctx, back).await?;
    match notice {
        None => Ok(go_to(&format!("/setup/guide?done=step-back#{}", step.step))),
        Some(text) => {
            let notice = web::Markup::of(&web::chip("soon", "alert-triangle", text));
            Ok(guide(ctx, page, Shown { notice, ..Shown::default() }).await?.into_response())
        }
    }
}

async fn company(ctx: &Ctx, page: Page, step: Step, form: Form) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    let unit = directory.company().ok_or_else(Fault::not_found)?;
    let draft = UnitDraft {
        parent: None,
        kind: UnitKind::Company,
        code: unit.code.clone(),
        name: form.raw("name").to_owned(),
        name_en: Some(form.raw("name_en").to_owned()),
        zone: unit.zone.name().to_owned(),
        phone: Some(form.raw("phone").to_owned()),
        address: unit.address.clone(),
        active: true,
    };
    match units::save(ctx, unit.id, unit.version, draft).await {
        Ok(()) => {
            first_run::keep(ctx, Step { state: "done".to_owned(), ..step }).await?;
            Ok(go_to("/setup/guide?done=step#stores"))
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let shown = Shown { company: Some(form.into_filled_with(&fault)), ..Shown::default() };
            Ok(unprocessable(guide(ctx, page, shown).await?))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn open_stores(ctx: &Ctx, page: Page, step: Step, form: &Form) -> Result<Response, Failure> {
    let text = form.raw("rows").to_owned();
    let (table, openings) = read_stores(ctx, &text);
    if !form.flag("save") {
        first_run::keep(ctx, Step { draft: text.clone(), ..step }).await?;
        let preview = stores_preview(&page, &table, &openings);
        return Ok(guide(ctx, page, Shown { stores: Some((text, preview)), ..Shown::default() })
            .await?
            .into_response());
    }
    let (made, _) = stores::save(ctx, &openings).await?;
    let draft = table.text_of(|line| stores::is_bad(&openings, line));
    let mut all = step.made.clone();
    all.extend(made.iter().map(|id| id.get()));
    let state = if draft.is_empty() { "done" } else { "open" };
    first_run::keep(ctx, Step { state: state.to_owned(), draft: draft.clone(), made: all, ..step }).await?;
    let directory = ctx.house.identity.directories().now();
    let first = directory.stores().find(|store| store.active).map(|store| store.id);
    if let Some(store) = first.filter(|_| form.flag("manage") && !ctx.actor.holds(cases::app::TAKE_IN)) {
        first_run::manage(ctx, store).await?;
    }
    let next = if draft.is_empty() { "staff" } else { "stores" };
    Ok(go_to(&format!("/setup/guide?done=step#{next}")))
}

async fn hire(ctx: &Ctx, page: Page, step: Step, form: &Form) -> Result<Response, Failure> {
    let text = form.raw("rows").to_owned();
    let (table, hires) = read_staff(ctx, &text);
    if !form.flag("save") {
        first_run::keep(ctx, Step { draft: text.clone(), ..step }).await?;
        let preview = staff_preview(ctx, &page, &table, &hires);
        return Ok(guide(ctx, page, Shown { staff: Some((text, preview)), ..Shown::default() }).await?.into_response());
    }
    let (hired, _) = staff::save(ctx, &hires).await?;
    let draft = table.text_of(|line| staff::is_bad(&hires, line));
    let mut all = step.made.clone();
    all.extend(hired.iter().map(|person| person.user.get()));
    let state = if draft.is_empty() { "done" } else { "open" };
    first_run::keep(ctx, Step { state: state.to_owned(), draft, made: all, ..step }).await?;
    let codes = codes(&page, &ctx.house.identity.directories().now(), &hired);
    // The codes are shown only now, so this answer is a page and no redirect.
    Ok(guide(ctx, page, Shown { codes, ..Shown::default() }).await?.into_response())
}

async fn hours(ctx: &Ctx, page: Page, step: Step, mut form: Form) -> Result<Response, Failure> {
    let text = format!("{}-{}", form.raw("open"), form.raw("close"));
    let one = hours_of(&text).and_then(|hours| hours.intervals().first().copied());
    let closed: Vec<usize> = form.all("closed").filter_map(|day| day.parse().ok()).collect();
    let Some(one) = one.filter(|_| closed.len() < 7) else {
        form.reject("open", "administration-hours");
        let shown = Shown { hours: Some(form.into_filled()), ..Shown::default() };
        return Ok(unprocessable(guide(ctx, page, shown).await?));
    };
    let to = if Interval::to(one) > 1_440 { Interval::to(one) - 1_440 } else { Interval::to(one) };
    let hours = Hours { from: one.from(), to, closed, holidays: form.raw("holidays") == "rest" };
    first_run::set_hours(ctx, &page.t("administration-shop-hours"), &hours).await?;
    let choice = Some(text);
    first_run::keep(ctx, Step { state: "done".to_owned(), choice, ..step }).await?;
    Ok(go_to("/setup/guide?done=step#trade"))
}
