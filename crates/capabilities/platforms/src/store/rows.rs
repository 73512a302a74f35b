use db::{Columns, DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Id, Money, Place, Placed, Timestamp, of};
use parties::store::ShopId;
use returns::store::ReturnId;
use serde::{Deserialize, Serialize};

use crate::domain::{Clock, CommandName, Insurance, InsuranceState, InsuredBy, Kind, Outcome, State};

db::stored_words!(Clock, CommandName, InsuranceState, InsuredBy, Kind, Outcome, State);

/// Marks the id of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OrderId {}

/// An after-sales order of a platform (平台售后单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: Id<OrderId>,
    /// The platform's word.
    pub platform: String,
    /// Its number there.
    pub number: String,
    /// In which shop.
    pub shop: Id<ShopId>,
    /// The store that answers for it.
    pub store: Id<of::Unit>,
    /// The team.
    pub team: Option<Id<of::Unit>>,
    /// Who has it.
    pub owner: Option<Id<of::User>>,
    /// What the buyer asks for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The number of the purchase.
    pub bought: String,
    /// What the goods are called.
    pub goods: String,
    /// How many.
    pub quantity: i64,
    /// What was paid for all of it.
    pub paid: Money,
    /// What is asked back.
    pub asked: Money,
    /// Why.
    pub reason: String,
    /// Who bought it, as the platform shows.
    pub buyer: String,
    /// Its case.
    pub case: Id<of::Case>,
    /// Its sale.
    pub sale: Option<Id<of::Sale>>,
    /// Its return.
    pub of: Option<Id<ReturnId>>,
    /// The parcel that comes back.
    pub tracking: Option<String>,
    /// What it weighs, in grams.
    pub weight: Option<i64>,
    /// The freight insurance.
    pub insurance: Insurance,
    /// When the buyer asked.
    pub applied_at: Timestamp,
    /// When its last step happened.
    pub last_at: Timestamp,
    /// The nearest deadline that runs.
    pub due_at: Option<Timestamp>,
    /// When it came here.
    pub entered_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Order {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

/// The columns of an order, in the order of [`Order::read`].
macro_rules! columns {
    () => {
        "o.id, o.platform, o.number, o.shop_id, o.store_id, o.team_id, o.owner_id, o.kind, o.state, o.bought_number, o.goods, o.quantity,
        o.paid_fen, o.asked_fen, o.reason, o.buyer, o.case_id, o.sale_id, o.return_id, o.tracking, o.weight_g, o.insurance_by,
        o.insurance_state, o.insurance_fen, o.applied_at, o.last_at, o.due_at, o.entered_at, o.ended_at, o.version"
    };
}
pub(super) use columns;

const SELECT: &str = concat!("SELECT ", columns!(), " FROM platform_order o WHERE ");

impl Order {
    pub(super) fn read(c: &mut Columns<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: c.next()?,
            platform: c.next()?,
            number: c.next()?,
            shop: c.next()?,
            store: c.next()?,
            team: c.next()?,
            owner: c.next()?,
            kind: c.next()?,
            state: c.next()?,
            bought: c.next()?,
            goods: c.next()?,
            quantity: c.next()?,
            paid: c.next()?,
            asked: c.next()?,
            reason: c.next()?,
            buyer: c.next()?,
            case: c.next()?,
            sale: c.next()?,
            of: c.next()?,
            tracking: c.next()?,
            weight: c.next()?,
            insurance: Insurance { by: c.next()?, state: c.next()?, amount: c.next()? },
            applied_at: c.next()?,
            last_at: c.next()?,
            due_at: c.next()?,
            entered_at: c.next()?,
            ended_at: c.next()?,
            version: c.next()?,
        })
    }
}

impl FromRow for Order {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Self::read(&mut row.columns())
    }
}

/// Inserts an order.
///
/// # Errors
/// What the database says; `Unique` when the platform's number is known.
pub async fn insert(tx: &mut Tx, one: &Order) -> Result<(), DbError> {
    let values: Vec<Value> = vec![
        one.id.into(),
        one.platform.clone().into(),
        one.number.clone().into(),
        one.shop.into(),
        one.store.into(),
        one.team.into(),
        one.owner.into(),
        one.kind.into(),
        one.state.into(),
        one.bought.clone().into(),
        one.goods.clone().into(),
        one.quantity.into(),
        one.paid.into(),
        one.asked.into(),
        one.reason.clone().into(),
        one.buyer.clone().into(),
        one.case.into(),
        one.sale.into(),
        one.of.into(),
        one.tracking.clone().into(),
        one.weight.into(),
        one.insurance.by.into(),
        one.insurance.state.into(),
        one.insurance.amount.into(),
        one.applied_at.into(),
        one.last_at.into(),
        one.due_at.into(),
        one.entered_at.into(),
        one.ended_at.into(),
        one.version.into(),
    ];
    tx.exec(
        "INSERT INTO platform_order (id, platform, number, shop_id, store_id, team_id, owner_id, kind, state, bought_number, goods,
            quantity, paid_fen, asked_fen, reason, buyer, case_id, sale_id, return_id, tracking, weight_g, insurance_by, insurance_state,
            insurance_fen, applied_at, last_at, due_at, entered_at, ended_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
            $27, $28, $29, $30)",
        &values,
    )
    .await
    .map(|_| ())
}

/// Saves what can change as the next version; false when its version is no longer the present one.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &Order) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE platform_order SET state = $3, sale_id = $4, return_id = $5, tracking = $6, weight_g = $7, insurance_by = $8,
                insurance_state = $9, insurance_fen = $10, last_at = $11, due_at = $12, ended_at = $13, version = version + 1
             WHERE id = $1 AND version = $2",
            args![
                one.id,
                one.version,
                one.state,
                one.sale,
                one.of,
                one.tracking.clone(),
                one.weight,
                one.insurance.by,
                one.insurance.state,
                one.insurance.amount,
                one.last_at,
                one.due_at,
                one.ended_at
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The order `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<OrderId>) -> Result<Option<Order>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("o.id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The order `id`, held until the end of the transaction: two people at the same moment come one after the other.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &mut Tx, id: Id<OrderId>) -> Result<Option<Order>, DbError> {
    tx.exec("UPDATE platform_order SET version = version WHERE id = $1", args![id]).await?;
    get(tx, id).await
}

/// The order of this number on `platform`.
///
/// # Errors
/// What the database says.
pub async fn find(tx: &mut Tx, platform: &str, number: &str) -> Result<Option<Order>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("o.platform = ? AND o.number = ?", args![platform, number]);
    tx.one(query.sql(), query.values()).await
}

/// The orders of a return, in order.
///
/// # Errors
/// What the database says.
pub async fn of_return(tx: &mut Tx, id: Id<ReturnId>) -> Result<Vec<Order>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("o.return_id = ? ORDER BY o.id LIMIT 20", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// The orders of a case, in order.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut Tx, id: Id<of::Case>) -> Result<Vec<Order>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("o.case_id = ? ORDER BY o.id LIMIT 20", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// The return of the order `id` is this one; one that is known stays. Says whether it was new.
///
/// # Errors
/// What the database says.
pub async fn set_return(tx: &mut Tx, id: Id<OrderId>, of: Id<ReturnId>, sale: Id<of::Sale>) -> Result<bool, DbError> {
    let sql = "UPDATE platform_order SET return_id = $2, sale_id = COALESCE(sale_id, $3), version = version + 1
        WHERE id = $1 AND return_id IS NULL";
    Ok(tx.exec(sql, args![id, of, sale]).await? == 1)
}

/// What names a person in the orders of `case` is gone for ever. Gives which they were.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Id<OrderId>>, DbError> {
    let rows: Vec<(Id<OrderId>,)> = tx
        .all(
            "UPDATE platform_order SET buyer = $2, reason = $2 WHERE case_id = $1 RETURNING id",
            args![case, parties::store::MARK],
        )
        .await?;
    let ids: Vec<Id<OrderId>> = rows.into_iter().map(|(id,)| id).collect();
    for id in &ids {
        tx.exec("UPDATE platform_step SET note = NULL WHERE order_id = $1", args![*id]).await?;
    }
    Ok(ids)
}

/// Marks the id of a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClockId {}

/// A deadline of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockRow {
    /// Its id.
    pub id: Id<ClockId>,
    /// Whose.
    pub order: Id<OrderId>,
    /// For what.
    pub clock: Clock,
    /// From when.
    pub from: Timestamp,
    /// How many hours; none where the platform itself named the moment.
    pub hours: Option<i64>,
    /// Where the hours are written.
    pub source: Option<String>,
    /// Until when.
    pub due_at: Timestamp,
    /// When somebody is told.
    pub warn_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// What became of it.
    pub outcome: Option<Outcome>,
}

impl FromRow for ClockRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            order: c.next()?,
            clock: c.next()?,
            from: c.next()?,
            hours: c.next()?,
            source: c.next()?,
            due_at: c.next()?,
            warn_at: c.next()?,
            ended_at: c.next()?,
            outcome: c.next()?,
        })
    }
}

macro_rules! clock {
    ($rest:literal) => {
        concat!(
            "SELECT k.id, k.order_id, k.clock, k.from_at, k.hours, k.source, k.due_at, k.warn_at, k.ended_at, k.outcome
             FROM platform_clock k ",
            $rest
        )
    };
}

/// The deadlines of an order, in order.
///
/// # Errors
/// What the database says.
pub async fn clocks(tx: &mut Tx, id: Id<OrderId>) -> Result<Vec<ClockRow>, DbError> {
    tx.all(clock!("WHERE k.order_id = $1 ORDER BY k.id LIMIT 100"), args![id]).await
}

/// Starts a deadline.
///
/// # Errors
/// What the database says.
pub async fn insert_clock(tx: &mut Tx, one: &ClockRow) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO platform_clock (id, order_id, clock, from_at, hours, source, due_at, warn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![one.id, one.order, one.clock, one.from, one.hours, one.source.clone(), one.due_at, one.warn_at],
    )
    .await
    .map(|_| ())
}

/// Ends a deadline.
///
/// # Errors
/// What the database says.
pub async fn end_clock(tx: &mut Tx, id: Id<ClockId>, at: Timestamp, outcome: Outcome) -> Result<(), DbError> {
    tx.exec("UPDATE platform_clock SET ended_at = $2, outcome = $3 WHERE id = $1", args![id, at, outcome])
        .await
        .map(|_| ())
}

/// Deadlines that are near and of which nobody was told.
///
/// # Errors
/// What the database says.
pub async fn near(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ClockRow>, DbError> {
    tx.all(
        clock!("WHERE k.outcome IS NULL AND k.warned_at IS NULL AND k.warn_at <= $1 ORDER BY k.warn_at, k.id LIMIT $2"),
        args![now, limit],
    )
    .await
}

/// Deadlines that passed and of which nobody was told.
///
/// # Errors
/// What the database says.
pub async fn missed(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ClockRow>, DbError> {
    tx.all(
        clock!("WHERE k.outcome IS NULL AND k.missed_at IS NULL AND k.due_at < $1 ORDER BY k.due_at, k.id LIMIT $2"),
        args![now, limit],
    )
    .await
}

/// Somebody was told that it is near.
///
/// # Errors
/// What the database says.
pub async fn set_warned(tx: &mut Tx, id: Id<ClockId>, now: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE platform_clock SET warned_at = $2 WHERE id = $1", args![id, now]).await.map(|_| ())
}

/// It passed.
///
/// # Errors
/// What the database says.
pub async fn set_missed(tx: &mut Tx, id: Id<ClockId>, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "UPDATE platform_clock SET missed_at = $2, warned_at = COALESCE(warned_at, $2) WHERE id = $1",
        args![id, now],
    )
    .await
    .map(|_| ())
}

/// A step of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What: a command's word, or `come`.
    pub what: String,
    /// When it happened there.
    pub at: Timestamp,
    /// When it was entered here.
    pub entered_at: Timestamp,
    /// The number of a paper or parcel.
    pub reference: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// Who entered it.
    pub by: Option<Id<of::User>>,
}

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            what: c.next()?,
            at: c.next()?,
            entered_at: c.next()?,
            reference: c.next()?,
            note: c.next()?,
            by: c.next()?,
        })
    }
}

/// The steps of an order, in order.
///
/// # Errors
/// What the database says.
pub async fn steps(tx: &mut Tx, id: Id<OrderId>) -> Result<Vec<Step>, DbError> {
    tx.all(
        "SELECT what, happened_at, entered_at, reference, note, by_id FROM platform_step WHERE order_id = $1 ORDER BY seq LIMIT 200",
        args![id],
    )
    .await
}

/// Adds a step.
///
/// # Errors
/// What the database says.
pub async fn add_step(tx: &mut Tx, id: Id<OrderId>, step: &Step) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO platform_step (order_id, seq, what, happened_at, entered_at, reference, note, by_id)
         SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7 FROM platform_step WHERE order_id = $1",
        args![id, &*step.what, step.at, step.entered_at, step.reference.clone(), step.note.clone(), step.by],
    )
    .await
    .map(|_| ())
}
