//! Working time: when a shop works, when something is due, and why.
//!
//! ```
//! use std::sync::Arc;
//! use worktime::{Calendar, CalendarRef, Holidays, Millis};
//!
//! let office = Calendar::new(
//!     CalendarRef { code: "office".into(), version: 1 },
//!     "Asia/Shanghai",
//!     "mon-fri 09:00-12:00,13:30-18:00".parse()?,
//!     Some(Arc::new(Holidays::china()?)),
//! )?;
//! // Friday 2026-02-13 17:00, eight working hours: Saturday is a make-up day, then comes the Spring Festival.
//! let due = office.add("2026-02-13T17:00:00+08:00".parse()?, Millis::hours(8))?;
//! assert_eq!(due, "2026-02-14T17:30:00+08:00".parse()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Nouns
//! | 中文 | English | |
//! | --- | --- | --- |
//! | 工作日历 | [`Calendar`] | weekly pattern, zone, holidays and overrides of one version |
//! | 时段 | [`Interval`] | a stretch of a day's hours; it may run past midnight and belongs to the day on which it begins |
//! | 周模式 | [`WeeklyPattern`] | the hours of an ordinary week |
//! | 节假日、调休 | [`Holidays`] | declared rest days and make-up days of the known years |
//! | 例外日 | [`Override`] | other hours on a single date; wins over the holiday table |
//! | 计时 | clock | a deadline that runs, stands still, changes and stops, told by a ledger of [`Entry`]s |
//! | 时限规则 | [`DueRule`], [`Policy`] | how much time a clock allows |
//! | 状态 | [`Status`] | what follows from a ledger at one instant: [`evaluate`] |
//! | 依据 | [`Explanation`] | the same, day by day: [`explain`] |
//!
//! # Invariants
//! - Nothing reads the time, the zone of the machine or its zone files. Instants are [`jiff::Timestamp`], counted in whole
//!   milliseconds (finer parts are dropped); lengths are [`Millis`].
//! - Adding is monotone and additive; `elapsed(t, add(t, d)) == d`; `sub(add(t, d), d)` is `t`, or the first working instant after it.
//! - An interval ends before its end: what uses up a day exactly is due at its close (18:00), and done exactly then is in time.
//! - A year whose holidays are not known is counted by the weekly pattern, and the result carries a [`Warning`]: nothing is guessed.
//! - A calendar that never works, or a length beyond a hundred years, is an error after a bounded search.
//! - A ledger is only appended to, and the past is not recomputed: after a change of policy, time used stays used, measured by the
//!   calendar that was in force when it ran, and [`Status::breached`] keeps the first instant at which time ran out.
//!
//! # Not here
//! Storing calendars and ledgers, choosing the policy of a case, words for people: the explanation is data.

mod amount;
mod calendar;
mod count;
mod error;
mod explain;
mod holidays;
mod hours;
mod ledger;
mod pattern;
mod status;

pub use amount::{BasisPoints, Millis};
pub use calendar::{Calendar, CalendarRef, Calendars, DayKind, DayPlan, Override};
pub use count::DayEnd;
pub use error::{CalendarError, CountError, LedgerError};
pub use explain::{ChangeNote, CountedDay, Explanation, Part, PauseNote, Skip, SkippedDay, explain};
pub use holidays::{Declared, Holidays};
pub use hours::{DayHours, Interval};
pub use ledger::{DueRule, Entry, Outcome, Policy};
pub use pattern::{WeeklyPattern, weekday_name, weekday_named};
pub use status::{Paused, State, Status, Stopped, Threshold, Warning, evaluate};
