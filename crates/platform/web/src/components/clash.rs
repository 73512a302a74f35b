use askama::Template;
use askama::filters::HtmlSafe;

use crate::Lang;

/// One field that two people changed.
#[derive(Debug, Clone)]
pub struct Clash {
    /// The field's name in the form; the choice is sent as `take-<field>` = `theirs` or `mine`.
    pub field: String,
    /// The field's word.
    pub label: String,
    /// What it was when this person opened it.
    pub before: String,
    /// What is saved now.
    pub theirs: String,
    /// What this person wrote.
    pub mine: String,
}

/// Two people changed the same record: who, when, and the fields that differ side by side. Stands inside the form that is sent
/// again; carry the present version in it.
#[derive(Debug, Clone, Template)]
#[template(path = "components/conflict.html")]
pub struct Conflict {
    title: String,
    about: String,
    saved: String,
    words: ConflictWords,
    clashes: Vec<(Clash, String)>,
    drop_href: String,
}
impl HtmlSafe for Conflict {}

#[derive(Debug, Clone)]
struct ConflictWords {
    fields: String,
    field: String,
    yours: String,
    take: String,
    theirs: String,
    mine: String,
    merge: String,
    drop: String,
}

/// A conflict: `who` saved version `now` at `when` while the reader wrote on version `yours`; `drop_href` shows the saved one.
pub fn conflict(
    lang: &Lang,
    who: &str,
    when: &str,
    yours: i64,
    now: i64,
    clashes: &[Clash],
    drop_href: &str,
) -> Conflict {
    let take_of = |clash: &Clash| lang.t1("web-conflict-take-of", "field", &clash.label);
    Conflict {
        title: lang.t2("web-conflict-title", "who", who, "when", when),
        about: lang.t2("web-conflict-about", "yours", yours, "now", now),
        saved: lang.t1("web-conflict-saved", "who", who),
        words: ConflictWords {
            fields: lang.t("web-conflict-fields"),
            field: lang.t("web-conflict-field"),
            yours: lang.t("web-conflict-yours"),
            take: lang.t("web-conflict-take"),
            theirs: lang.t("web-conflict-theirs"),
            mine: lang.t("web-conflict-mine"),
            merge: lang.t("web-conflict-merge"),
            drop: lang.t("web-conflict-drop"),
        },
        clashes: clashes.iter().map(|clash| (clash.clone(), take_of(clash))).collect(),
        drop_href: drop_href.to_owned(),
    }
}
