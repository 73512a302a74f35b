//! Which words say that somebody is upset, without any I/O.

use std::collections::BTreeMap;

use kernel::words;

words! {
    /// How upset a customer is (情绪). Calm is the absence of a flag.
    pub enum Level {
        /// 激动
        Upset = "upset",
        /// 非常激动
        VeryUpset = "very_upset",
    }
}

words! {
    /// How we know.
    pub enum Source {
        /// The customer's own words.
        Words = "words",
        /// A member of staff says so, with a reason.
        Staff = "staff",
        /// It was ticked when the case was taken in.
        Intake = "intake",
    }
}

words! {
    /// How a flag ended.
    pub enum Ended {
        /// The customer has calmed down.
        Calmed = "calmed",
        /// The customer was not upset at all.
        Mistaken = "mistaken",
        /// A stronger flag took its place.
        Raised = "raised",
    }
}

words! {
    /// A language that words are kept for.
    pub enum Language {
        /// 中文
        Zh = "zh",
        /// English
        En = "en",
    }
}

words! {
    /// What words of a list do.
    pub enum Role {
        /// They say that somebody is upset.
        Upset = "upset",
        /// They say that somebody is very upset.
        VeryUpset = "very_upset",
        /// Before such a word they say the opposite; a leading `+` marks what only looks like one of them.
        Negation = "negation",
    }
}

/// Longest list, in words, and longest word, in characters.
pub const MOST_WORDS: usize = 400;
/// Longest word of a list, in characters.
pub const LONGEST_WORD: usize = 40;
/// Hits beyond these add nothing.
const MOST_HITS: usize = 20;
/// A Chinese negation works over so many characters, an English one over so many words.
const REACH_ZH: usize = 6;
const REACH_EN: usize = 4;

/// The lists of words (情绪词表).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon(pub BTreeMap<(Language, Role), Vec<String>>);

/// A word that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where it begins and ends in the text, in bytes.
    pub from: usize,
    /// Behind its end.
    pub to: usize,
    /// The word as the list has it.
    pub word: String,
    /// What it says.
    pub level: Level,
}

impl Lexicon {
    /// The words of one list.
    pub fn of(&self, language: Language, role: Role) -> &[String] {
        self.0.get(&(language, role)).map_or(&[], Vec::as_slice)
    }

    /// The words in `text` that say that somebody is upset, in their order; of overlapping ones the longest. What is negated before it
    /// in the same clause is not among them.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        // Same length in bytes, so that places in it are places in the text.
        let lower = text.to_ascii_lowercase();
        let mut found: Vec<(Hit, Language)> = Vec::new();
        for language in Language::ALL {
            for (role, level) in [(Role::Upset, Level::Upset), (Role::VeryUpset, Level::VeryUpset)] {
                for word in self.of(*language, role) {
                    for (from, _) in lower.match_indices(word.as_str()) {
                        let to = from.saturating_add(word.len());
                        if *language == Language::Zh || stands_alone(&lower, from, to) {
                            found.push((Hit { from, to, word: word.clone(), level }, *language));
                        }
                    }
                }
            }
        }
        found.sort_by_key(|(a, _)| (a.from, std::cmp::Reverse(a.to)));
        let (mut end, mut hits) = (0, Vec::new());
        for (hit, language) in found {
            if hit.from < end {
                continue;
            }
            end = hit.to;
            if !self.negated(&lower, hit.from, language) {
                hits.push(hit);
            }
        }
        hits.truncate(MOST_HITS);
        hits
    }

    /// True when an odd number of negations stands close before `at`.
    fn negated(&self, lower: &str, at: usize, language: Language) -> bool {
        let before = lower.get(..at).unwrap_or_default();
        let clause = before.rsplit(['。', '！', '？', '，', '；', '：', '.', '!', '?', ',', ';', ':', '\n']).next();
        let clause = clause.unwrap_or_default();
        let window = match language {
            Language::Zh => tail(clause, REACH_ZH),
            Language::En => last_words(clause, REACH_EN),
        };
        let mut list: Vec<(&str, bool)> = self
            .of(language, Role::Negation)
            .iter()
            .map(|word| word.strip_prefix('+').map_or((word.as_str(), true), |kept| (kept, false)))
            .filter(|(word, _)| !word.is_empty())
            .collect();
        list.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let (mut place, mut odd) = (0, false);
        while let Some(rest) = window.get(place..).filter(|rest| !rest.is_empty()) {
            let fits = |word: &str| {
                rest.starts_with(word)
                    && (language == Language::Zh || stands_alone(window, place, place.saturating_add(word.len())))
            };
            let step = match list.iter().find(|(word, _)| fits(word)) {
                Some((word, negates)) => {
                    odd ^= *negates;
                    word.len()
                }
                None => rest.chars().next().map_or(1, char::len_utf8),
            };
            place = place.saturating_add(step);
        }
        odd
    }
}

/// How upset `hits` say that somebody is.
pub fn level(hits: &[Hit]) -> Option<Level> {
    hits.iter().map(|hit| hit.level).max()
}

/// Each word of `hits` once, in its order.
pub fn named(hits: &[Hit]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for hit in hits {
        if !words.contains(&hit.word) {
            words.push(hit.word.clone());
        }
    }
    words
}

/// `text` in pieces, of which those that are true are among `words`, as [`Lexicon::find`] found them.
pub fn marked(text: &str, lexicon: &Lexicon, words: &[String]) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut place = 0;
    for hit in lexicon.find(text).into_iter().filter(|hit| words.contains(&hit.word)) {
        if let Some(plain) = text.get(place..hit.from).filter(|plain| !plain.is_empty()) {
            pieces.push((plain.to_owned(), false));
        }
        pieces.push((text.get(hit.from..hit.to).unwrap_or_default().to_owned(), true));
        place = hit.to;
    }
    if let Some(plain) = text.get(place..).filter(|plain| !plain.is_empty()) {
        pieces.push((plain.to_owned(), false));
    }
    pieces
}

/// The list that a person typed, one word a line: trimmed, in small letters, each once.
///
/// # Errors
/// The code of a field's error: too many words, or one that is too long or too short to mean anything.
pub fn read_list(typed: &str, role: Role) -> Result<Vec<String>, &'static str> {
    let mut words: Vec<String> = Vec::new();
    for line in typed.lines().map(|line| line.trim().to_lowercase()).filter(|line| !line.is_empty()) {
        let letters = line.trim_start_matches('+').chars().count();
        if letters > LONGEST_WORD || letters == 0 || (role != Role::Negation && (letters < 2 || line.starts_with('+')))
        {
            return Err("emotion-word");
        }
        if !words.contains(&line) {
            words.push(line);
        }
    }
    if words.len() > MOST_WORDS { Err("emotion-words") } else { Ok(words) }
}

/// No letter or digit touches the stretch.
fn stands_alone(text: &str, from: usize, to: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let before = text.get(..from).and_then(|before| before.chars().next_back());
    let after = text.get(to..).and_then(|after| after.chars().next());
    !letter(before) && !letter(after)
}

fn tail(text: &str, n: usize) -> &str {
    let from = text.char_indices().rev().take(n).last().map_or(text.len(), |(at, _)| at);
    text.get(from..).unwrap_or_default()
}

fn last_words(text: &str, n: usize) -> &str {
    let trimmed = text.trim_end();
    let from = trimmed.rmatch_indices(' ').nth(n.saturating_sub(1)).map_or(0, |(at, _)| at.saturating_add(1));
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Lexicon(BTreeMap::from([
            ((Language::Zh, Role::Upset), list(&["生气", "太差了", "受不了"])),
            ((Language::Zh, Role::VeryUpset), list(&["忍无可忍", "气死"])),
            (
                (Language::Zh, Role::Negation),
                list(&["不是", "不", "没有", "没", "+不但", "+不得不", "+忍不住", "+没人"]),
            ),
            ((Language::En, Role::Upset), list(&["upset", "angry"])),
            ((Language::En, Role::VeryUpset), list(&["furious"])),
            ((Language::En, Role::Negation), list(&["not", "isn't", "+not only"])),
        ]))
    }

    fn found(text: &str) -> Vec<String> {
        named(&lexicon().find(text))
    }

    #[test]
    fn words_are_found_and_the_strongest_counts() {
        assert_eq!(found("真的很生气，你们太差了！忍无可忍"), ["生气", "太差了", "忍无可忍"]);
        assert_eq!(level(&lexicon().find("气死我了")), Some(Level::VeryUpset));
        assert_eq!(level(&lexicon().find("I am so ANGRY.")), Some(Level::Upset));
        assert_eq!(level(&lexicon().find("送货很快，谢谢")), None);
        assert_eq!(level(&lexicon().find("")), None);
    }

    #[test]
    fn what_is_negated_is_not_said() {
        assert!(found("我不生气").is_empty());
        assert!(found("没有生气，就是问问").is_empty());
        assert!(found("并不是很生气").is_empty());
        assert!(found("I'm not really angry").is_empty());
        assert!(found("she isn't upset").is_empty());
        // In another clause it says nothing of this one.
        assert_eq!(found("不用解释了，我很生气"), ["生气"]);
        assert_eq!(found("It does not work. I am upset"), ["upset"]);
        // Twice is not at all, and some only look like it.
        assert_eq!(found("不是不生气"), ["生气"]);
        assert_eq!(found("不但生气"), ["生气"]);
        assert_eq!(found("忍不住生气"), ["生气"]);
        assert_eq!(found("not only angry"), ["angry"]);
    }

    #[test]
    fn latin_words_stand_alone_and_chinese_ones_need_not() {
        assert!(found("hangry people").is_empty());
        assert_eq!(found("真受不了了"), ["受不了"]);
    }

    #[test]
    fn the_words_are_marked_in_the_text() {
        let pieces = marked("我很生气，İ不生气", &lexicon(), &["生气".to_owned()]);
        assert_eq!(pieces, [("我很".to_owned(), false), ("生气".to_owned(), true), ("，İ不生气".to_owned(), false)]);
        assert_eq!(marked("好", &lexicon(), &[]), [("好".to_owned(), false)]);
    }

    #[test]
    fn a_typed_list_is_cleaned_or_refused() {
        assert_eq!(read_list(" 生气 \n\n生气\nANGRY", Role::Upset).unwrap(), ["生气", "angry"]);
        assert_eq!(read_list("气", Role::Upset), Err("emotion-word"));
        assert_eq!(read_list("不\n+不但", Role::Negation).unwrap(), ["不", "+不但"]);
        assert_eq!(read_list("+", Role::Negation), Err("emotion-word"));
        assert_eq!(read_list(&"长".repeat(41), Role::Upset), Err("emotion-word"));
        let many: String = (0..401).map(|n| format!("词{n}\n")).collect();
        assert_eq!(read_list(&many, Role::Upset), Err("emotion-words"));
    }
}
