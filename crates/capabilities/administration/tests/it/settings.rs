use db::Db;
use identity::{Assignment, Secret, UserDraft};
use kernel::{FaultKind, Scope, Timestamp};
use testapp::TestApp;

use crate::house::{PASSWORD, shows_words, start};

/// A role of the company's own in which `permission` reaches as far as `scope`.
async fn grant(app: &TestApp, role: &str, permission: &str, scope: &str) {
    let admin = app.as_user("admin").await;
    let directory = app.house.identity.directories().refresh().await.unwrap();
    let known = directory.role(role).unwrap();
    let mut fields: Vec<(String, String)> =
        known.grants.iter().map(|(code, scope)| (format!("grant.{code}"), scope.as_str().to_owned())).collect();
    fields.retain(|(name, _)| *name != format!("grant.{permission}"));
    fields.push((format!("grant.{permission}"), scope.to_owned()));
    fields.push(("version".to_owned(), known.version.to_string()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post(&format!("/settings/roles/{role}"), &fields).await.expect(303);
    app.house.identity.directories().refresh().await.unwrap();
}

#[testkit::db_test]
async fn every_settings_page_speaks_both_languages(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let clerk = app.user("clerk1");
    let pages = [
        "/settings".to_owned(),
        "/settings/history".to_owned(),
        "/settings/calendars".to_owned(),
        "/settings/calendars/new".to_owned(),
        "/settings/holidays/2026".to_owned(),
        "/settings/holidays/2027".to_owned(),
        "/settings/deadlines".to_owned(),
        "/settings/deadlines?kind=complaint".to_owned(),
        "/settings/deadlines/complaint.high.first_answer".to_owned(),
        "/settings/roles".to_owned(),
        "/settings/roles/clerk".to_owned(),
        "/settings/roles/new?from=clerk".to_owned(),
        "/settings/people/import".to_owned(),
        format!("/settings/people/{clerk}/sees"),
        format!("/settings/calendars/units/{}", app.unit("S1")),
        "/setup/guide".to_owned(),
        "/activate".to_owned(),
    ];
    for path in &pages {
        shows_words(&admin.get(path).await.expect(200));
        shows_words(&admin.clone().in_english().get(path).await.expect(200));
    }
    let start = admin.get("/settings").await.text();
    assert!(start.contains("/settings/calendars") && start.contains("2027 年的节假日还没有录入"));
    // A clerk sees no setting, and may open none.
    let clerk = app.as_user("clerk1").await;
    assert!(clerk.get("/settings").await.expect(200).text().contains("没有你可以看的设置"));
    for path in ["/settings/calendars", "/settings/deadlines", "/settings/history", "/settings/roles", "/setup/guide"] {
        clerk.get(path).await.expect(403);
    }
    for path in
        ["/settings/roles/king", "/settings/deadlines/x.y.z", "/settings/calendars/5", "/settings/holidays/1900"]
    {
        admin.get(path).await.expect(404);
    }
}

#[testkit::db_test]
async fn nobody_hands_out_more_than_they_manage(db: Db) {
    let app = start(db).await;
    // The company lets store managers manage their own people.
    grant(&app, "store_manager", "administration.people.edit", "store").await;
    let boss = app.as_user("boss1").await;
    let (s1, s2, hq) = (app.unit("S1").to_string(), app.unit("S2").to_string(), app.unit("HQ").to_string());
    let hire = async |login: &str, home: &str, role: &str, at: &str| {
        let fields = [
            ("name", "新人"),
            ("login", login),
            ("home", home),
            ("locale", "zh-CN"),
            ("active", "yes"),
            ("role", role),
            ("role_unit", at),
            ("code", "on"),
        ];
        boss.post("/settings/people", &fields).await.status
    };
    assert_eq!(hire("n1", &s1, "clerk", &s1).await, 200);
    // Headquarters' rights given at one's own store would still reach the whole company.
    assert_eq!(hire("n2", &s1, "headquarters_quality", &s1).await, 403);
    assert_eq!(hire("n3", &s1, "administrator", &s1).await, 403);
    assert_eq!(hire("n4", &s2, "clerk", &s2).await, 404);
    assert_eq!(hire("n5", &s1, "clerk", &hq).await, 403);
    // Another store's people do not exist.
    let other = format!("/settings/people/{}", app.user("clerk3"));
    for act in ["", "/reset", "/end-sessions", "/lock"] {
        boss.post(&format!("{other}{act}"), &[("version", "1"), ("locked", "yes")]).await.expect(404);
    }
    // Oneself is neither promoted nor locked out.
    let me = format!("/settings/people/{}", app.user("boss1"));
    boss.post(&format!("{me}/lock"), &[("version", "1"), ("locked", "yes")]).await.expect(409);
    let list = "姓名\t工号\t店铺\t角色\n甲\tx1\tS1\t店员\n乙\tx2\tS1\t总部质量·售后\n丙\tx3\tS2\t店员";
    let page = boss.post("/settings/people/import", &[("rows", list), ("save", "yes")]).await.expect(200);
    assert!(page.text().contains("新增 1 人") && page.text().contains("不在你的管理范围内"), "{}", page.main());
    app.house.identity.directories().refresh().await.unwrap();
    let directory = app.house.identity.directories().now();
    assert!(directory.user_by_login("x1").is_some() && directory.user_by_login("x2").is_none());
}

#[testkit::db_test]
async fn roles_are_edited_copied_and_brought_back(db: Db) {
    let app = start(db).await;
    let quality = app.as_user("quality").await;
    let directory = app.house.identity.directories().now();
    let clerk = directory.role("clerk").unwrap().clone();
    let all: Vec<(String, String)> =
        clerk.grants.iter().map(|(code, scope)| (format!("grant.{code}"), scope.as_str().to_owned())).collect();
    let with = |more: &[(&str, &str)]| {
        let mut fields = all.clone();
        fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields
    };
    let post = async |who: &str, path: &str, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        app.as_user(who).await.post(path, &fields).await
    };
    // Headquarters holds the list of people for the whole company and may grant it; not the right to make administrators.
    let path = "/settings/roles/clerk";
    let somebody = app.user("clerk1").to_string();
    let look = with(&[
        ("version", "1"),
        ("grant.administration.people.view", "store"),
        ("look", "yes"),
        ("person", somebody.as_str()),
    ]);
    let page = post("quality", path, look).await.expect(200);
    assert!(page.text().contains("1 项权限会改变") && page.text().contains("还没有保存"), "{}", page.main());
    shows_words(&page);
    let more = with(&[("version", "1"), ("grant.administration.administrators.appoint", "company")]);
    post("quality", path, more).await.expect(403);
    post("quality", path, with(&[("version", "1"), ("grant.administration.people.view", "store")])).await.expect(303);
    post("quality", path, with(&[("version", "1")])).await.expect(412);
    app.house.identity.directories().refresh().await.unwrap();
    assert!(app.as_user("clerk1").await.get("/settings/people").await.expect(200).text().contains(">clerk1<"));
    let page = quality.get(path).await.expect(200);
    assert!(page.text().contains("改过") && page.text().contains("查看人员"), "{}", page.main());

    // A copy of one's own, given to somebody, cannot be removed while they have it.
    let fields = [("name", "资深店员"), ("code", "senior_clerk"), ("copied", "clerk")];
    quality.post("/settings/roles", &fields).await.expect(303);
    quality.post("/settings/roles", &fields).await.expect(422);
    quality.post("/settings/roles", &[("name", ""), ("code", "X Y"), ("copied", "clerk")]).await.expect(422);
    app.house.identity.directories().refresh().await.unwrap();
    assert!(quality.get("/settings/roles").await.text().contains("资深店员"));
    quality.post("/settings/roles/clerk/remove", &[]).await.expect(409);
    quality.post("/settings/roles/senior_clerk/remove", &[]).await.expect(303);

    let reset = [("version", "2"), ("reset", "yes")];
    assert!(quality.post(path, &reset).await.expect(200).text().contains("恢复出厂权限"));
    quality.post(path, &[reset[0], reset[1], ("sure", "yes")]).await.expect(303);
    let directory = app.house.identity.directories().refresh().await.unwrap();
    assert!(directory.role("clerk").unwrap().grants == clerk.grants && !directory.role("clerk").unwrap().edited);
    let page = quality.get("/settings/history").await.expect(200);
    assert!(page.text().contains("修改了角色") && page.text().contains("查看人员：无 → 本店"), "{}", page.main());
    shows_words(&page);

    // The administrator keeps what the house is opened with; headquarters does not touch that role, nor lock itself out.
    let admin_role: Vec<(String, String)> = vec![("version".to_owned(), "1".to_owned())];
    post("quality", "/settings/roles/administrator", admin_role.clone()).await.expect(409);
    post("admin", "/settings/roles/administrator", admin_role.clone()).await.expect(409);
    post("quality", "/settings/roles/headquarters_quality", admin_role).await.expect(409);
}

#[testkit::db_test]
async fn what_a_planned_change_would_show_is_seen_before_it_is_saved(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let path = format!("/settings/people/{}", app.user("clerk1"));
    let home = app.unit("S1").to_string();
    let fields = [
        ("version", "1"),
        ("name", "林晓敏"),
        ("login", "clerk1"),
        ("home", home.as_str()),
        ("locale", "zh-CN"),
        ("active", "yes"),
        ("role", "store_manager"),
        ("role_unit", home.as_str()),
    ];
    let page = admin.post(&path, &[&fields[..], &[("look", "yes")]].concat()).await.expect(200);
    assert!(page.text().contains("店长 · 一店") && page.text().contains("新增"), "{}", page.main());
    assert!(app.house.identity.directories().now().has_role(app.user("clerk1"), "clerk"));
    let page = admin.post(&path, &[&fields[..], &[("back", "yes")]].concat()).await.expect(200);
    assert!(page.text().contains("value=\"store_manager\" selected"));
    admin.post(&path, &fields).await.expect(303);
    assert!(app.house.identity.directories().refresh().await.unwrap().has_role(app.user("clerk1"), "store_manager"));
}

#[testkit::db_test]
async fn a_code_sets_the_first_password_once(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let clerk = app.as_user("clerk1").await;
    let page = admin.post(&format!("/settings/people/{}/reset", app.user("clerk1")), &[]).await.expect(200);
    shows_words(&page);
    let code = page
        .text()
        .split("<b>")
        .map(|part| part.split('<').next().unwrap().to_owned())
        .find(|text| text.len() == 9 && text.contains('-'))
        .unwrap();
    // Signed out at once.
    clerk.get("/me").await.expect(303);
    let set = |login: &'static str, code: String, password: &'static str| {
        [("login", login.to_owned()), ("code", code), ("password", password.to_owned())]
    };
    let post = async |fields: [(&str, String); 3]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.anybody().post("/activate", &fields).await
    };
    post(set("clerk1", "0000-0000".to_owned(), PASSWORD)).await.expect(422);
    post(set("nobody", code.clone(), PASSWORD)).await.expect(422);
    post(set("clerk1", code.clone(), "short")).await.expect(422);
    post(set("CLERK1", code.to_lowercase().replace('-', ""), PASSWORD)).await.expect(303);
    post(set("clerk1", code, PASSWORD)).await.expect(422);
    app.anybody().post("/login", &[("login", "clerk1"), ("password", PASSWORD)]).await.expect(303);
}

#[testkit::db_test]
async fn five_hundred_are_pasted_and_bad_rows_stay(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let mut list = String::from("手机\t姓名\t门店\t岗位\t工号\n");
    for n in 0..500 {
        let store = if n == 7 { "没有这家店" } else { "一店" };
        let phone = if n == 9 { "12".to_owned() } else { format!("1390000{n:04}") };
        list.push_str(&format!("{phone}\t员工{n}\t{store}\t技师\tp{n}\n"));
    }
    list.push_str("13900000001\t重复\t一店\t技师\tp1\n");
    let page = admin.post("/settings/people/import", &[("rows", &list)]).await.expect(200);
    assert!(page.text().contains("可存 498 行，没有变化 0 行，要改 3 行"), "{}", page.main());
    let page = admin.post("/settings/people/import", &[("rows", &list), ("save", "yes")]).await.expect(200);
    assert!(page.text().contains("新增 498 人") && page.text().contains("2 行还要改"));
    assert!(page.text().contains("员工7\t没有这家店") && !page.text().contains("员工8\t"), "bad rows stay");
    let directory = app.house.identity.directories().refresh().await.unwrap();
    let user = directory.user_by_login("p8").unwrap();
    assert!(directory.has_role(user.id, "technician") && user.phone.as_deref() == Some("13900000008"));
    // Again: nothing changes.
    let page = admin.post("/settings/people/import", &[("rows", &list)]).await.expect(200);
    assert!(
        page.text().contains("可存 0 行，没有变化 498 行"),
        "{}",
        page.text().split("role=\"status\"").nth(1).unwrap_or_default()
    );
}

#[testkit::db_test]
async fn numbers_of_staff_are_read_however_they_are_written(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let list = "姓名\t手机\t店铺\n甲\t+86 139 0000 1001\t一店\n乙\t１３９００００１００２\t一店\n丙\t1390000100\t一店\n丁\t139000010033\t一店";
    let page = admin.post("/settings/people/import", &[("rows", list)]).await.expect(200).text();
    assert!(page.contains("可存 2 行，没有变化 0 行，要改 2 行"), "{page}");
    assert!(page.contains("现在是 10 位") && page.contains("现在是 12 位"), "{page}");
    admin.post("/settings/people/import", &[("rows", list), ("save", "yes")]).await.expect(200);
    let directory = app.house.identity.directories().refresh().await.unwrap();
    for login in ["13900001001", "13900001002"] {
        assert_eq!(directory.user_by_login(login).unwrap().phone.as_deref(), Some(login));
    }
    let body = serde_json::json!({"login": "api3", "name": "x", "home": "S1", "phone": "1390000100"});
    let problem = admin.json("POST", "/api/v1/users", &[], &body).await.expect(422).json();
    assert_eq!(
        (&problem["fields"][0]["field"], &problem["fields"][0]["code"]),
        (&"phone".into(), &"phone-digits".into())
    );
}

#[testkit::db_test]
async fn a_closed_unit_is_empty(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let close = async |code: &str| {
        let id = app.unit(code);
        let unit = app.house.identity.directories().now().unit(id).unwrap().clone();
        let (version, parent) = (unit.version.to_string(), unit.parent.map(|id| id.to_string()).unwrap_or_default());
        let fields = [
            ("version", version.as_str()),
            ("parent", &parent),
            ("code", code),
            ("name", &unit.name),
            ("zone", "Asia/Shanghai"),
        ];
        admin.post(&format!("/settings/units/{id}"), &fields).await
    };
    assert!(close("S1").await.expect(409).text().contains("人在这里工作"));
    assert!(close("EAST").await.expect(409).text().contains("使用中的组织"));
    close("HQ").await.expect(409);
}

#[testkit::db_test]
async fn deadlines_have_versions_and_an_example(db: Db) {
    let app = start(db).await;
    let quality = app.as_user("quality").await;
    let path = "/settings/deadlines/complaint.high.first_answer";
    let fields = [("version", "1"), ("from", "2026-11-22"), ("amount", "20"), ("unit", "working"), ("warn", "50")];
    let page = quality.post(path, &[&fields[..], &[("look", "yes")]].concat()).await.expect(200);
    assert!(page.text().contains("14:52 到期") && page.text().contains("14:42 起提醒"), "{}", page.main());
    shows_words(&page);
    quality.post(path, &fields).await.expect(303);
    quality.post(path, &fields).await.expect(412);
    let late = [("version", "2"), ("from", "2026-11-21"), ("amount", "0"), ("unit", "working"), ("warn", "5")];
    let page = quality.post(path, &late).await.expect(422);
    assert!(page.text().contains("amount-error") && page.text().contains("warn-error"));
    let past = [("version", "2"), ("from", "2026-11-21"), ("amount", "20"), ("unit", "working"), ("warn", "50")];
    assert!(quality.post(path, &past).await.expect(422).text().contains("生效日不能早于今天"));
    // What is not all of it cannot be dropped.
    let drop = [("version", "2"), ("from", "2026-11-22"), ("withdraw", "yes")];
    quality.post("/settings/deadlines/any.high.plan", &drop).await.expect(409);
    quality.post(path, &drop).await.expect(303);
    let limits = [
        ("version", "3"),
        ("from", "2026-12-01"),
        ("reopen_days", "30"),
        ("check_days", "7"),
        ("wait_days", "90"),
        ("escalate_at", "3"),
        ("merge_days", "30"),
        ("take_back_minutes", "60"),
        ("region_minutes", "240"),
    ];
    quality.post("/settings/flow-limits", &limits).await.expect(303);
    let page = quality.get("/settings/deadlines").await.expect(200);
    assert!(
        page.text().contains("关闭后几天内可重开 改为 30") && page.text().contains("value=\"15\""),
        "{}",
        page.main()
    );
    let ctx = app.ctx("quality").await;
    let policy = cases::app::policy(&ctx).await.unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_eq!(policy.limits(at("2026-12-02T00:00:00Z")).reopen_days, 30);
    app.as_user("boss1").await.post("/settings/flow-limits", &limits).await.expect(403);
    app.as_user("boss1").await.get("/settings/deadlines").await.expect(200);
}

#[testkit::db_test]
async fn calendars_are_changed_after_a_look(db: Db) {
    let app = start(db).await;
    let quality = app.as_user("quality").await;
    let list = quality.get("/settings/calendars").await.expect(200).text();
    let edition = list.split("name=\"edition\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let year = [
        ("what", "year"),
        ("year", "2027"),
        ("edition", edition.as_str()),
        ("back", "/settings/holidays/2027"),
        ("days", "2027-01-01~2027-01-03\t元旦\n2027-02-14\t调休\t\t周五"),
    ];
    let page = quality.post("/settings/calendars/change", &year).await.expect(200);
    assert!(page.text().contains("照此修改"), "{}", page.main());
    shows_words(&page);
    let sure = [&year[..], &[("sure", "yes")]].concat();
    let done = quality.post("/settings/calendars/change", &sure).await.expect(303);
    assert!(quality.get(done.location()).await.expect(200).text().contains("调休上班，按周五"));
    // Somebody was faster.
    quality.post("/settings/calendars/change", &sure).await.expect(412);
    let bad = [&year[..4], &[("days", "明年")]].concat();
    assert!(quality.post("/settings/calendars/change", &bad).await.expect(422).text().contains("第 1 行看不懂"));
    assert!(!quality.get("/settings/calendars").await.text().contains("2027 年的节假日还没有录入"));
    app.as_user("boss1").await.post("/settings/calendars/change", &year).await.expect(403);
}

#[testkit::db_test]
async fn the_guide_makes_a_shop_and_takes_steps_back(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let stores = "店名\t区域\t电话\n滨江店\t东区新\t0571-88880000\n\t东区新\t1";
    let page = admin.post("/setup/guide/stores", &[("rows", stores)]).await.expect(200);
    assert!(page.text().contains("可存 1 行") && page.text().contains("要改 1 行"), "{}", page.main());
    shows_words(&page);
    admin.post("/setup/guide/stores", &[("rows", stores), ("save", "yes")]).await.expect(303);
    let page = admin.get("/setup/guide").await.expect(200);
    assert!(page.text().contains("滨江店 · S01") && page.text().contains("\t东区新\t1"), "the bad row stays");
    let staff = "姓名,手机,店铺,岗位\n王小明,13800001111,滨江店,店长";
    let page = admin.post("/setup/guide/staff", &[("rows", staff), ("save", "yes")]).await.expect(200);
    assert!(page.text().contains("id=\"codes\"") && page.text().contains("13800001111"));
    let hours = [("open", "10:00"), ("close", "22:00"), ("closed", "0")];
    admin.post("/setup/guide/calendar", &hours).await.expect(303);
    admin.post("/setup/guide/calendar", &[("open", "x"), ("close", "22:00")]).await.expect(422);
    admin.post("/setup/guide/trade", &[("trade", "phones")]).await.expect(303);
    admin.post("/setup/guide/case", &[("skip", "yes")]).await.expect(303);
    let page = admin.get("/setup/guide").await.expect(200);
    assert!(page.text().contains("现在：10:00-22:00") && page.text().contains("已采用"));
    shows_words(&admin.clone().in_english().get("/setup/guide").await.expect(200));
    let ctx = app.ctx("admin").await;
    let plan = async || {
        let policy = cases::app::policy(&ctx).await.unwrap();
        use cases::domain::{Kind, Priority, Stage};
        policy.deadline(Kind::Repair, Priority::Normal, Stage::Solution, ctx.now()).unwrap().amount
    };
    assert_eq!(plan().await, 3);
    for step in ["trade", "calendar", "staff", "stores"] {
        admin.post(&format!("/setup/guide/{step}"), &[("undo", "yes")]).await.expect(303);
    }
    assert_eq!(plan().await, 5);
    let directory = app.house.identity.directories().refresh().await.unwrap();
    assert!(!directory.unit_by_code("S01").unwrap().active && !directory.user_by_login("13800001111").unwrap().active);
    // The same list again opens the store again.
    admin.post("/setup/guide/stores", &[("rows", "店名\n滨江店"), ("save", "yes")]).await.expect(303);
    assert!(app.house.identity.directories().refresh().await.unwrap().unit_by_code("S01").unwrap().active);
    app.as_user("boss1").await.post("/setup/guide/stores", &[("rows", "x")]).await.expect(403);
}

#[testkit::db_test]
async fn the_api_does_the_same(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let body = serde_json::json!({"login": "api1", "name": "接口", "home": "S1", "roles": ["clerk@S1"]});
    let added = admin.json("POST", "/api/v1/users", &[], &body).await.expect(201).json();
    assert_eq!(added["activation_code"].as_str().unwrap().len(), 9);
    let id = added["id"].as_str().unwrap();
    app.house.identity.directories().refresh().await.unwrap();
    let path = format!("/api/v1/users/{id}");
    let change = serde_json::json!({"name": "接口二"});
    admin.json("PATCH", &path, &[], &change).await.expect(428);
    admin.json("PATCH", &path, &[("if-match", "\"v1\"")], &change).await.expect(200);
    admin.json("PATCH", &path, &[("if-match", "\"v1\"")], &change).await.expect(412);
    let wrong = serde_json::json!({"login": "api2", "name": "x", "home": "S9"});
    admin.json("POST", "/api/v1/users", &[], &wrong).await.expect(422);
    let calendars = admin.get("/api/v1/calendars").await.expect(200).json();
    let edition = format!("\"v{}\"", calendars["edition"]);
    let store = calendars["items"].as_array().unwrap().iter().find(|card| card["code"] == "store").unwrap();
    let close = serde_json::json!({"what": "except", "calendar": store["id"], "day": "2026-12-01", "hours": "", "preview": true});
    let effect =
        admin.json("POST", "/api/v1/calendars/changes", &[("if-match", &edition)], &close).await.expect(200).json();
    assert_eq!(effect["changed"], false);
    let rules = admin.get("/api/v1/deadlines").await.expect(200).json();
    assert_eq!(rules["version"], 1);
    let body = serde_json::json!({"limits": {"reopen_days": 20}});
    admin.json("POST", "/api/v1/deadlines", &[("if-match", "\"v1\"")], &body).await.expect(200);
    let body = serde_json::json!({"limits": {"reopen_days": 2000}});
    admin.json("POST", "/api/v1/deadlines", &[("if-match", "\"v2\"")], &body).await.expect(422);
    let sees = admin.get(&format!("{path}/sees")).await.expect(200).json();
    assert!(sees["items"].is_array());
    admin.get("/api/v1/roles").await.expect(200);
    admin.get("/api/v1/organisation").await.expect(200);
    app.as_user("clerk1").await.get("/api/v1/calendars").await.expect(403);
}

#[testkit::db_test]
async fn use_cases_refuse_what_pages_do_not_offer(db: Db) {
    let app = start(db).await;
    let boss = app.ctx("boss1").await;
    let grants = [("administration.people.view".to_owned(), Scope::Company)].into();
    let refused = administration::app::roles::save(&boss, "clerk", 1, None, grants).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::NotFound);
    let draft = UserDraft {
        login: "n9".to_owned(),
        name: "新".to_owned(),
        phone: None,
        email: None,
        home: Some(app.unit("S3")),
        locale: "zh-CN".to_owned(),
        active: true,
    };
    let roles = vec![Assignment { role: "clerk".to_owned(), unit: app.unit("S3") }];
    let code = Some(Secret::readable().unwrap());
    let input = administration::app::people::PersonInput { draft, password: Secret::new(""), roles, code };
    let refused = administration::app::people::create(&boss, input).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn roles_and_units_are_edited_by_api(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let new = serde_json::json!({ "code": "cashier", "name": "收银", "copied": "clerk" });
    let made = admin.json("POST", "/api/v1/roles", &[], &new).await.expect(201).json();
    assert_eq!((made["code"].as_str(), made["version"].as_i64()), (Some("cashier"), Some(1)));
    admin
        .json("POST", "/api/v1/roles", &[], &serde_json::json!({ "code": "x!", "name": "x", "copied": "clerk" }))
        .await
        .expect(422);
    let change = serde_json::json!({ "grants": { "administration.units.view": "store" } });
    let path = "/api/v1/roles/cashier";
    admin.json("PATCH", path, &[], &change).await.expect(428);
    let unknown = serde_json::json!({ "grants": { "nothing.at.all": "store" } });
    admin.json("PATCH", path, &[("if-match", "\"v1\"")], &unknown).await.expect(422);
    admin.json("PATCH", path, &[("if-match", "\"v7\"")], &change).await.expect(412);
    let changed = admin.json("PATCH", path, &[("if-match", "\"v1\"")], &change).await.expect(200).json();
    assert_eq!(changed["version"], 2);
    admin.send("DELETE", path, &[("sec-fetch-site", "same-origin")], Vec::new()).await.expect(204);
    admin.send("DELETE", path, &[("sec-fetch-site", "same-origin")], Vec::new()).await.expect(404);

    let store = serde_json::json!({ "kind": "store", "code": "S9", "name": "城北店", "parent": "EAST" });
    let parent = admin.get("/api/v1/organisation").await.expect(200).json();
    let region =
        parent["items"].as_array().unwrap().iter().find(|unit| unit["kind"] == "region").unwrap()["code"].clone();
    let mut store = store;
    store["parent"] = region;
    let id = admin.json("POST", "/api/v1/organisation", &[], &store).await.expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v1/organisation/{id}");
    let closed = serde_json::json!({ "active": false });
    admin.json("PATCH", &path, &[], &closed).await.expect(428);
    admin.json("PATCH", &path, &[("if-match", "\"v1\"")], &closed).await.expect(200);
    let moved = serde_json::json!({ "kind": "team" });
    admin.json("PATCH", &path, &[("if-match", "\"v2\"")], &moved).await.expect(422);

    let clerk = app.user("clerk1");
    let reset =
        admin.json("POST", &format!("/api/v1/users/{clerk}/reset"), &[], &serde_json::json!({})).await.expect(200);
    assert_eq!(reset.header("cache-control"), "no-store");
    admin.json("POST", &format!("/api/v1/users/{clerk}/end-sessions"), &[], &serde_json::json!({})).await.expect(204);
    admin
        .json("POST", &format!("/api/v1/users/{clerk}/lock"), &[], &serde_json::json!({ "locked": true }))
        .await
        .expect(428);
    admin.json("POST", "/api/v1/users/7/reset", &[], &serde_json::json!({})).await.expect(404);
}
