use cases::domain::Kind;
use db::Db;
use feedback::app::{self, CategoryDraft, add_category, change_category, label, retire_category};
use feedback::domain::tree::Tree;
use feedback::domain::{Labels, Sentiment};
use feedback::store::{Filter, Show};
use kernel::FaultKind;

use crate::shop::{says, shop};

fn named(zh: &str, en: &str) -> CategoryDraft {
    CategoryDraft { name_zh: zh.into(), name_en: en.into(), ..CategoryDraft::default() }
}

fn labels(category: &str) -> Labels {
    Labels { category: Some(category.into()), sentiment: Sentiment::Negative, urgent: false, spam: false }
}

fn leaves(tree: &Tree) -> Vec<&str> {
    tree.leaves().map(|one| one.code.as_str()).collect()
}

#[testkit::db_test]
async fn the_tree_is_shipped_and_edited(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let tree = app::tree(&quality).await.unwrap();
    assert_eq!(
        leaves(&tree),
        [
            "quality",
            "delivery",
            "installation",
            "repair",
            "attitude",
            "price",
            "refund",
            "environment",
            "suggestion",
            "praise",
            "other"
        ]
    );
    assert_eq!(
        (tree.name("refund", "zh-CN"), tree.name("refund", "en")),
        ("退换与退款".into(), "Returns and refunds".into())
    );

    let delivery = tree.by_code("delivery").unwrap().id;
    let late = CategoryDraft { parent: Some(delivery), ..named("送晚了", "Late") };
    let late = add_category(&quality, "Late".into(), late).await.unwrap();
    let broken = CategoryDraft { parent: Some(delivery), place: Some(1), ..named("送坏了", "Broken") };
    add_category(&quality, "broken".into(), broken).await.unwrap();
    let taken = add_category(&quality, "late".into(), named("又一个", "Another")).await.unwrap_err();
    assert!(taken.fields().of("code").is_some());
    let empty = add_category(&quality, "a b".into(), named("", "")).await.unwrap_err();
    assert!(["code", "name_zh", "name_en"].iter().all(|field| empty.fields().of(field).is_some()));
    let tree = app::tree(&quality).await.unwrap();
    assert_eq!(&leaves(&tree)[..4], ["quality", "broken", "late", "installation"], "a branch is not chosen itself");
    assert_eq!(tree.name("late", "en"), "Delivery › Late");

    // Renamed, moved; the second person is told.
    let moved = CategoryDraft { place: Some(1), ..named("没准时", "Not in time") };
    assert_eq!(change_category(&quality, late, 1, moved.clone()).await.unwrap(), 2);
    assert_eq!(change_category(&quality, late, 2, moved.clone()).await.unwrap(), 2, "nothing changed");
    assert_eq!(change_category(&quality, late, 1, moved).await.unwrap_err().kind(), FaultKind::Stale);
    let tree = app::tree(&quality).await.unwrap();
    assert_eq!(leaves(&tree)[0], "late", "first at the top");
    let beneath = CategoryDraft { parent: Some(late), ..named("配送", "Delivery") };
    change_category(&quality, delivery, 1, beneath.clone()).await.unwrap();
    let circle = CategoryDraft { parent: Some(delivery), ..named("没准时", "Not in time") };
    assert!(change_category(&quality, late, 2, circle).await.unwrap_err().fields().of("parent").is_some());

    let clerk = app.ctx("clerk1").await;
    assert_eq!(add_category(&clerk, "x".into(), named("一", "x")).await.unwrap_err().kind(), FaultKind::Forbidden);
    let history = app.as_user("quality").await.get("/api/v1/feedback-categories").await.expect(200).json();
    assert_eq!(history["items"][0]["code"], "late");
}

#[testkit::db_test]
async fn a_retired_category_stays_on_old_texts_and_is_not_offered(db: Db) {
    let app = shop(db).await;
    let (clerk, quality) = (app.ctx("clerk1").await, app.ctx("quality").await);
    let old = says(&app, "clerk1", "S1", Kind::Feedback, "停车位太少，绕了三圈").await;
    let new = says(&app, "clerk1", "S1", Kind::Feedback, "地下车库的灯坏了").await;
    label(&clerk, old, 1, labels("environment")).await.unwrap();
    let tree = app::tree(&quality).await.unwrap();
    let environment = tree.by_code("environment").unwrap().id;
    retire_category(&quality, environment, 1, true).await.unwrap();

    let refused = label(&clerk, new, 1, labels("environment")).await.unwrap_err();
    assert!(refused.fields().of("category").is_some());
    let urgent = Labels { urgent: true, ..labels("environment") };
    label(&clerk, old, 2, urgent).await.unwrap();
    let found = Filter { show: Show::Labelled, categories: tree.beneath("environment"), ..Filter::default() };
    assert_eq!(app::list(&clerk, found, None, 10).await.unwrap().rows.len(), 1);

    let page = app.as_user("clerk1").await.get(&format!("/feedback/{new}")).await.expect(200).text();
    assert!(!page.contains("value=\"environment\"") && page.contains("value=\"praise\""), "{page}");
    let page = app.as_user("clerk1").await.get(&format!("/feedback/{old}")).await.expect(200).text();
    assert!(page.contains("value=\"environment\""), "its own stays");

    // What has others beneath it stays, and so does the last one.
    let delivery = tree.by_code("delivery").unwrap().id;
    let late = CategoryDraft { parent: Some(delivery), ..named("送晚了", "Late") };
    add_category(&quality, "late".into(), late).await.unwrap();
    let branch = retire_category(&quality, delivery, 1, true).await.unwrap_err();
    assert_eq!(branch.code(), "feedback-category-branch");
    let tree = app::tree(&quality).await.unwrap();
    for one in tree.leaves() {
        retire_category(&quality, one.id, one.version, true).await.unwrap();
    }
    // Nothing that is offered stands beneath it any more: the branch is a leaf again, and the last one.
    assert_eq!(retire_category(&quality, delivery, 1, true).await.unwrap_err().code(), "feedback-category-last");
    assert_eq!(retire_category(&quality, environment, 2, false).await.unwrap(), 3);
}

#[testkit::db_test]
async fn pages_and_programs_edit_it(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let list = quality.get("/settings/categories").await.expect(200).text();
    assert!(list.contains("退换与退款") && list.contains("/settings/categories/new"), "{list}");
    app.as_user("clerk1").await.get("/settings/categories").await.expect(403);
    app.as_user("clerk1").await.get("/settings/categories/new").await.expect(403);
    quality.get("/settings/categories/new").await.expect(200);
    quality.post("/settings/categories", &[("code", ""), ("name_zh", "停车")]).await.expect(422);
    quality
        .post("/settings/categories", &[("code", "parking"), ("name_zh", "停车"), ("name_en", "Parking")])
        .await
        .expect(303);

    let tree = app::tree(&app.ctx("quality").await).await.unwrap();
    let one = tree.by_code("parking").unwrap();
    let path = format!("/settings/categories/{}", one.id);
    quality.clone().in_english().get(&path).await.expect(200);
    let fields = [
        ("version", "1"),
        ("name_zh", "停车难"),
        ("name_en", "Parking"),
        ("seen.name_zh", "停车"),
        ("seen.name_en", "Parking"),
    ];
    quality.post(&path, &fields[1..]).await.expect(428);
    quality.post(&path, &fields).await.expect(303);
    let clash = [
        ("version", "1"),
        ("name_zh", "车位"),
        ("name_en", "Parking"),
        ("seen.name_zh", "停车"),
        ("seen.name_en", "Parking"),
    ];
    let page = quality.post(&path, &clash).await.expect(412).text();
    assert!(page.contains("停车难") && page.contains("车位"), "{page}");
    quality.post(&format!("{path}/retire"), &[("version", "2")]).await.expect(303);
    let hidden = quality.get("/settings/categories?done=retired").await.expect(200).text();
    assert!(!hidden.contains("停车难"));
    assert!(quality.get("/settings/categories?show=all").await.expect(200).text().contains("停车难"));
    quality.post(&format!("{path}/restore"), &[("version", "3")]).await.expect(303);

    let body = serde_json::json!({"code": "parts", "name_zh": "配件", "name_en": "Parts"});
    let made = quality.json("POST", "/api/v1/feedback-categories", &[], &body).await.expect(201).json();
    let one = format!("/api/v1/feedback-categories/{}", made["id"].as_str().unwrap());
    let body = serde_json::json!({"name_zh": "零件", "name_en": "Parts"});
    quality.json("PATCH", &one, &[], &body).await.expect(428);
    quality.json("PATCH", &one, &[("if-match", "\"v1\"")], &body).await.expect(200);
    quality.json("POST", &format!("{one}/retire"), &[("if-match", "\"v1\"")], &serde_json::json!({})).await.expect(412);
    let gone = quality.json("POST", &format!("{one}/retire"), &[("if-match", "\"v2\"")], &serde_json::json!({})).await;
    assert_eq!(gone.expect(200).json()["offered"], false);
    quality
        .json("POST", &format!("{one}/restore"), &[("if-match", "\"v3\"")], &serde_json::json!({}))
        .await
        .expect(200);
    app.anybody().get("/api/v1/feedback-categories").await.expect(401);
}
