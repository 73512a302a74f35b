//! Persons taking turns at one counter PC.

use db::Db;
use kernel::RecordRef;
use testapp::{Answer, TestApp};

use crate::house::{PASSWORD, cookie_of, give_password, journal_of, shows_words, start};

const MINUTE: i64 = 60_000;

/// A browser: its cookies.
struct Browser<'a> {
    app: &'a TestApp,
    session: String,
    workstation: String,
}

impl Browser<'_> {
    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let cookie = format!("{}; {}", self.session, self.workstation);
        let form = "application/x-www-form-urlencoded";
        let mut all = vec![("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin"), ("content-type", form)];
        all.extend_from_slice(headers);
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
        self.app.anybody().send(method, path, &all, pairs.join("&").into_bytes()).await
    }
    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], &[]).await
    }
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send("POST", path, &[], fields).await
    }
    /// Signs in with the password, at this browser.
    async fn sign_in(&mut self, login: &str) {
        let fields = [("login", login), ("password", PASSWORD)];
        let answer = self.post("/login", &fields).await.expect(303);
        self.keep(&answer);
    }
    async fn switch(&self, login: &str, pin: &str) -> Answer {
        let user = self.app.user(login).to_string();
        self.post("/switch", &[("user", &user), ("pin", pin), ("next", "/me")]).await
    }
    fn keep(&mut self, answer: &Answer) {
        self.session = cookie_of(answer);
        let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        if let Some(cookie) = cookies.into_iter().find(|cookie| cookie.starts_with("workstation=")) {
            self.workstation = cookie.split(';').next().unwrap_or_default().to_owned();
        }
    }
    async fn name(&self) -> String {
        let page = self.get("/me").await.expect(200).text();
        ["林晓敏", "陈志远", "周敏"]
            .into_iter()
            .find(|name| page.contains(&format!("{name} · ")))
            .unwrap_or("?")
            .to_owned()
    }
}

/// Two people of one store with PINs at one browser; the technician is there now.
async fn counter(app: &TestApp) -> Browser<'_> {
    let mut browser = Browser { app, session: String::new(), workstation: String::new() };
    for (login, pin) in [("clerk1", "250914"), ("tech1", "738205")] {
        give_password(app, login).await;
        browser.sign_in(login).await;
        let fields = [("present", PASSWORD), ("pin", pin)];
        assert_eq!(browser.post("/me/pin", &fields).await.location(), "/me/pin?done=pin");
    }
    browser
}

#[testkit::db_test]
async fn a_colleague_goes_on_with_a_pin_and_the_journal_says_who(db: Db) {
    let app = start(db).await;
    let mut browser = counter(&app).await;
    let page = browser.get("/switch?next=/me").await.expect(200);
    assert!(page.text().contains("林晓敏") && page.text().contains("陈志远"), "{}", page.text());
    shows_words(&page);
    insta::assert_snapshot!("switch_zh", page.plain());
    for (name, visitor) in
        [("pin_zh", app.as_user("clerk1").await), ("pin_en", app.as_user("clerk1").await.in_english())]
    {
        insta::assert_snapshot!(name, visitor.get("/me/pin").await.expect(200).plain());
    }
    let before = browser.session.clone();
    let answer = browser.switch("clerk1", "250914").await.expect(303);
    assert_eq!(answer.location(), "/me");
    browser.keep(&answer);
    assert_ne!(browser.session, before);
    assert_eq!(browser.name().await, "林晓敏");
    // The session before has ended.
    let old = Browser { app: &app, session: before, workstation: browser.workstation.clone() };
    assert_eq!(old.get("/me").await.location(), "/login?next=%2Fme");
    let record = RecordRef::new("user", app.user("clerk1"));
    let (verb, changes) = journal_of(&app, record).await.pop().unwrap();
    assert_eq!((verb.as_str(), changes), ("user.took_over", vec!["counter: 陈志远 → 林晓敏".to_owned()]));
    // A script is told whether it is the same person.
    let user = app.user("tech1").to_string();
    let part = [("hx-request", "true")];
    let answer = browser.send("POST", "/switch", &part, &[("user", &user), ("pin", "738205")]).await.expect(204);
    assert_eq!(answer.header("x-switched"), "other");
    browser.keep(&answer);
    // The shift's end stays what it was: PINs lengthen nothing.
    app.clock.advance(15 * 60 * MINUTE);
    assert_eq!(browser.get("/me").await.status.as_u16(), 303);
}

#[testkit::db_test]
async fn wrong_pins_are_counted_and_lock(db: Db) {
    let app = start(db).await;
    let mut browser = counter(&app).await;
    for left in (1..=4).rev() {
        let page = browser.switch("clerk1", "111222").await.expect(422);
        assert!(page.text().contains(&format!("还可以试 {left} 次")), "{}", page.text());
        assert!(!page.text().contains("111222"));
        shows_words(&page);
    }
    let locked = browser.switch("clerk1", "111222").await.expect(429);
    assert!(locked.text().contains("锁 10 分钟") && !locked.header("retry-after").is_empty(), "{}", locked.text());
    // Also the right one waits, and other people are not kept waiting.
    browser.switch("clerk1", "250914").await.expect(429);
    app.clock.advance(10 * MINUTE);
    let answer = browser.switch("clerk1", "250914").await.expect(303);
    browser.keep(&answer);
    let verbs: Vec<String> =
        journal_of(&app, RecordRef::new("user", app.user("clerk1"))).await.into_iter().map(|(verb, _)| verb).collect();
    assert!(verbs.contains(&"user.pin_locked".to_owned()) && verbs.contains(&"user.pin_wrong".to_owned()), "{verbs:?}");
    // A password forgives.
    for _ in 0..4 {
        browser.switch("tech1", "111222").await.expect(422);
    }
    let mut other = Browser { app: &app, session: String::new(), workstation: browser.workstation.clone() };
    other.sign_in("tech1").await;
    assert!(browser.switch("tech1", "111222").await.expect(422).text().contains("还可以试 4 次"));
}

#[testkit::db_test]
async fn higher_roles_other_stores_and_strange_browsers_need_the_password(db: Db) {
    let app = start(db).await;
    let mut browser = counter(&app).await;
    // Another store's clerk at this browser: the store is that clerk's now, and nobody of S1 is offered.
    give_password(&app, "clerk2").await;
    browser.sign_in("clerk2").await;
    assert!(!browser.get("/switch").await.expect(200).text().contains("林晓敏"));
    browser.switch("clerk1", "250914").await.expect(409);
    // An administrator hands nothing on, and gets no PIN.
    give_password(&app, "admin").await;
    browser.sign_in("admin").await;
    assert!(browser.get("/me/pin").await.expect(200).text().contains("超出一家店"));
    browser.switch("clerk1", "250914").await.expect(409);
    browser.sign_in("clerk1").await;
    browser.switch("admin", "250914").await.expect(409);
    // The same session at a browser that nobody signed in at.
    let strange = Browser { app: &app, session: browser.session.clone(), workstation: String::new() };
    strange.switch("tech1", "738205").await.expect(409);
    // Nobody at all.
    let nobody = Browser { app: &app, session: String::new(), workstation: browser.workstation.clone() };
    nobody.switch("tech1", "738205").await.expect(401);
    assert_eq!(nobody.get("/switch?next=/me").await.location(), "/login?next=%2Fme");
}

#[testkit::db_test]
async fn a_locked_session_does_nothing_but_hand_over(db: Db) {
    let app = start(db).await;
    let mut browser = counter(&app).await;
    assert_eq!(browser.post("/switch/lock", &[("next", "/me")]).await.location(), "/switch?next=%2Fme");
    assert_eq!(browser.get("/me").await.location(), "/login?next=%2Fme");
    assert_eq!(browser.get("/login?next=/me").await.location(), "/switch?next=%2Fme");
    browser.get("/login?full=yes").await.expect(200);
    browser.send("GET", "/api/v1/me", &[("accept", "application/json")], &[]).await.expect(401);
    browser.post("/me/pin", &[("clear", "yes")]).await.expect(401);
    let page = browser.get("/switch?next=/me").await.expect(200);
    assert!(page.text().contains("屏幕已锁"));
    shows_words(&page);
    let user = app.user("tech1").to_string();
    let part = [("hx-request", "true")];
    let back = browser.send("POST", "/switch", &part, &[("user", &user), ("pin", "738205")]).await.expect(204);
    assert_eq!(back.header("x-switched"), "same");
    browser.keep(&back);
    assert_eq!(browser.name().await, "陈志远");
    // Without a PIN nothing is locked: nobody would come back.
    browser.post("/me/pin", &[("clear", "yes")]).await.expect(303);
    browser.post("/switch/lock", &[]).await.expect(409);
}

#[testkit::db_test]
async fn easy_pins_are_refused_and_the_password_is_asked(db: Db) {
    let app = start(db).await;
    let browser = counter(&app).await;
    for (pin, says) in [("123456", "太容易猜到"), ("12345", "6 位数字"), ("12345x", "6 位数字")] {
        let page = browser.post("/me/pin", &[("present", PASSWORD), ("pin", pin)]).await.expect(422);
        assert!(page.text().contains(says), "{pin}");
        shows_words(&page);
    }
    let page = browser.post("/me/pin", &[("present", "wrong"), ("pin", "190327")]).await.expect(422);
    assert!(page.text().contains("现在的密码不对") && !page.text().contains("190327"));
}
