//! The live score of a chain of two hundred stores: everything anew, and one more fact.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use capability::Ctx;
use identity::store::units;
use identity::{UnitDraft, UnitKind};
use kernel::Fault;

use crate::inside::{Inside, new_case};
use crate::place::Place;
use crate::report::Report;

/// Stores of the chain, beside those of the demonstration company.
const STORES: usize = 200;

/// Measures it on a copy of `place`.
pub async fn measure(place: &Place, report: &mut Report) -> Result<()> {
    let copy = place.copy("score")?;
    let inside = Inside::open(&copy, "zhou").await?;
    let ctx = Ctx::system(Arc::clone(&inside.house), "bench");
    grown(&inside).await?;
    scores::app::recount(&ctx).await?;
    let begun = Instant::now();
    scores::app::recount(&ctx).await?;
    report.at_most(
        format!("every score of {STORES} stores counted from the records, s, {}", place.engine),
        begun.elapsed().as_secs_f64(),
        10.0,
        "once a day",
    );
    inside.send("POST", "/api/v1/cases", new_case(1), 201).await?;
    let before = inside.house.db.stats();
    let begun = Instant::now();
    scores::app::recalculate(&ctx).await?;
    let took = begun.elapsed().as_secs_f64();
    let statements = inside.house.db.stats().statements - before.statements;
    report.at_most(
        format!("scores of {STORES} stores after one more case, s, {}", place.engine),
        took,
        1.0,
        format_args!("{statements} statements"),
    );
    Ok(())
}

/// Opens the stores.
async fn grown(inside: &Inside) -> Result<()> {
    let directory = inside.house.identity.directories().now();
    let region = directory.stores().next().and_then(|store| store.path.iter().rev().nth(1).copied());
    inside
        .house
        .db
        .write((inside.house.ids.clone(), region), |tx, (ids, region)| {
            Box::pin(async move {
                for nth in 0..STORES {
                    let draft = UnitDraft {
                        parent: *region,
                        kind: UnitKind::Store,
                        code: format!("BENCH{nth:03}"),
                        name: format!("分店{nth}"),
                        name_en: None,
                        zone: "Asia/Shanghai".to_owned(),
                        phone: None,
                        address: None,
                        active: true,
                    };
                    units::insert(tx, ids, &draft).await?;
                }
                Ok::<_, Fault>(())
            })
        })
        .await?;
    inside.house.identity.directories().refresh().await?;
    Ok(())
}
