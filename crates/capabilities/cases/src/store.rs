//! Rows of cases and what belongs to them; the only SQL of this crate.

mod acts;
mod case;
mod chats;
mod checks;
mod drafts;
mod erase;
mod extras;
mod lines;
mod links;
mod list;
mod marks;
mod messages;
mod numbers;
mod plans;
mod policy;
mod prints;
mod relations;
mod requests;
mod saved;
mod symptoms;
mod tasks;
mod texts;
mod via;
mod words;

pub use acts::{
    ActId, ActRow, insert_act, last_act, late_now, mark_taken_back, move_late, note_late, told_late, undecide_plan,
    unpropose, void_clocks, voided,
};
pub use case::{
    Case, Due, NOTHING_RUNS, any, by_external_id, get, get_many, give_own_flow, hold, id_of_number, insert,
    insert_many, live_in, save, save_pace, set_upset, stand_in,
};
pub use chats::{
    Chat, Reply, calls_back, chat_of, erase_chat, hold_thread, insert_reply, keep_chat, message, replies_of,
    reply_printed, thread_case,
};
pub use checks::{Check, CheckId, CheckLine, checks_of, day_key, due_checks, insert_checks, live_check, save_check};
pub use drafts::{Draft, DraftId, discard_draft, draft, draft_sent, drafts, forget_drafts, keep_draft};
pub use erase::{erase_case, ids_of_customer, open_of_customer};
pub use extras::{Extras, SolvedRow, by_slip, extras, insert_extras, of_serial, recent, solved};
pub use lines::{CaseRow, Exported, by_number, move_customer, of_customer, of_unit, serial_of};
pub use links::{Link, LinkId, NewLink, insert_link, link_by_hash, links_of, mark_opened, mark_used, revoke};
pub use list::{
    Filter, Listed, Measure, Measured, Order, Selected, Tally, count, count_all, counts, list, overdue_waits,
};
pub use marks::{Mark, Marked, forget_marks, insert_marks};
pub use messages::{Message, MessageId, insert_message, insert_messages, messages_of};
pub use numbers::{BLOCK, reserve};
pub use plans::{
    PlanId, PlanRow, decide_plan, declined, has_free_option, held_options, hold_options, insert_plan, insert_plans,
    options_open, plans_of, release_options, supersede,
};
pub use policy::{insert_limit_row, insert_policy_row, next_policy_version, policy};
pub use prints::{Prints, count_print, prints};
pub use relations::{Related, RelationId, relate, related_to, unrelate};
pub use requests::{
    TryId, forget_requests, insert_request, insert_try, keep_request_secret, request_secret, request_sent, tries,
};
pub use saved::{SavedList, SavedListId, forget_list, save_list, saved_lists};
pub use symptoms::{
    Symptom, SymptomId, cases_with, end_symptom, hold_symptom, insert_case_symptoms, insert_symptom, place_symptoms,
    symptom, symptoms, symptoms_of,
};
pub use tasks::{
    Task, TaskFilter, TaskId, TaskLine, Whose, count_tasks, hold_task, insert_tasks, open_tasks, save_task,
    save_task_pace, task, tasks, tasks_of,
};
pub use texts::{
    HeldReply, HeldReplyId, ReplyDraft, ReplyRule, ReplyRuleId, ReplyText, ReplyTextId, drop_reply_draft,
    erase_replies, forget_reply_drafts, held_by, held_of, insert_held, keep_reply_draft, reply_draft, reply_rule,
    reply_rules, reply_text, reply_texts, save_reply_rule, save_reply_text, settle_held,
};
pub use via::{Registered, came_by, last_by, registered, registered_at, set_via, via};
