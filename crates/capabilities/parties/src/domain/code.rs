//! Codes as they are printed on units, boxes and receipts.

/// A code as it is compared: half width, capital letters and digits only. `sn: a1-20 3` and `SNA1203` are the same.
pub fn plain_code(typed: &str) -> String {
    typed
        .chars()
        .filter_map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)),
            other => Some(other),
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .take(64)
        .collect()
}

/// The last six of a code, by which people name a unit at the counter.
pub fn tail(code: &str) -> String {
    let length = code.chars().count();
    code.chars().skip(length.saturating_sub(6)).collect()
}

/// What a serial number shows to those who only look: both ends. `8640****2215`
pub fn masked_code(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let shown = if letters.len() >= 11 { 4 } else { letters.len() / 4 };
    let head: String = letters.iter().take(shown).collect();
    let end: String = letters.iter().skip(letters.len().saturating_sub(shown)).collect();
    format!("{head}****{end}")
}

/// True when `code` has the form of an IMEI: 15 digits.
pub fn looks_imei(code: &str) -> bool {
    code.len() == 15 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// True when the last digit of `digits` fits the others (Luhn, ISO/IEC 7812-1 annex B).
pub fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            match n % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_compared_without_their_dress() {
        assert_eq!(plain_code(" ｘｑｇ-１００ b14 "), "XQG100B14");
        assert_eq!((tail("P8260417").as_str(), tail("12").as_str()), ("260417", "12"));
        assert_eq!((masked_code("864012045672215").as_str(), masked_code("P826").as_str()), ("8640****2215", "P****6"));
    }

    #[test]
    fn the_last_digit_of_an_imei_is_checked() {
        assert!(luhn("490154203237518") && luhn("353419068823421") == luhn("353419068823421"));
        assert!(!luhn("490154203237517"));
        assert!(looks_imei("490154203237518") && !looks_imei("49015420323751A") && !looks_imei("4901542032375"));
    }
}
