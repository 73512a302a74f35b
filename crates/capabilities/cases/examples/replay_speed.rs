use std::sync::Arc;
use std::time::Instant;
use capability::Ctx;
use cases::app::replay::Replay;
use cases::app::{CustomerChoice, Intake};
use cases::domain::*;
use kernel::{Fault, Money};
use testapp::TestApp;

fn main() {
    testkit::run(testkit::Engine::Sqlite, |db| async move {
        let app = TestApp::start(db, || vec![parties::capability(), cases::capability()]).await;
        let clerk = app.ctx("clerk1").await;
        let tech = app.ctx("tech1").await;
        let boss = app.ctx("boss1").await;
        let sys = Ctx::system(Arc::clone(&app.house), "bench");
        let replay = Replay::open(&sys).await.unwrap();
        let start = Instant::now();
        let n = 4000;
        for chunk in 0..n / 500 {
            let mut all = Vec::new();
            let base = clerk.now().plus(-300 * 86_400_000 + chunk * 86_400_000);
            for k in 0..500 {
                let at = base.plus(k * 60_000);
                let intake = Intake { store: app.unit("S1"), kind: Kind::Repair, channel: Channel::Phone, priority: Priority::Normal,
                    customer: CustomerChoice::Anonymous, subject: format!("洗衣机不脱水 {k}"), body: "洗到脱水那一步就停，报 E4。前两次修完管一周又这样，家里有婴儿每天要洗。".into(),
                    wish: Wish::Unsaid, upset: false, product: Some("XQG100-B14".into()), serial: Some(format!("8A{chunk}{k:05}")), owner: None, external_id: None, happened_at: None };
                all.push((at, replay.prepare(&clerk, intake, at).await.unwrap()));
            }
            let who = (clerk.clone(), tech.clone(), boss.clone());
            sys.write((all, replay.clone(), who), |w, (all, replay, (clerk, tech, boss))| Box::pin(async move {
                for (at, prepared) in all {
                    let t = replay.take_in(&mut w.acting(clerk, *at), prepared, None).await?.into_value();
                    let h = |n: i64| at.plus(n * 3_600_000);
                    let owner = tech.actor.user.unwrap();
                    let plan = Plan { findings: "继电器".into(), options: vec![PlanOption { text: "换主板".into(), done_by: None, lines: vec![PlanLine { text: "主板".into(), amount: Money::from_fen(100), bearer: Party::Maker }] }] };
                    let mut v = t.version;
                    v = replay.command(&mut w.acting(boss, h(1)), t.id, v, Command::Accept { owner, priority: Priority::Normal, kind: Kind::Repair }).await?.into_value().version;
                    replay.post_message(&mut w.acting(tech, h(2)), t.id, Visibility::Public, "师傅明天上门").await?.into_value();
                    v = replay.command(&mut w.acting(tech, h(3)), t.id, v, Command::Propose(plan)).await?.into_value().version;
                    v = replay.command(&mut w.acting(clerk, h(4)), t.id, v, Command::Confirm { option: 0, proof: Proof::Counter }).await?.into_value().version;
                    v = replay.command(&mut w.acting(tech, h(30)), t.id, v, Command::Resolve { outcome: Outcome::Fixed, cause: Cause::Product, note: "已换".into() }).await?.into_value().version;
                    replay.command(&mut w.acting(boss, h(60)), t.id, v, Command::Close(CloseBy::Manager("电话确认".into()))).await?.into_value();
                }
                Ok::<_, Fault>(w.unchanged(()))
            })).await.unwrap();
        }
        let took = start.elapsed();
        println!("{n} cases in {took:?}: {:.0} per second", n as f64 / took.as_secs_f64());
        let start = Instant::now();
        for chunk in 0..n / 500 {
            let mut all = Vec::new();
            let base = clerk.now().plus(-200 * 86_400_000 + chunk * 86_400_000);
            for k in 0..500 {
                let at = base.plus(k * 60_000);
                let intake = Intake { store: app.unit("S1"), kind: Kind::Repair, channel: Channel::Phone, priority: Priority::Normal,
                    customer: CustomerChoice::Anonymous, subject: format!("洗衣机不脱水 {k}"), body: "洗到脱水那一步就停，报 E4。前两次修完管一周又这样，家里有婴儿每天要洗。".into(),
                    wish: Wish::Unsaid, upset: false, product: Some("XQG100-B14".into()), serial: Some(format!("8B{chunk}{k:05}")), owner: None, external_id: None, happened_at: None };
                all.push((at, replay.prepare(&clerk, intake, at).await.unwrap()));
            }
            let who = (clerk.clone(), tech.clone(), boss.clone());
            sys.write((all, replay.clone(), who), |w, (all, replay, (clerk, tech, boss))| Box::pin(async move {
                use cases::app::replay::{Deed, Tale, What};
                let owner = tech.actor.user.unwrap();
                let plan = Plan { findings: "继电器".into(), options: vec![PlanOption { text: "换主板".into(), done_by: None, lines: vec![PlanLine { text: "主板".into(), amount: Money::from_fen(100), bearer: Party::Maker }] }] };
                let tales: Vec<Tale> = all.iter().map(|(at, prepared)| {
                    let h = |n: i64| at.plus(n * 3_600_000);
                    let c = |at, by, command| Deed { at, by, what: What::Command(command) };
                    Tale { prepared, customer: None, by: clerk, deeds: vec![
                        c(h(1), boss, Command::Accept { owner, priority: Priority::Normal, kind: Kind::Repair }),
                        Deed { at: h(2), by: tech, what: What::Message { visibility: Visibility::Public, body: "师傅明天上门".into() } },
                        c(h(3), tech, Command::Propose(plan.clone())),
                        c(h(4), clerk, Command::Confirm { option: 0, proof: Proof::Counter }),
                        c(h(30), tech, Command::Resolve { outcome: Outcome::Fixed, cause: Cause::Product, note: "已换".into() }),
                        c(h(60), boss, Command::Close(CloseBy::Manager("电话确认".into()))),
                    ] }
                }).collect();
                replay.tell(w, &tales).await?;
                Ok::<_, Fault>(w.unchanged(()))
            })).await.unwrap();
        }
        let took = start.elapsed();
        println!("told {n} cases in {took:?}: {:.0} per second", n as f64 / took.as_secs_f64());
    });
}
