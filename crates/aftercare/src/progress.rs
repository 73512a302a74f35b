//! Tells a waiting person how far a long command is.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// A line on standard error that counts up; on a terminal it is rewritten in place, elsewhere it is written every ten seconds.
pub(crate) struct Progress {
    what: &'static str,
    whole: Option<u64>,
    done: u64,
    began: Instant,
    told: Instant,
    live: bool,
}

impl Progress {
    /// Counts `what`, up to `whole` if that is known.
    pub(crate) fn of(what: &'static str, whole: Option<u64>) -> Self {
        let now = Instant::now();
        Self { what, whole, done: 0, began: now, told: now, live: std::io::stderr().is_terminal() }
    }

    /// `done` are done.
    pub(crate) fn at(&mut self, done: u64) {
        let pause = if self.live { Duration::from_millis(200) } else { Duration::from_secs(10) };
        if self.told.elapsed() >= pause {
            self.told = Instant::now();
            self.tell(done, if self.live { "\r" } else { "\n" });
        }
    }

    /// `some` more are done.
    pub(crate) fn more(&mut self, some: u64) {
        self.done += some;
        self.at(self.done);
    }

    /// All are done.
    pub(crate) fn end(self, done: u64) {
        self.tell(done, if self.live { "\r" } else { "" });
        let _ = writeln!(std::io::stderr());
    }

    fn tell(&self, done: u64, ending: &str) {
        let seconds = self.began.elapsed().as_secs();
        let rate = done / seconds.max(1);
        let whole = self.whole.map_or_else(String::new, |whole| format!(" / {whole}"));
        // A closed standard error is no reason to end the work.
        let _ = write!(std::io::stderr(), "{}: {done}{whole} · {seconds} s · {rate}/s   {ending}", self.what);
        let _ = std::io::stderr().flush();
    }
}
