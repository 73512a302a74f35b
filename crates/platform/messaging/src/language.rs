//! In which language a customer is written to. The only SQL on `customer_language`.

use db::{DbError, Tx, args};
use kernel::{Id, Timestamp, of};

/// The language that `customer` has chosen, if any: `zh-CN` or `en`.
///
/// # Errors
/// When the database fails.
pub async fn language_of(tx: &mut Tx, customer: Id<of::Customer>) -> Result<Option<String>, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT locale FROM customer_language WHERE customer_id = $1", args![customer]).await?;
    Ok(found.map(|(locale,)| locale))
}

/// Keeps the language in which `customer` is written to from now on.
///
/// # Errors
/// When the database fails, or `locale` is neither `zh-CN` nor `en`.
pub async fn set_language(
    tx: &mut Tx,
    customer: Id<of::Customer>,
    locale: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO customer_language (customer_id, locale, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (customer_id) DO UPDATE SET locale = excluded.locale, changed_at = excluded.changed_at",
        args![customer, locale, now],
    )
    .await
    .map(|_| ())
}

/// Takes back what was kept for `customer`: the company's language counts again.
///
/// # Errors
/// When the database fails.
pub async fn forget_language(tx: &mut Tx, customer: Id<of::Customer>) -> Result<(), DbError> {
    tx.exec("DELETE FROM customer_language WHERE customer_id = $1", args![customer]).await.map(|_| ())
}
