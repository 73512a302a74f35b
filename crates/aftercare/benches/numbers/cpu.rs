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
    ticks(&stat, 2)
}

/// The first `count` of utime, stime, and both of the children that have ended.
fn ticks(stat: &str, count: usize) -> Result<Duration> {
    let ticks = behind_name(stat).skip(11).take(count).map(str::parse::<u64>).sum::<Result<u64, _>>();
    Ok(Duration::from_millis(ticks.context("unreadable /proc/…/stat")? * 10))
}

fn parent(stat: &str) -> Option<&str> {
    behind_name(stat).nth(1)
}

/// The fields behind the name, which stands in brackets and may hold blanks.
fn behind_name(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default().split_whitespace()
}

/// Of a database server: its main process with all that it started, alive or ended.
pub fn family(main: &str) -> Result<Duration> {
    let mut used = Duration::ZERO;
    for process in std::fs::read_dir("/proc")? {
        let name = process?.file_name();
        let Some(id) = name.to_str().filter(|name| name.bytes().all(|digit| digit.is_ascii_digit())) else { continue };
        // It may have ended since the folder was read; then its time is in the main process's.
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { continue };
        if parent(&stat) == Some(main) {
            used += ticks(&stat, 2)?;
        }
    }
    let stat = std::fs::read_to_string(format!("/proc/{main}/stat")).context("the database server has ended")?;
    Ok(used + ticks(&stat, 4)?)
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
