use claims::app;
use claims::domain::{Account, CommandName, Ground, State};
use claims::store::{self, Filter, Show};
use db::Db;
use kernel::{FaultKind, Id, Money};
use remedies::Cause;
use returns::domain::{Command as Step, Way};

use crate::shop::{give, refunded, returned, seen, shop, step, term};

async fn stands(app: &testapp::TestApp, id: Id<store::ClaimId>, account: Account) -> i64 {
    let ctx = app.ctx("finance").await;
    ctx.read((id, account), |tx, (id, account)| {
        Box::pin(async move { Ok::<_, kernel::Fault>(store::balance_of(tx, *id, *account).await?) })
    })
    .await
    .unwrap()
    .fen()
}

#[testkit::db_test]
async fn a_refund_by_law_opens_a_claim_that_is_sent_and_credited_in_parts_once(db: Db) {
    let app = shop(db).await;
    term(&app, 30, 0).await.unwrap();
    let one = returned(&app, Way::Refund, Cause::Product).await;
    assert!(seen(&app, "clerk1").await.is_empty(), "nothing is paid yet");
    refunded(&app, one.id).await;
    let [claim] = seen(&app, "clerk1").await.try_into().unwrap();
    assert_eq!((claim.maker.as_str(), claim.ground, claim.state), ("海川", Ground::Refund, State::Open));
    assert_eq!(claim.claimed, Money::from_fen(290_807), "what the law gave back");
    assert_eq!(claim.due_on.unwrap().to_string(), "2026-12-22", "30 days after the refund");
    assert!(seen(&app, "clerk2").await.is_empty(), "another store sees nothing");
    assert!(claim.number.starts_with("SP20261122-"), "{}", claim.number);

    let sent = give(&app, "clerk1", claim.id, CommandName::Send, None, "HC-771").await.unwrap();
    assert_eq!((sent.state, stands(&app, claim.id, Account::Receivable).await), (State::Sent, 290_807));
    give(&app, "clerk1", claim.id, CommandName::Accept, Some(250_000), "HC-771-A").await.unwrap();
    assert_eq!(stands(&app, claim.id, Account::WrittenOff).await, 40_807, "what was not accepted is given up");
    let clerk = give(&app, "clerk1", claim.id, CommandName::Credit, Some(1), "HP-1").await.unwrap_err();
    assert_eq!(clerk.kind(), FaultKind::Forbidden, "credits are finance's");
    give(&app, "finance", claim.id, CommandName::Credit, Some(100_000), "HP-1").await.unwrap();
    let again = give(&app, "finance", claim.id, CommandName::Credit, Some(100_000), "HP-1").await.unwrap_err();
    assert_eq!(again.fields().of("reference").unwrap().code, "taken", "a credit note is booked once");
    let much = give(&app, "finance", claim.id, CommandName::Credit, Some(150_001), "HP-2").await.unwrap_err();
    assert!(much.fields().of("amount").is_some());
    app.clock.advance(10 * 86_400_000);
    let done = give(&app, "finance", claim.id, CommandName::Credit, None, "HP-2").await.unwrap();
    assert_eq!(done.state, State::Credited);
    for (account, fen) in [
        (Account::Receivable, 0),
        (Account::Recovery, -290_807),
        (Account::Credited, 250_000),
        (Account::WrittenOff, 40_807),
    ] {
        assert_eq!(stands(&app, claim.id, account).await, fen, "{account}");
    }
    let off = app.ctx("finance").await;
    let off = off.read((), |tx, ()| Box::pin(async move { Ok::<_, kernel::Fault>(store::unbalanced(tx).await?) }));
    assert_eq!(off.await.unwrap(), 0);
    assert_eq!(app::detail(&app.ctx("boss1").await, claim.id).await.unwrap().steps.len(), 5);
    let over = give(&app, "finance", claim.id, CommandName::Credit, Some(1), "HP-3").await.unwrap_err();
    assert_eq!(over.code(), "claims-over");
}

#[testkit::db_test]
async fn two_people_at_the_same_moment_credit_it_once(db: Db) {
    let app = shop(db).await;
    let one = returned(&app, Way::Refund, Cause::Product).await;
    refunded(&app, one.id).await;
    let claim = seen(&app, "clerk1").await.remove(0);
    give(&app, "clerk1", claim.id, CommandName::Send, None, "").await.unwrap();
    give(&app, "clerk1", claim.id, CommandName::Accept, None, "A").await.unwrap();
    let credit = |reference| give(&app, "finance", claim.id, CommandName::Credit, None, reference);
    let both = tokio::join!(credit("HP-1"), credit("HP-1"), credit("HP-2"));
    let done = [both.0.is_ok(), both.1.is_ok(), both.2.is_ok()].into_iter().filter(|ok| *ok).count();
    assert_eq!((done, stands(&app, claim.id, Account::Credited).await), (1, 290_807));
}

#[testkit::db_test]
async fn only_the_products_own_fault_is_the_makers(db: Db) {
    let app = shop(db).await;
    let one = returned(&app, Way::Refund, Cause::Misuse).await;
    let extra = returns::app::detail(&app.ctx("boss1").await, one.id).await.unwrap().money;
    assert!(extra.iter().all(|payment| payment.part != returns::domain::Part::Law), "{extra:?}");
    assert!(seen(&app, "clerk1").await.is_empty());
    let source = app::Source::Line(one.id, 1);
    let clerk = app.ctx("clerk1").await;
    let wanted = |fen, reason: &str| app::Wanted { source, amount: Money::from_fen(fen), reason: reason.into() };
    for (wrong, field) in [(wanted(0, "x"), "amount"), (wanted(329_901, "x"), "amount"), (wanted(1, " "), "reason")] {
        assert!(app::open(&clerk, wrong).await.unwrap_err().fields().of(field).is_some());
    }
    let made = app::open(&clerk, wanted(10_000, "厂家答应分担")).await.unwrap();
    assert_eq!(made.opened_by, clerk.actor.user);
    assert_eq!(app::open(&clerk, wanted(1, "x")).await.unwrap_err().code(), "claims-has-one");
    give(&app, "clerk1", made.id, CommandName::Withdraw, None, "").await.unwrap();
    app::open(&clerk, wanted(1, "再提")).await.unwrap();
}

#[testkit::db_test]
async fn a_delivered_exchange_and_a_finished_repair_are_claimed(db: Db) {
    let app = shop(db).await;
    let one = returned(&app, Way::Exchange, Cause::Product).await;
    let clerk = app.ctx("clerk1").await;
    let unit = returns::app::detail(&clerk, one.id).await.unwrap().lines[0].unit.unwrap();
    for each in [
        Step::Receive { line: 1 },
        Step::Send { line: 1, serial: Some("8A2611009999".into()) },
        Step::Deliver { line: 1 },
    ] {
        step(&app, "clerk1", one.id, each).await;
    }
    let claim = seen(&app, "clerk1").await.remove(0);
    assert_eq!((claim.ground, claim.claimed), (Ground::Exchange, Money::from_fen(329_900)));
    let beside = app::beside_unit(&clerk, unit).await.unwrap();
    let repair = beside.repairs.first().unwrap().id;
    let wanted = app::Wanted {
        source: app::Source::Repair(repair),
        amount: Money::from_fen(18_000),
        reason: "保内换排水泵".into(),
    };
    let made = app::open(&clerk, wanted).await.unwrap();
    assert_eq!((made.ground, made.case), (Ground::Repair, None));
}

#[testkit::db_test]
async fn somebody_is_told_before_the_makers_last_day_and_a_missed_one_counts_once(db: Db) {
    let app = shop(db).await;
    let one = returned(&app, Way::Refund, Cause::Product).await;
    refunded(&app, one.id).await;
    let claim = seen(&app, "clerk1").await.remove(0);
    assert_eq!(claim.due_on, None, "nobody has said until when");
    term(&app, 30, 0).await.unwrap();
    assert_eq!(term(&app, 20, 0).await.unwrap_err().kind(), FaultKind::Stale);
    term(&app, 20, 1).await.unwrap();
    let claim = seen(&app, "clerk1").await.remove(0);
    assert_eq!(claim.due_on.unwrap().to_string(), "2026-12-12", "open claims get the new day");
    let job = capability::Ctx::system(app.ctx("boss1").await.house.clone(), "claims.watch");
    assert_eq!(app::watch(&job).await.unwrap(), 0);
    app.clock.advance(14 * 86_400_000);
    assert_eq!(app::watch(&job).await.unwrap(), 1, "a week before");
    assert_eq!(app::watch(&job).await.unwrap(), 0, "once");
    let told = app.as_user("clerk1").await.get("/notices").await.expect(200).main();
    assert!(told.contains("快到厂家期限"), "{told}");
    let tasks = cases::app::detail(&app.ctx("clerk1").await, one.case).await.unwrap().tasks;
    assert!(tasks.iter().any(|task| task.title.contains(&claim.number)), "{tasks:?}");
    let near = Filter { show: Show::Near, ..Filter::default() };
    assert_eq!(app::counts(&app.ctx("clerk1").await, vec![near]).await.unwrap(), [1]);
    app.clock.advance(7 * 86_400_000);
    assert_eq!((app::watch(&job).await.unwrap(), app::watch(&job).await.unwrap()), (1, 0), "it has passed");
    let clerk = app.ctx("clerk1").await;
    assert_eq!(term_of(&clerk).await.unwrap_err().kind(), FaultKind::NotFound, "terms are not a clerk's");
}

async fn term_of(ctx: &capability::Ctx) -> Result<(), kernel::Fault> {
    let input = app::TermInput {
        maker: "海川".into(),
        days: 10,
        after: claims::domain::After::Bought,
        warn_days: 1,
        contact: None,
        version: 2,
    };
    app::set_term(ctx, input).await
}

#[testkit::db_test]
async fn what_makers_owe_ages(db: Db) {
    let app = shop(db).await;
    let one = returned(&app, Way::Refund, Cause::Product).await;
    refunded(&app, one.id).await;
    let claim = seen(&app, "clerk1").await.remove(0);
    assert!(app::receivables(&app.ctx("finance").await).await.unwrap().is_empty());
    give(&app, "clerk1", claim.id, CommandName::Send, None, "").await.unwrap();
    for (days, age) in [(0, 0), (30, 0), (1, 1), (29, 1), (1, 2), (29, 2), (1, 3)] {
        app.clock.advance(days * 86_400_000);
        let [row] = app::receivables(&app.ctx("finance").await).await.unwrap().try_into().unwrap();
        let mut ages = [0; 4];
        ages[age] = 290_807;
        assert_eq!((row.ages.map(Money::fen), row.total.fen()), (ages, 290_807), "{days}");
        for other in 0..4 {
            let filter = Filter { show: Show::All, age: Some(other), ..Filter::default() };
            let n = app::counts(&app.ctx("finance").await, vec![filter]).await.unwrap();
            assert_eq!(n, [i64::from(other == i64::try_from(age).unwrap())], "{days} {other}");
        }
    }
    assert!(app::receivables(&app.ctx("clerk2").await).await.unwrap().is_empty(), "within reach");
}
