//! The journal: who did what to which record, when it happened and when it was entered, in a form that proves itself.
//!
//! Nouns: 日志 = journal, 条目 = [`Entry`] (to write) and [`Recorded`] (as read), 变更 = [`Change`], 封存 = seal ([`seal`]),
//! 证明文件 = dossier ([`export_dossier`]), 卷宗包 = pack ([`pack()`]), 声明 =
//! statement ([`sign_statement`]), 签名密钥 = [`InstallationKey`].
//!
//! Invariants:
//! - Entries are only ever appended. Each record has its own chain, numbered from 1 without gaps; each entry's digest covers
//!   its header, the digest before it, and the mark of every field's values.
//! - A personal value is covered only by the mark H(salt, before, after). Erasure empties value and salt, keeps the mark, and
//!   is an entry of its own, so a value that vanished without one is found.
//! - A seal covers all entries that no earlier seal covers, in id order, under a Merkle root; seals are chained and signed.
//! - The name of a customer who acts is a personal value ([`ACTOR_NAME`]), never part of a header.
//!
//! What it cannot prove by itself: that nothing was cut off at the very end (entries after the last seal, or the last seals
//! themselves). Whoever keeps the newest seal's number and digest elsewhere closes that gap.
//!
//! Not here: words for verbs and fields (the capabilities' locales), who may read a record's journal (its capability).

mod digest;
mod dossier;
mod entry;
mod flaw;
mod key;
mod merkle;
mod pack;
mod seal;
mod statement;
mod store;
mod verify;

pub use dossier::{DossierFlaw, Summary, Verdict, export_dossier, verify_dossier};
pub use entry::{ACTOR_NAME, Change, ERASED, Entry, Recorded, RecordedChange, Who};
pub use flaw::{Flaw, Problem};
pub use key::{InstallationKey, KEY_FILE, KeyError, fingerprint};
pub use pack::{Part, is_pack, pack, verify_pack};
pub use seal::{Seal, seal};
pub use statement::{Signature, sign_statement, verify_statement};
pub use store::{across, append, append_all, append_each, erase_values, of_record};
pub use verify::{Report, verify};
