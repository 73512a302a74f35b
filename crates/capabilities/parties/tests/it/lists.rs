//! Categories and causes as the company keeps them: order, names, ends, conflicts, journal, pages and API.

use db::Db;
use kernel::FaultKind;
use parties::app::{self, EntryAct};
use parties::domain::{CauseKind, EntryInput, List, ListEntry};
use serde_json::json;

use crate::goods::start;

fn named(name_zh: &str, name_en: &str) -> EntryInput {
    EntryInput { name_zh: name_zh.into(), name_en: Some(name_en.into()), ..EntryInput::default() }
}

fn codes(entries: &[ListEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.code.as_str()).collect()
}

const CAUSES: [&str; 13] = [
    "product",
    "installation",
    "delivery",
    "usage",
    "service",
    "information",
    "repair_late",
    "repair_again",
    "manner",
    "refund_late",
    "fees",
    "oversold",
    "other",
];

#[testkit::db_test]
async fn what_is_shipped_is_there_in_its_order(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let causes = app::entries(&clerk, List::Causes).await.unwrap();
    assert_eq!(codes(&causes), CAUSES);
    assert_eq!(
        (causes[0].name_in("zh-CN"), causes[0].name_in("en"), causes[0].version),
        ("商品质量", "Product quality", 1)
    );
    let goods = app::entries(&clerk, List::Goods).await.unwrap();
    assert_eq!((goods.len(), goods[0].code.as_str(), goods[17].code.as_str()), (18, "washer", "general"));
    assert!(goods[0].words.contains(&"滚筒".to_owned()));
    let groups = app::entries(&clerk, List::Groups).await.unwrap();
    assert_eq!((groups.len(), groups[2].name_in("zh-CN"), groups[14].code.as_str()), (15, "空调", "general"));
}

#[testkit::db_test]
async fn a_list_is_added_to_ordered_renamed_and_ended(db: Db) {
    let app = start(db).await;
    let (clerk, quality) = (app.ctx("clerk1").await, app.ctx("quality").await);
    let list = List::Causes;
    let new = EntryInput { position: Some(2), ..named("包装", "Packaging") };
    assert_eq!(app::add_entry(&clerk, list, &new).await.unwrap_err().kind(), FaultKind::NotFound);
    let made = app::add_entry(&quality, list, &new).await.unwrap();
    assert_eq!((made.code.as_str(), made.own, made.ordinal, made.version), ("包装", true, 2, 1));
    let all = app::entries(&quality, list).await.unwrap();
    assert_eq!(codes(&all)[..3], ["product", "包装", "installation"]);
    for (input, field) in [
        (named("包装", "x"), "name_zh"),
        (named("别的", "PACKAGING"), "name_en"),
        (named(" ", "x"), "name_zh"),
        (EntryInput { position: Some(0), ..named("别的", "x") }, "position"),
        (EntryInput { words: Some("箱".into()), ..named("别的", "x") }, "words"),
        (named("a\0", "x"), "name_zh"),
    ] {
        let fault = app::add_entry(&quality, list, &input).await.unwrap_err();
        assert!(fault.fields().of(field).is_some(), "{input:?}: {fault:?}");
    }
    // Renamed and moved at once; the code stays.
    let input = EntryInput { position: Some(8), ..named("包装破损", "Damaged packaging") };
    let changed = app::edit_entry(&quality, list, made.id, 1, &input).await.unwrap();
    assert_eq!((changed.code.as_str(), changed.version, changed.ordinal), ("包装", 2, 8));
    let same = EntryInput { position: None, ..input.clone() };
    assert_eq!(app::edit_entry(&quality, list, made.id, 2, &same).await.unwrap().version, 2, "nothing to do");
    assert_eq!(app::edit_entry(&quality, list, made.id, 1, &same).await.unwrap_err().kind(), FaultKind::Stale);
    // Ended and offered again.
    let ended = app::act_on_entry(&quality, list, made.id, 2, EntryAct::Retire).await.unwrap();
    assert_eq!((ended.retired_on.map(|day| day.to_string()).as_deref(), ended.version), (Some("2026-11-22"), 3));
    assert_eq!(app::act_on_entry(&quality, list, made.id, 3, EntryAct::Retire).await.unwrap().version, 3);
    let again = app::add_entry(&quality, list, &named("包装破损", "Damaged packaging")).await.unwrap();
    assert_eq!(again.code, "包装破损");
    let fault = app::act_on_entry(&quality, list, made.id, 3, EntryAct::Restore).await.unwrap_err();
    assert!(fault.fields().of("name_zh").is_some(), "its name is taken by now");
    app::act_on_entry(&quality, list, again.id, 1, EntryAct::Retire).await.unwrap();
    assert_eq!(app::act_on_entry(&quality, list, made.id, 3, EntryAct::Restore).await.unwrap().retired_on, None);
    // A third one with that name has a code of its own.
    app::edit_entry(&quality, list, made.id, 4, &named("箱子", "Box")).await.unwrap();
    assert_eq!(app::add_entry(&quality, list, &named("包装", "Wrap")).await.unwrap().code, "包装 2");
    let other = all.iter().find(|entry| entry.code == "other").unwrap();
    let fault = app::act_on_entry(&quality, list, other.id, 1, EntryAct::Retire).await.unwrap_err();
    assert_eq!((fault.kind(), fault.code()), (FaultKind::Refused, "parties-list-fallback"));
    // Everything is in the journal, with what was and what is.
    let told = app
        .house
        .db
        .read(made.record(list), |tx, record| Box::pin(async move { journal::of_record(tx, record, None, 100).await }))
        .await
        .unwrap();
    let verbs: Vec<&str> = told.iter().map(|entry| entry.verb.as_str()).collect();
    assert_eq!(verbs, ["added", "changed", "retired", "restored", "changed"].map(|verb| format!("list_entry.{verb}")),);
    let change = |field: &str| {
        let change = told[1].changes.iter().find(|change| change.field == field).unwrap();
        (change.before.clone().unwrap_or_default(), change.after.clone().unwrap_or_default())
    };
    assert_eq!(change("name_zh"), ("包装".to_owned(), "包装破损".to_owned()));
    assert_eq!(change("position"), ("2".to_owned(), "8".to_owned()));
}

#[testkit::db_test]
async fn a_cause_says_where_it_is_offered(db: Db) {
    let app = start(db).await;
    let quality = app.ctx("quality").await;
    let list = List::Causes;
    let of = |kind| EntryInput { kind: Some(kind), ..named("包装", "Packaging") };
    let made = app::add_entry(&quality, list, &of(CauseKind::Case)).await.unwrap();
    // The other place may have one with its name; a place that overlaps may not.
    let other = app::add_entry(&quality, list, &of(CauseKind::Complaint)).await.unwrap();
    assert_eq!((made.code.as_str(), other.code.as_str()), ("包装", "包装 2"));
    let fault = app::edit_entry(&quality, list, made.id, 1, &of(CauseKind::Both)).await.unwrap_err();
    assert!(fault.fields().of("name_zh").is_some());
    let all = app::entries(&quality, list).await.unwrap();
    let rest = all.iter().find(|entry| entry.code == "other").unwrap();
    let narrower = EntryInput { kind: Some(CauseKind::Case), ..named("其他", "Other") };
    let fault = app::edit_entry(&quality, list, rest.id, 1, &narrower).await.unwrap_err();
    assert!(fault.fields().of("kind").is_some(), "what stands for everything else is offered everywhere");
    let fault = app::add_entry(&quality, List::Goods, &of(CauseKind::Case)).await.unwrap_err();
    assert!(fault.fields().of("kind").is_some(), "only causes have one");
    app::act_on_entry(&quality, list, other.id, 1, EntryAct::Retire).await.unwrap();
    let wider = app::edit_entry(&quality, list, made.id, 1, &of(CauseKind::Both)).await.unwrap();
    assert_eq!((wider.kind, wider.version), (CauseKind::Both, 2));
    // Left out, it stays.
    assert_eq!(app::edit_entry(&quality, list, made.id, 2, &named("外箱", "Box")).await.unwrap().kind, CauseKind::Both);
    let page = app.as_user("quality").await.get("/settings/lists/causes").await.expect(200).main();
    assert!(page.contains("维修不及时") && page.contains("服务单和投诉"), "{page}");
    let typed = [("name_zh", "少件"), ("kind", "complaint")];
    app.as_user("quality").await.post("/settings/lists/causes", &typed).await.expect(303);
    let bad = [("name_zh", "少发"), ("kind", "x")];
    app.as_user("quality").await.post("/settings/lists/causes", &bad).await.expect(422);
}

#[testkit::db_test]
async fn goods_have_words_by_which_they_are_known(db: Db) {
    let app = start(db).await;
    let quality = app.ctx("quality").await;
    let input = EntryInput { words: Some("投影仪，Projector".into()), ..named("投影仪", "Projector") };
    let made = app::add_entry(&quality, List::Goods, &input).await.unwrap();
    assert_eq!(made.words, ["投影仪", "projector"]);
    let held = app::get_entry(&quality, List::Goods, made.id).await.unwrap();
    assert_eq!(held.words, made.words);
    app::edit_entry(&quality, List::Goods, made.id, 1, &named("投影仪", "Projector")).await.unwrap();
    assert!(app::get_entry(&quality, List::Goods, made.id).await.unwrap().words.is_empty());
    assert_eq!(
        app::get_entry(&app.ctx("clerk1").await, List::Goods, made.id).await.unwrap_err().kind(),
        FaultKind::NotFound
    );
}

#[testkit::db_test]
async fn lists_over_the_api(db: Db) {
    let app = start(db).await;
    let (clerk, quality) = (app.as_user("clerk1").await, app.as_user("quality").await);
    let listed = clerk.get("/api/v1/lists/causes").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), CAUSES.len());
    assert_eq!((&listed["items"][3]["kind"], &listed["items"][6]["kind"]), (&json!("case"), &json!("complaint")));
    clerk.get("/api/v1/lists/nothing").await.expect(404);
    app.anybody().get("/api/v1/lists/causes").await.expect(401);
    let path = "/api/v1/lists/product-groups";
    let body = json!({"name_zh": "投影仪", "name_en": "Projectors"});
    clerk.json("POST", path, &[], &body).await.expect(403);
    let made = quality.json("POST", path, &[], &body).await.expect(201);
    assert_eq!(made.header("etag"), "\"v1\"");
    let one = format!("{path}/{}", made.json()["id"].as_str().unwrap());
    quality.json("POST", path, &[], &body).await.expect(422);
    let change = json!({"name_en": "Projector", "position": 1});
    quality.json("PATCH", &one, &[], &change).await.expect(428);
    let changed = quality.json("PATCH", &one, &[("if-match", "\"v1\"")], &change).await.expect(200);
    assert_eq!((changed.header("etag"), &changed.json()["name_en"]), ("\"v2\"", &json!("Projector")));
    quality.json("PATCH", &one, &[("if-match", "\"v1\"")], &change).await.expect(412);
    quality.json("PATCH", &one, &[("if-match", "\"v2\"")], &json!({"words": "x"})).await.expect(422);
    quality.json("PATCH", &format!("{path}/77"), &[("if-match", "\"v1\"")], &change).await.expect(404);
    let first = clerk.get(path).await.expect(200).json();
    assert_eq!(first["items"][0]["code"], "投影仪");
    quality.json("POST", &format!("{one}/retire"), &[("if-match", "\"v2\"")], &json!({})).await.expect(200);
    assert_eq!(clerk.get(path).await.expect(200).json()["items"].as_array().unwrap().len(), 15);
    let all = clerk.get(&format!("{path}?all=true")).await.expect(200).json();
    assert_eq!(all["items"][0]["retired_on"], "2026-11-22");
    let fallback = all["items"].as_array().unwrap().iter().find(|entry| entry["code"] == "general").unwrap();
    let fallback = format!("{path}/{}/retire", fallback["id"].as_str().unwrap());
    let refused = quality.json("POST", &fallback, &[("if-match", "\"v1\"")], &json!({})).await.expect(409).json();
    assert_eq!(refused["code"], "parties-list-fallback");
    let back = quality.json("POST", &format!("{one}/restore"), &[("if-match", "\"v3\"")], &json!({})).await;
    assert_eq!(back.expect(200).header("etag"), "\"v4\"");
}

#[testkit::db_test]
async fn lists_on_the_screen(db: Db) {
    let app = start(db).await;
    let quality = app.as_user("quality").await;
    app.as_user("clerk1").await.get("/settings/lists/causes").await.expect(403);
    let page = quality.get("/settings/lists/causes").await.expect(200).main();
    assert!(page.contains("商品质量") && page.contains("兜底，不能停用") && page.contains("复制到 Excel"), "{page}");
    quality.get("/settings/lists/nothing").await.expect(404);
    let path = "/settings/lists/goods";
    let added = quality.post(path, &[("name_zh", "投影仪"), ("words", "投影仪"), ("position", "1")]).await.expect(303);
    assert_eq!(added.location(), "/settings/lists/goods?done=added");
    let again = quality.post(path, &[("name_zh", "投影仪")]).await.expect(422).main();
    assert!(again.contains("已经有这个名称"));
    let goods = app::entries(&app.ctx("quality").await, List::Goods).await.unwrap();
    let one = format!("{path}/{}", goods[0].id);
    let form = quality.get(&one).await.expect(200).main();
    assert!(form.contains("投影仪") && form.contains("name=\"version\" value=\"1\""));
    let fallback = goods.iter().find(|entry| entry.code == "general").unwrap();
    let refused = quality.post(&format!("{path}/{}/retire", fallback.id), &[("version", "1")]).await.expect(409);
    assert!(refused.main().contains("这一项兜底"));
    let typed =
        [("version", "1"), ("name_zh", "投影机"), ("name_en", "Projector"), ("position", "1"), ("words", "投影")];
    quality.post(&one, &typed).await.expect(303);
    let old =
        [("version", "1"), ("seen.name_zh", "投影仪"), ("name_zh", "投影电视"), ("name_en", ""), ("position", "1")];
    let clash = quality.post(&one, &old).await.expect(412).main();
    assert!(clash.contains("投影机") && clash.contains("投影电视"), "both are shown: {clash}");
    quality.post(&one, &[("version", "2"), ("name_zh", ""), ("position", "1")]).await.expect(422);
    quality.post(&format!("{one}/retire"), &[("version", "1")]).await.expect(412);
    quality.post(&format!("{one}/retire"), &[("version", "2")]).await.expect(303);
    let page = quality.get("/settings/lists/goods?done=retired").await.expect(200).main();
    assert!(page.contains("停用") && page.contains("恢复"));
    quality.post(&format!("{one}/restore"), &[("version", "3")]).await.expect(303);
    let english = app.as_user("quality").await.in_english();
    assert!(english.get("/settings/lists/product-groups").await.expect(200).main().contains("Washing machine"));
}
