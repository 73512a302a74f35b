//! `aftercare classify evaluate`: through the binary, on files written for it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn run(words: &[&str], train: &PathBuf, test: Option<&PathBuf>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aftercare"));
    command.args(["classify", "evaluate"]).args(words).arg("--train").arg(train);
    if let Some(test) = test {
        command.arg("--test").arg(test);
    }
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Texts of two kinds and two moods, `from..to` of them, with the header that is asked for.
fn texts(from: usize, to: usize) -> String {
    let mut file = "\u{FEFF}category,text,mood\r\n".to_owned();
    for n in from..to {
        let thing = if n % 2 == 0 { "空调制冷" } else { "蛋糕甜味" };
        let mood = if n % 3 == 0 { "很失望，要求退货" } else { "很满意，值得推荐" };
        let category = if n % 2 == 0 { "appliance" } else { "food" };
        let name = if n % 3 == 0 { "negative" } else { "positive" };
        writeln!(file, "{category},\"第{n}单：{thing}\n{mood}\",{name}\r").unwrap();
    }
    file
}

#[test]
fn every_label_column_has_one_line() {
    let folder = Folder::new();
    let train = folder.file("train.csv", texts(0, 60));
    let test = folder.file("test.csv", texts(60, 90));
    let lines = out(&run(&[], &train, Some(&test)));
    assert_eq!(lines, "category accuracy 1.0000 macro-F1 1.0000\nmood accuracy 1.0000 macro-F1 1.0000\n");
}

#[test]
fn each_label_is_shown_when_asked() {
    let folder = Folder::new();
    let train = folder.file("train.csv", texts(0, 60));
    let test =
        folder.file("test.csv", "text,mood,category,extra\n空调制冷,,appliance,1\n很失望，要求退货,positive,,1\n");
    let lines = out(&run(&["--classes"], &train, Some(&test)));
    assert_eq!(
        lines,
        "category accuracy 1.0000 macro-F1 1.0000\n  appliance texts 1 precision 1.0000 recall 1.0000 F1 1.0000\n\
         mood accuracy 0.0000 macro-F1 0.0000\n  negative texts 0 precision 0.0000 recall 0.0000 F1 0.0000\n  \
         positive texts 1 precision 0.0000 recall 0.0000 F1 0.0000\n"
    );
}

#[test]
fn one_file_is_tried_on_texts_kept_aside() {
    let folder = Folder::new();
    let all = folder.file("all.csv", texts(0, 200));
    let lines = out(&run(&[], &all, None));
    assert!(lines.starts_with("category accuracy 1.0000") && lines.lines().count() == 2, "{lines}");
}

#[test]
fn columns_that_hold_no_labels_are_passed_over() {
    let folder = Folder::new();
    let mut rows = "number,shop,text,mood\n".to_owned();
    for n in 0..300 {
        let (text, mood) = if n % 2 == 0 { ("很满意", "good") } else { ("很失望", "bad") };
        writeln!(rows, "{n},HZ01,{text}{n},{mood}").unwrap();
    }
    let file = folder.file("rows.csv", rows);
    let output = run(&[], &file, Some(&file));
    assert_eq!(out(&output), "mood accuracy 1.0000 macro-F1 1.0000\n");
    let remarks = String::from_utf8(output.stderr).unwrap();
    assert!(remarks.contains("number: 300 different labels are too many"), "{remarks}");
    assert!(remarks.contains("shop: all texts have the label \"HZ01\""), "{remarks}");
}

#[test]
fn files_that_cannot_be_used_say_why() {
    let folder = Folder::new();
    let good = folder.file("good.csv", texts(0, 60));
    let of = |name: &str, bytes: &[u8]| folder.file(name, bytes);
    let latin = [&b"text,mood\n"[..], &b"\xC4\xE3\xBA\xC3,positive\n"[..]].concat();
    for (file, said) in [
        (of("none.csv", b""), "is empty; the first line must name the columns"),
        (of("header.csv", b"text,mood\n"), "has no texts below its first line"),
        (of("other.csv", b"review,mood\nx,y\n"), "has no column `text`; its first line names: review, mood"),
        (of("bare.csv", b"text\nx\n"), "has no column beside `text`; labels are needed to learn from"),
        (of("gbk.csv", &latin), "line 2 of"),
        (of("short.csv", b"text,mood\nonly one\n"), "has another number of fields than the first line"),
        (of("open.csv", b"text,mood\n\"never closed,x\ny,z\n"), "opens a quotation mark that is never closed"),
        (of("few.csv", b"text,mood\nx,y\n"), "1 texts with a label are too few, 20 are needed"),
        (folder.0.path().join("missing.csv"), "cannot be opened"),
    ] {
        let error = err(&run(&[], &file, Some(&good)));
        assert!(error.contains(said), "{error}");
    }
    let lacking = folder.file("lacking.csv", "text,mood\n空调,positive\n");
    assert!(err(&run(&[], &good, Some(&lacking))).contains("has no column `category`"));
    let unlabelled = folder.file("unlabelled.csv", "text,mood,category\n空调,,\n");
    assert!(err(&run(&[], &good, Some(&unlabelled))).contains("none of them has a label"));
}
