//! Intake within another capability's write: what an authority passed on becomes a case together with its own rows.

use capability::{Ctx, Recorded, Work};
use kernel::{Fault, Id, of};

use super::intake::{self, Checked, Intake, TakenIn, Whose};

/// An intake that passed every check and has its number.
pub struct Prepared(Checked);

/// Checks `intake` for a write of the caller, who has checked its own permission. A customer who is named with a number is the one
/// that the store knows by it, if there is exactly one. With `at` the case stands in that unit instead of the store.
///
/// # Errors
/// `not-found` for what is no store; `invalid` with the fields.
pub async fn prepare(ctx: &Ctx, intake: Intake, at: Option<Id<of::Unit>>) -> Result<Prepared, Fault> {
    let mut checked = intake::checked(ctx, intake, None, ctx.now()).await?;
    checked.customer = match checked.customer {
        Whose::New(draft) if draft.phone.is_some() => Whose::Told(draft),
        other => other,
    };
    if let Some(at) = at {
        checked.case.store = at;
    }
    Ok(Prepared(checked))
}

/// Takes it in.
///
/// # Errors
/// As [`super::take_in`].
pub async fn take_in_within(work: &mut Work<'_>, prepared: &Prepared) -> Result<Recorded<TakenIn>, Fault> {
    intake::body(work, &prepared.0).await
}
