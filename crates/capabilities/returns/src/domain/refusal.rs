use kernel::Fault;

/// Why a command is not carried out: a stable code, whose text is `fault-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.0)
    }
}

/// It is over.
pub const OVER: &str = "returns-over";
/// That track is not there yet, or past it.
pub const NOT_NOW: &str = "returns-not-now";
/// The goods have to be looked at first.
pub const INSPECT_FIRST: &str = "returns-inspect-first";
/// That part was confirmed already: money moves once.
pub const MOVED: &str = "returns-moved";
/// That part waits for a yes.
pub const ASKED: &str = "returns-asked";
/// Money or goods have moved: it can no longer be taken back.
pub const TOO_LATE: &str = "returns-too-late";
/// The inspection found nothing against it.
pub const FOUND_OK: &str = "returns-found-ok";
/// The exchange goes beyond the law and nobody has granted it.
pub const NOT_GRANTED: &str = "returns-not-granted";

/// The time of a proposal has passed.
pub const LAPSED: &str = "returns-proposal-lapsed";
/// A proposal was answered already.
pub const ANSWERED: &str = "returns-proposal-answered";

/// All codes, for the catalogue of error codes.
pub const CODES: &[&str] =
    &[OVER, NOT_NOW, INSPECT_FIRST, MOVED, ASKED, TOO_LATE, FOUND_OK, NOT_GRANTED, LAPSED, ANSWERED];
