//! REST for products, sales and serial units.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, of};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use web::{Failure, Form, IfMatch, Sent, etag};

use crate::app::{self, SaleFile};
use crate::domain::{CoverInput, LineInput, ProductInput, SaleInput, SoldBy, UnitInput, masked_code};
use crate::store::{Product, Products, Sale, Sales, UnitRow, Units};

/// What is known with what is sent on top: members that are left out stay, those that are empty are cleared.
fn overlaid<T: Serialize + DeserializeOwned>(now: &T, change: Map<String, Value>) -> Result<T, Fault> {
    let Ok(Value::Object(mut all)) = serde_json::to_value(now) else {
        return Err(Fault::internal("an input is no object"));
    };
    for (name, value) in change {
        if value.is_null() {
            all.remove(&name);
        } else {
            all.insert(name, value);
        }
    }
    serde_json::from_value(Value::Object(all)).map_err(|_wrong| Fault::field("body", "type"))
}

fn cursor(form: &Form) -> Result<Option<Cursor>, Fault> {
    match form.raw("after") {
        "" => Ok(None),
        after => Ok(Some(after.parse().ok().ok_or_else(|| Fault::field("after", "unknown"))?)),
    }
}

fn limit(form: &Form) -> Result<u16, Fault> {
    web::rows(Some(form.raw("limit")), 50, 200)
}

fn text(form: &Form) -> Option<String> {
    Some(form.raw("q").to_owned()).filter(|text| !text.trim().is_empty())
}

fn code_of(ctx: &Ctx, store: Id<of::Unit>) -> Option<String> {
    ctx.house.identity.directories().now().unit(store).map(|unit| unit.code.clone())
}

/// The store that is named by its code.
fn store(ctx: &Ctx, code: &str) -> Result<Id<of::Unit>, Fault> {
    let missing = if code.trim().is_empty() { "required" } else { "unknown" };
    let directory = ctx.house.identity.directories().now();
    directory.store_by_code(code.trim()).map(|unit| unit.id).ok_or_else(|| Fault::field("store", missing))
}

fn store_wanted(ctx: &Ctx, form: &Form) -> Result<Option<Id<of::Unit>>, Fault> {
    if form.has("store") { store(ctx, form.raw("store")).map(Some) } else { Ok(None) }
}

fn id<T>(text: &str) -> Result<Id<T>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductBody {
    /// Its id.
    id: String,
    /// What it holds.
    #[serde(flatten)]
    input: ProductInput,
    /// Counts its changes; also the ETag.
    version: i64,
}

impl From<Product> for ProductBody {
    fn from(product: Product) -> Self {
        Self { id: product.id.to_string(), input: product.draft.into(), version: product.version }
    }
}

/// A page of products.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductsBody {
    /// The products.
    items: Vec<ProductBody>,
    /// Give it as `after` to get the next page.
    next: Option<String>,
}

/// Lists products, newest first.
#[utoipa::path(get, path = "/api/v1/products", tag = "products",
    params(("q" = Option<String>, Query, description = "What is looked for"),
        ("category" = Option<String>, Query, description = "Only this group"),
        ("brand" = Option<String>, Query, description = "Only this brand"),
        ("retired" = Option<bool>, Query, description = "Those that are no longer sold, too"),
        ("after" = Option<String>, Query, description = "Cursor from `next`"),
        ("limit" = Option<u16>, Query, description = "Rows, 1 to 200")),
    responses((status = 200, body = ProductsBody)))]
pub(super) async fn products(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ProductsBody>, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let given = |name: &str| Some(form.raw(name).to_owned()).filter(|value| !value.is_empty());
    let wanted =
        Products { category: given("category"), brand: given("brand"), retired: form.flag("retired"), ids: None };
    let page = app::list_products(&ctx, wanted, text(&form), cursor(&form)?, limit(&form)?).await?;
    let items = page.rows.into_iter().map(ProductBody::from).collect();
    Ok(Json(ProductsBody { items, next: page.next.map(|next| next.to_string()) }))
}

/// Makes a product.
#[utoipa::path(post, path = "/api/v1/products", tag = "products", request_body = ProductInput,
    responses((status = 201, body = ProductBody), (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn make_product(ctx: Ctx, Sent(body): Sent<ProductInput>) -> Result<Response, Failure> {
    let product = app::create_product(&ctx, &body).await?;
    let version = etag(product.version);
    Ok((StatusCode::CREATED, [version], Json(ProductBody::from(product))).into_response())
}

/// One product.
#[utoipa::path(get, path = "/api/v1/products/{id}", tag = "products",
    responses((status = 200, body = ProductBody), (status = 404, description = "Unknown")))]
pub(super) async fn product(ctx: Ctx, Path(text): Path<String>) -> Result<Response, Failure> {
    let product = app::get_product(&ctx, id(&text)?).await?;
    Ok(([etag(product.version)], Json(ProductBody::from(product))).into_response())
}

/// Changes a product: what is left out stays, what is empty is cleared.
#[utoipa::path(patch, path = "/api/v1/products/{id}", tag = "products", request_body = ProductInput,
    responses((status = 200, body = ProductBody), (status = 412, description = "Changed by somebody else"),
        (status = 428, description = "If-Match is missing")))]
pub(super) async fn change_product(
    ctx: Ctx,
    Path(text): Path<String>,
    IfMatch(version): IfMatch,
    Sent(change): Sent<Map<String, Value>>,
) -> Result<Response, Failure> {
    let now = app::get_product(&ctx, id(&text)?).await?;
    let input = overlaid(&ProductInput::from(now.draft.clone()), change)?;
    let product = app::edit_product(&ctx, now.id, version, &input).await?;
    Ok(([etag(product.version)], Json(ProductBody::from(product))).into_response())
}

/// A sale in a list. The receipt's number is masked; whoever opens the sale sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SaleLineBody {
    /// Its id.
    id: String,
    /// Code of the store.
    store: Option<String>,
    /// The receipt's number, masked.
    receipt: String,
    /// The day of sale.
    day: String,
    /// How it was sold.
    channel: &'static str,
    /// Its first product.
    product: String,
    /// Lines beyond the first.
    more: i64,
    /// What all lines cost together, in fen.
    total: i64,
}

/// A page of sales.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SalesBody {
    /// The sales.
    items: Vec<SaleLineBody>,
    /// Give it as `after` to get the next page.
    next: Option<String>,
}

/// A sale with its lines, promises and serial numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SaleBody {
    /// Its id.
    id: String,
    /// Code of the store.
    store: Option<String>,
    /// Number of the receipt.
    receipt: String,
    /// The day of sale.
    day: String,
    /// How it was sold.
    channel: String,
    /// Id of the customer; absent when it may not be seen.
    customer: Option<String>,
    /// How it was paid.
    payment: Option<String>,
    /// What staff should know.
    note: Option<String>,
    /// What was sold.
    lines: Vec<LineInput>,
    /// What was promised beyond the law.
    covers: Vec<CoverInput>,
    /// What all lines cost together, in fen.
    total: i64,
    /// Counts its changes; also the ETag.
    version: i64,
}

impl SaleBody {
    fn of(ctx: &Ctx, file: &SaleFile) -> Self {
        let input = app::sale_input(file);
        Self {
            id: file.sale.id.to_string(),
            store: code_of(ctx, file.sale.store),
            receipt: input.receipt,
            day: input.day,
            channel: input.channel,
            customer: file.customer.as_ref().map(|card| card.id.to_string()),
            payment: input.payment,
            note: input.note,
            lines: input.lines,
            covers: input.covers,
            total: file.sale.total.fen(),
            version: file.sale.version,
        }
    }
}

/// Lists sales within reach, newest day first.
#[utoipa::path(get, path = "/api/v1/sales", tag = "sales",
    params(("q" = Option<String>, Query, description = "A receipt, a serial number, the end of a phone number, a name"),
        ("store" = Option<String>, Query, description = "Code of a store"),
        ("channel" = Option<String>, Query, description = "How they were sold"),
        ("customer" = Option<String>, Query, description = "Id of a customer"),
        ("from" = Option<String>, Query, description = "From this day on"),
        ("to" = Option<String>, Query, description = "To this day"),
        ("after" = Option<String>, Query, description = "Cursor from `next`"),
        ("limit" = Option<u16>, Query, description = "Rows, 1 to 200")),
    responses((status = 200, body = SalesBody)))]
pub(super) async fn sales(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<SalesBody>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let wanted = Sales {
        store: store_wanted(&ctx, &form)?,
        channel: form.choice_or_none("channel", SoldBy::parse),
        customer: form.id_or_none("customer"),
        from: form.day_or_none("from"),
        to: form.day_or_none("to"),
        ids: None,
    };
    form.check()?;
    let page = app::list_sales(&ctx, wanted, text(&form), cursor(&form)?, limit(&form)?).await?;
    let items = page.rows.into_iter().map(|row| SaleLineBody {
        id: row.sale.id.to_string(),
        store: code_of(&ctx, row.sale.store),
        receipt: masked_code(&row.sale.receipt),
        day: row.sale.day.to_string(),
        channel: row.sale.channel.as_str(),
        product: row.product,
        more: row.more,
        total: row.sale.total.fen(),
    });
    Ok(Json(SalesBody { items: items.collect(), next: page.next.map(|next| next.to_string()) }))
}

/// A new sale.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewSale {
    /// Code of the store.
    store: String,
    /// The sale.
    #[serde(flatten)]
    sale: SaleInput,
}

async fn sale_answer(ctx: &Ctx, status: StatusCode, sale: Sale) -> Result<Response, Failure> {
    let file = app::get_sale(ctx, sale.id).await?;
    Ok((status, [etag(file.sale.version)], Json(SaleBody::of(ctx, &file))).into_response())
}

/// Types in a sale with its serial numbers and promises.
#[utoipa::path(post, path = "/api/v1/sales", tag = "sales", request_body = NewSale,
    responses((status = 201, body = SaleBody), (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn make_sale(ctx: Ctx, Sent(body): Sent<NewSale>) -> Result<Response, Failure> {
    let sale = app::create_sale(&ctx, store(&ctx, &body.store)?, &body.sale).await?;
    sale_answer(&ctx, StatusCode::CREATED, sale).await
}

/// One sale.
#[utoipa::path(get, path = "/api/v1/sales/{id}", tag = "sales",
    responses((status = 200, body = SaleBody), (status = 404, description = "Unknown or out of reach")))]
pub(super) async fn sale(ctx: Ctx, Path(text): Path<String>) -> Result<Response, Failure> {
    let file = app::get_sale(&ctx, id(&text)?).await?;
    Ok(([etag(file.sale.version)], Json(SaleBody::of(&ctx, &file))).into_response())
}

/// Changes a sale: what is left out stays; lines and promises are sent whole.
#[utoipa::path(patch, path = "/api/v1/sales/{id}", tag = "sales", request_body = SaleInput,
    responses((status = 200, body = SaleBody), (status = 412, description = "Changed by somebody else"),
        (status = 428, description = "If-Match is missing")))]
pub(super) async fn change_sale(
    ctx: Ctx,
    Path(text): Path<String>,
    IfMatch(version): IfMatch,
    Sent(change): Sent<Map<String, Value>>,
) -> Result<Response, Failure> {
    let now = app::get_sale(&ctx, id(&text)?).await?;
    let input = overlaid(&app::sale_input(&now), change)?;
    let sale = app::edit_sale(&ctx, now.sale.id, version, &input).await?;
    sale_answer(&ctx, StatusCode::OK, sale).await
}

/// A serial unit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnitBody {
    /// Its id.
    id: String,
    /// Code of the store.
    store: Option<String>,
    /// Code of the product.
    product: String,
    /// The serial number; masked in lists.
    serial: String,
    /// The IMEI; masked in lists.
    imei: Option<String>,
    /// The receipt on which it was sold; masked in lists.
    receipt: Option<String>,
    /// The day of sale.
    sold_on: Option<String>,
    /// The day from which its warranty counts, where that is not the day of sale.
    warranty_from: Option<String>,
    /// Finished repairs.
    repairs: i64,
    /// Exchanges.
    exchanges: i64,
    /// What staff should know.
    note: Option<String>,
    /// Counts its changes; also the ETag.
    version: i64,
}

impl UnitBody {
    fn of(ctx: &Ctx, row: UnitRow) -> Self {
        Self {
            id: row.unit.id.to_string(),
            store: code_of(ctx, row.unit.store),
            product: row.product.draft.code,
            serial: row.unit.serial,
            imei: row.unit.imei,
            receipt: row.receipt,
            sold_on: row.sold_on.map(|day| day.to_string()),
            warranty_from: row.unit.warranty_from.map(|day| day.to_string()),
            repairs: row.unit.repairs,
            exchanges: row.unit.exchanges,
            note: row.unit.note,
            version: row.unit.version,
        }
    }
    fn masked(mut self) -> Self {
        self.serial = masked_code(&self.serial);
        self.imei = self.imei.as_deref().map(masked_code);
        self.receipt = self.receipt.as_deref().map(masked_code);
        self
    }
}

/// A page of units.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnitsBody {
    /// The units.
    items: Vec<UnitBody>,
    /// Give it as `after` to get the next page.
    next: Option<String>,
}

/// Lists serial units within reach, newest first.
#[utoipa::path(get, path = "/api/v1/units", tag = "units",
    params(("q" = Option<String>, Query, description = "A serial number or its last six, an IMEI, a receipt, a name"),
        ("store" = Option<String>, Query, description = "Code of a store"),
        ("product" = Option<String>, Query, description = "Id of a product"),
        ("customer" = Option<String>, Query, description = "Id of a customer"),
        ("after" = Option<String>, Query, description = "Cursor from `next`"),
        ("limit" = Option<u16>, Query, description = "Rows, 1 to 200")),
    responses((status = 200, body = UnitsBody)))]
pub(super) async fn units(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<UnitsBody>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let wanted = Units {
        store: store_wanted(&ctx, &form)?,
        product: form.id_or_none("product"),
        customer: form.id_or_none("customer"),
        ids: None,
    };
    form.check()?;
    let page = app::list_units(&ctx, wanted, text(&form), cursor(&form)?, limit(&form)?).await?;
    let items = page.rows.into_iter().map(|row| UnitBody::of(&ctx, row).masked()).collect();
    Ok(Json(UnitsBody { items, next: page.next.map(|next| next.to_string()) }))
}

/// A new serial unit.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewUnit {
    /// Code of the store.
    store: String,
    /// The unit.
    #[serde(flatten)]
    unit: UnitInput,
}

/// Types in a serial unit.
#[utoipa::path(post, path = "/api/v1/units", tag = "units", request_body = NewUnit,
    responses((status = 201, body = UnitBody), (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn make_unit(ctx: Ctx, Sent(body): Sent<NewUnit>) -> Result<Response, Failure> {
    let row = app::create_unit(&ctx, store(&ctx, &body.store)?, &body.unit).await?;
    let version = etag(row.unit.version);
    Ok((StatusCode::CREATED, [version], Json(UnitBody::of(&ctx, row))).into_response())
}

/// One serial unit.
#[utoipa::path(get, path = "/api/v1/units/{id}", tag = "units",
    responses((status = 200, body = UnitBody), (status = 404, description = "Unknown or out of reach")))]
pub(super) async fn unit(ctx: Ctx, Path(text): Path<String>) -> Result<Response, Failure> {
    let row = app::get_unit(&ctx, id(&text)?).await?.row;
    Ok(([etag(row.unit.version)], Json(UnitBody::of(&ctx, row))).into_response())
}

/// Changes a serial unit: what is left out stays, what is empty is cleared.
#[utoipa::path(patch, path = "/api/v1/units/{id}", tag = "units", request_body = UnitInput,
    responses((status = 200, body = UnitBody), (status = 412, description = "Changed by somebody else"),
        (status = 428, description = "If-Match is missing")))]
pub(super) async fn change_unit(
    ctx: Ctx,
    Path(text): Path<String>,
    IfMatch(version): IfMatch,
    Sent(change): Sent<Map<String, Value>>,
) -> Result<Response, Failure> {
    let now = app::get_unit(&ctx, id(&text)?).await?.row;
    let input = overlaid(&app::unit_input(&now), change)?;
    let row = app::edit_unit(&ctx, now.unit.id, version, &input).await?;
    Ok(([etag(row.unit.version)], Json(UnitBody::of(&ctx, row))).into_response())
}
