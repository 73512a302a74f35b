use audits::app::{self, Asked};
use audits::domain::Kind;
use db::Db;
use kernel::FaultKind;
use serde_json::json;

use crate::house::{asked, case, plan, running, start, today};

#[testkit::db_test]
async fn a_sample_is_drawn_again_or_says_what_changed(db: Db) {
    let app = start(db).await;
    for n in 0..4 {
        case(&app, "clerk1", "S1", &format!("一店 {n}")).await;
        case(&app, "clerk3", "S3", &format!("三店 {n}")).await;
    }
    let quality = app.ctx("quality").await;
    let audit = plan(&app, Kind::External).await;
    assert_eq!(app::draw(&quality, audit.id, asked(&app, 3)).await.unwrap(), 1);
    assert_eq!(app::draw(&quality, audit.id, asked(&app, 3)).await.unwrap(), 2);
    let (_, all, first) = app::drawn(&quality, audit.id, Some(1)).await.unwrap();
    let (_, _, second) = app::drawn(&quality, audit.id, None).await.unwrap();
    assert_eq!((all.len(), second.draw.seq), (2, 2));
    assert_eq!((first.draw.digest.as_str(), &first.cases), (second.draw.digest.as_str(), &second.cases));
    assert_eq!((first.stores.len(), first.cases.len()), (3, 4), "two cases of each store that has any");
    let again = app::again(&quality, &first).await.unwrap();
    assert!(again.kept && again.same && again.come.is_empty() && again.now.is_empty(), "{again:?}");

    // A case that comes later is named; what was drawn stays drawn.
    let (_, number) = case(&app, "clerk1", "S1", "一店以后").await;
    let again = app::again(&quality, &first).await.unwrap();
    assert!(again.kept && !again.same && again.gone.is_empty());
    assert_eq!(again.come, [format!("case S1 {number}")]);
    assert_eq!(app::drawn(&quality, audit.id, Some(1)).await.unwrap().2, first);

    // Two stores are one of each region.
    app::draw(&quality, audit.id, asked(&app, 2)).await.unwrap();
    let regions: Vec<_> =
        app::drawn(&quality, audit.id, None).await.unwrap().2.stores.into_iter().map(|one| one.region).collect();
    assert_eq!(regions.len(), 2);
    assert!(regions.contains(&"EAST".to_owned()) && regions.contains(&"SOUTH".to_owned()), "{regions:?}");
}

#[testkit::db_test]
async fn bad_samples_are_refused_at_their_fields(db: Db) {
    let app = start(db).await;
    let quality = app.ctx("quality").await;
    let audit = plan(&app, Kind::Internal).await;
    let today = today(&app);
    let bad = [
        ("stores", Asked { stores: 0, ..asked(&app, 1) }),
        ("cases", Asked { cases: 51, ..asked(&app, 1) }),
        ("from_on", Asked { from_on: None, ..asked(&app, 1) }),
        ("until_on", Asked { from_on: Some(today), until_on: Some(today.plus(-1)), ..asked(&app, 1) }),
    ];
    for (field, asked) in bad {
        let fault = app::draw(&quality, audit.id, asked).await.unwrap_err();
        assert!(fault.fields().of(field).is_some(), "{field}: {fault:?}");
    }
    let reader = app::draw(&app.ctx("assessor").await, audit.id, asked(&app, 1)).await.unwrap_err();
    assert_eq!(reader.kind(), FaultKind::Forbidden);
    let hidden = app::draw(&app.ctx("boss1").await, audit.id, asked(&app, 1)).await.unwrap_err();
    assert_eq!(hidden.kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn the_sample_has_a_page_a_table_and_an_api(db: Db) {
    let app = start(db).await;
    let (_, number) = case(&app, "clerk1", "S1", "一店").await;
    let audit = running(&app, 3).await;
    let quality = app.as_user("quality").await;
    let path = format!("/audits/{}", audit.id);
    let page = quality.get(&format!("{path}/sample?again=on")).await.expect(200).plain();
    assert!(page.contains(&number) && page.contains("完全一样"), "{page}");
    quality.clone().in_english().get(&format!("{path}/sample?draw=1")).await.expect(200);
    quality.get(&format!("{path}/sample?draw=9")).await.expect(404);
    let csv = quality.get(&format!("{path}/sample.csv")).await.expect(200).text();
    assert!(csv.contains(&number) && csv.lines().count() == 5, "{csv}");
    let api = format!("/api/v1{path}/sample");
    let sample = quality.get(&api).await.expect(200).json();
    assert_eq!((&sample["reproduces"], &sample["unchanged"], &sample["seed"]), (&json!(true), &json!(true), &json!(7)));
    let body =
        json!({"from_on": "2026-01-01", "until_on": "2026-12-01", "stores": 2, "cases": 1, "complaints": 0, "seed": 5});
    let drawn = quality.json("POST", &format!("/api/v1{path}/draws"), &[], &body).await.expect(201).json();
    assert_eq!((&drawn["draw"], drawn["stores"].as_array().unwrap().len()), (&json!(2), 2));
    quality.post(&format!("{path}/draw"), &[("stores", "")]).await.expect(422);
    app.as_user("boss1").await.get(&api).await.expect(404);
    app.as_user("boss1").await.post(&format!("{path}/draw"), &[]).await.expect(403);
    app.anybody().get(&api).await.expect(401);
}
