//! Rows of customers and products; the only SQL of this crate.

use db::{DbError, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Id, Place, Placed, Reach, Timestamp, of};

use crate::domain::{CustomerDraft, Phone};

/// A customer file as stored, unmasked: it does not leave this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: Id<of::Customer>,
    /// Where the customer came first.
    pub store: Id<of::Unit>,
    /// What it holds.
    pub draft: CustomerDraft,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Placed for Customer {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

/// The columns that [`Customer::from_row`] reads, in its order.
const COLUMNS: &str = "SELECT id, store_id, name, phone, wechat, email, address, vip, note, consent, external_id, version, created_at FROM customer";

impl FromRow for Customer {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        Ok(Self {
            id: columns.next()?,
            store: columns.next()?,
            draft: CustomerDraft {
                name: columns.next()?,
                phone: columns.next::<Option<String>>()?.map(Phone::stored),
                wechat: columns.next()?,
                email: columns.next()?,
                address: columns.next()?,
                vip: columns.next()?,
                note: columns.next()?,
                consent: columns.next()?,
                external_id: columns.next()?,
            },
            version: columns.next()?,
            created_at: columns.next()?,
        })
    }
}

/// The customer `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<of::Customer>) -> Result<Option<Customer>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE id = ?", args![id]);
    tx.one(find.sql(), find.values()).await
}

/// The customers `ids`, in any order.
///
/// # Errors
/// What the database says.
pub async fn get_many(tx: &mut Tx, ids: &[Id<of::Customer>]) -> Result<Vec<Customer>, DbError> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(256) {
        let mut find = Filter::new(COLUMNS);
        find.push(" WHERE ").bind_in("id", some.iter().copied().map(Value::from));
        all.extend(tx.all(find.sql(), find.values()).await?);
    }
    Ok(all)
}

/// The customer whom another program calls `external_id` at `store`.
///
/// # Errors
/// What the database says.
pub async fn by_external_id(tx: &mut Tx, store: Id<of::Unit>, external_id: &str) -> Result<Option<Customer>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE store_id = ? AND external_id = ?", args![store, external_id]);
    tx.one(find.sql(), find.values()).await
}

/// By which digits customers are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Digits {
    /// The whole number.
    Whole(String),
    /// Exactly the last four.
    Tail(String),
    /// The beginning.
    Prefix(String),
}

/// Customers within `reach` whose number fits, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn find_by_phone(tx: &mut Tx, digits: &Digits, reach: &Reach, limit: i64) -> Result<Vec<Customer>, DbError> {
    let mut find = Filter::new(COLUMNS);
    match digits {
        Digits::Whole(phone) => find.bind(" WHERE phone = ?", args![&**phone]),
        Digits::Tail(tail) => find.bind(" WHERE phone_tail = ?", args![&**tail]),
        // A range, because LIKE uses an index on neither engine without special care; ':' follows '9'.
        Digits::Prefix(start) => find.bind(" WHERE phone >= ? AND phone < ?", args![&**start, format!("{start}:")]),
    };
    within(&mut find, reach);
    find.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// Customers within `reach`, newest first, after `after`.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut Tx, reach: &Reach, after: Option<i64>, limit: i64) -> Result<Vec<Customer>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.push(" WHERE TRUE");
    within(&mut find, reach);
    if let Some(after) = after {
        find.bind(" AND id < ?", args![after]);
    }
    find.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// A file belongs to a store; nobody owns it and no team works on it.
fn within(find: &mut Filter, reach: &Reach) {
    find.reach(reach, "store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
}

/// Inserts `customer`.
///
/// # Errors
/// What the database says; `Unique` when its external id is known at its store.
pub async fn insert(tx: &mut Tx, customer: &Customer) -> Result<(), DbError> {
    tx.exec(INSERT, &values(customer)).await.map(|_| ())
}

/// Inserts many customers at once, for seeding and imports.
///
/// # Errors
/// As [`insert`].
pub async fn insert_many(tx: &mut Tx, customers: &[Customer]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value>> = customers.iter().map(values).collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

const INSERT: &str = "INSERT INTO customer
    (id, store_id, name, phone, phone_tail, wechat, email, address, vip, note, consent, external_id, version, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

fn values(customer: &Customer) -> Vec<Value> {
    let draft = &customer.draft;
    let phone = draft.phone.as_ref();
    vec![
        customer.id.into(),
        customer.store.into(),
        draft.name.clone().into(),
        phone.map(|phone| phone.digits().to_owned()).into(),
        phone.map(|phone| phone.tail().to_owned()).into(),
        draft.wechat.clone().into(),
        draft.email.clone().into(),
        draft.address.clone().into(),
        draft.vip.clone().into(),
        draft.note.clone().into(),
        draft.consent.into(),
        draft.external_id.clone().into(),
        customer.version.into(),
        customer.created_at.into(),
    ]
}

/// Saves `draft` as the next version of `id`, if `version` is still the present one; false when it is not.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, id: Id<of::Customer>, version: i64, draft: &CustomerDraft) -> Result<bool, DbError> {
    let phone = draft.phone.as_ref();
    let changed = tx
        .exec(
            "UPDATE customer SET name = $3, phone = $4, phone_tail = $5, wechat = $6, email = $7, address = $8, vip = $9,
                note = $10, consent = $11, external_id = $12, version = version + 1
             WHERE id = $1 AND version = $2",
            args![
                id,
                version,
                draft.name.clone(),
                phone.map(|phone| phone.digits().to_owned()),
                phone.map(|phone| phone.tail().to_owned()),
                draft.wechat.clone(),
                draft.email.clone(),
                draft.address.clone(),
                draft.vip.clone(),
                draft.note.clone(),
                draft.consent,
                draft.external_id.clone()
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// A product model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: Id<of::Product>,
    /// The company's code for it. Unique.
    pub code: String,
    /// Its name with the model.
    pub name: String,
    /// The brand.
    pub brand: String,
    /// The group that it is sold in.
    pub category: String,
    /// False when it is no longer sold; what was sold stays.
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
}

impl FromRow for Product {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        Ok(Self {
            id: columns.next()?,
            code: columns.next()?,
            name: columns.next()?,
            brand: columns.next()?,
            category: columns.next()?,
            active: columns.next()?,
            version: columns.next()?,
        })
    }
}

/// The product whose code is `code`.
///
/// # Errors
/// What the database says.
pub async fn product_by_code(tx: &mut Tx, code: &str) -> Result<Option<Product>, DbError> {
    tx.one("SELECT id, code, name, brand, category, active, version FROM product WHERE code = $1", args![code]).await
}

/// Inserts `product`.
///
/// # Errors
/// What the database says; `Unique` when its code is known.
pub async fn insert_product(tx: &mut Tx, product: &Product) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO product (id, code, name, brand, category, active, version) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            product.id,
            &*product.code,
            &*product.name,
            &*product.brand,
            &*product.category,
            product.active,
            product.version
        ],
    )
    .await
    .map(|_| ())
}
