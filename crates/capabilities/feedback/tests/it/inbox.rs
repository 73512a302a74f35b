use cases::domain::Kind;
use db::{Db, DbError, args};
use feedback::app::{self, label};
use feedback::domain::{Labels, Language, Sentiment};
use feedback::store::{Filter, Item, Show};
use kernel::FaultKind;

use crate::shop::{says, shop};

fn labels(category: &str, sentiment: Sentiment) -> Labels {
    Labels { category: Some(category.into()), sentiment, urgent: false, spam: false }
}

#[testkit::db_test]
async fn feedback_and_complaints_come_in_and_nothing_else(db: Db) {
    let app = shop(db).await;
    let praise = says(&app, "clerk1", "S1", Kind::Feedback, "送货师傅很细心，特意说声谢谢").await;
    let complaint = says(&app, "clerk1", "S1", Kind::Complaint, "插座漏电，孩子差点触电，加微信也没人回").await;
    says(&app, "clerk1", "S1", Kind::Repair, "空调不制冷，开机半小时还是热风").await;
    let again = says(&app, "clerk1", "S1", Kind::Feedback, "送货师傅很细心 特意说声谢谢！").await;
    let clerk = app.ctx("clerk1").await;

    let listed = app::list(&clerk, Filter::default(), None, 10).await.unwrap();
    let mut found: Vec<_> = listed.rows.iter().map(|row| row.item.case).collect();
    found.sort();
    assert_eq!(found, [praise, complaint, again]);
    assert!(listed.rows.iter().all(|row| row.item.suggestions.is_none()), "nobody has read them yet");

    app.run_jobs().await;
    let read = app::get(&clerk, complaint).await.unwrap().entry.item.suggestions.unwrap();
    assert_eq!(read.urgent, ["触电", "漏电"]);
    assert_eq!(read.spam, ["加微信"]);
    assert_eq!((read.language, read.model), (Language::Chinese, 0));
    assert_eq!(read.category, None, "nothing has been learned, so nothing is suggested");
    let copy = app::get(&clerk, again).await.unwrap();
    assert_eq!(copy.copies.iter().map(|copy| copy.case).collect::<Vec<_>>(), [praise]);

    let first = app::list(&clerk, Filter::default(), None, 1).await.unwrap();
    let rest = app::list(&clerk, Filter::default(), first.next, 1).await.unwrap();
    assert_eq!(first.rows[0].item.case, complaint, "danger is first");
    assert_eq!((rest.rows[0].item.case, rest.next), (praise, None), "the copy waits apart");
    let apart = Filter { show: Show::Screened, ..Filter::default() };
    let apart = app::list(&clerk, apart, None, 10).await.unwrap().rows;
    assert_eq!(apart.iter().map(|row| (row.item.case, row.item.copy_of)).collect::<Vec<_>>(), [(again, Some(praise))]);
}

#[testkit::db_test]
async fn a_person_decides_corrects_and_is_counted(db: Db) {
    let app = shop(db).await;
    let case = says(&app, "clerk1", "S1", Kind::Feedback, "洗衣机噪音太大，邻居都投诉了").await;
    let ad = says(&app, "clerk1", "S1", Kind::Feedback, "刷单日赚三百，点击链接").await;
    let clerk = app.ctx("clerk1").await;

    let nothing = Labels { category: Some("  ".into()), ..labels("", Sentiment::Negative) };
    let refused = label(&clerk, case, 1, nothing).await.unwrap_err();
    assert!(refused.fields().of("category").is_some());
    let item = label(&clerk, case, 1, labels("quality", Sentiment::Negative)).await.unwrap();
    assert_eq!((item.version, item.agreed), (2, None));
    assert_eq!(
        label(&clerk, case, 1, labels("price", Sentiment::Negative)).await.unwrap_err().kind(),
        FaultKind::Stale
    );
    let spam = Labels { category: None, sentiment: Sentiment::Neutral, urgent: false, spam: true };
    label(&clerk, ad, 1, spam).await.unwrap();
    assert_eq!(app.metric("feedback-labelled").await, Some(1));
    assert_eq!(app.metric("feedback-negative").await, Some(10_000));

    // Corrected the next day, the first day's numbers are.
    app.clock.advance(86_400_000);
    let unknown = label(&clerk, case, 2, labels("噪音", Sentiment::Positive)).await.unwrap_err();
    assert!(unknown.fields().of("category").is_some(), "only what is in the tree");
    label(&clerk, case, 2, labels("repair", Sentiment::Positive)).await.unwrap();
    let same = label(&clerk, case, 3, labels("repair", Sentiment::Positive)).await.unwrap();
    assert_eq!(same.version, 3, "nothing to write");
    assert_eq!(app.metric("feedback-negative").await, Some(0));
    let shown = |show| Filter { show, ..Filter::default() };
    let filters = vec![shown(Show::Open), shown(Show::Labelled), shown(Show::Counted), shown(Show::Spam)];
    assert_eq!(app::counts(&clerk, filters).await.unwrap(), [0, 2, 1, 1]);
}

#[testkit::db_test]
async fn what_is_out_of_reach_does_not_exist(db: Db) {
    let app = shop(db).await;
    let case = says(&app, "clerk1", "S1", Kind::Feedback, "门店灯光太暗，标签看不清").await;
    let elsewhere = app.ctx("clerk2").await;
    assert!(app::list(&elsewhere, Filter::default(), None, 10).await.unwrap().rows.is_empty());
    assert_eq!(app::get(&elsewhere, case).await.unwrap_err().kind(), FaultKind::NotFound);
    let refused = label(&elsewhere, case, 1, labels("other", Sentiment::Neutral)).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::NotFound);
    let assessor = app.ctx("assessor").await;
    assert!(app::get(&assessor, case).await.is_ok());
    let refused = label(&assessor, case, 1, labels("other", Sentiment::Neutral)).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::Forbidden);
}

#[testkit::db_test]
async fn pages_and_api_do_the_same(db: Db) {
    let app = shop(db).await;
    let case = says(&app, "clerk1", "S1", Kind::Feedback, "<b>空调外机</b>漏水滴到楼下").await;
    let other = says(&app, "clerk1", "S1", Kind::Complaint, "维修师傅爽约两次").await;
    app.run_jobs().await;
    let clerk = app.as_user("clerk1").await;

    let list = clerk.get("/feedback").await.expect(200).text();
    assert!(list.contains("&#60;b&#62;空调外机") && list.contains("满 60 条开始给建议"), "{list}");
    assert!(!list.contains("/feedback/model/train"), "a clerk does not train");
    clerk.clone().in_english().get("/feedback?show=labelled").await.expect(200);
    let page = clerk.get(&format!("/feedback/{case}")).await.expect(200).text();
    assert!(page.contains("暂不建议"), "{page}");

    let path = format!("/feedback/{case}/labels");
    clerk.post(&path, &[("category", "repair")]).await.expect(428);
    clerk.post(&path, &[("version", "1"), ("category", "repair")]).await.expect(422);
    clerk.post(&path, &[("version", "1"), ("category", ""), ("sentiment", "negative")]).await.expect(422);
    let next = clerk
        .post(&path, &[("version", "1"), ("category", "installation"), ("sentiment", "negative"), ("urgent", "yes")])
        .await
        .expect(303);
    assert_eq!(next.location(), format!("/feedback/{other}"), "on to the next one");
    let stale =
        clerk.post(&path, &[("version", "1"), ("category", "repair"), ("sentiment", "negative")]).await.expect(412);
    assert!(stale.text().contains("刚刚有人确认过"));
    clerk
        .post(&format!("/feedback/{other}/labels"), &[("version", "1"), ("spam", "yes"), ("then", "list")])
        .await
        .expect(303);
    let done = clerk.in_english().get("/feedback?show=labelled").await.expect(200).text();
    assert!(done.contains("Installation") && done.contains("Urgent"), "{done}");

    let case_page = app.as_user("clerk1").await.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(case_page.contains("确认类别和情感") && case_page.contains("类别：安装"), "{case_page}");

    let quality = app.as_user("quality").await;
    let api = quality.get("/api/v1/feedback?show=negative&limit=1").await.expect(200).json();
    assert_eq!(api["items"][0]["labels"]["category"], "installation");
    assert_eq!(api["items"][0]["suggestions"]["language"], "chinese");
    quality.get("/api/v1/feedback?limit=0").await.expect(422);
    quality.get("/api/v1/feedback?after=x").await.expect(422);
    let one = format!("/api/v1/feedback/{case}");
    let shown = quality.get(&one).await.expect(200);
    let body = serde_json::json!({"category": "quality", "sentiment": "negative"});
    quality.json("POST", &format!("{one}/labels"), &[], &body).await.expect(428);
    let etag = shown.header("etag").to_owned();
    let changed =
        quality.json("POST", &format!("{one}/labels"), &[("if-match", &etag)], &body).await.expect(200).json();
    assert_eq!(changed["labels"]["category"], "quality");
    quality.json("POST", &format!("{one}/labels"), &[("if-match", &etag)], &body).await.expect(412);
    let wrong = serde_json::json!({"category": "quality", "sentiment": "furious"});
    quality.json("POST", &format!("{one}/labels"), &[("if-match", "\"v3\"")], &wrong).await.expect(422);
    app.as_user("finance").await.get("/feedback").await.expect(403);
    app.anybody().get("/api/v1/feedback").await.expect(401);
    app.as_user("clerk2").await.get(&one).await.expect(404);
    app.as_user("clerk1").await.post("/feedback/model/train", &[]).await.expect(403);
}

#[testkit::db_test]
async fn live_cases_from_before_the_inbox_come_in_by_the_migration(db: Db) {
    let app = shop(db).await;
    let live = says(&app, "clerk1", "S1", Kind::Complaint, "插座漏电，孩子差点触电").await;
    says(&app, "clerk1", "S1", Kind::Repair, "空调不制冷，开机半小时还是热风").await;
    let over = says(&app, "clerk1", "S1", Kind::Feedback, "送货师傅很细心，特意说声谢谢").await;
    let clerk = app.ctx("clerk1").await;
    let made = app::get(&clerk, live).await.unwrap().entry.item;
    let migrations = db::migrations();
    let statements = migrations.iter().flat_map(|migration| migration.sql.split(';'));
    let brings =
        statements.filter(|sql| sql.contains("INSERT INTO feedback_item")).map(str::to_owned).collect::<Vec<_>>();
    let again = (brings, over);
    let again = app.house.db.write(again, |tx, (brings, over)| {
        Box::pin(async move {
            tx.exec("UPDATE service_case SET state = 'closed', category = 'closed', due_at = NULL, due_stage = NULL, due_soon_at = NULL,
                due_from = NULL WHERE id = $1", args![*over])
                .await?;
            tx.exec("DELETE FROM feedback_item", &[]).await?;
            for sql in brings {
                tx.exec(sql, &[]).await?;
            }
            Ok::<_, DbError>(())
        })
    });
    again.await.unwrap();
    let listed = app::list(&clerk, Filter::default(), None, 10).await.unwrap();
    let brought: Vec<_> = listed.rows.into_iter().map(|row| row.item).collect();
    let bare = Item { digest: None, language: Language::Other, danger: false, due_at: None, turn: 0, ..made };
    assert_eq!(brought, [bare], "what the text says is read again by the job");
}
