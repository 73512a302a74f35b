//! Who may do what with self-assessments and certificates.

use capability::{Ctx, PermissionDef};
use identity::Unit;
use kernel::{Fault, Id, Permission, Place, Scope, of};

/// See self-assessments of one's place, compare them, print them.
pub const VIEW: Permission = Permission("assessments.view");
/// Make them of one's place, and withdraw them.
pub const MAKE: Permission = Permission("assessments.make");
/// Take the evidence bundle out of the house.
pub const EXPORT: Permission = Permission("assessments.export");
/// See the register of certificates.
pub const CERTIFICATES: Permission = Permission("assessments.certificates");
/// Keep the register of certificates.
pub const KEEP: Permission = Permission("assessments.keep_certificates");

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef {
        permission: MAKE,
        defaults: &[("store_manager", Scope::Store), ("headquarters_quality", Scope::Company)],
    },
    PermissionDef {
        permission: EXPORT,
        defaults: &[("headquarters_quality", Scope::Company), ("assessor", Scope::Company)],
    },
    PermissionDef {
        permission: CERTIFICATES,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef { permission: KEEP, defaults: &[("headquarters_quality", Scope::Company)] },
];

/// Where records of `unit` stand.
pub(crate) fn place(unit: Id<of::Unit>) -> Place {
    Place { store: unit, team: None, owner: None }
}

/// Whether the actor reaches all of `unit` with `permission`: its stores, or everything.
pub(crate) fn reaches(ctx: &Ctx, permission: Permission, unit: Id<of::Unit>) -> bool {
    let reach = ctx.reach(permission);
    if reach.company {
        return true;
    }
    let directory = ctx.house.identity.directories().now();
    let mut stores = directory.stores_below(unit).peekable();
    stores.peek().is_some() && stores.all(|store| reach.stores.contains(&store.id))
}

/// The units that the actor reaches with `permission`: the company, regions, stores.
pub(crate) fn reached(ctx: &Ctx, permission: Permission) -> Vec<Unit> {
    let directory = ctx.house.identity.directories().now();
    let units = scores::domain::units(&directory).into_iter();
    units.filter(|unit| reaches(ctx, permission, unit.id)).cloned().collect()
}

/// Of which units the actor may list what they see with `permission`: `None` = of all, closed ones too.
pub(crate) fn listed(ctx: &Ctx, permission: Permission) -> Option<Vec<Id<of::Unit>>> {
    (!ctx.reach(permission).company).then(|| reached(ctx, permission).iter().map(|unit| unit.id).collect())
}

/// The actor sees what stands at `unit`, and may do `permission` there.
///
/// # Errors
/// `not-found` when they do not see it; `forbidden` when they may only see it.
pub(crate) fn demand(ctx: &Ctx, see: Permission, permission: Permission, unit: Id<of::Unit>) -> Result<(), Fault> {
    if !reaches(ctx, see, unit) {
        return Err(Fault::not_found());
    }
    if ctx.actor.user.is_some() && reaches(ctx, permission, unit) { Ok(()) } else { Err(Fault::forbidden()) }
}
