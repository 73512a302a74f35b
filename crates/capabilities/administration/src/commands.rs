use capability::Ctx;
use identity::{Assignment, Secret, UserDraft};
use kernel::{Fault, Id, of};

use crate::app::own;
use crate::app::people::{self, PersonInput};

/// Adds a person from the command line: `role` is given at the unit with the code `unit`, where the person also works.
///
/// # Errors
/// `invalid` naming the field: an unknown unit or role, a taken login, an easy password.
pub async fn create_user(
    ctx: &Ctx,
    login: &str,
    name: &str,
    password: &Secret,
    role: &str,
    unit: &str,
) -> Result<Id<of::User>, Fault> {
    let directory = ctx.house.identity.directories().refresh().await?;
    let unit = directory.unit_by_code(unit).ok_or_else(|| Fault::field("unit", "identity-unit-unknown"))?.id;
    let draft = UserDraft {
        login: login.to_owned(),
        name: name.to_owned(),
        phone: None,
        email: None,
        home: Some(unit),
        locale: ctx.locale.as_str().to_owned(),
        active: true,
    };
    let roles = vec![Assignment { role: role.to_owned(), unit }];
    people::create(ctx, PersonInput { draft, password: password.clone(), roles, code: None }).await
}

/// Makes an API token for the person who signs in as `login`. Print it: it is shown only now.
///
/// # Errors
/// `invalid` when nobody has this login or the token has no name.
pub async fn create_token(ctx: &Ctx, login: &str, name: &str) -> Result<Secret, Fault> {
    let user = own::by_login(ctx, login).await?;
    if !user.active {
        return Err(Fault::field("login", "administration-login-unknown"));
    }
    own::create_token(ctx, &user, name, None).await
}
