//! People who can sign in.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Fault, Id, IdGen, Timestamp, of};

use super::touch;
use crate::draft::{UserDraft, plain_phone};
use crate::roles::ADMINISTRATOR;
use crate::user::{Theme, User};

const COLUMNS: &str = "SELECT id, login, name, phone, email, home_unit, locale, theme, keys_off, active, version, created_at FROM user_account";

impl FromRow for User {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            login: c.next()?,
            name: c.next()?,
            phone: c.next()?,
            email: c.next()?,
            home: c.next()?,
            locale: c.next()?,
            // The table's CHECK lists the same words.
            theme: Theme::parse(&c.next::<String>()?).unwrap_or(Theme::System),
            keys_off: c.next()?,
            active: c.next()?,
            version: c.next()?,
            created_at: c.next()?,
        })
    }
}

/// Everybody in the order of joining.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<User>, DbError> {
    tx.all(&format!("{COLUMNS} ORDER BY id"), args![]).await
}

/// The person `id`.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, id: Id<of::User>) -> Result<Option<User>, DbError> {
    tx.one(&format!("{COLUMNS} WHERE id = $1"), args![id]).await
}

/// The person who signs in as `login`.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, login: &str) -> Result<Option<User>, DbError> {
    tx.one(&format!("{COLUMNS} WHERE login = $1"), args![login.to_lowercase()]).await
}

/// True when there is anybody at all.
///
/// # Errors
/// When the database fails.
pub async fn any(tx: &mut Tx) -> Result<bool, DbError> {
    let row: Option<(i64,)> = tx.one("SELECT id FROM user_account LIMIT 1", args![]).await?;
    Ok(row.is_some())
}

/// Who signs in as `login` (or with that telephone), and the password's hash.
pub(crate) async fn credentials(tx: &mut Tx, login: &str) -> Result<Option<(Id<of::User>, Option<String>)>, DbError> {
    // A login wins over somebody else's telephone of the same digits.
    tx.one(
        "SELECT id, password_hash FROM user_account WHERE active AND (login = $1 OR phone = $2)
         ORDER BY CASE WHEN login = $3 THEN 0 ELSE 1 END LIMIT 1",
        args![login, plain_phone(login), login],
    )
    .await
}

/// The password's hash of the active person `id`.
pub(crate) async fn password_hash(tx: &mut Tx, id: Id<of::User>) -> Result<Option<String>, DbError> {
    let row: Option<(Option<String>,)> =
        tx.one("SELECT password_hash FROM user_account WHERE active AND id = $1", args![id]).await?;
    Ok(row.and_then(|(hash,)| hash))
}

/// Adds a person without a role. `draft` is [`UserDraft::tidied`]; without a password hash nobody signs in as this person.
///
/// # Errors
/// `invalid` when the login or the telephone is taken or the unit is unknown.
pub async fn insert(
    tx: &mut Tx,
    ids: &IdGen,
    now: Timestamp,
    draft: &UserDraft,
    password_hash: Option<String>,
) -> Result<User, Fault> {
    let id: Id<of::User> = ids.next();
    refuse_taken(tx, draft, id).await?;
    tx.exec(
        "INSERT INTO user_account (id, login, name, phone, email, home_unit, password_hash, locale, theme, keys_off, active,
                version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'system', FALSE, $9, 1, $10)",
        args![
            id,
            draft.login.as_str(),
            draft.name.as_str(),
            draft.phone.clone(),
            draft.email.clone(),
            draft.home,
            password_hash,
            draft.locale.as_str(),
            draft.active,
            now
        ],
    )
    .await?;
    touch(tx).await?;
    get(tx, id).await?.ok_or_else(|| Fault::internal("the person just added is not there"))
}

/// Changes the person `id`, who was read at `version`. Leaving ends every session and token. Answers before and after.
///
/// # Errors
/// Not found; stale; `invalid` when the login or the telephone is taken; refused for the last administrator's leaving.
pub async fn save(
    tx: &mut Tx,
    now: Timestamp,
    id: Id<of::User>,
    version: i64,
    draft: &UserDraft,
) -> Result<(User, User), Fault> {
    let before = get(tx, id).await?.ok_or_else(Fault::not_found)?;
    if before.version != version {
        return Err(Fault::stale(before.version));
    }
    refuse_taken(tx, draft, id).await?;
    let saved = tx
        .exec(
            "UPDATE user_account SET login = $1, name = $2, phone = $3, email = $4, home_unit = $5, locale = $6, active = $7,
                    version = version + 1
             WHERE id = $8 AND version = $9",
            args![
                draft.login.as_str(),
                draft.name.as_str(),
                draft.phone.clone(),
                draft.email.clone(),
                draft.home,
                draft.locale.as_str(),
                draft.active,
                id,
                version
            ],
        )
        .await?;
    if saved == 0 {
        return Err(Fault::stale(version + 1));
    }
    if before.active && !draft.active {
        super::sessions::revoke_all(tx, id, now).await?;
        super::tokens::revoke_all(tx, id, now).await?;
        refuse_without_administrator(tx).await?;
    }
    touch(tx).await?;
    let after = get(tx, id).await?.ok_or_else(Fault::not_found)?;
    Ok((before, after))
}

/// Changes how pages look for the person `id`. Answers before and after.
///
/// # Errors
/// Not found.
pub async fn save_preferences(
    tx: &mut Tx,
    id: Id<of::User>,
    locale: &str,
    theme: Theme,
    keys_off: bool,
) -> Result<(User, User), Fault> {
    let before = get(tx, id).await?.ok_or_else(Fault::not_found)?;
    let locale = if locale == "en" { "en" } else { "zh-CN" };
    tx.exec(
        "UPDATE user_account SET locale = $1, theme = $2, keys_off = $3, version = version + 1 WHERE id = $4",
        args![locale, theme.as_str(), keys_off, id],
    )
    .await?;
    touch(tx).await?;
    let after = get(tx, id).await?.ok_or_else(Fault::not_found)?;
    Ok((before, after))
}

/// Gives the person `id` a new password (its hash, see [`crate::Hasher`]) and ends every session of theirs.
///
/// # Errors
/// Not found.
pub async fn set_password(tx: &mut Tx, now: Timestamp, id: Id<of::User>, hash: &str) -> Result<(), Fault> {
    let set = tx
        .exec("UPDATE user_account SET password_hash = $1, version = version + 1 WHERE id = $2", args![hash, id])
        .await?;
    if set == 0 {
        return Err(Fault::not_found());
    }
    super::sessions::revoke_all(tx, id, now).await?;
    touch(tx).await?;
    Ok(())
}

/// Takes the password of the person `id` away and ends every session of theirs: they set a new one with a code.
///
/// # Errors
/// Not found.
pub async fn forget_password(tx: &mut Tx, now: Timestamp, id: Id<of::User>) -> Result<(), Fault> {
    let set =
        tx.exec("UPDATE user_account SET password_hash = NULL, version = version + 1 WHERE id = $1", args![id]).await?;
    if set == 0 {
        return Err(Fault::not_found());
    }
    super::sessions::revoke_all(tx, id, now).await?;
    touch(tx).await?;
    Ok(())
}

/// Refuses a state in which nobody active is administrator.
pub(crate) async fn refuse_without_administrator(tx: &mut Tx) -> Result<(), Fault> {
    let left: Option<(i64,)> = tx
        .one(
            "SELECT u.id FROM user_account u JOIN user_role r ON r.user_id = u.id WHERE u.active AND r.role_code = $1 LIMIT 1",
            args![ADMINISTRATOR],
        )
        .await?;
    if left.is_some() { Ok(()) } else { Err(Fault::refused("identity-last-administrator")) }
}

async fn refuse_taken(tx: &mut Tx, draft: &UserDraft, id: Id<of::User>) -> Result<(), Fault> {
    let mut errors = kernel::FieldErrors::default();
    let other: Option<(i64,)> =
        tx.one("SELECT id FROM user_account WHERE login = $1 AND id <> $2", args![draft.login.as_str(), id]).await?;
    if other.is_some() {
        errors.add("login", "identity-login-taken");
    }
    if let Some(phone) = &draft.phone {
        let other: Option<(i64,)> =
            tx.one("SELECT id FROM user_account WHERE phone = $1 AND id <> $2", args![phone.as_str(), id]).await?;
        if other.is_some() {
            errors.add("phone", "identity-phone-taken");
        }
    }
    match draft.home {
        None => errors.add("home", "required"),
        Some(home) if super::units::get(tx, home).await?.is_none() => errors.add("home", "identity-unit-unknown"),
        Some(_) => {}
    }
    errors.check()
}
