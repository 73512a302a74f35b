use cases::app::PERMISSIONS;
use cases::domain::*;
use web::Locale;

fn key(prefix: &str, word: &str) -> String {
    format!("{prefix}-{}", word.replace(['.', '_'], "-"))
}

#[test]
fn everything_has_words_in_both_languages() {
    let mut keys = Vec::new();
    macro_rules! all {
        ($($prefix:literal $name:ident),* $(,)?) => {
            $(keys.extend($name::ALL.iter().map(|word| key($prefix, word.as_str())));)*
        };
    }
    all!(
        "cases-kind" Kind, "cases-channel" Channel, "cases-priority" Priority, "cases-state" StateName,
        "cases-category" Category, "cases-stage" Stage, "cases-wait" WaitReason, "cases-outcome" Outcome,
        "cases-wish" Wish, "cases-party" Party, "cases-proof" ProofKind, "cases-plan" PlanState,
        "cases-visibility" Visibility, "cases-direction" Direction, "cases-purpose" Purpose, "cases-command" CommandName,
    );
    keys.extend(Step::ALL.iter().map(|step| format!("cases-step-{}", step.number())));
    keys.extend(PERMISSIONS.iter().map(|def| key("permission", def.permission.0)));
    let faults = Refusal::CODES.iter().copied().chain(["cases-link-used", "cases-link-expired", "cases-link-revoked"]);
    keys.extend(faults.flat_map(|code| [format!("fault-{code}"), format!("fault-{code}.about")]));
    let fields = ["owner", "store-closed", "too-old", "void", "one-customer", "too-many"];
    keys.extend(fields.map(|code| format!("field-cases-{code}")));
    let metrics = cases::capability().metrics;
    keys.extend(metrics.iter().flat_map(|metric| [metric.name_key(), metric.about_key()]));
    for key in keys {
        for locale in [Locale::ZhCn, Locale::En] {
            assert!(web::find(locale, &key, &[]).is_some(), "{key} in {locale}");
        }
    }
}
