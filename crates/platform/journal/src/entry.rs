use kernel::{ActorKind, Id, RecordRef, Timestamp, of};

/// The verb of the entry that erasure leaves; its changes name the fields that were emptied.
pub const ERASED: &str = "journal.erased";

/// The field that holds the name of a customer who acted, so that it can be erased like any personal value.
pub const ACTOR_NAME: &str = "actor_name";

/// Marker of a journal entry's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum EntryId {}

/// Who acts, in which request, and the instant of entry.
#[derive(Debug, Clone)]
pub struct Who {
    /// Staff, token, customer or the program.
    pub actor_kind: ActorKind,
    /// The member of staff, if it is one.
    pub user: Option<Id<of::User>>,
    /// The name that the timeline shows.
    pub name: String,
    /// The request's name, as in the log and on error pages.
    pub request: String,
    /// When it is entered.
    pub now: Timestamp,
}

/// One field before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field's word.
    pub field: &'static str,
    /// Its value before, as text.
    pub before: Option<String>,
    /// Its value after, as text.
    pub after: Option<String>,
    /// True when the value is about a person and can be erased later.
    pub personal: bool,
}

/// What happened to a record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The record.
    pub record: RecordRef,
    /// What happened, in the past tense: `case.accepted`.
    pub verb: &'static str,
    /// When it happened, which may be earlier than when it is entered.
    pub happened_at: Timestamp,
    /// Named fields before and after.
    pub changes: Vec<Change>,
    /// The store where it happened, if any.
    pub store: Option<Id<of::Unit>>,
}

/// An entry as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The entry's id.
    pub id: i64,
    /// Its number in the record's chain, from 1.
    pub seq: i64,
    /// What happened.
    pub verb: String,
    /// `staff`, `token`, `customer` or `system`.
    pub actor_kind: String,
    /// The member of staff.
    pub user: Option<Id<of::User>>,
    /// The name of who acted; empty when it was a customer's and has been erased.
    pub actor_name: String,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// The request's name.
    pub request: String,
    /// The store where it happened.
    pub store: Option<Id<of::Unit>>,
    /// Named fields before and after.
    pub changes: Vec<RecordedChange>,
    /// True when a signed seal covers the entry.
    pub sealed: bool,
}

/// A change as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedChange {
    /// The field's word.
    pub field: String,
    /// Its value before.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
    /// True when the value is about a person: masked for those who may not see it.
    pub personal: bool,
    /// True when the values have been erased.
    pub erased: bool,
}
