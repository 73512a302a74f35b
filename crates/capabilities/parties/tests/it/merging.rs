use db::Db;
use kernel::{FaultKind, Id, of};
use parties::app::{self, CustomerInput};
use parties::domain::SaleInput;
use serde_json::json;
use testapp::TestApp;

use crate::goods::{fridge, sold, start};

async fn two(app: &TestApp) -> (Id<of::Customer>, Id<of::Customer>) {
    let clerk = app.ctx("clerk1").await;
    let first = CustomerInput { name: "王丽华".into(), phone: "13812345678".into(), ..CustomerInput::default() };
    let second =
        CustomerInput {
            wechat: Some("lihua88".into()), tags: vec!["老客户".into()], consent: true, ..first.clone()
        };
    let kept = app::create(&clerk, app.unit("S1"), first).await.unwrap().id;
    let gone = app::create(&clerk, app.unit("S1"), second).await.unwrap().id;
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let sale = SaleInput { customer: Some(gone.to_string()), ..sold("R1", "A1") };
    app::create_sale(&clerk, app.unit("S1"), &sale).await.unwrap();
    (kept, gone)
}

#[testkit::db_test]
async fn two_files_become_one_and_two_again(db: Db) {
    let app = start(db).await;
    let (kept, gone) = two(&app).await;
    let clerk = app.ctx("clerk1").await;
    assert_eq!(app::alike(&clerk, kept).await.unwrap().iter().map(|card| card.id).collect::<Vec<_>>(), [gone]);
    let card = app::merge(&clerk, kept, gone, (1, 1), "同一个人").await.unwrap();
    assert_eq!((card.wechat.as_deref(), card.tags.len(), card.consent, card.version), (Some("li***"), 1, false, 2));
    let (units, sales) = app::owned(&clerk, kept).await.unwrap();
    assert_eq!((units.len(), sales.len()), (1, 1));
    assert_eq!(app::get(&clerk, gone).await.unwrap().merged_into, Some(kept));
    assert_eq!(app::find(&clerk, "13812345678").await.unwrap().len(), 1, "the closed file is found no more");
    // Twice is once.
    assert_eq!(app::merge(&clerk, kept, gone, (2, 2), "同一个人").await.unwrap().version, 2);
    let change = app::CustomerChange { vip: Some("金卡".into()), ..app::CustomerChange::default() };
    assert_eq!(app::edit(&clerk, gone, 2, change).await.unwrap_err().code(), "parties-merged");
    let merge = app::merges(&clerk, kept).await.unwrap().remove(0).0;
    let opened = app::part(&clerk, kept, merge.id).await.unwrap();
    assert_eq!((opened.id, opened.merged_into), (gone, None));
    let (units, sales) = app::owned(&clerk, gone).await.unwrap();
    assert_eq!((units.len(), sales.len()), (1, 1));
    assert_eq!(app::owned(&clerk, kept).await.unwrap().0.len(), 0);
    assert_eq!(app::part(&clerk, kept, merge.id).await.unwrap_err().code(), "parties-merge-over");
    assert_eq!(app::find(&clerk, "13812345678").await.unwrap().len(), 2);
}

#[testkit::db_test]
async fn a_merge_needs_both_files_a_reason_and_what_was_seen(db: Db) {
    let app = start(db).await;
    let (kept, gone) = two(&app).await;
    let clerk = app.ctx("clerk1").await;
    let kind = async |ctx: &capability::Ctx, versions, reason: &str| {
        app::merge(ctx, kept, gone, versions, reason).await.unwrap_err().kind()
    };
    assert_eq!(kind(&clerk, (1, 1), " ").await, FaultKind::Invalid);
    assert_eq!(kind(&clerk, (1, 2), "同一个人").await, FaultKind::Stale);
    assert_eq!(kind(&app.ctx("clerk2").await, (1, 1), "同一个人").await, FaultKind::NotFound);
    assert_eq!(app::merge(&clerk, kept, kept, (1, 1), "x").await.unwrap_err().code(), "parties-merge-self");
}

#[testkit::db_test]
async fn files_are_merged_and_parted_over_the_api(db: Db) {
    let app = start(db).await;
    let (kept, gone) = two(&app).await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/api/v1/customers/{kept}/merge");
    let v1 = [("if-match", "\"v1\"")];
    let body =
        |reason: &str, version: i64| json!({"gone": gone.to_string(), "gone_version": version, "reason": reason});
    clerk.json("POST", &path, &[], &body("同一个人", 1)).await.expect(428);
    let problem = clerk.json("POST", &path, &v1, &body(" ", 1)).await.expect(422).json();
    assert_eq!(problem["fields"][0]["field"], "reason");
    clerk.json("POST", &path, &v1, &body("同一个人", 9)).await.expect(412);
    clerk.json("POST", &path, &v1, &json!({"gone": "x", "gone_version": 1, "reason": "y"})).await.expect(422);
    let own = json!({"gone": kept.to_string(), "gone_version": 1, "reason": "x"});
    assert_eq!(clerk.json("POST", &path, &v1, &own).await.expect(409).json()["code"], "parties-merge-self");
    app.as_user("clerk2").await.json("POST", &path, &v1, &body("同一个人", 1)).await.expect(404);
    app.as_user("tech1").await.json("POST", &path, &v1, &body("同一个人", 1)).await.expect(403);
    let merged = clerk.json("POST", &path, &v1, &body("同一个人", 1)).await.expect(200);
    assert_eq!((merged.header("etag"), &merged.json()["wechat"]), ("\"v2\"", &json!("li***")));
    let closed = clerk.get(&format!("/api/v1/customers/{gone}")).await.expect(200).json();
    assert_eq!(closed["merged_into"], kept.to_string());
    let merges = clerk.get(&format!("/api/v1/customers/{kept}/merges")).await.expect(200).json();
    assert_eq!(
        (&merges["items"][0]["gone"], &merges["items"][0]["undoable"]),
        (&json!(gone.to_string()), &json!(true))
    );
    clerk.get("/api/v1/customers/5/merges").await.expect(404);
    let undo = format!("/api/v1/customers/{kept}/merges/{}/undo", merges["items"][0]["id"].as_str().unwrap());
    clerk.json("POST", &format!("/api/v1/customers/{kept}/merges/5/undo"), &[], &json!({})).await.expect(404);
    let parted = clerk.json("POST", &undo, &[], &json!({})).await.expect(200).json();
    assert_eq!((&parted["id"], &parted["merged_into"]), (&json!(gone.to_string()), &serde_json::Value::Null));
    assert_eq!(clerk.json("POST", &undo, &[], &json!({})).await.expect(409).json()["code"], "parties-merge-over");
}
