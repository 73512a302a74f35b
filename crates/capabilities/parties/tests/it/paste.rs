use std::fmt::Write as _;

use db::Db;
use parties::app;
use parties::store::{Products, Sales};
use testapp::{Answer, TestApp};

use crate::goods::{fridge, start};

async fn paste(app: &TestApp, login: &str, list: &str, step: &str, text: &str) -> Answer {
    let store = app.unit("S1").to_string();
    let fields = [("store", store.as_str()), ("step", step), ("text", text)];
    app.as_user(login).await.post(&format!("/{list}/paste"), &fields).await
}

#[testkit::db_test]
async fn two_thousand_rows_are_one_write(db: Db) {
    let app = start(db).await;
    let mut text = String::from("品牌\t商品编码\t名称\n");
    for n in 0..2_000 {
        writeln!(text, "北原\tP{n}\t商品 {n}").unwrap();
    }
    let page = paste(&app, "boss1", "products", "save", &text).await.expect(200);
    assert!(page.text().contains("存好了 2000 行"), "{}", page.text());
    let boss = app.ctx("boss1").await;
    let found = app::list_products(&boss, Products::default(), Some("P1999".into()), None, 10).await.unwrap();
    assert_eq!(found.rows.len(), 1);
    writeln!(text, "北原\tP2000\t商品 2000").unwrap();
    let page = paste(&app, "boss1", "products", "look", &text).await.expect(200);
    assert!(page.text().contains("超过 2000 行"));
}

#[testkit::db_test]
async fn good_rows_are_saved_and_bad_ones_stay(db: Db) {
    let app = start(db).await;
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let text = "小票号\t日期\t商品编码\t单价\t序列号\t颜色\n\
                R1\t2026/11/18\tBCD-452W\t4299\tA1\t白\n\
                R1\t2026/11/18\tBCD-452W\t4299\tA2\t白\n\
                R2\t2026-11-18\tNO-SUCH\t1\tA3\t白\n\
                R3\t2026-13-18\tBCD-452W\t1\tA4\t白\n";
    let page = paste(&app, "clerk1", "sales", "look", text).await.expect(200);
    assert!(page.text().contains("颜色") && page.text().contains("存 2 行，其余留着改"), "{}", page.text());
    let clerk = app.ctx("clerk1").await;
    let count = async || app::list_sales(&clerk, Sales::default(), None, None, 50).await.unwrap().rows.len();
    assert_eq!(count().await, 0, "looking saves nothing");
    let page = paste(&app, "clerk1", "sales", "save", text).await.expect(200);
    assert_eq!(count().await, 1, "two rows of one receipt are one sale");
    let text = page.text();
    assert!(text.contains("存好了 2 行") && text.contains("NO-SUCH") && !text.contains("A2"), "{text}");
    // The same once more: everything that could be saved is there already.
    let again = "小票号\t日期\t商品编码\nR1\t2026-11-18\tBCD-452W";
    let page = paste(&app, "clerk1", "sales", "save", again).await.expect(200);
    assert_eq!(count().await, 1);
    assert!(page.text().contains("R1"));
}

#[testkit::db_test]
async fn cells_that_look_like_formulas_are_text(db: Db) {
    let app = start(db).await;
    let text = "姓名\t手机\n=HYPERLINK(\"http://x\")\t138 1234 5678\n王丽华\t1381234567\n王丽华\t+86 138-1234-5678";
    let page = paste(&app, "clerk1", "customers", "save", text).await.expect(200);
    let shown = page.text();
    assert!(shown.contains("存好了 1 行") && shown.contains("现在是 10 位"), "{shown}");
    let clerk = app.ctx("clerk1").await;
    assert_eq!(app::find(&clerk, "13812345678").await.unwrap()[0].name, "=HYPERLINK(\"http://x\")");
}

#[testkit::db_test]
async fn nobody_pastes_where_they_may_not(db: Db) {
    let app = start(db).await;
    paste(&app, "clerk1", "products", "look", "x").await.expect(403);
    paste(&app, "tech1", "sales", "look", "x").await.expect(403);
    paste(&app, "clerk2", "sales", "save", "小票号\t日期\t商品编码\nR1\t2026-11-18\tX").await.expect(404);
    let clerk = app.as_user("clerk1").await;
    clerk.post("/copied", &[("list", "customers"), ("rows", "20"), ("path", "/customers?q=x")]).await.expect(204);
    clerk.post("/copied", &[("list", "customers"), ("rows", "x")]).await.expect(422);
    app.anybody().post("/copied", &[("list", "customers"), ("rows", "1")]).await.expect(401);
}
