//! Use cases around mailboxes and their letters.

mod letters;
mod look;
mod mailboxes;
mod take_in;

pub(crate) use letters::forget_letters;
pub use letters::{COUNTED, DOOR, OF_CASE, Opened, Page, counts, letter, letters, of_case, open, retry};
pub use look::{hand_in, look_and_wait, look_into, look_into_all, look_soon};
pub use mailboxes::{Draft, NewPassword, Tried, create, mailbox, mailboxes, save, try_out};

use capability::PermissionDef;
use kernel::{Permission, Scope};

/// The record kind of a mailbox.
pub const MAILBOX: &str = "mailbox";
/// The record kind of a letter.
pub const LETTER: &str = "letter";

/// See mailboxes and what became of their letters; addresses masked.
pub const VIEW: Permission = Permission("mail.view");
/// Look into a mailbox at once, try a letter again that was set aside.
pub const RETRY: Permission = Permission("mail.retry");
/// Set which mailboxes are read.
pub const SETTINGS: Permission = Permission("mail.settings");

pub(crate) const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: RETRY,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef { permission: SETTINGS, defaults: &[("administrator", Scope::Company)] },
];
