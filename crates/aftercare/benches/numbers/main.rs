//! `make bench`: the numbers of the design as ratios measured in one run, and what was done to get them.
//!
//! `AFTERCARE_BENCH_CASES=N` sets the size of the large company (100,000), `AFTERCARE_BENCH_FULL=1` makes it 1,000,000,
//! `AFTERCARE_BENCH_SMALL=N` sets that of the small one (10,000);
//! `AFTERCARE_BENCH_ONLY=layer,create,growth,process,mailbox,trial,score` runs some parts; `AFTERCARE_BENCH_ENGINES=sqlite` leaves PostgreSQL out.
//! Companies are made once and kept below `target/tmp`; delete them to have them made anew.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod bare;
mod capture;
mod cpu;
mod create;
mod growth;
mod http;
mod inside;
mod layer;
mod mailbox;
mod place;
mod process;
mod report;
mod score;
mod server;
mod trial;

use std::sync::Arc;

use anyhow::{Context as _, Result};

use crate::place::{Made, Place, TWO_YEARS};
use crate::report::Report;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (few, many) = sizes()?;
    let only = std::env::var("AFTERCARE_BENCH_ONLY").unwrap_or_default();
    let wanted = |part: &str| only.is_empty() || only.split(',').any(|one| one.trim() == part);
    println!("companies of {few} and {many} cases, made by `aftercare demo --only-make` and `aftercare seed`");
    let mut report = Report::default();
    for engine in engines() {
        println!("\n{engine}");
        let small = Place::made(engine, few, TWO_YEARS)?;
        if wanted("layer") || wanted("create") {
            let captured = Arc::new(runtime.block_on(capture::creates(&small)).context("what a create writes")?);
            println!("  one create writes {}", captured.described());
            if wanted("layer") {
                layer::measure(&runtime, &small, &captured, &mut report).context("the database layer")?;
            }
            if wanted("create") {
                create::measure(&runtime, &small, &captured, &mut report).context("creating cases")?;
            }
        }
        if wanted("trial") {
            runtime.block_on(trial::measure(&small, &mut report)).context("a policy tried on past returns")?;
        }
        if wanted("score") {
            runtime.block_on(score::measure(&small, &mut report)).context("the score of two hundred stores")?;
        }
        if wanted("mailbox") {
            mailbox::measure(&small, &mut report).context("a mailbox")?;
        }
        if wanted("growth") {
            // As many cases a day as the large one.
            let days = u16::try_from((u64::from(TWO_YEARS) * u64::from(few)).div_ceil(u64::from(many).max(1)))?;
            let busy = Place::made(engine, few, days.max(1))?;
            let large = Place::made(engine, many, TWO_YEARS)?;
            runtime
                .block_on(growth::measure(&small, &busy, &large, &mut report))
                .context("pages of a small and a large company")?;
        }
        if wanted("process") && engine == Made::Sqlite {
            let large = Place::made(engine, many, TWO_YEARS)?;
            process::measure(&large, &mut report).context("memory, start, weight")?;
        }
    }
    println!("\n{report}");
    Ok(())
}

/// Cases of the small and of the large company.
fn sizes() -> Result<(u32, u32)> {
    let number = |name: &str, default: u32| match std::env::var(name) {
        Ok(cases) => cases.parse().with_context(|| format!("{name} is a number of cases")),
        Err(_) => Ok(default),
    };
    let full = std::env::var("AFTERCARE_BENCH_FULL").is_ok_and(|full| full == "1");
    let large = if full { 1_000_000 } else { 100_000 };
    Ok((number("AFTERCARE_BENCH_SMALL", 10_000)?, number("AFTERCARE_BENCH_CASES", large)?))
}

fn engines() -> Vec<Made> {
    let wanted = std::env::var("AFTERCARE_BENCH_ENGINES").unwrap_or_else(|_| "sqlite,postgres".to_owned());
    [Made::Sqlite, Made::Postgres].into_iter().filter(|engine| wanted.contains(engine.as_str())).collect()
}
