//! What terms above the law give, as cards.

use parties::verdict::{Judged, words};
use remedies::{Layer, Remedy, Verdict};
use web::Lang;

/// One promise that is open.
pub(super) struct Beyond {
    /// What.
    pub name: String,
    /// Who promised it, and who pays.
    pub by: String,
    /// Its last day.
    pub until: Option<String>,
    /// Where the text stands.
    pub href: Option<String>,
    /// What is kept back.
    pub fee: Option<String>,
}

/// What the layers above the law give.
pub(super) fn beyond(lang: &Lang, judged: &Judged, verdict: &Verdict<'_>) -> Vec<Beyond> {
    verdict
        .remedies
        .iter()
        .filter(|open| open.layer != Layer::Law && open.remedy != Remedy::None)
        .map(|open| Beyond {
            name: words::remedy(lang, open.remedy),
            by: words::by(lang, &judged.layers, open),
            until: open.last_day.map(|day| lang.t1("parties-verdict-until", "day", words::day(day))),
            href: judged.layers.named(open.terms).and_then(|named| named.href.clone()),
            fee: (open.fee_fen() > 0).then(|| lang.t1("remedies-less", "sum", words::money(lang, open.fee_fen()))),
        })
        .collect()
}
