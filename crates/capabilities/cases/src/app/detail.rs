use calendar::{Clock, Ending, Explained, Standing};
use capability::Ctx;
use db::Tx;
use kernel::{Fault, Id, RecordRef, Timestamp, of};
use parties::app::CustomerCard;
use parties::domain::plain_code;
use parties::verdict::{self, Judged};

use super::access::{CLOSE, VIEW, needed};
use super::approval::{self, Question};
use super::back::{self, Back};
use super::clocks::Clocks;
use super::events::{RECORD, zone_of};
use super::{act, desk, follow_up, gravest};
use crate::domain::{CommandName, Limits, Refusal, Side, Stage, WaitReason, offers};
use crate::store::{self, Case, Check, Extras, Link, PlanRow, Related, Symptom, Task};

/// One case with everything on its page.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The case.
    pub case: Case,
    /// Whose it is, masked.
    pub customer: Option<CustomerCard>,
    /// Its plans, newest first.
    pub plans: Vec<PlanRow>,
    /// Its clocks, running ones first, then by when they began.
    pub clocks: Vec<ClockView>,
    /// The commands that the actor's permissions allow.
    pub offers: Vec<Offer>,
    /// What else was noted when it was taken in.
    pub extras: Extras,
    /// What the customer complained about.
    pub symptoms: Vec<Symptom>,
    /// The customer's links, newest first.
    pub links: Vec<Link>,
    /// What was asked about its plans, newest first.
    pub questions: Vec<Question>,
    /// Tasks that it gave: what is open first.
    pub tasks: Vec<Task>,
    /// Whether it held, newest first.
    pub checks: Vec<Check>,
    /// Cases that have to do with it, as far as the actor may see them.
    pub related: Vec<Related>,
    /// The last act, if the actor may take it back now.
    pub back: Option<Back>,
    /// What the company has set for its kind.
    pub limits: Limits,
    /// The registered channel by which it came.
    pub via: Option<store::Registered>,
    /// What the customer may ask for by law for the unit that it is about, as far as the records say.
    pub verdict: Option<Judged>,
}

/// A command, and why it cannot be given now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The command.
    pub name: CommandName,
    /// `None` when it can.
    pub refusal: Option<Refusal>,
}

/// A clock of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockView {
    /// Its id; see [`explain`].
    pub id: Id<of::Clock>,
    /// Of which stage.
    pub stage: Stage,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends; of a stopped clock as it stood then. `None` while it stands still.
    pub due_at: Option<Timestamp>,
    /// From when on it is soon.
    pub soon_at: Option<Timestamp>,
    /// Why it stands still, if it does.
    pub paused: Option<WaitReason>,
    /// True while it stands still.
    pub is_paused: bool,
    /// When it stopped.
    pub stopped_at: Option<Timestamp>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// The version of the policy that it was judged by.
    pub policy_version: i64,
}

impl ClockView {
    fn of(clock: Clock) -> Option<Self> {
        let is_paused = clock.state == Standing::Paused;
        Some(Self {
            id: clock.id,
            stage: Stage::parse(&clock.stage)?,
            started_at: clock.started_at,
            due_at: clock.due_at,
            soon_at: clock.warn_at,
            paused: clock.pause_reason.as_deref().and_then(WaitReason::parse).filter(|_| is_paused),
            is_paused,
            stopped_at: clock.stopped_at,
            ending: clock.outcome,
            policy_version: clock.policy_version,
        })
    }
}

/// The case `id` with everything on its page.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<of::Case>) -> Result<Detail, Fault> {
    let limits = desk::of(&ctx.house).policy(&ctx.house).await?.limits(ctx.now());
    ctx.read((id, ctx.clone(), limits), |tx, (id, ctx, limits)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let mut all = calendar::of_record(tx, &RecordRef::new(RECORD, case.id)).await?;
            let void = store::voided(tx, case.id).await?;
            all.retain(|clock| !void.contains(&clock.id));
            let clocks = Clocks::from_all(&all);
            let facts = act::facts(tx, &case, &clocks, *limits).await?;
            let customer = match case.customer {
                Some(customer) => parties::file::card(tx, customer).await?,
                None => None,
            };
            let offers = offers(&facts, Side::from(ctx.actor.kind), ctx.now())
                .into_iter()
                .filter(|(name, _)| {
                    ctx.actor.may(needed(*name), &case) || (*name == CommandName::Close && ctx.actor.may(CLOSE, &case))
                })
                .map(|(name, free)| Offer { name, refusal: free.err() })
                .collect();
            let mut clocks: Vec<ClockView> = all.into_iter().filter_map(ClockView::of).collect();
            clocks.sort_by_key(|clock| {
                (clock.stopped_at.is_some(), clock.due_at.is_none(), clock.due_at, clock.started_at)
            });
            let plans = store::plans_of(tx, case.id).await?;
            let via = match store::via(tx, case.id).await? {
                Some(via) => store::registered(tx, &[via]).await?.pop(),
                None => None,
            };
            let symptoms = store::symptoms_of(tx, case.id).await?;
            Ok(Detail {
                via,
                verdict: verdict_of(tx, ctx, &case, &symptoms).await?,
                questions: approval::questions(tx, ctx, &plans, case.id).await?,
                plans,
                links: store::links_of(tx, case.id).await?,
                extras: store::extras(tx, case.id).await?,
                symptoms,
                tasks: store::tasks_of(tx, case.id).await?,
                checks: store::checks_of(tx, case.id).await?,
                related: follow_up::related(tx, ctx, case.id).await?,
                back: back::offer(tx, ctx, &case, limits).await?,
                limits: *limits,
                case,
                customer,
                clocks,
                offers,
            })
        })
    })
    .await
}

/// The verdict on the sold unit that `case` names, as of the day on which the customer came.
///
/// # Errors
/// What the database says.
pub async fn verdict_of(tx: &mut Tx, ctx: &Ctx, case: &Case, symptoms: &[Symptom]) -> Result<Option<Judged>, Fault> {
    let Some(serial) = case.serial.as_deref().filter(|_| ctx.actor.holds(verdict::JUDGE)) else { return Ok(None) };
    let mut units = parties::store::units_by_code(tx, &plain_code(serial), 2).await?;
    let (Some(row), true) = (units.pop(), units.is_empty()) else { return Ok(None) };
    let Some(sale) = row.unit.sale else { return Ok(None) };
    let sale = parties::store::get_sale(tx, sale).await?;
    let claim = case.happened_at.day(&zone_of(&ctx.house, case.store));
    verdict::of_unit(tx, &row, sale.as_ref(), gravest(symptoms), claim).await
}

/// Why a clock of the case `id` is due when it is.
///
/// # Errors
/// `not-found`.
pub async fn explain(ctx: &Ctx, id: Id<of::Case>, clock: Id<of::Clock>) -> Result<Explained, Fault> {
    ctx.read((id, clock, ctx.clone()), |tx, (id, clock, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let own = calendar::get(tx, *clock).await?;
            own.filter(|own| own.record_kind == RECORD && own.record_id == id.get()).ok_or_else(Fault::not_found)?;
            calendar::explain(tx, *clock, ctx.now()).await
        })
    })
    .await
}
