//! The pages as they are shown, in both languages.

use db::Db;
use messaging::Channel;
use testkit::db_test;

use crate::{queued, shop};

#[db_test]
async fn the_pages_in_both_languages(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    insta::assert_snapshot!("outbox_none_en", boss.clone().in_english().get("/outbox").await.expect(200).plain());
    let id = queued(&app, "S1", Channel::Sms, "13812345678").await;
    app.run_jobs().await;
    for (name, path) in [("outbox", "/outbox".to_owned()), ("message", format!("/outbox/{id}"))] {
        let zh = boss.get(&path).await.expect(200);
        let en = boss.clone().in_english().get(&path).await.expect(200);
        for page in [&zh, &en] {
            assert!(!page.text().contains("13812345678") && !page.text().contains("/c/secret"), "{}", page.text());
        }
        insta::assert_snapshot!(format!("{name}_zh"), zh.plain());
        insta::assert_snapshot!(format!("{name}_en"), en.plain());
    }
}
