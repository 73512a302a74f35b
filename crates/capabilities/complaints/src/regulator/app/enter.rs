//! A notice is entered and becomes a regulator case.

use capability::{Ctx, Event, Recorded, Work};
use cases::app::files::NewFiles;
use cases::app::{CustomerChoice, Intake, flow};
use cases::domain::{Channel, ClockAction, Kind, Stage};
use cases::store::Case;
use kernel::{Day, Fault, FieldErrors, Id, Money, Place, Placed, RecordRef, Timestamp, of};
use parties::app::CustomerInput;
use serde::{Deserialize, Serialize};

use super::access::{ENTER, HANDLE, VIEW};
use super::{events, seal};
use crate::app::{adopt_into, carry};
use crate::domain::{Severity, Source, State};
use crate::regulator::domain::{self, KNOWN, NO_IMPORT, Nature, Platform, RegulatorState};
use crate::regulator::store::{self, RegulatorCase, Seal};
use crate::store::Complaint;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// A clock that goes a little fast is not the future.
const SKEW: i64 = 60_000;
/// No notice gives longer than this, in days: a slip of the finger.
const FAR: i64 = 200;
/// Clocks that run for customers; whoever reports is written nothing.
const CUSTOMERS: [Stage; 6] =
    [Stage::Acknowledge, Stage::FirstAnswer, Stage::Plan, Stage::Solution, Stage::NextAnswer, Stage::Decision];

/// A notice as it is typed in; texts are trimmed.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The store that it is about.
    pub about: Id<of::Unit>,
    /// Where it came from.
    pub platform: Platform,
    /// Which authority.
    pub authority: String,
    /// The platform's number.
    pub number: String,
    /// Who deals with it there.
    pub officer: Option<String>,
    /// That person's number.
    pub officer_phone: Option<String>,
    /// Complaint or report.
    pub nature: Nature,
    /// The day that it bears.
    pub notice_day: Day,
    /// When it came.
    pub received_at: Timestamp,
    /// The due time that it states.
    pub due_at: Timestamp,
    /// Who complained or reported.
    pub claimant_name: Option<String>,
    /// That person's number.
    pub claimant_phone: Option<String>,
    /// In a few words.
    pub subject: String,
    /// What is claimed.
    pub claim: String,
    /// How much.
    pub amount: Money,
    /// Which product.
    pub product: Option<String>,
    /// Which unit of it.
    pub serial: Option<String>,
    /// The notice itself, scanned.
    pub files: NewFiles,
}

/// A notice that was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The case.
    pub id: Id<of::Case>,
    /// Its number.
    pub number: String,
    /// Whoever entered it sees it; a report goes to who is admitted.
    pub visible: bool,
}

/// A notice that passed every check.
pub struct Prepared {
    notice: Notice,
    key: String,
    phone: Option<String>,
    intake: cases::app::Prepared,
}

/// The digits of a claimant's number, as they are compared.
pub fn claimant(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 5).then_some(digits)
}

fn check(notice: &Notice, now: Timestamp, zone: &kernel::Zone) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    if !notice.number.chars().any(char::is_alphanumeric) {
        errors.add("number", "required");
    }
    if notice.received_at > now.plus(SKEW) {
        errors.add("received_at", "future");
    }
    if notice.notice_day > notice.received_at.day(zone) {
        errors.add("notice_day", "complaints-reg-day-after");
    }
    if notice.due_at <= notice.received_at {
        errors.add("due_at", "complaints-reg-due-before");
    } else if notice.due_at > notice.received_at.plus(FAR * DAY) {
        errors.add("due_at", "complaints-reg-due-far");
    }
    errors.check()
}

/// Checks `notice` before the transaction. For a report the unit for sealed records is made if there is none.
///
/// # Errors
/// `not-found` without the permission for the store; `invalid` with the fields; `complaints-reg-known` with the number and, for who may
/// see it, the id of the one that is here already.
pub async fn prepare(ctx: &Ctx, notice: Notice) -> Result<Prepared, Fault> {
    let place = Place { store: notice.about, team: None, owner: ctx.actor.user };
    ctx.require(ENTER, &place)?;
    let zone = ctx.house.identity.directories().now().unit(notice.about).map(|unit| unit.zone.clone());
    check(&notice, ctx.now(), &zone.unwrap_or_else(|| ctx.house.zone.clone()))?;
    let key = domain::key(notice.platform, &notice.number);
    let known = ctx
        .read((key.clone(), ctx.clone()), |tx, (key, ctx)| {
            Box::pin(async move { Ok(store::by_key(tx, key).await?.map(|one| known(ctx, &one))) })
        })
        .await?;
    if let Some(fault) = known {
        return Err(fault);
    }
    let phone = notice.claimant_phone.as_deref().and_then(claimant);
    let report = notice.nature == Nature::Report;
    let unit = if report { Some(seal::sealed_unit(ctx).await?) } else { None };
    let customer = match (&notice.claimant_name, &phone, report) {
        // Nobody writes to whoever reported.
        (Some(name), Some(phone), false) => {
            CustomerChoice::New(CustomerInput { name: name.clone(), phone: phone.clone(), ..CustomerInput::default() })
        }
        _ => CustomerChoice::Anonymous,
    };
    let intake = Intake {
        store: notice.about,
        kind: Kind::Complaint,
        channel: Channel::Api,
        priority: Severity::S2.priority(),
        customer,
        subject: notice.subject.clone(),
        body: notice.claim.clone(),
        product: notice.product.clone(),
        serial: notice.serial.clone(),
        files: notice.files.clone(),
        ..Intake::default()
    };
    let intake = cases::app::prepare(ctx, intake, unit).await?;
    Ok(Prepared { notice, key, phone, intake })
}

/// Enters a notice.
///
/// # Errors
/// As [`prepare`].
pub async fn enter(ctx: &Ctx, notice: Notice) -> Result<Entered, Fault> {
    let prepared = prepare(ctx, notice).await?;
    let key = prepared.key.clone();
    let written = ctx.write(prepared, |work, prepared| Box::pin(enter_within(work, prepared))).await;
    match written {
        // Two at once: the other was faster.
        Err(fault) if fault.kind() == kernel::FaultKind::Conflict && fault.code() == "duplicate" => {
            let known = ctx
                .read((key, ctx.clone()), |tx, (key, ctx)| {
                    Box::pin(async move { Ok(store::by_key(tx, key).await?.map(|one| known(ctx, &one))) })
                })
                .await?;
            Err(known.unwrap_or(fault))
        }
        written => written,
    }
}

/// The refusal for a number that is here already; who may not see it learns no more than that.
fn known(ctx: &Ctx, one: &RegulatorCase) -> Fault {
    let fault = Fault::refused(KNOWN).with("authority", &one.number);
    match ctx.actor.may(VIEW, one) {
        true => fault.with("number", &one.case_number).with("id", one.case),
        false => fault.with("number", "—").with("id", ""),
    }
}

/// The same within a write that does more: histories that are played back.
///
/// # Errors
/// As [`prepare`].
pub async fn enter_within(work: &mut Work<'_>, prepared: &Prepared) -> Result<Recorded<Entered>, Fault> {
    let Prepared { notice, key, phone, intake } = prepared;
    if let Some(one) = store::by_key(work.tx, key).await? {
        return Err(known(work.ctx, &one));
    }
    let taken = cases::app::take_in_within(work, intake).await?.into_value();
    // A listener has done it already unless a history is played back.
    adopt_into(work, taken.id).await?;
    let mut case = cases::store::hold(work.tx, taken.id).await?.ok_or_else(Fault::not_found)?;
    let mut complaint = crate::store::get(work.tx, taken.id).await?.ok_or_else(Fault::not_found)?;
    let report = notice.nature == Nature::Report;
    complaint.source = Source::Regulator;
    complaint.severity = Severity::S2;
    let mut clocks = vec![ClockAction::Promise(Stage::Authority, notice.due_at)];
    if report {
        complaint.state = State::Investigating;
        complaint.accepted_at = Some(work.now);
        complaint.legal_hold = Some(format!("{} {}", notice.authority, notice.number));
        clocks.extend(CUSTOMERS.map(ClockAction::Drop));
    }
    let moved = flow::place(work, &mut case, &carry::driven(complaint.state, &clocks, &[])).await?;
    (complaint.store, complaint.team, complaint.owner) = (case.store, case.team, case.owner);
    crate::store::save(work.tx, &complaint).await?;
    if report {
        let seal = Seal { store: notice.about, reason: notice.number.clone(), by: work.ctx.actor.user, at: work.now };
        store::put_seal(work.tx, case.id, &seal).await?;
    }
    owed(work, case, &complaint, (notice, key, phone.as_ref()), moved).await
}

/// What the authority is owed for `complaint`, which has come into its flow and whose case is held.
async fn owed(
    work: &mut Work<'_>,
    case: Case,
    complaint: &Complaint,
    (notice, key, phone): (&Notice, &str, Option<&String>),
    moved: flow::Moved,
) -> Result<Recorded<Entered>, Fault> {
    let report = notice.nature == Nature::Report;
    let one = RegulatorCase {
        case: case.id,
        platform: notice.platform,
        authority: notice.authority.clone(),
        number: notice.number.clone(),
        officer: notice.officer.clone(),
        officer_phone: notice.officer_phone.clone(),
        nature: notice.nature,
        about: notice.about,
        notice_day: notice.notice_day,
        received_at: notice.received_at,
        entered_at: work.now,
        entered_by: work.ctx.actor.user,
        due_at: notice.due_at,
        claimant_name: notice.claimant_name.clone(),
        claimant_phone: phone.cloned(),
        claim: notice.claim.clone(),
        amount: notice.amount,
        state: RegulatorState::Received,
        mediation: None,
        mediation_at: None,
        mediation_note: None,
        replied_at: None,
        reply_way: None,
        reply_note: None,
        in_time: None,
        ended_at: None,
        outcome: None,
        outcome_note: None,
        paid: Money::ZERO,
        draft: 0,
        asked: None,
        approval: None,
        signed: None,
        signed_at: None,
        signed_by: None,
        signed_digest: None,
        case_number: case.number.clone(),
        subject: case.subject.clone(),
        store: case.store,
        team: case.team,
        owner: case.owner,
    };
    store::insert(work.tx, &one, key).await?;
    let mut event = events::event("complaints.reg_received", None, &one, notice.received_at.min(work.now))
        .index(events::piece(&one));
    event.deltas.extend(moved.deltas);
    for part in ["regulator.received", "regulator.open_now"] {
        event = events::count(work, event, &one, one.received_at, part, 1);
    }
    if report {
        let complaint = crate::app::event(work, "complaints.reg_received", None, complaint);
        event.changes.extend(complaint.changes);
    }
    let recorded = work.record(event).await?;
    let directory = work.ctx.house.identity.directories().now();
    let people: Vec<Id<of::User>> = directory.who_may(HANDLE, &one.place()).into_iter().map(|user| user.id).collect();
    let told = notices::Notice::new("regulator.received", RecordRef::new(cases::app::RECORD, one.case))
        .at(format!("/regulator/{}", one.case))
        .number(&one.number)
        .subject(&one.subject)
        .due(one.due_at);
    notices::tell(work, &people, &told).await?;
    let visible = work.ctx.actor.may(VIEW, &one);
    Ok(recorded.with(Entered { id: one.case, number: one.case_number, visible }))
}

/// A complaint that was taken over from a list of an authority, as the event tells: with a number and a due time there it becomes a
/// regulator case, in the same transaction.
///
/// # Errors
/// `complaints-reg-known` when the number is here already; `complaints-reg-import` when the actor may not enter notices there.
pub(crate) async fn came(work: &mut Work<'_>, event: &Event, complaint: &Complaint) -> Result<(), Fault> {
    let said =
        |field: &str| event.changes.iter().find(|change| change.field == field).and_then(|change| change.after.clone());
    let due_at = said("stated_due").and_then(|text| text.parse::<Timestamp>().ok());
    let (Some(number), Some(due_at)) = (said("authority_number"), due_at) else { return Ok(()) };
    if !work.ctx.actor.may(ENTER, complaint) {
        return Err(Fault::refused(NO_IMPORT).with("authority", number));
    }
    let platform = said("platform").and_then(|word| Platform::parse(&word)).unwrap_or(Platform::Other);
    let key = domain::key(platform, &number);
    if let Some(one) = store::by_key(work.tx, &key).await? {
        return Err(known(work.ctx, &one));
    }
    let mut case = cases::store::hold(work.tx, complaint.case).await?.ok_or_else(Fault::not_found)?;
    let directory = work.ctx.house.identity.directories().now();
    let zone = directory.unit(case.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    let received_at = event.happened_at.unwrap_or(case.happened_at).min(work.now);
    let phone = said("claimant_phone").as_deref().and_then(claimant);
    let notice = Notice {
        about: case.store,
        platform,
        authority: said("authority").unwrap_or_else(|| platform.to_string()),
        number,
        officer: said("officer"),
        officer_phone: said("officer_phone"),
        nature: Nature::Complaint,
        notice_day: received_at.day(&zone),
        received_at,
        due_at,
        claimant_name: said("claimant"),
        claimant_phone: phone.clone(),
        subject: case.subject.clone(),
        claim: case.body.clone(),
        amount: Money::ZERO,
        product: case.product.clone(),
        serial: None,
        files: NewFiles::default(),
    };
    let clocks = [ClockAction::Promise(Stage::Authority, due_at)];
    let moved = flow::place(work, &mut case, &carry::driven(complaint.state, &clocks, &[])).await?;
    owed(work, case, complaint, (&notice, &key, phone.as_ref()), moved).await.map(|_| ())
}
