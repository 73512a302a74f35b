//! Text as it is compared.

/// What a character is to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Written without blanks between words: Chinese characters, kana, hangul, bopomofo.
    Ideograph,
    /// Part of a word.
    Letter,
    /// Part of a number.
    Digit,
    /// Blank.
    Space,
    /// Anything else: punctuation, symbols, emoji, control characters.
    Other,
}

impl Class {
    pub(crate) fn of(c: char) -> Self {
        match u32::from(c) {
            0x2E80..=0x2FDF
            | 0x3005..=0x3007
            | 0x3021..=0x3029
            | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xF900..=0xFAFF => Self::Ideograph,
            0x1100..=0x11FF
            | 0x3041..=0x3096
            | 0x309D..=0x309F
            | 0x30A1..=0x30FA
            | 0x30FC..=0x312F
            | 0x3131..=0x318E => Self::Ideograph,
            0x31A0..=0x31BF | 0x31F0..=0x31FF | 0xAC00..=0xD7AF | 0xFF66..=0xFF9D | 0x2_0000..=0x3_FFFD => {
                Self::Ideograph
            }
            _ if c.is_ascii_digit() => Self::Digit,
            _ if c.is_alphanumeric() => Self::Letter,
            _ if c.is_whitespace() => Self::Space,
            _ => Self::Other,
        }
    }
    const fn is_word(self) -> bool {
        matches!(self, Self::Letter | Self::Digit)
    }
}

/// The character in half width and lower case; some become two.
pub(crate) fn plain(c: char) -> impl Iterator<Item = char> {
    let half = match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    half.to_lowercase()
}

/// What begins a word or a number in folded text.
pub(crate) const WORD: char = ' ';
/// What parts in folded text: no term reaches across it.
pub(crate) const BREAK: char = '\n';

/// Folded text, with the place in the source (counted in characters) that each of its characters comes from.
///
/// Each word and each number is preceded by [`WORD`]; runs that are parted by more than blanks beside words are parted by
/// [`BREAK`]. Nothing else but letters, digits and ideographs is left, so folded text needs no escaping in any query language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    pub text: String,
    pub sources: Vec<usize>,
}

pub(crate) fn fold(text: &str) -> Folded {
    let mut folded = Folded::default();
    let (mut before, mut gap) = (Class::Other, None);
    for (source, c) in text.chars().enumerate() {
        for c in plain(c) {
            let class = Class::of(c);
            match class {
                Class::Space => gap = gap.or(Some(Class::Space)),
                Class::Other => gap = Some(Class::Other),
                Class::Ideograph | Class::Letter | Class::Digit => {
                    let parted = match gap {
                        None => false,
                        Some(Class::Space) => before == Class::Ideograph && class == Class::Ideograph,
                        Some(_) => true,
                    };
                    if parted && !folded.text.is_empty() {
                        folded.add(BREAK, source);
                    }
                    if class.is_word() && (class != before || gap.is_some() || folded.text.is_empty()) {
                        folded.add(WORD, source);
                    }
                    folded.add(c, source);
                    (before, gap) = (class, None);
                }
            }
        }
    }
    folded
}

impl Folded {
    fn add(&mut self, c: char, source: usize) {
        self.text.push(c);
        self.sources.push(source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        fold(source).text
    }

    #[test]
    fn case_width_and_blanks_beside_words_do_not_matter() {
        assert_eq!(text("换了 ｉＰｈｏｎｅ１５屏幕"), "换了 iphone 15屏幕");
        assert_eq!(text("换了iPhone 15 屏幕"), "换了 iphone 15屏幕");
        assert_eq!(text("hello  World"), " hello world");
    }

    #[test]
    fn punctuation_parts_and_so_does_a_blank_between_ideographs() {
        assert_eq!(text("退。款"), "退\n款");
        assert_eq!(text("退 款"), "退\n款");
        assert_eq!(text("a-1"), " a\n 1");
        assert_eq!(text("😀退\u{0}款'\\&|!:*\"！"), "退\n款");
        assert_eq!(text("..."), "");
    }

    #[test]
    fn every_character_knows_where_it_comes_from() {
        let folded = fold("。退 İx");
        assert_eq!(folded.text.chars().count(), folded.sources.len());
        assert_eq!(folded.sources.first(), Some(&1));
    }
}
