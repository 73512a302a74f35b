//! Roles, what they grant, and who has them where.

use std::collections::BTreeMap;

use db::{DbError, Tx, args};
use kernel::{Fault, Id, Scope, of};

use super::touch;
use crate::roles::{ADMINISTRATOR, RoleRow};
use crate::user::Assignment;

/// All roles by code.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<BTreeMap<String, RoleRow>, DbError> {
    let rows: Vec<(String, bool, bool, Option<String>, i64)> =
        tx.all("SELECT code, builtin, edited, name, version FROM role ORDER BY code", args![]).await?;
    let mut roles: BTreeMap<String, RoleRow> = rows
        .into_iter()
        .map(|(code, builtin, edited, name, version)| {
            (code.clone(), RoleRow { code, name, version, builtin, edited, grants: BTreeMap::new() })
        })
        .collect();
    let grants: Vec<(String, String, String)> =
        tx.all("SELECT role_code, permission, scope FROM role_grant", args![]).await?;
    for (role, permission, scope) in grants {
        if let (Some(role), Some(scope)) = (roles.get_mut(&role), Scope::parse(&scope)) {
            role.grants.insert(permission, scope);
        }
    }
    Ok(roles)
}

pub(crate) async fn insert(tx: &mut Tx, code: &str, builtin: bool) -> Result<(), DbError> {
    tx.exec("INSERT INTO role (code, builtin, edited) VALUES ($1, $2, FALSE)", args![code, builtin]).await?;
    Ok(())
}

pub(crate) async fn put_grants(tx: &mut Tx, code: &str, grants: &BTreeMap<String, Scope>) -> Result<(), DbError> {
    tx.exec("DELETE FROM role_grant WHERE role_code = $1", args![code]).await?;
    for (permission, scope) in grants {
        tx.exec(
            "INSERT INTO role_grant (role_code, permission, scope) VALUES ($1, $2, $3)",
            args![code, permission.as_str(), scope.as_str()],
        )
        .await?;
    }
    Ok(())
}

/// Every assignment of everybody.
///
/// # Errors
/// When the database fails.
pub async fn assignments(tx: &mut Tx) -> Result<Vec<(Id<of::User>, Assignment)>, DbError> {
    let rows: Vec<(Id<of::User>, String, Id<of::Unit>)> = tx
        .all("SELECT user_id, role_code, unit_id FROM user_role ORDER BY user_id, role_code, unit_id", args![])
        .await?;
    Ok(rows.into_iter().map(|(user, role, unit)| (user, Assignment { role, unit })).collect())
}

/// The roles of one person.
///
/// # Errors
/// When the database fails.
pub async fn of_user(tx: &mut Tx, user: Id<of::User>) -> Result<Vec<Assignment>, DbError> {
    let rows: Vec<(String, Id<of::Unit>)> = tx
        .all("SELECT role_code, unit_id FROM user_role WHERE user_id = $1 ORDER BY role_code, unit_id", args![user])
        .await?;
    Ok(rows.into_iter().map(|(role, unit)| Assignment { role, unit }).collect())
}

/// Gives a person exactly these roles. Answers what the roles were before.
///
/// # Errors
/// `invalid` for a role or unit that does not exist; refused when nobody would be administrator any more.
pub async fn assign(tx: &mut Tx, user: Id<of::User>, roles: &[Assignment]) -> Result<Vec<Assignment>, Fault> {
    let before = of_user(tx, user).await?;
    let known = all(tx).await?;
    tx.exec("DELETE FROM user_role WHERE user_id = $1", args![user]).await?;
    for given in roles {
        if !known.contains_key(&given.role) {
            return Err(Fault::field("roles", "identity-role-unknown"));
        }
        if super::units::get(tx, given.unit).await?.is_none() {
            return Err(Fault::field("roles", "identity-unit-unknown"));
        }
        tx.exec(
            "INSERT INTO user_role (user_id, role_code, unit_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            args![user, given.role.as_str(), given.unit],
        )
        .await?;
    }
    if before.iter().any(|given| given.role == ADMINISTRATOR) {
        super::users::refuse_without_administrator(tx).await?;
    }
    touch(tx).await?;
    Ok(before)
}

/// The role with this code.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, code: &str) -> Result<Option<RoleRow>, DbError> {
    Ok(all(tx).await?.remove(code))
}

/// Adds a role of the company's own. `code` and `name` are in order.
///
/// # Errors
/// `invalid` when the code is taken.
pub async fn create(tx: &mut Tx, code: &str, name: &str, grants: &BTreeMap<String, Scope>) -> Result<(), Fault> {
    if get(tx, code).await?.is_some() {
        return Err(Fault::field("code", "identity-code-taken"));
    }
    tx.exec("INSERT INTO role (code, builtin, edited, name) VALUES ($1, FALSE, TRUE, $2)", args![code, name]).await?;
    put_grants(tx, code, grants).await?;
    touch(tx).await?;
    Ok(())
}

/// Changes what a role that was read at `version` grants and, for one of the company's own, its name. `edited` is false when the
/// grants are those of the program again, so that a new release may change them.
///
/// # Errors
/// Not found; stale.
pub async fn save(tx: &mut Tx, role: &RoleRow, version: i64) -> Result<(), Fault> {
    let saved = tx
        .exec(
            "UPDATE role SET name = $1, edited = $2, version = version + 1 WHERE code = $3 AND version = $4",
            args![role.name.clone(), role.edited, role.code.as_str(), version],
        )
        .await?;
    if saved == 0 {
        let present = get(tx, &role.code).await?.ok_or_else(Fault::not_found)?;
        return Err(Fault::stale(present.version));
    }
    put_grants(tx, &role.code, &role.grants).await?;
    touch(tx).await?;
    Ok(())
}

/// Removes a role of the company's own that nobody has.
///
/// # Errors
/// Refused for a shipped role or one that somebody has.
pub async fn remove(tx: &mut Tx, code: &str) -> Result<(), Fault> {
    let role = get(tx, code).await?.ok_or_else(Fault::not_found)?;
    let held: Option<(i64,)> =
        tx.one("SELECT user_id FROM user_role WHERE role_code = $1 LIMIT 1", args![code]).await?;
    if role.builtin || held.is_some() {
        return Err(Fault::refused("identity-role-in-use"));
    }
    tx.exec("DELETE FROM role_grant WHERE role_code = $1", args![code]).await?;
    tx.exec("DELETE FROM role WHERE code = $1", args![code]).await?;
    touch(tx).await?;
    Ok(())
}
