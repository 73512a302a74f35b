//! Readers and addresses that the tests share.

use kernel::{Timestamp, Zone};
use web::{Lang, Locale};

/// Sunday 2026-11-22, 14:32 in China.
pub fn now() -> Timestamp {
    "2026-11-22T06:32:00Z".parse().unwrap()
}

/// A time of the same day in China.
pub fn today(time: &str) -> Timestamp {
    local(&format!("2026-11-22T{time}"))
}

/// A local time in China.
pub fn local(text: &str) -> Timestamp {
    format!("{text}:00+08:00").parse().unwrap()
}

/// A reader of `locale` in China at [`now`].
pub fn lang(locale: Locale) -> Lang {
    Lang::new(locale, Zone::china(), now())
}

/// Compares with a snapshot per language; digests in addresses are left out, they change with every build of the scripts.
pub fn snapshot(name: &str, locale: Locale, html: &str) {
    let readable = html.replace("><", ">\n<");
    insta::with_settings!({
        filters => vec![(r"-[0-9a-f]{12}\.", "-DIGEST.")],
        snapshot_path => "snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(format!("{name}.{locale}"), readable);
    });
}
