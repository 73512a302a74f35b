//! The program as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::cpu;
use crate::http::{Answer, Client};
use crate::place::Place;

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    token: String,
}

impl Server {
    /// Serves `place`; requests are made with `token`.
    pub fn start(place: &Place, token: &str) -> Result<Self> {
        let words = ["serve", "--listen", "127.0.0.1:0", "--private-host", "127.0.0.1"];
        let mut child = place.command(&words)?.stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        let address = loop {
            let line = lines.next().context("the program ended before it served")??;
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().parse()?;
            }
        };
        Ok(Self { child, address, token: token.to_owned() })
    }

    pub fn client(&self) -> Result<Client> {
        Client::connect(self.address, &self.token)
    }

    pub fn cpu(&self) -> Result<Duration> {
        cpu::of(&self.child.id().to_string())
    }

    /// Anonymous memory in MB.
    pub fn memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).context("no RssAnon")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes / 1024.0)
    }

    /// Milliseconds from the start of the process until `path` has been answered.
    pub fn until_first(place: &Place, token: &str, path: &str) -> Result<(f64, Answer)> {
        let begun = Instant::now();
        let server = Self::start(place, token)?;
        let answer = server.client()?.get(path, "br")?;
        Ok((begun.elapsed().as_secs_f64() * 1e3, answer))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // As an operator stops it; it has a few seconds to finish its jobs.
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        let until = Instant::now() + Duration::from_secs(10);
        while asked.as_ref().is_ok_and(std::process::ExitStatus::success) && Instant::now() < until {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // It may have ended by itself meanwhile.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
