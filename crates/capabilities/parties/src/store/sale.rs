use db::{DbError, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Money, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{Cover, SoldBy, Source, plain_code};

/// A sale as stored; its lines and promises stand in rows of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Its id.
    pub id: Id<of::Sale>,
    /// Where it was sold.
    pub store: Id<of::Unit>,
    /// Who bought it.
    pub customer: Option<Id<of::Customer>>,
    /// Number of the receipt as written.
    pub receipt: String,
    /// How it was sold.
    pub channel: SoldBy,
    /// The day of sale.
    pub day: Day,
    /// How it was paid.
    pub payment: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// What all lines cost together.
    pub total: Money,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Placed for Sale {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

/// A line of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which product.
    pub product: Id<of::Product>,
    /// How many.
    pub quantity: i64,
    /// Price of one.
    pub price: Money,
}

/// A sale as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleRow {
    /// The sale.
    pub sale: Sale,
    /// Who bought it.
    pub customer_name: Option<String>,
    /// Its first product.
    pub product: String,
    /// Lines beyond the first.
    pub more: i64,
}

const COLUMNS: &str =
    "SELECT id, store_id, customer_id, receipt, channel, sold_on, payment, note, total, version, created_at FROM sale";

impl Sale {
    fn from_columns(c: &mut db::Columns<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: c.next()?,
            store: c.next()?,
            customer: c.next()?,
            receipt: c.next()?,
            channel: SoldBy::parse(&c.next::<String>()?).ok_or_else(|| broken("channel"))?,
            day: c.next()?,
            payment: c.next()?,
            note: c.next()?,
            total: c.next()?,
            version: c.next()?,
            created_at: c.next()?,
        })
    }
}

fn broken(what: &str) -> DbError {
    DbError { kind: db::DbErrorKind::Sql, constraint: None, message: format!("sale: no such {what}") }
}

impl FromRow for Sale {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        Self::from_columns(&mut columns)
    }
}

impl FromRow for SaleRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        let sale = Sale::from_columns(&mut columns)?;
        let (customer_name, product, lines) =
            (columns.next()?, columns.next::<Option<String>>()?, columns.next::<i64>()?);
        Ok(Self { sale, customer_name, product: product.unwrap_or_default(), more: (lines - 1).max(0) })
    }
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { product: c.next()?, quantity: c.next()?, price: c.next()? })
    }
}

struct Promise(Cover);

impl FromRow for Promise {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self(Cover {
            source: Source::parse(&c.next::<String>()?).ok_or_else(|| broken("source"))?,
            promise: c.next()?,
            provider: c.next()?,
            ends_on: c.next()?,
        }))
    }
}

/// The sale `id`.
///
/// # Errors
/// What the database says.
pub async fn get_sale(tx: &mut Tx, id: Id<of::Sale>) -> Result<Option<Sale>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE id = ?", args![id]);
    tx.one(find.sql(), find.values()).await
}

/// The lines of the sale `id`, in their order.
///
/// # Errors
/// What the database says.
pub async fn lines_of(tx: &mut Tx, id: Id<of::Sale>) -> Result<Vec<Line>, DbError> {
    tx.all("SELECT product_id, quantity, price FROM sale_line WHERE sale_id = $1 ORDER BY position", args![id]).await
}

/// The promises of the sale `id`, in their order.
///
/// # Errors
/// What the database says.
pub async fn covers_of(tx: &mut Tx, id: Id<of::Sale>) -> Result<Vec<Cover>, DbError> {
    let sql = "SELECT source, promise, provider, ends_on FROM sale_cover WHERE sale_id = $1 ORDER BY position";
    Ok(tx.all::<Promise>(sql, args![id]).await?.into_iter().map(|promise| promise.0).collect())
}

/// The sale on the receipt `code` (as [`plain_code`] writes it) of `store`.
///
/// # Errors
/// What the database says.
pub async fn sale_by_receipt(tx: &mut Tx, store: Id<of::Unit>, code: &str) -> Result<Option<Sale>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE store_id = ? AND receipt_code = ?", args![store, code]);
    tx.one(find.sql(), find.values()).await
}

/// The sales on receipts `codes` of `store`, in any order.
///
/// # Errors
/// What the database says.
pub async fn sales_with_receipts(tx: &mut Tx, store: Id<of::Unit>, codes: &[String]) -> Result<Vec<Sale>, DbError> {
    let mut all = Vec::new();
    for some in codes.chunks(256) {
        let mut find = Filter::new(COLUMNS);
        find.bind(" WHERE store_id = ? AND ", args![store]);
        find.bind_in("receipt_code", some.iter().cloned().map(Value::from));
        all.extend(tx.all::<Sale>(find.sql(), find.values()).await?);
    }
    Ok(all)
}

/// The sales on the receipt `code` of any store, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn sales_by_receipt(tx: &mut Tx, code: &str, limit: i64) -> Result<Vec<Sale>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE receipt_code = ? ORDER BY id DESC LIMIT ?", args![code, limit]);
    tx.all(find.sql(), find.values()).await
}

/// What `customer` bought, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn sales_of_customer(tx: &mut Tx, customer: Id<of::Customer>, limit: i64) -> Result<Vec<SaleRow>, DbError> {
    let mut find = Filter::new(ROWS);
    find.bind(" WHERE sale.customer_id = ? ORDER BY sale.id DESC LIMIT ?", args![customer, limit]);
    tx.all(find.sql(), find.values()).await
}

/// Which sales a list shows; nothing set means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sales {
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Sold this way.
    pub channel: Option<SoldBy>,
    /// To this customer.
    pub customer: Option<Id<of::Customer>>,
    /// From this day on.
    pub from: Option<Day>,
    /// To this day.
    pub to: Option<Day>,
    /// Only these, as search found them.
    pub ids: Option<Vec<i64>>,
}

const ROWS: &str = "SELECT sale.id, sale.store_id, sale.customer_id, sale.receipt, sale.channel, sale.sold_on, sale.payment, sale.note,
    sale.total, sale.version, sale.created_at, customer.name,
    (SELECT product.name FROM sale_line JOIN product ON product.id = sale_line.product_id
        WHERE sale_line.sale_id = sale.id AND sale_line.position = 0),
    (SELECT COUNT(*) FROM sale_line WHERE sale_line.sale_id = sale.id)
    FROM sale LEFT JOIN customer ON customer.id = sale.customer_id";

/// Sales within `reach` that are `wanted`, newest day first, behind `after` (day and id), at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list_sales(
    tx: &mut Tx,
    wanted: &Sales,
    reach: &Reach,
    after: Option<(Day, i64)>,
    limit: i64,
) -> Result<Vec<SaleRow>, DbError> {
    let mut find = Filter::new(ROWS);
    find.push(" WHERE TRUE");
    if let Some(store) = wanted.store {
        find.bind(" AND sale.store_id = ?", args![store]);
    }
    if let Some(channel) = wanted.channel {
        find.bind(" AND sale.channel = ?", args![channel.as_str()]);
    }
    if let Some(customer) = wanted.customer {
        find.bind(" AND sale.customer_id = ?", args![customer]);
    }
    if let Some(from) = wanted.from {
        find.bind(" AND sale.sold_on >= ?", args![from]);
    }
    if let Some(to) = wanted.to {
        find.bind(" AND sale.sold_on <= ?", args![to]);
    }
    if let Some(ids) = &wanted.ids {
        find.push(" AND ").bind_in("sale.id", ids.iter().copied().map(Value::from));
    }
    if let Some((day, id)) = after {
        find.bind(" AND (sale.sold_on, sale.id) < (?, ?)", args![day, id]);
    }
    find.reach(reach, "sale.store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
    find.bind(" ORDER BY sale.sold_on DESC, sale.id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

const INSERT: &str = "INSERT INTO sale (id, store_id, customer_id, receipt, receipt_code, channel, sold_on, payment, note, total, version,
    created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const INSERT_LINE: &str =
    "INSERT INTO sale_line (sale_id, position, product_id, quantity, price) VALUES ($1, $2, $3, $4, $5)";
const INSERT_COVER: &str =
    "INSERT INTO sale_cover (sale_id, position, source, promise, provider, ends_on) VALUES ($1, $2, $3, $4, $5, $6)";

/// Inserts sales with their lines and promises.
///
/// # Errors
/// What the database says; `Unique` when a receipt is known in its store.
pub async fn insert_sales(tx: &mut Tx, sales: &[(Sale, Vec<Line>, Vec<Cover>)]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value>> = sales
        .iter()
        .map(|(sale, ..)| {
            vec![
                sale.id.into(),
                sale.store.into(),
                sale.customer.into(),
                sale.receipt.clone().into(),
                plain_code(&sale.receipt).into(),
                sale.channel.as_str().into(),
                sale.day.into(),
                sale.payment.clone().into(),
                sale.note.clone().into(),
                sale.total.into(),
                sale.version.into(),
                sale.created_at.into(),
            ]
        })
        .collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await?;
    insert_parts(tx, sales).await
}

async fn insert_parts(tx: &mut Tx, sales: &[(Sale, Vec<Line>, Vec<Cover>)]) -> Result<(), DbError> {
    let mut rows: Vec<(&str, Vec<Value>)> = Vec::new();
    for (sale, lines, covers) in sales {
        for (position, line) in (0_i64..).zip(lines) {
            let row =
                vec![sale.id.into(), position.into(), line.product.into(), line.quantity.into(), line.price.into()];
            rows.push((INSERT_LINE, row));
        }
        for (position, cover) in (0_i64..).zip(covers) {
            let row = vec![
                sale.id.into(),
                position.into(),
                cover.source.as_str().into(),
                cover.promise.clone().into(),
                cover.provider.clone().into(),
                cover.ends_on.into(),
            ];
            rows.push((INSERT_COVER, row));
        }
    }
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|(sql, row)| (*sql, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Saves `sale` with its lines and promises as its next version, if its version is still the present one; false when it is not.
///
/// # Errors
/// As [`insert_sales`].
pub async fn save_sale(tx: &mut Tx, sale: &(Sale, Vec<Line>, Vec<Cover>)) -> Result<bool, DbError> {
    let (now, ..) = sale;
    let changed = tx
        .exec(
            "UPDATE sale SET customer_id = $3, receipt = $4, receipt_code = $5, channel = $6, sold_on = $7, payment = $8,
                note = $9, total = $10, version = version + 1 WHERE id = $1 AND version = $2",
            args![
                now.id,
                now.version,
                now.customer,
                now.receipt.clone(),
                plain_code(&now.receipt),
                now.channel.as_str(),
                now.day,
                now.payment.clone(),
                now.note.clone(),
                now.total
            ],
        )
        .await?;
    if changed != 1 {
        return Ok(false);
    }
    tx.exec("DELETE FROM sale_line WHERE sale_id = $1", args![now.id]).await?;
    tx.exec("DELETE FROM sale_cover WHERE sale_id = $1", args![now.id]).await?;
    insert_parts(tx, std::slice::from_ref(sale)).await?;
    Ok(true)
}

/// Hands the sales `ids` (all of `from` when `None`) to another customer; says which they were.
///
/// # Errors
/// What the database says.
pub async fn move_sales(
    tx: &mut Tx,
    from: Id<of::Customer>,
    to: Id<of::Customer>,
    ids: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut change = Filter::new("UPDATE sale SET ");
    change.bind("customer_id = ?, version = version + 1 WHERE customer_id = ?", args![to, from]);
    if let Some(ids) = ids {
        change.push(" AND ").bind_in("id", ids.iter().copied().map(Value::from));
    }
    change.push(" RETURNING id");
    tx.all(change.sql(), change.values()).await
}
