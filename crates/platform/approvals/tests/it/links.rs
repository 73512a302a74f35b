use approvals::domain::{State, Verdict};
use db::Db;
use kernel::Id;
use testapp::TestApp;

use crate::shop::{DAY, MINUTE, answer, asked, detail, journal, messages, phone, question, shop};

async fn link(app: &TestApp, id: Id<approvals::store::ApprovalId>) -> String {
    let all = messages(app, id).await;
    let (_, text) = all.first().expect("a message");
    let start = text.find("/a/").unwrap();
    text.get(start..start + 25).unwrap().to_owned()
}

#[testkit::db_test]
async fn a_link_decides_once_without_signing_in(db: Db) {
    let app = shop(db).await;
    phone(&app, "boss1", "13900000001").await;
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 2_908, 390)).await;
    let path = link(&app, id).await;
    let anybody = app.anybody();
    // Looking, also twice (a phone's preview looks), uses nothing up.
    for _ in 0..2 {
        let page = anybody.get(&path).await.expect(200);
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        insta::assert_snapshot!("link_zh", crate::pages::plain(&page.main()));
    }
    let page = anybody.clone().in_english().get(&path).await.expect(200);
    insta::assert_snapshot!("link_en", crate::pages::plain(&page.main()));
    anybody.post(&path, &[]).await.expect(422);
    anybody.post(&path, &[("answer", "decline"), ("reason", " ")]).await.expect(422);
    let done = anybody.post(&path, &[("answer", "grant")]).await.expect(200);
    assert!(done.text().contains("已批准"));
    let seen = detail(&app, "clerk1", id).await.unwrap();
    assert_eq!(seen.approval.state, State::Granted);
    assert!(seen.steps.last().unwrap().by_link);
    // Once.
    anybody.get(&path).await.expect(410);
    anybody.post(&path, &[("answer", "grant")]).await.expect(410);
    anybody.get(&format!("/a/{}", "f".repeat(64))).await.expect(404);
    anybody.get("/a/x").await.expect(404);
    let entries = journal(&app, kernel::RecordRef::new("approval", id)).await;
    assert!(entries[1].1.contains(&("decided_by".to_owned(), "周敏".to_owned())), "{entries:?}");
}

#[testkit::db_test]
async fn a_link_is_no_good_when_it_is_somebody_elses_turn_or_too_late(db: Db) {
    let app = shop(db).await;
    phone(&app, "boss1", "13900000001").await;
    phone(&app, "east", "13900000002").await;
    let clerk = app.ctx("clerk1").await;
    let anybody = app.anybody();
    let passed = asked(&clerk, question(&app, "S1", 0, 300)).await;
    let old = link(&app, passed).await;
    app.clock.advance(31 * MINUTE);
    app.run_jobs().await;
    app.clock.advance(MINUTE);
    app.run_jobs().await;
    anybody.post(&old, &[("answer", "grant")]).await.expect(410);
    let new = link(&app, passed).await;
    assert_ne!(old, new);
    anybody.get(&new).await.expect(200);
    // Decided on the page meanwhile: the link says so.
    answer(&app, "east", passed, Verdict::Decline).await.unwrap();
    anybody.post(&new, &[("answer", "grant")]).await.expect(410);
    assert_eq!(detail(&app, "clerk1", passed).await.unwrap().approval.state, State::Declined);

    let late = asked(&app.ctx("quality").await, question(&app, "S1", 0, 20_000)).await;
    assert!(messages(&app, late).await.is_empty(), "nobody can decide, so nobody is written to");
    phone(&app, "quality", "13900000003").await;
    let top = asked(&clerk, question(&app, "S1", 0, 6_000)).await;
    let path = link(&app, top).await;
    app.clock.advance(DAY);
    anybody.get(&path).await.expect(410);
    anybody.post(&path, &[("answer", "grant")]).await.expect(410);
    assert_eq!(detail(&app, "clerk1", top).await.unwrap().approval.state, State::Asked);
}

#[testkit::db_test]
async fn who_has_only_a_mail_address_gets_one_mail(db: Db) {
    let app = shop(db).await;
    let done = app.house.db.write(app.user("boss1"), |tx, id| {
        Box::pin(async move {
            let sql = "UPDATE user_account SET email = 'boss@example.com', phone = NULL WHERE id = $1";
            tx.exec(sql, db::args![*id]).await?;
            let sql = "UPDATE directory_version SET version = version + 1";
            tx.exec(sql, &[]).await.map_err(kernel::Fault::from)
        })
    });
    done.await.unwrap();
    app.house.identity.directories().refresh().await.unwrap();
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 2_908, 390)).await;
    let all = messages(&app, id).await;
    let mails: Vec<_> = all.iter().filter(|(row, _)| row.channel == messaging::Channel::Mail).collect();
    assert_eq!(mails.len(), 1, "{all:?}");
    assert!(mails[0].1.contains("/a/"), "the one with the link");
}

#[testkit::db_test]
async fn what_was_written_about_a_question_can_be_erased(db: Db) {
    let app = shop(db).await;
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 2_908, 390)).await;
    let erased = app.house.db.write((), |tx, ()| {
        Box::pin(async move { approvals::store::erase(tx, "case", 77).await.map_err(kernel::Fault::from) })
    });
    assert_eq!(erased.await.unwrap(), 1);
    let seen = detail(&app, "clerk1", id).await.unwrap();
    assert_eq!((seen.approval.sentence.as_str(), seen.approval.number.as_str()), ("", "FW20261122-0001"));
}
