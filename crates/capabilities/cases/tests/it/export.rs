use cases::app::{self, CustomerChoice, Filter, Intake, Order};
use db::{Db, args};
use kernel::Fault;
use testapp::TestApp;

use crate::shop::*;

const TRACE: &str = "SELECT actor_name, field, after_text FROM journal_entry JOIN journal_value ON entry_id = id
    WHERE record_kind = 'export' ORDER BY id, ordinal";

/// What the journal knows of exports: who, and each noted field.
async fn journalled(app: &TestApp) -> Vec<(String, String, String)> {
    let read =
        app.house.db.read((), |tx, ()| Box::pin(async move { tx.all(TRACE, args![]).await.map_err(Fault::from) }));
    read.await.unwrap()
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("spreadsheets are told that it is UTF-8");
    text.split_terminator("\r\n").map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[testkit::db_test]
async fn a_list_leaves_masked_harmless_and_with_a_trace(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    app::take_in(&clerk, washer(&app)).await.unwrap();
    let risky = Intake { subject: "=HYPERLINK(1)".into(), customer: CustomerChoice::Anonymous, ..washer(&app) };
    app::take_in(&clerk, risky).await.unwrap();
    app::take_in(&app.ctx("clerk2").await, Intake { store: app.unit("S2"), ..washer(&app) }).await.unwrap();

    let boss = app.as_user("boss1").await;
    let page = boss.get("/cases?tab=open").await.expect(200).text();
    assert!(page.contains("href=\"/cases.csv?tab=open\""), "{page}");
    let file = boss.get("/cases.csv?tab=open&kind=repair").await.expect(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(file.header("content-disposition").contains("attachment"));
    let table = rows(&file.text());
    assert_eq!(table.len(), 3, "the head and the two of the store: {table:?}");
    assert!(table.iter().all(|row| row.len() == table[0].len()));
    assert_eq!((&*table[0][0], &*table[0][6]), ("单号", "问题"));
    let text = file.text();
    assert!(text.contains("138****5678") && !text.contains("13812345678"), "{text}");
    assert!(text.contains(",'=HYPERLINK(1),") && !text.contains(",=HYPERLINK"), "{text}");
    let trace = journalled(&app).await;
    let of = |field: &str| {
        trace.iter().filter(|(_, known, _)| known == field).map(|(_, _, text)| text.as_str()).collect::<Vec<_>>()
    };
    assert_eq!((of("filter"), of("rows")), (vec!["tab=open&kind=repair"], vec!["2"]));
    assert_eq!(trace[0].0, "周敏");

    let english = boss.in_english().get("/api/v1/cases/export?kind=complaint").await.expect(200).text();
    let table = rows(&english);
    assert_eq!((table.len(), &*table[0][0]), (1, "Number"), "an empty table has its head");
    assert_eq!(journalled(&app).await.len(), 4, "one entry with two fields for each export");
}

#[testkit::db_test]
async fn who_may_not_export_does_not_and_wrong_filters_are_named(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    clerk.get("/cases.csv").await.expect(403);
    clerk.get("/api/v1/cases/export").await.expect(403);
    assert!(!clerk.get("/cases").await.expect(200).text().contains("cases.csv"));
    app.anybody().get("/api/v1/cases/export").await.expect(401);
    let boss = app.as_user("boss1").await;
    boss.get("/api/v1/cases/export?state=lost").await.expect(422);
    boss.get("/api/v1/cases/export?store=S9").await.expect(422);
    assert_eq!(journalled(&app).await, [], "nothing left, nothing is noted");
}

#[testkit::db_test]
async fn a_long_list_comes_in_pages_and_stops_when_it_takes_too_long(db: Db) {
    let app = shop(db).await;
    let cases: Vec<_> = (1..=1_203).map(|n| crate::rows::case(&app, n)).collect();
    let written = app.house.db.write(cases, |tx, cases| {
        Box::pin(async move { cases::store::insert_many(tx, cases).await.map_err(Fault::from) })
    });
    written.await.unwrap();
    let boss = app.ctx("boss1").await;
    for order in [Order::Due, Order::Newest] {
        let mut export = app::export(&boss, Filter::default(), order, String::new()).await.unwrap();
        let mut seen = Vec::new();
        let mut pages = 0;
        while let Some(page) = export.next(&boss).await.unwrap() {
            seen.extend(page.iter().map(|row| row.case.case.id.get()));
            pages += 1;
        }
        seen.sort_unstable();
        assert_eq!((seen, pages), ((1..=1_203).collect(), 3), "{order:?}");
    }
    let mut export = app::export(&boss, Filter::default(), Order::Newest, String::new()).await.unwrap();
    assert!(export.next(&boss).await.unwrap().is_some());
    app.clock.advance(3 * MINUTE);
    assert_eq!(export.next(&boss).await.unwrap_err().code(), "busy");
}
