//! `aftercare import cases`: through the binary, as an operator calls it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use testkit::{Engine, Fresh, block_on};

const HEADER: &str = "category,rating,text,name,phone,happened_at,kind\n";

struct Shop {
    folder: tempfile::TempDir,
    database: Option<String>,
}

impl Shop {
    /// A small demo company on a database of its own.
    fn open(fresh: Option<&Fresh>) -> Self {
        let shop = Self { folder: tempfile::tempdir().unwrap(), database: fresh.map(|fresh| fresh.url().to_owned()) };
        let made = shop.run(&["demo", "--only-make", "--cases", "3", "--listen", "127.0.0.1:0"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        shop
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aftercare"));
        command.args(words).arg("--data").arg(self.folder.path().join("data")).stdin(Stdio::null());
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command.output().unwrap()
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    fn import(&self, file: &str) -> Output {
        self.run(&["import", "cases", file, "--store", "HZ01"])
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Line and reason of every refused line.
fn refused(file: &str) -> Vec<(String, String)> {
    let path = Path::new(file).with_extension("refused.csv");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    let mut lines: Vec<(String, String)> = reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let last = record.len() - 1;
            (record[last - 1].to_owned(), record[last].to_owned())
        })
        .collect();
    lines.sort_by_key(|(line, _)| line.parse::<u64>().unwrap());
    lines
}

fn brings_each_line_in_once(fresh: Option<&Fresh>) {
    let shop = Shop::open(fresh);
    let mut text = String::from(HEADER);
    for n in 0..450 {
        text += &format!("家电,5,\"第 {n} 条：洗衣机不错, \"\"安静\"\"\n送货也快\",,,2026-01-02,\n");
    }
    // The same words twice are two lines.
    text += "家电,5,一样的话,,,,\n家电,5,一样的话,,,,\n";
    let file = shop.file("reviews.csv", &text);
    let first = shop.import(&file);
    assert!(first.status.success(), "{}", err(&first));
    assert!(out(&first).contains("imported: 452, already there: 0, refused: 0"), "{}", out(&first));
    assert!(out(&first).contains("not taken: rating"), "{}", out(&first));
    let second = shop.import(&file);
    assert!(second.status.success());
    assert!(out(&second).contains("imported: 0, already there: 452, refused: 0"), "{}", out(&second));
    // A line more, and only that one comes in.
    let longer = shop.file("reviews.csv", text + "家电,5,又来一条,,,,\n");
    assert!(out(&shop.import(&longer)).contains("imported: 1, already there: 452, refused: 0"));
    let verified = shop.run(&["verify"]);
    assert!(verified.status.success(), "{}", out(&verified));
}

#[test]
fn each_line_comes_in_once_on_sqlite() {
    brings_each_line_in_once(None);
}

#[test]
fn each_line_comes_in_once_on_postgresql() {
    let fresh = block_on(Fresh::empty(Engine::Postgres));
    brings_each_line_in_once(Some(&fresh));
    block_on(fresh.remove());
}

#[test]
fn refused_lines_say_why_and_keep_nobody_out() {
    let shop = Shop::open(None);
    let long = "字".repeat(20_000);
    let lines: [Vec<u8>; 17] = [
        "家电,5,好的,王丽华,138 0000 1234,2026/3/4 15:20,feedback\n".into(),
        b"x,1,bad \xff\xfe text,,,,\n".to_vec(),
        "x,1,列太少\n".into(),
        "x,1,列太多,,,,,多,余\n".into(),
        "x,1,a\0b,,,,\n".into(),
        format!("x,1,{long},,,,\n").into(),
        format!("x,1,{long}字,,,,\n").into(),
        "x,1,,,,,\n".into(),
        "\n".into(),
        "x,1,电话不对,王丽华,1380000123,,\n".into(),
        "x,1,日期不对,,,2026-13-45,\n".into(),
        "x,1,未来,,,2036-01-01,\n".into(),
        "x,1,种类不对,,,,party\n".into(),
        "x,1,\"两行\n的话\",,,,inquiry\n".into(),
        "x,1,😀 \u{202e}رائع,,,1999-01-01,\n".into(),
        "x,1,\"没有关上,,,,\n".into(),
        "x,1,被吞掉的,,,,\n".into(),
    ];
    for (name, windows) in [("unix.csv", false), ("windows.csv", true)] {
        let mut bytes = b"\xEF\xBB\xBF".to_vec();
        bytes.extend_from_slice(HEADER.as_bytes());
        lines.iter().for_each(|line| bytes.extend_from_slice(line));
        if windows {
            bytes = bytes
                .into_iter()
                .flat_map(|byte| if byte == b'\n' { vec![b'\r', b'\n'] } else { vec![byte] })
                .collect();
        }
        let file = shop.file(name, bytes);
        let done = shop.import(&file);
        assert_eq!(done.status.code(), Some(1), "{}", err(&done));
        assert!(out(&done).contains("imported: 4, already there: 0, refused: 11"), "{}", out(&done));
        let refused = refused(&file);
        let expected = [
            ("3", "UTF-8"),
            ("4", "这一行有 3 列，应该有 7 列"),
            ("5", "这一行有 9 列"),
            ("6", "不能保存"),
            ("8", "最多 20000 个字"),
            ("9", "这里要填"),
            ("11", "现在是 10 位"),
            ("12", "日期和时间"),
            ("13", "不能晚于现在"),
            ("14", "没有这一项"),
            ("18", "引号没有关上"),
        ];
        assert_eq!(refused.len(), expected.len(), "{refused:?}");
        for ((line, reason), (at, says)) in refused.iter().zip(expected) {
            assert_eq!(line, at, "{reason}");
            assert!(reason.contains(says), "{line}: {reason}");
        }
    }
}

#[test]
fn a_record_without_an_end_stops_in_constant_memory() {
    let shop = Shop::open(None);
    let mut text = format!("{HEADER}家电,5,好的,,,,\nx,1,\"");
    text += &"a,b\n".repeat(4_000_000);
    let file = shop.file("endless.csv", text);
    let done = shop.import(&file);
    assert_eq!(done.status.code(), Some(1));
    assert!(err(&done).contains("a quotation mark is missing"), "{}", err(&done));
    // What came before is in.
    assert!(out(&done).contains("imported: 1, already there: 0, refused: 0"), "{}", out(&done));
}

#[test]
fn what_cannot_be_imported_at_all_is_said_plainly() {
    let shop = Shop::open(None);
    let good = shop.file("good.csv", format!("{HEADER}家电,5,好的,,,,\n"));
    let import = |file: &str, more: &[&str]| {
        let done = shop.run(&[&["import", "cases", file], more].concat());
        assert!(!done.status.success());
        err(&done)
    };
    let at = ["--store", "HZ01"];
    assert!(import("/nowhere.csv", &at).contains("/nowhere.csv cannot be opened"));
    assert!(import(&shop.file("empty.csv", ""), &at).contains("is empty"));
    assert!(import(&shop.file("other.csv", "a,b\n1,2\n"), &at).contains("--map body=COLUMN"));
    assert!(import(&shop.file("latin.csv", b"\xff,b\n1,2\n"), &at).contains("UTF-8"));
    assert!(import(&good, &["--store", "X9"]).contains("there is no store X9; stores: "));
    assert!(import(&good, &["--store", "HZ01", "--map", "colour=text"]).contains("there is no field colour"));
    assert!(import(&good, &["--store", "HZ01", "--map", "body=words"]).contains("the file has no column words"));
    assert!(import(&good, &["--store", "HZ01", "--kind", "party"]).contains("there is no kind of case party"));
    let mapped =
        shop.run(&["import", "cases", &good, "--store", "HZ01", "--map", "subject=text", "--map", "serial=rating"]);
    assert!(mapped.status.success() && out(&mapped).contains("serial = rating"), "{}", out(&mapped));
}
