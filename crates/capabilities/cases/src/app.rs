//! Use cases around cases.

mod access;
mod act;
mod approval;
mod back;
mod chats;
mod checks;
mod clocks;
mod command;
mod customer;
mod desk;
mod detail;
mod doors;
mod drafts;
mod events;
mod export;
pub mod files;
pub mod flow;
mod follow;
mod follow_up;
mod forgotten;
mod held;
pub mod input;
mod intake;
mod letters;
mod likeness;
mod links;
mod list;
mod marks;
mod merged;
mod message;
mod noticed;
mod notify;
mod pace;
mod policy;
mod print;
pub mod replay;
mod reply;
mod reply_texts;
mod request;
mod saved;
mod scan;
mod sweep;
mod symptom_change;
mod symptoms;
mod tasks;
mod tell;
mod timeline;
mod track;
mod wechat;

pub use access::{
    ASSIGN, CHECK, CLOSE, EXPORT, PERMISSIONS, REJECT, RULES_EDIT, RULES_VIEW, SYMPTOMS, TAKE_IN, TASK_VIEW, TASK_WORK,
    VIEW, WORK,
};
pub(crate) use approval::listen;
pub use approval::{GOODWILL, Question};
pub use back::{Back, take_back};
pub use chats::{ChatRules, ChatTaken, NewChat, ReadyChat, chat_rules, goes_on, ready_chat, take_chat};
pub use checks::{CheckDone, Checks, check, due_checks};
pub use command::{Changed, command, command_within, signed};
pub use customer::{
    Choice, CustomerPlan, CustomerView, Heard, customer_close, customer_decide, customer_message, customer_reopen,
    customer_view,
};
pub use detail::{ClockView, Detail, Offer, detail, explain, verdict_of};
pub use doors::{CHANNEL, CHANNELS_VIEW, door_names, doors};
pub use drafts::{Kept, discard_draft, draft, drafts, forget_drafts, keep_draft};
pub use events::RECORD;
pub use export::{Export, export};
pub use follow::follow_calendars;
pub use follow_up::{follow_up, relate, unrelate};
pub(crate) use forgotten::forget_customer;
pub(crate) use held::follow_answers;
pub use held::{HELD, REPLY, Waiting, held_replies};
pub use intake::{CustomerChoice, Intake, TakenIn, VIA, WRITTEN_TO, of_slip, solve_on_the_spot, take_in};
pub use letters::{
    AnswerRules, Answered, NewLetter, ReadyLetter, answer_by_letter, answer_rules, ready_letter, take_in_letter,
};
pub use likeness::{Asked, Solved, Twin, Why, similar, twins};
pub use links::{Issued, Rating, asked_to_rate, issue_link, link_path, rate_link, revoke_links, valid_link};
pub use list::{Page, Sheet, count, counts, list, list_and_count, open_of_customer};
pub(crate) use marks::mark;
pub(crate) use merged::follow_customer;
pub use message::{NewReply, Posted, post_message, post_reply, post_with_files};
pub use noticed::{Prepared, prepare, take_in_within};
pub(crate) use notify::listen as notify_staff;
pub use pace::{Hurry, hurry, settle};
pub use policy::{
    Allowance, DeadlineChange, POLICY_RECORD, PolicyChange, RowName, change_policy, change_policy_within,
    changed_policy, policy,
};
pub use print::{Copy, Paper, PrintOrder, Printed, may_print, print, printed_before};
pub use reply::{Became, Ways, letter, letter_printed, replies, reply_ways};
pub use reply_texts::{
    Offered, REPLY_RULE, REPLY_TEXT, REPLY_VARIABLES, RuleDraft, TextDraft, TextShown, filled_text,
    forget_reply_drafts, keep_reply_draft, offered_texts, reply_draft, reply_rule, reply_rules, reply_text,
    reply_texts, save_reply_rule, save_reply_text,
};
pub use request::{Request, Requested, answer_minutes, forget_requests, request, request_stamp};
pub use saved::{KEPT_MOST, forget, keep, kept};
pub use scan::{Answer, Chosen, Found, Hit, SCAN, Say, scan};
pub use sweep::{Swept, sweep, wake};
pub use symptom_change::{RULES, SymptomChange, change_symptom, editable_symptom};
pub use symptoms::{Catalogue, NewSymptom, add_symptom, gravest, retire_symptom, symptom_record, symptoms};
pub use tasks::{
    NewTask, TASK, TaskChanged, TaskDetail, TaskDue, TaskTo, TaskView, Tasks, explain_task, give_task,
    give_task_within, task_command, task_counts, task_detail, task_input, tasks,
};
pub use timeline::{Item, Timeline, timeline};
pub use track::send_tracking;
pub use wechat::{Ready, language, speak, text_copied, text_for_wechat, wording_of};

pub use crate::store::{
    Case, CaseRow, Chat, Check, CheckLine, Draft, DraftId, Due, Exported, Extras, Filter, HeldReply, Link, Listed,
    Message, MessageId, Order, PlanRow, Registered, Related, ReplyDraft, ReplyRule, ReplyRuleId, ReplyText,
    ReplyTextId, SavedList, SavedListId, SolvedRow, Symptom, SymptomId, Tally, Task, TaskId, TaskLine,
};
