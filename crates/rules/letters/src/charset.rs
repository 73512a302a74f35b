//! Bytes into text, also when the sender says the wrong thing about them or nothing.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};

/// `bytes` as text: by what was declared if they fit it, else by what they look like. False when some could not be read.
pub(crate) fn text(bytes: &[u8], declared: Option<&str>) -> (String, bool) {
    let named = declared.and_then(|label| Encoding::for_label(label.trim().trim_matches('"').as_bytes()));
    // Latin-1 fits anything, so programs that know nothing declare it; ASCII becomes it by its label.
    let believed = named.filter(|encoding| *encoding != WINDOWS_1252 || bytes.is_ascii());
    if let Some(text) = believed.and_then(|encoding| whole(encoding, bytes)) {
        return (text, true);
    }
    if let Some(text) = whole(UTF_8, bytes) {
        return (text, true);
    }
    let guess = guessed(bytes);
    if let Some(text) = whole(guess, bytes) {
        return (text, true);
    }
    // Broken in places: what was declared is the best that can be said, a cut character is the commonest cause.
    let (text, _, _) = named.filter(|encoding| *encoding != WINDOWS_1252).unwrap_or(guess).decode(bytes);
    (text.into_owned(), false)
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let bytes = if encoding == UTF_8 { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) } else { bytes };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// What undeclared bytes are: mail of a shop in China is GB18030 unless it looks otherwise.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // Some thousand bytes decide it.
    let sample = bytes.get(..16_384).unwrap_or(bytes);
    detector.feed(sample, true);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    if guess.name() == "GBK" { GB18030 } else { guess }
}
