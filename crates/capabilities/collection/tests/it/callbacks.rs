use capability::{Ctx, Event};
use cases::app::{CustomerChoice, Intake, TakenIn};
use cases::domain::{CloseBy, Command, Kind, Outcome as Solved, Priority, Proof};
use collection::app::campaign::{self as app, Call, Plan};
use collection::domain::campaign::{ContactState, Outcome, Pool};
use collection::store::campaign::{CampaignId, Contact, Show, Wanted};
use db::Db;
use kernel::{FaultKind, Id, Place, RecordRef, of};
use parties::app::CustomerInput;
use parties::domain::{LineInput, ProductInput, SaleInput};
use testapp::TestApp;

const DAY: i64 = 86_400_000;

async fn give(ctx: &Ctx, id: Id<of::Case>, command: Command) {
    let version = cases::app::detail(ctx, id).await.unwrap().case.version;
    cases::app::command(ctx, id, version, command).await.unwrap();
}

fn somebody(name: &str, phone: &str) -> CustomerChoice {
    let input = CustomerInput { name: name.into(), phone: phone.into(), consent: true, ..CustomerInput::default() };
    CustomerChoice::New(input)
}

/// A question about a product, answered and closed at the first store.
async fn closed(app: &TestApp, customer: CustomerChoice, product: &str) -> TakenIn {
    let clerk = app.ctx("clerk1").await;
    let intake = Intake {
        store: app.unit("S1"),
        kind: Kind::Inquiry,
        customer,
        subject: "滤芯怎么换".into(),
        product: Some(product.into()),
        ..Intake::default()
    };
    let taken = cases::app::take_in(&clerk, intake).await.unwrap();
    let owner = app.user("clerk1");
    give(&clerk, taken.id, Command::Accept { owner, priority: Priority::Normal, kind: Kind::Inquiry }).await;
    let cause = cases::domain::Cause::USAGE;
    give(&clerk, taken.id, Command::Resolve { outcome: Solved::Answered, cause, note: "已讲解".into() }).await;
    give(&clerk, taken.id, Command::Close(CloseBy::Customer(Proof::Counter))).await;
    taken
}

fn plan(app: &TestApp) -> Plan {
    Plan {
        title: "净水器回访".into(),
        owner: app.user("boss1"),
        goal: "换滤芯后还漏不漏".into(),
        script: "你好，请问现在用得怎么样？".into(),
        due_on: "2026-12-31".parse().unwrap(),
        quiet_days: 90,
        joins_low: true,
        wanted: Wanted::of(Pool::Cases, "2026-11-01".parse().unwrap(), "2026-11-30".parse().unwrap()),
    }
}

fn call(outcome: Outcome, score: Option<i64>, note: Option<&str>) -> Call {
    Call { outcome, score, note: note.map(str::to_owned), next_at: None }
}

async fn rows(app: &TestApp, login: &str, id: Id<CampaignId>, show: Show) -> Vec<Contact> {
    app::campaign(&app.ctx(login).await, id, show, None, 50).await.unwrap().rows
}

#[testkit::db_test]
async fn a_list_is_drawn_once_and_spares_whoever_said_no(db: Db) {
    let app = crate::shop(db).await;
    closed(&app, somebody("周航", "13312346120"), "美的净水器").await;
    let twice = closed(&app, somebody("李静", "13312346121"), "美的净水器").await;
    closed(&app, somebody("王强", "13312346122"), "格力空调").await;
    closed(&app, CustomerChoice::Anonymous, "美的净水器").await;
    let silent = CustomerInput { name: "不愿".into(), phone: "13312346123".into(), ..CustomerInput::default() };
    closed(&app, CustomerChoice::New(silent), "美的净水器").await;
    let boss = app.ctx("boss1").await;
    let customer = cases::app::detail(&boss, twice.id).await.unwrap().case.customer.unwrap();
    closed(&app, CustomerChoice::Existing(customer), "美的净水器").await;

    let wanted = Wanted { product: "净水器".into(), ..plan(&app).wanted };
    let drawn = app::preview(&boss, &wanted, 90).await.unwrap();
    assert_eq!((drawn.cases, drawn.list.len(), drawn.no_phone, drawn.refused, drawn.recent), (5, 2, 1, 1, 0));
    let id = app::begin(&boss, Plan { wanted: wanted.clone(), ..plan(&app) }).await.unwrap();
    assert_eq!(rows(&app, "clerk1", id, Show::Waiting).await.len(), 2);
    let again = app::begin(&boss, Plan { wanted, ..plan(&app) }).await.unwrap_err();
    assert!(again.fields().of("from").is_some(), "both wait in the first list");
    let all = app::preview(&boss, &plan(&app).wanted, 90).await.unwrap();
    assert_eq!((all.list.len(), all.recent), (1, 2));
    assert_eq!(
        app::preview(&app.ctx("clerk1").await, &plan(&app).wanted, 90).await.unwrap_err().kind(),
        FaultKind::Forbidden
    );
    assert_eq!(
        app::preview(&app.ctx("boss3").await, &plan(&app).wanted, 90).await.unwrap().cases,
        0,
        "another store's"
    );

    // One says no: for good, in every list. The other is called again after the days of quiet.
    let clerk = app.ctx("clerk1").await;
    let [first, second] = <[Contact; 2]>::try_from(rows(&app, "clerk1", id, Show::Waiting).await).unwrap();
    app::note(&clerk, first.id, 1, call(Outcome::Refused, None, None)).await.unwrap();
    app::note(&clerk, second.id, 1, call(Outcome::Reached, Some(5), None)).await.unwrap();
    app::close(&boss, id, 1).await.unwrap();
    let all = app::preview(&boss, &plan(&app).wanted, 90).await.unwrap();
    assert_eq!((all.list.len(), all.refused, all.recent), (1, 2, 1));
    app.clock.advance(91 * DAY);
    let all = app::preview(&boss, &plan(&app).wanted, 90).await.unwrap();
    assert_eq!((all.list.len(), all.refused, all.recent), (2, 2, 0));
}

#[testkit::db_test]
async fn calls_give_up_keep_quiet_hours_and_bad_answers_become_cases(db: Db) {
    let app = crate::shop(db).await;
    for (name, phone) in [("周航", "13312346120"), ("李静", "13312346121")] {
        closed(&app, somebody(name, phone), "美的净水器").await;
    }
    let (boss, clerk) = (app.ctx("boss1").await, app.ctx("clerk1").await);
    let id = app::begin(&boss, plan(&app)).await.unwrap();
    let [first, second] = <[Contact; 2]>::try_from(rows(&app, "clerk1", id, Show::Waiting).await).unwrap();

    // Nobody answers three times; at night nobody is called.
    let mut version = 1;
    for _ in 0..2 {
        let after = app::note(&clerk, first.id, version, call(Outcome::NotReached, None, None)).await.unwrap();
        assert_eq!(after.state, ContactState::Waiting);
        version = after.version;
        app.clock.advance(DAY);
    }
    app.clock.advance(8 * 3_600_000);
    let night = app::note(&clerk, first.id, version, call(Outcome::NotReached, None, None)).await.unwrap_err();
    assert_eq!(night.code(), "collection-quiet-time");
    app.clock.advance(16 * 3_600_000);
    let given_up = app::note(&clerk, first.id, version, call(Outcome::NotReached, None, None)).await.unwrap();
    assert_eq!((given_up.state, given_up.tries), (ContactState::Unreached, 3));
    let over = app::note(&clerk, first.id, given_up.version, call(Outcome::NotReached, None, None)).await.unwrap_err();
    assert_eq!(over.code(), "collection-over");

    // A bad answer needs a reason and becomes a complaint in one step, once.
    let bare = app::note(&clerk, second.id, 1, call(Outcome::Reached, Some(1), None)).await.unwrap_err();
    assert!(bare.fields().of("note").is_some());
    let unscored = app::note(&clerk, second.id, 1, call(Outcome::Reached, None, None)).await.unwrap_err();
    assert!(unscored.fields().of("score").is_some());
    let bad = app::note(&clerk, second.id, 1, call(Outcome::Reached, Some(1), Some("又漏了，没人理"))).await.unwrap();
    assert!(bad.follow);
    assert_eq!(rows(&app, "boss1", id, Show::Follow).await.len(), 1);
    let stale = app::follow_up(&clerk, second.id, 1, Kind::Complaint).await.unwrap_err();
    assert_eq!(stale.kind(), FaultKind::Stale);
    let case = app::follow_up(&clerk, second.id, bad.version, Kind::Complaint).await.unwrap();
    let made = cases::app::detail(&clerk, case).await.unwrap().case;
    assert_eq!((made.kind, made.customer), (Kind::Complaint, Some(second.customer)));
    assert!(made.body.contains("又漏了") && made.body.contains(&second.number), "{}", made.body);
    let twice = app::follow_up(&clerk, second.id, bad.version + 1, Kind::Complaint).await.unwrap_err();
    assert_eq!(twice.code(), "collection-followed");
    let progress = app::campaign(&boss, id, Show::Reached, None, 50).await.unwrap().progress;
    assert_eq!(
        (progress.all, progress.reached, progress.over, progress.bad, progress.follow, progress.cases),
        (2, 1, 1, 1, 0, 1)
    );
}

#[testkit::db_test]
async fn a_low_rating_joins_and_who_is_forgotten_is_forgotten(db: Db) {
    let app = crate::shop(db).await;
    closed(&app, somebody("周航", "13312346120"), "美的净水器").await;
    let (boss, quality) = (app.ctx("boss1").await, app.ctx("quality").await);
    let id = app::begin(&boss, plan(&app)).await.unwrap();
    let later = closed(&app, somebody("李静", "13312346121"), "格力空调").await;
    let place = Place { store: app.unit("S1"), team: None, owner: None };
    for _ in 0..2 {
        quality
            .write((later.id, place), |work, (case, place)| {
                Box::pin(async move {
                    work.record(Event::new(RecordRef::new("case", *case), "survey.low_rating", *place)).await
                })
            })
            .await
            .unwrap();
    }
    let waiting = rows(&app, "clerk1", id, Show::Waiting).await;
    assert_eq!(waiting.iter().filter(|one| one.joined).count(), 1);
    assert_eq!(waiting.len(), 2);
}

#[testkit::db_test]
async fn pages_and_programs_call_back(db: Db) {
    let app = crate::shop(db).await;
    closed(&app, somebody("<b>周航</b>", "13312346120"), "美的净水器").await;
    let boss = app.as_user("boss1").await;
    assert!(boss.get("/callbacks").await.expect(200).text().contains("/callbacks/new"));
    boss.clone().in_english().get("/callbacks/new").await.expect(200);
    app.as_user("clerk1").await.get("/callbacks/new").await.expect(403);
    app.as_user("finance").await.get("/callbacks").await.expect(403);
    let look = boss.get("/callbacks/new?from=2026-11-01&to=2026-11-30&quiet_days=90").await.expect(200).text();
    assert!(look.contains("会抽 1 位顾客"), "{look}");
    boss.get("/callbacks/new?from=soon&to=2026-11-30").await.expect(422);
    let owner = app.user("boss1").to_string();
    let fields = [
        ("from", "2026-11-01"),
        ("to", "2026-11-30"),
        ("title", "十一月回访"),
        ("owner", &owner),
        ("goal", "问问现在怎样"),
        ("script", "你好"),
        ("due_on", "2026-12-31"),
    ];
    boss.post("/callbacks", &fields[..4]).await.expect(422);
    let path = boss.post("/callbacks", &fields).await.expect(303).location().to_owned();
    let path = path.split('?').next().unwrap().to_owned();
    let page = boss.get(&path).await.expect(200).text();
    assert!(page.contains("&#60;b&#62;周航") && page.contains("133****6120"), "{page}");
    boss.clone().in_english().get(&format!("{path}?show=over")).await.expect(200);
    app.as_user("boss3").await.get(&path).await.expect(404);

    let clerk = app.as_user("clerk1").await;
    let api = format!("/api/v1{path}");
    let whole = clerk.get(&api).await.expect(200).json();
    let customer = whole["customers_page"][0]["id"].as_str().unwrap().to_owned();
    let one = format!("/callbacks/customers/{customer}");
    clerk.get(&one).await.expect(200);
    app.as_user("boss3").await.get(&one).await.expect(404);
    clerk.post(&one, &[("result", "reached")]).await.expect(428);
    clerk.post(&one, &[("version", "1"), ("result", "reached")]).await.expect(422);
    let bad = [("version", "1"), ("result", "reached"), ("score", "2"), ("note", "还是漏")];
    assert_eq!(clerk.post(&one, &bad).await.expect(303).location(), one, "what comes of it is one step away");
    clerk.post(&one, &bad).await.expect(412);
    let page = clerk.get(&one).await.expect(200).text();
    assert!(page.contains(&format!("{one}/case")), "{page}");
    let call = serde_json::json!({"result": "not_reached"});
    clerk.json("POST", &format!("/api/v1{one}/calls"), &[("if-match", "\"v2\"")], &call).await.expect(409);
    let made = clerk.post(&format!("{one}/case"), &[("version", "2"), ("kind", "complaint")]).await.expect(303);
    assert!(made.location().starts_with("/cases/"));
    let kind = serde_json::json!({"kind": "feedback"});
    clerk.json("POST", &format!("/api/v1{one}/case"), &[("if-match", "\"v3\"")], &kind).await.expect(409);
    clerk.post(&format!("{path}/close"), &[("version", "1")]).await.expect(403);
    boss.post(&format!("{path}/close"), &[("version", "1")]).await.expect(303);
    boss.json("POST", &format!("{api}/close"), &[("if-match", "\"v1\"")], &serde_json::json!({})).await.expect(412);
    let ended = boss.get("/api/v1/callbacks?show=closed").await.expect(200).json();
    assert_eq!((&ended["items"][0]["bad"], &ended["items"][0]["follow"]), (&1.into(), &0.into()));
}

/// A sale of `product` to `customer` at the first store.
async fn sold(app: &TestApp, customer: Id<of::Customer>, product: &str, receipt: &str, day: &str) {
    let line = LineInput { product: product.into(), price: 9_900, ..LineInput::default() };
    let sale = SaleInput {
        receipt: receipt.into(),
        day: day.into(),
        customer: Some(customer.to_string()),
        lines: vec![line],
        ..SaleInput::default()
    };
    parties::app::create_sale(&app.ctx("boss1").await, app.unit("S1"), &sale).await.unwrap();
}

async fn goods(app: &TestApp, code: &str, name: &str) {
    let input = ProductInput {
        code: code.into(),
        name: name.into(),
        brand: "北原".into(),
        category: "small".into(),
        ..ProductInput::default()
    };
    parties::app::create_product(&app.ctx("quality").await, &input).await.unwrap();
}

async fn buyer(app: &TestApp, name: &str, phone: &str) -> Id<of::Customer> {
    let input = CustomerInput { name: name.into(), phone: phone.into(), consent: true, ..CustomerInput::default() };
    parties::app::create(&app.ctx("boss1").await, app.unit("S1"), input).await.unwrap().id
}

#[testkit::db_test]
async fn customers_are_drawn_by_what_they_bought_and_complaints_by_level(db: Db) {
    let app = crate::shop(db).await;
    goods(&app, "K1", "静音水壶").await;
    goods(&app, "P1", "不粘锅").await;
    let first = buyer(&app, "=1+1", "13312346131").await;
    let second = buyer(&app, "李静", "13312346132").await;
    sold(&app, first, "K1", "R-1", "2026-11-02").await;
    sold(&app, first, "K1", "R-2", "2026-11-03").await;
    sold(&app, second, "P1", "R-3", "2026-11-03").await;
    let (boss, clerk) = (app.ctx("boss1").await, app.ctx("clerk1").await);
    let bought = Wanted::of(Pool::Customers, "2026-11-01".parse().unwrap(), "2026-11-30".parse().unwrap());
    let drawn = app::preview(&boss, &bought, 90).await.unwrap();
    assert_eq!((drawn.cases, drawn.list.len()), (3, 2), "two purchases of one customer are one call");
    let kettles = Wanted { product: "水壶".into(), ..bought.clone() };
    let drawn = app::preview(&boss, &kettles, 90).await.unwrap();
    assert_eq!((drawn.list.len(), drawn.list[0].number.as_str(), drawn.list[0].case), (1, "R-2", None));
    assert_eq!(app::preview(&app.ctx("boss3").await, &bought, 90).await.unwrap().cases, 0, "another store's");

    // Whoever was heard of not long ago is left out when silence is asked for.
    closed(&app, CustomerChoice::Existing(second), "不粘锅").await;
    let silent = Wanted { silent_days: Some(30), ..bought.clone() };
    let drawn = app::preview(&boss, &silent, 90).await.unwrap();
    assert_eq!(drawn.list.iter().map(|one| one.customer).collect::<Vec<_>>(), [Some(first)]);

    // A complaint that is over, by its level; a sealed one never.
    let complaints = Wanted { severities: vec!["s3".into()], ..Wanted { pool: Pool::Complaints, ..bought.clone() } };
    assert_eq!(app::preview(&boss, &complaints, 90).await.unwrap().cases, 0);
    let wrong = Wanted { severities: vec!["s9".into()], ..complaints.clone() };
    let refused = app::begin(&boss, Plan { wanted: wrong, ..plan(&app) }).await.unwrap_err();
    assert!(refused.fields().of("severities").is_some());

    // The list, a call, and the table of the results: masked, harmless, with a trace.
    let id = app::begin(&boss, Plan { wanted: kettles, ..plan(&app) }).await.unwrap();
    assert_eq!(app::preview(&boss, &bought, 90).await.unwrap().recent, 1, "nobody stands on two lists");
    let contact = rows(&app, "clerk1", id, Show::Waiting).await.remove(0);
    let page = app.as_user("clerk1").await.get(&format!("/callbacks/customers/{}", contact.id)).await.expect(200);
    assert!(page.text().contains(&format!("/customers/{first}")), "the number is on the customer's file");
    let bad = app::note(&clerk, contact.id, 1, call(Outcome::Reached, Some(2), Some("盖子松"))).await.unwrap();
    app::follow_up(&clerk, contact.id, bad.version, Kind::Feedback).await.unwrap();
    app.as_user("clerk1").await.get(&format!("/callbacks/{id}/results.csv")).await.expect(403);
    app.as_user("boss3").await.get(&format!("/callbacks/{id}/results.csv")).await.expect(404);
    let file = app.as_user("boss1").await.get(&format!("/callbacks/{id}/results.csv")).await.expect(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    let text = file.text();
    assert!(text.contains("'=1+1,133****6131,R-2,静音水壶") && !text.contains("13312346131"), "{text}");
    assert!(text.contains("盖子松"), "{text}");
    let api = format!("/api/v1/callbacks/{id}/results");
    assert_eq!(app.as_user("boss1").await.in_english().get(&api).await.expect(200).text().lines().count(), 2);
    for pool in ["cases", "complaints", "customers"] {
        let look = format!("/callbacks/new?pool={pool}&from=2026-11-01&to=2026-11-30&quiet_days=90");
        app.as_user("boss1").await.in_english().get(&look).await.expect(200);
    }
    let taken = app.house.db.read((), |tx, ()| {
        Box::pin(async move {
            let sql = "SELECT COUNT(*) FROM journal_entry WHERE verb = 'callback.exported'";
            Ok::<Option<(i64,)>, kernel::Fault>(tx.one(sql, db::args![]).await?)
        })
    });
    assert_eq!(taken.await.unwrap(), Some((2,)));
}
