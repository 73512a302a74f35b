//! What an indicator rests on, in words: for papers that outlive the page.

use capability::Ctx;
use identity::Unit;
use kernel::{Id, of};
use scoring::{Kind, Scheme};
use web::{Chip, Choice, Lang};

use crate::app::Walk;
use crate::domain::Figure;

/// One part of an indicator's evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceWords {
    /// What is counted.
    pub name: String,
    /// What of it is enough, and of how long.
    pub needs: String,
    /// What was counted: `38 ÷ 40`; `None` without data.
    pub counted: Option<String>,
    /// Where the records are.
    pub href: Option<String>,
    /// Without data: what brings some.
    pub missing: String,
}

/// What the indicator `clause` rests on at `unit` with its `stores`, as `figure` counted it, in the reader's language and on their day.
pub fn evidence_words(
    ctx: &Ctx,
    lang: &Lang,
    scheme: &'static Scheme,
    (unit, stores): (&Unit, &[Id<of::Unit>]),
    (clause, figure): (&str, &Figure),
) -> Vec<EvidenceWords> {
    let walk = Walk {
        unit: unit.clone(),
        scheme,
        live: None,
        stores: stores.to_vec(),
        judgements: Vec::new(),
        entries: Vec::new(),
        moves: Vec::new(),
    };
    let Some(Kind::Leaf { parts, .. }) = scheme.indicator(clause).map(|one| &one.kind) else { return Vec::new() };
    let words = |(at, part)| {
        let one = super::item::of_part(ctx, lang, &walk, part, figure.parts.get(at).copied().flatten());
        EvidenceWords { name: one.name, needs: one.needs, counted: one.counted, href: one.href, missing: one.missing }
    };
    parts.iter().enumerate().map(words).collect()
}

/// In a few words, why a figure earned what it did: `38 ÷ 40`.
pub fn why_words(lang: &Lang, figure: &Figure) -> String {
    super::board::why(lang, figure)
}

/// What a figure rests on, as a chip.
pub fn state_words(lang: &Lang, figure: &Figure) -> Chip {
    super::state_chip(lang, figure.state())
}

/// Units to choose from, each with its kind.
pub fn unit_words(lang: &Lang, units: &[Unit]) -> Vec<Choice> {
    super::unit_choices(lang, units)
}
