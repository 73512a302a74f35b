//! `aftercare demo`: serves a believable company. Nothing in it is real, and it never mixes with a real one.
#![expect(clippy::print_stdout, reason = "the logins are for the person at the console")]

mod asked;
mod assessed;
mod audited;
mod called;
mod claimed;
mod company;
mod complained;
mod decided;
mod feelings;
mod found;
mod gathered;
mod kept;
mod lines;
mod noticed;
mod photos;
mod play;
mod post;
mod promised;
mod returned;
mod shopped;
mod sold;
mod starred;
mod story;
mod voices;
mod wrote;

use anyhow::{Context as _, bail};
use db::args;
use kernel::{Clock, Fault};

use crate::cli::{Serve, Where};
use crate::open::Installed;
use crate::people::said;
use crate::progress::Progress;
use crate::serve;

pub(crate) use found::cast;
pub(crate) use play::{Cast, play};
pub(crate) use story::{Story, Teller};

/// Everybody in the demo company has this password; it serves on this machine only.
const PASSWORD: &str = "aftercare-demo";
/// The row that marks a demo company, with its seed and size.
const MARK: &str = "demo";
/// Milliseconds in 24 months of 365.25 / 12 days each.
const TWO_YEARS: i64 = 63_115_200_000;
/// Milliseconds between two cases of the company on average: 20,000 in 24 months, and a smaller company as busy for a shorter time.
const PACE: i64 = TWO_YEARS / 20_000;
/// Cases written in one transaction.
const BATCH: usize = 1_000;

/// Makes the demo company unless it is there, prints its logins, and serves it.
pub(crate) async fn demo(place: &Where, how: &Serve, cases: u32, seed: u64, only_make: bool) -> anyhow::Result<()> {
    if !how.listen.ip().is_loopback() {
        bail!(
            "everybody knows the demo company's passwords, so it is served on this machine only; use a loopback address"
        );
    }
    let listener = serve::listen(how).await?;
    // Messages to customers carry links that work on this machine.
    let address = listener.local_addr()?;
    let public_url = how.public_url.clone().or_else(|| Some(format!("http://{address}")));
    let how = &Serve { public_url, demo: true, ..how.clone() };
    let installed = Installed::open(place, how, Clock::System).await?;
    if !is_made(&installed).await? {
        if !installed.house.identity.needs_setup().await.map_err(said)? {
            bail!("{} holds a company that is not the demo; choose another folder with --data", place.data.display());
        }
        make(&installed, cases, seed).await.context("the demo company could not be made")?;
    }
    println!("\n演示公司 · demo company (all invented). 密码 password: {PASSWORD}\n");
    for (login, name, role, unit) in company::STAFF {
        let pin = photos::PINS.iter().find(|(whose, _)| whose == login).map(|(_, pin)| format!(" · PIN {pin}"));
        println!("  {login:<8} {name} · {role} · {unit}{}", pin.unwrap_or_default());
    }
    println!("  {:<8} 刘评审 · {} · HQ", audited::ASSESSOR, identity::EXTERNAL_ASSESSOR);
    println!("\n店里还有其他人，工号为店号加序号 · others sign in with store code and number, e.g. hz02-1\n");
    if only_make {
        return Ok(());
    }
    serve::run(installed, listener).await
}

async fn is_made(installed: &Installed) -> anyhow::Result<bool> {
    let found: Option<(String,)> = installed
        .house
        .db
        .read((), |tx, ()| {
            Box::pin(async move { tx.one("SELECT value FROM installation WHERE key = $1", args![MARK]).await })
        })
        .await?;
    Ok(found.is_some())
}

async fn make(installed: &Installed, cases: u32, seed: u64) -> anyhow::Result<()> {
    let house = &installed.house;
    let now = house.clock.now();
    let password = house.identity.hasher().hash(&identity::Secret::new(PASSWORD)).await.map_err(said)?;
    let began = now.plus(-(PACE * i64::from(cases)).min(TWO_YEARS));
    let mut cast = found::company(house, &password, now.plus(-TWO_YEARS)).await.map_err(said)?;
    cast.sells = true;
    lines::register(house, &cast, began).await.map_err(said)?;
    // Most customers come more than once.
    let customers = usize::try_from(cases / 4)?.max(1);
    let mut teller = Teller::new(seed, 0, customers, house.zone.clone());
    let stories = teller.tell(usize::try_from(cases)?, began, now, now);
    let mut progress = Progress::of("demo cases", Some(u64::from(cases)));
    tell(installed, &mut cast, stories, &mut progress).await?;
    progress.end(u64::from(cases));
    complained::complaints(house, &cast).await.map_err(said)?;
    promised::terms(house).await.map_err(said)?;
    returned::returns(house, &cast).await.map_err(said)?;
    claimed::claims(house).await.map_err(said)?;
    shopped::platforms(house, &cast).await.map_err(said)?;
    noticed::notices(house, &cast).await.map_err(said)?;
    asked::approvals(house).await.map_err(said)?;
    called::back(house).await.map_err(said)?;
    photos::add(house).await?;
    post::fill(house).await.map_err(said)?;
    wrote::letters(house).await.map_err(said)?;
    play::today(&cast).await.map_err(said)?;
    lines::test(house).await.map_err(said)?;
    decided::decide(house, &cast).await.map_err(said)?;
    kept::keep(house).await.map_err(said)?;
    gathered::gather(house, &cast).await.map_err(said)?;
    feelings::feel(house).await.map_err(said)?;
    starred::earn(house).await.map_err(said)?;
    assessed::assess(house).await.map_err(said)?;
    audited::audits(house, &password).await.map_err(said)?;
    let mark = (MARK, format!("seed {seed}, {cases} cases"));
    let marked = house.db.write(mark, |tx, (key, value)| {
        Box::pin(async move {
            tx.exec("INSERT INTO installation (key, value) VALUES ($1, $2)", args![*key, value.as_str()])
                .await
                .map_err(Fault::from)
        })
    });
    marked.await.map_err(said)?;
    Ok(())
}

/// Plays `stories` in batches, then folds the metrics.
pub(crate) async fn tell(
    installed: &Installed,
    cast: &mut Cast,
    stories: Vec<Story>,
    progress: &mut Progress,
) -> anyhow::Result<()> {
    let mut rest = stories.into_iter().peekable();
    while rest.peek().is_some() {
        let batch: Vec<_> = rest.by_ref().take(BATCH).collect();
        let told = u64::try_from(batch.len())?;
        play(&installed.house, cast, batch).await.map_err(said)?;
        progress.more(told);
    }
    metrics::fold(&installed.house.db).await?;
    Ok(())
}
