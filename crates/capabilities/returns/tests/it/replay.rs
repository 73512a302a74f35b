//! Terms on returns, and drafts of them tried on past returns before they are published.

use capability::Ctx;
use db::{Db, DbError};
use kernel::{FaultKind, Id, Money};
use parties::domain::terms::{PromiseInput, TermsInput};
use parties::store::Terms;
use returns::app::{self, Trial, judged_again, publish_replay, replayed, run_replay, try_out};
use returns::domain::Way;
use returns::domain::replay::{Outcome, ReplayState};
use returns::store::{self, LineRow, Return};
use testapp::TestApp;

use crate::shop::*;

fn policy(repairs: i64) -> TermsInput {
    TermsInput {
        layer: "policy".into(),
        name: "修不好就全退".into(),
        says: "同一台修了两次还坏，不收折旧全额退。".into(),
        source: "店规 2026".into(),
        from: "2026-01-01".into(),
        goods: Some("washer".into()),
        promises: vec![PromiseInput {
            claim: "performance".into(),
            gives: "refund".into(),
            repairs,
            length: 12,
            span: "months".into(),
            ..PromiseInput::default()
        }],
        ..TermsInput::default()
    }
}

async fn written(app: &TestApp, repairs: i64) -> Terms {
    parties::app::add_terms(&app.ctx("quality").await, &policy(repairs)).await.unwrap()
}

fn trial(terms: &Terms, draft: TermsInput) -> Trial {
    Trial {
        terms: Some((terms.id, terms.version, draft)),
        limit: None,
        from: "2026-01-01".parse().unwrap(),
        to: "2026-12-31".parse().unwrap(),
    }
}

async fn tried(app: &TestApp, trial: Trial) -> (Id<store::ReplayId>, Outcome) {
    let one = try_out(&app.ctx("quality").await, trial).await.unwrap();
    let job = Ctx::system(std::sync::Arc::clone(&app.house), "test");
    let outcome = run_replay(&job, one.id).await.unwrap().unwrap();
    assert!(run_replay(&job, one.id).await.unwrap().is_none(), "what is done is not done again");
    (one.id, outcome)
}

#[testkit::db_test]
async fn a_return_keeps_the_terms_that_it_was_judged_by(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let terms = written(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    let line = seen(&app, one.id).await.lines.remove(0);
    assert_eq!(line.statutory.fen(), 290_807, "what the shop adds is no part of the law's");
    let strict = TermsInput { promises: policy(5).promises, ..policy(5) };
    parties::app::change_terms(&app.ctx("quality").await, terms.id, 1, &strict).await.unwrap();
    let judged = judged_again(&line).unwrap().unwrap();
    let verdict = judged.verdict().unwrap();
    assert_eq!(serde_json::to_string(&verdict).unwrap(), line.verdict, "judged again by what it was judged by");
    assert!(verdict.remedies.iter().any(|open| open.terms == terms.code()));
    let page = app.as_user("clerk1").await.get(&format!("/returns/{}", one.id)).await.expect(200).main();
    assert!(page.contains("修不好就全退") && page.contains("店规"), "{page}");
    let unit = line.unit.unwrap();
    let body = serde_json::json!({"cases": [{"claim_date": "2026-11-22", "category": "washer", "bought": "2026-03-12",
        "received": "2026-03-12", "channel": "store", "fault": "performance", "cause": "product", "has_receipt": "yes",
        "component": "whole", "repairs_done": 5, "price_fen": 329_900, "unit": unit.to_string()}]});
    let api = app.as_user("clerk1").await.json("POST", "/api/v1/verdicts", &[], &body).await.expect(200).json();
    let open = api["items"][0]["verdict"]["remedies"].as_array().unwrap();
    assert!(open.iter().any(|one| one["terms"] == format!("T{}.2", terms.id)), "{open:?}");
}

#[testkit::db_test]
async fn a_stricter_draft_shows_its_difference_before_it_is_published(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let terms = written(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    let before = seen(&app, one.id).await;
    let (same, outcome) = tried(&app, trial(&terms, policy(2))).await;
    assert_eq!((outcome.returns, outcome.differing, outcome.more()), (1, 0, 0));
    let quality = app.ctx("quality").await;
    let (id, outcome) = tried(&app, trial(&terms, policy(3))).await;
    // The depreciation that the policy waived.
    assert_eq!((outcome.more(), outcome.own_more(), outcome.differing, outcome.customers), (-39_093, -39_093, 1, 1));
    let found = replayed(&quality, id, 0, 10).await.unwrap();
    let difference = &found.differences[0];
    assert_eq!((difference.of, difference.was_fen, difference.would_fen), (one.id, 329_900, 290_807));
    let after = seen(&app, one.id).await;
    assert_eq!((&after.lines, &after.money, after.one.version), (&before.lines, &before.money, before.one.version));

    let page = app.as_user("quality").await.get(&format!("/returns/replays/{id}")).await.expect(200).main();
    assert!(page.contains("−¥390.93") && page.contains(&one.number), "{page}");
    app.as_user("quality").await.get("/returns/replays").await.expect(200);
    app.as_user("clerk1").await.get(&format!("/returns/replays/{id}")).await.expect(403);
    let version = found.one.version;
    let next = publish_replay(&quality, id, version).await.unwrap();
    assert_eq!((next.version, next.draft.promises[0].repairs), (2, 3));
    assert_eq!(replayed(&quality, id, 0, 1).await.unwrap().one.state, ReplayState::Published);
    let late = replayed(&quality, same, 0, 1).await.unwrap().one.version;
    assert_eq!(publish_replay(&quality, same, late).await.unwrap_err().kind(), FaultKind::Stale, "changed since");
    let stale = try_out(&quality, trial(&terms, policy(4))).await.unwrap_err();
    assert_eq!(stale.kind(), FaultKind::Stale);
}

#[testkit::db_test]
async fn a_limit_says_who_would_wait(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    opened(&app, case, Way::Refund, 39_093).await;
    let limit = |fen| Trial {
        terms: None,
        limit: Some(Money::from_fen(fen)),
        from: "2026-01-01".parse().unwrap(),
        to: "2026-12-31".parse().unwrap(),
    };
    let (_, wide) = tried(&app, limit(40_000)).await;
    assert_eq!((wide.asked_less, wide.asked_more, wide.more()), (1, 0, 0));
    let (_, same) = tried(&app, limit(5_000)).await;
    assert_eq!((same.asked_less, same.differing), (0, 0));
    let quality = app.as_user("quality").await;
    let made = quality.post("/returns/replays", &[("limit", "400")]).await.expect(303).location().to_owned();
    let waiting = quality.get(&made).await.expect(200).main();
    assert!(waiting.contains("0 / 1"), "{waiting}");
    quality.post("/returns/replays", &[("limit", "x")]).await.expect(422);
    let body = serde_json::json!({"limit": 100, "from": "2026-01-01", "to": "2026-12-31"});
    let begun = quality.json("POST", "/api/v1/policy-replays", &[], &body).await.expect(202).json();
    assert_eq!(begun["state"], "waiting");
    quality.get("/api/v1/policy-replays").await.expect(200);
    let wrong = serde_json::json!({"limit": 100, "from": "2026-12-31", "to": "2026-01-01"});
    quality.json("POST", "/api/v1/policy-replays", &[], &wrong).await.expect(422);
}

#[testkit::db_test]
async fn many_returns_are_read_a_part_at_a_time_and_each_is_counted_once(db: Db) {
    const MANY: i64 = 2_300;
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let terms = written(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    let first = seen(&app, one.id).await;
    let ids: Vec<Id<store::ReturnId>> = (0..MANY).map(|_| app.house.ids.next()).collect();
    let rows: Vec<(Return, LineRow)> = ids
        .into_iter()
        .map(|id| {
            let line = LineRow { id: app.house.ids.next(), live: false, ..first.lines[0].clone() };
            (Return { id, number: format!("{}-{id}", one.number), ..first.one.clone() }, line)
        })
        .collect();
    app.house
        .db
        .write(rows, |tx, rows| {
            Box::pin(async move {
                for (one, line) in rows {
                    store::insert(tx, one).await?;
                    store::insert_lines(tx, one, std::slice::from_ref(line)).await?;
                }
                Ok::<(), DbError>(())
            })
        })
        .await
        .unwrap();
    let (id, outcome) = tried(&app, trial(&terms, policy(3))).await;
    assert_eq!((outcome.returns, outcome.differing, outcome.customers), (MANY + 1, MANY + 1, 1));
    assert_eq!(outcome.more(), -39_093 * (MANY + 1));
    let page = replayed(&app.ctx("quality").await, id, 450, 100).await.unwrap();
    assert_eq!((page.differences.len(), page.next), (50, None), "the first 500 are kept");
    assert!(app::replays(&app.ctx("quality").await, None, 1).await.unwrap().0.len() == 1);
}
