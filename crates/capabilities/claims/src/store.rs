//! Rows of claims, their steps, terms and books; the only SQL of this crate.

mod books;
mod list;
mod rows;

pub use books::{Posted, balance_of, entries_of, post, unbalanced};
pub use list::{Filter, Listed, Receivable, Show, count, list, makers, receivables};
pub use rows::{
    Claim, ClaimId, Step, Term, TermId, add_step, get, hold, insert, missed, near, next_number, of_lines, of_repair,
    of_return, of_unit, open_of_maker, save, save_due, save_term, set_missed, set_warned, steps, term, terms,
};
