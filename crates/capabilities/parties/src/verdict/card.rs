use askama::Template;
use remedies::{FactName, Layer, Remedy};
use web::{Lang, Markup};

use super::{Judged, href, words};

/// Where a card leads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Link<'l> {
    /// The reader may ask for verdicts.
    pub judge: bool,
    /// Where the return of this unit is, or is begun.
    pub open: Option<&'l str>,
}

#[derive(Template)]
#[template(path = "parties_verdict.html")]
struct Card {
    lang: Lang,
    staff: String,
    supposed: bool,
    repairs: String,
    open: Vec<OpenShown>,
    possible: String,
    ask: Option<String>,
    person: bool,
    judge: Option<String>,
    go: Option<String>,
    rules: String,
    void: Vec<String>,
}

struct OpenShown {
    name: String,
    until: Option<String>,
    cite: String,
    free: bool,
    /// Whose promise it is, and who pays; of the law nothing.
    by: Option<String>,
}

/// The verdict beside the work: the sentence for staff, what is open until when, what to ask next, and the way to the whole of it.
///
/// # Errors
/// `internal` when it cannot be written.
pub fn card(lang: &Lang, judged: &Judged, link: Link<'_>) -> Result<Markup, kernel::Fault> {
    let verdict = judged.verdict()?;
    let open = verdict.remedies.iter().filter(|open| open.remedy != Remedy::None).map(|open| OpenShown {
        name: words::remedy(lang, open.remedy),
        until: open.last_day.map(|day| lang.t1("parties-verdict-until", "day", words::day(day))),
        cite: words::clauses(
            lang,
            open.grounds.iter().flat_map(|ground| ground.cite).chain(open.day_cite).map(String::as_str),
        ),
        free: open.fee.is_none(),
        by: (open.layer != Layer::Law).then(|| words::by(lang, &judged.layers, open)),
    });
    let mut possible: Vec<Remedy> = verdict.possible.iter().map(|open| open.remedy).collect();
    possible.sort_unstable();
    possible.dedup();
    let ask = verdict.for_staff.ask.or_else(|| verdict.missing.iter().find(|fact| *fact != FactName::ClaimDate));
    let done = judged.facts.repairs_done.unwrap_or(0);
    let card = Card {
        staff: words::for_staff(lang, &verdict.for_staff),
        supposed: judged.supposed,
        repairs: lang.t1("parties-verdict-repairs", "n", i64::from(done)),
        open: open.collect(),
        possible: words::remedies(lang, &possible),
        ask: ask.map(|fact| lang.word("remedies-ask", fact.as_str())),
        person: !verdict.person.is_empty(),
        judge: link.judge.then(|| href(&judged.facts, judged.unit)),
        void: verdict.void.iter().map(|void| words::void(lang, &judged.layers, void)).collect(),
        go: link.open.map(str::to_owned),
        rules: lang.t1("parties-verdict-rules", "version", verdict.rules),
        lang: lang.clone(),
    };
    card.render().map(Markup::ready).map_err(kernel::Fault::internal)
}
