//! Use cases around returns.

mod access;
mod act;
mod events;
mod look;
mod open;
mod pos;
mod replay;
mod sign;
mod subsidy;

pub use access::{BUDGET, EXPORT, HANDLE, MONEY, PERMISSIONS, VIEW};
pub use act::{Changed, command, command_within};
pub use events::RECORD;
pub(crate) use events::{WORDS as PERSONAL_WORDS, event};
pub use look::{COUNTED, DOOR, Detail, Export, Offer, Page, counts, detail, export, judged_again, list};
pub use open::{Candidate, CandidateLine, Wanted, WantedLine, candidate, candidate_within, open, open_within};
pub use pos::{budgets, mismatches, record_pos, set_budget};
pub(crate) use replay::JOB as REPLAY_JOB;
pub use replay::{
    RECORD as REPLAY_RECORD, Replayed, Trial, publish as publish_replay, replayed, replays, run as run_replay, try_out,
};
pub(crate) use sign::{answered, month_of};
pub use subsidy::{duty, owed_open, settle_subsidy};
