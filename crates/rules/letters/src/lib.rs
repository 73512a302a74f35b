//! Letters as people and programs send them: raw bytes of RFC 5322 in, a [`Letter`] out that a clerk can read.
//!
//! Nouns: 来信 = [`Letter`], 附件 = [`Attachment`], 引用 = quoted text ([`Words`]), 自动回复 = [`Sort::Automatic`], 退信 = [`Bounce`], 会话标签 = tag
//! ([`ThreadKey`]), 驯服 = what was left out of a letter that is too much ([`Tamed`]).
//!
//! Invariants: any bytes give a letter, never a panic; the work grows with the length of the letter and no faster; what comes out is
//! bounded by the constants of [`limits`], and what was left out is said; of HTML only the words come out, and from
//! [`shaped`] a fragment that is written anew and sanitised; a tag that was not made
//! with the key is not believed. Pure: no clock, no network, no files. Not here: where letters come from, what becomes of them.

mod attached;
mod automatic;
mod bounce;
mod charset;
mod fold;
mod head;
mod letter;
pub mod limits;
mod page;
mod shaped;
mod tame;
mod thread;

pub use attached::Attachment;
pub use automatic::Automatic;
pub use bounce::Bounce;
pub use fold::{Words, fold};
pub use letter::{Letter, Mailbox, Sort, read, shaped};
pub use tame::Tamed;
pub use thread::{Claim, ThreadKey, own_message_id};
