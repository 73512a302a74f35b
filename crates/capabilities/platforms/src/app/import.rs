//! Orders come from a back office's file or by API: each becomes a case once, with its sale, its return and its first deadline.

use std::collections::BTreeMap;
use std::sync::Arc;

use capability::{Ctx, Work};
use cases::app::replay::{Prepared, Replay};
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Kind as CaseKind};
use kernel::{Day, Fault, FaultKind, FieldErrors, Id, Money, Timestamp, Zone, of};
use parties::app::CustomerInput;
use parties::domain::{LineDraft, Phone, SaleDraft, SoldBy, plain_code};
use parties::store::Sale;
use remedies::Condition;
use returns::app::{CandidateLine, WantedLine};
use returns::domain::Way;
use returns::store::ReturnId;
use tables::moment;

use super::access::{IMPORT, VIEW};
use super::clocks;
use super::events::{self, count};
use crate::domain::{Column, Insurance, InsuranceState, InsuredBy, Kind, State, told};
use crate::store::{self, Order, OrderId, Shop, Step};

/// Longest numbers and texts, in characters.
const NUMBER: usize = 60;
const TEXT: usize = 400;
const GOODS: usize = 120;
/// Orders are not older than this, in milliseconds: a year.
const TOO_OLD: i64 = 366 * 86_400_000;
/// Most goods of one order.
const MOST: i64 = 10_000;

/// What a line says, by column.
pub type Cells = BTreeMap<Column, String>;

/// A table to be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The shop of lines that name none.
    pub shop: Option<Id<parties::store::ShopId>>,
    /// Its lines, without that of the names.
    pub lines: Vec<Vec<String>>,
    /// What each column holds.
    pub columns: Vec<Option<Column>>,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It becomes an order.
    New,
    /// It did before.
    Known,
    /// Something is wrong with it.
    Wrong,
}

/// A line with what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub nth: usize,
    /// What becomes of it.
    pub fate: Fate,
    /// The order that it became before.
    pub order: Option<Id<OrderId>>,
    /// What is wrong, by column.
    pub errors: FieldErrors,
}

/// What a table would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Columns without which nothing can be taken over.
    pub missing: Vec<Column>,
}

impl Preview {
    /// How many lines have this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate == fate).count()
    }
}

/// What was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The orders with their numbers and whether a return was opened or joined.
    pub made: Vec<(Id<OrderId>, String, bool)>,
    /// How many were there before.
    pub known: usize,
}

/// A line that passed every check.
struct Good {
    shop: Shop,
    number: String,
    kind: Kind,
    bought: String,
    bought_on: Option<Day>,
    sku: Option<String>,
    goods: String,
    quantity: i64,
    paid: Money,
    asked: Money,
    reason: String,
    buyer: String,
    applied_at: Timestamp,
    due_at: Option<Timestamp>,
    tracking: Option<String>,
    insurance: Insurance,
    intake: Intake,
}

struct Ready {
    good: Good,
    case: Prepared,
}

/// An amount as people write it: `1,299.00`, `¥1299`.
fn yuan(text: &str) -> Option<Money> {
    let plain: String = text.chars().filter(|letter| !matches!(letter, '¥' | '￥' | ',' | '，' | '元' | ' ')).collect();
    web::Form::from_pairs([("amount", plain)]).money_or_none("amount")
}

/// Whose the freight insurance is, as back offices write it.
fn insured(text: &str) -> Option<Insurance> {
    let by = match InsuredBy::parse(text) {
        Some(by) => by,
        None => match () {
            () if text.contains('无') || text.contains('否') || text.contains("没有") || text == "0" => {
                InsuredBy::None
            }
            () if text.contains("商家") || text.contains("卖家") => InsuredBy::Shop,
            () if text.contains("平台") => InsuredBy::Platform,
            () if text.contains("买家") || text.contains('有') || text.contains('是') => InsuredBy::Buyer,
            () => return None,
        },
    };
    let state = if by == InsuredBy::None { InsuranceState::None } else { InsuranceState::Insured };
    Some(Insurance { by, state, amount: Money::ZERO })
}

/// The shop that a line means.
fn shop_of(
    ctx: &Ctx,
    shops: &[Shop],
    given: Option<Id<parties::store::ShopId>>,
    named: Option<&str>,
    errors: &mut FieldErrors,
) -> Option<Shop> {
    let given = given.and_then(|id| shops.iter().find(|shop| shop.id == id));
    let found: Vec<&Shop> = match named {
        None => given.into_iter().collect(),
        Some(name) => {
            let fits = |shop: &&Shop| shop.name == name && given.is_none_or(|given| given.platform == shop.platform);
            shops.iter().filter(fits).collect()
        }
    };
    match found.as_slice() {
        // What is out of reach is not told from what is not there.
        [only] if ctx.actor.may(IMPORT, *only) && only.active => Some((*only).clone()),
        [_, _, ..] => {
            errors.add("shop", "platforms-shop-several");
            None
        }
        _ => {
            errors.add("shop", if named.is_some() || given.is_some() { "unknown" } else { "required" });
            None
        }
    }
}

fn read(
    ctx: &Ctx,
    shops: &[Shop],
    given: Option<Id<parties::store::ShopId>>,
    cells: &Cells,
    errors: &mut FieldErrors,
) -> Option<Good> {
    let cell = |column: Column| cells.get(&column).map(|text| text.trim()).filter(|text| !text.is_empty());
    for (column, most) in [
        (Column::Number, NUMBER),
        (Column::Bought, NUMBER),
        (Column::Sku, NUMBER),
        (Column::Tracking, NUMBER),
        (Column::Buyer, NUMBER),
        (Column::Goods, GOODS),
        (Column::Reason, TEXT),
    ] {
        let now = cell(column).map_or(0, |text| text.chars().count());
        if now > most {
            errors.add_with(column.as_str(), "too-long", vec![("max", most.to_string()), ("now", now.to_string())]);
        }
    }
    for column in Column::NEEDED {
        if cell(column).is_none() {
            errors.add(column.as_str(), "required");
        }
    }
    if cell(Column::Goods).is_none() && cell(Column::Sku).is_none() {
        errors.add(Column::Goods.as_str(), "required");
    }
    let shop = shop_of(ctx, shops, given, cell(Column::Shop), errors);
    let directory = ctx.house.identity.directories().now();
    let zone = shop
        .as_ref()
        .and_then(|shop| directory.unit(shop.store))
        .map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone());
    let kind = cell(Column::Kind).and_then(|text| {
        let kind = Kind::read(text);
        if kind.is_none() {
            errors.add(Column::Kind.as_str(), "unknown");
        }
        kind
    });
    let quantity = match cell(Column::Quantity) {
        None => Some(1),
        Some(text) => {
            let n = text.parse::<i64>().ok().filter(|n| (1..=MOST).contains(n));
            if n.is_none() {
                let limits = vec![("min", "1".to_owned()), ("max", MOST.to_string())];
                errors.add_with(Column::Quantity.as_str(), "number-range", limits);
            }
            n
        }
    };
    let mut money = |column: Column| {
        let text = cell(column)?;
        let amount = yuan(text);
        if amount.is_none() {
            errors.add(column.as_str(), "money-format");
        }
        amount
    };
    let (paid, asked) = (money(Column::Paid), money(Column::Asked));
    if let (Some(paid), Some(asked)) = (paid, asked)
        && asked > paid
    {
        errors.add_with(Column::Asked.as_str(), "platforms-beyond-paid", vec![("paid", paid.to_string())]);
    }
    let mut at = |column: Column| at(cell(column)?, column, &zone, errors);
    let (applied, due, bought_on) = (at(Column::Applied), at(Column::Due), at(Column::BoughtOn));
    let now = ctx.now();
    let applied_at = applied.unwrap_or(now);
    if applied_at > now {
        errors.add(Column::Applied.as_str(), "future");
    } else if applied_at < now.plus(-TOO_OLD) {
        errors.add(Column::Applied.as_str(), "platforms-too-old");
    }
    if due.is_some_and(|due| due <= applied_at) {
        errors.add(Column::Due.as_str(), "platforms-until");
    }
    if bought_on.is_some_and(|day| day > applied_at) {
        errors.add(Column::BoughtOn.as_str(), "platforms-bought-after");
    }
    let insurance = match cell(Column::Insurance) {
        None => Some(Insurance::NONE),
        Some(text) => {
            let found = insured(text);
            if found.is_none() {
                errors.add(Column::Insurance.as_str(), "unknown");
            }
            found
        }
    };
    let phone = cell(Column::Phone);
    // Platforms hide numbers behind stars; what is hidden is no number.
    let hidden = phone.is_some_and(|phone| phone.contains('*'));
    if let Some(Err(wrong)) = phone.filter(|_| !hidden).map(Phone::parse) {
        wrong.note(errors, Column::Phone.as_str());
    }
    if !errors.is_empty() {
        return None;
    }
    let (shop, kind, number, bought) = (shop?, kind?, cell(Column::Number)?, cell(Column::Bought)?);
    let goods = cell(Column::Goods).or(cell(Column::Sku))?.to_owned();
    let reason = cell(Column::Reason).unwrap_or_default().to_owned();
    let buyer = cell(Column::Buyer).unwrap_or_default().to_owned();
    let customer = match phone.filter(|_| !hidden) {
        Some(phone) => CustomerChoice::New(CustomerInput {
            name: if buyer.is_empty() { phone.to_owned() } else { buyer.clone() },
            phone: phone.to_owned(),
            ..CustomerInput::default()
        }),
        // A name alone, or a hidden number, is nobody who can be found again.
        None => CustomerChoice::Anonymous,
    };
    let subject = if reason.is_empty() { goods.clone() } else { format!("{goods} {reason}") };
    let intake = Intake {
        store: shop.store,
        kind: CaseKind::Return,
        channel: Channel::Import,
        customer,
        subject: subject.chars().take(60).collect(),
        body: [shop.name.as_str(), number, bought, reason.as_str(), buyer.as_str()]
            .iter()
            .filter(|text| !text.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("\n"),
        product: Some(goods.clone()),
        external_id: Some(format!("{}:{number}", shop.platform)),
        happened_at: Some(applied_at),
        ..Intake::default()
    };
    Some(Good {
        number: number.to_owned(),
        kind,
        bought: bought.to_owned(),
        bought_on: bought_on.map(|at| at.day(&zone)),
        sku: cell(Column::Sku).map(str::to_owned),
        goods,
        quantity: quantity?,
        paid: paid?,
        asked: asked.or(paid)?,
        reason,
        buyer,
        applied_at,
        due_at: due,
        tracking: cell(Column::Tracking).map(str::to_owned),
        insurance: insurance?,
        intake,
        shop,
    })
}

fn at(text: &str, column: Column, zone: &Zone, errors: &mut FieldErrors) -> Option<Timestamp> {
    let found = moment(text, zone);
    if found.is_none() {
        errors.add(column.as_str(), "platforms-time");
    }
    found
}

async fn looked(ctx: &Ctx, wanted: &Wanted) -> Result<(Preview, Vec<Good>), Fault> {
    if !ctx.actor.holds(IMPORT) {
        return Err(Fault::forbidden());
    }
    let shops = ctx.read((), |tx, ()| Box::pin(async move { Ok(store::shops(tx).await?) })).await?;
    let has = |column: Column| wanted.columns.contains(&Some(column));
    let missing: Vec<Column> = Column::NEEDED.into_iter().filter(|column| !has(*column)).collect();
    let cells: Vec<Cells> = wanted
        .lines
        .iter()
        .map(|line| {
            let pairs = wanted.columns.iter().zip(line);
            pairs.filter_map(|(column, text)| column.map(|column| (column, text.clone()))).collect()
        })
        .collect();
    let mut keys: Vec<Option<(String, String)>> = Vec::new();
    for cells in &cells {
        let text = |column: Column| cells.get(&column).map(|text| text.trim()).filter(|text| !text.is_empty());
        let shop = shop_of(ctx, &shops, wanted.shop, text(Column::Shop), &mut FieldErrors::default());
        keys.push(shop.zip(text(Column::Number)).map(|(shop, number)| (shop.platform, number.to_owned())));
    }
    let known: Vec<Option<Id<OrderId>>> = ctx
        .read((keys.clone(), ctx.clone()), |tx, (keys, ctx)| {
            Box::pin(async move {
                let mut known = Vec::new();
                for key in keys {
                    known.push(match key {
                        Some((platform, number)) => store::find(tx, platform, number)
                            .await?
                            .filter(|one| ctx.actor.may(VIEW, one) || ctx.actor.may(IMPORT, one))
                            .map(|one| one.id),
                        None => None,
                    });
                }
                Ok::<_, Fault>(known)
            })
        })
        .await?;
    let (mut lines, mut good) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (((nth, cells), order), key) in (1..).zip(&cells).zip(known).zip(keys) {
        let mut errors = FieldErrors::default();
        if order.is_some() {
            lines.push(Line { nth, fate: Fate::Known, order, errors });
            continue;
        }
        if let Some(key) = key
            && let Some(first) = seen.insert(key, nth)
        {
            errors.add_with(Column::Number.as_str(), "platforms-twice", vec![("line", first.to_string())]);
        }
        let one = read(ctx, &shops, wanted.shop, cells, &mut errors);
        let fate = if one.is_some() { Fate::New } else { Fate::Wrong };
        good.extend(one);
        lines.push(Line { nth, fate, order: None, errors });
    }
    Ok((Preview { lines, missing }, good))
}

/// What taking `wanted` over would do; nothing is written.
///
/// # Errors
/// `forbidden`.
pub async fn preview(ctx: &Ctx, wanted: &Wanted) -> Result<Preview, Fault> {
    looked(ctx, wanted).await.map(|(preview, _)| preview)
}

/// Takes `wanted` over: each line that is new becomes an order, all of them or none. What was taken over before is left alone.
///
/// # Errors
/// `forbidden`; `invalid` with `items.N.column` for every wrong line, from 0.
pub async fn import(ctx: &Ctx, wanted: Wanted) -> Result<Imported, Fault> {
    let (preview, good) = looked(ctx, &wanted).await?;
    let mut errors = FieldErrors::default();
    for column in &preview.missing {
        errors.add(column.as_str(), "required");
    }
    for line in preview.lines.iter().filter(|line| line.fate == Fate::Wrong) {
        for error in line.errors.iter() {
            errors.add_with(&format!("items.{}.{}", line.nth - 1, error.field), error.code, error.args.clone());
        }
    }
    errors.check()?;
    let known = preview.count(Fate::Known);
    let made = write(ctx, good).await?;
    let fresh: Vec<_> = made.iter().filter(|(_, _, _, new)| *new).cloned().collect();
    Ok(Imported {
        known: known + made.len() - fresh.len(),
        made: fresh.into_iter().map(|(id, number, joined, _)| (id, number, joined)).collect(),
    })
}

/// Takes one order over; the same number of the platform again changes nothing. Says whether it is new.
///
/// # Errors
/// `forbidden`; `invalid` with the columns.
pub async fn take(ctx: &Ctx, cells: Cells) -> Result<(Id<OrderId>, bool), Fault> {
    let wanted = Wanted {
        shop: None,
        lines: vec![Column::ALL.iter().map(|column| cells.get(column).cloned().unwrap_or_default()).collect()],
        columns: Column::ALL.iter().copied().map(Some).collect(),
    };
    let (preview, good) = looked(ctx, &wanted).await?;
    let Some(line) = preview.lines.first() else { return Err(Fault::field("number", "required")) };
    if let Some(order) = line.order {
        return Ok((order, false));
    }
    line.errors.clone().check()?;
    let made = write(ctx, good).await?;
    made.first().map(|(id, _, _, new)| (*id, *new)).ok_or_else(|| Fault::internal("an order was not made"))
}

type Made = (Id<OrderId>, String, bool, bool);

async fn write(ctx: &Ctx, good: Vec<Good>) -> Result<Vec<Made>, Fault> {
    let replay = Replay::open(ctx).await?;
    let now = ctx.now();
    let mut ready = Vec::new();
    for good in good {
        let case = replay.prepare_for(ctx, good.intake.clone(), now).await?;
        ready.push(Ready { good, case });
    }
    let input = (Arc::new(ready), replay);
    // The same order may come twice at once: whoever is second finds it there.
    for _ in 0..2 {
        match written(ctx, input.clone()).await {
            Err(fault) if fault.kind() == FaultKind::Conflict && fault.code() == "duplicate" => {}
            done => return done,
        }
    }
    written(ctx, input).await
}

async fn written(ctx: &Ctx, input: (Arc<Vec<Ready>>, Replay)) -> Result<Vec<Made>, Fault> {
    ctx.write(input, |work, (ready, replay)| {
        Box::pin(async move {
            let mut made = Vec::new();
            for one in ready.iter() {
                let good = &one.good;
                if let Some(order) = store::find(work.tx, &good.shop.platform, &good.number).await? {
                    made.push((order.id, order.number, order.of.is_some(), false));
                    continue;
                }
                let (id, joined) = came(work, replay, one).await?;
                made.push((id, good.number.clone(), joined, true));
            }
            Ok(work.unchanged(made))
        })
    })
    .await
}

/// One order with its case, sale, deadline and return.
async fn came(work: &mut Work<'_>, replay: &Replay, one: &Ready) -> Result<(Id<OrderId>, bool), Fault> {
    let good = &one.good;
    let taken = replay.take_in(work, &one.case, None).await?.into_value();
    let case = cases::store::get(work.tx, taken.id).await?.ok_or_else(Fault::not_found)?;
    let sale = sale_of(work, good, case.customer).await?;
    if let Some(sale) = &sale {
        store::set_sale_shop(work.tx, sale.id, good.shop.id).await?;
    }
    let mut order = Order {
        id: work.ctx.house.ids.next(),
        platform: good.shop.platform.clone(),
        number: good.number.clone(),
        shop: good.shop.id,
        store: good.shop.store,
        team: case.team,
        owner: case.owner,
        kind: good.kind,
        state: State::Applied,
        bought: good.bought.clone(),
        goods: good.goods.clone(),
        quantity: good.quantity,
        paid: good.paid,
        asked: good.asked,
        reason: good.reason.clone(),
        buyer: good.buyer.clone(),
        case: case.id,
        sale: sale.as_ref().map(|sale| sale.id),
        of: None,
        tracking: good.tracking.clone(),
        weight: None,
        insurance: good.insurance,
        applied_at: good.applied_at,
        last_at: good.applied_at,
        due_at: None,
        entered_at: work.now,
        ended_at: None,
        version: 1,
    };
    let joins = match &sale {
        Some(sale) => joining(work, sale, good).await?,
        None => None,
    };
    order.of = joins;
    // The row of the order comes before that of its deadline, which it names.
    let stated = (good.applied_at, good.due_at);
    let hours = good.shop.hours.of(crate::domain::Clock::Answer);
    order.due_at = crate::domain::deadline(stated.0, hours, stated.1).map(|(due, _)| due);
    store::insert(work.tx, &order).await?;
    clocks::start(work, &order, &good.shop, State::Applied, stated).await?;
    let step = Step {
        what: "come".to_owned(),
        at: good.applied_at,
        entered_at: work.now,
        reference: None,
        note: Some(good.reason.clone()).filter(|text| !text.is_empty()),
        by: work.ctx.actor.user,
    };
    store::add_step(work.tx, order.id, &step).await?;
    let day = events::today(work, &order);
    let event = events::event("platform_order.came", None, &order)
        .happened(good.applied_at)
        .index(events::piece(&order))
        .change("platform", None, Some(order.platform.clone()))
        .change("shop", None, Some(good.shop.name.clone()))
        .change("due", None, order.due_at.map(|due| due.to_string()))
        .personal("buyer", None, Some(order.buyer.clone()).filter(|text| !text.is_empty()))
        .personal("reason", None, Some(order.reason.clone()).filter(|text| !text.is_empty()));
    let _came = work.record(count(event, &order, "platforms.orders", day, 1)).await?;
    let mut joined = joins.is_some();
    if joins.is_none()
        && let Some(sale) = &sale
    {
        joined = opens(work, &order, sale, good).await?;
    }
    Ok((order.id, joined))
}

/// The sale of an order: the one with its number, else a new one where the order says all that a sale needs.
async fn sale_of(work: &mut Work<'_>, good: &Good, customer: Option<Id<of::Customer>>) -> Result<Option<Sale>, Fault> {
    let mut found = parties::store::sales_by_receipt(work.tx, &plain_code(&good.bought), 2).await?;
    match (found.pop(), found.is_empty()) {
        // A number of another store is not this shop's.
        (Some(one), true) if one.store == good.shop.store || work.ctx.actor.may(parties::app::VIEW_SALES, &one) => {
            return Ok(Some(one));
        }
        (Some(_), _) => return Ok(None),
        (None, _) => {}
    }
    let (Some(sku), Some(day)) = (&good.sku, good.bought_on) else { return Ok(None) };
    if parties::store::product_by_code(work.tx, sku).await?.is_none() || good.paid.fen() % good.quantity != 0 {
        return Ok(None);
    }
    let draft = SaleDraft {
        receipt: good.bought.clone(),
        day,
        channel: SoldBy::Platform,
        customer,
        payment: Some(good.shop.name.clone()),
        note: None,
        lines: vec![LineDraft {
            product: sku.clone(),
            quantity: good.quantity,
            price: Money::from_fen(good.paid.fen() / good.quantity),
            serials: Vec::new(),
        }],
        covers: Vec::new(),
    };
    match parties::app::sold_before(work, good.shop.store, &[draft]).await {
        Ok(mut made) => Ok(made.pop()),
        Err(fault) if fault.kind() == FaultKind::Invalid => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The open return of the sale that is about the same goods.
async fn joining(work: &mut Work<'_>, sale: &Sale, good: &Good) -> Result<Option<Id<ReturnId>>, Fault> {
    let lines = parties::store::lines_of(work.tx, sale.id).await?.len();
    let product = match &good.sku {
        Some(sku) => parties::store::product_by_code(work.tx, sku).await?.map(|product| product.id),
        None => None,
    };
    for one in returns::store::open_of_sale(work.tx, sale.id).await? {
        let about = returns::store::lines(work.tx, one.id).await?;
        if lines == 1 || product.is_some_and(|product| about.iter().any(|line| line.product == product)) {
            return Ok(Some(one.id));
        }
    }
    Ok(None)
}

/// Opens the return where nothing has to be asked: the reason is clear, and so is which goods. Everything else is for a person.
async fn opens(work: &mut Work<'_>, order: &Order, sale: &Sale, good: &Good) -> Result<bool, Fault> {
    let (Some(told), true) = (told(&good.reason), good.kind != Kind::Repair) else { return Ok(false) };
    let ctx = work.ctx;
    let found = returns::app::candidate_within(work.tx, ctx, order.case, Some(&sale.receipt)).await;
    let found = match found {
        Ok(found) => found,
        Err(fault) if passes(&fault) => return Ok(false),
        Err(fault) => return Err(fault),
    };
    let Some(line) = line_of(&found.lines, good) else { return Ok(false) };
    let wanted = returns::app::Wanted {
        case: order.case,
        receipt: Some(sale.receipt.clone()),
        way: if good.kind == Kind::Exchange { Way::Exchange } else { Way::Refund },
        fault: told.fault,
        cause: told.cause,
        same_model: None,
        // What is wrong with it is seen when it is here.
        condition: (told.fault == remedies::Fault::None).then_some(Condition::Intact),
        reason: good.reason.clone(),
        extra: Money::ZERO,
        extra_reason: String::new(),
        keeps: !good.kind.sends_back(),
        lines: vec![line],
    };
    match returns::app::open_within(work, &wanted).await {
        // The order hears of it and names it.
        Ok(_opened) => Ok(true),
        Err(fault) if passes(&fault) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// Whether a person can still do what could not be done by itself.
fn passes(fault: &Fault) -> bool {
    matches!(fault.kind(), FaultKind::Invalid | FaultKind::Refused | FaultKind::NotFound | FaultKind::Forbidden)
}

/// What of the sale comes back, where only one answer is possible.
fn line_of(lines: &[CandidateLine], good: &Good) -> Option<WantedLine> {
    let fits = |line: &&CandidateLine| good.sku.as_ref().is_none_or(|sku| line.product.draft.code == *sku);
    let found: Vec<&CandidateLine> = lines.iter().filter(fits).collect();
    let [line] = found.as_slice() else { return None };
    if line.units.is_empty() {
        return (line.left >= good.quantity).then(|| WantedLine {
            position: line.position,
            quantity: good.quantity,
            units: Vec::new(),
        });
    }
    let left: Vec<_> = line.units.iter().filter(|(_, gone)| !gone).map(|(row, _)| row.unit.id).collect();
    let all = i64::try_from(left.len()).is_ok_and(|n| n == good.quantity);
    all.then_some(WantedLine { position: line.position, quantity: 0, units: left })
}
