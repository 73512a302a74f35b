use jobs::NewJob;
use journal::Change;
use kernel::{Place, RecordRef, Timestamp};
use metrics::Delta;
use search::Piece;

/// What one use case did to one record: everything that is written beside the rows.
#[derive(Debug, Clone)]
pub struct Event {
    /// The record.
    pub record: RecordRef,
    /// What happened, in the past tense: `case.accepted`.
    pub verb: &'static str,
    /// Where the record stands, for live events and lists.
    pub place: Place,
    /// When it happened, if not now.
    pub happened_at: Option<Timestamp>,
    /// Named fields before and after.
    pub changes: Vec<Change>,
    /// Metric deltas that it causes.
    pub deltas: Vec<Delta>,
    /// Pieces of text to be found.
    pub pieces: Vec<Piece>,
    /// Jobs that follow.
    pub jobs: Vec<NewJob>,
    /// True when open pages are told.
    pub live: bool,
}

impl Event {
    /// `verb` happened to `record`, which stands at `place`.
    pub fn new(record: RecordRef, verb: &'static str, place: Place) -> Self {
        Self {
            record,
            verb,
            place,
            happened_at: None,
            changes: Vec::new(),
            deltas: Vec::new(),
            pieces: Vec::new(),
            jobs: Vec::new(),
            live: true,
        }
    }
    /// It happened at `at`, not now.
    #[must_use]
    pub fn happened(mut self, at: Timestamp) -> Self {
        self.happened_at = Some(at);
        self
    }
    /// `field` went from `before` to `after`; nothing is noted when they are equal.
    #[must_use]
    pub fn change(mut self, field: &'static str, before: Option<String>, after: Option<String>) -> Self {
        if before != after {
            self.changes.push(Change { field, before, after, personal: false });
        }
        self
    }
    /// As [`Event::change`], for personal data, which can be erased later without breaking the journal.
    #[must_use]
    pub fn personal(mut self, field: &'static str, before: Option<String>, after: Option<String>) -> Self {
        if before != after {
            self.changes.push(Change { field, before, after, personal: true });
        }
        self
    }
    /// Counts `delta`.
    #[must_use]
    pub fn count(mut self, delta: Delta) -> Self {
        self.deltas.push(delta);
        self
    }
    /// Makes `piece` findable.
    #[must_use]
    pub fn index(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }
    /// Starts `job` once the transaction has committed.
    #[must_use]
    pub fn job(mut self, job: NewJob) -> Self {
        self.jobs.push(job);
        self
    }
    /// Open pages are not told.
    #[must_use]
    pub fn quietly(mut self) -> Self {
        self.live = false;
        self
    }
}
