//! Amounts in Chinese capitals, as vouchers need them (支付结算办法 附一).

use kernel::Money;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];

/// `人民币叁仟贰佰玖拾玖元整`.
pub fn capitals(amount: Money) -> String {
    let fen = amount.fen();
    let sign = if fen < 0 { "负" } else { "" };
    let fen = fen.unsigned_abs();
    let (yuan, jiao, cent) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = format!("人民币{sign}");
    if yuan > 0 || fen == 0 {
        text.push_str(&whole(yuan));
        text.push('元');
    }
    match (jiao, cent) {
        (0, 0) => text.push('整'),
        (jiao, 0) => {
            push(&mut text, jiao);
            text.push_str("角整");
        }
        (jiao, cent) => {
            if jiao > 0 {
                push(&mut text, jiao);
                text.push('角');
            } else if yuan > 0 {
                text.push('零');
            }
            push(&mut text, cent);
            text.push('分');
        }
    }
    text
}

fn push(text: &mut String, digit: u64) {
    text.extend(usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit)));
}

/// Groups of four digits; zeros between digits are said once.
fn whole(mut yuan: u64) -> String {
    if yuan == 0 {
        return "零".to_owned();
    }
    let mut groups = Vec::new();
    while yuan > 0 {
        groups.push(yuan % 10_000);
        yuan /= 10_000;
    }
    let mut text = String::new();
    let mut gap = false;
    for (n, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            gap = true;
            continue;
        }
        if !text.is_empty() && (gap || *group < 1_000) {
            text.push('零');
        }
        gap = false;
        let mut inner_gap = false;
        let mut begun = false;
        for place in (0..4).rev() {
            let digit = group / 10_u64.pow(place) % 10;
            if digit == 0 {
                inner_gap = begun;
                continue;
            }
            if inner_gap {
                text.push('零');
                inner_gap = false;
            }
            push(&mut text, digit);
            text.push_str(usize::try_from(place).ok().and_then(|place| PLACES.get(place)).copied().unwrap_or_default());
            begun = true;
        }
        text.push_str(GROUPS.get(n).copied().unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_banks_want_them() {
        for (fen, text) in [
            (0, "人民币零元整"),
            (329_900, "人民币叁仟贰佰玖拾玖元整"),
            (290_807, "人民币贰仟玖佰零捌元零柒分"),
            (140_950, "人民币壹仟肆佰零玖元伍角整"),
            (600_714, "人民币陆仟零柒元壹角肆分"),
            (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
            (10_700_053, "人民币壹拾万柒仟元伍角叁分"),
            (1_000_000_100, "人民币壹仟万零壹元整"),
            (1_000_500_000, "人民币壹仟万伍仟元整"),
            (10_000_000_000, "人民币壹亿元整"),
            (7, "人民币柒分"),
            (50, "人民币伍角整"),
            (-100, "人民币负壹元整"),
        ] {
            assert_eq!(capitals(Money::from_fen(fen)), text, "{fen}");
        }
    }
}
