//! How many explained verdicts one core gives in a second, over the worked cases:
//! `cargo run --release -p remedies --example speed`.
#![expect(clippy::print_stdout, reason = "the answer of a measurement")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use remedies::{FactName, Facts, Rulebook};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let book = Rulebook::china()?;
    let mut table = csv::Reader::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases.csv"))?;
    let heads = table.headers()?.clone();
    let mut cases = Vec::new();
    for row in table.records() {
        let row = row?;
        let claim = heads.iter().zip(&row).find(|(head, _)| *head == "claim_date").map_or("", |(_, cell)| cell);
        let mut facts = Facts::on(claim.parse()?);
        for (head, cell) in heads.iter().zip(&row) {
            if let Some(fact) = FactName::parse(head) {
                facts.set_cell(fact, cell)?;
            }
        }
        cases.push(facts);
    }
    let started = Instant::now();
    let mut verdicts = 0_u64;
    let mut steps = 0_usize;
    while started.elapsed() < Duration::from_secs(3) {
        for facts in &cases {
            let verdict = book.verdict(black_box(facts), &[])?;
            steps += verdict.steps.len();
            verdicts += 1;
        }
    }
    // Time on the processor where the system tells it: others may be using the machine.
    let of_process = std::fs::read_to_string("/proc/self/schedstat").ok();
    let told =
        of_process.as_deref().and_then(|text| text.split(' ').next()).and_then(|first| first.parse::<u64>().ok());
    let nanos = match told {
        Some(nanos) => nanos,
        None => u64::try_from(started.elapsed().as_nanos())?,
    };
    let rate = u128::from(verdicts) * 1_000_000_000 / u128::from(nanos.max(1));
    println!("{rate} verdicts per second and core, {} explained steps each", steps / usize::try_from(verdicts)?);
    Ok(())
}
