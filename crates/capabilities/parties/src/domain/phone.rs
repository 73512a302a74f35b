use std::fmt;

use kernel::FieldErrors;

use super::mask::masked_phone;

/// A telephone number as it is kept and compared: digits only, without China's country code. A number abroad keeps its country
/// code behind `00`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// Why something typed is no telephone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing was typed.
    Empty,
    /// There is something between the digits that does not belong in a number.
    NotDigits,
    /// A mobile number has 11 digits; this many were typed.
    MobileLength(usize),
    /// No number has this many digits, or none that begins so.
    Unknown(usize),
}

impl PhoneError {
    /// The field's error code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::NotDigits => "phone-letters",
            Self::MobileLength(_) => "phone-digits",
            Self::Unknown(_) => "phone-unknown",
        }
    }
    /// Notes it at `field`.
    pub fn note(&self, errors: &mut FieldErrors, field: &str) {
        let args = match self {
            Self::Empty | Self::NotDigits => Vec::new(),
            Self::MobileLength(digits) | Self::Unknown(digits) => vec![("now", digits.to_string())],
        };
        errors.add_with(field, self.code(), args);
    }
}

impl Phone {
    /// Reads a number as people write it: full-width digits, spaces, dashes, brackets, `+86` or `0086` in front. Mobile numbers
    /// (11 digits from 13 on), landlines with area code (`0571 8888 6666`), service numbers (400, 800) and numbers abroad (`+852 …`).
    ///
    /// # Errors
    /// What is wrong with it, so that a person can correct it.
    pub fn parse(typed: &str) -> Result<Self, PhoneError> {
        let (abroad, digits) = digits_of(typed)?;
        let digits = match digits.strip_prefix("0086").map(str::to_owned) {
            Some(home) => home,
            None if abroad => match digits.strip_prefix("86") {
                Some(home) => home.to_owned(),
                None => format!("00{digits}"),
            },
            None => digits,
        };
        // 86 without a plus in front of a whole mobile number.
        let digits = match digits.strip_prefix("86") {
            Some(rest) if is_mobile(rest) => rest.to_owned(),
            _ => digits,
        };
        if digits.is_empty() {
            return Err(PhoneError::Empty);
        }
        let known = is_mobile(&digits) || is_landline(&digits) || is_service(&digits) || is_abroad(&digits);
        match () {
            () if known => Ok(Self(digits)),
            () if looks_mobile(&digits) => Err(PhoneError::MobileLength(digits.len())),
            () => Err(PhoneError::Unknown(digits.len())),
        }
    }
    /// A number that was read before and comes back from the database.
    pub const fn stored(digits: String) -> Self {
        Self(digits)
    }
    /// The digits, as kept.
    pub fn digits(&self) -> &str {
        &self.0
    }
    /// The last four digits.
    pub fn tail(&self) -> &str {
        let start = self.0.len().saturating_sub(4);
        self.0.get(start..).unwrap_or_default()
    }
    /// True when it can receive text messages.
    pub fn is_mobile(&self) -> bool {
        is_mobile(&self.0)
    }
    /// What everybody may see: `138****5678`.
    pub fn masked(&self) -> String {
        masked_phone(&self.0)
    }
    /// The digits of something half typed, for looking a number up; `None` when there is anything else in it.
    pub fn typed_digits(typed: &str) -> Option<String> {
        let (abroad, digits) = digits_of(typed).ok()?;
        match digits.strip_prefix("86") {
            Some(rest) if abroad => Some(rest.to_owned()),
            _ => Some(digits),
        }
    }
}

impl fmt::Debug for Phone {
    /// Masked, so that no log ever holds a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

/// The digits, and whether a plus stood in front.
fn digits_of(typed: &str) -> Result<(bool, String), PhoneError> {
    let mut digits = String::new();
    let mut abroad = false;
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '０'..='９' => {
                digits.extend(u32::from(c).checked_sub(u32::from('０')).and_then(|n| char::from_digit(n, 10)))
            }
            '+' | '＋' if digits.is_empty() && !abroad => abroad = true,
            // Marks that copying from chats and web pages leaves behind are dropped with the punctuation.
            '-'
            | '－'
            | '–'
            | '—'
            | '('
            | ')'
            | '（'
            | '）'
            | '.'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{feff}' => {}
            c if c.is_whitespace() => {}
            _ => return Err(PhoneError::NotDigits),
        }
    }
    if digits.is_empty() { Err(PhoneError::Empty) } else { Ok((abroad, digits)) }
}

fn looks_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && looks_mobile(digits)
}

/// Area codes: 010, 02x with 8 digits behind; 03xx to 09xx with 7 or 8.
fn is_landline(digits: &str) -> bool {
    match digits.as_bytes() {
        [b'0', b'1', b'0', ..] => digits.len() == 11,
        [b'0', b'2', ..] => digits.len() == 11,
        [b'0', b'3'..=b'9', ..] => matches!(digits.len(), 11 | 12),
        _ => false,
    }
}

fn is_service(digits: &str) -> bool {
    digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"))
}

fn is_abroad(digits: &str) -> bool {
    digits.starts_with("00") && !digits.starts_with("000") && (9..=17).contains(&digits.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<String, PhoneError> {
        Phone::parse(typed).map(|phone| phone.digits().to_owned())
    }

    #[test]
    fn numbers_as_people_write_them() {
        for typed in [
            "13812345678",
            " 138 1234 5678 ",
            "138-1234-5678",
            "+86 138 1234 5678",
            "0086-13812345678",
            "8613812345678",
            "１３８１２３４５６７８",
            "＋86（138）12345678",
            "\u{202d}13812345678\u{202c}",
        ] {
            assert_eq!(read(typed).as_deref(), Ok("13812345678"), "{typed}");
        }
        assert_eq!(read("(0571) 8888-6666").as_deref(), Ok("057188886666"));
        assert_eq!(read("010 8888 6666").as_deref(), Ok("01088886666"));
        assert_eq!(read("400-820-1234").as_deref(), Ok("4008201234"));
        assert_eq!(read("+852 2345 6789").as_deref(), Ok("0085223456789"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(read(""), Err(PhoneError::Empty));
        assert_eq!(read(" - "), Err(PhoneError::Empty));
        assert_eq!(read("1381234567"), Err(PhoneError::MobileLength(10)));
        assert_eq!(read("138123456789"), Err(PhoneError::MobileLength(12)));
        assert_eq!(read("88886666"), Err(PhoneError::Unknown(8)));
        assert_eq!(read("138x2345678"), Err(PhoneError::NotDigits));
        assert_eq!(read("138\u{0}12345678"), Err(PhoneError::NotDigits));
        assert_eq!(read("😀"), Err(PhoneError::NotDigits));
    }

    #[test]
    fn only_the_ends_are_shown() {
        let phone = Phone::parse("13812345678").unwrap();
        assert_eq!((phone.masked().as_str(), phone.tail()), ("138****5678", "5678"));
        assert_eq!(format!("{phone:?}"), "Phone(138****5678)");
        assert_eq!(Phone::parse("057188886666").unwrap().masked(), "0571****6666");
    }

    #[test]
    fn half_a_number_is_looked_up_by_its_digits() {
        assert_eq!(Phone::typed_digits("138 12").as_deref(), Some("13812"));
        assert_eq!(Phone::typed_digits("+86 138").as_deref(), Some("138"));
        assert_eq!(Phone::typed_digits("王"), None);
    }
}
