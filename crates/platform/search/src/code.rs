//! Codes: what names a record exactly and is looked up whole, such as phone numbers, serial and receipt numbers, case numbers
//! and the initials of names.

use pinyin::{ToPinyin, ToPinyinMulti};

use crate::fold::{Class, plain};

/// Longer codes are cut.
const LONGEST: usize = 64;
/// Readings of a name beyond these are left out.
const MOST_READINGS: usize = 16;

/// `text` as a code: half width, lower case, without blanks and punctuation. `None` when nothing is left.
pub fn exact(text: &str) -> Option<String> {
    let kept = |c: &char| !matches!(Class::of(*c), Class::Space | Class::Other);
    let code: String = text.chars().flat_map(plain).filter(kept).take(LONGEST).collect();
    (!code.is_empty()).then_some(code)
}

/// The codes of a phone number: all its digits, and its last four.
pub fn phone(number: &str) -> Vec<String> {
    let digits: Vec<char> = number.chars().flat_map(plain).filter(char::is_ascii_digit).take(LONGEST).collect();
    let tail = digits.get(digits.len().saturating_sub(4)..).unwrap_or_default();
    let mut codes = vec![digits.iter().collect::<String>(), tail.iter().collect()];
    codes.dedup();
    codes.retain(|code| !code.is_empty());
    codes
}

/// The pinyin initials of a name in all its readings: 曾红 gives `zh` and `ch`. Letters and digits in the name stand for
/// themselves; a name without Chinese characters has no initials.
pub fn initials(name: &str) -> Vec<String> {
    let mut readings = vec![String::new()];
    let mut chinese = false;
    for c in name.chars().flat_map(plain).take(LONGEST) {
        let mut letters: Vec<char> = Vec::new();
        match c.to_pinyin_multi() {
            Some(readings) => {
                chinese = true;
                // The usual reading first, so that it is never among those left out.
                let all = c.to_pinyin().into_iter().chain(readings);
                for letter in all.filter_map(|reading| reading.plain().chars().next()) {
                    if !letters.contains(&letter) {
                        letters.push(letter);
                    }
                }
            }
            None if matches!(Class::of(c), Class::Letter | Class::Digit) => letters.push(c),
            None => continue,
        }
        let longer = readings.iter().flat_map(|reading| letters.iter().map(move |letter| format!("{reading}{letter}")));
        readings = longer.take(MOST_READINGS).collect();
    }
    if chinese { readings } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_found_whole_and_by_its_last_four() {
        assert_eq!(phone("138-0013-8000"), ["13800138000", "8000"]);
        assert_eq!(phone("１２３"), ["123"]);
        assert!(phone("none").is_empty());
    }

    #[test]
    fn a_name_is_found_by_its_initials_in_every_reading() {
        for (name, reading) in [("王小明", "wxm"), ("曾红", "zh"), ("曾红", "ch"), ("王A1", "wa1"), ("单 雄信", "sxx")]
        {
            assert!(initials(name).contains(&reading.to_owned()), "{name}: {:?}", initials(name));
        }
        assert_eq!(initials("王小明").first().map(String::as_str), Some("wxm"), "the usual reading first");
        assert!(initials("Anna").is_empty());
        assert!(initials(&"曾".repeat(40)).len() <= MOST_READINGS);
    }

    #[test]
    fn a_code_ignores_how_it_is_written() {
        assert_eq!(exact("ＡＢ-12 34").as_deref(), Some("ab1234"));
        assert_eq!(exact(" -\u{0}'😀"), None);
    }
}
