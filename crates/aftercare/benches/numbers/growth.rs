//! What pages cost at a hundred times the cases: steps of SQLite's machine or blocks that PostgreSQL looks at, and time.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use db::args;

use crate::cpu;
use crate::inside::Inside;
use crate::place::{Made, Place, cluster, connect};
use crate::report::Report;

/// What a page is about, and so which small company the large one is compared with (decision 14).
#[derive(Clone, Copy)]
enum About {
    /// All that ever happened: a company of the same months and a hundredth of the cases.
    History,
    /// What is to be done now: a company with as many cases a day and a short history, so that its pages are as full.
    Work,
}

/// Pages by name and address; `{id}` is a case of the past, `{serial}` the number on its unit. Search looks for two characters
/// that many texts have, and for digits that few have.
const PAGES: [(&str, &str, About); 9] = [
    ("queue page", "/cases", About::Work),
    ("queue, rows alone", "/api/v1/cases?category=open,waiting,resolved&order=due&limit=50", About::Work),
    ("workbench", "/", About::Work),
    ("detail", "/cases/{id}", About::History),
    ("scan", "/scan?code={serial}", About::History),
    ("intake form after a scan", "/cases/new?serial={serial}", About::History),
    ("search, common (制冷)", "/search?q=%E5%88%B6%E5%86%B7", About::History),
    ("search, rare (9 digits)", "/search?q=777777777", About::History),
    ("dashboard", "/metrics", About::History),
];

/// Who looks: headquarters sees every store, a manager one.
const PEOPLE: [(&str, &str); 2] = [("he", "headquarters"), ("zhou", "store manager")];

/// Interleaved rounds of the timings and requests in each.
const ROUNDS: usize = 7;
const REQUESTS: usize = 50;

struct Cell {
    work: f64,
    statements: f64,
}

/// Measures every page for everybody: `large` beside `small`, or beside `busy` where the page is about work.
pub async fn measure(small: &Place, busy: &Place, large: &Place, report: &mut Report) -> Result<()> {
    for (login, name) in PEOPLE {
        let many = Inside::open(large, login).await?;
        let inside = (Inside::open(small, login).await?, Inside::open(busy, login).await?);
        let (past, large_past) = (some_case(&inside.0).await?, some_case(&many).await?);
        for (page, path, about) in PAGES {
            let (small, few) = match about {
                About::History => (small, &inside.0),
                About::Work => (busy, &inside.1),
            };
            let (little, much) = (past.in_path(path), large_past.in_path(path));
            let cells = match small.engine {
                Made::Sqlite => (steps(few, &little).await?, steps(&many, &much).await?),
                Made::Postgres => (blocks(small, login, &little).await?, blocks(large, login, &much).await?),
            };
            let times = times((few, &little), (&many, &much)).await?;
            let unit = if small.engine == Made::Sqlite { "steps" } else { "blocks" };
            report.at_most(
                format!("{}: {page} for {name}, large ÷ small", small.engine),
                cells.1.work / cells.0.work.max(1.0),
                1.5,
                format_args!(
                    "{:.0} ÷ {:.0} {unit}, {:.0} statements, p99 {:.1} ÷ {:.1} ms",
                    cells.1.work, cells.0.work, cells.1.statements, times.1, times.0
                ),
            );
        }
    }
    Ok(())
}

/// A case and the number on its unit.
struct Past {
    id: i64,
    serial: String,
}

impl Past {
    fn in_path(&self, path: &str) -> String {
        path.replace("{id}", &self.id.to_string()).replace("{serial}", &self.serial)
    }
}

/// A closed case from the middle of the company's history.
async fn some_case(inside: &Inside) -> Result<Past> {
    let middle = inside.house.clock.now().plus(-31_557_600_000);
    let found: Option<(i64, String)> = inside
        .house
        .db
        .read(middle, |tx, middle| {
            Box::pin(async move {
                let store: Option<i64> = tx.one("SELECT id FROM org_unit WHERE code = $1", args!["HZ01"]).await?;
                let find =
                    "SELECT id, serial FROM service_case WHERE store_id = $1 AND happened_at > $2 AND state = 'closed'
                    AND kind = 'repair' AND serial IS NOT NULL ORDER BY happened_at LIMIT 1";
                tx.one(find, args![store, *middle]).await.map_err(kernel::Fault::from)
            })
        })
        .await?;
    let (id, serial) = found.context("no case in the middle of the company's history")?;
    Ok(Past { id, serial })
}

/// Steps and statements of one request.
async fn steps(inside: &Inside, path: &str) -> Result<Cell> {
    const TIMES: u32 = 4;
    inside.get(path).await?;
    let before = inside.house.db.stats();
    for _ in 0..TIMES {
        inside.get(path).await?;
    }
    let after = inside.house.db.stats();
    let each = |n: u64| -> Result<f64> { Ok(f64::from(u32::try_from(n)?) / f64::from(TIMES)) };
    Ok(Cell { work: each(after.steps - before.steps)?, statements: each(after.statements - before.statements)? })
}

/// Blocks and statements of one request: what many requests take less what few take, each from a fresh start, because the server
/// tells its numbers only when a connection ends.
async fn blocks(place: &Place, login: &str, path: &str) -> Result<Cell> {
    const FEW: u32 = 3;
    const MANY: u32 = 13;
    let (few, _) = blocks_of(place, login, path, FEW).await?;
    let (many, statements) = blocks_of(place, login, path, MANY).await?;
    let between = f64::from(MANY - FEW);
    Ok(Cell { work: (many - few).max(0.0) / between, statements })
}

async fn blocks_of(place: &Place, login: &str, path: &str, times: u32) -> Result<(f64, f64)> {
    let admin = connect(&format!("{}/postgres", cluster()?)).await?;
    let database = place.database().context("a PostgreSQL company")?;
    let told = "SELECT (SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'),
        CAST((SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = $1) AS FLOAT8)";
    let inside = Inside::open(place, login).await?;
    inside.get(path).await?;
    let before = inside.house.db.stats().statements;
    let others: i64 = admin.query_one(told, &[&database]).await?.try_get(0)?;
    let connections = i64::try_from(inside.house.db.stats().connections)?;
    let start: f64 = admin.query_one(told, &[&database]).await?.try_get(1)?;
    for _ in 0..times {
        inside.get(path).await?;
    }
    let statements = f64::from(u32::try_from(inside.house.db.stats().statements - before)?) / f64::from(times);
    drop(inside);
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let row = admin.query_one(told, &[&database]).await?;
        if row.try_get::<_, i64>(0)? <= others - connections || Instant::now() > until {
            let row = admin.query_one(told, &[&database]).await?;
            return Ok((row.try_get::<_, f64>(1)? - start, statements));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The 99th percentile of each in ms, the median of interleaved rounds.
async fn times(small: (&Inside, &str), large: (&Inside, &str)) -> Result<(f64, f64)> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        few.push(p99(small).await?);
        many.push(p99(large).await?);
    }
    Ok((cpu::median(few), cpu::median(many)))
}

async fn p99((inside, path): (&Inside, &str)) -> Result<f64> {
    let mut times = Vec::with_capacity(REQUESTS);
    for _ in 0..REQUESTS {
        let begun = Instant::now();
        inside.get(path).await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times.get((REQUESTS * 99).div_ceil(100) - 1).copied().context("no times")
}
