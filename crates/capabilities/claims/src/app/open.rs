//! A claim is opened by itself when a return has cost us something, or by hand for a line of a return or a repair.

use capability::{Ctx, Recorded, Work};
use db::Tx;
use kernel::{Day, Fault, FieldErrors, Id, Money, Place, Placed, of};
use parties::store::{RepairId, UnitRepair, UnitRow};
use remedies::Cause;
use returns::domain::{GoodsOut, Part, PayState, State as ReturnState, Way};
use returns::store::{LineRow, Payment, Return, ReturnId};

use super::access::HANDLE;
use super::events::{self, count};
use crate::domain::{Days, Ground, State, cut_off};
use crate::store::{self, Claim, Step};

/// Longest reason, in characters.
pub(super) const TEXT: usize = 400;

/// What a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A line of a return, from 1.
    Line(Id<ReturnId>, i64),
    /// A repair.
    Repair(Id<RepairId>),
}

/// A claim as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// About what.
    pub source: Source,
    /// How much.
    pub amount: Money,
    /// Why the maker owes it.
    pub reason: String,
}

/// What a claim would hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who owes it.
    pub maker: String,
    /// What it cost us.
    pub ground: Ground,
    /// The case behind it.
    pub case: Option<Id<of::Case>>,
    /// The return behind it.
    pub of: Option<Id<ReturnId>>,
    /// Which line of it.
    pub line: Option<Id<LineRow>>,
    /// The repair behind it.
    pub repair: Option<Id<RepairId>>,
    /// Which product.
    pub product: Id<of::Product>,
    /// Which unit.
    pub unit: Option<Id<of::SerialUnit>>,
    /// What the goods are called.
    pub goods: String,
    /// Their serial number.
    pub serial: Option<String>,
    /// How many.
    pub quantity: i64,
    /// Where it stands.
    pub place: Place,
    /// What it cost us, as far as that is known.
    pub cost: Money,
    /// More than this was never paid for it.
    pub most: Money,
    /// Why.
    pub reason: String,
    /// The days from which makers count.
    pub days: Days,
    /// It is claimed already.
    pub claimed: bool,
}

/// What a claim about `source` would hold.
///
/// # Errors
/// `not-found`; `invalid` where the goods have no maker.
pub async fn candidate(ctx: &Ctx, source: Source) -> Result<Candidate, Fault> {
    ctx.read((ctx.clone(), source), |tx, (ctx, source)| {
        Box::pin(async move {
            let found = candidate_within(tx, ctx, *source).await?.ok_or_else(Fault::not_found)?;
            if !ctx.actor.may(HANDLE, &At(found.place)) {
                return Err(Fault::not_found());
            }
            Ok(found)
        })
    })
    .await
}

struct At(Place);
impl Placed for At {
    fn place(&self) -> Place {
        self.0
    }
}

async fn candidate_within(tx: &mut Tx, ctx: &Ctx, source: Source) -> Result<Option<Candidate>, Fault> {
    match source {
        Source::Line(id, seq) => {
            let Some(one) = returns::store::get(tx, id).await? else { return Ok(None) };
            let lines = returns::store::lines(tx, id).await?;
            let money = returns::store::payments(tx, id).await?;
            let Some(line) = lines.iter().find(|line| line.seq == seq) else { return Ok(None) };
            of_line(tx, ctx, &one, line, &money).await.map(Some)
        }
        Source::Repair(id) => {
            let Some(repair) = parties::store::get_repair(tx, id).await? else { return Ok(None) };
            let Some(row) = parties::store::get_unit(tx, repair.unit).await? else { return Ok(None) };
            of_repair(tx, ctx, &repair, &row).await.map(Some)
        }
    }
}

async fn of_line(tx: &mut Tx, ctx: &Ctx, one: &Return, line: &LineRow, money: &[Payment]) -> Result<Candidate, Fault> {
    let product = parties::store::get_product(tx, line.product).await?.ok_or_else(Fault::not_found)?;
    let sale = parties::store::get_sale(tx, one.sale).await?;
    let directory = ctx.house.identity.directories().now();
    let zone = directory.unit(one.store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone());
    let law = money.iter().find(|payment| payment.part == Part::Law);
    let (ground, cost) = match one.way {
        Way::Refund => (Ground::Refund, line.statutory),
        // What goes out instead is worth what was paid.
        Way::Exchange => (Ground::Exchange, line.paid()),
    };
    let claimed = store::of_lines(tx, one.id).await?.contains(&line.id);
    Ok(Candidate {
        maker: product.draft.brand,
        ground,
        case: Some(one.case),
        of: Some(one.id),
        line: Some(line.id),
        repair: None,
        product: line.product,
        unit: line.unit,
        goods: line.name.clone(),
        serial: line.serial.clone(),
        quantity: line.quantity,
        place: one.place(),
        cost,
        most: line.paid(),
        reason: one.reason.clone(),
        days: Days {
            bought: sale.map(|sale| sale.day),
            claimed: Some(one.judged_on),
            inspected: line.inspected_at.map(|at| at.day(&zone)),
            refunded: law.and_then(|payment| payment.paid_at).or(one.ended_at).map(|at| at.day(&zone)),
        },
        claimed,
    })
}

async fn of_repair(tx: &mut Tx, ctx: &Ctx, repair: &UnitRepair, row: &UnitRow) -> Result<Candidate, Fault> {
    let product = parties::store::get_product(tx, row.unit.product).await?.ok_or_else(Fault::not_found)?;
    let sale = match row.unit.sale {
        Some(id) => parties::store::get_sale(tx, id).await?,
        None => None,
    };
    let mut price = Money::ZERO;
    if let Some(sale) = &sale {
        for line in parties::store::lines_of(tx, sale.id).await? {
            if line.product == row.unit.product {
                price = line.price;
            }
        }
    }
    Ok(Candidate {
        maker: product.draft.brand,
        ground: Ground::Repair,
        case: None,
        of: None,
        line: None,
        repair: Some(repair.id),
        product: row.unit.product,
        unit: Some(row.unit.id),
        goods: product.draft.name,
        serial: Some(row.unit.serial.clone()),
        quantity: 1,
        place: Place { store: row.unit.store, team: None, owner: ctx.actor.user },
        cost: Money::ZERO,
        most: price,
        reason: repair.draft.body.clone(),
        days: Days {
            bought: sale.map(|sale| sale.day),
            claimed: Some(repair.draft.began),
            inspected: None,
            refunded: repair.draft.ended,
        },
        claimed: store::of_repair(tx, repair.id).await?.is_some(),
    })
}

/// Opens a claim.
///
/// # Errors
/// `not-found`; `forbidden`; `claims-has-one`; `invalid` with the fields: an amount of nothing or above what was paid, no maker, a repair
/// that is not finished.
pub async fn open(ctx: &Ctx, wanted: Wanted) -> Result<Claim, Fault> {
    ctx.write(wanted, |work, wanted| {
        Box::pin(async move {
            let ctx = work.ctx;
            let found = candidate_within(work.tx, ctx, wanted.source).await?.ok_or_else(Fault::not_found)?;
            work.require(HANDLE, &At(found.place))?;
            if found.claimed {
                return Err(Fault::refused("claims-has-one"));
            }
            let mut errors = FieldErrors::default();
            if found.maker.is_empty() {
                errors.add("maker", "claims-no-maker");
            }
            if wanted.amount <= Money::ZERO {
                errors.add("amount", "claims-amount");
            } else if found.most > Money::ZERO && wanted.amount > found.most {
                errors.add_with("amount", "claims-beyond", vec![("left", found.most.to_string())]);
            }
            if found.ground == Ground::Repair && found.days.refunded.is_none() {
                errors.add("amount", "claims-repair-open");
            }
            let reason = wanted.reason.trim();
            if reason.is_empty() {
                errors.add("reason", "required");
            } else if reason.chars().count() > TEXT {
                errors.add_with("reason", "too-long", vec![("max", TEXT.to_string())]);
            }
            errors.check()?;
            let found = Candidate { reason: reason.to_owned(), ..found };
            insert(work, found, wanted.amount, ctx.actor.user).await
        })
    })
    .await
}

async fn insert(
    work: &mut Work<'_>,
    found: Candidate,
    amount: Money,
    by: Option<Id<of::User>>,
) -> Result<Recorded<Claim>, Fault> {
    let zone = events::zone(work, found.place.store);
    let today = work.now.day(&zone);
    let sequence = store::next_number(work.tx, today).await?;
    let term = store::term(work.tx, &found.maker).await?;
    let due = term.and_then(|term| cut_off(&found.days, term.after, term.days, term.warn_days));
    let one = Claim {
        id: work.ctx.house.ids.next(),
        number: format!("SP{}-{sequence:04}", today.to_string().replace('-', "")),
        maker: found.maker,
        ground: found.ground,
        case: found.case,
        of: found.of,
        line: found.line,
        repair: found.repair,
        product: found.product,
        unit: found.unit,
        goods: found.goods,
        serial: found.serial,
        quantity: found.quantity,
        store: found.place.store,
        team: found.place.team,
        owner: found.place.owner,
        state: State::Open,
        reason: found.reason,
        claimed: amount,
        accepted: None,
        credited: Money::ZERO,
        written: Money::ZERO,
        bought_on: found.days.bought,
        claimed_on: found.days.claimed,
        inspected_on: found.days.inspected,
        refunded_on: found.days.refunded,
        due_on: due.map(|(due, _)| due),
        warn_on: due.map(|(_, warn)| warn),
        warned_on: None,
        missed_on: None,
        sent_on: None,
        last_on: begins(&found.days, today),
        opened_by: by,
        opened_at: work.now,
        ended_at: None,
        version: 1,
    };
    store::insert(work.tx, &one).await?;
    let step = Step {
        what: "open".to_owned(),
        day: one.last_on,
        reference: None,
        reason: Some(one.reason.clone()),
        amount,
        by,
        at: work.now,
    };
    store::add_step(work.tx, one.id, &step).await?;
    let event = events::event("claim.opened", None, &one)
        .index(events::piece(&one))
        .personal("reason", None, Some(one.reason.clone()))
        .change("due", None, one.due_on.map(|day| day.to_string()));
    let event = count(event, &one, "claims.opened", today, 1);
    Ok(work.record(event).await?.with(one))
}

/// No step lies before what it is about.
fn begins(days: &Days, today: Day) -> Day {
    days.refunded.or(days.claimed).filter(|day| *day <= today).unwrap_or(today)
}

/// The law's part of a return was refunded, or its exchange delivered: what the product's own fault cost us is claimed.
pub(crate) async fn after_return(work: &mut Work<'_>, id: Id<ReturnId>) -> Result<(), Fault> {
    let Some(one) = returns::store::get(work.tx, id).await? else { return Ok(()) };
    if matches!(one.state, ReturnState::Refused | ReturnState::Cancelled) {
        return Ok(());
    }
    let money = returns::store::payments(work.tx, id).await?;
    let paid = |payment: &Payment| matches!(payment.state, PayState::Paid | PayState::Reconciled);
    let refunded = money.iter().any(|payment| payment.part == Part::Law && paid(payment));
    for line in returns::store::lines(work.tx, id).await? {
        let borne = match one.way {
            Way::Refund => refunded && line.statutory > Money::ZERO,
            Way::Exchange => line.goods_out == GoodsOut::Delivered,
        };
        let facts = serde_json::from_str::<remedies::Facts>(&line.facts).ok();
        let makers = facts.is_some_and(|facts| facts.cause == Some(Cause::Product));
        if !borne || !makers || line.remedy.is_none() {
            continue;
        }
        let ctx = work.ctx;
        let found = of_line(work.tx, ctx, &one, &line, &money).await?;
        if found.maker.is_empty() || found.claimed || found.cost <= Money::ZERO {
            continue;
        }
        let today = work.now.day(&events::zone(work, one.store));
        // An exchange is not refunded: the day of delivery stands for it.
        let days = Days { refunded: found.days.refunded.or(Some(today)), ..found.days };
        let amount = found.cost;
        let _opened = insert(work, Candidate { days, ..found }, amount, None).await?;
    }
    Ok(())
}
