//! Stored files: photos and documents that belong to records.
//!
//! Nouns: 文件 = [`FileRow`], 内容 = the bytes, named by their SHA-256, 缩略图 = thumbnail, 可见范围 = [`Visibility`].
//!
//! Invariants: what a file is, its bytes decide, never its name or what the sender says; pictures are encoded anew, so that
//! nothing but pixels survives (no location, no camera, no hidden second file); WebP becomes JPEG, or PNG when it is
//! transparent; colour profiles go. PDF and plain text are downloads only. Everything else is refused. Equal contents are
//! stored once. The bytes are stored before the row that names them, so a row never lacks its bytes; bytes without a row are
//! collected by a job.
//!
//! Not here: who may see a file (the record's capability asks), upload forms.

mod check;
mod collect;
mod name;
mod picture;
mod signature;
mod store;
mod vault;

pub use check::{Kind, MAX_PIXELS, MAX_SIZE};
pub use collect::{COLLECT, kind, periodic};
pub use signature::MAX_SIGNATURE;
pub use store::{
    FileRow, NewFile, Purpose, UPLOAD, Visibility, adopt, attach, delete, deleted_of, erase, find, move_part,
    of_record, restore,
};
pub use vault::{Content, Files, MAX_LETTER, Prepared};
