//! Taking cases in over HTTP, durably, beside a bare writer that inserts the same rows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::runtime::Runtime;

use crate::capture::Captured;
use crate::cpu;
use crate::inside::{CLERK, new_case};
use crate::layer::{self, CALLERS};
use crate::place::Place;
use crate::report::Report;
use crate::server::Server;

/// Rounds; server and bare writer take turns.
const ROUNDS: usize = 5;
/// Cases of one round, without those that warm up.
const CASES: usize = 2_400;
const WARM: usize = 400;

/// Measures it.
pub fn measure(runtime: &Runtime, place: &Place, captured: &Arc<Captured>, report: &mut Report) -> Result<()> {
    let database = place.postmaster()?;
    let behind = || database.as_deref().map_or(Ok(Duration::ZERO), cpu::family);
    let (mut whole, mut program, mut bare, mut speed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let copy = place.copy("served")?;
        let token = copy.token(CLERK)?;
        let server = Server::start(&copy, &token)?;
        take_in(&server, 0..WARM)?;
        let (own, others, begun) = (server.cpu()?, behind()?, Instant::now());
        take_in(&server, WARM..WARM + CASES)?;
        speed.push(1e6 / cpu::micros_each(begun.elapsed(), CASES));
        let own = server.cpu()?.saturating_sub(own);
        program.push(cpu::micros_each(own, CASES));
        whole.push(cpu::micros_each(own + behind()?.saturating_sub(others), CASES));
        drop(server);
        drop(copy);
        bare.push(runtime.block_on(layer::bare_write(&place.copy("bare")?, captured, database.as_deref()))?);
    }
    let [whole, program, bare, speed] = [whole, program, bare, speed].map(cpu::median);
    report.at_most(
        format!("{}: create over HTTP, CPU ÷ bare writer, database included", place.engine),
        whole / bare.max(1e-9),
        1.7,
        format_args!(
            "{whole:.0} ÷ {bare:.0} µs, {program:.0} in the program; {speed:.0} a second from {CALLERS} connections"
        ),
    );
    Ok(())
}

fn take_in(server: &Server, range: std::ops::Range<usize>) -> Result<()> {
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let range = range.clone();
                scope.spawn(move || -> Result<()> {
                    let mut client = server.client()?;
                    for n in range.filter(|n| n % CALLERS == caller) {
                        let answer = client.post("/api/v1/cases", &new_case(n))?;
                        ensure!(answer.status == 201, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
                    }
                    Ok(())
                })
            })
            .collect();
        callers
            .into_iter()
            .try_for_each(|caller| caller.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a caller panicked"))))
    })
}
