//! Plays stories through the use cases that people use, each act by who does it and when.

use std::collections::BTreeMap;
use std::sync::Arc;

use capability::{Ctx, Installation, Work};
use cases::app::replay::{Prepared, Replay};
use cases::app::{CustomerChoice, Intake};
use cases::domain::{CloseBy, Command, Party, Plan, PlanLine, PlanOption, Proof, Visibility, Wish};
use kernel::{Actor, Fault, Id, Money, Timestamp, of};
use parties::app::CustomerInput;
use surveys::app::{Given, Rating};
use web::Locale;

use super::story::{Act, Step, Story, Teller};

/// The people of one store, each with a context of their own.
pub(crate) struct Crew {
    pub(crate) store: Id<of::Unit>,
    pub(crate) clerks: Vec<(Id<of::User>, Ctx)>,
    pub(crate) technicians: Vec<(Id<of::User>, Ctx)>,
    pub(crate) manager: Option<(Id<of::User>, Ctx)>,
}

/// Everybody who plays: the stores' people, and the customers who have come before, by their number in the stories.
pub(crate) struct Cast {
    pub(crate) crews: Arc<Vec<Crew>>,
    pub(crate) customers: Arc<BTreeMap<usize, Id<of::Customer>>>,
}

/// Plays `stories` in one transaction; the cast then knows the customers who have come.
pub(crate) async fn play(house: &Arc<Installation>, cast: &mut Cast, stories: Vec<Story>) -> Result<(), Fault> {
    let ctx = Ctx::system(Arc::clone(house), "demo");
    let replay = Replay::open(&ctx).await?;
    let mut scenes = Vec::with_capacity(stories.len());
    for story in stories {
        let crew = cast.crews.get(story.store % cast.crews.len().max(1)).ok_or_else(Fault::not_found)?;
        let known = cast.customers.get(&story.customer).copied();
        let (Some((_, clerk)), Some((handler, _))) = (nth(&crew.clerks, story.clerk), nth(&crew.technicians, story.handler)) else {
            continue;
        };
        let prepared = replay.prepare(clerk, intake(crew, known, &story), story.taken_in).await?;
        scenes.push((story, *handler, prepared));
    }
    let came = ctx
        .write((Arc::clone(&cast.crews), replay, scenes), |w, (crews, replay, scenes)| {
            Box::pin(async move {
                let mut came = BTreeMap::new();
                for scene in scenes {
                    let customer = came.get(&scene.0.customer).copied();
                    if let Some(crew) = crews.get(scene.0.store % crews.len().max(1))
                        && let Some(customer) = one(w, replay, crew, scene, customer).await?
                    {
                        came.insert(scene.0.customer, customer);
                    }
                }
                Ok(w.unchanged(came))
            })
        })
        .await?;
    Arc::make_mut(&mut cast.customers).extend(came);
    Ok(())
}

/// Plays one story; says who the customer was.
async fn one(
    w: &mut Work<'_>,
    replay: &Replay,
    crew: &Crew,
    (story, handler_id, prepared): &(Story, Id<of::User>, Prepared),
    known: Option<Id<of::Customer>>,
) -> Result<Option<Id<of::Customer>>, Fault> {
    let (Some((_, clerk)), Some((_, handler))) = (nth(&crew.clerks, story.clerk), nth(&crew.technicians, story.handler)) else {
        return Ok(None);
    };
    let taken = replay.take_in(&mut w.acting(clerk, story.taken_in), prepared, known).await?.into_value();
    let customer = Ctx::new(Arc::clone(&clerk.house), Actor::customer(&Teller::name(story.customer)), Locale::ZhCn, "demo");
    let mut version = taken.version;
    for (at, act) in &story.acts {
        let (ctx, command) = match act {
            Act::Note(text) | Act::Reply(text) => {
                let visibility = if matches!(act, Act::Note(_)) { Visibility::Internal } else { Visibility::Public };
                let posted = replay.post_message(&mut w.acting(handler, *at), taken.id, visibility, text).await?;
                version = posted.into_value().version;
                continue;
            }
            Act::Rate { csat, nps, effort, words } => {
                let words = (!words.is_empty()).then(|| (*words).to_owned());
                let rest = Rating { nps: Some(*nps), effort: Some(*effort), solved: None, words };
                let given = Given { csat: Some(*csat), rest: Some(rest) };
                let _ = surveys::app::replay(&mut w.acting(&customer, *at), taken.id, &given).await?;
                continue;
            }
            // The counter hands a case to a technician or sends it away; from then on it is the technician's.
            Act::Step(step @ (Step::Accept | Step::Reject)) => (clerk, command(step, story, *handler_id)),
            Act::Step(step) => (handler, command(step, story, *handler_id)),
            Act::ManagerCloses => match &crew.manager {
                Some((_, manager)) => (manager, Command::Close(CloseBy::Manager("电话确认已解决".to_owned()))),
                None => continue,
            },
        };
        version = replay.command(&mut w.acting(ctx, *at), taken.id, version, command).await?.into_value().version;
    }
    Ok(taken.customer)
}

fn nth<T>(people: &[T], n: usize) -> Option<&T> {
    people.get(n % people.len().max(1))
}

fn intake(crew: &Crew, known: Option<Id<of::Customer>>, story: &Story) -> Intake {
    let customer = match known {
        Some(id) => CustomerChoice::Existing(id),
        None => CustomerChoice::New(CustomerInput {
            name: Teller::name(story.customer),
            phone: Teller::phone(story.customer),
            consent: true,
            ..CustomerInput::default()
        }),
    };
    Intake {
        store: crew.store,
        kind: story.kind,
        channel: story.channel,
        priority: story.priority,
        customer,
        subject: story.trouble.subject.to_owned(),
        body: story.trouble.body.to_owned(),
        wish: Wish::Unsaid,
        upset: false,
        product: Some(format!("{} {} {}", story.good.brand, story.good.name, story.good.code)),
        serial: Some(story.serial.clone()),
        owner: None,
        external_id: None,
        happened_at: None,
    }
}

fn command(step: &Step, story: &Story, handler: Id<of::User>) -> Command {
    match step {
        Step::Accept => Command::Accept { owner: handler, priority: story.priority, kind: story.kind },
        Step::Analyse => Command::Analyse,
        Step::Propose { cost, by } => Command::Propose(plan(story, *cost, *by)),
        Step::Confirm { by_phone: true } => Command::Confirm { option: 0, proof: Proof::Phone("去电确认，顾客同意".to_owned()) },
        Step::Confirm { by_phone: false } => Command::Confirm { option: 0, proof: Proof::Counter },
        Step::Decline => Command::Decline { reason: "时间太久，希望换个办法".to_owned() },
        Step::Wait { reason, until } => {
            Command::Wait { reason: *reason, until: *until, owner: handler, note: "已与顾客说明".to_owned() }
        }
        Step::Resume => Command::Resume,
        Step::Resolve { outcome, cause } => {
            Command::Resolve { outcome: *outcome, cause: *cause, note: story.trouble.cure.to_owned() }
        }
        Step::CustomerCloses => Command::Close(CloseBy::Customer(Proof::Phone("回访，顾客确认已解决".to_owned()))),
        Step::Reopen => Command::Reopen { wrong: "同样的问题又出现了".to_owned() },
        Step::Reject => Command::Reject { reason: "不是本店商品，已告知购买店铺的电话".to_owned() },
        Step::Cancel => Command::Cancel { reason: "顾客来电说已自行解决".to_owned() },
    }
}

fn plan(story: &Story, cost: Money, by: Timestamp) -> Plan {
    let lines = if cost == Money::ZERO {
        vec![PlanLine { text: "人工与配件（三包期内）".to_owned(), amount: Money::from_fen(story.good.fen / 40), bearer: Party::Maker }]
    } else {
        vec![
            PlanLine { text: "人工".to_owned(), amount: cost, bearer: Party::Customer },
            PlanLine { text: "配件".to_owned(), amount: Money::from_fen(cost.fen() * 2), bearer: Party::Customer },
        ]
    };
    let option = PlanOption { text: story.trouble.cure.to_owned(), done_by: Some(by), lines };
    Plan { findings: story.trouble.cause.to_owned(), options: vec![option] }
}
