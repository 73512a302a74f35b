use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::limits;

/// What was left out of a letter because it is too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tamed {
    /// Everything beyond the bytes that are read.
    Bytes,
    /// The rest of an endless head.
    Head,
    /// Parts that lie too deep.
    Depth,
    /// Parts beyond the number that is read.
    Parts,
    /// Receivers beyond the number that is looked at.
    Receivers,
    /// The end of a long text.
    Text,
    /// Attachments that are too many or too large.
    Attachments,
    /// Bytes that are in no known writing.
    Letters,
}

impl Tamed {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Head => "head",
            Self::Depth => "depth",
            Self::Parts => "parts",
            Self::Receivers => "receivers",
            Self::Text => "text",
            Self::Attachments => "attachments",
            Self::Letters => "letters",
        }
    }
}

/// Where the head ends and the body begins: behind the first empty line.
pub(crate) fn split(raw: &[u8]) -> (&[u8], &[u8]) {
    let wide = memmem::find(raw, b"\r\n\r\n").map(|at| at.saturating_add(4));
    let narrow =
        memmem::find(raw.get(..wide.unwrap_or(raw.len())).unwrap_or(raw), b"\n\n").map(|at| at.saturating_add(2));
    raw.split_at_checked(narrow.or(wide).unwrap_or(raw.len())).unwrap_or((raw, &[]))
}

/// The part of `raw` that is read. Counted are the lines that begin a part, before anything is parsed: so the parser, whose work grows
/// with depth times length, never meets more of either than is allowed.
pub(crate) fn tame<'r>(raw: &'r [u8], left_out: &mut Vec<Tamed>) -> (&'r [u8], &'r [u8]) {
    let mut raw = raw;
    if let Some(start) = raw.get(..limits::BYTES) {
        if raw.len() > limits::BYTES {
            left_out.push(Tamed::Bytes);
        }
        raw = start;
    }
    let (mut head, mut body) = split(raw);
    if head.len() > limits::HEAD {
        left_out.push(Tamed::Head);
        head = head.get(..limits::HEAD).unwrap_or(head);
    }
    let (mut parts, mut holders) = (0_usize, 0_usize);
    for at in memchr::memchr_iter(b'\n', body) {
        let line = body.get(at.saturating_add(1)..).unwrap_or_default();
        let Some(kind) = content_type(line) else { continue };
        parts = parts.saturating_add(1);
        if holds_parts(kind) {
            holders = holders.saturating_add(1);
        }
        let too_much = match () {
            () if holders >= limits::DEPTH => Tamed::Depth,
            () if parts >= limits::PARTS => Tamed::Parts,
            () => continue,
        };
        left_out.push(too_much);
        body = body.get(..at.saturating_add(1)).unwrap_or(body);
        break;
    }
    (head, body)
}

fn content_type(line: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"content-type:";
    let (name, rest) = line.split_at_checked(NAME.len())?;
    name.eq_ignore_ascii_case(NAME).then_some(rest)
}

fn holds_parts(kind: &[u8]) -> bool {
    let kind = kind.trim_ascii_start();
    [b"multipart/".as_slice(), b"message/"]
        .iter()
        .any(|holder| kind.get(..holder.len()).is_some_and(|start| start.eq_ignore_ascii_case(holder)))
}
