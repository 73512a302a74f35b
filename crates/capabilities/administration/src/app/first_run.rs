use capability::{Ctx, Event};
use identity::{Founding, Opened, store};
use kernel::{Fault, Id, of};

use super::people::tree;
use crate::domain::{place_of_unit, place_of_user, roles_text, unit_changes, unit_record, user_changes, user_record};

/// Makes the company and its first administrator, and signs that person in.
///
/// # Errors
/// Not found when the company exists; `invalid`; too many wrong codes.
pub async fn found(ctx: &Ctx, founding: Founding, address: &str, agent: &str) -> Result<Opened, Fault> {
    let identity = &ctx.house.identity;
    let prepared = identity.prepare(founding, address).await?;
    // Whoever holds the code acts for the program: there is nobody yet who could act.
    let ctx = Ctx::system(ctx.house.clone(), &ctx.request);
    let user: Id<of::User> = ctx
        .write(prepared, |w, prepared| {
            Box::pin(async move {
                let ids = w.ctx.house.ids.clone();
                let made = prepared.found(w.tx, &ids, w.now).await?;
                let tree = tree(w).await?;
                for id in [Some(made.company), made.store].into_iter().flatten() {
                    let Some(unit) = tree.unit(id).cloned() else { continue };
                    let event = Event::new(unit_record(id), "unit.created", place_of_unit(&tree, id));
                    w.record(unit_changes(event, &tree, None, &unit)).await?.into_value();
                }
                let user = store::users::get(w.tx, made.user).await?.ok_or_else(Fault::not_found)?;
                let roles = store::roles::of_user(w.tx, made.user).await?;
                let event = Event::new(user_record(user.id), "user.created", place_of_user(&tree, &user));
                let event = user_changes(event, &tree, None, &user).change("roles", None, roles_text(&tree, &roles));
                Ok(w.record(event).await?.with(user.id))
            })
        })
        .await?;
    ctx.house.identity.open_session(user, address, agent).await
}
