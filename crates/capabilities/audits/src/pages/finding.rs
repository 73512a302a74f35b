use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use kernel::{Cursor, Fault, FaultKind, Id};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, PrintPage, Tab, View};

use super::shown::{self, Entry, FindingRow};
use crate::app::{self, Answer, DUE, FindingDraft, FindingWhole, TEXT};
use crate::domain::{FindingState, Severity};
use crate::store::FindingFilter;

/// Rows per page.
const ROWS: i64 = 50;
const SHOWS: [&str; 5] = ["open", "mine", "answered", "closed", "all"];

#[derive(Template)]
#[template(path = "audits_findings.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<FindingRow>,
    show: &'static str,
    next: Option<String>,
    first: Option<String>,
}

/// The filter in the address; what cannot be read is as good as absent.
pub(crate) fn filter(ctx: &Ctx, form: &Form) -> FindingFilter {
    let show = form.raw("show");
    FindingFilter {
        state: FindingState::parse(show).filter(|state| *state != FindingState::Open),
        all: show == "all",
        mine: ctx.actor.user.filter(|_| show == "mine"),
        late_on: (show == "late").then(|| ctx.now().day(&ctx.house.zone)),
    }
}

/// `GET /findings?show=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let show = SHOWS.into_iter().find(|one| *one == form.raw("show")).unwrap_or("open");
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::findings(&ctx, filter(&ctx, &form), after, ROWS).await?;
    let address = |show: &str, after: Option<Cursor>| match after {
        Some(cursor) => format!("/findings?show={show}&after={cursor}"),
        None => format!("/findings?show={show}"),
    };
    let tabs = SHOWS
        .into_iter()
        .map(|one| Tab::new(page.word("audits-findings-show", one), address(one, None)).current(one == show));
    Ok(View(ListPage {
        tabs: tabs.collect(),
        rows: listed.rows.iter().map(|one| FindingRow::of(&ctx, &page.lang, one)).collect(),
        show,
        next: listed.next.map(|cursor| address(show, Some(cursor))),
        first: after.map(|_| address(show, None)),
        page: page.named("audits-findings"),
    }))
}

#[derive(Template)]
#[template(path = "audits_finding_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    back: String,
    number: String,
    severities: Vec<Choice>,
    clauses: Vec<Choice>,
    units: Vec<Choice>,
    known: bool,
}

async fn asked(page: Page, ctx: &Ctx, id: i64, form: Filled) -> Result<NewPage, Failure> {
    let whole = app::whole(ctx, Id::new(id)).await?;
    if !whole.part.writes(&whole.audit) {
        let ours = whole.part.outside || whole.part.leads || whole.part.keeps;
        return Err(if ours { Fault::refused("audits-not-running") } else { Fault::forbidden() }.into());
    }
    let lang = page.lang.clone();
    let directory = ctx.house.identity.directories().now();
    let company = directory.unit(whole.audit.unit).cloned();
    let drawn: Vec<_> = whole.stores.iter().filter_map(|one| directory.unit(one.unit).cloned()).collect();
    let scope = app::scopes(ctx);
    let inside =
        |unit: &identity::Unit| whole.units.is_empty() || whole.units.iter().any(|one| unit.path.contains(one));
    let units: Vec<_> = if whole.part.outside {
        company.into_iter().chain(drawn).collect()
    } else {
        company.into_iter().chain(scope.into_iter().filter(inside)).collect()
    };
    Ok(NewPage {
        severities: lang.choices("audits-severity", Severity::ALL.iter().map(|one| one.as_str())),
        clauses: shown::clauses(&lang),
        units: shown::unit_choices(&lang, &units),
        known: whole.audit.scheme == app::SCHEME,
        back: format!("/audits/{id}"),
        number: whole.audit.number,
        page: page.named("audits-finding-new"),
        form,
    })
}

/// `GET /audits/{id}/findings/new?case=&unit=&clause=`
pub(crate) async fn new(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let asked_for = Form::from_query(&query.unwrap_or_default());
    let mut form = Filled::new().with("severity", Severity::Minor.as_str());
    for name in ["case", "unit", "clause"] {
        form = form.with(name, asked_for.raw(name));
    }
    Ok(View(asked(page, &ctx, id, form).await?))
}

/// A finding as a form or a program sends it.
pub(crate) fn read(form: &mut Form) -> FindingDraft {
    FindingDraft {
        severity: form.choice("severity", Severity::parse),
        clause: form.text("clause", 20),
        unit: form.id_or_none("unit"),
        case: form.text_or_none("case", 40),
        seen: form.text("seen", TEXT),
    }
}

/// `POST /audits/{id}/findings`
pub(crate) async fn write(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let draft = read(&mut form);
    let done = match form.check() {
        Ok(()) => app::write(&ctx, Id::new(id), draft).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(one) => Ok(Redirect::to(&format!("/findings/{}", one.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let filled = form.into_filled_with(&fault);
            let page = asked(page, &ctx, id, filled).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

struct Fact {
    label: String,
    text: String,
    href: Option<String>,
}

fn facts(ctx: &Ctx, lang: &Lang, whole: &FindingWhole) -> Vec<Fact> {
    let one = &whole.finding;
    let fact = |key: &str, text: String, href: Option<String>| Fact { label: lang.t(key), text, href };
    let clause = format!("{} {}", one.clause, shown::clause_name(lang, &one.clause));
    let scored = ctx.actor.holds(kernel::Permission("scores.view")) && whole.audit.scheme == app::SCHEME;
    let case = match (&whole.case, one.case, whole.part) {
        (Some(number), Some(case), Some(_)) => {
            Some(fact("audits-finding-case", number.clone(), Some(format!("/audits/{}/cases/{case}", one.audit))))
        }
        (Some(number), Some(case), None) => {
            Some(fact("audits-finding-case", number.clone(), Some(format!("/cases/{case}"))))
        }
        (_, _, _) => None,
    };
    let audit = whole.part.map(|_| format!("/audits/{}", one.audit));
    let mut all = vec![
        fact("audits-finding-audit", format!("{} {}", whole.audit.number, whole.audit.title), audit),
        fact("audits-clause", clause.trim().to_owned(), scored.then(|| format!("/score/items/{}", one.clause))),
        fact("audits-col-unit", shown::unit_name(ctx, lang, one.unit), None),
    ];
    all.extend(case);
    let writer = shown::user_name(ctx, Some(one.written_by));
    all.push(fact("audits-written-by", format!("{writer} {}", lang.at(one.written_at)), None));
    if let (Some(owner), Some(day)) = (one.owner, one.due_on) {
        all.push(fact("audits-owner", shown::user_name(ctx, Some(owner)), None));
        all.push(fact("audits-due", lang.day(day), None));
    }
    all
}

#[derive(Template)]
#[template(path = "audits_finding.html")]
struct FindingPage {
    page: Page,
    id: String,
    number: String,
    version: i64,
    severity: Chip,
    state: Chip,
    late: bool,
    reopened: i64,
    facts: Vec<Fact>,
    seen: String,
    cause: Option<String>,
    done: Option<String>,
    proof: Option<String>,
    answered: String,
    verdict: Option<String>,
    judged: String,
    files: Vec<(String, String)>,
    history: Vec<Entry>,
    people: Vec<Choice>,
    form: Filled,
    stale: bool,
    may_assign: bool,
    may_answer: bool,
    may_judge: bool,
}

fn render(page: Page, ctx: &Ctx, whole: &FindingWhole, form: Option<Filled>, stale: bool) -> FindingPage {
    let lang = page.lang.clone();
    let one = &whole.finding;
    let today = lang.now.day(&lang.zone);
    let by = |who, at: Option<kernel::Timestamp>| {
        at.map(|at| format!("{} {}", shown::user_name(ctx, who), lang.at(at))).unwrap_or_default()
    };
    let form = form.unwrap_or_else(|| {
        Filled::new()
            .with("owner", one.owner.map(|owner| owner.to_string()).unwrap_or_default())
            .with("due_on", one.due_on.unwrap_or_else(|| today.plus(DUE)).to_string())
            .with("cause", one.cause.clone().unwrap_or_default())
            .with("done", one.done.clone().unwrap_or_default())
            .with("proof", one.proof.clone().unwrap_or_default())
    });
    FindingPage {
        id: one.id.to_string(),
        number: one.number.clone(),
        version: one.version,
        severity: shown::severity(&lang, one.severity),
        state: shown::finding_state(&lang, one.state),
        late: one.state == FindingState::Open && one.due_on.is_some_and(|day| day < today),
        reopened: one.reopened,
        facts: facts(ctx, &lang, whole),
        seen: one.seen.clone(),
        cause: one.cause.clone(),
        done: one.done.clone(),
        proof: one.proof.clone(),
        answered: by(one.answered_by, one.answered_at),
        verdict: one.verdict.clone(),
        judged: by(one.judged_by, one.judged_at),
        files: whole.files.iter().map(|file| (format!("/files/{}", file.id), file.name.clone())).collect(),
        history: shown::history(&lang, &whole.history),
        people: if whole.may_assign { shown::people(ctx, &lang) } else { Vec::new() },
        may_assign: whole.may_assign,
        may_answer: whole.may_answer,
        may_judge: whole.may_judge,
        page: page.titled(format!("{} {}", one.number, lang.word("audits-severity", one.severity.as_str()))),
        form,
        stale,
    }
}

/// `GET /findings/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let whole = app::finding(&ctx, Id::new(id)).await?;
    Ok(View(render(page, &ctx, &whole, None, false)))
}

async fn again(page: Page, ctx: &Ctx, id: i64, form: Form, done: Result<i64, Fault>) -> Result<Response, Failure> {
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/findings/{id}")).into_response()),
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Stale) => {
            let stale = fault.kind() == FaultKind::Stale;
            let whole = app::finding(ctx, Id::new(id)).await?;
            let filled = form.into_filled_with(&fault);
            let status = if stale { StatusCode::PRECONDITION_FAILED } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok((status, View(render(page, ctx, &whole, Some(filled), stale))).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /findings/{id}/assign`
pub(crate) async fn assign(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let (owner, due_on) = (form.id_or_none("owner"), form.day_or_none("due_on"));
    let done = match form.check() {
        Ok(()) => app::assign(&ctx, Id::new(id), version, owner, due_on).await,
        Err(fault) => Err(fault),
    };
    again(page, &ctx, id, form, done).await
}

/// `POST /findings/{id}/answer`
pub(crate) async fn answer(page: Page, ctx: Ctx, Path(id): Path<i64>, upload: Upload) -> Result<Response, Failure> {
    // Whoever does not answer for it sends nothing to it.
    let whole = app::finding(&ctx, Id::new(id)).await?;
    let own = ctx.actor.user.is_some() && whole.finding.owner == ctx.actor.user;
    if !own && !whole.part.is_some_and(|part| part.keeps) {
        return Err(Fault::forbidden().into());
    }
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let files = taken.of("file");
    let (ctx, mut form) = (taken.ctx, taken.form);
    let version = form.version("version")?;
    let given = Answer {
        cause: form.text("cause", TEXT),
        done: form.text("done", TEXT),
        proof: form.text_or_none("proof", TEXT),
        files,
    };
    let done = match form.check() {
        Ok(()) => app::answer(&ctx, Id::new(id), version, given).await,
        Err(fault) => Err(fault),
    };
    again(page, &ctx, id, form, done).await
}

/// `POST /findings/{id}/judge`
pub(crate) async fn judge(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let good = form.choice("good", |word| match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let said = form.text_or_none("verdict", TEXT);
    let done = match (form.check(), good) {
        (Ok(()), Some(good)) => app::judge(&ctx, Id::new(id), version, good, said).await,
        (Ok(()), None) => Err(Fault::field("good", "choose")),
        (Err(fault), _) => Err(fault),
    };
    again(page, &ctx, id, form, done).await
}

#[derive(Template)]
#[template(path = "audits_finding_print.html")]
struct PrintedPage {
    page: PrintPage,
    house: String,
    number: String,
    severity: String,
    facts: Vec<Fact>,
    seen: String,
    cause: String,
    done: String,
    proof: String,
    files: String,
    answered: String,
    verdict: String,
    judged: String,
    state: String,
}

/// `GET /findings/{id}/print`: the form on paper.
pub(crate) async fn print(ctx: Ctx, lang: Lang, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let whole = app::finding(&ctx, Id::new(id)).await?;
    let one = &whole.finding;
    let directory = ctx.house.identity.directories().now();
    let house = directory.company().map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default();
    let by = |who, at: Option<kernel::Timestamp>| {
        at.map(|at| format!("{} {}", shown::user_name(&ctx, who), lang.at(at))).unwrap_or_default()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let page = PrintPage::new(lang.clone(), "audits-paper", &format!("/findings/{id}")).about(one.number.clone());
    Ok(View(PrintedPage {
        house,
        number: one.number.clone(),
        severity: lang.word("audits-severity", one.severity.as_str()),
        facts: facts(&ctx, &lang, &whole),
        seen: one.seen.clone(),
        cause: text(&one.cause),
        done: text(&one.done),
        proof: text(&one.proof),
        files: whole.files.iter().map(|file| file.name.clone()).collect::<Vec<_>>().join("、"),
        answered: by(one.answered_by, one.answered_at),
        verdict: text(&one.verdict),
        judged: by(one.judged_by, one.judged_at),
        state: lang.word("audits-finding-state", one.state.as_str()),
        page,
    }))
}
