//! Changing what roles grant.

use std::collections::BTreeMap;

use capability::{Ctx, Event, Work};
use identity::{RoleRow, shipped_grants, store};
use kernel::{Fault, FieldErrors, Id, Place, RecordRef, Scope};

use super::people::tree;
use crate::domain::{check_grants, sight};
use crate::permissions::{ROLES_EDIT, ROLES_VIEW};

/// How the journal names a role: by the checksum of its code, which is what a role is known by.
pub(crate) const RECORD: &str = "role";

/// The longest name of a role, in characters.
const NAME: usize = 40;

/// The record of the role with this code.
pub(crate) fn role_record(code: &str) -> RecordRef {
    // FNV-1a: short codes, and a record needs a number.
    let hash = code
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    RecordRef::new(RECORD, Id::<RoleRow>::new(i64::try_from(hash >> 2).unwrap_or(1)))
}

/// The grants of `role` in a new installation, or none for one of the company's own.
pub fn shipped(ctx: &Ctx, role: &RoleRow) -> Option<BTreeMap<String, Scope>> {
    role.builtin.then(|| shipped_grants(&role.code, ctx.house.identity.directories().permissions().defs()))
}

async fn company(w: &mut Work<'_>) -> Result<Place, Fault> {
    let tree = tree(w).await?;
    let store = tree.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    Ok(Place { store, team: None, owner: None })
}

fn tidy_name(name: &str) -> Result<String, Fault> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut errors = FieldErrors::default();
    let length = name.chars().count();
    if name.is_empty() {
        errors.add("name", "required");
    } else if length > NAME {
        errors.add_with("name", "too-long", vec![("max", NAME.to_string()), ("now", length.to_string())]);
    }
    errors.check()?;
    Ok(name)
}

/// Adds a role of the company's own that grants what the role `copied` does.
///
/// # Errors
/// `invalid`; forbidden when it would grant more than the actor holds.
pub async fn create(ctx: &Ctx, code: &str, name: &str, copied: &str) -> Result<(), Fault> {
    let code = code.trim().to_lowercase();
    let legal = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if !(2..=30).contains(&code.len()) || !code.chars().all(legal) {
        return Err(Fault::field("code", "administration-role-code"));
    }
    let name = tidy_name(name)?;
    let input = (code, name, copied.to_owned(), ctx.house.identity.directories().permissions().clone());
    ctx.write(input, |w, (code, name, copied, permissions)| {
        Box::pin(async move {
            let place = company(w).await?;
            w.require(ROLES_EDIT, &place)?;
            let from = store::roles::get(w.tx, copied).await?;
            let from = from.ok_or_else(|| Fault::field("copied", "identity-role-unknown"))?;
            // A copy hands out nothing new; who may have it is decided when it is given.
            check_grants(&w.ctx.actor, copied, permissions, &from.grants, &from.grants)?;
            store::roles::create(w.tx, code, name, &from.grants).await?;
            let event = Event::new(role_record(code), "role.created", place)
                .quietly()
                .change("code", None, Some(code.clone()))
                .change("name", None, Some(name.clone()))
                .change("copied", None, Some(copied.clone()));
            w.record(event).await
        })
    })
    .await
}

/// Gives the role `code`, which was read at `version`, these grants and, if it is one of the company's own, this name. Codes of
/// permissions that this release does not know are kept.
///
/// # Errors
/// Not found; stale; forbidden when it would grant more than the actor holds; refused when the administrator would lose what the
/// house is opened with, or the actor the right to edit roles.
pub async fn save(
    ctx: &Ctx,
    code: &str,
    version: i64,
    name: Option<&str>,
    grants: BTreeMap<String, Scope>,
) -> Result<(), Fault> {
    let name = name.map(tidy_name).transpose()?;
    let permissions = ctx.house.identity.directories().permissions().clone();
    let directory = ctx.house.identity.directories().refresh().await?;
    let input = (code.to_owned(), version, name, grants, permissions, directory);
    ctx.write(input, |w, (code, version, name, grants, permissions, directory)| {
        Box::pin(async move {
            let place = company(w).await?;
            w.require(ROLES_EDIT, &place)?;
            let before = store::roles::get(w.tx, code).await?.ok_or_else(Fault::not_found)?;
            let mut after = before.clone();
            after.grants = grants.clone();
            let unknown = before.grants.iter().filter(|(permission, _)| permissions.known(permission).is_none());
            after.grants.extend(unknown.map(|(permission, scope)| (permission.clone(), *scope)));
            if let Some(name) = name.as_ref().filter(|_| !before.builtin) {
                after.name = Some(name.clone());
            }
            check_grants(&w.ctx.actor, code, permissions, &before.grants, &after.grants)?;
            if let Some(user) = w.ctx.actor.user.and_then(|id| directory.user(id)) {
                let roles = directory.assignments(user.id);
                let seen = sight(directory, permissions, user.id, user.home, roles, Some(&after));
                if !seen.contains_key(ROLES_EDIT.0) || !seen.contains_key(ROLES_VIEW.0) {
                    return Err(Fault::refused("administration-own-lock-out"));
                }
            }
            let shipped = shipped_grants(code, permissions.defs());
            after.edited = !before.builtin || after.grants != shipped;
            store::roles::save(w.tx, &after, *version).await?;
            let mut event = Event::new(role_record(code), "role.changed", place).quietly();
            event = event.change("name", before.name.clone(), after.name.clone());
            let codes: std::collections::BTreeSet<&String> = before.grants.keys().chain(after.grants.keys()).collect();
            for permission in codes {
                let text = |role: &RoleRow| {
                    let scope = role.grants.get(permission).map_or("none", |scope| scope.as_str());
                    Some(format!("{permission}={scope}"))
                };
                event = event.change("grant", text(&before), text(&after));
            }
            w.record(event).await
        })
    })
    .await
}

/// Removes a role of the company's own that nobody has.
///
/// # Errors
/// Not found; refused for a shipped role or one that somebody has.
pub async fn remove(ctx: &Ctx, code: &str) -> Result<(), Fault> {
    ctx.write(code.to_owned(), |w, code| {
        Box::pin(async move {
            let place = company(w).await?;
            w.require(ROLES_EDIT, &place)?;
            let before = store::roles::get(w.tx, code).await?.ok_or_else(Fault::not_found)?;
            store::roles::remove(w.tx, code).await?;
            let event =
                Event::new(role_record(code), "role.removed", place).quietly().change("name", before.name, None);
            w.record(event.change("code", Some(code.clone()), None)).await
        })
    })
    .await
}
