//! Customers' links.

use aftercare::capabilities;
use db::Db;
use futures_util::future::join_all;
use serde_json::json;
use testapp::TestApp;
use testkit::db_test;

use super::{case, path, problem, rows, said, take_in};

#[db_test]
async fn customer_links_open_one_case_for_a_time_and_decide_once(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    let made = take_in(&clerk, &case()).await;
    let at = path(&made);
    let link = |purpose: &'static str| {
        let (clerk, at) = (clerk.clone(), at.clone());
        async move {
            let body = json!({ "purpose": purpose });
            let made = clerk.json("POST", &format!("{at}/links"), &[], &body).await.expect(201).json();
            made["path"].as_str().unwrap().to_owned()
        }
    };
    let answer = clerk.json("POST", &format!("{at}/links"), &[], &json!({ "purpose": "decide" })).await;
    assert_eq!(said(&problem("nothing to decide", answer, 409)), "cases-no-plan");
    clerk.json("POST", &format!("{at}/accept"), &[("if-match", "\"v1\"")], &json!({})).await.expect(200);
    let plan = json!({ "findings": "x", "options": [{ "text": "甲" }, { "text": "乙" }] });
    clerk.json("POST", &format!("{at}/propose"), &[("if-match", "\"v2\"")], &plan).await.expect(200);
    let (track, old, decide) = (link("track").await, link("decide").await, link("decide").await);
    let nobody = app.anybody();
    let before = rows(&app).await;
    let flipped = if track.ends_with('0') { '1' } else { '0' };
    let tampered: String = track.chars().take(track.len() - 1).chain([flipped]).collect();
    let as_rate = track.replace("/c/", "/rate/");
    for gone in [tampered.as_str(), "/c/x", "/c/%00", "/c/%ff", as_rate.as_str(), "/rate/x", "/rate/%ff"] {
        nobody.get(gone).await.expect(404);
    }
    nobody.get(&old).await.expect(410);
    nobody.post(&format!("{old}/decide"), &[("option", "1")]).await.expect(410);
    // A link that shows does not decide.
    nobody.post(&format!("{track}/decide"), &[("option", "1")]).await.expect(404);
    nobody.post(&format!("{tampered}/decide"), &[("option", "1")]).await.expect(404);
    for wrong in [("option", "0"), ("option", "x"), ("answer", "no"), ("option", "")] {
        nobody.post(&format!("{decide}/decide"), &[wrong]).await.expect(422);
    }
    nobody.post(&format!("{decide}/decide"), &[("option", "3")]).await.expect(409);
    let long = "字".repeat(100_000);
    for wrong in ["", "\0", "\u{200b}", long.as_str()] {
        nobody.post(&format!("{track}/message"), &[("body", wrong)]).await.expect(422);
    }
    nobody.post(&format!("{track}/close"), &[]).await.expect(409);
    nobody.post(&format!("{track}/reopen"), &[("wrong", "x")]).await.expect(409);
    assert_eq!(rows(&app).await, before);

    let (address, fields) = (format!("{decide}/decide"), [("option", "1")]);
    let at_once = join_all((0..6).map(|_| nobody.post(&address, &fields))).await;
    let mut statuses: Vec<u16> = at_once.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409]);
    let before = rows(&app).await;
    let again = nobody.post(&address, &[("option", "2")]).await.expect(409).text();
    assert!(again.contains("你已经选过了"), "{again}");
    let half_a_year = 181 * 86_400_000;
    app.clock.set(app.clock.now().plus(half_a_year));
    nobody.get(&track).await.expect(410);
    let late = nobody.clone().in_english().post(&format!("{track}/message"), &[("body", "x")]).await.expect(410).text();
    assert!(late.contains("expired"), "{late}");
    assert_eq!(rows(&app).await, before);
}
