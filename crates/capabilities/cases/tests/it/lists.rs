use cases::app::{self, Filter, Intake, Order};
use cases::domain::*;
use db::Db;

use crate::shop::*;

#[testkit::db_test]
async fn the_queue_is_paged_by_deadline_within_reach(db: Db) {
    let app = shop(db).await;
    let (clerk, other) = (app.ctx("clerk1").await, app.ctx("clerk2").await);
    let mut expected = Vec::new();
    for (n, priority) in [Priority::Low, Priority::Urgent, Priority::Normal, Priority::High].into_iter().enumerate() {
        let taken =
            app::take_in(&clerk, Intake { priority, subject: format!("第 {n} 单"), ..washer(&app) }).await.unwrap();
        expected.push((taken.due.unwrap().at, taken.id));
    }
    app::take_in(&other, Intake { store: app.unit("S2"), ..washer(&app) }).await.unwrap();
    expected.sort();
    let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = app::list(&clerk, Filter::live(), Order::Due, after, 3).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected);
    let tally = |login: &'static str| {
        let app = &app;
        async move { app::count(&app.ctx(login).await, Filter::live()).await.unwrap().n }
    };
    assert_eq!((tally("clerk1").await, tally("clerk2").await, tally("east").await, tally("boss3").await), (4, 1, 5, 0));
    assert_eq!(tally("tech1").await, 0);
}

#[testkit::db_test]
async fn a_list_is_searched_by_words_number_tail_serial_and_initials(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let taken = taken(&app).await;
    app::post_message(&clerk, taken.id, Visibility::Internal, "排水泵卡异物".into()).await.unwrap();
    app::take_in(
        &clerk,
        Intake {
            customer: app::CustomerChoice::Anonymous,
            subject: "电视没声音".into(),
            body: String::new(),
            serial: None,
            product: None,
            ..washer(&app)
        },
    )
    .await
    .unwrap();
    let found = async |login: &str, text: &str| {
        let filter = Filter { text: Some(text.into()), ..Filter::default() };
        let page = app::list(&app.ctx(login).await, filter, Order::Newest, None, 10).await.unwrap();
        page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    for text in
        ["脱水", "E4", "水泵", taken.number.as_str(), "5678", "13812345678", "8A2603554471", "wlh", "王丽华", " "]
    {
        let hits = found("clerk1", text).await;
        assert!(hits.contains(&taken.id), "{text}");
        assert_eq!(hits.len(), if text == " " { 2 } else { 1 }, "{text}");
    }
    assert_eq!(found("clerk1", "没有这样的").await, []);
    assert_eq!(found("clerk2", "脱水").await, [], "another store finds nothing");
}

#[testkit::db_test]
async fn who_gets_a_case_finds_it(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    give(&app.ctx("boss1").await, taken.id, accept(&app, "tech1")).await.unwrap();
    let tech = app.ctx("tech1").await;
    let filter = Filter { text: Some("脱水".into()), ..Filter::default() };
    let page = app::list(&tech, filter, Order::Newest, None, 10).await.unwrap();
    assert_eq!(page.rows.len(), 1, "search knows the new owner");
    give(&app.ctx("boss1").await, taken.id, Command::Assign { owner: Some(app.user("clerk1")), team: None })
        .await
        .unwrap();
    let mine = app::list(&tech, Filter::live(), Order::Due, None, 10).await.unwrap();
    assert_eq!(mine.rows.len(), 0);
}
