use db::Db;
use identity::{Founding, Identity, LOGIN_RULE, Prepared, Secret};
use kernel::{Clock, Fault, FaultKind, IdGen};

use crate::house::permissions;

struct Empty {
    db: Db,
    clock: Clock,
    ids: IdGen,
    identity: Identity,
}

async fn empty(db: Db) -> Empty {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    let identity = Identity::open(db.clone(), clock.clone(), ids.clone(), permissions()).await.unwrap();
    Empty { db, clock, ids, identity }
}

fn founding(code: &str) -> Founding {
    Founding {
        code: code.to_owned(),
        company: "恒悦生活".to_owned(),
        store: "湖滨店".to_owned(),
        login: "Boss".to_owned(),
        name: "老板".to_owned(),
        password: Secret::new("a whole sentence"),
        locale: "zh-CN".to_owned(),
    }
}

async fn found(house: &Empty, prepared: Prepared) -> Result<identity::Founded, Fault> {
    house
        .db
        .write((prepared, house.ids.clone(), house.clock.now()), |tx, (prepared, ids, now)| {
            Box::pin(async move { prepared.found(tx, ids, *now).await })
        })
        .await
}

#[testkit::db_test]
async fn the_printed_code_founds_the_company_once(db: Db) {
    let house = empty(db).await;
    assert!(house.identity.needs_setup().await.unwrap());
    let code = house.identity.setup_code().await.unwrap().unwrap();
    // Typed in small letters, with a space for the hyphen; a second code of another node is good too.
    let second = house.identity.setup_code().await.unwrap().unwrap();
    let typed = code.reveal().to_lowercase().replace('-', " ");
    let first = house.identity.prepare(founding(&typed), "192.0.2.1").await.unwrap();
    let rival = house.identity.prepare(founding(second.reveal()), "192.0.2.1").await.unwrap();
    let made = found(&house, first).await.unwrap();
    assert_eq!(found(&house, rival).await.unwrap_err().code(), "identity-already-set-up");

    let directory = house.identity.directories().refresh().await.unwrap();
    assert_eq!(directory.company().unwrap().name, "恒悦生活");
    assert_eq!(directory.stores().map(|store| store.name.as_str()).collect::<Vec<_>>(), ["湖滨店"]);
    assert!(directory.has_role(made.user, "administrator") && directory.has_role(made.user, "store_manager"));
    assert_eq!(directory.user(made.user).unwrap().home, made.store.unwrap());
    assert!(!house.identity.needs_setup().await.unwrap());
    assert!(house.identity.setup_code().await.unwrap().is_none());
    assert_eq!(house.identity.prepare(founding(second.reveal()), "").await.unwrap_err().kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn a_wrong_code_is_refused_and_guessing_is_slow(db: Db) {
    let house = empty(db).await;
    let code = house.identity.setup_code().await.unwrap().unwrap();
    let mut wrong = founding("0000-0000");
    wrong.company = " ".to_owned();
    wrong.password = Secret::new("short");
    let fault = house.identity.prepare(wrong, "192.0.2.1").await.unwrap_err();
    let found: Vec<&str> = fault.fields().iter().map(|error| error.field.as_str()).collect();
    assert_eq!(found, ["code", "company", "password"], "all at once");
    for _ in 0..LOGIN_RULE.free {
        house.identity.prepare(founding("0000-0000"), "192.0.2.1").await.unwrap_err();
    }
    let fault = house.identity.prepare(founding(code.reveal()), "192.0.2.9").await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::TooMany);
    house.clock.advance(LOGIN_RULE.longest_wait);
    house.identity.prepare(founding(code.reveal()), "192.0.2.9").await.unwrap();
}

#[testkit::db_test]
async fn a_code_is_good_for_a_day(db: Db) {
    let house = empty(db).await;
    let code = house.identity.setup_code().await.unwrap().unwrap();
    house.clock.advance(24 * 3_600_000);
    let fault = house.identity.prepare(founding(code.reveal()), "").await.unwrap_err();
    assert_eq!(fault.fields().of("code").map(|error| error.code), Some("identity-setup-code-wrong"));
}
