use audits::app::{self, Answer, Draft, LineDraft};
use audits::domain::{FindingState, Kind, State};
use audits::store::{Filter, FindingFilter};
use db::Db;
use kernel::FaultKind;
use serde_json::json;

use crate::house::{case, guest, plan, running, start, today, written};

fn answer(proof: Option<&str>) -> Answer {
    Answer {
        cause: "没有纸单".into(), done: "每店放纸单".into(), proof: proof.map(str::to_owned), files: Vec::new()
    }
}

#[testkit::db_test]
async fn a_finding_goes_from_the_assessor_to_the_owner_and_back(db: Db) {
    let app = start(db).await;
    let (_, number) = case(&app, "clerk1", "S1", "冰箱").await;
    let audit = running(&app, 3).await;
    let (_, missed) = case(&app, "clerk1", "S1", "没抽到").await;
    let liu = guest(&app, &audit, "cqc-liu").await;
    let (quality, boss) = (app.ctx("quality").await, app.ctx("boss1").await);

    let elsewhere = app::write(&liu, audit.id, written(None, Some(&missed), "看到")).await.unwrap_err();
    assert!(elsewhere.fields().of("case").is_some());
    let clause = audits::app::FindingDraft { clause: "9.9.9".into(), ..written(None, None, "看到") };
    assert!(app::write(&liu, audit.id, clause).await.unwrap_err().fields().of("clause").is_some());
    let team = app::write(&liu, audit.id, written(Some(app.unit("QA")), None, "看到")).await.unwrap_err();
    assert!(team.fields().of("unit").is_some());
    let one = app::write(&liu, audit.id, written(Some(app.unit("S1")), Some(&number), "纸单缺 3 张")).await.unwrap();
    assert_eq!((one.number, one.state), (format!("{}-01", audit.number), FindingState::Open));
    let told = app.as_user("quality").await.get("/notices").await.expect(200).plain();
    assert!(told.contains("-01"), "{told}");

    // Nobody answers for nobody; the assessor does not give it to anybody.
    let due = today(&app).plus(7);
    let own = app::assign(&liu, one.id, 1, Some(app.user("boss1")), Some(due)).await.unwrap_err();
    assert_eq!(own.kind(), FaultKind::Forbidden);
    let outside = app::assign(&quality, one.id, 1, Some(app.user("cqc-liu")), Some(due)).await.unwrap_err();
    assert!(outside.fields().of("owner").is_some());
    assert_eq!(app::answer(&quality, one.id, 1, answer(Some("照片"))).await.unwrap_err().code(), "audits-finding-way");
    assert_eq!(app::assign(&quality, one.id, 1, Some(app.user("boss1")), Some(due)).await.unwrap(), 2);
    assert!(app::answer(&boss, one.id, 2, answer(None)).await.unwrap_err().fields().of("proof").is_some());
    assert_eq!(
        app::answer(&app.ctx("clerk3").await, one.id, 2, answer(Some("x"))).await.unwrap_err().kind(),
        FaultKind::NotFound
    );
    assert_eq!(app::answer(&boss, one.id, 2, answer(Some("照片"))).await.unwrap(), 3);

    // The owner does not judge, headquarters not while the assessor is there.
    assert_eq!(app::judge(&boss, one.id, 3, true, None).await.unwrap_err().code(), "audits-not-judge");
    assert_eq!(app::judge(&quality, one.id, 3, true, None).await.unwrap_err().code(), "audits-not-judge");
    assert!(app::judge(&liu, one.id, 3, false, None).await.unwrap_err().fields().of("verdict").is_some());
    assert_eq!(app::judge(&liu, one.id, 3, false, Some("看不到日期".into())).await.unwrap(), 4);
    assert_eq!(app::finding(&boss, one.id).await.unwrap().finding.reopened, 1);
    assert_eq!(app::answer(&boss, one.id, 4, answer(Some("照片有日期"))).await.unwrap(), 5);
    assert_eq!(app::judge(&liu, one.id, 4, true, None).await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(app::judge(&liu, one.id, 5, true, None).await.unwrap(), 6);
    let whole = app::finding(&boss, one.id).await.unwrap();
    assert_eq!((whole.finding.state, whole.history.len()), (FindingState::Closed, 6));
    assert_eq!(
        app::assign(&quality, one.id, 6, Some(app.user("boss1")), Some(due)).await.unwrap_err().code(),
        "audits-finding-way"
    );
}

#[testkit::db_test]
async fn when_the_assessor_is_gone_headquarters_judges(db: Db) {
    let app = start(db).await;
    let audit = running(&app, 3).await;
    let liu = guest(&app, &audit, "cqc-liu").await;
    let quality = app.ctx("quality").await;
    let mine = app::write(&liu, audit.id, written(None, None, "总部的事")).await.unwrap();
    let theirs = app::write(&liu, audit.id, written(Some(app.unit("S3")), None, "三店的事")).await.unwrap();
    let due = today(&app).plus(1);
    app::assign(&quality, mine.id, 1, Some(app.user("quality")), Some(due)).await.unwrap();
    app::assign(&quality, theirs.id, 1, Some(app.user("boss3")), Some(due)).await.unwrap();
    app::answer(&quality, mine.id, 2, answer(Some("x"))).await.unwrap();
    app::answer(&app.ctx("boss3").await, theirs.id, 2, answer(Some("x"))).await.unwrap();
    app::withdraw(&quality, audit.id, app.user("cqc-liu"), "走了").await.unwrap();
    assert_eq!(
        app::judge(&quality, mine.id, 3, true, None).await.unwrap_err().code(),
        "audits-not-judge",
        "not one's own"
    );
    app::judge(&quality, theirs.id, 3, true, None).await.unwrap();
    assert_eq!(app::judge(&liu, mine.id, 3, true, None).await.unwrap_err().kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn owners_hear_once_that_the_day_is_over_and_see_their_place_only(db: Db) {
    let app = start(db).await;
    let audit = running(&app, 3).await;
    let liu = guest(&app, &audit, "cqc-liu").await;
    let quality = app.ctx("quality").await;
    let one = app::write(&liu, audit.id, written(Some(app.unit("S1")), None, "一店的事")).await.unwrap();
    let two = app::write(&liu, audit.id, written(Some(app.unit("S3")), None, "三店的事")).await.unwrap();
    app::assign(&quality, one.id, 1, Some(app.user("clerk1")), Some(today(&app))).await.unwrap();
    let seen = async |login: &str| {
        let page = app::findings(&app.ctx(login).await, FindingFilter::default(), None, 10).await.unwrap();
        page.rows.into_iter().map(|row| row.seq).collect::<Vec<_>>()
    };
    assert_eq!(seen("boss1").await, [1]);
    assert_eq!(seen("boss3").await, [2]);
    assert_eq!(seen("clerk2").await, [] as [i64; 0]);
    assert_eq!(seen("clerk1").await, [1], "who answers for it");
    assert_eq!(seen("quality").await, [2, 1]);
    assert_eq!(seen("cqc-liu").await, [2, 1]);
    assert_eq!(app::finding(&app.ctx("boss1").await, two.id).await.unwrap_err().kind(), FaultKind::NotFound);

    assert_eq!(app::remind(&quality).await.unwrap(), 0);
    app.clock.set(today(&app).plus(1).at(8, 0, &app.house.zone));
    assert_eq!(app::remind(&quality).await.unwrap(), 1);
    assert_eq!(app::remind(&quality).await.unwrap(), 0, "once for each day");
    let told = app.as_user("clerk1").await.get("/notices").await.expect(200).plain();
    assert!(told.contains("超过整改期限"), "{told}");
}

#[testkit::db_test]
async fn an_audit_of_our_own_is_planned_led_and_closed(db: Db) {
    let app = start(db).await;
    let quality = app.ctx("quality").await;
    let audit = plan(&app, Kind::Internal).await;
    let draft = Draft {
        kind: Some(Kind::Internal),
        title: "内部审核".into(),
        scheme: "门店巡查表".into(),
        lead: Some(app.user("tech1")),
        from_on: Some(audit.from_on),
        until_on: Some(audit.until_on),
        units: vec![app.unit("EAST")],
        ..Draft::default()
    };
    assert_eq!(app::change(&quality, audit.id, 1, draft.clone()).await.unwrap(), 2);
    assert_eq!(app::change(&quality, audit.id, 1, draft).await.unwrap_err().kind(), FaultKind::Stale);
    let zone = &app.house.zone;
    let line = |from: i8, until: i8| LineDraft {
        from_at: Some(audit.from_on.at(from, 0, zone)),
        until_at: Some(audit.from_on.at(until, 0, zone)),
        topic: "首次会议".into(),
        ..LineDraft::default()
    };
    assert!(app::add_line(&quality, audit.id, line(10, 9)).await.unwrap_err().fields().of("until_at").is_some());
    app::add_line(&quality, audit.id, line(9, 10)).await.unwrap();
    let far = LineDraft {
        from_at: Some(audit.from_on.plus(40).at(9, 0, zone)),
        until_at: Some(audit.from_on.plus(40).at(10, 0, zone)),
        ..line(9, 10)
    };
    assert!(app::add_line(&quality, audit.id, far).await.unwrap_err().fields().of("from_at").is_some());

    let tech = app.ctx("tech1").await;
    let whole = app::whole(&tech, audit.id).await.unwrap();
    assert!(whole.part.leads && whole.lines.len() == 1 && whole.guests.is_empty());
    let early = app::write(&tech, audit.id, written(None, None, "早")).await.unwrap_err();
    assert_eq!(early.code(), "audits-not-running");
    app::go(&quality, audit.id, 2, State::Running, None).await.unwrap();
    let outside = app::write(&tech, audit.id, written(Some(app.unit("S3")), None, "不在范围")).await.unwrap_err();
    assert!(outside.fields().of("unit").is_some());
    // Clauses of a scheme that the program does not know are taken as they are.
    let own = audits::app::FindingDraft { clause: "二-3".into(), ..written(Some(app.unit("S2")), None, "灯坏") };
    app::write(&tech, audit.id, own).await.unwrap();
    assert_eq!(app::home(&tech).await.unwrap().len(), 1);

    assert_eq!(app::go(&quality, audit.id, 3, State::Planned, None).await.unwrap_err().code(), "audits-way");
    assert!(app::go(&quality, audit.id, 3, State::Closed, None).await.unwrap_err().fields().of("result").is_some());
    app::go(&quality, audit.id, 3, State::Closed, Some("符合".into())).await.unwrap();
    assert!(app::list(&quality, Filter { live: true, ..Filter::default() }, None, 10).await.unwrap().rows.is_empty());
    let found = Filter { text: Some("内部".into()), ..Filter::default() };
    assert_eq!(app::list(&quality, found, None, 10).await.unwrap().rows.len(), 1);
    assert_eq!(app::list(&tech, Filter::default(), None, 10).await.unwrap_err().kind(), FaultKind::Forbidden);
}

#[testkit::db_test]
async fn pages_and_api_do_the_same(db: Db) {
    let app = start(db).await;
    let (_, number) = case(&app, "clerk1", "S1", "冰箱").await;
    let quality = app.as_user("quality").await;
    let day = today(&app).to_string();
    let end = today(&app).plus(3).to_string();
    quality.get("/audits/new").await.expect(200);
    quality.post("/audits", &[("kind", "external"), ("title", "审核")]).await.expect(422);
    let fields = [
        ("kind", "external"),
        ("title", "<i>审核</i>"),
        ("scheme", "GB/T 27922-2011"),
        ("body", "中心"),
        ("from_on", &day),
        ("until_on", &end),
    ];
    let made = quality.post("/audits", &fields).await.expect(303);
    let path = made.location().to_owned();
    let page = quality.get(&path).await.expect(200).text();
    assert!(page.contains("&#60;i&#62;审核"), "{page}");
    quality.clone().in_english().get(&path).await.expect(200);
    quality.clone().in_english().get(&format!("{path}/edit")).await.expect(200);
    quality.post(&path, &[("title", "x")]).await.expect(428);
    quality.post(&format!("{path}/lines"), &[("topic", "")]).await.expect(422);
    let (from, until) = (format!("{day}T09:00"), format!("{day}T10:00"));
    quality
        .post(&format!("{path}/lines"), &[("topic", "首次会议"), ("from_at", &from), ("until_at", &until)])
        .await
        .expect(303);
    quality.get(&format!("{path}/draw")).await.expect(200);
    let draw = [
        ("from_on", "2026-01-01"),
        ("until_on", "2026-12-31"),
        ("stores", "3"),
        ("cases", "2"),
        ("complaints", "0"),
        ("seed", "7"),
    ];
    quality.post(&format!("{path}/draw"), &draw).await.expect(303);
    quality.get(&format!("{path}/access")).await.expect(200);
    quality.post(&format!("{path}/access"), &[("name", "")]).await.expect(422);
    let access =
        [("name", "刘评审"), ("login", "cqc-liu"), ("from_on", day.as_str()), ("until_on", &end), ("locale", "zh-CN")];
    let given = quality.post(&format!("{path}/access"), &access).await.expect(200).plain();
    assert!(given.contains("/activate?login=cqc-liu"), "{given}");
    quality.post(&format!("{path}/state"), &[("version", "1"), ("to", "running")]).await.expect(303);

    let liu = app.as_user("cqc-liu").await;
    liu.get(&format!("{path}/findings/new?case={number}")).await.expect(200);
    liu.post(&format!("{path}/findings"), &[("severity", "minor"), ("seen", "")]).await.expect(422);
    let company = app.unit("HQ").to_string();
    let seen = [
        ("severity", "major"),
        ("clause", "5.3.2.1"),
        ("unit", company.as_str()),
        ("case", number.as_str()),
        ("seen", "看到的事"),
    ];
    let finding = liu.post(&format!("{path}/findings"), &seen).await.expect(303).location().to_owned();
    liu.get(&finding).await.expect(200);
    liu.get(&format!("{finding}/print")).await.expect(200);
    liu.clone().in_english().get(&format!("{finding}/print")).await.expect(200);
    let boss = app.user("boss1").to_string();
    quality.post(&format!("{finding}/assign"), &[("version", "1"), ("owner", ""), ("due_on", &end)]).await.expect(422);
    quality
        .post(&format!("{finding}/assign"), &[("version", "1"), ("owner", &boss), ("due_on", &end)])
        .await
        .expect(303);
    liu.post(&format!("{finding}/assign"), &[("version", "2"), ("owner", &boss), ("due_on", &end)]).await.expect(403);
    let boss = app.as_user("boss1").await;
    boss.get("/findings").await.expect(200);
    boss.post(&format!("{finding}/answer"), &[("version", "2"), ("cause", "x"), ("done", "y")]).await.expect(422);
    let done = boss
        .post_files(
            &format!("{finding}/answer"),
            &[("version", "2"), ("cause", "x"), ("done", "y")],
            &[("file", "proof.txt", "text/plain", b"seen")],
        )
        .await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.plain());
    liu.post(&format!("{finding}/judge"), &[("version", "3"), ("good", "no")]).await.expect(422);
    liu.post(&format!("{finding}/judge"), &[("version", "2"), ("good", "yes")]).await.expect(412);
    liu.post(&format!("{finding}/judge"), &[("version", "3"), ("good", "yes")]).await.expect(303);
    let page = boss.get(&finding).await.expect(200).plain();
    assert!(page.contains("已关闭"), "{page}");

    let api = format!("/api/v1{path}");
    let whole = quality.get(&api).await.expect(200).json();
    assert_eq!((&whole["audit"]["state"], &whole["sample"]), (&json!("running"), &json!(1)));
    assert_eq!(whole["findings"][0]["state"], "closed");
    let second = json!({"severity": "observation", "clause": "5.1.1.1", "seen": "可以更好"});
    let made = liu.json("POST", &format!("{api}/findings"), &[], &second).await.expect(201).json();
    let one = format!("/api/v1/findings/{}", made["id"].as_str().unwrap());
    let body = json!({"owner": app.user("boss1").to_string(), "due_on": end});
    quality.json("POST", &format!("{one}/assign"), &[], &body).await.expect(428);
    let given =
        quality.json("POST", &format!("{one}/assign"), &[("if-match", "\"v1\"")], &body).await.expect(200).json();
    assert_eq!(given["due_on"], end.as_str());
    let answer = json!({"cause": "a", "done": "b", "proof": "c"});
    boss.json("POST", &format!("{one}/answer"), &[("if-match", "\"v2\"")], &answer).await.expect(200);
    let judged = liu
        .json("POST", &format!("{one}/judge"), &[("if-match", "\"v3\"")], &json!({"good": "yes"}))
        .await
        .expect(200)
        .json();
    assert_eq!(judged["state"], "closed");
    quality.json("POST", &format!("{one}/burn"), &[("if-match", "\"v4\"")], &json!({})).await.expect(404);
    assert_eq!(
        quality.get("/api/v1/findings?show=closed").await.expect(200).json()["items"].as_array().unwrap().len(),
        2
    );
    quality.get("/api/v1/findings?after=x").await.expect(422);
    quality.get("/api/v1/audits?after=x").await.expect(422);
    let plan = json!({"kind": "mystery", "title": "神秘顾客", "from_on": day, "until_on": end});
    quality.json("POST", "/api/v1/audits", &[], &plan).await.expect(201);
    app.as_user("boss3").await.get(&one).await.expect(404);
    app.anybody().get(&one).await.expect(401);
    // Search finds both.
    let hits = quality
        .get("/api/v1/search?q=%E7%9C%8B%E5%88%B0%E7%9A%84%E4%BA%8B&kind=audit_finding")
        .await
        .expect(200)
        .json();
    assert_eq!(hits["items"].as_array().unwrap().len(), 1, "{hits}");
}
