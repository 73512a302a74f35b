//! What is found, said in the plainest way: no tokens, no folding into one text, no index.

#[derive(Debug, Clone, PartialEq, Eq)]
enum Unit {
    Ideograph(char),
    Letters(String),
    Digits(String),
    /// Nothing reaches across it.
    Break,
    Blank,
}

fn lower(c: char) -> char {
    let wide = u32::from(c);
    let half = if (0xFF01..=0xFF5E).contains(&wide) { char::from_u32(wide - 0xFEE0).unwrap() } else { c };
    half.to_ascii_lowercase()
}

fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for c in text.chars().map(lower) {
        match (c, units.last_mut()) {
            ('0'..='9', Some(Unit::Digits(digits))) => digits.push(c),
            ('0'..='9', _) => units.push(Unit::Digits(c.into())),
            ('a'..='z', Some(Unit::Letters(letters))) => letters.push(c),
            ('a'..='z', _) => units.push(Unit::Letters(c.into())),
            ('\u{4E00}'..='\u{9FFF}', _) => units.push(Unit::Ideograph(c)),
            (' ' | '\u{3000}' | '\n', _) => units.push(Unit::Blank),
            _ => units.push(Unit::Break),
        }
    }
    units
}

/// Blanks go, but part two ideographs.
fn without_blanks(units: Vec<Unit>) -> Vec<Unit> {
    let mut kept: Vec<Unit> = Vec::new();
    let mut blank = false;
    for unit in units {
        if unit == Unit::Blank {
            blank = true;
            continue;
        }
        if blank && matches!((kept.last(), &unit), (Some(Unit::Ideograph(_)), Unit::Ideograph(_))) {
            kept.push(Unit::Break);
        }
        kept.push(unit);
        blank = false;
    }
    kept
}

fn stands_in(term: &[Unit], text: &[Unit]) -> bool {
    text.windows(term.len()).any(|window| {
        let last = term.len() - 1;
        window.iter().zip(term).enumerate().all(|(n, (there, wanted))| match (there, wanted) {
            (Unit::Letters(there), Unit::Letters(wanted)) | (Unit::Digits(there), Unit::Digits(wanted)) => {
                there == wanted || (n == last && there.starts_with(wanted.as_str()))
            }
            _ => there == wanted,
        })
    })
}

fn code(text: &str) -> String {
    text.chars().map(lower).filter(|c| c.is_alphanumeric()).collect()
}

/// True when `query` finds a piece of `text` with `codes`.
pub fn finds(query: &str, text: &str, codes: &[String]) -> bool {
    let text = without_blanks(units(text));
    let codes: Vec<String> = codes.iter().map(|code_| code(code_)).collect();
    let query_units = units(query);
    let terms: Vec<&[Unit]> =
        query_units.split(|unit| matches!(unit, Unit::Break | Unit::Blank)).filter(|term| !term.is_empty()).collect();
    let as_code = |term: &[Unit]| -> String {
        let parts = term.iter().map(|unit| match unit {
            Unit::Ideograph(c) => c.to_string(),
            Unit::Letters(word) | Unit::Digits(word) => word.clone(),
            Unit::Break | Unit::Blank => String::new(),
        });
        parts.collect()
    };
    !terms.is_empty()
        && (terms.iter().all(|term| stands_in(term, &text) || codes.contains(&as_code(term)))
            || codes.contains(&code(query)))
}
