//! Rows of guides and their versions; the only SQL of this crate. A company has dozens, not thousands.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

use crate::domain::{Emotion, Fits, Kind, Severity, Stage};

db::stored_words!(Emotion, Kind, Severity, Stage);

/// Marks the id of a guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuideId {}

/// One version of a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// The guide.
    pub id: Id<GuideId>,
    /// Which version of it, from 1.
    pub version: i64,
    /// What it fits.
    pub fits: Fits,
    /// 中文.
    pub title_zh: String,
    /// English.
    pub title_en: String,
    /// 中文.
    pub body_zh: String,
    /// English.
    pub body_en: String,
    /// Who wrote this version; nobody wrote what came with the program.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
    /// Since when it is no longer offered.
    pub retired_at: Option<Timestamp>,
}

impl Guide {
    /// Its title in `locale`.
    pub fn title_in(&self, locale: &str) -> &str {
        if locale == "en" { &self.title_en } else { &self.title_zh }
    }
    /// Its words in `locale`.
    pub fn body_in(&self, locale: &str) -> &str {
        if locale == "en" { &self.body_en } else { &self.body_zh }
    }
}

/// The columns of a version, in the order of [`Guide::from_row`].
macro_rules! select {
    ($from:literal) => {
        concat!(
            "SELECT g.id, v.version, v.kind, v.stage, v.topic, v.severity, v.emotion, v.title_zh, v.title_en, v.body_zh, v.body_en,
            v.changed_by, v.changed_at, g.retired_at FROM guide g JOIN guide_version v ON v.guide_id = g.id ",
            $from
        )
    };
}

impl FromRow for Guide {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            version: c.next()?,
            fits: Fits { kind: c.next()?, stage: c.next()?, topic: c.next()?, severity: c.next()?, emotion: c.next()? },
            title_zh: c.next()?,
            title_en: c.next()?,
            body_zh: c.next()?,
            body_en: c.next()?,
            by: c.next()?,
            at: c.next()?,
            retired_at: c.next()?,
        })
    }
}

/// All guides as they are now, in their order; the retired ones too when they are asked for.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut Tx, retired: bool) -> Result<Vec<Guide>, DbError> {
    tx.all(
        select!("AND v.version = g.version WHERE (g.retired_at IS NOT NULL) = $1 ORDER BY g.ordinal, g.id"),
        args![retired],
    )
    .await
}

/// The guide `id` as it is now.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<GuideId>) -> Result<Option<Guide>, DbError> {
    tx.one(select!("AND v.version = g.version WHERE g.id = $1"), args![id]).await
}

/// The same, held until the end of the transaction.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &mut Tx, id: Id<GuideId>) -> Result<Option<Guide>, DbError> {
    tx.exec("UPDATE guide SET version = version WHERE id = $1", args![id]).await?;
    get(tx, id).await
}

/// All versions of the guide `id`, newest first.
///
/// # Errors
/// What the database says.
pub async fn versions(tx: &mut Tx, id: Id<GuideId>) -> Result<Vec<Guide>, DbError> {
    tx.all(select!("WHERE g.id = $1 ORDER BY v.version DESC"), args![id]).await
}

/// Adds a guide behind all others.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, guide: &Guide) -> Result<(), DbError> {
    let last: Option<(Option<i64>,)> = tx.one("SELECT MAX(ordinal) FROM guide", &[]).await?;
    let ordinal = last.and_then(|(last,)| last).unwrap_or(0) + 1;
    tx.exec("INSERT INTO guide (id, version, ordinal) VALUES ($1, $2, $3)", args![guide.id, guide.version, ordinal])
        .await?;
    insert_version(tx, guide).await
}

async fn insert_version(tx: &mut Tx, guide: &Guide) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO guide_version (guide_id, version, kind, stage, topic, severity, emotion, title_zh, title_en, body_zh, body_en,
            changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            guide.id,
            guide.version,
            guide.fits.kind,
            guide.fits.stage,
            guide.fits.topic.clone(),
            guide.fits.severity,
            guide.fits.emotion,
            &*guide.title_zh,
            &*guide.title_en,
            &*guide.body_zh,
            &*guide.body_en,
            guide.by,
            guide.at
        ],
    )
    .await
    .map(|_| ())
}

/// Makes `guide`, which is held, the version that counts; it is offered again if it was not.
///
/// # Errors
/// What the database says.
pub async fn replace(tx: &mut Tx, guide: &Guide) -> Result<(), DbError> {
    insert_version(tx, guide).await?;
    tx.exec("UPDATE guide SET version = $2, retired_at = NULL WHERE id = $1", args![guide.id, guide.version])
        .await
        .map(|_| ())
}

/// Takes a guide out of what is offered.
///
/// # Errors
/// What the database says.
pub async fn retire(tx: &mut Tx, id: Id<GuideId>, at: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE guide SET retired_at = $2 WHERE id = $1", args![id, at]).await.map(|_| ())
}
