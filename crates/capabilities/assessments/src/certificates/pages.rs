//! Pages of certificates.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use kernel::{Fault, FaultKind, Id};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, Tab, View};

use super::app::{self, Draft, LINE, ROWS, TEXT};
use super::domain::{Standing, State, standing, state};
use super::store::Certificate;
use crate::access::{self, KEEP};
use crate::pages::{unit_name, user_name};

struct Row {
    href: String,
    level: String,
    number: String,
    issuer: String,
    unit: String,
    from: String,
    until: String,
    state: Chip,
}

#[derive(Template)]
#[template(path = "assessments_certificates.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    may_keep: bool,
}

#[derive(Template)]
#[template(path = "assessments_certificate_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    units: Vec<Choice>,
}

struct VisitRow {
    id: String,
    due: String,
    chip: Chip,
    result: String,
    open: bool,
}

struct UseRow {
    id: String,
    place: String,
    days: String,
    chip: Chip,
    open: bool,
}

#[derive(Template)]
#[template(path = "assessments_certificate.html")]
struct DetailPage {
    page: Page,
    id: String,
    state: Chip,
    facts: Vec<(String, String)>,
    note: Option<String>,
    withdrawn: Option<String>,
    visits: Vec<VisitRow>,
    uses: Vec<UseRow>,
    files: Vec<(String, String)>,
    form: Filled,
    may_keep: bool,
    today: String,
}

fn chip(lang: &Lang, one: &Certificate) -> Chip {
    let state = state(one.from, one.until, one.withdrawn_at.is_some(), lang.now.day(&lang.zone));
    let (tone, icon) = match state {
        State::Ahead => ("info", "calendar-event"),
        State::Valid => ("ok", "shield-check"),
        State::Renew => ("soon", "hourglass"),
        State::Expired => ("late", "alert-triangle"),
        State::Withdrawn => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("assessments-certificate", state.as_str()))
}

/// `GET /certificates?ending=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let (ending, after) = (form.flag("ending"), form.text_or_none("after", 60));
    let listed = app::list(&ctx, ending, after.as_deref(), ROWS).await?;
    let base = if ending { "/certificates?ending=on" } else { "/certificates" };
    let join = if ending { '&' } else { '?' };
    let tabs = [false, true].map(|one| {
        let word = if one { "assessments-certificates-ending" } else { "assessments-certificates-all" };
        Tab::new(page.t(word), if one { "/certificates?ending=on" } else { "/certificates" }).current(one == ending)
    });
    let lang = &page.lang;
    let rows = listed.rows.iter().map(|one| Row {
        href: format!("/certificates/{}", one.id),
        level: one.level.clone(),
        number: one.number.clone(),
        issuer: one.issuer.clone(),
        unit: unit_name(&ctx, lang, one.unit),
        from: one.from.to_string(),
        until: one.until.to_string(),
        state: chip(lang, one),
    });
    Ok(View(ListPage {
        tabs: tabs.into(),
        rows: rows.collect(),
        next: listed.next.map(|next| format!("{base}{join}after={next}")),
        first: after.map(|_| base.to_owned()),
        may_keep: ctx.actor.user.is_some() && !access::reached(&ctx, KEEP).is_empty(),
        page: page.named("assessments-certificates"),
    }))
}

fn render_new(page: Page, ctx: &Ctx, form: Filled) -> Result<NewPage, Fault> {
    let units = access::reached(ctx, KEEP);
    if units.is_empty() || ctx.actor.user.is_none() {
        return Err(Fault::forbidden());
    }
    Ok(NewPage { units: scores::unit_words(&page.lang, &units), form, page: page.named("assessments-certificate-new") })
}

/// `GET /certificates/new`
pub(crate) async fn ask(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    Ok(View(render_new(page, &ctx, Filled::new().with("rule", "GB/T 27922-2011"))?))
}

/// A certificate as a form or a program sends it.
pub(crate) fn read(form: &mut Form) -> Draft {
    Draft {
        unit: form.id("unit"),
        issuer: form.text("issuer", LINE),
        number: form.text("certificate_number", LINE),
        rule: form.text("rule", LINE),
        scope: form.text("scope", LINE),
        level: form.text("award", LINE),
        from: form.day("valid_from"),
        until: form.day("valid_until"),
        note: form.text_or_none("note", TEXT),
    }
}

/// `POST /certificates`, with scans
pub(crate) async fn enter(page: Page, ctx: Ctx, upload: Upload) -> Result<Response, Failure> {
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let scans = taken.of("scan");
    let mut form = taken.form;
    let draft = read(&mut form);
    let done = match form.check() {
        Ok(()) => app::enter(&taken.ctx, &draft, scans).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/certificates/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = render_new(page, &ctx, form.into_filled_with(&fault))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /certificates/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page, &ctx, id, Filled::new()).await?))
}

async fn render(page: Page, ctx: &Ctx, id: i64, form: Filled) -> Result<DetailPage, Fault> {
    let detail = app::detail(ctx, Id::new(id)).await?;
    let one = &detail.one;
    let lang = page.lang.clone();
    let today = lang.now.day(&lang.zone);
    let stands = |prefix: &str, standing: Standing| {
        let (tone, icon) = match standing {
            Standing::Open => ("info", "calendar-event"),
            Standing::Overdue => ("late", "alert-triangle"),
            Standing::Over => ("ok", "check"),
        };
        web::chip(tone, icon, lang.word(prefix, standing.as_str()))
    };
    let visits = detail.visits.iter().map(|visit| VisitRow {
        id: visit.id.to_string(),
        due: visit.due_on.to_string(),
        chip: stands("assessments-visit", standing(visit.due_on, visit.done_on.is_some(), today)),
        result: match (&visit.done_on, &visit.result) {
            (Some(day), Some(result)) => format!("{day} · {result}"),
            _ => String::new(),
        },
        open: visit.done_on.is_none(),
    });
    let uses = detail.uses.iter().map(|used| UseRow {
        id: used.id.to_string(),
        place: used.place.clone(),
        days: format!("{} – {}", used.from, used.until),
        chip: stands("assessments-use", standing(used.until, used.ended_on.is_some(), today)),
        open: used.ended_on.is_none(),
    });
    Ok(DetailPage {
        id: id.to_string(),
        state: chip(&lang, one),
        facts: vec![
            (lang.t("assessments-number"), one.number.clone()),
            (lang.t("assessments-issuer"), one.issuer.clone()),
            (lang.t("assessments-rule"), one.rule.clone()),
            (lang.t("assessments-scope"), one.scope.clone()),
            (lang.t("assessments-holder"), unit_name(ctx, &lang, one.unit)),
            (lang.t("assessments-valid"), format!("{} – {}", one.from, one.until)),
            (lang.t("assessments-col-entered"), format!("{} {}", user_name(ctx, one.by), lang.full(one.at))),
        ],
        note: one.note.clone(),
        withdrawn: one.withdrawn_why.as_ref().map(|why| lang.t1("scores-withdrawn-why", "why", why.as_str())),
        visits: visits.collect(),
        uses: uses.collect(),
        files: detail.files.iter().map(|file| (format!("/files/{}", file.id), file.name.clone())).collect(),
        may_keep: app::may_keep(ctx, one.unit) && one.withdrawn_at.is_none(),
        today: today.to_string(),
        form,
        page: page.titled(format!("{} {}", one.level, one.number)),
    })
}

/// Back to the certificate, or its page again with what is wrong.
async fn answered(page: Page, ctx: &Ctx, id: i64, form: Form, done: Result<(), Fault>) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/certificates/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = render(page, ctx, id, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /certificates/{id}/visits/{visit}`
pub(crate) async fn visit(
    page: Page,
    ctx: Ctx,
    Path((id, visit)): Path<(i64, i64)>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (day, result) = (form.day("done_on"), form.text("outcome", TEXT));
    let done = match form.check() {
        Ok(()) => app::visit(&ctx, Id::new(id), Id::new(visit), day, &result).await,
        Err(fault) => Err(fault),
    };
    answered(page, &ctx, id, form, done).await
}

/// `POST /certificates/{id}/uses`
pub(crate) async fn add_use(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let place = form.text("place", LINE);
    let (from, until) = (form.day("allowed_from"), form.day("allowed_until"));
    let done = match form.check() {
        Ok(()) => app::add_use(&ctx, Id::new(id), &place, from, until).await,
        Err(fault) => Err(fault),
    };
    answered(page, &ctx, id, form, done).await
}

/// `POST /certificates/{id}/uses/{use}/end`
pub(crate) async fn end_use(ctx: Ctx, Path((id, used)): Path<(i64, i64)>) -> Result<Redirect, Failure> {
    app::end_use(&ctx, Id::new(id), Id::new(used)).await?;
    Ok(Redirect::to(&format!("/certificates/{id}")))
}

/// `POST /certificates/{id}/withdraw`
pub(crate) async fn withdraw(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let why = form.text("why", TEXT);
    let done = match form.check() {
        Ok(()) => app::withdraw(&ctx, Id::new(id), &why).await,
        Err(fault) => Err(fault),
    };
    answered(page, &ctx, id, form, done).await
}
