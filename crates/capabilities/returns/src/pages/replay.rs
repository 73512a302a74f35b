//! Changed terms and limits tried on past returns.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, FaultKind, Id, Money};
use web::{Chip, Failure, Filled, Form, Kpi, Lang, Page, View};

use crate::app::{self, Trial};
use crate::domain::replay::{Outcome, ReplayState, Tried};
use crate::store::{Difference, Replay};

/// Rows of a page.
const ROWS: i64 = 50;
/// The period that is tried unless somebody says another, in months.
const MONTHS: i32 = 12;

#[derive(Template)]
#[template(path = "returns_replays.html")]
struct ListPage {
    page: Page,
    form: Filled,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

struct Row {
    href: String,
    name: String,
    period: String,
    state: Chip,
    more: String,
    at: String,
}

fn name_of(lang: &Lang, one: &Replay) -> String {
    match (one.what, one.limit) {
        (Tried::Limit, Some(limit)) => lang.t1("returns-replay-limit-of", "sum", lang.money(limit)),
        _ => one.name.clone(),
    }
}

fn state(lang: &Lang, one: &Replay) -> Chip {
    let (tone, icon) = match one.state {
        ReplayState::Waiting | ReplayState::Running => ("info", "hourglass"),
        ReplayState::Done => ("ok", "check"),
        ReplayState::Published => ("line", "send"),
    };
    web::chip(tone, icon, lang.word("returns-replay-state", one.state.as_str()))
}

fn period(lang: &Lang, one: &Replay) -> String {
    lang.t2("parties-terms-from-to", "from", one.from.to_string(), "to", one.to.to_string())
}

/// An amount with its sign: what it costs more or less.
fn signed(lang: &Lang, fen: i64) -> String {
    let sum = lang.money(Money::from_fen(fen.saturating_abs()));
    match fen {
        0 => sum,
        1.. => format!("+{sum}"),
        _ => format!("−{sum}"),
    }
}

fn outcome(one: &Replay) -> Option<Outcome> {
    one.outcome.as_deref().and_then(|text| serde_json::from_str(text).ok())
}

async fn listed(page: Page, ctx: &Ctx, after: Option<Cursor>, form: Filled) -> Result<ListPage, Fault> {
    let (rows, next) = app::replays(ctx, after, ROWS).await?;
    let lang = page.lang.clone();
    let rows = rows.iter().map(|one| Row {
        href: format!("/returns/replays/{}", one.id),
        name: name_of(&lang, one),
        period: period(&lang, one),
        state: state(&lang, one),
        more: outcome(one).map(|outcome| signed(&lang, outcome.more())).unwrap_or_default(),
        at: lang.at(one.at),
    });
    let today = page.now.day(&page.zone);
    let form = if form.value("since").is_empty() {
        form.with("since", today.plus_months(-MONTHS).to_string()).with("until", today.to_string())
    } else {
        form
    };
    Ok(ListPage {
        rows: rows.collect(),
        next: next.map(|next| format!("/returns/replays?after={next}")),
        first: after.map(|_| "/returns/replays".to_owned()),
        form,
        page: page.named("returns-replay-title"),
    })
}

/// `GET /returns/replays?after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = form.raw("after").parse::<Cursor>().ok();
    Ok(View(listed(page, &ctx, after, Filled::new()).await?))
}

/// `POST /returns/replays`: a limit, or the whole form of changed terms.
pub(crate) async fn begin(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    let mut form = form;
    let today = page.now.day(&page.zone);
    let (since, until) = (form.day_or_none("since"), form.day_or_none("until"));
    let period = (since.unwrap_or_else(|| today.plus_months(-MONTHS)), until.unwrap_or(today));
    let terms = form.id_or_none("terms");
    let trial = match terms {
        Some(id) => {
            let version = form.version("version")?;
            let (typed, input) = parties::typed_terms(&mut form);
            typed.check().map(|()| Trial {
                terms: Some((id, version, input)),
                limit: None,
                from: period.0,
                to: period.1,
            })
        }
        None => {
            let limit = form.money("limit");
            form.check().map(|()| Trial { terms: None, limit, from: period.0, to: period.1 })
        }
    };
    let begun = match trial {
        Ok(trial) => app::try_out(&ctx, trial).await,
        Err(fault) => Err(fault),
    };
    match begun {
        Ok(one) => Ok(Redirect::to(&format!("/returns/replays/{}", one.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid && terms.is_none() => {
            let page = listed(page, &ctx, None, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "returns_replay.html")]
struct ReplayPage {
    page: Page,
    id: i64,
    version: i64,
    state: Chip,
    about: String,
    running: bool,
    done: i64,
    progress: String,
    kpis: Vec<Kpi>,
    rows: Vec<DifferenceShown>,
    next: Option<String>,
    first: Option<String>,
    publish: bool,
    stale: bool,
    terms: Option<String>,
    limit: bool,
}

struct DifferenceShown {
    href: String,
    number: String,
    goods: String,
    was: String,
    would: String,
    more: String,
    days: String,
}

fn day(day: Option<Day>) -> String {
    day.map_or_else(|| "—".to_owned(), |day| day.to_string())
}

fn difference(lang: &Lang, one: &Difference, limit: bool) -> DifferenceShown {
    let money = |fen: i64| lang.money(Money::from_fen(fen));
    let asks = |fen: i64| if fen == 0 { lang.t("returns-replay-asks") } else { lang.t("returns-replay-free") };
    let (was, would) =
        if limit { (asks(one.was_fen), asks(one.would_fen)) } else { (money(one.was_fen), money(one.would_fen)) };
    DifferenceShown {
        href: format!("/returns/{}", one.of),
        number: one.number.clone(),
        goods: one.goods.clone(),
        was,
        would,
        more: if limit { money(one.was_fen.max(one.would_fen)) } else { signed(lang, one.would_fen - one.was_fen) },
        days: if one.was_day == one.would_day {
            day(one.was_day)
        } else {
            format!("{} → {}", day(one.was_day), day(one.would_day))
        },
    }
}

fn kpis(lang: &Lang, outcome: &Outcome, limit: bool) -> Vec<Kpi> {
    let count = |key: &str, n: i64| Kpi::new(lang.t(&format!("returns-replay-{key}")), n.to_string());
    let looked = lang.t1("returns-replay-of", "n", outcome.returns);
    let mut all = Vec::new();
    if limit {
        all.push(count("asked-more", outcome.asked_more));
        all.push(count("asked-less", outcome.asked_less));
    } else {
        let own = lang.t1("returns-replay-own", "sum", signed(lang, outcome.own_more()));
        all.push(Kpi::new(lang.t("returns-replay-more"), signed(lang, outcome.more())).note(own));
    }
    all.push(count("differing", outcome.differing).note(looked));
    all.push(count("customers", outcome.customers));
    if !limit {
        let days = lang.t2("returns-replay-days", "later", outcome.later, "earlier", outcome.earlier);
        let rights = lang.t2("returns-replay-rights", "gained", outcome.gained, "lost", outcome.lost);
        all.push(count("deadlines", outcome.later + outcome.earlier).note(format!("{days} · {rights}")));
    }
    all
}

/// `GET /returns/replays/{id}?after=&done=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = form.raw("after").parse::<i64>().unwrap_or(0).max(0);
    let found = app::replayed(&ctx, Id::new(id), after, ROWS).await?;
    let lang = page.lang.clone();
    let one = &found.one;
    let limit = one.what == Tried::Limit;
    let running = matches!(one.state, ReplayState::Waiting | ReplayState::Running);
    let stale = !limit && one.state == ReplayState::Done && found.newest != one.base;
    let here = format!("/returns/replays/{id}");
    Ok(View(ReplayPage {
        id,
        version: one.version,
        state: state(&lang, one),
        about: period(&lang, one),
        running,
        done: if one.total > 0 { one.looked * 100 / one.total } else { 0 },
        progress: lang.t2("returns-replay-progress", "done", one.looked, "total", one.total),
        kpis: found.outcome.as_ref().map(|outcome| kpis(&lang, outcome, limit)).unwrap_or_default(),
        rows: found.differences.iter().map(|one| difference(&lang, one, limit)).collect(),
        next: found.next.map(|next| format!("{here}?after={next}")),
        first: (after > 0).then(|| here.clone()),
        publish: one.state == ReplayState::Done && !limit && !stale && ctx.actor.holds(parties::app::EDIT_TERMS),
        stale,
        terms: one.terms.map(|terms| format!("/terms/{terms}")),
        limit,
        page: page.titled(name_of(&lang, one)),
    }))
}

/// `POST /returns/replays/{id}/publish`
pub(crate) async fn publish(ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let terms = app::publish_replay(&ctx, Id::new(id), form.version("version")?).await?;
    Ok(Redirect::to(&format!("/terms/{}", terms.id)).into_response())
}
