use approvals::app::{self, NewDeputy};
use approvals::domain::{State, Verdict};
use db::Db;
use kernel::FaultKind;
use testapp::TestApp;

use crate::shop::{DAY, MINUTE, answer, asked, detail, question, shop, turn};

fn stand_in(app: &TestApp, absent: &str, deputy: &str) -> NewDeputy {
    let now = app.clock.now();
    let (absent, deputy) = (app.user(absent), app.user(deputy));
    NewDeputy { absent, deputy, from: now, until: now.plus(DAY), note: "休假".into() }
}

#[testkit::db_test]
async fn somebody_decides_in_the_name_of_the_absent(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let clerk = app.ctx("clerk1").await;
    let before = asked(&clerk, question(&app, "S1", 0, 300)).await;
    app::set_deputy(&boss, stand_in(&app, "boss1", "tech1")).await.unwrap();
    // Counts for what was asked before, too.
    assert_eq!(turn(&app, before).await, ["boss1", "tech1"]);
    assert_eq!(answer(&app, "tech1", before, Verdict::Grant).await.unwrap().state, State::Granted);
    let seat = detail(&app, "tech1", before).await.unwrap().approval.decided_by.unwrap();
    assert_eq!((seat.user, seat.in_name_of), (app.user("tech1"), Some(app.user("boss1"))));

    // What the stand-in asks is not the stand-in's to decide, nor in somebody else's name.
    let own = asked(&app.ctx("tech1").await, question(&app, "S1", 0, 300)).await;
    assert_eq!(turn(&app, own).await, ["boss1"]);
    assert_eq!(answer(&app, "tech1", own, Verdict::Grant).await.unwrap_err().code(), "approvals-own");
    // What the absent one asks is not decided in that one's name: it goes up.
    let absent = asked(&boss, question(&app, "S1", 0, 900)).await;
    assert_eq!(turn(&app, absent).await, ["east"]);
    let mine = app::counts(&app.ctx("tech1").await, vec![approvals::domain::Show::Mine], app::Wanted::default()).await;
    assert_eq!(mine.unwrap(), [0]);

    let set = app::deputies(&boss).await.unwrap();
    app::end_deputy(&boss, set[0].id).await.unwrap();
    assert_eq!(app::end_deputy(&boss, set[0].id).await.unwrap_err().code(), "approvals-deputy-over");
    let after = asked(&clerk, question(&app, "S1", 0, 300)).await;
    assert_eq!(turn(&app, after).await, ["boss1"]);
    assert_eq!(answer(&app, "tech1", after, Verdict::Grant).await.unwrap_err().kind(), FaultKind::NotFound);
}

#[testkit::db_test]
async fn a_stand_in_has_a_beginning_an_end_and_rules(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let wrong = |new: NewDeputy| {
        let boss = boss.clone();
        async move {
            let fault = app::set_deputy(&boss, new).await.unwrap_err();
            fault.fields().iter().map(|error| (error.field.clone(), error.code)).collect::<Vec<_>>()
        }
    };
    let field = |name: &str, code: &'static str| vec![(name.to_owned(), code)];
    assert_eq!(wrong(stand_in(&app, "boss1", "boss1")).await, field("deputy", "approvals-deputy-self"));
    assert_eq!(wrong(stand_in(&app, "boss1", "finance")).await, field("deputy", "approvals-deputy-cannot"));
    let back = NewDeputy { until: app.clock.now(), ..stand_in(&app, "boss1", "tech1") };
    assert_eq!(wrong(back).await, field("until", "approvals-until"));
    let long = NewDeputy { until: app.clock.now().plus(93 * DAY), ..stand_in(&app, "boss1", "tech1") };
    assert_eq!(wrong(long).await, field("until", "approvals-too-long"));
    // One says it for oneself, administrators for all.
    assert_eq!(
        app::set_deputy(&boss, stand_in(&app, "boss3", "clerk3")).await.unwrap_err().kind(),
        FaultKind::NotFound
    );
    app::set_deputy(&app.ctx("admin").await, stand_in(&app, "boss3", "clerk3")).await.unwrap();
    let tomorrow = app.clock.now().plus(DAY);
    let later = NewDeputy { from: tomorrow, until: tomorrow.plus(DAY), ..stand_in(&app, "boss1", "tech1") };
    app::set_deputy(&boss, later.clone()).await.unwrap();
    assert_eq!(wrong(later).await, field("from", "approvals-deputy-overlap"));

    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 0, 300)).await;
    assert_eq!(turn(&app, id).await, ["boss1"]);
    app.clock.advance(DAY);
    assert_eq!(turn(&app, id).await, ["boss1", "tech1"]);
    app.clock.advance(DAY);
    assert_eq!(turn(&app, id).await, ["boss1"]);
    app.clock.advance(MINUTE);
}
