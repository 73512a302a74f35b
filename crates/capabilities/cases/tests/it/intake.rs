use cases::app::{self, CustomerChoice, Intake};
use cases::domain::*;
use db::Db;
use kernel::{Fault, FaultKind, Id};
use parties::app::CustomerInput;

use crate::shop::*;

fn fields(fault: &Fault) -> Vec<(String, &'static str)> {
    fault.fields().iter().map(|error| (error.field.clone(), error.code)).collect()
}

#[testkit::db_test]
async fn a_clerk_takes_a_case_in(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let taken = app::take_in(&clerk, washer(&app)).await.unwrap();
    assert_eq!(
        (taken.number.as_str(), taken.state, taken.step, taken.version),
        ("FW20261122-0001", StateName::New, 1, 1)
    );
    let due = taken.due.unwrap();
    // Sunday 14:32, the store is open until 21:00.
    assert_eq!((due.stage, due.at.since(clerk.now())), (Stage::Acknowledge, 30 * MINUTE));
    let detail = app::detail(&clerk, taken.id).await.unwrap();
    assert_eq!(detail.case.customer_name, "王丽华");
    assert_eq!(detail.case.phone_masked, "138****5678");
    assert_eq!(detail.customer.unwrap().phone, "138****5678");
    assert_eq!(
        detail.clocks.iter().map(|clock| clock.stage).collect::<Vec<_>>(),
        [Stage::Acknowledge, Stage::FirstAnswer]
    );
    assert_eq!(detail.links.len(), 1);
    let view = app::customer_view(&clerk, &taken.link.unwrap().token).await.unwrap();
    assert_eq!((view.number.as_str(), view.step), ("FW20261122-0001", Step::Request));
    assert_eq!(app.metric("cases-taken-in").await, Some(1));
    assert_eq!(app.metric("cases-open-change").await, Some(1));
    let next = app::take_in(&clerk, Intake { kind: Kind::Complaint, ..washer(&app) }).await.unwrap();
    assert_eq!(next.number, "TS20261122-0001");
    // The customer hears of it.
    let sent = app
        .house
        .db
        .read(taken.id, |tx, id| {
            let record = kernel::RecordRef::new(app::RECORD, *id);
            Box::pin(async move { messaging::of_record(tx, &record, None, 10).await.map_err(Fault::from) })
        })
        .await
        .unwrap();
    assert_eq!(sent.len(), 1);
}

#[testkit::db_test]
async fn everything_wrong_is_said_at_once(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let bad = Intake {
        subject: " ".into(),
        body: "a\0b".into(),
        product: Some("x".repeat(121)),
        customer: CustomerChoice::New(CustomerInput { phone: "1381234567".into(), ..CustomerInput::default() }),
        happened_at: Some(clerk.now().plus(HOUR)),
        ..washer(&app)
    };
    let fault = app::take_in(&clerk, bad).await.unwrap_err();
    let expected = [
        ("subject", "required"),
        ("body", "nul"),
        ("product", "too-long"),
        ("happened_at", "future"),
        ("customer.phone", "phone-digits"),
        ("customer.name", "required"),
    ];
    assert_eq!(fields(&fault), expected.map(|(field, code)| (field.to_owned(), code)));
    assert_eq!(app.metric("cases-taken-in").await.unwrap_or_default(), 0);
}

#[testkit::db_test]
async fn emoji_right_to_left_and_ten_thousand_characters_are_kept(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let body = format!("مرحبا 😀 {}", "长".repeat(10_000));
    let taken =
        app::take_in(&clerk, Intake { body: body.clone(), subject: "👩‍🔧 שלום".into(), ..washer(&app) }).await.unwrap();
    let case = app::detail(&clerk, taken.id).await.unwrap().case;
    assert_eq!((case.body, case.subject.as_str()), (body, "👩‍🔧 שלום"));
    let huge = app::take_in(&clerk, Intake { body: "x".repeat(10_000_000), ..washer(&app) }).await.unwrap_err();
    assert_eq!(fields(&huge), [("body".to_owned(), "too-long")]);
}

#[testkit::db_test]
async fn the_same_external_id_answers_with_the_first_case(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let intake = Intake { external_id: Some("shop-17".into()), ..washer(&app) };
    let first = app::take_in(&clerk, intake.clone()).await.unwrap();
    let again = app::take_in(&clerk, Intake { subject: "别的".into(), ..intake.clone() }).await.unwrap();
    assert_eq!((again.id, again.existed, first.existed), (first.id, true, false));
    assert_eq!(app.metric("cases-taken-in").await, Some(1));
    // Another store may use the same key.
    let other = Intake { store: app.unit("S2"), ..intake };
    let other = app::take_in(&app.ctx("clerk2").await, other).await.unwrap();
    assert_ne!(other.id, first.id);
}

#[testkit::db_test]
async fn two_with_the_same_external_id_at_once_make_one_case(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let intake = || Intake { external_id: Some("shop-17".into()), ..washer(&app) };
    let (one, two) = tokio::join!(app::take_in(&clerk, intake()), app::take_in(&clerk, intake()));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.id, two.id);
    assert_eq!(app.metric("cases-taken-in").await, Some(1));
}

#[testkit::db_test]
async fn an_existing_customer_is_found_or_refused(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let first = app::take_in(&clerk, washer(&app)).await.unwrap();
    let customer = app::detail(&clerk, first.id).await.unwrap().case.customer.unwrap();
    let again =
        app::take_in(&clerk, Intake { customer: CustomerChoice::Existing(customer), ..washer(&app) }).await.unwrap();
    let open = app::open_of_customer(&clerk, customer).await.unwrap();
    assert_eq!(open.iter().map(|row| row.id).collect::<Vec<_>>(), [again.id, first.id]);
    let unknown = Intake { customer: CustomerChoice::Existing(Id::new(5)), ..washer(&app) };
    assert_eq!(fields(&app::take_in(&clerk, unknown).await.unwrap_err()), [("customer".to_owned(), "unknown")]);
    let unnamed = app::take_in(&clerk, Intake { customer: CustomerChoice::Anonymous, ..washer(&app) }).await.unwrap();
    let case = app::detail(&clerk, unnamed.id).await.unwrap();
    assert_eq!((case.case.customer_name.as_str(), case.customer.is_none()), ("", true));
}

#[testkit::db_test]
async fn stores_out_of_reach_do_not_exist(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    for store in [app.unit("S2"), app.unit("EAST"), Id::new(5)] {
        let fault = app::take_in(&clerk, Intake { store, ..washer(&app) }).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::NotFound);
    }
    assert_eq!(app::take_in(&app.ctx("quality").await, washer(&app)).await.unwrap_err().kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn owners_are_people_who_can_work_there(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let with = |owner| Intake { owner: Some(owner), ..washer(&app) };
    assert_eq!(
        fields(&app::take_in(&clerk, with(app.user("clerk2"))).await.unwrap_err()),
        [("owner".to_owned(), "cases-owner")]
    );
    assert_eq!(fields(&app::take_in(&clerk, with(Id::new(5))).await.unwrap_err()), [("owner".to_owned(), "unknown")]);
    let taken = app::take_in(&clerk, with(app.user("tech1"))).await.unwrap();
    assert!(app::detail(&app.ctx("tech1").await, taken.id).await.is_ok(), "a technician sees own cases");
    let other = app::take_in(&clerk, washer(&app)).await.unwrap();
    assert_eq!(app::detail(&app.ctx("tech1").await, other.id).await.unwrap_err().kind(), FaultKind::NotFound);
}

/// What happened earlier and is entered late is late.
#[testkit::db_test]
async fn clocks_run_on_the_time_when_the_customer_came(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let came = clerk.now().plus(-3 * HOUR);
    let taken = app::take_in(&clerk, Intake { happened_at: Some(came), ..washer(&app) }).await.unwrap();
    assert_eq!(taken.due.unwrap().at, came.plus(30 * MINUTE));
    let case = app::detail(&clerk, taken.id).await.unwrap().case;
    assert_eq!((case.happened_at, case.created_at), (came, clerk.now()));
    let old = Intake { happened_at: Some(clerk.now().plus(-400 * DAY)), ..washer(&app) };
    assert_eq!(
        fields(&app::take_in(&clerk, old.clone()).await.unwrap_err()),
        [("happened_at".to_owned(), "cases-too-old")]
    );
    assert!(app::take_in(&clerk, Intake { channel: Channel::Import, ..old }).await.is_ok());
}

#[testkit::db_test]
async fn an_upset_customer_comes_before_others(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let taken = app::take_in(&clerk, Intake { upset: true, ..washer(&app) }).await.unwrap();
    assert_eq!(app::detail(&clerk, taken.id).await.unwrap().case.priority, Priority::High);
}

#[testkit::db_test]
async fn a_question_is_answered_on_the_spot(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let solve = |kind| {
        app::solve_on_the_spot(
            &clerk,
            Intake { kind, ..washer(&app) },
            Outcome::Answered,
            Cause::USAGE,
            "教了换滤芯".into(),
        )
    };
    let taken = solve(Kind::Inquiry).await.unwrap();
    assert_eq!((taken.state, taken.step), (StateName::Resolved, 5));
    assert_eq!(taken.due.unwrap().stage, Stage::Confirm);
    let case = app::detail(&clerk, taken.id).await.unwrap().case;
    assert_eq!((case.owner, case.first_answered_at), (clerk.actor.user, Some(clerk.now())));
    assert_eq!(app.metric("cases-deadlines-on-time").await, Some(10_000));
    assert_eq!(solve(Kind::Repair).await.unwrap_err().code(), "cases-plan-first");
    assert_eq!(app.metric("cases-taken-in").await, Some(1), "a refused one leaves nothing");
}

#[testkit::db_test]
async fn a_serial_number_that_the_gun_sent_twice_is_kept_once(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    for (sent, kept) in [
        ("490154203237518490154203237518", "490154203237518"),
        (" 490154203237518490154203237518\n", "490154203237518"),
        ("8A26035544718A2603554471", "8A2603554471"),
        ("7777", "7777"),
    ] {
        let taken = app::take_in(&clerk, Intake { serial: Some(sent.to_owned()), ..washer(&app) }).await.unwrap();
        let case = app::detail(&clerk, taken.id).await.unwrap().case;
        assert_eq!(case.serial.as_deref(), Some(kept), "{sent:?}");
    }
}
