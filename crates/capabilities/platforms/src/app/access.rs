use capability::PermissionDef;
use kernel::{Permission, Scope};

/// See after-sales orders of platforms.
pub const VIEW: Permission = Permission("platforms.view");
/// Enter what happens to them.
pub const HANDLE: Permission = Permission("platforms.handle");
/// Take orders over from a back office's file or by API.
pub const IMPORT: Permission = Permission("platforms.import");
/// Register shops on platforms, their hours and terms.
pub const SHOPS: Permission = Permission("platforms.shops");

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Store),
            ("technician", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
            ("finance", Scope::Company),
        ],
    },
    PermissionDef {
        permission: HANDLE,
        defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store), ("headquarters_quality", Scope::Company)],
    },
    PermissionDef {
        permission: IMPORT,
        defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store), ("headquarters_quality", Scope::Company)],
    },
    PermissionDef { permission: SHOPS, defaults: &[("headquarters_quality", Scope::Company)] },
];
