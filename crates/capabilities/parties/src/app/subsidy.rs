//! State subsidies: programmes as data, and what a sale used of one.

use capability::{Ctx, Event, Recorded, Work};
use kernel::{Cursor, Fault, FieldErrors, Id, Money, Permission, Placed, RecordRef, of};

use super::VIEW_TERMS;
use super::diff::{self, Field};
use super::products::place;
use super::sales::{EDIT_SALES, VIEW_SALES};
use super::units::UNIT;
use crate::domain::subsidy::{ProgrammeDraft, ProgrammeInput, programme};
use crate::domain::text;
use crate::store::{self, Programme, ProgrammeId, Subsidy};

/// Write subsidy programmes.
pub const EDIT_SUBSIDIES: Permission = Permission("subsidies.edit");
/// The word for programmes in the journal.
pub const PROGRAMME: &str = "subsidy_programme";

/// Programmes, newest first, and where the next page begins.
///
/// # Errors
/// `busy` when the database is away.
pub async fn list_programmes(
    ctx: &Ctx,
    after: Option<Cursor>,
    limit: i64,
) -> Result<(Vec<Programme>, Option<Cursor>), Fault> {
    ctx.require(VIEW_TERMS, &place(ctx)?)?;
    let mut rows = ctx
        .read((after.map(|cursor| cursor.id), limit), |tx, (after, limit)| {
            Box::pin(async move { Ok(store::list_programmes(tx, *after, limit + 1).await?) })
        })
        .await?;
    let more = diff::cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: last.id.get(), id: last.id.get() });
    Ok((rows, next))
}

/// The programme `id`.
///
/// # Errors
/// `not-found`.
pub async fn get_programme(ctx: &Ctx, id: Id<ProgrammeId>) -> Result<Programme, Fault> {
    ctx.require(VIEW_TERMS, &place(ctx)?)?;
    let found = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::get_programme(tx, *id).await?) })).await?;
    found.ok_or_else(Fault::not_found)
}

/// Writes a programme; of one that is known the version that was seen.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn save_programme(
    ctx: &Ctx,
    known: Option<(Id<ProgrammeId>, i64)>,
    input: &ProgrammeInput,
) -> Result<Programme, Fault> {
    ctx.require(EDIT_SUBSIDIES, &place(ctx)?)?;
    let mut errors = FieldErrors::default();
    let draft = programme(&mut errors, input);
    errors.check()?;
    let draft = draft.ok_or_else(|| Fault::field("from", "required"))?;
    ctx.write((known, draft), |work, (known, draft)| Box::pin(saved(work, *known, draft))).await
}

async fn saved(
    work: &mut Work<'_>,
    known: Option<(Id<ProgrammeId>, i64)>,
    draft: &ProgrammeDraft,
) -> Result<Recorded<Programme>, Fault> {
    let named = store::programme_named(work.tx, draft).await?;
    if named.is_some() && named != known.map(|(id, _)| id) {
        return Err(Fault::field("name", "taken"));
    }
    let groups = store::entries(work.tx, crate::domain::List::Groups).await?;
    if draft.goods.iter().any(|code| !groups.iter().any(|one| one.code == *code)) {
        return Err(Fault::field("goods", "unknown"));
    }
    let (before, after) = match known {
        None => {
            let id = work.ctx.house.ids.next();
            let after = Programme { id, draft: draft.clone(), version: 1, at: work.now };
            store::insert_programme(work.tx, &after).await?;
            (None, after)
        }
        Some((id, version)) => {
            let before = store::get_programme(work.tx, id).await?.ok_or_else(Fault::not_found)?;
            if before.version != version {
                return Err(Fault::stale(before.version));
            }
            if before.draft == *draft {
                return Ok(work.unchanged(before));
            }
            let after = Programme { draft: draft.clone(), at: work.now, ..before.clone() };
            if !store::save_programme(work.tx, &after).await? {
                return Err(Fault::stale(version + 1));
            }
            (Some(before.draft), Programme { version: version + 1, ..after })
        }
    };
    let verb = if before.is_some() { "subsidy_programme.changed" } else { "subsidy_programme.added" };
    let event = Event::new(RecordRef::new(PROGRAMME, after.id), verb, place(work.ctx)?);
    let event = diff::changes(event, FIELDS, before.as_ref(), &after.draft);
    Ok(work.record(event).await?.with(after))
}

const FIELDS: &[Field<ProgrammeDraft>] = &[
    ("name", |draft| Some(draft.name.clone())),
    ("region", |draft| Some(draft.region.clone())),
    ("batch", |draft| Some(draft.batch.clone())),
    ("from", |draft| Some(draft.from.to_string())),
    ("to", |draft| draft.to.map(|day| day.to_string())),
    ("goods", |draft| Some(draft.goods.join(" "))),
    ("rate", |draft| Some(format!("{}.{:02}%", draft.rate_bp / 100, draft.rate_bp % 100))),
    ("cap", |draft| Some(Money::from_fen(draft.cap_fen).to_string())),
    ("on_refund", |draft| Some(draft.on_refund.to_string())),
    ("on_exchange", |draft| Some(draft.on_exchange.to_string())),
    ("forfeits", |draft| Some(draft.forfeits.to_string())),
    ("days", |draft| Some(draft.days.to_string())),
    ("account", |draft| Some(draft.account.clone())),
    ("source", |draft| Some(draft.source.clone())),
];

/// What a sale used, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The unit.
    pub unit: Id<of::SerialUnit>,
    /// Of which programme.
    pub programme: Id<ProgrammeId>,
    /// How much.
    pub amount: Money,
    /// The number under which the quota was used.
    pub quota: String,
    /// What was traded in.
    pub old_unit: Option<String>,
}

/// The subsidy that was used for the unit `id`.
///
/// # Errors
/// `not-found`.
pub async fn subsidy_of(ctx: &Ctx, id: Id<of::SerialUnit>) -> Result<Option<Subsidy>, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let row = store::get_unit(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW_SALES, &row.unit)?;
            Ok(store::subsidy_of(tx, *id).await?)
        })
    })
    .await
}

/// Notes which subsidy the sale of a unit used.
///
/// # Errors
/// `invalid` with the fields; `not-found`.
pub async fn use_subsidy(ctx: &Ctx, used: Used) -> Result<Subsidy, Fault> {
    ctx.write(used, |work, used| Box::pin(noted(work, used))).await
}

async fn noted(work: &mut Work<'_>, used: &Used) -> Result<Recorded<Subsidy>, Fault> {
    let row = store::get_unit(work.tx, used.unit).await?.ok_or_else(Fault::not_found)?;
    work.require(EDIT_SALES, &row.unit)?;
    let mut errors = FieldErrors::default();
    let quota = text::required_line(&mut errors, "quota", &used.quota, 60);
    let old_unit = text::optional_line(&mut errors, "old_unit", used.old_unit.as_deref(), 60);
    let sale = match row.unit.sale {
        Some(sale) => store::get_sale(work.tx, sale).await?,
        None => None,
    };
    let programme = store::get_programme(work.tx, used.programme).await?;
    if programme.is_none() {
        errors.add("programme", "unknown");
    }
    if sale.is_none() {
        errors.add("programme", "terms-no-sale");
    }
    if let (Some(programme), Some(sale)) = (&programme, &sale) {
        if !programme.draft.holds(&row.product.draft.category, sale.day) {
            errors.add("programme", "terms-not-for-it");
        }
        let lines = store::lines_of(work.tx, sale.id).await?;
        let price = lines.iter().find(|line| line.product == row.product.id).map_or(0, |line| line.price.fen());
        let most = programme.draft.most(price);
        if !(1..=most).contains(&used.amount.fen()) {
            errors.add_with("amount", "subsidy-most", vec![("most", Money::from_fen(most).to_string())]);
        }
    }
    if store::subsidy_of(work.tx, used.unit).await?.is_some() {
        errors.add("programme", "taken");
    }
    errors.check()?;
    let (Some(sale), Some(programme)) = (sale, programme) else { return Err(Fault::not_found()) };
    let subsidy = Subsidy {
        id: work.ctx.house.ids.next(),
        sale: sale.id,
        unit: used.unit,
        amount_fen: used.amount.fen(),
        quota,
        old_unit,
        programme,
    };
    store::insert_subsidy(work.tx, &subsidy, work.ctx.actor.user, work.now).await?;
    let event = Event::new(RecordRef::new(UNIT, used.unit), "serial_unit.subsidy_noted", row.unit.place())
        .change("programme", None, Some(subsidy.programme.draft.name.clone()))
        .change("amount", None, Some(used.amount.to_string()))
        .personal("quota", None, Some(subsidy.quota.clone()));
    Ok(work.record(event).await?.with(subsidy))
}
