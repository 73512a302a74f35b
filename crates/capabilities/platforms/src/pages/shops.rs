use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use parties::store::ShopId;
use web::{Choice, Failure, Filled, Form, Markup, Page, View};

use super::shown::{Platforms, store_name};
use crate::app::{self, SHOPS, ShopInput};
use crate::domain::{Clock, Hours};

#[derive(Template)]
#[template(path = "platforms_shops.html")]
struct ShopsPage {
    page: Page,
    rows: Vec<Row>,
    may: bool,
}

struct Row {
    href: String,
    may: bool,
    name: String,
    platform: String,
    store: String,
    hours: String,
    terms: String,
    active: bool,
    orders: String,
}

/// `GET /platform-shops?done=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut page = page;
    if Form::from_query(&query.unwrap_or_default()).raw("done") == "saved" {
        page.flash = Some(web::Flash { text: page.t("platforms-shop-saved"), undo: None });
    }
    let lang = page.lang.clone();
    let platforms = Platforms::load(&ctx, &lang).await?;
    let rows = app::shops(&ctx).await?.into_iter().map(|file| {
        let hours = Clock::ALL.iter().filter_map(|clock| {
            let hours = file.shop.hours.of(*clock)?;
            Some(lang.t2("platforms-hours-of", "clock", lang.word("platforms-clock", clock.as_str()), "n", hours))
        });
        Row {
            href: format!("/platform-shops/{}", file.shop.id),
            may: ctx.actor.may(SHOPS, &file.shop),
            platform: platforms.name(&file.shop.platform),
            store: store_name(&ctx, &lang, file.shop.store),
            hours: hours.collect::<Vec<_>>().join(" · "),
            terms: file.terms.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" · "),
            active: file.shop.active,
            orders: format!("/platform-orders?show=all&shop={}", file.shop.id),
            name: file.shop.name,
        }
    });
    Ok(View(ShopsPage { rows: rows.collect(), may: ctx.actor.holds(SHOPS), page: page.named("platforms-shops-title") }))
}

#[derive(Template)]
#[template(path = "platforms_shop.html")]
struct ShopPage {
    page: Page,
    action: String,
    form: Filled,
    platforms: Vec<Choice>,
    fixed: Option<String>,
    stores: Vec<Choice>,
    terms: Vec<Choice>,
    refusal: Option<Markup>,
}

async fn render(
    page: Page,
    ctx: &Ctx,
    id: Option<Id<ShopId>>,
    form: Filled,
    refusal: Option<Markup>,
) -> Result<ShopPage, Fault> {
    let lang = page.lang.clone();
    let platforms = Platforms::load(ctx, &lang).await?;
    let terms = app::offered_terms(ctx).await?;
    Ok(ShopPage {
        action: id.map_or_else(|| "/platform-shops/new".to_owned(), |id| format!("/platform-shops/{id}")),
        fixed: id.map(|_| platforms.name(form.value("platform"))),
        platforms: platforms.choices(),
        stores: app::stores(ctx)
            .into_iter()
            .map(|store| Choice::new(store.to_string(), store_name(ctx, &lang, store)))
            .collect(),
        terms: terms.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        form,
        refusal,
        page: page.named(if id.is_some() { "platforms-shop-edit" } else { "platforms-shop-new" }),
    })
}

/// `GET /platform-shops/new`
pub(crate) async fn new(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let form = Filled::new().with("active", "yes").with("version", "0");
    Ok(View(render(page, &ctx, None, form, None).await?))
}

/// `GET /platform-shops/{id}`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let file = app::get_shop(&ctx, Id::new(id)).await?;
    let shop = &file.shop;
    let mut form = Filled::new()
        .with("platform", shop.platform.clone())
        .with("name", shop.name.clone())
        .with("store", shop.store.to_string())
        .with("source", shop.source.clone().unwrap_or_default())
        .with("version", shop.version.to_string());
    for clock in Clock::ALL.iter().copied() {
        if let Some(hours) = shop.hours.of(clock) {
            form = form.with(&format!("{clock}_hours"), hours.to_string());
        }
    }
    if shop.active {
        form = form.with("active", "yes");
    }
    for (id, _) in &file.terms {
        form = form.with("terms", id.to_string());
    }
    Ok(View(render(page, &ctx, Some(shop.id), form, None).await?))
}

/// A shop as a page or a program sends it.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(form: &mut Form, id: Option<Id<ShopId>>, version: i64) -> Result<ShopInput, Fault> {
    let platform = form.text("platform", 40);
    let name = form.text("name", 60);
    let store = form.id("store");
    let source = form.text_or_none("source", 200);
    let mut hours = |field: &str| form.number_or_none(field, 1..=2_160);
    let hours = Hours {
        answer: hours("answer_hours"),
        ship_back: hours("ship_back_hours"),
        refund: hours("refund_hours"),
        evidence: hours("evidence_hours"),
    };
    let mut terms = Vec::new();
    let typed: Vec<String> = form.all("terms").filter(|text| !text.is_empty()).map(str::to_owned).collect();
    for text in typed {
        match text.parse() {
            Ok(id) => terms.push(id),
            Err(_) => form.reject("terms", "unknown"),
        }
    }
    let active = form.flag("active");
    form.check()?;
    Ok(ShopInput { id, platform, name, store: form.need(store)?, hours, source, active, terms, version })
}

/// `POST /platform-shops/new`
pub(crate) async fn make(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    saved(page, ctx, None, form).await
}

/// `POST /platform-shops/{id}`
pub(crate) async fn save(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let file = app::get_shop(&ctx, Id::new(id)).await?;
    saved(page, ctx, Some(file.shop.id), form).await
}

async fn saved(page: Page, ctx: Ctx, id: Option<Id<ShopId>>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let done = match read(&mut form, id, version) {
        Ok(input) => app::save_shop(&ctx, input).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(Redirect::to("/platform-shops?done=saved").into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let refusal = (fault.kind() == FaultKind::Stale).then(|| web::notice(&page.lang, &fault));
    let page = render(page, &ctx, id, form.into_filled_with(&fault), refusal).await?;
    Ok((status, View(page)).into_response())
}
