use std::collections::BTreeSet;
use std::fmt;

use crate::digest::{self, Digest, Header};
use crate::entry::ERASED;
use crate::store::{StoredEntry, StoredValue};

/// What is wrong with an entry or a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// The numbers of the chain jump: this number is missing.
    Missing(i64),
    /// The digest before it is not that of the entry before it.
    Chain,
    /// The header or a field was altered: the digest does not cover what stands there.
    Altered,
    /// The values of this personal field were altered.
    Value(String),
    /// The values of this personal field vanished without an entry that says so.
    Vanished(String),
    /// A value belongs to no entry.
    Stray,
    /// The entry names a seal that does not exist.
    NoSeal,
    /// The seal's number jumps: this number is missing.
    SealMissing(i64),
    /// The digest before it is not that of the seal before it.
    SealChain,
    /// The seal was altered.
    SealAltered,
    /// The seal's signature is not that of its key.
    SealSignature,
    /// The seal is signed by another key than the one asked for.
    SealKey(String),
    /// The entries under the seal are not those that were sealed.
    SealContent,
}

impl Flaw {
    /// A stable word; `journal-flaw-<code>` is its text.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Chain => "chain",
            Self::Altered => "altered",
            Self::Value(_) => "value",
            Self::Vanished(_) => "vanished",
            Self::Stray => "stray",
            Self::NoSeal => "no-seal",
            Self::SealMissing(_) => "seal-missing",
            Self::SealChain => "seal-chain",
            Self::SealAltered => "seal-altered",
            Self::SealSignature => "seal-signature",
            Self::SealKey(_) => "seal-key",
            Self::SealContent => "seal-content",
        }
    }
    /// What the text is about: a field, a number, a fingerprint; empty when there is nothing.
    pub fn detail(&self) -> String {
        match self {
            Self::Missing(seq) | Self::SealMissing(seq) => seq.to_string(),
            Self::Value(text) | Self::Vanished(text) | Self::SealKey(text) => text.clone(),
            Self::Chain
            | Self::Altered
            | Self::Stray
            | Self::NoSeal
            | Self::SealChain
            | Self::SealAltered
            | Self::SealSignature
            | Self::SealContent => String::new(),
        }
    }
}

/// A flaw and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Kind and id of the record, when the flaw is in a record's chain.
    pub record: Option<(String, i64)>,
    /// The entry's number in that chain, or the seal's number.
    pub seq: i64,
    /// What is wrong.
    pub flaw: Flaw,
}

impl fmt::Display for Problem {
    /// For logs; people get `journal-flaw-<code>` in their language.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.record {
            Some((kind, id)) => write!(f, "{kind} {id} entry {}: ", self.seq)?,
            None => write!(f, "seal {}: ", self.seq)?,
        }
        write!(f, "{} {}", self.flaw.code(), self.flaw.detail())
    }
}

/// Walks along one record's chain and says what is wrong at each entry. Knows no database.
#[derive(Debug)]
pub(crate) struct ChainWalk {
    next_seq: i64,
    previous: Digest,
    /// Personal fields found empty, with the first entry where they were; an entry of erasure clears them.
    empty: BTreeSet<(String, i64)>,
    /// How many emptied values went by.
    pub erased: u64,
}

impl Default for ChainWalk {
    fn default() -> Self {
        Self { next_seq: 1, previous: digest::GENESIS, empty: BTreeSet::new(), erased: 0 }
    }
}

impl ChainWalk {
    /// Checks the next entry; flaws go to `found`.
    pub fn step(&mut self, entry: &StoredEntry, values: &[StoredValue], found: &mut Vec<Flaw>) {
        if entry.seq != self.next_seq {
            found.push(Flaw::Missing(self.next_seq));
        } else if entry.previous != self.previous {
            found.push(Flaw::Chain);
        }
        let mut marks = Vec::with_capacity(values.len());
        let mut in_order = true;
        for (n, value) in values.iter().enumerate() {
            in_order &= i64::try_from(n) == Ok(value.ordinal);
            marks.push((value.field.as_str(), value.personal, self.mark_of(entry.seq, value, found)));
        }
        let header = Header {
            id: entry.id,
            record_kind: &entry.record_kind,
            record_id: entry.record_id,
            seq: entry.seq,
            verb: &entry.verb,
            actor_kind: &entry.actor_kind,
            actor_id: entry.actor_id,
            actor_name: &entry.actor_name,
            happened_at: entry.happened_at,
            entered_at: entry.entered_at,
            request: &entry.request,
            store_id: entry.store_id,
        };
        let computed = bytes_to_digest(&entry.previous)
            .map(|previous| digest::entry(&header, &previous, marks.into_iter()))
            .filter(|computed| in_order && entry.digest == *computed);
        if computed.is_none() {
            found.push(Flaw::Altered);
        } else if entry.verb == ERASED {
            self.empty.retain(|(field, _)| !values.iter().any(|value| value.field == *field));
        }
        self.next_seq = entry.seq.saturating_add(1);
        // Go on from what stands there, so that one change is one problem and not one per later entry.
        self.previous = bytes_to_digest(&entry.digest).unwrap_or(digest::GENESIS);
    }

    fn mark_of(&mut self, seq: i64, value: &StoredValue, found: &mut Vec<Flaw>) -> Digest {
        let (before, after) = (value.before.as_deref(), value.after.as_deref());
        match (value.personal, &value.salt, value.mark.as_deref().and_then(bytes_to_digest)) {
            (false, None, None) if value.mark.is_none() => digest::mark(b"", before, after),
            (true, Some(salt), Some(mark)) => {
                if mark != digest::mark(salt, before, after) {
                    found.push(Flaw::Value(value.field.clone()));
                }
                mark
            }
            (true, None, Some(mark)) if before.is_none() && after.is_none() => {
                self.erased += 1;
                self.empty.insert((value.field.clone(), seq));
                mark
            }
            (_, _, mark) => {
                found.push(Flaw::Value(value.field.clone()));
                mark.unwrap_or_else(|| digest::mark(b"", before, after))
            }
        }
    }

    /// Ends the chain: what is empty without an entry of erasure, with the entry's number.
    pub fn end(self) -> impl Iterator<Item = (i64, Flaw)> {
        self.empty.into_iter().map(|(field, seq)| (seq, Flaw::Vanished(field)))
    }
}

/// The digest that `bytes` are; `None` when they are none.
pub(crate) fn bytes_to_digest(bytes: &[u8]) -> Option<Digest> {
    bytes.try_into().ok()
}
