use std::collections::BTreeSet;

use db::{Value, args};
use kernel::{Id, Reach, of};

use super::filter::{Filter, Instants};

/// Most parts that a reach is cut into; a wider one covers so much that walking the whole order finds a page soon.
const MOST_PARTS: usize = 64;

/// A part of a reach that one index serves in the list's order. A condition over several stores, or with OR, would make the
/// engines read and sort all cases of all of them for every page.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'a> {
    /// Everything, but for what the reach leaves out.
    Company(&'a Reach),
    /// One store.
    Store(Id<of::Unit>),
    /// One store that was asked for, as far as the reach goes.
    Within(Id<of::Unit>, &'a Reach),
    /// One team, beyond the stores of the reach.
    Team(Id<of::Unit>, &'a Reach),
    /// What the person owns, beyond stores and teams of the reach.
    Own(Id<of::User>, &'a Reach),
    /// The whole reach at once, where something else narrows the list. The plus keeps the engines from its indexes.
    Whole(&'a Reach, &'a [Id<of::Unit>]),
}

impl Part<'_> {
    pub(super) fn push(&self, find: &mut db::Filter, by: &Instants) {
        match *self {
            Self::Company(reach) => {
                find.reach(reach, "+store_id", "+team_id", "+owner_id");
            }
            Self::Store(store) => {
                find.bind(by.store, args![store]);
            }
            Self::Within(store, reach) => {
                find.bind(by.store, args![store]).reach(reach, "+store_id", "+team_id", "+owner_id");
            }
            Self::Team(team, reach) => {
                find.bind(" AND team_id = ?", args![team]);
                beyond(find, "+store_id", &reach.stores);
                let earlier: BTreeSet<_> = reach.teams.range(..team).copied().collect();
                beyond(find, "+team_id", &earlier);
            }
            Self::Own(own, reach) => {
                find.bind(" AND owner_id = ?", args![own]);
                beyond(find, "+store_id", &reach.stores);
                if !reach.teams.is_empty() {
                    find.push(" AND (team_id IS NULL OR NOT ");
                    find.bind_in("+team_id", reach.teams.iter().copied().map(Value::from)).push(")");
                }
            }
            Self::Whole(reach, stores) => {
                if !stores.is_empty() {
                    find.push(" AND ").bind_in("+store_id", stores.iter().copied().map(Value::from));
                }
                find.reach(reach, "+store_id", "+team_id", "+owner_id");
            }
        }
    }
}

fn beyond(find: &mut db::Filter, column: &'static str, units: &BTreeSet<Id<of::Unit>>) {
    if !units.is_empty() {
        find.push(" AND NOT ").bind_in(column, units.iter().copied().map(Value::from));
    }
}

/// Cuts `reach` so that no row is in two parts.
pub(super) fn parts<'a>(filter: &'a Filter, reach: &'a Reach) -> Vec<Part<'a>> {
    let whole = || vec![Part::Whole(reach, &filter.stores)];
    if filter.narrow() {
        return whole();
    }
    if !filter.stores.is_empty() {
        let stores: BTreeSet<_> = filter.stores.iter().copied().collect();
        return match stores.len() {
            0..=MOST_PARTS => stores.into_iter().map(|store| Part::Within(store, reach)).collect(),
            _ => whole(),
        };
    }
    if reach.company {
        return vec![Part::Company(reach)];
    }
    let count = reach.stores.len() + reach.teams.len() + usize::from(reach.own.is_some());
    if count == 0 || count > MOST_PARTS {
        return whole();
    }
    let stores = reach.stores.iter().map(|store| Part::Store(*store));
    let teams = reach.teams.iter().map(|team| Part::Team(*team, reach));
    stores.chain(teams).chain(reach.own.map(|own| Part::Own(own, reach))).collect()
}
