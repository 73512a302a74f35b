//! What people typed may hold whole phone numbers; what search shows must not.

use search::Snippet;

/// Digits of a mobile number.
const DIGITS: usize = 11;
/// Digits that stay at the front and at the end.
const FRONT: usize = 3;
const TAIL: usize = 4;

/// The snippet with every mobile number in it masked, also one that is cut off at an edge or lies across what was found.
pub(super) fn masked(snippet: Snippet) -> Snippet {
    let Snippet { before, found, after } = snippet;
    let (first, second) = (before.chars().count(), found.chars().count());
    let mut all: Vec<char> = before.chars().chain(found.chars()).chain(after.chars()).collect();
    let digits: Vec<usize> = all.iter().enumerate().filter(|(_, c)| digit(**c)).map(|(place, _)| place).collect();
    let mut run: Vec<usize> = Vec::new();
    for place in digits {
        if !run.last().is_none_or(|last| joined(&all, *last, place)) {
            hide(&mut all, &run);
            run.clear();
        }
        run.push(place);
    }
    hide(&mut all, &run);
    let part = |from: usize, n: usize| all.iter().skip(from).take(n).collect::<String>();
    Snippet { before: part(0, first), found: part(first, second), after: part(first + second, usize::MAX) }
}

/// Half and full width.
fn digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Digits belong to one number when nothing or one blank or hyphen stands between them.
fn joined(all: &[char], last: usize, next: usize) -> bool {
    match next - last {
        1 => true,
        2 => all.get(last + 1).is_some_and(|c| matches!(c, ' ' | '-' | '－' | '\u{a0}')),
        _ => false,
    }
}

fn hide(all: &mut [char], run: &[usize]) {
    let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { return };
    let cut_ahead = first.checked_sub(1).and_then(|place| all.get(place)).is_some_and(|c| *c == '…');
    let cut_behind = all.get(last + 1).is_some_and(|c| *c == '…');
    let (keep_front, keep_tail) = match (cut_ahead, cut_behind) {
        // Not a mobile number: a case number, a serial.
        (false, false) if run.len() != DIGITS || all.get(first).is_none_or(|c| *c != '1' && *c != '１') => return,
        (false, false) => (FRONT, TAIL),
        // The rest of it may be outside.
        (true, false) => (0, TAIL),
        (false, true) => (FRONT, 0),
        (true, true) => (0, 0),
    };
    let hidden = run.len().saturating_sub(keep_front + keep_tail);
    for place in run.iter().skip(keep_front).take(hidden) {
        if let Some(c) = all.get_mut(*place) {
            *c = '*';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(before: &str, found: &str, after: &str) -> String {
        let Snippet { before, found, after } =
            masked(Snippet { before: before.into(), found: found.into(), after: after.into() });
        format!("{before}[{found}]{after}")
    }

    #[test]
    fn mobile_numbers_are_masked_wherever_they_lie() {
        assert_eq!(of("打 13812345678 给", "王", ""), "打 138****5678 给[王]");
        assert_eq!(of("", "138", "12345678"), "[138]****5678");
        assert_eq!(of("电话 138 1234 5678，", "屏", ""), "电话 138 **** 5678，[屏]");
        assert_eq!(of("电话 138-1234-", "5678", ""), "电话 138-****-[5678]");
        assert_eq!(of("１３８１２３４５６７８", "", ""), "１３８****５６７８[]");
    }

    #[test]
    fn numbers_that_are_none_stay() {
        assert_eq!(of("FW20261118-0009 ", "屏", " 8A2603554471"), "FW20261118-0009 [屏] 8A2603554471");
        assert_eq!(of("¥3,299.00 ", "退款", " 23812345678"), "¥3,299.00 [退款] 23812345678");
    }

    #[test]
    fn a_number_that_is_cut_off_shows_no_more_than_a_masked_one() {
        assert_eq!(of("…12345678 ", "屏", " 打 1381234…"), "…****5678 [屏] 打 138****…");
    }
}
