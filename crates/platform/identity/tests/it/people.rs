use db::Db;
use identity::{Theme, store};
use kernel::{Fault, FaultKind, Id};

use crate::house::{House, given, person};

#[testkit::db_test]
async fn a_stale_change_and_a_taken_login_are_refused(db: Db) {
    let house = House::new(db).await;
    let saved = house.save_user(&house.wang, 1, person("wang2", house.n2.id)).await.unwrap();
    assert_eq!((saved.version, saved.login.as_str(), saved.home), (2, "wang2", house.n2.id));
    let fault = house.save_user(&house.wang, 1, person("wang3", house.n2.id)).await.unwrap_err();
    assert_eq!((fault.kind(), fault.args()), (FaultKind::Stale, [("version", "2".to_owned())].as_slice()));
    let fault = house.save_user(&house.wang, 2, person("admin", Id::new(4))).await.unwrap_err();
    assert_eq!(fault.fields().of("login").map(|error| error.code), Some("identity-login-taken"));
    assert_eq!(fault.fields().of("home").map(|error| error.code), Some("identity-unit-unknown"));
    let mut draft = person("other", house.n1.id);
    draft.phone = Some("13800138000".to_owned());
    house.save_user(&house.wang, 2, draft.clone()).await.unwrap();
    let fault = house.save_user(&house.admin, 1, draft).await.unwrap_err();
    assert_eq!(fault.fields().of("phone").map(|error| error.code), Some("identity-phone-taken"));
}

#[testkit::db_test]
async fn there_is_always_an_administrator(db: Db) {
    let house = House::new(db).await;
    let fault = house.assign(house.admin.id, vec![given("clerk", house.n1.id)]).await.unwrap_err();
    assert_eq!(fault.code(), "identity-last-administrator");
    let mut leaving = person("admin", house.company.id);
    leaving.active = false;
    let fault = house.save_user(&house.admin, 1, leaving.clone()).await.unwrap_err();
    assert_eq!(fault.code(), "identity-last-administrator");
    house.assign(house.wang.id, vec![given("administrator", house.company.id)]).await.unwrap();
    house.save_user(&house.admin, 1, leaving).await.unwrap();
    let fault = house.assign(house.wang.id, Vec::new()).await.unwrap_err();
    assert_eq!(fault.code(), "identity-last-administrator");
}

#[testkit::db_test]
async fn unknown_roles_and_units_are_refused(db: Db) {
    let house = House::new(db).await;
    for (wrong, code) in
        [(given("king", house.n1.id), "identity-role-unknown"), (given("clerk", Id::new(1)), "identity-unit-unknown")]
    {
        let fault = house.assign(house.wang.id, vec![wrong]).await.unwrap_err();
        assert_eq!(fault.fields().of("roles").map(|error| error.code), Some(code));
    }
    assert!(house.identity.directories().refresh().await.unwrap().has_role(house.wang.id, "clerk"));
}

#[testkit::db_test]
async fn preferences_are_kept(db: Db) {
    let house = House::new(db).await;
    let (before, after) = house
        .db
        .write(house.wang.id, |tx, id| {
            Box::pin(async move { store::users::save_preferences(tx, *id, "en", Theme::Dark, true).await })
        })
        .await
        .unwrap();
    assert_eq!((before.locale.as_str(), before.theme, before.keys_off), ("zh-CN", Theme::System, false));
    assert_eq!((after.locale.as_str(), after.theme, after.keys_off), ("en", Theme::Dark, true));
    let read = house
        .db
        .read((), |tx, ()| Box::pin(async move { store::users::find(tx, "WANG").await.map_err(Fault::from) }))
        .await
        .unwrap();
    assert_eq!(read, Some(after));
}
