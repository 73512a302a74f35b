//! Use cases.

mod failure;
mod outbox;
mod receipts;
mod settings;
mod texts;

pub use failure::tell_of_failure;
pub use outbox::{COUNTED, Page, Totals, counts, find, list, resend, totals};
pub use receipts::{Arrived, Taken, receipts};
pub(crate) use settings::record as settings_record;
pub use settings::{Seen, save_mail, save_quiet, save_sms, send_trial, settings};
pub use texts::{Draft, Shown, Text, TextKey, change, preview, text_of, texts};

use capability::Ctx;
use kernel::{Fault, Place};

/// Settings and words stand with the company.
fn company(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().ok_or_else(|| Fault::internal("an installation without a company"))?;
    Ok(Place { store: company.id, team: None, owner: None })
}
