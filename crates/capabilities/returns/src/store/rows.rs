use db::{Columns, DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Money, Place, Placed, Timestamp, of};
use remedies::Remedy;
use serde::{Deserialize, Serialize};

use crate::domain::{Account, Finding, GoodsIn, GoodsOut, Grade, LineFacts, Part, PayState, State, Way};

db::stored_words!(Account, Finding, GoodsIn, GoodsOut, Grade, Part, PayState, State, Way);

/// Marks the id of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReturnId {}

/// A return as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Its id.
    pub id: Id<ReturnId>,
    /// What people call it.
    pub number: String,
    /// The case that it was opened from.
    pub case: Id<of::Case>,
    /// The sale that is returned.
    pub sale: Id<of::Sale>,
    /// Whose it is.
    pub customer: Option<Id<of::Customer>>,
    /// Where it is handled.
    pub store: Id<of::Unit>,
    /// The team that works on it.
    pub team: Option<Id<of::Unit>>,
    /// Who has it.
    pub owner: Option<Id<of::User>>,
    /// Where it stands.
    pub state: State,
    /// What the customer chose.
    pub way: Way,
    /// Why.
    pub reason: String,
    /// Money does not wait for an inspection.
    pub obvious: bool,
    /// Who gets the money.
    pub payee: String,
    /// How it was paid, and so how it goes back.
    pub paid_how: String,
    /// Version of the rules.
    pub rules: String,
    /// Digest of their texts.
    pub digest: String,
    /// The day as of which it was judged.
    pub judged_on: Day,
    /// The number of the red e-invoice.
    pub red_invoice: Option<String>,
    /// The number of the stock receipt.
    pub stock_receipt: Option<String>,
    /// Why it was refused or cancelled.
    pub end_note: Option<String>,
    /// What the way back of refused goods costs the customer.
    pub back_cost: Money,
    /// Who opened it.
    pub opened_by: Option<Id<of::User>>,
    /// When.
    pub opened_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Return {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

/// The columns of a return, in the order of [`Return::read`].
macro_rules! columns {
    () => {
        "p.id, p.number, p.case_id, p.sale_id, p.customer_id, p.store_id, p.team_id, p.owner_id, p.state, p.way, p.reason, p.obvious,
        p.payee, p.paid_how, p.rules, p.digest, p.judged_on, p.red_invoice, p.stock_receipt, p.end_note, p.back_cost, p.opened_by,
        p.opened_at, p.ended_at, p.version"
    };
}
pub(super) use columns;

impl Return {
    pub(super) fn read(c: &mut Columns<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: c.next()?,
            number: c.next()?,
            case: c.next()?,
            sale: c.next()?,
            customer: c.next()?,
            store: c.next()?,
            team: c.next()?,
            owner: c.next()?,
            state: c.next()?,
            way: c.next()?,
            reason: c.next()?,
            obvious: c.next()?,
            payee: c.next()?,
            paid_how: c.next()?,
            rules: c.next()?,
            digest: c.next()?,
            judged_on: c.next()?,
            red_invoice: c.next()?,
            stock_receipt: c.next()?,
            end_note: c.next()?,
            back_cost: c.next()?,
            opened_by: c.next()?,
            opened_at: c.next()?,
            ended_at: c.next()?,
            version: c.next()?,
        })
    }
}

impl FromRow for Return {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Self::read(&mut row.columns())
    }
}

/// Inserts a return.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Return) -> Result<(), DbError> {
    let values = vec![
        one.id.into(),
        one.number.clone().into(),
        one.case.into(),
        one.sale.into(),
        one.customer.into(),
        one.store.into(),
        one.team.into(),
        one.owner.into(),
        one.state.into(),
        one.way.into(),
        one.reason.clone().into(),
        one.obvious.into(),
        one.payee.clone().into(),
        one.paid_how.clone().into(),
        one.rules.clone().into(),
        one.digest.clone().into(),
        one.judged_on.into(),
        one.back_cost.into(),
        one.opened_by.into(),
        one.opened_at.into(),
        one.version.into(),
    ];
    tx.exec(
        "INSERT INTO product_return (id, number, case_id, sale_id, customer_id, store_id, team_id, owner_id, state, way, reason,
            obvious, payee, paid_how, rules, digest, judged_on, back_cost, opened_by, opened_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        &values,
    )
    .await
    .map(|_| ())
}

/// Saves what can change as the next version; false when its version is no longer the present one.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &Return) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE product_return SET state = $3, red_invoice = $4, stock_receipt = $5, end_note = $6, back_cost = $7,
                ended_at = $8, owner_id = $9, version = version + 1 WHERE id = $1 AND version = $2",
            args![
                one.id,
                one.version,
                one.state,
                one.red_invoice.clone(),
                one.stock_receipt.clone(),
                one.end_note.clone(),
                one.back_cost,
                one.ended_at,
                one.owner
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The return `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<ReturnId>) -> Result<Option<Return>, DbError> {
    tx.one(concat!("SELECT ", columns!(), " FROM product_return p WHERE p.id = $1"), args![id]).await
}

/// The return `id`, held until the end of the transaction: two people at the same moment come one after the other.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &mut Tx, id: Id<ReturnId>) -> Result<Option<Return>, DbError> {
    tx.exec("UPDATE product_return SET version = version WHERE id = $1", args![id]).await?;
    get(tx, id).await
}

/// Holds a sale until the end of the transaction: what is left of it is counted by one at a time.
///
/// # Errors
/// What the database says.
pub async fn hold_sale(tx: &mut Tx, sale: Id<of::Sale>) -> Result<(), DbError> {
    tx.exec("UPDATE sale SET version = version WHERE id = $1", args![sale]).await.map(|_| ())
}

/// The returns of `case`, newest first.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Return>, DbError> {
    tx.all(
        concat!("SELECT ", columns!(), " FROM product_return p WHERE p.case_id = $1 ORDER BY p.id DESC LIMIT 50"),
        args![case],
    )
    .await
}

/// The open returns of `sale`, newest first.
///
/// # Errors
/// What the database says.
pub async fn open_of_sale(tx: &mut Tx, sale: Id<of::Sale>) -> Result<Vec<Return>, DbError> {
    tx.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM product_return p WHERE p.sale_id = $1 AND p.state = 'open' ORDER BY p.id DESC LIMIT 50"
        ),
        args![sale],
    )
    .await
}

/// A line of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRow {
    /// Its id.
    pub id: Id<LineRow>,
    /// Its number in the return, from 1.
    pub seq: i64,
    /// The position of the sale's line.
    pub position: i64,
    /// Which product.
    pub product: Id<of::Product>,
    /// What it is called.
    pub name: String,
    /// Which unit.
    pub unit: Option<Id<of::SerialUnit>>,
    /// Its serial number.
    pub serial: Option<String>,
    /// How many.
    pub quantity: i64,
    /// What was paid for one.
    pub price: Money,
    /// The facts that it was judged by, as JSON.
    pub facts: String,
    /// The whole verdict, as JSON.
    pub verdict: String,
    /// The terms above the law that it was judged by, as JSON.
    pub terms: String,
    /// The remedy by which the law gives it, if it does.
    pub remedy: Option<String>,
    /// What the law gives back, of the whole line.
    pub statutory: Money,
    /// What the law lets us keep, of the whole line.
    pub fee: Money,
    /// The goods that come back.
    pub goods_in: GoodsIn,
    /// What the inspection found.
    pub finding: Option<Finding>,
    /// What held good, words between blanks.
    pub checks: String,
    /// More of it.
    pub finding_note: Option<String>,
    /// Who looked.
    pub inspected_by: Option<Id<of::User>>,
    /// When.
    pub inspected_at: Option<Timestamp>,
    /// What becomes of the goods.
    pub grade: Option<Grade>,
    /// The goods that go out.
    pub goods_out: GoodsOut,
    /// Their serial number.
    pub out_serial: Option<String>,
    /// It counts against what is left of the sale.
    pub live: bool,
}

impl LineRow {
    /// What the rules want to know.
    pub fn facts(&self) -> LineFacts {
        LineFacts { goods_in: self.goods_in, finding: self.finding, goods_out: self.goods_out }
    }
    /// What was paid for all of it.
    pub fn paid(&self) -> Money {
        Money::from_fen(self.price.fen().saturating_mul(self.quantity))
    }
    /// The remedy by which the law gives it.
    pub fn remedy(&self) -> Option<Remedy> {
        let word = self.remedy.as_deref()?;
        Remedy::ALL.iter().copied().find(|one| one.as_str() == word)
    }
}

impl FromRow for LineRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            seq: c.next()?,
            position: c.next()?,
            product: c.next()?,
            name: c.next()?,
            unit: c.next()?,
            serial: c.next()?,
            quantity: c.next()?,
            price: c.next()?,
            facts: c.next()?,
            verdict: c.next()?,
            terms: c.next::<Option<String>>()?.unwrap_or_default(),
            remedy: c.next()?,
            statutory: c.next()?,
            fee: c.next()?,
            goods_in: c.next()?,
            finding: c.next()?,
            checks: c.next()?,
            finding_note: c.next()?,
            inspected_by: c.next()?,
            inspected_at: c.next()?,
            grade: c.next()?,
            goods_out: c.next()?,
            out_serial: c.next()?,
            live: c.next()?,
        })
    }
}

/// The lines of a return, in order.
///
/// # Errors
/// What the database says.
pub async fn lines(tx: &mut Tx, id: Id<ReturnId>) -> Result<Vec<LineRow>, DbError> {
    tx.all(
        "SELECT id, seq, position, product_id, name, unit_id, serial, quantity, price_fen, facts, verdict, terms, remedy,
            statutory_fen, fee_fen, goods_in, finding, checks, finding_note, inspected_by, inspected_at, grade, goods_out, out_serial, live
         FROM return_line WHERE return_id = $1 ORDER BY seq",
        args![id],
    )
    .await
}

/// Inserts the lines of `one`.
///
/// # Errors
/// What the database says; `Unique` when a unit of the sale is being returned already.
pub async fn insert_lines(tx: &mut Tx, one: &Return, lines: &[LineRow]) -> Result<(), DbError> {
    const INSERT: &str =
        "INSERT INTO return_line (id, return_id, seq, sale_id, position, product_id, name, unit_id, serial, quantity,
        price_fen, facts, verdict, remedy, statutory_fen, fee_fen, goods_in, checks, goods_out, live, terms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    let rows: Vec<Vec<Value>> = lines
        .iter()
        .map(|line| {
            vec![
                line.id.into(),
                one.id.into(),
                line.seq.into(),
                one.sale.into(),
                line.position.into(),
                line.product.into(),
                line.name.clone().into(),
                line.unit.into(),
                line.serial.clone().into(),
                line.quantity.into(),
                line.price.into(),
                line.facts.clone().into(),
                line.verdict.clone().into(),
                line.remedy.clone().into(),
                line.statutory.into(),
                line.fee.into(),
                line.goods_in.into(),
                line.checks.clone().into(),
                line.goods_out.into(),
                line.live.into(),
                line.terms.clone().into(),
            ]
        })
        .collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Saves what can change of a line; the caller holds the return.
///
/// # Errors
/// What the database says.
pub async fn save_line(tx: &mut Tx, line: &LineRow) -> Result<(), DbError> {
    tx.exec(
        "UPDATE return_line SET goods_in = $2, finding = $3, checks = $4, finding_note = $5, inspected_by = $6, inspected_at = $7,
            grade = $8, goods_out = $9, out_serial = $10 WHERE id = $1",
        args![
            line.id,
            line.goods_in,
            line.finding,
            line.checks.clone(),
            line.finding_note.clone(),
            line.inspected_by,
            line.inspected_at,
            line.grade,
            line.goods_out,
            line.out_serial.clone()
        ],
    )
    .await
    .map(|_| ())
}

/// What was received of a refused or cancelled return goes back; its lines no longer count.
///
/// # Errors
/// What the database says.
pub async fn kill_lines(tx: &mut Tx, id: Id<ReturnId>) -> Result<(), DbError> {
    tx.exec(
        "UPDATE return_line SET live = FALSE,
            goods_in = CASE WHEN goods_in IN ('received', 'inspected', 'graded') THEN 'sent_back' ELSE 'not_needed' END,
            goods_out = 'not_needed' WHERE return_id = $1",
        args![id],
    )
    .await
    .map(|_| ())
}

/// What of `sale` is or was returned: position, unit, how many.
///
/// # Errors
/// What the database says.
pub async fn returned(tx: &mut Tx, sale: Id<of::Sale>) -> Result<Vec<(i64, Option<Id<of::SerialUnit>>, i64)>, DbError> {
    let mut query = Sql::new("SELECT position, unit_id, quantity FROM return_line WHERE live");
    query.bind(" AND sale_id = ?", args![sale]);
    tx.all(query.sql(), query.values()).await
}

/// What names a person in the returns of `case` is gone for ever. Gives which they were.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Id<ReturnId>>, DbError> {
    let rows: Vec<(Id<ReturnId>,)> = tx
        .all(
            "UPDATE product_return SET payee = $2, reason = $2, end_note = NULL, customer_id = NULL WHERE case_id = $1 RETURNING id",
            args![case, parties::store::MARK],
        )
        .await?;
    let ids: Vec<Id<ReturnId>> = rows.into_iter().map(|(id,)| id).collect();
    for id in &ids {
        tx.exec("UPDATE return_line SET finding_note = NULL WHERE return_id = $1", args![*id]).await?;
        tx.exec("UPDATE return_payment SET reason = $2 WHERE return_id = $1", args![*id, parties::store::MARK]).await?;
    }
    Ok(ids)
}
