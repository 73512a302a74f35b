//! The head made readable before it is parsed: raw eight-bit text and encoded words (RFC 2047) in any writing become UTF-8.
//!
//! Programs cut a character of two bytes between two encoded words, which RFC 2047 forbids; therefore neighbours of one writing are
//! joined as bytes before they are read.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use crate::charset;

/// The head with all encoded words as UTF-8.
pub(crate) fn readable(head: &[u8]) -> (Vec<u8>, bool) {
    let (text, mut whole) = charset::text(head, None);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, from)) = rest.find("=?").and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let Some((first, mut after)) = word(from) else {
            let (mark, behind) = from.split_at_checked(2).unwrap_or((from, ""));
            out.push_str(mark);
            rest = behind;
            continue;
        };
        let mut bytes = first.bytes;
        // Only white space between two encoded words: it is none (RFC 2047 §6.2).
        while let Some((next, behind)) = word(after.trim_start_matches([' ', '\t', '\r', '\n'])) {
            if !next.charset.eq_ignore_ascii_case(first.charset) {
                break;
            }
            bytes.extend(next.bytes);
            after = behind;
        }
        let (said, fits) = charset::text(&bytes, Some(first.charset));
        whole &= fits;
        out.push_str("=?utf-8?Q?");
        for byte in said.bytes() {
            // Every other byte in hexadecimal: what was said cannot be taken for an address or for another line.
            if byte.is_ascii_alphanumeric() {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("={byte:02X}"));
            }
        }
        out.push_str("?=");
        // A word of another writing follows at once: it needs a gap to be seen as a word.
        if after.trim_start().starts_with("=?") && !after.starts_with([' ', '\t', '\r', '\n']) {
            out.push(' ');
        }
        rest = after;
    }
    out.push_str(rest);
    (out.into_bytes(), whole)
}

struct Word<'t> {
    charset: &'t str,
    bytes: Vec<u8>,
}

/// Longest encoded word that is looked at: RFC 2047 allows 75 characters, real programs write some hundred.
const LONGEST: usize = 8_192;

/// The encoded word at the beginning of `text`, and what follows it.
fn word(text: &str) -> Option<(Word<'_>, &str)> {
    let inner = text.strip_prefix("=?")?;
    let near = &inner.get(..floor(inner, LONGEST))?;
    let (charset, rest) = near.split_once('?')?;
    let (kind, rest) = rest.split_once('?')?;
    let (coded, _) = rest.split_once("?=")?;
    let used = charset.len().checked_add(kind.len())?.checked_add(coded.len())?.checked_add(4)?;
    let after = inner.get(used..)?;
    if charset.is_empty() || charset.len() > 40 || coded.contains(['\r', '\n']) {
        return None;
    }
    let bytes = match kind {
        "B" | "b" => base64_decode(coded.trim().as_bytes())?,
        "Q" | "q" => quoted_printable_decode(coded.replace('_', "=20").as_bytes())?,
        _ => return None,
    };
    // A language may stand behind the writing (RFC 2231 §5).
    let charset = charset.split('*').next().unwrap_or(charset);
    Some((Word { charset, bytes }, after))
}

/// The largest boundary between characters that is not behind `at`.
fn floor(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
