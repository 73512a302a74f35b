use db::Db;
use kernel::FaultKind;
use metrics::{By, Delta, Key, Reading};

use crate::fixture::*;

fn some_days() -> Vec<Delta> {
    let mut deltas = Vec::new();
    deltas.extend(Delta::spread("cases.answered", store(1), day(0), 3, &[("kind", "repair"), ("channel", "phone")]));
    deltas.extend(Delta::spread("cases.answered", store(1), day(2), 1, &[("kind", "return"), ("channel", "phone")]));
    deltas.extend(Delta::spread("cases.answered", store(2), day(2), 4, &[("kind", "repair"), ("channel", "web")]));
    deltas.push(Delta::new("cases.answered_in_time", store(1), day(0), 2));
    deltas.push(Delta::new("cases.answer_minutes", store(1), day(0), 50));
    deltas
        .extend([3, 3, 3, 3, 3, 3, 3, 3, 3, 34].map(|n| Delta::observe("cases.answer_histogram", store(1), day(0), n)));
    deltas
}

#[testkit::db_test]
async fn a_number_is_the_same_before_and_after_folding(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    append(&db, &ids, some_days()).await;
    for folded in [false, true] {
        if folded {
            assert!(metrics::fold(&db).await.unwrap() > 0);
            assert_eq!(waiting(&db).await, 0);
        }
        let all = |by| slice(&[2, 1], 0, 2, by);
        assert_eq!(numbers(&db, ANSWERED, all(By::Total)).await, [Some(8)]);
        assert_eq!(numbers(&db, ANSWERED, all(By::Day)).await, [Some(3), Some(0), Some(5)]);
        assert_eq!(numbers(&db, ANSWERED, all(By::Store)).await, [Some(4), Some(4)]);
        let kinds = read(&db, ANSWERED, all(By::Dimension("kind"))).await.unwrap();
        let kinds: Vec<_> = kinds.into_iter().map(|point| (point.key, point.value.map(|value| value.n))).collect();
        assert_eq!(kinds, [(Key::Value("repair".into()), Some(7)), (Key::Value("return".into()), Some(1))]);
        // A region's ratio is the ratio of its sums.
        assert_eq!(numbers(&db, IN_TIME, all(By::Total)).await, [Some(2_500)]);
        assert_eq!(numbers(&db, IN_TIME, all(By::Day)).await, [Some(6_667), None, Some(0)]);
        assert_eq!(numbers(&db, MEAN, slice(&[1], 0, 2, By::Total)).await, [Some(13)]);
        let p90 = read(&db, P90, all(By::Store)).await.unwrap();
        assert_eq!(p90[0].value, Some(Reading { n: 3, estimated: false, range: (3, 3) }));
        assert_eq!((p90[0].parts["cases.answer_histogram"], p90[1].value), (10, None));
        // Outside the days, outside the stores.
        assert_eq!(numbers(&db, ANSWERED, slice(&[1, 2], 3, 9, By::Total)).await, [Some(0)]);
        assert_eq!(numbers(&db, ANSWERED, slice(&[3], 0, 2, By::Total)).await, [Some(0)]);
        assert_eq!(numbers(&db, ANSWERED, slice(&[], 0, 2, By::Total)).await, [Some(0)]);
        assert_eq!(numbers(&db, ANSWERED, slice(&[1], 2, 0, By::Day)).await, []);
    }
}

#[testkit::db_test]
async fn several_metrics_are_read_in_one_go_and_agree(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    append(&db, &ids, some_days()).await;
    let all = db.read(slice(&[1, 2], 0, 2, By::Day), |tx, slice| {
        Box::pin(async move { metrics::read_many(tx, &[&P90, &IN_TIME, &ANSWERED], slice).await })
    });
    let all = all.await.unwrap();
    let first: Vec<_> = all.iter().map(|points| points[0].value.map(|value| value.n)).collect();
    assert_eq!(first, [Some(3), Some(6_667), Some(3)]);
    assert_eq!(all[1][0].parts["cases.answered"], all[2][0].parts["cases.answered"]);
}

#[testkit::db_test]
async fn a_breakdown_that_is_not_kept_is_refused(db: Db) {
    for (metric, by) in [(ANSWERED, "weather"), (P90, "kind")] {
        let fault = read(&db, metric, slice(&[1], 0, 2, By::Dimension(by))).await.unwrap_err();
        assert_eq!(
            (fault.kind(), fault.fields().of("by").map(|error| error.code)),
            (FaultKind::Invalid, Some("unknown-dimension"))
        );
    }
}
