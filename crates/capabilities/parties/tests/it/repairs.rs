use db::Db;
use kernel::{FaultKind, Id, of};
use parties::app;
use parties::domain::{RepairInput, Source};
use parties::verdict::Judged;
use remedies::Remedy;
use testapp::TestApp;

use crate::goods::{fridge, sold, start};

fn repair(began: &str, ended: Option<&str>) -> RepairInput {
    RepairInput {
        body: "不制冷，加制冷剂".into(),
        began: began.into(),
        ended: ended.map(str::to_owned),
        done_by: "own".into(),
        proof: Some(format!("FW{began}")),
        ..RepairInput::default()
    }
}

async fn unit(app: &TestApp) -> Id<of::SerialUnit> {
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let clerk = app.ctx("clerk1").await;
    let mut sale = sold("R-1", "BCD0471799");
    sale.day = "2026-03-12".into();
    let sale = app::create_sale(&clerk, app.unit("S1"), &sale).await.unwrap();
    app::get_sale(&clerk, sale.id).await.unwrap().units[0].unit.id
}

fn open(judged: &Judged) -> Vec<Remedy> {
    judged.verdict().unwrap().remedies.iter().map(|open| open.remedy).collect()
}

#[testkit::db_test]
async fn two_proved_repairs_change_the_verdict(db: Db) {
    let app = start(db).await;
    let unit = unit(&app).await;
    let clerk = app.ctx("clerk1").await;
    let before = app::unit_verdict(&clerk, unit).await.unwrap().unwrap();
    assert_eq!(before.facts.category.as_deref(), Some("fridge"));
    assert!(!open(&before).contains(&Remedy::Exchange), "{:?}", open(&before));
    app::note_repair(&clerk, unit, None, &repair("2026-06-01", Some("2026-06-06")), Vec::new()).await.unwrap();
    // The maker's outlet: without the photo of its record it is on record, but does not count.
    let maker = RepairInput { done_by: "maker".into(), ..repair("2026-10-01", Some("2026-10-12")) };
    let kept = app::note_repair(&clerk, unit, None, &maker, Vec::new()).await.unwrap();
    assert!(!kept.counted);
    let one = app::unit_verdict(&clerk, unit).await.unwrap().unwrap();
    assert_eq!((one.facts.repairs_done, one.facts.days_in_repair), (Some(1), Some(18)));
    let own = repair("2026-10-01", Some("2026-10-12"));
    app::note_repair(&clerk, unit, Some((kept.id, 1)), &own, Vec::new()).await.unwrap();
    let two = app::unit_verdict(&clerk, unit).await.unwrap().unwrap();
    assert_eq!(two.facts.repairs_done, Some(2));
    let changed = open(&two).contains(&Remedy::Exchange)
        || two.verdict().unwrap().possible.iter().any(|open| open.remedy == Remedy::Exchange);
    assert!(changed, "{:?}", two.verdict());
    let file = app::get_unit(&clerk, unit).await.unwrap();
    assert_eq!(file.row.unit.repairs, 2, "the count that the scan shows");
    assert!(
        file.layers
            .iter()
            .all(|one| one.layer != parties::domain::cover::Layer::Beyond(Source::Sale) || one.promise.is_none())
    );
}

#[testkit::db_test]
async fn what_cannot_be_is_said_at_its_field_and_a_day_is_taken_once(db: Db) {
    let app = start(db).await;
    let unit = unit(&app).await;
    let clerk = app.ctx("clerk1").await;
    let wrong = RepairInput {
        body: " ".into(),
        began: "2026-10-05".into(),
        ended: Some("2026-10-01".into()),
        fault: "broken".into(),
        ..RepairInput::default()
    };
    let fault = app::note_repair(&clerk, unit, None, &wrong, Vec::new()).await.unwrap_err();
    let fields: Vec<&str> = fault.fields().iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["body", "fault", "ended"]);
    let long = RepairInput { parts_days: 9, ..repair("2026-10-01", Some("2026-10-03")) };
    let fault = app::note_repair(&clerk, unit, None, &long, Vec::new()).await.unwrap_err();
    assert!(fault.fields().of("parts_days").is_some());
    let good = repair("2026-10-01", None);
    let open = app::note_repair(&clerk, unit, None, &good, Vec::new()).await.unwrap();
    let again = app::note_repair(&clerk, unit, None, &good, Vec::new()).await.unwrap_err();
    assert!(again.fields().of("began").is_some());
    let done = repair("2026-10-01", Some("2026-10-09"));
    app::note_repair(&clerk, unit, Some((open.id, 1)), &done, Vec::new()).await.unwrap();
    let stale = app::note_repair(&clerk, unit, Some((open.id, 1)), &done, Vec::new()).await.unwrap_err();
    assert_eq!(stale.kind(), FaultKind::Stale);
    let other = app::note_repair(&app.ctx("clerk3").await, unit, None, &done, Vec::new()).await.unwrap_err();
    assert_eq!(other.kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn history_is_pasted_row_by_row_and_goods_are_placed_by_headquarters(db: Db) {
    let app = start(db).await;
    let unit = unit(&app).await;
    let clerk = app.as_user("clerk1").await;
    let store = app.unit("S1").to_string();
    let text = "序列号\t故障\nBCD0471799\t不制冷\t性能故障\t2026-05-01\t2026-05-03\t0\t厂家\tGD-1\nNONE\t坏\t\t2026-05-01\t2026-05-02\n";
    let looked = clerk.post("/units/repairs/paste", &[("store", &store), ("text", text)]).await.expect(200).main();
    assert!(looked.contains("可以保存 1 行"), "{looked}");
    let fields = [("store", store.as_str()), ("text", text), ("save", "yes")];
    clerk.post("/units/repairs/paste", &fields).await.expect(200);
    let (row, repairs) = app::repairs(&app.ctx("clerk1").await, unit).await.unwrap();
    assert_eq!((row.unit.repairs, repairs.len()), (1, 1), "the maker's work order proves what is long past");
    let page = clerk.get(&format!("/units/{unit}")).await.expect(200).main();
    assert!(page.contains("已计次") && page.contains("GD-1"), "{page}");
    let listed = clerk.get(&format!("/api/v1/units/{unit}/repairs")).await.expect(200).json();
    assert_eq!(listed["items"][0]["counted"], true);

    let quality = app.as_user("quality").await;
    let list = quality.get("/settings/law-categories").await.expect(200).main();
    assert!(list.contains("冰箱"), "{list}");
    let fields = [("goods", "fridge"), ("law", "other"), ("version", "1")];
    quality.post("/settings/law-categories", &fields).await.expect(303);
    quality
        .post("/settings/law-categories", &[("goods", "fridge"), ("law", "washer"), ("version", "1")])
        .await
        .expect(412);
    let bad = [("goods", "fridge"), ("law", "spaceship"), ("version", "2")];
    quality.post("/settings/law-categories", &bad).await.expect(422);
    let general = app::unit_verdict(&app.ctx("clerk1").await, unit).await.unwrap().unwrap();
    assert_eq!(general.facts.category.as_deref(), Some("other"));
    clerk.get("/settings/law-categories").await.expect(403);
}
