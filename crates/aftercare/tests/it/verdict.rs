//! `aftercare verdict`: through the binary, without an installation.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn judge(&self, table: &str, words: &[&str]) -> Output {
        std::fs::write(self.path("cases.csv"), table).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_aftercare"));
        command.arg("verdict").arg(self.path("cases.csv")).args(words).current_dir(self.0.path()).stdin(Stdio::null());
        command.output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const HEAD: &str = "id,category,channel,bought,received,claim_date,fault,cause,repairs_done,days_in_repair,has_receipt,same_model,\
                    price_fen,expected_remedies,expected_fee_fen,expected_deadline";
const WASHER: &str = "A1,washer,store,2025-11-03,2025-11-03,2025-11-18,performance,product,0,0,yes,yes,259900";
const SHIRT: &str = "A2,clothing,store,2026-03-10,2026-03-10,2026-03-18,minor,product,0,0,yes,yes,19900";

#[test]
fn a_table_gets_its_verdicts_and_agreements_are_counted() {
    let desk = Desk::new();
    let table = format!(
        "\u{feff}{HEAD}\n{WASHER},REPAIR|EXCHANGE|REFUND_LESS_FEE,1949,2025-11-18\n{SHIRT},EXCHANGE|REPAIR,0,2028-03-10\n"
    );
    let out = desk.judge(&table, &["--out", "judged.csv"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(out.stdout.is_empty());
    assert!(text(&out.stderr).contains("2 of 2 cases agree"), "{}", text(&out.stderr));
    let judged = std::fs::read_to_string(desk.path("judged.csv")).unwrap();
    let lines: Vec<&str> = judged.lines().collect();
    assert!(lines[0].starts_with("id,category") && lines[0].contains(",verdict_remedies,verdict_fee_fen,"));
    assert!(lines[1].contains(",EXCHANGE|REPAIR|REFUND_LESS_FEE,1949,0,2025-11-18,,SB1995-10;"), "{}", lines[1]);
    // What was judged may be judged again.
    let again = desk.judge(&judged, &[]);
    assert!(again.status.success());
    assert_eq!(text(&again.stdout), judged);
    assert!(!desk.path("data").exists(), "no installation is made");
}

#[test]
fn disagreements_are_printed_and_fail() {
    let desk = Desk::new();
    let out = desk.judge(&format!("{HEAD}\n{WASHER},REPAIR,0,2026-11-03\n{SHIRT},EXCHANGE|REPAIR,0,2028-03-10\n"), &[]);
    assert_eq!(out.status.code(), Some(1));
    let said = text(&out.stderr);
    assert!(
        said.contains("line 2 A1: expected_remedies \"REPAIR\", found \"EXCHANGE|REPAIR|REFUND_LESS_FEE\""),
        "{said}"
    );
    assert!(said.contains("1 of 2 cases agree"), "{said}");
}

#[test]
fn what_is_not_known_is_asked() {
    let desk = Desk::new();
    let out = desk.judge(
        "category,bought,received,claim_date,fault,cause\nwasher,2025-11-03,2025-11-03,2026-01-05,?,product\n",
        &[],
    );
    assert!(out.status.success());
    assert!(text(&out.stdout).contains("fault|"), "{}", text(&out.stdout));
    assert!(text(&out.stderr).contains("no answers to compare"));
}

#[test]
fn bad_tables_name_their_line_and_write_nothing() {
    let desk = Desk::new();
    for (table, says) in [
        ("claim_date,colour\n2026-01-01,red\n", "line 1: \"colour\" is no column"),
        ("claim_date,fault,fault\n2026-01-01,none,none\n", "line 1: the column fault is there twice"),
        ("fault\nnone\n", "line 1: the column claim_date is missing"),
        (
            "claim_date,fault\n2026-01-01,none\n2026-01-01,broken\n",
            "line 3: fault cannot be \"broken\": one of none, minor",
        ),
        ("claim_date,bought\n2026-01-01,2025-02-30\n", "line 2: bought cannot be \"2025-02-30\""),
        ("claim_date,bought\n2026-02-30,2025-02-03\n", "line 2: claim_date: \"2026-02-30\" is not a day"),
        ("claim_date,bought\n2026-01-01,2026-01-02\n", "line 2: bought contradicts claim_date (after)"),
        ("claim_date,price_fen\n2026-01-01,-5\n", "line 2: price_fen cannot be \"-5\""),
        ("claim_date,km\n2026-01-01\n", "line 2: 1 cells under 2 columns"),
    ] {
        let out = desk.judge(table, &["--out", "judged.csv"]);
        assert_eq!(out.status.code(), Some(1), "{table}");
        let said = text(&out.stderr);
        assert!(said.contains(says), "{said}");
        assert!(out.stdout.is_empty() && !desk.path("judged.csv").exists());
    }
}
