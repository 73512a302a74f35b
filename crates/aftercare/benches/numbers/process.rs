//! Memory, start, and what the first page weighs.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::cpu;
use crate::http::Client;
use crate::inside::{CLERK, new_case};
use crate::layer::CALLERS;
use crate::place::Place;
use crate::report::Report;
use crate::server::Server;

/// Starts, of which the median counts.
const STARTS: usize = 7;
/// Seconds of load.
const LOAD: u64 = 15;

/// Measures it on a copy of `place`.
pub fn measure(place: &Place, report: &mut Report) -> Result<()> {
    let copy = place.copy("served")?;
    let token = copy.token(CLERK)?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (millis, page) = Server::until_first(&copy, &token, "/cases")?;
        ensure!(page.status == 200, "the queue page answers {}", page.status);
        starts.push(millis);
    }
    report.at_most("start to first page, s", cpu::median(starts) / 1e3, 0.5, "queue page, existing database");
    let server = Server::start(&copy, &token)?;
    weigh(&mut server.client()?, report)?;
    drop(server);
    let server = Server::start(&copy, &token)?;
    std::thread::sleep(Duration::from_secs(5));
    report.at_most("memory idle (RssAnon), MB", server.memory()?, 64.0, "5 s after the start");
    let most = load(&server)?;
    report.at_most(
        "memory under load (RssAnon), MB",
        most,
        256.0,
        format_args!("highest in {LOAD} s of {CALLERS} connections"),
    );
    Ok(())
}

/// The queue page with everything that a browser fetches for it, compressed.
fn weigh(client: &mut Client, report: &mut Report) -> Result<()> {
    let page = client.get("/cases", "br")?;
    let plain = client.get("/cases", "identity")?;
    let html = String::from_utf8_lossy(&plain.body).into_owned();
    let mut weight = page.body.len() + page.head;
    let assets = assets(&html);
    for asset in &assets {
        let answer = client.get(asset, "br")?;
        ensure!(answer.status == 200, "{asset}: {}", answer.status);
        println!("    {asset}: {} bytes", answer.body.len());
        weight += answer.body.len() + answer.head;
    }
    let kilobytes = f64::from(u32::try_from(weight)?) / 1024.0;
    report.at_most(
        "first load of the queue page, KB",
        kilobytes,
        150.0,
        format_args!("page {} bytes", page.body.len()),
    );
    let requests = f64::from(u32::try_from(assets.len() + 1)?);
    report.at_most("first load of the queue page, requests", requests, 8.0, "page, styles, scripts, icons");
    Ok(())
}

/// Styles, scripts, pictures and icons that the page names.
fn assets(html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for tag in html
        .split('<')
        .filter(|tag| ["link ", "script ", "img ", "use ", "image "].iter().any(|name| tag.starts_with(name)))
    {
        if tag.starts_with("link ")
            && ["alternate", "canonical", "next", "prev"].iter().any(|rel| tag.contains(&format!("rel=\"{rel}")))
        {
            continue;
        }
        for attribute in ["href=\"", "src=\""] {
            let path = tag.split_once(attribute).and_then(|(_, rest)| rest.split(['"', '#']).next());
            found.extend(path.filter(|path| path.starts_with('/')).map(str::to_owned));
        }
    }
    found
}

/// Pages and creates as fast as they come; the highest memory seen.
fn load(server: &Server) -> Result<f64> {
    const PATHS: [&str; 6] =
        ["/cases", "/", "/cases?tab=all", "/search?q=%E5%88%B6%E5%86%B7", "/metrics", "/cases?tab=closed"];
    let until = Instant::now() + Duration::from_secs(LOAD);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                scope.spawn(move || -> Result<()> {
                    let mut client = server.client()?;
                    for (n, path) in PATHS.iter().cycle().skip(caller).enumerate() {
                        if Instant::now() > until {
                            break;
                        }
                        let page = client.get(path, "br")?;
                        ensure!(page.status == 200 || page.status == 503, "{path}: {}", page.status);
                        client.post("/api/v1/cases", &new_case(n * CALLERS + caller))?;
                    }
                    Ok(())
                })
            })
            .collect();
        let mut most = 0.0_f64;
        while Instant::now() < until {
            most = most.max(server.memory()?);
            std::thread::sleep(Duration::from_millis(100));
        }
        callers
            .into_iter()
            .try_for_each(|caller| caller.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a caller panicked"))))?;
        Ok(most)
    })
}
