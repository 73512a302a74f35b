//! REST for customers, products, sales and serial units.

mod erasing;
mod goods;
mod lists;
mod repairs;
mod subsidies;
mod terms;

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::{Access, Ctx, Route};
use kernel::{Fault, Id, of};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, IfMatch, Sent, etag};

use crate::app::{
    self, CustomerCard, CustomerChange, CustomerInput, EDIT, EDIT_LISTS, EDIT_PRODUCTS, EDIT_SALES, EDIT_SUBSIDIES,
    EDIT_TERMS, ERASE, REVEAL, Revealed, VIEW, VIEW_PRODUCTS, VIEW_SALES, VIEW_TERMS,
};

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/customers", Access::Needs(VIEW), search),
        Route::post("/api/v1/customers", Access::Needs(EDIT), create),
        Route::get("/api/v1/customers/{id}", Access::Needs(VIEW), show),
        Route::patch("/api/v1/customers/{id}", Access::Needs(EDIT), change),
        Route::post("/api/v1/customers/{id}/reveal", Access::Needs(REVEAL), reveal),
        Route::post("/api/v1/customers/{id}/merge", Access::Needs(EDIT), merge),
        Route::get("/api/v1/customers/{id}/merges", Access::Needs(VIEW), merges),
        Route::post("/api/v1/customers/{id}/merges/{merge}/undo", Access::Needs(EDIT), part),
        Route::get("/api/v1/customers/{id}/erasure", Access::Needs(VIEW), erasing::show),
        Route::post("/api/v1/customers/{id}/erasure", Access::Needs(ERASE), erasing::ask),
        Route::post("/api/v1/customers/{id}/hold", Access::Needs(ERASE), erasing::hold),
        Route::delete("/api/v1/customers/{id}/hold", Access::Needs(ERASE), erasing::release),
        Route::get("/api/v1/lists/{list}", Access::SignedIn, lists::list),
        Route::post("/api/v1/lists/{list}", Access::Needs(EDIT_LISTS), lists::add),
        Route::patch("/api/v1/lists/{list}/{id}", Access::Needs(EDIT_LISTS), lists::change),
        Route::post("/api/v1/lists/{list}/{id}/retire", Access::Needs(EDIT_LISTS), lists::retire),
        Route::post("/api/v1/lists/{list}/{id}/restore", Access::Needs(EDIT_LISTS), lists::restore),
        Route::get("/api/v1/products", Access::Needs(VIEW_PRODUCTS), goods::products),
        Route::post("/api/v1/products", Access::Needs(EDIT_PRODUCTS), goods::make_product),
        Route::get("/api/v1/products/{id}", Access::Needs(VIEW_PRODUCTS), goods::product),
        Route::patch("/api/v1/products/{id}", Access::Needs(EDIT_PRODUCTS), goods::change_product),
        Route::get("/api/v1/sales", Access::Needs(VIEW_SALES), goods::sales),
        Route::post("/api/v1/sales", Access::Needs(EDIT_SALES), goods::make_sale),
        Route::get("/api/v1/sales/{id}", Access::Needs(VIEW_SALES), goods::sale),
        Route::patch("/api/v1/sales/{id}", Access::Needs(EDIT_SALES), goods::change_sale),
        Route::get("/api/v1/units", Access::Needs(VIEW_SALES), goods::units),
        Route::post("/api/v1/units", Access::Needs(EDIT_SALES), goods::make_unit),
        Route::get("/api/v1/units/{id}", Access::Needs(VIEW_SALES), goods::unit),
        Route::patch("/api/v1/units/{id}", Access::Needs(EDIT_SALES), goods::change_unit),
        Route::get("/api/v1/units/{id}/repairs", Access::Needs(VIEW_SALES), repairs::list),
        Route::post("/api/v1/units/{id}/repairs", Access::Needs(EDIT_SALES), repairs::note),
        Route::get("/api/v1/units/{id}/verdict", Access::Needs(VIEW_SALES), repairs::verdict),
        Route::get("/api/v1/terms", Access::Needs(VIEW_TERMS), terms::list),
        Route::post("/api/v1/terms", Access::Needs(EDIT_TERMS), terms::add),
        Route::get("/api/v1/terms/{id}", Access::Needs(VIEW_TERMS), terms::show),
        Route::patch("/api/v1/terms/{id}", Access::Needs(EDIT_TERMS), terms::change),
        Route::get("/api/v1/units/{id}/terms", Access::Needs(VIEW_SALES), terms::sold),
        Route::post("/api/v1/units/{id}/terms", Access::Needs(EDIT_SALES), terms::sell),
        Route::get("/api/v1/subsidies", Access::Needs(VIEW_TERMS), subsidies::list),
        Route::post("/api/v1/subsidies", Access::Needs(EDIT_SUBSIDIES), subsidies::add),
        Route::get("/api/v1/subsidies/{id}", Access::Needs(VIEW_TERMS), subsidies::show),
        Route::patch("/api/v1/subsidies/{id}", Access::Needs(EDIT_SUBSIDIES), subsidies::change),
        Route::get("/api/v1/units/{id}/subsidy", Access::Needs(VIEW_SALES), subsidies::used),
        Route::post("/api/v1/units/{id}/subsidy", Access::Needs(EDIT_SALES), subsidies::note),
        Route::get("/api/v1/law-categories", Access::Needs(EDIT_LISTS), repairs::laws),
        Route::patch("/api/v1/law-categories/{goods}", Access::Needs(EDIT_LISTS), repairs::place),
    ]
}

/// This capability's part of the API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(
    search,
    create,
    show,
    change,
    reveal,
    merge,
    merges,
    part,
    erasing::show,
    erasing::ask,
    erasing::hold,
    erasing::release,
    lists::list,
    lists::add,
    lists::change,
    lists::retire,
    lists::restore,
    goods::products,
    goods::make_product,
    goods::product,
    goods::change_product,
    goods::sales,
    goods::make_sale,
    goods::sale,
    goods::change_sale,
    goods::units,
    goods::make_unit,
    goods::unit,
    goods::change_unit,
    repairs::list,
    repairs::note,
    repairs::verdict,
    repairs::laws,
    repairs::place,
    subsidies::list,
    subsidies::add,
    subsidies::show,
    subsidies::change,
    subsidies::used,
    subsidies::note,
    terms::list,
    terms::add,
    terms::show,
    terms::change,
    terms::sold,
    terms::sell
))]
struct Described;

/// A customer; personal data are masked.
#[derive(Debug, Serialize, ToSchema)]
struct Customer {
    /// Its id.
    id: String,
    /// Code of the store where the customer came first.
    store: Option<String>,
    /// The name.
    name: String,
    /// The number, masked; empty when there is none.
    phone: String,
    /// The last four digits.
    phone_tail: Option<String>,
    /// WeChat name, masked.
    wechat: Option<String>,
    /// Mail address, masked.
    email: Option<String>,
    /// Postal address, masked.
    address: Option<String>,
    /// Membership.
    vip: Option<String>,
    /// What staff should know.
    note: Option<String>,
    /// Whether the customer may be written to about more than the case.
    consent: bool,
    /// The customer's key in another program.
    external_id: Option<String>,
    /// Words by which staff sort customers.
    tags: Vec<String>,
    /// The file in which it goes on, once it was merged.
    merged_into: Option<String>,
    /// Counts its changes; also the ETag.
    version: i64,
    /// When it was made, RFC 3339.
    created_at: String,
}

impl Customer {
    fn of(ctx: &Ctx, card: CustomerCard) -> Self {
        let directory = ctx.house.identity.directories().now();
        Self {
            id: card.id.to_string(),
            store: directory.unit(card.store).map(|unit| unit.code.clone()),
            name: card.name,
            phone: card.phone,
            phone_tail: card.phone_tail,
            wechat: card.wechat,
            email: card.email,
            address: card.address,
            vip: card.vip,
            note: card.note,
            consent: card.consent,
            external_id: card.external_id,
            tags: card.tags,
            merged_into: card.merged_into.map(|id| id.to_string()),
            version: card.version,
            created_at: card.created_at.to_string(),
        }
    }
}

/// A page of customers.
#[derive(Debug, Serialize, ToSchema)]
struct Customers {
    /// The customers.
    items: Vec<Customer>,
    /// Give it as `after` to get the next page.
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Wanted {
    phone: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// Finds customers by number (the whole number, its last four digits, or its beginning for those who may see numbers), or lists
/// them, newest first.
#[utoipa::path(get, path = "/api/v1/customers", tag = "customers",
    params(("phone" = Option<String>, Query, description = "A number, as people write it"),
        ("after" = Option<String>, Query, description = "Cursor from `next`"),
        ("limit" = Option<u16>, Query, description = "Rows, 1 to 200")),
    responses((status = 200, body = Customers)))]
async fn search(ctx: Ctx, Query(wanted): Query<Wanted>) -> Result<Json<Customers>, Failure> {
    let limit = web::rows(wanted.limit.as_deref(), 50, 200)?;
    let (cards, next) = match wanted.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty()) {
        Some(phone) => (app::find(&ctx, phone).await?, None),
        None => {
            let after = wanted
                .after
                .map(|after| after.parse().ok().ok_or_else(|| Fault::field("after", "unknown")))
                .transpose()?;
            let page = app::list(&ctx, after, limit).await?;
            (page.rows, page.next)
        }
    };
    let items = cards.into_iter().map(|card| Customer::of(&ctx, card)).collect();
    Ok(Json(Customers { items, next: next.map(|next| next.to_string()) }))
}

/// What opens a customer file.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct NewCustomer {
    /// Code of the store.
    store: String,
    /// As the customer wants to be called.
    name: String,
    /// The number, as people write it; may be empty.
    phone: String,
    /// WeChat name.
    wechat: Option<String>,
    /// Mail address.
    email: Option<String>,
    /// Postal address.
    address: Option<String>,
    /// Membership.
    vip: Option<String>,
    /// What staff should know.
    note: Option<String>,
    /// Whether the customer may be written to about more than the case.
    consent: bool,
    /// The customer's key in another program; unique per store.
    external_id: Option<String>,
    /// Words by which staff sort customers.
    tags: Vec<String>,
}

impl NewCustomer {
    /// The file, and the store's code.
    fn into_parts(self) -> (CustomerInput, String) {
        let Self { store, name, phone, wechat, email, address, vip, note, consent, external_id, tags } = self;
        (CustomerInput { name, phone, wechat, email, address, vip, note, consent, external_id, tags }, store)
    }
}

/// Opens a customer file. An external id that the store knows answers with the file that is there.
#[utoipa::path(post, path = "/api/v1/customers", tag = "customers", request_body = NewCustomer,
    responses((status = 201, body = Customer), (status = 422, description = "Fields that cannot be taken")))]
async fn create(ctx: Ctx, Sent(body): Sent<NewCustomer>) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    let (customer, store) = body.into_parts();
    let missing = if store.trim().is_empty() { "required" } else { "unknown" };
    let store =
        directory.store_by_code(store.trim()).map(|unit| unit.id).ok_or_else(|| Fault::field("store", missing))?;
    let card = app::create(&ctx, store, customer).await?;
    let version = etag(card.version);
    Ok((StatusCode::CREATED, [version], Json(Customer::of(&ctx, card))).into_response())
}

/// One customer.
#[utoipa::path(get, path = "/api/v1/customers/{id}", tag = "customers",
    responses((status = 200, body = Customer), (status = 404, description = "Unknown or out of reach")))]
async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let card = app::get(&ctx, read_id(&id)?).await?;
    let version = etag(card.version);
    Ok(([version], Json(Customer::of(&ctx, card))).into_response())
}

/// Changes a customer file: what is left out stays, what is empty is cleared.
#[utoipa::path(patch, path = "/api/v1/customers/{id}", tag = "customers", request_body = CustomerChange,
    responses((status = 200, body = Customer), (status = 412, description = "Changed by somebody else"),
        (status = 428, description = "If-Match is missing")))]
async fn change(
    ctx: Ctx,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Sent(body): Sent<CustomerChange>,
) -> Result<Response, Failure> {
    let card = app::edit(&ctx, read_id(&id)?, version, body).await?;
    let version = etag(card.version);
    Ok(([version], Json(Customer::of(&ctx, card))).into_response())
}

/// Why somebody wants to see what is masked.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Reason {
    /// In a few words; it stays in the journal.
    reason: String,
}

/// Shows what is masked, and leaves a trace.
#[utoipa::path(post, path = "/api/v1/customers/{id}/reveal", tag = "customers", request_body = Reason,
    responses((status = 200, body = Revealed)))]
async fn reveal(ctx: Ctx, Path(id): Path<String>, Sent(body): Sent<Reason>) -> Result<Json<Revealed>, Failure> {
    Ok(Json(app::reveal(&ctx, read_id(&id)?, &body.reason).await?))
}

/// Which file goes on in another.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Merging {
    /// Id of the file that is closed.
    gone: String,
    /// Its version as it was seen.
    gone_version: i64,
    /// Why, in a few words; it stays in the journal.
    reason: String,
}

/// Merges another file into this one. It can be taken back for 30 days.
#[utoipa::path(post, path = "/api/v1/customers/{id}/merge", tag = "customers", request_body = Merging,
    responses((status = 200, body = Customer), (status = 412, description = "Changed by somebody else"),
        (status = 428, description = "If-Match is missing")))]
async fn merge(
    ctx: Ctx,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Sent(body): Sent<Merging>,
) -> Result<Response, Failure> {
    let gone = body.gone.parse().ok().ok_or_else(|| Fault::field("gone", "unknown"))?;
    let card = app::merge(&ctx, read_id(&id)?, gone, (version, body.gone_version), &body.reason).await?;
    let version = etag(card.version);
    Ok(([version], Json(Customer::of(&ctx, card))).into_response())
}

/// A file that went into another one.
#[derive(Debug, Serialize, ToSchema)]
struct MergeOut {
    id: String,
    /// The file that was closed.
    gone: String,
    at: String,
    /// When it was taken back.
    undone_at: Option<String>,
    /// Whether the caller may take it back now.
    undoable: bool,
}

/// Files that went into one.
#[derive(Debug, Serialize, ToSchema)]
struct MergesOut {
    items: Vec<MergeOut>,
}

/// The files that were merged into this one.
#[utoipa::path(get, path = "/api/v1/customers/{id}/merges", tag = "customers",
    responses((status = 200, body = MergesOut), (status = 404, description = "Unknown or out of reach")))]
async fn merges(ctx: Ctx, Path(id): Path<String>) -> Result<Json<MergesOut>, Failure> {
    let found = app::merges(&ctx, read_id(&id)?).await?;
    let items = found.into_iter().map(|(merge, _)| MergeOut {
        id: merge.id.to_string(),
        gone: merge.gone.to_string(),
        at: merge.merged_at.to_string(),
        undone_at: merge.undone_at.map(|at| at.to_string()),
        undoable: app::can_part(&ctx, &merge),
    });
    Ok(Json(MergesOut { items: items.collect() }))
}

/// Takes a merge back; answers the file that is open again.
#[utoipa::path(post, path = "/api/v1/customers/{id}/merges/{merge}/undo", tag = "customers",
    responses((status = 200, body = Customer), (status = 404, description = "Unknown or out of reach"),
        (status = 409, description = "Its time is over, or it was taken back")))]
async fn part(ctx: Ctx, Path((id, merge)): Path<(String, String)>) -> Result<Response, Failure> {
    let merge = merge.parse().ok().ok_or_else(Fault::not_found)?;
    let card = app::part(&ctx, read_id(&id)?, merge).await?;
    let version = etag(card.version);
    Ok(([version], Json(Customer::of(&ctx, card))).into_response())
}

/// What is no id names no customer.
fn read_id(text: &str) -> Result<Id<of::Customer>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}
