use capability::Ctx;
use identity::Unit;
use kernel::{Fault, Id, of};
use metrics::MetricDef;

use crate::VIEW;

/// The stores whose numbers somebody reads.
#[derive(Debug, Clone)]
pub struct Stores {
    /// All that the reader reaches, closed ones too: their numbers belong to the sums.
    pub reached: Vec<Unit>,
    /// The one that was chosen.
    pub chosen: Option<Id<of::Unit>>,
}

impl Stores {
    /// The ids to read over.
    pub fn ids(&self) -> Vec<Id<of::Unit>> {
        match self.chosen {
            Some(store) => vec![store],
            None => self.reached.iter().map(|store| store.id).collect(),
        }
    }
    /// The store `id`, if it is reached.
    pub fn get(&self, id: Id<of::Unit>) -> Option<&Unit> {
        self.reached.iter().find(|store| store.id == id)
    }
}

/// The stores whose numbers the actor reaches. `chosen` is the id or the code of one of them; empty means all. Numbers belong
/// to stores: reach over a team's or one's own records gives none.
///
/// # Errors
/// `not-found` when `chosen` is not among them, whether it exists or not.
pub fn reached(ctx: &Ctx, chosen: &str) -> Result<Stores, Fault> {
    let reach = ctx.reach(VIEW);
    let directory = ctx.house.identity.directories().now();
    let reached: Vec<Unit> =
        directory.stores().filter(|store| reach.company || reach.stores.contains(&store.id)).cloned().collect();
    let chosen = match chosen.trim() {
        "" => None,
        chosen => {
            let store = reached.iter().find(|store| store.code == chosen || store.id.to_string() == chosen);
            Some(store.ok_or_else(Fault::not_found)?.id)
        }
    };
    Ok(Stores { reached, chosen })
}

/// The metric called `id`.
///
/// # Errors
/// `not-found`.
pub fn definition(ctx: &Ctx, id: &str) -> Result<MetricDef, Fault> {
    ctx.house.metrics.iter().find(|metric| metric.id == id).copied().ok_or_else(Fault::not_found)
}
