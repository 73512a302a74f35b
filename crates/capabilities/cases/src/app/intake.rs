use std::sync::Arc;

use capability::{Ctx, Event, Installation, Work};
use identity::{Secret, UnitKind};
use kernel::{ActorKind, Day, Fault, FaultKind, FieldErrors, Id, Place, Placed, Timestamp, Zone, of};
use metrics::Delta;
use parties::app::CustomerInput;
use parties::domain::{CauseKind, CustomerDraft, text};
use parties::file::{self, Brief};
use serde::{Deserialize, Serialize};

use super::access::{ASSIGN, TAKE_IN, VIEW, WORK, require_owner};
use super::act::{self, Given};
use super::clocks::Clocks;
use super::events::{self, zone_of};
use super::files::{self, NewFiles};
use super::links::Issued;
use super::symptoms::Catalogue;
use super::{desk, tell};
use crate::domain::{
    self, Cause, Channel, ClockAction, Command, Decision, Kind, Notice, Outcome, Policy, Priority, Side, Stage, State,
    StateName, Step, Visibility, Wish,
};
use crate::store::{self, Case, DraftId, Due, Extras, Symptom};

/// Longest subject, in characters.
const SUBJECT: usize = 200;
/// Longest text, in characters.
pub(super) const BODY: usize = 20_000;
/// Most symptoms of one case.
const SYMPTOMS: usize = 6;
/// The field of the journal that names the registered channel of a case.
pub const VIA: &str = "via";
/// Names the address of ours that a letter was written to in the event of a case that is taken in.
pub const WRITTEN_TO: &str = "written_to";
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
    /// By which registered channel, when that is known.
    pub via: Option<Id<of::Channel>>,
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
    /// The kind of goods, as symptoms are sorted; that of the first symptom when left out.
    pub category: Option<String>,
    /// Codes of what the customer complains about; they stand in for a missing subject.
    pub symptoms: Vec<String>,
    /// The sale's receipt.
    pub receipt: Option<String>,
    /// The number of the paper slip on which it was written down first; a store has each once.
    pub slip: Option<String>,
    /// When the customer was promised a call.
    pub promised_call: Option<Timestamp>,
    /// The day on which it was promised to be ready.
    pub promised_ready: Option<Day>,
    /// Photos and papers that came with it.
    pub files: NewFiles,
    /// The draft that it was; sent again it answers with the first case.
    pub draft: Option<Id<DraftId>>,
}

impl Default for Intake {
    /// An anonymous question at the counter of no store: fill in the rest.
    fn default() -> Self {
        Self {
            store: Id::new(0),
            kind: Kind::Inquiry,
            channel: Channel::Counter,
            via: None,
            priority: Priority::Normal,
            customer: CustomerChoice::Anonymous,
            subject: String::new(),
            body: String::new(),
            wish: Wish::Unsaid,
            upset: false,
            product: None,
            serial: None,
            accessories: None,
            owner: None,
            external_id: None,
            happened_at: None,
            category: None,
            symptoms: Vec::new(),
            receipt: None,
            slip: None,
            promised_call: None,
            promised_ready: None,
            files: NewFiles::default(),
            draft: None,
        }
    }
}

/// Whose a case is.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one of them, on its way into a use case")]
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
    pub(super) told: Told,
    pub(super) customer: Whose,
    pub(super) policy: Arc<Policy>,
    pub(super) token: Secret,
    pub(super) solution: Option<Command>,
}

pub(super) enum Whose {
    Existing(Id<of::Customer>),
    /// Known by something else than a person's choice, so nobody's reach is asked for.
    Known(Id<of::Customer>),
    New(Box<CustomerDraft>),
    /// The only customer of the store with that number and no other name, else a new one: nobody who writes from outside learns
    /// which.
    Told(Box<CustomerDraft>),
    Anonymous,
}

/// What an intake says beside the case's own row.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) extras: Extras,
    pub(super) symptoms: Vec<Symptom>,
    pub(super) draft: Option<(Id<DraftId>, Id<of::User>)>,
    /// Photos and papers, and who sees them.
    pub(super) files: (NewFiles, Visibility),
    /// The end of the promised day.
    ready_by: Option<Timestamp>,
    /// The registered channel by which it came, as somebody said.
    pub(super) via: Option<Id<of::Channel>>,
    /// The address that a letter was written to.
    pub(super) written_to: Option<String>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            extras: Extras::default(),
            symptoms: Vec::new(),
            draft: None,
            files: (NewFiles::default(), Visibility::Internal),
            ready_by: None,
            via: None,
            written_to: None,
        }
    }
}

impl Told {
    /// The clocks of what was promised.
    pub(super) fn promises(&self) -> impl Iterator<Item = ClockAction> + use<> {
        let call = self.extras.promised_call.map(|at| ClockAction::Promise(Stage::PromisedCall, at));
        let ready = self.ready_by.map(|at| ClockAction::Promise(Stage::PromisedReady, at));
        call.into_iter().chain(ready)
    }
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
    write(ctx, checked).await
}

/// Writes what was checked.
pub(super) async fn write(ctx: &Ctx, checked: Checked) -> Result<TakenIn, Fault> {
    let store = checked.case.store;
    let (external_id, slip) = (checked.case.external_id.clone(), checked.told.extras.slip.clone());
    let taken = ctx.write(checked, |work, checked| Box::pin(body(work, checked))).await;
    let fault = match taken {
        // Two at once: the other was faster.
        Err(fault) if fault.kind() == FaultKind::Conflict && fault.code() == "duplicate" => fault,
        taken => return taken,
    };
    if external_id.is_none() && slip.is_none() {
        return Err(fault);
    }
    let (known, first) = ctx
        .read((store, external_id, slip), |tx, (store, external_id, slip)| {
            Box::pin(async move {
                let known = match external_id {
                    Some(external_id) => store::by_external_id(tx, *store, external_id).await?,
                    None => None,
                };
                let first = match slip {
                    Some(slip) => store::by_slip(tx, *store, slip).await?,
                    None => None,
                };
                Ok((known, first))
            })
        })
        .await?;
    match (known, first) {
        (Some(case), _) => Ok(TakenIn::of(&case, true, None)),
        (None, Some((_, number))) => Err(slip_taken(&number)),
        (None, None) => Err(fault),
    }
}

/// The slip was typed in before, as the case `number`.
fn slip_taken(number: &str) -> Fault {
    let mut errors = FieldErrors::default();
    errors.add_with("slip", "cases-slip-taken", vec![("number", number.to_owned())]);
    Fault::invalid(errors)
}

/// The case that the paper slip `slip` of `store` became, for a link to it.
///
/// # Errors
/// `busy` when the database is away.
pub async fn of_slip(ctx: &Ctx, store: Id<of::Unit>, slip: &str) -> Result<Option<(Id<of::Case>, String)>, Fault> {
    let reach = ctx.reach(VIEW);
    ctx.read((store, slip.trim().to_owned(), reach), |tx, (store, slip, reach)| {
        Box::pin(async move {
            let Some((id, number)) = store::by_slip(tx, *store, slip).await? else { return Ok(None) };
            let case = store::get(tx, id).await?;
            Ok(case.filter(|case| reach.covers(&case.place())).map(|_| (id, number)))
        })
    })
    .await
}

pub(super) async fn check(
    ctx: &Ctx,
    intake: Intake,
    solution: Option<Command>,
    now: Timestamp,
) -> Result<Checked, Fault> {
    let own = Place { store: intake.store, team: None, owner: ctx.actor.user };
    // Before anything is said about the fields: what is out of reach does not exist.
    ctx.require(TAKE_IN, &own)?;
    checked(ctx, intake, solution, now).await
}

/// As [`check`], for whoever may ask without a permission.
pub(super) async fn checked(
    ctx: &Ctx,
    intake: Intake,
    solution: Option<Command>,
    now: Timestamp,
) -> Result<Checked, Fault> {
    let house = &ctx.house;
    let own = Place { store: intake.store, team: None, owner: ctx.actor.user };
    let directory = house.identity.directories().now();
    let store =
        directory.unit(intake.store).filter(|unit| unit.kind == UnitKind::Store).ok_or_else(Fault::not_found)?;
    let catalogue = super::symptoms::symptoms(house).await?;
    let mut errors = FieldErrors::default();
    if !store.active {
        errors.add("store", "cases-store-closed");
    }
    let happened_at = intake.happened_at.unwrap_or(now);
    let symptoms = named(&mut errors, &catalogue, &intake.symptoms, happened_at.day(&store.zone));
    let subject = match text::optional_line(&mut errors, "subject", Some(&intake.subject), SUBJECT) {
        Some(subject) => subject,
        None if errors.of("subject").is_some() => String::new(),
        // What was tapped says it, in the house's language.
        None if !symptoms.is_empty() => said(&catalogue, &symptoms, intake.product.as_deref()),
        None => {
            errors.add("subject", "required");
            String::new()
        }
    };
    let body = text::optional(&mut errors, "body", Some(&intake.body), BODY).unwrap_or_default();
    let product = text::optional_line(&mut errors, "product", intake.product.as_deref(), 120);
    // Before its length is measured: the gun may have sent it twice.
    let serial = intake.serial.as_deref().map(|serial| domain::once(serial.trim()));
    let serial = text::optional_line(&mut errors, "serial", serial.as_deref(), 60);
    let accessories = text::optional_line(&mut errors, "accessories", intake.accessories.as_deref(), 200);
    let external_id = text::optional_line(&mut errors, "external_id", intake.external_id.as_deref(), 100);
    let extras = extras(&mut errors, &catalogue, &intake, &symptoms, now.day(&store.zone));
    if let Some(Command::Resolve { cause, .. }) = &solution
        && !catalogue.is_cause(cause.as_str(), CauseKind::Case, now.day(&store.zone))
    {
        errors.add("cause", "unknown");
    }
    let ready_by = promised(&mut errors, &extras, happened_at, &store.zone);
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
    // What a customer sends, the customer may see again.
    let files_seen = if ctx.actor.kind == ActorKind::Customer { Visibility::Public } else { Visibility::Internal };
    let danger = symptoms.iter().any(|symptom| symptom.danger);
    let priority = match (intake.upset, intake.priority) {
        // Gas, electricity, fire come before everything.
        _ if danger => Priority::Urgent,
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
            own_flow: false,
        },
        told: Told {
            extras,
            symptoms,
            draft: intake.draft.zip(ctx.actor.user),
            files: (intake.files, files_seen),
            ready_by,
            via: intake.via,
            written_to: None,
        },
        customer,
        policy: desk.policy(house).await?,
        token: Secret::link()?,
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
    let told = &checked.told;
    if let Some((id, user)) = told.draft
        && let Some(sent) = store::draft(work.tx, id, user).await?.and_then(|draft| draft.sent)
        && let Some(known) = store::get(work.tx, sent).await?
    {
        return Ok(work.unchanged(TakenIn::of(&known, true, None)));
    }
    if let Some(slip) = &told.extras.slip
        && let Some((_, number)) = store::by_slip(work.tx, case.store, slip).await?
    {
        return Err(slip_taken(&number));
    }
    let phone = whose(work, &mut case, &checked.customer).await?;
    let mut decision = domain::take_in();
    decision.clocks.extend(told.promises());
    let mut clocks = Clocks::none();
    clocks.act(work, &case, &checked.policy, &decision.clocks, case.happened_at).await?;
    case.due = clocks.due();
    store::insert(work.tx, &case).await?;
    rows(work, &case, told).await?;
    let recorded = work.record(taken(&work.ctx.house, &case, told, &decision, phone.as_deref())).await?;
    let (files, seen) = &told.files;
    // Its own entry, behind that of the intake.
    let _ = files::attach_within(work, &case, files, *seen, None).await?;
    let Some(solution) = &checked.solution else {
        let link = tell::tell(work, &case, Notice::TakenIn, "", &checked.token).await?;
        return Ok(recorded.with(TakenIn::of(&case, false, link)));
    };
    // Solved at once: one message says it all.
    let owner = work.ctx.actor.user.ok_or_else(Fault::forbidden)?;
    let accept = Command::Accept { owner, priority: case.priority, kind: case.kind };
    let given = |command| Given {
        command,
        side: Side::Staff,
        policy: &checked.policy,
        token: &checked.token,
        quiet: false,
        driven: None,
    };
    let _ = act::carry_out(work, &mut case, &mut clocks, &given(&accept)).await?;
    let (recorded, link) = act::carry_out(work, &mut case, &mut clocks, &given(solution)).await?;
    Ok(recorded.with(TakenIn::of(&case, false, link)))
}

/// The rows beside the case's own.
async fn rows(work: &mut Work<'_>, case: &Case, told: &Told) -> Result<(), Fault> {
    if !told.extras.is_empty() {
        store::insert_extras(work.tx, &[(case, &told.extras)]).await?;
    }
    if !told.symptoms.is_empty() {
        store::insert_case_symptoms(work.tx, &[(case.id, &told.symptoms)]).await?;
    }
    if let Some((draft, user)) = told.draft {
        store::draft_sent(work.tx, draft, user, case.id, work.now).await?;
    }
    Ok(())
}

/// What is recorded of an intake; `phone` is the whole number, for search.
pub(super) fn taken(house: &Installation, case: &Case, told: &Told, decision: &Decision, phone: Option<&str>) -> Event {
    let day = case.happened_at.day(&zone_of(house, case.store));
    let mut piece = events::piece(case, phone);
    piece.codes.extend(told.extras.slip.iter().chain(&told.extras.receipt).cloned());
    for symptom in &told.symptoms {
        piece.text = format!("{}\n{}", piece.text, symptom.name_zh);
    }
    let event = events::event(case, decision.verb, case.happened_at).index(piece);
    let mut event = events::changes(event, house, None, case);
    let words = [
        ("category", told.extras.category.clone()),
        ("receipt", told.extras.receipt.clone()),
        ("slip", told.extras.slip.clone()),
        ("promised_call", told.extras.promised_call.map(|at| at.to_string())),
        ("promised_ready", told.extras.promised_ready.map(|day| day.to_string())),
        ("symptoms", symptoms_line(&told.symptoms)),
        (VIA, told.via.map(|via| via.to_string())),
        (WRITTEN_TO, told.written_to.clone()),
    ];
    for (field, after) in words {
        event = event.change(field, None, after);
    }
    for symptom in &told.symptoms {
        let by = [("symptom", symptom.code.as_str()), ("fault_class", symptom.class.as_str())];
        for delta in Delta::spread("cases.symptoms", case.store, day, 1, &by) {
            event = event.count(delta);
        }
    }
    events::counts(event, case, day, &decision.counts)
}

/// As the journal keeps them: code, class, source and version of each.
fn symptoms_line(symptoms: &[Symptom]) -> Option<String> {
    let words = symptoms
        .iter()
        .map(|symptom| format!("{} ({}, {}, v{})", symptom.code, symptom.class, symptom.source, symptom.version));
    (!symptoms.is_empty()).then(|| words.collect::<Vec<_>>().join("; "))
}

/// The symptoms that were named, each once, as they stood on `day`.
fn named(errors: &mut FieldErrors, catalogue: &Catalogue, codes: &[String], day: Day) -> Vec<Symptom> {
    let mut found: Vec<Symptom> = Vec::new();
    for code in codes.iter().map(|code| code.trim()).filter(|code| !code.is_empty()) {
        match catalogue.find(code, day) {
            Some(symptom) if found.iter().all(|other| other.code != symptom.code) => found.push(symptom.clone()),
            Some(_) => {}
            None if errors.of("symptoms").is_none() => errors.add("symptoms", "unknown"),
            None => {}
        }
    }
    if found.len() > SYMPTOMS {
        errors.add_with("symptoms", "cases-too-many", vec![("max", SYMPTOMS.to_string())]);
    }
    found
}

/// A subject out of what was tapped: 洗衣机: 不脱水、漏水.
fn said(catalogue: &Catalogue, symptoms: &[Symptom], product: Option<&str>) -> String {
    let what = product.map(str::trim).filter(|product| !product.is_empty() && product.chars().count() <= 40);
    let goods = symptoms.first().and_then(|symptom| catalogue.category(&symptom.category));
    let what = what.or(goods.map(|category| category.name_zh.as_str())).unwrap_or_default();
    let words: Vec<&str> = symptoms.iter().take(SYMPTOMS).map(|symptom| symptom.name_zh.as_str()).collect();
    format!("{what} {}", words.join("、")).trim().chars().take(SUBJECT).collect()
}

fn extras(
    errors: &mut FieldErrors,
    catalogue: &Catalogue,
    intake: &Intake,
    symptoms: &[Symptom],
    today: Day,
) -> Extras {
    let category = intake.category.as_deref().map(str::trim).filter(|category| !category.is_empty());
    let offered = |code: &str| catalogue.category(code).is_some_and(|entry| entry.is_offered(today));
    if category.is_some_and(|category| !offered(category)) {
        errors.add("category", "unknown");
    }
    Extras {
        category: category.map(str::to_owned).or_else(|| symptoms.first().map(|symptom| symptom.category.clone())),
        receipt: text::optional_line(errors, "receipt", intake.receipt.as_deref(), 60),
        slip: text::optional_line(errors, "slip", intake.slip.as_deref(), 40),
        promised_call: intake.promised_call,
        promised_ready: intake.promised_ready,
    }
}

/// Nothing is promised for the time before the customer came, nor beyond a year; gives the end of the promised day.
fn promised(errors: &mut FieldErrors, extras: &Extras, came: Timestamp, zone: &Zone) -> Option<Timestamp> {
    let ready_by = extras.promised_ready.map(|day| day.plus(1).start(zone).plus(-1));
    for (field, at) in [("promised_call", extras.promised_call), ("promised_ready", ready_by)] {
        match at {
            Some(at) if at <= came => errors.add(field, "cases-promise-past"),
            Some(at) if at > came.plus(TOO_OLD) => errors.add(field, "cases-promise-far"),
            Some(_) | None => {}
        }
    }
    ready_by
}

/// Copies into `case` what lists show of its customer; gives the whole number for search.
async fn whose(work: &mut Work<'_>, case: &mut Case, customer: &Whose) -> Result<Option<String>, Fault> {
    let (brief, phone): (Brief, Option<String>) = match customer {
        Whose::Anonymous => return Ok(None),
        Whose::New(draft) => {
            let phone = draft.phone.as_ref().map(|phone| phone.digits().to_owned());
            (file::open(work, case.store, (**draft).clone()).await?, phone)
        }
        Whose::Told(draft) => {
            let phone = draft.phone.as_ref().map(|phone| phone.digits().to_owned());
            let known = match &draft.phone {
                Some(number) => file::known_at(work.tx, case.store, number, &draft.name).await?,
                None => None,
            };
            let brief = match known {
                Some(brief) => brief,
                None => file::open(work, case.store, (**draft).clone()).await?,
            };
            (brief, phone)
        }
        Whose::Known(id) => {
            let found = file::served(work.tx, *id).await?;
            let (brief, contact) = found.ok_or_else(|| Fault::field("customer", "unknown"))?;
            (brief, contact.phone.map(|phone| phone.digits().to_owned()))
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
