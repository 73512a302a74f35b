//! What a running node keeps in mind between requests: reserved numbers and the deadline policy.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use capability::Installation;
use kernel::{Day, Fault, Timestamp};
use parties::domain::List;

use super::symptoms::Catalogue;
use crate::domain::{Number, Policy};
use crate::store;

/// How long a policy is used before it is read again, in milliseconds: a change made on another node is seen by then.
const POLICY_FRESH: i64 = 15_000;

/// The desk of one installation on this node.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    numbers: Mutex<BTreeMap<(Day, &'static str), VecDeque<Range<i64>>>>,
    policy: Mutex<Option<(Timestamp, Arc<Policy>)>>,
    catalogue: Mutex<Option<Kept>>,
    request_secret: Mutex<Option<Arc<str>>>,
}

/// The catalogue as it was read.
#[derive(Debug, Clone)]
struct Kept {
    at: Timestamp,
    /// How often lists had been changed on this node by then.
    changes: u64,
    catalogue: Arc<Catalogue>,
}

/// One desk per installation: a test process has many. The weak reference keeps an address from being used twice.
static DESKS: Mutex<Vec<(Weak<Installation>, Arc<Desk>)>> = Mutex::new(Vec::new());

/// The desk of `house`.
pub(crate) fn of(house: &Arc<Installation>) -> Arc<Desk> {
    let mut desks = DESKS.lock().unwrap_or_else(PoisonError::into_inner);
    let own = Arc::downgrade(house);
    if let Some((_, desk)) = desks.iter().find(|(other, _)| other.ptr_eq(&own)) {
        return Arc::clone(desk);
    }
    desks.retain(|(other, _)| other.strong_count() > 0);
    let desk = Arc::<Desk>::default();
    desks.push((own, Arc::clone(&desk)));
    desk
}

impl Desk {
    /// The next number of `day` that begins with `prefix`. Blocks are reserved in a transaction of their own, so that taking a
    /// case in never waits for another node's; what is not used is a gap.
    pub(crate) async fn number(&self, house: &Installation, prefix: &'static str, day: Day) -> Result<Number, Fault> {
        loop {
            if let Some(sequence) = self.take(prefix, day) {
                return Ok(Number::new(prefix, day, sequence));
            }
            let first = house
                .db
                .write((prefix, day), |tx, (prefix, day)| {
                    Box::pin(async move { store::reserve(tx, prefix, *day).await.map_err(Fault::from) })
                })
                .await?;
            let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
            numbers.retain(|(of, _), _| *of >= day.plus(-2));
            numbers.entry((day, prefix)).or_default().push_back(first..first + store::BLOCK);
        }
    }

    fn take(&self, prefix: &'static str, day: Day) -> Option<i64> {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let blocks = numbers.get_mut(&(day, prefix))?;
        while let Some(block) = blocks.front_mut() {
            if let Some(sequence) = block.next() {
                return Some(sequence);
            }
            blocks.pop_front();
        }
        None
    }

    /// The deadline policy, at most a quarter of a minute old.
    pub(crate) async fn policy(&self, house: &Installation) -> Result<Arc<Policy>, Fault> {
        let now = house.clock.now();
        let kept = self.policy.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, policy)) = kept
            && (0..POLICY_FRESH).contains(&now.since(at))
        {
            return Ok(policy);
        }
        let read =
            house.db.read((), |tx, ()| Box::pin(async move { store::policy(tx).await.map_err(Fault::from) })).await?;
        let policy = Arc::new(read);
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&policy)));
        Ok(policy)
    }

    /// Kinds of goods, their symptoms and causes, at most a quarter of a minute old; what was changed here is seen at once.
    pub(crate) async fn symptoms(&self, house: &Installation) -> Result<Arc<Catalogue>, Fault> {
        let (now, changes) = (house.clock.now(), parties::app::list_changes());
        let kept = self.catalogue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = kept
            && kept.changes == changes
            && (0..POLICY_FRESH).contains(&now.since(kept.at))
        {
            return Ok(kept.catalogue);
        }
        let read = house
            .db
            .read((), |tx, ()| {
                Box::pin(async move {
                    Ok::<_, Fault>(Catalogue {
                        categories: parties::store::entries(tx, List::Goods).await?,
                        symptoms: store::symptoms(tx).await?,
                        causes: parties::store::entries(tx, List::Causes).await?,
                    })
                })
            })
            .await?;
        let catalogue = Arc::new(read);
        let kept = Kept { at: now, changes, catalogue: Arc::clone(&catalogue) };
        *self.catalogue.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(catalogue)
    }

    /// What stamps of public forms are sealed with, once it is known.
    pub(crate) fn request_secret(&self) -> Option<Arc<str>> {
        self.request_secret.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers it; it never changes.
    pub(crate) fn keep_request_secret(&self, secret: Arc<str>) {
        *self.request_secret.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret);
    }

    /// Reads the symptoms anew next time, after they were changed here.
    pub(crate) fn forget_symptoms(&self) {
        *self.catalogue.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Reads the policy anew next time: this node has just changed it.
    pub(crate) fn forget_policy(&self) {
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
