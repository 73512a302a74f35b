//! Reading text that people typed: trimmed, bounded, without what cannot be stored or shown.

use kernel::FieldErrors;

/// The trimmed text, or a note at `field` that it is missing, too long (`max` characters) or unreadable.
pub fn required(errors: &mut FieldErrors, field: &str, typed: &str, max: usize) -> String {
    let text = checked(errors, field, typed, max);
    if text.is_empty() && errors.of(field).is_none() {
        errors.add(field, "required");
    }
    text
}

/// The trimmed text, `None` when there is none, or a note at `field` that it is too long or unreadable.
pub fn optional(errors: &mut FieldErrors, field: &str, typed: Option<&str>, max: usize) -> Option<String> {
    let text = checked(errors, field, typed?, max);
    (!text.is_empty()).then_some(text)
}

/// As [`required`], for one line: line breaks become spaces.
pub fn required_line(errors: &mut FieldErrors, field: &str, typed: &str, max: usize) -> String {
    one_line(&required(errors, field, typed, max))
}

/// As [`optional`], for one line: line breaks become spaces.
pub fn optional_line(errors: &mut FieldErrors, field: &str, typed: Option<&str>, max: usize) -> Option<String> {
    optional(errors, field, typed, max).map(|text| one_line(&text))
}

fn checked(errors: &mut FieldErrors, field: &str, typed: &str, max: usize) -> String {
    // Before anything is copied: megabytes are refused, not trimmed.
    if typed.len() > max.saturating_mul(4).saturating_add(1_024) {
        too_long(errors, field, max, typed.chars().count());
        return String::new();
    }
    if typed.contains('\0') {
        errors.add(field, "nul");
        return String::new();
    }
    let text: String = typed.replace("\r\n", "\n").chars().filter(|c| is_kept(*c)).collect();
    let text = if text.chars().all(is_invisible) { String::new() } else { text.trim().to_owned() };
    let length = text.chars().count();
    if length > max {
        too_long(errors, field, max, length);
    }
    text
}

/// Other control characters come from pasting and spoil terminals and exports; marks that turn the direction of what follows can
/// make one number look like another. Emoji, joiners and letters of any script stay.
fn is_kept(c: char) -> bool {
    let turns_direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    !turns_direction && (matches!(c, '\n' | '\t') || !c.is_control())
}

/// Shows nothing by itself; between letters and emoji some of these have a meaning and stay.
const fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        )
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}')
}

fn too_long(errors: &mut FieldErrors, field: &str, max: usize, now: usize) {
    errors.add_with(field, "too-long", vec![("max", max.to_string()), ("now", now.to_string())]);
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str, max: usize) -> (String, Vec<&'static str>) {
        let mut errors = FieldErrors::default();
        let text = required(&mut errors, "subject", typed, max);
        (text, errors.iter().map(|error| error.code).collect())
    }

    #[test]
    fn text_is_trimmed_and_bounded_by_characters() {
        assert_eq!(read(" 洗衣机\r\n不脱水 ", 8), ("洗衣机\n不脱水".to_owned(), vec![]));
        assert_eq!(read("😀😀😀", 3).1, Vec::<&str>::new());
        assert_eq!(read("😀😀😀😀", 3).1, ["too-long"]);
        assert_eq!(read("  ", 3).1, ["required"]);
        assert_eq!(read("\u{200b} \u{200d}\u{2060}", 3).1, ["required"]);
        assert_eq!(read("a\0b", 3).1, ["nul"]);
        assert_eq!(read("a\u{7}b", 3).0, "ab");
        assert_eq!(read(&"x".repeat(10_000_000), 3), (String::new(), vec!["too-long"]));
    }

    #[test]
    fn marks_that_turn_the_direction_go_and_letters_of_any_script_stay() {
        assert_eq!(read("\u{202e}138 مرحبا 👩‍🔧", 20).0, "138 مرحبا 👩‍🔧");
    }
}
