//! Quality review (质检): a stated sample of handled complaints is marked by a second person.
//!
//! Invariants: who knows the population, the size and the seed draws the same sample; no complaint is drawn twice; whoever handled it,
//! whom it is about and whoever stands in for the handler do not mark it; a mark is given once; the handler may answer once.

mod api;
mod app;
mod domain;
mod pages;
mod store;

pub(crate) use api::{
    ReviewDescription, answer as api_answer, draw as api_draw, list as api_list, mark as api_mark, show as api_show,
};
pub use app::{
    Draw, EDIT, Found, Marked, PERMISSION, REVIEW, SHEET_PERMISSION, Whole, answer, change_sheet, draw, list, mark,
    of_case, whole,
};
pub use domain::{Criterion, sample, score};
pub(crate) use pages::{
    answer as page_answer, begin as page_begin, draw as page_draw, list as page_list, mark as page_mark,
    sheet as page_sheet, sheet_save as page_sheet_save, show as page_show,
};
pub use store::{Filter, Review, ReviewId, Show, State};
