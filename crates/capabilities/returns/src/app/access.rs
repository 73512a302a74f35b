use capability::PermissionDef;
use kernel::{Permission, Scope};

use crate::domain::CommandName;

/// See returns.
pub const VIEW: Permission = Permission("returns.view");
/// Open returns, take goods in, look at them, hand others out.
pub const HANDLE: Permission = Permission("returns.handle");
/// Confirm money and record what the POS made of it.
pub const MONEY: Permission = Permission("returns.money");
/// Say how much goodwill stores may give.
pub const BUDGET: Permission = Permission("returns.budget");

/// Take the list of returns out of the house.
pub const EXPORT: Permission = Permission("returns.export");

/// All of them with the roles that hold them by default (design: 退换货).
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
            ("technician", Scope::Store),
            ("store_manager", Scope::Store),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: MONEY,
        defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store), ("finance", Scope::Company)],
    },
    PermissionDef {
        permission: EXPORT,
        defaults: &[
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("finance", Scope::Company),
        ],
    },
    PermissionDef {
        permission: BUDGET,
        defaults: &[("region_manager", Scope::Region), ("headquarters_quality", Scope::Company)],
    },
    crate::reviews::app::PERMISSIONS[0],
    crate::reviews::app::PERMISSIONS[1],
];

/// What a command of this name needs.
pub(super) const fn needed(name: CommandName) -> Permission {
    match name {
        CommandName::Confirm | CommandName::Pay | CommandName::Papers => MONEY,
        CommandName::Offer
        | CommandName::Receive
        | CommandName::Inspect
        | CommandName::Grade
        | CommandName::Send
        | CommandName::Deliver
        | CommandName::Refuse
        | CommandName::Cancel => HANDLE,
    }
}
