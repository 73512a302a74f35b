//! A text as the classifier reads it.

/// Characters that are read of one text; what comes after says nothing new and would only cost time.
pub const LONGEST: usize = 3_000;

/// One character as it is read, and where it stands in the original text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sign {
    /// In lower case and ordinary width; a blank for anything that separates lines or words.
    pub(crate) read: char,
    /// Bytes of the original: from, to.
    pub(crate) place: (usize, usize),
}

/// Full width, case, runs of blanks and runs of the same sign (太好了！！！！) make no difference. A blank stands before and after the text,
/// so that its beginning and end are something to learn from.
pub(crate) fn signs(text: &str) -> Vec<Sign> {
    let mut signs = vec![Sign { read: ' ', place: (0, 0) }];
    for (at, original) in text.char_indices() {
        if signs.len() > LONGEST {
            break;
        }
        let read = plain(original);
        let mut before = signs.iter().rev().map(|sign| sign.read);
        let (last, last_but_one) = (before.next(), before.next());
        if last == Some(read) && (read == ' ' || last_but_one == Some(read)) {
            continue;
        }
        signs.push(Sign { read, place: (at, at + original.len_utf8()) });
    }
    if signs.last().is_some_and(|sign| sign.read != ' ') {
        signs.push(Sign { read: ' ', place: (text.len(), text.len()) });
    }
    signs
}

fn plain(original: char) -> char {
    let narrow = match original {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(original).saturating_sub(0xFEE0)).unwrap_or(original),
        _ => original,
    };
    if narrow.is_whitespace() || narrow.is_control() || matches!(narrow, '\u{FEFF}' | '\u{200B}'..='\u{200F}') {
        return ' ';
    }
    narrow.to_lowercase().next().unwrap_or(narrow)
}

/// The same number for texts that differ only in case, width, blanks and signs: for keeping copies of a text together.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let letters = signs(text).into_iter().map(|sign| sign.read).filter(|sign| sign.is_alphanumeric());
    letters.fold(0xCBF2_9CE4_8422_2325, |digest, letter| mix(digest ^ u64::from(u32::from(letter))))
}

/// Spreads every bit of `value` over all bits (splitmix64's finaliser).
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        signs(text).into_iter().map(|sign| sign.read).collect()
    }

    #[test]
    fn width_case_blanks_and_repeated_signs_make_no_difference() {
        assert_eq!(read("ＡＰＰ　Good！！！！\r\n好好好好"), " app good!! 好好 ");
        assert_eq!(read(""), " ");
        assert_eq!(read("\u{FEFF}好"), " 好 ");
    }

    #[test]
    fn every_sign_knows_its_place() {
        let text = "Ａ好";
        let places: Vec<&str> = signs(text).iter().map(|sign| text.get(sign.place.0..sign.place.1).unwrap()).collect();
        assert_eq!(places, ["", "Ａ", "好", ""]);
    }

    #[test]
    fn copies_have_one_fingerprint() {
        assert_eq!(fingerprint("物流 很快，Good！"), fingerprint("物流很快good"));
        assert_ne!(fingerprint("物流很快"), fingerprint("物流很慢"));
    }

    #[test]
    fn a_text_is_read_up_to_its_limit() {
        assert_eq!(signs(&"好坏".repeat(LONGEST)).len(), LONGEST + 2);
    }
}
