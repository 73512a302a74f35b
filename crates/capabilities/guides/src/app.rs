//! Use cases around guides.

mod change;
mod look;

pub(crate) use change::{BODY, TITLE};
pub use change::{NewGuide, RECORD, add, change, retire};
pub use look::{guides_for, guides_within, list, versions};

use capability::PermissionDef;
use kernel::{Permission, Scope};

/// Read guides.
pub const VIEW: Permission = Permission("guides.view");
/// Write them.
pub const EDIT: Permission = Permission("guides.edit");

/// Both with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Company),
            ("technician", Scope::Company),
            ("store_manager", Scope::Company),
            ("region_manager", Scope::Company),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef {
        permission: EDIT,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
];
