use db::{Db, args};
use journal::{ACTOR_NAME, ERASED, Flaw};

use crate::fixture::*;

#[testkit::db_test]
async fn what_is_erased_is_gone_and_the_rest_still_proves_itself(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 1).await;
    case(&db, &ids, &clock, 2).await;
    seal(&db, &ids, &clock).await;
    assert_eq!(
        erase(&db, &ids, &clock, 1, &["phone", ACTOR_NAME, "state"]).await,
        2,
        "state is not personal and stays"
    );
    assert_eq!(erase(&db, &ids, &clock, 1, &["phone"]).await, 0);
    let report = sound(&db).await;
    assert_eq!((report.erased, report.entries, report.sealed), (2, 9, 8));
    seal(&db, &ids, &clock).await;
    assert_eq!(sound(&db).await.unsealed, 0);

    let all = of_record(&db, 1, None).await;
    let phone = &all[0].changes[2];
    assert_eq!((phone.after.as_deref(), phone.erased), (None, true));
    assert_eq!(all[0].changes[1].after.as_deref(), Some("李雷"));
    assert_eq!(all[3].actor_name, "");
    assert_eq!(all[4].verb, ERASED);
    let left = db
        .read((), |tx, ()| {
            Box::pin(async move {
                let sql =
                    "SELECT COUNT(*) FROM journal_value WHERE after_text LIKE '%138%' OR before_text LIKE '%138%'";
                tx.one::<i64>(sql, args![]).await
            })
        })
        .await;
    assert_eq!(left.unwrap(), Some(1), "the other case keeps its number");
}

#[testkit::db_test]
async fn a_value_that_vanishes_without_an_entry_is_found(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 1).await;
    // An erasure of another field, and one before the value was entered, excuse nothing.
    erase(&db, &ids, &clock, 1, &["name"]).await;
    erase(&db, &ids, &clock, 1, &["phone"]).await;
    let again = entry(record(1), "case.changed", vec![change("phone", None, Some("13900139000"), true)]);
    append(&db, &ids, staff(&clock), vec![again]).await.unwrap();
    sound(&db).await;
    db.write((), |tx, ()| {
        Box::pin(async move {
            let sql = "UPDATE journal_value SET before_text = NULL, after_text = NULL, salt = NULL WHERE personal";
            tx.exec(sql, args![]).await.map(|_| ())
        })
    })
    .await
    .unwrap();
    let problems = verify(&db).await.problems;
    let found: Vec<_> = problems.iter().map(|problem| (problem.seq, problem.flaw.clone())).collect();
    assert_eq!(found, [(4, Flaw::Vanished(ACTOR_NAME.into())), (7, Flaw::Vanished("phone".into()))]);
    assert_eq!(problems[1].record, Some(("case".into(), 1)));
}
