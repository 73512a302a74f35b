//! Forgetting a customer for ever (个人信息保护法 §47): asked for with a reason, granted by somebody else, carried out in the
//! transaction of that second yes. What happened, what it cost and how it was rated stays; who it was does not.

use approvals::app::{Ask, Outcome};
use approvals::domain::{Split, State as Answer};
use approvals::store::ApprovalId;
use capability::{Ctx, Event, Work};
use futures_util::future::BoxFuture;
use journal::ACTOR_NAME;
use kernel::{Fault, FieldErrors, Id, Permission, RecordRef, of};

use super::{CustomerCard, SALE, UNIT, VIEW, sales, units};
use crate::domain::text;
use crate::file::{self, PERSONAL, RECORD};
use crate::store::{self, Customer, Standing};

/// Ask for a customer to be forgotten, and say that a file has to be kept.
pub const ERASE: Permission = Permission("customers.erase");
/// The kind of question.
pub const ERASURE: &str = "erasure";
/// The event that others hear before anything is asked, and may refuse.
pub const ASKED: &str = "customer.erasure_asked";
/// The event that others hear while the file is being erased, its own row last: they erase what they keep of the person.
pub const ERASED: &str = "customer.erased";

/// Longest reason, in characters.
const REASON: usize = 300;
/// Most sales and units of one customer.
const THINGS: i64 = 10_000;

/// How a file stands between being kept and being forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasure {
    /// What the file says.
    pub standing: Standing,
    /// The question that waits for an answer.
    pub asked: Option<Id<ApprovalId>>,
}

/// How the file `id` stands.
///
/// # Errors
/// `not-found`.
pub async fn erasure(ctx: &Ctx, id: Id<of::Customer>) -> Result<Erasure, Fault> {
    ctx.read((ctx.clone(), id), |tx, (ctx, id)| {
        Box::pin(async move {
            let file = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &file)?;
            Ok(Erasure { standing: store::standing(tx, *id).await?, asked: waiting(tx, *id).await? })
        })
    })
    .await
}

async fn waiting(tx: &mut db::Tx, id: Id<of::Customer>) -> Result<Option<Id<ApprovalId>>, Fault> {
    let questions = approvals::store::of_record(tx, RECORD, id.get()).await?;
    let open = questions.iter().find(|one| one.kind == ERASURE && one.state == Answer::Asked);
    Ok(open.map(|one| one.id))
}

/// Asks for the customer `id` to be forgotten; the actor has seen `version`. Somebody else has to say yes.
///
/// # Errors
/// `invalid` without a reason; `stale`; `not-found`; refused with its reason while the file has to be kept, was merged, is erased
/// or asked about already, and while another capability has something open with the customer.
pub async fn ask_erasure(ctx: &Ctx, id: Id<of::Customer>, version: i64, reason: &str) -> Result<Id<ApprovalId>, Fault> {
    let mut errors = FieldErrors::default();
    let reason = text::required_line(&mut errors, "reason", reason, REASON);
    errors.check()?;
    ctx.write((id, version, reason), |work, (id, version, reason)| {
        Box::pin(async move {
            let file = seen(work, *id, *version).await?;
            if let Some(held) = store::standing(work.tx, *id).await?.held_for {
                return Err(Fault::refused("parties-held").with("reason", held));
            }
            if waiting(work.tx, *id).await?.is_some() {
                return Err(Fault::refused("parties-erasure-asked"));
            }
            let ask = Ask {
                record: RecordRef::new(RECORD, *id),
                number: id.to_string(),
                href: format!("/customers/{id}"),
                place: file::place(&file),
                kind: ERASURE,
                sentence: reason.clone(),
                split: Split::default(),
                two_persons: false,
                always: true,
            };
            let Outcome::Waiting(approval) = approvals::app::ask(work, &ask).await? else {
                return Err(Fault::forbidden());
            };
            let event = Event::new(RecordRef::new(RECORD, *id), ASKED, file::place(&file))
                .change("approval", None, Some(approval.to_string()))
                .personal("reason", None, Some(reason.clone()));
            Ok(work.record(event).await?.with(approval))
        })
    })
    .await
}

/// The open file `id` as the actor has seen it.
async fn seen(work: &mut Work<'_>, id: Id<of::Customer>, version: i64) -> Result<Customer, Fault> {
    let file = store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    work.require(ERASE, &file)?;
    if file.merged_into.is_some() {
        return Err(Fault::refused("parties-merged"));
    }
    if store::standing(work.tx, id).await?.erased_at.is_some() {
        return Err(Fault::refused("parties-erased"));
    }
    if file.version == version { Ok(file) } else { Err(Fault::stale(file.version)) }
}

/// Says that the file `id` has to be kept as it is because of `reason`, or that it has not any more with none.
///
/// # Errors
/// `invalid` when the reason is too long; `stale`; `not-found`; refused for a file that was merged or erased.
pub async fn hold(ctx: &Ctx, id: Id<of::Customer>, version: i64, reason: Option<&str>) -> Result<CustomerCard, Fault> {
    let mut errors = FieldErrors::default();
    let reason = reason.map(|reason| text::required_line(&mut errors, "held_for", reason, REASON));
    errors.check()?;
    ctx.write((id, version, reason), |work, (id, version, reason)| {
        Box::pin(async move {
            let file = seen(work, *id, *version).await?;
            let before = store::standing(work.tx, *id).await?.held_for;
            if before == *reason {
                return Ok(work.unchanged(file.into()));
            }
            if !store::hold(work.tx, *id, *version, reason.as_deref()).await? {
                return Err(Fault::stale(file.version.saturating_add(1)));
            }
            let verb = if reason.is_some() { "customer.held" } else { "customer.released" };
            let event = Event::new(RecordRef::new(RECORD, *id), verb, file::place(&file)).personal(
                "held_for",
                before,
                reason.clone(),
            );
            let now = Customer { version: version.saturating_add(1), ..file };
            Ok(work.record(event).await?.with(now.into()))
        })
    })
    .await
}

/// Hears the answers to questions about forgetting somebody.
pub(crate) fn answered<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.record.kind != approvals::app::RECORD || event.verb != "approval.decided" || work.replayed {
            return Ok(());
        }
        let found = approvals::store::get(work.tx, Id::new(event.record.id)).await?;
        match found.filter(|one| one.kind == ERASURE && one.record_kind == RECORD && one.state == Answer::Granted) {
            Some(granted) => carry_out(work, Id::new(granted.record_id)).await,
            None => Ok(()),
        }
    })
}

/// Erases the customer `id` and every file that was merged into theirs.
async fn carry_out(work: &mut Work<'_>, id: Id<of::Customer>) -> Result<(), Fault> {
    let Some(file) = store::get(work.tx, id).await? else { return Ok(()) };
    let standing = store::standing(work.tx, id).await?;
    if standing.erased_at.is_some() {
        return Ok(());
    }
    if file.merged_into.is_some() {
        return Err(Fault::refused("parties-merged"));
    }
    if let Some(held) = standing.held_for {
        return Err(Fault::refused("parties-held").with("reason", held));
    }
    let mut all = vec![id];
    let mut next = 0;
    while let Some(one) = all.get(next).copied() {
        all.extend(store::merged_into(work.tx, one).await?);
        next += 1;
    }
    for one in all.into_iter().rev() {
        let record = RecordRef::new(RECORD, one);
        // Heard by whoever keeps something of the person, while the file still says by which number to find it.
        let _ = work.record(Event::new(record.clone(), ERASED, file::place(&file))).await?;
        store::erase(work.tx, one, work.now).await?;
        things(work, one).await?;
        let fields: Vec<&'static str> = PERSONAL.into_iter().chain(["reason", "held_for", ACTOR_NAME]).collect();
        work.forget(&record, &fields).await?;
        approvals::app::forget(work, RECORD, one.get()).await?;
    }
    Ok(())
}

/// What was sold stays and is found by its own codes, no longer by the person's.
async fn things(work: &mut Work<'_>, id: Id<of::Customer>) -> Result<(), Fault> {
    let mut pieces = Vec::new();
    for row in store::units_of_customer(work.tx, id, THINGS).await? {
        search::remove(work.tx, &RecordRef::new(UNIT, row.unit.id)).await?;
        pieces.push(units::piece(&row.unit, &row.product, row.receipt.as_deref(), None));
    }
    for row in store::sales_of_customer(work.tx, id, THINGS).await? {
        search::remove(work.tx, &RecordRef::new(SALE, row.sale.id)).await?;
        let units = store::units_of_sale(work.tx, row.sale.id).await?;
        let serials: Vec<&str> = units.iter().map(|unit| unit.unit.serial.as_str()).collect();
        pieces.push(sales::nameless_piece(&row.sale, &row.product, &serials));
    }
    search::index(work.tx, &work.ctx.house.ids, &pieces).await?;
    Ok(())
}
