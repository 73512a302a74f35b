use db::Db;
use kernel::{Fault, FaultKind, Id, RecordRef};
use parties::app::{self, CustomerChange, CustomerInput};
use testapp::TestApp;

async fn start(db: Db) -> TestApp {
    TestApp::start(db, || vec![parties::capability()]).await
}

fn wang() -> CustomerInput {
    CustomerInput {
        name: "王丽华".into(),
        phone: "+86 138 1234 5678".into(),
        email: Some("wang.li@example.com".into()),
        address: Some("杭州市西湖区文三路 120 号".into()),
        ..CustomerInput::default()
    }
}

async fn entries(app: &TestApp, id: Id<kernel::of::Customer>) -> Vec<journal::Recorded> {
    app.house
        .db
        .read(id, |tx, id| {
            let record = RecordRef::new(parties::file::RECORD, *id);
            Box::pin(async move { journal::of_record(tx, &record, None, 50).await.map_err(Fault::from) })
        })
        .await
        .unwrap()
}

#[testkit::db_test]
async fn a_file_is_opened_masked_and_journalled(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let card = app::create(&clerk, app.unit("S1"), wang()).await.unwrap();
    assert_eq!(
        (card.phone.as_str(), card.email.as_deref(), card.address.as_deref()),
        ("138****5678", Some("w***@example.com"), Some("杭州市西湖***"))
    );
    assert_eq!(app::get(&clerk, card.id).await.unwrap(), card);
    let entry = entries(&app, card.id).await.remove(0);
    assert_eq!(entry.verb, "customer.opened");
    assert!(entry.changes.iter().all(|change| change.personal), "all of it can be erased");
    let found = app::list(&clerk, None, 10).await.unwrap();
    assert_eq!((found.rows.len(), found.next), (1, None));
}

#[testkit::db_test]
async fn a_change_needs_the_version_and_leaves_out_what_was_not_typed(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let card = app::create(&clerk, app.unit("S1"), wang()).await.unwrap();
    let vip =
        CustomerChange { vip: Some("金卡会员".into()), email: Some(String::new()), ..CustomerChange::default() };
    let changed = app::edit(&clerk, card.id, 1, vip.clone()).await.unwrap();
    assert_eq!((changed.version, changed.vip.as_deref(), changed.email), (2, Some("金卡会员"), None));
    assert_eq!(changed.phone, "138****5678");
    let stale = app::edit(&clerk, card.id, 1, vip.clone()).await.unwrap_err();
    assert_eq!((stale.kind(), stale.args()), (FaultKind::Stale, &[("version", "2".to_owned())][..]));
    assert_eq!(app::edit(&clerk, card.id, 2, vip).await.unwrap().version, 2, "nothing changed, nothing is written");
    let bad = CustomerChange { phone: Some("1".into()), name: Some(" ".into()), ..CustomerChange::default() };
    let fault = app::edit(&clerk, card.id, 2, bad).await.unwrap_err();
    assert_eq!(fault.fields().iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["phone", "name"]);
    let fields: Vec<_> = entries(&app, card.id).await[1].changes.iter().map(|change| change.field.clone()).collect();
    assert_eq!(fields, ["email", "vip"]);
}

#[testkit::db_test]
async fn revealing_needs_a_reason_and_leaves_a_trace(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let card = app::create(&clerk, app.unit("S1"), wang()).await.unwrap();
    assert_eq!(app::reveal(&clerk, card.id, " ").await.unwrap_err().fields().of("reason").unwrap().code, "required");
    let shown = app::reveal(&clerk, card.id, "回电").await.unwrap();
    assert_eq!(shown.phone.as_deref(), Some("13812345678"));
    let entry = entries(&app, card.id).await.remove(1);
    assert_eq!((entry.verb.as_str(), entry.changes[0].after.as_deref()), ("customer.revealed", Some("回电")));
    for login in ["clerk2", "tech1", "quality", "assessor"] {
        let fault = app::reveal(&app.ctx(login).await, card.id, "x").await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::NotFound, "{login}");
    }
}

#[testkit::db_test]
async fn numbers_are_looked_up_only_as_far_as_they_may_be_seen(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    app::create(&clerk, app.unit("S1"), wang()).await.unwrap();
    let far = app.ctx("clerk2").await;
    let found = async |ctx: &capability::Ctx, typed: &str| app::find(ctx, typed).await.unwrap().len();
    assert_eq!(
        (found(&clerk, "138").await, found(&clerk, "5678").await, found(&clerk, "13812345678").await),
        (1, 1, 1)
    );
    assert_eq!(found(&far, "13812345678").await, 1, "a customer walks into any store");
    assert_eq!((found(&far, "5678").await, found(&far, "138").await), (1, 0), "beginnings only of one's own customers");
    let quality = app.ctx("quality").await;
    assert_eq!(
        (found(&quality, "138").await, found(&quality, "5678").await, found(&quality, "138 1234 5678").await),
        (0, 1, 1)
    );
    assert_eq!(found(&app.ctx("tech1").await, "13812345678").await, 0);
    assert_eq!((found(&clerk, "").await, found(&clerk, "😀").await, found(&clerk, "1").await), (0, 0, 0));
}

#[testkit::db_test]
async fn out_of_reach_does_not_exist(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let card = app::create(&clerk, app.unit("S1"), wang()).await.unwrap();
    assert_eq!(app::create(&clerk, app.unit("S2"), wang()).await.unwrap_err().kind(), FaultKind::NotFound);
    for login in ["tech1", "finance", "boss3"] {
        let ctx = app.ctx(login).await;
        let change = CustomerChange::default();
        assert_eq!(app::edit(&ctx, card.id, 1, change).await.unwrap_err().kind(), FaultKind::NotFound, "{login}");
    }
    assert_eq!(app::get(&app.ctx("tech1").await, card.id).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(app::get(&clerk, Id::new(5)).await.unwrap_err().kind(), FaultKind::NotFound);
    let south = app.ctx("east").await;
    assert!(app::get(&south, card.id).await.is_ok());
}

#[testkit::db_test]
async fn the_same_external_id_is_the_same_customer(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let input = CustomerInput { external_id: Some("M-1".into()), ..wang() };
    let first = app::create(&clerk, app.unit("S1"), input.clone()).await.unwrap();
    assert_eq!(app::create(&clerk, app.unit("S1"), input).await.unwrap().id, first.id);
}

/// Many files of a history: as if each had been opened at its time, and found alike.
#[testkit::db_test]
async fn many_files_are_opened_at_once(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let at = app.clock.now().plus(-86_400_000);
    let file = |phone: &str| {
        let mut errors = kernel::FieldErrors::default();
        let input = CustomerInput { phone: phone.into(), ..wang() };
        let draft = parties::domain::draft(&mut errors, "", &input, true);
        parties::file::Opened { store: app.unit("S1"), draft, at }
    };
    let files = vec![file("13812345678"), file("13900000001")];
    let ids = clerk
        .write(files, |work, files| {
            Box::pin(async move {
                let ctx = work.ctx;
                let ids = parties::file::open_many(work, ctx, files.clone()).await?;
                Ok::<_, Fault>(work.unchanged(ids))
            })
        })
        .await
        .unwrap();
    let card = app::get(&clerk, ids[1]).await.unwrap();
    assert_eq!((card.phone.as_str(), card.created_at, card.version), ("139****0001", at, 1));
    let entry = entries(&app, ids[0]).await.remove(0);
    assert_eq!((entry.verb.as_str(), entry.entered_at, entry.user), ("customer.opened", at, clerk.actor.user));
    let served = clerk
        .read(vec![ids[0], ids[1], Id::new(5)], |tx, ids| {
            Box::pin(async move { parties::file::served_many(tx, ids).await.map_err(Fault::from) })
        })
        .await
        .unwrap();
    assert_eq!(served.len(), 2, "unknown ones are left out");
    assert_eq!(served[&ids[0]].1.phone.as_ref().unwrap().digits(), "13812345678");
    assert_eq!(app::find(&clerk, "0001").await.unwrap().len(), 1);
}
