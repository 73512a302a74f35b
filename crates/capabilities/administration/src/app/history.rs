//! Who changed which setting.

use capability::Ctx;
use kernel::Fault;

/// The kinds of records that are settings, those of other capabilities too.
pub const KINDS: &[&str] = &[
    "user",
    "unit",
    "role",
    "calendar",
    "holidays",
    "policy",
    "messaging",
    "first_run",
    "survey_rule",
    "survey_settings",
    "template",
    "message_template",
    "channel",
    "provider",
    "approval_limit",
    "approval_policy",
    "limit",
    "symptom",
    "goods_category",
    "case_cause",
    "guide",
    "feedback_category",
    "complaint_matrix",
    "review_sheet",
    "product_group",
    "setting",
    "person_pin",
    "claim_term",
    "platform_shop",
];

/// Entries of the history of settings with ids below `before`, newest first; of one kind, if one is asked for.
///
/// # Errors
/// When the database fails.
pub async fn changes(
    ctx: &Ctx,
    kind: Option<&'static str>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(String, i64, journal::Recorded)>, Fault> {
    ctx.read((kind, before, limit), |tx, (kind, before, limit)| {
        Box::pin(async move {
            let one = kind.map(|kind| [kind]);
            let kinds = one.as_ref().map_or(KINDS, |one| one.as_slice());
            journal::across(tx, kinds, *before, *limit).await.map_err(Fault::from)
        })
    })
    .await
}
