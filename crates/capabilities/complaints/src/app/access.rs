use capability::PermissionDef;
use kernel::{Permission, Scope};

use crate::domain::{Command, CommandName, Severity};
use crate::regulator::app::PERMISSIONS as REGULATOR;

/// See complaints.
pub const VIEW: Permission = Permission("complaints.view");
/// Find out, offer and carry out.
pub const HANDLE: Permission = Permission("complaints.handle");
/// Take complaints on, or not.
pub const DECIDE: Permission = Permission("complaints.decide");
/// The same for severe ones.
pub const SEVERE: Permission = Permission("complaints.decide_severe");
/// Call whether it held.
pub const CALL_BACK: Permission = Permission("complaints.call_back");
/// Take lists out of the house, and put what is over into the archive.
pub const EXPORT: Permission = Permission("complaints.export");

/// The kind of question: not taking a severe complaint on.
pub const NOT_ACCEPT: &str = "complaint_not_accept";

/// All of them with the roles that hold them by default (design: 投诉).
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Store),
            ("technician", Scope::Own),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef {
        permission: HANDLE,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
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
        permission: SEVERE,
        defaults: &[("region_manager", Scope::Region), ("headquarters_quality", Scope::Company)],
    },
    PermissionDef {
        permission: CALL_BACK,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: EXPORT,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    crate::matrix::PERMISSION,
    crate::review::PERMISSION,
    crate::review::SHEET_PERMISSION,
    REGULATOR[0],
    REGULATOR[1],
    REGULATOR[2],
    REGULATOR[3],
    REGULATOR[4],
    REGULATOR[5],
    crate::keeping::app::PERMISSION,
];

/// What a command of this name needs at least, for a complaint this grave.
pub(super) const fn needed(name: CommandName, severity: Severity) -> Permission {
    match name {
        CommandName::Accept | CommandName::NotAccept | CommandName::Transfer | CommandName::TakeAppeal => {
            if severity.is_severe() { SEVERE } else { DECIDE }
        }
        CommandName::Duplicate => DECIDE,
        CommandName::CallBack => CALL_BACK,
        CommandName::Archive => EXPORT,
        CommandName::Screen
        | CommandName::Withdraw
        | CommandName::Investigate
        | CommandName::Conclude
        | CommandName::Draft
        | CommandName::Submit
        | CommandName::Begin
        | CommandName::Execute
        | CommandName::Finish
        | CommandName::Appeal => HANDLE,
    }
}

/// The graver of what it was and what the command makes of it.
pub(super) fn gravest(command: &Command, now: Severity) -> Severity {
    match command {
        Command::Accept { severity, .. } => now.min(*severity),
        _ => now,
    }
}
