use capability::PermissionDef;
use kernel::{Permission, Scope};

/// See questions, and answer those that come to oneself.
pub const VIEW: Permission = Permission("approvals.view");
/// Answer questions of others, within one's limit.
pub const DECIDE: Permission = Permission("approvals.decide");
/// See the limits.
pub const LIMITS_VIEW: Permission = Permission("approvals.limits.view");
/// Change the limits, and set stand-ins for others.
pub const LIMITS_EDIT: Permission = Permission("approvals.limits.edit");

/// All of them with the roles that hold them by default (design: 退换货 approve extra; 规则 · 时限 · 权限).
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Own),
            ("technician", Scope::Own),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef {
        permission: DECIDE,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: LIMITS_VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: LIMITS_EDIT,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
];
