//! What is left of a case whose customer was forgotten.

use db::{DbError, Tx, Value, args};
use kernel::{Id, Timestamp, of};

/// The number of a case of `customer` that is not over, if there is one.
///
/// # Errors
/// What the database says.
pub async fn open_of_customer(tx: &mut Tx, customer: Id<of::Customer>) -> Result<Option<String>, DbError> {
    let sql = "SELECT number FROM service_case WHERE customer_id = $1 AND category IN ('open', 'waiting', 'resolved') ORDER BY id LIMIT 1";
    Ok(tx.one::<(String,)>(sql, args![customer]).await?.map(|(number,)| number))
}

/// All cases of `customer`.
///
/// # Errors
/// What the database says.
pub async fn ids_of_customer(tx: &mut Tx, customer: Id<of::Customer>) -> Result<Vec<Id<of::Case>>, DbError> {
    tx.all("SELECT id FROM service_case WHERE customer_id = $1 ORDER BY id", args![customer]).await
}

/// Empties what the customer said, what was said to them and what staff wrote about them; links open nothing any more.
///
/// # Errors
/// What the database says.
pub async fn erase_case(tx: &mut Tx, id: Id<of::Case>, now: Timestamp) -> Result<(), DbError> {
    let (mark, case): (Value, Value) = (parties::store::MARK.into(), id.into());
    let marked = [case.clone(), mark];
    let plain = [case.clone()];
    let at = [case, now.into()];
    tx.batch(&[
        (
            "UPDATE service_case SET customer_name = $2, phone_masked = '', subject = CASE WHEN product IS NULL THEN $2 ELSE product END,
                body = '', result_note = NULL, version = version + 1 WHERE id = $1",
            &marked,
        ),
        ("UPDATE case_task SET title = $2, body = '', answer = NULL WHERE case_id = $1", &marked),
        (
            "UPDATE case_message SET body = '', author_name = CASE WHEN author_kind = 'customer' THEN '' ELSE author_name END
             WHERE case_id = $1",
            &plain,
        ),
        ("UPDATE case_plan SET findings = '', proof_note = NULL, decline_reason = NULL WHERE case_id = $1", &plain),
        ("UPDATE case_plan_option SET body = $2 WHERE plan_id IN (SELECT id FROM case_plan WHERE case_id = $1)", &marked),
        ("UPDATE case_plan_line SET body = $2 WHERE plan_id IN (SELECT id FROM case_plan WHERE case_id = $1)", &marked),
        ("UPDATE case_check SET note = NULL WHERE case_id = $1", &plain),
        // The version has moved on: nothing is taken back any more.
        ("UPDATE case_act SET before = '{}' WHERE case_id = $1", &plain),
        ("UPDATE intake_draft SET title = '', fields = '{}' WHERE sent_case = $1", &plain),
        ("UPDATE customer_link SET revoked_at = $2 WHERE case_id = $1 AND revoked_at IS NULL", &at),
    ])
    .await
}
