use claims::domain::CommandName;
use db::Db;
use remedies::Cause;
use returns::domain::Way;
use serde_json::json;

use crate::shop::{give, refunded, returned, seen, shop, term};

#[testkit::db_test]
async fn every_page_shows_what_it_is_for_and_keeps_what_was_typed(db: Db) {
    let app = shop(db).await;
    term(&app, 30, 0).await.unwrap();
    let one = returned(&app, Way::Refund, Cause::Product).await;
    let clerk = app.as_user("clerk1").await;
    assert!(clerk.get("/claims").await.expect(200).main().contains("没有待办的索赔"));
    refunded(&app, one.id).await;
    let claim = seen(&app, "clerk1").await.remove(0);
    let page = clerk.get("/claims").await.expect(200).main();
    assert!(page.contains(&claim.number) && page.contains("2,908.07") && page.contains("海川"), "{page}");
    assert!(clerk.get("/claims?q=8A2603001271&show=all").await.expect(200).main().contains(&claim.number));
    assert!(clerk.get("/claims?maker=x").await.expect(200).main().contains("没有符合条件的索赔"));
    let found = clerk.get("/claims/new?serial=8A2603001271").await.expect(200).main();
    assert!(found.contains("/claims/new?repair=") && found.contains(&claim.number), "{found}");
    assert!(clerk.get("/claims/new?serial=X").await.expect(200).main().contains("没有可以索赔的维修"));
    let href = format!("/claims/{}", claim.id);
    let detail = clerk.get(&href).await.expect(200).main();
    assert!(detail.contains("维修记录") && detail.contains("30 天内") && !detail.contains("13812345678"), "{detail}");
    assert!(clerk.get(&format!("{href}/do/send")).await.expect(200).main().contains("2908.07"));
    let version = claim.version.to_string();
    let wrong = [("version", version.as_str()), ("day", "2027-01-01"), ("amount", "12"), ("reference", "R")];
    let again = clerk.post(&format!("{href}/do/send"), &wrong).await.expect(422).main();
    assert!(again.contains("2027-01-01"), "{again}");
    let right = [("version", version.as_str()), ("day", "2026-11-22"), ("amount", "2908.07"), ("reference", "R")];
    clerk.post(&format!("{href}/do/send"), &right).await.expect(303);
    clerk.post(&format!("{href}/do/send"), &right).await.expect(412);
    clerk.get(&format!("{href}/do/credit")).await.expect(403);
    let paper = clerk.get(&format!("{href}/print")).await.expect(200).text();
    for told in ["8A2603001271", "4403-2211-81", "FW2026-08-01", "贰仟玖佰零捌元零柒分", "不含顾客个人信息"]
    {
        assert!(paper.contains(told), "{told} {paper}");
    }
    assert!(!paper.contains("王丽华") && !paper.contains("13812345678"), "{paper}");
    let zip = clerk.get(&format!("{href}/pack.zip")).await.expect(200);
    assert!(zip.bytes().starts_with(b"PK"));
    assert!(matches!(
        journal::verify_pack(zip.bytes(), None),
        journal::Verdict::Proved(_) | journal::Verdict::ConsistentOriginUnproved(_)
    ));
    let finance = app.as_user("finance").await;
    assert!(finance.get("/claims/receivables").await.expect(200).main().contains("2,908.07"));
    let csv = finance.get("/claims/receivables.csv").await.expect(200).text();
    assert!(csv.contains("海川,2908.07,0.00,0.00,0.00,2908.07,1"), "{csv}");
    let csv = finance.get("/claims.csv?show=all").await.expect(200).text();
    assert!(csv.contains(&claim.number) && !csv.contains("8A2603001271"), "{csv}");
    clerk.get("/claims.csv").await.expect(403);
    assert!(finance.get("/claims/terms").await.expect(200).main().contains("海川"));
    clerk.get("/claims/terms").await.expect(403);
    let bad = [("version", "1"), ("maker", "海川"), ("days", "0"), ("after", "bought"), ("warn_days", "9")];
    finance.post("/claims/terms", &bad).await.expect(422);
    let good = [("version", "1"), ("maker", "海川"), ("days", "90"), ("after", "bought"), ("warn_days", "9")];
    finance.post("/claims/terms", &good).await.expect(303);
    finance.post("/claims/terms", &good).await.expect(412);
    let english = finance.in_english().get(&href).await.expect(200).main();
    assert!(english.contains("Claim pack") && english.contains("Owed by the maker"), "{english}");
    app.as_user("clerk2").await.get(&href).await.expect(404);
}

#[testkit::db_test]
async fn programs_do_the_same(db: Db) {
    let app = shop(db).await;
    let one = returned(&app, Way::Refund, Cause::Product).await;
    refunded(&app, one.id).await;
    let claim = seen(&app, "clerk1").await.remove(0);
    let clerk = app.as_user("clerk1").await;
    let list = clerk.get("/api/v1/claims?show=all").await.expect(200).json();
    assert_eq!(list["items"][0]["claimed"], json!(290_807));
    let whole = clerk.get(&format!("/api/v1/claims/{}", claim.id)).await.expect(200).json();
    assert_eq!((whole["pack"]["repairs"].clone(), whole["return"].clone()), (json!(true), json!(one.id.to_string())));
    give(&app, "clerk1", claim.id, CommandName::Send, None, "R").await.unwrap();
    let owed = clerk.get("/api/v1/claims/receivables").await.expect(200).json();
    assert_eq!((owed[0]["maker"].clone(), owed[0]["days_30"].clone()), (json!("海川"), json!(290_807)));
    clerk.get("/api/v1/claims/terms").await.expect(200);
    clerk.get("/api/v1/claims/nothing").await.expect(404);
}
