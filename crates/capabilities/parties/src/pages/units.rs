use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FaultKind, Id, Money, RecordRef, of};
use web::{Failure, Filled, Form, Page, View};

use super::frame::{
    Card, FormPage, Line, ListPage, PEOPLE, ROWS, RecordPage, Row, Section, Select, address, clashed, conflict,
    customer_of, filled, history, home, seen, some, store_name, stores, tabs, taken,
};
use crate::app::{self, EDIT_SALES, UNIT, VIEW_SALES};
use crate::domain::cover::{Layer, Standing, Standings};
use crate::domain::{FaultClass, RepairKind, UnitInput, masked_code};
use crate::store::{SoldTerms, Subsidy, UnitRepair, UnitRow, Units};

/// `GET /units?q=&store=&product=&customer=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let q = form.text_or_empty("q", 100);
    let wanted = Units {
        store: form.id_or_none("store"),
        product: form.id_or_none("product"),
        customer: form.id_or_none("customer"),
        ids: None,
    };
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list_units(&ctx, wanted, some(&form, "q"), after, ROWS).await?;
    let kept = |name: &'static str| (name, form.raw(name).to_owned());
    let here = |after: Option<Cursor>| {
        let after = after.map(|cursor| cursor.to_string()).unwrap_or_default();
        address("/units", &[kept("q"), kept("store"), kept("product"), kept("customer"), ("after", after)])
    };
    let reached = stores(&ctx, &page.lang, VIEW_SALES);
    let selects = (reached.len() > 1).then(|| Select {
        name: "store",
        label: page.t("parties-page-any-store"),
        choices: reached,
        value: form.raw("store").to_owned(),
    });
    let seen_names = ctx.actor.holds(app::VIEW);
    let rows = listed.rows.iter().map(|row| Row {
        href: format!("/units/{}", row.unit.id),
        title: row.product.draft.name.clone(),
        meta: masked_code(&row.unit.serial),
        chips: Vec::new(),
        cells: vec![
            row.sold_on.map(|day| day.to_string()).unwrap_or_default(),
            row.customer_name.clone().filter(|_| seen_names).unwrap_or_default(),
            row.unit.repairs.to_string(),
            store_name(&ctx, &page.lang, row.unit.store),
        ],
    });
    Ok(View(ListPage {
        tabs: tabs(&ctx, &page.lang, "units"),
        name: "units",
        selects: selects.into_iter().collect(),
        days: None,
        kept: [kept("product"), kept("customer")].into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        heads: ["unit", "day", "customer", "repairs", "store"].map(|head| page.word("parties-head", head)).into(),
        rows: rows.collect(),
        narrowed: ["q", "store", "product", "customer"].iter().any(|name| form.has(name)),
        may_make: ctx.actor.holds(EDIT_SALES),
        next: listed.next.map(|next| here(Some(next))),
        first: after.map(|_| here(None)),
        q: q.clone(),
        page: page.within(PEOPLE).named("parties-units-title"),
    }))
}

fn layer(page: &Page, one: &Standings) -> Line {
    let word = match one.layer {
        Layer::Law => "law",
        Layer::Beyond(source) => source.as_str(),
    };
    let (tone, icon, text) = match one.standing {
        Standing::Running(Some(day)) => ("ok", "check", page.t1("parties-page-until", "day", day.to_string())),
        Standing::Running(None) => ("ok", "check", page.t("parties-page-running")),
        Standing::Ended(day) => ("", "shield-off", page.t1("parties-page-ended", "day", day.to_string())),
        Standing::Absent => ("line", "", page.t("parties-page-absent")),
        Standing::Unknown => ("line", "", page.t("parties-page-unknown")),
    };
    Line {
        href: String::new(),
        icon: "shield-check",
        title: page.word("parties-source", word),
        meta: one.promise.clone().unwrap_or_default(),
        chip: Some(web::chip(tone, icon, text)),
        action: None,
    }
}

/// What happened to the unit, with what is missing until it counts.
fn repaired(page: &Page, one: &UnitRepair, may_edit: bool) -> Line {
    let draft = &one.draft;
    let ended = draft.ended.map_or_else(|| page.t("parties-repair-open"), |day| day.to_string());
    let mut meta = vec![
        format!("{} – {ended}", draft.began),
        page.word("parties-repair-fault", draft.fault.as_str()),
        page.word("parties-repair-by", draft.done_by.as_str()),
    ];
    meta.extend(draft.proof.clone());
    let (tone, icon, text) = match (draft.what, one.counted, draft.ended) {
        (RepairKind::MainPart, ..) => ("line", "", page.word("parties-repair-what", draft.what.as_str())),
        (_, true, _) => ("ok", "check", page.t("parties-repair-counted")),
        (_, false, None) => ("soon", "hourglass", page.t("parties-repair-running")),
        (_, false, Some(_)) if !matches!(draft.fault, FaultClass::Performance | FaultClass::Serious) => {
            ("line", "", page.t("parties-repair-minor"))
        }
        (_, false, Some(_)) => ("soon", "photo", page.t("parties-repair-no-proof")),
    };
    Line {
        href: String::new(),
        icon: if one.photo { "paperclip" } else { "tool" },
        title: draft.body.clone(),
        meta: meta.join(" · "),
        chip: Some(web::chip(tone, icon, text)),
        action: may_edit.then(|| (page.t("parties-page-edit"), format!("/units/{}/repairs/{}", one.unit, one.id))),
    }
}

/// The subsidy that its sale used.
fn subsidy_line(page: &Page, one: &Subsidy) -> Line {
    let draft = &one.programme.draft;
    let mut meta = vec![draft.region.clone(), draft.batch.clone(), masked_code(&one.quota)];
    meta.extend(one.old_unit.as_ref().map(|old| page.t1("parties-subsidy-old-of", "old", old.clone())));
    Line {
        href: format!("/subsidies/{}", one.programme.id),
        icon: "coin",
        title: draft.name.clone(),
        meta: meta.join(" · "),
        chip: Some(web::chip("line", "", page.money(Money::from_fen(one.amount_fen)))),
        action: None,
    }
}

/// What was sold with it, and what is given back of it today.
fn sold_line(page: &Page, (sold, left): &(SoldTerms, i64)) -> Line {
    let price = page.money(Money::from_fen(sold.price_fen));
    let term = page.t2("parties-terms-from-to", "from", sold.begins.to_string(), "to", sold.ends().to_string());
    let mut meta = vec![page.word("remedies-layer", sold.terms.draft.layer.as_str()), term, price];
    meta.extend(sold.terms.draft.provider.clone());
    Line {
        href: format!("/terms/{}", sold.terms.id),
        icon: "shield-check",
        title: sold.terms.draft.name.clone(),
        meta: meta.join(" · "),
        chip: (sold.price_fen > 0)
            .then(|| web::chip("line", "", page.t1("parties-terms-left", "sum", page.money(Money::from_fen(*left))))),
        action: None,
    }
}

/// `GET /units/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let file = app::get_unit(&ctx, Id::new(id)).await?;
    let repairs = app::repairs(&ctx, Id::new(id)).await?.1;
    let may_edit = ctx.actor.may(EDIT_SALES, &file.row.unit);
    let sold = app::sold_terms(&ctx, Id::new(id)).await?.1;
    let subsidy = app::subsidy_of(&ctx, Id::new(id)).await?;
    let (unit, draft) = (&file.row.unit, &file.row.product.draft);
    let customer = file.customer.as_ref().map(|card| format!("{} {}", card.name, card.phone));
    let facts = vec![
        (page.t("parties-field-serial"), Some(masked_code(&unit.serial))),
        (page.t("parties-field-imei"), unit.imei.as_deref().map(masked_code)),
        (page.t("parties-field-product"), Some(format!("{} {}", draft.brand, draft.code))),
        (page.t("parties-field-receipt"), file.row.receipt.as_deref().map(masked_code)),
        (page.t("parties-field-day"), file.row.sold_on.map(|day| day.to_string())),
        (page.t("parties-field-warranty-from"), unit.warranty_from.map(|day| day.to_string())),
        (page.t("parties-head-customer"), customer),
        (page.t("parties-head-repairs"), Some(unit.repairs.to_string())),
        (page.t("parties-page-exchanges"), Some(unit.exchanges.to_string())),
        (page.t("parties-head-store"), Some(store_name(&ctx, &page.lang, unit.store))),
        (page.t("parties-field-note"), unit.note.clone()),
    ];
    let mut links = vec![Line {
        href: format!("/products/{}", file.row.product.id),
        icon: "package",
        title: draft.name.clone(),
        meta: page.t("parties-head-product"),
        chip: None,
        action: None,
    }];
    links.extend(file.sale.as_ref().map(|sale| Line {
        href: format!("/sales/{}", sale.id),
        icon: "receipt",
        title: page.t("parties-sales-one"),
        meta: masked_code(&sale.receipt),
        chip: None,
        action: None,
    }));
    links.extend(file.customer.as_ref().map(|card| Line {
        href: format!("/customers/{}", card.id),
        icon: "user",
        title: card.name.clone(),
        meta: card.phone.clone(),
        chip: None,
        action: None,
    }));
    let entries = history(&ctx, &page.lang, RecordRef::new(UNIT, unit.id)).await?;
    let scan = address("/scan", &[("code", unit.serial.clone()), ("unit", unit.id.to_string())]);
    let layers = file.layers.iter().map(|one| layer(&page, one)).collect();
    Ok(View(RecordPage {
        crumb: (page.t("parties-units-title"), "/units"),
        code: masked_code(&unit.serial),
        chips: Vec::new(),
        note: None,
        main: vec![
            Card { title: page.t("parties-page-cover"), rows: layers, ..Card::default() },
            Card {
                title: page.t("parties-terms-sold-title"),
                link: (may_edit && unit.sale.is_some())
                    .then(|| (page.t("parties-terms-sell"), format!("/units/{id}/terms"))),
                rows: sold.iter().map(|one| sold_line(&page, one)).collect(),
                empty: Some(page.t("parties-terms-sold-none")),
                ..Card::default()
            },
            Card {
                title: page.t("parties-subsidy-used"),
                link: (may_edit && unit.sale.is_some() && subsidy.is_none())
                    .then(|| (page.t("parties-subsidy-note"), format!("/units/{id}/subsidy"))),
                rows: subsidy.iter().map(|one| subsidy_line(&page, one)).collect(),
                empty: Some(page.t("parties-subsidy-none")),
                ..Card::default()
            },
            Card {
                title: page.t("parties-repair-title"),
                link: may_edit.then(|| (page.t("parties-repair-new"), format!("/units/{id}/repairs"))),
                rows: repairs.iter().map(|one| repaired(&page, one, may_edit)).collect(),
                empty: Some(page.t("parties-repair-none")),
                ..Card::default()
            },
            Card { title: page.t("parties-page-belongs"), rows: links, ..Card::default() },
        ],
        side: vec![Card::facts(page.t("parties-page-about"), facts)],
        entries,
        edit: ctx.actor.may(EDIT_SALES, unit).then(|| format!("/units/{id}/edit")),
        primary: Some((page.t("parties-page-scan"), scan)),
        page: page.within(PEOPLE).titled(draft.name.clone()),
    }))
}

pub(crate) fn input(form: &Form) -> UnitInput {
    UnitInput {
        product: form.raw("product").to_owned(),
        serial: form.raw("serial").to_owned(),
        imei: some(form, "imei"),
        receipt: some(form, "receipt"),
        customer: some(form, "customer"),
        warranty_from: some(form, "warranty_from"),
        note: some(form, "note"),
    }
}

fn fields(row: &UnitRow) -> Vec<(String, String)> {
    let input = app::unit_input(row);
    let pairs = [
        ("product", input.product),
        ("serial", input.serial),
        ("imei", input.imei.unwrap_or_default()),
        ("receipt", input.receipt.unwrap_or_default()),
        ("customer", input.customer.unwrap_or_default()),
        ("warranty_from", input.warranty_from.unwrap_or_default()),
        ("note", input.note.unwrap_or_default()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn form_page(ctx: &Ctx, page: Page, form: Filled, row: Option<&UnitRow>) -> FormPage {
    let lang = page.lang.clone();
    let text =
        |name: &str, key: &str, max: usize| web::input(&lang, &form, name, &format!("parties-field-{key}")).max(max);
    let mut first = vec![text("product", "product-code", 60).lookup("/products/found"), text("serial", "serial", 60)];
    if row.is_none() {
        let choices = stores(ctx, &lang, EDIT_SALES);
        let own = home(ctx).map(|id| id.to_string()).unwrap_or_default();
        first.push(web::select(&lang, &form, "store", "parties-head-store").options(&choices).likely(&own));
    }
    first.push(text("imei", "imei", 40).optional());
    let second = vec![
        text("receipt", "receipt", 60).optional(),
        text("customer", "customer-id", 20).optional().hint("parties-page-customer-hint"),
        text("warranty_from", "warranty-from", 10).date().optional().hint("parties-page-warranty-hint"),
        text("note", "note", 300).optional(),
    ];
    let (action, back) = match row {
        Some(row) => (format!("/units/{}/edit", row.unit.id), format!("/units/{}", row.unit.id)),
        None => ("/units/new".to_owned(), "/units".to_owned()),
    };
    let title = if row.is_some() { "parties-units-edit" } else { "parties-units-new" };
    FormPage {
        crumb: (page.t("parties-units-title"), "/units"),
        here: row.map(|row| masked_code(&row.unit.serial)).unwrap_or_else(|| page.t(title)),
        action,
        back,
        does: page.t("parties-page-save"),
        hidden: Vec::new(),
        sections: vec![
            Section { legend: page.t("parties-page-sec-unit"), grid: false, fields: first },
            Section { legend: page.t("parties-page-sec-sale"), grid: false, fields: second },
        ],
        conflict: None,
        refusal: None,
        more: Vec::new(),
        form,
        page: page.within(PEOPLE).named(title),
    }
}

/// `GET /units/new`
pub(crate) async fn new(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> impl IntoResponse {
    View(form_page(&ctx, page, Form::from_query(&query.unwrap_or_default()).into_filled(), None))
}

/// `POST /units/new`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let store = form.id::<of::Unit>("store");
    let mut typed = input(&form);
    typed.customer = customer_of(&ctx, typed.customer).await?;
    let made = match store {
        Some(store) => app::create_unit(&ctx, store, &typed).await,
        None => Err(Fault::field("store", "required")),
    };
    match made {
        Ok(row) => Ok(Redirect::to(&format!("/units/{}", row.unit.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = form_page(&ctx, page, form.into_filled_with(&fault), None);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /units/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let file = app::get_unit(&ctx, Id::new(id)).await?;
    ctx.require(EDIT_SALES, &file.row.unit)?;
    let now = fields(&file.row);
    let mut page = form_page(&ctx, page, filled(&now), Some(&file.row));
    page.hidden = seen(file.row.unit.version, &now);
    Ok(View(page))
}

/// `POST /units/{id}/edit`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let form = taken(&form);
    let version = form.version("version")?;
    let mut typed = input(&form);
    typed.customer = customer_of(&ctx, typed.customer).await?;
    let fault = match app::edit_unit(&ctx, id, version, &typed).await {
        Ok(row) => return Ok(Redirect::to(&format!("/units/{}", row.unit.id)).into_response()),
        Err(fault) => fault,
    };
    let file = app::get_unit(&ctx, id).await?;
    let now = fields(&file.row);
    match fault.kind() {
        FaultKind::Invalid => {
            let hidden = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
            let hidden = hidden.cloned().collect();
            let mut page = form_page(&ctx, page, form.into_filled_with(&fault), Some(&file.row));
            page.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        FaultKind::Stale => {
            let lang = page.lang.clone();
            let (filled, clashes) = clashed(&form, &now, |name| lang.word("parties-field", &name.replace('_', "-")));
            let (record, versions) = (RecordRef::new(UNIT, id), (version, file.row.unit.version));
            let asked = conflict(&ctx, &lang, record, versions, &clashes, &format!("/units/{id}")).await?;
            let mut page = form_page(&ctx, page, filled, Some(&file.row));
            page.hidden = seen(file.row.unit.version, &now);
            page.conflict = Some(asked);
            Ok((StatusCode::PRECONDITION_FAILED, View(page)).into_response())
        }
        _ => Err(fault.into()),
    }
}
