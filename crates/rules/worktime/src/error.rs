use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::CalendarRef;
use crate::hours::Interval;

/// Why a calendar cannot be built from what was written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not a time interval.
    #[error(
        "'{0}' is not a time interval: write 09:00-12:00; an end of 24:00 or one after midnight (22:00-06:00) is allowed"
    )]
    Interval(String),
    /// Two intervals of one day share time.
    #[error("the intervals {0} and {1} of one day overlap")]
    Overlap(Interval, Interval),
    /// Not a weekday or range of weekdays.
    #[error("'{0}' is not a weekday: write mon, tue, wed, thu, fri, sat, sun or a range such as mon-fri")]
    Weekday(String),
    /// A weekly pattern gives hours to one weekday twice.
    #[error("'{0}' has hours twice in one weekly pattern")]
    WeekdayTwice(&'static str),
    /// Not the name of an IANA time zone.
    #[error("'{0}' is not a time zone: write an IANA name such as Asia/Shanghai")]
    Zone(String),
    /// A date is a rest day and a make-up day at once, or is listed twice.
    #[error("{0} is listed twice among the holidays and make-up days")]
    DateTwice(Date),
    /// A date is listed in the table of another year.
    #[error("{date} is listed under the year {year}")]
    OtherYear {
        /// The date.
        date: Date,
        /// The year it is listed under.
        year: i16,
    },
    /// The holiday file is not readable.
    #[error("the holiday table cannot be read: {0}")]
    Table(String),
}

/// Why working time cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// The calendar has no working time within ten years of this instant.
    #[error("calendar {calendar} has no working time for ten years from {from}: give it hours")]
    NeverWorks {
        /// The calendar.
        calendar: CalendarRef,
        /// Where the search began.
        from: Timestamp,
    },
    /// The answer is more than a hundred years away, or outside the years that can be written down.
    #[error("more than a hundred years are counted from {from}: the length of time is too large")]
    TooFar {
        /// Where counting began.
        from: Timestamp,
    },
}

/// Why a ledger of clock entries tells no possible story. `index` counts entries from zero.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// There is no entry, or the first one starts after the instant asked about.
    #[error("the clock has not started")]
    NotStarted,
    /// The first entry is not a start.
    #[error("the first entry of a clock must be its start")]
    NoStart,
    /// A second start.
    #[error("entry {index} starts a clock that was started before")]
    StartedTwice {
        /// Position of the entry.
        index: usize,
    },
    /// An entry that is earlier than the one before it.
    #[error("entry {index} at {at} is earlier than the entry before it")]
    OutOfOrder {
        /// Position of the entry.
        index: usize,
        /// Its instant.
        at: Timestamp,
    },
    /// A pause of a paused clock.
    #[error("entry {index} pauses a clock that is paused")]
    PausedTwice {
        /// Position of the entry.
        index: usize,
    },
    /// A resumption of a running clock.
    #[error("entry {index} resumes a clock that is not paused")]
    ResumedWithoutPause {
        /// Position of the entry.
        index: usize,
    },
    /// A change that changes neither policy nor calendar.
    #[error("entry {index} changes nothing")]
    EmptyChange {
        /// Position of the entry.
        index: usize,
    },
    /// Anything after the stop.
    #[error("entry {index} comes after the clock was stopped")]
    AfterStop {
        /// Position of the entry.
        index: usize,
    },
    /// An allowance below zero.
    #[error("entry {index} allows less than no time")]
    NegativeAllowance {
        /// Position of the entry.
        index: usize,
    },
    /// A calendar version that was not handed in.
    #[error("calendar {0} is not known")]
    UnknownCalendar(CalendarRef),
    /// Working time cannot be counted.
    #[error(transparent)]
    Count(#[from] CountError),
}
