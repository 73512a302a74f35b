use db::{DbError, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::SoldBy;
use crate::domain::terms::{Payer, Promise, TermsDraft, TermsLayer};
use crate::store::{Product, Sale};

db::stored_words!(Payer, TermsLayer);

/// Marks the id of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TermsId {}

/// One version of terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Which.
    pub id: Id<TermsId>,
    /// Which version, from 1.
    pub version: i64,
    /// What it says.
    pub draft: TermsDraft,
    /// The product that it is limited to.
    pub product: Option<Id<of::Product>>,
    /// The store that it is limited to.
    pub store: Option<Id<of::Unit>>,
    /// Who wrote this version.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
}

impl Terms {
    /// What verdicts call this version.
    pub fn code(&self) -> String {
        format!("T{}.{}", self.id, self.version)
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, v.version, t.layer, v.name, v.says, v.exclusions, v.source, v.provider, v.payer, v.from_day, v.to_day,
            v.brand, v.goods, v.product_id, p.code, v.store_id, s.code, v.channel, v.promises, v.changed_by, v.changed_at
            FROM cover_terms t JOIN cover_version v ON v.terms_id = t.id LEFT JOIN product p ON p.id = v.product_id
            LEFT JOIN org_unit s ON s.id = v.store_id ",
            $rest
        )
    };
}

impl Terms {
    fn read(c: &mut db::Columns<'_>) -> Result<Self, DbError> {
        let (id, version, layer) = (c.next()?, c.next()?, c.next()?);
        let (name, says, exclusions, source, provider) = (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let (payer, from, to, brand, goods) = (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let (product, product_code, store, store_code) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let channel = SoldBy::parse(&c.next::<String>()?);
        let promises: Vec<Promise> = serde_json::from_str(&c.next::<String>()?).map_err(|error| DbError {
            kind: db::DbErrorKind::Sql,
            constraint: None,
            message: format!("terms: {error}"),
        })?;
        let draft = TermsDraft {
            layer,
            name,
            says,
            exclusions,
            source,
            provider,
            payer,
            from,
            to,
            brand,
            goods,
            product: product_code,
            store: store_code,
            channel,
            promises,
        };
        Ok(Self { id, version, draft, product, store, by: c.next()?, at: c.next()? })
    }
}

impl FromRow for Terms {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Self::read(&mut row.columns())
    }
}

/// The newest version of terms.
///
/// # Errors
/// What the database says.
pub async fn get_terms(tx: &mut Tx, id: Id<TermsId>) -> Result<Option<Terms>, DbError> {
    tx.one(select!("WHERE t.id = $1 AND v.version = t.version"), args![id]).await
}

/// The same, held until the end of the transaction.
///
/// # Errors
/// What the database says.
pub async fn hold_terms(tx: &mut Tx, id: Id<TermsId>) -> Result<Option<Terms>, DbError> {
    tx.exec("UPDATE cover_terms SET version = version WHERE id = $1", args![id]).await?;
    get_terms(tx, id).await
}

/// All versions of terms, newest first.
///
/// # Errors
/// What the database says.
pub async fn terms_versions(tx: &mut Tx, id: Id<TermsId>) -> Result<Vec<Terms>, DbError> {
    tx.all(select!("WHERE t.id = $1 ORDER BY v.version DESC"), args![id]).await
}

/// Which terms a list shows; nothing set means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsFilter {
    /// Of this layer.
    pub layer: Option<TermsLayer>,
    /// Only these, as search found them.
    pub ids: Option<Vec<i64>>,
}

/// The newest versions of terms that are `wanted`, newest first, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list_terms(
    tx: &mut Tx,
    wanted: &TermsFilter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Terms>, DbError> {
    let mut find = Filter::new(select!("WHERE v.version = t.version"));
    if let Some(layer) = wanted.layer {
        find.bind(" AND t.layer = ?", args![layer]);
    }
    if let Some(ids) = &wanted.ids {
        find.push(" AND ").bind_in("t.id", ids.iter().copied().map(Value::from));
    }
    if let Some(after) = after {
        find.bind(" AND t.id < ?", args![after]);
    }
    find.bind(" ORDER BY t.id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// Whether terms of this layer and name are there; the name tells them apart for people.
///
/// # Errors
/// What the database says.
pub async fn terms_named(tx: &mut Tx, layer: TermsLayer, name: &str) -> Result<Option<Id<TermsId>>, DbError> {
    let found: Option<(Id<TermsId>,)> = tx
        .one(
            "SELECT t.id FROM cover_terms t JOIN cover_version v ON v.terms_id = t.id AND v.version = t.version
             WHERE t.layer = $1 AND v.name = $2",
            args![layer, name],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Adds terms with their first version.
///
/// # Errors
/// What the database says.
pub async fn insert_terms(tx: &mut Tx, terms: &Terms) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO cover_terms (id, layer, version) VALUES ($1, $2, $3)",
        args![terms.id, terms.draft.layer, terms.version],
    )
    .await?;
    insert_version(tx, terms).await
}

/// Makes `terms`, which are held, the newest version.
///
/// # Errors
/// What the database says.
pub async fn next_terms(tx: &mut Tx, terms: &Terms) -> Result<(), DbError> {
    insert_version(tx, terms).await?;
    tx.exec("UPDATE cover_terms SET version = $2 WHERE id = $1", args![terms.id, terms.version]).await.map(|_| ())
}

async fn insert_version(tx: &mut Tx, terms: &Terms) -> Result<(), DbError> {
    let draft = &terms.draft;
    let promises = serde_json::to_string(&draft.promises).unwrap_or_default();
    tx.exec(
        "INSERT INTO cover_version (terms_id, version, name, says, exclusions, source, provider, payer, from_day, to_day, brand,
            goods, product_id, store_id, channel, promises, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        args![
            terms.id,
            terms.version,
            &*draft.name,
            &*draft.says,
            draft.exclusions.clone(),
            &*draft.source,
            draft.provider.clone(),
            draft.payer,
            draft.from,
            draft.to,
            &*draft.brand,
            &*draft.goods,
            terms.product,
            terms.store,
            draft.channel.map_or("", SoldBy::as_str),
            promises,
            terms.by,
            terms.at
        ],
    )
    .await
    .map(|_| ())
}

/// Marks the id of a shop on a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ShopId {}

/// The shop on a platform in which `sale` was made, where it was made in one.
///
/// # Errors
/// What the database says.
pub async fn shop_of_sale(tx: &mut Tx, sale: Id<of::Sale>) -> Result<Option<Id<ShopId>>, DbError> {
    let found: Option<(Id<ShopId>,)> = tx.one("SELECT shop_id FROM sale_shop WHERE sale_id = $1", args![sale]).await?;
    Ok(found.map(|(id,)| id))
}

/// Where and how something was sold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SoldAt {
    /// At which store.
    pub store: Option<Id<of::Unit>>,
    /// How.
    pub channel: Option<SoldBy>,
    /// In which shop on a platform.
    pub shop: Option<Id<ShopId>>,
}

impl SoldAt {
    /// Where and how `sale` was made; what a shop on a platform sells is sold on a platform.
    ///
    /// # Errors
    /// What the database says.
    pub async fn of(tx: &mut Tx, sale: &Sale) -> Result<Self, DbError> {
        let shop = shop_of_sale(tx, sale.id).await?;
        let channel = if shop.is_some() { SoldBy::Platform } else { sale.channel };
        Ok(Self { store: Some(sale.store), channel: Some(channel), shop })
    }
}

/// The terms that hold for `product` sold on `day` there: of each the version that was in force then. Terms of a platform that are bound
/// to shops hold for what those shops sell.
///
/// # Errors
/// What the database says.
pub async fn terms_for(tx: &mut Tx, product: &Product, day: Day, at: SoldAt) -> Result<Vec<Terms>, DbError> {
    tx.all(
        select!(
            "WHERE t.layer IN ('maker', 'platform', 'policy') AND v.brand IN ('', $2) AND v.goods IN ('', $3)
             AND (v.product_id IS NULL OR v.product_id = $4) AND (v.store_id IS NULL OR v.store_id = $5) AND v.channel IN ('', $6)
             AND v.from_day <= $1 AND (v.to_day IS NULL OR v.to_day >= $1)
             AND v.version = (SELECT MAX(w.version) FROM cover_version w WHERE w.terms_id = t.id AND w.from_day <= $1)
             AND (NOT EXISTS (SELECT 1 FROM platform_shop_terms b WHERE b.terms_id = t.id)
                OR EXISTS (SELECT 1 FROM platform_shop_terms b WHERE b.terms_id = t.id AND b.shop_id = $7))
             ORDER BY t.layer, t.id LIMIT 40"
        ),
        args![
            day,
            &*product.draft.brand,
            &*product.draft.category,
            product.id,
            at.store,
            at.channel.map_or("", SoldBy::as_str),
            at.shop
        ],
    )
    .await
}

/// How many units sold from `from` to `to` the goods of `terms` are.
///
/// # Errors
/// What the database says.
pub async fn units_under(tx: &mut Tx, terms: &Terms, most: i64) -> Result<i64, DbError> {
    let draft = &terms.draft;
    let mut find = Filter::new(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT u.id FROM serial_unit u JOIN sale s ON s.id = u.sale_id",
    );
    find.bind(" JOIN product p ON p.id = u.product_id WHERE s.sold_on >= ?", args![draft.from]);
    if let Some(to) = draft.to {
        find.bind(" AND s.sold_on <= ?", args![to]);
    }
    if !draft.brand.is_empty() {
        find.bind(" AND p.brand = ?", args![&*draft.brand]);
    }
    if !draft.goods.is_empty() {
        find.bind(" AND p.category = ?", args![&*draft.goods]);
    }
    if let Some(product) = terms.product {
        find.bind(" AND p.id = ?", args![product]);
    }
    if let Some(store) = terms.store {
        find.bind(" AND s.store_id = ?", args![store]);
    }
    if let Some(channel) = draft.channel {
        find.bind(" AND s.channel = ?", args![channel.as_str()]);
    }
    find.bind(" LIMIT ?) AS found", args![most]);
    let counted: Option<(i64,)> = tx.one(find.sql(), find.values()).await?;
    Ok(counted.map_or(0, |(n,)| n))
}

/// Marks the id of terms that were sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SoldTermsId {}

/// A contract or an extended warranty of one sale or unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldTerms {
    /// Its id.
    pub id: Id<SoldTermsId>,
    /// The sale.
    pub sale: Id<of::Sale>,
    /// The unit, where it is for one.
    pub unit: Option<Id<of::SerialUnit>>,
    /// From when.
    pub begins: Day,
    /// How long.
    pub months: i64,
    /// What it cost, in fen.
    pub price_fen: i64,
    /// What it says: the version that was sold.
    pub terms: Terms,
}

impl SoldTerms {
    /// Its last day.
    pub fn ends(&self) -> Day {
        self.begins.plus_months(i32::try_from(self.months).unwrap_or(i32::MAX))
    }
}

struct SoldRow(SoldTerms);

impl FromRow for SoldRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let terms = Terms::read(&mut c)?;
        Ok(Self(SoldTerms {
            id: c.next()?,
            sale: c.next()?,
            unit: c.next()?,
            begins: c.next()?,
            months: c.next()?,
            price_fen: c.next()?,
            terms,
        }))
    }
}

/// What was sold with `sale`: for all of it, and for `unit` where one is named (else for any unit).
///
/// # Errors
/// What the database says.
pub async fn sold_with(tx: &mut Tx, sale: &Sale, unit: Option<Id<of::SerialUnit>>) -> Result<Vec<SoldTerms>, DbError> {
    let mut find = Filter::new(
        "SELECT t.id, v.version, t.layer, v.name, v.says, v.exclusions, v.source, v.provider, v.payer, v.from_day, v.to_day,
            v.brand, v.goods, v.product_id, CAST(NULL AS TEXT), v.store_id, CAST(NULL AS TEXT), v.channel, v.promises, v.changed_by,
            v.changed_at, o.id, o.sale_id, o.unit_id, o.begins_on, o.months, o.price_fen
         FROM sold_terms o JOIN cover_version v ON v.terms_id = o.terms_id AND v.version = o.version
         JOIN cover_terms t ON t.id = o.terms_id",
    );
    find.bind(" WHERE o.sale_id = ?", args![sale.id]);
    if let Some(unit) = unit {
        find.bind(" AND (o.unit_id IS NULL OR o.unit_id = ?)", args![unit]);
    }
    find.push(" ORDER BY o.id LIMIT 40");
    Ok(tx.all::<SoldRow>(find.sql(), find.values()).await?.into_iter().map(|row| row.0).collect())
}

/// Notes what was sold.
///
/// # Errors
/// What the database says.
pub async fn insert_sold(
    tx: &mut Tx,
    sold: &SoldTerms,
    by: Option<Id<of::User>>,
    at: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO sold_terms (id, sale_id, unit_id, terms_id, version, begins_on, months, price_fen, sold_by, sold_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            sold.id,
            sold.sale,
            sold.unit,
            sold.terms.id,
            sold.terms.version,
            sold.begins,
            sold.months,
            sold.price_fen,
            by,
            at
        ],
    )
    .await
    .map(|_| ())
}
