//! Until when each maker takes claims, as data.

use capability::{Ctx, Event};
use kernel::{Fault, FieldErrors, Place, RecordRef};

use super::access::TERMS;
use crate::domain::{After, cut_off};
use crate::store::{self, Term};

/// Longest name and contact, in characters.
const NAME: usize = 60;
const CONTACT: usize = 200;

/// What a maker allows, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermInput {
    /// The maker.
    pub maker: String,
    /// So many days.
    pub days: i64,
    /// After which day.
    pub after: After,
    /// Somebody is told so many days before.
    pub warn_days: i64,
    /// Where claims go.
    pub contact: Option<String>,
    /// What was seen; 0 = nobody had said.
    pub version: i64,
}

/// What all makers allow.
///
/// # Errors
/// What the database says.
pub async fn terms(ctx: &Ctx) -> Result<Vec<Term>, Fault> {
    ctx.read((), |tx, ()| Box::pin(async move { Ok(store::terms(tx).await?) })).await
}

/// Says what a maker allows; claims that lie here get their new cut-off at once.
///
/// # Errors
/// `forbidden`; `invalid` with the fields; `stale`.
pub async fn set_term(ctx: &Ctx, input: TermInput) -> Result<(), Fault> {
    let directory = ctx.house.identity.directories().now();
    let home = directory.company().map(|unit| unit.id).ok_or_else(Fault::forbidden)?;
    let place = Place { store: home, team: None, owner: None };
    ctx.require(TERMS, &place)?;
    let mut errors = FieldErrors::default();
    let maker = input.maker.trim().to_owned();
    if maker.is_empty() {
        errors.add("maker", "required");
    } else if maker.chars().count() > NAME {
        errors.add_with("maker", "too-long", vec![("max", NAME.to_string())]);
    }
    if !(1..=3_650).contains(&input.days) {
        errors.add("days", "claims-days");
    }
    if input.warn_days < 0 || input.warn_days > input.days {
        errors.add("warn_days", "claims-warn-days");
    }
    let contact = input.contact.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if contact.as_deref().is_some_and(|text| text.chars().count() > CONTACT) {
        errors.add_with("contact", "too-long", vec![("max", CONTACT.to_string())]);
    }
    errors.check()?;
    ctx.write((TermInput { maker, contact, ..input }, place), |work, (input, place)| {
        Box::pin(async move {
            let before = store::term(work.tx, &input.maker).await?;
            let term = Term {
                id: before.as_ref().map_or_else(|| work.ctx.house.ids.next(), |before| before.id),
                maker: input.maker.clone(),
                days: input.days,
                after: input.after,
                warn_days: input.warn_days,
                contact: input.contact.clone(),
                version: input.version,
            };
            if !store::save_term(work.tx, &term, work.now).await? {
                return Err(Fault::stale(before.map_or(0, |before| before.version)));
            }
            for claim in store::open_of_maker(work.tx, &term.maker).await? {
                let due = cut_off(&claim.days(), term.after, term.days, term.warn_days);
                store::save_due(work.tx, claim.id, due).await?;
            }
            let before = before.as_ref();
            let event = Event::new(RecordRef::new("claim_term", term.id), "claim_term.set", *place)
                .change("maker", before.map(|one| one.maker.clone()), Some(term.maker.clone()))
                .change("days", before.map(|one| one.days.to_string()), Some(term.days.to_string()))
                .change("after", before.map(|one| one.after.to_string()), Some(term.after.to_string()))
                .change("warn_days", before.map(|one| one.warn_days.to_string()), Some(term.warn_days.to_string()))
                .change("contact", before.and_then(|one| one.contact.clone()), term.contact.clone());
            work.record(event).await
        })
    })
    .await
}
