use capability::PermissionDef;
use kernel::{Permission, Scope};

/// See what authorities passed on.
pub const VIEW: Permission = Permission("complaints.regulator_view");
/// Enter a notice.
pub const ENTER: Permission = Permission("complaints.regulator_enter");
/// Draft the statement, take part, answer and end.
pub const HANDLE: Permission = Permission("complaints.regulator_handle");
/// Edit the statement.
pub const LEGAL: Permission = Permission("complaints.regulator_legal");
/// Hold a complaint for the law and let it go again; restrict who sees it.
pub const HOLD: Permission = Permission("complaints.hold");

/// The kind of question: signing a statement of facts.
pub const STATEMENT: &str = "regulator_statement";

const OWN: &[(&str, Scope)] =
    &[("store_manager", Scope::Store), ("region_manager", Scope::Region), ("headquarters_quality", Scope::Company)];

/// All of them with the roles that hold them by default (design: 监管来件).
pub const PERMISSIONS: [PermissionDef; 6] = [
    PermissionDef { permission: VIEW, defaults: OWN },
    PermissionDef { permission: ENTER, defaults: OWN },
    PermissionDef { permission: HANDLE, defaults: OWN },
    PermissionDef {
        permission: LEGAL,
        defaults: &[("region_manager", Scope::Region), ("headquarters_quality", Scope::Company)],
    },
    PermissionDef { permission: HOLD, defaults: &[("headquarters_quality", Scope::Company)] },
    PermissionDef { permission: identity::SEALED, defaults: &[("headquarters_quality", Scope::Company)] },
];
