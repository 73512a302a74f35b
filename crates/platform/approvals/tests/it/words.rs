use approvals::app::PERMISSIONS;
use approvals::domain::{Refusal, Show, State, Verdict, What};
use web::Locale;

#[test]
fn everything_has_words_in_both_languages() {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(State::ALL.iter().map(|state| format!("approvals-state-{}", state.as_str())));
    keys.extend(Show::ALL.iter().map(|show| format!("approvals-narrowed-{}", show.as_str())));
    for show in [Show::Mine, Show::Asked, Show::Decided] {
        let word = show.as_str();
        keys.extend(["show", "empty", "empty-about"].map(|part| format!("approvals-{part}-{word}")));
    }
    keys.extend(What::ALL.iter().map(|what| format!("approvals-step-{}", what.as_str())));
    keys.extend(PERMISSIONS.iter().map(|def| format!("permission-{}", def.permission.0.replace(['.', '_'], "-"))));
    keys.extend(Refusal::ALL.iter().flat_map(|refusal| {
        let code = refusal.code();
        [format!("fault-{code}"), format!("fault-{code}.about")]
    }));
    let metrics = approvals::capability().metrics;
    keys.extend(metrics.iter().flat_map(|metric| [metric.name_key(), metric.about_key()]));
    for key in keys {
        for locale in [Locale::ZhCn, Locale::En] {
            let args = ["who", "at", "state", "unit"].map(|name| (name, web::Arg::to_fluent(&"")));
            assert!(web::find(locale, &key, &args).is_some(), "{key} in {locale}");
        }
    }
    assert_eq!(Verdict::parse("grant"), Some(Verdict::Grant));
}
