//! What the engines look up.

use std::collections::BTreeSet;

use kernel::{Id, of};

use crate::code;
use crate::fold::{BREAK, Class, WORD, fold};

/// Longer words are cut into tokens of so many characters.
const WORD_PART: usize = 64;
/// Terms of a query beyond these are left out, and a term's characters beyond those.
const MOST_TERMS: usize = 8;
const LONGEST_TERM: usize = 64;

// Private-use characters never come from text (they are no letters), so these tokens never meet those of words.
const CODE: char = '\u{E000}';
const STORE: char = '\u{E001}';
/// Kinds of records get one of so many marks from here on. Two that get the same are told apart when candidates are confirmed.
const KIND: u32 = 0xE100;
const KINDS: u32 = 0x1000;

/// `token` as it stands in the index: each says the kind of its record. What thousands of cases say and no customer's file does
/// is then known at once to be in no customer's file.
pub(crate) fn of_kind(kind: &str, token: &str) -> String {
    let mixed = kind.bytes().fold(7_u32, |mixed, byte| mixed.wrapping_mul(31).wrapping_add(u32::from(byte)));
    char::from_u32(KIND + mixed % KINDS).into_iter().chain(token.chars()).collect()
}

/// A run of characters of one class in folded text.
enum Run<'a> {
    Ideographs(&'a str),
    Word(&'a str),
}

fn runs(folded: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    for part in folded.split(BREAK) {
        // " iphone 15屏幕": each word follows its mark; what follows a word without a mark are ideographs.
        let mut rest = part;
        while !rest.is_empty() {
            if let Some(word) = rest.strip_prefix(WORD) {
                let end = word.find(|c| c == WORD || Class::of(c) == Class::Ideograph).unwrap_or(word.len());
                let (word, after) = word.split_at(end);
                runs.push(Run::Word(word));
                rest = after;
            } else {
                let (ideographs, after) = rest.split_at(rest.find(WORD).unwrap_or(rest.len()));
                runs.push(Run::Ideographs(ideographs));
                rest = after;
            }
        }
    }
    runs
}

fn pairs(run: &str) -> impl Iterator<Item = String> {
    run.chars().zip(run.chars().skip(1)).map(|(a, b)| [a, b].into_iter().collect())
}

fn word_parts(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    characters.chunks(WORD_PART).map(|part| part.iter().collect()).collect()
}

/// The tokens of a piece, without its kind: of its folded text, its codes and its store.
pub(crate) fn tokens(folded: &str, codes: &str, store: Id<of::Unit>) -> BTreeSet<String> {
    let mut tokens = BTreeSet::from([store_token(store)]);
    for run in runs(folded) {
        match run {
            Run::Ideographs(run) => {
                tokens.extend(pairs(run));
                // So that one character alone is found by prefix wherever it stands, and a run's end can be looked up.
                tokens.extend(run.chars().last().map(String::from));
            }
            Run::Word(word) => tokens.extend(word_parts(word)),
        }
    }
    tokens.extend(codes.split_whitespace().map(code_token));
    tokens
}

pub(crate) fn store_token(store: Id<of::Unit>) -> String {
    format!("{STORE}{store}")
}

fn code_token(code: &str) -> String {
    format!("{CODE}{code}")
}

/// A token to look up, whole or as the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lookup {
    pub token: String,
    pub prefix: bool,
}

impl Lookup {
    fn whole(token: String) -> Self {
        Self { token, prefix: false }
    }
}

/// One term of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// As it is compared with folded text.
    pub folded: String,
    /// As it is compared with codes.
    pub code: String,
    /// The tokens that every text with the term has.
    pub lookups: Vec<Lookup>,
}

impl Term {
    pub(crate) fn code_lookup(&self) -> Lookup {
        Lookup::whole(code_token(&self.code))
    }
    fn new(source: &str) -> Option<Self> {
        let folded: String = fold(source).text.chars().take(LONGEST_TERM).collect();
        let code = code::exact(source)?;
        let mut lookups = Vec::new();
        let runs = runs(&folded);
        let last = runs.len().checked_sub(1)?;
        for (n, run) in runs.iter().enumerate() {
            match run {
                Run::Ideographs(run) => {
                    lookups.extend(pairs(run).map(Lookup::whole));
                    let alone = run.chars().nth(1).is_none();
                    if n < last || alone {
                        // Where a word follows, the run ends; at the term's end the text may go on.
                        let end = run.chars().last().map(String::from);
                        lookups.extend(end.map(|token| Lookup { token, prefix: n == last }));
                    }
                }
                Run::Word(word) => {
                    let parts = word_parts(word);
                    let end = parts.len().saturating_sub(1);
                    lookups.extend(
                        parts
                            .into_iter()
                            .enumerate()
                            .map(|(part, token)| Lookup { token, prefix: n == last && part == end }),
                    );
                }
            }
        }
        Some(Self { folded, code, lookups })
    }
}

/// A query, cut into terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// A piece has all of these …
    pub terms: Vec<Term>,
    /// … or this whole code: the query without its blanks and punctuation (`138 0013 8000`, `A5-1120-007`).
    pub whole: Option<Term>,
}

impl Terms {
    /// The terms of `query`; `None` when there are none.
    pub(crate) fn of(query: &str) -> Option<Self> {
        let folded_apart = |c: char| {
            let class = crate::fold::plain(c).next().map_or(Class::Other, Class::of);
            matches!(class, Class::Space | Class::Other)
        };
        let terms: Vec<Term> = query.split(folded_apart).filter_map(Term::new).take(MOST_TERMS).collect();
        let whole = (terms.len() > 1).then(|| code::exact(query)).flatten();
        let whole = whole.map(|code| Term { folded: String::new(), code, lookups: Vec::new() });
        (!terms.is_empty()).then_some(Self { terms, whole })
    }

    /// True when the terms are such that few texts have them (a number of four digits and more), so that looking through the
    /// newest texts first is in vain.
    pub(crate) fn look_rare(&self) -> bool {
        self.terms.iter().any(|term| term.folded.chars().filter(char::is_ascii_digit).count() >= 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let tokens = tokens(&fold(text).text, "", Id::new(1));
        tokens.into_iter().filter(|token| !token.starts_with(STORE)).collect()
    }
    fn lookups(term: &str) -> Vec<String> {
        let term = Terms::of(term).unwrap().terms.remove(0);
        term.lookups.into_iter().map(|l| if l.prefix { format!("{}*", l.token) } else { l.token }).collect()
    }

    #[test]
    fn ideographs_give_pairs_and_words_are_whole() {
        assert_eq!(of("退款了"), ["了", "款了", "退款"]);
        assert_eq!(of("iPhone15换屏"), ["15", "iphone", "屏", "换屏"]);
        assert_eq!(of(&"x".repeat(70)), ["x".repeat(6), "x".repeat(64)]);
    }

    #[test]
    fn what_is_looked_up_is_in_every_text_with_the_term() {
        assert_eq!(lookups("退款"), ["退款"]);
        assert_eq!(lookups("退货退款"), ["退货", "货退", "退款"]);
        assert_eq!(lookups("退"), ["退*"]);
        assert_eq!(lookups("iph"), ["iph*"]);
        assert_eq!(lookups("换iphone屏"), ["换", "iphone", "屏*"]);
    }

    #[test]
    fn a_query_is_cut_at_blanks_and_punctuation_and_is_also_one_code() {
        let terms = Terms::of(" 138-0013 8000。").unwrap();
        assert_eq!(terms.terms.iter().map(|t| t.code.as_str()).collect::<Vec<_>>(), ["138", "0013", "8000"]);
        assert_eq!(terms.whole.unwrap().code, "13800138000");
        assert!(Terms::of(" '\\&|!:*\"\u{0}😀 ").is_none());
    }
}
