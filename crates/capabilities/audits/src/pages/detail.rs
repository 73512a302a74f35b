use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Chip, Choice, Failure, Filled, Form, Page, View};

use super::shown::{self, Entry, FindingRow};
use crate::app::{self, LineDraft, TEXT, TITLE, Whole};
use crate::domain::State;

pub(super) struct PlanLine {
    id: String,
    pub(super) day: String,
    pub(super) time: String,
    pub(super) topic: String,
    pub(super) about: String,
}

pub(super) fn plan(ctx: &Ctx, page: &Page, whole: &Whole) -> Vec<PlanLine> {
    let lang = &page.lang;
    whole
        .lines
        .iter()
        .map(|line| {
            let unit = line.unit.map(|unit| shown::unit_name(ctx, lang, unit));
            let parts = [unit, line.clause.clone(), line.who.clone()];
            PlanLine {
                id: line.id.to_string(),
                day: lang.day(line.from_at.day(&lang.zone)),
                time: format!("{} – {}", lang.time(line.from_at), lang.time(line.until_at)),
                topic: line.topic.clone(),
                about: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            }
        })
        .collect()
}

struct GuestRow {
    id: String,
    name: String,
    login: String,
    days: String,
    chip: Chip,
    open: bool,
    seen: Option<String>,
    why: Option<String>,
}

struct Way {
    to: &'static str,
    text: String,
    asks: bool,
}

#[derive(Template)]
#[template(path = "audits_detail.html")]
struct DetailPage {
    page: Page,
    id: String,
    number: String,
    chip: Chip,
    kind: String,
    days: String,
    facts: Vec<(String, String)>,
    note: Option<String>,
    result: Option<String>,
    lines: Vec<PlanLine>,
    sample: Option<(String, usize, usize)>,
    findings: Vec<FindingRow>,
    guests: Vec<GuestRow>,
    ways: Vec<Way>,
    history: Vec<Entry>,
    form: Filled,
    units: Vec<Choice>,
    clauses: Vec<Choice>,
    version: i64,
    keeps: bool,
    live: bool,
    inside: bool,
    writes: bool,
    back: &'static str,
}

fn render(page: Page, ctx: &Ctx, whole: &Whole, form: Filled) -> DetailPage {
    let lang = page.lang.clone();
    let one = &whole.audit;
    let units: Vec<_> = whole.units.iter().map(|unit| shown::unit_name(ctx, &lang, *unit)).collect();
    let lead = one.lead_name.clone().unwrap_or_else(|| shown::user_name(ctx, one.lead));
    let facts = [
        ("audits-col-kind", shown::kind(&lang, one.kind)),
        ("audits-scheme", shown::scheme_name(one)),
        ("audits-body", one.body.clone().unwrap_or_default()),
        ("audits-lead", lead),
        ("audits-units", if units.is_empty() { lang.t("audits-units-all") } else { units.join("、") }),
    ];
    let guests = whole.guests.iter().map(|guest| {
        let shut = guest.window.shut(lang.now);
        let (tone, icon, word) = match shut {
            None => ("ok", "circle-check", "open"),
            Some(identity::Shut::NotYet) => ("info", "calendar-event", "not-yet"),
            Some(identity::Shut::Over) => ("", "clock", "over"),
            Some(identity::Shut::Closed) => ("late", "lock", "withdrawn"),
        };
        let (from, until) = (guest.window.opens_at.day(&lang.zone), guest.window.closes_at.plus(-1).day(&lang.zone));
        GuestRow {
            id: guest.user.id.to_string(),
            name: guest.user.name.clone(),
            login: guest.user.login.clone(),
            days: lang.t2("audits-days", "from", lang.day(from), "until", lang.day(until)),
            chip: web::chip(tone, icon, lang.word("audits-access", word)),
            open: matches!(shut, None | Some(identity::Shut::NotYet)),
            seen: guest.seen.map(|at| lang.when(at)),
            why: guest.access.withdrawn_why.clone(),
        }
    });
    let ways = one.state.next().iter().map(|to| Way {
        to: to.as_str(),
        text: lang.t(&format!("audits-go-{}-{}", one.state, to)),
        asks: to.asks_result(),
    });
    DetailPage {
        id: one.id.to_string(),
        number: one.number.clone(),
        chip: shown::state(&lang, one.state),
        kind: shown::kind(&lang, one.kind),
        days: shown::days(&lang, one),
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (lang.t(key), text)).collect(),
        note: one.note.clone(),
        result: one.result.clone(),
        lines: plan(ctx, &page, whole),
        sample: whole.draw.as_ref().map(|draw| (draw.seq.to_string(), whole.stores.len(), whole.cases.len())),
        findings: whole.findings.iter().map(|one| FindingRow::of(ctx, &lang, one)).collect(),
        guests: guests.collect(),
        ways: if whole.part.keeps { ways.collect() } else { Vec::new() },
        history: shown::history(&lang, &whole.history),
        units: shown::unit_choices(&lang, &app::scopes(ctx)),
        clauses: shown::clauses(&lang),
        version: one.version,
        keeps: whole.part.keeps,
        live: one.state.is_live(),
        inside: whole.part.inside(),
        writes: whole.part.writes(one),
        back: if ctx.actor.holds(app::VIEW) { "/audits" } else { "/assessing" },
        page: page.titled(one.title.clone()),
        form,
    }
}

/// `GET /audits/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let whole = app::whole(&ctx, Id::new(id)).await?;
    Ok(View(render(page, &ctx, &whole, Filled::new())))
}

async fn again(page: Page, ctx: &Ctx, id: i64, form: Form, done: Result<(), Fault>) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/audits/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let whole = app::whole(ctx, Id::new(id)).await?;
            let filled = form.into_filled_with(&fault);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(render(page, ctx, &whole, filled))).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /audits/{id}/state`
pub(crate) async fn go(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let to = form.choice("to", State::parse);
    let result = form.text_or_none("result", TEXT);
    let done = match (form.check(), to) {
        (Ok(()), Some(to)) => app::go(&ctx, Id::new(id), version, to, result).await.map(|_| ()),
        (Ok(()), None) => Err(Fault::field("to", "choose")),
        (Err(fault), _) => Err(fault),
    };
    again(page, &ctx, id, form, done).await
}

/// `POST /audits/{id}/lines`
pub(crate) async fn add_line(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let zone = page.lang.zone.clone();
    let draft = LineDraft {
        from_at: form.moment("from_at", &zone),
        until_at: form.moment("until_at", &zone),
        unit: form.id_or_none("unit"),
        clause: form.text_or_none("clause", 20),
        who: form.text_or_none("who", TITLE),
        topic: form.text("topic", TITLE),
    };
    let done = match form.check() {
        Ok(()) => app::add_line(&ctx, Id::new(id), draft).await,
        Err(fault) => Err(fault),
    };
    again(page, &ctx, id, form, done).await
}

/// `POST /audits/{id}/lines/{line}/remove`
pub(crate) async fn remove_line(ctx: Ctx, Path((id, line)): Path<(i64, i64)>) -> Result<Response, Failure> {
    app::remove_line(&ctx, Id::new(id), Id::new(line)).await?;
    Ok(Redirect::to(&format!("/audits/{id}")).into_response())
}
