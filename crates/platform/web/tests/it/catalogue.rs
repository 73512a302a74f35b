//! The catalogue of texts: both languages have the same keys, and every key that the program uses exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use web::Locale;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir()
            && path.file_name().is_some_and(|name| name != "tests" && name != "node_modules" && name != "target")
        {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|known| known == ending) {
            found.push(path);
        }
    }
}

/// Key (or `key.attribute`) → names of the values in its text.
fn entries(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = Vec::new();
    files(&root().join("locales").join(locale.as_str()), "ftl", &mut found);
    let mut entries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let (mut message, mut current) = (String::new(), String::new());
        for line in text.lines() {
            let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
            if line.starts_with(|first: char| first.is_ascii_lowercase()) {
                message = key(line).unwrap_or_default();
                current = message.clone();
                assert!(!entries.contains_key(&current), "{current} twice, again in {}", path.display());
            } else if let Some(attribute) = line.trim_start().strip_prefix('.').filter(|_| line.starts_with(' ')) {
                current = format!("{message}.{}", key(attribute).unwrap_or_default());
            } else if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let values = line
                .split('$')
                .skip(1)
                .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next().unwrap());
            entries.entry(current.clone()).or_default().extend(values.map(str::to_owned));
        }
    }
    entries
}

#[test]
fn the_files_can_be_read() {
    assert_eq!(web::catalogue_problems(), Vec::<String>::new());
}

#[test]
fn both_languages_have_the_same_keys_and_english_needs_no_other_values() {
    let (chinese, english) = (entries(Locale::ZhCn), entries(Locale::En));
    let mut differences = Vec::new();
    for key in chinese.keys().chain(english.keys()).collect::<BTreeSet<_>>() {
        match (chinese.get(key), english.get(key)) {
            (None, _) => differences.push(format!("{key}: not in zh-CN")),
            (_, None) => differences.push(format!("{key}: not in en")),
            (Some(first), Some(second)) if !second.is_subset(first) => {
                differences.push(format!("{key}: en has values {second:?}, zh-CN only {first:?}"));
            }
            _ => {}
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What stands behind each `marker` in `source`.
fn behind<'s>(source: &'s str, marker: &str) -> Vec<&'s str> {
    source.split(marker).skip(1).collect()
}

/// Text literals that stand right behind `marker` in `source`.
fn literals<'s>(source: &'s str, marker: &str) -> Vec<&'s str> {
    let literal = |rest: &'s str| rest.trim_start().strip_prefix('"')?.split('"').next();
    behind(source, marker).into_iter().filter_map(literal).collect()
}

/// The second text literal of the call that begins with `marker`.
fn second_literals<'s>(source: &'s str, marker: &str) -> Vec<&'s str> {
    let second = |rest: &'s str| rest.split(')').next()?.split('"').skip(1).step_by(2).nth(1);
    behind(source, marker).into_iter().filter_map(second).collect()
}

/// Keys that `source` names literally. Keys that are put together at run time (`prefix-{value}`) are each capability's own test.
fn used(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for marker in [".t(", ".t1(", ".t2(", ".t3(", ".tn(", ".named(", ".hint(", ".placeholder("] {
        keys.extend(literals(source, marker).into_iter().map(str::to_owned));
    }
    keys.extend(literals(source, "Fault::refused(").into_iter().map(|code| format!("fault-{code}")));
    for kind in ["Invalid", "Forbidden", "NotFound", "Refused", "Conflict", "TooMany", "Busy", "TooLarge", "MediaType"]
    {
        let marker = format!("Fault::new(FaultKind::{kind},");
        keys.extend(literals(source, &marker).into_iter().map(|code| format!("fault-{code}")));
    }
    for marker in [".reject(", "Fault::field(", "errors.add(", "fields.add("] {
        keys.extend(second_literals(source, marker).into_iter().map(|code| format!("field-{code}")));
    }
    // Only what looks like a key: a label that is a variable or a joined text is no literal of ours.
    let is_key = |key: &str| {
        key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte))
    };
    keys.retain(|key| key.contains('-') && is_key(key));
    keys
}

#[test]
fn every_text_that_the_program_names_exists() {
    let known = entries(Locale::ZhCn);
    let mut sources = Vec::new();
    files(&root().join("crates"), "html", &mut sources);
    files(&root().join("crates"), "rs", &mut sources);
    let mut missing = Vec::new();
    for path in sources {
        let text = fs::read_to_string(&path).unwrap();
        let program = text.split("#[cfg(test)]").next().unwrap();
        let absent = used(program).into_iter().filter(|key| !known.contains_key(key));
        missing.extend(absent.map(|key| format!("{key}: {}", path.display())));
    }
    assert!(missing.is_empty(), "{} texts are missing:\n{}", missing.len(), missing.join("\n"));
}
