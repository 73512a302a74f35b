use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Id, of};

/// Something that a person may or may not do, e.g. `cases.take_in`. A constant beside the use case that asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(pub &'static str);

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How far a role carries a permission (范围), from narrow to wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Records that the person owns.
    Own,
    /// Records of the person's team (a department is a team under headquarters).
    Team,
    /// Records of the person's store.
    Store,
    /// Records of all stores below the person's region.
    Region,
    /// All records of the company.
    Company,
}

impl Scope {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::Store => "store",
            Self::Region => "region",
            Self::Company => "company",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Own, Self::Team, Self::Store, Self::Region, Self::Company]
            .into_iter()
            .find(|scope| scope.as_str() == text)
    }
}

/// Where a record stands: what decides who reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The store that the record belongs to.
    pub store: Id<of::Unit>,
    /// The team that works on it, if any.
    pub team: Option<Id<of::Unit>>,
    /// The person who owns it, if any.
    pub owner: Option<Id<of::User>>,
}

/// A record that stands somewhere.
pub trait Placed {
    /// Its place.
    fn place(&self) -> Place;
}
impl Placed for Place {
    fn place(&self) -> Place {
        *self
    }
}

/// The records that one permission reaches for one person: the union of what the person's roles give.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Everything.
    pub company: bool,
    /// Of everything, what stands in these units is left out: they are sealed, and the person is not admitted.
    pub except: BTreeSet<Id<of::Unit>>,
    /// All records of these stores.
    pub stores: BTreeSet<Id<of::Unit>>,
    /// Records of these teams.
    pub teams: BTreeSet<Id<of::Unit>>,
    /// Records owned by this person.
    pub own: Option<Id<of::User>>,
}

impl Reach {
    /// Reach over everything.
    pub fn company() -> Self {
        Self { company: true, ..Self::default() }
    }
    /// True when `place` is within reach.
    pub fn covers(&self, place: &Place) -> bool {
        (self.company && !self.except.contains(&place.store))
            || self.stores.contains(&place.store)
            || place.team.is_some_and(|team| self.teams.contains(&team))
            || (self.own.is_some() && self.own == place.owner)
    }
    /// Adds what `other` reaches.
    pub fn join(&mut self, other: Self) {
        // What one of the two leaves out the other may reach.
        self.except = match (self.company, other.company) {
            (true, true) => self.except.intersection(&other.except).copied().collect(),
            (true, false) => std::mem::take(&mut self.except),
            (false, _) => other.except,
        };
        self.company |= other.company;
        self.stores.extend(other.stores);
        self.teams.extend(other.teams);
        self.own = self.own.or(other.own);
    }
    /// True when it reaches nothing at all.
    pub fn is_empty(&self) -> bool {
        !self.company && self.stores.is_empty() && self.teams.is_empty() && self.own.is_none()
    }
}

/// What kind of actor acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A member of staff, signed in.
    Staff,
    /// A program with an API token, acting for the member of staff who made it.
    Token,
    /// A customer with a signed link.
    Customer,
    /// The program itself: jobs, timers, imports.
    System,
}

impl ActorKind {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Token => "token",
            Self::Customer => "customer",
            Self::System => "system",
        }
    }
}

/// Who acts, and how far each permission carries. Loaded once per request.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Staff, token, customer or the program.
    pub kind: ActorKind,
    /// The member of staff; `None` for customers and the program.
    pub user: Option<Id<of::User>>,
    /// The name that records show.
    pub name: Arc<str>,
    /// The store or other unit where the person works; new records default to it.
    pub home: Option<Id<of::Unit>>,
    reach: Arc<BTreeMap<&'static str, Reach>>,
}

impl Actor {
    /// An actor with the given reach per permission.
    pub fn new(
        kind: ActorKind,
        user: Option<Id<of::User>>,
        name: &str,
        home: Option<Id<of::Unit>>,
        reach: BTreeMap<&'static str, Reach>,
    ) -> Self {
        Self { kind, user, name: name.into(), home, reach: Arc::new(reach) }
    }
    /// The program itself; it may do everything and is named as such in the journal.
    pub fn system() -> Self {
        Self::new(ActorKind::System, None, "system", None, BTreeMap::new())
    }
    /// A customer behind a signed link; what the link allows is checked by the link, so no permission is held.
    pub fn customer(name: &str) -> Self {
        Self::new(ActorKind::Customer, None, name, None, BTreeMap::new())
    }
    /// The records that `permission` reaches; empty when the actor does not hold it.
    pub fn reach(&self, permission: Permission) -> Reach {
        match self.kind {
            ActorKind::System => Reach::company(),
            ActorKind::Staff | ActorKind::Token | ActorKind::Customer => {
                self.reach.get(permission.0).cloned().unwrap_or_default()
            }
        }
    }
    /// True when the actor holds `permission` for at least some records.
    pub fn holds(&self, permission: Permission) -> bool {
        !self.reach(permission).is_empty()
    }
    /// True when the actor may do `permission` on `record`.
    pub fn may(&self, permission: Permission, record: &impl Placed) -> bool {
        self.reach(permission).covers(&record.place())
    }
}
