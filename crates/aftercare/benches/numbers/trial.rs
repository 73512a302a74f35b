//! A draft of a shop's policy tried on a hundred thousand past returns.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use capability::Ctx;
use db::DbError;
use kernel::Id;
use parties::domain::terms::TermsLayer;
use parties::store::TermsFilter;
use returns::app::Trial;
use returns::store::{LineRow, Return};

use crate::inside::Inside;
use crate::place::Place;
use crate::report::Report;

/// Returns in the company.
const RETURNS: usize = 100_000;
/// Written in one transaction.
const CHUNK: usize = 2_000;

/// Measures it on a copy of `place`.
pub async fn measure(place: &Place, report: &mut Report) -> Result<()> {
    let copy = place.copy("trial")?;
    let inside = Inside::open(&copy, "he").await?;
    let ctx = Ctx::system(Arc::clone(&inside.house), "bench");
    let (one, line) = filled(&inside).await?;
    let wanted = TermsFilter { layer: Some(TermsLayer::Policy), ids: None };
    let all = parties::app::list_terms(&ctx, wanted, None, None, 1).await?.rows;
    let terms = all.first().context("the demo company has no policy")?;
    let mut draft = parties::app::terms_input(terms);
    for promise in &mut draft.promises {
        promise.repairs += 1;
    }
    let trial = Trial {
        terms: Some((terms.id, terms.version, draft)),
        limit: None,
        from: one.judged_on.plus(-4_000),
        to: one.judged_on.plus(4_000),
    };
    let asked = returns::app::try_out(&ctx, trial).await?;
    let begun = Instant::now();
    let outcome = returns::app::run_replay(&ctx, asked.id).await?.context("it was done before")?;
    report.at_most(
        format!("a policy tried on {RETURNS} returns, s, {}", place.engine),
        begun.elapsed().as_secs_f64(),
        10.0,
        format_args!("{} looked at, {} differ, one of {}", outcome.returns, outcome.differing, line.name),
    );
    Ok(())
}

/// A return of the company, as often as it is wanted.
async fn filled(inside: &Inside) -> Result<(Return, LineRow)> {
    let db = &inside.house.db;
    let first = db
        .read((), |tx, ()| {
            Box::pin(async move {
                let newest: Option<(Id<returns::store::ReturnId>,)> = tx
                    .one("SELECT return_id FROM return_line WHERE terms LIKE '%policy%' ORDER BY id LIMIT 1", &[])
                    .await?;
                let Some((id,)) = newest else { return Ok::<_, DbError>(None) };
                let one = returns::store::get(tx, id).await?;
                let line = returns::store::lines(tx, id).await?.into_iter().next();
                Ok(one.zip(line))
            })
        })
        .await?;
    let (one, line) = first.context("the demo company has no return under a policy")?;
    let copies: Vec<(Return, LineRow)> = (0..RETURNS)
        .map(|n| {
            let id = inside.house.ids.next();
            let line = LineRow { id: inside.house.ids.next(), live: false, ..line.clone() };
            (Return { id, number: format!("{}-{n}", one.number), ..one.clone() }, line)
        })
        .collect();
    for some in copies.chunks(CHUNK) {
        db.write(some.to_vec(), |tx, some| {
            Box::pin(async move {
                for (one, line) in some {
                    returns::store::insert(tx, one).await?;
                    returns::store::insert_lines(tx, one, std::slice::from_ref(line)).await?;
                }
                Ok::<(), DbError>(())
            })
        })
        .await?;
    }
    Ok((one, line))
}
