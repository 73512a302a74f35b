//! `aftercare verdict`: judges a table of cases. It needs no installation.
#![expect(clippy::print_stderr, reason = "the table goes to standard output, what is to be said of it here")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use csv::{ReaderBuilder, StringRecord, Writer};
use remedies::{FactName, Facts, Rulebook, Verdict};

/// Columns that are neither facts nor answers.
const BESIDE: &[&str] = &["id", "citation", "note"];
/// Answers that are expected, and compared where they are given.
const EXPECTED: &[&str] =
    &["expected_remedies", "expected_fee_fen", "expected_comp_fen", "expected_deadline", "expected_extras"];
/// The columns that are written; a table that has them already gets them anew.
const WRITTEN: &[&str] = &[
    "verdict_remedies",
    "verdict_fee_fen",
    "verdict_comp_fen",
    "verdict_deadline",
    "verdict_extras",
    "verdict_citation",
    "verdict_possible",
    "verdict_ask",
    "verdict_person",
    "verdict_rules",
];
/// So many wrong lines are told before the rest is only counted.
const TOLD: usize = 20;

/// What a column of the table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Fact(FactName),
    Expected(usize),
    Beside,
    Written,
}

/// Judges the cases of `file` and writes them, with their verdicts, to `out` or standard output. Exit code 1 when an expected answer
/// is not the one found.
pub(crate) fn verdict(file: &Path, out: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", file.display()))?;
    let book = Rulebook::china()?;
    let answer = judge(&book, text.strip_prefix('\u{feff}').unwrap_or(&text))
        .with_context(|| format!("{} was not judged", file.display()))?;
    match out {
        Some(out) => {
            std::fs::write(&out, &answer.table).with_context(|| format!("{} cannot be written", out.display()))?
        }
        None => std::io::stdout().write_all(&answer.table).context("standard output cannot be written")?,
    }
    for line in &answer.differing {
        eprintln!("{line}");
    }
    if answer.compared > 0 {
        let agree = answer.compared - answer.rows_differing;
        eprintln!("{agree} of {} cases agree (rules {})", answer.compared, book.version());
    } else {
        eprintln!("{} cases judged, no answers to compare (rules {})", answer.rows, book.version());
    }
    Ok(if answer.rows_differing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A judged table.
struct Judged {
    table: Vec<u8>,
    rows: usize,
    /// Rows with at least one expected answer.
    compared: usize,
    rows_differing: usize,
    differing: Vec<String>,
}

fn judge(book: &Rulebook, text: &str) -> anyhow::Result<Judged> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().context("line 1: the names of the columns cannot be read")?.clone();
    let columns = columns(&heads)?;
    let kept = |record: &StringRecord| -> Vec<String> {
        let cells = record.iter().zip(&columns).filter(|(_, column)| **column != Column::Written);
        cells.map(|(cell, _)| cell.to_owned()).collect()
    };
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(kept(&heads).iter().map(String::as_str).chain(WRITTEN.iter().copied()))?;
    let mut judged = Judged { table: Vec::new(), rows: 0, compared: 0, rows_differing: 0, differing: Vec::new() };
    let mut wrong: Vec<String> = Vec::new();
    for record in reader.records() {
        let record = record.context("a line cannot be read")?;
        let line = record.position().map_or(0, csv::Position::line);
        let facts = match facts(&heads, &columns, &record) {
            Ok(facts) => facts,
            Err(why) => {
                wrong.push(format!("line {line}: {why}"));
                continue;
            }
        };
        let verdict = match book.verdict(&facts, &[]) {
            Ok(verdict) => verdict,
            Err(why) => {
                let (fact, other) = (why.fact.as_str(), why.other.as_str());
                wrong.push(format!("line {line}: {fact} contradicts {other} ({})", why.rule.as_str()));
                continue;
            }
        };
        let found = answers(&verdict);
        judged.rows += 1;
        let mut expects = false;
        let mut differs = false;
        for (cell, column) in record.iter().zip(&columns) {
            let Column::Expected(index) = column else { continue };
            let (Some(name), Some(found)) = (EXPECTED.get(*index), found.get(*index)) else { continue };
            // An empty cell expects nothing, except beside remedies that are expected: then it expects that there is no such answer.
            let filled = !cell.trim().is_empty();
            if !filled && !expects_remedies(&columns, &record) {
                continue;
            }
            expects = true;
            if !same(cell, found) {
                differs = true;
                let id = heads.iter().position(|head| head == "id").and_then(|at| record.get(at)).unwrap_or_default();
                judged.differing.push(format!("line {line} {id}: {name} {cell:?}, found {found:?}"));
            }
        }
        judged.compared += usize::from(expects);
        judged.rows_differing += usize::from(differs);
        writer.write_record(kept(&record).iter().chain(&found))?;
    }
    if !wrong.is_empty() {
        let more = wrong.len().saturating_sub(TOLD);
        let mut told = wrong.iter().take(TOLD).cloned().collect::<Vec<_>>().join("\n");
        if more > 0 {
            told.push_str(&format!("\nand {more} more"));
        }
        bail!("{told}");
    }
    judged.table = writer.into_inner().context("the table cannot be written")?;
    Ok(judged)
}

fn columns(heads: &StringRecord) -> anyhow::Result<Vec<Column>> {
    let mut seen = BTreeSet::new();
    let mut columns = Vec::new();
    for head in heads {
        if !seen.insert(head) {
            bail!("line 1: the column {head} is there twice");
        }
        columns.push(match FactName::parse(head) {
            Some(fact) => Column::Fact(fact),
            None if BESIDE.contains(&head) => Column::Beside,
            None if WRITTEN.contains(&head) => Column::Written,
            None => match EXPECTED.iter().position(|name| *name == head) {
                Some(index) => Column::Expected(index),
                None => bail!("line 1: {head:?} is no column; facts are {}", facts_named()),
            },
        });
    }
    if !columns.contains(&Column::Fact(FactName::ClaimDate)) {
        bail!("line 1: the column claim_date is missing");
    }
    Ok(columns)
}

fn facts_named() -> String {
    FactName::ALL.iter().map(|fact| fact.as_str()).collect::<Vec<_>>().join(", ")
}

/// The facts of one line. An empty cell, or a column that is not there, says that nothing of the kind happened; `?` that it is not known.
fn facts(heads: &StringRecord, columns: &[Column], record: &StringRecord) -> Result<Facts, String> {
    if record.len() != heads.len() {
        return Err(format!("{} cells under {} columns", record.len(), heads.len()));
    }
    let cells = || record.iter().zip(columns);
    let claim = cells().find(|(_, column)| **column == Column::Fact(FactName::ClaimDate)).map_or("", |(cell, _)| cell);
    let claim = claim.trim().parse().map_err(|error| format!("claim_date: {error}"))?;
    let mut facts = Facts::on(claim);
    for fact in FactName::ALL.iter().filter(|fact| **fact != FactName::ClaimDate) {
        facts.set_cell(*fact, "").map_err(|error| error.to_string())?;
    }
    for (cell, column) in cells() {
        if let Column::Fact(fact) = column {
            facts.set_cell(*fact, cell).map_err(|error| error.to_string())?;
        }
    }
    Ok(facts)
}

fn expects_remedies(columns: &[Column], record: &StringRecord) -> bool {
    columns.iter().zip(record).any(|(column, cell)| *column == Column::Expected(0) && !cell.trim().is_empty())
}

/// Lists are compared without their order.
fn same(expected: &str, found: &str) -> bool {
    let list = |text: &str| -> BTreeSet<String> {
        text.split('|').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    list(expected) == list(found)
}

/// The cells of [`WRITTEN`]; the first five are those of [`EXPECTED`].
fn answers(verdict: &Verdict<'_>) -> Vec<String> {
    let join = |words: Vec<&str>| words.join("|");
    vec![
        join(verdict.remedies.iter().map(|open| open.remedy.as_str()).collect()),
        verdict.fee_fen().to_string(),
        verdict.compensation.as_ref().and_then(|sum| sum.fen).unwrap_or(0).to_string(),
        verdict.last_day.map(|day| day.to_string()).unwrap_or_default(),
        join(verdict.extras.iter().map(|owed| owed.extra.as_str()).collect()),
        verdict.citations().join(";"),
        join(verdict.possible.iter().map(|open| open.remedy.as_str()).collect()),
        join(verdict.missing.iter().map(FactName::as_str).collect()),
        join(verdict.person.iter().map(|doubt| doubt.reason).collect()),
        verdict.rules.to_owned(),
    ]
}
