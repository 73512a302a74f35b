use std::sync::Arc;

use db::Db;
use testkit::db_test;

use crate::post::{became, letter, look, send, shop};

/// The program dies while it takes letters in, several times: each is in once at the end.
#[db_test]
async fn dying_in_the_middle_neither_loses_nor_doubles(db: Db) {
    let (app, id, name) = shop(db).await;
    let letters: Vec<_> =
        (0..40).map(|n| letter(&format!("c{n}@x.cn"), &format!("n{n}"), &format!("k{n}@x"), "", "hello")).collect();
    send(&name, &letters).await;
    // Dropped after so many turns of its work: like a kill, what was committed stays and nothing else does.
    for turns in [3_usize, 40, 150, 400] {
        let ctx = capability::Ctx::system(Arc::clone(&app.house), "test");
        let mut look = std::pin::pin!(mail::app::look_into(&ctx, id));
        let mut left = turns;
        std::future::poll_fn(|context| {
            left = left.saturating_sub(1);
            match look.as_mut().poll(context) {
                std::task::Poll::Pending if left > 0 => std::task::Poll::Pending,
                _ => std::task::Poll::Ready(()),
            }
        })
        .await;
    }
    // Two at once, as when a node is taken for dead and is not.
    tokio::join!(look(&app, id), look(&app, id));
    let rows = became(&app, id).await;
    let mut subjects: Vec<_> = rows.iter().map(|(row, _)| row.subject.clone()).collect();
    subjects.sort();
    subjects.dedup();
    assert_eq!((rows.len(), subjects.len()), (40, 40));
    assert!(rows.iter().all(|(row, _)| row.state == mail::State::Case), "{rows:#?}");
    let count = app
        .house
        .db
        .read((), |tx, ()| {
            Box::pin(async move {
                tx.one::<(i64,)>("SELECT COUNT(*) FROM service_case", &[]).await.map_err(kernel::Fault::from)
            })
        })
        .await
        .unwrap();
    assert_eq!(count, Some((40,)));
}
