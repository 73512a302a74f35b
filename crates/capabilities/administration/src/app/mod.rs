//! What can be done, each as one recorded transaction.

pub mod calendars;
pub mod first_run;
pub mod history;
pub mod own;
pub mod people;
pub mod roles;
pub mod staff;
pub mod stores;
pub(crate) mod switch;
pub mod trades;
pub mod units;
