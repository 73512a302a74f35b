//! How much of a letter is read. What is beyond is left out with a [`crate::Tamed`], the letter itself is not lost.

/// Bytes of a letter: the largest that mail providers let through is 50 MB, which is 70 MB in transport encoding.
pub const BYTES: usize = 100 * 1024 * 1024;
/// Bytes of its head: real ones stay below 64 KB, ten thousand receivers make half a megabyte.
pub const HEAD: usize = 1024 * 1024;
/// Parts inside parts: a letter forwarded ten times is 20 deep.
pub const DEPTH: usize = 50;
/// Parts altogether: a digest of a busy list has some hundred.
pub const PARTS: usize = 1_000;
/// Receivers that are looked at.
pub const RECEIVERS: usize = 10_000;
/// Receivers that come out; the others are counted.
pub const RECEIVERS_KEPT: usize = 50;
/// Message-IDs of the thread that come out, the newest.
pub const REFERENCES: usize = 50;
/// Longest Message-ID, in bytes (a line of RFC 5322 has 998).
pub const MESSAGE_ID: usize = 998;
/// Longest address, in characters (RFC 5321 §4.5.3.1).
pub const ADDRESS: usize = 320;
/// Longest name and subject, in characters.
pub const LINE: usize = 200;
/// Bytes of text that are read: a novel.
pub const TEXT: usize = 1024 * 1024;
/// Characters of what was said that come out, and of what was quoted: as long as a case's text may be.
pub const SAID: usize = 18_000;
/// Attachments that come out.
pub const ATTACHMENTS: usize = 50;
/// Bytes of one attachment that comes out; a larger one is named, without its bytes.
pub const ATTACHMENT: usize = 25 * 1024 * 1024;
/// Hops after which a letter goes round in circles (RFC 5321 §6.3 says 100; real ways have a dozen).
pub const HOPS: usize = 50;
