use db::Db;
use kernel::RecordRef;

use crate::house::{journal_of, shows_words, start};

fn store<'a>(parent: &'a str, code: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("kind", "store"),
        ("parent", parent),
        ("code", code),
        ("name", name),
        ("name_en", "West Lake"),
        ("zone", "Asia/Shanghai"),
        ("phone", "0571 8888 0000"),
        ("address", "湖滨路 1 号"),
        ("active", "yes"),
    ]
}

#[testkit::db_test]
async fn a_store_is_added_renamed_moved_and_closed(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    shows_words(&admin.get("/settings/units").await.expect(200));
    shows_words(&admin.get("/settings/units/new").await.expect(200));
    let (east, south) = (app.unit("EAST").to_string(), app.unit("SOUTH").to_string());
    admin.post("/settings/units", &store(&east, "w1", "湖滨店")).await.expect(303);
    let english = admin.clone().in_english().get("/settings/units").await.expect(200);
    assert!(english.text().contains("West Lake"));
    shows_words(&english);

    let id = app.unit("W1");
    let path = format!("/settings/units/{id}");
    let mut change = store(&south, "W1", "湖滨旗舰店");
    change.retain(|(name, _)| *name != "active");
    change.push(("version", "1"));
    admin.post(&path, &change).await.expect(303);
    let journal = journal_of(&app, RecordRef::new("unit", id)).await;
    assert_eq!(journal[0].0, "unit.created");
    let expected = ["name: 湖滨店 → 湖滨旗舰店", "parent: EAST → SOUTH", "active: true → false"].map(str::to_owned);
    assert_eq!(journal[1], ("unit.changed".to_owned(), expected.to_vec()));
    admin.post(&path, &change).await.expect(412);
    let page = admin.get(&path).await.expect(200);
    assert!(page.text().contains("湖滨旗舰店"));
    shows_words(&page);
}

#[testkit::db_test]
async fn wrong_units_are_refused_at_the_field(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    let (east, s1) = (app.unit("EAST").to_string(), app.unit("S1").to_string());
    let page = admin.post("/settings/units", &store(&east, "S1", "x")).await.expect(422);
    assert!(page.text().contains("code-error"));
    let page = admin.post("/settings/units", &store(&s1, "S9", "x")).await.expect(422);
    assert!(page.text().contains("parent-error"));
    shows_words(&page);
    let mut nowhere = store("", "S9", "");
    nowhere[5] = ("zone", "Moon/Base");
    let page = admin.post("/settings/units", &nowhere).await.expect(422);
    assert!(["name-error", "zone-error", "parent-error"].iter().all(|id| page.text().contains(id)));
    admin.post("/settings/units", &[("kind", "company")]).await.expect(422);
    app.as_user("boss1").await.post("/settings/units", &store(&east, "S9", "x")).await.expect(403);
    app.as_user("clerk1").await.get("/settings/units").await.expect(403);
    admin.get("/settings/units/5").await.expect(404);
}

#[testkit::db_test]
async fn the_matrix_and_what_one_person_sees_are_shown(db: Db) {
    let app = start(db).await;
    let boss = app.as_user("boss1").await;
    let page = boss.get("/settings/roles").await.expect(200);
    assert!(page.text().contains("administration.people.view") && page.text().contains("本区域"));
    shows_words(&page);
    let sees = |login: &str| format!("/settings/people/{}/sees", app.user(login));
    let asked = boss.get(&format!("/settings/roles?person={}", app.user("boss1"))).await.expect(303);
    assert_eq!(asked.location(), sees("boss1"));
    let page = boss.get(&sees("boss1")).await.expect(200);
    assert!(page.text().contains(">一店<") && page.text().contains("店长 · 一店"), "{}", page.main());
    shows_words(&page);
    boss.get(&sees("boss3")).await.expect(404);
    let page = app.as_user("admin").await.get(&sees("finance")).await.expect(200);
    assert!(page.text().contains("什么也看不到"));
    shows_words(&app.as_user("quality").await.in_english().get("/settings/roles").await.expect(200));
}
