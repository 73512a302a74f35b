use capability::Capability;
use cases::app::Intake;
use cases::domain::{Channel, Kind};
use db::Db;
use kernel::{FaultKind, Id, of};
use problems::app::{self, Draft};
use problems::domain::State;
use problems::store::Filter;
use serde_json::json;
use testapp::TestApp;

fn capabilities() -> Vec<Capability> {
    vec![
        approvals::capability(),
        notices::capability(),
        parties::capability(),
        cases::capability(),
        problems::capability(),
        insight::capability(),
    ]
}

async fn case(app: &TestApp, login: &str, store: &str, text: &str) -> Id<of::Case> {
    let intake = Intake {
        store: app.unit(store),
        kind: Kind::Repair,
        channel: Channel::Counter,
        subject: text.to_owned(),
        ..Intake::default()
    };
    cases::app::take_in(&app.ctx(login).await, intake).await.unwrap().id
}

fn draft(title: &str) -> Draft {
    Draft { title: title.into(), ..Draft::default() }
}

#[testkit::db_test]
async fn a_hard_case_becomes_a_problem_that_experts_from_elsewhere_see(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let id = case(&app, "clerk1", "S1", "第三次维修还是不制冷").await;
    let clerk = app.ctx("clerk1").await;
    assert!(app::promote(&clerk, id, draft(" ")).await.unwrap_err().fields().of("title").is_some());
    let far = Draft { experts: vec![app.user("clerk3")], ..draft("同批次压缩机反复坏") };
    let hidden = app::promote(&app.ctx("clerk2").await, id, far.clone()).await.unwrap_err();
    assert_eq!(hidden.kind(), FaultKind::NotFound);
    let assessor = app::promote(&app.ctx("assessor").await, id, far.clone()).await.unwrap_err();
    assert_eq!(assessor.kind(), FaultKind::Forbidden);
    let problem = app::promote(&clerk, id, far.clone()).await.unwrap();
    assert_eq!((problem.number.as_str(), problem.owner), ("NT20261122-001", app.user("clerk1")));
    assert_eq!(app::promote(&clerk, id, far).await.unwrap_err().code(), "problems-has-one");
    let told = app.as_user("clerk3").await.get("/notices").await.expect(200).plain();
    assert!(told.contains("NT20261122-001"), "{told}");

    // The expert sees the problem, not the case; others elsewhere see neither.
    let expert = app.ctx("clerk3").await;
    let seen = app::detail(&expert, problem.id).await.unwrap();
    assert_eq!((seen.cases.len(), seen.hidden, seen.may_work), (0, 1, true));
    assert_eq!(app::list(&expert, Filter::default(), None, 10).await.unwrap().rows.len(), 1);
    let other = app.ctx("boss3").await;
    assert_eq!(app::detail(&other, problem.id).await.unwrap_err().kind(), FaultKind::NotFound);
    assert!(app::list(&other, Filter::default(), None, 10).await.unwrap().rows.is_empty());
    let found = Filter { text: Some("压缩机".into()), ..Filter::default() };
    assert_eq!(app::list(&clerk, found, None, 10).await.unwrap().rows.len(), 1);
    let wild = Filter { text: Some("%".into()), ..Filter::default() };
    assert!(app::list(&clerk, wild, None, 10).await.unwrap().rows.is_empty());

    // Another case joins; both pages know.
    let second = case(&app, "clerk1", "S1", "又一台不制冷").await;
    assert!(app::link(&clerk, "NT1", second).await.unwrap_err().fields().of("number").is_some());
    app::link(&clerk, "nt20261122-001", second).await.unwrap();
    let page = app.as_user("clerk1").await.get(&format!("/cases/{second}")).await.expect(200).plain();
    assert!(page.contains("关联到难题"), "{page}");
    let whole = app::detail(&clerk, problem.id).await.unwrap();
    assert_eq!(whole.cases.len(), 2);
    assert!(
        whole.lines.iter().any(|line| line.verb == "case.taken_in" && line.case.is_some()),
        "the cases' entries appear"
    );
    app::unlink(&clerk, problem.id, second).await.unwrap();
    assert_eq!(app::detail(&clerk, problem.id).await.unwrap().cases.len(), 1);
}

#[testkit::db_test]
async fn it_is_solved_with_a_cause_and_a_way_out(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let id = case(&app, "clerk1", "S1", "第三次维修还是不制冷").await;
    let clerk = app.ctx("clerk1").await;
    let review = "2026-11-24".parse().unwrap();
    let first = Draft { review_on: Some(review), owner: Some(app.user("boss1")), ..draft("压缩机") };
    let problem = app::promote(&clerk, id, first.clone()).await.unwrap();
    let with = |state, cause: Option<&str>, solution: Option<&str>| Draft {
        state: Some(state),
        cause: cause.map(str::to_owned),
        solution: solution.map(str::to_owned),
        ..first.clone()
    };
    let refused = app::change(&clerk, problem.id, 1, with(State::KnownCause, None, None)).await.unwrap_err();
    assert!(refused.fields().of("cause").is_some());
    app::change(&clerk, problem.id, 1, with(State::KnownCause, Some("批次缺陷"), None)).await.unwrap();
    let stale = app::change(&clerk, problem.id, 1, with(State::Solved, Some("批次缺陷"), Some("换新批次"))).await;
    assert_eq!(stale.unwrap_err().kind(), FaultKind::Stale);
    let taken = app::change(&clerk, problem.id, 2, with(State::KnownCause, None, None)).await.unwrap_err();
    assert!(taken.fields().of("cause").is_some(), "what it stands by stays");
    let solved = with(State::Solved, Some("批次缺陷"), Some("换新批次"));
    app::change(&clerk, problem.id, 2, solved).await.unwrap();

    app::post(&clerk, problem.id, "厂家确认了", Vec::new()).await.unwrap();
    assert_eq!(app::post(&clerk, problem.id, " ", Vec::new()).await.unwrap_err().kind(), FaultKind::Invalid);
    let posts = app::detail(&clerk, problem.id).await.unwrap().lines;
    assert_eq!(posts.iter().filter_map(|line| line.text.as_deref()).collect::<Vec<_>>(), ["厂家确认了"]);

    app.clock.set("2026-11-24T00:00:00Z".parse().unwrap());
    assert_eq!(app::review(&clerk).await.unwrap(), 1);
    assert_eq!(app::review(&clerk).await.unwrap(), 0, "once for each day");
    let told = app.as_user("boss1").await.get("/notices").await.expect(200).plain();
    assert!(told.contains("该再看"), "{told}");
}

#[testkit::db_test]
async fn pages_and_api_do_the_same(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let id = case(&app, "clerk1", "S1", "<i>第三次</i>维修").await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/cases/{id}/problem");
    clerk.get(&path).await.expect(200);
    clerk.post(&path, &[("title", "")]).await.expect(422);
    clerk.post(&path, &[("title", "反复"), ("experts", "没这个人")]).await.expect(422);
    let made = clerk.post(&path, &[("title", "反复不制冷"), ("experts", "clerk3")]).await.expect(303);
    let page = made.location().to_owned();
    let whole = clerk.get(&page).await.expect(200).text();
    assert!(whole.contains("反复不制冷") && whole.contains("&#60;i&#62;"), "{whole}");
    clerk.clone().in_english().get(&page).await.expect(200);
    clerk.clone().in_english().get("/problems?show=all&q=NT").await.expect(200);
    clerk.post(&format!("{page}/posts"), &[("post", "")]).await.expect(422);
    clerk.post(&format!("{page}/posts"), &[("post", "约厂家周三来")]).await.expect(303);
    clerk.post(&page, &[("title", "x")]).await.expect(428);
    clerk.post(&page, &[("version", "1"), ("title", "反复不制冷"), ("state", "solved")]).await.expect(422);
    clerk
        .post(&page, &[("version", "1"), ("title", "反复不制冷"), ("state", "known_cause"), ("cause", "批次")])
        .await
        .expect(303);
    clerk.post(&page, &[("version", "1"), ("title", "反复不制冷")]).await.expect(412);
    assert!(clerk.get(&path).await.expect(200).text().contains(&page), "the case's page shows it");

    let api = format!("/api/v1{page}");
    let shown = clerk.get(&api).await.expect(200);
    assert_eq!(shown.json()["problem"]["state"], "known_cause");
    let etag = shown.header("etag").to_owned();
    let body = json!({"title": "反复不制冷", "state": "solved", "cause": "批次", "solution": "换"});
    clerk.json("PATCH", &api, &[], &body).await.expect(428);
    let solved = clerk.json("PATCH", &api, &[("if-match", &etag)], &body).await.expect(200).json();
    assert_eq!(solved["problem"]["state"], "solved");
    clerk.json("PATCH", &api, &[("if-match", &etag)], &body).await.expect(412);
    let other = case(&app, "clerk1", "S1", "又一台").await.to_string();
    let linked = clerk.json("POST", &format!("{api}/cases"), &[], &json!({"case": other})).await.expect(200).json();
    assert_eq!(linked["cases"].as_array().unwrap().len(), 2);
    clerk.json("POST", &format!("{api}/cases"), &[], &json!({"case": other})).await.expect(409);
    clerk.json("POST", "/api/v1/problems", &[], &json!({"title": "x"})).await.expect(422);
    assert_eq!(
        clerk.get("/api/v1/problems?show=solved").await.expect(200).json()["items"].as_array().unwrap().len(),
        1
    );
    clerk.get("/api/v1/problems?after=x").await.expect(422);
    app.as_user("clerk3").await.get(&api).await.expect(404);
    app.as_user("clerk2").await.get(&page).await.expect(404);
    app.anybody().get(&api).await.expect(401);
}

#[testkit::db_test]
async fn search_finds_a_problem_by_its_words_and_its_number(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let id = case(&app, "clerk1", "S1", "第三次维修还是不制冷").await;
    let clerk = app.ctx("clerk1").await;
    let problem = app::promote(&clerk, id, draft("同批次压缩机反复坏")).await.unwrap();
    let boss = app.as_user("boss1").await;
    let hits = boss.get("/api/v1/search?q=%E5%8E%8B%E7%BC%A9%E6%9C%BA&kind=problem").await.expect(200).json();
    assert_eq!((&hits["items"][0]["kind"], &hits["items"][0]["number"]), (&json!("problem"), &json!(problem.number)));
    let page = boss.get("/search?q=%E5%8E%8B%E7%BC%A9%E6%9C%BA").await.expect(200).plain();
    assert!(page.contains(&problem.number) && page.contains("同批次压缩机反复坏"), "{page}");
    let jump = boss.get(&format!("/search?q={}", problem.number)).await.expect(303);
    assert_eq!(jump.location(), format!("/problems/{}", problem.id));
    // Words that came later are found, and nobody elsewhere finds any of it.
    let known = Draft {
        cause: Some("焊点虚焊".into()), state: Some(State::KnownCause), ..draft("同批次压缩机反复坏")
    };
    app::change(&clerk, problem.id, 1, known).await.unwrap();
    let found = async |login: &str| {
        let hits = app.as_user(login).await.get("/api/v1/search?q=%E8%99%9A%E7%84%8A").await.expect(200).json();
        hits["items"].as_array().unwrap().len()
    };
    assert_eq!((found("boss1").await, found("boss3").await), (1, 0));

    // One from before there was a search for problems is found once the job has run, and it has nothing to do twice.
    let record = kernel::RecordRef::new(app::RECORD, problem.id);
    let removed = app.house.db.write(record, |tx, record| Box::pin(async move { search::remove(tx, record).await }));
    removed.await.unwrap();
    assert_eq!(found("boss1").await, 0);
    let ran = async || app::make_findable(&app.house.db, &app.house.ids).await.unwrap();
    assert_eq!((ran().await, ran().await), (1, 0));
    assert_eq!((found("boss1").await, found("boss3").await), (1, 0));
}
