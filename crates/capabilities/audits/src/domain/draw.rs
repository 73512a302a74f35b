//! How a sample is drawn: by a rule that anybody can follow with a tool for SHA-256, so that the same seed draws the same sample
//! from the same population, whoever draws it and in whatever order the population is read.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

/// A store that can be drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outlet {
    /// The code of its region.
    pub region: String,
    /// Its code.
    pub code: String,
}

/// A case or complaint that can be drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// `case` or `complaint`.
    pub kind: &'static str,
    /// The code of its store.
    pub store: String,
    /// Its number.
    pub number: String,
}

/// The words of items.
const KINDS: [&str; 2] = ["case", "complaint"];
const STORE: &str = "store";

/// What a sample is drawn from: stores, and what came in at them. Sets, so that the order of reading is forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Population {
    /// All stores of the scope.
    pub outlets: BTreeSet<Outlet>,
    /// What came in at the drawn stores.
    pub items: BTreeSet<Item>,
}

/// How much is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stores.
    pub stores: usize,
    /// Cases of each.
    pub cases: usize,
    /// Complaints of each.
    pub complaints: usize,
    /// By which seed.
    pub seed: i64,
}

/// What was drawn, each with the digest that it was drawn by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// Stores.
    pub outlets: BTreeMap<Outlet, String>,
    /// Cases and complaints.
    pub items: BTreeMap<Item, String>,
}

impl Rule {
    /// The name that is kept with a sample; a changed rule gets another.
    pub const NAME: &'static str = "sha256-rank-1";
}

/// SHA-256 of `seed|kind|key` in hexadecimal: within its group, the smallest are drawn.
pub fn rank(seed: i64, kind: &str, key: &str) -> String {
    hex(format!("{seed}|{kind}|{key}").as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many of each group are drawn when `size` are drawn from all: one for each group if that is possible, the others one by one to
/// the group with the largest count ÷ (2 × drawn + 1), ties to the first name (Sainte-Laguë).
pub fn allot(counts: &BTreeMap<&str, usize>, size: usize) -> BTreeMap<String, usize> {
    let mut drawn: BTreeMap<&str, usize> = counts.keys().map(|name| (*name, 0)).collect();
    let filled = counts.values().filter(|count| **count > 0).count();
    let mut left = size;
    if size >= filled {
        for (name, count) in counts {
            if *count > 0
                && let Some(got) = drawn.get_mut(name)
            {
                *got = 1;
                left -= 1;
            }
        }
    }
    while left > 0 {
        let mut best: Option<(&str, usize, usize)> = None;
        for (name, count) in counts {
            let got = drawn.get(name).copied().unwrap_or_default();
            if got >= *count {
                continue;
            }
            let divisor = 2 * got + 1;
            if best.is_none_or(|(_, most, by)| count * by > most * divisor) {
                best = Some((name, *count, divisor));
            }
        }
        let Some(got) = best.and_then(|(name, ..)| drawn.get_mut(name)) else { break };
        *got += 1;
        left -= 1;
    }
    drawn.into_iter().map(|(name, got)| (name.to_owned(), got)).collect()
}

/// The stores that are drawn.
fn outlets(all: &BTreeSet<Outlet>, size: usize, seed: i64) -> BTreeMap<Outlet, String> {
    let mut groups: BTreeMap<&str, Vec<(String, &Outlet)>> = BTreeMap::new();
    for one in all {
        groups.entry(&one.region).or_default().push((rank(seed, STORE, &one.code), one));
    }
    let counts = groups.iter().map(|(region, group)| (*region, group.len())).collect();
    let sizes = allot(&counts, size);
    let mut drawn = BTreeMap::new();
    for (region, mut group) in groups {
        group.sort();
        let size = sizes.get(region).copied().unwrap_or_default();
        drawn.extend(group.into_iter().take(size).map(|(rank, one)| (one.clone(), rank)));
    }
    drawn
}

/// Draws by `rule` from `all`: stores by region, then from what came in at each of them.
pub fn draw(all: &Population, rule: Rule) -> Sample {
    let outlets = outlets(&all.outlets, rule.stores, rule.seed);
    let stores: BTreeSet<&str> = outlets.keys().map(|one| one.code.as_str()).collect();
    let mut groups: BTreeMap<(&str, &str), Vec<(String, &Item)>> = BTreeMap::new();
    for one in all.items.iter().filter(|one| stores.contains(one.store.as_str())) {
        groups.entry((one.kind, &one.store)).or_default().push((rank(rule.seed, one.kind, &one.number), one));
    }
    let mut items = BTreeMap::new();
    for ((kind, _), mut group) in groups {
        group.sort();
        let size = if kind == "complaint" { rule.complaints } else { rule.cases };
        items.extend(group.into_iter().take(size).map(|(rank, one)| (one.clone(), rank)));
    }
    Sample { outlets, items }
}

impl Population {
    /// One line for each member, sorted; stores with their region, items with their store.
    pub fn lines(&self) -> Vec<String> {
        let outlets = self.outlets.iter().map(|one| format!("{STORE}\t{}\t{}", one.region, one.code));
        let items = self.items.iter().map(|one| format!("{}\t{}\t{}", one.kind, one.store, one.number));
        let mut lines: Vec<String> = outlets.chain(items).collect();
        lines.sort();
        lines
    }
    /// Reads what [`Population::lines`] writes; other lines are left out.
    pub fn of_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for line in lines {
            let mut parts = line.split('\t');
            let (Some(kind), Some(group), Some(name)) = (parts.next(), parts.next(), parts.next()) else { continue };
            if kind == STORE {
                all.outlets.insert(Outlet { region: group.to_owned(), code: name.to_owned() });
            } else if let Some(kind) = KINDS.into_iter().find(|known| *known == kind) {
                all.items.insert(Item { kind, store: group.to_owned(), number: name.to_owned() });
            }
        }
        all
    }
    /// SHA-256 of the lines with a line feed between.
    pub fn digest(&self) -> String {
        hex(self.lines().join("\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outlet(region: usize, n: usize) -> Outlet {
        Outlet { region: format!("R{region}"), code: format!("S{n:03}") }
    }

    fn population(regions: &[usize]) -> Population {
        let places = regions.iter().enumerate().map(|(n, region)| outlet(*region, n)).collect::<Vec<_>>();
        let items = places.iter().flat_map(|one| {
            (0..7).map(|n| Item {
                kind: if n % 3 == 0 { "complaint" } else { "case" },
                store: one.code.clone(),
                number: format!("{}-{n}", one.code),
            })
        });
        Population { items: items.collect(), outlets: places.into_iter().collect() }
    }

    #[test]
    fn the_rule_is_what_a_tool_computes() {
        // printf '7|store|S1' | sha256sum
        assert_eq!(rank(7, "store", "S1").len(), 64);
        assert_eq!(hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn each_region_is_drawn_from_and_large_ones_more() {
        let counts = BTreeMap::from([("A", 30), ("B", 9), ("C", 1)]);
        let sizes = |size| allot(&counts, size).into_values().collect::<Vec<_>>();
        assert_eq!(sizes(2), [2, 0, 0]);
        assert_eq!(sizes(3), [1, 1, 1]);
        assert_eq!(sizes(10), [7, 2, 1]);
        assert_eq!(sizes(100), [30, 9, 1]);
    }

    proptest! {
        #[test]
        fn the_same_seed_draws_the_same_in_any_order(
            regions in prop::collection::vec(0..4usize, 1..40),
            stores in 1..12usize,
            seed in any::<i64>(),
            turn in any::<prop::sample::Index>(),
        ) {
            let all = population(&regions);
            let rule = Rule { stores, cases: 2, complaints: 1, seed };
            let first = draw(&all, rule);
            let mut lines = all.lines();
            let at = turn.index(lines.len());
            lines.rotate_left(at);
            lines.reverse();
            let read = Population::of_lines(lines.iter().map(String::as_str));
            prop_assert_eq!(&read, &all);
            prop_assert_eq!(read.digest(), all.digest());
            prop_assert_eq!(draw(&read, rule), first);
        }

        #[test]
        fn as_many_as_asked_from_every_region_and_inside_the_population(
            regions in prop::collection::vec(0..4usize, 1..40),
            stores in 1..50usize,
            seed in any::<i64>(),
        ) {
            let all = population(&regions);
            let sample = draw(&all, Rule { stores, cases: 2, complaints: 1, seed });
            prop_assert_eq!(sample.outlets.len(), stores.min(regions.len()));
            prop_assert!(sample.outlets.keys().all(|one| all.outlets.contains(one)));
            prop_assert!(sample.items.keys().all(|one| all.items.contains(one)));
            let there: BTreeSet<_> = regions.iter().collect();
            if stores >= there.len() {
                let drawn: BTreeSet<_> = sample.outlets.keys().map(|one| &one.region).collect();
                prop_assert_eq!(drawn.len(), there.len());
            }
            for one in sample.outlets.keys() {
                let of = |kind| sample.items.keys().filter(|item| item.store == one.code && item.kind == kind).count();
                prop_assert_eq!((of("case"), of("complaint")), (2, 1));
            }
            prop_assert_eq!(sample.items.len(), sample.outlets.len() * 3);
        }

        #[test]
        fn one_more_member_moves_at_most_its_own_group(
            regions in prop::collection::vec(0..3usize, 4..20),
            seed in any::<i64>(),
        ) {
            let all = population(&regions);
            let rule = Rule { stores: 3, cases: 2, complaints: 1, seed };
            let before = draw(&all, rule);
            let mut more = all.clone();
            let Some(store) = before.outlets.keys().next().map(|one| one.code.clone()) else { return Ok(()) };
            more.items.insert(Item { kind: "case", store: store.clone(), number: "late".to_owned() });
            let after = draw(&more, rule);
            prop_assert_eq!(&before.outlets, &after.outlets);
            let elsewhere = |sample: &Sample| sample.items.keys().filter(|one| one.store != store).cloned().collect::<Vec<_>>();
            prop_assert_eq!(elsewhere(&before), elsewhere(&after));
            prop_assert_ne!(all.digest(), more.digest());
        }
    }
}
