use std::collections::BTreeSet;

use kernel::{Id, Money, of};
use serde::{Deserialize, Serialize};

use super::limits::Limit;

/// Somebody who may decide where they stand, up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub user: Id<of::User>,
    /// The unit of the organisation where they may: a store, a region, the company.
    pub unit: Id<of::Unit>,
    /// How far.
    pub limit: Limit,
}

/// Somebody stands in for somebody who is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// Who is away.
    pub absent: Id<of::User>,
    /// Who decides in that person's name.
    pub deputy: Id<of::User>,
}

/// Somebody who can answer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seat {
    /// Who.
    pub user: Id<of::User>,
    /// In whose name, when it is not the person's own.
    pub in_name_of: Option<Id<of::User>>,
}

/// What decides who can answer a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who asked.
    pub by: Id<of::User>,
    /// Who said yes already, and in whose names.
    pub signed: Vec<Seat>,
    /// What is to be granted.
    pub extra: Money,
}

impl Asked {
    /// Those who cannot answer any more: whoever asked, whoever has signed, and those in whose names it was signed.
    fn out(&self) -> BTreeSet<Id<of::User>> {
        let signed = self.signed.iter().flat_map(|seat| std::iter::once(seat.user).chain(seat.in_name_of));
        std::iter::once(self.by).chain(signed).collect()
    }
}

/// Who can answer at `unit`: its holders with a limit that is wide enough, and those who stand in for them. Never whoever asked
/// or has signed, not in the name of such a person either. A person who sits there in their own right sits there once.
pub fn seats(unit: Id<of::Unit>, holders: &[Holder], stands: &[Stand], asked: &Asked) -> Vec<Seat> {
    let out = asked.out();
    let able: Vec<Id<of::User>> = holders
        .iter()
        .filter(|holder| holder.unit == unit && holder.limit.covers(asked.extra) && !out.contains(&holder.user))
        .map(|holder| holder.user)
        .collect();
    let own = able.iter().map(|user| Seat { user: *user, in_name_of: None });
    let for_others = stands
        .iter()
        .filter(|stand| able.contains(&stand.absent) && !out.contains(&stand.deputy))
        .map(|stand| Seat { user: stand.deputy, in_name_of: Some(stand.absent) });
    let mut seats: Vec<Seat> = Vec::new();
    for seat in own.chain(for_others) {
        if !seats.iter().any(|other| other.user == seat.user) {
            seats.push(seat);
        }
    }
    seats
}

/// Whose turn it is: the first unit of `path` (from the store upward) at which somebody can answer; with `above`, only units
/// higher than that one.
pub fn next_turn(
    path: &[Id<of::Unit>],
    above: Option<Id<of::Unit>>,
    holders: &[Holder],
    stands: &[Stand],
    asked: &Asked,
) -> Option<Id<of::Unit>> {
    let skipped =
        above.and_then(|above| path.iter().position(|unit| *unit == above)).map_or(0, |at| at.saturating_add(1));
    path.iter().skip(skipped).copied().find(|unit| !seats(*unit, holders, stands, asked).is_empty())
}
