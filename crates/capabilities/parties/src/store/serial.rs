use db::{DbError, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::Product;
use crate::domain::{plain_code, tail};

/// A serial unit as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialUnit {
    /// Its id.
    pub id: Id<of::SerialUnit>,
    /// Which product.
    pub product: Id<of::Product>,
    /// The serial number as written.
    pub serial: String,
    /// The IMEI.
    pub imei: Option<String>,
    /// Where it was sold, or where it was first seen.
    pub store: Id<of::Unit>,
    /// On which sale.
    pub sale: Option<Id<of::Sale>>,
    /// Whose it is now.
    pub customer: Option<Id<of::Customer>>,
    /// From when its warranty counts, where that is not the day of sale.
    pub warranty_from: Option<Day>,
    /// Finished repairs.
    pub repairs: i64,
    /// Exchanges.
    pub exchanges: i64,
    /// What staff should know.
    pub note: Option<String>,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Placed for SerialUnit {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

/// A unit with its product and what its sale says, as lists and the scan show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// The unit.
    pub unit: SerialUnit,
    /// Its product.
    pub product: Product,
    /// The receipt's number.
    pub receipt: Option<String>,
    /// The day of sale.
    pub sold_on: Option<Day>,
    /// Whose it is.
    pub customer_name: Option<String>,
}

const ROWS: &str = "SELECT serial_unit.id, serial_unit.product_id, serial_unit.serial, serial_unit.imei, serial_unit.store_id,
    serial_unit.sale_id, serial_unit.customer_id, serial_unit.warranty_from, serial_unit.repairs, serial_unit.exchanges,
    serial_unit.note, serial_unit.version, serial_unit.created_at, product.id, product.code, product.name, product.brand,
    product.category, product.active, product.model, product.barcode, product.law_months, product.main_months,
    product.maker_months, product.maker_promise, product.hotline, product.version, sale.receipt, sale.sold_on, customer.name
    FROM serial_unit JOIN product ON product.id = serial_unit.product_id LEFT JOIN sale ON sale.id = serial_unit.sale_id
    LEFT JOIN customer ON customer.id = serial_unit.customer_id";

impl FromRow for UnitRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        let c = &mut columns;
        let unit = SerialUnit {
            id: c.next()?,
            product: c.next()?,
            serial: c.next()?,
            imei: c.next()?,
            store: c.next()?,
            sale: c.next()?,
            customer: c.next()?,
            warranty_from: c.next()?,
            repairs: c.next()?,
            exchanges: c.next()?,
            note: c.next()?,
            version: c.next()?,
            created_at: c.next()?,
        };
        let product = Product::from_columns(c)?;
        Ok(Self { unit, product, receipt: c.next()?, sold_on: c.next()?, customer_name: c.next()? })
    }
}

/// The unit `id`.
///
/// # Errors
/// What the database says.
pub async fn get_unit(tx: &mut Tx, id: Id<of::SerialUnit>) -> Result<Option<UnitRow>, DbError> {
    let mut find = Filter::new(ROWS);
    find.bind(" WHERE serial_unit.id = ?", args![id]);
    tx.one(find.sql(), find.values()).await
}

/// The units whose serial number or IMEI is `code` (as [`plain_code`] writes it), or, of six characters, ends with it; newest
/// first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn units_by_code(tx: &mut Tx, code: &str, limit: i64) -> Result<Vec<UnitRow>, DbError> {
    let mut find = Filter::new(ROWS);
    // Each part has an index of its own; a condition with OR over them would have none on some engines.
    find.bind(" WHERE serial_unit.id IN (SELECT id FROM serial_unit WHERE code = ?", args![code]);
    find.bind(" UNION SELECT id FROM serial_unit WHERE imei = ?", args![code]);
    if code.chars().count() == 6 {
        find.bind(" UNION SELECT id FROM serial_unit WHERE tail = ?", args![code]);
    }
    find.bind(") ORDER BY serial_unit.id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// The units with one of `codes`, of any product, in any order.
///
/// # Errors
/// What the database says.
pub async fn units_with_codes(tx: &mut Tx, codes: &[String]) -> Result<Vec<UnitRow>, DbError> {
    let mut all = Vec::new();
    for some in codes.chunks(256) {
        let mut find = Filter::new(ROWS);
        find.push(" WHERE ").bind_in("serial_unit.code", some.iter().cloned().map(Value::from));
        all.extend(tx.all::<UnitRow>(find.sql(), find.values()).await?);
    }
    Ok(all)
}

/// The units of a sale, in the order in which they were made.
///
/// # Errors
/// What the database says.
pub async fn units_of_sale(tx: &mut Tx, sale: Id<of::Sale>) -> Result<Vec<UnitRow>, DbError> {
    let mut find = Filter::new(ROWS);
    find.bind(" WHERE serial_unit.sale_id = ? ORDER BY serial_unit.id LIMIT 500", args![sale]);
    tx.all(find.sql(), find.values()).await
}

/// The units of a customer, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn units_of_customer(tx: &mut Tx, customer: Id<of::Customer>, limit: i64) -> Result<Vec<UnitRow>, DbError> {
    let mut find = Filter::new(ROWS);
    find.bind(" WHERE serial_unit.customer_id = ? ORDER BY serial_unit.id DESC LIMIT ?", args![customer, limit]);
    tx.all(find.sql(), find.values()).await
}

/// Which units a list shows; nothing set means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units {
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Of this product.
    pub product: Option<Id<of::Product>>,
    /// Of this customer.
    pub customer: Option<Id<of::Customer>>,
    /// Only these, as search found them.
    pub ids: Option<Vec<i64>>,
}

/// Units within `reach` that are `wanted`, newest first, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list_units(
    tx: &mut Tx,
    wanted: &Units,
    reach: &Reach,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<UnitRow>, DbError> {
    let mut find = Filter::new(ROWS);
    find.push(" WHERE TRUE");
    if let Some(store) = wanted.store {
        find.bind(" AND serial_unit.store_id = ?", args![store]);
    }
    if let Some(product) = wanted.product {
        find.bind(" AND serial_unit.product_id = ?", args![product]);
    }
    if let Some(customer) = wanted.customer {
        find.bind(" AND serial_unit.customer_id = ?", args![customer]);
    }
    if let Some(ids) = &wanted.ids {
        find.push(" AND ").bind_in("serial_unit.id", ids.iter().copied().map(Value::from));
    }
    if let Some(after) = after {
        find.bind(" AND serial_unit.id < ?", args![after]);
    }
    find.reach(reach, "serial_unit.store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
    find.bind(" ORDER BY serial_unit.id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// Inserts units.
///
/// # Errors
/// What the database says; `Unique` when the product has such a serial number.
pub async fn insert_units(tx: &mut Tx, units: &[SerialUnit]) -> Result<(), DbError> {
    const INSERT: &str =
        "INSERT INTO serial_unit (id, product_id, serial, code, tail, imei, store_id, sale_id, customer_id,
        warranty_from, repairs, exchanges, note, version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let rows: Vec<Vec<Value>> = units
        .iter()
        .map(|unit| {
            let code = plain_code(&unit.serial);
            vec![
                unit.id.into(),
                unit.product.into(),
                unit.serial.clone().into(),
                code.clone().into(),
                tail(&code).into(),
                unit.imei.clone().into(),
                unit.store.into(),
                unit.sale.into(),
                unit.customer.into(),
                unit.warranty_from.into(),
                unit.repairs.into(),
                unit.exchanges.into(),
                unit.note.clone().into(),
                unit.version.into(),
                unit.created_at.into(),
            ]
        })
        .collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Saves `unit` as its next version, if its version is still the present one; false when it is not.
///
/// # Errors
/// As [`insert_units`].
pub async fn save_unit(tx: &mut Tx, unit: &SerialUnit) -> Result<bool, DbError> {
    let code = plain_code(&unit.serial);
    let end = tail(&code);
    let changed = tx
        .exec(
            "UPDATE serial_unit SET product_id = $3, serial = $4, code = $5, tail = $6, imei = $7, sale_id = $8,
                customer_id = $9, warranty_from = $10, note = $11, version = version + 1
             WHERE id = $1 AND version = $2",
            args![
                unit.id,
                unit.version,
                unit.product,
                unit.serial.clone(),
                code,
                end,
                unit.imei.clone(),
                unit.sale,
                unit.customer,
                unit.warranty_from,
                unit.note.clone()
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Counts a finished repair or an exchange of the unit `id`.
///
/// # Errors
/// What the database says.
pub async fn count_event(tx: &mut Tx, id: Id<of::SerialUnit>, repairs: i64, exchanges: i64) -> Result<(), DbError> {
    let sql = "UPDATE serial_unit SET repairs = repairs + $2, exchanges = exchanges + $3, version = version + 1 WHERE id = $1";
    tx.exec(sql, args![id, repairs, exchanges]).await.map(|_| ())
}

/// Hands the units `ids` (all of `from` when `None`) to another customer; says which they were.
///
/// # Errors
/// What the database says.
pub async fn move_units(
    tx: &mut Tx,
    from: Id<of::Customer>,
    to: Id<of::Customer>,
    ids: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut change = Filter::new("UPDATE serial_unit SET ");
    change.bind("customer_id = ?, version = version + 1 WHERE customer_id = ?", args![to, from]);
    if let Some(ids) = ids {
        change.push(" AND ").bind_in("id", ids.iter().copied().map(Value::from));
    }
    change.push(" RETURNING id");
    tx.all(change.sql(), change.values()).await
}
