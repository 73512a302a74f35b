//! Calendars and clocks on both engines.
#![cfg(test)]

mod calendars;
mod clocks;
mod explained;
mod sweeps;

use calendar::worktime::{BasisPoints, DueRule, Millis, Policy};
use calendar::{Basis, Clock, Entered, NewClock};
use db::{Db, Tx, args};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, IdGen, RecordRef, Timestamp, of};

/// The units of the tests: a company, a region, two stores in it.
pub const COMPANY: Id<of::Unit> = Id::new(1);
pub const REGION: Id<of::Unit> = Id::new(2);
pub const STORE: Id<of::Unit> = Id::new(3);
pub const OTHER: Id<of::Unit> = Id::new(12);

/// Runs a story in one transaction on a database with the shipped calendars.
pub async fn story(
    db: &Db,
    body: impl for<'t> Fn(&'t mut Tx, &'t IdGen) -> BoxFuture<'t, Result<(), Fault>> + Send + Sync + 'static,
) {
    prepared(db).await;
    let ids = testkit::ids(&testkit::clock());
    let outcome: Result<(), Fault> = db.write(ids, body).await;
    outcome.unwrap();
}

/// Units and the shipped calendars.
pub async fn prepared(db: &Db) {
    // A node of its own, so that its ids never meet those of the test.
    let ids = IdGen::new(2, testkit::clock());
    let made: Result<(), Fault> = db
        .write(ids, |tx, ids| {
            Box::pin(async move {
                for (id, parent, kind, path) in [
                    (1, None, "company", "/1/"),
                    (2, Some(1), "region", "/1/2/"),
                    (3, Some(2), "store", "/1/2/3/"),
                    (12, Some(2), "store", "/1/2/12/"),
                ] {
                    let sql = "INSERT INTO org_unit (id, parent_id, kind, code, name, zone, path, active, version) \
                               VALUES ($1, $2, $3, $4, $4, 'Asia/Shanghai', $5, TRUE, 1)";
                    tx.exec(sql, args![i64::from(id), parent.map(i64::from), kind, format!("U{id}"), path]).await?;
                }
                calendar::seed(tx, ids).await
            })
        })
        .await;
    made.unwrap();
}

/// An instant in China: `2026-11-20 17:00`.
pub fn china(text: &str) -> Timestamp {
    format!("{}+08:00", text.replace(' ', "T")).parse().unwrap()
}

/// When it is in China.
pub fn wall(at: impl Into<Option<Timestamp>>) -> String {
    at.into().map_or("open".to_owned(), |at| at.civil(&kernel::Zone::china()).strftime("%F %H:%M").to_string())
}

pub fn record() -> RecordRef {
    RecordRef { kind: "case", id: 7 }
}

pub fn hours(allowed: i64) -> Policy {
    Policy {
        code: "solution".to_owned(),
        version: 3,
        rule: DueRule::Working { allowed: Millis::hours(allowed) },
        warn_at: vec![BasisPoints(7_500)],
    }
}

/// Entered when it happened.
pub fn entered(at: &str) -> Entered {
    Entered { by: None, at: china(at) }
}

/// Starts a clock of so many working hours, entered when it starts.
pub async fn started(tx: &mut Tx, ids: &IdGen, basis: Basis<'_>, at: &str, allowed: i64) -> Clock {
    let new =
        NewClock { record: &record(), stage: "solution", store: STORE, basis, policy: hours(allowed), at: china(at) };
    calendar::start(tx, ids, &entered(at), &[new]).await.unwrap().remove(0)
}
