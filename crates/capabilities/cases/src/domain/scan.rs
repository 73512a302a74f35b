//! What a scanned or typed code can be. Nothing is refused here: what is odd is a hint beside the answer.

use parties::domain::{Phone, PhoneError, looks_imei, luhn, plain_code};

/// Longest code that is looked at, in characters.
const LONGEST: usize = 120;
/// From this length on a code that is the same thing twice was sent twice by the gun.
const TWICE: usize = 16;

/// What was scanned, in every form in which it can be looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    /// As it was typed, without blanks around it.
    pub typed: String,
    /// Capital letters and digits only: serial numbers, IMEI, receipts.
    pub code: String,
    /// A case number.
    pub number: Option<String>,
    /// A telephone number.
    pub phone: Option<Phone>,
    /// The last four digits of one.
    pub tail: Option<String>,
    /// The digits under a product's bar code.
    pub barcode: bool,
    /// What is odd about it.
    pub odd: Option<Odd>,
}

/// What is odd about a code. It may be right all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// It begins like a mobile number, which has 11 digits; this many were typed.
    PhoneDigits(usize),
    /// The last digit of an IMEI does not fit the others.
    Imei,
    /// An IMEI has 15 digits; this many were typed.
    ImeiDigits(usize),
}

impl Scanned {
    /// Reads what was scanned; `None` when there is nothing in it. Full width, blanks, dashes and a country code do not matter.
    pub fn read(typed: &str) -> Option<Self> {
        let kept = |c: &char| {
            !c.is_control()
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        };
        let typed: String = typed.chars().filter(kept).take(LONGEST).collect();
        let typed = once(typed.trim());
        let code = plain_code(&typed);
        if code.is_empty() {
            return None;
        }
        let digits = code.bytes().all(|byte| byte.is_ascii_digit());
        let phone = Phone::parse(&typed);
        let imei = looks_imei(&code);
        let odd = match &phone {
            // With its country code and a prefix a mobile number can be as long as an IMEI.
            Ok(phone) if phone.is_mobile() => None,
            Err(PhoneError::MobileLength(length @ (9 | 10 | 12 | 13))) => Some(Odd::PhoneDigits(*length)),
            _ if imei && !luhn(&code) => Some(Odd::Imei),
            _ if digits && matches!(code.len(), 14 | 16) && code.starts_with(['3', '8']) => {
                Some(Odd::ImeiDigits(code.len()))
            }
            _ => None,
        };
        Some(Self {
            number: case_number(&code),
            phone: phone.ok(),
            tail: (digits && code.len() == 4).then(|| code.clone()),
            barcode: digits && matches!(code.len(), 8 | 12 | 13),
            odd,
            typed,
            code,
        })
    }

    /// True when it can only be a mobile number, so that nothing else is looked up.
    pub fn only_phone(&self) -> bool {
        self.phone.as_ref().is_some_and(Phone::is_mobile)
    }
}

/// What a gun sent: one that sends twice sends the same thing twice. Short codes may really be so and stay.
pub fn once(typed: &str) -> String {
    let letters: Vec<char> = typed.chars().collect();
    let (first, second) = letters.split_at(letters.len() / 2);
    let halved = letters.len() >= TWICE && first == second;
    if halved { first.iter().collect() } else { typed.to_owned() }
}

/// `fw202611180009` and `FW20261118-0009` are the same number.
fn case_number(code: &str) -> Option<String> {
    let (letters, digits) = (code.get(..2)?, code.get(2..)?);
    let fits = letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && digits.len() >= 12
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (day, sequence) = (digits.get(..8)?, digits.get(8..)?);
    fits.then(|| format!("{letters}{day}-{sequence}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(typed: &str) -> Scanned {
        Scanned::read(typed).unwrap()
    }

    #[test]
    fn every_kind_of_code_is_known_by_its_form() {
        assert_eq!(read("fw20261118-0009").number.as_deref(), Some("FW20261118-0009"));
        assert_eq!(read("ＴＳ202611180123").number.as_deref(), Some("TS20261118-0123"));
        assert_eq!(read(" 8a26 0355-4471 ").code, "8A2603554471");
        assert_eq!(read("5678").tail.as_deref(), Some("5678"));
        assert!(read("6901234567892").barcode && !read("69012345678").barcode);
        assert_eq!(read("490154203237518").odd, None);
        assert_eq!(read("490154203237517").odd, Some(Odd::Imei));
        assert_eq!(read("86401204567221").odd, Some(Odd::ImeiDigits(14)));
        assert_eq!(Scanned::read(" - \u{0}"), None);
    }

    #[test]
    fn ten_and_twelve_digits_are_said_and_looked_up_all_the_same() {
        let short = read("1381234567");
        assert_eq!(
            (short.odd, short.phone.is_none(), short.code.as_str()),
            (Some(Odd::PhoneDigits(10)), true, "1381234567")
        );
        assert_eq!(read("138123456789").odd, Some(Odd::PhoneDigits(12)));
    }

    #[test]
    fn a_gun_that_sends_twice_is_read_once() {
        assert_eq!(read("490154203237518490154203237518").code, "490154203237518");
        assert_eq!(read("1313131313131313").code, "13131313");
        assert_eq!(read("13131313").code, "13131313", "short codes stay");
    }

    proptest! {
        #[test]
        fn a_phone_number_is_the_same_however_it_is_written(
            rest in "1[3-9][0-9]{9}", style in 0..6_usize, gap in 3..8_usize,
        ) {
            let wide: String = rest.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
            let (head, end) = rest.split_at(gap);
            let typed = match style {
                0 => rest.clone(),
                1 => format!("+86 {head} {end}"),
                2 => format!("0086-{head}-{end}"),
                3 => wide,
                4 => format!("＋86（{head}）{end}"),
                _ => format!("\u{202d}{rest}\u{202c}\n"),
            };
            let found = read(&typed);
            prop_assert_eq!(found.phone.as_ref().map(Phone::digits), Some(rest.as_str()));
            prop_assert!(found.only_phone() && found.odd.is_none());
        }

        #[test]
        fn a_code_is_the_same_in_full_width_and_with_blanks(code in "[A-Z][A-Z0-9]{4,14}") {
            let wide: String = code.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
            let spaced: String = code.chars().flat_map(|c| [c.to_ascii_lowercase(), ' ']).collect();
            prop_assert_eq!(read(&wide).code, code.clone());
            prop_assert_eq!(read(&spaced).code, code);
        }

        #[test]
        fn nothing_that_is_sent_breaks_it(typed in ".{0,300}") {
            if let Some(found) = Scanned::read(&typed) {
                prop_assert!(!found.code.is_empty() && found.code.chars().count() <= 64);
            }
        }
    }
}
