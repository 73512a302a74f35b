//! Working calendars of the company and its stores, and the clocks that run on them. All counting is done by [`worktime`]; this
//! crate keeps the data and hands it over.
//!
//! # Nouns
//! 工作日历 = [`WorkCalendar`], 例外日 = exceptional day ([`worktime::Override`]), 节假日 = holiday table, 计时 = [`Clock`],
//! 计时流水 = the clock's ledger, 到期依据 = [`Explained`], 版本 = edition.
//!
//! # Invariants
//! - Calendar data is never overwritten. Each edit is an edition; a clock names the edition that last touched its calendar, and that
//!   state can always be built again.
//! - The ledger of a clock only grows; the row in `clock` is what follows from it and can be computed anew.
//! - An edit of a calendar moves no due time by itself: [`follow_calendars`] appends the change to each open clock, from that instant on.
//! - Each crossing of a warning share or a due time is answered by [`sweep`] once.
//!
//! # Not here
//! Which policy a case has, who may edit a calendar, journal entries, pages: the caller's.

mod again;
mod clock;
mod edit;
mod explained;
mod follow;
mod ledger;
mod load;
mod refusal;
mod seed;
mod start;
mod store;
mod sweep;

pub use worktime;

pub use again::again;
pub use clock::{Clock, Ending, Entered, Standing};
pub use edit::{
    NewCalendar, Scope, WorkCalendar, assign, assigned, calendars, create, declare_year, drop_hours, edition, holidays,
    lift_override, of_store, open_clocks, overrides, set_hours, set_override, unassign, units_with_overrides, weeks,
};
pub use explained::{Explained, Line, Role, Said, explain, lines};
pub use follow::{Followed, follow_calendars};
pub use ledger::{Change, change, get, of_record, of_records, pause, resume, status, stop};
pub use seed::seed;
pub use start::{Basis, NewClock, replay, start};
pub use sweep::{Crossed, Crossing, sweep};
