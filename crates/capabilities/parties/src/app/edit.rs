use capability::{Ctx, Event};
use kernel::{Fault, FieldErrors, Id, Place, RecordRef, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CustomerCard, EDIT};
use crate::domain::{CustomerDraft, Phone, draft};
use crate::file::{self, RECORD};
use crate::store::{self, Customer};

/// A customer file as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CustomerInput {
    /// As the customer wants to be called.
    pub name: String,
    /// The number, as people write it; may be empty.
    pub phone: String,
    /// WeChat name.
    pub wechat: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Membership.
    pub vip: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// Whether the customer may be written to about more than the case.
    pub consent: bool,
    /// The customer's key in another program; unique per store.
    pub external_id: Option<String>,
    /// Words by which staff sort customers.
    pub tags: Vec<String>,
}

/// What changes in a file: fields that are left out stay as they are, empty ones are cleared. Masked values never come back
/// as changes, because what was not typed anew is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CustomerChange {
    /// As the customer wants to be called.
    pub name: Option<String>,
    /// The number.
    pub phone: Option<String>,
    /// WeChat name.
    pub wechat: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Membership.
    pub vip: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// Whether the customer may be written to about more than the case.
    pub consent: Option<bool>,
    /// The customer's key in another program.
    pub external_id: Option<String>,
    /// Words by which staff sort customers; all of them.
    pub tags: Option<Vec<String>>,
}

/// Opens a file at `store`. With an external id that is known at the store, the file that is there is the answer.
///
/// # Errors
/// `invalid` with the fields; `not-found` when the store is out of reach.
pub async fn create(ctx: &Ctx, store: Id<of::Unit>, input: CustomerInput) -> Result<CustomerCard, Fault> {
    let mut errors = FieldErrors::default();
    let draft = draft(&mut errors, "", &input, false);
    errors.check()?;
    ctx.require(EDIT, &Place { store, team: None, owner: None })?;
    ctx.write((store, draft), |work, (store, draft)| {
        Box::pin(async move {
            if let Some(external_id) = &draft.external_id
                && let Some(known) = store::by_external_id(work.tx, *store, external_id).await?
            {
                return Ok(work.unchanged(CustomerCard::from(known)));
            }
            let customer = Customer {
                id: work.ctx.house.ids.next(),
                store: *store,
                draft: draft.clone(),
                merged_into: None,
                version: 1,
                created_at: work.now,
            };
            store::insert(work.tx, &customer).await?;
            let recorded = work.record(file::opened(&customer)).await?;
            Ok(recorded.with(customer.into()))
        })
    })
    .await
}

/// Changes the file `id`, of which the actor has seen `version`.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn edit(
    ctx: &Ctx,
    id: Id<of::Customer>,
    version: i64,
    change: CustomerChange,
) -> Result<CustomerCard, Fault> {
    ctx.write((id, version, change), |work, (id, version, change)| {
        Box::pin(async move {
            let before = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(EDIT, &before)?;
            if before.merged_into.is_some() {
                return Err(Fault::refused("parties-merged"));
            }
            if store::standing(work.tx, *id).await?.erased_at.is_some() {
                return Err(Fault::refused("parties-erased"));
            }
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            let mut errors = FieldErrors::default();
            let after = draft(&mut errors, "", &merged(&before.draft, change), false);
            errors.check()?;
            if after == before.draft {
                return Ok(work.unchanged(before.into()));
            }
            if !store::save(work.tx, *id, *version, &after).await? {
                return Err(Fault::stale(before.version.saturating_add(1)));
            }
            let customer = Customer { draft: after, version: version.saturating_add(1), ..before.clone() };
            let event = Event::new(RecordRef::new(RECORD, *id), "customer.changed", file::place(&customer))
                .index(file::piece(&customer));
            let recorded = work.record(file::changes(event, Some(&before.draft), &customer.draft)).await?;
            Ok(recorded.with(customer.into()))
        })
    })
    .await
}

fn merged(before: &CustomerDraft, change: &CustomerChange) -> CustomerInput {
    let pick = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    CustomerInput {
        name: change.name.clone().unwrap_or_else(|| before.name.clone()),
        phone: change
            .phone
            .clone()
            .unwrap_or_else(|| before.phone.as_ref().map(|phone| Phone::digits(phone).to_owned()).unwrap_or_default()),
        wechat: pick(&change.wechat, &before.wechat),
        email: pick(&change.email, &before.email),
        address: pick(&change.address, &before.address),
        vip: pick(&change.vip, &before.vip),
        note: pick(&change.note, &before.note),
        consent: change.consent.unwrap_or(before.consent),
        external_id: pick(&change.external_id, &before.external_id),
        tags: change.tags.clone().unwrap_or_else(|| before.tags.clone()),
    }
}
