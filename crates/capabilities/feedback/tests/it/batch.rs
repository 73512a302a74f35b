use cases::domain::Kind;
use db::Db;
use feedback::app::{self, Act, Picked, act};
use feedback::domain::{Labels, Screened, Sentiment, Source};
use feedback::store::{Filter, Show};
use kernel::{FaultKind, Id, of};
use testapp::TestApp;

use crate::shop::{says, shop};

async fn seen(app: &TestApp, login: &str, case: Id<of::Case>) -> Picked {
    let item = app::get(&app.ctx(login).await, case).await.unwrap().entry.item;
    Picked { case, version: item.version }
}

async fn open(app: &TestApp, show: Show) -> Vec<Id<of::Case>> {
    let filter = Filter { show, ..Filter::default() };
    let rows = app::list(&app.ctx("clerk1").await, filter, None, 50).await.unwrap().rows;
    rows.into_iter().map(|row| row.item.case).collect()
}

#[testkit::db_test]
async fn danger_comes_first_then_who_is_upset_then_the_nearest_deadline(db: Db) {
    let app = shop(db).await;
    let calm = says(&app, "clerk1", "S1", Kind::Feedback, "门店灯光太暗，标签看不清").await;
    app.clock.advance(60_000);
    let danger = says(&app, "clerk1", "S1", Kind::Feedback, "插座漏电，孩子差点触电").await;
    app.clock.advance(60_000);
    let later = says(&app, "clerk1", "S1", Kind::Feedback, "周末能不能晚一点关门呢").await;
    let complaint = says(&app, "clerk1", "S1", Kind::Complaint, "约好的时间没有人来修").await;
    assert_eq!(open(&app, Show::Open).await[0], danger, "before anybody has read it");
    app.run_jobs().await;
    let order = open(&app, Show::Open).await;
    let place = |case| order.iter().position(|one| *one == case).unwrap();
    assert_eq!(place(danger), 0);
    assert!(place(calm) < place(later), "what is due sooner comes sooner: {order:?}");
    assert!(place(complaint) < order.len());

    // Each page goes on where the last one ended.
    let clerk = app.ctx("clerk1").await;
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = app::list(&clerk, Filter::default(), after, 1).await.unwrap();
        paged.extend(page.rows.into_iter().map(|row| row.item.case));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(paged, order);
    let counts = app::by_source(&clerk, Filter::default()).await.unwrap();
    assert_eq!((counts.rows, counts.more), (vec![(Source::Counter, 4, 0)], false));
}

#[testkit::db_test]
async fn spam_waits_apart_and_is_put_back_or_away(db: Db) {
    let app = shop(db).await;
    let ad = says(&app, "clerk1", "S1", Kind::Feedback, "刷单日赚三百，点击链接马上领").await;
    let mixed = says(&app, "clerk1", "S1", Kind::Feedback, "刷单日赚三百，插座漏电起火").await;
    let voice = says(&app, "clerk1", "S1", Kind::Feedback, "师傅让我加微信，一直没通过").await;
    app.run_jobs().await;
    assert_eq!(open(&app, Show::Screened).await, [ad]);
    assert_eq!(open(&app, Show::Open).await, [mixed, voice], "danger and one word alone stay");
    let clerk = app.ctx("clerk1").await;
    assert_eq!(app::get(&clerk, ad).await.unwrap().entry.item.screened, Some(Screened::Spam));

    let first = seen(&app, "clerk1", ad).await;
    let back = act(&clerk, Act::PutBack, &[first]).await.unwrap();
    assert_eq!((open(&app, Show::Screened).await.len(), open(&app, Show::Open).await.len()), (0, 3));
    assert_eq!(act(&clerk, Act::PutBack, &[first]).await.unwrap().changed, [ad], "seen too long ago");
    app.clock.advance(20_000);
    app.run_jobs().await;
    assert_eq!(open(&app, Show::Screened).await.len(), 0, "what a person put back stays");
    let again = act(&clerk, Act::TakeBack, &back.done).await.unwrap();
    assert_eq!(open(&app, Show::Screened).await, [ad]);
    let away = act(&clerk, Act::Spam, &again.done).await.unwrap();
    assert_eq!(open(&app, Show::Spam).await, [ad]);
    assert_eq!(app.metric("feedback-labelled").await.unwrap_or(0), 0, "spam counts nowhere");
    act(&clerk, Act::TakeBack, &away.done).await.unwrap();
    assert_eq!(open(&app, Show::Screened).await, [ad]);
    let elsewhere = app.ctx("clerk2").await;
    let refused = act(&elsewhere, Act::Spam, &[seen(&app, "clerk1", ad).await]).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn a_decision_that_is_taken_back_is_counted_no_more(db: Db) {
    let app = shop(db).await;
    let case = says(&app, "clerk1", "S1", Kind::Feedback, "门店灯光太暗，标签看不清").await;
    let clerk = app.ctx("clerk1").await;
    let labels =
        Labels { category: Some("environment".into()), sentiment: Sentiment::Negative, urgent: false, spam: false };
    app::label(&clerk, case, 1, labels).await.unwrap();
    assert_eq!(app.metric("feedback-labelled").await, Some(1));
    app.clock.advance(86_400_000);
    let item = app::take_back(&clerk, case, 2).await.unwrap();
    assert_eq!((item.version, item.labels, open(&app, Show::Open).await), (3, None, vec![case]));
    assert_eq!(app.metric("feedback-labelled").await, Some(0));
    // Nothing is suggested yet, so that a batch leaves it to a person.
    let left = act(&clerk, Act::Confirm, &[seen(&app, "clerk1", case).await]).await.unwrap();
    assert_eq!((left.done.len(), left.look), (0, vec![case]));
    assert!(act(&clerk, Act::Confirm, &[]).await.unwrap_err().fields().of("row").is_some());
}

#[testkit::db_test]
async fn the_page_and_programs_narrow_and_act_on_many(db: Db) {
    let app = shop(db).await;
    let chinese = says(&app, "clerk1", "S1", Kind::Feedback, "门店灯光太暗，标签看不清").await;
    let english = says(&app, "clerk1", "S1", Kind::Complaint, "The technician came two hours late").await;
    app.run_jobs().await;
    let clerk = app.as_user("clerk1").await;
    let found = |query: &str| {
        let (clerk, path) = (clerk.clone(), format!("/api/v1/feedback?{query}"));
        async move {
            let items = clerk.get(&path).await.expect(200).json()["items"].as_array().unwrap().clone();
            items.into_iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        }
    };
    assert_eq!(found("language=english").await, [english.to_string()]);
    assert_eq!(found("language=english&language=chinese").await.len(), 2);
    assert_eq!(found("source=counter&source=phone").await.len(), 2);
    assert_eq!(found("source=qr_poster").await.len(), 0);
    assert_eq!(found("kind=feedback").await, [chinese.to_string()]);
    assert_eq!(found("feeling=urgent").await.len(), 0);
    let page = clerk.get("/feedback?language=english&source=counter").await.expect(200).text();
    assert!(page.contains("two hours late") && !page.contains("灯光太暗"), "{page}");
    assert!(clerk.get("/feedback?source=webhook").await.expect(200).text().contains("清除筛选"));
    clerk.clone().in_english().get("/feedback?show=screened").await.expect(200);
    let counts = clerk.get("/api/v1/feedback/sources").await.expect(200).json();
    assert_eq!(counts["items"][0]["n"], 2);

    let row = seen(&app, "clerk1", chinese).await.to_string();
    clerk.post("/feedback/batch", &[("do", "spam")]).await.expect(422);
    let done = clerk.post("/feedback/batch", &[("do", "spam"), ("row", &row), ("back", "/feedback?show=open")]).await;
    let done = done.expect(303).location().to_owned();
    assert!(done.starts_with("/feedback?show=open&did=spam&n=1"), "{done}");
    let told = clerk.get(&done).await.expect(200).text();
    assert!(told.contains("1 条放进垃圾信息") && told.contains("do=take_back"), "{told}");
    let undo = format!("/feedback/batch?do=take_back&row={}", seen(&app, "clerk1", chinese).await);
    clerk.post(&undo, &[]).await.expect(303);
    assert_eq!(open(&app, Show::Spam).await.len(), 0);
    let evil = clerk.post("/feedback/batch", &[("do", "spam"), ("row", &row), ("back", "//elsewhere")]).await;
    assert!(evil.expect(303).location().starts_with("/feedback?"));

    let body = serde_json::json!({"do": "spam", "row": [seen(&app, "clerk1", english).await.to_string()]});
    let made = clerk.json("POST", "/api/v1/feedback/batch", &[], &body).await.expect(200).json();
    assert_eq!(made["done"].as_array().unwrap().len(), 1);
    let wrong = serde_json::json!({"do": "burn", "row": ["x"]});
    clerk.json("POST", "/api/v1/feedback/batch", &[], &wrong).await.expect(422);
    app.as_user("assessor").await.post("/feedback/batch", &[("do", "spam"), ("row", &row)]).await.expect(403);
}
