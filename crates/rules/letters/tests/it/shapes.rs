//! Letters as real programs write them; made for this test.

use std::fmt::Write as _;
use std::path::Path;

use letters::{Letter, read};

fn shown(letter: &Letter) -> String {
    let mut out = String::new();
    let who = |mailbox: &letters::Mailbox| format!("{} <{}>", mailbox.name, mailbox.address);
    let said = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    writeln!(out, "from {}", letter.from.as_ref().map_or_else(|| "nobody".to_owned(), who)).unwrap();
    writeln!(out, "to {} of {}", letter.to.iter().map(who).collect::<Vec<_>>().join(", "), letter.receivers).unwrap();
    writeln!(out, "subject {}", letter.subject).unwrap();
    writeln!(out, "written {:?} id {:?}", letter.written_at, letter.message_id).unwrap();
    if !(letter.in_reply_to.is_empty() && letter.references.is_empty()) {
        writeln!(out, "answers {:?} in {:?}", letter.in_reply_to, letter.references).unwrap();
    }
    writeln!(out, "sort {:?}", letter.sort).unwrap();
    write!(out, "said\n{}", said(&letter.words.said)).unwrap();
    if !letter.words.quoted.is_empty() {
        write!(out, "quoted\n{}", said(&letter.words.quoted)).unwrap();
    }
    if !letter.words.signature.is_empty() {
        write!(out, "signature\n{}", said(&letter.words.signature)).unwrap();
    }
    for attachment in &letter.attachments {
        writeln!(out, "attached {attachment:?}").unwrap();
    }
    if !letter.tamed.is_empty() {
        writeln!(out, "tamed {:?}", letter.tamed).unwrap();
    }
    out
}

#[test]
fn every_shape_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 30);
    let mut all = String::new();
    for file in files {
        let letter = read(&std::fs::read(&file).unwrap());
        write!(all, "== {}\n{}\n", file.file_stem().unwrap().to_str().unwrap(), shown(&letter)).unwrap();
    }
    insta::assert_snapshot!("shapes", all);
}
