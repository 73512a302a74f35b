use capability::PermissionDef;
use kernel::{Permission, Scope};

/// See people and their roles.
pub const PEOPLE_VIEW: Permission = Permission("administration.people.view");
/// Add and change people and give them roles, within the units that it reaches.
pub const PEOPLE_EDIT: Permission = Permission("administration.people.edit");
/// Touch an administrator's account, give the role of administrator, change one's own roles.
pub const ADMINISTRATORS_APPOINT: Permission = Permission("administration.administrators.appoint");
/// See the organisation with its details.
pub const UNITS_VIEW: Permission = Permission("administration.units.view");
/// Add, change, move and close units.
pub const UNITS_EDIT: Permission = Permission("administration.units.edit");
/// See what each role may do, and what a person reaches.
pub const ROLES_VIEW: Permission = Permission("administration.roles.view");
/// Change what roles grant, make own roles and remove them.
pub const ROLES_EDIT: Permission = Permission("administration.roles.edit");
/// See working calendars.
pub const CALENDARS_VIEW: Permission = Permission("administration.calendars.view");
/// Change working calendars, holidays and exceptional days, within the units that it reaches.
pub const CALENDARS_EDIT: Permission = Permission("administration.calendars.edit");
/// See who changed which setting.
pub const HISTORY_VIEW: Permission = Permission("administration.history.view");

/// The defaults follow the line 设置 of the design's navigation table; see docs/decisions/0002-roles.md.
pub(crate) const DEFS: &[PermissionDef] = &[
    PermissionDef {
        permission: PEOPLE_VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: PEOPLE_EDIT,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
    PermissionDef { permission: ADMINISTRATORS_APPOINT, defaults: &[("administrator", Scope::Company)] },
    PermissionDef {
        permission: UNITS_VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: UNITS_EDIT,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
    PermissionDef {
        permission: ROLES_VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: ROLES_EDIT,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
    PermissionDef {
        permission: CALENDARS_VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: CALENDARS_EDIT,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
    PermissionDef {
        permission: HISTORY_VIEW,
        defaults: &[
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
];
