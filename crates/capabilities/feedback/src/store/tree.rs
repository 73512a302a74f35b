//! Rows of categories.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::Id;

use crate::domain::tree::{Category, CategoryId, Tree};

impl FromRow for Category {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            code: c.next()?,
            parent: c.next()?,
            name_zh: c.next()?,
            name_en: c.next()?,
            position: c.next()?,
            retired_at: c.next()?,
            version: c.next()?,
        })
    }
}

/// Most categories that a company has.
pub const MOST: usize = 200;

/// All categories.
///
/// # Errors
/// What the database says.
pub async fn tree(tx: &mut Tx) -> Result<Tree, DbError> {
    let all = tx
        .all(
            "SELECT id, code, parent_id, name_zh, name_en, position, retired_at, version FROM feedback_category
             ORDER BY position, code LIMIT 400",
            &[],
        )
        .await?;
    Ok(Tree::new(all))
}

/// Inserts a category.
///
/// # Errors
/// `Unique` when its code is taken; what the database says.
pub async fn insert(tx: &mut Tx, one: &Category) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO feedback_category (id, code, parent_id, name_zh, name_en, position, retired_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![one.id, &*one.code, one.parent, &*one.name_zh, &*one.name_en, one.position, one.retired_at, one.version],
    )
    .await
    .map(|_| ())
}

/// Saves what may change (the version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &Category) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE feedback_category SET parent_id = $3, name_zh = $4, name_en = $5, position = $6, retired_at = $7, version = $8
             WHERE id = $1 AND version = $2",
            args![
                one.id,
                one.version - 1,
                one.parent,
                &*one.name_zh,
                &*one.name_en,
                one.position,
                one.retired_at,
                one.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// Gives a category another place among its neighbours; whoever edits it is not disturbed.
///
/// # Errors
/// What the database says.
pub async fn place(tx: &mut Tx, id: Id<CategoryId>, position: i64) -> Result<(), DbError> {
    tx.exec("UPDATE feedback_category SET position = $2 WHERE id = $1", args![id, position]).await.map(|_| ())
}

/// How many texts have each of the codes, of those that were decided.
///
/// # Errors
/// What the database says.
pub async fn used(tx: &mut Tx, code: &str, limit: i64) -> Result<i64, DbError> {
    let found: Option<(i64,)> = tx
        .one(
            "SELECT COUNT(*) FROM (SELECT case_id FROM feedback_item WHERE category = $1 AND labelled_at IS NOT NULL LIMIT $2) AS used",
            args![code, limit],
        )
        .await?;
    Ok(found.map_or(0, |(n,)| n))
}
