use std::collections::BTreeMap;

use kernel::{Id, Reach, Scope, of};

use crate::unit::{Tree, UnitKind};

/// A permission that a role carries, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The permission's code.
    pub permission: &'static str,
    /// How far it carries.
    pub scope: Scope,
}

/// A role's grants as given to a person at a unit.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// What the role carries.
    pub grants: &'a [Grant],
    /// The unit where the person has the role.
    pub at: Id<of::Unit>,
}

/// What each permission reaches for `user`, who works at `home` and has the roles `given`.
///
/// - `own`: what the person owns.
/// - `team`: the team where the role is given; when it is given higher up, the home team if that stands below.
/// - `store`: the store where the role is given or that its team stands in; when it is given higher up, the home store if
///   that stands below.
/// - `region`: every unit at or below the one where the role is given; at the company this is everything.
/// - `company`: everything.
///
/// A unit that is not in the tree gives nothing.
pub fn reach_of(
    tree: &Tree,
    user: Id<of::User>,
    home: Id<of::Unit>,
    given: &[Given<'_>],
) -> BTreeMap<&'static str, Reach> {
    let mut all: BTreeMap<&'static str, Reach> = BTreeMap::new();
    for role in given {
        for grant in role.grants {
            let reach = reach_at(tree, user, home, role.at, grant.scope);
            if !reach.is_empty() {
                all.entry(grant.permission).or_default().join(reach);
            }
        }
    }
    all
}

fn reach_at(tree: &Tree, user: Id<of::User>, home: Id<of::Unit>, at: Id<of::Unit>, scope: Scope) -> Reach {
    let mut reach = Reach::default();
    let Some(unit) = tree.unit(at) else { return reach };
    // Where a narrow scope of a role that is given high up comes down to: the person's own place, if it is below.
    let own_place = if tree.is_within(home, at) { home } else { at };
    match scope {
        Scope::Own => reach.own = Some(user),
        Scope::Team => {
            let place = if unit.kind == UnitKind::Team { at } else { own_place };
            if tree.unit(place).is_some_and(|unit| unit.kind == UnitKind::Team) {
                reach.teams.insert(place);
            }
        }
        Scope::Store => {
            if let Some(store) = tree.store_of(at).or_else(|| tree.store_of(own_place)) {
                reach.stores.insert(store.id);
            }
        }
        Scope::Region if unit.kind == UnitKind::Company => reach.company = true,
        Scope::Region => {
            for unit in tree.within(at) {
                match unit.kind {
                    UnitKind::Team => reach.teams.insert(unit.id),
                    UnitKind::Company | UnitKind::Region | UnitKind::Store => reach.stores.insert(unit.id),
                };
            }
        }
        Scope::Company => reach.company = true,
    }
    reach
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::Zone;
    use proptest::prelude::*;

    use super::*;
    use crate::unit::Unit;

    fn unit(id: i64, parent: Option<i64>, kind: UnitKind, path: Vec<Id<of::Unit>>) -> Unit {
        Unit {
            id: Id::new(id),
            parent: parent.map(Id::new),
            kind,
            code: id.to_string(),
            name: id.to_string(),
            name_en: None,
            zone: Zone::china(),
            phone: None,
            address: None,
            path,
            active: true,
            version: 1,
        }
    }

    fn int(n: usize) -> i64 {
        i64::try_from(n).unwrap()
    }

    /// A random tree as (parent, kind) by index; index 0 is the company. Choices that the rules forbid become teams.
    fn trees() -> impl Strategy<Value = Vec<(usize, UnitKind)>> {
        prop::collection::vec((any::<prop::sample::Index>(), 0..3usize), 0..14).prop_map(|choices| {
            let mut nodes = vec![(0, UnitKind::Company)];
            for (parent, kind) in choices {
                let parent = parent.index(nodes.len());
                let wish = [UnitKind::Region, UnitKind::Store, UnitKind::Team][kind];
                let kind = if wish.fits_below(nodes[parent].1) { wish } else { UnitKind::Team };
                nodes.push((parent, kind));
            }
            nodes
        })
    }

    fn tree(nodes: &[(usize, UnitKind)]) -> Tree {
        let mut paths: Vec<Vec<Id<of::Unit>>> = Vec::new();
        let mut units = Vec::new();
        for (n, (parent, kind)) in nodes.iter().enumerate() {
            let id = int(n);
            let mut path = if n == 0 { Vec::new() } else { paths[*parent].clone() };
            path.push(Id::new(id));
            paths.push(path.clone());
            units.push(unit(id, (n > 0).then_some(int(*parent)), *kind, path));
        }
        Tree::new(units)
    }

    /// Asks for one record at a time by walking parents, without paths or sets.
    fn naive(
        nodes: &[(usize, UnitKind)],
        home: usize,
        at: usize,
        scope: Scope,
        record: (usize, Option<usize>, bool),
    ) -> bool {
        let up = |from: usize| {
            let mut chain = vec![from];
            let mut here = from;
            while here != 0 {
                here = nodes[here].0;
                chain.push(here);
            }
            chain
        };
        let below = |unit: usize, top: usize| up(unit).contains(&top);
        let store_of = |unit: usize| up(unit).into_iter().find(|step| nodes[*step].1 == UnitKind::Store);
        let (store, team, own) = record;
        match scope {
            Scope::Company => true,
            Scope::Own => own,
            Scope::Region => {
                nodes[at].1 == UnitKind::Company || below(store, at) || team.is_some_and(|team| below(team, at))
            }
            Scope::Store => {
                let mine = store_of(at).or_else(|| if below(home, at) { store_of(home) } else { None });
                mine == Some(store)
            }
            Scope::Team => {
                let mine = if nodes[at].1 == UnitKind::Team {
                    at
                } else if below(home, at) {
                    home
                } else {
                    at
                };
                nodes[mine].1 == UnitKind::Team && team == Some(mine)
            }
        }
    }

    const SCOPES: [Scope; 5] = [Scope::Own, Scope::Team, Scope::Store, Scope::Region, Scope::Company];

    proptest! {
        #[test]
        fn reach_agrees_with_asking_record_by_record(
            nodes in trees(),
            home in any::<prop::sample::Index>(),
            roles in prop::collection::vec((any::<prop::sample::Index>(), 0..5usize), 0..4),
        ) {
            let tree = tree(&nodes);
            let home = home.index(nodes.len());
            let me: Id<of::User> = Id::new(77);
            let grants: Vec<(usize, [Grant; 1])> = roles
                .iter()
                .map(|(at, scope)| (at.index(nodes.len()), [Grant { permission: "p", scope: SCOPES[*scope] }]))
                .collect();
            let given: Vec<Given<'_>> =
                grants.iter().map(|(at, grants)| Given { grants, at: Id::new(int(*at)) }).collect();
            let reach = reach_of(&tree, me, Id::new(int(home)), &given).remove("p").unwrap_or_default();
            // Records stand in a company, a region or a store; teams work on them.
            let of = |wanted: fn(UnitKind) -> bool| nodes.iter().enumerate().filter(move |(_, node)| wanted(node.1)).map(|(n, _)| n);
            let stores: BTreeSet<usize> = of(|kind| kind != UnitKind::Team).collect();
            let teams: Vec<Option<usize>> = of(|kind| kind == UnitKind::Team).map(Some).chain([None]).collect();
            for store in &stores {
                for team in &teams {
                    for own in [false, true] {
                        let place = kernel::Place {
                            store: Id::new(int(*store)),
                            team: team.map(|team| Id::new(int(team))),
                            owner: own.then_some(me),
                        };
                        let expected = grants.iter().any(|(at, grant)| naive(&nodes, home, *at, grant[0].scope, (*store, *team, own)));
                        prop_assert_eq!(reach.covers(&place), expected, "{:?}", place);
                    }
                }
            }
        }
    }

    #[test]
    fn a_role_never_reaches_beyond_its_unit() {
        // company 0 > regions 1, 2; store 3 below 1, store 4 below 2
        let tree = tree(&[
            (0, UnitKind::Company),
            (0, UnitKind::Region),
            (0, UnitKind::Region),
            (1, UnitKind::Store),
            (2, UnitKind::Store),
        ]);
        let grants = [Grant { permission: "p", scope: Scope::Region }];
        let reach = reach_of(&tree, Id::new(1), Id::new(3), &[Given { grants: &grants, at: Id::new(3) }]);
        assert_eq!(reach["p"].stores, BTreeSet::from([Id::new(3)]));
        let reach = reach_of(&tree, Id::new(1), Id::new(1), &[Given { grants: &grants, at: Id::new(1) }]);
        assert_eq!(reach["p"].stores, BTreeSet::from([Id::new(1), Id::new(3)]));
        assert!(reach_of(&tree, Id::new(1), Id::new(3), &[Given { grants: &grants, at: Id::new(99) }]).is_empty());
    }
}
