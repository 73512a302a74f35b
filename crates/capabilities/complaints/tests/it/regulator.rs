//! What authorities pass on: entered, answered, ended; reports that only few see; statements that never change.

use complaints::regulator::app::{self, Notice};
use complaints::regulator::domain::{
    self, Act, Mediation, Nature, Platform, RegulatorOutcome, RegulatorState, ReplyWay,
};
use complaints::regulator::store::{Filter, RegulatorCase, Show};
use db::Db;
use kernel::{Fault, FaultKind, Id, Money, of};
use testapp::TestApp;

use crate::shop::{complain, give, screen, shop};

const DAY: i64 = 86_400_000;

fn notice(app: &TestApp, number: &str, nature: Nature) -> Notice {
    let now = app.clock.now();
    Notice {
        about: app.unit("S1"),
        platform: Platform::P12315,
        authority: "西湖区市场监管局古荡所".into(),
        number: number.into(),
        officer: Some("陆科员".into()),
        officer_phone: Some("0571-0000-2222".into()),
        nature,
        notice_day: "2026-11-20".parse().unwrap(),
        received_at: now.plus(-2 * DAY),
        due_at: now.plus(5 * DAY),
        claimant_name: Some("王丽华".into()),
        claimant_phone: Some("13800005678".into()),
        subject: "洗衣机两次维修未修好".into(),
        claim: "要求退货退款。".into(),
        amount: Money::from_fen(329_900),
        product: Some("滚筒洗衣机".into()),
        serial: None,
        files: cases::app::files::NewFiles::default(),
    }
}

async fn of(app: &TestApp, id: Id<of::Case>) -> (RegulatorCase, i64) {
    app.house
        .db
        .read(id, |tx, id| {
            Box::pin(async move {
                let one = complaints::regulator::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                let case = cases::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                Ok::<_, Fault>((one, case.version))
            })
        })
        .await
        .unwrap()
}

/// How many cases `login` finds by `text`.
async fn found(app: &TestApp, login: &str, text: &str) -> usize {
    let reach = app.ctx(login).await.reach(cases::app::VIEW);
    let hits = app.house.db.read((reach, text.to_owned()), |tx, (reach, text)| {
        Box::pin(async move {
            let query = search::Query { text, reach, kinds: &[cases::app::RECORD], limit: 10, before: None };
            Ok::<_, Fault>(search::find(tx, &query).await?)
        })
    });
    let ids: std::collections::BTreeSet<i64> = hits.await.unwrap().hits.iter().map(|hit| hit.record_id).collect();
    ids.len()
}

async fn act(app: &TestApp, login: &str, id: Id<of::Case>, wanted: Act) -> Result<RegulatorState, Fault> {
    let (_, version) = of(app, id).await;
    app::act(&app.ctx(login).await, id, version, wanted).await.map(|done| done.state)
}

async fn signed(app: &TestApp, id: Id<of::Case>, by: &str, editor: &str) {
    let (_, version) = of(app, id).await;
    app::draft(&app.ctx("quality").await, id, version, "情况说明\n【待填】".into()).await.unwrap();
    let (_, version) = of(app, id).await;
    let ask = app::ask(&app.ctx("quality").await, id, version).await;
    assert_eq!(ask.unwrap_err().code(), domain::HOLES);
    app::edit(&app.ctx(editor).await, id, version, "情况说明\n已退款。".into()).await.unwrap();
    let (_, version) = of(app, id).await;
    app::ask(&app.ctx(editor).await, id, version).await.unwrap();
    let (one, version) = of(app, id).await;
    let edit = app::edit(&app.ctx(editor).await, id, version, "改".into()).await;
    assert_eq!(edit.unwrap_err().code(), domain::ASKED);
    let grant = approvals::domain::Verdict::Grant;
    approvals::app::decide(&app.ctx(by).await, one.approval.unwrap(), 1, grant, None).await.unwrap();
}

#[testkit::db_test]
async fn a_complaint_from_the_notice_to_the_end(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let entered = app::enter(&boss, notice(&app, "1233 0100-871", Nature::Complaint)).await.unwrap();
    assert!(entered.visible);
    let id = entered.id;
    let (one, _) = of(&app, id).await;
    // Our clock runs by the stated time, not by any rule.
    let clocks = cases::app::detail(&boss, id).await.unwrap().clocks;
    let ours = clocks.iter().find(|clock| clock.stage == cases::domain::Stage::Authority).unwrap();
    assert_eq!(ours.due_at, Some(one.due_at));
    assert_eq!(crate::shop::of(&app, id).await.0.source, complaints::domain::Source::Regulator);
    assert_eq!(app.metric("complaints-reg-received").await, Some(1));
    assert_eq!(app.metric("complaints-reg-open").await, Some(1));

    // The same number again, however it is written.
    let twice = app::enter(&boss, notice(&app, "12330100871", Nature::Complaint)).await.unwrap_err();
    assert_eq!((twice.code(), twice.args().iter().any(|(_, value)| *value == id.to_string())), (domain::KNOWN, true));
    let elsewhere = Notice { about: app.unit("S3"), ..notice(&app, "12330100871", Nature::Complaint) };
    let hidden = app::enter(&app.ctx("boss3").await, elsewhere).await.unwrap_err();
    assert!(hidden.code() == domain::KNOWN && !hidden.args().iter().any(|(_, value)| *value == id.to_string()));

    // Nothing goes out unsigned; a second person signs; then it never changes.
    let reply = || Act::Reply { way: ReplyWay::Platform, note: "回执 77".into() };
    assert_eq!(act(&app, "boss1", id, reply()).await.unwrap_err().code(), domain::UNSIGNED);
    let mediate = Act::Mediate { mediation: Mediation::Joined, note: "愿意退货".into() };
    assert_eq!(act(&app, "boss1", id, mediate).await.unwrap(), RegulatorState::Mediating);
    signed(&app, id, "boss1", "quality").await;
    let (one, version) = of(&app, id).await;
    assert_eq!((one.signed, one.signed_by), (Some(2), boss.actor.user));
    assert_eq!(one.signed_digest.as_deref(), Some(identity::digest("情况说明\n已退款。").as_str()));
    let edit = app::edit(&app.ctx("quality").await, id, version, "改".into()).await;
    assert_eq!(edit.unwrap_err().code(), domain::SIGNED);
    let detail = app::detail(&boss, id).await.unwrap();
    assert_eq!(detail.statements.iter().map(|one| one.version).collect::<Vec<_>>(), [2, 1], "no version goes away");

    assert_eq!(act(&app, "boss1", id, reply()).await.unwrap(), RegulatorState::Replied);
    assert_eq!(app.metric("complaints-reg-late").await, Some(0));
    assert_eq!(app.metric("complaints-reg-replied").await, Some(1));
    let wrong = Act::End { outcome: RegulatorOutcome::Penalty, note: "x".into(), paid: Money::ZERO };
    assert!(act(&app, "boss1", id, wrong).await.unwrap_err().fields().of("outcome").is_some());
    let end =
        Act::End { outcome: RegulatorOutcome::Agreement, note: "双方同意".into(), paid: Money::from_fen(290_807) };
    assert_eq!(act(&app, "boss1", id, end).await.unwrap(), RegulatorState::Ended);
    assert_eq!(app.metric("complaints-reg-open").await, Some(0));

    // Whoever comes again: what was, and nothing else; only as far as one sees.
    let again = app::enter(&boss, notice(&app, "872", Nature::Complaint)).await.unwrap().id;
    let history = app::detail(&boss, again).await.unwrap().history;
    assert_eq!((history.rows.len(), history.agreed, history.paid), (1, 1, Money::from_fen(290_807)));
    let other = Notice { about: app.unit("S3"), ..notice(&app, "873", Nature::Complaint) };
    let other = app::enter(&app.ctx("boss3").await, other).await.unwrap().id;
    assert_eq!(app::detail(&app.ctx("boss3").await, other).await.unwrap().history.rows.len(), 0);
}

#[testkit::db_test]
async fn a_late_answer_is_late_and_more_time_is_granted_only_ahead(db: Db) {
    let app = shop(db).await;
    let id = app::enter(&app.ctx("boss1").await, notice(&app, "9", Nature::Complaint)).await.unwrap().id;
    signed(&app, id, "boss1", "quality").await;
    let now = app.clock.now();
    let past = Act::Extend { due_at: now.plus(-1), note: "电话".into() };
    assert!(act(&app, "boss1", id, past).await.unwrap_err().fields().of("due_at").is_some());
    let more = Act::Extend { due_at: now.plus(8 * DAY), note: "经办人电话同意".into() };
    act(&app, "boss1", id, more).await.unwrap();
    app.clock.advance(9 * DAY);
    let page = app::list(&app.ctx("boss1").await, Filter { show: Show::Late, ..Filter::default() }, None, 5).await;
    assert_eq!(page.unwrap().rows.len(), 1);
    act(&app, "boss1", id, Act::Reply { way: ReplyWay::Letter, note: "SF123".into() }).await.unwrap();
    let (one, _) = of(&app, id).await;
    assert_eq!((one.in_time, app.metric("complaints-reg-late").await), (Some(false), Some(1)));
}

#[testkit::db_test]
async fn a_report_is_for_who_is_admitted_and_nothing_of_it_goes_away(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let entered = app::enter(&boss, notice(&app, "R-1", Nature::Report)).await.unwrap();
    let id = entered.id;
    assert!(!entered.visible, "whoever enters it passes it on");
    for login in ["boss1", "clerk1", "east", "assessor", "finance", "admin"] {
        let ctx = app.ctx(login).await;
        assert_eq!(app::detail(&ctx, id).await.unwrap_err().kind(), FaultKind::NotFound, "{login}");
        assert!(cases::app::detail(&ctx, id).await.is_err(), "{login}");
        let all = Filter { show: Show::All, ..Filter::default() };
        assert!(app::list(&ctx, all.clone(), None, 5).await.unwrap().rows.is_empty(), "{login}");
        assert_eq!(app::counts(&ctx, vec![all]).await.unwrap(), [0], "{login}");
        let page = complaints::app::list(&ctx, complaints::store::Filter::default(), None, 50).await.unwrap();
        assert!(page.rows.is_empty(), "{login}");
        assert_eq!(found(&app, login, "R-1").await, 0, "{login}");
        let visitor = app.as_user(login).await;
        for path in [
            format!("/cases/{id}"),
            format!("/complaints/{id}"),
            format!("/regulator/{id}"),
            format!("/api/v1/regulator/{id}"),
        ] {
            let status = visitor.get(&path).await.status.as_u16();
            assert!([403, 404].contains(&status), "{login} {path} {status}");
        }
        let queue = visitor.get("/cases?tab=all").await;
        assert!(!queue.text().contains("洗衣机两次维修"), "{login}");
    }
    let quality = app.ctx("quality").await;
    let detail = app::detail(&quality, id).await.unwrap();
    assert!(detail.complaint.legal_hold.is_some() && detail.seal.is_some());
    assert_eq!(found(&app, "quality", "R-1").await, 1, "by the authority's number");
    assert_eq!(app::list(&quality, Filter::default(), None, 5).await.unwrap().rows.len(), 1);
    let told = app.as_user("boss1").await.get("/notices").await.text();
    assert!(!told.contains("洗衣机两次维修"), "{told}");

    // Its own way: no mediation, no complaint's commands, and held.
    let mediate = Act::Mediate { mediation: Mediation::Joined, note: "x".into() };
    assert_eq!(act(&app, "quality", id, mediate).await.unwrap_err().code(), domain::NO_MEDIATION);
    let offer = complaints::domain::Command::Withdraw { note: "x".into() };
    assert_eq!(give(&app, "quality", id, offer).await.unwrap_err().code(), domain::REPORT);
    let (_, version) = of(&app, id).await;
    assert_eq!(app::unrestrict(&quality, id, version, "x".into()).await.unwrap_err().code(), domain::HELD);
    assert_eq!(app::lift_hold(&quality, id, version, "x".into()).await.unwrap_err().code(), domain::HELD);
    let end = Act::End { outcome: RegulatorOutcome::NotAccepted, note: "不予立案".into(), paid: Money::ZERO };
    act(&app, "quality", id, end).await.unwrap();
    assert!(crate::shop::of(&app, id).await.1.state.is_over());
}

#[testkit::db_test]
async fn a_complaint_is_restricted_and_let_out_again(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "店长索要好处费").await;
    give(&app, "clerk1", id, screen(complaints::domain::Severity::S2)).await.unwrap();
    let open = app.metric("cases-open-change").await;
    let version = |app: &TestApp| {
        let house = std::sync::Arc::clone(&app.house);
        async move {
            let case =
                house.db.read(id, |tx, id| Box::pin(async move { Ok::<_, Fault>(cases::store::get(tx, *id).await?) }));
            case.await.unwrap().unwrap().version
        }
    };
    let quality = app.ctx("quality").await;
    let seen = version(&app).await;
    assert_eq!(
        app::restrict(&app.ctx("boss1").await, id, seen, "x".into()).await.unwrap_err().kind(),
        FaultKind::Forbidden
    );
    app::restrict(&quality, id, seen, "涉及店长".into()).await.unwrap();
    for login in ["clerk1", "boss1", "east", "assessor"] {
        assert_eq!(
            complaints::app::detail(&app.ctx(login).await, id).await.unwrap_err().kind(),
            FaultKind::NotFound,
            "{login}"
        );
        assert_eq!(found(&app, login, "好处费").await, 0, "{login}");
    }
    assert_eq!(found(&app, "quality", "好处费").await, 1);
    assert!(complaints::app::detail(&app.ctx("quality").await, id).await.unwrap().restricted);
    // Held: nothing is merged away.
    let seen = version(&app).await;
    app::hold(&app.ctx("quality").await, id, seen, "可能诉讼".into()).await.unwrap();
    let merge = complaints::domain::Command::Duplicate { of: Id::new(1) };
    assert_eq!(give(&app, "quality", id, merge).await.unwrap_err().code(), domain::HELD);
    let seen = version(&app).await;
    app::lift_hold(&app.ctx("quality").await, id, seen, "撤诉".into()).await.unwrap();
    let seen = version(&app).await;
    app::unrestrict(&app.ctx("quality").await, id, seen, "查无此事".into()).await.unwrap();
    assert!(complaints::app::detail(&app.ctx("boss1").await, id).await.is_ok());
    assert_eq!(app.metric("cases-open-change").await, open, "what moves out and in is counted once");
}

#[testkit::db_test]
async fn one_sealed_file_is_opened_to_somebody_by_name(db: Db) {
    let app = shop(db).await;
    let ids =
        [complain(&app, "clerk1", "S1", "店长索要好处费").await, complain(&app, "clerk1", "S1", "店长骂人").await];
    let quality = app.as_user("quality").await;
    let version = async |id| format!("\"v{}\"", crate::shop::of(&app, id).await.1.version);
    let why = serde_json::json!({"reason": "涉及店长"});
    for id in ids {
        let path = format!("/api/v1/complaints/{id}/keep/restrict");
        quality.json("POST", &path, &[], &why).await.expect(428);
        let none = serde_json::json!({"reason": " "});
        quality.json("POST", &path, &[("if-match", &version(id).await)], &none).await.expect(422);
        let kept = quality.json("POST", &path, &[("if-match", &version(id).await)], &why).await.expect(200).json();
        assert_eq!((&kept["restricted"], &kept["held"]), (&true.into(), &false.into()));
        quality.json("POST", &path, &[("if-match", &version(id).await)], &why).await.expect(409);
    }
    let id = ids[0];
    let user = async |login: &str| app.ctx(login).await.actor.user.unwrap();
    let at = async |login: &str| format!("/api/v1/complaints/{id}/admitted/{}", user(login).await);
    app.as_user("boss1").await.json("POST", &at("boss1").await, &[("if-match", "\"v1\"")], &why).await.expect(403);
    let seen = version(id).await;
    let named = quality.json("POST", &at("clerk1").await, &[("if-match", &seen)], &why).await.expect(200).json();
    assert_eq!(named["items"].as_array().unwrap().len(), 1, "{named}");
    quality.json("POST", &at("clerk1").await, &[("if-match", &version(id).await)], &why).await.expect(422);
    quality.json("POST", &at("east").await, &[("if-match", &version(id).await)], &why).await.expect(200);
    // They are told, with the way to it and nothing of what it is about.
    let notice = app.as_user("clerk1").await.in_english().get("/notices").await.expect(200).main();
    assert!(notice.contains("admitted to the restricted file") && !notice.contains("好处费"), "{notice}");
    let told = async |login: &str| {
        let ctx = app.ctx(login).await;
        let page = notices::list(&ctx, false, None, 20).await.unwrap();
        page.rows.iter().map(|row| (row.kind.to_string(), row.href.clone())).collect::<Vec<_>>()
    };
    let opened = [("sealed.admitted".to_owned(), format!("/complaints/{id}"))];
    assert_eq!((told("clerk1").await, told("boss1").await.len()), (opened.to_vec(), 0));
    // Whoever is named sees this one, by every way, and no other; who is not, neither.
    for (login, sees) in [("clerk1", true), ("east", true), ("boss1", false), ("assessor", false)] {
        let ctx = app.ctx(login).await;
        assert_eq!(complaints::app::detail(&ctx, id).await.is_ok(), sees, "{login}");
        assert!(complaints::app::detail(&ctx, ids[1]).await.is_err(), "{login}");
        assert_eq!(found(&app, login, "好处费").await, usize::from(sees), "{login}");
        assert_eq!(found(&app, login, "骂人").await, 0, "{login}");
        let listed = complaints::app::list(&ctx, complaints::store::Filter::default(), None, 9).await.unwrap();
        assert_eq!(listed.rows.len(), usize::from(sees), "{login}");
    }
    assert_eq!(found(&app, "quality", "骂人").await, 1, "who sees all of them sees it still");
    let page = quality.get(&format!("/complaints/{id}/admitted")).await.expect(200).main();
    let name = app.ctx("clerk1").await.actor.name.to_string();
    assert!(page.contains(&name), "{page}");
    app.as_user("clerk1").await.get(&format!("/complaints/{id}/admitted")).await.expect(403);
    let plain = version(id).await.replace(['"', 'v'], "");
    let clerk = user("clerk1").await.to_string();
    let path = format!("/complaints/{id}/admitted");
    quality.post(&path, &[("version", &plain), ("user", &clerk), ("end", "yes"), ("reason", "")]).await.expect(422);
    quality.post(&path, &[("version", "1"), ("user", &clerk), ("end", "yes"), ("reason", "好了")]).await.expect(412);
    quality.post(&path, &[("version", &plain), ("user", &clerk), ("end", "yes"), ("reason", "好了")]).await.expect(303);
    assert!(complaints::app::detail(&app.ctx("clerk1").await, id).await.is_err());
    assert_eq!(told("clerk1").await[0], ("sealed.ended".to_owned(), "/notices".to_owned()));
    let east = at("east").await;
    quality.json("DELETE", &east, &[("if-match", &version(id).await)], &why).await.expect(200);
    assert!(complaints::app::detail(&app.ctx("east").await, id).await.is_err());
    // Held and let go by programs, too, and let out for everybody: nobody is named any more.
    for (word, held) in [("hold", true), ("let_go", false)] {
        let path = format!("/api/v1/complaints/{id}/keep/{word}");
        let kept = quality.json("POST", &path, &[("if-match", &version(id).await)], &why).await.expect(200).json();
        assert_eq!(kept["held"], held);
    }
    let path = format!("/api/v1/complaints/{id}/keep/unrestrict");
    quality.json("POST", &path, &[("if-match", &version(id).await)], &why).await.expect(200);
    assert!(complaints::app::detail(&app.ctx("boss1").await, id).await.is_ok());
    quality.get(&format!("/api/v1/complaints/{id}/admitted")).await.expect(409);
}

#[testkit::db_test]
async fn pages_and_api_do_the_same(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    let store = app.unit("S1").to_string();
    let empty = boss.get("/regulator").await.expect(200).text();
    assert!(empty.contains("没有监管来件"), "{empty}");
    boss.get("/regulator/new").await.expect(200);
    boss.clone().in_english().get("/regulator/new").await.expect(200);
    let mut fields = vec![
        ("store", store.as_str()),
        ("platform", "12315"),
        ("nature", "complaint"),
        ("authority", "古荡所"),
        ("number", "1233<b>871"),
        ("notice_day", "2026-11-20"),
        ("received_at", "2026-11-20T16:20"),
        ("due_at", "2026-11-19T17:00"),
        ("subject", "洗衣机<i>漏水"),
        ("claim", "退货"),
        ("claimant_name", "王丽华"),
        ("claimant_phone", "13800005678"),
    ];
    let wrong = boss.post("/regulator", &fields).await.expect(422).text();
    assert!(wrong.contains("答复时限要晚于收到时间"), "{wrong}");
    fields[7].1 = "2026-11-27T17:00";
    let made = boss
        .post_files("/regulator", &fields, &[("scan", "通知书.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n")])
        .await;
    let made = made.expect(303);
    let href = made.header("location").split('?').next().unwrap().to_owned();
    let twice = boss.post("/regulator", &fields).await.expect(409).text();
    assert!(twice.contains(&href), "{twice}");
    let page = boss.get(&href).await.expect(200).text();
    for text in
        ["洗衣机&#60;i&#62;漏水", "11-27 17:00", "监管部门自己的时限", "总局令第 121 号", "通知书.pdf", "138****5678"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    boss.clone().in_english().get(&href).await.expect(200);
    let id = href.rsplit('/').next().unwrap().to_owned();
    let clock = page.split(&format!("/cases/{id}/clocks/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let why = boss.get(&format!("/cases/{id}/clocks/{clock}")).await.expect(200).text();
    assert!(why.contains("照监管部门的通知书填写"), "{why}");
    for name in ["mediate", "reply", "end", "extend"] {
        let form = boss.get(&format!("{href}/do/{name}")).await;
        assert!([200, 409].contains(&form.status.as_u16()), "{name}");
    }
    boss.get(&format!("{href}/do/nothing")).await.expect(404);
    app.as_user("clerk1").await.get("/regulator").await.expect(403);
    app.as_user("boss3").await.get(&href).await.expect(404);
    app.anybody().get("/api/v1/regulator").await.expect(401);

    // The draft is written from the record.
    let version = app.as_user("quality").await.get(&format!("/api/v1{href}")).await.expect(200);
    let etag = version.header("etag").to_owned();
    let quality = app.as_user("quality").await;
    let drafted =
        quality.json("POST", &format!("/api/v1{href}/draft"), &[("if-match", &etag)], &serde_json::json!({})).await;
    let drafted = drafted.expect(200);
    let body = drafted.json()["body"].as_str().unwrap().to_owned();
    for text in ["古荡所", "王丽华", "SHA-256", "通知书.pdf", "【待法务核对", "一、当事人"] {
        assert!(body.contains(text), "{text}: {body}");
    }
    quality.get(&format!("{href}/statement")).await.expect(200);
    let paper = quality.get(&format!("{href}/print")).await.expect(200).text();
    assert!(paper.contains("未签字") && paper.contains("情况说明"), "{paper}");
    quality.clone().in_english().post(&format!("{href}/print"), &[]).await.expect(200);
    let etag = drafted.header("etag").to_owned();
    let edit = serde_json::json!({"body": "情况说明\n已退款。"});
    quality.json("POST", &format!("/api/v1{href}/edit"), &[("if-match", &etag)], &edit).await.expect(200);
    quality.json("POST", &format!("/api/v1{href}/edit"), &[("if-match", &etag)], &edit).await.expect(412);
    quality.get(&format!("{href}/statement?version=1")).await.expect(200);

    let listed =
        boss.get("/api/v1/regulator?show=all&limit=1&nature=complaint&platform=12315").await.expect(200).json();
    assert_eq!(listed["items"][0]["number"], "1233<b>871");
    boss.get("/api/v1/regulator?after=x").await.expect(422);
    let sheet = boss.get("/regulator.csv?show=all").await.expect(200).text();
    assert!(sheet.contains("古荡所"), "{sheet}");
    let history = boss.get("/regulator/history?claimant_phone=138%200000%205678").await.expect(200).text();
    assert!(history.contains(&href), "{history}");
    let keep = format!("/complaints/{id}/keep/hold");
    quality.get(&keep).await.expect(200);
    boss.get(&keep).await.expect(403);
    quality.clone().in_english().get(&format!("/complaints/{id}")).await.expect(200);
}
