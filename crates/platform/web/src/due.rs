use std::fmt;

use askama::filters::HtmlSafe;
use kernel::Timestamp;

use crate::Lang;
use crate::markup::{escape, icon};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A deadline as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// The clock runs since `from` and must stop before `at`.
    Running {
        /// When it started.
        from: Timestamp,
        /// When it is over.
        at: Timestamp,
    },
    /// Met, after so many milliseconds.
    Met {
        /// From start to stop.
        took: i64,
    },
    /// Stopped too late, by so many milliseconds.
    Missed {
        /// Beyond the due time.
        by: i64,
    },
    /// The clock stands still; the reason is always given.
    Paused {
        /// Why, in the reader's words.
        reason: String,
    },
}

/// The tone of a deadline: a class of theme.css, an icon, never colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueTone {
    /// More than a quarter is left.
    Calm,
    /// A quarter or less, or less than an hour.
    Soon,
    /// Over.
    Late,
    /// Met.
    Ok,
    /// Stopped for now.
    Pause,
}

impl DueTone {
    /// The class in theme.css.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Calm => "",
            Self::Soon => "soon",
            Self::Late => "late",
            Self::Ok => "ok",
            Self::Pause => "pause",
        }
    }
    /// The icon.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Calm => "clock",
            Self::Soon => "hourglass",
            Self::Late => "alert-triangle",
            Self::Ok => "circle-check",
            Self::Pause => "player-pause",
        }
    }
}

impl Due {
    /// The tone at `now` (design: Deadlines).
    pub const fn tone(&self, now: Timestamp) -> DueTone {
        match self {
            Self::Met { .. } => DueTone::Ok,
            Self::Missed { .. } => DueTone::Late,
            Self::Paused { .. } => DueTone::Pause,
            Self::Running { from, at } => {
                let left = at.since(now);
                if left <= 0 {
                    DueTone::Late
                } else if left < HOUR || left.saturating_mul(4) <= at.since(*from) {
                    DueTone::Soon
                } else {
                    DueTone::Calm
                }
            }
        }
    }

    /// The words at the reader's "now": what is left is rounded up to minutes, what is over down. The same rules live in `ui/src/due.js`.
    pub fn text(&self, lang: &Lang) -> String {
        match self {
            Self::Met { took } => lang.t1("web-due-met", "span", lang.span(*took)),
            Self::Missed { by } => lang.lengths("web-due-late", *by),
            Self::Paused { reason } => lang.t1("web-due-paused", "reason", reason),
            Self::Running { at, .. } => {
                let left = at.since(lang.now);
                match self.tone(lang.now) {
                    DueTone::Late => lang.lengths("web-due-late", -left),
                    DueTone::Soon if left < DAY => lang.lengths("web-due-left", left.saturating_add(MINUTE - 1)),
                    _ => on_the_day(lang, *at),
                }
            }
        }
    }

    /// How much of the time is used, in percent, for the bar.
    pub fn used_percent(&self, now: Timestamp) -> i64 {
        match self {
            Self::Running { from, at } => {
                let whole = at.since(*from).max(1);
                (now.since(*from).clamp(0, whole)).saturating_mul(100) / whole
            }
            Self::Met { .. } | Self::Paused { .. } => 0,
            Self::Missed { .. } => 100,
        }
    }
}

fn on_the_day(lang: &Lang, at: Timestamp) -> String {
    match lang.days_until(at) {
        0 => lang.t1("web-due-today", "time", lang.time(at)),
        1 => lang.t1("web-due-tomorrow", "time", lang.time(at)),
        _ => lang.t1("web-due-before", "date", lang.date(at)),
    }
}

/// A deadline as HTML: `<time class="due soon" datetime="…">icon text</time>`. The script keeps running ones up to date.
#[derive(Debug, Clone)]
pub struct DueTime {
    due: Due,
    tone: DueTone,
    text: String,
}

impl DueTime {
    pub(crate) fn new(lang: &Lang, due: &Due) -> Self {
        Self { tone: due.tone(lang.now), text: due.text(lang), due: due.clone() }
    }
}

impl fmt::Display for DueTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<time class=\"due {}\"", self.tone.class())?;
        if let Due::Running { from, at } = self.due {
            write!(f, " datetime=\"{at}\" data-due=\"{from}\"")?;
        }
        write!(f, ">{}<span>{}</span></time>", icon(self.tone.icon()), escape(&self.text))
    }
}
impl HtmlSafe for DueTime {}
