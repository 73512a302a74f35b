/// How the characters of an SMS are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The GSM 7-bit default alphabet (3GPP TS 23.038 §6.2.1): 160 characters, 153 per part of a longer text.
    Gsm,
    /// UTF-16 units: 70, 67 per part of a longer text.
    Ucs2,
}

/// What an SMS costs in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segments {
    /// How it is coded.
    pub encoding: Encoding,
    /// How many parts the provider bills; none for an empty text.
    pub count: i64,
}

const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// These take an escape and a character.
const GSM_EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Counts the parts of `text`. A character is never split between two parts.
pub fn segments(text: &str) -> Segments {
    let gsm: Option<Vec<usize>> = text
        .chars()
        .map(|c| if GSM_BASIC.contains(c) { Some(1) } else { GSM_EXTENDED.contains(c).then_some(2) })
        .collect();
    match gsm {
        Some(widths) => Segments { encoding: Encoding::Gsm, count: parts(&widths, 160, 153) },
        None => {
            let widths: Vec<usize> = text.chars().map(char::len_utf16).collect();
            Segments { encoding: Encoding::Ucs2, count: parts(&widths, 70, 67) }
        }
    }
}

fn parts(widths: &[usize], alone: usize, joined: usize) -> i64 {
    if widths.is_empty() {
        return 0;
    }
    if widths.iter().sum::<usize>() <= alone {
        return 1;
    }
    let (mut count, mut used) = (1, 0);
    for width in widths {
        if used + width > joined {
            count += 1;
            used = 0;
        }
        used += width;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gsm_texts_hold_160_alone_and_153_in_parts() {
        for (length, count) in [(0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3)] {
            assert_eq!(segments(&"a".repeat(length)), Segments { encoding: Encoding::Gsm, count }, "{length}");
        }
    }

    #[test]
    fn chinese_texts_hold_70_alone_and_67_in_parts() {
        for (length, count) in [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)] {
            assert_eq!(segments(&"单".repeat(length)), Segments { encoding: Encoding::Ucs2, count }, "{length}");
        }
    }

    #[test]
    fn escapes_count_twice_and_nothing_is_split() {
        assert_eq!(segments(&"€".repeat(80)).count, 1);
        assert_eq!(segments(&"€".repeat(81)).count, 2);
        // 152 + an escaped pair does not fit 153, so the pair opens the next part.
        assert_eq!(segments(&format!("{}€{}", "a".repeat(152), "a".repeat(152))).count, 3);
        // 33 emoji are 66 units; the 34th would be cut in two.
        assert_eq!(segments(&"😀".repeat(35)).count, 1);
        assert_eq!(segments(&"😀".repeat(36)).count, 2);
        assert_eq!(segments(&"😀".repeat(67)).count, 3);
    }

    #[test]
    fn one_foreign_character_makes_the_whole_text_ucs2() {
        assert_eq!(segments(&format!("{}é", "a".repeat(100))).encoding, Encoding::Gsm);
        assert_eq!(segments(&format!("{}ê", "a".repeat(100))), Segments { encoding: Encoding::Ucs2, count: 2 });
    }
}
