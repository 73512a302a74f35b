//! Every metric of the program has its words in both languages.

use kernel::{Timestamp, Zone};
use web::{Lang, Locale};

#[test]
fn every_metric_is_named_explained_and_computed_in_words() {
    let mut missing = Vec::new();
    for locale in [Locale::ZhCn, Locale::En] {
        let lang = Lang::new(locale, Zone::china(), Timestamp::from_millis(0));
        let mut needs = |key: String| {
            if lang.find(&key).is_none() {
                missing.push(format!("{} {key}", locale.as_str()));
            }
        };
        for metric in crate::shop::capabilities().iter().flat_map(|capability| capability.metrics) {
            needs(metric.name_key());
            needs(metric.about_key());
            needs(format!("insight-group-{}", insight::numbers::capability_of(metric)));
            for part in metric.formula.parts() {
                needs(format!("metric-part-{}", part.replace(['.', '_'], "-")));
            }
            for dimension in metric.dimensions {
                needs(format!("metrics-dimension-{}", dimension.replace('_', "-")));
            }
        }
        for word in ["count", "basis-points", "minutes", "working-minutes", "fen", "hundredths"] {
            needs(format!("insight-unit-{word}"));
        }
        for word in ["all", "case", "customer"] {
            needs(format!("insight-find-{word}"));
        }
        needs("permission-insight-view".into());
        needs("insight-menu".into());
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
