//! What can be done, each as one recorded transaction.

pub mod first_run;
pub mod own;
pub mod people;
pub(crate) mod switch;
pub mod units;
