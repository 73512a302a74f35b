//! Who may answer: the organisation read against the limits.

use std::collections::BTreeSet;

use capability::{Event, Work};
use db::Tx;
use identity::{Directory, UnitKind};
use kernel::{Fault, Id, Place, Timestamp, of};

use super::RECORD;
use super::access::DECIDE;
use crate::domain::{ANY, Asked, Holder, Limit, LimitTable, Seat, Stand, State, next_turn, seats};
use crate::store::{self, Approval, Power, Step};

/// The organisation, the limits and the stand-ins at one instant.
pub struct Offices {
    /// The limits in force.
    pub table: LimitTable,
    /// Who stands in for whom.
    pub stands: Vec<Stand>,
    deciding: BTreeSet<String>,
}

impl Offices {
    /// As of `now`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn at(tx: &mut Tx, directory: &Directory, now: Timestamp) -> Result<Self, Fault> {
        let deciding =
            directory.roles().filter(|role| role.grants.contains_key(DECIDE.0)).map(|role| role.code.clone());
        Ok(Self {
            table: store::in_force(tx, now).await?,
            stands: store::stands(tx, now).await?,
            deciding: deciding.collect(),
        })
    }

    /// Everybody who may answer questions of `kind` about `store`, with where and how far.
    pub fn holders(&self, directory: &Directory, kind: &str, store: Id<of::Unit>) -> Vec<Holder> {
        let place = Place { store, team: None, owner: None };
        let path = directory.unit(store).map_or(&[][..], |unit| unit.path.as_slice());
        let mut holders: Vec<Holder> = Vec::new();
        for user in directory.who_may(DECIDE, &place) {
            for given in directory.assignments(user.id).iter().filter(|given| self.deciding.contains(&given.role)) {
                let Some(unit) = office(directory, given.unit).filter(|unit| path.contains(unit)) else { continue };
                let limit = self.table.limit(kind, [given.role.as_str()]);
                match holders.iter_mut().find(|holder| (holder.user, holder.unit) == (user.id, unit)) {
                    Some(known) => known.limit = known.limit.max(limit),
                    None => holders.push(Holder { user: user.id, unit, limit }),
                }
            }
        }
        holders
    }

    /// How far `user` decides alone about `kind` for `store`.
    pub fn own_limit(&self, directory: &Directory, kind: &str, user: Id<of::User>, store: Id<of::Unit>) -> Limit {
        let path = directory.unit(store).map_or(&[][..], |unit| unit.path.as_slice());
        let near = |unit| office(directory, unit).is_some_and(|office| path.contains(&office));
        let roles =
            directory.assignments(user).iter().filter(|given| near(given.unit)).map(|given| given.role.as_str());
        self.table.limit(kind, roles)
    }

    /// Who can answer `approval` where it lies now.
    pub fn seats(&self, directory: &Directory, approval: &Approval, steps: &[Step]) -> Vec<Seat> {
        if approval.state != State::Asked {
            return Vec::new();
        }
        let holders = self.holders(directory, &approval.kind, approval.store);
        seats(approval.unit, &holders, &self.stands, &asked(approval, steps))
    }

    /// Where `approval` goes: to the nearest unit, from the store upward or above `above`, at which somebody can answer.
    pub(super) fn turn(
        &self,
        directory: &Directory,
        approval: &Approval,
        steps: &[Step],
        above: Option<Id<of::Unit>>,
    ) -> Option<Id<of::Unit>> {
        let holders = self.holders(directory, &approval.kind, approval.store);
        let path: Vec<_> = directory.unit(approval.store)?.path.iter().rev().copied().collect();
        next_turn(&path, above, &holders, &self.stands, &asked(approval, steps))
    }

    /// What `user` can answer, in the own name and in the names of those who are away.
    pub(super) fn powers(&self, directory: &Directory, user: Id<of::User>) -> Vec<Power> {
        let away = self.stands.iter().filter(|stand| stand.deputy == user).map(|stand| stand.absent);
        let kinds: BTreeSet<&str> = self.table.limits.keys().map(|(kind, _)| kind.as_str()).collect();
        let own_kinds: Vec<String> = kinds.iter().filter(|kind| **kind != ANY).map(|kind| (*kind).to_owned()).collect();
        let mut powers = Vec::new();
        for person in std::iter::once(user).chain(away) {
            if directory.user(person).is_none_or(|person| !person.active) {
                continue;
            }
            for given in directory.assignments(person).iter().filter(|given| self.deciding.contains(&given.role)) {
                let Some(unit) = office(directory, given.unit) else { continue };
                for kind in kinds.iter().copied().chain((!kinds.contains(ANY)).then_some(ANY)) {
                    let limit = self.table.limit(kind, [given.role.as_str()]);
                    let (kind, not) =
                        if kind == ANY { (None, own_kinds.clone()) } else { (Some(kind.to_owned()), Vec::new()) };
                    powers.push(Power { unit, kind, not, limit, person });
                }
            }
        }
        powers
    }
}

/// The office of a role that is given at `unit`: a team's is the unit that it stands in.
fn office(directory: &Directory, unit: Id<of::Unit>) -> Option<Id<of::Unit>> {
    let path = &directory.unit(unit)?.path;
    path.iter().rev().copied().find(|step| directory.unit(*step).is_some_and(|unit| unit.kind != UnitKind::Team))
}

fn asked(approval: &Approval, steps: &[Step]) -> Asked {
    Asked {
        by: approval.asked_by,
        signed: steps.iter().filter_map(Step::signature).map(|signature| signature.seat).collect(),
        extra: approval.split.extra,
    }
}

/// What happened to a question, for whoever tells people about it.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The question as it stands now.
    pub approval: Approval,
    /// Whom it concerns: those who can answer, or whoever asked once it is decided.
    pub users: Vec<Id<of::User>>,
}

/// The question that `event` is about and whom it concerns; nothing for other events. Verbs: `approval.asked`,
/// `approval.reminded`, `approval.passed_upward` and `approval.signed` concern those whose turn it is, `approval.decided` and
/// `approval.expired` whoever asked, `approval.withdrawn` nobody any more.
///
/// # Errors
/// What the database says.
pub async fn heard(work: &mut Work<'_>, event: &Event) -> Result<Option<Heard>, Fault> {
    if event.record.kind != RECORD {
        return Ok(None);
    }
    let Some(approval) = store::get(work.tx, Id::new(event.record.id)).await? else { return Ok(None) };
    let users = match approval.state {
        State::Asked => {
            let directory = work.ctx.house.identity.directories().now();
            let steps = store::steps(work.tx, approval.id).await?;
            let offices = Offices::at(work.tx, &directory, work.now).await?;
            offices.seats(&directory, &approval, &steps).into_iter().map(|seat| seat.user).collect()
        }
        State::Granted | State::Declined | State::Expired => vec![approval.asked_by],
        State::Withdrawn => Vec::new(),
    };
    Ok(Some(Heard { approval, users }))
}
