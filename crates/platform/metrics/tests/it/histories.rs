//! Random histories: however they are appended and folded, and when they are counted anew from the records, the numbers are
//! those of a plain sum.

use std::collections::BTreeMap;

use db::{Db, DbError};
use kernel::IdGen;
use metrics::{By, Delta};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::fixture::*;

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<Delta>),
    Fold,
}

fn delta() -> impl Strategy<Value = Delta> {
    let part = prop::sample::select(vec!["cases.answered", "cases.answered_in_time", "cases.answer_minutes"]);
    let dimension = prop::option::of(
        ("kind|channel", "repair|return|屏 幕|'|")
            .prop_map(|(dimension, value)| (if dimension == "kind" { "kind" } else { "channel" }, value)),
    );
    (part, 0_i64..4, dimension, 0_i32..5, -3_i64..40).prop_map(|(part, at, dimension, on, n)| Delta {
        part,
        store: store(at),
        dimension,
        day: day(on),
        n,
    })
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(
        prop_oneof![3 => prop::collection::vec(delta(), 0..25).prop_map(Step::Append), 1 => Just(Step::Fold)],
        1..12,
    )
}

/// Every number that can be asked for, over two choices of stores and days.
async fn everything(db: &Db) -> Vec<Vec<Option<i64>>> {
    let mut all = Vec::new();
    for metric in [ANSWERED, IN_TIME, MEAN] {
        for by in [By::Total, By::Day, By::Store, By::Dimension("kind"), By::Dimension("channel")] {
            all.push(numbers(db, metric, slice(&[0, 1, 2, 3], 0, 4, by)).await);
            all.push(numbers(db, metric, slice(&[1, 3], 1, 2, by)).await);
        }
    }
    all
}

/// What a plain sum over `deltas` gives for the number of answered cases by store, of all days.
fn answered_by_store(deltas: &[Delta]) -> Vec<Option<i64>> {
    let mut sums: BTreeMap<i64, i64> = (0..4).map(|store| (store, 0)).collect();
    for delta in deltas.iter().filter(|delta| delta.part == "cases.answered" && delta.dimension.is_none()) {
        *sums.entry(delta.store.get()).or_default() += delta.n;
    }
    sums.into_values().map(Some).collect()
}

async fn rebuild(db: &Db, deltas: Vec<Delta>) -> u64 {
    let source = futures_util::stream::iter(deltas.into_iter().map(Ok::<_, DbError>));
    metrics::rebuild(db, source).await.unwrap()
}

#[testkit::db_test]
async fn folding_and_rebuilding_change_no_number(db: Db) {
    let ids: IdGen = testkit::ids(&testkit::clock());
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let steps = history().new_tree(&mut runner).unwrap().current();
        rebuild(&db, Vec::new()).await;
        let mut deltas = Vec::new();
        for step in steps {
            match step {
                Step::Append(some) => {
                    append(&db, &ids, some.clone()).await;
                    deltas.extend(some);
                }
                Step::Fold => {
                    metrics::fold(&db).await.unwrap();
                }
            }
        }
        let before = everything(&db).await;
        assert_eq!(numbers(&db, ANSWERED, slice(&[0, 1, 2, 3], 0, 4, By::Store)).await, answered_by_store(&deltas));
        metrics::fold(&db).await.unwrap();
        metrics::fold(&db).await.unwrap();
        assert_eq!(everything(&db).await, before, "folding changed a number");
        // From the records the deltas come in another order.
        deltas.reverse();
        let count = deltas.len();
        assert_eq!(usize::try_from(rebuild(&db, deltas).await), Ok(count));
        assert_eq!(everything(&db).await, before, "the rebuild disagrees with the increments");
    }
}

#[testkit::db_test]
async fn a_rebuild_that_fails_leaves_the_old_numbers(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    append(&db, &ids, vec![Delta::new("cases.answered", store(1), day(0), 7)]).await;
    metrics::fold(&db).await.unwrap();
    let broken = DbError { kind: db::DbErrorKind::Gone, constraint: None, message: "away".into() };
    let many = (0..6_000).map(|n| Ok(Delta::observe("cases.answer_histogram", store(n), day(0), 1)));
    let source = futures_util::stream::iter(many.chain([Err(broken.clone())]));
    assert_eq!(metrics::rebuild(&db, source).await.unwrap_err(), broken);
    assert_eq!(numbers(&db, ANSWERED, slice(&[1], 0, 0, By::Total)).await, [Some(7)]);
    // What the failed one gathered is not in the next one.
    assert_eq!(rebuild(&db, vec![Delta::new("cases.answered", store(1), day(0), 2)]).await, 1);
    assert_eq!(numbers(&db, ANSWERED, slice(&[1], 0, 0, By::Total)).await, [Some(2)]);
    let all: Vec<i64> = (0..6_000).collect();
    let histogram = read(&db, P90, slice(&all[..100], 0, 0, By::Total)).await.unwrap();
    assert_eq!(histogram[0].value, None);
}
