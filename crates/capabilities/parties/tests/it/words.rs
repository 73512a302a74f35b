use parties::app::PERMISSIONS;
use parties::domain::{SoldBy, Source};
use web::Locale;

#[test]
fn everything_has_words_in_both_languages() {
    let permissions = PERMISSIONS.iter().map(|def| format!("permission-{}", def.permission.0.replace(['.', '_'], "-")));
    let keys =
        ["field-phone-unknown", "field-email", "parties-verb-opened", "parties-verb-changed", "parties-verb-revealed"];
    let verbs = ["made", "sold", "unsold", "merged", "parted", "took-over", "gave-back", "copied"]
        .map(|verb| format!("parties-verb-{verb}"));
    let sold = SoldBy::ALL.iter().map(|one| format!("parties-sold-by-{}", one.as_str()));
    let sources =
        Source::ALL.iter().map(|one| one.as_str()).chain(["law"]).map(|word| format!("parties-source-{word}"));
    let fields = [
        "product",
        "quantity",
        "price",
        "serial",
        "serials",
        "imei",
        "receipt",
        "day",
        "channel",
        "payment",
        "note",
        "phone",
        "warranty-from",
        "law-months",
        "main-months",
        "maker-months",
        "maker-promise",
        "hotline",
        "tags",
        "reason",
    ]
    .map(|field| format!("parties-field-{field}"));
    let faults = ["parties-merged", "parties-merge-self", "parties-merge-over"].map(|code| format!("fault-{code}"));
    let fixed = keys.map(str::to_owned).into_iter().chain(verbs).chain(fields).chain(faults);
    for key in permissions.chain(fixed).chain(sold).chain(sources) {
        for locale in [Locale::ZhCn, Locale::En] {
            assert!(web::find(locale, &key, &[]).is_some(), "{key} in {locale}");
        }
    }
}
