//! Which words decided.

use crate::text::Sign;

/// A piece of the text that speaks for the label.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// As it stands in the text.
    pub words: String,
    /// Its share of everything that spoke for the label, from 0 to 1.
    pub share: f32,
}

/// Most reasons of a suggestion.
const MOST: usize = 4;
/// Longest piece in characters; a reader must see it at once.
const LONGEST: usize = 10;
/// What speaks less than this part of the strongest character is left out.
const FAINT: f32 = 0.2;

/// Joins runs back to words: every run gives what it weighs to its characters in equal parts, and characters that stand together and
/// speak clearly for the label are a piece. `one_word` tells whether a character and the next belong to one word, so that no piece begins
/// or ends within one.
pub(crate) fn reasons(
    text: &str,
    signs: &[Sign],
    weighed: impl Iterator<Item = ((usize, usize), f32)>,
    one_word: impl Fn(usize) -> bool,
) -> Vec<Reason> {
    let mut spoken = vec![0.0_f32; signs.len()];
    for ((from, to), weight) in weighed {
        let part = weight / to.saturating_sub(from).max(1) as f32;
        spoken.get_mut(from..to).unwrap_or_default().iter_mut().for_each(|sum| *sum += part);
    }
    let letter = |at: usize| signs.get(at).is_some_and(|sign| sign.read.is_alphanumeric());
    let said = |at: usize| spoken.get(at).copied().filter(|_| letter(at)).unwrap_or_default();
    let total: f32 = (0..signs.len()).map(|at| said(at).max(0.0)).sum();
    let loudest = (0..signs.len()).map(said).fold(0.0_f32, f32::max);
    if total <= 0.0 {
        return Vec::new();
    }
    let clear = |at: usize| said(at) > loudest * FAINT;
    let mut found: Vec<Reason> = Vec::new();
    let (mut at, mut last_to) = (0, 0);
    while at < signs.len() {
        if !clear(at) {
            at += 1;
            continue;
        }
        let (mut from, mut to) = (at, at + 1);
        while to < signs.len() && clear(to) && to - from < LONGEST {
            to += 1;
        }
        at = to;
        // Half a Latin word is no word, and a single Chinese character seldom is.
        let latin = |at: usize| signs.get(at).is_some_and(|sign| sign.read.is_ascii_alphanumeric());
        while latin(from) && from > 0 && latin(from - 1) {
            from -= 1;
        }
        while to > 0 && latin(to - 1) && latin(to) {
            to += 1;
            at = at.max(to);
        }
        while from > last_to && to - from < LONGEST && letter(from - 1) && one_word(from - 1) {
            from -= 1;
        }
        while to - from < LONGEST && letter(to) && one_word(to - 1) {
            to += 1;
            at = at.max(to);
        }
        if to - from == 1 && !latin(from) {
            let (before, after) = (from.checked_sub(1).filter(|at| letter(*at)), Some(to).filter(|at| letter(*at)));
            match (before, after) {
                (Some(before), Some(after)) if said(before) >= said(after) => from = before,
                (_, Some(after)) => to = after + 1,
                (Some(before), None) => from = before,
                (None, None) => {}
            }
        }
        last_to = to;
        let weight: f32 = (from..to).map(|at| said(at).max(0.0)).sum();
        let place = signs.get(from).zip(signs.get(to.saturating_sub(1))).map(|(a, b)| a.place.0..b.place.1);
        let Some(words) = place.and_then(|place| text.get(place)) else { continue };
        let share = (weight / total).min(1.0);
        match found.iter_mut().find(|reason| reason.words == words) {
            Some(again) => again.share = (again.share + share).min(1.0),
            None => found.push(Reason { words: words.to_owned(), share }),
        }
    }
    found.sort_by(|a, b| b.share.total_cmp(&a.share));
    found.truncate(MOST);
    found
}
