use db::Db;
use kernel::RecordRef;
use serde_json::json;

use crate::house::{PASSWORD, cookie_of, give_password, journal_of, shows_words, start};

#[testkit::db_test]
async fn preferences_are_kept_and_this_browser_follows(db: Db) {
    let app = start(db).await;
    let me = app.as_user("clerk1").await;
    let page = me.get("/me").await.expect(200);
    shows_words(&page);
    assert!(page.text().contains("店员·客服 · 一店") && page.text().contains("这台设备"));
    shows_words(&me.clone().in_english().get("/me").await.expect(200));

    let answer = me.post("/me", &[("locale", "en"), ("theme", "dark"), ("keys_off", "yes")]).await.expect(303);
    let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(
        cookies.iter().any(|cookie| cookie.starts_with("language=en"))
            && cookies.iter().any(|cookie| cookie.starts_with("theme=dark"))
    );
    let page = me.get(answer.location()).await.expect(200);
    assert!(page.text().contains("已保存") && page.text().contains("data-keys=\"off\""));
    let journal = journal_of(&app, RecordRef::new("user", app.user("clerk1"))).await;
    let expected =
        vec!["locale: zh-CN → en".to_owned(), "theme: system → dark".to_owned(), "keys_off: false → true".to_owned()];
    assert_eq!(journal, [("user.preferences_changed".to_owned(), expected)]);

    let page = me.post("/me", &[("locale", "fr"), ("theme", "pink")]).await.expect(422);
    shows_words(&page);
}

#[testkit::db_test]
async fn a_new_password_needs_the_present_one_and_ends_other_sessions(db: Db) {
    let app = start(db).await;
    give_password(&app, "clerk1").await;
    let (me, elsewhere) = (app.as_user("clerk1").await, app.as_user("clerk1").await);
    let fields = [("present", "wrong"), ("password", "a new sentence")];
    let page = me.post("/me/password", &fields).await.expect(422);
    assert!(page.text().contains("现在的密码不对") && !page.text().contains("a new sentence"));
    let page = me.post("/me/password", &[("present", PASSWORD), ("password", "1234567890")]).await.expect(422);
    assert!(page.text().contains("太容易猜到"));
    elsewhere.get("/me").await.expect(200);

    let answer = me.post("/me/password", &[("present", PASSWORD), ("password", "a new sentence")]).await.expect(303);
    let cookie = cookie_of(&answer);
    elsewhere.get("/me").await.expect(303);
    me.get("/me").await.expect(303);
    app.anybody().send("GET", "/me", &[("cookie", &cookie)], Vec::new()).await.expect(200);
    app.anybody().post("/login", &[("login", "clerk1"), ("password", PASSWORD)]).await.expect(422);
    app.anybody().post("/login", &[("login", "clerk1"), ("password", "a new sentence")]).await.expect(303);
    let journal = journal_of(&app, RecordRef::new("user", app.user("clerk1"))).await;
    assert_eq!(journal, [("user.password_changed".to_owned(), Vec::new())], "no password in the journal");
}

#[testkit::db_test]
async fn a_token_is_shown_once_works_and_ends(db: Db) {
    let app = start(db).await;
    let me = app.as_user("clerk1").await;
    let page = me.post("/me/tokens", &[("name", ""), ("days", "30")]).await.expect(422);
    assert!(page.text().contains("这里要填"));
    me.post("/me/tokens", &[("name", "till"), ("days", "99999")]).await.expect(422);
    let page = me.post("/me/tokens", &[("name", "till <1>"), ("days", "30")]).await.expect(200);
    shows_words(&page);
    let text = page.text();
    let token = text.split("ac_").nth(1).map(|rest| format!("ac_{}", rest.split('<').next().unwrap())).unwrap();
    assert!(!me.get("/me").await.text().contains(&token));

    let program = app.with_token(&token);
    assert_eq!(program.get("/api/v1/me").await.expect(200).json()["login"], "clerk1");
    // A token cannot make sessions nor is it one.
    app.anybody().send("GET", "/api/v1/me", &[("cookie", &format!("session={token}"))], Vec::new()).await.expect(401);
    app.with_token("ac_wrong").get("/api/v1/me").await.expect(401);

    // Nobody ends another's token.
    let id = text.split("/me/tokens/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let path = format!("/me/tokens/{id}/revoke");
    app.as_user("boss1").await.post(&path, &[]).await.expect(404);
    me.post(&path, &[]).await.expect(303);
    program.get("/api/v1/me").await.expect(401);
    let verbs: Vec<String> =
        journal_of(&app, RecordRef::new("user", app.user("clerk1"))).await.into_iter().map(|(verb, _)| verb).collect();
    assert_eq!(verbs, ["user.token_created", "user.token_revoked"]);
}

#[testkit::db_test]
async fn signing_out_everywhere_ends_every_session(db: Db) {
    let app = start(db).await;
    let (here, there) = (app.as_user("clerk1").await, app.as_user("clerk1").await);
    assert_eq!(here.post("/me/sign-out-everywhere", &[]).await.expect(303).location(), "/login");
    here.get("/me").await.expect(303);
    there.get("/me").await.expect(303);
}

#[testkit::db_test]
async fn password_and_pin_change_over_the_api(db: Db) {
    let app = start(db).await;
    give_password(&app, "clerk1").await;
    let me = app.as_user("clerk1").await;
    let set = async |path: &str, body: serde_json::Value| me.json("POST", path, &[], &body).await;
    for path in ["/api/v1/me/password", "/api/v1/me/pin", "/api/v1/me/tokens"] {
        app.anybody().json("POST", path, &[], &json!({})).await.expect(401);
        set(path, json!({"wrong": 1})).await.expect(422);
    }
    let problem = set("/api/v1/me/pin", json!({"present": PASSWORD, "pin": "1111"})).await.expect(422).json();
    assert_eq!(problem["fields"][0]["field"], "pin");
    let problem = set("/api/v1/me/pin", json!({"present": "x", "pin": "739182"})).await.expect(422).json();
    assert_eq!(problem["fields"][0]["field"], "present");
    set("/api/v1/me/pin", json!({"present": PASSWORD, "pin": "739182"})).await.expect(204);
    me.send("DELETE", "/api/v1/me/pin", &[("sec-fetch-site", "same-origin")], Vec::new()).await.expect(204);
    me.send("DELETE", "/api/v1/me/pin", &[("sec-fetch-site", "same-origin")], Vec::new()).await.expect(204);
    let problem = set("/api/v1/me/password", json!({"present": "x", "password": "a new sentence"})).await;
    assert_eq!(problem.expect(422).json()["fields"][0]["field"], "present");
    let problem = set("/api/v1/me/password", json!({"present": PASSWORD, "password": "1234567890"})).await;
    assert_eq!(problem.expect(422).json()["fields"][0]["field"], "password");
    set("/api/v1/me/password", json!({"present": PASSWORD, "password": "a new sentence"})).await.expect(204);
    me.get("/api/v1/me").await.expect(401);
    app.anybody().post("/login", &[("login", "clerk1"), ("password", "a new sentence")]).await.expect(303);
    let verbs: Vec<String> =
        journal_of(&app, RecordRef::new("user", app.user("clerk1"))).await.into_iter().map(|(verb, _)| verb).collect();
    assert_eq!(verbs, ["user.pin_set", "user.pin_cleared", "user.password_changed"]);
}

#[testkit::db_test]
async fn tokens_are_made_listed_and_ended_over_the_api(db: Db) {
    let app = start(db).await;
    let (me, boss) = (app.as_user("clerk1").await, app.as_user("boss1").await);
    me.json("POST", "/api/v1/me/tokens", &[], &json!({"name": " "})).await.expect(422);
    me.json("POST", "/api/v1/me/tokens", &[], &json!({"name": "till", "days": 7})).await.expect(422);
    let made = me.json("POST", "/api/v1/me/tokens", &[], &json!({"name": "till", "days": 30})).await.expect(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    let token = made["token"].as_str().unwrap();
    assert_eq!(app.with_token(token).get("/api/v1/me").await.expect(200).json()["login"], "clerk1");
    let listed = me.get("/api/v1/me/tokens").await.expect(200);
    assert!(!listed.text().contains(token), "shown once");
    let listed = listed.json();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["name"]), (&made["id"], &json!("till")));
    assert_eq!(boss.get("/api/v1/me/tokens").await.expect(200).json()["items"], json!([]));
    let path = format!("/api/v1/me/tokens/{}", made["id"].as_str().unwrap());
    let same = [("sec-fetch-site", "same-origin")];
    boss.send("DELETE", &path, &same, Vec::new()).await.expect(404);
    me.send("DELETE", "/api/v1/me/tokens/x", &same, Vec::new()).await.expect(404);
    me.send("DELETE", &path, &same, Vec::new()).await.expect(204);
    app.with_token(token).get("/api/v1/me").await.expect(401);
}
