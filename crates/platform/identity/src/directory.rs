use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use db::{DbError, Tx};
use kernel::{Actor, ActorKind, Id, Permission, Place, of};

use crate::permissions::{Permissions, SEALED};
use crate::reach::{Given, Grant, reach_of};
use crate::roles::{BUILTIN_ROLES, RoleRow};
use crate::store;
use crate::unit::{Tree, Unit, UnitKind};
use crate::user::{Assignment, User};

/// Everybody and every unit as of one version: an immutable picture that requests look names up in. A new one is loaded
/// when the version row changes; see [`crate::Directories`].
#[derive(Debug, Default)]
pub struct Directory {
    version: i64,
    tree: Tree,
    codes: BTreeMap<String, Id<of::Unit>>,
    users: BTreeMap<Id<of::User>, User>,
    roles: BTreeMap<String, RoleRow>,
    grants: BTreeMap<String, Vec<Grant>>,
    assigned: BTreeMap<Id<of::User>, Vec<Assignment>>,
    /// Units whose records only those see who hold [`SEALED`].
    sealed: BTreeSet<Id<of::Unit>>,
    /// Who is admitted by name to which of them.
    admitted: BTreeMap<Id<of::User>, BTreeSet<Id<of::Unit>>>,
    /// Computed on first need; a picture never changes, so neither do they.
    actors: Mutex<BTreeMap<Id<of::User>, Actor>>,
}

impl Directory {
    /// Reads the whole directory inside one transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(tx: &mut Tx, permissions: &Permissions) -> Result<Self, DbError> {
        let version = store::version(tx).await?;
        let tree = Tree::new(store::units::all(tx).await?);
        let codes = tree.units().map(|unit| (unit.code.clone(), unit.id)).collect();
        let users = store::users::all(tx).await?.into_iter().map(|user| (user.id, user)).collect();
        let roles = store::roles::all(tx).await?;
        let known = |role: &RoleRow| {
            let grants = role.grants.iter();
            grants
                .filter_map(|(code, scope)| Some(Grant { permission: permissions.known(code)?, scope: *scope }))
                .collect()
        };
        let grants = roles.iter().map(|(code, role)| (code.clone(), known(role))).collect();
        let mut assigned: BTreeMap<Id<of::User>, Vec<Assignment>> = BTreeMap::new();
        for (user, assignment) in store::roles::assignments(tx).await? {
            assigned.entry(user).or_default().push(assignment);
        }
        let sealed = store::units::sealed(tx).await?;
        let mut admitted: BTreeMap<Id<of::User>, BTreeSet<Id<of::Unit>>> = BTreeMap::new();
        for (user, unit) in store::units::admissions(tx).await? {
            admitted.entry(user).or_default().insert(unit);
        }
        Ok(Self { version, tree, codes, users, roles, grants, assigned, sealed, admitted, actors: Mutex::default() })
    }

    /// Which version this is a picture of.
    pub fn version(&self) -> i64 {
        self.version
    }
    /// The organisation.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }
    /// The unit `id`.
    pub fn unit(&self, id: Id<of::Unit>) -> Option<&Unit> {
        self.tree.unit(id)
    }
    /// The company.
    pub fn company(&self) -> Option<&Unit> {
        self.tree.company()
    }
    /// The unit with this code, of any kind.
    pub fn unit_by_code(&self, code: &str) -> Option<&Unit> {
        self.unit(*self.codes.get(code)?)
    }
    /// The store with this code.
    pub fn store_by_code(&self, code: &str) -> Option<&Unit> {
        self.unit_by_code(code).filter(|unit| unit.kind == UnitKind::Store)
    }
    /// All stores in the order of their codes, closed ones too.
    pub fn stores(&self) -> impl Iterator<Item = &Unit> {
        self.codes.values().filter_map(|id| self.unit(*id)).filter(|unit| unit.kind == UnitKind::Store)
    }
    /// The stores at or below `unit` in the order of their codes.
    pub fn stores_below(&self, unit: Id<of::Unit>) -> impl Iterator<Item = &Unit> {
        self.stores().filter(move |store| store.path.contains(&unit))
    }
    /// The unit in which sealed records stand, once there is one.
    pub fn sealed(&self) -> Option<Id<of::Unit>> {
        self.sealed.first().copied()
    }
    /// The store that `unit` is or stands in.
    pub fn store_of(&self, unit: Id<of::Unit>) -> Option<&Unit> {
        self.tree.store_of(unit)
    }
    /// The person `id`, also when inactive.
    pub fn user(&self, id: Id<of::User>) -> Option<&User> {
        self.users.get(&id)
    }
    /// The name of the person `id`.
    pub fn user_name(&self, id: Id<of::User>) -> Option<&str> {
        self.user(id).map(|user| user.name.as_str())
    }
    /// The person with this login.
    pub fn user_by_login(&self, login: &str) -> Option<&User> {
        let login = login.to_lowercase();
        self.users.values().find(|user| user.login == login)
    }
    /// Everybody in the order of joining, inactive people too.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }
    /// Active people who work in `unit` or below it.
    pub fn users_of_store(&self, unit: Id<of::Unit>) -> impl Iterator<Item = &User> {
        self.users.values().filter(move |user| user.active && self.tree.is_within(user.home, unit))
    }
    /// All roles: those that came with the program in their order, then the company's own by code.
    pub fn roles(&self) -> impl Iterator<Item = &RoleRow> {
        let own = self.roles.values().filter(|role| !BUILTIN_ROLES.contains(&role.code.as_str()));
        BUILTIN_ROLES.iter().filter_map(|code| self.roles.get(*code)).chain(own)
    }
    /// The role with this code.
    pub fn role(&self, code: &str) -> Option<&RoleRow> {
        self.roles.get(code)
    }
    /// The name that the company gave to the role with this code; none for a shipped one, whose name is a text of the program.
    pub fn role_name(&self, code: &str) -> Option<&str> {
        self.role(code)?.name.as_deref()
    }
    /// The roles of a person and where they are given.
    pub fn assignments(&self, user: Id<of::User>) -> &[Assignment] {
        self.assigned.get(&user).map_or(&[], Vec::as_slice)
    }
    /// True when the person has `role` anywhere.
    pub fn has_role(&self, user: Id<of::User>, role: &str) -> bool {
        self.assignments(user).iter().any(|given| given.role == role)
    }

    /// What the person `id` may do; nothing for people who are unknown or inactive.
    pub fn actor(&self, id: Id<of::User>) -> Option<Actor> {
        let user = self.user(id).filter(|user| user.active)?;
        let mut actors = self.actors.lock().unwrap_or_else(PoisonError::into_inner);
        let actor = actors.entry(id).or_insert_with(|| self.compute(user));
        Some(actor.clone())
    }

    fn compute(&self, user: &User) -> Actor {
        let given: Vec<Given<'_>> = self
            .assignments(user.id)
            .iter()
            .filter_map(|given| Some(Given { grants: self.grants.get(&given.role)?, at: given.unit }))
            .collect();
        let mut reach = reach_of(&self.tree, user.id, user.home, &given);
        let admitted = reach.get(SEALED.0).is_some_and(|reach| reach.company);
        if !self.sealed.is_empty() && !admitted {
            // What somebody may do elsewhere they may do with the files to which they are admitted by name.
            let named = self.admitted.get(&user.id);
            for reach in reach.values_mut() {
                if reach.company {
                    reach.except.clone_from(&self.sealed);
                    reach.except.retain(|unit| named.is_none_or(|named| !named.contains(unit)));
                    // Whoever has a sealed record sees it.
                    reach.own = Some(user.id);
                } else if !reach.is_empty() {
                    reach.stores.extend(named.into_iter().flatten());
                }
            }
        }
        Actor::new(ActorKind::Staff, Some(user.id), &user.name, Some(user.home), reach)
    }

    /// Active people who may do `permission` on a record at `place`, in the order of joining.
    pub fn who_may(&self, permission: Permission, place: &Place) -> Vec<&User> {
        self.users().filter(|user| self.actor(user.id).is_some_and(|actor| actor.may(permission, place))).collect()
    }
}

/// What the person `user` may do, read inside `tx`: for places that have no picture at hand.
///
/// # Errors
/// When the database fails.
pub async fn actor(tx: &mut Tx, permissions: &Permissions, user: Id<of::User>) -> Result<Option<Actor>, DbError> {
    Ok(Directory::load(tx, permissions).await?.actor(user))
}
