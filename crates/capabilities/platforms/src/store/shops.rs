use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Place, Placed, Timestamp, of};
use parties::store::{ShopId, TermsId};
use serde::{Deserialize, Serialize};

use crate::domain::Hours;

/// A platform (平台).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// Its word.
    pub code: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
}

impl Platform {
    /// Its name in the language `locale`.
    pub fn name_in(&self, locale: &str) -> &str {
        if locale == "en" { &self.name_en } else { &self.name_zh }
    }
}

impl FromRow for Platform {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { code: c.next()?, name_zh: c.next()?, name_en: c.next()? })
    }
}

/// All platforms.
///
/// # Errors
/// What the database says.
pub async fn platforms(tx: &mut Tx) -> Result<Vec<Platform>, DbError> {
    tx.all("SELECT code, name_zh, name_en FROM platform ORDER BY position, code LIMIT 100", args![]).await
}

/// A shop on a platform (平台店).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// Its id.
    pub id: Id<ShopId>,
    /// On which platform.
    pub platform: String,
    /// What it is called there.
    pub name: String,
    /// The store that answers for it.
    pub store: Id<of::Unit>,
    /// How many hours its platform gives.
    pub hours: Hours,
    /// Where they are written.
    pub source: Option<String>,
    /// It still sells.
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Shop {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

impl FromRow for Shop {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            platform: c.next()?,
            name: c.next()?,
            store: c.next()?,
            hours: Hours { answer: c.next()?, ship_back: c.next()?, refund: c.next()?, evidence: c.next()? },
            source: c.next()?,
            active: c.next()?,
            version: c.next()?,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.platform, s.name, s.store_id, s.answer_hours, s.ship_back_hours, s.refund_hours, s.evidence_hours,
                s.rule_source, s.active, s.version FROM platform_shop s ",
            $rest
        )
    };
}

/// All shops, those that still sell first. A chain has dozens.
///
/// # Errors
/// What the database says.
pub async fn shops(tx: &mut Tx) -> Result<Vec<Shop>, DbError> {
    tx.all(select!("ORDER BY s.active DESC, s.platform, s.name LIMIT 500"), args![]).await
}

/// The shop `id`.
///
/// # Errors
/// What the database says.
pub async fn get_shop(tx: &mut Tx, id: Id<ShopId>) -> Result<Option<Shop>, DbError> {
    tx.one(select!("WHERE s.id = $1"), args![id]).await
}

/// The shop of this name on `platform`.
///
/// # Errors
/// What the database says.
pub async fn shop_named(tx: &mut Tx, platform: &str, name: &str) -> Result<Option<Shop>, DbError> {
    tx.one(select!("WHERE s.platform = $1 AND s.name = $2"), args![platform, name]).await
}

/// Adds a shop.
///
/// # Errors
/// What the database says.
pub async fn insert_shop(tx: &mut Tx, shop: &Shop, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO platform_shop (id, platform, name, store_id, answer_hours, ship_back_hours, refund_hours, evidence_hours,
            rule_source, active, version, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            shop.id,
            &*shop.platform,
            &*shop.name,
            shop.store,
            shop.hours.answer,
            shop.hours.ship_back,
            shop.hours.refund,
            shop.hours.evidence,
            shop.source.clone(),
            shop.active,
            shop.version,
            now
        ],
    )
    .await
    .map(|_| ())
}

/// Saves a shop as its next version; false when its version is no longer the present one.
///
/// # Errors
/// What the database says.
pub async fn save_shop(tx: &mut Tx, shop: &Shop, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE platform_shop SET platform = $3, name = $4, store_id = $5, answer_hours = $6, ship_back_hours = $7,
                refund_hours = $8, evidence_hours = $9, rule_source = $10, active = $11, version = version + 1, changed_at = $12
             WHERE id = $1 AND version = $2",
            args![
                shop.id,
                shop.version,
                &*shop.platform,
                &*shop.name,
                shop.store,
                shop.hours.answer,
                shop.hours.ship_back,
                shop.hours.refund,
                shop.hours.evidence,
                shop.source.clone(),
                shop.active,
                now
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The terms that hold for what the shop sells, with their names.
///
/// # Errors
/// What the database says.
pub async fn bound(tx: &mut Tx, shop: Id<ShopId>) -> Result<Vec<(Id<TermsId>, String)>, DbError> {
    tx.all(
        "SELECT t.id, v.name FROM platform_shop_terms b JOIN cover_terms t ON t.id = b.terms_id
         JOIN cover_version v ON v.terms_id = t.id AND v.version = t.version WHERE b.shop_id = $1 ORDER BY t.id LIMIT 50",
        args![shop],
    )
    .await
}

/// These terms hold for what the shop sells, and no others.
///
/// # Errors
/// What the database says.
pub async fn bind(tx: &mut Tx, shop: Id<ShopId>, terms: &[Id<TermsId>]) -> Result<(), DbError> {
    tx.exec("DELETE FROM platform_shop_terms WHERE shop_id = $1", args![shop]).await?;
    for id in terms {
        tx.exec("INSERT INTO platform_shop_terms (shop_id, terms_id) VALUES ($1, $2)", args![shop, *id]).await?;
    }
    Ok(())
}

/// The sale was made in this shop; what is known stays.
///
/// # Errors
/// What the database says.
pub async fn set_sale_shop(tx: &mut Tx, sale: Id<of::Sale>, shop: Id<ShopId>) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO sale_shop (sale_id, shop_id) VALUES ($1, $2) ON CONFLICT (sale_id) DO NOTHING",
        args![sale, shop],
    )
    .await
    .map(|_| ())
}
