use kernel::Fault;

/// Why a command is not carried out: a stable code, whose text is `fault-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.0)
    }
}

/// Not in this state.
pub const NOT_NOW: &str = "complaints-not-now";
/// A second signature is asked for; it has to come first.
pub const PENDING: &str = "complaints-pending";
/// It is about that person.
pub const INTERESTED: &str = "complaints-interested";
/// Whoever handled it does not call back.
pub const OWN_CALL: &str = "complaints-own-call";
/// An appeal needs somebody new, further up.
pub const HIGHER: &str = "complaints-higher";
/// Nothing is offered yet.
pub const NO_LINES: &str = "complaints-no-lines";
/// Not all lines are carried out.
pub const LINES_OPEN: &str = "complaints-lines-open";
/// The last day for an appeal has passed.
pub const APPEAL_LATE: &str = "complaints-appeal-late";
/// It was appealed once; that decision was final.
pub const APPEAL_FINAL: &str = "complaints-appeal-final";
/// The dossier is not complete.
pub const INCOMPLETE: &str = "complaints-incomplete";

/// All codes, for the catalogue of error codes.
pub const CODES: &[&str] =
    &[NOT_NOW, PENDING, INTERESTED, OWN_CALL, HIGHER, NO_LINES, LINES_OPEN, APPEAL_LATE, APPEAL_FINAL, INCOMPLETE];
