//! `aftercare classify evaluate`: how well labels are learned from one file of texts, tried on another.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the command's answer, and remarks beside it")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use classify::{Model, Scores, Settings, TrainError, Trainer, fingerprint};

use crate::cli::Evaluate;
use crate::import::source::Source;

/// The column of the texts.
const TEXT: &str = "text";
/// Without a file to try on, one text of this many is kept aside.
const ASIDE: u64 = 5;

/// Learns every label column of one file, answers the other and prints one line for each column.
pub(crate) fn evaluate(asked: &Evaluate) -> anyhow::Result<ExitCode> {
    let which = if asked.test.is_none() { Which::NotAside } else { Which::All };
    let taught = learn(&asked.train, which)?;
    let (tried, which) = match &asked.test {
        Some(file) => (file, Which::All),
        None => (&asked.train, Which::Aside),
    };
    let scores = try_on(tried, which, &taught)?;
    let mut printed = false;
    for (column, scores) in taught.iter().map(|(column, _)| column).zip(&scores) {
        if scores.texts() == 0 {
            eprintln!("{column}: no text of {} has this label; passed over", tried.display());
            continue;
        }
        println!("{column} accuracy {:.4} macro-F1 {:.4}", scores.accuracy(), scores.macro_f1());
        printed = true;
        if asked.classes {
            for class in scores.classes() {
                println!(
                    "  {} texts {} precision {:.4} recall {:.4} F1 {:.4}",
                    class.label, class.texts, class.precision, class.recall, class.f1
                );
            }
        }
    }
    if !printed {
        bail!("{} has texts, but none of them has a label", tried.display());
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone, Copy, PartialEq)]
enum Which {
    All,
    Aside,
    NotAside,
}

impl Which {
    /// Copies of a text fall on the same side, so that none is tried that was learned.
    fn takes(self, text: &str) -> bool {
        self == Self::All || (self == Self::Aside) == (fingerprint(text).is_multiple_of(ASIDE))
    }
}

/// A model for every column that holds labels, in the order of the columns.
fn learn(file: &Path, which: Which) -> anyhow::Result<Vec<(String, Model)>> {
    let mut texts = Texts::open(file)?;
    let columns: Vec<(usize, String)> = texts.columns().filter(|(_, name)| name != TEXT).collect();
    if columns.is_empty() {
        bail!("{} has no column beside `{TEXT}`; labels are needed to learn from", file.display());
    }
    let mut trainers: BTreeMap<usize, Trainer> = columns.iter().map(|(at, _)| (*at, Trainer::new())).collect();
    while let Some(row) = texts.next()? {
        if !which.takes(row.text()) {
            continue;
        }
        for (at, trainer) in &mut trainers {
            trainer.add(row.text(), row.field(*at));
        }
    }
    let mut taught = Vec::new();
    let mut refused = Vec::new();
    for (at, name) in columns {
        match trainers.remove(&at).unwrap_or_default().finish(&Settings::default()) {
            Ok(model) => taught.push((name, model)),
            Err(why @ (TrainError::OneLabel { .. } | TrainError::TooManyLabels { .. } | TrainError::TooFew { .. })) => {
                eprintln!("{name}: {why}; passed over");
                refused.push(format!("{name}: {why}"));
            }
            Err(why) => return Err(why).with_context(|| format!("column {name} of {}", file.display())),
        }
    }
    if taught.is_empty() {
        bail!("nothing can be learned from {} ({})", file.display(), refused.join("; "));
    }
    Ok(taught)
}

fn try_on(file: &Path, which: Which, taught: &[(String, Model)]) -> anyhow::Result<Vec<Scores>> {
    let mut texts = Texts::open(file)?;
    let places: Vec<usize> = taught
        .iter()
        .map(|(name, _)| {
            let found = texts.columns().find(|(_, column)| column == name);
            found.map(|(at, _)| at).with_context(|| format!("{} has no column `{name}`", file.display()))
        })
        .collect::<anyhow::Result<_>>()?;
    let mut scores = vec![Scores::default(); taught.len()];
    while let Some(row) = texts.next()? {
        if !which.takes(row.text()) {
            continue;
        }
        for (((_, model), at), scores) in taught.iter().zip(&places).zip(&mut scores) {
            let is = row.field(*at);
            if let Some((answered, _)) = model.rank(row.text()).first().filter(|_| !is.is_empty()) {
                scores.add(is, answered);
            }
        }
    }
    Ok(scores)
}

/// A file of texts, one row at a time.
struct Texts<'f> {
    file: &'f Path,
    source: Source,
    text: usize,
    any: bool,
}

struct Row {
    record: csv::StringRecord,
    text: usize,
}

impl Row {
    fn text(&self) -> &str {
        self.field(self.text)
    }

    fn field(&self, at: usize) -> &str {
        self.record.get(at).unwrap_or_default().trim()
    }
}

impl<'f> Texts<'f> {
    fn open(file: &'f Path) -> anyhow::Result<Self> {
        let source = Source::open(file)?;
        let names: Vec<&str> = source.headers().iter().map(str::trim).collect();
        let text = names.iter().position(|name| *name == TEXT).with_context(|| {
            format!("{} has no column `{TEXT}`; its first line names: {}", file.display(), names.join(", "))
        })?;
        Ok(Self { file, source, text, any: false })
    }

    fn columns(&self) -> impl Iterator<Item = (usize, String)> + '_ {
        self.source.headers().iter().map(|name| name.trim().to_owned()).enumerate()
    }

    fn next(&mut self) -> anyhow::Result<Option<Row>> {
        let Some(line) = self.source.next()? else {
            if !self.any {
                bail!("{} has no texts below its first line", self.file.display());
            }
            return Ok(None);
        };
        if let Some(fault) = &line.fault {
            let code = fault.fields().iter().next().map(|field| field.code);
            let what = match code {
                Some("not-utf8") => "is not UTF-8; save the file as \"CSV UTF-8\"",
                Some("quote-open") => "opens a quotation mark that is never closed",
                _ => "has another number of fields than the first line",
            };
            bail!("line {} of {} {what}", line.number, self.file.display());
        }
        self.any = true;
        Ok(Some(Row { record: line.record, text: self.text }))
    }
}
