use capability::PermissionDef;
use kernel::{Permission, Scope};

/// Read the numbers of stores.
pub const VIEW: Permission = Permission("insight.view");

/// With the roles that hold it by default (design: 店铺仪表盘; staff at the counter and technicians do not read numbers).
pub(crate) const DEFS: &[PermissionDef] = &[PermissionDef {
    permission: VIEW,
    defaults: &[
        ("store_manager", Scope::Store),
        ("region_manager", Scope::Region),
        ("headquarters_quality", Scope::Company),
        ("assessor", Scope::Company),
        // Read-only starts: what was paid for and what was learnt shows in the numbers.
        ("finance", Scope::Company),
        ("trainer", Scope::Company),
    ],
}];
