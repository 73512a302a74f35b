//! Processor time of a process, user and system, all threads, as the kernel accounts it (in ticks of 10 ms, so measure seconds).

use std::time::Duration;

use anyhow::{Context as _, Result};

/// Of this process.
pub fn own() -> Result<Duration> {
    of("self")
}

/// Of the process with this id, or `self`.
pub fn of(process: &str) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).context("no /proc: the bench needs Linux")?;
    // The name in brackets may hold blanks; utime and stime are the 12th and 13th field behind it.
    let (_, fields) = stat.rsplit_once(')').context("unreadable /proc/…/stat")?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut tick = || -> Result<u64> { Ok(fields.next().context("unreadable /proc/…/stat")?.parse()?) };
    Ok(Duration::from_millis((tick()? + tick()?) * 10))
}

/// Microseconds for one of `count` operations.
pub fn micros_each(used: Duration, count: usize) -> f64 {
    let count = u32::try_from(count.max(1)).unwrap_or(u32::MAX);
    used.as_secs_f64() * 1e6 / f64::from(count)
}

/// The middle of `numbers`; 0 of none.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
