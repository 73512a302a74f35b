use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering as Memory};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Clock;

/// The id of a record of kind `T`: 41 bits of milliseconds, 10 bits of node, 12 bits of counter. Ordered by time of making.
/// A decimal string in JSON and HTML, because JavaScript numbers lose the low bits.
pub struct Id<T> {
    value: i64,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Wraps a raw value that came from the database or an address.
    pub const fn new(value: i64) -> Self {
        Self { value, kind: PhantomData }
    }
    /// The raw value, to bind into SQL.
    pub const fn get(self) -> i64 {
        self.value
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.value)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)
    }
}
impl<T> FromStr for Id<T> {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::new)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Milliseconds between 1970 and 2020-01-01 UTC, where ids begin, so that 41 bits last until 2089.
const EPOCH: i64 = 1_577_836_800_000;
const NODE_BITS: i64 = 10;
const COUNTER_BITS: i64 = 12;

/// Makes ids. One per process; clones share the counter. When the clock goes back or a millisecond's counter is full,
/// the logical millisecond goes on, so ids never repeat and never go down.
#[derive(Debug, Clone)]
pub struct IdGen {
    node: i64,
    clock: Clock,
    /// Logical milliseconds and counter of the last id, as one number.
    last: Arc<AtomicI64>,
}

impl IdGen {
    /// A generator for node number `node` (0 to 1023, leased from a table so that no two processes share one).
    pub fn new(node: u16, clock: Clock) -> Self {
        Self { node: i64::from(node) & ((1 << NODE_BITS) - 1), clock, last: Arc::new(AtomicI64::new(0)) }
    }

    /// The next id.
    pub fn next<T>(&self) -> Id<T> {
        let now = (self.clock.now().millis() - EPOCH).max(0) << COUNTER_BITS;
        let advance = |last: i64| now.max(last + 1);
        let ticket = match self.last.fetch_update(Memory::SeqCst, Memory::SeqCst, |last| Some(advance(last))) {
            Ok(before) | Err(before) => advance(before),
        };
        let (millis, counter) = (ticket >> COUNTER_BITS, ticket & ((1 << COUNTER_BITS) - 1));
        Id::new((millis << (NODE_BITS + COUNTER_BITS)) | (self.node << COUNTER_BITS) | counter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn ids_grow_and_never_repeat_even_when_the_clock_stands_or_goes_back() {
        let clock = Clock::fixed(Timestamp::from_millis(EPOCH + 1_000));
        let ids = IdGen::new(3, clock.clone());
        let mut last = Id::<()>::new(0);
        for n in 0..10_000 {
            if n == 5_000 {
                clock.set(Timestamp::from_millis(EPOCH));
            }
            let next = ids.next::<()>();
            assert!(next > last);
            last = next;
        }
    }

    #[test]
    fn nodes_never_meet() {
        let clock = Clock::fixed(Timestamp::from_millis(EPOCH + 1_000));
        let (a, b) = (IdGen::new(1, clock.clone()), IdGen::new(2, clock));
        let made: std::collections::BTreeSet<_> = (0..5_000).flat_map(|_| [a.next::<()>(), b.next::<()>()]).collect();
        assert_eq!(made.len(), 10_000);
    }

    #[test]
    fn an_id_is_a_string_in_json() {
        let id = Id::<()>::new(1234567890123456789);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"1234567890123456789\"");
        assert_eq!(serde_json::from_str::<Id<()>>("\"1234567890123456789\"").unwrap(), id);
    }
}
