//! Finds records by what their texts say, by codes (phone numbers, serials, receipts, case numbers) and by the initials of
//! names, newest first, within reach, with the same answers on both engines.
//!
//! Nouns: 片段 = [`Piece`] (one text of one record), 词元 = token (what the engines look up), 代码 = [`code`], 命中 = [`Hit`].
//!
//! What is found: the query is cut at blanks and punctuation into terms, and a piece is found when it has them all. A term is
//! found where the text has the same characters in a row; Chinese anywhere, from one character on; Latin words and numbers from
//! their first character on (`iph` finds `iPhone`, `hone` does not). Case and full width do not matter, nor do blanks beside
//! words (`iPhone15 屏` is `iphone 15屏`); punctuation, and blanks between two Chinese characters, part. A term or the whole
//! query is also found when it is one of the piece's codes, whole; codes are never found by a part of themselves.
//!
//! How: tokens are overlapping pairs of Chinese characters (and each run's last one alone), words and numbers whole. The engines
//! give candidates that have all tokens, SQL confirms each on the folded text, so an answer never depends on an engine's tokenizer.
//!
//! Invariants: reach is part of the SQL, nothing is dropped after the page is cut; pieces are written in the transaction that
//! writes their record.
//!
//! Not here: who may search what (callers hand in the reach), links to records.

pub mod code;
mod find;
mod fold;
mod snippet;
mod store;
mod token;

pub use find::{Found, Hit, Query, find};
pub use snippet::Snippet;
pub use store::{Piece, index, prepare, rebuild, reindex, remove, set_place};
