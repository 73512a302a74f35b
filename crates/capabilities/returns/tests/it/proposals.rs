//! Offers and counter-offers until the customer's yes, and the list that leaves the house.

use db::Db;
use kernel::{Fault, FaultKind, Id, Money};
use returns::domain::{Part, PayState, Way};
use returns::proposals::app::{self, Answer, Draft};
use returns::proposals::domain::{ProposalAct, ProposalKind, ProposalProof, ProposalState, Side};
use returns::proposals::store::Proposal;
use returns::store::ReturnId;
use serde_json::json;
use testapp::TestApp;

use crate::shop::{opened, part, seen, shop, sold};

fn draft(side: Side, kind: ProposalKind, fen: i64) -> Draft {
    Draft {
        side,
        kind,
        amount: Money::from_fen(fen),
        cost: Money::from_fen(if kind == ProposalKind::Gesture { 3_000 } else { 0 }),
        body: "修了两次没修好，多退一点".into(),
        valid: (side == Side::Us).then(|| "2026-11-25".parse().unwrap()),
    }
}

async fn propose(app: &TestApp, login: &str, id: Id<ReturnId>, draft: Draft) -> Result<Proposal, Fault> {
    let version = seen(app, id).await.one.version;
    app::propose(&app.ctx(login).await, id, version, draft).await
}

async fn answer(app: &TestApp, id: Id<ReturnId>, seq: i64, act: ProposalAct) -> Result<(), Fault> {
    let version = seen(app, id).await.one.version;
    let answer = Answer { act, proof: Some(ProposalProof::Phone), note: "11 月 22 日来电同意".into() };
    app::answer(&app.ctx("clerk1").await, id, version, seq, answer, Vec::new()).await
}

async fn states(app: &TestApp, id: Id<ReturnId>) -> Vec<ProposalState> {
    let all = app::list(&app.ctx("boss1").await, id).await.unwrap();
    all.into_iter().map(|one| one.state).collect()
}

#[testkit::db_test]
async fn one_proposal_stands_at_a_time_and_the_yes_asks_only_for_what_exceeds(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    let (us, asked) = (Side::Us, Side::Customer);
    for (wrong, field) in [
        (draft(us, ProposalKind::Extra, 0), "amount"),
        (draft(us, ProposalKind::Extra, 39_094), "amount"),
        (Draft { valid: None, ..draft(us, ProposalKind::Extra, 1) }, "valid"),
        (Draft { valid: Some("2026-11-21".parse().unwrap()), ..draft(us, ProposalKind::Extra, 1) }, "valid"),
        (Draft { valid: Some("2027-11-21".parse().unwrap()), ..draft(us, ProposalKind::Extra, 1) }, "valid"),
        (Draft { body: " ".into(), ..draft(us, ProposalKind::Extra, 1) }, "body"),
        (draft(us, ProposalKind::Gesture, 1), "amount"),
    ] {
        let fault = propose(&app, "clerk1", one.id, wrong.clone()).await.unwrap_err();
        assert!(fault.fields().of(field).is_some(), "{wrong:?} {fault:?}");
    }
    propose(&app, "clerk1", one.id, draft(us, ProposalKind::Extra, 2_000)).await.unwrap();
    propose(&app, "clerk1", one.id, draft(asked, ProposalKind::Extra, 39_093)).await.unwrap();
    let hidden = propose(&app, "clerk2", one.id, draft(us, ProposalKind::Extra, 1)).await.unwrap_err();
    assert_eq!(hidden.kind(), FaultKind::NotFound);
    assert_eq!(answer(&app, one.id, 1, ProposalAct::Take).await.unwrap_err().code(), "returns-proposal-answered");
    let law = part(&app, one.id, Part::Law).await;
    answer(&app, one.id, 2, ProposalAct::Take).await.unwrap();
    assert_eq!(states(&app, one.id).await, [ProposalState::Countered, ProposalState::Taken]);
    let extra = part(&app, one.id, Part::Extra).await;
    assert_eq!((extra.state, extra.amount), (PayState::Asked, Money::from_fen(39_093)), "beyond a clerk's limit");
    assert_eq!(part(&app, one.id, Part::Law).await, law, "the law's part waits for nobody");
    let preview = app::preview(&app.ctx("clerk1").await, one.id, Money::from_fen(39_093), Money::ZERO).await.unwrap();
    assert!(preview.asks() && preview.back() == preview.paid, "{preview:?}");
}

#[testkit::db_test]
async fn an_offer_past_its_validity_is_not_taken_and_a_gesture_costs_no_refund(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    propose(&app, "clerk1", one.id, draft(Side::Us, ProposalKind::Extra, 2_000)).await.unwrap();
    app.clock.advance(4 * 86_400_000);
    assert_eq!(answer(&app, one.id, 1, ProposalAct::Take).await.unwrap_err().code(), "returns-proposal-lapsed");
    let page = app.as_user("clerk1").await.get(&format!("/returns/{}", one.id)).await.expect(200).main();
    assert!(page.contains("已过有效期"), "{page}");
    let valid = Some("2026-11-30".parse().unwrap());
    propose(&app, "clerk1", one.id, Draft { valid, ..draft(Side::Us, ProposalKind::Gesture, 0) }).await.unwrap();
    let version = seen(&app, one.id).await.one.version;
    let bare = Answer { act: ProposalAct::Take, proof: None, note: String::new() };
    let fault = app::answer(&app.ctx("clerk1").await, one.id, version, 2, bare, Vec::new()).await.unwrap_err();
    assert!(fault.fields().of("proof").is_some() && fault.fields().of("note").is_some());
    answer(&app, one.id, 2, ProposalAct::Take).await.unwrap();
    assert!(seen(&app, one.id).await.money.iter().all(|payment| payment.part == Part::Law));
    propose(&app, "clerk1", one.id, draft(Side::Customer, ProposalKind::Extra, 100)).await.unwrap();
    answer(&app, one.id, 3, ProposalAct::Decline).await.unwrap();
    let all = [ProposalState::Countered, ProposalState::Taken, ProposalState::Declined];
    assert_eq!(states(&app, one.id).await, all);
}

#[testkit::db_test]
async fn pages_and_programs_negotiate_and_export(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    let clerk = app.as_user("clerk1").await;
    let href = format!("/returns/{}/proposals", one.id);
    let page = clerk.get(&format!("{href}?side=us&kind=extra&amount=20.00&body=x")).await.expect(200).main();
    assert!(page.contains("2,928.07") && page.contains("共退给顾客"), "{page}");
    let fields = [("version", "1"), ("side", "us"), ("kind", "extra"), ("amount", "20"), ("body", "多退 20 元")];
    clerk.post(&href, &fields).await.expect(422);
    let fields = [fields.as_slice(), &[("valid", "2026-11-24")]].concat();
    clerk.post(&href, &fields).await.expect(303);
    clerk.post(&href, &fields).await.expect(412);
    let answer = format!("{href}/1/take");
    assert!(clerk.get(&answer).await.expect(200).main().contains("怎么证明"));
    let all = clerk.get(&format!("/api/v1{href}")).await.expect(200).json();
    assert_eq!((all[0]["state"].clone(), all[0]["amount"].clone()), (json!("open"), json!(2_000)));
    let body = json!({ "proof": "message", "note": "微信回复同意" });
    let headers = [("if-match", "\"v2\"")];
    let done = clerk.json("POST", &format!("/api/v1{answer}"), &headers, &body).await.expect(200).json();
    assert_eq!(done[0]["state"], json!("taken"));
    assert_eq!(part(&app, one.id, Part::Extra).await.amount, Money::from_fen(2_000));
    clerk.get("/returns.csv").await.expect(403);
    let csv = app.as_user("finance").await.get("/returns.csv?show=all").await.expect(200).text();
    assert!(csv.contains(&one.number) && csv.contains("滚筒洗衣机") && !csv.contains("王丽华"), "{csv}");
    app.as_user("clerk2").await.get(&href).await.expect(404);
}
