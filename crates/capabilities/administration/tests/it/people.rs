use db::Db;
use kernel::RecordRef;

use crate::house::{PASSWORD, give_password, journal_of, shows_words, start};

#[testkit::db_test]
async fn everybody_sees_the_people_within_reach_and_nobody_else(db: Db) {
    let app = start(db).await;
    let seen = async |login: &str| {
        let page = app.as_user(login).await.get("/settings/people").await.expect(200);
        shows_words(&page);
        let text = page.text();
        ["clerk1", "clerk2", "clerk3", "admin"].map(|login| text.contains(&format!(">{login}<")))
    };
    assert_eq!(seen("boss1").await, [true, false, false, false]);
    assert_eq!(seen("east").await, [true, true, false, false]);
    assert_eq!(seen("quality").await, [true, true, true, true]);
    app.as_user("clerk1").await.get("/settings/people").await.expect(403);

    let of = |login| format!("/settings/people/{}", app.user(login));
    let boss = app.as_user("boss1").await;
    shows_words(&boss.get(&of("clerk1")).await.expect(200));
    boss.get(&of("clerk3")).await.expect(404);
    boss.get("/settings/people/5").await.expect(404);
    boss.get("/settings/people/x").await.expect(404);
    // May look, may not change.
    assert!(boss.get(&of("clerk1")).await.text().contains("disabled"));
    boss.post(&of("clerk1"), &[("version", "1"), ("name", "x")]).await.expect(403);

    let quality = app.as_user("quality").await;
    let found = quality.get("/settings/people?q=%E9%BB%84&unit=&state=all").await.expect(200).text();
    assert!(found.contains(">clerk3<") && !found.contains(">clerk1<"));
    let none = quality.get("/settings/people?q=nobody").await.expect(200);
    assert!(none.text().contains("没有符合条件的人"));
    shows_words(&none);
    shows_words(&quality.clone().in_english().get("/settings/people/new").await.expect(200));
}

#[testkit::db_test]
async fn a_person_is_added_with_roles_and_signs_in(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let home = app.unit("S2").to_string();
    let region = app.unit("EAST").to_string();
    let mut fields = vec![
        ("name", "王  新"),
        ("login", "HZ1"),
        ("home", home.as_str()),
        ("phone", "138 0013 8000"),
        ("email", ""),
        ("locale", "zh-CN"),
        ("active", "yes"),
        ("role", "clerk"),
        ("role_unit", ""),
        ("role", "trainer"),
        ("role_unit", region.as_str()),
        ("role", ""),
        ("role_unit", ""),
        ("password", PASSWORD),
    ];
    let answer = admin.post("/settings/people", &fields).await.expect(303);
    assert!(admin.get(answer.location()).await.text().contains("人员已添加"));
    app.house.identity.directories().refresh().await.unwrap();
    let (verb, changes) = journal_of(&app, RecordRef::new("user", app.user("hz1"))).await.remove(0);
    assert_eq!(verb, "user.created");
    assert!(
        changes.contains(&"name: – → 王 新".to_owned())
            && changes.contains(&"roles: – → clerk@S2, trainer@EAST".to_owned()),
        "{changes:?}"
    );
    assert!(!changes.iter().any(|change| change.contains(PASSWORD) || change.contains("argon2")));
    app.anybody().post("/login", &[("login", "13800138000"), ("password", PASSWORD)]).await.expect(303);

    // The same again: both taken fields are named, the rest is kept, the password is not.
    let page = admin.post("/settings/people", &fields).await.expect(422);
    assert!(page.text().contains("这个工号已经有人用") && page.text().contains("这个电话已经登记"));
    assert!(page.text().contains("value=\"王  新\"") && !page.text().contains(PASSWORD));
    shows_words(&page);
    fields.retain(|(name, _)| *name != "password" && *name != "home");
    let page = admin.post("/settings/people", &fields).await.expect(422);
    assert!(page.text().contains("password-error") && page.text().contains("home-error"));
}

fn person<'a>(version: &'a str, name: &'a str, home: &'a str, role: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("name", name),
        ("login", "clerk1"),
        ("home", home),
        ("locale", "zh-CN"),
        ("active", "yes"),
        ("role", role),
        ("role_unit", home),
    ]
}

#[testkit::db_test]
async fn a_change_is_recorded_with_what_was_before(db: Db) {
    let app = start(db).await;
    let quality = app.as_user("quality").await;
    let path = format!("/settings/people/{}", app.user("clerk1"));
    let home = app.unit("S2").to_string();
    quality.post(&path, &person("1", "林晓敏", &home, "store_manager")).await.expect(303);
    let journal = journal_of(&app, RecordRef::new("user", app.user("clerk1"))).await;
    let expected = vec!["home: S1 → S2".to_owned(), "roles: clerk@S1 → store_manager@S2".to_owned()];
    assert_eq!(journal, [("user.changed".to_owned(), expected)]);

    let page = quality.get(&path).await.expect(200);
    assert!(page.text().contains("何静") && page.text().contains("所在组织：S1 → S2"));
    shows_words(&page);

    // Stale, and without a version.
    quality.post(&path, &person("1", "x", &home, "clerk")).await.expect(412);
    let unversioned: Vec<_> = person("1", "x", &home, "clerk").into_iter().skip(1).collect();
    quality.post(&path, &unversioned).await.expect(428);
    for (role, unit) in [("king", home.as_str()), ("clerk", "5"), ("clerk", "x")] {
        let mut fields = person("2", "x", &home, role);
        fields.last_mut().unwrap().1 = unit;
        let page = quality.post(&path, &fields).await;
        assert!(page.status == 422 || page.status == 403, "{role} {unit}: {}", page.status);
    }
    assert_eq!(journal_of(&app, RecordRef::new("user", app.user("clerk1"))).await.len(), 1);
}

#[testkit::db_test]
async fn leaving_and_a_reset_password_end_sessions(db: Db) {
    let app = start(db).await;
    let (admin, clerk) = (app.as_user("admin").await, app.as_user("clerk1").await);
    let path = format!("/settings/people/{}", app.user("clerk1"));
    let home = app.unit("S1").to_string();
    let mut fields = person("1", "林晓敏", &home, "clerk");
    fields.push(("password", "a reset sentence"));
    admin.post(&path, &fields).await.expect(303);
    clerk.get("/me").await.expect(303);
    app.anybody().post("/login", &[("login", "clerk1"), ("password", "a reset sentence")]).await.expect(303);

    let clerk = app.as_user("clerk1").await;
    let mut fields = person("3", "林晓敏", &home, "clerk");
    fields.retain(|(name, _)| *name != "active");
    admin.post(&path, &fields).await.expect(303);
    clerk.get("/me").await.expect(303);
    let left = admin.get("/settings/people?state=left").await.text();
    assert!(left.contains(">clerk1<"));
}

#[testkit::db_test]
async fn only_an_administrator_touches_administrators_and_one_always_stays(db: Db) {
    let app = start(db).await;
    let quality = app.as_user("quality").await;
    let hq = app.unit("HQ").to_string();
    let admin_path = format!("/settings/people/{}", app.user("admin"));
    let as_admin = |role: &'static str| {
        let mut fields = person("1", "沈涛", &hq, role);
        fields[2] = ("login", "admin");
        fields
    };
    quality.post(&admin_path, &as_admin("administrator")).await.expect(403);
    let mut oneself = person("1", "何静", &hq, "finance");
    oneself[2] = ("login", "quality");
    let page = quality.post(&format!("/settings/people/{}", app.user("quality")), &oneself).await.expect(403);
    assert!(page.text().contains("不能改自己的角色"));
    shows_words(&page);
    let clerk_path = format!("/settings/people/{}", app.user("clerk1"));
    quality.post(&clerk_path, &person("1", "x", &hq, "administrator")).await.expect(403);
    // The choice is not even offered.
    assert!(!quality.get(&clerk_path).await.text().contains("value=\"administrator\""));

    let admin = app.as_user("admin").await;
    let page = admin.post(&admin_path, &as_admin("clerk")).await.expect(409);
    assert!(page.text().contains("最后一位管理员"));
    admin.post(&clerk_path, &person("1", "林晓敏", &hq, "administrator")).await.expect(303);
    admin.post(&admin_path, &as_admin("clerk")).await.expect(303);
    app.as_user("admin").await.get("/settings/people").await.expect(403);
}

#[testkit::db_test]
async fn the_commands_make_people_and_tokens(db: Db) {
    let app = start(db).await;
    let ctx = capability::Ctx::system(app.house.clone(), "command");
    let password = identity::Secret::new(PASSWORD);
    let id = administration::create_user(&ctx, "robot", "接口", &password, "clerk", "S1").await.unwrap();
    app.house.identity.directories().refresh().await.unwrap();
    assert_eq!(app.user("robot"), id);
    let token = administration::create_token(&ctx, "robot", "import").await.unwrap();
    assert_eq!(app.with_token(token.reveal()).get("/api/v1/me").await.expect(200).json()["home"], "S1");
    let unknown = administration::create_token(&ctx, "nobody", "import").await.unwrap_err();
    assert_eq!(unknown.fields().of("login").unwrap().code, "administration-login-unknown");
    let fault = administration::create_user(&ctx, "robot2", "x", &password, "clerk", "NO").await.unwrap_err();
    assert_eq!(fault.fields().of("unit").unwrap().code, "identity-unit-unknown");
    give_password(&app, "robot").await;
}
