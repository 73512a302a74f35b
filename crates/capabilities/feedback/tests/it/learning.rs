use cases::domain::Kind;
use db::Db;
use feedback::app::{self, label};
use feedback::domain::{FEWEST, Labels, Sentiment};

use crate::shop::{says, shop};

/// What customers say of deliveries and of prices, well and ill.
async fn taught(app: &testapp::TestApp, from: i64, to: i64) {
    let clerk = app.ctx("clerk1").await;
    for n in from..to {
        let (text, category) = match n % 2 {
            0 => ("送货", "delivery"),
            _ => ("收费", "price"),
        };
        let (mood, sentiment) = match n % 4 {
            0 | 3 => ("让人失望，太差了", Sentiment::Negative),
            _ => ("非常满意，点赞", Sentiment::Positive),
        };
        let case = says(app, "clerk1", "S1", Kind::Feedback, &format!("第{n}次来，{text}{mood}")).await;
        let labels = Labels { category: Some(category.into()), sentiment, urgent: false, spam: false };
        label(&clerk, case, 1, labels).await.unwrap();
    }
}

#[testkit::db_test]
async fn enough_decisions_become_suggestions_with_reasons(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    taught(&app, 0, FEWEST - 1).await;
    assert_eq!(app::learn(&quality).await.unwrap(), None, "not enough yet");
    assert_eq!(app::learned(&quality).await.unwrap().decided, FEWEST - 1);
    let waiting = says(&app, "clerk1", "S1", Kind::Feedback, "这回送货又晚了，太差了").await;
    app.run_jobs().await;

    taught(&app, FEWEST - 1, FEWEST).await;
    app.as_user("quality").await.post("/feedback/model/train", &[]).await.expect(303);
    app.run_jobs().await;
    app.clock.advance(10_000);
    app.run_jobs().await;
    let model = app::learned(&quality).await.unwrap().model.unwrap();
    assert_eq!((model.version, model.texts, model.categories), (1, FEWEST, 2));
    assert_eq!(app::learn(&quality).await.unwrap(), None, "nothing new was decided");

    let clerk = app.ctx("clerk1").await;
    let read = app::get(&clerk, waiting).await.unwrap().entry.item.suggestions.unwrap();
    let (category, sentiment) = (read.category.unwrap(), read.sentiment.unwrap());
    assert_eq!((category.label.as_str(), sentiment.label.as_str(), read.model), ("delivery", "negative", 1));
    assert!(category.reasons.iter().any(|words| words.contains("送货")), "{category:?}");
    assert!(sentiment.reasons.iter().any(|words| words.contains("差")), "{sentiment:?}");
    assert!((55..=100).contains(&category.confidence));

    // One click confirms.
    let page = app.as_user("clerk1").await.get("/feedback").await.expect(200).text();
    let version = app::get(&clerk, waiting).await.unwrap().entry.item.version;
    let only = format!("confirm:{waiting}.{version}");
    assert!(page.contains(&only) && page.contains("data-next"), "{page}");
    let done = app.as_user("clerk1").await.post("/feedback/batch", &[("only", &only)]).await.expect(303);
    assert!(done.location().contains("did=confirm"), "{}", done.location());
    assert_eq!(app.metric("feedback-agreed").await, Some(10_000));
}
