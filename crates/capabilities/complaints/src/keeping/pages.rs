//! Pages of keeping, and the same for programs.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use cases::domain::{Stage, Unit};
use kernel::{Cursor, Day, Fault, FaultKind, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Choice, Failure, Filled, Flash, Form, Lang, Markup, Page, View};

use super::app::{self, End, Promise, Rules, STAGES};
use super::{ArchiveKind, Ending, LEAST_YEARS, MOST_YEARS};
use crate::domain::Severity;
use crate::pages::shown::{unit_name, user_name};

/// Rows per page.
const ROWS: i64 = 25;
/// Longest reason, in characters.
const REASON: usize = 500;

#[derive(Template)]
#[template(path = "complaints_rules.html")]
struct RulesPage {
    page: Page,
    form: Filled,
    severities: Vec<Choice>,
    stages: Vec<Choice>,
    units: Vec<Choice>,
    kinds: Vec<Choice>,
    /// Severity with what is promised now for each stage.
    promises: Vec<(String, Vec<String>)>,
    names: Vec<String>,
    /// Kind, years.
    years: Vec<(String, String)>,
    /// What, how much, from when on, version, by whom.
    history: Vec<(String, String, String, String)>,
}

fn said(lang: &Lang, unit: Unit, amount: i64) -> String {
    lang.t1(&format!("complaints-promise-{}", unit.as_str().replace('_', "-")), "n", amount)
}

fn render(ctx: &Ctx, page: Page, rules: &Rules, form: Filled) -> RulesPage {
    let now = page.lang.now;
    let promises = Severity::ALL.iter().map(|severity| {
        let cells = STAGES.iter().map(|stage| {
            let row = rules.promise_at(*severity, *stage, now);
            row.map(|row| said(&page, row.unit, row.amount)).unwrap_or_default()
        });
        (page.word("complaints-severity", severity.as_str()), cells.collect())
    });
    let years = ArchiveKind::ALL.iter().map(|kind| {
        let n = rules.years_at(*kind, now);
        (page.word("complaints-archive-kind", kind.as_str()), page.t1("complaints-years-n", "n", n))
    });
    let who = |by: Option<Id<of::User>>| match by {
        Some(by) => user_name(ctx, Some(by)),
        None => page.t("complaints-rules-shipped"),
    };
    let since = |from: Timestamp| {
        if from.millis() == 0 { page.t("complaints-rules-always") } else { page.full(from) }
    };
    let mut history: Vec<(Timestamp, i64, (String, String, String, String))> = Vec::new();
    for row in &rules.promises {
        let what = [
            page.word("complaints-severity", row.severity.as_str()),
            page.word("cases-stage", row.stage.as_str()),
            page.t1("complaints-reg-version", "n", row.version),
        ];
        history.push((
            row.from,
            row.version,
            (what.join(" · "), said(&page, row.unit, row.amount), since(row.from), who(row.by)),
        ));
    }
    for row in &rules.years {
        let what = [
            page.word("complaints-archive-kind", row.kind.as_str()),
            page.t("complaints-rules-years"),
            page.t1("complaints-reg-version", "n", row.version),
        ];
        let n = page.t1("complaints-years-n", "n", row.years);
        history.push((row.from, row.version, (what.join(" · "), n, since(row.from), who(row.by))));
    }
    history.sort_by_key(|(from, version, _)| std::cmp::Reverse((*from, *version)));
    RulesPage {
        form,
        severities: page.choices("complaints-severity", Severity::ALL.iter().map(|one| one.as_str())),
        stages: page.choices("cases-stage", STAGES.iter().map(|one| one.as_str())),
        units: page.choices("complaints-promise-unit", Unit::ALL.iter().map(|one| one.as_str())),
        kinds: page.choices("complaints-archive-kind", ArchiveKind::ALL.iter().map(|one| one.as_str())),
        names: STAGES.iter().map(|stage| page.word("cases-stage", stage.as_str())).collect(),
        promises: promises.collect(),
        years: years.collect(),
        history: history.into_iter().map(|(_, _, row)| row).collect(),
        page: page.named("complaints-rules-title"),
    }
}

fn fresh(page: &Page) -> Filled {
    Filled::new().with("from", page.lang.now.day(&page.lang.zone).to_string())
}

/// `GET /settings/complaints`
pub(crate) async fn rules(mut page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = Form::from_query(&query.unwrap_or_default());
    if query.raw("done") == "set" {
        page.flash = Some(Flash { text: page.t("complaints-rules-set"), undo: None });
    }
    let rules = app::rules(&ctx).await?;
    let form = fresh(&page);
    Ok(View(render(&ctx, page, &rules, form)).into_response())
}

fn read_promise(form: &mut Form, lang: &Lang) -> Result<Promise, Fault> {
    let severity = form.choice("severity", Severity::parse);
    let stage = form.choice("stage", Stage::parse);
    let unit = form.choice("unit", Unit::parse);
    let amount = form.number("amount", 1..=100_000);
    let from = form.day("from").map(|day| day.start(&lang.zone));
    form.check()?;
    Ok(Promise {
        severity: form.need(severity)?,
        stage: form.need(stage)?,
        unit: form.need(unit)?,
        amount: form.need(amount)?,
        from: form.need(from)?,
    })
}

fn read_years(form: &mut Form, lang: &Lang) -> Result<(ArchiveKind, i64, Timestamp), Fault> {
    let kind = form.choice("kind", ArchiveKind::parse);
    let years = form.number("years", 0..=1_000);
    let from = form.day("from").map(|day| day.start(&lang.zone));
    form.check()?;
    Ok((form.need(kind)?, form.need(years)?, form.need(from)?))
}

async fn answered(ctx: Ctx, page: Page, form: Form, done: Result<i64, Fault>) -> Result<Response, Failure> {
    let fault = match done {
        Ok(_) => return Ok(Redirect::to("/settings/complaints?done=set").into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => fault,
        Err(fault) => return Err(fault.into()),
    };
    let rules = app::rules(&ctx).await?;
    let filled = form.into_filled_with(&fault);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, View(render(&ctx, page, &rules, filled))).into_response())
}

/// `POST /settings/complaints/promise`
pub(crate) async fn promise(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let done = match read_promise(&mut form, &page.lang) {
        Ok(wanted) => app::set_promise(&ctx, wanted).await,
        Err(fault) => Err(fault),
    };
    answered(ctx, page, form, done).await
}

/// `POST /settings/complaints/years`
pub(crate) async fn years(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let done = match read_years(&mut form, &page.lang) {
        Ok((kind, years, from)) => app::set_years(&ctx, kind, years, from).await,
        Err(fault) => Err(fault),
    };
    answered(ctx, page, form, done).await
}

#[derive(Template)]
#[template(path = "complaints_archive.html")]
struct ArchivePage {
    page: Page,
    /// Address, number, subject, store, ended, kept until.
    rows: Vec<(String, String, String, String, String, String)>,
    next: Option<String>,
    first: Option<String>,
}

/// `GET /complaints/archive?after=`: what has come to its end and waits for a person.
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = Form::from_query(&query.unwrap_or_default());
    let after = query.raw("after").parse::<Cursor>().ok();
    let (rows, next) = app::proposed(&ctx, after, ROWS).await?;
    let rows = rows.into_iter().map(|row| {
        (
            format!("/complaints/archive/{}", row.case),
            row.number,
            row.subject,
            unit_name(&ctx, &page, Some(row.store)),
            row.ended_at.map(|at| page.date(at)).unwrap_or_default(),
            page.day(row.retain_until),
        )
    });
    Ok(View(ArchivePage {
        rows: rows.collect(),
        next: next.map(|cursor| format!("/complaints/archive?after={cursor}")),
        first: after.map(|_| "/complaints/archive".to_owned()),
        page: page.named("complaints-archive-title"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "complaints_archive_end.html")]
struct EndPage {
    page: Page,
    id: Id<of::Case>,
    number: String,
    subject: String,
    until: String,
    form: Filled,
    endings: Vec<Choice>,
    refusal: Option<Markup>,
}

impl EndPage {
    fn bar(&self) -> web::ActionBar {
        let bar =
            web::action_bar(&self.page.lang, &None).link(self.page.t("complaints-back-to-one"), "/complaints/archive");
        bar.submit(self.page.t("complaints-archive-decide"), "end")
    }
}

async fn end_page(ctx: &Ctx, page: Page, id: Id<of::Case>, form: Filled) -> Result<EndPage, Fault> {
    let detail = crate::app::detail(ctx, id).await?;
    if !ctx.actor.may(crate::regulator::app::HOLD, &detail.complaint) {
        return Err(Fault::forbidden());
    }
    Ok(EndPage {
        id,
        number: detail.case.number,
        subject: detail.case.subject,
        until: detail.complaint.retain_until.map(|day| page.day(day)).unwrap_or_default(),
        form,
        endings: page.choices("complaints-archive-end", Ending::ALL.iter().map(|one| one.as_str())),
        refusal: None,
        page: page.named("complaints-archive-decide"),
    })
}

/// `GET /complaints/archive/{id}`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    Ok(View(end_page(&ctx, page, Id::new(id), Filled::new()).await?).into_response())
}

fn read_end(form: &mut Form) -> Result<(End, String), Fault> {
    let ending = form.choice("ending", Ending::parse);
    let reason = form.text("reason", REASON);
    let until = form.day_or_none("until");
    if ending == Some(Ending::Keep) && until.is_none() {
        form.reject("until", "required");
    }
    form.check()?;
    let ending = match (form.need(ending)?, until) {
        (Ending::Keep, Some(until)) => End::Keep(until),
        _ => End::Erase,
    };
    Ok((ending, reason))
}

/// `POST /complaints/archive/{id}`
pub(crate) async fn give(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let done = match read_end(&mut form) {
        Ok((wanted, reason)) => app::end(&ctx, id, wanted, reason).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(()) => return Ok(Redirect::to("/complaints/archive").into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let notice = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    let mut page = end_page(&ctx, page, id, form.into_filled_with(&fault)).await?;
    page.refusal = notice;
    Ok((status, View(page)).into_response())
}

/// A version of how long a kind is kept.
#[derive(Debug, Serialize, ToSchema)]
struct ArchiveYearsOut {
    kind: ArchiveKind,
    years: i64,
    /// From when on it counts.
    #[schema(value_type = String)]
    from: Timestamp,
    version: i64,
}

/// A version of a promised time.
#[derive(Debug, Serialize, ToSchema)]
struct ComplaintPromiseOut {
    severity: Severity,
    /// decision or call_back
    stage: String,
    /// working (minutes), natural (minutes) or working_days
    unit: String,
    amount: i64,
    /// From when on it counts.
    #[schema(value_type = String)]
    from: Timestamp,
    version: i64,
}

/// All versions of the rules, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComplaintRulesOut {
    years: Vec<ArchiveYearsOut>,
    promises: Vec<ComplaintPromiseOut>,
    /// Nothing is kept shorter, in years (民法典 §188).
    least_years: i64,
    /// Nor longer.
    most_years: i64,
}

/// What is to be promised.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ComplaintPromiseIn {
    severity: Severity,
    /// decision or call_back
    stage: String,
    /// working, natural or working_days
    unit: String,
    /// Minutes, or days for working days.
    amount: i64,
    /// First day, 2026-12-01
    from: String,
}

/// How long a kind is to be kept.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ArchiveYearsIn {
    kind: ArchiveKind,
    years: i64,
    /// First day, 2026-12-01
    from: String,
}

/// What happens to an archived complaint whose time is over.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ArchiveEndIn {
    ending: Ending,
    /// keep: until that day
    until: Option<String>,
    reason: String,
}

/// An archived complaint that waits for a person.
#[derive(Debug, Serialize, ToSchema)]
struct ArchiveProposedOut {
    /// The case's id.
    #[schema(value_type = String)]
    id: Id<of::Case>,
    number: String,
    subject: String,
    #[schema(value_type = String)]
    retain_until: Day,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArchiveListOut {
    items: Vec<ArchiveProposedOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// How long complaints are kept and what is promised about them, with all versions.
#[utoipa::path(get, path = "/api/v1/complaint-rules", tag = "complaints", responses((status = 200, body = ComplaintRulesOut)))]
pub(crate) async fn api_rules(ctx: Ctx) -> Result<Json<ComplaintRulesOut>, Failure> {
    let rules = app::rules(&ctx).await?;
    let years = rules.years.into_iter().map(|row| ArchiveYearsOut {
        kind: row.kind,
        years: row.years,
        from: row.from,
        version: row.version,
    });
    let promises = rules.promises.into_iter().map(|row| ComplaintPromiseOut {
        severity: row.severity,
        stage: row.stage.to_string(),
        unit: row.unit.to_string(),
        amount: row.amount,
        from: row.from,
        version: row.version,
    });
    Ok(Json(ComplaintRulesOut {
        years: years.collect(),
        promises: promises.collect(),
        least_years: LEAST_YEARS,
        most_years: MOST_YEARS,
    }))
}

/// Promises another time from a day on; a new version.
#[utoipa::path(post, path = "/api/v1/complaint-rules/promise", tag = "complaints", request_body = ComplaintPromiseIn,
    responses((status = 200, body = ComplaintRulesOut), (status = 422, description = "Fields")))]
pub(crate) async fn api_promise(ctx: Ctx, lang: Lang, mut form: Form) -> Result<Json<ComplaintRulesOut>, Failure> {
    let wanted = read_promise(&mut form, &lang)?;
    app::set_promise(&ctx, wanted).await?;
    api_rules(ctx).await
}

/// Keeps a kind for another number of years from a day on; a new version, never below the law's least.
#[utoipa::path(post, path = "/api/v1/complaint-rules/years", tag = "complaints", request_body = ArchiveYearsIn,
    responses((status = 200, body = ComplaintRulesOut), (status = 422, description = "Fields")))]
pub(crate) async fn api_years(ctx: Ctx, lang: Lang, mut form: Form) -> Result<Json<ComplaintRulesOut>, Failure> {
    let (kind, years, from) = read_years(&mut form, &lang)?;
    app::set_years(&ctx, kind, years, from).await?;
    api_rules(ctx).await
}

/// Archived complaints whose time is over and that wait for a person.
#[utoipa::path(get, path = "/api/v1/complaint-archive", tag = "complaints",
    params(("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 25")),
    responses((status = 200, body = ArchiveListOut)))]
pub(crate) async fn api_list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ArchiveListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let (rows, next) = app::proposed(&ctx, after.and_then(Result::ok), limit).await?;
    let items = rows.into_iter().map(|row| ArchiveProposedOut {
        id: row.case,
        number: row.number,
        subject: row.subject,
        retain_until: row.retain_until,
    });
    Ok(Json(ArchiveListOut { items: items.collect(), next: next.map(|cursor| cursor.to_string()) }))
}

/// Keeps an archived complaint longer, or lets its words go.
#[utoipa::path(post, path = "/api/v1/complaint-archive/{id}", tag = "complaints", request_body = ArchiveEndIn,
    responses((status = 204), (status = 409, description = "Held, or its time is not over")))]
pub(crate) async fn api_end(ctx: Ctx, Path(id): Path<String>, mut form: Form) -> Result<StatusCode, Failure> {
    let id = id.parse().ok().ok_or_else(Fault::not_found)?;
    let (wanted, reason) = read_end(&mut form)?;
    app::end(&ctx, id, wanted, reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(OpenApi)]
#[openapi(
    paths(api_rules, api_promise, api_years, api_list, api_end),
    components(schemas(
        ComplaintRulesOut,
        ArchiveYearsOut,
        ComplaintPromiseOut,
        ComplaintPromiseIn,
        ArchiveYearsIn,
        ArchiveEndIn,
        ArchiveProposedOut,
        ArchiveListOut
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
