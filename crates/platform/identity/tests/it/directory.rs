use db::Db;
use identity::{BUILTIN_ROLES, Directories, PermissionDef, Permissions, UnitKind, store, sync_builtin_roles};
use kernel::{Fault, Id, Permission, Place, Scope};

use crate::house::{House, KEEP, PASSWORD, VIEW, add_unit, given, permissions, unit};

#[testkit::db_test]
async fn names_and_places_are_found(db: Db) {
    let house = House::new(db).await;
    let directory = house.identity.directories().now();
    assert_eq!(directory.company().unwrap().code, "HQ");
    assert_eq!(directory.store_by_code("N2").unwrap().id, house.n2.id);
    assert!(directory.store_by_code("NORTH").is_none());
    let codes: Vec<&str> = directory.stores().map(|store| store.code.as_str()).collect();
    assert_eq!(codes, ["N1", "N2", "S1"]);
    let below: Vec<&str> = directory.stores_below(house.north.id).map(|store| store.code.as_str()).collect();
    assert_eq!(below, ["N1", "N2"]);
    assert_eq!(directory.user_name(house.wang.id), Some("wang"));
    assert_eq!(directory.users_of_store(house.n1.id).map(|user| user.id).collect::<Vec<_>>(), [house.wang.id]);
    assert_eq!(directory.user_by_login("WANG").unwrap().id, house.wang.id);
}

#[testkit::db_test]
async fn a_change_is_seen_by_the_next_request_on_every_node(db: Db) {
    let house = House::new(db.clone()).await;
    let other = identity::Identity::open(db, house.clock.clone(), house.ids.clone(), permissions()).await.unwrap();
    let token = house.sign_in("wang", PASSWORD).await.unwrap().token;
    let place = |store| Place { store, team: None, owner: None };
    let before = other.resume(token.reveal()).await.unwrap().unwrap().actor;
    assert!(before.may(VIEW, &place(house.n1.id)) && !before.may(VIEW, &place(house.n2.id)));

    house.assign(house.wang.id, vec![given("region_manager", house.north.id)]).await.unwrap();
    let after = other.resume(token.reveal()).await.unwrap().unwrap().actor;
    assert!(after.may(VIEW, &place(house.n2.id)) && !after.may(VIEW, &place(house.s1.id)));
    assert!(!after.holds(KEEP));

    // Read inside a transaction it is the same.
    let inside = house
        .db
        .read(house.wang.id, |tx, user| {
            Box::pin(async move { identity::actor(tx, &permissions(), *user).await.map_err(Fault::from) })
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(inside.reach(VIEW), after.reach(VIEW));
    assert!(house.identity.directories().refresh().await.unwrap().has_role(house.wang.id, "region_manager"));
}

#[testkit::db_test]
async fn the_people_who_may_are_found(db: Db) {
    let house = House::new(db).await;
    let directory = house.identity.directories().now();
    let place = Place { store: house.n1.id, team: None, owner: None };
    assert_eq!(directory.who_may(VIEW, &place).iter().map(|user| user.id).collect::<Vec<_>>(), [house.wang.id]);
    assert_eq!(directory.who_may(KEEP, &place).iter().map(|user| user.id).collect::<Vec<_>>(), [house.admin.id]);
    assert!(directory.actor(Id::new(5)).is_none());
}

#[testkit::db_test]
async fn a_store_that_moves_takes_its_teams_along(db: Db) {
    let house = House::new(db).await;
    let team = add_unit(&house.db, &house.ids, unit(Some(house.s1.id), UnitKind::Team, "S1-T")).await.unwrap();
    let save = async |id, version, draft| {
        house
            .db
            .write((id, version, draft), |tx, (id, version, draft)| {
                Box::pin(async move { store::units::save(tx, *id, *version, draft).await })
            })
            .await
    };
    let (before, after) = save(house.s1.id, 1, unit(Some(house.north.id), UnitKind::Store, "S1")).await.unwrap();
    assert_eq!((before.parent, after.parent), (Some(house.company.id), Some(house.north.id)));
    let directory = house.identity.directories().refresh().await.unwrap();
    assert_eq!(directory.unit(team.id).unwrap().path, [house.company.id, house.north.id, house.s1.id, team.id]);
    assert_eq!(directory.stores_below(house.north.id).count(), 3);

    // Stale, into itself, below a store, without a parent, with another's code.
    assert_eq!(
        save(house.s1.id, 1, unit(Some(house.north.id), UnitKind::Store, "S1")).await.unwrap_err().code(),
        "stale"
    );
    let misplaced = [
        (house.north.id, unit(Some(house.s1.id), UnitKind::Region, "NORTH"), "parent", "identity-unit-misplaced"),
        (house.n1.id, unit(Some(house.n2.id), UnitKind::Store, "N1"), "parent", "identity-unit-misplaced"),
        (house.n1.id, unit(None, UnitKind::Store, "N1"), "parent", "required"),
        (house.n1.id, unit(Some(Id::new(9)), UnitKind::Store, "N1"), "parent", "identity-unit-unknown"),
        (house.n1.id, unit(Some(house.north.id), UnitKind::Store, "N2"), "code", "identity-code-taken"),
    ];
    for (id, draft, field, code) in misplaced {
        let fault = save(id, 1, draft).await.unwrap_err();
        assert_eq!(fault.fields().of(field).map(|error| error.code), Some(code));
    }
    assert_eq!(save(Id::new(9), 1, unit(None, UnitKind::Store, "X")).await.unwrap_err().code(), "not-found");
}

#[testkit::db_test]
async fn builtin_roles_follow_the_program_until_somebody_edits_them(db: Db) {
    let directories = Directories::open(db.clone(), permissions()).await.unwrap();
    assert_eq!(directories.now().roles().count(), BUILTIN_ROLES.len());
    let sync = async |defs: &'static [PermissionDef]| {
        db.write(defs, |tx, defs| Box::pin(async move { sync_builtin_roles(tx, defs).await.map_err(Fault::from) }))
            .await
            .unwrap()
    };
    const NEW: [PermissionDef; 1] = [PermissionDef {
        permission: Permission("cases.export"),
        defaults: &[("clerk", Scope::Own), ("trainer", Scope::Own)],
    }];
    assert!(sync(&NEW).await);
    assert!(!sync(&NEW).await, "nothing to do the second time");
    let grants_of = async |role: &'static str| {
        let roles = db
            .read((), |tx, ()| Box::pin(async move { store::roles::all(tx).await.map_err(Fault::from) }))
            .await
            .unwrap();
        roles[role].grants.iter().map(|(code, scope)| format!("{code}:{}", scope.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(grants_of("clerk").await, ["cases.export:own"]);
    db.write((), |tx, ()| {
        Box::pin(async move {
            tx.exec("UPDATE role SET edited = TRUE WHERE code = 'clerk'", &[]).await.map_err(Fault::from)
        })
    })
    .await
    .unwrap();
    assert!(sync(&[]).await, "the other roles still follow");
    assert_eq!(grants_of("clerk").await, ["cases.export:own"]);
    assert!(grants_of("trainer").await.is_empty());
}

#[testkit::db_test]
async fn a_grant_that_this_release_does_not_know_means_nothing(db: Db) {
    let house = House::new(db.clone()).await;
    let fewer = Directories::open(db, Permissions::new([])).await.unwrap();
    assert!(!fewer.now().actor(house.wang.id).unwrap().holds(VIEW));
}
