//! Plays stories through the use cases that people use, each act by who does it and when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use capability::{Ctx, Installation, Work};
use cases::app::replay::{Deed, PastTask, Prepared, Replay, Tale, What};
use cases::app::{CustomerChoice, Intake, NewTask, TaskDue, TaskTo};
use cases::domain::{CheckResult, CloseBy, Command, Party, Plan, PlanLine, PlanOption, Proof, Visibility, Wish};
use kernel::{Actor, Fault, FieldErrors, Id, Money, Timestamp, of};
use parties::app::CustomerInput;
use parties::domain::CustomerDraft;
use parties::file::Opened;
use surveys::app::{Given, Rating};
use web::Locale;

use super::sold;
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
    /// Whether what customers bring was sold here before.
    pub(crate) sells: bool,
    /// Departments of headquarters, each with somebody who answers.
    pub(crate) departments: Arc<Vec<(Id<of::Unit>, Ctx)>>,
}

/// Plays `stories` in one transaction; the cast then knows the customers who have come.
pub(crate) async fn play(house: &Arc<Installation>, cast: &mut Cast, stories: Vec<Story>) -> Result<(), Fault> {
    let ctx = Ctx::system(Arc::clone(house), "demo");
    let replay = Replay::open(&ctx).await?;
    let mut scenes = Vec::with_capacity(stories.len());
    for story in stories {
        let crew = crew_of(&cast.crews, &story).ok_or_else(Fault::not_found)?;
        let (Some((clerk, by)), Some(_)) = (nth(&crew.clerks, story.clerk), nth(&crew.technicians, story.handler))
        else {
            continue;
        };
        let clerk = *clerk;
        let prepared = replay.prepare(by, intake(crew, &story), story.taken_in).await?;
        scenes.push(Scene { story, prepared, clerk });
    }
    let (departments, sells) = (Arc::clone(&cast.departments), cast.sells);
    let input = (Arc::clone(&cast.crews), Arc::clone(&cast.customers), replay, scenes, (departments, sells));
    let came = ctx
        .write(input, |w, (crews, known, replay, scenes, (departments, sells))| {
            Box::pin(async move {
                let came = open_files(w, crews, known, scenes).await?;
                let customer =
                    |story: &Story| came.get(&story.customer).or_else(|| known.get(&story.customer)).copied();
                if *sells {
                    let bought = scenes.iter().filter_map(|scene| {
                        let crew = crew_of(crews, &scene.story)?;
                        Some((
                            crew.store,
                            &nth(&crew.clerks, scene.story.clerk)?.1,
                            &scene.story,
                            customer(&scene.story)?,
                        ))
                    });
                    sold::before(w, bought.collect()).await?;
                }
                let tales: Vec<Tale<'_>> = scenes
                    .iter()
                    .filter_map(|scene| tale(crews, departments, scene, customer(&scene.story), w.now))
                    .collect();
                let told = replay.tell(w, &tales).await?;
                for (scene, taken) in scenes.iter().zip(told) {
                    rate(w, &scene.story, taken.id).await?;
                }
                Ok(w.unchanged(came))
            })
        })
        .await?;
    Arc::make_mut(&mut cast.customers).extend(came);
    Ok(())
}

/// What happens today: in a few stores the clerk finds that a solution does not hold, and it goes on in a follow-up case.
pub(crate) async fn today(cast: &Cast) -> Result<(), Fault> {
    for crew in cast.crews.iter().take(3) {
        let Some((_, clerk)) = crew.clerks.first() else { continue };
        let due = cases::app::due_checks(clerk, None, 1).await?.rows;
        if let Some(check) = due.first() {
            cases::app::check(clerk, check.case, CheckResult::Failed, "回访时顾客说同样的问题又出现了").await?;
        }
    }
    Ok(())
}

/// A story that is ready to be played.
struct Scene {
    story: Story,
    prepared: Prepared,
    clerk: Id<of::User>,
}

fn crew_of<'c>(crews: &'c [Crew], story: &Story) -> Option<&'c Crew> {
    crews.get(story.store % crews.len().max(1))
}

/// Opens the files of customers who come for the first time, each by the clerk who serves them; says who they are.
async fn open_files(
    w: &mut Work<'_>,
    crews: &[Crew],
    known: &BTreeMap<usize, Id<of::Customer>>,
    scenes: &[Scene],
) -> Result<BTreeMap<usize, Id<of::Customer>>, Fault> {
    let mut seen = BTreeSet::new();
    let mut by_clerk: BTreeMap<Id<of::User>, (&Ctx, Vec<usize>, Vec<Opened>)> = BTreeMap::new();
    for Scene { story, clerk, .. } in scenes {
        let Some(crew) = crew_of(crews, story) else { continue };
        let Some((_, by)) = nth(&crew.clerks, story.clerk) else { continue };
        if known.contains_key(&story.customer) || !seen.insert(story.customer) {
            continue;
        }
        let (_, numbers, files) = by_clerk.entry(*clerk).or_insert((by, Vec::new(), Vec::new()));
        numbers.push(story.customer);
        files.push(Opened { store: crew.store, draft: file(story.customer)?, at: story.taken_in });
    }
    let mut came = BTreeMap::new();
    for (by, numbers, files) in by_clerk.into_values() {
        came.extend(numbers.into_iter().zip(parties::file::open_many(w, by, files).await?));
    }
    Ok(came)
}

/// The file of customer number `n`.
fn file(n: usize) -> Result<CustomerDraft, Fault> {
    let input =
        CustomerInput { name: Teller::name(n), phone: Teller::phone(n), consent: true, ..CustomerInput::default() };
    let mut errors = FieldErrors::default();
    let draft = parties::domain::draft(&mut errors, "", &input, true);
    errors.check()?;
    Ok(draft)
}

/// What happens to the case of `scene`, with whoever does it.
fn tale<'a>(
    crews: &'a [Crew],
    departments: &'a [(Id<of::Unit>, Ctx)],
    scene: &'a Scene,
    customer: Option<Id<of::Customer>>,
    now: Timestamp,
) -> Option<Tale<'a>> {
    let story = &scene.story;
    let crew = crew_of(crews, story)?;
    let ((_, clerk), (handler_id, handler)) = (nth(&crew.clerks, story.clerk)?, nth(&crew.technicians, story.handler)?);
    let said = |visibility, text: &str| What::Message { visibility, body: text.to_owned() };
    let deed = |(at, act): &(Timestamp, Act)| {
        let (by, what) = match act {
            Act::Note(text) => (handler, said(Visibility::Internal, text)),
            Act::Reply(text) => (handler, said(Visibility::Public, text)),
            // The counter hands a case to a technician or sends it away; from then on it is the technician's.
            Act::Step(step @ (Step::Accept | Step::Reject)) => {
                (clerk, What::Command(command(step, story, *handler_id)))
            }
            Act::Step(step) => (handler, What::Command(command(step, story, *handler_id))),
            Act::ManagerCloses => {
                let (_, manager) = crew.manager.as_ref()?;
                (manager, What::Command(Command::Close(CloseBy::Manager("电话确认已解决".to_owned()))))
            }
            Act::Ask { title, answer, hours, done } => {
                let (unit, helper) = nth(departments, story.handler)?;
                let new = NewTask {
                    title: (*title).to_owned(),
                    body: String::new(),
                    asked: TaskTo::Unit(*unit),
                    due: TaskDue::Hours(*hours),
                };
                let done = (*done <= now).then(|| (helper, *done, (*answer).to_owned()));
                (handler, What::Task(PastTask { new, done }))
            }
            Act::Check { result, words } => (clerk, What::Check { result: *result, note: (*words).to_owned() }),
            Act::Rate { .. } => return None,
        };
        Some(Deed { at: *at, by, what })
    };
    Some(Tale { prepared: &scene.prepared, customer, by: clerk, deeds: story.acts.iter().filter_map(deed).collect() })
}

/// The customer's rating, when the story has one.
async fn rate(w: &mut Work<'_>, story: &Story, case: Id<of::Case>) -> Result<(), Fault> {
    for (at, act) in &story.acts {
        let Act::Rate { csat, nps, effort, words } = act else { continue };
        let customer =
            Ctx::new(Arc::clone(&w.ctx.house), Actor::customer(&Teller::name(story.customer)), Locale::ZhCn, "demo");
        let words = (!words.is_empty()).then(|| (*words).to_owned());
        let rest = Rating { nps: Some(*nps), effort: Some(*effort), solved: None, words };
        let given = Given { csat: Some(*csat), rest: Some(rest) };
        let _given = surveys::app::replay(&mut w.acting(&customer, *at), case, &given).await?;
    }
    Ok(())
}

fn nth<T>(people: &[T], n: usize) -> Option<&T> {
    people.get(n % people.len().max(1))
}

/// What is typed in at the counter; the customer's file is opened apart.
fn intake(crew: &Crew, story: &Story) -> Intake {
    Intake {
        store: crew.store,
        kind: story.kind,
        channel: story.channel,
        priority: story.priority,
        customer: CustomerChoice::Anonymous,
        subject: story.trouble.subject.to_owned(),
        body: story.trouble.body.to_owned(),
        wish: Wish::Unsaid,
        upset: false,
        product: Some(format!("{} {} {}", story.good.brand, story.good.name, story.good.code)),
        serial: Some(story.serial.clone()),
        symptoms: story.trouble.symptoms.iter().map(|code| (*code).to_owned()).collect(),
        ..Intake::default()
    }
}

fn command(step: &Step, story: &Story, handler: Id<of::User>) -> Command {
    match step {
        Step::Accept => Command::Accept { owner: handler, priority: story.priority, kind: story.kind },
        Step::Analyse => Command::Analyse,
        Step::Propose { cost, by } => Command::Propose(plan(story, *cost, *by)),
        Step::Confirm { by_phone: true } => {
            Command::Confirm { option: 0, proof: Proof::Phone("去电确认，顾客同意".to_owned()) }
        }
        Step::Confirm { by_phone: false } => Command::Confirm { option: 0, proof: Proof::Counter },
        Step::Decline => Command::Decline { reason: "时间太久，希望换个办法".to_owned() },
        Step::Wait { reason, until } => {
            Command::Wait { reason: *reason, until: *until, owner: handler, note: "已与顾客说明".to_owned() }
        }
        Step::Resume => Command::Resume,
        Step::Resolve { outcome, cause } => {
            Command::Resolve { outcome: *outcome, cause: cause.clone(), note: story.trouble.cure.to_owned() }
        }
        Step::CustomerCloses => Command::Close(CloseBy::Customer(Proof::Phone("回访，顾客确认已解决".to_owned()))),
        Step::Reopen => Command::Reopen { wrong: "同样的问题又出现了".to_owned() },
        Step::Reject => Command::Reject { reason: "不是本店商品，已告知购买店铺的电话".to_owned() },
        Step::Cancel => Command::Cancel { reason: "顾客来电说已自行解决".to_owned() },
    }
}

fn plan(story: &Story, cost: Money, by: Timestamp) -> Plan {
    let lines = if cost == Money::ZERO {
        vec![PlanLine {
            text: "人工与配件（三包期内）".to_owned(),
            amount: Money::from_fen(story.good.fen / 40),
            bearer: Party::Maker,
            by_law: false,
        }]
    } else {
        vec![
            PlanLine { text: "人工".to_owned(), amount: cost, bearer: Party::Customer, by_law: false },
            PlanLine {
                text: "配件".to_owned(),
                amount: Money::from_fen(cost.fen() * 2),
                bearer: Party::Customer,
                by_law: false,
            },
        ]
    };
    let option = PlanOption { text: story.trouble.cure.to_owned(), done_by: Some(by), lines };
    Plan { findings: story.trouble.cause.to_owned(), options: vec![option] }
}
