//! `aftercare`: see `aftercare --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    aftercare::run()
}
