use db::Db;
use kernel::{FaultKind, RecordRef};
use notices::{Choice, KINDS, Notice};
use testkit::db_test;

use crate::{assigned, shop, tell};

#[db_test]
async fn a_notice_is_its_receivers_alone(db: Db) {
    let app = shop(db).await;
    tell(&app, "boss1", &["clerk1"], assigned(1, "洗衣机不脱水")).await;
    let clerk = app.ctx("clerk1").await;
    let page = notices::list(&clerk, true, None, 50).await.unwrap();
    assert_eq!((page.unread, page.rows.len()), (1, 1));
    let other = app.ctx("tech1").await;
    assert_eq!(notices::list(&other, false, None, 50).await.unwrap().rows.len(), 0);
    let refused = notices::open(&other, page.rows[0].id).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::NotFound);
    assert_eq!(notices::open(&clerk, page.rows[0].id).await.unwrap(), "/cases/1");
    notices::read(&clerk, page.rows[0].id).await.unwrap();
    assert_eq!(notices::list(&clerk, true, None, 50).await.unwrap().unread, 0);
    assert_eq!(notices::list(&clerk, false, None, 50).await.unwrap().rows.len(), 1);
}

#[db_test]
async fn nobody_is_told_of_what_they_did_and_nobody_twice(db: Db) {
    let app = shop(db).await;
    tell(&app, "clerk1", &["clerk1"], assigned(1, "自己接的单")).await;
    tell(&app, "boss1", &["clerk1", "clerk1"], assigned(2, "第一次")).await;
    tell(&app, "boss1", &["clerk1"], assigned(2, "第二次")).await;
    let rows = notices::list(&app.ctx("clerk1").await, false, None, 50).await.unwrap().rows;
    let subjects: Vec<_> = rows.iter().map(|row| row.words["subject"].as_str()).collect();
    assert_eq!(subjects, ["第二次"]);
    assert_eq!(rows[0].words["who"], app.ctx("boss1").await.actor.name.to_string());
}

#[db_test]
async fn what_is_switched_off_is_not_told_but_what_must_is(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let off = Choice { in_app: false, mail: false };
    notices::choose(&clerk, KINDS.iter().map(|kind| (kind, off)).collect()).await.unwrap();
    tell(&app, "boss1", &["clerk1"], assigned(1, "必须告诉")).await;
    let done = Notice::new("task.done", RecordRef { kind: "task", id: 5 }).number("FW1");
    tell(&app, "boss1", &["clerk1"], done).await;
    let rows = notices::list(&clerk, false, None, 50).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["case.assigned"]);
    let choices = notices::choices(&clerk).await.unwrap();
    assert!(choices.iter().all(|(kind, choice)| choice.in_app == kind.must && !choice.mail));
}

#[db_test]
async fn pages_follow_each_other_without_holes(db: Db) {
    let app = shop(db).await;
    for id in 1..=5 {
        tell(&app, "boss1", &["clerk1"], assigned(id, "单")).await;
    }
    let clerk = app.ctx("clerk1").await;
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = notices::list(&clerk, false, before, 2).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.record.1));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    let newest = notices::list(&clerk, true, None, 2).await.unwrap().rows[0].id.get();
    tell(&app, "boss1", &["clerk1"], assigned(9, "后来的")).await;
    assert_eq!(notices::read_all(&clerk, Some(newest)).await.unwrap(), 5);
    assert_eq!(notices::list(&clerk, true, None, 50).await.unwrap().unread, 1);
}

#[db_test]
async fn erased_words_name_nobody(db: Db) {
    let app = shop(db).await;
    tell(&app, "boss1", &["clerk1"], assigned(1, "王丽华的手机")).await;
    app.house
        .db
        .write((), |tx, ()| {
            Box::pin(async move {
                notices::erase(tx, &RecordRef { kind: "case", id: 1 }).await.map_err(kernel::Fault::from)
            })
        })
        .await
        .unwrap();
    let rows = notices::list(&app.ctx("clerk1").await, false, None, 50).await.unwrap().rows;
    assert!(rows[0].words.is_empty());
}
