//! A history that is written at once leaves what its single acts leave.

use std::sync::Arc;

use capability::Ctx;
use cases::app::replay::{Deed, Replay, Tale, What};
use cases::app::{self, CustomerChoice, Intake};
use cases::domain::*;
use db::Db;
use kernel::{Fault, Id, Timestamp, of};
use testapp::TestApp;

use crate::shop::*;

#[derive(Clone)]
enum Act {
    Do(&'static str, Command),
    Say(&'static str, Visibility, &'static str),
}

/// Everything that can happen: late answers, a change of priority, waits, two plans, a reopening.
fn acts(app: &TestApp, start: Timestamp) -> Vec<(Timestamp, Act)> {
    let at = |hours: i64| start.plus(hours * HOUR);
    let tech = app.user("tech1");
    let wait = |reason, until| Command::Wait { reason, until, owner: tech, note: "等".into() };
    vec![
        (at(1), Act::Say("clerk1", Visibility::Internal, "顾客着急")),
        (at(2), Act::Do("boss1", Command::Accept { owner: tech, priority: Priority::Urgent, kind: Kind::Complaint })),
        (at(3), Act::Do("tech1", Command::Analyse)),
        (at(4), Act::Do("tech1", Command::Propose(plan()))),
        (at(5), Act::Do("clerk1", Command::Decline { reason: "太贵".into() })),
        (at(6), Act::Do("tech1", Command::Propose(plan()))),
        (at(7), Act::Do("tech1", wait(WaitReason::Customer, at(100)))),
        (at(30), Act::Do("clerk1", Command::Confirm { option: 1, proof: Proof::Phone("同意".into()) })),
        (at(31), Act::Do("tech1", wait(WaitReason::Parts, at(100)))),
        (at(50), Act::Do("tech1", Command::Resume)),
        (at(51), Act::Say("tech1", Visibility::Public, "配件到了")),
        (at(52), Act::Do("tech1", solved())),
        (at(53), Act::Do("clerk1", Command::Reopen { wrong: "又停了".into() })),
        (at(60), Act::Do("tech1", solved())),
        (at(70), Act::Do("boss1", Command::Close(CloseBy::Manager("电话确认".into())))),
    ]
}

fn intake(app: &TestApp, customer: Id<of::Customer>, start: Timestamp) -> Intake {
    Intake { customer: CustomerChoice::Existing(customer), happened_at: Some(start), ..washer(app) }
}

/// What can be seen of a case, without ids, numbers and digests.
async fn seen(app: &TestApp, id: Id<of::Case>) -> String {
    let quality = app.ctx("quality").await;
    let mut detail = app::detail(&quality, id).await.unwrap();
    let timeline = app::timeline(&quality, id, None, 100).await.unwrap();
    detail.case.id = Id::new(0);
    detail.case.number.clear();
    for plan in &mut detail.plans {
        (plan.id, plan.case) = (Id::new(0), Id::new(0));
    }
    for clock in &mut detail.clocks {
        clock.id = Id::new(0);
    }
    let mut entries = String::new();
    for item in timeline.items {
        let changes: Vec<String> = item
            .changes
            .iter()
            .filter(|change| !matches!(change.field.as_str(), "message" | "clock"))
            .map(|change| format!("{}: {:?} → {:?}", change.field, change.before, change.after))
            .collect();
        let (verb, who) = (&item.verb, &item.actor_name);
        // Its id is another one each time, and a history that is told again sends nothing by any way.
        let said = item.message.as_ref().map(|told| (told.visibility, told.direction, &told.body));
        entries += &format!("{} {} {verb} {who} {said:?} {changes:?}\n", item.seq, item.happened_at);
    }
    format!("{:#?}\n{:#?}\n{:#?}\n{entries}", detail.case, detail.plans, detail.clocks)
}

const METRICS: [&str; 12] = [
    "cases-taken-in",
    "cases-accepted",
    "cases-resolved",
    "cases-closed",
    "cases-reopened",
    "cases-open-change",
    "cases-deadlines-missed",
    "cases-deadlines-on-time",
    "cases-first-answer-minutes",
    "cases-resolution-hours",
    "cases-plans-proposed",
    "cases-plans-declined",
];

async fn numbers(app: &TestApp) -> Vec<(&'static str, Option<i64>)> {
    let mut all = Vec::new();
    for id in METRICS {
        all.push((id, app.metric(id).await));
    }
    all
}

/// Plays the first `count` acts of the story twice, act by act and at once, and compares.
async fn compare(db: Db, count: usize) {
    let app = shop(db).await;
    let start = app.clock.now().plus(-80 * HOUR);
    let first = app::take_in(&app.ctx("clerk1").await, Intake { happened_at: None, ..washer(&app) }).await.unwrap();
    let customer = first.customer.unwrap();
    let acts: Vec<_> = acts(&app, start).into_iter().take(count).collect();
    let system = Ctx::system(Arc::clone(&app.house), "replay");
    let replay = Replay::open(&system).await.unwrap();
    let people: Vec<(&str, Ctx)> = {
        let mut all = Vec::new();
        for login in ["clerk1", "boss1", "tech1"] {
            all.push((login, app.ctx(login).await));
        }
        all
    };
    let who = |people: &[(&str, Ctx)], login: &str| people.iter().find(|(name, _)| *name == login).unwrap().1.clone();
    let clerk = who(&people, "clerk1");
    let before = numbers(&app).await;
    let prepare = async || replay.prepare(&clerk, intake(&app, customer, start), start).await.unwrap();

    let input = (replay.clone(), prepare().await, acts.clone(), people.clone(), clerk.clone());
    let single = system
        .write(input, move |work, (replay, prepared, acts, people, clerk)| {
            Box::pin(async move {
                let taken = replay.take_in(&mut work.acting(clerk, start), prepared, None).await?.into_value();
                let mut version = taken.version;
                for (at, act) in acts {
                    match act {
                        Act::Do(login, command) => {
                            let ctx = who(people, login);
                            let mut acting = work.acting(&ctx, *at);
                            let done = replay.command(&mut acting, taken.id, version, command.clone()).await?;
                            version = done.into_value().version;
                        }
                        Act::Say(login, visibility, text) => {
                            let ctx = who(people, login);
                            let mut acting = work.acting(&ctx, *at);
                            let said = replay.post_message(&mut acting, taken.id, *visibility, text).await?;
                            version = said.into_value().version;
                        }
                    }
                }
                Ok::<_, Fault>(work.unchanged(taken.id))
            })
        })
        .await
        .unwrap();
    // Clocks that run out by themselves are the sweep's; it must find the same afterwards.
    let between = numbers(&app).await;

    let input = (replay.clone(), prepare().await, acts, people, clerk.clone());
    let told = system
        .write(input, |work, (replay, prepared, acts, people, clerk)| {
            Box::pin(async move {
                let by = |login: &str| &people.iter().find(|(name, _)| *name == login).unwrap().1;
                let deeds = acts.iter().map(|(at, act)| match act {
                    Act::Do(login, command) => Deed { at: *at, by: by(login), what: What::Command(command.clone()) },
                    Act::Say(login, visibility, text) => {
                        let what = What::Message { visibility: *visibility, body: (*text).to_owned() };
                        Deed { at: *at, by: by(login), what }
                    }
                });
                let tale = Tale { prepared, customer: None, by: clerk, deeds: deeds.collect() };
                let told = replay.tell(work, &[tale]).await?;
                Ok::<_, Fault>(work.unchanged(told))
            })
        })
        .await
        .unwrap();
    let after = numbers(&app).await;
    assert_eq!(seen(&app, single).await, seen(&app, told[0].id).await);
    for ((before, between), after) in before.iter().zip(&between).zip(&after) {
        // Sums grow by the same; shares and means are those of twice the same.
        let (id, zero) = (before.0, 0);
        if ["on-time", "minutes", "hours"].iter().any(|share| id.ends_with(share)) {
            continue;
        }
        let grown = |from: &Option<i64>, to: &Option<i64>| to.unwrap_or(zero) - from.unwrap_or(zero);
        assert_eq!(grown(&before.1, &between.1), grown(&between.1, &after.1), "{id}");
    }
    let sweep = capability::Ctx::system(Arc::clone(&app.house), "test");
    app::sweep(&sweep).await.unwrap();
    assert_eq!(seen(&app, single).await, seen(&app, told[0].id).await, "and time goes on alike");
}

#[testkit::db_test]
async fn a_whole_story_is_the_same(db: Db) {
    compare(db, usize::MAX).await;
}

#[testkit::db_test]
async fn a_story_that_is_still_going_on_is_the_same(db: Db) {
    compare(db, 9).await;
}

#[testkit::db_test]
async fn a_plan_that_waits_for_the_customer_is_the_same(db: Db) {
    compare(db, 6).await;
}

#[testkit::db_test]
async fn a_case_that_nobody_took_on_is_the_same(db: Db) {
    compare(db, 0).await;
}

#[testkit::db_test]
async fn an_impossible_story_leaves_nothing(db: Db) {
    let app = shop(db).await;
    let system = Ctx::system(Arc::clone(&app.house), "replay");
    let clerk = app.ctx("clerk1").await;
    let replay = Replay::open(&system).await.unwrap();
    let start = app.clock.now().plus(-80 * HOUR);
    let intake = Intake { customer: CustomerChoice::Anonymous, ..washer(&app) };
    let prepared = replay.prepare(&clerk, intake, start).await.unwrap();
    let refused = system
        .write((replay, prepared, clerk), move |work, (replay, prepared, clerk)| {
            Box::pin(async move {
                let what = What::Command(solved());
                let deeds = vec![Deed { at: start.plus(HOUR), by: clerk, what }];
                let told = replay.tell(work, &[Tale { prepared, customer: None, by: clerk, deeds }]).await?;
                Ok::<_, Fault>(work.unchanged(told))
            })
        })
        .await;
    assert_eq!(refused.unwrap_err().code(), "cases-accept-first");
    assert_eq!(app.metric("cases-taken-in").await.unwrap_or_default(), 0);
}
