use db::Db;
use platforms::app;

use crate::shop::{PNG, cells, seen, start};

#[testkit::db_test]
async fn every_page_shows_what_it_is_for_and_keeps_what_was_typed(db: Db) {
    let (app, shop) = start(db).await;
    let clerk = app.as_user("clerk1").await;
    assert!(clerk.get("/platform-orders").await.expect(200).main().contains("没有待处理的平台售后单"));
    let text = "售后单号\t店铺\t售后类型\t订单编号\t下单时间\t商家编码\t实付金额\t售后原因\t申请时间\nDY-1\t海川旗舰店\t退货退款\tP-1\t2026-11-18\tBCD-452W\t4299\t质量问题\t2026-11-22 10:00\n";
    assert!(clerk.get("/platform-orders/import").await.expect(200).main().contains("海川旗舰店"));
    let looked = clerk.post("/platform-orders/import", &[("text", text)]).await.expect(200).main();
    assert!(looked.contains("新单 1") && looked.contains("DY-1"), "{looked}");
    let bad = text.replace("4299", "x");
    let wrong = clerk.post("/platform-orders/import", &[("text", &bad), ("take", "yes")]).await.expect(422).main();
    assert!(wrong.contains("实付：") && wrong.contains("有错 1"), "{wrong}");
    let done = clerk.post("/platform-orders/import", &[("text", text), ("take", "yes")]).await.expect(200).main();
    assert!(done.contains("导入 1 单"), "{done}");
    clerk.post("/platform-orders/import", &[("text", "")]).await.expect(422);
    let (id, new) = app::take(&app.ctx("clerk1").await, cells("DY-1", &[])).await.unwrap();
    assert!(!new);
    let list = clerk.get("/platform-orders?q=DY-1&platform=douyin").await.expect(200).main();
    assert!(list.contains("DY-1") && list.contains("抖音"), "{list}");
    assert!(clerk.get("/platform-orders?platform=jd").await.expect(200).main().contains("没有符合条件"));
    let href = format!("/platform-orders/{id}");
    let detail = clerk.get(&href).await.expect(200).main();
    for told in ["处理时限", "48 小时", "平台规则页 2026-11-01 核对", "退换货单"] {
        assert!(detail.contains(told), "{told} {detail}");
    }
    let english = app.as_user("clerk1").await.in_english().get(&href).await.expect(200).main();
    assert!(english.contains("Answer by") && english.contains("Douyin"), "{english}");
    let one = seen(&app, "clerk1", id).await.one;
    let version = one.version.to_string();
    assert!(clerk.get(&format!("{href}/do/agree")).await.expect(200).main().contains("同意申请"));
    clerk.get(&format!("{href}/do/complete")).await.expect(409);
    let late = [("version", version.as_str()), ("at", "2027-01-01T10:00")];
    let again = clerk.post(&format!("{href}/do/agree"), &late).await.expect(422).main();
    assert!(again.contains("2027-01-01T10:00"), "{again}");
    clerk.post(&format!("{href}/do/agree"), &[("version", &version)]).await.expect(303);
    clerk.post(&format!("{href}/do/agree"), &[("version", &version)]).await.expect(412);
    let version = seen(&app, "clerk1", id).await.one.version.to_string();
    let files = [("unboxing", "a.png", "image/png", PNG), ("weighing", "b.png", "image/png", PNG)];
    let fields = [("version", version.as_str()), ("weight", "61300")];
    clerk.post_files(&format!("{href}/do/receive"), &fields, &files).await.expect(303);
    let after = clerk.get(&href).await.expect(200).main();
    assert!(after.contains("61.3 千克") && after.contains("/small"), "{after}");
    clerk.get(&format!("{href}/insurance")).await.expect(200);
    let version = seen(&app, "clerk1", id).await.one.version.to_string();
    let wrong = [
        ("version", version.as_str()),
        ("insurance_by", "none"),
        ("insurance_state", "paid"),
        ("insurance_amount", "12"),
    ];
    clerk.post(&format!("{href}/insurance"), &wrong).await.expect(422);
    let right = [
        ("version", version.as_str()),
        ("insurance_by", "shop"),
        ("insurance_state", "paid"),
        ("insurance_amount", "12"),
    ];
    clerk.post(&format!("{href}/insurance"), &right).await.expect(303);
    assert!(clerk.get(&href).await.expect(200).main().contains("已赔付"));
    let of = one.of.unwrap();
    let whole = clerk.get(&format!("/returns/{of}")).await.expect(200).main();
    assert!(whole.contains("/platform-orders/beside"), "{whole}");
    let piece = format!("/platform-orders/beside?return={of}");
    let beside = clerk.send("GET", &piece, &[("hx-request", "true")], Vec::new());
    assert!(beside.await.expect(200).text().contains("退款时限"));
    clerk.get(&piece).await.expect(303);
    assert!(clerk.get("/platform-shops").await.expect(200).main().contains("海川旗舰店"));
    clerk.get("/platform-shops/new").await.expect(403);
    let quality = app.as_user("quality").await;
    quality.get("/platform-shops/new").await.expect(200);
    let page = quality.get(&format!("/platform-shops/{}", shop.id)).await.expect(200).main();
    assert!(page.contains("平台规则页 2026-11-01 核对"), "{page}");
    let store = app.unit("S2").to_string();
    let fields = [
        ("version", "0"),
        ("platform", "jd"),
        ("name", "海川京东"),
        ("store", store.as_str()),
        ("answer_hours", "0"),
        ("active", "yes"),
    ];
    quality.post("/platform-shops/new", &fields).await.expect(422);
    let fields =
        [("version", "0"), ("platform", "jd"), ("name", "海川京东"), ("store", store.as_str()), ("active", "yes")];
    quality.post("/platform-shops/new", &fields).await.expect(303);
    app.as_user("clerk2").await.get(&href).await.expect(404);
}
