//! Everything that a verdict can say has words in both languages.

use std::collections::BTreeSet;

use kernel::{Timestamp, Zone};
use remedies::{Extra, FactName, Layer, Remedy, allowed_words};
use web::{Lang, Locale};

#[test]
fn every_code_of_a_verdict_has_words() {
    let book = returns::rulebook().unwrap();
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut needs = |prefix: &str, word: &str| {
        keys.insert(format!("{prefix}-{}", word.to_lowercase().replace(['_', '.'], "-")));
    };
    book.sources().for_each(|source| needs("remedies-source", &source.id));
    book.grounds().for_each(|ground| needs("remedies-ground", ground));
    book.clocks().for_each(|clock| needs("remedies-clock", clock));
    book.evidence().for_each(|paper| needs("remedies-evidence", paper));
    for category in book.categories() {
        needs("remedies-category", &category.id);
        category.parts().for_each(|part| needs("remedies-component", &part.name));
    }
    Remedy::ALL.iter().for_each(|one| needs("remedies-remedy", one.as_str()));
    Extra::ALL.iter().for_each(|one| needs("remedies-extra", one.as_str()));
    for fact in FactName::ALL {
        needs("remedies-fact", fact.as_str());
        needs("remedies-ask", fact.as_str());
        for word in allowed_words(*fact) {
            needs(&format!("remedies-{}", fact.as_str().replace('_', "-")), word);
        }
    }
    for case in
        ["choose", "exchange", "repair", "part", "no_reason", "paid", "inspect", "person", "nothing", "ask", "until"]
    {
        needs("remedies-staff", case);
        needs("remedies-customer", case);
    }
    for payer in ["seller_then_maker", "seller", "customer", "by_agreement", "open", "nobody"] {
        needs("remedies-payer", payer);
    }
    for reason in ["low_confidence", "category_low", "category_not_listed", "earlier_rule", "danger", "outer_limit"] {
        needs("remedies-doubt", reason);
    }
    for reason in ["refund_after_exchange", "fails_after_exchange", "own_delay", "doorstep"] {
        needs("remedies-doubt", reason);
    }
    for kind in ["depreciation", "usage", "pro_rata", "fixed", "compensation"] {
        needs("remedies-sum", kind);
    }
    for step in [
        "price",
        "days_held",
        "days_in_repair",
        "chargeable_days",
        "daily_rate",
        "no_rate",
        "km",
        "coefficient",
        "product",
        "rounded_down",
        "capped",
        "floor",
        "times",
        "days_of_term",
        "days_used",
        "fixed",
    ] {
        needs("remedies-step", step);
    }
    needs("remedies-layer", Layer::Law.as_str());
    let mut missing = Vec::new();
    for locale in [Locale::ZhCn, Locale::En] {
        let lang = Lang::new(locale, Zone::china(), Timestamp::from_millis(0));
        missing
            .extend(keys.iter().filter(|key| lang.find(key).is_none()).map(|key| format!("{} {key}", locale.as_str())));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
