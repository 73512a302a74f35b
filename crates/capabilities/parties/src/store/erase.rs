//! What is left of a customer's file once it is erased, and what stands against that.

use db::{DbError, Tx, args};
use kernel::{Id, Timestamp, of};

/// What stands in place of an erased name.
pub const MARK: &str = "***";

/// Where a file stands between being kept and being forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// When what names the person was erased for ever.
    pub erased_at: Option<Timestamp>,
    /// Why the file has to be kept as it is.
    pub held_for: Option<String>,
}

/// How the file `id` stands; as an open one when there is none.
///
/// # Errors
/// What the database says.
pub async fn standing(tx: &mut Tx, id: Id<of::Customer>) -> Result<Standing, DbError> {
    let sql = "SELECT erased_at, held_for FROM customer WHERE id = $1";
    let found = tx.one::<(Option<Timestamp>, Option<String>)>(sql, args![id]).await?;
    Ok(found.map(|(erased_at, held_for)| Standing { erased_at, held_for }).unwrap_or_default())
}

/// Says why the file `id` has to be kept, or that it has not any more, if `version` is still the present one.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &mut Tx, id: Id<of::Customer>, version: i64, reason: Option<&str>) -> Result<bool, DbError> {
    let sql = "UPDATE customer SET held_for = $3, version = version + 1 WHERE id = $1 AND version = $2";
    Ok(tx.exec(sql, args![id, version, reason.map(str::to_owned)]).await? == 1)
}

/// The files that were merged into `id`.
///
/// # Errors
/// What the database says.
pub async fn merged_into(tx: &mut Tx, id: Id<of::Customer>) -> Result<Vec<Id<of::Customer>>, DbError> {
    tx.all(
        "SELECT id FROM customer WHERE id IN (SELECT gone_id FROM customer_merge WHERE kept_id = $1) AND merged_into = $1",
        args![id],
    )
    .await
}

/// Empties the file `id` for ever: nothing that names the person stays.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, id: Id<of::Customer>, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "UPDATE customer SET name = $3, phone = NULL, phone_tail = NULL, wechat = NULL, email = NULL, address = NULL, vip = NULL,
            note = NULL, consent = FALSE, external_id = NULL, tags = NULL, erased_at = $2, version = version + 1 WHERE id = $1",
        args![id, now, MARK],
    )
    .await
    .map(|_| ())
}
