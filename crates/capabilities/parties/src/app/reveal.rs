use capability::{Ctx, Event};
use kernel::{Fault, FieldErrors, Id, RecordRef, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::REVEAL;
use crate::domain::{Phone, text};
use crate::file::{self, RECORD};
use crate::store;

/// What is masked elsewhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Revealed {
    /// The whole number.
    pub phone: Option<String>,
    /// WeChat name.
    pub wechat: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

impl std::fmt::Debug for Revealed {
    /// Nothing of it, so that no log ever holds it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Revealed")
    }
}

/// Shows the personal data of `id` to somebody who says why; the reason stays in the journal.
///
/// # Errors
/// `invalid` without a reason; `not-found` out of reach.
pub async fn reveal(ctx: &Ctx, id: Id<of::Customer>, reason: &str) -> Result<Revealed, Fault> {
    let mut errors = FieldErrors::default();
    let reason = text::required_line(&mut errors, "reason", reason, 200);
    errors.check()?;
    // Never kept for a repeat: the answer is personal.
    let ctx = ctx.clone().replayable(None);
    ctx.write((id, reason), |work, (id, reason)| {
        Box::pin(async move {
            let customer = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(REVEAL, &customer)?;
            let event = Event::new(RecordRef::new(RECORD, *id), "customer.revealed", file::place(&customer))
                .change("reason", None, Some(reason.clone()))
                .quietly();
            let recorded = work.record(event).await?;
            let draft = customer.draft;
            Ok(recorded.with(Revealed {
                phone: draft.phone.as_ref().map(|phone| Phone::digits(phone).to_owned()),
                wechat: draft.wechat,
                email: draft.email,
                address: draft.address,
            }))
        })
    })
    .await
}
