//! Returns and verdicts for programs.

pub(crate) mod replays;
pub(crate) mod verdicts;

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, Id, Money, Timestamp, of};
use remedies::{Cause, Condition, Fault as Broken, YesNo};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Sent, etag};

use crate::app::{self, Detail, Wanted, WantedLine};
use crate::domain::{CommandName, Finding, GoodsIn, GoodsOut, Grade, Part, PayState, State, Way};
use crate::pages::command::read;
use crate::pages::list::filter;
use crate::store::{LineRow, MismatchKind, Payment, PosRefund, Return, ReturnId};

/// Rows per page when the caller does not say.
const ROWS: i64 = 25;

/// A return.
#[derive(Debug, Serialize, ToSchema)]
struct ReturnOut {
    #[schema(value_type = String)]
    id: Id<ReturnId>,
    number: String,
    /// The case that it was opened from.
    #[schema(value_type = String)]
    case: Id<of::Case>,
    #[schema(value_type = String)]
    sale: Id<of::Sale>,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    state: State,
    way: Way,
    reason: String,
    /// Money does not wait for an inspection.
    obvious: bool,
    /// The version of the rules by which it was judged.
    rules: String,
    #[schema(value_type = String)]
    judged_on: Day,
    red_invoice: Option<String>,
    stock_receipt: Option<String>,
    /// Why it was refused or cancelled.
    end_note: Option<String>,
    #[schema(value_type = String)]
    opened_at: Timestamp,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    version: i64,
}

impl From<Return> for ReturnOut {
    fn from(one: Return) -> Self {
        Self {
            id: one.id,
            number: one.number,
            case: one.case,
            sale: one.sale,
            store: one.store,
            state: one.state,
            way: one.way,
            reason: one.reason,
            obvious: one.obvious,
            rules: one.rules,
            judged_on: one.judged_on,
            red_invoice: one.red_invoice,
            stock_receipt: one.stock_receipt,
            end_note: one.end_note,
            opened_at: one.opened_at,
            ended_at: one.ended_at,
            version: one.version,
        }
    }
}

/// A line of a return.
#[derive(Debug, Serialize, ToSchema)]
struct ReturnLineOut {
    /// Its number, from 1.
    line: i64,
    name: String,
    serial: Option<String>,
    quantity: i64,
    /// What was paid for one, in fen.
    #[schema(value_type = i64)]
    price: Money,
    /// The remedy by which the law gives it.
    remedy: Option<String>,
    /// What the law gives back, in fen, of the whole line.
    #[schema(value_type = i64)]
    statutory: Money,
    /// What the law lets us keep, in fen.
    #[schema(value_type = i64)]
    fee: Money,
    /// The facts by which it was judged: with the version of the rules it can be judged again.
    #[schema(value_type = Object)]
    facts: Value,
    goods_in: GoodsIn,
    finding: Option<Finding>,
    /// What was looked at and held good.
    checks: Vec<String>,
    grade: Option<Grade>,
    goods_out: GoodsOut,
    out_serial: Option<String>,
}

impl From<LineRow> for ReturnLineOut {
    fn from(line: LineRow) -> Self {
        Self {
            line: line.seq,
            name: line.name,
            serial: line.serial,
            quantity: line.quantity,
            price: line.price,
            remedy: line.remedy,
            statutory: line.statutory,
            fee: line.fee,
            facts: serde_json::from_str(&line.facts).unwrap_or_default(),
            goods_in: line.goods_in,
            finding: line.finding,
            checks: line.checks.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            grade: line.grade,
            goods_out: line.goods_out,
            out_serial: line.out_serial,
        }
    }
}

/// A part of the money.
#[derive(Debug, Serialize, ToSchema)]
struct PaymentOut {
    part: Part,
    /// In fen.
    #[schema(value_type = i64)]
    amount: Money,
    reason: String,
    state: PayState,
    #[schema(value_type = Option<String>)]
    confirmed_at: Option<Timestamp>,
    pos_ref: Option<String>,
    #[schema(value_type = Option<String>)]
    paid_at: Option<Timestamp>,
}

impl From<Payment> for PaymentOut {
    fn from(one: Payment) -> Self {
        Self {
            part: one.part,
            amount: one.amount,
            reason: one.reason,
            state: one.state,
            confirmed_at: one.confirmed_at,
            pos_ref: one.pos_ref,
            paid_at: one.paid_at,
        }
    }
}

/// What a return makes of a state subsidy.
#[derive(Debug, Serialize, ToSchema)]
struct OwedOut {
    /// The line's number.
    line: i64,
    /// `repay` or `report`.
    what: crate::store::OwedWhat,
    /// What goes back, in fen.
    #[schema(value_type = i64)]
    amount: Money,
    account: String,
    #[schema(value_type = String)]
    due: Day,
    state: crate::store::OwedState,
    reference: Option<String>,
}

impl From<crate::store::Owed> for OwedOut {
    fn from(one: crate::store::Owed) -> Self {
        Self {
            line: one.line,
            what: one.what,
            amount: one.amount,
            account: one.account,
            due: one.due,
            state: one.state,
            reference: one.reference,
        }
    }
}

/// A return with its lines and its money, and what can be done now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeReturnOut {
    #[serde(flatten)]
    one: ReturnOut,
    lines: Vec<ReturnLineOut>,
    money: Vec<PaymentOut>,
    /// What it makes of state subsidies.
    subsidies: Vec<OwedOut>,
    /// Commands that the caller can give now.
    commands: Vec<String>,
}

impl From<Detail> for WholeReturnOut {
    fn from(detail: Detail) -> Self {
        let free = detail.offers.iter().filter(|offer| offer.refusal.is_none());
        Self {
            commands: free.map(|offer| offer.name.to_string()).collect(),
            one: detail.one.into(),
            lines: detail.lines.into_iter().map(ReturnLineOut::from).collect(),
            money: detail.money.into_iter().map(PaymentOut::from).collect(),
            subsidies: detail.owed.into_iter().map(OwedOut::from).collect(),
        }
    }
}

/// One page of returns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReturnListOut {
    items: Vec<ReturnOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// Returns within reach, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/returns",
    tag = "returns",
    params(
        ("show" = Option<String>, Query, description = "open (default), mine, asked, unpaid, over, all"),
        ("state" = Option<String>, Query, description = "A state"),
        ("way" = Option<String>, Query, description = "refund or exchange"),
        ("store" = Option<String>, Query, description = "A store's id"),
        ("case" = Option<String>, Query, description = "A case's id"),
        ("q" = Option<String>, Query, description = "Number, serial number or goods"),
        ("after" = Option<String>, Query, description = "Where the page begins"),
        ("limit" = Option<i64>, Query, description = "Rows, at most 200"),
    ),
    responses((status = 200, body = ReturnListOut))
)]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ReturnListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form);
    let text = form.text_or_none("q", 100);
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(ROWS);
    form.check()?;
    let after = match form.raw("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().ok().ok_or_else(|| Fault::field("after", "unknown"))?),
    };
    let page = app::list(&ctx, filter, text, after, limit).await?;
    let items = page.rows.into_iter().map(|row| row.one.into()).collect();
    Ok(Json(ReturnListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

/// One return.
#[utoipa::path(
    get,
    path = "/api/v1/returns/{id}",
    tag = "returns",
    params(("id" = String, Path, description = "The return")),
    responses((status = 200, body = WholeReturnOut), (status = 404, description = "No such return within reach"))
)]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    whole(&ctx, Id::new(id), StatusCode::OK).await
}

async fn whole(ctx: &Ctx, id: Id<ReturnId>, status: StatusCode) -> Result<Response, Failure> {
    let detail = app::detail(ctx, id).await?;
    let version = detail.one.version;
    Ok((status, [etag(version)], Json(WholeReturnOut::from(detail))).into_response())
}

/// What comes back of a line of the sale.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct ReturnLineIn {
    /// Which line of the sale, from 1.
    position: i64,
    /// How many, of goods without serial numbers.
    quantity: i64,
    /// Ids of the units, of goods with serial numbers.
    units: Vec<String>,
}

/// What comes back, and what the customer wants for it.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReturnIn {
    /// The case's id.
    case: String,
    /// The receipt, where the case does not name a unit of ours.
    receipt: Option<String>,
    /// `refund` or `exchange`.
    way: String,
    /// `none`, `minor`, `performance`, `serious`.
    fault: String,
    /// `product`, `unknown` (disputed), `none`, `misuse` and so on, as facts of verdicts.
    cause: String,
    /// Whether a unit of the same model is there: `yes`, `no`.
    same_model: Option<String>,
    /// The condition of the goods, for returns without a reason.
    condition: Option<String>,
    /// Why, in words.
    reason: String,
    /// So much on top of the law, in fen.
    extra: i64,
    /// Why.
    extra_reason: String,
    /// Nothing is sent back.
    keeps: bool,
    lines: Vec<ReturnLineIn>,
}

fn wanted(sent: ReturnIn) -> Result<Wanted, Fault> {
    let mut errors = kernel::FieldErrors::default();
    let case = sent.case.parse::<i64>().ok();
    let (way, fault, cause) = (Way::parse(&sent.way), Broken::parse(&sent.fault), Cause::parse(&sent.cause));
    for (field, known) in
        [("case", case.is_some()), ("way", way.is_some()), ("fault", fault.is_some()), ("cause", cause.is_some())]
    {
        if !known {
            errors.add(field, "unknown");
        }
    }
    let same_model = sent.same_model.as_deref().map(YesNo::parse);
    let condition = sent.condition.as_deref().map(Condition::parse);
    for (field, wrong) in [("same_model", same_model == Some(None)), ("condition", condition == Some(None))] {
        if wrong {
            errors.add(field, "unknown");
        }
    }
    let mut lines = Vec::new();
    for (n, line) in sent.lines.iter().enumerate() {
        let units: Result<Vec<_>, _> = line.units.iter().map(|id| id.parse::<i64>().map(Id::new)).collect();
        match units {
            Ok(units) => lines.push(WantedLine { position: line.position, quantity: line.quantity, units }),
            Err(_) => errors.add(&format!("lines.{n}.units"), "unknown"),
        }
    }
    errors.check()?;
    let missing = || Fault::field("case", "unknown");
    Ok(Wanted {
        case: Id::new(case.ok_or_else(missing)?),
        receipt: sent.receipt,
        way: way.ok_or_else(missing)?,
        fault: fault.ok_or_else(missing)?,
        cause: cause.ok_or_else(missing)?,
        same_model: same_model.flatten(),
        condition: condition.flatten(),
        reason: sent.reason,
        extra: Money::from_fen(sent.extra),
        extra_reason: sent.extra_reason,
        keeps: sent.keeps,
        lines,
    })
}

/// Opens a return from a case. What the law gives is due at once; what goes beyond it may have to wait for a yes.
#[utoipa::path(
    post,
    path = "/api/v1/returns",
    tag = "returns",
    request_body = ReturnIn,
    responses((status = 201, body = WholeReturnOut), (status = 404, description = "No such case within reach"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn open(ctx: Ctx, Sent(sent): Sent<ReturnIn>) -> Result<Response, Failure> {
    let one = app::open(&ctx, wanted(sent)?).await?;
    whole(&ctx, one.id, StatusCode::CREATED).await
}

/// Under which number a subsidy was repaid or reported.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SettledIn {
    /// The line's number.
    line: i64,
    /// The number of the repayment or the report.
    reference: String,
}

/// Records that the subsidy of a line was repaid or reported; once.
#[utoipa::path(
    post,
    path = "/api/v1/returns/{id}/subsidy",
    tag = "returns",
    params(("id" = String, Path, description = "The return")),
    request_body = SettledIn,
    responses((status = 200, body = WholeReturnOut), (status = 404, description = "No such return or line"), (status = 409, description = "It was done before"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn settle_subsidy(
    ctx: Ctx,
    Path(id): Path<i64>,
    Sent(sent): Sent<SettledIn>,
) -> Result<Response, Failure> {
    let id = Id::new(id);
    app::settle_subsidy(&ctx, id, sent.line, &sent.reference).await?;
    whole(&ctx, id, StatusCode::OK).await
}

/// What a command needs; which fields, its description says.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ReturnCommandIn {
    /// receive, inspect, grade, send, deliver: the line's number
    line: Option<i64>,
    /// inspect
    finding: Option<Finding>,
    /// inspect: what was looked at and held good
    checks: Option<Vec<String>>,
    /// inspect
    note: Option<String>,
    /// grade
    grade: Option<Grade>,
    /// send: the serial number that goes out
    serial: Option<String>,
    /// confirm, pay
    part: Option<Part>,
    /// offer, confirm, pay: in fen; of confirm and pay it has to be the amount of the part
    amount: Option<i64>,
    /// offer, refuse, cancel
    reason: Option<String>,
    /// pay: the POS's reference
    pos_ref: Option<String>,
    /// papers
    red_invoice: Option<String>,
    /// papers
    stock_receipt: Option<String>,
    /// refuse: what the way back costs the customer, in fen
    cost: Option<i64>,
}

/// Gives a command: offer, receive, inspect, grade, send, deliver, confirm, pay, papers, refuse, cancel. Money moves once, whoever
/// repeats it.
#[utoipa::path(
    post,
    path = "/api/v1/returns/{id}/{command}",
    tag = "returns",
    params(
        ("id" = String, Path, description = "The return"),
        ("command" = String, Path, description = "The command"),
        ("If-Match" = String, Header, description = "The version that was seen"),
    ),
    request_body = ReturnCommandIn,
    responses((status = 200, body = WholeReturnOut), (status = 404, description = "No such return or command"), (status = 409, description = "Not now"), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn command(
    ctx: Ctx,
    Path((id, name)): Path<(i64, String)>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let name = CommandName::parse(&name).ok_or_else(Fault::not_found)?;
    let id = Id::new(id);
    app::detail(&ctx, id).await?;
    let IfMatch(version) = version?;
    let command = read(name, &mut form)?;
    app::command(&ctx, id, version, command, Vec::new()).await?;
    whole(&ctx, id, StatusCode::OK).await
}

/// One thing that does not match.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MismatchOut {
    kind: MismatchKind,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    #[schema(value_type = Option<String>)]
    of: Option<Id<ReturnId>>,
    number: Option<String>,
    pos_ref: Option<String>,
    /// By our books, in fen.
    #[schema(value_type = Option<i64>)]
    ours: Option<Money>,
    /// By the POS, in fen.
    #[schema(value_type = Option<i64>)]
    pos: Option<Money>,
}

/// What does not match between returns, POS, invoices and stock.
#[utoipa::path(get, path = "/api/v1/returns/mismatches", tag = "returns", responses((status = 200, body = Vec<MismatchOut>)))]
pub(crate) async fn mismatches(ctx: Ctx) -> Result<Json<Vec<MismatchOut>>, Failure> {
    let all = app::mismatches(&ctx).await?;
    let out = all.into_iter().map(|one| MismatchOut {
        kind: one.kind,
        store: one.store,
        of: one.of,
        number: one.number,
        pos_ref: one.pos_ref,
        ours: one.ours,
        pos: one.pos,
    });
    Ok(Json(out.collect()))
}

/// A refund as the POS reports it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PosRefundIn {
    /// Its reference.
    #[serde(rename = "ref")]
    pos_ref: String,
    /// In fen.
    amount: i64,
    /// The business day.
    day: String,
}

/// Refunds of one store.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PosRefundsIn {
    /// The store's id.
    store: String,
    rows: Vec<PosRefundIn>,
}

/// How many were new.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PosKeptOut {
    new: u64,
}

/// Refunds as the shop's POS reports them; what it has reported before stays as it was. Payments with the same reference and amount are
/// reconciled.
#[utoipa::path(
    post,
    path = "/api/v1/pos-refunds",
    tag = "returns",
    request_body = PosRefundsIn,
    responses((status = 200, body = PosKeptOut), (status = 404, description = "No such store within reach"), (status = 422, description = "A row is wrong"))
)]
pub(crate) async fn record_pos(ctx: Ctx, Sent(sent): Sent<PosRefundsIn>) -> Result<Json<PosKeptOut>, Failure> {
    let store = sent.store.parse::<i64>().ok().ok_or_else(|| Fault::field("store", "unknown"))?;
    let mut rows = Vec::new();
    for (n, row) in sent.rows.into_iter().enumerate() {
        let day = row.day.parse::<Day>().ok().ok_or_else(|| Fault::field(&format!("rows.{n}.day"), "day"))?;
        rows.push(PosRefund { pos_ref: row.pos_ref.trim().to_owned(), amount: Money::from_fen(row.amount), day });
    }
    let new = app::record_pos(&ctx, Id::new(store), rows).await?;
    Ok(Json(PosKeptOut { new }))
}

/// This capability's part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(
    paths(list, show, open, command, settle_subsidy, mismatches, record_pos),
    components(schemas(ReturnLineIn, PosRefundIn, ReturnCommandIn))
)]
struct Described;
