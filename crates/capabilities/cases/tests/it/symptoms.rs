//! What customers complain about: the data, what it does to a case, and the company's own.

use std::collections::{BTreeMap, BTreeSet};

use cases::app::{self, Asked, Intake, NewSymptom, Why};
use cases::domain::*;
use db::Db;
use kernel::{FaultKind, Id};

use crate::shop::*;

/// Rules whose text or annex the data may name.
const SOURCES: [&str; 5] = ["XF", "PH2001", "PC2002", "AV2002", "SB1995"];

#[testkit::db_test]
async fn every_symptom_has_a_class_and_a_source(db: Db) {
    let app = shop(db).await;
    let catalogue = app::symptoms(&app.house).await.unwrap();
    let categories: BTreeSet<&str> = catalogue.categories.iter().map(|one| one.code.as_str()).collect();
    let mut page = String::new();
    let mut seen = BTreeSet::new();
    for one in &catalogue.symptoms {
        assert!(categories.contains(one.category.as_str()), "{} has no category", one.code);
        assert!(one.code.starts_with(&format!("{}.", one.category)), "{} stands elsewhere", one.code);
        assert!(seen.insert(&one.code), "{} is there twice", one.code);
        let rule = one.source.split('-').next().unwrap();
        assert!(SOURCES.contains(&rule), "{}: nobody knows {}", one.code, one.source);
        // Annexes are pictures that were read from second sources or from memory; see domain/remedies.md, section 14.
        assert!(!one.source.ends_with("annex") || one.confidence != Confidence::High, "{}", one.code);
        // Danger is the one thing that is never a small matter.
        assert!(!one.danger || one.class == FaultClass::Serious, "{}", one.code);
        assert!(!one.own && one.version == 1 && one.to.is_none());
        page.push_str(&format!("{:<28} {:<12} {:<13} {}\n", one.code, one.class, one.source, one.confidence));
    }
    for category in categories {
        assert!(catalogue.symptoms.iter().filter(|one| one.category == category).count() >= 4, "{category} has few");
    }
    insta::assert_snapshot!("symptoms", page);
}

/// The names in the data are the words under which numbers are broken down.
#[testkit::db_test]
async fn names_agree_with_the_words_of_the_pages(db: Db) {
    let app = shop(db).await;
    let catalogue = app::symptoms(&app.house).await.unwrap();
    for locale in [web::Locale::ZhCn, web::Locale::En] {
        let lang = web::Lang::new(locale, kernel::Zone::china(), app.clock.now());
        for one in &catalogue.symptoms {
            let category = catalogue.category(&one.category).unwrap().name_in(locale.as_str());
            assert_eq!(
                lang.word("cases-symptom", &one.code),
                format!("{category} · {}", one.name_in(locale.as_str())),
                "{}",
                one.code
            );
        }
    }
}

#[testkit::db_test]
async fn a_product_speaks_of_its_kind(db: Db) {
    let app = shop(db).await;
    let catalogue = app::symptoms(&app.house).await.unwrap();
    let today = app.clock.now().day(&kernel::Zone::china());
    let guess = |product| catalogue.guess(product, today).map(|one| one.code.clone()).unwrap_or_default();
    let expected = [
        ("清泉 滚筒洗衣机 XQG100-B14", "washer"),
        ("对开门冰箱 452 升", "fridge"),
        ("燃气热水器 16 升", "gas_water_heater"),
        ("侧吸油烟机", "range_hood"),
        ("手机 N60 256 GB", "phone"),
        ("平板电脑 11 英寸", "tablet_watch"),
        ("三人位布艺沙发", "furniture"),
        ("Washing machine", "washer"),
        ("礼品卡", ""),
    ];
    for (product, category) in expected {
        assert_eq!(guess(product), category, "{product}");
    }
}

#[testkit::db_test]
async fn a_case_keeps_what_was_tapped(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let intake = Intake {
        subject: String::new(),
        symptoms: vec!["washer.no_spin".into(), "washer.error_code".into(), "washer.no_spin".into()],
        ..washer(&app)
    };
    let taken = app::take_in(&clerk, intake).await.unwrap();
    let detail = app::detail(&clerk, taken.id).await.unwrap();
    assert_eq!(detail.case.subject, "滚筒洗衣机 XQG100-B14 不脱水、报错停机");
    assert_eq!(detail.extras.category.as_deref(), Some("washer"));
    let kept: Vec<_> =
        detail.symptoms.iter().map(|one| (one.code.as_str(), one.class, one.source.as_str(), one.version)).collect();
    assert_eq!(
        kept,
        [
            ("washer.no_spin", FaultClass::Performance, "SB1995-9", 1),
            ("washer.error_code", FaultClass::Performance, "SB1995-9", 1)
        ]
    );
    assert_eq!(app.metric("cases-symptoms").await, Some(2));
    let with = |code: &str| app::Filter { symptom: Some(code.into()), ..app::Filter::default() };
    assert_eq!(app::count(&clerk, with("washer.no_spin")).await.unwrap().n, 1);
    assert_eq!(app::count(&clerk, with("washer.leak")).await.unwrap().n, 0);
    // Words that were tapped are found like words that were typed.
    let found = app::list(
        &clerk,
        app::Filter { text: Some("报错停机".into()), ..app::Filter::default() },
        app::Order::Newest,
        None,
        10,
    );
    assert_eq!(found.await.unwrap().rows.len(), 1);
    let unknown = Intake { symptoms: vec!["washer.no_spin".into(), "nothing".into()], ..washer(&app) };
    let fault = app::take_in(&clerk, unknown).await.unwrap_err();
    assert_eq!(fault.fields().of("symptoms").map(|error| error.code), Some("unknown"));
    let many = Intake {
        symptoms: ["no_power", "no_spin", "no_fill", "no_drain", "leak", "noise", "shock"]
            .map(|one| format!("washer.{one}"))
            .to_vec(),
        ..washer(&app)
    };
    assert_eq!(
        app::take_in(&clerk, many).await.unwrap_err().fields().of("symptoms").map(|error| error.code),
        Some("cases-too-many")
    );
}

#[testkit::db_test]
async fn gas_electricity_and_fire_come_before_everything(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let intake = Intake { priority: Priority::Low, symptoms: vec!["range_hood.gas".into()], ..washer(&app) };
    let taken = app::take_in(&clerk, intake).await.unwrap();
    assert_eq!(app::detail(&clerk, taken.id).await.unwrap().case.priority, Priority::Urgent);
}

#[testkit::db_test]
async fn the_company_adds_and_retires_its_own(db: Db) {
    let app = shop(db).await;
    let (clerk, quality) = (app.ctx("clerk1").await, app.ctx("quality").await);
    let new = NewSymptom {
        category: "washer".into(),
        name_zh: "门把手断".into(),
        name_en: Some("Handle broken".into()),
        class: Some(FaultClass::Minor),
        obvious: true,
        danger: false,
    };
    assert_eq!(app::add_symptom(&clerk, new.clone()).await.unwrap_err().kind(), FaultKind::NotFound);
    let id = app::add_symptom(&quality, new.clone()).await.unwrap();
    let again = app::add_symptom(&quality, new.clone()).await.unwrap_err();
    assert_eq!(again.fields().of("name_zh").map(|error| error.code), Some("cases-symptom-twice"));
    let fault = app::add_symptom(&quality, NewSymptom { name_zh: "a\0".into(), ..NewSymptom::default() }).await;
    let fault = fault.unwrap_err();
    let codes: BTreeMap<_, _> = fault.fields().iter().map(|error| (error.field.as_str(), error.code)).collect();
    assert_eq!(codes, BTreeMap::from([("category", "choose"), ("fault_class", "choose"), ("name_zh", "nul")]));
    let code = "洗衣机 · 门把手断".to_owned();
    let take = || Intake { symptoms: vec![code.clone()], ..washer(&app) };
    let taken = app::take_in(&clerk, take()).await.unwrap();
    app::retire_symptom(&quality, id).await.unwrap();
    app::retire_symptom(&quality, id).await.unwrap();
    assert_eq!(app::retire_symptom(&quality, Id::new(77_777)).await.unwrap_err().kind(), FaultKind::NotFound);
    let fault = app::take_in(&clerk, take()).await.unwrap_err();
    assert_eq!(fault.fields().of("symptoms").map(|error| error.code), Some("unknown"), "no longer offered");
    let kept = app::detail(&clerk, taken.id).await.unwrap().symptoms;
    assert_eq!((kept[0].name_zh.as_str(), kept[0].source.as_str(), kept[0].own), ("门把手断", "house", true));
    // The same name again is its next version.
    app::add_symptom(&quality, NewSymptom { class: Some(FaultClass::Performance), ..new }).await.unwrap();
    let taken = app::take_in(&clerk, take()).await.unwrap();
    let kept = app::detail(&clerk, taken.id).await.unwrap().symptoms;
    assert_eq!((kept[0].version, kept[0].class), (2, FaultClass::Performance));
}

#[testkit::db_test]
async fn what_may_be_the_same_is_shown(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let intake = Intake { slip: Some("A-0007".into()), ..washer(&app) };
    let first = app::take_in(&clerk, intake).await.unwrap();
    let asked = |change: fn(&mut Asked)| {
        let mut asked = Asked { store: Some(app.unit("S1")), ..Asked::default() };
        change(&mut asked);
        asked
    };
    let why = |found: Vec<app::Twin>| found.iter().map(|twin| (twin.case.id, twin.why)).collect::<Vec<_>>();
    for (expected, question) in [
        (Why::Slip, asked(|asked| asked.slip = "A-0007".into())),
        (Why::Unit, asked(|asked| asked.serial = "8A2603554471".into())),
        (Why::Words, asked(|asked| asked.subject = "洗衣机不脱水了".into())),
    ] {
        assert_eq!(why(app::twins(&clerk, question.clone()).await.unwrap()), [(first.id, expected)]);
        // Another store's people learn nothing.
        assert!(app::twins(&app.ctx("clerk2").await, question.clone()).await.unwrap().is_empty());
        let own = Asked { own: Some(first.id), ..question };
        assert!(app::twins(&clerk, own).await.unwrap().is_empty(), "a case is not its own twin");
    }
    let customer = Asked { customer: first.customer, ..asked(|_| {}) };
    assert_eq!(why(app::twins(&clerk, customer).await.unwrap()), [(first.id, Why::Customer)]);
    app.clock.advance(4 * DAY);
    let words = asked(|asked| asked.subject = "洗衣机不脱水了".into());
    assert!(app::twins(&clerk, words).await.unwrap().is_empty(), "words fade");
}

#[testkit::db_test]
async fn solved_cases_stand_beside(db: Db) {
    let app = shop(db).await;
    let (clerk, boss, tech) = (app.ctx("clerk1").await, app.ctx("boss1").await, app.ctx("tech1").await);
    let intake = Intake { symptoms: vec!["washer.no_spin".into()], ..washer(&app) };
    let solved_case = app::take_in(&clerk, intake.clone()).await.unwrap();
    let open = app::take_in(&clerk, intake).await.unwrap();
    give(&boss, solved_case.id, accept(&app, "tech1")).await.unwrap();
    give(&tech, solved_case.id, Command::Propose(plan())).await.unwrap();
    let yes = Command::Confirm { option: 0, proof: Proof::Counter };
    give(&tech, solved_case.id, yes).await.unwrap();
    give(&tech, solved_case.id, solved()).await.unwrap();
    let asked = Asked::of(&app::detail(&clerk, open.id).await.unwrap());
    let found = app::similar(&clerk, asked.clone()).await.unwrap();
    assert_eq!(found.len(), 1, "what is open is no example");
    assert_eq!((found[0].case.id, found[0].same_symptom, found[0].same_product), (solved_case.id, true, true));
    assert_eq!(found[0].case.cause, Some(Cause::PRODUCT));
    let by_words =
        Asked {
            symptoms: Vec::new(), product: String::new(), subject: "洗到一半不脱水".into(), ..Asked::default()
        };
    assert_eq!(app::similar(&clerk, by_words).await.unwrap().len(), 1);
    assert!(app::similar(&app.ctx("clerk2").await, asked).await.unwrap().is_empty(), "another store's");
    let other = Asked { subject: "沙发开线".into(), ..Asked::default() };
    assert!(app::similar(&clerk, other).await.unwrap().is_empty());
}

fn change_of(symptom: &app::Symptom) -> app::SymptomChange {
    app::SymptomChange {
        name_zh: symptom.name_zh.clone(),
        name_en: Some(symptom.name_en.clone()),
        class: Some(symptom.class),
        obvious: symptom.obvious,
        danger: symptom.danger,
        source: symptom.source.clone(),
        confidence: Some(symptom.confidence),
        position: None,
    }
}

#[testkit::db_test]
async fn a_symptom_changes_from_today_on(db: Db) {
    let app = shop(db).await;
    let (clerk, quality) = (app.ctx("clerk1").await, app.ctx("quality").await);
    let taken = app::take_in(&clerk, Intake { symptoms: vec!["washer.noise".into()], ..washer(&app) }).await.unwrap();
    let today = app.clock.now().day(&kernel::Zone::china());
    let noise = app::symptoms(&app.house).await.unwrap().find("washer.noise", today).unwrap().clone();
    let change = app::SymptomChange {
        name_zh: "异响".into(),
        class: Some(FaultClass::Performance),
        source: "house".into(),
        position: Some(1),
        ..change_of(&noise)
    };
    let fault = app::change_symptom(&clerk, noise.id, 1, change.clone()).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::NotFound);
    let id = app::change_symptom(&quality, noise.id, 1, change.clone()).await.unwrap();
    let catalogue = app::symptoms(&app.house).await.unwrap();
    let now = catalogue.find("washer.noise", today).unwrap();
    assert_eq!((now.id, now.version, now.class, now.source.as_str()), (id, 2, FaultClass::Performance, "house"));
    let order: Vec<&str> = catalogue.offered("washer", today).map(|one| one.code.as_str()).collect();
    assert_eq!(order[..2], ["washer.noise", "washer.no_power"]);
    // The case keeps what it was classed by.
    let kept = app::detail(&clerk, taken.id).await.unwrap().symptoms;
    assert_eq!((kept[0].name_zh.as_str(), kept[0].class, kept[0].version), ("异响抖动", FaultClass::Minor, 1));
    let next = app::take_in(&clerk, Intake { symptoms: vec!["washer.noise".into()], ..washer(&app) }).await.unwrap();
    assert_eq!(app::detail(&clerk, next.id).await.unwrap().symptoms[0].version, 2);
    // Who has seen the old one is told.
    assert_eq!(app::change_symptom(&quality, noise.id, 1, change.clone()).await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(app::change_symptom(&quality, id, 1, change.clone()).await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(app::change_symptom(&quality, id, 2, change.clone()).await.unwrap(), id, "nothing to do");
    // Its place alone makes no new version.
    let moved = app::SymptomChange { position: Some(3), ..change.clone() };
    assert_eq!(app::change_symptom(&quality, id, 2, moved).await.unwrap(), id);
    for (wrong, field) in [
        (app::SymptomChange { name_zh: "漏水".into(), ..change.clone() }, "name_zh"),
        (app::SymptomChange { source: "XF".into(), ..change.clone() }, "source"),
        (app::SymptomChange { source: "XF-1a".into(), ..change.clone() }, "source"),
        (app::SymptomChange { class: None, ..change.clone() }, "fault_class"),
        (app::SymptomChange { position: Some(0), ..change.clone() }, "position"),
    ] {
        let fault = app::change_symptom(&quality, id, 2, wrong).await.unwrap_err();
        assert!(fault.fields().of(field).is_some(), "{field}: {fault:?}");
    }
    app::retire_symptom(&quality, id).await.unwrap();
    assert_eq!(app::change_symptom(&quality, id, 2, change).await.unwrap_err().kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn a_symptom_is_changed_on_the_screen_and_over_the_api(db: Db) {
    let app = shop(db).await;
    let (clerk, quality) = (app.as_user("clerk1").await, app.as_user("quality").await);
    let page = quality.get("/settings/symptoms/7").await.expect(200).main();
    assert!(page.contains("异响抖动") && page.contains("部分商品三包规定"), "{page}");
    clerk.get("/settings/symptoms/7").await.expect(403);
    quality.get("/settings/symptoms/777").await.expect(404);
    let typed = [
        ("version", "1"),
        ("name_zh", "异响"),
        ("name_en", "Noise"),
        ("fault_class", "minor"),
        ("obvious", "true"),
        ("danger", "false"),
        ("rule", "SB1995"),
        ("article", "9"),
        ("confidence", "medium"),
        ("position", "7"),
    ];
    let wrong: Vec<_> = typed.map(|(name, value)| if name == "article" { (name, "") } else { (name, value) }).into();
    assert!(quality.post("/settings/symptoms/7", &wrong).await.expect(422).main().contains("填条款的数字"));
    quality.post("/settings/symptoms/7", &typed).await.expect(303);
    let clash = quality.post("/settings/symptoms/7", &typed).await.expect(412);
    assert!(clash.main().contains("name=\"version\" value=\"2\""));
    let listed = clerk.get("/api/v1/symptoms?category=washer").await.expect(200).json();
    let found =
        listed["symptoms"].as_array().unwrap().iter().find(|one| one["code"] == "washer.noise").unwrap().clone();
    assert_eq!((&found["name_zh"], &found["obvious"], &found["version"]), (&"异响".into(), &true.into(), &2.into()));
    let path = format!("/api/v1/symptoms/{}", found["id"].as_str().unwrap());
    let change = serde_json::json!({"fault_class": "performance"});
    clerk.json("PATCH", &path, &[("if-match", "\"v2\"")], &change).await.expect(403);
    quality.json("PATCH", &path, &[], &change).await.expect(428);
    quality.json("PATCH", &path, &[("if-match", "\"v1\"")], &change).await.expect(412);
    let bad = serde_json::json!({"fault_class": "x"});
    quality.json("PATCH", &path, &[("if-match", "\"v2\"")], &bad).await.expect(422);
    let changed = quality.json("PATCH", &path, &[("if-match", "\"v2\"")], &change).await.expect(200);
    assert_eq!((changed.header("etag"), &changed.json()["name_zh"]), ("\"v3\"", &"异响".into()));
    quality.json("PATCH", "/api/v1/symptoms/777", &[("if-match", "\"v1\"")], &change).await.expect(404);
}

#[testkit::db_test]
async fn causes_and_goods_are_the_companys(db: Db) {
    let app = shop(db).await;
    let (clerk, quality) = (app.ctx("clerk1").await, app.ctx("quality").await);
    let input = |name: &str| parties::domain::EntryInput { name_zh: name.into(), ..Default::default() };
    let cause = parties::app::add_entry(&quality, parties::domain::List::Causes, &input("包装")).await.unwrap();
    let question = Intake { kind: Kind::Inquiry, category: Some("washer".into()), ..washer(&app) };
    let packed = Cause::parse("包装").unwrap();
    let solve = |cause: Cause| app::solve_on_the_spot(&clerk, question.clone(), Outcome::Answered, cause, "好".into());
    let taken = solve(packed.clone()).await.unwrap();
    let fault = solve(Cause::parse("没有").unwrap()).await.unwrap_err();
    assert_eq!(fault.fields().of("cause").map(|error| error.code), Some("unknown"));
    let with = |goods: &[&str], causes: &[&str]| app::Filter {
        goods: goods.iter().map(|code| (*code).to_owned()).collect(),
        causes: causes.iter().map(|code| (*code).to_owned()).collect(),
        ..app::Filter::default()
    };
    for (filter, n) in [
        (with(&[], &["包装"]), 1),
        (with(&[], &["product"]), 0),
        (with(&["washer"], &[]), 1),
        (with(&["washer", "phone"], &["包装", "usage"]), 1),
        (with(&["phone"], &["包装"]), 0),
    ] {
        assert_eq!(app::count(&clerk, filter.clone()).await.unwrap().n, n, "{filter:?}");
    }
    let visitor = app.as_user("clerk1").await;
    let page = visitor.get("/cases?tab=all&cause=包装&goods=washer").await.expect(200).main();
    assert!(page.contains("洗衣机") && page.contains("包装") && page.contains("洗衣机不脱水"), "{page}");
    let listed = visitor.get("/api/v1/cases?cause=包装&goods=washer").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    // Renamed at once everywhere; retired it is no longer given, and the case keeps it.
    let broken = input("包装破损");
    parties::app::edit_entry(&quality, parties::domain::List::Causes, cause.id, 1, &broken).await.unwrap();
    let shown = visitor.get(&format!("/cases/{}", taken.id)).await.expect(200).main();
    assert!(shown.contains("包装破损"), "{shown}");
    let act = parties::app::EntryAct::Retire;
    parties::app::act_on_entry(&quality, parties::domain::List::Causes, cause.id, 2, act).await.unwrap();
    let fault = solve(packed.clone()).await.unwrap_err();
    assert_eq!(fault.fields().of("cause").map(|error| error.code), Some("unknown"));
    let boss = app.ctx("boss1").await;
    let other = crate::shop::taken(&app).await;
    give(&boss, other.id, accept(&app, "tech1")).await.unwrap();
    let resolve = Command::Resolve { outcome: Outcome::Answered, cause: packed, note: "好".into() };
    let fault = give(&boss, other.id, resolve).await.unwrap_err();
    assert!(fault.fields().of("cause").is_some(), "{fault:?}");
    let form = visitor.get("/cases/new").await.expect(200).main();
    assert!(!form.contains("包装破损") && form.contains("商品质量"));
}
