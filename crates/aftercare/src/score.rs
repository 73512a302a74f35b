//! `aftercare score`: the same score as the page shows.
#![expect(clippy::print_stdout, reason = "the command's answer")]

use std::sync::Arc;

use anyhow::{Context as _, bail};
use capability::Ctx;

use crate::open::Installed;
use crate::people::said;

/// Computes the scores anew and prints that of the company, or of the region or store `unit`, by `scheme`.
pub(crate) async fn score(installed: &Installed, unit: Option<&str>, scheme: &str, json: bool) -> anyhow::Result<()> {
    let house = &installed.house;
    let ctx = Ctx::system(Arc::clone(house), "score");
    scores::app::recount(&ctx).await.map_err(said)?;
    let found = scores::schemes::all(&ctx).await.map_err(said)?;
    let codes = || found.iter().map(|one| one.code.as_str()).collect::<Vec<_>>().join(", ");
    let scheme = found.iter().find(|one| one.code == scheme);
    let scheme = *scheme.with_context(|| format!("there is no such scheme in force; there are {}", codes()))?;
    let directory = house.identity.directories().now();
    let units = scores::domain::units(&directory);
    let asked = |code: &str| units.iter().find(|one| one.code == code).copied();
    let unit = match unit {
        Some(code) => asked(code).with_context(|| format!("{code} is no region or store"))?,
        None => units.first().copied().context("the installation has no company yet; set it up first")?,
    };
    let live = house
        .db
        .read((unit.id, scheme), |tx, (unit, scheme)| {
            Box::pin(async move { scores::store::live(tx, &scheme.code, *unit).await })
        })
        .await?;
    let Some(live) = live else { bail!("{} has no score yet", unit.code) };
    let score = scores::score_of(&unit.code, "zh-CN", scheme, &live);
    if json {
        println!("{}", serde_json::to_string_pretty(&score)?);
        return Ok(());
    }
    let stored = &live.stored;
    let Some(ends) = stored.ends() else { bail!("nothing of the scheme applies to {}", unit.code) };
    let level = |code: &Option<String>| code.clone().unwrap_or_else(|| "-".to_owned());
    println!("{} {}", scheme.code, scheme.version);
    println!("{} {}–{} ({}–{})", unit.code, ends.low, ends.high, level(&stored.level_low), level(&stored.level_high));
    if stored.estimate {
        let (allocated, all) = scheme.allocated();
        println!("估算 estimate: {allocated}/{all} 项分值为分配值 points are allocated");
    }
    Ok(())
}
