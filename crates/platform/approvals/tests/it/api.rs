use db::Db;
use serde_json::json;

use crate::shop::{asked, question, shop};

#[testkit::db_test]
async fn a_program_reads_and_decides(db: Db) {
    let app = shop(db).await;
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 2_908, 390)).await;
    let other = asked(&app.ctx("clerk1").await, question(&app, "S1", 0, 400)).await;
    let boss = app.as_user("boss1").await;
    let page = boss.get("/api/v1/approvals?limit=1").await.expect(200).json();
    assert_eq!(page["items"][0]["id"], id.to_string());
    let next = page["next"].as_str().unwrap();
    let page = boss.get(&format!("/api/v1/approvals?limit=1&after={next}")).await.expect(200).json();
    assert_eq!((page["items"][0]["id"].as_str(), page["next"].as_str()), (Some(other.to_string().as_str()), None));
    boss.get("/api/v1/approvals?show=nonsense").await.expect(422);
    boss.get("/api/v1/approvals?after=x").await.expect(422);

    let whole = boss.get(&format!("/api/v1/approvals/{id}")).await.expect(200);
    assert_eq!(whole.header("etag"), "\"v1\"");
    let whole = whole.json();
    assert_eq!((whole["statutory"].as_i64(), whole["extra"].as_i64()), (Some(290_800), Some(39_000)));
    assert_eq!((whole["mine"].as_bool(), whole["turn"].as_str()), (Some(true), Some("S1")));
    let grant = format!("/api/v1/approvals/{id}/grant");
    boss.json("POST", &grant, &[], &json!({})).await.expect(428);
    boss.json("POST", &grant, &[("if-match", "\"v9\"")], &json!({})).await.expect(412);
    let clerk = app.as_user("clerk1").await;
    clerk.json("POST", &grant, &[("if-match", "\"v1\"")], &json!({})).await.expect(409);
    let stranger = app.as_user("clerk3").await;
    stranger.json("POST", &grant, &[("if-match", "\"v1\"")], &json!({})).await.expect(404);
    stranger.get(&format!("/api/v1/approvals/{id}")).await.expect(404);
    app.anybody().json("POST", &grant, &[("if-match", "\"v1\"")], &json!({})).await.expect(401);
    app.as_user("finance").await.get("/api/v1/approvals").await.expect(403);

    // The same request twice is done once and answered alike.
    let headers = [("if-match", "\"v1\""), ("idempotency-key", "grant-1")];
    let first = boss.json("POST", &grant, &headers, &json!({})).await.expect(200).json();
    assert_eq!(boss.json("POST", &grant, &headers, &json!({})).await.expect(200).json(), first);
    assert_eq!(first["state"], "granted");
    let again = boss.json("POST", &grant, &[("if-match", "\"v2\"")], &json!({})).await.expect(409).json();
    assert_eq!(again["code"], "approvals-over");

    let decline = format!("/api/v1/approvals/{other}/decline");
    boss.json("POST", &decline, &[("if-match", "\"v1\"")], &json!({})).await.expect(422);
    let withdraw = format!("/api/v1/approvals/{other}/withdraw");
    boss.json("POST", &withdraw, &[("if-match", "\"v1\"")], &json!({})).await.expect(403);
    clerk.json("POST", &withdraw, &[("if-match", "\"v1\"")], &json!({})).await.expect(200);
    for nonsense in ["x", "7"] {
        boss.get(&format!("/api/v1/approvals/{nonsense}")).await.expect(404);
    }
}
