//! What everybody does with their own account.

use capability::{Ctx, Event};
use identity::{Secret, Theme, User, check_password, store};
use kernel::{Fault, FieldErrors, Id, Timestamp, of};

use super::people::tree;
use crate::domain::{place_of_user, user_changes, user_record};

/// A token lives at most this long when an end is chosen, in days.
pub const TOKEN_DAYS: [i64; 3] = [30, 90, 365];

/// The person who is signed in.
///
/// # Errors
/// Unauthenticated.
pub fn me(ctx: &Ctx) -> Result<&User, Fault> {
    ctx.session.as_ref().map(|session| &session.user).ok_or_else(Fault::unauthenticated)
}

/// Keeps how pages look for the person who is signed in.
///
/// # Errors
/// Unauthenticated.
pub async fn save_preferences(ctx: &Ctx, locale: &str, theme: Theme, keys_off: bool) -> Result<(), Fault> {
    let input = (me(ctx)?.id, locale.to_owned(), theme, keys_off);
    ctx.write(input, |w, (id, locale, theme, keys_off)| {
        Box::pin(async move {
            let (before, after) = store::users::save_preferences(w.tx, *id, locale, *theme, *keys_off).await?;
            let tree = tree(w).await?;
            let event =
                Event::new(user_record(*id), "user.preferences_changed", place_of_user(&tree, &after)).quietly();
            w.record(user_changes(event, &tree, Some(&before), &after)).await
        })
    })
    .await
}

/// Changes the password of the person who is signed in; every session of theirs ends, also this one.
///
/// # Errors
/// `invalid` when the present one is wrong or the new one too easy; too many tries.
pub async fn change_password(ctx: &Ctx, present: &Secret, new: &Secret) -> Result<(), Fault> {
    let user = me(ctx)?;
    let mut errors = FieldErrors::default();
    if present.reveal().is_empty() {
        errors.add("present", "required");
    }
    check_password(&mut errors, "password", &user.login, new);
    errors.check()?;
    let identity = &ctx.house.identity;
    identity.confirm_password(user.id, "present", present).await?;
    let hash = identity.hasher().hash(new).await?;
    ctx.write((user.clone(), hash), |w, (user, hash)| {
        Box::pin(async move {
            store::users::set_password(w.tx, w.now, user.id, hash).await?;
            let tree = tree(w).await?;
            let event = Event::new(user_record(user.id), "user.password_changed", place_of_user(&tree, user)).quietly();
            w.record(event).await
        })
    })
    .await
}

/// Ends every session of the person who is signed in.
///
/// # Errors
/// Unauthenticated.
pub async fn sign_out_everywhere(ctx: &Ctx) -> Result<(), Fault> {
    ctx.write(me(ctx)?.clone(), |w, user| {
        Box::pin(async move {
            store::sessions::revoke_all(w.tx, user.id, w.now).await?;
            let tree = tree(w).await?;
            let event =
                Event::new(user_record(user.id), "user.signed_out_everywhere", place_of_user(&tree, user)).quietly();
            w.record(event).await
        })
    })
    .await
}

/// Makes an API token that acts as `user`. The token is answered once and kept only as a digest.
///
/// # Errors
/// `invalid` when it has no name; `forbidden` for people from outside, whose programs look at nothing.
pub async fn create_token(ctx: &Ctx, user: &User, name: &str, expires_at: Option<Timestamp>) -> Result<Secret, Fault> {
    if ctx.session.as_ref().is_some_and(|session| session.outside) {
        return Err(Fault::forbidden());
    }
    let token = Secret::token()?;
    let input = (user.clone(), name.to_owned(), token.digest(), expires_at);
    ctx.write(input, |w, (user, name, digest, expires_at)| {
        Box::pin(async move {
            let ids = w.ctx.house.ids.clone();
            store::tokens::insert(w.tx, &ids, w.now, user.id, name, digest, *expires_at).await?;
            let tree = tree(w).await?;
            let event = Event::new(user_record(user.id), "user.token_created", place_of_user(&tree, user)).quietly();
            w.record(event.change("token", None, Some(name.clone()))).await
        })
    })
    .await?;
    Ok(token)
}

/// Ends an own API token.
///
/// # Errors
/// Not found when it is no token of this person.
pub async fn revoke_token(ctx: &Ctx, token: i64) -> Result<(), Fault> {
    ctx.write((me(ctx)?.clone(), token), |w, (user, token)| {
        Box::pin(async move {
            let name = store::tokens::revoke(w.tx, user.id, *token, w.now).await?;
            let tree = tree(w).await?;
            let event = Event::new(user_record(user.id), "user.token_revoked", place_of_user(&tree, user)).quietly();
            w.record(event.change("token", Some(name), None)).await
        })
    })
    .await
}

/// The account that signs in as `login`, for commands.
///
/// # Errors
/// Not found.
pub(crate) async fn by_login(ctx: &Ctx, login: &str) -> Result<User, Fault> {
    ctx.read(login.to_owned(), |tx, login| {
        Box::pin(async move {
            store::users::find(tx, login).await?.ok_or_else(|| Fault::field("login", "administration-login-unknown"))
        })
    })
    .await
}

/// What stands behind a person's account: sessions and tokens that are valid now.
///
/// # Errors
/// When the database fails.
pub async fn access_of(
    ctx: &Ctx,
    user: Id<of::User>,
) -> Result<(Vec<store::sessions::Session>, Vec<store::tokens::Token>), Fault> {
    ctx.read((user, ctx.now()), |tx, (user, now)| {
        Box::pin(async move {
            let sessions = store::sessions::of_user(tx, *user, *now).await?;
            let tokens = store::tokens::of_user(tx, *user, *now).await?;
            Ok((sessions, tokens))
        })
    })
    .await
}
