use parties::app::PERMISSIONS;
use web::Locale;

#[test]
fn everything_has_words_in_both_languages() {
    let permissions = PERMISSIONS.iter().map(|def| format!("permission-{}", def.permission.0.replace(['.', '_'], "-")));
    let keys =
        ["field-phone-unknown", "field-email", "parties-verb-opened", "parties-verb-changed", "parties-verb-revealed"];
    for key in permissions.chain(keys.map(str::to_owned)) {
        for locale in [Locale::ZhCn, Locale::En] {
            assert!(web::find(locale, &key, &[]).is_some(), "{key} in {locale}");
        }
    }
}
