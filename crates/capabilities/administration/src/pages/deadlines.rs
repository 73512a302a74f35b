use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use calendar::worktime::{BasisPoints, DayEnd, DueRule, Millis, Policy as ClockPolicy};
use calendar::{Basis, Entered, NewClock, Role};
use capability::Ctx;
use cases::app::{Allowance, DeadlineChange, POLICY_RECORD, PolicyChange, RULES_EDIT, RowName};
use cases::domain::{Deadline, Kind, Limit, Limits, Policy, PolicyRow, Priority, Stage, Unit};
use kernel::{Fault, FaultKind, Id, RecordRef, Timestamp, of};
use web::{Choice, Failure, Filled, Form, Icon, Page, Tab, View};

use super::history::{Happened, history};
use super::{go_to, unit_choices, unprocessable, with_done};

/// A deadline in words: 30 分钟营业时间.
pub(crate) fn deadline_text(page: &Page, unit: Unit, amount: i64) -> String {
    // Whole hours are said as hours: 48, not 2880 minutes.
    let hours = amount.checked_div(60).filter(|hours| *hours > 1 && hours.checked_mul(60) == Some(amount));
    match (unit, hours) {
        (Unit::Working, Some(hours)) => page.t1("administration-deadline-working-hours", "n", hours),
        (Unit::Natural, Some(hours)) => page.t1("administration-deadline-natural-hours", "n", hours),
        _ => page.t1(&format!("administration-deadline-{}", unit.as_str().replace('_', "-")), "n", amount),
    }
}

struct Cell {
    href: String,
    text: String,
    warn: i64,
    /// It comes from a row for more kinds or priorities.
    inherited: bool,
    /// What counts later.
    later: Option<String>,
    priority: String,
}

struct LimitField {
    name: &'static str,
    label: String,
    about: String,
}

struct StageRow {
    name: String,
    about: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "administration_deadlines.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    kind: String,
    priorities: Vec<String>,
    rows: Vec<StageRow>,
    limits: Filled,
    limit_fields: Vec<LimitField>,
    later: Vec<String>,
    version: i64,
    may_edit: bool,
    history: Vec<Happened>,
}

fn record() -> RecordRef {
    RecordRef::new(POLICY_RECORD, Id::<PolicyRow>::new(1))
}

fn may_edit(ctx: &Ctx) -> bool {
    ctx.reach(RULES_EDIT).company
}

fn inherits(policy: &Policy, name: RowName, at: Timestamp) -> bool {
    policy.row(name.0, name.1, name.2, at).is_none_or(|row| row.withdrawn)
}

/// What counts for `name`; for "every kind" or "every priority" what their own row says.
fn effective(policy: &Policy, name: RowName, at: Timestamp) -> Option<Deadline> {
    let own = policy.row(name.0, name.1, name.2, at).filter(|row| !row.withdrawn);
    let wider = || match (name.0, name.1) {
        (Some(kind), Some(priority)) => policy.deadline(kind, priority, name.2, at),
        (None, Some(_)) => policy.row(None, None, name.2, at).filter(|row| !row.withdrawn).map(|row| row.deadline),
        _ => None,
    };
    own.map(|row| row.deadline).or_else(wider)
}

/// `GET /settings/deadlines?kind=`
pub(crate) async fn list(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(page, &uri, &["deadline", "limits"]);
    let query = Form::from_query(uri.query().unwrap_or_default());
    Ok(list_page(&ctx, page, Kind::parse(query.raw("kind")), None).await?.into_response())
}

async fn list_page(
    ctx: &Ctx,
    page: Page,
    kind: Option<Kind>,
    typed: Option<Filled>,
) -> Result<View<ListPage>, Failure> {
    let page = page.named("administration-deadlines-title");
    let policy = cases::app::policy(ctx).await?;
    let now = ctx.now();
    // What one customer was promised has its time from the promise.
    let rows = Stage::ALL.iter().filter(|stage| !stage.is_promised()).map(|stage| {
        let cells = Priority::ALL.iter().map(|priority| {
            let name = RowName(kind, Some(*priority), *stage);
            let deadline = effective(&policy, name, now);
            let later = policy.rows().iter().filter(|row| {
                row.effective_from > now && (row.kind, row.priority, row.stage) == (name.0, name.1, name.2)
            });
            let later = later.min_by_key(|row| row.effective_from).map(|row| {
                let text = if row.withdrawn {
                    page.t("administration-deadline-inherited")
                } else {
                    deadline_text(&page, row.deadline.unit, row.deadline.amount)
                };
                page.t2("administration-deadline-later", "at", page.date(row.effective_from), "text", text)
            });
            Cell {
                href: format!("/settings/deadlines/{name}"),
                text: deadline.map_or_else(
                    || page.t("administration-deadline-none"),
                    |deadline| deadline_text(&page, deadline.unit, deadline.amount),
                ),
                warn: deadline.map_or(0, |deadline| deadline.warn_share / 100),
                inherited: kind.is_some() && inherits(&policy, name, now),
                later,
                priority: page.word("cases-priority", priority.as_str()),
            }
        });
        StageRow {
            name: page.word("cases-stage", stage.as_str()),
            about: page.word("administration-stage", stage.as_str()),
            cells: cells.collect(),
        }
    });
    let rows = rows.collect();
    let tab = |text: String, word: &str, current: bool| {
        let href =
            if word.is_empty() { "/settings/deadlines".to_owned() } else { format!("/settings/deadlines?kind={word}") };
        Tab::new(text, href).current(current)
    };
    let mut tabs = vec![tab(page.t("administration-every-kind"), "", kind.is_none())];
    tabs.extend(
        Kind::ALL.iter().map(|one| tab(page.word("cases-kind", one.as_str()), one.as_str(), kind == Some(*one))),
    );
    let limits = policy.limits(now);
    let filled = |limits: &Limits| {
        let today = Filled::new().with("from", now.day(&ctx.house.zone).to_string());
        Limit::ALL.iter().fold(today, |form, limit| form.with(limit.as_str(), limit.of(limits).to_string()))
    };
    let later = policy.limit_rows().iter().filter(|row| row.effective_from > now).map(|row| {
        let name = page.word("administration-limit", row.limit.as_str());
        page.t3("administration-limit-later", "at", page.date(row.effective_from), "name", name, "n", row.amount)
    });
    Ok(View(ListPage {
        kind: kind.map(|kind| page.word("cases-kind", kind.as_str())).unwrap_or_default(),
        priorities: Priority::ALL.iter().map(|priority| page.word("cases-priority", priority.as_str())).collect(),
        rows,
        tabs,
        limit_fields: Limit::ALL
            .iter()
            .map(|limit| LimitField {
                name: limit.as_str(),
                label: page.word("administration-limit", limit.as_str()),
                about: page
                    .find(&format!("administration-limit-{}-about", limit.as_str().replace('_', "-")))
                    .unwrap_or_default(),
            })
            .collect(),
        limits: typed.unwrap_or_else(|| filled(&limits)),
        later: later.collect(),
        version: policy.version(),
        may_edit: may_edit(ctx),
        history: history(ctx, &page, record()).await?,
        page,
    }))
}

struct Version {
    text: String,
    from: String,
    number: i64,
    now: bool,
}

struct WhyLine {
    icon: Icon,
    tone: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "administration_deadline.html")]
struct OnePage {
    page: Page,
    name: String,
    back: String,
    about: String,
    form: Filled,
    units: Vec<Choice>,
    stores: Vec<Choice>,
    version: i64,
    versions: Vec<Version>,
    may_withdraw: bool,
    may_edit: bool,
    /// What counts now, for those who only read, and after which share of it somebody is warned.
    present: String,
    warned: Option<i64>,
    inherited: bool,
    example: Vec<WhyLine>,
    example_due: Option<String>,
    example_notice: web::Markup,
}

/// `GET /settings/deadlines/{name}`: one deadline with its versions.
pub(crate) async fn show(page: Page, ctx: Ctx, Path(name): Path<String>) -> Result<Response, Failure> {
    let name = RowName::parse(&name).ok_or_else(Fault::not_found)?;
    Ok(one_page(&ctx, page, name, None, None).await?.into_response())
}

async fn one_page(
    ctx: &Ctx,
    page: Page,
    name: RowName,
    typed: Option<Filled>,
    example: Option<Result<(Vec<WhyLine>, String), Fault>>,
) -> Result<View<OnePage>, Failure> {
    let policy = cases::app::policy(ctx).await?;
    let now = ctx.now();
    let kind =
        name.0.map_or_else(|| page.t("administration-every-kind"), |kind| page.word("cases-kind", kind.as_str()));
    let priority = name.1.map_or_else(
        || page.t("administration-every-priority"),
        |priority| page.word("cases-priority", priority.as_str()),
    );
    let stage = page.word("cases-stage", name.2.as_str());
    let page = page.titled(format!("{stage} · {kind} · {priority}"));
    let deadline = effective(&policy, name, now);
    let present = policy.row(name.0, name.1, name.2, now);
    let mut rows: Vec<&PolicyRow> =
        policy.rows().iter().filter(|row| (row.kind, row.priority, row.stage) == (name.0, name.1, name.2)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.effective_from, row.deadline.version)));
    let versions = rows.into_iter().map(|row| Version {
        text: if row.withdrawn {
            page.t("administration-deadline-inherited")
        } else {
            let text = deadline_text(&page, row.deadline.unit, row.deadline.amount);
            page.t2("administration-deadline-warned", "text", text, "n", row.deadline.warn_share / 100)
        },
        from: if row.effective_from.millis() == 0 {
            page.t("administration-week-always")
        } else {
            page.when(row.effective_from)
        },
        number: row.deadline.version,
        now: present.is_some_and(|present| std::ptr::eq(present, row)),
    });
    let versions = versions.collect();
    let filled = || {
        let form = Filled::new().with("from", now.day(&ctx.house.zone).to_string());
        deadline.map_or(form.clone(), |deadline| {
            form.with("amount", deadline.amount.to_string())
                .with("unit", deadline.unit.as_str())
                .with("warn", (deadline.warn_share / 100).to_string())
        })
    };
    let directory = ctx.house.identity.directories().now();
    let stores = unit_choices(&page, &directory, |unit| unit.kind == identity::UnitKind::Store && unit.active);
    let (example, example_due, example_notice) = match example {
        None => (Vec::new(), None, web::Markup::default()),
        Some(Ok((lines, due))) => (lines, Some(due), web::Markup::default()),
        Some(Err(fault)) => (Vec::new(), None, web::notice(&page.lang, &fault)),
    };
    Ok(View(OnePage {
        back: name
            .0
            .map_or_else(|| "/settings/deadlines".to_owned(), |kind| format!("/settings/deadlines?kind={kind}")),
        about: page.word("administration-stage", name.2.as_str()),
        form: typed.unwrap_or_else(filled),
        units: page.choices("administration-unit-of", Unit::ALL.iter().map(|unit| unit.as_str())),
        stores,
        version: policy.version(),
        versions,
        may_withdraw: name.0.is_some() && present.is_some_and(|row| !row.withdrawn),
        inherited: name.0.is_some() && inherits(&policy, name, now),
        may_edit: may_edit(ctx),
        present: deadline.map_or_else(
            || page.t("administration-deadline-none"),
            |deadline| deadline_text(&page, deadline.unit, deadline.amount),
        ),
        warned: deadline.map(|deadline| deadline.warn_share / 100),
        example,
        example_due,
        example_notice,
        name: name.to_string(),
        page,
    }))
}

/// The beginning of the day that was typed, or now when that is today.
fn from_of(ctx: &Ctx, form: &mut Form) -> Option<Timestamp> {
    let day = form.day("from")?;
    let now = ctx.now();
    Some(if day == now.day(&ctx.house.zone) { now } else { day.start(&ctx.house.zone) })
}

fn allowance_of(form: &mut Form) -> Option<Allowance> {
    let unit = form.choice("unit", Unit::parse);
    let amount = form.number("amount", 1..=525_600);
    let warn = form.number("warn", 10..=100);
    unit.zip(amount).zip(warn).map(|((unit, amount), warn)| Allowance { amount, unit, warn_share: warn * 100 })
}

/// `POST /settings/deadlines/{name}`: an example with `look`, else the change.
pub(crate) async fn save(page: Page, ctx: Ctx, Path(name): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let name = RowName::parse(&name).ok_or_else(Fault::not_found)?;
    let version = form.version("version")?;
    let from = from_of(&ctx, &mut form);
    let withdraw = form.flag("withdraw");
    let to = if withdraw { None } else { allowance_of(&mut form) };
    if form.check().is_err() || (to.is_none() && !withdraw) {
        return Ok(unprocessable(one_page(&ctx, page, name, Some(form.into_filled()), None).await?));
    }
    let from = form.need(from)?;
    if let Some(to) = to.filter(|_| form.flag("look")) {
        let store = form.id_or_none("store");
        let at = form.moment_or_none("at", &ctx.house.zone).unwrap_or(from);
        let shown = example(&ctx, &page, name.2, to, store, at).await;
        return Ok(one_page(&ctx, page, name, Some(form.into_filled()), Some(shown)).await?.into_response());
    }
    let deadlines = vec![DeadlineChange { kind: name.0, priority: name.1, stage: name.2, to }];
    let change = PolicyChange { version, from, deadlines, limits: Vec::new() };
    match cases::app::change_policy(&ctx, change).await {
        Ok(_) => {
            let kind = name.0.map(|kind| format!("kind={kind}&")).unwrap_or_default();
            Ok(go_to(&format!("/settings/deadlines?{kind}done=deadline")))
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            // The row's own name is how the use case calls the amount.
            let field = name.to_string();
            for error in fault.fields().iter() {
                let at = if error.field == field { "amount" } else { error.field.as_str() };
                form.reject_with(at, error.code, error.args.clone());
            }
            Ok(unprocessable(one_page(&ctx, page, name, Some(form.into_filled()), None).await?))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// When a case that begins at `at` in `store` would be due, and why: a clock is started, explained and taken back.
async fn example(
    ctx: &Ctx,
    page: &Page,
    stage: Stage,
    to: Allowance,
    store: Option<Id<of::Unit>>,
    at: Timestamp,
) -> Result<(Vec<WhyLine>, String), Fault> {
    let directory = ctx.house.identity.directories().now();
    let store = store.filter(|store| directory.unit(*store).is_some());
    let store = store.or_else(|| directory.stores().find(|store| store.active).map(|store| store.id));
    let store = store.ok_or_else(|| Fault::refused("administration-no-store"))?;
    let policy = ClockPolicy {
        code: "example".to_owned(),
        version: 0,
        rule: match to.unit {
            Unit::Working => DueRule::Working { allowed: Millis::minutes(to.amount) },
            Unit::Natural => DueRule::Natural { allowed: Millis::minutes(to.amount) },
            Unit::WorkingDays => {
                DueRule::WorkingDays { days: u32::try_from(to.amount).unwrap_or(u32::MAX), end: DayEnd::Close }
            }
        },
        warn_at: vec![BasisPoints(to.warn_share)],
    };
    type Found = (calendar::Explained, Option<Timestamp>, Option<Timestamp>);
    let found: Arc<Mutex<Option<Found>>> = Arc::default();
    let input = (policy, store, at, stage, Arc::clone(&found));
    let undone: Result<(), Fault> = ctx
        .write(input, |w, (policy, store, at, stage, found)| {
            Box::pin(async move {
                let record = RecordRef::new("example", Id::<of::Case>::new(1));
                let clock = NewClock {
                    record: &record,
                    stage: stage.as_str(),
                    store: *store,
                    basis: Basis::Store,
                    policy: policy.clone(),
                    at: *at,
                };
                let entered = Entered { by: w.ctx.actor.user, at: *at };
                let ids = w.ctx.house.ids.clone();
                let clocks = calendar::start(w.tx, &ids, &entered, &[clock]).await?;
                let clock = clocks.into_iter().next().ok_or_else(Fault::not_found)?;
                let explained = calendar::explain(w.tx, clock.id, *at).await?;
                *found.lock().unwrap_or_else(PoisonError::into_inner) = Some((explained, clock.due_at, clock.warn_at));
                // The only way to undo a write is to fail.
                Err(Fault::refused("administration-only-looked"))
            })
        })
        .await;
    let found = found.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (Some((explained, due, warn)), Err(fault)) = (found, undone) else {
        return Err(Fault::internal("an example was kept"));
    };
    if fault.code() != "administration-only-looked" {
        return Err(fault);
    }
    let lines = calendar::lines(&explained).into_iter().map(|line| {
        let (icon, tone) = match line.role {
            Role::Start => ("player-play", ""),
            Role::Rule => ("book", ""),
            Role::Counted => ("plus", ""),
            Role::Skipped => ("minus", "t3"),
            Role::Pause => ("player-pause", ""),
            Role::Change => ("edit", ""),
            Role::Warning => ("alert-triangle", "b"),
            Role::Due => ("clock", "b"),
        };
        WhyLine { icon: web::icon(icon), tone, text: line.say(&page.lang, &|_| None) }
    });
    let when = |at: Option<Timestamp>| at.map(|at| page.when(at)).unwrap_or_default();
    let due = page.t2("administration-example-due", "due", when(due), "warn", when(warn));
    Ok((lines.collect(), due))
}

/// `POST /settings/flow-limits`
pub(crate) async fn save_limits(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let from = from_of(&ctx, &mut form);
    let policy = cases::app::policy(&ctx).await?;
    let present = from.map(|from| policy.limits(from)).unwrap_or_default();
    let mut limits = Vec::new();
    for limit in Limit::ALL {
        let amount = form.number(limit.as_str(), limit.range());
        limits.extend(amount.filter(|amount| *amount != limit.of(&present)).map(|amount| (*limit, amount)));
    }
    if form.check().is_err() {
        return Ok(unprocessable(list_page(&ctx, page, None, Some(form.into_filled())).await?));
    }
    if limits.is_empty() {
        return Ok(go_to("/settings/deadlines"));
    }
    let change = PolicyChange { version, from: form.need(from)?, deadlines: Vec::new(), limits };
    match cases::app::change_policy(&ctx, change).await {
        Ok(_) => Ok(go_to("/settings/deadlines?done=limits")),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let filled = form.into_filled_with(&fault);
            Ok(unprocessable(list_page(&ctx, page, None, Some(filled)).await?))
        }
        Err(fault) => Err(fault.into()),
    }
}
