//! The catalogue of error codes. That every code in the source has a text is tested where the texts are read (`web`).

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn error_codes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales/en");
    let mut codes = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            if let Some((key, _)) = line.split_once(" =")
                && (key.starts_with("fault-") || key.starts_with("field-"))
            {
                assert!(codes.insert(key.to_owned()), "{key} is said twice");
            }
        }
    }
    insta::assert_snapshot!(codes.into_iter().collect::<Vec<_>>().join("\n"));
}
