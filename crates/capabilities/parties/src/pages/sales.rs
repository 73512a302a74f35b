use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FaultKind, Id, Money, RecordRef, of};
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use super::frame::{
    Card, FormPage, Line, ListPage, PEOPLE, ROWS, RecordPage, Row, Section, Select, address, clashed, conflict,
    customer_of, filled, history, home, seen, some, store_name, stores, tabs, taken,
};
use crate::app::{self, EDIT_SALES, SALE, SaleFile, VIEW_SALES};
use crate::domain::{CoverInput, LineInput, SaleInput, SoldBy, Source, masked_code};
use crate::store::Sales;

/// Rows of lines and of promises that a form can have.
const MOST: usize = 20;

fn channels(lang: &Lang) -> Vec<Choice> {
    SoldBy::ALL.iter().map(|one| Choice::new(one.as_str(), lang.word("parties-sold-by", one.as_str()))).collect()
}

/// `GET /sales?q=&store=&channel=&customer=&from=&to=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let q = form.text_or_empty("q", 100);
    let wanted = Sales {
        store: form.id_or_none("store"),
        channel: form.choice_or_none("channel", SoldBy::parse),
        customer: form.id_or_none("customer"),
        from: form.day_or_none("from"),
        to: form.day_or_none("to"),
        ids: None,
    };
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list_sales(&ctx, wanted, some(&form, "q"), after, ROWS).await?;
    let kept = |name: &'static str| (name, form.raw(name).to_owned());
    let here = |after: Option<Cursor>| {
        let after = after.map(|cursor| cursor.to_string()).unwrap_or_default();
        let pairs = [kept("q"), kept("store"), kept("channel"), kept("customer"), kept("from"), kept("to")];
        address("/sales", &[pairs.as_slice(), &[("after", after)]].concat())
    };
    let mut selects = vec![Select {
        name: "channel",
        label: page.t("parties-page-any-channel"),
        choices: channels(&page.lang),
        value: form.raw("channel").to_owned(),
    }];
    let reached = stores(&ctx, &page.lang, VIEW_SALES);
    if reached.len() > 1 {
        selects.push(Select {
            name: "store",
            label: page.t("parties-page-any-store"),
            choices: reached,
            value: form.raw("store").to_owned(),
        });
    }
    let seen_names = ctx.actor.holds(app::VIEW);
    let rows = listed.rows.iter().map(|row| {
        let more = (row.more > 0).then(|| web::chip("line", "", page.t1("parties-page-more-lines", "n", row.more)));
        Row {
            href: format!("/sales/{}", row.sale.id),
            title: row.product.clone(),
            meta: masked_code(&row.sale.receipt),
            chips: more.into_iter().collect(),
            cells: vec![
                row.sale.day.to_string(),
                row.customer_name.clone().filter(|_| seen_names).unwrap_or_default(),
                page.money(row.sale.total),
                page.word("parties-sold-by", row.sale.channel.as_str()),
                store_name(&ctx, &page.lang, row.sale.store),
            ],
        }
    });
    Ok(View(ListPage {
        tabs: tabs(&ctx, &page.lang, "sales"),
        name: "sales",
        selects,
        days: Some((form.raw("from").to_owned(), form.raw("to").to_owned())),
        kept: [kept("customer")].into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        heads: ["sale", "day", "customer", "total", "channel", "store"]
            .map(|head| page.word("parties-head", head))
            .into(),
        rows: rows.collect(),
        narrowed: ["q", "store", "channel", "customer", "from", "to"].iter().any(|name| form.has(name)),
        may_make: ctx.actor.holds(EDIT_SALES),
        next: listed.next.map(|next| here(Some(next))),
        first: after.map(|_| here(None)),
        q: q.clone(),
        page: page.within(PEOPLE).named("parties-sales-title"),
    }))
}

/// `GET /sales/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let file = app::get_sale(&ctx, Id::new(id)).await?;
    let sale = &file.sale;
    let lines = file.lines.iter().map(|(line, product)| {
        let amount = Money::from_fen(line.price.fen().saturating_mul(line.quantity));
        Line {
            href: format!("/products/{}", product.id),
            icon: "package",
            title: product.draft.name.clone(),
            meta: format!("{} × {} · {}", product.draft.code, line.quantity, page.money(amount)),
            chip: None,
            action: None,
        }
    });
    let covers = file.covers.iter().map(|cover| Line {
        href: String::new(),
        icon: "shield-check",
        title: page.word("parties-source", cover.source.as_str()),
        meta: cover.promise.clone(),
        chip: cover.ends_on.map(|day| web::chip("line", "", page.t1("parties-page-until", "day", day.to_string()))),
        action: None,
    });
    let units = file.units.iter().map(|row| Line {
        href: format!("/units/{}", row.unit.id),
        icon: "scan",
        title: masked_code(&row.unit.serial),
        meta: row.product.draft.name.clone(),
        chip: None,
        action: None,
    });
    let main = vec![
        Card { title: page.t("parties-page-lines"), rows: lines.collect(), ..Card::default() },
        Card {
            title: page.t("parties-page-covers"),
            rows: covers.collect(),
            empty: Some(page.t("parties-page-covers-none")),
            ..Card::default()
        },
        Card {
            title: page.t("parties-page-units"),
            rows: units.collect(),
            empty: Some(page.t("parties-page-units-none")),
            ..Card::default()
        },
    ];
    let customer = file.customer.as_ref().map(|card| format!("{} {}", card.name, card.phone));
    let facts = vec![
        (page.t("parties-field-receipt"), Some(masked_code(&sale.receipt))),
        (page.t("parties-field-day"), Some(sale.day.to_string())),
        (page.t("parties-head-customer"), customer),
        (page.t("parties-field-total"), Some(page.money(sale.total))),
        (page.t("parties-field-payment"), sale.payment.clone()),
        (page.t("parties-field-channel"), Some(page.word("parties-sold-by", sale.channel.as_str()))),
        (page.t("parties-head-store"), Some(store_name(&ctx, &page.lang, sale.store))),
        (page.t("parties-field-note"), sale.note.clone()),
    ];
    let entries = history(&ctx, &page.lang, RecordRef::new(SALE, sale.id)).await?;
    let link = file.customer.as_ref().map(|card| (page.t("parties-page-customer"), format!("/customers/{}", card.id)));
    let code = address("/scan", &[("code", sale.receipt.clone()), ("sale", sale.id.to_string())]);
    Ok(View(RecordPage {
        crumb: (page.t("parties-sales-title"), "/sales"),
        code: masked_code(&sale.receipt),
        chips: Vec::new(),
        note: None,
        main,
        side: vec![Card { link, ..Card::facts(page.t("parties-page-about"), facts) }],
        entries,
        edit: ctx.actor.may(EDIT_SALES, sale).then(|| format!("/sales/{id}/edit")),
        primary: Some((page.t("parties-page-scan"), code)),
        page: page.within(PEOPLE).named("parties-sales-one"),
    }))
}

/// Reads what the form holds; rows that are empty are left out and the others numbered without gaps.
fn input(form: &mut Form) -> (Form, SaleInput) {
    let mut pairs: Vec<(String, String)> = form
        .pairs()
        .iter()
        .filter(|(name, _)| !name.starts_with("lines.") && !name.starts_with("covers."))
        .cloned()
        .collect();
    let mut rows = |group: &str, names: &[&str], needs: &[&str]| {
        let mut nth = 0;
        for n in 0..MOST {
            if needs.iter().all(|name| !form.has(&format!("{group}.{n}.{name}"))) {
                continue;
            }
            for name in names {
                pairs.push((format!("{group}.{nth}.{name}"), form.raw(&format!("{group}.{n}.{name}")).to_owned()));
            }
            nth += 1;
        }
        nth
    };
    let lines = rows("lines", &["product", "quantity", "price", "serials"], &["product", "serials"]);
    let covers = rows("covers", &["source", "promise", "provider", "ends_on"], &["promise", "provider", "ends_on"]);
    let mut form = Form::from_pairs(pairs);
    let lines = (0..lines)
        .map(|n| LineInput {
            product: form.raw(&format!("lines.{n}.product")).to_owned(),
            quantity: form.number_or_none(&format!("lines.{n}.quantity"), 1..=100_000).unwrap_or(0),
            price: form.money_or_none(&format!("lines.{n}.price")).unwrap_or_default().fen(),
            serials: serials(form.raw(&format!("lines.{n}.serials"))),
        })
        .collect();
    let covers = (0..covers)
        .map(|n| CoverInput {
            source: form.raw(&format!("covers.{n}.source")).to_owned(),
            promise: form.raw(&format!("covers.{n}.promise")).to_owned(),
            provider: some(&form, &format!("covers.{n}.provider")),
            ends_on: some(&form, &format!("covers.{n}.ends_on")),
        })
        .collect();
    let input = SaleInput {
        receipt: form.raw("receipt").to_owned(),
        day: form.raw("day").to_owned(),
        channel: form.raw("channel").to_owned(),
        customer: some(&form, "customer"),
        payment: some(&form, "payment"),
        note: some(&form, "note"),
        lines,
        covers,
    };
    (form, input)
}

/// Serial numbers as people write them one after another.
pub(super) fn serials(typed: &str) -> Vec<String> {
    let parts = typed.split([',', '，', '、', ';', '；', '\n', ' ', '\u{3000}']);
    parts.map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// Fen as people type yuan.
fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen.rem_euclid(100))
}

fn fields(file: &SaleFile) -> Vec<(String, String)> {
    let input = app::sale_input(file);
    let mut pairs: Vec<(String, String)> = [
        ("receipt", input.receipt),
        ("day", input.day),
        ("channel", input.channel),
        ("customer", input.customer.unwrap_or_default()),
        ("payment", input.payment.unwrap_or_default()),
        ("note", input.note.unwrap_or_default()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    for (n, line) in input.lines.into_iter().enumerate() {
        let field = |name: &str| format!("lines.{n}.{name}");
        pairs.push((field("product"), line.product));
        pairs.push((field("quantity"), line.quantity.to_string()));
        pairs.push((field("price"), yuan(line.price)));
        pairs.push((field("serials"), line.serials.join(" ")));
    }
    for (n, cover) in input.covers.into_iter().enumerate() {
        let field = |name: &str| format!("covers.{n}.{name}");
        pairs.push((field("source"), cover.source));
        pairs.push((field("promise"), cover.promise));
        pairs.push((field("provider"), cover.provider.unwrap_or_default()));
        pairs.push((field("ends_on"), cover.ends_on.unwrap_or_default()));
    }
    pairs
}

fn form_page(ctx: &Ctx, page: Page, form: Filled, file: Option<&SaleFile>) -> FormPage {
    let lang = page.lang.clone();
    let text = |name: &str, max: usize| web::input(&lang, &form, name, &format!("parties-field-{name}")).max(max);
    let add = form.value("add").to_owned();
    let count = |group: &str, need: &str| {
        let filled = (0..MOST).filter(|n| !form.value(&format!("{group}.{n}.{need}")).is_empty()).count();
        (filled + if add == group { 2 } else { 1 }).min(MOST)
    };
    let mut first = vec![text("receipt", 60), text("day", 10).date()];
    if file.is_none() {
        let choices = stores(ctx, &lang, EDIT_SALES);
        let own = home(ctx).map(|id| id.to_string()).unwrap_or_default();
        first.push(web::select(&lang, &form, "store", "parties-head-store").options(&choices).likely(&own));
    }
    first.push(web::select(&lang, &form, "channel", "parties-field-channel").options(&channels(&lang)).likely("store"));
    first.push(text("customer", 20).optional().hint("parties-page-customer-hint"));
    first.push(text("payment", 60).optional());
    first.push(text("note", 300).optional());
    let mut sections = vec![Section { legend: page.t("parties-page-sec-sale"), grid: true, fields: first }];
    for n in 0..count("lines", "product") {
        let field = |name: &str, key: &str, max: usize| {
            web::input(&lang, &form, &format!("lines.{n}.{name}"), &format!("parties-field-{key}")).max(max).lenient()
        };
        sections.push(Section {
            legend: page.t1("parties-page-line", "n", n + 1),
            grid: true,
            fields: vec![
                field("product", "product-code", 60).lookup("/products/found"),
                field("quantity", "quantity", 6).number(),
                field("price", "price", 20).money(),
                field("serials", "serials", 2000).hint("parties-page-serials-hint"),
            ],
        });
    }
    let sources: Vec<Choice> =
        Source::ALL.iter().map(|one| Choice::new(one.as_str(), lang.word("parties-source", one.as_str()))).collect();
    for n in 0..count("covers", "promise") {
        let field = |name: &str, key: &str, max: usize| {
            web::input(&lang, &form, &format!("covers.{n}.{name}"), &format!("parties-field-{key}")).max(max).lenient()
        };
        sections.push(Section {
            legend: page.t1("parties-page-cover-n", "n", n + 1),
            grid: true,
            fields: vec![
                web::select(&lang, &form, &format!("covers.{n}.source"), "parties-field-source")
                    .options(&sources)
                    .likely("extended")
                    .lenient(),
                field("promise", "promise", 300),
                field("provider", "provider", 60),
                field("ends_on", "ends-on", 10).date(),
            ],
        });
    }
    let (action, back) = match file {
        Some(file) => (format!("/sales/{}/edit", file.sale.id), format!("/sales/{}", file.sale.id)),
        None => ("/sales/new".to_owned(), "/sales".to_owned()),
    };
    let title = if file.is_some() { "parties-sales-edit" } else { "parties-sales-new" };
    FormPage {
        crumb: (page.t("parties-sales-title"), "/sales"),
        here: file.map(|file| masked_code(&file.sale.receipt)).unwrap_or_else(|| page.t(title)),
        action,
        back,
        does: page.t("parties-page-save"),
        hidden: Vec::new(),
        sections,
        conflict: None,
        refusal: None,
        more: vec![("lines", page.t("parties-page-add-line")), ("covers", page.t("parties-page-add-cover"))],
        form,
        page: page.within(PEOPLE).named(title),
    }
}

/// `GET /sales/new`
pub(crate) async fn new(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> impl IntoResponse {
    let form = Form::from_query(&query.unwrap_or_default()).into_filled();
    let today = page.now.day(&page.zone).to_string();
    let form = if form.value("day").is_empty() { form.with("day", today) } else { form };
    View(form_page(&ctx, page, form, None))
}

/// `POST /sales/new`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let (mut form, mut typed) = input(&mut form);
    typed.customer = customer_of(&ctx, typed.customer).await?;
    if form.has("add") {
        return Ok(View(form_page(&ctx, page, form.into_filled(), None)).into_response());
    }
    let store = form.id::<of::Unit>("store");
    let made = match (store, form.check()) {
        (Some(store), Ok(())) => app::create_sale(&ctx, store, &typed).await,
        (_, wrong) => wrong.and(Err(Fault::field("store", "required"))),
    };
    match made {
        Ok(sale) => Ok(Redirect::to(&format!("/sales/{}", sale.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = form_page(&ctx, page, form.into_filled_with(&fault), None);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /sales/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let file = app::get_sale(&ctx, Id::new(id)).await?;
    ctx.require(EDIT_SALES, &file.sale)?;
    let now = fields(&file);
    let mut page = form_page(&ctx, page, filled(&now), Some(&file));
    page.hidden = seen(file.sale.version, &now);
    Ok(View(page))
}

/// `POST /sales/{id}/edit`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let version = form.version("version")?;
    let (form, mut typed) = input(&mut taken(&form));
    typed.customer = customer_of(&ctx, typed.customer).await?;
    let hidden = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
    let hidden: Vec<_> = hidden.cloned().collect();
    if form.has("add") {
        let file = app::get_sale(&ctx, id).await?;
        let mut page = form_page(&ctx, page, form.into_filled(), Some(&file));
        page.hidden = hidden;
        return Ok(View(page).into_response());
    }
    let fault = match form.check() {
        Ok(()) => match app::edit_sale(&ctx, id, version, &typed).await {
            Ok(sale) => return Ok(Redirect::to(&format!("/sales/{}", sale.id)).into_response()),
            Err(fault) => fault,
        },
        Err(fault) => fault,
    };
    let file = app::get_sale(&ctx, id).await?;
    match fault.kind() {
        FaultKind::Invalid => {
            let mut page = form_page(&ctx, page, form.into_filled_with(&fault), Some(&file));
            page.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        FaultKind::Stale => {
            let now = fields(&file);
            let lang = page.lang.clone();
            let label = |name: &str| {
                let last = name.split('.').next_back().unwrap_or_default().replace('_', "-");
                let last = if last == "product" { "product-code".to_owned() } else { last };
                lang.word("parties-field", &last)
            };
            let (filled, clashes) = clashed(&form, &now, label);
            let (record, versions) = (RecordRef::new(SALE, id), (version, file.sale.version));
            let asked = conflict(&ctx, &lang, record, versions, &clashes, &format!("/sales/{id}")).await?;
            let mut page = form_page(&ctx, page, filled, Some(&file));
            page.hidden = seen(file.sale.version, &now);
            page.conflict = Some(asked);
            Ok((StatusCode::PRECONDITION_FAILED, View(page)).into_response())
        }
        _ => Err(fault.into()),
    }
}
