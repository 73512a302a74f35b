//! State subsidies on pages: programmes by region and batch, and what a sale used of one.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, FaultKind, Id, Money, RecordRef};
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use super::frame::{
    Card, FormPage, ListPage, RecordPage, Row, Section, clashed, conflict, filled, history, seen, some, taken,
};
use super::sales::serials;
use crate::app::{self, EDIT_SALES, EDIT_SUBSIDIES, PROGRAMME, Used};
use crate::domain::subsidy::{Duty, ProgrammeInput};
use crate::domain::{List, entry_name, masked_code};
use crate::store::Programme;

/// Rows per page.
const ROWS: i64 = 50;

fn share(rate_bp: i64) -> String {
    let text = format!("{}.{:02}", rate_bp / 100, rate_bp % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

fn cap(lang: &Lang, one: &Programme) -> String {
    if one.draft.cap_fen > 0 {
        lang.t1("parties-subsidy-cap-of", "sum", lang.money(Money::from_fen(one.draft.cap_fen)))
    } else {
        lang.t("parties-subsidy-cap-none")
    }
}

fn period(lang: &Lang, one: &Programme) -> String {
    match one.draft.to {
        Some(to) => lang.t2("parties-terms-from-to", "from", one.draft.from.to_string(), "to", to.to_string()),
        None => lang.t1("parties-terms-from-on", "from", one.draft.from.to_string()),
    }
}

/// `GET /subsidies?after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = form.raw("after").parse::<Cursor>().ok();
    let (all, next) = app::list_programmes(&ctx, after, ROWS).await?;
    let lang = page.lang.clone();
    let today: Day = page.now.day(&page.zone);
    let rows = all.iter().map(|one| Row {
        href: format!("/subsidies/{}", one.id),
        title: one.draft.name.clone(),
        meta: one.draft.batch.clone(),
        chips: one
            .draft
            .to
            .filter(|to| *to < today)
            .map(|to| web::chip("line", "", lang.t1("parties-terms-ended", "day", to.to_string())))
            .into_iter()
            .collect(),
        cells: vec![
            one.draft.region.clone(),
            format!("{} · {}", share(one.draft.rate_bp), cap(&lang, one)),
            lang.word("parties-subsidy-duty", one.draft.on_refund.as_str()),
            lang.word("parties-subsidy-duty", one.draft.on_exchange.as_str()),
            period(&lang, one),
        ],
    });
    Ok(View(ListPage {
        tabs: Vec::new(),
        name: "subsidies",
        selects: Vec::new(),
        days: None,
        kept: Vec::new(),
        heads: ["programme", "region", "rate", "on-refund", "on-exchange", "period"]
            .map(|head| page.word("parties-head", head))
            .into(),
        rows: rows.collect(),
        narrowed: false,
        may_make: ctx.actor.holds(EDIT_SUBSIDIES),
        next: next.map(|next| format!("/subsidies?after={next}")),
        first: after.map(|_| "/subsidies".to_owned()),
        q: String::new(),
        page: page.named("parties-subsidies-title"),
    }))
}

/// `GET /subsidies/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let one = app::get_programme(&ctx, Id::new(id)).await?;
    let groups = app::entries(&ctx, List::Groups).await?;
    let lang = page.lang.clone();
    let goods: Vec<String> =
        one.draft.goods.iter().map(|code| entry_name(&groups, code, lang.locale.as_str())).collect();
    let goods = if goods.is_empty() { lang.t("parties-terms-all-goods") } else { goods.join("、") };
    let duty = |duty: Duty| Some(lang.word("parties-subsidy-duty", duty.as_str()));
    let facts = vec![
        (lang.t("parties-field-region"), Some(one.draft.region.clone())),
        (lang.t("parties-field-batch"), Some(one.draft.batch.clone())),
        (lang.t("parties-head-goods"), Some(goods)),
        (lang.t("parties-terms-period"), Some(period(&lang, &one))),
        (lang.t("parties-field-rate"), Some(format!("{} · {}", share(one.draft.rate_bp), cap(&lang, &one)))),
    ];
    let rules = vec![
        (lang.t("parties-field-on-refund"), duty(one.draft.on_refund)),
        (lang.t("parties-field-on-exchange"), duty(one.draft.on_exchange)),
        (lang.t("parties-subsidy-forfeits"), one.draft.forfeits.then(|| lang.t("parties-said-true"))),
        (lang.t("parties-subsidy-days"), Some(lang.t1("parties-terms-days", "n", one.draft.days))),
        (lang.t("parties-field-account"), Some(one.draft.account.clone())),
        (lang.t("parties-terms-source"), Some(one.draft.source.clone())),
    ];
    Ok(View(RecordPage {
        crumb: (page.t("parties-subsidies-title"), "/subsidies"),
        code: one.draft.batch.clone(),
        chips: Vec::new(),
        note: None,
        main: vec![Card::facts(lang.t("parties-subsidy-rules"), rules)],
        side: vec![Card::facts(lang.t("parties-page-about"), facts)],
        entries: history(&ctx, &lang, RecordRef::new(PROGRAMME, one.id)).await?,
        edit: ctx.actor.holds(EDIT_SUBSIDIES).then(|| format!("/subsidies/{id}/edit")),
        primary: None,
        page: page.titled(one.draft.name.clone()),
    }))
}

fn input(form: &mut Form) -> ProgrammeInput {
    ProgrammeInput {
        name: form.raw("name").to_owned(),
        region: form.raw("region").to_owned(),
        batch: form.raw("batch").to_owned(),
        from: form.raw("from").to_owned(),
        to: some(form, "to"),
        goods: serials(form.raw("goods")),
        rate_bp: percent(form),
        cap: form.money_or_none("cap").unwrap_or_default().fen(),
        on_refund: form.raw("on_refund").to_owned(),
        on_exchange: form.raw("on_exchange").to_owned(),
        forfeits: form.flag("forfeits"),
        days: form.number_or_none("days", 1..=365).unwrap_or(0),
        account: form.raw("account").to_owned(),
        source: form.raw("source").to_owned(),
    }
}

/// A percentage with at most two decimals, in hundredths of a percent.
fn percent(form: &mut Form) -> i64 {
    // 15 % is read like 15.00 yuan.
    let typed = form.raw("rate_bp").trim().trim_end_matches(['%', '％']).to_owned();
    let (whole, part) = typed.split_once('.').unwrap_or((typed.as_str(), ""));
    let part = format!("{part:0<2}");
    match (whole.parse::<i64>(), part.parse::<i64>()) {
        (Ok(whole), Ok(part)) if (0..=100).contains(&whole) && part < 100 => whole * 100 + part,
        _ => 0,
    }
}

fn fields(one: &Programme) -> Vec<(String, String)> {
    let draft = &one.draft;
    let yes = |flag: bool| if flag { "yes".to_owned() } else { String::new() };
    [
        ("name", draft.name.clone()),
        ("region", draft.region.clone()),
        ("batch", draft.batch.clone()),
        ("from", draft.from.to_string()),
        ("to", draft.to.map(|day| day.to_string()).unwrap_or_default()),
        ("goods", draft.goods.join(" ")),
        ("rate_bp", share(draft.rate_bp)),
        ("cap", format!("{}.{:02}", draft.cap_fen / 100, draft.cap_fen % 100)),
        ("on_refund", draft.on_refund.to_string()),
        ("on_exchange", draft.on_exchange.to_string()),
        ("forfeits", yes(draft.forfeits)),
        ("days", draft.days.to_string()),
        ("account", draft.account.clone()),
        ("source", draft.source.clone()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn form_page(page: Page, form: Filled, one: Option<&Programme>) -> FormPage {
    let lang = page.lang.clone();
    let text = |name: &str, key: &str, max: usize| web::input(&lang, &form, name, key).max(max);
    let duties: Vec<Choice> = Duty::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), lang.word("parties-subsidy-duty", one.as_str())))
        .collect();
    let sections = vec![
        Section {
            legend: lang.t("parties-subsidy-sec-what"),
            grid: true,
            fields: vec![
                text("name", "parties-terms-name", 60),
                text("region", "parties-field-region", 60),
                text("batch", "parties-field-batch", 60),
                text("from", "parties-terms-from", 10).date(),
                text("to", "parties-terms-to", 10).date().optional(),
                text("goods", "parties-subsidy-goods", 400).optional().hint("parties-subsidy-goods-hint"),
                text("rate_bp", "parties-field-rate", 8),
                text("cap", "parties-field-cap", 14).money().optional(),
            ],
        },
        Section {
            legend: lang.t("parties-subsidy-rules"),
            grid: true,
            fields: vec![
                web::select(&lang, &form, "on_refund", "parties-field-on-refund").options(&duties).likely("repay"),
                web::select(&lang, &form, "on_exchange", "parties-field-on-exchange").options(&duties).likely("report"),
                text("days", "parties-subsidy-days", 3).number(),
                text("account", "parties-field-account", 200),
                text("source", "parties-terms-source", 200),
                web::check(&lang, &form, "forfeits", "parties-subsidy-forfeits").lenient(),
            ],
        },
    ];
    let (action, back) = match one {
        Some(one) => (format!("/subsidies/{}/edit", one.id), format!("/subsidies/{}", one.id)),
        None => ("/subsidies/new".to_owned(), "/subsidies".to_owned()),
    };
    let title = if one.is_some() { "parties-subsidies-edit" } else { "parties-subsidies-new" };
    FormPage {
        crumb: (page.t("parties-subsidies-title"), "/subsidies"),
        here: one.map_or_else(|| page.t(title), |one| one.draft.name.clone()),
        action,
        back,
        does: page.t("parties-page-save"),
        hidden: Vec::new(),
        sections,
        conflict: None,
        refusal: None,
        more: Vec::new(),
        form,
        page: page.named(title),
    }
}

/// `GET /subsidies/new`
pub(crate) async fn new(page: Page) -> impl IntoResponse {
    View(form_page(page, Filled::new(), None))
}

/// `POST /subsidies/new`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let typed = input(&mut form);
    let made = match form.check() {
        Ok(()) => app::save_programme(&ctx, None, &typed).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(one) => Ok(Redirect::to(&format!("/subsidies/{}", one.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = form_page(page, form.into_filled_with(&fault), None);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /subsidies/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let one = app::get_programme(&ctx, Id::new(id)).await?;
    let now = fields(&one);
    let mut page = form_page(page, filled(&now), Some(&one));
    page.hidden = seen(one.version, &now);
    Ok(View(page))
}

/// `POST /subsidies/{id}/edit`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let mut form = taken(&form);
    let version = form.version("version")?;
    let typed = input(&mut form);
    let fault = match form.check() {
        Ok(()) => match app::save_programme(&ctx, Some((Id::new(id), version)), &typed).await {
            Ok(_) => return Ok(Redirect::to(&format!("/subsidies/{id}")).into_response()),
            Err(fault) => fault,
        },
        Err(fault) => fault,
    };
    let one = app::get_programme(&ctx, Id::new(id)).await?;
    let now = fields(&one);
    match fault.kind() {
        FaultKind::Invalid => {
            let hidden = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
            let hidden = hidden.cloned().collect();
            let mut page = form_page(page, form.into_filled_with(&fault), Some(&one));
            page.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        FaultKind::Stale => {
            let lang = page.lang.clone();
            let (filled, clashes) = clashed(&form, &now, |name| lang.word("parties-field", name));
            let (record, versions) = (RecordRef::new(PROGRAMME, one.id), (version, one.version));
            let asked = conflict(&ctx, &lang, record, versions, &clashes, &format!("/subsidies/{id}")).await?;
            let mut page = form_page(page, filled, Some(&one));
            page.hidden = seen(one.version, &now);
            page.conflict = Some(asked);
            Ok((StatusCode::PRECONDITION_FAILED, View(page)).into_response())
        }
        _ => Err(fault.into()),
    }
}

async fn use_page(page: Page, ctx: &Ctx, id: i64, form: Filled) -> Result<FormPage, Fault> {
    let lang = page.lang.clone();
    let file = app::get_unit(ctx, Id::new(id)).await?;
    ctx.require(EDIT_SALES, &file.row.unit)?;
    let (all, _) = app::list_programmes(ctx, None, 200).await?;
    let group = &file.row.product.draft.category;
    let fits = all.iter().filter(|one| file.sale.as_ref().is_some_and(|sale| one.draft.holds(group, sale.day)));
    let programmes: Vec<Choice> = fits
        .map(|one| {
            let draft = &one.draft;
            Choice::new(one.id.to_string(), format!("{} · {} · {}", draft.region, draft.name, draft.batch))
        })
        .collect();
    let text = |name: &str, key: &str, max: usize| web::input(&lang, &form, name, key).max(max);
    let sections = vec![Section {
        legend: lang.t("parties-subsidy-used"),
        grid: true,
        fields: vec![
            web::select(&lang, &form, "programme", "parties-head-programme").options(&programmes),
            text("amount", "parties-subsidy-amount", 14).money(),
            text("quota", "parties-subsidy-quota", 60).hint("parties-subsidy-quota-hint"),
            text("old_unit", "parties-subsidy-old", 60).optional(),
        ],
    }];
    Ok(FormPage {
        crumb: (page.t("parties-units-title"), "/units"),
        here: masked_code(&file.row.unit.serial),
        action: format!("/units/{id}/subsidy"),
        back: format!("/units/{id}"),
        does: page.t("parties-page-save"),
        hidden: Vec::new(),
        sections,
        conflict: None,
        refusal: None,
        more: Vec::new(),
        form,
        page: page.named("parties-subsidy-note"),
    })
}

/// `GET /units/{id}/subsidy`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(use_page(page, &ctx, id, Filled::new()).await?))
}

/// `POST /units/{id}/subsidy`
pub(crate) async fn used(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let (programme, amount) = (form.id("programme"), form.money("amount"));
    let (quota, old_unit) = (form.raw("quota").to_owned(), some(&form, "old_unit"));
    let done = match (form.check(), programme, amount) {
        (Ok(()), Some(programme), Some(amount)) => {
            app::use_subsidy(&ctx, Used { unit: Id::new(id), programme, amount, quota, old_unit }).await.map(|_| ())
        }
        (Err(fault), ..) => Err(fault),
        _ => Err(Fault::field("programme", "required")),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/units/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = use_page(page, &ctx, id, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
