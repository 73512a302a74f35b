use capability::Ctx;
use db::Db;
use kernel::{FaultKind, Money};
use parties::verdict::layers;
use platforms::app::{self, Photos};
use platforms::domain::{Clock, Column, Command, CommandName, Insurance, InsuranceState, InsuredBy, Outcome, State};
use remedies::Layer;
use testapp::TestApp;

use crate::shop::{PNG, cells, give, seen, shop_input, sold, start, terms};

const HOUR: i64 = 3_600_000;

async fn photos(app: &TestApp) -> Photos {
    let one = app.house.files.prepare(PNG.to_vec(), None, "box.png").await.unwrap();
    Photos { unboxing: vec![one.clone()], weighing: vec![one] }
}

#[testkit::db_test]
async fn an_order_goes_its_way_with_the_platforms_deadlines(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let (id, _) = app::take(&clerk, cells("DY-1", &[])).await.unwrap();
    let agreed = give(&app, "clerk1", id, CommandName::Agree, (None, None)).await.unwrap();
    assert_eq!(agreed.state, State::Returning);
    assert_eq!(
        give(&app, "clerk1", id, CommandName::Complete, (None, None)).await.unwrap_err().code(),
        "platforms-not-now"
    );
    let nothing = give(&app, "clerk1", id, CommandName::Ship, (None, None)).await.unwrap_err();
    assert_eq!(nothing.fields().of("reference").unwrap().code, "required");
    give(&app, "clerk1", id, CommandName::Ship, (Some("SF1390"), None)).await.unwrap();
    app.clock.advance(80 * HOUR);
    let got = give(&app, "clerk1", id, CommandName::Receive, (None, None)).await.unwrap();
    assert_eq!((got.state, got.tracking.as_deref()), (State::Settling, Some("SF1390")));
    let done = give(&app, "clerk1", id, CommandName::Complete, (Some("T-1"), None)).await.unwrap();
    assert_eq!((done.state, done.due_at), (State::Completed, None));
    let clocks = seen(&app, "clerk1", id).await.clocks;
    let ended: Vec<_> = clocks.iter().map(|row| (row.clock, row.outcome)).collect();
    let met = |clock| (clock, Some(Outcome::Met));
    assert_eq!(ended, [met(Clock::Answer), met(Clock::ShipBack), (Clock::Refund, Some(Outcome::Late))]);
    assert_eq!(
        give(&app, "clerk1", id, CommandName::Close, (None, Some("x"))).await.unwrap_err().code(),
        "platforms-over"
    );
    let other = app.ctx("clerk2").await;
    assert_eq!(app::detail(&other, id).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(
        give(&app, "tech1", id, CommandName::Agree, (None, None)).await.unwrap_err().kind(),
        FaultKind::Forbidden
    );
}

#[testkit::db_test]
async fn returned_goods_are_refused_with_photos_and_the_platform_decides(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let (id, _) = app::take(&clerk, cells("DY-1", &[])).await.unwrap();
    give(&app, "clerk1", id, CommandName::Agree, (None, None)).await.unwrap();
    give(&app, "clerk1", id, CommandName::Ship, (Some("SF1390"), None)).await.unwrap();
    let bare = give(&app, "clerk1", id, CommandName::Refuse, (None, Some("箱里是旧机"))).await.unwrap_err();
    let fields: Vec<_> = bare.fields().iter().map(|error| error.field.clone()).collect();
    assert_eq!(fields, ["unboxing", "weighing", "weight"]);
    let version = seen(&app, "clerk1", id).await.one.version;
    let no = Command {
        name: CommandName::Refuse,
        at: app.clock.now(),
        reference: None,
        note: Some("箱里是旧机".into()),
        weight: Some(61_300),
        until: None,
    };
    let refused = app::command(&clerk, id, version, no.clone(), photos(&app).await).await.unwrap();
    assert_eq!((refused.state, refused.weight, refused.due_at), (State::Refused, Some(61_300), None));
    assert_eq!(seen(&app, "clerk1", id).await.photos.len(), 2);
    assert_eq!(app::command(&clerk, id, version, no, Photos::default()).await.unwrap_err().kind(), FaultKind::Stale);
    // The platform names its own moment; the shop has no hours for evidence.
    let step = Command {
        name: CommandName::Intervene,
        at: app.clock.now(),
        reference: Some("GD-7".into()),
        note: None,
        weight: None,
        until: Some(app.clock.now().plus(24 * HOUR)),
    };
    app::command(&clerk, id, refused.version, step, Photos::default()).await.unwrap();
    let submitted = give(&app, "clerk1", id, CommandName::Submit, (None, Some("开箱视频和称重"))).await.unwrap();
    assert_eq!((submitted.state, submitted.due_at), (State::Intervention, None), "what was proved is not asked again");
    let won = give(&app, "clerk1", id, CommandName::RuleShop, (None, Some("支持商家"))).await.unwrap();
    assert_eq!(won.state, State::Closed);
    let clocks = seen(&app, "clerk1", id).await.clocks;
    assert_eq!(clocks.last().map(|row| (row.clock, row.outcome)), Some((Clock::Evidence, Some(Outcome::Met))));
}

#[testkit::db_test]
async fn somebody_is_told_before_and_after_a_deadline_and_late_is_late(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let (id, _) = app::take(&clerk, cells("DY-1", &[])).await.unwrap();
    let job = Ctx::system(clerk.house.clone(), "platforms.watch");
    assert_eq!(app::watch(&job).await.unwrap(), 0);
    app.clock.advance(40 * HOUR);
    assert_eq!((app::watch(&job).await.unwrap(), app::watch(&job).await.unwrap()), (1, 0), "once");
    app.clock.advance(10 * HOUR);
    assert_eq!((app::watch(&job).await.unwrap(), app::watch(&job).await.unwrap()), (1, 0), "it has passed");
    let told = app.as_user("clerk1").await.get("/notices").await.expect(200).main();
    assert!(told.contains("快到平台时限") && told.contains("已过平台时限"), "{told}");
    // It happened in time, but was entered late: that earns nothing.
    let version = seen(&app, "clerk1", id).await.one.version;
    let step = Command {
        name: CommandName::Agree,
        at: app.clock.now().plus(-20 * HOUR),
        reference: None,
        note: None,
        weight: None,
        until: None,
    };
    app::command(&app.ctx("clerk1").await, id, version, step, Photos::default()).await.unwrap();
    assert_eq!(seen(&app, "clerk1", id).await.clocks[0].outcome, Some(Outcome::Late));
}

#[testkit::db_test]
async fn freight_insurance_adds_up(db: Db) {
    let (app, _) = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let (id, _) = app::take(&clerk, cells("DY-1", &[(Column::Insurance, "有")])).await.unwrap();
    let known = seen(&app, "clerk1", id).await.one;
    assert_eq!((known.insurance.by, known.insurance.state), (InsuredBy::Buyer, InsuranceState::Insured));
    let wrong = Insurance { by: InsuredBy::Buyer, state: InsuranceState::Paid, amount: Money::ZERO };
    let fault = app::insure(&clerk, id, known.version, wrong).await.unwrap_err();
    assert!(fault.fields().of("insurance_amount").is_some());
    let paid = Insurance { amount: Money::from_fen(1_200), ..wrong };
    let after = app::insure(&clerk, id, known.version, paid).await.unwrap();
    assert_eq!(app::insure(&clerk, id, known.version, paid).await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(
        app::insure(&clerk, id, after.version, paid).await.unwrap().version,
        after.version,
        "the same changes nothing"
    );
}

#[testkit::db_test]
async fn terms_of_a_platform_hold_in_the_shops_they_are_bound_to(db: Db) {
    let (app, shop) = start(db).await;
    let (clerk, quality) = (app.ctx("clerk1").await, app.ctx("quality").await);
    let bound = terms(&app, "三十天包退", 30).await;
    let free = terms(&app, "十五天包退", 15).await;
    let mut input = shop_input(&app, "海川旗舰店", "S1");
    (input.id, input.version, input.terms) = (Some(shop.id), shop.version, vec![bound]);
    app::save_shop(&quality, input.clone()).await.unwrap();
    assert_eq!(app::save_shop(&quality, input.clone()).await.unwrap_err().kind(), FaultKind::Stale);
    let here = sold(&app, "6921100045", &[]).await;
    let there = sold(&app, "7700000001", &[]).await;
    app::take(&clerk, cells("DY-1", &[(Column::Reason, "运输破损")])).await.unwrap();
    let named = async |sale: parties::store::Sale| {
        clerk
            .read(sale, |tx, sale| {
                Box::pin(async move {
                    let product = parties::store::product_by_code(tx, "BCD-452W").await?.unwrap();
                    let layers = layers::of_product(tx, &product, Some(sale), None, sale.day).await?;
                    Ok::<_, kernel::Fault>(layers.all().iter().map(|one| one.name.clone()).collect::<Vec<_>>())
                })
            })
            .await
            .unwrap()
    };
    assert_eq!(named(here).await, ["三十天包退", "十五天包退"]);
    assert_eq!(named(there).await, ["十五天包退"], "not sold in that shop");
    // The verdict of the return uses them.
    let (id, _) = app::take(&clerk, cells("DY-2", &[(Column::Bought, "P-2")])).await.unwrap();
    let of = seen(&app, "clerk1", id).await.of.unwrap();
    let line = returns::app::detail(&clerk, of.id).await.unwrap().lines.remove(0);
    let judged = returns::app::judged_again(&line).unwrap().unwrap();
    let verdict = judged.verdict().unwrap();
    assert!(verdict.remedies.iter().any(|open| open.layer == Layer::Platform), "{:?}", verdict.remedies);
    input.terms = vec![free, bound];
    input.version = 2;
    input.source = None;
    let fault = app::save_shop(&quality, input.clone()).await.unwrap_err();
    assert_eq!(fault.fields().of("source").unwrap().code, "required", "hours without a source cannot be checked");
    input.source = Some("x".into());
    input.platform = "jd".into();
    assert_eq!(
        app::save_shop(&quality, input).await.unwrap_err().fields().of("platform").unwrap().code,
        "platforms-fixed"
    );
    let twice = app::save_shop(&quality, shop_input(&app, "海川旗舰店", "S2")).await.unwrap_err();
    assert_eq!(twice.fields().of("name").unwrap().code, "taken");
    assert_eq!(app::save_shop(&clerk, shop_input(&app, "别家", "S1")).await.unwrap_err().kind(), FaultKind::NotFound);
}
