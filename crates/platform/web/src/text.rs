//! What people type, before it is taken: line ends, invisible marks, full-width digits, telephone numbers, amounts.

use kernel::Money;

/// Why a piece of text cannot be taken; `field-<code>` is its sentence.
pub(crate) type Problem = (&'static str, Vec<(&'static str, String)>);

const fn plain(code: &'static str) -> Problem {
    (code, Vec::new())
}

/// Text as it is kept: line ends `\n`, no blanks at the ends, no control characters, none of the marks that turn the direction
/// of what follows (they can make one number look like another). Emoji, joiners and letters of any script stay.
///
/// # Errors
/// `nul` when it holds a NUL, which no database text can; `too-long` beyond `max` characters.
pub(crate) fn clean(text: &str, max: usize) -> Result<String, Problem> {
    if text.contains('\0') {
        return Err(plain("nul"));
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = lines.chars().filter(|letter| is_kept(*letter)).collect();
    let kept = kept.trim();
    let length = kept.chars().count();
    if length > max {
        return Err(("too-long", vec![("max", max.to_string()), ("now", length.to_string())]));
    }
    Ok(kept.to_owned())
}

fn is_kept(letter: char) -> bool {
    let turns_direction = matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !turns_direction && (!letter.is_control() || matches!(letter, '\n' | '\t')) && letter != '\u{FEFF}'
}

/// Full-width digits and signs as ASCII, so that a Chinese input method makes no difference.
pub(crate) fn narrow(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
            '\u{3000}' => ' ',
            '。' => '.',
            '−' | '–' => '-',
            other => other,
        })
        .collect()
}

/// A mainland mobile number as its 11 digits, from `138 0000 5678`, `+86-138-0000-5678`, `０１…` and the like.
///
/// # Errors
/// `phone-letters`, `phone-digits` (with how many there are), `phone-start`.
pub(crate) fn phone(text: &str) -> Result<String, Problem> {
    let narrow = narrow(text);
    let bare: String =
        narrow.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')' | '.') && is_kept(*c)).collect();
    let digits = bare.strip_prefix("+86").or_else(|| bare.strip_prefix("0086")).unwrap_or(&bare);
    let digits = if digits.len() == 13 { digits.strip_prefix("86").unwrap_or(digits) } else { digits };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(plain("phone-letters"));
    }
    if digits.len() != 11 {
        return Err(("phone-digits", vec![("now", digits.len().to_string())]));
    }
    if digits.starts_with('1') { Ok(digits.to_owned()) } else { Err(plain("phone-start")) }
}

/// Yuan as typed (`1,299.5`, `¥ 1299.50`, full-width digits) as an amount.
///
/// # Errors
/// `money-format`, `money-decimals`, `money-negative`, `money-large` (a hundred million yuan and more).
pub(crate) fn money(text: &str) -> Result<Money, Problem> {
    const LARGEST_YUAN: i64 = 100_000_000;
    let typed: String =
        narrow(text).chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '¥' | '￥' | '元')).collect();
    if typed.starts_with('-') {
        return Err(plain("money-negative"));
    }
    let (yuan, fen) = typed.split_once('.').unwrap_or((&typed, ""));
    if yuan.is_empty() && fen.is_empty() || !yuan.bytes().chain(fen.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err(plain("money-format"));
    }
    if fen.len() > 2 {
        return Err(plain("money-decimals"));
    }
    let number = |digits: &str| {
        if digits.is_empty() { Some(0) } else { digits.parse::<i64>().ok() }
    };
    let yuan = number(yuan).filter(|yuan| *yuan < LARGEST_YUAN).ok_or_else(|| plain("money-large"))?;
    let fen = number(&format!("{fen:0<2}")).unwrap_or_default();
    Ok(Money::from_fen(yuan * 100 + fen))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_keeps_letters_of_every_script_and_loses_what_cannot_be_seen() {
        let table = [
            ("  洗衣机\r\n不脱水  ", Ok("洗衣机\n不脱水")),
            ("👨‍👩‍👧 ok", Ok("👨‍👩‍👧 ok")),
            ("abc\u{202E}321", Ok("abc321")),
            ("\u{2067}שלום\u{2069}", Ok("שלום")),
            ("مرحبا\u{200F}", Ok("مرحبا\u{200F}")),
            ("tab\tstays, bell\u{7} goes", Ok("tab\tstays, bell goes")),
            ("\u{FEFF}", Ok("")),
            ("nul\0", Err("nul")),
        ];
        for (typed, expected) in table {
            let taken = clean(typed, 200);
            assert_eq!(taken.as_deref().map_err(|problem| problem.0), expected, "{typed:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(clean(&"修".repeat(200), 200).is_ok());
        assert_eq!(
            clean(&"修".repeat(201), 200),
            Err(("too-long", vec![("max", "200".into()), ("now", "201".into())]))
        );
        assert_eq!(clean(&"x".repeat(10 * 1024 * 1024), 200).unwrap_err().0, "too-long");
    }

    #[test]
    fn phone_numbers_as_people_write_them() {
        for typed in [
            "13800005678",
            "138 0000 5678",
            "+86 138-0000-5678",
            "0086 13800005678",
            "8613800005678",
            "１３８００００５６７８",
            "(138)00005678",
            "\u{202D}13800005678\u{202C}",
        ] {
            assert_eq!(phone(typed).as_deref(), Ok("13800005678"), "{typed:?}");
        }
        assert_eq!(phone("138 0000 567"), Err(("phone-digits", vec![("now", "10".into())])));
        assert_eq!(phone("23800005678").unwrap_err().0, "phone-start");
        assert_eq!(phone("1380000567a").unwrap_err().0, "phone-letters");
        assert_eq!(phone("📱").unwrap_err().0, "phone-letters");
    }

    #[test]
    fn amounts_as_people_write_them() {
        for (typed, fen) in [
            ("1299", 129_900),
            ("1,299.5", 129_950),
            ("¥ 1299.50", 129_950),
            ("１２９９．５０", 129_950),
            (".5", 50),
            ("0", 0),
            ("3299元", 329_900),
        ] {
            assert_eq!(money(typed), Ok(Money::from_fen(fen)), "{typed:?}");
        }
        for (typed, code) in [
            ("", "money-format"),
            ("-1", "money-negative"),
            ("−1", "money-negative"),
            ("1.005", "money-decimals"),
            ("12x", "money-format"),
            ("1.2.3", "money-format"),
            ("100000000", "money-large"),
            ("99999999999999999999", "money-large"),
        ] {
            assert_eq!(money(typed).unwrap_err().0, code, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_the_reading(typed in "\\PC{0,60}|[\\x00-\\x7f]{0,40}") {
            let _ = (phone(&typed), money(&typed), narrow(&typed));
            if let Ok(kept) = clean(&typed, 100) {
                prop_assert_eq!(clean(&kept, 100), Ok(kept.clone()));
                prop_assert!(!kept.contains('\0'));
            }
        }
    }
}
