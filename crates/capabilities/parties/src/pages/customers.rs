use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FaultKind, Id, Permission, RecordRef, of};
use web::{Failure, Filled, Form, Page, View};

use super::frame::{
    Card, FormPage, Line, ListPage, ROWS, RecordPage, Row, Section, Select, address, clashed, conflict, filled,
    history, home, seen, some, store_name, stores, tabs, taken,
};
use super::merging;
use crate::app::{self, CustomerCard, CustomerChange, CustomerInput, EDIT, REVEAL, VIEW, VIEW_SALES};
use crate::domain::masked_code;
use crate::file::RECORD;
use crate::store::Wanted;

/// Take cases in, as `cases` calls it, which knows this crate and not the other way round.
const TAKE_IN: Permission = Permission("cases.take_in");

/// `GET /customers?q=&store=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let wanted = Wanted { store: form.id_or_none("store"), ids: None };
    let after = form.raw("after").parse::<Cursor>().ok();
    let q = form.text_or_empty("q", 100);
    let listed = app::listed(&ctx, wanted, some(&form, "q"), after, ROWS).await?;
    let here = |after: Option<Cursor>| {
        let after = after.map(|cursor| cursor.to_string()).unwrap_or_default();
        address("/customers", &[("q", q.clone()), ("store", form.raw("store").to_owned()), ("after", after)])
    };
    let reached = stores(&ctx, &page.lang, VIEW);
    let selects = (reached.len() > 1).then(|| Select {
        name: "store",
        label: page.t("parties-page-any-store"),
        choices: reached,
        value: form.raw("store").to_owned(),
    });
    let rows = listed.rows.iter().map(|card| Row {
        href: format!("/customers/{}", card.id),
        title: card.name.clone(),
        meta: card.phone.clone(),
        chips: card.vip.iter().chain(&card.tags).map(|tag| web::chip("line", "", tag)).collect(),
        cells: vec![
            store_name(&ctx, &page.lang, card.store),
            card.address.clone().unwrap_or_default(),
            page.date(card.created_at),
        ],
    });
    Ok(View(ListPage {
        tabs: tabs(&ctx, &page.lang, "customers"),
        name: "customers",
        selects: selects.into_iter().collect(),
        days: None,
        kept: Vec::new(),
        heads: ["customer", "store", "address", "since"].map(|head| page.word("parties-head", head)).into(),
        rows: rows.collect(),
        narrowed: form.has("q") || form.has("store"),
        may_make: ctx.actor.holds(EDIT),
        next: listed.next.map(|next| here(Some(next))),
        first: after.map(|_| here(None)),
        q: q.clone(),
        page: page.named("parties-customers-title"),
    }))
}

/// `GET /customers/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let id = Id::new(id);
    let card = app::get(&ctx, id).await?;
    let lang = page.lang.clone();
    let mut side = vec![about(&ctx, &page, &card)];
    let mut main = Vec::new();
    let alike = if ctx.actor.holds(EDIT) { app::alike(&ctx, id).await? } else { Vec::new() };
    if !alike.is_empty() {
        main.push(Card {
            title: page.t("parties-page-alike"),
            rows: merging::lines(&page, id, &alike),
            ..Card::default()
        });
    }
    if ctx.actor.holds(VIEW_SALES) {
        let (units, sales) = app::owned(&ctx, id).await?;
        main.push(Card {
            title: page.t("parties-page-units"),
            link: Some((page.t("parties-page-all"), format!("/units?customer={id}"))),
            rows: units
                .iter()
                .map(|row| Line {
                    href: format!("/units/{}", row.unit.id),
                    icon: "package",
                    title: row.product.draft.name.clone(),
                    meta: masked_code(&row.unit.serial),
                    chip: None,
                    action: Some((
                        page.t("parties-page-scan"),
                        address("/scan", &[("code", row.unit.serial.clone()), ("unit", row.unit.id.to_string())]),
                    )),
                })
                .collect(),
            empty: Some(page.t("parties-page-units-none")),
            ..Card::default()
        });
        main.push(Card {
            title: page.t("parties-page-sales"),
            link: Some((page.t("parties-page-all"), format!("/sales?customer={id}"))),
            rows: sales
                .iter()
                .map(|row| Line {
                    href: format!("/sales/{}", row.sale.id),
                    icon: "receipt",
                    title: row.product.clone(),
                    meta: format!("{} · {}", page.day(row.sale.day), masked_code(&row.sale.receipt)),
                    chip: None,
                    action: None,
                })
                .collect(),
            empty: Some(page.t("parties-page-sales-none")),
            ..Card::default()
        });
    }
    let merges = app::merges(&ctx, id).await?;
    if !merges.is_empty() {
        side.push(merging::card(&page, &ctx, id, &merges));
    }
    let erasure = app::erasure(&ctx, id).await?;
    side.extend(super::erasing::card(&page, &ctx, &card, &erasure));
    let open = card.merged_into.is_none() && erasure.standing.erased_at.is_none();
    let may_edit = open && ctx.actor.may(EDIT, &app::At(card.store));
    let note = card.merged_into.map(|into| merging::gone(&page, into));
    let entries = history(&ctx, &lang, RecordRef::new(RECORD, id)).await?;
    Ok(View(RecordPage {
        crumb: (page.t("parties-customers-title"), "/customers"),
        code: erasure.standing.erased_at.map_or_else(|| card.phone.clone(), |_| page.t("parties-erase-done")),
        chips: card.vip.iter().chain(&card.tags).map(|tag| web::chip("line", "", tag)).collect(),
        note,
        main,
        side,
        entries,
        edit: may_edit.then(|| format!("/customers/{id}/edit")),
        primary: (open && ctx.actor.holds(TAKE_IN))
            .then(|| (page.t("parties-page-take-in"), format!("/cases/new?customer={id}"))),
        page: page.titled(card.name.clone()),
    }))
}

fn about(ctx: &Ctx, page: &Page, card: &CustomerCard) -> Card {
    // An erased file has nothing left to show.
    let may_reveal = !card.phone.is_empty() && ctx.actor.may(REVEAL, &app::At(card.store));
    let consent = page.t(if card.consent { "parties-page-consent-yes" } else { "parties-page-consent-no" });
    let facts = vec![
        (page.t("parties-field-phone"), Some(card.phone.clone())),
        (page.t("parties-field-wechat"), card.wechat.clone()),
        (page.t("parties-field-email"), card.email.clone()),
        (page.t("parties-field-address"), card.address.clone()),
        (page.t("parties-field-consent"), Some(consent)),
        (page.t("parties-field-note"), card.note.clone()),
        (page.t("parties-head-store"), Some(store_name(ctx, &page.lang, card.store))),
        (page.t("parties-field-external-id"), card.external_id.clone()),
    ];
    let reveal = may_reveal.then(|| (page.t("parties-page-reveal"), format!("/customers/{}/reveal", card.id)));
    Card {
        link: reveal,
        rows: vec![Line {
            href: format!("/cases?tab=all&customer={}", card.id),
            icon: "file-text",
            title: page.t("parties-page-cases"),
            meta: page.t("parties-page-cases-about"),
            chip: None,
            action: None,
        }],
        ..Card::facts(page.t("parties-page-about"), facts)
    }
}

fn sections(ctx: &Ctx, page: &Page, form: &Filled, masked: Option<&CustomerCard>) -> Vec<Section> {
    let lang = &page.lang;
    let input = |name: &str, max: usize| {
        let field = web::input(lang, form, name, &format!("parties-field-{}", name.replace('_', "-"))).max(max);
        // What is masked is not shown in the field: left empty it stays as it is.
        let kept = masked.and_then(|card| match name {
            "phone" => Some(card.phone.clone()).filter(|phone| !phone.is_empty()),
            "wechat" => card.wechat.clone(),
            "email" => card.email.clone(),
            "address" => card.address.clone(),
            _ => None,
        });
        match (name, kept) {
            ("name", _) => field,
            (_, Some(kept)) => field.optional().hint_text(&lang.t1("parties-page-masked-kept", "now", kept)),
            (_, None) => field.optional(),
        }
    };
    let mut first = vec![input("name", 60), input("phone", 30).tel()];
    if masked.is_none() {
        let choices = stores(ctx, lang, EDIT);
        let own = home(ctx).map(|id| id.to_string()).unwrap_or_default();
        first.push(web::select(lang, form, "store", "parties-head-store").options(&choices).likely(&own));
    }
    vec![
        Section { legend: page.t("parties-page-sec-person"), grid: false, fields: first },
        Section {
            legend: page.t("parties-page-sec-contact"),
            grid: false,
            fields: vec![input("wechat", 60), input("email", 200), input("address", 200)],
        },
        Section {
            legend: page.t("parties-page-sec-more"),
            grid: false,
            fields: vec![
                input("vip", 30),
                input("tags", 200).hint("parties-page-tags-hint"),
                web::area(lang, form, "note", "parties-field-note").rows(2).max(2000).optional(),
                web::check(lang, form, "consent", "parties-page-consent-check").lenient(),
            ],
        },
    ]
}

fn tags(form: &Form) -> Vec<String> {
    let parts = form.raw("tags").split([',', '，', '、', ';', '；', '\n']);
    parts.map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

fn form_page(ctx: &Ctx, page: Page, form: Filled, card: Option<&CustomerCard>) -> FormPage {
    let (action, back) = match card {
        Some(card) => (format!("/customers/{}/edit", card.id), format!("/customers/{}", card.id)),
        None => ("/customers/new".to_owned(), "/customers".to_owned()),
    };
    let title = if card.is_some() { "parties-customers-edit" } else { "parties-customers-new" };
    FormPage {
        crumb: (page.t("parties-customers-title"), "/customers"),
        here: card.map(|card| card.name.clone()).unwrap_or_else(|| page.t(title)),
        action,
        back,
        does: page.t("parties-page-save"),
        hidden: Vec::new(),
        sections: sections(ctx, &page, &form, card),
        conflict: None,
        refusal: None,
        more: Vec::new(),
        form,
        page: page.named(title),
    }
}

/// `GET /customers/new`
pub(crate) async fn new(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> impl IntoResponse {
    View(form_page(&ctx, page, Form::from_query(&query.unwrap_or_default()).into_filled(), None))
}

/// `POST /customers/new`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let store = form.id::<of::Unit>("store");
    let input = CustomerInput {
        name: form.raw("name").to_owned(),
        phone: form.raw("phone").to_owned(),
        wechat: some(&form, "wechat"),
        email: some(&form, "email"),
        address: some(&form, "address"),
        vip: some(&form, "vip"),
        note: some(&form, "note"),
        consent: form.flag("consent"),
        external_id: None,
        tags: tags(&form),
    };
    let made = match store {
        Some(store) => app::create(&ctx, store, input).await,
        None => Err(Fault::invalid(form.errors().clone())),
    };
    match made {
        Ok(card) => Ok(Redirect::to(&format!("/customers/{}", card.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = form_page(&ctx, page, form.into_filled_with(&fault), None);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The card as its form shows it; what is masked is not in it.
fn fields(card: &CustomerCard) -> Vec<(String, String)> {
    let pairs = [
        ("name", card.name.clone()),
        ("vip", card.vip.clone().unwrap_or_default()),
        ("tags", card.tags.join("、")),
        ("note", card.note.clone().unwrap_or_default()),
        ("consent", if card.consent { "true".to_owned() } else { String::new() }),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// `GET /customers/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let card = app::get(&ctx, Id::new(id)).await?;
    ctx.require(EDIT, &app::At(card.store))?;
    let now = fields(&card);
    let mut page = form_page(&ctx, page, filled(&now), Some(&card));
    page.hidden = seen(card.version, &now);
    Ok(View(page))
}

/// `POST /customers/{id}/edit`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let form = taken(&form);
    let version = form.version("version")?;
    // A masked field that was left empty stays as it is.
    let change = CustomerChange {
        name: Some(form.raw("name").to_owned()),
        phone: some(&form, "phone"),
        wechat: some(&form, "wechat"),
        email: some(&form, "email"),
        address: some(&form, "address"),
        vip: Some(form.raw("vip").to_owned()),
        note: Some(form.raw("note").to_owned()),
        consent: Some(form.flag("consent")),
        external_id: None,
        tags: Some(tags(&form)),
    };
    let fault = match app::edit(&ctx, id, version, change).await {
        Ok(card) => return Ok(Redirect::to(&format!("/customers/{}", card.id)).into_response()),
        Err(fault) => fault,
    };
    let card = app::get(&ctx, id).await?;
    let now = fields(&card);
    match fault.kind() {
        FaultKind::Invalid => {
            let hidden = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
            let hidden = hidden.cloned().collect();
            let mut page = form_page(&ctx, page, form.into_filled_with(&fault), Some(&card));
            page.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        FaultKind::Stale => {
            let lang = page.lang.clone();
            let (filled, clashes) = clashed(&form, &now, |name| lang.word("parties-field", &name.replace('_', "-")));
            let back = format!("/customers/{id}");
            let asked =
                conflict(&ctx, &lang, RecordRef::new(RECORD, id), (version, card.version), &clashes, &back).await?;
            let mut page = form_page(&ctx, page, filled, Some(&card));
            page.hidden = seen(card.version, &now);
            page.conflict = Some(asked);
            Ok((StatusCode::PRECONDITION_FAILED, View(page)).into_response())
        }
        _ => Err(fault.into()),
    }
}

/// `GET /customers/{id}/reveal`: asks why.
pub(crate) async fn reveal(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let card = app::get(&ctx, Id::new(id)).await?;
    ctx.require(REVEAL, &app::At(card.store))?;
    Ok(View(reveal_page(page, &card, Filled::new())))
}

fn reveal_page(page: Page, card: &CustomerCard, form: Filled) -> FormPage {
    let reason =
        web::input(&page.lang, &form, "reason", "parties-field-reason").max(200).hint("parties-page-reveal-hint");
    FormPage {
        crumb: (card.name.clone(), "/customers"),
        here: page.t("parties-page-reveal"),
        action: format!("/customers/{}/reveal", card.id),
        does: page.t("parties-page-reveal"),
        back: format!("/customers/{}", card.id),
        hidden: Vec::new(),
        sections: vec![Section { legend: page.t("parties-page-reveal"), grid: false, fields: vec![reason] }],
        conflict: None,
        refusal: None,
        more: Vec::new(),
        form,
        page: page.named("parties-page-reveal"),
    }
}

/// `POST /customers/{id}/reveal`: shows what is masked; the reason stays in the journal.
pub(crate) async fn revealed(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let card = app::get(&ctx, id).await?;
    let shown = match app::reveal(&ctx, id, form.raw("reason")).await {
        Ok(shown) => shown,
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = reveal_page(page, &card, form.into_filled_with(&fault));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response());
        }
        Err(fault) => return Err(fault.into()),
    };
    let facts = vec![
        (page.t("parties-field-phone"), shown.phone),
        (page.t("parties-field-wechat"), shown.wechat),
        (page.t("parties-field-email"), shown.email),
        (page.t("parties-field-address"), shown.address),
    ];
    let view = RecordPage {
        crumb: (page.t("parties-customers-title"), "/customers"),
        code: String::new(),
        chips: Vec::new(),
        note: None,
        main: vec![Card::facts(page.t("parties-page-reveal"), facts)],
        side: Vec::new(),
        entries: Vec::new(),
        edit: None,
        primary: Some((page.t("parties-page-back"), format!("/customers/{id}"))),
        page: page.titled(card.name),
    };
    Ok(([(axum::http::header::CACHE_CONTROL, "no-store")], View(view)).into_response())
}
