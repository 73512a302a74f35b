use capability::{Ctx, Event, Recorded, Work};
use identity::{Assignment, Secret, Tree, UserDraft, check_password, store};
use kernel::{Fault, FieldErrors, Id, of};

use crate::domain::{check_roles, place_of_unit, place_of_user, roles_text, user_changes, user_record};
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
}

/// A person whose fields are in order and whose password is a hash.
#[derive(Debug, Clone)]
struct Checked {
    draft: UserDraft,
    password_hash: Option<String>,
    roles: Vec<Assignment>,
}

async fn checked(ctx: &Ctx, input: PersonInput, is_new: bool) -> Result<Checked, Fault> {
    let mut errors = FieldErrors::default();
    let draft = input.draft.tidied(&mut errors);
    let has_password = !input.password.reveal().is_empty();
    if has_password {
        check_password(&mut errors, "password", &draft.login, &input.password);
    } else if is_new {
        errors.add("password", "required");
    }
    errors.check()?;
    let password_hash =
        if has_password { Some(ctx.house.identity.hasher().hash(&input.password).await?) } else { None };
    let mut roles = input.roles;
    roles.sort();
    roles.dedup();
    Ok(Checked { draft, password_hash, roles })
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
    let user = store::users::insert(w.tx, &ids, w.now, &input.draft, input.password_hash.clone()).await?;
    store::roles::assign(w.tx, user.id, &input.roles).await?;
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

/// The organisation as this transaction sees it.
pub(crate) async fn tree(w: &mut Work<'_>) -> Result<Tree, Fault> {
    Ok(Tree::new(store::units::all(w.tx).await?))
}
