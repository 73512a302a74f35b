use db::Db;
use identity::LOGIN_RULE;

use crate::house::{PASSWORD, cookie_of, give_password, shows_words, start};

#[testkit::db_test]
async fn a_person_signs_in_and_goes_where_they_wanted(db: Db) {
    let app = start(db).await;
    give_password(&app, "clerk1").await;
    let anybody = app.anybody();
    let page = anybody.get("/login?next=/me").await.expect(200);
    assert!(page.text().contains("value=\"/me\"") && page.text().contains("测试总部"));
    shows_words(&page);

    // A page for people leads here; the API says 401.
    assert_eq!(anybody.get("/me").await.expect(303).location(), "/login?next=%2Fme");
    anybody.get("/api/v1/me").await.expect(401);

    let fields = [("login", "CLERK1"), ("password", PASSWORD), ("next", "/me")];
    let answer = anybody.post("/login", &fields).await.expect(303);
    assert_eq!(answer.location(), "/me");
    let set = answer.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Max-Age"), "{set}");
    let cookie = cookie_of(&answer);
    let page = anybody.send("GET", "/me", &[("cookie", &cookie)], Vec::new()).await.expect(200);
    assert!(page.text().contains("林晓敏"));
    // Who is signed in needs no login page.
    assert_eq!(anybody.send("GET", "/login?next=/me", &[("cookie", &cookie)], Vec::new()).await.location(), "/me");

    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    let out = anybody.send("POST", "/logout", &headers, Vec::new()).await.expect(303);
    assert!(out.location() == "/login" && out.header("set-cookie").contains("Max-Age=0"));
    anybody.send("GET", "/me", &[("cookie", &cookie)], Vec::new()).await.expect(303);
}

#[testkit::db_test]
async fn keeping_signed_in_lasts_a_week_and_the_way_on_stays_on_this_site(db: Db) {
    let app = start(db).await;
    give_password(&app, "clerk1").await;
    for next in ["//evil.example", "https://evil.example", "/\\evil", ""] {
        let fields = [("login", "clerk1"), ("password", PASSWORD), ("keep", "yes"), ("next", next)];
        let answer = app.anybody().post("/login", &fields).await;
        assert_eq!(answer.location(), "/");
        assert!(answer.header("set-cookie").contains("Max-Age=604800"));
    }
}

#[testkit::db_test]
async fn a_wrong_password_is_said_at_the_field_and_the_login_is_kept(db: Db) {
    let app = start(db).await;
    give_password(&app, "clerk1").await;
    let fields = [("login", "clerk1"), ("password", "no <secret>")];
    let page = app.anybody().post("/login", &fields).await.expect(422);
    assert!(page.text().contains("value=\"clerk1\"") && page.text().contains("工号或密码不对"));
    assert!(!page.text().contains("secret"), "a password never comes back");
    assert!(page.text().contains("id=\"password-error\""));
    shows_words(&page);
    let page = app.anybody().in_english().post("/login", &[("login", ""), ("password", "")]).await.expect(422);
    assert!(page.text().contains("lang=\"en\"") && page.text().contains("id=\"login-error\""));
    shows_words(&page);
    // Rubbish of every kind is wrong too, and nothing breaks.
    for login in ["wa\0ng", "😀\u{202E}", &"x".repeat(100_000)] {
        app.anybody().post("/login", &[("login", login), ("password", "x")]).await.expect(422);
    }
}

#[testkit::db_test]
async fn guessing_is_slowed_down_and_says_for_how_long(db: Db) {
    let app = start(db).await;
    give_password(&app, "clerk1").await;
    let wrong = [("login", "clerk1"), ("password", "wrong")];
    for _ in 0..=LOGIN_RULE.free {
        app.anybody().post("/login", &wrong).await.expect(422);
    }
    let right = [("login", "clerk1"), ("password", PASSWORD)];
    let page = app.anybody().post("/login", &right).await.expect(429);
    assert_eq!(page.header("retry-after"), "5");
    assert!(page.text().contains("请 5 秒后再试") && page.text().contains("value=\"clerk1\""));
    shows_words(&page);
    app.clock.advance(5_000);
    app.anybody().post("/login", &right).await.expect(303);
}

#[testkit::db_test]
async fn another_sites_page_cannot_post(db: Db) {
    let app = start(db).await;
    give_password(&app, "clerk1").await;
    let body = format!("login=clerk1&password={}", PASSWORD.replace(' ', "+")).into_bytes();
    let form = ("content-type", "application/x-www-form-urlencoded");
    let cookie = ("cookie", "a=b");
    for foreign in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        app.anybody().send("POST", "/login", &[form, foreign, cookie], body.clone()).await.expect(403);
    }
    let me = app.as_user("clerk1").await;
    let headers = [form, ("sec-fetch-site", "cross-site")];
    me.send("POST", "/me", &headers, b"locale=en&theme=dark".to_vec()).await.expect(403);
    app.house.identity.directories().refresh().await.unwrap();
    assert_eq!(app.house.identity.directories().now().user(app.user("clerk1")).unwrap().locale, "zh-CN");
}
