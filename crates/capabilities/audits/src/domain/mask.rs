//! What somebody from outside reads of a customer.

/// Digits in a row from which on they may be a telephone, a card or an order.
const DIGITS: usize = 5;

/// The first character of a name.
pub fn masked_name(name: &str) -> String {
    name.chars().next().map(|first| format!("{first}**")).unwrap_or_default()
}

/// A text without the customer's `name` and without long runs of digits: of those the last two stay. Blanks and hyphens between
/// digits do not hide a number; what stands around an `@` goes as well.
pub fn masked_text(text: &str, name: &str) -> String {
    let text = if name.chars().count() > 1 { text.replace(name, &masked_name(name)) } else { text.to_owned() };
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for letter in text.chars() {
        let joins = matches!(letter, '-' | ' ' | '\u{a0}') && !run.is_empty();
        if letter.is_numeric() || joins {
            run.push(letter);
            continue;
        }
        flush(&mut out, &mut run);
        out.push(letter);
    }
    flush(&mut out, &mut run);
    without_addresses(&out)
}

fn flush(out: &mut String, run: &mut String) {
    let tail: String = run.chars().rev().take_while(|letter| !letter.is_numeric()).collect();
    let body: Vec<char> = run.chars().filter(|letter| letter.is_numeric()).collect();
    if body.len() >= DIGITS {
        out.push_str("***");
        out.extend(body.iter().skip(body.len() - 2));
        out.push_str(&tail);
    } else {
        out.push_str(run);
    }
    run.clear();
}

/// Mail addresses: `w***@…`.
fn without_addresses(text: &str) -> String {
    let inside = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '+' | '@');
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let end = |out: &mut String, word: &mut String| {
        if word.contains('@') && word.len() > 2 {
            out.extend(word.chars().take(1));
            out.push_str("***@***");
        } else {
            out.push_str(word);
        }
        word.clear();
    };
    for letter in text.chars() {
        if inside(letter) {
            word.push(letter);
        } else {
            end(&mut out, &mut word);
            out.push(letter);
        }
    }
    end(&mut out, &mut word);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_numbers_go() {
        assert_eq!(masked_text("王丽华 138-1234 5678 来电，要求 7 天内", "王丽华"), "王** ***78 来电，要求 7 天内");
        assert_eq!(masked_text("写到 wang.li@example.com 吧", ""), "写到 w***@*** 吧");
        assert_eq!(masked_text("１３８１２３４５６７８", ""), "***７８");
        assert_eq!(masked_text("3 月 12 日买，2 次维修", "王"), "3 月 12 日买，2 次维修");
        assert_eq!(masked_name("欧阳锋"), "欧**");
    }

    proptest! {
        #[test]
        fn no_telephone_stays(before in "[一-龥 ,]{0,8}", number in "1[3-9][0-9]{9}", after in "[一-龥a-z]{0,8}") {
            let masked = masked_text(&format!("{before}{number}{after}"), "");
            prop_assert!(!masked.contains(&number));
        }
    }
}
