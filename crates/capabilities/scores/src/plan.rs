//! The cheapest way to the next level: what may be done, the plan of least cost, and the tasks that it becomes.

use std::sync::LazyLock;

use capability::{Ctx, Event};
use identity::Unit;
use investment::{Action, Gain, Goal, Model, Plan};
use kernel::{Day, Fault, FieldErrors, Id, Money, Place, RecordRef, of};
use notices::Notice;
use scoring::{Name, Scheme};
use serde::{Deserialize, Serialize};

use crate::app::{self, Sheet};
use crate::domain::{Figure, SCHEME, Stored};
use crate::store::{self, Task, TaskId};

/// The word for steps of a plan that somebody does.
pub const TASK: &str = "score_task";
/// Most other ways that are shown.
const OTHERS: usize = 2;
/// A hundred million yuan in fen: more than anybody spends on a star.
const ANYTHING: i64 = 10_000_000_000;

/// What may be done, as it is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    code: String,
    zh: String,
    en: String,
    lifts: Vec<Lift>,
    once: i64,
    per: PerWhat,
    monthly: i64,
    days: u32,
    likely: (i64, i64),
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    excludes: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lift {
    clause: String,
    low: i64,
    high: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PerWhat {
    Once,
    Missing,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    action: Vec<Template>,
}

static ACTIONS: LazyLock<Vec<Template>> = LazyLock::new(|| {
    toml::from_str::<File>(include_str!("../data/actions.toml")).map(|file| file.action).unwrap_or_default()
});

/// What is asked of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Code of the level that is to be reached; `None` = the most points for the budget.
    pub level: Option<String>,
    /// Everything is done by this day.
    pub by: Day,
    /// The most that may be spent.
    pub budget: Option<Money>,
    /// Tenths of a point above the level's limit.
    pub margin: i64,
    /// By the strict reading, instead of in proportion.
    pub strict: bool,
}

/// One step of a plan, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Code of the action.
    pub action: String,
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
    /// The indicator that it lifts.
    pub clause: String,
    /// Tenths of a point that it buys after the steps before it: sure and possible.
    pub buys: (i64, i64),
    /// Fen until the plan's day.
    pub cost: i64,
    /// Of it, fen each month.
    pub monthly: i64,
    /// When it can be done.
    pub by: Day,
    /// Per cent.
    pub likely: (i64, i64),
}

/// A way to the goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// In the order in which they can be done.
    pub steps: Vec<Step>,
    /// Fen.
    pub cost: i64,
    /// When everything can be done.
    pub by: Day,
    /// Tenths of a hundred afterwards: sure and possible.
    pub after: (i64, i64),
    /// No other set is better, on this model.
    pub proved: bool,
}

/// What the solver found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The score today, in tenths, by the reading that was asked for.
    pub base: i64,
    /// What is to be reached, margin included.
    pub target: Option<i64>,
    /// The best way; `None` = there is none.
    pub best: Option<Way>,
    /// Where there is none: the most that can be had.
    pub nearest: Option<Way>,
    /// Others.
    pub others: Vec<Way>,
    /// How many actions were looked at.
    pub looked_at: usize,
}

/// The level above the high end of `stored`, else the highest.
pub fn next_level<'s>(scheme: &'s Scheme, stored: &Stored) -> Option<&'s scoring::Level> {
    let high = stored.high.unwrap_or(0);
    scheme.levels.iter().find(|level| level.from.in_tenths() > high).or_else(|| scheme.levels.last())
}

/// Points of a hundred that tenths of this scheme's points are, when only so many apply.
fn normal(tenths: i64, applicable: i64) -> i64 {
    if applicable > 0 { tenths.saturating_mul(1_000) / applicable } else { 0 }
}

/// What an action gains at one indicator today: nothing for the past, only from what is missing.
fn gain(figure: &Figure, lift: &Lift, strict: bool) -> Gain {
    let to = |percent: i64| {
        if strict {
            if percent >= 100 { figure.applicable } else { figure.low }
        } else {
            figure.applicable.saturating_mul(percent) / 100
        }
    };
    let now = if strict { figure.low } else { figure.high };
    let low = (to(lift.low) - now).max(0);
    Gain { low, high: (to(lift.high) - now).max(low) }
}

fn missing(figure: &Figure) -> i64 {
    let all: i64 = figure.parts.iter().flatten().map(|(good, all, _)| (all - good).max(0)).sum();
    all.max(1)
}

struct Built {
    model: Model,
    templates: Vec<&'static Template>,
}

fn build(scheme: &Scheme, stored: &Stored, wish: &Wish, today: Day) -> Built {
    let root = |at: &usize| scheme.indicators.get(*at).and_then(|one| stored.figures.get(&one.clause));
    let applicable: i64 = scheme.roots.iter().filter_map(root).map(|figure| figure.applicable).sum();
    let base = if wish.strict { stored.low } else { stored.high }.unwrap_or(0);
    let mut model = Model::new(base);
    let days = wish.by.date().since(today.date()).map(|span| i64::from(span.get_days())).unwrap_or(0).max(0);
    let months = (days + 29) / 30;
    let gains = |template: &Template| {
        template
            .lifts
            .iter()
            .any(|lift| stored.figures.get(&lift.clause).is_some_and(|figure| gain(figure, lift, wish.strict).high > 0))
    };
    let templates: Vec<&'static Template> = ACTIONS.iter().filter(|template| gains(template)).collect();
    for template in &templates {
        let offered = |code: &&String| templates.iter().any(|other| other.code == **code);
        let first = template.lifts.first().and_then(|lift| stored.figures.get(&lift.clause));
        let times = match template.per {
            PerWhat::Once => 1,
            PerWhat::Missing => first.map_or(1, missing),
        };
        let yuan = template.once.saturating_mul(times).saturating_add(template.monthly.saturating_mul(months));
        let mut action = Action::new(&template.code, yuan.saturating_mul(100), template.days)
            .likely(template.likely.0, template.likely.1);
        for lift in &template.lifts {
            let Some(figure) = stored.figures.get(&lift.clause) else { continue };
            let raw = gain(figure, lift, wish.strict);
            let scaled = Gain { low: normal(raw.low, applicable), high: normal(raw.high, applicable) };
            action = action.gains(&lift.clause, scaled);
            let now = if wish.strict { figure.low } else { figure.high };
            model.gap(&lift.clause, normal(figure.applicable - now, applicable));
        }
        // What is done already needs nobody to do it.
        for before in template.needs.iter().filter(offered) {
            action = action.needs(before);
        }
        for other in template.excludes.iter().filter(offered) {
            action = action.excludes(other);
        }
        model.action(action);
    }
    Built { model, templates }
}

/// The plan for `wish` from the score of `sheet`.
///
/// # Errors
/// `invalid` for a day that has passed or a level that there is not; `scores-not-computed`.
pub fn find(sheet: &Sheet, wish: &Wish, today: Day) -> Result<Found, Fault> {
    let stored = &sheet.live.as_ref().ok_or_else(|| Fault::refused("scores-not-computed"))?.stored;
    let mut errors = FieldErrors::default();
    if wish.by <= today || wish.by > today.plus(3 * 366) {
        errors.add("by", "scores-plan-day");
    }
    let target = match &wish.level {
        Some(code) => match sheet.scheme.level(code) {
            Some(level) => Some(level.from.in_tenths().saturating_add(wish.margin).min(1_000)),
            None => {
                errors.add("level", "choose");
                None
            }
        },
        None if wish.budget.is_none() => {
            errors.add("budget", "required");
            None
        }
        None => None,
    };
    errors.check()?;
    let built = build(sheet.scheme, stored, wish, today);
    let days = wish.by.date().since(today.date()).map(|span| span.get_days()).unwrap_or(0);
    let days = u32::try_from(days).unwrap_or(0);
    let budget = wish.budget.map(Money::fen);
    let goal = match (target, budget) {
        (Some(target), _) => Goal::Reach { target, margin: 0 },
        (None, budget) => Goal::Spend { budget: budget.unwrap_or(0) },
    };
    let failed = |error: investment::ModelError| Fault::internal(error.to_string());
    let best = investment::solve(&built.model, &goal, days, budget).map_err(failed)?;
    let others = match &best {
        Some(best) => investment::alternatives(&built.model, &goal, days, budget, best, OTHERS).map_err(failed)?,
        None => Vec::new(),
    };
    // Where there is no way, how near one comes.
    let nearest = match (&best, target) {
        (None, Some(_)) => {
            let most = Goal::Spend { budget: budget.unwrap_or(ANYTHING) };
            investment::solve(&built.model, &most, days, None).map_err(failed)?
        }
        (Some(_), _) | (None, None) => None,
    };
    let way = |plan: &Plan| way(&built, plan, today);
    Ok(Found {
        base: built.model.base(),
        target,
        best: best.as_ref().map(way),
        nearest: nearest.as_ref().map(way),
        others: others.iter().map(way).collect(),
        looked_at: built.templates.len(),
    })
}

fn way(built: &Built, plan: &Plan, today: Day) -> Way {
    let day = |days: u32| today.plus(i32::try_from(days).unwrap_or(0));
    let step = |step: &investment::Step| {
        let (template, action) = (built.templates.get(step.action)?, built.model.get(step.action)?);
        Some(Step {
            action: template.code.clone(),
            zh: template.zh.clone(),
            en: template.en.clone(),
            clause: template.lifts.first().map(|lift| lift.clause.clone()).unwrap_or_default(),
            buys: (step.buys.low, step.buys.high),
            cost: action.cost,
            monthly: template.monthly.saturating_mul(100),
            by: day(step.ends),
            likely: template.likely,
        })
    };
    Way {
        steps: plan.steps.iter().filter_map(step).collect(),
        cost: plan.cost,
        by: day(plan.days),
        after: (plan.after.low, plan.after.high),
        proved: plan.proved,
    }
}

/// The name of an action in both languages.
pub fn action_name(code: &str) -> Option<Name> {
    ACTIONS.iter().find(|one| one.code == code).map(|one| Name { zh: one.zh.clone(), en: one.en.clone() })
}

/// Makes the steps of the best way for `wish` tasks of `owner`; steps that are tasks already stay as they are. Says how many are new.
///
/// # Errors
/// `invalid` with the fields; `scores-no-way` when there is none; `forbidden`.
pub async fn give(ctx: &Ctx, unit: Unit, wish: &Wish, owner: Option<Id<of::User>>) -> Result<usize, Fault> {
    give_of(ctx, unit, SCHEME, wish, owner).await
}

/// The same by the scheme `code`.
///
/// # Errors
/// As [`give`].
pub async fn give_of(
    ctx: &Ctx,
    unit: Unit,
    code: &str,
    wish: &Wish,
    owner: Option<Id<of::User>>,
) -> Result<usize, Fault> {
    if !app::may_judge(ctx, unit.id) {
        return Err(Fault::forbidden());
    }
    let directory = ctx.house.identity.directories().now();
    let known = owner.filter(|owner| directory.user(*owner).is_some_and(|user| user.active));
    let owner = known.ok_or_else(|| Fault::field("owner", "choose"))?;
    let id = unit.id;
    let sheet = app::sheet_of(ctx, unit, code).await?;
    let scheme = sheet.scheme;
    let today = ctx.now().day(&ctx.house.zone);
    let found = find(&sheet, wish, today)?;
    let best = found.best.ok_or_else(|| Fault::refused("scores-no-way"))?;
    let figures = sheet.live.map(|live| live.stored.figures).unwrap_or_default();
    let tasks: Vec<Task> = best
        .steps
        .into_iter()
        .map(|step| Task {
            id: Id::new(0),
            unit: id,
            title: step.zh,
            owner,
            due_on: step.by,
            cost: step.cost,
            gain: step.buys,
            before: figures.get(&step.clause).map_or((0, 0), |figure| (figure.low, figure.high)),
            clause: step.clause,
            action: step.action,
            given_at: ctx.now(),
            done_at: None,
        })
        .collect();
    ctx.write((tasks, scheme), |work, (tasks, scheme)| {
        Box::pin(async move {
            let mut new = 0;
            for task in tasks {
                let task = Task { id: work.ctx.house.ids.next(), given_at: work.now, ..task.clone() };
                if !store::insert_task(work.tx, &scheme.code, &task, work.ctx.actor.user).await? {
                    continue;
                }
                new += 1;
                let place = Place { store: task.unit, team: None, owner: Some(task.owner) };
                let name = {
                    let directory = work.ctx.house.identity.directories().now();
                    directory.user_name(task.owner).map(str::to_owned)
                };
                let record = RecordRef::new(TASK, task.id);
                let event = Event::new(record.clone(), "score_task.given", place)
                    .change("title", None, Some(task.title.clone()))
                    .change("owner", None, name)
                    .change("due_on", None, Some(task.due_on.to_string()));
                let _ = work.record(event).await?;
                let notice = Notice::new("score.task", record)
                    .at(format!("/score/plan?scheme={}&unit={}", scheme.code, task.unit))
                    .number(&task.due_on.to_string())
                    .subject(&task.title);
                notices::tell(work, &[task.owner], &notice).await?;
            }
            Ok(work.unchanged(new))
        })
    })
    .await
}

/// A task of a plan with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The task.
    pub task: Task,
    /// What its indicator earns now.
    pub now: (i64, i64),
}

impl Given {
    /// The indicator earns more than when the task was given.
    pub fn worked(&self) -> bool {
        self.now.0 > self.task.before.0 || self.now.1 > self.task.before.1
    }
}

/// The tasks at `unit`, those that are open first.
///
/// # Errors
/// `not-found`.
pub async fn tasks(ctx: &Ctx, sheet: &Sheet) -> Result<Vec<Given>, Fault> {
    let unit = sheet.unit.id;
    let input = (unit, sheet.scheme);
    let tasks = ctx
        .read(input, |tx, (unit, scheme)| Box::pin(async move { Ok(store::tasks(tx, &scheme.code, *unit).await?) }))
        .await?;
    let now = |clause: &str| {
        let figure = sheet.live.as_ref().and_then(|live| live.stored.figures.get(clause));
        figure.map_or((0, 0), |figure| (figure.low, figure.high))
    };
    Ok(tasks.into_iter().map(|task| Given { now: now(&task.clause), task }).collect())
}

/// Says that a task is done: whoever owns it, or whoever may judge there.
///
/// # Errors
/// `not-found`; `forbidden`.
pub async fn done(ctx: &Ctx, id: Id<TaskId>) -> Result<Id<of::Unit>, Fault> {
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let task = store::task(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let own = work.ctx.actor.user == Some(task.owner);
            if !own && !app::may_judge(work.ctx, task.unit) {
                return Err(Fault::not_found());
            }
            if task.done_at.is_some() {
                return Ok(work.unchanged(task.unit));
            }
            store::task_done(work.tx, *id, work.ctx.actor.user, work.now).await?;
            let place = Place { store: task.unit, team: None, owner: Some(task.owner) };
            let event = Event::new(RecordRef::new(TASK, *id), "score_task.done", place).change(
                "title",
                None,
                Some(task.title.clone()),
            );
            Ok(work.record(event).await?.with(task.unit))
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_lifts_an_indicator_and_every_indicator_has_one() {
        let scheme = crate::domain::scheme("2026-11-22".parse().unwrap()).unwrap();
        let lifted: BTreeSet<&str> =
            ACTIONS.iter().flat_map(|one| &one.lifts).map(|lift| lift.clause.as_str()).collect();
        let leaves: BTreeSet<&str> = scheme.leaves().map(|leaf| leaf.clause.as_str()).collect();
        assert_eq!(lifted, leaves);
        let codes: BTreeSet<&str> = ACTIONS.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes.len(), ACTIONS.len());
        for one in ACTIONS.iter() {
            assert!(one.needs.iter().chain(&one.excludes).all(|other| codes.contains(other.as_str())), "{}", one.code);
            assert!(one.lifts.iter().all(|lift| lift.low <= lift.high && lift.high <= 100), "{}", one.code);
        }
    }
}
