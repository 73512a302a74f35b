use search::code;

use super::{Answer, Record};

/// Where what was typed leads at once: to the case or problem of that number, or to the only record that a number (of a phone, a
/// serial, a
/// receipt) found. Words never jump: one hit today may be two tomorrow.
pub fn jump(typed: &str, answer: &Answer) -> Option<String> {
    let typed = code::exact(typed)?;
    let named = answer.rows.iter().find(|row| match &row.record {
        Record::Case(case) => code::exact(&case.number).is_some_and(|number| number == typed),
        Record::Other(_, found) => code::exact(&found.number).is_some_and(|number| number == typed),
        Record::Customer(_) | Record::Goods(_) | Record::Channel(_) | Record::Paper(_) => false,
    });
    if let Some(row) = named {
        return Some(row.href());
    }
    match answer.rows.as_slice() {
        [only] if answer.next.is_none() && is_code(&typed) => Some(only.href()),
        _ => None,
    }
}

/// A whole number, a serial: no words, and digits enough that it is not a model ("iphone15").
fn is_code(typed: &str) -> bool {
    typed.bytes().all(|byte| byte.is_ascii_alphanumeric()) && typed.bytes().filter(u8::is_ascii_digit).count() >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_codes_and_words_are_not() {
        assert!(["13812345678", "5678", "fw202611180009", "8a2603554471"].iter().all(|typed| is_code(typed)));
        assert!(!["iphone15", "屏幕2026", "123", "wlh"].iter().any(|typed| is_code(typed)));
    }
}
