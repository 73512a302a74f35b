use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FaultKind, Id, RecordRef};
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use super::frame::{
    Card, FormPage, Line, ListPage, ROWS, RecordPage, Row, Section, Select, address, clashed, conflict, filled,
    history, seen, some, tabs, taken,
};
use crate::app::{self, EDIT_PRODUCTS, PRODUCT, VIEW_SALES};
use crate::domain::{List, ListEntry, ProductInput, entry_name};
use crate::store::{Product, Products, Units};

/// The groups to choose from, and what a filter or a form holds beside them.
fn offered(lang: &Lang, groups: &[ListEntry], held: &str) -> Vec<Choice> {
    let today = lang.now.day(&lang.zone);
    let shown = groups.iter().filter(|entry| entry.is_offered(today) || entry.code == held);
    let mut choices: Vec<Choice> =
        shown.map(|entry| Choice::new(&entry.code, entry.name_in(lang.locale.as_str()))).collect();
    if !held.is_empty() && !groups.iter().any(|entry| entry.code == held) {
        choices.push(Choice::new(held, held));
    }
    choices
}

fn months(lang: &Lang, months: Option<i64>) -> Option<String> {
    months.map(|months| lang.t1("parties-page-months", "n", months))
}

/// `GET /products?q=&category=&retired=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let q = form.text_or_empty("q", 100);
    let wanted = Products {
        category: some(&form, "category"),
        brand: some(&form, "brand"),
        retired: form.flag("retired") || form.has("q"),
        ids: None,
    };
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list_products(&ctx, wanted, some(&form, "q"), after, ROWS).await?;
    let groups = app::entries(&ctx, List::Groups).await?;
    let here = |after: Option<Cursor>| {
        let kept = |name: &'static str| (name, form.raw(name).to_owned());
        let after = after.map(|cursor| cursor.to_string()).unwrap_or_default();
        address("/products", &[kept("q"), kept("category"), kept("brand"), kept("retired"), ("after", after)])
    };
    let rows = listed.rows.iter().map(|product| {
        let draft = &product.draft;
        let retired = (!draft.active).then(|| web::chip("line", "", page.t("parties-page-retired")));
        Row {
            href: format!("/products/{}", product.id),
            title: draft.name.clone(),
            meta: draft.code.clone(),
            chips: retired.into_iter().collect(),
            cells: vec![
                draft.brand.clone(),
                entry_name(&groups, &draft.category, page.lang.locale.as_str()),
                months(&page.lang, draft.law_months).unwrap_or_else(|| page.t("parties-page-unknown")),
                draft.maker_promise.clone().or_else(|| months(&page.lang, draft.maker_months)).unwrap_or_default(),
            ],
        }
    });
    Ok(View(ListPage {
        tabs: tabs(&ctx, &page.lang, "products"),
        name: "products",
        selects: vec![Select {
            name: "category",
            label: page.t("parties-page-any-category"),
            choices: offered(&page.lang, &groups, form.raw("category")),
            value: form.raw("category").to_owned(),
        }],
        days: None,
        kept: Vec::new(),
        heads: ["product", "brand", "category", "law", "maker"].map(|head| page.word("parties-head", head)).into(),
        rows: rows.collect(),
        narrowed: ["q", "category", "brand"].iter().any(|name| form.has(name)),
        may_make: ctx.actor.holds(EDIT_PRODUCTS),
        next: listed.next.map(|next| here(Some(next))),
        first: after.map(|_| here(None)),
        q: q.clone(),
        page: page.named("parties-products-title"),
    }))
}

/// How many products are offered to somebody who types.
const OFFERED: u16 = 8;

#[derive(Template)]
#[template(path = "parties_products_found.html")]
struct Found {
    products: Vec<Product>,
}

/// `GET /products/found?<field>=`: products on offer by what was typed, as options below the field.
pub(crate) async fn found(ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let typed = form.pairs().first().map(|(_, typed)| typed.trim().to_owned()).filter(|typed| !typed.is_empty());
    let products = match typed {
        Some(typed) => app::list_products(&ctx, Products::default(), Some(typed), None, OFFERED).await?.rows,
        None => Vec::new(),
    };
    Ok(View(Found { products }))
}

/// `GET /products/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let product = app::get_product(&ctx, Id::new(id)).await?;
    let draft = &product.draft;
    let mut main = vec![Card::facts(
        page.t("parties-page-cover"),
        vec![
            (page.t("parties-field-law-months"), months(&page.lang, draft.law_months)),
            (page.t("parties-field-main-months"), months(&page.lang, draft.main_months)),
            (page.t("parties-field-maker-months"), months(&page.lang, draft.maker_months)),
            (page.t("parties-field-maker-promise"), draft.maker_promise.clone()),
            (page.t("parties-field-hotline"), draft.hotline.clone()),
        ],
    )];
    if let [card] = main.as_mut_slice() {
        card.empty = Some(page.t("parties-page-cover-none"));
    }
    if ctx.actor.holds(VIEW_SALES) {
        let wanted = Units { product: Some(product.id), ..Units::default() };
        let units = app::list_units(&ctx, wanted, None, None, 8).await?;
        main.push(Card {
            title: page.t("parties-page-units"),
            link: Some((page.t("parties-page-all"), format!("/units?product={id}"))),
            rows: units
                .rows
                .iter()
                .map(|row| Line {
                    href: format!("/units/{}", row.unit.id),
                    icon: "package",
                    title: crate::domain::masked_code(&row.unit.serial),
                    meta: row.sold_on.map(|day| page.day(day)).unwrap_or_default(),
                    chip: None,
                    action: None,
                })
                .collect(),
            empty: Some(page.t("parties-page-units-none")),
            ..Card::default()
        });
    }
    let groups = app::entries(&ctx, List::Groups).await?;
    let facts = vec![
        (page.t("parties-field-code"), Some(draft.code.clone())),
        (page.t("parties-field-brand"), Some(draft.brand.clone())),
        (page.t("parties-field-model"), draft.model.clone()),
        (page.t("parties-field-barcode"), draft.barcode.clone()),
        (page.t("parties-field-category"), Some(entry_name(&groups, &draft.category, page.lang.locale.as_str()))),
    ];
    let entries = history(&ctx, &page.lang, RecordRef::new(PRODUCT, product.id)).await?;
    let retired = (!draft.active).then(|| web::chip("line", "", page.t("parties-page-retired")));
    Ok(View(RecordPage {
        crumb: (page.t("parties-products-title"), "/products"),
        code: draft.code.clone(),
        chips: retired.into_iter().collect(),
        note: None,
        main,
        side: vec![Card::facts(page.t("parties-page-about"), facts)],
        entries,
        edit: ctx.actor.holds(EDIT_PRODUCTS).then(|| format!("/products/{id}/edit")),
        primary: None,
        page: page.titled(draft.name.clone()),
    }))
}

const NUMBERS: [&str; 3] = ["law_months", "main_months", "maker_months"];

pub(crate) fn input(form: &mut Form) -> ProductInput {
    let [law_months, main_months, maker_months] = NUMBERS.map(|name| form.number_or_none(name, 0..=600));
    ProductInput {
        code: form.raw("code").to_owned(),
        name: form.raw("name").to_owned(),
        brand: form.raw("brand").to_owned(),
        model: some(form, "model"),
        barcode: some(form, "barcode"),
        category: form.raw("category").to_owned(),
        law_months,
        main_months,
        maker_months,
        maker_promise: some(form, "maker_promise"),
        hotline: some(form, "hotline"),
        retired: form.flag("retired"),
    }
}

fn fields(product: &Product) -> Vec<(String, String)> {
    let input = ProductInput::from(product.draft.clone());
    let number = |months: Option<i64>| months.map(|months| months.to_string()).unwrap_or_default();
    let pairs = [
        ("code", input.code),
        ("name", input.name),
        ("brand", input.brand),
        ("model", input.model.unwrap_or_default()),
        ("barcode", input.barcode.unwrap_or_default()),
        ("category", input.category),
        ("law_months", number(input.law_months)),
        ("main_months", number(input.main_months)),
        ("maker_months", number(input.maker_months)),
        ("maker_promise", input.maker_promise.unwrap_or_default()),
        ("hotline", input.hotline.unwrap_or_default()),
        ("retired", if input.retired { "true".to_owned() } else { String::new() }),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn form_page(page: Page, groups: &[ListEntry], form: Filled, product: Option<&Product>) -> FormPage {
    let lang = page.lang.clone();
    let text = |name: &str, max: usize| {
        web::input(&lang, &form, name, &format!("parties-field-{}", name.replace('_', "-"))).max(max)
    };
    let number = |name: &str| text(name, 3).number().optional();
    let groups = offered(&lang, groups, form.value("category"));
    let sections = vec![
        Section {
            legend: page.t("parties-page-sec-product"),
            grid: false,
            fields: vec![
                text("name", 120),
                text("code", 60).hint("parties-page-code-hint"),
                text("brand", 60).optional(),
                text("model", 60).optional(),
                text("barcode", 20).optional().hint("parties-page-barcode-hint"),
                web::select(&lang, &form, "category", "parties-field-category").options(&groups).likely("general"),
            ],
        },
        Section {
            legend: page.t("parties-page-cover"),
            grid: false,
            fields: vec![
                number("law_months").hint("parties-page-law-hint"),
                number("main_months"),
                number("maker_months"),
                text("maker_promise", 300).optional(),
                text("hotline", 30).optional(),
                web::check(&lang, &form, "retired", "parties-page-retired-check").lenient(),
            ],
        },
    ];
    let (action, back) = match product {
        Some(product) => (format!("/products/{}/edit", product.id), format!("/products/{}", product.id)),
        None => ("/products/new".to_owned(), "/products".to_owned()),
    };
    let title = if product.is_some() { "parties-products-edit" } else { "parties-products-new" };
    FormPage {
        crumb: (page.t("parties-products-title"), "/products"),
        here: product.map(|product| product.draft.code.clone()).unwrap_or_else(|| page.t(title)),
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

/// `GET /products/new`
pub(crate) async fn new(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let groups = app::entries(&ctx, List::Groups).await?;
    Ok(View(form_page(page, &groups, Form::from_query(&query.unwrap_or_default()).into_filled(), None)))
}

/// `POST /products/new`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let typed = input(&mut form);
    let made = match form.check() {
        Ok(()) => app::create_product(&ctx, &typed).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(product) => Ok(Redirect::to(&format!("/products/{}", product.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let groups = app::entries(&ctx, List::Groups).await?;
            let page = form_page(page, &groups, form.into_filled_with(&fault), None);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /products/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let product = app::get_product(&ctx, Id::new(id)).await?;
    let now = fields(&product);
    let groups = app::entries(&ctx, List::Groups).await?;
    let mut page = form_page(page, &groups, filled(&now), Some(&product));
    page.hidden = seen(product.version, &now);
    Ok(View(page))
}

/// `POST /products/{id}/edit`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let mut form = taken(&form);
    let version = form.version("version")?;
    let typed = input(&mut form);
    let fault = match form.check() {
        Ok(()) => match app::edit_product(&ctx, id, version, &typed).await {
            Ok(product) => return Ok(Redirect::to(&format!("/products/{}", product.id)).into_response()),
            Err(fault) => fault,
        },
        Err(fault) => fault,
    };
    let product = app::get_product(&ctx, id).await?;
    let now = fields(&product);
    let groups = app::entries(&ctx, List::Groups).await?;
    match fault.kind() {
        FaultKind::Invalid => {
            let hidden = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
            let hidden = hidden.cloned().collect();
            let mut page = form_page(page, &groups, form.into_filled_with(&fault), Some(&product));
            page.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        FaultKind::Stale => {
            let lang = page.lang.clone();
            let (filled, clashes) = clashed(&form, &now, |name| lang.word("parties-field", &name.replace('_', "-")));
            let record = RecordRef::new(PRODUCT, id);
            let versions = (version, product.version);
            let asked = conflict(&ctx, &lang, record, versions, &clashes, &format!("/products/{id}")).await?;
            let mut page = form_page(page, &groups, filled, Some(&product));
            page.hidden = seen(product.version, &now);
            page.conflict = Some(asked);
            Ok((StatusCode::PRECONDITION_FAILED, View(page)).into_response())
        }
        _ => Err(Fault::into(fault)),
    }
}
