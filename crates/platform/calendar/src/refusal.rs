use kernel::{Fault, FaultKind};
use worktime::{CalendarError, CountError, LedgerError};

/// What a person can do about a ledger that cannot be.
pub(crate) fn refused(error: LedgerError) -> Fault {
    let code = match &error {
        LedgerError::OutOfOrder { .. } | LedgerError::NotStarted => "calendar-clock-order",
        LedgerError::PausedTwice { .. } => "calendar-clock-paused",
        LedgerError::ResumedWithoutPause { .. } => "calendar-clock-not-paused",
        LedgerError::AfterStop { .. } => "calendar-clock-stopped",
        LedgerError::EmptyChange { .. } => "calendar-clock-unchanged",
        LedgerError::NegativeAllowance { .. } => "calendar-allowance",
        LedgerError::Count(error) => return uncounted(error),
        LedgerError::NoStart | LedgerError::StartedTwice { .. } | LedgerError::UnknownCalendar(_) => {
            return Fault::internal(error);
        }
    };
    Fault::new(FaultKind::Refused, code)
}

/// What a person can do about time that cannot be counted.
pub(crate) fn uncounted(error: &CountError) -> Fault {
    match error {
        CountError::NeverWorks { .. } => Fault::refused("calendar-never-works"),
        CountError::TooFar { .. } => Fault::refused("calendar-too-far"),
    }
}

/// Calendar data that was stored and cannot be read back is a defect.
pub(crate) fn unreadable(error: &CalendarError) -> Fault {
    Fault::internal(format!("stored calendar data cannot be read: {error}"))
}
