//! The responsibility matrix (责任矩阵, RACI): who does it, who answers for it, who is asked and who is told, by what a complaint is about.
//!
//! Invariants: a topic always has somebody responsible and exactly one accountable; a change is a new version with a reason; a complaint
//! is judged by the version in force when it was taken on.

mod api;
mod app;
mod domain;
mod pages;
mod store;

pub(crate) use api::{MatrixDescription, change as api_change, list as api_list, of_complaint as api_of_complaint};
pub(crate) use app::inform;
pub use app::{Ask, EDIT, NewMatrix, PERMISSION, Seat, ask, at_work, change, history, list};
pub use domain::{Part, Who};
pub(crate) use pages::{
    Card, card, due_of, edit as page_edit, give as page_give, list as page_list, save as page_save,
};
pub use store::{Line, Matrix};
