//! Where people and units stand, who may touch whom, and what a change consists of. No database here.

use std::collections::BTreeMap;

use capability::Event;
use identity::{
    ADMINISTRATOR, Assignment, Directory, Given, Grant, Permissions, RoleRow, Tree, Unit, UnitKind, User, reach_of,
};
use kernel::{Actor, Fault, FaultKind, Id, Permission, Place, Reach, RecordRef, Scope, of};

use crate::permissions::{ADMINISTRATORS_APPOINT, PEOPLE_EDIT, PEOPLE_VIEW, ROLES_EDIT, ROLES_VIEW};

/// Where the unit `id` stands as a record: a team in the nearest unit above that is none.
pub(crate) fn place_of_unit(tree: &Tree, id: Id<of::Unit>) -> Place {
    let is_team = |id: &Id<of::Unit>| tree.unit(*id).is_some_and(|unit| unit.kind == UnitKind::Team);
    let path = tree.unit(id).map_or(&[][..], |unit| unit.path.as_slice());
    let store = path.iter().rev().find(|step| !is_team(step)).copied().unwrap_or(id);
    Place { store, team: is_team(&id).then_some(id), owner: None }
}

/// Where a person stands as a record: where they work; everybody owns themselves.
pub(crate) fn place_of_user(tree: &Tree, user: &User) -> Place {
    Place { owner: Some(user.id), ..place_of_unit(tree, user.home) }
}

/// How the journal and live events name a person.
pub(crate) fn user_record(id: Id<of::User>) -> RecordRef {
    RecordRef::new("user", id)
}

/// How the journal and live events name a unit.
pub(crate) fn unit_record(id: Id<of::Unit>) -> RecordRef {
    RecordRef::new("unit", id)
}

/// Whether `actor` may leave `target` (none for a new person) with the roles `after`, who had `before`: without the right to
/// appoint administrators nobody touches one, makes one or changes their own roles, and a role is given only at units that
/// the actor's own right to edit people reaches.
pub(crate) fn check_roles(
    actor: &Actor,
    tree: &Tree,
    target: Option<Id<of::User>>,
    before: &[Assignment],
    after: &[Assignment],
) -> Result<(), Fault> {
    let forbidden = |code| Err(Fault::new(FaultKind::Forbidden, code));
    if !actor.holds(ADMINISTRATORS_APPOINT) {
        let is_administrator = |roles: &[Assignment]| roles.iter().any(|given| given.role == ADMINISTRATOR);
        if is_administrator(before) || is_administrator(after) {
            return forbidden("administration-administrators-only");
        }
        if target.is_some() && target == actor.user && before != after {
            return forbidden("administration-own-roles");
        }
    }
    let changed = after
        .iter()
        .filter(|given| !before.contains(given))
        .chain(before.iter().filter(|given| !after.contains(given)));
    for given in changed {
        if !actor.may(PEOPLE_EDIT, &place_of_unit(tree, given.unit)) {
            return forbidden("administration-role-out-of-reach");
        }
    }
    Ok(())
}

/// Whether `actor`, without the right to appoint administrators, may give each of `roles` (newly given ones) to somebody who works at
/// `home`: each permission must reach no further than the actor's own, or stay within the units for which the actor manages people;
/// power over the house itself (settings) nobody gives who does not hold it as far.
pub(crate) fn check_width(
    actor: &Actor,
    directory: &Directory,
    permissions: &Permissions,
    home: Id<of::Unit>,
    roles: &[Assignment],
) -> Result<(), Fault> {
    if actor.holds(ADMINISTRATORS_APPOINT) {
        return Ok(());
    }
    let people = actor.reach(PEOPLE_EDIT);
    for given in roles {
        for (code, seen) in sight(directory, permissions, Id::new(0), home, std::slice::from_ref(given), None) {
            let power = SETTINGS.iter().any(|prefix| code.starts_with(prefix));
            let held = lies_within(directory.tree(), &seen.reach, &actor.reach(Permission(code)));
            let managed = !power && lies_within(directory.tree(), &seen.reach, &people);
            if !held && !managed {
                return Err(
                    Fault::new(FaultKind::Forbidden, "administration-role-too-wide").with("role", given.role.as_str())
                );
            }
        }
    }
    Ok(())
}

/// Permissions that are power over the house itself begin with one of these.
const SETTINGS: [&str; 2] = ["administration.", "cases.rules."];

/// True when everything that `inner` reaches is reached by `outer`. One's own records are nobody's power.
fn lies_within(tree: &Tree, inner: &Reach, outer: &Reach) -> bool {
    if outer.company {
        return true;
    }
    let team = |id: &Id<of::Unit>| {
        outer.teams.contains(id)
            || tree.unit(*id).is_some_and(|unit| unit.path.iter().any(|step| outer.stores.contains(step)))
    };
    !inner.company && inner.stores.is_subset(&outer.stores) && inner.teams.iter().all(team)
}

/// Whether `actor` may leave the role `code` with the grants `after`, which had `before`: nobody but administrators gives a role what
/// they do not hold for the whole company themselves, and the administrator keeps what the house is opened with.
pub(crate) fn check_grants(
    actor: &Actor,
    code: &str,
    permissions: &Permissions,
    before: &BTreeMap<String, Scope>,
    after: &BTreeMap<String, Scope>,
) -> Result<(), Fault> {
    if code == ADMINISTRATOR {
        let kept = [ADMINISTRATORS_APPOINT, PEOPLE_EDIT, PEOPLE_VIEW, ROLES_EDIT, ROLES_VIEW];
        if kept.iter().any(|permission| after.get(permission.0) != Some(&Scope::Company)) {
            return Err(Fault::refused("administration-administrator-keeps"));
        }
    }
    if actor.holds(ADMINISTRATORS_APPOINT) {
        return Ok(());
    }
    if code == ADMINISTRATOR {
        return Err(Fault::new(FaultKind::Forbidden, "administration-administrators-only"));
    }
    let widened = after.iter().filter(|(permission, scope)| before.get(*permission).is_none_or(|had| had < *scope));
    for (permission, _) in widened {
        let known = permissions.known(permission);
        if !known.is_some_and(|code| actor.reach(Permission(code)).company) {
            return Err(
                Fault::new(FaultKind::Forbidden, "administration-grant-more").with("permission", permission.as_str())
            );
        }
    }
    Ok(())
}

/// What a person reaches with one permission, and by which of their roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub reach: Reach,
    pub by: Vec<Assignment>,
}

/// What the person `user`, who works at `home`, would reach with `roles`, of which `changed` would grant something else.
pub(crate) fn sight(
    directory: &Directory,
    permissions: &Permissions,
    user: Id<of::User>,
    home: Id<of::Unit>,
    roles: &[Assignment],
    changed: Option<&RoleRow>,
) -> BTreeMap<&'static str, Seen> {
    let mut all: BTreeMap<&'static str, Seen> = BTreeMap::new();
    for given in roles {
        let role = changed.filter(|role| role.code == given.role).or_else(|| directory.role(&given.role));
        let Some(role) = role else { continue };
        let known =
            |(code, scope): (&String, &Scope)| Some(Grant { permission: permissions.known(code)?, scope: *scope });
        let grants: Vec<Grant> = role.grants.iter().filter_map(known).collect();
        let reach = reach_of(directory.tree(), user, home, &[Given { grants: &grants, at: given.unit }]);
        for (permission, reach) in reach {
            let seen = all.entry(permission).or_default();
            seen.reach.join(reach);
            seen.by.push(given.clone());
        }
    }
    all
}

/// Roles as the journal shows them: `clerk@S01, trainer@HQ`.
pub(crate) fn roles_text(tree: &Tree, roles: &[Assignment]) -> Option<String> {
    if roles.is_empty() {
        return None;
    }
    let mut texts: Vec<String> = roles
        .iter()
        .map(|given| format!("{}@{}", given.role, unit_code(tree, given.unit).unwrap_or_default()))
        .collect();
    texts.sort();
    Some(texts.join(", "))
}

fn unit_code(tree: &Tree, id: Id<of::Unit>) -> Option<String> {
    tree.unit(id).map(|unit| unit.code.clone())
}

/// Notes on `event` what differs between two states of a person; `before` is none for a new one.
pub(crate) fn user_changes(event: Event, tree: &Tree, before: Option<&User>, after: &User) -> Event {
    let old = |read: fn(&User) -> Option<String>| before.and_then(read);
    event
        .change("login", old(|user| Some(user.login.clone())), Some(after.login.clone()))
        .change("name", old(|user| Some(user.name.clone())), Some(after.name.clone()))
        .personal("phone", old(|user| user.phone.clone()), after.phone.clone())
        .personal("email", old(|user| user.email.clone()), after.email.clone())
        .change("home", before.and_then(|user| unit_code(tree, user.home)), unit_code(tree, after.home))
        .change("locale", old(|user| Some(user.locale.clone())), Some(after.locale.clone()))
        .change("theme", old(|user| Some(user.theme.as_str().to_owned())), Some(after.theme.as_str().to_owned()))
        .change("keys_off", old(|user| Some(user.keys_off.to_string())), Some(after.keys_off.to_string()))
        .change("active", old(|user| Some(user.active.to_string())), Some(after.active.to_string()))
}

/// Notes on `event` what differs between two states of a unit; `before` is none for a new one.
pub(crate) fn unit_changes(event: Event, tree: &Tree, before: Option<&Unit>, after: &Unit) -> Event {
    let old = |read: fn(&Unit) -> Option<String>| before.and_then(read);
    let parent = |unit: &Unit| unit.parent.and_then(|parent| unit_code(tree, parent));
    event
        .change("kind", old(|unit| Some(unit.kind.as_str().to_owned())), Some(after.kind.as_str().to_owned()))
        .change("code", old(|unit| Some(unit.code.clone())), Some(after.code.clone()))
        .change("name", old(|unit| Some(unit.name.clone())), Some(after.name.clone()))
        .change("name_en", old(|unit| unit.name_en.clone()), after.name_en.clone())
        .change("parent", before.and_then(parent), parent(after))
        .change("zone", old(|unit| Some(unit.zone.name().to_owned())), Some(after.zone.name().to_owned()))
        .change("phone", old(|unit| unit.phone.clone()), after.phone.clone())
        .change("address", old(|unit| unit.address.clone()), after.address.clone())
        .change("active", old(|unit| Some(unit.active.to_string())), Some(after.active.to_string()))
}

#[cfg(test)]
mod tests {
    use kernel::{ActorKind, Zone};

    use super::*;

    fn tree() -> Tree {
        let unit = |id: i64, kind, path: &[i64]| Unit {
            id: Id::new(id),
            parent: None,
            kind,
            code: format!("U{id}"),
            name: String::new(),
            name_en: None,
            zone: Zone::china(),
            phone: None,
            address: None,
            path: path.iter().map(|step| Id::new(*step)).collect(),
            active: true,
            version: 1,
        };
        Tree::new([
            unit(1, UnitKind::Company, &[1]),
            unit(2, UnitKind::Store, &[1, 2]),
            unit(3, UnitKind::Store, &[1, 3]),
            unit(4, UnitKind::Team, &[1, 2, 4]),
        ])
    }

    fn actor(id: i64, holds: &[(Permission, Reach)]) -> Actor {
        let reach: BTreeMap<_, _> = holds.iter().map(|(permission, reach)| (permission.0, reach.clone())).collect();
        Actor::new(ActorKind::Staff, Some(Id::new(id)), "a", None, reach)
    }

    fn given(role: &str, unit: i64) -> Assignment {
        Assignment { role: role.to_owned(), unit: Id::new(unit) }
    }

    fn code(result: Result<(), Fault>) -> &'static str {
        result.map_or_else(|fault| fault.code(), |()| "allowed")
    }

    #[test]
    fn a_team_stands_in_the_unit_above() {
        assert_eq!(
            place_of_unit(&tree(), Id::new(4)),
            Place { store: Id::new(2), team: Some(Id::new(4)), owner: None }
        );
        assert_eq!(place_of_unit(&tree(), Id::new(1)), Place { store: Id::new(1), team: None, owner: None });
    }

    #[test]
    fn nobody_becomes_more_than_they_may_give() {
        let tree = tree();
        let editor = actor(7, &[(PEOPLE_EDIT, Reach::company())]);
        let other = Some(Id::new(8));
        let check = |target, before: &[Assignment], after: &[Assignment]| {
            code(check_roles(&editor, &tree, target, before, after))
        };
        assert_eq!(check(other, &[], &[given("clerk", 2)]), "allowed");
        assert_eq!(check(other, &[], &[given(ADMINISTRATOR, 1)]), "administration-administrators-only");
        assert_eq!(check(other, &[given(ADMINISTRATOR, 1)], &[]), "administration-administrators-only");
        assert_eq!(
            check(other, &[given(ADMINISTRATOR, 1)], &[given(ADMINISTRATOR, 1)]),
            "administration-administrators-only"
        );
        assert_eq!(check(Some(Id::new(7)), &[given("clerk", 2)], &[given("finance", 1)]), "administration-own-roles");
        assert_eq!(check(Some(Id::new(7)), &[given("clerk", 2)], &[given("clerk", 2)]), "allowed");

        let keeper = actor(9, &[(PEOPLE_EDIT, Reach::company()), (ADMINISTRATORS_APPOINT, Reach::company())]);
        assert_eq!(code(check_roles(&keeper, &tree, Some(Id::new(9)), &[], &[given(ADMINISTRATOR, 1)])), "allowed");
    }

    #[test]
    fn a_role_is_given_and_taken_only_within_reach() {
        let tree = tree();
        let reach = Reach { stores: [Id::new(2)].into(), ..Reach::default() };
        let manager = actor(7, &[(PEOPLE_EDIT, reach)]);
        let check = |before: &[Assignment], after: &[Assignment]| {
            code(check_roles(&manager, &tree, Some(Id::new(8)), before, after))
        };
        assert_eq!(check(&[], &[given("clerk", 2), given("technician", 4)]), "allowed");
        assert_eq!(check(&[], &[given("clerk", 3)]), "administration-role-out-of-reach");
        assert_eq!(check(&[given("clerk", 3)], &[]), "administration-role-out-of-reach");
        assert_eq!(check(&[given("clerk", 3)], &[given("clerk", 3), given("clerk", 2)]), "allowed");
    }
}
