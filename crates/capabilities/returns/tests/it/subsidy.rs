//! A washing machine that the state paid a part of comes back: said before, repaid by finance, never to the customer.

use db::Db;
use kernel::{Id, Money, of};
use parties::app::{Used, save_programme, use_subsidy};
use parties::domain::subsidy::ProgrammeInput;
use returns::app::settle_subsidy;
use returns::domain::{Command, Part, Way};
use returns::store::{OwedState, OwedWhat};
use testapp::TestApp;

use crate::shop::*;

fn programme() -> ProgrammeInput {
    ProgrammeInput {
        name: "家电以旧换新".into(),
        region: "浙江".into(),
        batch: "2026-1".into(),
        from: "2026-01-01".into(),
        goods: vec!["washer".into()],
        rate_bp: 1_500,
        cap: 150_000,
        days: 30,
        account: "浙江财政专户".into(),
        source: "浙财〔2026〕1 号".into(),
        forfeits: true,
        ..ProgrammeInput::default()
    }
}

async fn used(app: &TestApp) -> (Id<of::Case>, Id<of::SerialUnit>) {
    let case = sold(app, 2).await;
    let made = save_programme(&app.ctx("quality").await, None, &programme()).await.unwrap();
    let unit = wanted(app, case, Way::Refund, 0).await.lines[0].units[0];
    let clerk = app.ctx("clerk1").await;
    let note = |amount| Used {
        unit,
        programme: made.id,
        amount: Money::from_fen(amount),
        quota: "ZJ26-0099".into(),
        old_unit: Some("OLD-1".into()),
    };
    let much = use_subsidy(&clerk, note(60_000)).await.unwrap_err();
    assert_eq!(much.fields().of("amount").unwrap().code, "subsidy-most");
    use_subsidy(&clerk, note(49_485)).await.unwrap();
    let twice = use_subsidy(&clerk, note(49_485)).await.unwrap_err();
    assert_eq!(twice.fields().of("programme").unwrap().code, "taken");
    (case, unit)
}

#[testkit::db_test]
async fn what_the_state_paid_goes_back_to_the_state(db: Db) {
    let app = shop(db).await;
    let (case, unit) = used(&app).await;
    let clerk = app.as_user("clerk1").await;
    let form = clerk.get(&format!("/returns/of/{case}")).await.expect(200).main();
    assert!(form.contains("退回财政") && form.contains("资格作废"), "{form}");
    let one = opened(&app, case, Way::Refund, 0).await;
    // 3299.00 less 494.85 was paid by the customer; 237 days less depreciation of that.
    let law = part(&app, one.id, Part::Law).await.amount;
    assert!(law < Money::from_fen(329_900 - 49_485), "{law}");
    let owed = seen(&app, one.id).await.owed;
    let [owed] = owed.as_slice() else { panic!("{owed:?}") };
    assert_eq!((owed.what, owed.amount.fen(), owed.due.to_string().as_str()), (OwedWhat::Repay, 49_485, "2026-12-22"));
    let page = clerk.get(&format!("/returns/{}", one.id)).await.expect(200).main();
    assert!(page.contains("¥494.85") && page.contains("浙江财政专户"), "{page}");
    let list = clerk.get("/returns/subsidies").await.expect(200).main();
    assert!(list.contains(&one.number), "{list}");
    let path = format!("/returns/{}/subsidy", one.id);
    clerk.get(&path).await.expect(200);
    clerk.post(&path, &[("line", "1"), ("reference", " ")]).await.expect(422);
    clerk.post(&path, &[("line", "1"), ("reference", "CZ-77")]).await.expect(303);
    let again = settle_subsidy(&app.ctx("clerk1").await, one.id, 1, "CZ-78").await.unwrap_err();
    assert_eq!(again.code(), "returns-subsidy-done");
    let api = clerk.get(&format!("/api/v1/returns/{}", one.id)).await.expect(200).json();
    assert_eq!((&api["subsidies"][0]["state"], &api["subsidies"][0]["reference"]), (&"done".into(), &"CZ-77".into()));
    let shown = clerk.get(&format!("/units/{unit}")).await.expect(200).main();
    assert!(shown.contains("家电以旧换新") && shown.contains("OLD-1"), "{shown}");
}

#[testkit::db_test]
async fn an_exchange_reports_and_a_cancelled_return_owes_nothing(db: Db) {
    let app = shop(db).await;
    let (case, _) = used(&app).await;
    let one = opened(&app, case, Way::Exchange, 0).await;
    let owed = seen(&app, one.id).await.owed.remove(0);
    assert_eq!((owed.what, owed.amount, owed.state), (OwedWhat::Report, Money::ZERO, OwedState::Open));
    give(&app, "clerk1", one.id, Command::Cancel { reason: "不换了".into() }).await.unwrap();
    assert_eq!(seen(&app, one.id).await.owed[0].state, OwedState::Void);
}

#[testkit::db_test]
async fn programmes_are_data_with_pages_and_api(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let list = quality.get("/subsidies").await.expect(200).main();
    assert!(list.contains("/subsidies/new") && !list.contains("/subsidies/paste"), "only what is there: {list}");
    quality.get("/subsidies/new").await.expect(200);
    let fields = [
        ("name", "家电以旧换新"),
        ("region", "浙江"),
        ("batch", "2026-1"),
        ("from", "2026-01-01"),
        ("goods", "washer fridge"),
        ("rate_bp", "15%"),
        ("cap", "1500"),
        ("on_refund", "repay"),
        ("on_exchange", "report"),
        ("days", "30"),
        ("account", "财政专户"),
        ("source", "通知"),
    ];
    quality.post("/subsidies/new", &fields[..3]).await.expect(422);
    let made = quality.post("/subsidies/new", &fields).await.expect(303).location().to_owned();
    let shown = quality.get(&made).await.expect(200).main();
    assert!(shown.contains("15%") && shown.contains("¥1,500.00"), "{shown}");
    let edit = format!("{made}/edit");
    quality.get(&edit).await.expect(200);
    let next: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, if *name == "days" { "20" } else { value }))
        .chain([("version", "1")])
        .collect();
    quality.post(&edit, &next).await.expect(303);
    quality.post(&edit, &next).await.expect(412);
    let api = made.replace("/subsidies/", "/api/v1/subsidies/");
    let one = quality.get(&api).await.expect(200).json();
    assert_eq!(
        (one["rate_bp"].as_i64(), one["days"].as_i64(), one["version"].as_i64()),
        (Some(1_500), Some(20), Some(2))
    );
    app.as_user("clerk1").await.get(&edit).await.expect(403);
    app.as_user("clerk1").await.in_english().get(&made).await.expect(200);
}
