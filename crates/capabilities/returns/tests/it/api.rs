//! Verdicts for programs.

use db::Db;
use serde_json::{Value, json};
use testapp::TestApp;

use crate::shop::capabilities;

fn washer() -> Value {
    json!({
        "claim_date": "2025-11-18", "category": "washer", "channel": "store", "bought": "2025-11-03", "received": "2025-11-03",
        "installed": "none", "exchanged_on": "none", "fault": "performance", "cause": "product", "component": "whole",
        "repairs_done": 0, "days_in_repair": 0, "open_repair_days": 0, "parts_wait_days": 0, "has_receipt": "yes",
        "same_model": "yes", "special": "none", "price_fen": 259_900
    })
}

#[testkit::db_test]
async fn one_or_many_with_layers(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let clerk = app.as_user("clerk1").await;
    let policy = json!({
        "id": "shop-2026", "layer": "policy", "payer": "seller",
        "window": [{"id": "thirty", "days": 30, "from": ["start"]}],
        "rule": [{"ground": "shop_refund", "when": {"fault": ["performance"], "within": "thirty"}, "gives": ["REFUND_FULL"]}]
    });
    let asked = json!({"cases": [washer(), {"claim_date": "2025-11-18"}], "layers": [policy]});
    let answer = clerk.in_english().json("POST", "/api/v1/verdicts", &[], &asked).await.expect(200).json();
    assert_eq!(answer["rules"], "2026.11");
    let first = &answer["items"][0];
    let open: Vec<(&str, &str)> = first["verdict"]["remedies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["remedy"].as_str().unwrap(), one["layer"].as_str().unwrap()))
        .collect();
    assert_eq!(open, [("EXCHANGE", "law"), ("REPAIR", "law"), ("REFUND_LESS_FEE", "law"), ("REFUND_FULL", "policy")]);
    assert_eq!(first["verdict"]["remedies"][2]["fee"]["fen"], 1949);
    assert_eq!(first["questions"], json!([]));
    let customer = first["for_customer"].as_str().unwrap();
    assert!(customer.contains("2025-11-18") && !customer.contains("19.49"), "{customer}");
    let second = &answer["items"][1];
    assert_eq!(second["verdict"]["remedies"], json!([]));
    assert_eq!(second["questions"][0]["fact"], "category");
}

#[testkit::db_test]
async fn what_cannot_be_is_an_error_at_its_place(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let clerk = app.as_user("clerk1").await;
    for (body, field, code) in [
        (json!({}), "cases", "required"),
        (json!({"cases": [{}]}), "cases.0.claim_date", "required"),
        (json!({"cases": [washer(), {"claim_date": "2026-02-30"}]}), "cases.1.claim_date", "day"),
        (json!({"cases": [{"claim_date": "2026-02-03", "fault": "broken"}]}), "cases.0.fault", "unknown"),
        (json!({"cases": [{"claim_date": "2026-02-03", "bought": "2026-02-04"}]}), "cases.0.bought", "contradicts"),
        (json!({"cases": [{"claim_date": "2026-02-03", "price_fen": -1}]}), "cases.0.price_fen", "number-range"),
        (json!({"cases": vec![washer(); 101]}), "cases", "too-many"),
        (json!({"cases": [washer()], "layers": [{"id": "x", "layer": "law"}]}), "layers.0", "terms"),
    ] {
        let answer = clerk.json("POST", "/api/v1/verdicts", &[], &body).await.expect(422).json();
        assert_eq!(
            (&answer["fields"][0]["field"], &answer["fields"][0]["code"]),
            (&json!(field), &json!(code)),
            "{answer}"
        );
    }
    app.anybody().json("POST", "/api/v1/verdicts", &[], &json!({"cases": [washer()]})).await.expect(401);
    app.as_user("assessor")
        .await
        .json("POST", "/api/v1/verdicts", &[], &json!({"cases": [washer()]}))
        .await
        .expect(403);
}
