//! What is sent and answered.

use std::collections::BTreeMap;

use capability::Ctx;
use kernel::{Fault, FieldErrors, Id, of};
use parties::app::CustomerInput;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::files::NewFiles;
use crate::app::{self, CaseRow, Changed, ClockView, Detail, Due, Item, Offer, PlanRow, TakenIn};
use crate::app::{CustomerChoice, Intake};
use crate::domain::{Channel, Kind, Priority, Wish};

/// A request to take in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewCase {
    /// Code of the store.
    store: String,
    /// inquiry, repair, installation, feedback, complaint or return.
    kind: String,
    /// counter, phone, web, qr, mail, api or import; `api` when left out.
    channel: Option<String>,
    /// Id of the registered channel by which it came, see `GET /api/v1/channels`; found by store and channel when left out.
    via: Option<String>,
    /// urgent, high, normal or low; `normal` when left out.
    priority: Option<String>,
    /// A customer with a file.
    customer_id: Option<String>,
    /// A customer whose file is opened now.
    customer: Option<CustomerInput>,
    /// In a few words.
    subject: String,
    /// What the customer said.
    body: String,
    /// unsaid, repair, exchange or refund.
    wish: Option<String>,
    /// The customer is upset.
    upset: bool,
    /// Which product.
    product: Option<String>,
    /// Which unit of it.
    serial: Option<String>,
    /// What came with it.
    accessories: Option<String>,
    /// Id of the person who should have it.
    owner: Option<String>,
    /// The case's key in another program; the same key again answers with the first case.
    external_id: Option<String>,
    /// When the customer came, RFC 3339; now when left out.
    happened_at: Option<String>,
    /// The kind of goods, see `GET /api/v1/symptoms`; that of the first symptom when left out.
    category: Option<String>,
    /// Codes of what the customer complains about, see `GET /api/v1/symptoms`; they stand in for a missing subject.
    symptoms: Vec<String>,
    /// The sale's receipt.
    receipt: Option<String>,
    /// The number of the paper slip on which it was written down first; a store has each once.
    slip: Option<String>,
    /// When the customer was promised a call, RFC 3339.
    promised_call: Option<String>,
    /// The day on which it was promised to be ready, `2026-11-30`.
    promised_ready: Option<String>,
    /// Ids of files that were uploaded before (`POST /api/v1/files`).
    files: Vec<String>,
    /// Id of the draft that it was; sent again it answers with the first case.
    draft: Option<String>,
}

impl NewCase {
    /// Whether the customer is named by id.
    pub(super) const fn names_customer(&self) -> bool {
        self.customer_id.is_some()
    }

    /// Reads words and ids; texts are checked by the use case.
    pub(super) fn read(self, ctx: &Ctx) -> Result<Intake, Fault> {
        let mut errors = FieldErrors::default();
        let directory = ctx.house.identity.directories().now();
        let store = directory.store_by_code(self.store.trim()).map(|store| store.id);
        if store.is_none() {
            errors.add("store", if self.store.trim().is_empty() { "required" } else { "unknown" });
        }
        let kind = choice(&mut errors, "kind", Some(&self.kind), Kind::parse, None);
        let channel = choice(&mut errors, "channel", self.channel.as_deref(), Channel::parse, Some(Channel::Api));
        let priority =
            choice(&mut errors, "priority", self.priority.as_deref(), Priority::parse, Some(Priority::Normal));
        let wish = choice(&mut errors, "wish", self.wish.as_deref(), Wish::parse, Some(Wish::Unsaid));
        let happened_at = moment(&mut errors, "happened_at", self.happened_at.as_deref());
        let promised_call = moment(&mut errors, "promised_call", self.promised_call.as_deref());
        let promised_ready =
            self.promised_ready.as_deref().filter(|typed| !typed.trim().is_empty()).and_then(|typed| {
                let read = typed.trim().parse().ok();
                if read.is_none() {
                    errors.add("promised_ready", "day");
                }
                read
            });
        let uploads = self.files.iter().filter_map(|typed| id(&mut errors, "files", typed)).collect();
        let draft = self.draft.as_deref().and_then(|typed| id(&mut errors, "draft", typed));
        let owner = self.owner.as_deref().and_then(|typed| id(&mut errors, "owner", typed));
        let via = self.via.as_deref().and_then(|typed| id(&mut errors, "via", typed));
        let customer = match (self.customer_id, self.customer) {
            (Some(typed), None) => id(&mut errors, "customer_id", &typed).map(CustomerChoice::Existing),
            (None, Some(input)) => Some(CustomerChoice::New(input)),
            (None, None) => Some(CustomerChoice::Anonymous),
            (Some(_), Some(_)) => {
                errors.add("customer", "cases-one-customer");
                None
            }
        };
        errors.check()?;
        // Every `None` above has been noted.
        let missing = || Fault::internal("a field was refused without a note");
        Ok(Intake {
            store: store.ok_or_else(missing)?,
            kind: kind.ok_or_else(missing)?,
            channel: channel.ok_or_else(missing)?,
            via,
            priority: priority.ok_or_else(missing)?,
            customer: customer.ok_or_else(missing)?,
            subject: self.subject,
            body: self.body,
            wish: wish.ok_or_else(missing)?,
            upset: self.upset,
            product: self.product,
            serial: self.serial,
            accessories: self.accessories,
            owner,
            external_id: self.external_id,
            happened_at,
            category: self.category,
            symptoms: self.symptoms,
            receipt: self.receipt,
            slip: self.slip,
            promised_call,
            promised_ready,
            files: NewFiles { prepared: Vec::new(), uploads },
            draft,
        })
    }
}

/// The word, the default when nothing was sent, or a note.
pub(super) fn choice<T>(
    errors: &mut FieldErrors,
    field: &str,
    typed: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
    default: Option<T>,
) -> Option<T> {
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else {
        if default.is_none() {
            errors.add(field, "choose");
        }
        return default;
    };
    let read = parse(typed);
    if read.is_none() {
        errors.add(field, "unknown");
    }
    read
}

/// The instant, or a note.
fn moment(errors: &mut FieldErrors, field: &str, typed: Option<&str>) -> Option<kernel::Timestamp> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
    let read = typed.parse().ok();
    if read.is_none() {
        errors.add(field, "moment");
    }
    read
}

/// The id, or a note.
pub(super) fn id<T>(errors: &mut FieldErrors, field: &str, typed: &str) -> Option<Id<T>> {
    let read = typed.trim().parse().ok();
    if read.is_none() {
        errors.add(field, "unknown");
    }
    read
}

/// A deadline.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Deadline {
    /// acknowledge, first_answer, plan, customer_answer, solution, confirm or next_answer.
    stage: String,
    /// When it ends, RFC 3339.
    at: String,
    /// From when on it is soon.
    soon_at: String,
}

impl Deadline {
    fn of(due: Due) -> Self {
        Self { stage: due.stage.to_string(), at: due.at.to_string(), soon_at: due.soon_at.to_string() }
    }
}

/// A case after something was done to it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Standing {
    /// Its id.
    id: String,
    /// What people call it.
    number: String,
    /// Where it stands.
    state: String,
    /// The step of the service flow, 1 to 6.
    step: i64,
    /// Counts its changes; also the ETag, and what `If-Match` takes.
    version: i64,
    /// The nearest deadline.
    due: Option<Deadline>,
    /// Path of the customer's page, shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_path: Option<String>,
}

impl Standing {
    pub(super) fn taken_in(taken: TakenIn) -> Self {
        let link = taken.link.filter(|link| !link.token.is_empty());
        Self {
            id: taken.id.to_string(),
            number: taken.number,
            state: taken.state.to_string(),
            step: taken.step,
            version: taken.version,
            due: taken.due.map(Deadline::of),
            customer_path: link.map(|link| app::link_path(crate::domain::Purpose::Track, &link.token)),
        }
    }
    pub(super) fn changed(changed: Changed) -> Self {
        let link = changed.link.filter(|link| !link.token.is_empty());
        Self {
            id: changed.id.to_string(),
            number: changed.number,
            state: changed.state.to_string(),
            step: changed.step,
            version: changed.version,
            due: changed.due.map(Deadline::of),
            customer_path: link.map(|link| app::link_path(crate::domain::Purpose::Decide, &link.token)),
        }
    }
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Line {
    /// Its id.
    id: String,
    /// What people call it.
    number: String,
    /// In a few words.
    subject: String,
    /// Its kind.
    kind: String,
    /// How it reached us.
    channel: String,
    /// How urgent it is.
    priority: String,
    /// Where it stands.
    state: String,
    /// What it waits for.
    waits_for: Option<String>,
    /// The step of the service flow, 1 to 6.
    step: i64,
    /// The customer is upset.
    upset: bool,
    /// Id of the customer.
    customer_id: Option<String>,
    /// The customer's name.
    customer_name: String,
    /// The number, masked.
    phone: String,
    /// Which product.
    product: Option<String>,
    /// Code of the store.
    store: Option<String>,
    /// Who has it.
    owner: Option<Person>,
    /// The nearest deadline.
    due: Option<Deadline>,
    /// When the customer came.
    happened_at: String,
    /// When it was typed in.
    created_at: String,
    /// Counts its changes.
    version: i64,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Person {
    /// The id.
    id: String,
    /// The name.
    name: Option<String>,
}

pub(super) fn person(ctx: &Ctx, id: Id<of::User>) -> Person {
    let directory = ctx.house.identity.directories().now();
    Person { id: id.to_string(), name: directory.user_name(id).map(str::to_owned) }
}

pub(super) fn code(ctx: &Ctx, store: Id<of::Unit>) -> Option<String> {
    ctx.house.identity.directories().now().unit(store).map(|unit| unit.code.clone())
}

impl Line {
    pub(super) fn of(ctx: &Ctx, row: CaseRow) -> Self {
        Self {
            id: row.id.to_string(),
            waits_for: row.wait().map(|reason| reason.to_string()),
            number: row.number,
            subject: row.subject,
            kind: row.kind.to_string(),
            channel: row.channel.to_string(),
            priority: row.priority.to_string(),
            state: row.state.name().to_string(),
            step: row.step.number(),
            upset: row.upset,
            customer_id: row.customer.map(|id| id.to_string()),
            customer_name: row.customer_name,
            phone: row.phone,
            product: row.product,
            store: code(ctx, row.store),
            owner: row.owner.map(|id| person(ctx, id)),
            due: row.due.map(Deadline::of),
            happened_at: row.happened_at.to_string(),
            created_at: row.created_at.to_string(),
            version: row.version,
        }
    }
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Lines {
    /// The cases.
    pub items: Vec<Line>,
    /// Give it as `after` to get the next page.
    pub next: Option<String>,
}

/// One case with everything.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Whole {
    /// As in lists.
    #[serde(flatten)]
    line: Line,
    /// Id of the registered channel by which it came.
    via: Option<String>,
    /// What people call that channel.
    via_name: Option<String>,
    /// What the customer said.
    body: String,
    /// Whose it is; null for somebody unnamed.
    customer: Option<CaseCustomer>,
    /// What the customer hopes for.
    wish: String,
    /// Which unit of the product.
    serial: Option<String>,
    /// What came with it.
    accessories: Option<String>,
    /// The case's key in another program.
    external_id: Option<String>,
    /// What the customer complained about, as it was classed when the case was taken in.
    symptoms: Vec<SymptomBody>,
    /// The kind of goods.
    category: Option<String>,
    /// The sale's receipt.
    receipt: Option<String>,
    /// The paper slip.
    slip: Option<String>,
    /// When the customer was promised a call.
    promised_call: Option<String>,
    /// The day on which it was promised to be ready.
    promised_ready: Option<String>,
    /// Id of the team.
    team: Option<String>,
    /// Until when it waits.
    waits_until: Option<String>,
    /// What came of it.
    outcome: Option<String>,
    /// What lay behind it.
    cause: Option<String>,
    /// What was done.
    result_note: Option<String>,
    /// How many plans the customer refused.
    declined: i64,
    /// How often it was opened again.
    reopened: i64,
    /// Id of the case in which it goes on.
    merged_into: Option<String>,
    /// When somebody took it on.
    accepted_at: Option<String>,
    /// When the customer first heard from a person.
    first_answered_at: Option<String>,
    /// When it was resolved.
    resolved_at: Option<String>,
    /// When it was closed.
    closed_at: Option<String>,
    /// Plans, newest first.
    plans: Vec<PlanBody>,
    /// Clocks, running ones first.
    clocks: Vec<ClockBody>,
    /// What the caller may do now, and why not.
    commands: Vec<CommandBody>,
    /// Tasks that it gave, what is open first; see `tasks`.
    tasks: Vec<TaskOfCase>,
    /// Whether it held, newest first.
    checks: Vec<CheckOfCase>,
    /// Cases that have to do with it, as far as the caller may see them.
    related: Vec<RelatedCase>,
    /// The last step, if the caller may take it back now.
    takes_back: Option<TakesBack>,
}

/// A task of a case.
#[derive(Debug, Serialize, ToSchema)]
struct TaskOfCase {
    id: String,
    title: String,
    state: String,
    due_at: String,
}

/// A check of a case.
#[derive(Debug, Serialize, ToSchema)]
struct CheckOfCase {
    /// noted, planned, done or dropped.
    state: String,
    planned_on: Option<String>,
    /// worked, partly or failed.
    result: Option<String>,
    note: Option<String>,
    follow_up_id: Option<String>,
}

/// Another case.
#[derive(Debug, Serialize, ToSchema)]
struct RelatedCase {
    id: String,
    number: String,
    subject: String,
    state: String,
    /// follow_up, duplicate, caused_by, related or merged.
    kind: String,
    /// True when the word is about the other: the other is the follow-up of this one.
    inward: bool,
}

/// A step that can be taken back.
#[derive(Debug, Serialize, ToSchema)]
struct TakesBack {
    command: String,
    until: String,
}

/// What a customer can complain about.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SymptomBody {
    /// The id of this version; what `retire` takes.
    id: String,
    /// What intakes name it by.
    code: String,
    /// Of which goods.
    category: String,
    /// 中文.
    name_zh: String,
    /// English.
    name_en: String,
    /// What it counts as before inspection: none, minor, performance or serious.
    fault_class: String,
    /// Seen at the counter: no inspection is needed to believe it.
    obvious: bool,
    /// Gas, electricity, fire: the case is urgent.
    danger: bool,
    /// Rule and article or annex; `house` for the company's own.
    source: String,
    /// How sure the source is: high, medium or low.
    confidence: String,
    /// The first day on which it is offered.
    effective_from: String,
    /// The first day on which it no longer is.
    effective_to: Option<String>,
    /// Added by the company.
    own: bool,
    /// Counts the versions of its code.
    version: i64,
}

impl SymptomBody {
    pub(super) fn of(symptom: app::Symptom) -> Self {
        Self {
            id: symptom.id.to_string(),
            code: symptom.code,
            category: symptom.category,
            name_zh: symptom.name_zh,
            name_en: symptom.name_en,
            fault_class: symptom.class.to_string(),
            obvious: symptom.obvious,
            danger: symptom.danger,
            source: symptom.source,
            confidence: symptom.confidence.to_string(),
            effective_from: symptom.from.to_string(),
            effective_to: symptom.to.map(|day| day.to_string()),
            own: symptom.own,
            version: symptom.version,
        }
    }
}

/// A kind of goods that has symptoms of its own.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CategoryBody {
    /// What intakes name it by.
    pub code: String,
    /// 中文.
    pub name_zh: String,
    /// English.
    pub name_en: String,
}

/// Kinds of goods and what customers complain about.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SymptomsBody {
    /// Kinds of goods, in their order.
    pub categories: Vec<CategoryBody>,
    /// Symptoms, by category and in their order.
    pub symptoms: Vec<SymptomBody>,
}

/// A symptom to add.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewSymptomBody {
    /// Of which goods.
    pub category: String,
    /// 中文, at most 30 characters.
    pub name_zh: String,
    /// English; the Chinese name when left out.
    pub name_en: Option<String>,
    /// none, minor, performance or serious.
    pub fault_class: String,
    /// Seen at the counter.
    pub obvious: bool,
    /// Gas, electricity, fire.
    pub danger: bool,
}

/// What changes in a symptom: what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct SymptomChangeBody {
    /// 中文, at most 30 characters.
    pub name_zh: Option<String>,
    /// English.
    pub name_en: Option<String>,
    /// none, minor, performance or serious.
    pub fault_class: Option<String>,
    /// Seen at the counter.
    pub obvious: Option<bool>,
    /// Gas, electricity, fire.
    pub danger: Option<bool>,
    /// `house`, or rule and article or annex: XF-19, PH2001-annex.
    pub source: Option<String>,
    /// high, medium or low.
    pub confidence: Option<String>,
    /// Its place among those of its goods, from 1.
    pub position: Option<i64>,
}

/// A form that is not sent yet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DraftBody {
    /// Its id; give it as `draft` when the case is taken in.
    pub id: String,
    /// What its list shows.
    pub title: String,
    /// The fields as a form sends them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<BTreeMap<String, Vec<String>>>,
    /// When it was last kept, RFC 3339.
    pub updated_at: String,
}

/// The drafts of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DraftsBody {
    /// The last kept first, without their fields.
    pub items: Vec<DraftBody>,
}

/// A draft to keep.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewDraftBody {
    /// The draft to keep anew; a new one when left out.
    pub id: Option<String>,
    /// The fields as a form sends them.
    pub fields: BTreeMap<String, Vec<String>>,
}

/// Whose a case is.
#[derive(Debug, Serialize, ToSchema)]
struct CaseCustomer {
    /// The id.
    id: String,
    /// The name.
    name: String,
    /// The number, masked; empty when there is none.
    phone: String,
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
struct PlanBody {
    revision: i64,
    state: String,
    findings: String,
    options: Vec<OptionBody>,
    /// From 1.
    chosen: Option<i64>,
    proof: Option<String>,
    decline_reason: Option<String>,
    proposed_at: String,
    decided_at: Option<String>,
    /// What the store bears by law, in fen, of the way with the largest extra: never waits.
    statutory: i64,
    /// What it bears on top, in fen.
    extra: i64,
    /// Id of the question that was asked for the extra; null when nobody had to be asked.
    approval: Option<String>,
}

/// One way to choose from.
#[derive(Debug, Serialize, ToSchema)]
struct OptionBody {
    text: String,
    done_by: Option<String>,
    /// What the customer pays, in fen.
    customer_pays: i64,
    /// True while its extra waits for approval: the customer cannot choose it.
    held: bool,
    lines: Vec<LineBody>,
}

/// One line of cost, in fen.
#[derive(Debug, Serialize, ToSchema)]
struct LineBody {
    text: String,
    amount: i64,
    bearer: String,
    by_law: bool,
}

/// A clock.
#[derive(Debug, Serialize, ToSchema)]
struct ClockBody {
    id: String,
    stage: String,
    started_at: String,
    due_at: Option<String>,
    paused: bool,
    stopped_at: Option<String>,
    /// met, late or cancelled.
    ending: Option<String>,
    policy_version: i64,
}

/// A command.
#[derive(Debug, Serialize, ToSchema)]
struct CommandBody {
    name: String,
    /// Null when it can be given now; else the code of the reason.
    refusal: Option<String>,
}

fn plan(row: PlanRow) -> PlanBody {
    let borne = row.plan.borne();
    let options = row.plan.options.into_iter().enumerate().map(|(nth, option)| OptionBody {
        held: row.held.contains(&nth),
        customer_pays: option.customer_pays().fen(),
        text: option.text,
        done_by: option.done_by.map(|at| at.to_string()),
        lines: option
            .lines
            .into_iter()
            .map(|line| LineBody {
                text: line.text,
                amount: line.amount.fen(),
                bearer: line.bearer.to_string(),
                by_law: line.by_law,
            })
            .collect(),
    });
    PlanBody {
        revision: row.revision,
        state: row.state.to_string(),
        findings: row.plan.findings,
        options: options.collect(),
        chosen: row.chosen.map(|option| option + 1),
        proof: row.proof.map(|proof| proof.to_string()),
        decline_reason: row.decline_reason,
        proposed_at: row.proposed_at.to_string(),
        decided_at: row.decided_at.map(|at| at.to_string()),
        statutory: borne.statutory.fen(),
        extra: borne.extra.fen(),
        approval: row.approval.map(|id| id.to_string()),
    }
}

fn clock(view: ClockView) -> ClockBody {
    ClockBody {
        id: view.id.to_string(),
        stage: view.stage.to_string(),
        started_at: view.started_at.to_string(),
        due_at: view.due_at.map(|at| at.to_string()),
        paused: view.is_paused,
        stopped_at: view.stopped_at.map(|at| at.to_string()),
        ending: view.ending.map(|ending| ending.as_str().to_owned()),
        policy_version: view.policy_version,
    }
}

impl Whole {
    pub(super) fn of(ctx: &Ctx, detail: Detail) -> Self {
        let Detail { case, plans, clocks, offers, extras, symptoms, tasks, checks, related, back, via, .. } = detail;
        let text = |at: Option<kernel::Timestamp>| at.map(|at| at.to_string());
        Self {
            via: via.as_ref().map(|via| via.id.to_string()),
            via_name: via.map(|via| via.name),
            body: case.body,
            customer: case.customer.map(|id| CaseCustomer {
                id: id.to_string(),
                name: case.customer_name.clone(),
                phone: case.phone_masked.clone(),
            }),
            wish: case.wish.to_string(),
            serial: case.serial,
            accessories: case.accessories,
            external_id: case.external_id,
            symptoms: symptoms.into_iter().map(SymptomBody::of).collect(),
            category: extras.category,
            receipt: extras.receipt,
            slip: extras.slip,
            promised_call: text(extras.promised_call),
            promised_ready: extras.promised_ready.map(|day| day.to_string()),
            team: case.team.map(|id| id.to_string()),
            waits_until: case.state.wait().map(|wait| wait.until.to_string()),
            outcome: case.outcome.map(|word| word.to_string()),
            cause: case.cause.as_ref().map(ToString::to_string),
            result_note: case.result_note,
            declined: case.declined,
            reopened: case.reopened,
            merged_into: case.merged_into.map(|id| id.to_string()),
            accepted_at: text(case.accepted_at),
            first_answered_at: text(case.first_answered_at),
            resolved_at: text(case.resolved_at),
            closed_at: text(case.closed_at),
            plans: plans.into_iter().map(plan).collect(),
            clocks: clocks.into_iter().map(clock).collect(),
            commands: offers
                .into_iter()
                .map(|Offer { name, refusal }| CommandBody {
                    name: name.to_string(),
                    refusal: refusal.map(|why| why.code.to_owned()),
                })
                .collect(),
            tasks: tasks
                .into_iter()
                .map(|task| TaskOfCase {
                    id: task.id.to_string(),
                    title: task.title,
                    state: task.state.to_string(),
                    due_at: task.due_at.to_string(),
                })
                .collect(),
            checks: checks
                .into_iter()
                .map(|check| CheckOfCase {
                    state: check.state.to_string(),
                    planned_on: check.planned_on.map(|day| day.to_string()),
                    result: check.result.map(|result| result.to_string()),
                    note: check.note,
                    follow_up_id: check.follow_up.map(|id| id.to_string()),
                })
                .collect(),
            related: related
                .into_iter()
                .map(|other| RelatedCase {
                    id: other.case.to_string(),
                    number: other.number,
                    subject: other.subject,
                    state: other.state.to_string(),
                    kind: other.kind.to_string(),
                    inward: other.inward,
                })
                .collect(),
            takes_back: back.map(|back| TakesBack { command: back.command.to_string(), until: back.until.to_string() }),
            line: Line {
                id: case.id.to_string(),
                number: case.number,
                subject: case.subject,
                kind: case.kind.to_string(),
                channel: case.channel.to_string(),
                priority: case.priority.to_string(),
                state: case.state.name().to_string(),
                waits_for: case.state.wait().map(|wait| wait.reason.to_string()),
                step: case.step.number(),
                upset: case.upset,
                customer_id: case.customer.map(|id| id.to_string()),
                customer_name: case.customer_name,
                phone: case.phone_masked,
                product: case.product,
                store: code(ctx, case.store),
                owner: case.owner.map(|id| person(ctx, id)),
                due: case.due.map(Deadline::of),
                happened_at: case.happened_at.to_string(),
                created_at: case.created_at.to_string(),
                version: case.version,
            },
        }
    }
}

/// What happened to a case, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineBody {
    /// What happened.
    pub items: Vec<Happened>,
    /// Give it as `after` to get older ones.
    pub next: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Happened {
    /// Its number in the case's journal.
    seq: i64,
    /// What, e.g. `case.accepted`.
    verb: String,
    /// `staff`, `token`, `customer` or `system`.
    actor_kind: String,
    /// Who.
    actor: String,
    /// When it happened.
    happened_at: String,
    /// When it was typed in.
    entered_at: String,
    /// Of a message: `public` or `internal`.
    visibility: Option<String>,
    /// Of a message: `in` or `out`.
    direction: Option<String>,
    /// Of a message: what was said.
    body: Option<String>,
    /// Of a message: its id.
    message: Option<String>,
    /// Of a message to the customer: by which way it went.
    way: Option<String>,
    /// Fields before and after.
    changes: Vec<Difference>,
}

/// A field before and after; null where there was nothing or it has been erased.
#[derive(Debug, Serialize, ToSchema)]
struct Difference {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

impl Happened {
    pub(super) fn of(item: Item) -> Self {
        let told = item.message.as_ref();
        let visibility = told.map(|told| told.visibility.to_string());
        let direction = told.map(|told| told.direction.to_string());
        let message = told.and_then(|told| told.id).map(|id| id.to_string());
        let way = told.and_then(|told| told.way).map(|way| way.to_string());
        let body = item.message.map(|told| told.body);
        Self {
            seq: item.seq,
            verb: item.verb,
            actor_kind: item.actor_kind,
            actor: item.actor_name,
            happened_at: item.happened_at.to_string(),
            entered_at: item.entered_at.to_string(),
            visibility,
            direction,
            body,
            message,
            way,
            changes: item
                .changes
                .into_iter()
                .map(|change| Difference { field: change.field, before: change.before, after: change.after })
                .collect(),
        }
    }
}

/// A message to post.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewMessage {
    /// `public` reaches the customer; `internal` stays among staff.
    pub visibility: String,
    /// What is said.
    pub body: String,
    /// By which way a public word goes out: `sms`, `mail`, `chat`, `call` (a task), `letter` or `page`; the customer's own when left
    /// out.
    pub way: Option<String>,
}

/// A message that was posted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PostedBody {
    /// Its id.
    pub id: String,
    /// The case's version afterwards.
    pub version: i64,
    /// It waits for a second person's yes; the customer sees nothing of it yet.
    pub held: bool,
}

/// A link to make.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct NewLink {
    /// `track`, `decide` or `rate`.
    pub purpose: String,
}

/// A link that was made; it is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LinkBody {
    /// Path of the customer's page behind the public address.
    pub path: String,
    /// Not good from then on.
    pub expires_at: Option<String>,
}
