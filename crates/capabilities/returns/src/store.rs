//! Rows of returns, their lines and their money; the only SQL of this crate.

mod list;
mod money;
mod replay;
mod rows;
mod subsidy;

pub use list::{Filter, Listed, Show, count, list};
pub use money::{
    Budget, Mismatch, MismatchKind, Payment, PaymentId, PosRefund, Posted, Precedent, balance_of, budget, by_approval,
    confirm, entries_of, insert_payment, insert_pos, mark_reconciled, mismatches, pay, payments, pos_taken, post,
    precedents, reopen_payment, save_budget, set_state, unbalanced, used, void_open,
};
pub use replay::{
    Behind, Difference, PastExtra, PastLine, Replay, ReplayId, differences, get_replay, insert_replay, judged_between,
    list_replays, past_extras, past_lines, save_differences, save_replay,
};
pub use rows::{
    LineRow, Return, ReturnId, erase, get, hold, hold_sale, insert, insert_lines, kill_lines, lines, of_case,
    open_of_sale, returned, save, save_line,
};
pub use subsidy::{Owed, OwedId, OwedState, OwedWhat, insert_owed, owed, owed_done, owed_open, owed_void};
