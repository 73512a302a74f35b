//! Rows of customers.

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
    /// The file in which it goes on, once it was merged.
    pub merged_into: Option<Id<of::Customer>>,
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
const COLUMNS: &str = "SELECT id, store_id, name, phone, wechat, email, address, vip, note, consent, external_id, tags, merged_into, version, created_at FROM customer";

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
                tags: read_tags(columns.next()?),
            },
            merged_into: columns.next()?,
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
    find.bind(" WHERE merged_into IS NULL AND store_id = ? AND external_id = ?", args![store, external_id]);
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
    find.push(" AND merged_into IS NULL");
    within(&mut find, reach);
    find.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// Which customers a list shows; nothing set means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Files of this store.
    pub store: Option<Id<of::Unit>>,
    /// Only these, as search found them.
    pub ids: Option<Vec<i64>>,
}

/// Customers within `reach` that are `wanted`, newest first, after `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    wanted: &Wanted,
    reach: &Reach,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Customer>, DbError> {
    let mut find = Filter::new(COLUMNS);
    find.push(" WHERE merged_into IS NULL");
    if let Some(store) = wanted.store {
        find.bind(" AND store_id = ?", args![store]);
    }
    if let Some(ids) = &wanted.ids {
        find.push(" AND ").bind_in("id", ids.iter().copied().map(Value::from));
    }
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
    (id, store_id, name, phone, phone_tail, wechat, email, address, vip, note, consent, external_id, tags, merged_into, version,
        created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

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
        kept_tags(&draft.tags).into(),
        customer.merged_into.into(),
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
                note = $10, consent = $11, external_id = $12, tags = $13, version = version + 1
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
                draft.external_id.clone(),
                kept_tags(&draft.tags)
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Tags stand in one column, parted by a sign that a tag cannot hold.
fn kept_tags(tags: &[String]) -> Option<String> {
    (!tags.is_empty()).then(|| tags.join("\n"))
}

fn read_tags(kept: Option<String>) -> Vec<String> {
    kept.map(|tags| tags.lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// Files within `reach` that may be the same person as `customer`: the same number, WeChat name, or name at the same address.
///
/// # Errors
/// What the database says.
pub async fn alike(tx: &mut Tx, customer: &Customer, reach: &Reach, limit: i64) -> Result<Vec<Customer>, DbError> {
    let draft = &customer.draft;
    let mut find = Filter::new(COLUMNS);
    find.bind(" WHERE merged_into IS NULL AND id <> ? AND (FALSE", args![customer.id]);
    if let Some(phone) = &draft.phone {
        find.bind(" OR phone = ?", args![phone.digits().to_owned()]);
    }
    if let Some(wechat) = &draft.wechat {
        find.bind(" OR wechat = ?", args![wechat.clone()]);
    }
    if let Some(address) = &draft.address {
        find.bind(" OR (name = ? AND address = ?)", args![draft.name.clone(), address.clone()]);
    }
    find.push(")");
    within(&mut find, reach);
    find.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// Says into which file `id` was merged, if `version` is still the present one; `None` opens it again.
///
/// # Errors
/// What the database says.
pub async fn set_merged(
    tx: &mut Tx,
    id: Id<of::Customer>,
    version: i64,
    into: Option<Id<of::Customer>>,
) -> Result<bool, DbError> {
    let sql = "UPDATE customer SET merged_into = $3, version = version + 1 WHERE id = $1 AND version = $2";
    Ok(tx.exec(sql, args![id, version, into]).await? == 1)
}

/// The customers whose whole number is one of `phones`, newest first: for pastes.
///
/// # Errors
/// What the database says.
pub async fn with_phones(tx: &mut Tx, phones: &[String], reach: &Reach) -> Result<Vec<Customer>, DbError> {
    let mut all = Vec::new();
    for some in phones.chunks(256) {
        let mut find = Filter::new(COLUMNS);
        find.push(" WHERE merged_into IS NULL AND ").bind_in("phone", some.iter().cloned().map(Value::from));
        within(&mut find, reach);
        find.push(" ORDER BY id DESC");
        all.extend(tx.all::<Customer>(find.sql(), find.values()).await?);
    }
    Ok(all)
}
