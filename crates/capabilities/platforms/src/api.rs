//! Shops on platforms and their orders, for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, Money, Timestamp, of};
use parties::store::ShopId;
use returns::store::ReturnId;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, Sent, etag};

use crate::app::{self, Cells, Detail, Photos, ShopFile};
use crate::domain::{Clock, Column, CommandName, InsuranceState, InsuredBy, Kind, Outcome, State};
use crate::store::{ClockRow, Order, OrderId, Step};

/// Rows per page when the caller does not say.
const ROWS: i64 = 50;

/// An after-sales order of a platform.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlatformOrderOut {
    #[schema(value_type = String)]
    id: Id<OrderId>,
    platform: String,
    number: String,
    #[schema(value_type = String)]
    shop: Id<ShopId>,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    kind: Kind,
    state: State,
    bought_number: String,
    goods: String,
    quantity: i64,
    /// In fen.
    #[schema(value_type = i64)]
    paid: Money,
    /// In fen.
    #[schema(value_type = i64)]
    asked: Money,
    reason: String,
    buyer: String,
    #[schema(value_type = String)]
    case: Id<of::Case>,
    #[schema(value_type = Option<String>)]
    sale: Option<Id<of::Sale>>,
    #[serde(rename = "return")]
    #[schema(value_type = Option<String>)]
    of: Option<Id<ReturnId>>,
    tracking: Option<String>,
    /// In grams.
    weight: Option<i64>,
    insurance_by: InsuredBy,
    insurance_state: InsuranceState,
    /// In fen.
    #[schema(value_type = i64)]
    insurance_amount: Money,
    #[schema(value_type = String)]
    applied_at: Timestamp,
    /// The nearest deadline that runs.
    #[schema(value_type = Option<String>)]
    due_at: Option<Timestamp>,
    #[schema(value_type = String)]
    entered_at: Timestamp,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    version: i64,
}

impl From<Order> for PlatformOrderOut {
    fn from(one: Order) -> Self {
        Self {
            id: one.id,
            platform: one.platform,
            number: one.number,
            shop: one.shop,
            store: one.store,
            kind: one.kind,
            state: one.state,
            bought_number: one.bought,
            goods: one.goods,
            quantity: one.quantity,
            paid: one.paid,
            asked: one.asked,
            reason: one.reason,
            buyer: one.buyer,
            case: one.case,
            sale: one.sale,
            of: one.of,
            tracking: one.tracking,
            weight: one.weight,
            insurance_by: one.insurance.by,
            insurance_state: one.insurance.state,
            insurance_amount: one.insurance.amount,
            applied_at: one.applied_at,
            due_at: one.due_at,
            entered_at: one.entered_at,
            ended_at: one.ended_at,
            version: one.version,
        }
    }
}

/// A deadline of a platform, with how it came to be.
#[derive(Debug, Serialize, ToSchema)]
struct PlatformClockOut {
    clock: Clock,
    #[schema(value_type = String)]
    from: Timestamp,
    /// None where the platform itself named the moment.
    hours: Option<i64>,
    /// Where the hours are written.
    source: Option<String>,
    #[schema(value_type = String)]
    due_at: Timestamp,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    outcome: Option<Outcome>,
}

impl From<ClockRow> for PlatformClockOut {
    fn from(row: ClockRow) -> Self {
        Self {
            clock: row.clock,
            from: row.from,
            hours: row.hours,
            source: row.source,
            due_at: row.due_at,
            ended_at: row.ended_at,
            outcome: row.outcome,
        }
    }
}

/// A step of an order.
#[derive(Debug, Serialize, ToSchema)]
struct PlatformStepOut {
    what: String,
    /// When it happened there.
    #[schema(value_type = String)]
    at: Timestamp,
    /// When it was entered here.
    #[schema(value_type = String)]
    entered_at: Timestamp,
    reference: Option<String>,
    note: Option<String>,
    #[schema(value_type = Option<String>)]
    by: Option<Id<of::User>>,
}

impl From<Step> for PlatformStepOut {
    fn from(step: Step) -> Self {
        Self {
            what: step.what,
            at: step.at,
            entered_at: step.entered_at,
            reference: step.reference,
            note: step.note,
            by: step.by,
        }
    }
}

/// An order with its deadlines, steps and what can be entered now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlatformOrderWholeOut {
    #[serde(flatten)]
    one: PlatformOrderOut,
    clocks: Vec<PlatformClockOut>,
    steps: Vec<PlatformStepOut>,
    /// Steps that the caller can enter now.
    commands: Vec<String>,
}

impl From<Detail> for PlatformOrderWholeOut {
    fn from(detail: Detail) -> Self {
        let free = detail.offers.iter().filter(|(_, why)| why.is_none());
        Self {
            commands: free.map(|(name, _)| name.to_string()).collect(),
            clocks: detail.clocks.into_iter().map(PlatformClockOut::from).collect(),
            steps: detail.steps.into_iter().map(PlatformStepOut::from).collect(),
            one: detail.one.into(),
        }
    }
}

/// One page of orders.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlatformOrderListOut {
    items: Vec<PlatformOrderOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// Orders within reach, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/platform-orders",
    tag = "platforms",
    params(
        ("show" = Option<String>, Query, description = "todo (default), near, waiting, intervention, over, all"),
        ("state" = Option<String>, Query, description = "A state"),
        ("kind" = Option<String>, Query, description = "A kind"),
        ("platform" = Option<String>, Query, description = "A platform's word"),
        ("shop" = Option<String>, Query, description = "A shop's id"),
        ("store" = Option<String>, Query, description = "A store's id"),
        ("from" = Option<String>, Query, description = "Applied for from this day on"),
        ("to" = Option<String>, Query, description = "Up to this day"),
        ("q" = Option<String>, Query, description = "Numbers, parcel, goods, buyer"),
        ("after" = Option<String>, Query, description = "Where the page begins"),
        ("limit" = Option<i64>, Query, description = "Rows, at most 200"),
    ),
    responses((status = 200, body = PlatformOrderListOut))
)]
pub(crate) async fn list(
    ctx: Ctx,
    lang: Lang,
    RawQuery(query): RawQuery,
) -> Result<Json<PlatformOrderListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::list::filter(&mut form, &lang);
    let text = form.text_or_none("q", 100);
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(ROWS);
    form.check()?;
    let after = match form.raw("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().ok().ok_or_else(|| Fault::field("after", "unknown"))?),
    };
    let page = app::list(&ctx, filter, text, after, limit).await?;
    let items = page.rows.into_iter().map(|row| row.one.into()).collect();
    Ok(Json(PlatformOrderListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

/// What is no id names no order.
fn read_id<T>(text: &str) -> Result<Id<T>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn whole(ctx: &Ctx, id: Id<OrderId>, status: StatusCode) -> Result<Response, Failure> {
    let detail = app::detail(ctx, id).await?;
    let version = detail.one.version;
    Ok((status, [etag(version)], Json(PlatformOrderWholeOut::from(detail))).into_response())
}

/// One order.
#[utoipa::path(
    get,
    path = "/api/v1/platform-orders/{id}",
    tag = "platforms",
    params(("id" = String, Path, description = "The order")),
    responses((status = 200, body = PlatformOrderWholeOut), (status = 404, description = "No such order within reach"))
)]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    whole(&ctx, read_id(&id)?, StatusCode::OK).await
}

/// An order as a platform or a connector sends it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlatformOrderIn {
    /// The shop's name on its platform.
    shop: String,
    /// The number of the after-sales order there; the same again changes nothing.
    number: String,
    /// `refund_only`, `return_refund`, `exchange` or `repair`, or what the platform calls it: 退货退款 …
    kind: String,
    /// The number of the purchase there.
    bought_number: String,
    /// When it was bought: RFC 3339, or `2026-11-20 14:32` in the store's zone.
    bought_on: Option<String>,
    /// Our product code.
    sku: Option<String>,
    /// What the goods are called; needed without a code.
    goods: Option<String>,
    /// 1 when left out.
    quantity: Option<i64>,
    /// What was paid for all of it, in fen.
    paid: i64,
    /// What is asked back, in fen; all that was paid when left out.
    asked: Option<i64>,
    reason: Option<String>,
    buyer: Option<String>,
    /// A number with stars is no number.
    phone: Option<String>,
    /// When the buyer asked; now when left out.
    applied_at: Option<String>,
    /// Until when the platform wants an answer; it counts before the hours of the shop.
    due_at: Option<String>,
    tracking: Option<String>,
    /// Whose the freight insurance is: `none`, `buyer`, `shop` or `platform`.
    insurance: Option<String>,
}

/// Takes an order over: with its case, its sale, its first deadline, and its return where nothing has to be asked. Sent again it makes
/// nothing twice.
#[utoipa::path(
    post,
    path = "/api/v1/platform-orders",
    tag = "platforms",
    request_body = PlatformOrderIn,
    responses((status = 201, body = PlatformOrderWholeOut), (status = 200, body = PlatformOrderWholeOut, description = "It had come before"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn take(ctx: Ctx, Sent(body): Sent<PlatformOrderIn>) -> Result<Response, Failure> {
    // Fen as the table writes them, so that both ways are read by one rule.
    let yuan = |fen: i64| {
        let sign = if fen < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
    };
    let all = [
        (Column::Shop, Some(body.shop)),
        (Column::Number, Some(body.number)),
        (Column::Kind, Some(body.kind)),
        (Column::Bought, Some(body.bought_number)),
        (Column::BoughtOn, body.bought_on),
        (Column::Sku, body.sku),
        (Column::Goods, body.goods),
        (Column::Quantity, body.quantity.map(|n| n.to_string())),
        (Column::Paid, Some(yuan(body.paid))),
        (Column::Asked, body.asked.map(yuan)),
        (Column::Reason, body.reason),
        (Column::Buyer, body.buyer),
        (Column::Phone, body.phone),
        (Column::Applied, body.applied_at),
        (Column::Due, body.due_at),
        (Column::Tracking, body.tracking),
        (Column::Insurance, body.insurance),
    ];
    let cells: Cells = all.into_iter().filter_map(|(column, text)| Some((column, text?))).collect();
    let (id, new) = app::take(&ctx, cells).await?;
    whole(&ctx, id, if new { StatusCode::CREATED } else { StatusCode::OK }).await
}

/// What a step needs.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct PlatformCommandIn {
    /// When it happened there; now when left out, never before the last step, never ahead.
    at: Option<String>,
    /// ship: the parcel's number; complete: the transfer; intervene: the platform's case.
    reference: Option<String>,
    /// Why; refuse, submit, rule_buyer, rule_shop and close need it.
    note: Option<String>,
    /// What the parcel weighs, in grams.
    weight: Option<i64>,
    /// Until when the platform says the next deadline runs.
    until: Option<String>,
}

/// Enters a step: agree, refuse, ship, receive, complete, reapply, intervene, submit, rule_buyer, rule_shop, close. Goods that came back
/// are refused only where photos of the opening and of the scales are there.
#[utoipa::path(
    post,
    path = "/api/v1/platform-orders/{id}/{command}",
    tag = "platforms",
    params(
        ("id" = String, Path, description = "The order"),
        ("command" = String, Path, description = "The step"),
        ("If-Match" = String, Header, description = "The version that was seen"),
    ),
    request_body = PlatformCommandIn,
    responses((status = 200, body = PlatformOrderWholeOut), (status = 404, description = "No such order or step"), (status = 409, description = "Not now"), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn command(
    ctx: Ctx,
    lang: Lang,
    Path((id, name)): Path<(String, String)>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let id = read_id(&id)?;
    app::detail(&ctx, id).await?;
    let IfMatch(version) = version?;
    let command = crate::pages::command::read(&ctx, &lang, name, &mut form)?;
    app::command(&ctx, id, version, command, Photos::default()).await?;
    whole(&ctx, id, StatusCode::OK).await
}

/// The freight insurance of an order.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct FreightInsuranceIn {
    insurance_by: InsuredBy,
    insurance_state: InsuranceState,
    /// In fen; only where it paid.
    insurance_amount: Option<i64>,
}

/// Says what is known of the freight insurance.
#[utoipa::path(
    post,
    path = "/api/v1/platform-orders/{id}/insurance",
    tag = "platforms",
    params(
        ("id" = String, Path, description = "The order"),
        ("If-Match" = String, Header, description = "The version that was seen"),
    ),
    request_body = FreightInsuranceIn,
    responses((status = 200, body = PlatformOrderWholeOut), (status = 404, description = "No such order"), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn insure(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    app::detail(&ctx, id).await?;
    let IfMatch(version) = version?;
    app::insure(&ctx, id, version, crate::pages::insurance::read(&mut form)?).await?;
    whole(&ctx, id, StatusCode::OK).await
}

/// A shop on a platform.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlatformShopOut {
    #[schema(value_type = String)]
    id: Id<ShopId>,
    platform: String,
    name: String,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    answer_hours: Option<i64>,
    ship_back_hours: Option<i64>,
    refund_hours: Option<i64>,
    evidence_hours: Option<i64>,
    /// Where the hours are written.
    source: Option<String>,
    /// Ids of the terms that hold for what it sells.
    terms: Vec<String>,
    active: bool,
    version: i64,
}

impl From<ShopFile> for PlatformShopOut {
    fn from(file: ShopFile) -> Self {
        let shop = file.shop;
        Self {
            id: shop.id,
            platform: shop.platform,
            name: shop.name,
            store: shop.store,
            answer_hours: shop.hours.answer,
            ship_back_hours: shop.hours.ship_back,
            refund_hours: shop.hours.refund,
            evidence_hours: shop.hours.evidence,
            source: shop.source,
            terms: file.terms.into_iter().map(|(id, _)| id.to_string()).collect(),
            active: shop.active,
            version: shop.version,
        }
    }
}

/// The shops whose orders the caller may see.
#[utoipa::path(get, path = "/api/v1/platform-shops", tag = "platforms", responses((status = 200, body = Vec<PlatformShopOut>)))]
pub(crate) async fn shops(ctx: Ctx) -> Result<Json<Vec<PlatformShopOut>>, Failure> {
    Ok(Json(app::shops(&ctx).await?.into_iter().map(PlatformShopOut::from).collect()))
}

/// A shop on a platform.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct PlatformShopIn {
    /// Which; a new one when left out.
    id: Option<String>,
    /// `douyin`, `jd`, `tmall`, `pdd`, `kuaishou`, `xiaohongshu`, `meituan` or `other`.
    platform: String,
    name: String,
    /// The id of the store that answers for it.
    store: String,
    answer_hours: Option<i64>,
    ship_back_hours: Option<i64>,
    refund_hours: Option<i64>,
    evidence_hours: Option<i64>,
    /// Where the hours are written; needed with any of them.
    source: Option<String>,
    /// Ids of terms of the layer "platform".
    terms: Option<Vec<String>>,
    active: bool,
}

/// Registers a shop or changes it.
#[utoipa::path(
    post,
    path = "/api/v1/platform-shops",
    tag = "platforms",
    params(("If-Match" = String, Header, description = "The version that was seen, `\"v0\"` for a new one")),
    request_body = PlatformShopIn,
    responses((status = 200, body = PlatformShopOut), (status = 404, description = "No such shop"), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn save_shop(
    ctx: Ctx,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Json<PlatformShopOut>, Failure> {
    let IfMatch(version) = version?;
    let id = form.id_or_none::<ShopId>("id");
    let input = crate::pages::shops::read(&mut form, id, version)?;
    let shop = app::save_shop(&ctx, input).await?;
    Ok(Json(app::get_shop(&ctx, shop.id).await?.into()))
}

/// This capability's part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(
    paths(list, take, show, command, insure, shops, save_shop),
    components(schemas(PlatformCommandIn, FreightInsuranceIn, PlatformShopIn, PlatformClockOut, PlatformStepOut))
)]
struct Described;
