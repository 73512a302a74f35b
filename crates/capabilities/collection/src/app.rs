//! Use cases: taking complaints over, and patrols.

pub mod campaign;
mod import;
mod patrol;
pub mod results;

pub use import::{Fate, Imported, Line, Preview, Wanted, import, preview, recent};
pub use patrol::{DOOR, Heard, Listed, add, become_case, counts, done, entries, entry, photos};

use capability::PermissionDef;
use kernel::{Permission, Scope};

/// Take complaints over from platforms and authorities.
pub const IMPORT: Permission = Permission("collection.import");
/// Write down what was heard and seen in stores.
pub const PATROL: Permission = Permission("collection.patrol");

/// Told on a case that came so: its field `source` is the word of complaints for where it came from.
pub const CAME: &str = "collection.came";

/// Counts go up to here, then "1000+" is shown.
pub const COUNTED: i64 = 1_000;

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: IMPORT,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: campaign::CAMPAIGN,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: campaign::CALL_BACK,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: PATROL,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
];
