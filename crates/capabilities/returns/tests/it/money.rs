//! Money moves once: under repeats, with two cashiers at the same moment, and when the program dies in between.

use db::Db;
use kernel::{Fault, Id, Money};
use returns::app::{command, mismatches, record_pos};
use returns::domain::{Account, Command, Part, PayState, Way, refusal};
use returns::store::{self, MismatchKind, PosRefund, ReturnId};
use testapp::TestApp;

use crate::shop::*;

async fn stands(app: &TestApp, id: Id<ReturnId>, account: Account) -> i64 {
    let read = app.house.db.read((id, account), |tx, (id, account)| {
        Box::pin(async move {
            assert_eq!(store::unbalanced(tx).await?, 0, "every entry balances");
            Ok::<_, Fault>(store::balance_of(tx, *id, *account).await?)
        })
    });
    read.await.unwrap().fen()
}

#[testkit::db_test]
async fn two_cashiers_at_the_same_moment_move_it_once(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    let amount = part(&app, one.id, Part::Law).await.amount;
    let (clerk, boss) = (app.ctx("clerk1").await, app.ctx("boss1").await);
    let confirm = || Command::Confirm { part: Part::Law, amount };
    let both = tokio::join!(
        command(&clerk, one.id, 1, confirm(), Vec::new()),
        command(&boss, one.id, 1, confirm(), Vec::new()),
        command(&clerk, one.id, 1, confirm(), Vec::new()),
    );
    let done: Vec<_> = [both.0, both.1, both.2].into_iter().filter(Result::is_ok).collect();
    assert_eq!(done.len(), 1, "one of them: {done:?}");
    assert_eq!(
        (stands(&app, one.id, Account::RefundLaw).await, stands(&app, one.id, Account::Customer).await),
        (290_807, -290_807)
    );
    let again = command(&boss, one.id, 2, confirm(), Vec::new()).await.unwrap_err();
    assert_eq!(again.code(), refusal::MOVED, "whoever repeats it is told");

    let pay = |pos: &str| Command::Pay { part: Part::Law, pos_ref: pos.into(), amount };
    let both = tokio::join!(
        command(&clerk, one.id, 2, pay("POS-1"), Vec::new()),
        command(&boss, one.id, 2, pay("POS-2"), Vec::new()),
    );
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
    assert_eq!(
        (stands(&app, one.id, Account::Customer).await, stands(&app, one.id, Account::Pos).await),
        (0, -290_807)
    );
}

#[testkit::db_test]
async fn what_dies_before_its_commit_has_not_moved_and_can_be_done_again(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 0).await;
    let amount = part(&app, one.id, Part::Law).await.amount;
    let clerk = app.ctx("clerk1").await;
    // The program is gone after the money was booked and before the transaction was.
    let died = clerk.write((one.id, amount), |work, (id, amount)| {
        Box::pin(async move {
            let confirm = Command::Confirm { part: Part::Law, amount: *amount };
            let _ = returns::app::command_within(work, *id, Some(1), &confirm, &[]).await?;
            Err::<capability::Recorded<()>, Fault>(Fault::busy("killed"))
        })
    });
    assert!(died.await.is_err());
    assert_eq!(part(&app, one.id, Part::Law).await.state, PayState::Due);
    assert_eq!(stands(&app, one.id, Account::RefundLaw).await, 0, "nothing was booked");
    paid(&app, one.id, Part::Law, "POS-1").await;
    assert_eq!(stands(&app, one.id, Account::Pos).await, -290_807);
}

#[testkit::db_test]
async fn a_pos_reference_belongs_to_one_payment_and_the_report_finds_what_does_not_match(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let one = opened(&app, case, Way::Refund, 5_000).await;
    let (clerk, store) = (app.ctx("clerk1").await, app.unit("S1"));
    paid(&app, one.id, Part::Law, "POS-1").await;
    let amount = part(&app, one.id, Part::Extra).await.amount;
    give(&app, "clerk1", one.id, Command::Confirm { part: Part::Extra, amount }).await.unwrap();
    let same = Command::Pay { part: Part::Extra, pos_ref: "POS-1".into(), amount };
    let fault = give(&app, "clerk1", one.id, same).await.unwrap_err();
    assert_eq!(fault.fields().of("pos_ref").unwrap().code, "taken");
    let kinds = async |app: &TestApp| {
        let all = mismatches(&app.ctx("clerk1").await).await.unwrap();
        all.into_iter().map(|one| one.kind).collect::<Vec<_>>()
    };
    assert!(kinds(&app).await.is_empty(), "nothing of today is late");
    app.clock.advance(86_400_000);
    assert_eq!(kinds(&app).await, [MismatchKind::NotPaid, MismatchKind::NoInvoice]);
    let row = |pos: &str, fen| PosRefund {
        pos_ref: pos.into(),
        amount: Money::from_fen(fen),
        day: "2026-11-22".parse().unwrap(),
    };
    assert_eq!(record_pos(&clerk, store, vec![row("POS-9", 100)]).await.unwrap(), 1);
    assert_eq!(
        kinds(&app).await,
        [MismatchKind::NotPaid, MismatchKind::NotInPos, MismatchKind::NoReturn, MismatchKind::NoInvoice]
    );
    assert_eq!(record_pos(&clerk, store, vec![row("POS-1", 290_807), row("POS-9", 100)]).await.unwrap(), 1, "once");
    assert_eq!(part(&app, one.id, Part::Law).await.state, PayState::Reconciled);
    let wrong = record_pos(&clerk, store, vec![row(" ", 0)]).await.unwrap_err();
    assert_eq!(wrong.fields().iter().count(), 2);
    let page = app.as_user("clerk1").await.get("/returns/mismatches").await.expect(200).main();
    assert!(page.contains("POS-9") && page.contains("已确认，收银没有退"), "{page}");
    let fields = [("store", store.to_string()), ("text", "单号\t金额\t日期\nPOS-5\t12.50\t2026-11-22".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.as_user("clerk1").await.post("/returns/mismatches", &fields).await.expect(303);
    let bad = [("store", fields[0].1), ("text", "POS-6\tzwölf\t2026-11-22")];
    app.as_user("clerk1").await.post("/returns/mismatches", &bad).await.expect(422);
}
