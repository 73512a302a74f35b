use db::Db;
use identity::{
    ADDRESS_RULE, IDLE_LIMIT, KEPT_LIMIT, LOGIN_RULE, Means, SEEN_STEP, SHIFT_LIMIT, Secret, SignIn, store,
};
use kernel::{ActorKind, Fault, FaultKind};

use crate::house::{House, PASSWORD, VIEW, person};

fn field_code(fault: &Fault, field: &str) -> Option<&'static str> {
    fault.fields().of(field).map(|error| error.code)
}

#[testkit::db_test]
async fn a_person_signs_in_by_login_in_any_case_or_by_telephone(db: Db) {
    let house = House::new(db).await;
    for login in ["wang", " WANG ", "13800138000", "138 0013 8000", "+86 138-0013-8000"] {
        let opened = house.sign_in(login, PASSWORD).await.unwrap();
        let back = house.identity.resume(opened.token.reveal()).await.unwrap().unwrap();
        assert_eq!(back.session.user.login, "wang");
        assert_eq!(back.actor.kind, ActorKind::Staff);
        assert!(back.actor.holds(VIEW));
    }
    assert!(house.identity.resume("no such token").await.unwrap().is_none());
    assert!(house.identity.resume("").await.unwrap().is_none());
}

#[testkit::db_test]
async fn every_wrong_pair_reads_the_same(db: Db) {
    let house = House::new(db).await;
    let long = "x".repeat(10_000);
    for (login, password) in
        [("wang", "wrong"), ("nobody", PASSWORD), (long.as_str(), "x"), ("wa\0ng", "x"), ("王", "😀")]
    {
        let fault = house.sign_in(login, password).await.unwrap_err();
        assert_eq!(field_code(&fault, "password"), Some("identity-sign-in-wrong"), "{login:.20}");
    }
    let fault = house.sign_in(" ", "").await.unwrap_err();
    assert_eq!((field_code(&fault, "login"), field_code(&fault, "password")), (Some("required"), Some("required")));
}

#[testkit::db_test]
async fn failures_slow_one_login_down_and_success_forgets_them(db: Db) {
    let house = House::new(db).await;
    for _ in 0..=LOGIN_RULE.free {
        assert_eq!(house.sign_in("wang", "wrong").await.unwrap_err().kind(), FaultKind::Invalid);
    }
    // Even the right password waits, by telephone too; somebody else does not.
    for login in ["wang", "13800138000"] {
        let fault = house.sign_in(login, PASSWORD).await.unwrap_err();
        assert_eq!((fault.kind(), fault.code()), (FaultKind::TooMany, "identity-too-many-tries"));
        assert!(fault.args().contains(&("retry_after", "5".to_owned())), "{:?}", fault.args());
    }
    house.sign_in("admin", PASSWORD).await.unwrap();
    house.clock.advance(LOGIN_RULE.first_wait);
    house.sign_in("wang", PASSWORD).await.unwrap();
    assert_eq!(house.sign_in("wang", "wrong").await.unwrap_err().kind(), FaultKind::Invalid);
    house.sign_in("wang", PASSWORD).await.unwrap();
}

#[testkit::db_test]
async fn guessing_at_the_same_time_gains_nothing(db: Db) {
    let house = House::new(db).await;
    let guess = || {
        let asked = SignIn {
            login: "wang".to_owned(),
            password: Secret::new("wrong"),
            keep: false,
            address: "192.0.2.8".to_owned(),
            agent: String::new(),
        };
        let identity = house.identity.clone();
        tokio::spawn(async move { identity.sign_in(asked).await.unwrap_err().kind() })
    };
    let guesses: Vec<_> = (0..16).map(|_| guess()).collect();
    let mut checked = 0;
    for guess in guesses {
        checked += i64::from(guess.await.unwrap() == FaultKind::Invalid);
    }
    assert_eq!(checked, LOGIN_RULE.free + 1, "no more passwords are checked than one after another");
}

#[testkit::db_test]
async fn many_logins_from_one_address_are_slowed_down_too(db: Db) {
    let house = House::new(db).await;
    let try_from = |login: String, address: &str| SignIn {
        login,
        password: Secret::new("wrong"),
        keep: false,
        address: address.to_owned(),
        agent: String::new(),
    };
    for n in 0..=ADDRESS_RULE.free {
        let fault = house.identity.sign_in(try_from(format!("nobody{n}"), "198.51.100.1")).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Invalid, "{n}");
    }
    let fault = house.identity.sign_in(try_from("another".to_owned(), "198.51.100.1")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::TooMany);
    let fault = house.identity.sign_in(try_from("another".to_owned(), "198.51.100.2")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Invalid);
}

#[testkit::db_test]
async fn a_store_that_signs_in_often_is_not_slowed_down(db: Db) {
    let house = House::new(db).await;
    for _ in 0..=ADDRESS_RULE.free {
        house.sign_in("wang", PASSWORD).await.unwrap();
    }
}

#[testkit::db_test]
async fn an_unused_session_ends_and_a_used_one_ends_after_the_shift(db: Db) {
    let house = House::new(db).await;
    let idle = house.sign_in("wang", PASSWORD).await.unwrap().token;
    let used = house.sign_in("wang", PASSWORD).await.unwrap();
    assert_eq!(used.expires_at, house.clock.now().plus(SHIFT_LIMIT));
    let info = house.identity.resume(used.token.reveal()).await.unwrap().unwrap().session;
    assert_eq!(info.ends_at, Some(house.clock.now().plus(IDLE_LIMIT)));
    let step = IDLE_LIMIT / 2;
    let mut lasted = 0;
    while house.identity.resume(used.token.reveal()).await.unwrap().is_some() {
        lasted += step;
        house.clock.advance(step);
    }
    assert_eq!(lasted, SHIFT_LIMIT);
    assert!(house.identity.resume(idle.reveal()).await.unwrap().is_none());

    let unused = house.sign_in("wang", PASSWORD).await.unwrap().token;
    house.clock.advance(IDLE_LIMIT - 1);
    assert!(house.identity.resume(unused.reveal()).await.unwrap().is_some());
    house.clock.advance(IDLE_LIMIT);
    assert!(house.identity.resume(unused.reveal()).await.unwrap().is_none());
}

#[testkit::db_test]
async fn a_kept_session_lasts_a_week(db: Db) {
    let house = House::new(db).await;
    let asked = SignIn {
        login: "wang".to_owned(),
        password: Secret::new(PASSWORD),
        keep: true,
        address: String::new(),
        agent: "x\u{0}".repeat(500),
    };
    let opened = house.identity.sign_in(asked).await.unwrap();
    house.clock.advance(KEPT_LIMIT - 1);
    assert!(house.identity.resume(opened.token.reveal()).await.unwrap().is_some());
    house.clock.advance(1);
    assert!(house.identity.resume(opened.token.reveal()).await.unwrap().is_none());
}

#[testkit::db_test]
async fn the_last_use_is_noted_at_most_every_five_minutes(db: Db) {
    let house = House::new(db).await;
    let token = house.sign_in("wang", PASSWORD).await.unwrap().token;
    let began = house.clock.now();
    let seen = async || {
        let input = (house.wang.id, house.clock.now());
        let sessions = house
            .db
            .read(input, |tx, (user, now)| {
                Box::pin(async move { store::sessions::of_user(tx, *user, *now).await.map_err(Fault::from) })
            })
            .await
            .unwrap();
        sessions[0].seen_at
    };
    house.clock.advance(SEEN_STEP - 1);
    house.identity.resume(token.reveal()).await.unwrap();
    assert_eq!(seen().await, began);
    house.clock.advance(1);
    house.identity.resume(token.reveal()).await.unwrap();
    assert_eq!(seen().await, house.clock.now());
}

#[testkit::db_test]
async fn signing_out_and_a_new_password_end_sessions(db: Db) {
    let house = House::new(db).await;
    let first = house.sign_in("wang", PASSWORD).await.unwrap().token;
    let second = house.sign_in("wang", PASSWORD).await.unwrap().token;
    house.identity.sign_out(first.reveal()).await.unwrap();
    house.identity.sign_out("unknown").await.unwrap();
    assert!(house.identity.resume(first.reveal()).await.unwrap().is_none());
    assert!(house.identity.resume(second.reveal()).await.unwrap().is_some());

    house.identity.confirm_password(house.wang.id, "present", &Secret::new(PASSWORD)).await.unwrap();
    let fault = house.identity.confirm_password(house.wang.id, "present", &Secret::new("wrong")).await.unwrap_err();
    assert_eq!(field_code(&fault, "present"), Some("identity-password-wrong"));

    let hash = house.identity.hasher().hash(&Secret::new("a new sentence")).await.unwrap();
    house
        .db
        .write((house.clock.now(), house.wang.id, hash), |tx, (now, id, hash)| {
            Box::pin(async move { store::users::set_password(tx, *now, *id, hash).await })
        })
        .await
        .unwrap();
    assert!(house.identity.resume(second.reveal()).await.unwrap().is_none());
    assert!(house.sign_in("wang", PASSWORD).await.is_err());
    house.sign_in("wang", "a new sentence").await.unwrap();
}

#[testkit::db_test]
async fn a_token_acts_for_its_owner_until_it_is_revoked_or_ends(db: Db) {
    let house = House::new(db).await;
    let make = async |expires_at| {
        let token = Secret::token().unwrap();
        let input = (house.ids.clone(), house.clock.now(), house.wang.id, token.digest(), expires_at);
        let id = house
            .db
            .write(input, |tx, (ids, now, user, digest, end)| {
                Box::pin(async move { store::tokens::insert(tx, ids, *now, *user, "cash desk", digest, *end).await })
            })
            .await
            .unwrap();
        (id, token)
    };
    let (id, token) = make(None).await;
    let (_, short) = make(Some(house.clock.now().plus(1_000))).await;
    assert!(token.reveal().starts_with("ac_"));
    let back = house.identity.bearer(token.reveal()).await.unwrap().unwrap();
    assert_eq!(back.session.ends_at, None);
    assert_eq!(
        (back.actor.kind, back.actor.user, back.session.by),
        (ActorKind::Token, Some(house.wang.id), Means::Token(id))
    );
    // A token is no session, nor the other way round.
    assert!(house.identity.resume(token.reveal()).await.unwrap().is_none());
    assert!(house.identity.bearer(short.reveal()).await.unwrap().is_some());
    house.clock.advance(1_000);
    assert!(house.identity.bearer(short.reveal()).await.unwrap().is_none());

    let revoke = async |user| {
        house
            .db
            .write((user, id, house.clock.now()), |tx, (user, id, now)| {
                Box::pin(async move { store::tokens::revoke(tx, *user, *id, *now).await })
            })
            .await
    };
    // Nobody revokes another's.
    assert_eq!(revoke(house.admin.id).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(revoke(house.wang.id).await.unwrap(), "cash desk");
    assert!(house.identity.bearer(token.reveal()).await.unwrap().is_none());
    assert_eq!(revoke(house.wang.id).await.unwrap_err().kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn leaving_ends_sessions_and_tokens_for_good(db: Db) {
    let house = House::new(db).await;
    let token = house.sign_in("wang", PASSWORD).await.unwrap().token;
    let mut draft = person("wang", house.n1.id);
    draft.active = false;
    let gone = house.save_user(&house.wang, house.wang.version, draft.clone()).await.unwrap();
    assert!(house.identity.resume(token.reveal()).await.unwrap().is_none());
    let fault = house.sign_in("wang", PASSWORD).await.unwrap_err();
    assert_eq!(field_code(&fault, "password"), Some("identity-sign-in-wrong"));
    draft.active = true;
    house.save_user(&house.wang, gone.version, draft).await.unwrap();
    assert!(house.identity.resume(token.reveal()).await.unwrap().is_none());
    house.sign_in("wang", PASSWORD).await.unwrap();
}
