//! The one rulebook of the program.

use std::sync::OnceLock;

use kernel::{Fault, Permission};
use remedies::Rulebook;

/// Ask what a customer may claim.
pub const JUDGE: Permission = Permission("returns.judge");

/// The rules, read once. They are part of the program: an error here is a broken build.
pub fn rulebook() -> Result<&'static Rulebook, Fault> {
    static BOOK: OnceLock<Result<Rulebook, String>> = OnceLock::new();
    BOOK.get_or_init(|| Rulebook::china().map_err(|error| error.to_string())).as_ref().map_err(Fault::internal)
}
