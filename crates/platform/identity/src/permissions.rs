use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Permission, Scope};

/// See sealed records (保密案卷): who holds it for the whole company sees what stands in sealed units as far as the other permissions
/// reach; nobody else does, except whoever has the record. Declared by the capability that seals.
pub const SEALED: Permission = Permission("complaints.sealed");

/// A permission and the roles that have it in a new installation.
#[derive(Debug, Clone, Copy)]
pub struct PermissionDef {
    /// The permission. `permission-<code>`, with `-` for `.` and `_`, is its text in the locales.
    pub permission: Permission,
    /// Role code and scope; see [`crate::BUILTIN_ROLES`].
    pub defaults: &'static [(&'static str, Scope)],
}

/// Every permission that the program knows. What a database grants beyond them (an older or newer release wrote it) is
/// kept there and means nothing here.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    defs: Arc<[PermissionDef]>,
    codes: Arc<BTreeSet<&'static str>>,
}

impl Permissions {
    /// The permissions that all capabilities declare.
    pub fn new(defs: impl IntoIterator<Item = PermissionDef>) -> Self {
        let defs: Arc<[PermissionDef]> = defs.into_iter().collect();
        let codes = defs.iter().map(|def| def.permission.0).collect();
        Self { defs, codes: Arc::new(codes) }
    }
    /// As declared.
    pub fn defs(&self) -> &[PermissionDef] {
        &self.defs
    }
    /// The known permission whose code is `code`.
    pub fn known(&self, code: &str) -> Option<&'static str> {
        self.codes.get(code).copied()
    }
}
