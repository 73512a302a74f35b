//! A record that is edited in a form: what the form was opened with, and what becomes of it when somebody else saved meanwhile.

use crate::{Clash, Filled, Form};

/// The hidden fields of an edit form: the version, and every field as it was when the form was opened.
pub fn seen(version: i64, now: &[(String, String)]) -> Vec<(String, String)> {
    let before = now.iter().map(|(name, value)| (format!("seen.{name}"), value.clone()));
    std::iter::once(("version".to_owned(), version.to_string())).chain(before).collect()
}

/// A form filled with a record's fields.
pub fn filled(now: &[(String, String)]) -> Filled {
    now.iter().fold(Filled::new(), |form, (name, value)| form.with(name, value.clone()))
}

/// The form with what this person chose to take from the others, on top of a conflict page.
pub fn taken(form: &Form) -> Form {
    let pairs = form.pairs().iter().filter(|(name, _)| !name.starts_with("take-")).map(|(name, value)| {
        let theirs = form.raw(&format!("take-{name}")) == "theirs";
        let value = if theirs { form.raw(&format!("seen.{name}")) } else { value };
        (name.clone(), value.to_owned())
    });
    Form::from_pairs(pairs.collect::<Vec<_>>())
}

/// What the form shows after somebody else saved: fields that only they changed are theirs, fields that both changed are asked
/// about. `now` is the record as the form would show it.
pub fn clashed(form: &Form, now: &[(String, String)], label: impl Fn(&str) -> String) -> (Filled, Vec<Clash>) {
    let mut filled = Filled::new();
    let mut clashes = Vec::new();
    let value = |name: &str| now.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    for (name, mine) in form.pairs().iter().filter(|(name, _)| !name.starts_with("seen.") && name != "version") {
        let (seen, theirs) = (form.raw(&format!("seen.{name}")), value(name));
        if seen == theirs || mine == theirs {
            filled = filled.with(name, mine.clone());
        } else if mine == seen {
            filled = filled.with(name, theirs);
        } else {
            filled = filled.with(name, mine.clone());
            clashes.push(Clash {
                field: name.clone(),
                label: label(name),
                before: seen.to_owned(),
                theirs: theirs.to_owned(),
                mine: mine.clone(),
            });
        }
    }
    (filled, clashes)
}
