use capability::PermissionDef;
use kernel::{Permission, Scope};

/// See what went to customers: masked.
pub const VIEW: Permission = Permission("outbox.view");
/// Send a message again that did not go out.
pub const RESEND: Permission = Permission("outbox.resend");
/// Set by what messages go out.
pub const SETTINGS: Permission = Permission("outbox.settings");
/// See the words of messages.
pub const TEMPLATES_VIEW: Permission = Permission("outbox.templates.view");
/// Change the words of messages.
pub const TEMPLATES_EDIT: Permission = Permission("outbox.templates.edit");

pub(crate) const DEFS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: RESEND,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: SETTINGS, defaults: &[("administrator", Scope::Company)] },
    PermissionDef {
        permission: TEMPLATES_VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: TEMPLATES_EDIT,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
];
