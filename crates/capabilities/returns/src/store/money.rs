use approvals::store::ApprovalId;
use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, IdGen, Money, Reach, Timestamp, of, words};
use serde::{Deserialize, Serialize};

use super::rows::{Return, ReturnId};
use crate::domain::{Account, Entry, Part, PayState};

/// Marks the id of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PaymentId {}

/// A part of the money of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its id.
    pub id: Id<PaymentId>,
    /// Of which return.
    pub of: Id<ReturnId>,
    /// Which part.
    pub part: Part,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: PayState,
    /// The question that it waits for, or waited for.
    pub approval: Option<Id<ApprovalId>>,
    /// The month whose budget bears it.
    pub month: Option<String>,
    /// Who confirmed amount, payee and reason.
    pub confirmed_by: Option<Id<of::User>>,
    /// When.
    pub confirmed_at: Option<Timestamp>,
    /// The POS's reference.
    pub pos_ref: Option<String>,
    /// Who recorded it.
    pub paid_by: Option<Id<of::User>>,
    /// When.
    pub paid_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "SELECT id, return_id, part, amount_fen, reason, state, approval_id, month, confirmed_by, confirmed_at, pos_ref,
    paid_by, paid_at FROM return_payment WHERE ";

impl FromRow for Payment {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            of: c.next()?,
            part: c.next()?,
            amount: c.next()?,
            reason: c.next()?,
            state: c.next()?,
            approval: c.next()?,
            month: c.next()?,
            confirmed_by: c.next()?,
            confirmed_at: c.next()?,
            pos_ref: c.next()?,
            paid_by: c.next()?,
            paid_at: c.next()?,
        })
    }
}

/// The parts of the money of a return, the law's first.
///
/// # Errors
/// What the database says.
pub async fn payments(tx: &mut Tx, id: Id<ReturnId>) -> Result<Vec<Payment>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("return_id = ? ORDER BY CASE part WHEN 'law' THEN 0 ELSE 1 END, id", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// The payment for which the question `approval` was asked.
///
/// # Errors
/// What the database says.
pub async fn by_approval(tx: &mut Tx, approval: Id<ApprovalId>) -> Result<Option<Payment>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind("approval_id = ?", args![approval]);
    tx.one(query.sql(), query.values()).await
}

/// Inserts a payment of `one`.
///
/// # Errors
/// What the database says; `Unique` when the return has such a part.
pub async fn insert_payment(tx: &mut Tx, one: &Return, payment: &Payment) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO return_payment (id, return_id, part, amount_fen, reason, state, approval_id, store_id, month)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            payment.id,
            payment.of,
            payment.part,
            payment.amount,
            payment.reason.clone(),
            payment.state,
            payment.approval,
            one.store,
            payment.month.clone()
        ],
    )
    .await
    .map(|_| ())
}

/// Offers a part anew that came to nothing, or that nobody has confirmed yet; false when it has moved on.
///
/// # Errors
/// What the database says.
pub async fn reopen_payment(tx: &mut Tx, payment: &Payment) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE return_payment SET amount_fen = $2, reason = $3, state = $4, approval_id = $5, month = $6
             WHERE id = $1 AND state IN ('declined', 'void', 'due')",
            args![
                payment.id,
                payment.amount,
                payment.reason.clone(),
                payment.state,
                payment.approval,
                payment.month.clone()
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Moves a payment from one state to another; false when it is not there any more.
///
/// # Errors
/// What the database says.
pub async fn set_state(tx: &mut Tx, id: Id<PaymentId>, from: PayState, to: PayState) -> Result<bool, DbError> {
    let changed =
        tx.exec("UPDATE return_payment SET state = $3 WHERE id = $1 AND state = $2", args![id, from, to]).await?;
    Ok(changed == 1)
}

/// Confirms a payment that is due, once; false when somebody has, or it is not due.
///
/// # Errors
/// What the database says.
pub async fn confirm(tx: &mut Tx, id: Id<PaymentId>, by: Option<Id<of::User>>, at: Timestamp) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE return_payment SET state = 'confirmed', confirmed_by = $2, confirmed_at = $3 WHERE id = $1 AND state = 'due'",
            args![id, by, at],
        )
        .await?;
    Ok(changed == 1)
}

/// Records the POS's reference of a confirmed payment, once; false when it is recorded already, or not confirmed.
///
/// # Errors
/// What the database says; `Unique` when the store's POS reference belongs to another payment.
pub async fn pay(
    tx: &mut Tx,
    id: Id<PaymentId>,
    (pos_ref, day): (&str, Day),
    by: Option<Id<of::User>>,
    at: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE return_payment SET state = 'paid', pos_ref = $2, paid_day = $3, paid_by = $4, paid_at = $5
             WHERE id = $1 AND state = 'confirmed'",
            args![id, pos_ref, day, by, at],
        )
        .await?;
    Ok(changed == 1)
}

/// Whether the POS reference `pos_ref` of `store` belongs to a payment already.
///
/// # Errors
/// What the database says.
pub async fn pos_taken(tx: &mut Tx, store: Id<of::Unit>, pos_ref: &str) -> Result<bool, DbError> {
    let found: Option<(i64,)> =
        tx.one("SELECT id FROM return_payment WHERE store_id = $1 AND pos_ref = $2", args![store, pos_ref]).await?;
    Ok(found.is_some())
}

/// Nothing comes of the parts of a return that have not moved.
///
/// # Errors
/// What the database says.
pub async fn void_open(tx: &mut Tx, id: Id<ReturnId>) -> Result<(), DbError> {
    tx.exec(
        "UPDATE return_payment SET state = 'void', approval_id = NULL WHERE return_id = $1 AND state IN ('asked', 'due', 'declined')",
        args![id],
    )
    .await
    .map(|_| ())
}

/// Posts `entry`, once; false when it was posted before.
///
/// # Errors
/// What the database says.
pub async fn post(tx: &mut Tx, ids: &IdGen, one: &Return, entry: &Entry, at: Timestamp) -> Result<bool, DbError> {
    let id: Id<Posted> = ids.next();
    let made = tx
        .exec(
            "INSERT INTO ledger_entry (id, entry_key, store_id, return_id, what, posted_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (entry_key) DO NOTHING",
            args![id, entry.key.clone(), one.store, one.id, entry.what, at],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    const LINE: &str = "INSERT INTO ledger_line (entry_id, position, account, amount_fen) VALUES ($1, $2, $3, $4)";
    let rows: Vec<Vec<Value>> = entry
        .lines()
        .iter()
        .zip(1_i64..)
        .map(|((account, amount), n)| vec![id.into(), n.into(), (*account).into(), (*amount).into()])
        .collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (LINE, row.as_slice())).collect();
    tx.batch(&statements).await?;
    Ok(true)
}

/// A posted line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What happened.
    pub what: String,
    /// When.
    pub at: Timestamp,
    /// Which account.
    pub account: Account,
    /// How much; debits are positive.
    pub amount: Money,
}

impl FromRow for Posted {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { what: c.next()?, at: c.next()?, account: c.next()?, amount: c.next()? })
    }
}

/// What was booked for a return, in order.
///
/// # Errors
/// What the database says.
pub async fn entries_of(tx: &mut Tx, id: Id<ReturnId>) -> Result<Vec<Posted>, DbError> {
    tx.all(
        "SELECT e.what, e.posted_at, l.account, l.amount_fen FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
         WHERE e.return_id = $1 ORDER BY e.id, l.position",
        args![id],
    )
    .await
}

/// What stands on an account for a return.
///
/// # Errors
/// What the database says.
pub async fn balance_of(tx: &mut Tx, id: Id<ReturnId>, account: Account) -> Result<Money, DbError> {
    let found: Option<(Money,)> = tx
        .one(
            "SELECT CAST(COALESCE(SUM(l.amount_fen), 0) AS BIGINT) FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
             WHERE e.return_id = $1 AND l.account = $2",
            args![id, account],
        )
        .await?;
    Ok(found.map_or(Money::ZERO, |(sum,)| sum))
}

/// Entries that do not balance; there are none.
///
/// # Errors
/// What the database says.
pub async fn unbalanced(tx: &mut Tx) -> Result<i64, DbError> {
    let found: Option<(i64,)> = tx
        .one(
            "SELECT COUNT(*) FROM (SELECT entry_id FROM ledger_line GROUP BY entry_id HAVING SUM(amount_fen) <> 0) AS off",
            &[],
        )
        .await?;
    Ok(found.map_or(0, |(n,)| n))
}

/// A store's goodwill of a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// How much there is; none where nobody set one.
    pub amount: Option<Money>,
    /// Offered and not paid yet.
    pub reserved: Money,
    /// Paid.
    pub spent: Money,
    /// Was reserved and came to nothing.
    pub released: Money,
    /// Counts the changes of the amount.
    pub version: i64,
}

impl Budget {
    /// What is left; none where nobody set a budget.
    pub fn left(&self) -> Option<Money> {
        self.amount.map(|amount| amount - self.reserved - self.spent)
    }
}

/// What `store` has given beyond the law in `month`.
///
/// # Errors
/// What the database says.
pub async fn used(tx: &mut Tx, store: Id<of::Unit>, month: &str) -> Result<(Money, Money, Money), DbError> {
    let found: Option<(Money, Money, Money)> = tx
        .one(
            "SELECT CAST(COALESCE(SUM(CASE WHEN m.state IN ('asked', 'confirmed') OR (m.state = 'due' AND m.part = 'extra')
                    THEN m.amount_fen ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN m.state IN ('paid', 'reconciled') OR (m.state = 'due' AND m.part = 'grant')
                    THEN m.amount_fen ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN m.state IN ('declined', 'void') THEN m.amount_fen ELSE 0 END), 0) AS BIGINT)
             FROM return_payment m WHERE m.store_id = $1 AND m.month = $2",
            args![store, month],
        )
        .await?;
    Ok(found.unwrap_or_default())
}

/// The budget of `store` in `month`, with what became of it.
///
/// # Errors
/// What the database says.
pub async fn budget(tx: &mut Tx, store: Id<of::Unit>, month: &str) -> Result<Budget, DbError> {
    let set: Option<(Money, i64)> = tx
        .one("SELECT amount_fen, version FROM goodwill_budget WHERE store_id = $1 AND month = $2", args![store, month])
        .await?;
    let (reserved, spent, released) = used(tx, store, month).await?;
    let (amount, version) = set.map_or((None, 0), |(amount, version)| (Some(amount), version));
    Ok(Budget { amount, reserved, spent, released, version })
}

/// Sets the budget of `store` in `month`; false when somebody has since `version` (0 = nobody had).
///
/// # Errors
/// What the database says.
pub async fn save_budget(
    tx: &mut Tx,
    store: Id<of::Unit>,
    month: &str,
    amount: Money,
    version: i64,
) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "INSERT INTO goodwill_budget (store_id, month, amount_fen, version) VALUES ($1, $2, $3, $4 + 1)
             ON CONFLICT (store_id, month) DO UPDATE SET amount_fen = excluded.amount_fen, version = excluded.version
             WHERE goodwill_budget.version = $4",
            args![store, month, amount, version],
        )
        .await?;
    Ok(changed == 1)
}

/// What others were given beyond the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedent {
    /// Which return.
    pub id: Id<ReturnId>,
    /// Its number.
    pub number: String,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// What came of it.
    pub state: PayState,
}

impl FromRow for Precedent {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { id: c.next()?, number: c.next()?, amount: c.next()?, reason: c.next()?, state: c.next()? })
    }
}

/// The latest within `reach` that were given beyond the law for the same product, but not for the return `but`.
///
/// # Errors
/// What the database says.
pub async fn precedents(
    tx: &mut Tx,
    reach: &Reach,
    product: Id<of::Product>,
    but: Id<ReturnId>,
    limit: i64,
) -> Result<Vec<Precedent>, DbError> {
    let mut query = Sql::new(
        "SELECT p.id, p.number, m.amount_fen, m.reason, m.state FROM return_payment m JOIN product_return p ON p.id = m.return_id
         WHERE m.part <> 'law' AND m.state NOT IN ('void', 'asked')",
    );
    query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
    query.bind(
        " AND p.id <> ? AND EXISTS (SELECT 1 FROM return_line l WHERE l.return_id = p.id AND l.product_id = ?)",
        args![but, product],
    );
    query.bind(" ORDER BY m.id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// A refund as the shop's POS reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PosRefund {
    /// Its reference.
    pub pos_ref: String,
    /// How much.
    pub amount: Money,
    /// The business day.
    pub day: Day,
}

/// Keeps what the POS of `store` reports; what it has reported before stays as it was. Gives how many are new.
///
/// # Errors
/// What the database says.
pub async fn insert_pos(
    tx: &mut Tx,
    ids: &IdGen,
    store: Id<of::Unit>,
    rows: &[PosRefund],
    at: Timestamp,
) -> Result<u64, DbError> {
    let mut new = 0;
    for row in rows {
        let id: Id<PosRefund> = ids.next();
        new += tx
            .exec(
                "INSERT INTO pos_refund (id, store_id, ref, amount_fen, day, entered_at) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (store_id, ref) DO NOTHING",
                args![id, store, row.pos_ref.clone(), row.amount, row.day, at],
            )
            .await?;
    }
    Ok(new)
}

/// Payments of `store` that the POS reports with the same amount are reconciled. Gives which returns they belong to.
///
/// # Errors
/// What the database says.
pub async fn mark_reconciled(tx: &mut Tx, store: Id<of::Unit>) -> Result<Vec<Id<ReturnId>>, DbError> {
    let rows: Vec<(Id<ReturnId>,)> = tx
        .all(
            "UPDATE return_payment SET state = 'reconciled' WHERE store_id = $1 AND state = 'paid' AND EXISTS (
                SELECT 1 FROM pos_refund f WHERE f.store_id = return_payment.store_id AND f.ref = return_payment.pos_ref
                AND f.amount_fen = return_payment.amount_fen) RETURNING return_id",
            args![store],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

words! {
    /// What does not match.
    pub enum MismatchKind {
        /// Confirmed yesterday or before, and the POS has refunded nothing.
        NotPaid = "not_paid",
        /// Paid by our books, and the POS's list of that day does not have it.
        NotInPos = "not_in_pos",
        /// The POS refunded another amount.
        OtherAmount = "other_amount",
        /// The POS refunded what no return has.
        NoReturn = "no_return",
        /// Refunded without a red e-invoice.
        NoInvoice = "no_invoice",
        /// Goods came back without a stock receipt.
        NoStock = "no_stock",
    }
}
db::stored_words!(MismatchKind);

/// One thing that does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What.
    pub kind: MismatchKind,
    /// Where.
    pub store: Id<of::Unit>,
    /// The return, if there is one.
    pub of: Option<Id<ReturnId>>,
    /// Its number.
    pub number: Option<String>,
    /// The POS's reference.
    pub pos_ref: Option<String>,
    /// By our books.
    pub ours: Option<Money>,
    /// By the POS.
    pub pos: Option<Money>,
}

impl FromRow for Mismatch {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            kind: c.next()?,
            store: c.next()?,
            of: c.next()?,
            number: c.next()?,
            pos_ref: c.next()?,
            ours: c.next()?,
            pos: c.next()?,
        })
    }
}

/// What does not match within `reach`, at most `limit` of each kind: nothing of `before` (the start of today) or later is late yet.
///
/// # Errors
/// What the database says.
pub async fn mismatches(tx: &mut Tx, reach: &Reach, before: Timestamp, limit: i64) -> Result<Vec<Mismatch>, DbError> {
    let kinds: [(&'static str, bool); 6] = [
        (
            "SELECT 'not_paid', m.store_id, p.id, p.number, m.pos_ref, m.amount_fen, CAST(NULL AS BIGINT)
             FROM return_payment m JOIN product_return p ON p.id = m.return_id WHERE m.state = 'confirmed' AND m.confirmed_at < ?",
            true,
        ),
        (
            "SELECT 'not_in_pos', m.store_id, p.id, p.number, m.pos_ref, m.amount_fen, CAST(NULL AS BIGINT)
             FROM return_payment m JOIN product_return p ON p.id = m.return_id WHERE m.state = 'paid'
             AND EXISTS (SELECT 1 FROM pos_refund f WHERE f.store_id = m.store_id AND f.day = m.paid_day)
             AND NOT EXISTS (SELECT 1 FROM pos_refund f WHERE f.store_id = m.store_id AND f.ref = m.pos_ref)",
            false,
        ),
        (
            "SELECT 'other_amount', m.store_id, p.id, p.number, m.pos_ref, m.amount_fen, f.amount_fen
             FROM return_payment m JOIN product_return p ON p.id = m.return_id
             JOIN pos_refund f ON f.store_id = m.store_id AND f.ref = m.pos_ref WHERE m.state = 'paid' AND f.amount_fen <> m.amount_fen",
            false,
        ),
        (
            "SELECT 'no_return', m.store_id, CAST(NULL AS BIGINT), CAST(NULL AS TEXT), m.ref, CAST(NULL AS BIGINT), m.amount_fen
             FROM pos_refund m WHERE NOT EXISTS (SELECT 1 FROM return_payment x WHERE x.store_id = m.store_id AND x.pos_ref = m.ref)",
            false,
        ),
        (
            "SELECT 'no_invoice', m.store_id, p.id, p.number, m.pos_ref, m.amount_fen, CAST(NULL AS BIGINT)
             FROM return_payment m JOIN product_return p ON p.id = m.return_id
             WHERE m.state IN ('paid', 'reconciled') AND p.red_invoice IS NULL AND p.state = 'open' AND m.paid_at < ?",
            true,
        ),
        (
            "SELECT 'no_stock', m.store_id, m.id, m.number, CAST(NULL AS TEXT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
             FROM product_return m WHERE m.state = 'open' AND m.stock_receipt IS NULL AND EXISTS (
                SELECT 1 FROM return_line l WHERE l.return_id = m.id AND l.goods_in IN ('inspected', 'graded')
                AND (l.inspected_at IS NULL OR l.inspected_at < ?))",
            true,
        ),
    ];
    let mut all = Vec::new();
    for (sql, dated) in kinds {
        let mut query = Sql::new("");
        if dated {
            query.bind(sql, args![before]);
        } else {
            query.push(sql);
        }
        query.reach(reach, "m.store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
        query.bind(" ORDER BY m.id DESC LIMIT ?", args![limit]);
        all.extend(tx.all::<Mismatch>(query.sql(), query.values()).await?);
    }
    Ok(all)
}
