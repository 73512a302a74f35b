use std::collections::BTreeSet;

use db::{Db, DbError, Lease, lease_node, renew_node};
use futures_util::future::join_all;
use testkit::{clock, db_test};

fn lease(holder: &str, seconds: i64) -> Lease {
    Lease { holder: holder.to_owned(), now: clock().now().plus(seconds * 1_000), millis: 60_000 }
}

#[db_test]
async fn a_node_number_is_held_until_it_is_not_renewed(db: Db) -> Result<(), DbError> {
    assert_eq!(lease_node(&db, lease("a", 0)).await?, 0);
    assert_eq!(lease_node(&db, lease("b", 0)).await?, 1);
    assert!(renew_node(&db, 1, lease("b", 59)).await?);
    assert_eq!(lease_node(&db, lease("c", 60)).await?, 0);
    assert!(!renew_node(&db, 0, lease("a", 61)).await?);
    assert!(renew_node(&db, 1, lease("b", 61)).await?);
    Ok(())
}

#[db_test]
async fn nodes_that_start_at_once_get_different_numbers(db: Db) -> Result<(), DbError> {
    let leased = join_all((0..20).map(|n| lease_node(&db, lease(&format!("node-{n}"), 0)))).await;
    let numbers: BTreeSet<u16> = leased.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(numbers, (0..20).collect());
    Ok(())
}
