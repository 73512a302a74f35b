//! How long learning 10,000 texts and one suggestion take: `cargo run --release -p classify --example speed -- FILE`, a CSV with the
//! columns category, sentiment, text. The texts are repeated, each with a number of its own, until there are 10,000. Also prints how well
//! one fifth that was kept aside is labelled.
#![expect(clippy::print_stdout, reason = "the answer of the example")]

use std::error::Error;
use std::time::Instant;

use classify::{Scores, Settings, Trainer, fingerprint};

/// Texts that are learned.
const TEXTS: usize = 10_000;
/// Suggestions that are timed.
const ASKED: usize = 1_000;

struct Row {
    text: String,
    category: String,
    sentiment: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("a CSV file is needed")?;
    let mut rows: Vec<Row> = Vec::new();
    for row in csv::Reader::from_path(file)?.records() {
        let row = row?;
        let field = |n: usize| row.get(n).unwrap_or_default().to_owned();
        rows.push(Row { text: field(2), category: field(0), sentiment: field(1) });
    }
    if rows.is_empty() {
        return Err("the file has no texts".into());
    }
    let labels: [(fn(&Row) -> &str, &str); 2] =
        [(|row| &row.category, "category"), (|row| &row.sentiment, "sentiment")];
    for (label, name) in labels {
        let (mut aside, mut scores) = (Trainer::new(), Scores::default());
        for row in rows.iter().filter(|row| !fingerprint(&row.text).is_multiple_of(5)) {
            aside.add(&row.text, label(row));
        }
        let model = aside.finish(&Settings::default())?;
        for row in rows.iter().filter(|row| fingerprint(&row.text).is_multiple_of(5)) {
            if let Some((answered, _)) = model.rank(&row.text).first() {
                scores.add(label(row), answered);
            }
        }
        println!(
            "{name}: macro-F1 {:.4}, accuracy {:.4} on {} texts kept aside",
            scores.macro_f1(),
            scores.accuracy(),
            scores.texts()
        );

        let (began, busy) = (Instant::now(), processor());
        let mut trainer = Trainer::new();
        for (n, row) in rows.iter().cycle().take(TEXTS).enumerate() {
            trainer.add(&format!("{} {n}", row.text), label(row));
        }
        let model = trainer.finish(&Settings::default())?;
        let busy = processor() - busy;
        println!(
            "{name}: {TEXTS} texts learned in {:.2} s, {busy:.2} s of them processor time",
            began.elapsed().as_secs_f64()
        );

        let mut took: Vec<f64> = Vec::with_capacity(ASKED);
        for row in rows.iter().cycle().take(ASKED) {
            let began = Instant::now();
            let _suggested = model.suggest(&row.text, 0.55);
            took.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
        took.sort_by(f64::total_cmp);
        let at = |percent: usize| took.get(ASKED * percent / 100).copied().unwrap_or_default();
        println!("{name}: a suggestion takes {:.3} ms (median), {:.3} ms (99 of 100)", at(50), at(99));
    }
    Ok(())
}

/// Seconds that this program has had a processor, where the system says so: on a busy machine the clock on the wall says little.
fn processor() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = told.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default();
    nanoseconds / 1e9
}
