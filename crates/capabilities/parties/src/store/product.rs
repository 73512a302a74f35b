use db::{DbError, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Id, of};
use serde::{Deserialize, Serialize};

use crate::domain::ProductDraft;

/// A product model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its id.
    pub id: Id<of::Product>,
    /// What it holds.
    pub draft: ProductDraft,
    /// Counts its changes.
    pub version: i64,
}

const COLUMNS: &str =
    "SELECT id, code, name, brand, category, active, model, barcode, law_months, main_months, maker_months,
    maker_promise, hotline, version FROM product";

impl FromRow for Product {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        Self::from_columns(&mut columns)
    }
}

impl Product {
    /// The columns of a product in a row that has more behind them.
    pub(super) fn from_columns(columns: &mut db::Columns<'_>) -> Result<Self, DbError> {
        let id = columns.next()?;
        let (code, name, brand, category, active) =
            (columns.next()?, columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let draft = ProductDraft {
            code,
            name,
            brand,
            category,
            active,
            model: columns.next()?,
            barcode: columns.next()?,
            law_months: columns.next()?,
            main_months: columns.next()?,
            maker_months: columns.next()?,
            maker_promise: columns.next()?,
            hotline: columns.next()?,
        };
        Ok(Self { id, draft, version: columns.next()? })
    }
}

/// The product `id`.
///
/// # Errors
/// What the database says.
pub async fn get_product(tx: &mut Tx, id: Id<of::Product>) -> Result<Option<Product>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE id = ?", args![id]);
    tx.one(find.sql(), find.values()).await
}

/// The product whose code is `code`.
///
/// # Errors
/// What the database says.
pub async fn product_by_code(tx: &mut Tx, code: &str) -> Result<Option<Product>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE code = ?", args![code]);
    tx.one(find.sql(), find.values()).await
}

/// The products with one of `codes`, in any order.
///
/// # Errors
/// What the database says.
pub async fn products_by_code(tx: &mut Tx, codes: &[String]) -> Result<Vec<Product>, DbError> {
    let mut all = Vec::new();
    for some in codes.chunks(256) {
        let mut find = Filter::new(COLUMNS);
        find.push(" WHERE ").bind_in("code", some.iter().cloned().map(Value::from));
        all.extend(tx.all::<Product>(find.sql(), find.values()).await?);
    }
    Ok(all)
}

/// The products under the bar code `digits`, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn products_by_barcode(tx: &mut Tx, digits: &str, limit: i64) -> Result<Vec<Product>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE barcode = ? ORDER BY id DESC LIMIT ?", args![digits, limit]);
    tx.all(find.sql(), find.values()).await
}

/// Which products a list shows; nothing set means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Products {
    /// Of this group.
    pub category: Option<String>,
    /// Of this brand.
    pub brand: Option<String>,
    /// Those that are no longer sold, too.
    pub retired: bool,
    /// Only these, as search found them.
    pub ids: Option<Vec<i64>>,
}

/// Products that are `wanted`, newest first, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list_products(
    tx: &mut Tx,
    wanted: &Products,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Product>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.push(" WHERE TRUE");
    if !wanted.retired {
        find.push(" AND active");
    }
    if let Some(category) = &wanted.category {
        find.bind(" AND category = ?", args![category.clone()]);
    }
    if let Some(brand) = &wanted.brand {
        find.bind(" AND brand = ?", args![brand.clone()]);
    }
    if let Some(ids) = &wanted.ids {
        find.push(" AND ").bind_in("id", ids.iter().copied().map(Value::from));
    }
    if let Some(after) = after {
        find.bind(" AND id < ?", args![after]);
    }
    find.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// The products `ids`, in any order.
///
/// # Errors
/// What the database says.
pub async fn find_products(tx: &mut Tx, ids: &[Id<of::Product>]) -> Result<Vec<Product>, DbError> {
    let mut all = Vec::new();
    for some in ids.chunks(256) {
        let mut find = Filter::new(COLUMNS);
        find.push(" WHERE ").bind_in("id", some.iter().copied().map(Value::from));
        all.extend(tx.all::<Product>(find.sql(), find.values()).await?);
    }
    Ok(all)
}

const INSERT: &str = "INSERT INTO product (id, code, name, brand, category, active, model, barcode, law_months, main_months,
    maker_months, maker_promise, hotline, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

fn values(product: &Product) -> Vec<Value> {
    let draft = &product.draft;
    vec![
        product.id.into(),
        draft.code.clone().into(),
        draft.name.clone().into(),
        draft.brand.clone().into(),
        draft.category.clone().into(),
        draft.active.into(),
        draft.model.clone().into(),
        draft.barcode.clone().into(),
        draft.law_months.into(),
        draft.main_months.into(),
        draft.maker_months.into(),
        draft.maker_promise.clone().into(),
        draft.hotline.clone().into(),
        product.version.into(),
    ]
}

/// Inserts `product`.
///
/// # Errors
/// What the database says; `Unique` when its code is known.
pub async fn insert_product(tx: &mut Tx, product: &Product) -> Result<(), DbError> {
    tx.exec(INSERT, &values(product)).await.map(|_| ())
}

/// Inserts many products at once.
///
/// # Errors
/// As [`insert_product`].
pub async fn insert_products(tx: &mut Tx, products: &[Product]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value>> = products.iter().map(values).collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Saves what `product` holds as its next version, if its version is still the present one; false when it is not.
///
/// # Errors
/// As [`insert_product`].
pub async fn save_product(tx: &mut Tx, product: &Product) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE product SET code = $2, name = $3, brand = $4, category = $5, active = $6, model = $7, barcode = $8,
                law_months = $9, main_months = $10, maker_months = $11, maker_promise = $12, hotline = $13,
                version = version + 1
             WHERE id = $1 AND version = $14",
            &values(product),
        )
        .await?;
    Ok(changed == 1)
}
