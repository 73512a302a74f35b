//! `aftercare`: see `aftercare --help`.

use std::process::ExitCode;

/// Requests, and SQLite above all, ask for very many small pieces of memory; this one also replaces the C library's `malloc`.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    aftercare::run()
}
