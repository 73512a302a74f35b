use crate::fold::fold;
use crate::token::Terms;

/// Characters shown before and after what was found.
const BEFORE: usize = 24;
const AFTER: usize = 72;

/// The words around what was found, in one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// What stands before it; begins with `…` when the text goes on to the front.
    pub before: String,
    /// What was found, as it is written there; empty when it was found by a code.
    pub found: String,
    /// What stands after it; ends with `…` when the text goes on.
    pub after: String,
}

/// The words of `body` around the first term that stands there.
pub(crate) fn snippet(body: &str, terms: &Terms) -> Snippet {
    let folded = fold(body);
    let place = terms.terms.iter().find_map(|term| {
        let (ahead, _) = folded.text.split_once(&term.folded)?;
        let first = ahead.chars().count();
        let last = first + term.folded.chars().count() - 1;
        // A term that begins with the mark of a word begins with that word.
        Some((*folded.sources.get(first)?, *folded.sources.get(last)? + 1))
    });
    let (start, end) = place.unwrap_or((0, 0));
    let line = |from: usize, to: usize| -> String {
        body.chars().skip(from).take(to.saturating_sub(from)).map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    let from = start.saturating_sub(BEFORE);
    let to = end + AFTER;
    let goes_on = body.chars().nth(to).is_some();
    Snippet {
        before: format!("{}{}", if from > 0 { "…" } else { "" }, line(from, start)),
        found: line(start, end),
        after: format!("{}{}", line(end, to), if goes_on { "…" } else { "" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str, query: &str) -> Snippet {
        snippet(body, &Terms::of(query).unwrap())
    }

    #[test]
    fn what_was_found_shows_as_it_is_written() {
        let found = of("屏幕碎了，换了 ｉＰｈｏｎｅ 15 的屏\n谢谢", "iphone15");
        assert_eq!(
            (found.before.as_str(), found.found.as_str(), found.after.as_str()),
            ("屏幕碎了，换了 ", "ｉＰｈｏｎｅ 15", " 的屏 谢谢")
        );
    }

    #[test]
    fn a_long_text_is_cut_on_both_sides() {
        let found = of(&format!("{}退款{}", "前".repeat(100), "后".repeat(100)), "退款");
        assert_eq!(found.before, format!("…{}", "前".repeat(BEFORE)));
        assert_eq!(found.after, format!("{}…", "后".repeat(AFTER)));
    }

    #[test]
    fn what_was_found_by_a_code_shows_the_beginning() {
        assert_eq!(of("王小明", "8000"), Snippet { after: "王小明".into(), ..Snippet::default() });
    }
}
