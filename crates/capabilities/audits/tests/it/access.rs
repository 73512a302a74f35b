use audits::app::{self, Let};
use db::Db;
use identity::{Secret, SignIn};
use kernel::FaultKind;

use crate::house::{case, guest, running, start, today, written};

#[testkit::db_test]
async fn somebody_from_outside_sees_the_sample_and_nothing_else(db: Db) {
    let app = start(db).await;
    let (drawn, number) = case(&app, "clerk1", "S1", "冰箱不制冷").await;
    let audit = running(&app, 3).await;
    // It came after the sample was drawn.
    let (other, _) = case(&app, "clerk2", "S2", "洗衣机").await;
    guest(&app, &audit, "cqc-liu").await;
    let liu = app.as_user("cqc-liu").await;

    assert_eq!(liu.get("/").await.expect(303).location(), "/assessing");
    let home = liu.get("/assessing").await.expect(200).plain();
    assert!(home.contains(&number) && home.contains("年度监督审核"), "{home}");
    liu.clone().in_english().get("/assessing").await.expect(200);
    let path = format!("/audits/{}", audit.id);
    let sheet = liu.get(&format!("{path}/cases/{drawn}")).await.expect(200).plain();
    assert!(sheet.contains("冰箱不制冷") && !sheet.contains("13812345678") && sheet.contains("***78"), "{sheet}");
    liu.get(&path).await.expect(200);
    liu.get(&format!("{path}/sample")).await.expect(200);
    liu.get("/score").await.expect(200);
    // What the counts rest on is a list for the house: it is not offered to somebody who would be refused there.
    let counted = "/score/items/5.2.4.2";
    assert!(!liu.get(counted).await.expect(200).text().contains("href=\"/cases?"));
    let inside = app.as_user("quality").await.get(counted).await.expect(200);
    assert!(inside.text().contains("href=\"/cases?"));
    liu.get("/findings").await.expect(200);

    // Cases that were not drawn are not there; nothing of daily work opens, and nothing is written there.
    liu.get(&format!("{path}/cases/{other}")).await.expect(404);
    for page in
        ["/cases", &format!("/cases/{drawn}"), "/customers", "/sales", "/audits", "/metrics", &format!("{path}/draw")]
    {
        let status = liu.get(page).await.status.as_u16();
        assert!(matches!(status, 403 | 404), "{page}: {status}");
    }
    for (post, fields) in [
        ("/cases".to_owned(), vec![("subject", "x")]),
        (format!("/cases/{drawn}/accept"), vec![]),
        (path.clone(), vec![("version", "1")]),
        (format!("{path}/state"), vec![("version", "1"), ("to", "closed")]),
        (format!("{path}/draw"), vec![]),
        (format!("{path}/access"), vec![]),
        ("/score/records".to_owned(), vec![("kind", "budget")]),
        ("/score/items/5.1.1.1".to_owned(), vec![("reason", "x")]),
    ] {
        let status = liu.post(&post, &fields).await.status.as_u16();
        assert!(matches!(status, 403..=405), "{post}: {status}");
    }
    liu.json("POST", "/api/v1/cases", &[], &serde_json::json!({"subject": "x"})).await.expect(403);
    let found = liu.get("/api/v1/search?q=%E5%86%B0%E7%AE%B1").await;
    assert!(found.status.as_u16() == 403 || found.json()["items"].as_array().unwrap().is_empty());

    // All of that was noted, refusals too.
    let quality = app.as_user("quality").await;
    let user = app.user("cqc-liu");
    let log = quality.get(&format!("{path}/visits/{user}")).await.expect(200).text();
    for part in ["抽中的单", "被拒绝", "/customers", "POST /cases", &format!("/audits/{}/cases/{other}", audit.id)]
    {
        assert!(log.contains(part), "{part}: {log}");
    }
    quality.clone().in_english().get(&format!("{path}/visits/{user}")).await.expect(200);
    liu.get(&format!("{path}/visits/{user}")).await.expect(403);
    app.as_user("assessor").await.get(&format!("{path}/visits/{}", app.user("clerk1"))).await.expect(404);
}

#[testkit::db_test]
async fn another_audit_stays_hidden(db: Db) {
    let app = start(db).await;
    let (drawn, _) = case(&app, "clerk1", "S1", "冰箱").await;
    let audit = running(&app, 3).await;
    let other = running(&app, 3).await;
    guest(&app, &audit, "cqc-liu").await;
    let liu = app.as_user("cqc-liu").await;
    for page in ["", "/sample", "/sample.csv", "/findings/new"] {
        liu.get(&format!("/audits/{}{page}", other.id)).await.expect(404);
    }
    liu.get(&format!("/audits/{}/cases/{drawn}", other.id)).await.expect(404);
    liu.post(&format!("/audits/{}/findings", other.id), &[("severity", "minor"), ("clause", "5.3.2.1"), ("seen", "x")])
        .await
        .expect(404);
    let foreign = app::write(&app.ctx("quality").await, other.id, written(None, None, "总部写的")).await.unwrap_err();
    assert_eq!(foreign.code(), "audits-not-running", "an audit from outside is written by the assessor");
}

#[testkit::db_test]
async fn when_its_time_is_over_the_login_says_so(db: Db) {
    let app = start(db).await;
    let audit = running(&app, 3).await;
    guest(&app, &audit, "cqc-liu").await;
    let liu = app.as_user("cqc-liu").await;
    liu.get("/assessing").await.expect(200);
    let session = app.house.identity.open_session(app.user("cqc-liu"), "local", "test").await.unwrap();
    let end = today(&app).plus(5).start(&app.house.zone);
    app.clock.set(end.plus(-1));
    // The session is older than a shift by now; a new one is good to the last millisecond.
    let late = app.as_user("cqc-liu").await;
    late.get("/assessing").await.expect(200);
    app.clock.set(end);
    let led = late.get("/assessing").await.expect(303);
    assert!(led.location().starts_with("/login"), "{}", led.location());
    late.get(&format!("/api/v1/audits/{}", audit.id)).await.expect(401);
    let resumed = app.house.identity.resume(session.token.reveal()).await.unwrap();
    assert!(resumed.is_none_or(|found| found.session.shut.is_some()));
    let refused = app::write(&app.ctx("cqc-liu").await, audit.id, written(None, None, "迟到")).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn whoever_is_shut_out_reads_why_at_the_door(db: Db) {
    let app = start(db).await;
    let audit = running(&app, 3).await;
    let quality = app.ctx("quality").await;
    let from = today(&app).plus(2);
    let wanted = Let {
        name: "王评审".into(),
        login: "cqc-wang".into(),
        email: None,
        from_on: Some(from),
        until_on: Some(from.plus(1)),
        locale: "en".into(),
    };
    let given = app::give(&quality, audit.id, wanted.clone()).await.unwrap();
    let twice = app::give(&quality, audit.id, wanted).await.unwrap_err();
    assert!(twice.fields().of("login").is_some());
    let identity = &app.house.identity;
    let activation = identity::Activation {
        login: "cqc-wang".into(),
        code: given.code.clone(),
        password: Secret::new("long enough for an auditor"),
        address: "local".into(),
    };
    let activated = identity.activate(activation).await.unwrap();
    let now = app.clock.now();
    app.house
        .db
        .write((activated, now), |tx, (activated, now)| {
            Box::pin(async move { activated.set(tx, *now).await.map(|_| ()) })
        })
        .await
        .unwrap();
    let sign_in = async || {
        identity
            .sign_in(SignIn {
                login: "cqc-wang".into(),
                password: Secret::new("long enough for an auditor"),
                keep: false,
                address: "local".into(),
                agent: "test".into(),
            })
            .await
    };
    assert_eq!(sign_in().await.unwrap_err().code(), "identity-access-not-yet");
    app.clock.set(from.start(&app.house.zone));
    sign_in().await.unwrap();
    app::withdraw(&quality, audit.id, given.user, "换人").await.unwrap();
    assert_eq!(sign_in().await.unwrap_err().code(), "identity-access-withdrawn");
    let again = app::withdraw(&quality, audit.id, given.user, "换人").await.unwrap_err();
    assert_eq!(again.code(), "audits-access-gone");
}

#[testkit::db_test]
async fn who_writes_and_who_withdraws_never_meet_halfway(db: Db) {
    let app = start(db).await;
    let audit = running(&app, 3).await;
    let liu = guest(&app, &audit, "cqc-liu").await;
    let quality = app.ctx("quality").await;
    let write = app::write(&liu, audit.id, written(None, None, "同时"));
    let withdraw = app::withdraw(&quality, audit.id, app.user("cqc-liu"), "收回");
    let (wrote, withdrew) = tokio::join!(write, withdraw);
    withdrew.unwrap();
    let findings = app::whole(&quality, audit.id).await.unwrap().findings;
    assert_eq!(findings.len(), usize::from(wrote.is_ok()), "either it was written before, or not at all");
    if let Err(fault) = wrote {
        assert!(matches!(fault.kind(), FaultKind::Refused | FaultKind::NotFound), "{fault:?}");
    }
    let after = app::write(&liu, audit.id, written(None, None, "以后")).await.unwrap_err();
    assert_eq!(after.kind(), FaultKind::NotFound);
}
