use capability::{Ctx, Event, Recorded, Work};
use identity::{ACTIVATION_LIMIT, Activated, Assignment, Secret, Tree, User, UserDraft, check_password, store};
use kernel::{Fault, FieldErrors, Id, of};

use crate::domain::{check_roles, check_width, place_of_unit, place_of_user, roles_text, user_changes, user_record};
use crate::permissions::PEOPLE_EDIT;

/// A person as typed on the page.
#[derive(Debug, Clone)]
pub struct PersonInput {
    /// Name, login, where they work.
    pub draft: UserDraft,
    /// A new password; empty leaves it as it is.
    pub password: Secret,
    /// All roles that the person is to have.
    pub roles: Vec<Assignment>,
    /// A code for setting the first password, instead of a password; only for a new person.
    pub code: Option<Secret>,
}

/// A person whose fields are in order and whose password is a hash.
#[derive(Debug, Clone)]
struct Checked {
    draft: UserDraft,
    password_hash: Option<String>,
    roles: Vec<Assignment>,
    code_hash: Option<String>,
}

async fn checked(ctx: &Ctx, input: PersonInput, is_new: bool) -> Result<Checked, Fault> {
    let mut errors = FieldErrors::default();
    let draft = input.draft.tidied(&mut errors);
    let has_password = !input.password.reveal().is_empty();
    if has_password {
        check_password(&mut errors, "password", &draft.login, &input.password);
    } else if is_new && input.code.is_none() {
        errors.add("password", "required");
    }
    errors.check()?;
    let password_hash =
        if has_password { Some(ctx.house.identity.hasher().hash(&input.password).await?) } else { None };
    let mut roles = input.roles;
    roles.sort();
    roles.dedup();
    let code_hash = input.code.filter(|_| !has_password).map(|code| code.activation_digest());
    Ok(Checked { draft, password_hash, roles, code_hash })
}

/// Adds a person with a first password and roles.
///
/// # Errors
/// `invalid`; forbidden for roles that the actor may not give.
pub async fn create(ctx: &Ctx, input: PersonInput) -> Result<Id<of::User>, Fault> {
    let checked = checked(ctx, input, true).await?;
    ctx.write(checked, |w, input| Box::pin(create_within(w, input))).await
}

async fn create_within(w: &mut Work<'_>, input: &Checked) -> Result<Recorded<Id<of::User>>, Fault> {
    let tree = tree(w).await?;
    let ids = w.ctx.house.ids.clone();
    if let Some(home) = input.draft.home {
        w.require(PEOPLE_EDIT, &place_of_unit(&tree, home))?;
    }
    check_roles(&w.ctx.actor, &tree, None, &[], &input.roles)?;
    check_given(w, input.draft.home, &[], &input.roles)?;
    let user = store::users::insert(w.tx, &ids, w.now, &input.draft, input.password_hash.clone()).await?;
    store::roles::assign(w.tx, user.id, &input.roles).await?;
    if let Some(hash) = &input.code_hash {
        store::activation::put(w.tx, user.id, hash, w.now.plus(ACTIVATION_LIMIT), w.now).await?;
    }
    let event = Event::new(user_record(user.id), "user.created", place_of_user(&tree, &user));
    let event = user_changes(event, &tree, None, &user).change("roles", None, roles_text(&tree, &input.roles));
    Ok(w.record(event).await?.with(user.id))
}

/// Changes a person who was read at `version`.
///
/// # Errors
/// Not found; stale; `invalid`; forbidden for roles that the actor may not give or take; refused for the last administrator.
pub async fn save(ctx: &Ctx, id: Id<of::User>, version: i64, input: PersonInput) -> Result<(), Fault> {
    let checked = checked(ctx, input, false).await?;
    ctx.write((id, version, checked), |w, (id, version, input)| Box::pin(save_within(w, *id, *version, input))).await
}

async fn save_within(w: &mut Work<'_>, id: Id<of::User>, version: i64, input: &Checked) -> Result<Recorded<()>, Fault> {
    let tree = tree(w).await?;
    let known = store::users::get(w.tx, id).await?.ok_or_else(Fault::not_found)?;
    w.require(PEOPLE_EDIT, &place_of_user(&tree, &known))?;
    if let Some(home) = input.draft.home {
        w.require(PEOPLE_EDIT, &place_of_unit(&tree, home))?;
    }
    let roles_before = store::roles::of_user(w.tx, id).await?;
    check_roles(&w.ctx.actor, &tree, Some(id), &roles_before, &input.roles)?;
    check_given(w, input.draft.home, &roles_before, &input.roles)?;
    let (before, after) = store::users::save(w.tx, w.now, id, version, &input.draft).await?;
    if roles_before != input.roles {
        store::roles::assign(w.tx, id, &input.roles).await?;
    }
    let mut event = Event::new(user_record(id), "user.changed", place_of_user(&tree, &after));
    event = user_changes(event, &tree, Some(&before), &after);
    event = event.change("roles", roles_text(&tree, &roles_before), roles_text(&tree, &input.roles));
    if let Some(hash) = &input.password_hash {
        store::users::set_password(w.tx, w.now, id, hash).await?;
        event = event.change("password", None, Some("changed".to_owned()));
    }
    w.record(event).await
}

/// What is newly given must not be wider than the actor may hand out.
pub(crate) fn check_given(
    w: &Work<'_>,
    home: Option<Id<of::Unit>>,
    before: &[Assignment],
    after: &[Assignment],
) -> Result<(), Fault> {
    let directories = w.ctx.house.identity.directories();
    let new: Vec<Assignment> = after.iter().filter(|given| !before.contains(given)).cloned().collect();
    let home = home.unwrap_or(Id::new(0));
    check_width(&w.ctx.actor, &directories.now(), directories.permissions(), home, &new)
}

/// The person `id`, whom the actor may edit; administrators only by those who appoint them.
async fn editable(w: &mut Work<'_>, id: Id<of::User>) -> Result<(Tree, User), Fault> {
    let tree = tree(w).await?;
    let user = store::users::get(w.tx, id).await?.ok_or_else(Fault::not_found)?;
    w.require(PEOPLE_EDIT, &place_of_user(&tree, &user))?;
    let roles = store::roles::of_user(w.tx, id).await?;
    check_roles(&w.ctx.actor, &tree, Some(id), &roles, &roles)?;
    Ok((tree, user))
}

/// Lets the person `id` set a new password with a code, which is answered once; the present password and every session end now.
///
/// # Errors
/// Not found; forbidden for an administrator's account.
pub async fn reset(ctx: &Ctx, id: Id<of::User>) -> Result<Secret, Fault> {
    let code = Secret::readable()?;
    ctx.write((id, code.activation_digest()), |w, (id, hash)| {
        Box::pin(async move {
            let (tree, user) = editable(w, *id).await?;
            if !user.active {
                return Err(Fault::refused("administration-person-left"));
            }
            store::users::forget_password(w.tx, w.now, *id).await?;
            store::activation::put(w.tx, *id, hash, w.now.plus(ACTIVATION_LIMIT), w.now).await?;
            w.record(Event::new(user_record(*id), "user.reset", place_of_user(&tree, &user)).quietly()).await
        })
    })
    .await?;
    Ok(code)
}

/// Ends every session of the person `id`.
///
/// # Errors
/// Not found; forbidden for an administrator's account.
pub async fn end_sessions(ctx: &Ctx, id: Id<of::User>) -> Result<(), Fault> {
    ctx.write(id, |w, id| {
        Box::pin(async move {
            let (tree, user) = editable(w, *id).await?;
            store::sessions::revoke_all(w.tx, *id, w.now).await?;
            w.record(Event::new(user_record(*id), "user.sessions_ended", place_of_user(&tree, &user)).quietly()).await
        })
    })
    .await
}

/// Locks the account of the person `id`, who was read at `version`, or opens it again. A locked person is signed out everywhere, and
/// keeps roles and records.
///
/// # Errors
/// Not found; stale; forbidden for an administrator's account; refused for the last administrator or for oneself.
pub async fn lock(ctx: &Ctx, id: Id<of::User>, version: i64, locked: bool) -> Result<(), Fault> {
    ctx.write((id, version, locked), |w, (id, version, locked)| {
        Box::pin(async move {
            let (tree, user) = editable(w, *id).await?;
            if *locked && w.ctx.actor.user == Some(*id) {
                return Err(Fault::refused("administration-own-lock-out"));
            }
            let draft = UserDraft { active: !*locked, ..draft_of(&user) };
            let (before, after) = store::users::save(w.tx, w.now, *id, *version, &draft).await?;
            let verb = if *locked { "user.locked" } else { "user.unlocked" };
            let event = Event::new(user_record(*id), verb, place_of_user(&tree, &after));
            w.record(user_changes(event, &tree, Some(&before), &after)).await
        })
    })
    .await
}

/// A person as they would be typed.
pub(crate) fn draft_of(user: &User) -> UserDraft {
    UserDraft {
        login: user.login.clone(),
        name: user.name.clone(),
        phone: user.phone.clone(),
        email: user.email.clone(),
        home: Some(user.home),
        locale: user.locale.clone(),
        active: user.active,
    }
}

/// Sets the password that somebody chose with their code.
///
/// # Errors
/// `invalid` when the code has been used meanwhile.
pub async fn activate(ctx: &Ctx, activated: Activated) -> Result<Id<of::User>, Fault> {
    // Whoever holds the code acts as the person whom it was made for; nobody is signed in yet.
    let ctx = Ctx::system(ctx.house.clone(), &ctx.request);
    ctx.write(activated, |w, activated| {
        Box::pin(async move {
            activated.set(w.tx, w.now).await?;
            let tree = tree(w).await?;
            let user = store::users::get(w.tx, activated.user).await?.ok_or_else(Fault::not_found)?;
            let event = Event::new(user_record(user.id), "user.activated", place_of_user(&tree, &user)).quietly();
            Ok(w.record(event).await?.with(user.id))
        })
    })
    .await
}

/// The organisation as this transaction sees it.
pub(crate) async fn tree(w: &mut Work<'_>) -> Result<Tree, Fault> {
    Ok(Tree::new(store::units::all(w.tx).await?))
}
