//! Whatever somebody may not see, no way of reading shows: list, detail, timeline, search, export, live events, customer links.

use std::collections::BTreeMap;

use aftercare::capabilities;
use capability::Installation;
use db::Db;
use identity::Assignment;
use identity::store::roles;
use kernel::{Fault, Id, of};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use testapp::TestApp;
use testkit::db_test;

/// People who are given random roles, and who else is there to own cases.
const ACTORS: [&str; 2] = ["clerk2", "tech1"];
const STORES: [&str; 3] = ["S1", "S2", "S3"];
const OWNERS: [Option<&str>; 4] = [None, Some("clerk1"), Some("tech1"), Some("clerk2")];

/// A role with the unit where it is given.
fn roles_somewhere() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop_oneof![
        prop::sample::select(vec!["clerk", "store_manager", "technician", "partner"])
            .prop_flat_map(|role| (Just(role), prop::sample::select(STORES.to_vec()))),
        (Just("region_manager"), prop::sample::select(vec!["EAST", "SOUTH"])),
        (Just("headquarters_quality"), Just("HQ")),
        (Just("finance"), Just("HQ")),
    ]
}

/// A case: its store, its owner if that person works there, and a word that only it has.
#[derive(Debug, Clone)]
struct Planted {
    store: &'static str,
    owner: Option<&'static str>,
    word: String,
    id: String,
}

/// What the roles say in plain words, without the product's code: who sees a case of `store` owned by `owner`.
fn sees(login: &str, (role, unit): (&str, &str), case: &Planted) -> bool {
    let region = if case.store == "S3" { "SOUTH" } else { "EAST" };
    match role {
        "clerk" | "store_manager" => unit == case.store,
        "technician" | "partner" => case.owner == Some(login),
        "region_manager" => unit == region,
        "headquarters_quality" => true,
        _ => false,
    }
}

#[db_test]
async fn two_actors_with_random_scopes_never_see_each_others_records(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let cases = plant(&app, &mut runner).await;
    for round in 0..12 {
        let given: Vec<_> = ACTORS.iter().map(|login| (*login, draw(&mut runner, &roles_somewhere()))).collect();
        for (login, (role, unit)) in &given {
            give(&app.house, app.user(login), role, app.unit(unit)).await;
        }
        for (login, role) in given {
            look(&app, login, role, &cases).await;
        }
        eprintln!("round {round} done");
    }
}

fn draw<S: Strategy>(runner: &mut TestRunner, from: &S) -> S::Value {
    from.new_tree(runner).expect("a value can be drawn").current()
}

/// Twelve cases in three stores, some with an owner of the store.
async fn plant(app: &TestApp, runner: &mut TestRunner) -> Vec<Planted> {
    let clerks: BTreeMap<&str, &str> = [("S1", "clerk1"), ("S2", "clerk2"), ("S3", "clerk3")].into();
    let home: BTreeMap<&str, &str> = [("clerk1", "S1"), ("tech1", "S1"), ("clerk2", "S2")].into();
    let mut cases = Vec::new();
    for n in 0..12 {
        let store = STORES[n % STORES.len()];
        let owner = draw(runner, &prop::sample::select(OWNERS.to_vec())).filter(|owner| home[owner] == store);
        let word = format!("secret{n}word");
        let body = json!({
            "store": store, "kind": "repair", "subject": format!("scope {word}"), "body": "洗衣机漏水",
            "customer": { "name": format!("顾客{n}"), "phone": format!("1380000{:04}", 1000 + n) },
            "owner": owner.map(|owner| app.user(owner).to_string()),
        });
        let clerk = app.as_user(clerks[store]).await;
        let answer = clerk.json("POST", "/api/v1/cases", &[], &body).await.expect(201).json();
        cases.push(Planted { store, owner, word, id: answer["id"].as_str().expect("an id").to_owned() });
    }
    cases
}

async fn give(house: &Installation, user: Id<of::User>, role: &str, unit: Id<of::Unit>) {
    let given = Assignment { role: role.to_owned(), unit };
    let done = house.db.write((user, given), |tx, (user, given)| {
        Box::pin(async move { roles::assign(tx, *user, std::slice::from_ref(given)).await.map(|_| ()) })
    });
    done.await.map_err(|fault: Fault| fault.to_string()).expect("the role is given");
    house.identity.directories().refresh().await.expect("the directory loads");
}

async fn look(app: &TestApp, login: &str, role: (&str, &str), cases: &[Planted]) {
    let person = app.as_user(login).await;
    let ctx = app.ctx(login).await;
    let holds = ctx.actor.holds(cases::app::VIEW);
    let list = person.get("/api/v1/cases?limit=100").await;
    let page = person.get("/cases?tab=all").await.text();
    let exporting = ["store_manager", "region_manager", "headquarters_quality"].contains(&role.0);
    let table = person.get("/cases.csv?tab=all").await;
    let answer = person.get("/api/v1/cases/export").await;
    assert_eq!((table.status.as_u16(), answer.status.as_u16()), if exporting { (200, 200) } else { (403, 403) });
    let (table, answer) = (table.text(), answer.text());
    if !holds {
        assert_eq!(list.status.as_u16(), 403);
        assert!(cases.iter().all(|case| !page.contains(&case.word)), "{login} as {role:?}");
        return;
    }
    let list = list.expect(200).json();
    let listed: Vec<&str> =
        list["items"].as_array().expect("items").iter().map(|row| row["id"].as_str().expect("an id")).collect();
    for case in cases {
        let may = sees(login, role, case);
        let about = format!("{login} as {role:?} and {case:?}");
        assert_eq!(listed.contains(&case.id.as_str()), may, "list: {about}");
        let status = if may { 200 } else { 404 };
        assert_eq!(person.get(&format!("/api/v1/cases/{}", case.id)).await.status.as_u16(), status, "detail: {about}");
        assert_eq!(person.get(&format!("/cases/{}", case.id)).await.status.as_u16(), status, "page: {about}");
        let timeline = person.get(&format!("/api/v1/cases/{}/timeline", case.id)).await;
        assert_eq!(timeline.status.as_u16(), status, "timeline: {about}");
        let found = person.get(&format!("/api/v1/search?q={}", case.word)).await.expect(200).text();
        assert_eq!(found.contains(&case.id), may, "search: {about}");
        let filtered = person.get(&format!("/api/v1/cases?q={}", case.word)).await.expect(200).text();
        assert_eq!(filtered.contains(&case.id), may, "search in the list: {about}");
        assert_eq!(page.contains(&case.word), may, "page of the list: {about}");
        assert_eq!(table.contains(&case.word), may && exporting, "export: {about}");
        assert_eq!(answer.contains(&case.word), may && exporting, "export by API: {about}");
        let told = web::LiveEvent {
            verb: "case.accepted",
            record: kernel::RecordRef::new("case", case.id.parse::<Id<of::Case>>().expect("an id")),
            place: kernel::Place {
                store: app.unit(case.store),
                team: None,
                owner: case.owner.map(|owner| app.user(owner)),
            },
        };
        let shown = app.house.watch.iter().any(|watch| watch.shows(&ctx, &told));
        assert_eq!(shown, may, "live events: {about}");
        if !may {
            write_nothing(&person, case, &about).await;
        }
    }
}

/// What one cannot see one cannot change either, and the answer does not tell that it exists.
async fn write_nothing(person: &testapp::Visitor<'_>, case: &Planted, about: &str) {
    let note = json!({ "visibility": "internal", "body": "?" });
    let posted = person.json("POST", &format!("/api/v1/cases/{}/messages", case.id), &[], &note).await;
    assert_eq!(posted.status.as_u16(), 404, "message: {about}");
    let linked =
        person.json("POST", &format!("/api/v1/cases/{}/links", case.id), &[], &json!({ "purpose": "track" })).await;
    assert_eq!(linked.status.as_u16(), 404, "customer link: {about}");
    for command in ["analyse", "cancel", "resolve"] {
        let path = format!("/api/v1/cases/{}/{command}", case.id);
        let body: Value = json!({ "reason": "x", "outcome": "fixed", "cause": "product", "note": "x" });
        let answer = person.json("POST", &path, &[("if-match", "\"v1\"")], &body).await;
        assert_eq!(answer.status.as_u16(), 404, "{command}: {about}");
    }
}
