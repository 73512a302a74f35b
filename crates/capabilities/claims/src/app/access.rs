use capability::PermissionDef;
use kernel::{Permission, Scope};

use crate::domain::CommandName;

/// See claims and what makers owe.
pub const VIEW: Permission = Permission("claims.view");
/// Open claims, send them, enter what makers answer, take their packs.
pub const HANDLE: Permission = Permission("claims.handle");
/// Enter what makers credit, give up what will not come.
pub const MONEY: Permission = Permission("claims.money");
/// Say until when makers take claims.
pub const TERMS: Permission = Permission("claims.terms");
/// Take lists of claims out of the house.
pub const EXPORT: Permission = Permission("claims.export");

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
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("headquarters_quality", Scope::Company),
            ("finance", Scope::Company),
        ],
    },
    PermissionDef {
        permission: MONEY,
        defaults: &[("headquarters_quality", Scope::Company), ("finance", Scope::Company)],
    },
    PermissionDef {
        permission: TERMS,
        defaults: &[("headquarters_quality", Scope::Company), ("finance", Scope::Company)],
    },
    PermissionDef {
        permission: EXPORT,
        defaults: &[
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("finance", Scope::Company),
        ],
    },
];

/// What a command of this name needs.
pub(crate) const fn needed(name: CommandName) -> Permission {
    match name {
        CommandName::Credit | CommandName::WriteOff => MONEY,
        CommandName::Send | CommandName::Accept | CommandName::Refuse | CommandName::Withdraw => HANDLE,
    }
}
