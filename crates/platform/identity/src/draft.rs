use kernel::{FieldErrors, Id, Zone, of};

use crate::unit::UnitKind;

/// The longest name, in characters.
const NAME: usize = 60;
/// The longest address or mail address, in characters.
const LONG: usize = 200;

/// A person as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDraft {
    /// Staff number for signing in.
    pub login: String,
    /// The name that records show.
    pub name: String,
    /// Telephone, optional.
    pub phone: Option<String>,
    /// Mail, optional.
    pub email: Option<String>,
    /// Where the person works.
    pub home: Option<Id<of::Unit>>,
    /// `zh-CN` or `en`.
    pub locale: String,
    /// False when the person has left.
    pub active: bool,
}

impl UserDraft {
    /// Brings the fields into their one form and notes those that cannot be taken.
    #[must_use]
    pub fn tidied(mut self, errors: &mut FieldErrors) -> Self {
        self.login = self.login.trim().to_lowercase();
        if self.login.is_empty() {
            errors.add("login", "required");
        } else if !is_word(&self.login, 2, 40, &['.', '_', '-', '@']) {
            errors.add("login", "identity-login-form");
        }
        self.name = tidy_name(errors, "name", &self.name);
        self.phone = tidy_phone(errors, "phone", self.phone);
        self.email = tidy_optional(errors, "email", self.email, LONG);
        if self.email.as_ref().is_some_and(|email| !looks_like_mail(email)) {
            errors.add("email", "identity-email-form");
        }
        if self.home.is_none() {
            errors.add("home", "required");
        }
        if self.locale != "en" {
            self.locale = "zh-CN".to_owned();
        }
        self
    }
}

/// A unit as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitDraft {
    /// The unit above; none only for the company.
    pub parent: Option<Id<of::Unit>>,
    /// Company, region, store or team; fixed once made.
    pub kind: UnitKind,
    /// Short unique code.
    pub code: String,
    /// Name in Chinese.
    pub name: String,
    /// Name in English, optional.
    pub name_en: Option<String>,
    /// IANA name of the time zone.
    pub zone: String,
    /// Telephone, optional.
    pub phone: Option<String>,
    /// Street address, optional.
    pub address: Option<String>,
    /// False when it is closed.
    pub active: bool,
}

impl UnitDraft {
    /// Brings the fields into their one form and notes those that cannot be taken.
    #[must_use]
    pub fn tidied(mut self, errors: &mut FieldErrors) -> Self {
        if self.parent.is_none() && self.kind != UnitKind::Company {
            errors.add("parent", "required");
        }
        self.code = self.code.trim().to_uppercase();
        if self.code.is_empty() {
            errors.add("code", "required");
        } else if !is_word(&self.code, 1, 20, &['_', '-']) {
            errors.add("code", "identity-code-form");
        }
        self.name = tidy_name(errors, "name", &self.name);
        self.name_en = tidy_optional(errors, "name_en", self.name_en, NAME);
        self.zone = self.zone.trim().to_owned();
        if Zone::named(&self.zone).is_err() {
            errors.add("zone", "identity-zone-unknown");
        }
        self.phone = tidy_phone(errors, "phone", self.phone);
        self.address = tidy_optional(errors, "address", self.address, LONG);
        self
    }
}

pub(crate) fn tidy_name(errors: &mut FieldErrors, field: &str, text: &str) -> String {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        errors.add(field, "required");
    } else {
        check_length(errors, field, &name, NAME);
    }
    name
}

fn tidy_optional(errors: &mut FieldErrors, field: &str, text: Option<String>, max: usize) -> Option<String> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
    check_length(errors, field, &text, max);
    Some(text)
}

/// A telephone number in one form: digits with an optional leading plus. How people group and write them is dropped: blanks, hyphens,
/// brackets, full width, the invisible marks that copying leaves, and the country code before a Chinese mobile number.
pub fn plain_phone(text: &str) -> String {
    let kept = text.chars().filter_map(|letter| match letter {
        '０'..='９' => u32::from(letter).checked_sub(u32::from('０')).and_then(|digit| char::from_digit(digit, 10)),
        '＋' => Some('+'),
        '-' | '－' | '(' | ')' | '（' | '）' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}' => {
            None
        }
        letter if letter.is_whitespace() => None,
        letter => Some(letter),
    });
    let phone: String = kept.collect();
    let said = ["+86", "0086"].iter().find_map(|code| phone.strip_prefix(code)).filter(|rest| begins_mobile(rest));
    let home = said.or_else(|| phone.strip_prefix("86").filter(|rest| is_mobile(rest)));
    home.map(str::to_owned).unwrap_or(phone)
}

/// Begins as a mobile number does, which has eleven digits.
fn begins_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && begins_mobile(digits) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

fn tidy_phone(errors: &mut FieldErrors, field: &str, text: Option<String>) -> Option<String> {
    let phone = plain_phone(&text?);
    if phone.is_empty() {
        return None;
    }
    let digits = phone.strip_prefix('+').unwrap_or(&phone);
    let wrong = !digits.chars().all(|digit| digit.is_ascii_digit()) || !(5..=20).contains(&digits.len());
    if wrong {
        errors.add(field, "identity-phone-form");
    } else if begins_mobile(&phone) && (9..=13).contains(&phone.len()) && phone.len() != 11 {
        errors.add_with(field, "phone-digits", vec![("now", phone.len().to_string())]);
    }
    Some(phone)
}

fn check_length(errors: &mut FieldErrors, field: &str, text: &str, max: usize) {
    let length = text.chars().count();
    if length > max {
        errors.add_with(field, "too-long", vec![("max", max.to_string()), ("now", length.to_string())]);
    }
    if text.contains('\0') {
        errors.add(field, "nul");
    }
}

fn is_word(text: &str, min: usize, max: usize, signs: &[char]) -> bool {
    let length = text.chars().count();
    (min..=max).contains(&length)
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || signs.contains(&letter))
}

fn looks_like_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> UserDraft {
        UserDraft {
            login: " HZ02017 ".into(),
            name: " 王  晓明".into(),
            phone: Some("138-0013 8000".into()),
            email: Some("".into()),
            home: Some(Id::new(1)),
            locale: "zh-CN".into(),
            active: true,
        }
    }

    #[test]
    fn a_person_is_brought_into_one_form() {
        let mut errors = FieldErrors::default();
        let tidy = draft().tidied(&mut errors);
        assert!(errors.is_empty());
        assert_eq!((tidy.login.as_str(), tidy.name.as_str()), ("hz02017", "王 晓明"));
        assert_eq!((tidy.phone.as_deref(), tidy.email), (Some("13800138000"), None));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut errors = FieldErrors::default();
        let wrong = UserDraft {
            login: "王".into(),
            name: "x".repeat(61),
            phone: Some("12ab".into()),
            email: Some("nobody@".into()),
            home: None,
            ..draft()
        };
        let _tidy = wrong.tidied(&mut errors);
        let found: Vec<(&str, &str)> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        let expected = [
            ("login", "identity-login-form"),
            ("name", "too-long"),
            ("phone", "identity-phone-form"),
            ("email", "identity-email-form"),
            ("home", "required"),
        ];
        assert_eq!(found, expected);
    }
    #[test]
    fn a_mobile_number_has_eleven_digits_however_it_is_written() {
        for typed in [
            "13800138000",
            "+86 138 0013 8000",
            "0086-13800138000",
            "8613800138000",
            "１３８００１３８０００",
            "\u{202d}13800138000\u{202c}",
        ] {
            assert_eq!(plain_phone(typed), "13800138000", "{typed:?}");
        }
        let said = |typed: &str| {
            let mut errors = FieldErrors::default();
            let _tidy = UserDraft { phone: Some(typed.to_owned()), ..draft() }.tidied(&mut errors);
            errors.of("phone").map(|error| error.code)
        };
        for wrong in ["1380013800", "138001380000", "+86 138 0013 800", "１３８００１３８００"] {
            assert_eq!(said(wrong), Some("phone-digits"), "{wrong}");
        }
        for right in ["0571-88886666", "400-820-1234", "95598", "+852 2345 6789", "12345"] {
            assert_eq!(said(right), None, "{right}");
        }
    }
}
