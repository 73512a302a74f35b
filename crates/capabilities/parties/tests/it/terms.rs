//! Terms above the law: versions by the day of the sale, what is sold with a unit, what falls below the law, pages, API and paste.

use std::collections::BTreeSet;

use db::Db;
use kernel::{FaultKind, Id, of};
use parties::app::{self, Selling};
use parties::domain::terms::{PromiseInput, TermsInput, rules, terms};
use parties::verdict::layers::{Layers, Named, below};
use parties::verdict::rulebook;
use proptest::prelude::*;
use proptest::sample::select;
use remedies::{Layer, Remedy};
use testapp::TestApp;

use crate::goods::{fridge, sold, start};

fn promise(claim: &str, gives: &str, length: i64) -> PromiseInput {
    PromiseInput { claim: claim.into(), gives: gives.into(), length, ..PromiseInput::default() }
}

fn policy(length: i64) -> TermsInput {
    TermsInput {
        layer: "policy".into(),
        name: "三十天换新".into(),
        says: "收货三十天内有性能故障，换同型号新机。".into(),
        source: "店规 2026 第 3 版".into(),
        from: "2026-01-01".into(),
        promises: vec![promise("performance", "exchange", length)],
        ..TermsInput::default()
    }
}

async fn unit(app: &TestApp, day: &str, serial: &str) -> Id<of::SerialUnit> {
    let clerk = app.ctx("clerk1").await;
    let mut sale = sold(serial, serial);
    sale.day = day.into();
    let sale = app::create_sale(&clerk, app.unit("S1"), &sale).await.unwrap();
    app::get_sale(&clerk, sale.id).await.unwrap().units[0].unit.id
}

/// What layers above the law give for the unit: remedy, layer, code, last day.
async fn given(app: &TestApp, unit: Id<of::SerialUnit>) -> Vec<(Remedy, Layer, String, String)> {
    let judged = app::unit_verdict(&app.ctx("clerk1").await, unit).await.unwrap().unwrap();
    let verdict = judged.verdict().unwrap();
    let beyond = verdict.remedies.iter().filter(|open| open.layer != Layer::Law);
    beyond
        .map(|open| {
            let day = open.last_day.map(|day| day.to_string()).unwrap_or_default();
            (open.remedy, open.layer, open.terms.to_owned(), day)
        })
        .collect()
}

#[testkit::db_test]
async fn a_sale_keeps_the_version_of_its_day(db: Db) {
    let app = start(db).await;
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let (old, new) = (unit(&app, "2026-11-01", "BCD0471701").await, unit(&app, "2026-11-16", "BCD0471702").await);
    let quality = app.ctx("quality").await;
    let terms = app::add_terms(&quality, &policy(30)).await.unwrap();
    let first = given(&app, old).await;
    assert_eq!(first, [(Remedy::Exchange, Layer::Policy, terms.code(), "2026-12-01".to_owned())]);
    let stricter = TermsInput { from: "2026-11-10".into(), ..policy(3) };
    let next = app::change_terms(&quality, terms.id, 1, &stricter).await.unwrap();
    assert_eq!(next.version, 2);
    assert_eq!(given(&app, old).await, first, "what was promised at the sale stays");
    assert!(given(&app, new).await.is_empty(), "three days are over");
    assert_eq!(app::change_terms(&quality, terms.id, 1, &policy(9)).await.unwrap_err().kind(), FaultKind::Stale);
    let same = app::change_terms(&quality, terms.id, 2, &stricter).await.unwrap();
    assert_eq!(same.version, 2, "nothing changed, no version");
    let taken = app::add_terms(&quality, &policy(5)).await.unwrap_err();
    assert_eq!(taken.fields().of("name").unwrap().code, "taken");
    let other = TermsInput { brand: Some("别的牌子".into()), name: "别家".into(), ..policy(60) };
    app::add_terms(&quality, &other).await.unwrap();
    assert_eq!(given(&app, old).await, first, "another brand's promise is not ours");
    let clerk = app::add_terms(&app.ctx("clerk1").await, &policy(7)).await.unwrap_err();
    assert_eq!(clerk.kind(), FaultKind::NotFound);
    let covers = app::get_unit(&app.ctx("clerk1").await, old).await.unwrap().layers;
    assert!(
        covers.iter().any(|one| one.promise.as_deref() == Some("三十天换新")),
        "it stands among what covers the unit"
    );
}

#[testkit::db_test]
async fn a_warranty_is_sold_with_a_unit_and_gives_its_rest_back(db: Db) {
    let app = start(db).await;
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let (with, without) = (unit(&app, "2026-11-12", "BCD0471711").await, unit(&app, "2026-11-12", "BCD0471712").await);
    let quality = app.ctx("quality").await;
    let warranty = TermsInput {
        layer: "extended_warranty".into(),
        name: "两年意外保".into(),
        provider: Some("安心保险".into()),
        promises: vec![PromiseInput {
            span: "months".into(),
            begins: "bought".into(),
            ..promise("fault", "repair", 24)
        }],
        ..policy(1)
    };
    let terms = app::add_terms(&quality, &warranty).await.unwrap();
    let clerk = app.ctx("clerk1").await;
    let begins = "2026-11-12".parse().unwrap();
    let selling = Selling { unit: with, whole_sale: false, terms: terms.id, begins, months: 24, price_fen: 29_900 };
    app::sell_terms(&clerk, selling.clone()).await.unwrap();
    let twice = app::sell_terms(&clerk, selling.clone()).await.unwrap_err();
    assert_eq!(twice.fields().of("terms").unwrap().code, "taken");
    let early = Selling { unit: without, begins: "2026-11-01".parse().unwrap(), months: 0, ..selling };
    let fault = app::sell_terms(&clerk, early).await.unwrap_err();
    assert!(fault.fields().of("begins").is_some() && fault.fields().of("months").is_some());
    let (_, sold) = app::sold_terms(&clerk, with).await.unwrap();
    // Ten of 731 days are used: 29900 × 10 ÷ 731 = 409.02…
    assert_eq!(
        sold.iter().map(|(one, left)| (one.ends().to_string(), *left)).collect::<Vec<_>>(),
        [("2028-11-12".to_owned(), 29_900 - 409)]
    );
    assert_eq!(given(&app, with).await.iter().map(|one| one.1).collect::<Vec<_>>(), [Layer::ExtendedWarranty]);
    assert!(given(&app, without).await.is_empty());
    let page = app.as_user("clerk1").await.get(&format!("/units/{with}")).await.expect(200).main();
    assert!(page.contains("两年意外保") && page.contains("¥294.91"), "{page}");
    let api = app.as_user("clerk1").await.get(&format!("/api/v1/units/{with}/terms")).await.expect(200).json();
    assert_eq!(api[0]["left"], 29_491);
}

#[test]
fn what_falls_below_the_law_is_found_before_it_is_published() {
    let stingy = TermsInput {
        promises: vec![
            PromiseInput { ends: true, ..promise("performance", "refund", 3) },
            PromiseInput { denied: true, ..promise("fault", "repair", 300) },
            PromiseInput { keeps: "fixed".into(), fen: 5_000, ..promise("performance", "exchange", 15) },
            PromiseInput { boxed: true, ..promise("performance", "refund", 7) },
            promise("performance", "exchange", 30),
        ],
        ..policy(1)
    };
    let mut errors = kernel::FieldErrors::default();
    let draft = terms(&mut errors, &stingy).unwrap();
    assert!(errors.is_empty(), "{errors:?}");
    let found = below(&draft, Some("washer")).unwrap();
    let what: BTreeSet<(usize, &str)> = found.iter().map(|one| (one.promise, one.less)).collect();
    assert_eq!(what, BTreeSet::from([(0, "shorter"), (1, "denied"), (3, "papers")]), "{found:?}");
    assert!(found.iter().all(|one| one.cite.iter().any(|cite| cite == "XF-26")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is written: the law's part of a verdict is what it would be without it, what is added says by whom, and a second text
    /// takes nothing of the first away.
    #[test]
    fn any_terms_only_add(
        promises in proptest::collection::vec((
            select(vec!["fault", "performance", "no_fault", "accident"]), select(vec!["refund", "exchange", "repair"]),
            select(vec!["whole", "main_part"]), 0i64..3, 1i64..400, select(vec!["days", "months"]),
            (select(vec!["none", "depreciation", "fixed"]), any::<bool>(), any::<bool>(), any::<bool>()),
        ), 1..4),
        layer in select(vec!["maker", "contract", "platform", "policy"]),
        goods in select(vec!["washer", "phone", "clothing", "tv_flat"]),
        fault in select(vec!["none", "minor", "performance", "serious"]),
        repairs in 0u32..4, days in 0i64..500,
    ) {
        let mut errors = kernel::FieldErrors::default();
        let input = TermsInput {
            layer: layer.to_owned(),
            promises: promises.into_iter().map(|(claim, gives, scope, repairs, length, span, (keeps, denied, ends, boxed))| PromiseInput {
                scope: scope.into(), repairs, span: span.into(), keeps: keeps.into(), fen: i64::from(keeps == "fixed") * 990,
                denied, ends, boxed, ..promise(claim, gives, length)
            }).collect(),
            ..policy(1)
        };
        let Some(draft) = terms(&mut errors, &input).filter(|_| errors.is_empty()) else { return Ok(()) };
        let one = |code: &str| Named { rules: rules(code, &draft, 0), ..Named::typed(code) };
        let (alone, both) = (Layers::of(vec![one("a")]).unwrap(), Layers::of(vec![one("a"), one("b")]).unwrap());
        let bought: remedies::Day = "2026-01-10".parse().unwrap();
        let mut facts = remedies::Facts::on(bought.plus_days(days));
        use remedies::FactName as N;
        for (fact, word) in [
            (N::Category, goods.to_owned()), (N::Channel, "store".into()), (N::Bought, bought.to_string()),
            (N::Received, bought.to_string()), (N::Fault, fault.to_owned()), (N::Component, "whole".into()),
            (N::RepairsDone, repairs.to_string()), (N::HasReceipt, "yes".into()), (N::SameModel, "yes".into()),
            (N::PriceFen, "259900".into()), (N::Condition, "used_trace".into()),
        ] {
            facts.set(fact, &word).unwrap();
        }
        facts.cause = Some(if fault == "none" { remedies::Cause::None } else { remedies::Cause::Product });
        for usual in [N::DaysInRepair, N::OpenRepairDays, N::PartsWaitDays, N::Installed, N::ExchangedOn, N::PartReplacedOn, N::Special, N::Exception, N::CarEvent] {
            facts.set_cell(usual, "").unwrap();
        }
        let book = rulebook().unwrap();
        let real = |open: &&remedies::Open<'_>| open.remedy != Remedy::None;
        let law = book.verdict(&facts, &[]).unwrap();
        let with = book.verdict(&facts, alone.terms()).unwrap();
        let twice = book.verdict(&facts, both.terms()).unwrap();
        prop_assert_eq!(with.by_law().filter(real).collect::<Vec<_>>(), law.by_law().filter(real).collect::<Vec<_>>());
        prop_assert_eq!(with.last_day, law.last_day);
        for open in with.remedies.iter().filter(|open| open.layer != Layer::Law) {
            prop_assert!(!open.payer.is_empty() && open.terms == "a");
            prop_assert!(twice.remedies.contains(open), "a second text takes nothing away");
        }
        for void in &with.void {
            prop_assert!(law.opens(void.remedy) && !void.cite.is_empty());
        }
    }
}

#[testkit::db_test]
async fn pages_api_and_paste(db: Db) {
    let app = start(db).await;
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let quality = app.as_user("quality").await;
    let fields = [
        ("layer", "policy"),
        ("name", "七天价保换新"),
        ("says", "七天内可换"),
        ("source", "店规"),
        ("from", "2026-01-01"),
        ("promises.0.claim", "performance"),
        ("promises.0.gives", "exchange"),
        ("promises.0.length", "3"),
        ("promises.0.ends", "yes"),
    ];
    quality.get("/terms").await.expect(200);
    quality.get("/terms/new").await.expect(200);
    let looked: Vec<(&str, &str)> = fields.iter().copied().chain([("add", "look")]).collect();
    let page = quality.post("/terms/new", &looked).await.expect(200).main();
    assert!(page.contains("期限比法律短"), "{page}");
    let wrong = quality.post("/terms/new", &fields[..4]).await.expect(422).main();
    assert!(wrong.contains("error"), "{wrong}");
    let made = quality.post("/terms/new", &fields).await.expect(303).location().to_owned();
    let shown = quality.get(&made).await.expect(200).main();
    assert!(shown.contains("性能故障") && shown.contains("无效"), "{shown}");
    let edit = format!("{made}/edit");
    quality.get(&edit).await.expect(200);
    let next: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, if *name == "promises.0.length" { "30" } else { value })).collect();
    let seen: Vec<(&str, &str)> = next.iter().copied().chain([("version", "1")]).collect();
    quality.post(&edit, &seen).await.expect(303);
    quality.post(&edit, &seen).await.expect(412);
    let english = quality.clone().in_english().get(&made).await.expect(200).main();
    assert!(english.contains("Version 1") && english.contains("within 30 days"), "{english}");
    let clerk = app.as_user("clerk1").await;
    clerk.get(&made).await.expect(200);
    clerk.get(&edit).await.expect(403);

    let api = made.replace("/terms/", "/api/v1/terms/");
    let whole = clerk.get(&api).await.expect(200).json();
    assert_eq!((whole["version"].as_i64(), whole["versions"].as_array().unwrap().len()), (Some(2), 2));
    assert_eq!(whole["promises"][0]["length"], 30);
    let body = serde_json::json!({"layer": "maker", "name": "整机六年", "says": "整机保修六年", "source": "官网", "from": "2026-01-01",
        "provider": "海尔", "promises": [{"claim": "fault", "gives": "repair", "length": 72, "span": "months"}]});
    quality.json("POST", "/api/v1/terms", &[], &body).await.expect(201);
    quality.json("POST", "/api/v1/terms", &[], &serde_json::json!({"layer": "x"})).await.expect(422);
    quality.json("PATCH", &api, &[], &body).await.expect(428);

    let text = "保障层\t名称\t品牌\t品类\t情形\t承诺\t时长\t单位\t出处\t生效日期\n\
                厂家承诺\t压缩机十年\t海尔\tfridge\t任何故障\t免费修\t120\t月\t官网\t2026-01-01\n\
                厂家承诺\t坏行\t海尔\tfridge\t任何故障\t送礼\t120\t月\t官网\t2026-01-01";
    let saved = quality.post("/terms/paste", &[("text", text), ("step", "save")]).await.expect(200).main();
    assert!(saved.contains("坏行") && !saved.contains("压缩机十年"), "{saved}");
    let list = quality.get("/terms?q=%E5%8E%8B%E7%BC%A9%E6%9C%BA&layer=maker").await.expect(200).main();
    assert!(list.contains("压缩机十年"), "{list}");
}
