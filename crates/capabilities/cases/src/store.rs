//! Rows of cases and what belongs to them; the only SQL of this crate.

mod case;
mod drafts;
mod extras;
mod lines;
mod links;
mod list;
mod messages;
mod numbers;
mod plans;
mod policy;
mod symptoms;
mod words;

pub use case::{Case, Due, NOTHING_RUNS, by_external_id, get, hold, insert, insert_many, save, save_pace};
pub use drafts::{Draft, DraftId, discard_draft, draft, draft_sent, drafts, forget_drafts, keep_draft};
pub use extras::{Extras, SolvedRow, by_slip, extras, insert_extras, of_serial, recent, solved};
pub use lines::{CaseRow, Exported, of_customer};
pub use links::{Link, LinkId, NewLink, insert_link, link_by_hash, links_of, mark_opened, mark_used, revoke};
pub use list::{Filter, Measure, Measured, Order, Tally, count, count_all, export, list, overdue_waits};
pub use messages::{Message, MessageId, insert_message, insert_messages, messages_of};
pub use numbers::{BLOCK, reserve};
pub use plans::{PlanId, PlanRow, decide_plan, declined, insert_plan, insert_plans, options_open, plans_of, supersede};
pub use policy::{insert_limit_row, insert_policy_row, next_policy_version, policy};
pub use symptoms::{
    GoodsCategory, Symptom, SymptomId, cases_with, categories, end_symptom, insert_case_symptoms, insert_symptom, symptom,
    symptoms, symptoms_of,
};
