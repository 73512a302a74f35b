//! Use cases around customers.

mod card;
mod edit;
mod find;
mod reveal;

pub use card::CustomerCard;
pub use edit::{CustomerChange, CustomerInput, create, edit};
pub use find::{Customers, find, get, list};
pub use reveal::{Revealed, reveal};

use capability::PermissionDef;
use kernel::{Permission, Scope};

/// See customers, masked.
pub const VIEW: Permission = Permission("customers.view");
/// Open and change customer files.
pub const EDIT: Permission = Permission("customers.edit");
/// See whole numbers and addresses, with a reason.
pub const REVEAL: Permission = Permission("customers.reveal");

/// All of them with the roles that hold them by default (design: 顾客与商品). A customer walks into any store, so those at the
/// counter find everyone by the whole number or its end; a technician meets customers in own cases only.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Company),
            ("store_manager", Scope::Company),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: EDIT, defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store)] },
    PermissionDef { permission: REVEAL, defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store)] },
];
