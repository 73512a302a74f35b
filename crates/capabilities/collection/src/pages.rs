//! Pages: taking a table over, and patrols.

pub(crate) mod campaign;
pub(crate) mod import;
pub(crate) mod patrol;
pub(crate) mod results;

use capability::Ctx;
use kernel::{Id, Permission, of};
use web::{Choice, Lang};

/// Stores within reach of `permission`, to choose from.
fn stores(ctx: &Ctx, lang: &Lang, permission: Permission) -> Vec<Choice> {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(permission);
    let within = directory.stores().filter(|unit| reach.company || reach.stores.contains(&unit.id));
    within.map(|unit| Choice::new(unit.id.to_string(), unit.name_in(lang.locale.as_str()))).collect()
}

fn unit_name(ctx: &Ctx, lang: &Lang, id: Id<of::Unit>) -> String {
    let directory = ctx.house.identity.directories().now();
    directory.unit(id).map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

fn user_name(ctx: &Ctx, id: Option<Id<of::User>>) -> String {
    let directory = ctx.house.identity.directories().now();
    id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned()
}
