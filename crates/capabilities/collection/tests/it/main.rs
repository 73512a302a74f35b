//! Complaints taken over and patrols, on both engines.
#![cfg(test)]

mod callbacks;

use capability::Capability;
use collection::app::{self, Fate, Heard, Wanted};
use collection::domain::{Category, EntryState, Field, Source};
use collection::store::Filter;
use complaints::domain::Source as Came;
use db::Db;
use kernel::{Fault, FaultKind, Id, of};
use testapp::TestApp;

fn capabilities() -> Vec<Capability> {
    vec![
        notices::capability(),
        approvals::capability(),
        parties::capability(),
        cases::capability(),
        complaints::capability(),
        collection::capability(),
    ]
}

async fn shop(db: Db) -> TestApp {
    TestApp::start(db, capabilities).await
}

const SHEET: &str = "登记编号,投诉时间,诉求内容,姓名,联系电话,门店,颜色\n\
    12315-001,2026-11-20 09:30,=HYPERLINK(\"x\") 空调漏水没人管,王芳,13800001111,S1,白\n\
    12315-002,2026/11/21,退款一个月没到账,李雷,138****2222,二店,\n";

fn wanted(app: &TestApp, source: Source, sheet: &str) -> Wanted {
    let lines = tables::read(sheet.as_bytes()).unwrap();
    Wanted {
        source,
        store: Some(app.unit("S1")),
        columns: lines[0].iter().map(|head| Field::guess(head)).collect(),
        lines: lines[1..].to_vec(),
    }
}

async fn of(app: &TestApp, id: Id<of::Case>) -> (cases::store::Case, Option<complaints::store::Complaint>) {
    app.house
        .db
        .read(id, |tx, id| {
            Box::pin(async move {
                let case = cases::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                Ok::<_, Fault>((case, complaints::store::get(tx, *id).await?))
            })
        })
        .await
        .unwrap()
}

#[testkit::db_test]
async fn a_table_is_taken_over_once_and_whole(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let table = wanted(&app, Source::Regulator, SHEET);
    let looked = app::preview(&quality, &table).await.unwrap();
    assert_eq!((looked.count(Fate::New), looked.count(Fate::Wrong)), (2, 0), "{looked:?}");
    let done = app::import(&quality, table.clone()).await.unwrap();
    assert_eq!((done.made.len(), done.known), (2, 0));
    let (case, complaint) = of(&app, done.made[0].1).await;
    assert_eq!(case.happened_at.to_string(), "2026-11-20T01:30:00.000Z");
    assert_eq!(case.created_at, app.clock.now(), "when it was typed in is kept beside it");
    assert!(case.body.starts_with("=HYPERLINK"), "text stays text");
    assert_eq!(complaint.unwrap().source, Came::Regulator);
    let (hidden, _) = of(&app, done.made[1].1).await;
    assert!(hidden.customer.is_none() && hidden.body.contains("138****2222"), "a hidden number opens no file");
    assert_eq!(hidden.store, app.unit("S2"));

    let again = app::import(&quality, table.clone()).await.unwrap();
    assert_eq!((again.made.len(), again.known), (0, 2), "the same file twice makes nothing twice");
    let elsewhere = Wanted { source: Source::Jd, ..table.clone() };
    assert_eq!(app::import(&quality, elsewhere).await.unwrap().made.len(), 2, "a number is unique within its source");

    let wrong =
        "单号,时间,内容,电话,门店\nA1,昨天,坏了,12,S1\nA2,2027-01-01,坏了,,S9\nA3,,,,S1\nA4,,好的,,S1\nA4,,又来,,S1";
    let table = wanted(&app, Source::Other, wrong);
    let looked = app::preview(&quality, &table).await.unwrap();
    assert_eq!((looked.count(Fate::New), looked.count(Fate::Wrong)), (1, 4), "{looked:?}");
    let fault = app::import(&quality, table).await.unwrap_err();
    for field in [
        "items.0.happened_at",
        "items.0.phone",
        "items.1.happened_at",
        "items.1.store",
        "items.2.body",
        "items.4.number",
    ] {
        assert!(fault.fields().of(field).is_some(), "{field}: {:?}", fault.fields());
    }
    let good = wanted(&app, Source::Other, "单号,内容\nA4,好的");
    assert_eq!(app::import(&quality, good).await.unwrap().made.len(), 1, "nothing of the wrong table was taken over");
    let boss = app.ctx("boss1").await;
    let far = wanted(&app, Source::Other, "单号,内容,门店\nB1,不是我的店,S2");
    assert!(app::import(&boss, far).await.unwrap_err().fields().of("items.0.store").is_some());
    let clerk = app.ctx("clerk1").await;
    let table = wanted(&app, Source::Other, SHEET);
    assert_eq!(app::import(&clerk, table).await.unwrap_err().kind(), FaultKind::Forbidden);
    assert_eq!(app::recent(&boss).await.unwrap().len(), 3, "within reach");
}

#[testkit::db_test]
async fn what_an_authority_passed_on_owes_an_answer(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let sheet = "登记编号,投诉时间,诉求内容,姓名,联系电话,门店,承办单位,承办人,承办人电话,答复时限,性质\n\
        12315-101,2026-11-20 09:30,空调漏水没人管,王芳,13800001111,S1,江宁市场监管所,刘科,025-5555,2026-11-27 17:30,投诉\n\
        12315-102,2026-11-21,退款一个月没到账,李雷,138****2222,S2,12345热线,,,2026-11-30,\n\
        12315-103,2026-11-21,没有写时限,李雷,,S2,,,,,\n";
    let table = wanted(&app, Source::Regulator, sheet);
    let done = app::import(&quality, table).await.unwrap();
    let owed = async |nth: usize| {
        let id = done.made[nth].1;
        app.house
            .db
            .read(id, |tx, id| Box::pin(async move { complaints::regulator::store::get(tx, *id).await }))
            .await
            .unwrap()
    };
    let first = owed(0).await.unwrap();
    assert_eq!((first.number.as_str(), first.authority.as_str()), ("12315-101", "江宁市场监管所"));
    assert_eq!((first.officer.as_deref(), first.officer_phone.as_deref()), (Some("刘科"), Some("025-5555")));
    assert_eq!(first.due_at.to_string(), "2026-11-27T09:30:00.000Z");
    assert_eq!(first.claimant_name.as_deref(), Some("王芳"));
    let second = owed(1).await.unwrap();
    assert_eq!(second.due_at.to_string(), "2026-11-30T15:59:00.000Z", "a day means its end");
    assert_eq!(second.claimant_phone, None, "a hidden number is none");
    assert!(owed(2).await.is_none(), "without a due time it is a complaint like others");
    let (case, _) = of(&app, done.made[0].1).await;
    let clocks = app
        .house
        .db
        .read(case.id, |tx, id| {
            Box::pin(async move { calendar::of_record(tx, &kernel::RecordRef::new(cases::app::RECORD, *id)).await })
        })
        .await
        .unwrap();
    assert!(clocks.iter().any(|clock| clock.stage == "authority" && clock.due_at == Some(first.due_at)), "{clocks:?}");
    let page = app.as_user("quality").await.get("/regulator").await.expect(200).main();
    assert!(page.contains("12315-101") && page.contains("江宁市场监管所"), "{page}");

    let typed = "登记编号,诉求内容,门店,答复时限,性质\nR1,举报,S1,2026-11-30,举报\nR2,早,S1,2026-01-01,投诉\nR3,晚,S1,2028-01-01,\nR4,错,S1,下周,\n";
    let fault = app::import(&quality, wanted(&app, Source::Regulator, typed)).await.unwrap_err();
    for field in ["items.0.nature", "items.1.due_at", "items.2.due_at", "items.3.due_at"] {
        assert!(fault.fields().of(field).is_some(), "{field}: {:?}", fault.fields());
    }
    // Elsewhere the same columns mean nothing.
    app::import(&quality, wanted(&app, Source::Jd, typed)).await.unwrap();
    // A number that is here under another list's number is not owed twice; nothing was taken over, and the page says which.
    let again = "登记编号,诉求内容,门店,答复时限\n12315 101,同一件,S1,2026-11-30\n";
    let fault = app::import(&quality, wanted(&app, Source::Regulator, again)).await.unwrap_err();
    assert_eq!(fault.code(), "complaints-reg-known");
    let take = [("source", "regulator"), ("text", again), ("take", "yes")];
    let page = app.as_user("quality").await.post("/collection/import", &take).await.expect(409).main();
    assert!(page.contains("已经登记过") && page.contains("同一件"), "{page}");
}

#[testkit::db_test]
async fn the_page_shows_columns_and_wrong_lines_first(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    quality.clone().in_english().get("/collection/import").await.expect(200);
    app.as_user("clerk1").await.get("/collection/import").await.expect(403);
    quality.post("/collection/import", &[("source", "jd"), ("text", "")]).await.expect(422);
    quality.post("/collection/import", &[("source", "nowhere"), ("text", SHEET)]).await.expect(422);
    let file = [("file", "12315.csv", "text/csv", SHEET.as_bytes())];
    let looked = quality.post_files("/collection/import", &[("source", "regulator")], &file).await.expect(200).text();
    assert!(looked.contains("接收 2 条") && looked.contains("&#60;") || looked.contains("=HYPERLINK"), "{looked}");
    let text = [("source", "regulator"), ("text", SHEET)];
    let wrong = [("source", "regulator"), ("text", SHEET), ("column2", "none"), ("take", "yes")];
    let missing = quality.post("/collection/import", &wrong).await.expect(422).text();
    assert!(missing.contains("还缺"), "{missing}");
    quality.post("/collection/import", &text).await.expect(200);
    let take = [text[0], text[1], ("take", "yes")];
    let done = quality.post("/collection/import", &take).await.expect(200).text();
    assert!(done.contains("新建 2 件投诉"), "{done}");
    let again = quality.post("/collection/import", &take).await.expect(422).text();
    assert!(again.contains("以前接收过"), "{again}");
}

#[testkit::db_test]
async fn programs_hand_complaints_over(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let body = serde_json::json!({"source": "douyin", "store": app.unit("S1").to_string(),
        "items": [{"number": "D1", "happened_at": "2026-11-20T09:30:00+08:00", "body": "少发一件"}, {"number": "D2", "body": "", "phone": "1"}]});
    let path = "/api/v1/collection/complaints";
    let wrong = quality.json("POST", path, &[], &body).await.expect(422).json();
    assert!(wrong.to_string().contains("items.1.body") && wrong.to_string().contains("items.1.phone"), "{wrong}");
    let mut good = body.clone();
    good["items"][1] = serde_json::json!({"number": "D2", "body": "坏了", "phone": "13800001111", "name": "王芳"});
    let done = quality.json("POST", path, &[], &good).await.expect(200).json();
    assert_eq!((done["made"].as_array().map(Vec::len), done["known"].as_i64()), (Some(2), Some(0)));
    let again = quality.json("POST", path, &[], &good).await.expect(200).json();
    assert_eq!((again["made"].as_array().map(Vec::len), again["known"].as_i64()), (Some(0), Some(2)));
    app.as_user("clerk1").await.json("POST", path, &[], &good).await.expect(403);
    app.anybody().json("POST", path, &[], &good).await.expect(401);
}

fn heard(app: &TestApp) -> Heard {
    Heard {
        store: app.unit("S1"),
        category: Category::Voice,
        body: "顾客说安装约了三次没来".into(),
        happened_at: None,
        photos: Vec::new(),
    }
}

#[testkit::db_test]
async fn what_was_heard_becomes_a_case_once(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let id = app::add(&boss, heard(&app)).await.unwrap();
    let elsewhere = Heard { store: app.unit("S2"), ..heard(&app) };
    assert_eq!(app::add(&boss, elsewhere).await.unwrap_err().kind(), FaultKind::NotFound);
    let south = app.ctx("boss3").await;
    assert_eq!(app::entry(&south, id).await.unwrap_err().kind(), FaultKind::NotFound);
    let complaint = cases::domain::Kind::Complaint;
    let case = app::become_case(&boss, id, 1, complaint, "王芳".into(), "13800001111".into()).await.unwrap();
    let (made, row) = of(&app, case).await;
    assert_eq!((row.unwrap().source, made.customer.is_some()), (Came::Patrol, true));
    let twice = app::become_case(&boss, id, 2, complaint, String::new(), String::new()).await.unwrap_err();
    assert_eq!(twice.code(), "collection-ended");
    let other = app::add(&boss, heard(&app)).await.unwrap();
    app::done(&boss, other, 1, "当场道歉并重新预约".into()).await.unwrap();
    assert_eq!(app::done(&boss, other, 1, "x".into()).await.unwrap_err().kind(), FaultKind::Stale);
    let all = app::entries(&boss, Filter::default(), None, 1).await.unwrap();
    let rest = app::entries(&boss, Filter::default(), all.next, 1).await.unwrap();
    assert_eq!((all.rows[0].id, rest.rows[0].id, rest.next), (other, id, None));
    let counts = app::counts(&boss, Filter::default()).await.unwrap();
    assert_eq!(counts, [0, 1, 1, 2], "open, done, case, all");
    assert_eq!(app::entry(&boss, other).await.unwrap().state, EntryState::Done);
}

#[testkit::db_test]
async fn patrols_are_written_on_a_phone(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    assert!(boss.get("/patrols").await.expect(200).text().contains("/patrols/new"));
    boss.clone().in_english().get("/patrols/new").await.expect(200);
    app.as_user("clerk1").await.get("/patrols").await.expect(403);
    let store = app.unit("S1").to_string();
    let fields = [("store", store.as_str()), ("category", "display"), ("body", "<b>价签</b>不对")];
    boss.post_files("/patrols", &fields[..2], &[]).await.expect(422);
    let path = boss.post_files("/patrols", &fields, &[]).await.expect(303).location().to_owned();
    let page = boss.get(&path).await.expect(200).text();
    assert!(page.contains("&#60;b&#62;价签"), "{page}");
    app.as_user("boss3").await.get(&path).await.expect(404);
    boss.post(&format!("{path}/case"), &[("version", "1"), ("kind", "repair")]).await.expect(422);
    boss.post(&format!("{path}/case"), &[("version", "1"), ("kind", "feedback"), ("phone", "13800001111")])
        .await
        .expect(422);
    boss.post(&format!("{path}/done"), &[("version", "1"), ("outcome", "")]).await.expect(422);
    boss.post(&format!("{path}/done"), &[("outcome", "换了")]).await.expect(428);
    boss.post(&format!("{path}/done"), &[("version", "1"), ("outcome", "换了价签")]).await.expect(303);
    boss.post(&format!("{path}/case"), &[("version", "2"), ("kind", "feedback")]).await.expect(409);
    assert!(boss.get("/patrols?show=done").await.expect(200).text().contains(&path));

    let body = serde_json::json!({"store": store, "category": "voice", "body": "地滑"});
    let made = boss.json("POST", "/api/v1/patrols", &[], &body).await.expect(201);
    let api = format!("/api/v1/patrols/{}", made.json()["id"].as_str().unwrap());
    let kind = serde_json::json!({"kind": "feedback"});
    boss.json("POST", &format!("{api}/case"), &[], &kind).await.expect(428);
    let case = boss.json("POST", &format!("{api}/case"), &[("if-match", "\"v1\"")], &kind).await.expect(200).json();
    assert!(case["case"].is_string());
    let done = serde_json::json!({"outcome": "x"});
    boss.json("POST", &format!("{api}/done"), &[("if-match", "\"v2\"")], &done).await.expect(409);
    assert_eq!(
        boss.get("/api/v1/patrols?show=all&limit=1").await.expect(200).json()["items"].as_array().map(Vec::len),
        Some(1)
    );
}
