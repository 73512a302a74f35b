use capability::Ctx;
use cases::app::{self, Answer, Chosen, Found, Say};
use cases::domain::Scanned;
use db::Db;
use kernel::FaultKind;
use parties::app::CustomerInput;
use parties::domain::{CoverInput, LineInput, ProductInput, SaleInput};
use testapp::TestApp;

use crate::shop::*;

const PHONE: &str = "13812345678";
const IMEI: &str = "490154203237518";

/// A fridge of 18 November and a phone of last year, both of one customer, sold in S1; today is 22 November 2026.
async fn sold(app: &TestApp) -> kernel::Id<kernel::of::Customer> {
    let clerk = app.ctx("clerk1").await;
    let boss = app.ctx("boss1").await;
    let product = |code: &str, name: &str, law_months| ProductInput {
        code: code.into(),
        name: name.into(),
        category: "general".into(),
        law_months,
        maker_months: Some(36),
        barcode: Some("6901234567892".into()).filter(|_| code == "BCD-452W"),
        ..ProductInput::default()
    };
    parties::app::create_product(&boss, &product("BCD-452W", "对开门冰箱", Some(12))).await.unwrap();
    parties::app::create_product(&boss, &product("N60", "手机 N60", Some(12))).await.unwrap();
    let wang = CustomerInput { name: "王丽华".into(), phone: PHONE.into(), ..CustomerInput::default() };
    let card = parties::app::create(&clerk, app.unit("S1"), wang).await.unwrap();
    let sale = |receipt: &str, day: &str, product: &str, serial: &str| SaleInput {
        receipt: receipt.into(),
        day: day.into(),
        customer: Some(card.id.to_string()),
        lines: vec![LineInput {
            product: product.into(),
            price: 429_900,
            serials: vec![serial.into()],
            ..LineInput::default()
        }],
        covers: vec![CoverInput {
            source: "extended".into(),
            promise: "碎屏保 1 年".into(),
            provider: Some("安邦延保".into()),
            ends_on: Some("2026-12-31".into()),
        }],
        ..SaleInput::default()
    };
    for one in [sale("4403-2211-81", "2026-11-18", "BCD-452W", "BCD0471799"), sale("R-2", "2025-06-01", "N60", IMEI)] {
        parties::app::create_sale(&clerk, app.unit("S1"), &one).await.unwrap();
    }
    card.id
}

async fn scanned(ctx: &Ctx, code: &str) -> Answer {
    app::scan(ctx, Scanned::read(code).unwrap(), Chosen::default()).await.unwrap()
}

fn one(answer: Answer) -> Found {
    match answer {
        Answer::One(found) => *found,
        other => panic!("{other:?}"),
    }
}

#[testkit::db_test]
async fn every_code_leads_to_the_unit_and_its_sentence(db: Db) {
    let app = shop(db).await;
    sold(&app).await;
    let clerk = app.ctx("clerk1").await;
    for code in ["BCD0471799", "bcd 0471-799", "471799", "4403 2211 81", "ＢＣＤ０４７１７９９"] {
        let found = one(scanned(&clerk, code).await);
        assert_eq!(found.product.as_ref().unwrap().draft.code, "BCD-452W", "{code}");
        assert_eq!(found.say, Say::Week("2026-11-25".parse().unwrap()), "{code}");
        assert_eq!(found.customer.as_ref().unwrap().phone, "138****5678");
        assert_eq!(found.layers.len(), 6);
    }
    let phone = one(scanned(&clerk, IMEI).await);
    assert_eq!(phone.say, Say::Beyond(parties::domain::Source::Maker, Some("2028-06-01".parse().unwrap())));
    let product = one(scanned(&clerk, "6901234567892").await);
    assert_eq!((product.product.is_some(), product.say), (true, Say::Unknown));
    assert!(matches!(scanned(&clerk, "NOTHING99").await, Answer::Nothing));
}

#[testkit::db_test]
async fn a_phone_number_shows_what_the_customer_has(db: Db) {
    let app = shop(db).await;
    sold(&app).await;
    let clerk = app.ctx("clerk1").await;
    for code in ["+86 138 1234 5678", "１３８１２３４５６７８", "5678"] {
        let found = one(scanned(&clerk, code).await);
        assert_eq!((found.units.len(), found.say), (2, Say::Which), "{code}");
    }
    assert!(matches!(scanned(&clerk, "1381234567").await, Answer::Nothing));
    let tech = app.ctx("tech1").await;
    assert!(matches!(scanned(&tech, PHONE).await, Answer::Nothing), "whose it is, is not a technician's to ask");
}

#[testkit::db_test]
async fn what_is_under_way_is_said_first_and_only_to_those_who_see_it(db: Db) {
    let app = shop(db).await;
    let customer = sold(&app).await;
    let clerk = app.as_user("clerk1").await;
    let store = app.unit("S1").to_string();
    let id = customer.to_string();
    let fields = [
        ("customer", id.as_str()),
        ("channel", "counter"),
        ("kind", "repair"),
        ("subject", "冷藏室不制冷"),
        ("product", "冰箱"),
        ("serial", "BCD0471799"),
        ("store", store.as_str()),
    ];
    clerk.post("/cases/new", &fields).await.expect(303);
    let ctx = app.ctx("clerk1").await;
    let found = one(scanned(&ctx, "BCD0471799").await);
    let number = found.open[0].number.clone();
    assert_eq!(found.say, Say::Working { number: number.clone() });
    let by_number = one(scanned(&ctx, &number.to_lowercase().replace('-', "")).await);
    assert_eq!(by_number.case.unwrap().number, number);
    assert_eq!(by_number.product.unwrap().draft.code, "BCD-452W", "the case's serial number leads to its unit");
    // Another store's clerk sees the unit and its cover, not the other store's case.
    let far = one(scanned(&app.ctx("clerk2").await, "BCD0471799").await);
    assert_eq!((far.open.len(), far.say), (0, Say::Week("2026-11-25".parse().unwrap())));
    assert!(matches!(scanned(&app.ctx("clerk2").await, &number).await, Answer::Nothing));
    // A technician without sight of customers sees the unit without whose it is.
    let tech = one(scanned(&app.ctx("tech1").await, "BCD0471799").await);
    assert!(tech.customer.is_none() && tech.unit.is_some());
}

#[testkit::db_test]
async fn cases_follow_their_customer_through_a_merge_and_back(db: Db) {
    let app = shop(db).await;
    let gone = sold(&app).await;
    let ctx = app.ctx("clerk1").await;
    let other = CustomerInput { name: "王丽华（新）".into(), phone: PHONE.into(), ..CustomerInput::default() };
    let kept = parties::app::create(&ctx, app.unit("S1"), other).await.unwrap().id;
    let store = app.unit("S1").to_string();
    let id = gone.to_string();
    let fields = [
        ("customer", id.as_str()),
        ("channel", "counter"),
        ("kind", "inquiry"),
        ("subject", "怎么除霜"),
        ("store", store.as_str()),
    ];
    app.as_user("clerk1").await.post("/cases/new", &fields).await.expect(303);
    parties::app::merge(&ctx, kept, gone, (1, 1), "同一个人").await.unwrap();
    let open = app::open_of_customer(&ctx, kept).await.unwrap();
    assert_eq!(open.iter().map(|case| case.customer_name.as_str()).collect::<Vec<_>>(), ["王丽华（新）"]);
    let merge = parties::app::merges(&ctx, kept).await.unwrap().remove(0).0.id;
    parties::app::part(&ctx, kept, merge).await.unwrap();
    assert_eq!(app::open_of_customer(&ctx, kept).await.unwrap().len(), 0);
    assert_eq!(app::open_of_customer(&ctx, gone).await.unwrap()[0].customer_name, "王丽华");
}

#[testkit::db_test]
async fn the_page_and_the_api_say_the_same(db: Db) {
    let app = shop(db).await;
    sold(&app).await;
    let clerk = app.as_user("clerk1").await;
    clerk.get("/scan").await.expect(200);
    let page = clerk.get("/scan?code=BCD0471799").await.expect(200).text();
    assert!(page.contains("BCD-452W") || page.contains("对开门冰箱"));
    assert!(page.contains("还在 7 天内") && page.contains("延保") && page.contains("138****5678"), "{page}");
    assert!(!page.contains(PHONE) && page.contains("/cases/new?customer="), "{page}");
    let english = app.as_user("clerk1").await.in_english().get("/scan?code=BCD0471799").await.expect(200).text();
    assert!(english.contains("You are within 7 days"), "{english}");
    let body = clerk.get("/api/v1/scan?code=BCD0471799").await.expect(200).json();
    assert_eq!((body["result"].as_str(), body["layers"][0]["source"].as_str()), (Some("one"), Some("law")));
    assert!(!body.to_string().contains(PHONE));
    clerk.get("/api/v1/scan").await.expect(422);
    let nothing = clerk.get("/scan?code=1381234567").await.expect(200).text();
    assert!(nothing.contains("有 10 位") && nothing.contains("/cases/new?serial=1381234567"), "{nothing}");
    let odd = clerk.get("/scan?code=490154203237517").await.expect(200).text();
    assert!(odd.contains("最后一位对不上"));
    app.as_user("assessor").await.get("/scan").await.expect(403);
    let chosen = Chosen { customer: Some(kernel::Id::new(5)), ..Chosen::default() };
    let wrong = app::scan(&app.ctx("clerk1").await, Scanned::read("x1").unwrap(), chosen).await.unwrap_err();
    assert_eq!(wrong.kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn the_verdict_stands_beside_the_scan_and_on_the_case(db: Db) {
    let app = shop(db).await;
    let customer = sold(&app).await;
    let clerk = app.as_user("clerk1").await;
    let found = one(scanned(&app.ctx("clerk1").await, "BCD0471799").await);
    let judged = found.verdict.unwrap();
    assert!(judged.supposed && judged.facts.bought.is_some());
    let scan = clerk.get("/scan?code=BCD0471799").await.expect(200).main();
    assert!(scan.contains("判定") && scan.contains("/verdicts?") && scan.contains("price_fen=429900"), "{scan}");
    let english = clerk.clone().in_english().get("/scan?code=BCD0471799").await.expect(200).main();
    assert!(english.contains("Supposing") && english.contains("Verdict"), "{english}");
    let (store, id) = (app.unit("S1").to_string(), customer.to_string());
    let fields = [
        ("customer", id.as_str()),
        ("channel", "counter"),
        ("kind", "return"),
        ("store", store.as_str()),
        ("subject", "冰箱不制冷"),
        ("body", "不制冷"),
        ("product", "对开门冰箱"),
        ("serial", "BCD0471799"),
        ("priority", "normal"),
    ];
    let case = clerk.post("/cases/new", &fields).await.expect(303);
    let page = clerk.get(case.location()).await.expect(200).main();
    assert!(page.contains("id=\"verdict\""), "{page}");
}
