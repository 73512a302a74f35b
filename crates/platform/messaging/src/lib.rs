//! Outgoing mail, SMS and callbacks of chats.
//!
//! Nouns: 消息 = [`Message`], 渠道 = [`Channel`], 模板 = [`Template`], 发送商 = [`Provider`], 回执 = [`Receipt`],
//! 免打扰时段 = [`QuietHours`], 计费条数 = segments, 邮件会话 = [`Thread`], 文字 = [`Wording`], 发送设置 = [`setup`].
//!
//! Invariants: a use case only queues (a row and a job in its own transaction); the job sends. Before a provider is called,
//! the message is `sending` in a transaction of its own, so a message found `sending` by a later attempt may have gone out:
//! it becomes `unknown` and only a person sends it again, unless the provider takes our id as an idempotency key. Addresses
//! are masked when rows leave the store.
//!
//! Not here: reading incoming mail, who is told what and when (the capabilities), the settings' screens.

mod address;
mod callback;
mod counting;
mod http;
mod language;
mod log;
mod provider;
mod quiet;
mod segments;
mod send;
pub mod setup;
mod signed;
mod smtp;
mod store;
mod template;
mod thread;
mod trust;
mod wire;
mod wording;

pub use address::{Address, Channel, mask};
pub use callback::{HOOK, conversation};
pub use counting::FAILED_JOB;
pub use language::{forget_language, language_of, set_language};
pub use log::Log;
pub use provider::{Outcome, Outgoing, Provider, Providers};
pub use quiet::QuietHours;
pub use segments::{Encoding, Segments, segments};
pub use send::kind;
pub use signed::{Signed, SignedSettings, is_signed, signature};
pub use smtp::{Smtp, SmtpSettings, Tls};
pub use store::{
    CopiedText, Message, MessageFilter, MessageRow, MessageState, NewMessage, Past, Receipt, count, erase, find,
    keep_copied, list, of_record, queue, receipt, resend, reveal, settle_past,
};
pub use template::{TEMPLATES, Template, Text};
pub use thread::{InThread, Thread, answered, bounced, keep_thread, sent_to, thread_of};
pub use trust::Trust;
pub use wire::{Wire, connect, secure};
pub use wording::{
    MAIL_LIMIT, SMS_LIMIT, SUBJECT_LIMIT, VARIABLES, Wording, WordingVersion, billed, check_wording, fill, save_named,
    save_wording, unknown_variable, used, versions, versions_named, wording,
};
