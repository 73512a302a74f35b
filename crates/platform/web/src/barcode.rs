//! Code 39 (ISO/IEC 16388): what every barcode gun reads, for labels.

use crate::Markup;

/// Letters with their nine bars and spaces in turn, `w` wide and `n` narrow.
const LETTERS: [(char, &str); 44] = [
    ('0', "nnnwwnwnn"),
    ('1', "wnnwnnnnw"),
    ('2', "nnwwnnnnw"),
    ('3', "wnwwnnnnn"),
    ('4', "nnnwwnnnw"),
    ('5', "wnnwwnnnn"),
    ('6', "nnwwwnnnn"),
    ('7', "nnnwnnwnw"),
    ('8', "wnnwnnwnn"),
    ('9', "nnwwnnwnn"),
    ('A', "wnnnnwnnw"),
    ('B', "nnwnnwnnw"),
    ('C', "wnwnnwnnn"),
    ('D', "nnnnwwnnw"),
    ('E', "wnnnwwnnn"),
    ('F', "nnwnwwnnn"),
    ('G', "nnnnnwwnw"),
    ('H', "wnnnnwwnn"),
    ('I', "nnwnnwwnn"),
    ('J', "nnnnwwwnn"),
    ('K', "wnnnnnnww"),
    ('L', "nnwnnnnww"),
    ('M', "wnwnnnnwn"),
    ('N', "nnnnwnnww"),
    ('O', "wnnnwnnwn"),
    ('P', "nnwnwnnwn"),
    ('Q', "nnnnnnwww"),
    ('R', "wnnnnnwwn"),
    ('S', "nnwnnnwwn"),
    ('T', "nnnnwnwwn"),
    ('U', "wwnnnnnnw"),
    ('V', "nwwnnnnnw"),
    ('W', "wwwnnnnnn"),
    ('X', "nwnnwnnnw"),
    ('Y', "wwnnwnnnn"),
    ('Z', "nwwnwnnnn"),
    ('-', "nwnnnnwnw"),
    ('.', "wwnnnnwnn"),
    (' ', "nwwnnnwnn"),
    ('*', "nwnnwnwnn"),
    ('$', "nwnwnwnnn"),
    ('/', "nwnwnnnwn"),
    ('+', "nwnnnwnwn"),
    ('%', "nnnwnwnwn"),
];

/// Longer texts get narrower wide bars, so that the narrow ones stay two dots of a 203 dpi printer wide.
const SHORT: usize = 10;

/// `text` (letters, digits and `-. $/+%`) as a barcode with its name for those who do not see it; `None` for other characters.
/// Its height and width come from the class `bc`.
pub fn code39(text: &str) -> Option<Markup> {
    let text = text.to_uppercase();
    if text.is_empty() || text.contains('*') {
        return None;
    }
    // Half units keep the numbers whole: a wide bar is 2 or 2.5 narrow ones.
    let wide = if text.chars().count() > SHORT { 4 } else { 5 };
    let (mut path, mut at) = (String::new(), 0_u32);
    for letter in format!("*{text}*").chars() {
        let (_, bars) = LETTERS.iter().find(|(known, _)| *known == letter)?;
        for (n, bar) in bars.chars().enumerate() {
            let width = if bar == 'w' { wide } else { 2 };
            if n % 2 == 0 {
                path.push_str(&format!("M{at} 0h{width}v20h-{width}z"));
            }
            at += width;
        }
        // The gap between letters.
        at += 2;
    }
    let width = at - 2;
    let name = Markup::text(&text);
    Some(Markup::ready(format!(
        "<svg class=\"bc\" viewBox=\"0 0 {width} 20\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{name}\"><path d=\"{path}\"/></svg>"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_three_wide_of_nine() {
        for (letter, bars) in LETTERS {
            assert_eq!(bars.len(), 9, "{letter}");
            let wide = bars.chars().filter(|bar| *bar == 'w').count();
            assert_eq!(wide, 3, "{letter}");
            let same = LETTERS.iter().filter(|(_, other)| *other == bars).count();
            assert_eq!(same, 1, "{letter}");
        }
    }

    #[test]
    fn a_number_begins_and_ends_with_the_star() {
        let code = code39("w1122-03").unwrap().to_string();
        // As the prototype of the label has it, in half units: * W 1.
        assert!(
            code.contains("M0 0h2v20h-2zM7 0h2v20h-2zM11 0h5v20h-5zM18 0h5v20h-5zM25 0h2v20h-2zM29 0h5v20h-5z"),
            "{code}"
        );
        assert!(code.contains("viewBox=\"0 0 288 20\"") && code.contains("aria-label=\"W1122-03\""), "{code}");
        assert!(code39("单").is_none() && code39("").is_none() && code39("A*B").is_none());
    }
}
