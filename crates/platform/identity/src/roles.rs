use std::collections::BTreeMap;

use db::{DbError, Tx};
use kernel::Scope;

use crate::permissions::PermissionDef;
use crate::store;

/// The role that keeps the system (管理员).
pub const ADMINISTRATOR: &str = "administrator";

/// Who looks at a sample for some days and belongs to another house (外部评审员).
pub const EXTERNAL_ASSESSOR: &str = "external_assessor";

/// The roles of a new installation; `identity-role-<code>` is a role's name. See docs/decisions/0002-roles.md.
pub const BUILTIN_ROLES: [&str; 11] = [
    "clerk",
    "technician",
    "store_manager",
    "region_manager",
    "headquarters_quality",
    "assessor",
    EXTERNAL_ASSESSOR,
    "finance",
    "trainer",
    "partner",
    ADMINISTRATOR,
];

/// A role as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// The name that the company gave it; none for a shipped one, whose name is a text of the program.
    pub name: Option<String>,
    /// Counts its changes.
    pub version: i64,
    /// Its code.
    pub code: String,
    /// True when it came with the program.
    pub builtin: bool,
    /// True when an administrator has changed its grants.
    pub edited: bool,
    /// Permission code and scope. Codes that this release does not know are kept.
    pub grants: BTreeMap<String, Scope>,
}

/// Brings the builtin roles that no administrator has edited to what `defs` say. Answers whether anything changed.
///
/// # Errors
/// When the database fails.
pub async fn sync_builtin_roles(tx: &mut Tx, defs: &[PermissionDef]) -> Result<bool, DbError> {
    let stored = store::roles::all(tx).await?;
    let mut changed = false;
    for code in BUILTIN_ROLES {
        let wanted = shipped_grants(code, defs);
        match stored.get(code) {
            Some(role) if role.edited || role.grants == wanted => {}
            Some(_) => {
                store::roles::put_grants(tx, code, &wanted).await?;
                changed = true;
            }
            None => {
                store::roles::insert(tx, code, true).await?;
                store::roles::put_grants(tx, code, &wanted).await?;
                changed = true;
            }
        }
    }
    if changed {
        store::touch(tx).await?;
    }
    Ok(changed)
}

/// What `role` grants in a new installation: the widest scope per permission that `defs` give to it.
pub fn shipped_grants(role: &str, defs: &[PermissionDef]) -> BTreeMap<String, Scope> {
    let mut grants: BTreeMap<String, Scope> = BTreeMap::new();
    for def in defs {
        for (_, scope) in def.defaults.iter().filter(|(code, _)| *code == role) {
            grants.entry(def.permission.0.to_owned()).and_modify(|held| *held = (*held).max(*scope)).or_insert(*scope);
        }
    }
    grants
}
