use capability::{Ctx, PermissionDef};
use kernel::{Fault, Id, Permission, Placed, Scope, of};

use super::scan::SCAN;
use crate::domain::{CloseBy, Command, CommandName};

/// See cases.
pub const VIEW: Permission = Permission("cases.view");
/// Take cases in.
pub const TAKE_IN: Permission = Permission("cases.take_in");
/// Work on cases: everything between intake and resolution.
pub const WORK: Permission = Permission("cases.work");
/// Give cases to others.
pub const ASSIGN: Permission = Permission("cases.assign");
/// Close without the customer's word.
pub const CLOSE: Permission = Permission("cases.close");
/// Not take a case on.
pub const REJECT: Permission = Permission("cases.reject");
/// Say whether a solution holds.
pub const CHECK: Permission = Permission("cases.check");
/// See tasks of one's place.
pub const TASK_VIEW: Permission = Permission("cases.task_view");
/// Take on and answer tasks of one's place.
pub const TASK_WORK: Permission = Permission("cases.task_work");
/// Export lists of cases.
pub const EXPORT: Permission = Permission("cases.export");

/// Keep the list of symptoms.
pub const SYMPTOMS: Permission = Permission("cases.symptoms");
/// See deadlines and limits with all their versions.
pub const RULES_VIEW: Permission = Permission("cases.rules.view");
/// Change deadlines and limits of the flow.
pub const RULES_EDIT: Permission = Permission("cases.rules.edit");

/// All of them with the roles that hold them by default (design: 新受理 · 服务单; region and headquarters read and are brought in).
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
            ("partner", Scope::Own),
        ],
    },
    PermissionDef {
        permission: TAKE_IN,
        defaults: &[("clerk", Scope::Store), ("technician", Scope::Store), ("store_manager", Scope::Store)],
    },
    PermissionDef {
        permission: WORK,
        defaults: &[
            ("clerk", Scope::Store),
            ("technician", Scope::Own),
            ("store_manager", Scope::Store),
            // What is handed up to them, such as a severe complaint or an appeal.
            ("region_manager", Scope::Own),
            ("headquarters_quality", Scope::Own),
            ("partner", Scope::Own),
        ],
    },
    PermissionDef {
        permission: ASSIGN,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: CLOSE,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: SYMPTOMS, defaults: &[("headquarters_quality", Scope::Company)] },
    // A unit bought in any store may stand on any counter; whose it is and its cases are shown only as far as those are reached.
    PermissionDef {
        permission: SCAN,
        defaults: &[
            ("clerk", Scope::Company),
            ("technician", Scope::Company),
            ("store_manager", Scope::Company),
            ("region_manager", Scope::Company),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: REJECT, defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store)] },
    PermissionDef {
        permission: CHECK,
        defaults: &[
            ("clerk", Scope::Store),
            ("technician", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef {
        permission: TASK_VIEW,
        defaults: &[
            ("clerk", Scope::Store),
            ("technician", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
            ("finance", Scope::Team),
            ("trainer", Scope::Team),
            ("partner", Scope::Own),
            ("administrator", Scope::Team),
        ],
    },
    PermissionDef {
        permission: TASK_WORK,
        defaults: &[
            ("clerk", Scope::Store),
            ("technician", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Own),
            ("headquarters_quality", Scope::Region),
            ("finance", Scope::Team),
            ("trainer", Scope::Team),
            ("partner", Scope::Own),
            ("administrator", Scope::Team),
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
    PermissionDef {
        permission: RULES_VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
            ("administrator", Scope::Company),
        ],
    },
    PermissionDef {
        permission: RULES_EDIT,
        defaults: &[("headquarters_quality", Scope::Company), ("administrator", Scope::Company)],
    },
];

/// What a command of this name needs at least.
pub(super) const fn needed(name: CommandName) -> Permission {
    match name {
        CommandName::Assign => ASSIGN,
        CommandName::Reject => REJECT,
        CommandName::Accept
        | CommandName::Analyse
        | CommandName::Propose
        | CommandName::Confirm
        | CommandName::Decline
        | CommandName::Wait
        | CommandName::Resume
        | CommandName::Resolve
        | CommandName::Close
        | CommandName::Reopen
        | CommandName::Cancel
        | CommandName::Merge => WORK,
    }
}

/// Whether `actor` works on the record: nobody does without seeing it, also who owns it outside of what they see.
pub(super) fn works(actor: &kernel::Actor, record: &impl Placed) -> bool {
    actor.may(WORK, record) && actor.may(VIEW, record)
}

/// `Ok` when the actor may give `command` on `record`. Who may see the record is told that more is needed (403); to others it
/// does not exist (404).
pub(super) fn require(ctx: &Ctx, command: &Command, record: &impl Placed) -> Result<(), Fault> {
    let may = |permission| ctx.actor.may(permission, record);
    let allowed = match command {
        Command::Close(CloseBy::Manager(_)) => may(CLOSE),
        // Taking a case oneself is work; giving it to another is assignment.
        Command::Accept { owner, .. } if Some(*owner) != ctx.actor.user => may(WORK) && may(ASSIGN),
        other => may(needed(other.name())),
    };
    match allowed && may(VIEW) {
        true => Ok(()),
        false if may(VIEW) => Err(Fault::forbidden()),
        false => Err(Fault::not_found()),
    }
}

/// `Ok` when `owner` is somebody who could work on a case at the place of `record` as its owner.
pub(super) fn require_owner(ctx: &Ctx, field: &str, owner: Id<of::User>, record: &impl Placed) -> Result<(), Fault> {
    let place = kernel::Place { owner: Some(owner), ..record.place() };
    let directory = ctx.house.identity.directories().now();
    match directory.actor(owner) {
        Some(actor) if works(&actor, &place) => Ok(()),
        Some(_) => Err(Fault::field(field, "cases-owner")),
        None => Err(Fault::field(field, "unknown")),
    }
}
