//! The customer's rating page, the answers and what is done about them, the rule.

mod detail;
mod list;
mod phone;
mod rate;
mod recover;
mod settings;

pub(crate) use detail::{exclude, hand_over, invitation, show};
pub(crate) use list::{filter, list};
pub(crate) use phone::{ask, note};
pub(crate) use rate::{answer, rate, rating};
pub(crate) use recover::{recovered, recovering};
pub(crate) use settings::{read as read_rule, save as save_rule, show as show_rule};
