//! File names: what a person called it, made safe to store, to show and to send in a header.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Kind;

/// Longest stored name, in characters.
const LONGEST: usize = 120;
/// What RFC 8187 allows bare in `filename*`.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The name under which `kind` is stored: the last part of a path, without control characters and marks that turn the
/// writing direction (they make `gpj.exe` look like `exe.jpg`), with an end that fits the content.
pub(crate) fn tidy(typed: &str, kind: Kind) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String =
        last.chars().filter(|c| !c.is_control() && !is_direction_mark(*c) && !"<>:\"|?*".contains(*c)).collect();
    let clean = clean.trim().trim_matches('.').trim();
    let (stem, end) = clean.rsplit_once('.').unwrap_or((clean, ""));
    let fits = kind.extensions().iter().any(|known| end.eq_ignore_ascii_case(known));
    let is_picture_end = ["jpg", "jpeg", "png", "webp"].iter().any(|known| end.eq_ignore_ascii_case(known));
    let extension = if fits { end } else { kind.extensions().first().copied().unwrap_or("bin") };
    // A photo that was encoded anew gets the new end instead of the old one; any other foreign end stays visible before it.
    let stem = if fits || (kind.is_picture() && is_picture_end) { stem } else { clean };
    let stem: String = stem.trim().chars().take(LONGEST - 6).collect();
    format!("{}.{extension}", if stem.is_empty() { "file" } else { &stem })
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

/// The header `Content-Disposition` (RFC 6266), for a tidy name.
pub(crate) fn disposition(name: &str, kind: Kind) -> String {
    let way = if kind.is_picture() { "inline" } else { "attachment" };
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    format!("{way}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, ATTR_CHAR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_safe_and_end_as_their_content() {
        for (typed, kind, tidied) in [
            ("photo.JPG", Kind::Jpeg, "photo.JPG"),
            ("photo.webp", Kind::Jpeg, "photo.jpg"),
            ("C:\\Users\\li\\发票 1.pdf", Kind::Pdf, "发票 1.pdf"),
            ("../../etc/passwd", Kind::Text, "passwd.txt"),
            ("invoice.exe", Kind::Text, "invoice.exe.txt"),
            ("a\u{202e}gpj.exe", Kind::Jpeg, "agpj.exe.jpg"),
            ("x\r\nSet-Cookie: a=b.txt", Kind::Text, "xSet-Cookie a=b.txt"),
            ("", Kind::Png, "file.png"),
            ("...", Kind::Png, "file.png"),
            (".jpg", Kind::Jpeg, "jpg.jpg"),
        ] {
            assert_eq!(tidy(typed, kind), tidied, "{typed:?}");
        }
        assert!(tidy(&"长".repeat(500), Kind::Pdf).chars().count() <= LONGEST);
    }

    #[test]
    fn headers_hold_any_name() {
        assert_eq!(
            disposition("发票 1.pdf", Kind::Pdf),
            "attachment; filename=\"__ 1.pdf\"; filename*=UTF-8''%E5%8F%91%E7%A5%A8%201.pdf"
        );
        assert!(disposition("a.png", Kind::Png).starts_with("inline;"));
    }
}
