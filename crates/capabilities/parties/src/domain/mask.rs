//! What of personal data everybody may see. Revealing the rest needs a permission and a reason, and leaves a trace.

/// `138****5678`; of a landline the area code and the end. Short numbers show their last two digits only.
pub fn masked_phone(digits: &str) -> String {
    let head = match digits.len() {
        0..=6 => 0,
        12.. if digits.starts_with('0') => 4,
        _ => 3,
    };
    let tail = if digits.len() <= 6 { 2 } else { 4 };
    let end = digits.len().saturating_sub(tail);
    format!("{}****{}", digits.get(..head).unwrap_or_default(), digits.get(end..).unwrap_or_default())
}

/// `w***@example.com`.
pub fn masked_email(email: &str) -> String {
    match email.split_once('@') {
        Some((name, domain)) => format!("{}***@{domain}", first(name, 1)),
        None => "***".to_owned(),
    }
}

/// `li***`.
pub fn masked_wechat(name: &str) -> String {
    format!("{}***", first(name, 2))
}

/// City and district as far as the first six characters, the rest hidden: `杭州市西湖区***`.
pub fn masked_address(address: &str) -> String {
    format!("{}***", first(address, 6))
}

/// At most `count` characters, and never more than a third of the text.
fn first(text: &str, count: usize) -> String {
    let whole = text.chars().count();
    text.chars().take(count.min(whole / 3)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_show_less() {
        assert_eq!(masked_phone("10086"), "****86");
        assert_eq!(masked_email("wang.li@example.com"), "w***@example.com");
        assert_eq!(masked_email("wl@example.com"), "***@example.com");
        assert_eq!(masked_wechat("lihua88"), "li***");
        assert_eq!(masked_address("杭州市西湖区文三路 120 号 3 单元 502"), "杭州市西湖区***");
        assert_eq!(masked_address("文三路"), "文***");
    }
}
