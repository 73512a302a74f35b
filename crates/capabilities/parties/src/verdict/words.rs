//! Verdicts in the reader's words.

use kernel::Money;
use remedies::{Day, FactName, Open, Remedy, Rulebook, Saying, SumStep, Unit, VoidTerm, allowed_words, source_of};
use web::Lang;

use super::Layers;
use super::layers::less_word;

/// A clause as people name it: the source and its article.
pub fn clause(lang: &Lang, cite: &str) -> String {
    let source = source_of(cite);
    let name = lang.word("remedies-source", &source.to_lowercase());
    match cite.split_once('-') {
        Some((_, article)) => lang.t2("remedies-clause", "source", name, "article", article.to_owned()),
        None => name,
    }
}

/// Several clauses, each once.
pub fn clauses<'c>(lang: &Lang, cites: impl IntoIterator<Item = &'c str>) -> String {
    let mut said: Vec<String> = Vec::new();
    for cite in cites {
        let clause = clause(lang, cite);
        if !said.contains(&clause) {
            said.push(clause);
        }
    }
    said.join(" · ")
}

/// A day of the rules, always with its year: it may be years away.
pub fn day(day: Day) -> String {
    day.to_string()
}

/// A remedy in two or three syllables.
pub fn remedy(lang: &Lang, remedy: Remedy) -> String {
    lang.word("remedies-remedy", &remedy.as_str().to_lowercase())
}

/// Remedies one after the other.
pub fn remedies(lang: &Lang, list: &[Remedy]) -> String {
    list.iter().map(|one| remedy(lang, *one)).collect::<Vec<_>>().join(&lang.t("remedies-comma"))
}

/// A value of a fact as people say it.
pub fn value(lang: &Lang, book: &Rulebook, fact: FactName, word: &str) -> String {
    if allowed_words(fact).contains(&word) {
        return lang.word(&format!("remedies-{}", fact.as_str().replace('_', "-")), word);
    }
    match fact {
        FactName::Category => match book.category(word) {
            Some(_) => lang.word("remedies-category", word),
            None => lang.t("remedies-category-other"),
        },
        FactName::Component => {
            lang.find(&format!("remedies-component-{}", word.replace('_', "-"))).unwrap_or_else(|| word.to_owned())
        }
        FactName::PriceFen => word.parse().map_or_else(|_| word.to_owned(), |fen| money(lang, fen)),
        FactName::Km => lang.t1("remedies-km", "n", word.parse::<i64>().unwrap_or(0)),
        FactName::OpenRepairDays | FactName::PartsWaitDays | FactName::DaysInRepair => {
            lang.t1("remedies-days", "n", word.parse::<i64>().unwrap_or(0))
        }
        FactName::RepairsDone => lang.t1("remedies-times", "n", word.parse::<i64>().unwrap_or(0)),
        _ if word == "none" => lang.t("remedies-never"),
        _ => word.to_owned(),
    }
}

/// An amount in fen.
pub fn money(lang: &Lang, fen: i64) -> String {
    lang.money(Money::from_fen(fen))
}

/// Hundred-thousandths as a percentage.
fn share(n: i64) -> String {
    let text = format!("{}.{:03}", n / 1000, n % 1000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A step of a sum: what it is, and its value.
pub fn step(lang: &Lang, step: &SumStep) -> (String, String) {
    let value = match step.unit {
        Unit::Fen => money(lang, step.value),
        Unit::Days => lang.t1("remedies-days", "n", step.value),
        Unit::Months => lang.t1("remedies-months", "n", step.value),
        Unit::Km => lang.t1("remedies-km", "n", step.value),
        Unit::Per100k => share(step.value),
        Unit::Times => format!("× {}", step.value),
    };
    (lang.word("remedies-step", step.step), value)
}

/// The sentence for staff.
pub fn for_staff(lang: &Lang, saying: &Saying) -> String {
    let named = remedies(lang, &saying.remedies);
    let said = lang.t1(&format!("remedies-staff-{}", saying.case), "remedies", named);
    match saying.last_day {
        Some(last) => format!("{said}{}", lang.t1("remedies-staff-until", "day", day(last))),
        None => said,
    }
}

/// The sentence for the customer: conditions only.
pub fn for_customer(lang: &Lang, saying: &Saying) -> String {
    let named = remedies(lang, &saying.remedies);
    let said = lang.t1(&format!("remedies-customer-{}", saying.case), "remedies", named);
    match saying.last_day {
        Some(last) => format!("{said}{}", lang.t1("remedies-customer-until", "day", day(last))),
        None => said,
    }
}

/// Who promised what is open, and who pays: the layer, what its text is called, the payer.
pub fn by(lang: &Lang, layers: &Layers, open: &Open<'_>) -> String {
    let layer = lang.word("remedies-layer", open.layer.as_str());
    let name = layers.named(open.terms).map_or_else(|| open.terms.to_owned(), |named| named.name.clone());
    lang.t3("remedies-by", "layer", layer, "name", name, "payer", lang.word("remedies-payer", open.payer))
}

/// A term that is void, and the clauses that make it so.
pub fn void(lang: &Lang, layers: &Layers, void: &VoidTerm<'_>) -> String {
    let name = layers.named(void.terms).map_or_else(|| void.terms.to_owned(), |named| named.name.clone());
    let what = lang.t1(&format!("remedies-void-{}", less_word(void.less)), "remedy", remedy(lang, void.remedy));
    lang.t3("remedies-void", "name", name, "what", what, "cite", clauses(lang, void.cite.iter().copied()))
}
