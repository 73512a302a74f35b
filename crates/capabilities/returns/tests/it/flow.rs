use approvals::domain::Verdict;
use db::Db;
use kernel::{Fault, FaultKind, Id, Money};
use returns::app::{WantedLine, judged_again, open, set_budget};
use returns::domain::{Command, Finding, GoodsIn, Part, PayState, State, Way, refusal};
use returns::store::ReturnId;
use testapp::TestApp;

use crate::shop::*;

fn codes(fault: &Fault) -> Vec<(String, &'static str)> {
    fault.fields().iter().map(|error| (error.field.clone(), error.code)).collect()
}

/// Boss1 answers what is asked about the extra.
async fn answer(app: &TestApp, id: Id<ReturnId>, verdict: Verdict) {
    let boss = app.ctx("boss1").await;
    let asked = part(app, id, Part::Extra).await.approval.unwrap();
    let seen = approvals::app::detail(&boss, asked).await.unwrap().approval;
    approvals::app::decide(&boss, asked, seen.version, verdict, Some("按先例".into())).await.unwrap();
}

#[testkit::db_test]
async fn a_washer_repaired_twice_comes_back_and_the_law_waits_for_nobody(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    // The depreciation is waived: more than the clerk's own 50 yuan.
    let one = opened(&app, case, Way::Refund, 39_093).await;
    assert!(one.number.starts_with("TH20261122"), "{}", one.number);
    assert!(one.obvious, "repaired twice: no inspection first");
    let (law, extra) = (part(&app, one.id, Part::Law).await, part(&app, one.id, Part::Extra).await);
    assert_eq!((law.amount.fen(), law.state), (290_807, PayState::Due));
    assert_eq!((extra.amount.fen(), extra.state), (39_093, PayState::Asked));
    let kept = seen(&app, one.id).await;
    assert_eq!((kept.one.rules.as_str(), kept.one.judged_on.to_string().as_str()), ("2026.11", "2026-11-22"));
    let again = judged_again(&kept.lines[0]).unwrap().unwrap();
    assert_eq!(
        serde_json::to_string(&again.verdict().unwrap()).unwrap(),
        kept.lines[0].verdict,
        "the verdict can be judged again"
    );

    // The law's part is confirmed and paid while the extra still waits.
    paid(&app, one.id, Part::Law, "POS-1").await;
    let early = give(&app, "clerk1", one.id, Command::Confirm { part: Part::Extra, amount: extra.amount }).await;
    assert_eq!(early.unwrap_err().code(), refusal::ASKED);
    answer(&app, one.id, Verdict::Grant).await;
    assert_eq!(part(&app, one.id, Part::Extra).await.state, PayState::Due);
    let goods = line(1);
    give(&app, "tech1", one.id, goods("receive")).await.unwrap();
    give(&app, "tech1", one.id, goods("inspect")).await.unwrap();
    give(&app, "clerk1", one.id, goods("grade")).await.unwrap();
    paid(&app, one.id, Part::Extra, "POS-2").await;
    assert_eq!(seen(&app, one.id).await.one.state, State::Open, "the papers are missing");
    let papers = Command::Papers { red_invoice: Some("HZ-77".into()), stock_receipt: None };
    give(&app, "clerk1", one.id, papers).await.unwrap();
    let papers = Command::Papers { red_invoice: None, stock_receipt: Some("RK-9".into()) };
    let over = give(&app, "clerk1", one.id, papers).await.unwrap();
    assert_eq!(over.state, State::Completed, "it closes by itself");
    let detail = seen(&app, one.id).await;
    assert_eq!((detail.lines[0].goods_in, detail.one.red_invoice.as_deref()), (GoodsIn::Graded, Some("HZ-77")));
    assert_eq!(detail.budget.spent.fen(), 39_093);
    assert_eq!(detail.posted.iter().map(|line| line.amount.fen()).sum::<i64>(), 0, "what is booked balances");
    let late = give(&app, "clerk1", one.id, Command::Cancel { reason: "晚了".into() }).await.unwrap_err();
    assert_eq!(late.code(), refusal::OVER);
    let report = journal::verify(&app.house.db, None).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
}

#[testkit::db_test]
async fn the_extra_declined_does_not_touch_the_law_and_is_released(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 39_093).await;
    answer(&app, one.id, Verdict::Decline).await;
    assert_eq!(part(&app, one.id, Part::Extra).await.state, PayState::Declined);
    let budget = seen(&app, one.id).await.budget;
    assert_eq!((budget.reserved.fen(), budget.released.fen()), (0, 39_093));
    paid(&app, one.id, Part::Law, "POS-1").await;
    // Within the own limit nobody is asked; the offer is made anew.
    let small = Command::Offer { amount: Money::from_fen(5_000), reason: "交通费".into() };
    give(&app, "clerk1", one.id, small).await.unwrap();
    assert_eq!(part(&app, one.id, Part::Extra).await.state, PayState::Due);
    let too_much = Command::Offer { amount: Money::from_fen(50_000), reason: "再多".into() };
    let fault = give(&app, "clerk1", one.id, too_much).await.unwrap_err();
    assert_eq!(codes(&fault), [("amount".to_owned(), "returns-beyond-paid")]);
}

#[testkit::db_test]
async fn a_budget_that_is_used_up_asks_somebody_whatever_the_own_limit(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let quality = app.ctx("quality").await;
    set_budget(&quality, app.unit("S1"), Money::from_fen(4_000), 0).await.unwrap();
    let stale = set_budget(&quality, app.unit("S1"), Money::from_fen(1), 0).await.unwrap_err();
    assert_eq!(stale.kind(), FaultKind::Stale);
    let one = opened(&app, case, Way::Refund, 5_000).await;
    assert_eq!(part(&app, one.id, Part::Extra).await.state, PayState::Asked, "the clerk could give 50 yuan alone");
    let forbidden = set_budget(&app.ctx("clerk1").await, app.unit("S1"), Money::ZERO, 1).await.unwrap_err();
    assert_eq!(forbidden.kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn what_cannot_come_back_is_said_at_its_field_and_nothing_is_half_done(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let clerk = app.ctx("clerk1").await;
    let good = wanted(&app, case, Way::Refund, 0).await;
    let hose = |quantity| WantedLine { position: 2, quantity, units: Vec::new() };
    let unit = good.lines[0].units[0];
    for (lines, code) in [
        (vec![hose(0)], ("lines.0.quantity", "returns-quantity")),
        (vec![hose(-1)], ("lines.0.quantity", "returns-quantity")),
        (vec![hose(3)], ("lines.0.quantity", "returns-more-than-left")),
        (vec![WantedLine { position: 9, quantity: 1, units: Vec::new() }], ("lines.0.position", "unknown")),
        (vec![WantedLine { position: 1, quantity: 1, units: Vec::new() }], ("lines.0.units", "returns-serial-needed")),
        (
            vec![WantedLine { position: 1, quantity: 0, units: vec![unit, unit] }],
            ("lines.0.units", "returns-serial-twice"),
        ),
        (Vec::new(), ("lines", "required")),
    ] {
        let fault = open(&clerk, returns::app::Wanted { lines, ..good.clone() }).await.unwrap_err();
        assert_eq!(codes(&fault), [(code.0.to_owned(), code.1)]);
    }
    let much = returns::app::Wanted { extra: Money::from_fen(39_094), extra_reason: "多".into(), ..good.clone() };
    assert_eq!(codes(&open(&clerk, much).await.unwrap_err()), [("extra".to_owned(), "returns-beyond-paid")]);
    let why = returns::app::Wanted { extra: Money::from_fen(100), ..good.clone() };
    assert_eq!(codes(&open(&clerk, why).await.unwrap_err()), [("extra_reason".to_owned(), "required")]);
    let all = returns::app::list(&clerk, returns::store::Filter::default(), None, None, 10).await.unwrap();
    assert!(all.rows.is_empty(), "nothing half done");

    let first = open(&clerk, good.clone()).await.unwrap();
    let twice = open(&clerk, good.clone()).await.unwrap_err();
    assert_eq!(codes(&twice), [("lines.0.units".to_owned(), "returns-serial-returned")]);
    let all =
        returns::app::list(&clerk, returns::store::Filter::default(), Some(SERIAL.into()), None, 10).await.unwrap();
    assert_eq!(all.rows.len(), 1, "found by its serial number");
    give(&app, "clerk1", first.id, Command::Cancel { reason: "顾客改主意".into() }).await.unwrap();
    let second = open(&clerk, good).await.unwrap();
    assert!(second.number.ends_with("-T2"), "{}", second.number);
    let out = open(&app.ctx("clerk3").await, wanted(&app, case, Way::Refund, 0).await).await.unwrap_err();
    assert_eq!(out.kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn an_exchange_by_law_restarts_the_terms_of_the_new_unit(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Exchange, 0).await;
    assert!(seen(&app, one.id).await.money.is_empty(), "no money moves");
    let send = |serial: Option<&str>| Command::Send { line: 1, serial: serial.map(str::to_owned) };
    let fault = give(&app, "clerk1", one.id, send(None)).await.unwrap_err();
    assert_eq!(codes(&fault), [("serial".to_owned(), "required")]);
    let fault = give(&app, "clerk1", one.id, send(Some(SERIAL))).await.unwrap_err();
    assert_eq!(codes(&fault), [("serial".to_owned(), "taken")]);
    give(&app, "clerk1", one.id, send(Some("8A2611000001"))).await.unwrap();
    give(&app, "clerk1", one.id, Command::Deliver { line: 1 }).await.unwrap();
    let goods = line(1);
    give(&app, "clerk1", one.id, goods("receive")).await.unwrap();
    give(&app, "clerk1", one.id, goods("grade")).await.unwrap();
    let papers = Command::Papers { red_invoice: None, stock_receipt: Some("RK-1".into()) };
    assert_eq!(give(&app, "clerk1", one.id, papers).await.unwrap().state, State::Completed);
    let clerk = app.ctx("clerk1").await;
    let found =
        parties::app::list_units(&clerk, parties::store::Units::default(), Some("8A2611000001".into()), None, 5);
    let unit = found.await.unwrap().rows.remove(0).unit;
    assert_eq!((unit.exchanges, unit.repairs), (1, 0));
    let judged = parties::app::unit_verdict(&clerk, unit.id).await.unwrap().unwrap();
    assert_eq!(judged.facts.exchanged_on, remedies::Happened::On("2026-11-22".parse().unwrap()));
}

#[testkit::db_test]
async fn what_was_found_against_it_goes_back_at_a_stated_cost(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    let refuse =
        || Command::Refuse { reason: "外壳摔裂，不是申请的故障".into(), cost: Money::from_fen(3_000) };
    assert_eq!(give(&app, "clerk1", one.id, refuse()).await.unwrap_err().code(), refusal::FOUND_OK);
    give(&app, "clerk1", one.id, Command::Receive { line: 1 }).await.unwrap();
    let found = Command::Inspect { line: 1, finding: Finding::Damaged, checks: Vec::new(), note: None };
    give(&app, "clerk1", one.id, found).await.unwrap();
    give(&app, "clerk1", one.id, refuse()).await.unwrap();
    let detail = seen(&app, one.id).await;
    assert_eq!((detail.one.state, detail.one.back_cost.fen()), (State::Refused, 3_000));
    assert_eq!((detail.lines[0].goods_in, detail.money[0].state), (GoodsIn::SentBack, PayState::Void));
}

#[testkit::db_test]
async fn pages_api_and_voucher(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let clerk = app.as_user("clerk1").await;
    let begin = format!("/returns/of/{case}");
    let page = clerk.get(&format!("/cases/{case}")).await.expect(200).main();
    assert!(page.contains(&begin), "the case leads to the return: {page}");
    let form = clerk.get(&begin).await.expect(200).main();
    assert!(form.contains("滚筒洗衣机") && form.contains("还可退"), "{form}");
    let unit = wanted(&app, case, Way::Refund, 0).await.lines[0].units[0];
    let ticked = format!("1:{unit}");
    let mut fields = vec![
        ("receipt", "4403-2211-81"),
        ("way", "refund"),
        ("fault", "performance"),
        ("cause", "product"),
        ("same_model", "yes"),
        ("reason", "修了两次"),
        ("unit", ticked.as_str()),
        ("q2", "5"),
    ];
    let wrong = clerk.post(&begin, &fields).await.expect(422).main();
    assert!(wrong.contains("最多还可退 2 件"), "{wrong}");
    fields.pop();
    let made = clerk.post(&begin, &fields).await.expect(303);
    let href = made.location().split('?').next().unwrap().to_owned();
    assert!(clerk.get(&begin).await.expect(303).location().starts_with(&href), "one at a time");
    let page = clerk.get(&href).await.expect(200).main();
    for text in ["法定应退", "¥2,908.07", "可立即办理", "三包", "237"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let confirm = clerk.get(&format!("{href}/do/confirm?part=law")).await.expect(200).main();
    assert!(confirm.contains("王丽华") && confirm.contains("微信支付") && confirm.contains("¥2,908.07"), "{confirm}");
    let money = [("version", "1"), ("part", "law"), ("amount", "2908.07")];
    clerk.post(&format!("{href}/do/confirm"), &money).await.expect(303);
    clerk.post(&format!("{href}/do/confirm"), &money).await.expect(409);
    clerk.get(&format!("{href}/do/pay?part=law")).await.expect(200);
    clerk.get(&format!("{href}/do/refuse")).await.expect(409);
    for command in ["offer", "receive", "papers", "cancel", "inspect", "grade", "send", "deliver"] {
        let status = clerk.get(&format!("{href}/do/{command}")).await.status.as_u16();
        assert!([200, 409].contains(&status), "{command}: {status}");
    }
    let english = clerk.clone().in_english().get(&href).await.expect(200).main();
    assert!(english.contains("Refund by law") && english.contains("POS to refund"), "{english}");
    let voucher = clerk.get(&format!("{href}/print")).await.expect(200).text();
    assert!(voucher.contains("贰仟玖佰零捌元零柒分") && voucher.contains("138****5678"), "{voucher}");
    let list = clerk.get("/returns?show=unpaid&q=%E6%B4%97%E8%A1%A3%E6%9C%BA").await.expect(200).main();
    assert!(list.contains("滚筒洗衣机"), "{list}");
    clerk.get("/returns?show=nothing&state=x&after=y").await.expect(200);

    let api = href.replace("/returns/", "/api/v1/returns/");
    let whole = clerk.get(&api).await.expect(200).json();
    assert_eq!(whole["money"][0]["state"], "confirmed");
    assert_eq!(whole["lines"][0]["facts"]["repairs_done"], 2);
    let pay = serde_json::json!({"part": "law", "amount": 290_807, "pos_ref": "POS-7"});
    clerk.json("POST", &format!("{api}/pay"), &[], &pay).await.expect(428);
    let other = serde_json::json!({"part": "law", "amount": 1, "pos_ref": "POS-7"});
    clerk.json("POST", &format!("{api}/pay"), &[("if-match", "\"v2\"")], &other).await.expect(422);
    let done = clerk.json("POST", &format!("{api}/pay"), &[("if-match", "\"v2\"")], &pay).await.expect(200).json();
    assert_eq!(done["money"][0]["pos_ref"], "POS-7");
    app.as_user("clerk3").await.get(&href).await.expect(404);
    app.as_user("assessor").await.get(&format!("{href}/do/confirm")).await.expect(403);
    app.as_user("quality").await.get("/returns/budgets").await.expect(200);
}
