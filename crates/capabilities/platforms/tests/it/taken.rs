use db::Db;
use kernel::{FaultKind, Money};
use platforms::app::{self, Fate};
use platforms::domain::{Clock, Column, Kind, State};
use platforms::store::{Filter, Show};
use serde_json::json;

use crate::shop::{cells, seen, shop_input, sold, start, table};

const HEAD: &str = "售后单号,店铺,售后类型,订单编号,下单时间,商家编码,商品名称,数量,实付金额,申请退款金额,售后原因,买家昵称,手机号,申请时间,处理截止时间,运费险\n";

#[testkit::db_test]
async fn an_order_comes_with_case_sale_return_and_deadline_and_once(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let (id, new) = app::take(&clerk, cells("DY-1", &[])).await.unwrap();
    assert!(new);
    let detail = seen(&app, "clerk1", id).await;
    assert_eq!((detail.one.state, detail.one.kind), (State::Applied, Kind::ReturnRefund));
    let sale = detail.sale.clone().unwrap();
    assert_eq!((sale.receipt.as_str(), sale.total.fen()), ("6921100045", 429_900));
    let of = detail.of.clone().unwrap();
    assert_eq!((of.sale, of.case), (sale.id, detail.one.case), "the reason is clear: the return is there");
    let [clock] = detail.clocks.as_slice() else { panic!("{:?}", detail.clocks) };
    assert_eq!((clock.clock, clock.hours), (Clock::Answer, Some(48)));
    assert_eq!(clock.due_at.since(clock.from), 48 * 3_600_000);
    assert_eq!(detail.one.due_at, Some(clock.due_at));
    assert_eq!(app::take(&clerk, cells("DY-1", &[(Column::Paid, "1")])).await.unwrap(), (id, false), "nothing changes");
    assert_eq!(seen(&app, "clerk1", id).await.one, detail.one);
    // A second order of the same purchase joins the return that is open.
    let (second, _) = app::take(&clerk, cells("DY-2", &[(Column::Kind, "仅退款")])).await.unwrap();
    assert_eq!(seen(&app, "clerk1", second).await.of.map(|of| of.id), Some(of.id));
    assert_eq!(app::beside(&clerk, of.id).await.unwrap().len(), 2);
}

#[testkit::db_test]
async fn two_calls_at_the_same_moment_make_one_order(db: Db) {
    let (app, _) = start(db).await;
    let (one, two) = (app.ctx("clerk1").await, app.ctx("boss1").await);
    let (first, second) = tokio::join!(app::take(&one, cells("DY-9", &[])), app::take(&two, cells("DY-9", &[])));
    let ((first, _), (second, _)) = (first.unwrap(), second.unwrap());
    assert_eq!(first, second);
    let filter = Filter { show: Show::All, ..Filter::default() };
    assert_eq!(app::list(&one, filter, None, None, 10).await.unwrap().rows.len(), 1);
}

#[testkit::db_test]
async fn what_is_not_clear_waits_for_a_person(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    for (number, more) in [
        ("77001", vec![(Column::Reason, "运输破损")]),
        ("77002", vec![(Column::Sku, "NOBODY"), (Column::Bought, "B-1")]),
        ("77003", vec![(Column::Kind, "维修"), (Column::Bought, "C-1")]),
        ("77004", vec![(Column::Quantity, "2"), (Column::Paid, "99.99"), (Column::Bought, "D-1")]),
    ] {
        let (id, _) = app::take(&clerk, cells(number, &more)).await.unwrap();
        let detail = seen(&app, "clerk1", id).await;
        assert!(detail.of.is_none(), "{number}");
        assert_eq!(detail.sale.is_some(), matches!(number, "77001" | "77003"), "{number}");
    }
    // The return that a person opens from the case is the order's.
    let found = app::list(&clerk, Filter::default(), Some("77001".into()), None, 9).await.unwrap();
    assert!(found.rows.iter().any(|row| row.one.number == "77001"));
    // A platform's own moment counts before the hours; a shop without hours starts no deadline.
    let (id, _) =
        app::take(&clerk, cells("E", &[(Column::Due, "2026-11-23 10:00"), (Column::Bought, "E-1")])).await.unwrap();
    let clock = seen(&app, "clerk1", id).await.clocks.remove(0);
    assert_eq!((clock.hours, clock.source.clone(), clock.due_at.since(clock.from)), (None, None, 24 * 3_600_000));
    let quality = app.ctx("quality").await;
    let mut bare = shop_input(&app, "海川小店", "S1");
    (bare.hours, bare.source) = (platforms::domain::Hours::default(), None);
    app::save_shop(&quality, bare).await.unwrap();
    let (id, _) = app::take(&clerk, cells("F", &[(Column::Shop, "海川小店"), (Column::Bought, "F-1")])).await.unwrap();
    assert!(seen(&app, "clerk1", id).await.clocks.is_empty(), "nothing is guessed");
}

#[testkit::db_test]
async fn a_unit_of_the_sale_comes_back_by_its_serial_number(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    sold(&app, "6921100045", &["BC01"]).await;
    let (id, _) = app::take(&clerk, cells("DY-1", &[])).await.unwrap();
    let of = seen(&app, "clerk1", id).await.of.unwrap();
    let lines = returns::app::detail(&clerk, of.id).await.unwrap().lines;
    assert_eq!(lines.iter().map(|line| line.serial.clone()).collect::<Vec<_>>(), [Some("BC01".to_owned())]);
    // Of two units nobody knows which.
    sold(&app, "6921100046", &["BC02", "BC03"]).await;
    let (id, _) = app::take(&clerk, cells("DY-2", &[(Column::Bought, "6921100046")])).await.unwrap();
    let detail = seen(&app, "clerk1", id).await;
    assert!(detail.of.is_none() && detail.sale.is_some());
}

#[testkit::db_test]
async fn a_table_is_taken_over_once_and_whole(db: Db) {
    let (app, shop) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let good = format!(
        "{HEAD}DY-1,海川旗舰店,退货退款,P-1,2026-11-18,BCD-452W,冰箱,1,\"4,299.00\",4299,质量问题,王**,138****0001,2026-11-21 09:00,,商家投保\n\
         DY-2,,仅退款,P-2,2026/11/19 12:00,BCD-452W,冰箱,1,¥4299,100,少件,,,2026-11-21 10:00,2026-11-22 18:00,无\n"
    );
    let wanted = table(Some(&shop), &good);
    let preview = app::preview(&clerk, &wanted).await.unwrap();
    assert_eq!((preview.count(Fate::New), preview.missing.len()), (2, 0), "{preview:?}");
    let done = app::import(&clerk, wanted.clone()).await.unwrap();
    assert_eq!((done.made.len(), done.known), (2, 0));
    assert_eq!(done.made.iter().map(|(.., joined)| *joined).collect::<Vec<_>>(), [true, false]);
    let again = app::import(&clerk, wanted).await.unwrap();
    assert_eq!((again.made.len(), again.known), (0, 2), "the same table twice changes nothing");
    let bad = format!(
        "{HEAD}DY-3,海川旗舰店,退货退款,P-3,2026-11-18,BCD-452W,冰箱,1,4299,,质量问题,,,2026-11-21,,\n\
         DY-4,海川旗舰店,价保,P-4,2026-11-23,BCD-452W,冰箱,0,abc,,,,,2026-11-30,2026-11-01,也许\n\
         DY-3,没有这家店,退货退款,P-5,2026-11-18,,,1,100,200,,,12,2024-01-01,,\n\
         DY-3,海川旗舰店,退货退款,P-6,2026-11-18,X,,1,100,200,,,,昨天,,\n"
    );
    let wanted = table(None, &bad);
    let fault = app::import(&clerk, wanted.clone()).await.unwrap_err();
    let wrong: Vec<(String, &str)> = fault.fields().iter().map(|error| (error.field.clone(), error.code)).collect();
    for expected in [
        ("items.1.kind", "unknown"),
        ("items.1.quantity", "number-range"),
        ("items.1.paid", "money-format"),
        ("items.1.applied_at", "future"),
        ("items.1.due_at", "platforms-until"),
        ("items.1.insurance", "unknown"),
        ("items.2.shop", "unknown"),
        ("items.2.goods", "required"),
        ("items.2.asked", "platforms-beyond-paid"),
        ("items.2.applied_at", "platforms-too-old"),
        ("items.3.number", "platforms-twice"),
        ("items.3.applied_at", "platforms-time"),
    ] {
        assert!(wrong.iter().any(|(field, code)| (field.as_str(), *code) == expected), "{expected:?} {wrong:?}");
    }
    assert!(!wrong.iter().any(|(field, _)| field.starts_with("items.0")), "{wrong:?}");
    let all = Filter { show: Show::All, ..Filter::default() };
    assert_eq!(app::counts(&clerk, vec![all.clone()]).await.unwrap(), [2], "nothing half done");
    let missing = app::import(&clerk, table(None, "售后单号,金额\nX,1\n")).await.unwrap_err();
    assert!(missing.fields().of("kind").is_some() && missing.fields().of("bought_number").is_some());
    // Another store's people see nothing of it and take nothing over for this shop.
    let other = app.ctx("clerk2").await;
    assert_eq!(app::counts(&other, vec![all]).await.unwrap(), [0]);
    let fault = app::take(&other, cells("DY-7", &[])).await.unwrap_err();
    assert_eq!(fault.fields().of("shop").map(|error| error.code), Some("unknown"));
    assert_eq!(app::take(&app.ctx("tech1").await, cells("DY-7", &[])).await.unwrap_err().kind(), FaultKind::Forbidden);
}

#[testkit::db_test]
async fn programs_send_orders(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.as_user("clerk1").await;
    let body = json!({
        "shop": "海川旗舰店", "number": "DY-1", "kind": "return_refund", "bought_number": "P-1", "bought_on": "2026-11-18T10:00:00+08:00",
        "sku": "BCD-452W", "goods": "冰箱", "quantity": 1, "paid": 429_900, "asked": 429_900, "reason": "质量问题",
        "insurance": "shop",
    });
    let made = clerk.json("POST", "/api/v1/platform-orders", &[], &body).await.expect(201).json();
    assert_eq!((made["paid"].clone(), made["insurance_state"].clone()), (json!(429_900), json!("insured")));
    assert_eq!(made["clocks"][0]["clock"], json!("answer"));
    let again = clerk.json("POST", "/api/v1/platform-orders", &[], &body).await.expect(200).json();
    assert_eq!(again["id"], made["id"]);
    let href = format!("/api/v1/platform-orders/{}", made["id"].as_str().unwrap());
    for (wrong, field) in [
        (json!({ "paid": -1 }), "paid"),
        (json!({ "asked": 430_000 }), "asked"),
        (json!({ "quantity": 0 }), "quantity"),
        (json!({ "applied_at": "2027-01-01" }), "applied_at"),
    ] {
        let mut body = body.clone();
        body["number"] = json!("DY-2");
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let fault = clerk.json("POST", "/api/v1/platform-orders", &[], &body).await.expect(422).text();
        assert!(fault.contains(&format!("\"{field}\"")), "{field} {fault}");
    }
    let whole = clerk.get(&href).await.expect(200);
    let version = whole.header("etag").to_owned();
    let tag = [("If-Match", version.as_str())];
    clerk.json("POST", &format!("{href}/agree"), &[], &json!({})).await.expect(428);
    let agreed = clerk.json("POST", &format!("{href}/agree"), &tag, &json!({})).await.expect(200).json();
    assert_eq!(
        (agreed["state"].clone(), agreed["clocks"][1]["clock"].clone()),
        (json!("returning"), json!("ship_back"))
    );
    clerk.json("POST", &format!("{href}/agree"), &tag, &json!({})).await.expect(412);
    let tag = format!("\"v{}\"", agreed["version"]);
    let tag = [("If-Match", tag.as_str())];
    clerk.json("POST", &format!("{href}/agree"), &tag, &json!({})).await.expect(409);
    clerk.json("POST", &format!("{href}/dance"), &tag, &json!({})).await.expect(404);
    let paid = json!({ "insurance_by": "shop", "insurance_state": "paid", "insurance_amount": 1_800 });
    let insured = clerk.json("POST", &format!("{href}/insurance"), &tag, &paid).await.expect(200).json();
    assert_eq!(insured["insurance_amount"], json!(1_800));
    let list = clerk.get("/api/v1/platform-orders?show=all&platform=douyin").await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(clerk.get("/api/v1/platform-shops").await.expect(200).json()[0]["answer_hours"], json!(48));
    app.as_user("clerk2").await.get(&href).await.expect(404);
    clerk.get("/api/v1/platform-orders/x").await.expect(404);
}

#[testkit::db_test]
async fn an_amount_is_money(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let (id, _) =
        app::take(&clerk, cells("DY-1", &[(Column::Paid, "￥4,299.50 元"), (Column::Asked, "4299.5")])).await.unwrap();
    assert_eq!(seen(&app, "clerk1", id).await.one.asked, Money::from_fen(429_950));
}
