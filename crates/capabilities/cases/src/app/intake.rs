use std::sync::Arc;

use capability::{Ctx, Event, Installation, Work};
use identity::{Secret, UnitKind};
use kernel::{Fault, FaultKind, FieldErrors, Id, Place, Timestamp, of};
use parties::app::CustomerInput;
use parties::domain::{CustomerDraft, text};
use parties::file::{self, Brief};
use serde::{Deserialize, Serialize};

use super::access::{ASSIGN, TAKE_IN, WORK, require_owner};
use super::act::{self, Given};
use super::clocks::Clocks;
use super::events::{self, zone_of};
use super::links::Issued;
use super::{desk, tell};
use crate::domain::{
    self, Cause, Channel, Command, Decision, Kind, Notice, Outcome, Policy, Priority, Side, State, StateName, Step,
    Wish,
};
use crate::store::{self, Case, Due};

/// Longest subject, in characters.
const SUBJECT: usize = 200;
/// Longest text, in characters.
pub(super) const BODY: usize = 20_000;
/// How far a caller's clock may go fast, in milliseconds.
const CLOCK_SKEW: i64 = 60_000;
/// How long ago something may have happened that is typed in by hand: a year, in milliseconds. Older things are imported.
const TOO_OLD: i64 = 366 * 86_400_000;

/// A request as it is taken in; texts as typed.
#[derive(Debug, Clone)]
pub struct Intake {
    /// The store that takes it in.
    pub store: Id<of::Unit>,
    /// Its kind.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// How urgent it is; an upset customer makes it at least high.
    pub priority: Priority,
    /// Whose it is.
    pub customer: CustomerChoice,
    /// In a few words.
    pub subject: String,
    /// What the customer said.
    pub body: String,
    /// What the customer hopes for.
    pub wish: Wish,
    /// The customer is upset.
    pub upset: bool,
    /// Which product.
    pub product: Option<String>,
    /// Which unit of it.
    pub serial: Option<String>,
    /// What came with it.
    pub accessories: Option<String>,
    /// Who should have it; it is new until that person accepts it.
    pub owner: Option<Id<of::User>>,
    /// The case's key in another program; the same key again answers with the first case.
    pub external_id: Option<String>,
    /// When the customer came, if not now.
    pub happened_at: Option<Timestamp>,
}

/// Whose a case is.
#[derive(Debug, Clone)]
pub enum CustomerChoice {
    /// A customer with a file.
    Existing(Id<of::Customer>),
    /// A customer whose file is opened now.
    New(CustomerInput),
    /// The customer stays unnamed.
    Anonymous,
}

/// A case that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenIn {
    /// Its id.
    pub id: Id<of::Case>,
    /// What people call it.
    pub number: String,
    /// Where it stands.
    pub state: StateName,
    /// The step of the service flow, 1 to 6.
    pub step: i64,
    /// Counts its changes.
    pub version: i64,
    /// The nearest deadline.
    pub due: Option<Due>,
    /// The same external id had come before; this is that case.
    pub existed: bool,
    /// The customer's tracking link, shown once.
    pub link: Option<Issued>,
    /// The customer, unless unnamed.
    pub customer: Option<Id<of::Customer>>,
}

impl TakenIn {
    pub(super) fn of(case: &Case, existed: bool, link: Option<Issued>) -> Self {
        Self {
            id: case.id,
            number: case.number.clone(),
            state: case.state.name(),
            step: case.step.number(),
            version: case.version,
            due: case.due,
            existed,
            link,
            customer: case.customer,
        }
    }
}

/// What was typed, checked.
pub(super) struct Checked {
    pub(super) case: Case,
    pub(super) customer: Whose,
    pub(super) policy: Arc<Policy>,
    pub(super) token: Secret,
    pub(super) solution: Option<Command>,
}

pub(super) enum Whose {
    Existing(Id<of::Customer>),
    New(Box<CustomerDraft>),
    Anonymous,
}

/// Takes a case in: opens the customer's file if needed, gives a number, starts the clocks at the time when the customer came,
/// and tells the customer.
///
/// # Errors
/// `invalid` with the fields; `not-found` when the store is out of reach.
pub async fn take_in(ctx: &Ctx, intake: Intake) -> Result<TakenIn, Fault> {
    carry_out(ctx, intake, None).await
}

/// Takes a question in that is answered already (咨询已当场解决): accepted by the actor and resolved in one go.
///
/// # Errors
/// As [`take_in`]; `cases-plan-first` for kinds whose plan the customer has to confirm.
pub async fn solve_on_the_spot(
    ctx: &Ctx,
    intake: Intake,
    outcome: Outcome,
    cause: Cause,
    note: String,
) -> Result<TakenIn, Fault> {
    let mut errors = FieldErrors::default();
    let note = text::required(&mut errors, "note", &note, BODY);
    errors.check()?;
    carry_out(ctx, intake, Some(Command::Resolve { outcome, cause, note })).await
}

async fn carry_out(ctx: &Ctx, intake: Intake, solution: Option<Command>) -> Result<TakenIn, Fault> {
    let checked = check(ctx, intake, solution, ctx.now()).await?;
    let (store, external_id) = (checked.case.store, checked.case.external_id.clone());
    let taken = ctx.write(checked, |work, checked| Box::pin(body(work, checked))).await;
    match (taken, external_id) {
        // Two with the same key at once: the other was faster, and its case is the answer.
        (Err(fault), Some(external_id)) if fault.kind() == FaultKind::Conflict && fault.code() == "duplicate" => {
            let found = ctx
                .read((store, external_id), |tx, (store, external_id)| {
                    Box::pin(async move { Ok(store::by_external_id(tx, *store, external_id).await?) })
                })
                .await?;
            found.map(|case| TakenIn::of(&case, true, None)).ok_or(fault)
        }
        (taken, _) => taken,
    }
}

pub(super) async fn check(
    ctx: &Ctx,
    intake: Intake,
    solution: Option<Command>,
    now: Timestamp,
) -> Result<Checked, Fault> {
    let house = &ctx.house;
    let own = Place { store: intake.store, team: None, owner: ctx.actor.user };
    // Before anything is said about the fields: what is out of reach does not exist.
    let directory = house.identity.directories().now();
    let store =
        directory.unit(intake.store).filter(|unit| unit.kind == UnitKind::Store).ok_or_else(Fault::not_found)?;
    ctx.require(TAKE_IN, &own)?;
    let mut errors = FieldErrors::default();
    if !store.active {
        errors.add("store", "cases-store-closed");
    }
    let subject = text::required_line(&mut errors, "subject", &intake.subject, SUBJECT);
    let body = text::optional(&mut errors, "body", Some(&intake.body), BODY).unwrap_or_default();
    let product = text::optional_line(&mut errors, "product", intake.product.as_deref(), 120);
    let serial = text::optional_line(&mut errors, "serial", intake.serial.as_deref(), 60);
    let accessories = text::optional_line(&mut errors, "accessories", intake.accessories.as_deref(), 200);
    let external_id = text::optional_line(&mut errors, "external_id", intake.external_id.as_deref(), 100);
    let happened_at = intake.happened_at.unwrap_or(now);
    if happened_at > now.plus(CLOCK_SKEW) {
        errors.add("happened_at", "future");
    } else if happened_at < now.plus(-TOO_OLD) && intake.channel != Channel::Import {
        errors.add("happened_at", "cases-too-old");
    }
    let customer = match &intake.customer {
        CustomerChoice::Existing(id) => Whose::Existing(*id),
        CustomerChoice::New(input) => {
            Whose::New(Box::new(parties::domain::draft(&mut errors, "customer.", input, false)))
        }
        CustomerChoice::Anonymous => Whose::Anonymous,
    };
    errors.check()?;
    if let Some(owner) = intake.owner {
        if Some(owner) != ctx.actor.user && !ctx.actor.may(ASSIGN, &own) {
            return Err(Fault::forbidden());
        }
        require_owner(ctx, "owner", owner, &own)?;
    }
    if solution.is_some() {
        ctx.require(WORK, &own)?;
    }
    let desk = desk::of(house);
    let day = now.day(&store.zone);
    let number = desk.number(house, intake.kind.prefix(), day).await?;
    let priority = match (intake.upset, intake.priority) {
        (true, Priority::Normal | Priority::Low) => Priority::High,
        (_, priority) => priority,
    };
    Ok(Checked {
        case: Case {
            id: house.ids.next(),
            number: number.to_string(),
            kind: intake.kind,
            channel: intake.channel,
            priority,
            state: State::New,
            step: Step::Request,
            store: intake.store,
            team: None,
            owner: intake.owner,
            customer: None,
            customer_name: String::new(),
            phone_masked: String::new(),
            subject,
            body,
            wish: intake.wish,
            upset: intake.upset,
            product,
            serial,
            accessories,
            external_id,
            due: None,
            outcome: None,
            cause: None,
            result_note: None,
            declined: 0,
            reopened: 0,
            merged_into: None,
            happened_at: happened_at.min(now),
            created_at: now,
            created_by: ctx.actor.user,
            accepted_at: None,
            first_answered_at: None,
            resolved_at: None,
            closed_at: None,
            version: 1,
        },
        customer,
        policy: desk.policy(house).await?,
        token: Secret::random("")?,
        solution,
    })
}

pub(super) async fn body(work: &mut Work<'_>, checked: &Checked) -> Result<capability::Recorded<TakenIn>, Fault> {
    let mut case = Case { created_at: work.now, ..checked.case.clone() };
    if let Some(external_id) = &case.external_id
        && let Some(known) = store::by_external_id(work.tx, case.store, external_id).await?
    {
        return Ok(work.unchanged(TakenIn::of(&known, true, None)));
    }
    let phone = whose(work, &mut case, &checked.customer).await?;
    let decision = domain::take_in();
    let mut clocks = Clocks::none();
    clocks.act(work, &case, &checked.policy, &decision.clocks, case.happened_at).await?;
    case.due = clocks.due();
    store::insert(work.tx, &case).await?;
    let recorded = work.record(taken(&work.ctx.house, &case, &decision, phone.as_deref())).await?;
    let Some(solution) = &checked.solution else {
        let link = tell::tell(work, &case, Notice::TakenIn, "", &checked.token).await?;
        return Ok(recorded.with(TakenIn::of(&case, false, link)));
    };
    // Solved at once: one message says it all.
    let owner = work.ctx.actor.user.ok_or_else(Fault::forbidden)?;
    let accept = Command::Accept { owner, priority: case.priority, kind: case.kind };
    let given =
        |command| Given { command, side: Side::Staff, policy: &checked.policy, token: &checked.token, quiet: false };
    let _ = act::carry_out(work, &mut case, &mut clocks, &given(&accept)).await?;
    let (recorded, link) = act::carry_out(work, &mut case, &mut clocks, &given(solution)).await?;
    Ok(recorded.with(TakenIn::of(&case, false, link)))
}

/// What is recorded of an intake; `phone` is the whole number, for search.
pub(super) fn taken(house: &Installation, case: &Case, decision: &Decision, phone: Option<&str>) -> Event {
    let day = case.happened_at.day(&zone_of(house, case.store));
    let event = events::event(case, decision.verb, case.happened_at).index(events::piece(case, phone));
    let event = events::changes(event, house, None, case);
    events::counts(event, case, day, &decision.counts)
}

/// Copies into `case` what lists show of its customer; gives the whole number for search.
async fn whose(work: &mut Work<'_>, case: &mut Case, customer: &Whose) -> Result<Option<String>, Fault> {
    let (brief, phone): (Brief, Option<String>) = match customer {
        Whose::Anonymous => return Ok(None),
        Whose::New(draft) => {
            let phone = draft.phone.as_ref().map(|phone| phone.digits().to_owned());
            (file::open(work, case.store, (**draft).clone()).await?, phone)
        }
        Whose::Existing(id) => {
            let found = file::served(work.tx, *id).await?;
            let reached = found.filter(|(brief, _)| {
                let place = Place { store: brief.store, team: None, owner: None };
                work.ctx.actor.may(parties::app::VIEW, &place)
            });
            let (brief, contact) = reached.ok_or_else(|| Fault::field("customer", "unknown"))?;
            (brief, contact.phone.map(|phone| phone.digits().to_owned()))
        }
    };
    of_customer(case, brief);
    Ok(phone)
}

pub(super) fn of_customer(case: &mut Case, brief: Brief) {
    case.customer = Some(brief.id);
    case.customer_name = brief.name;
    case.phone_masked = brief.phone_masked.unwrap_or_default();
}
