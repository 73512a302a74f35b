//! Papers leave a trace: who printed which copy, how often, and whether it shows the whole number.

use capability::Ctx;
use identity::Secret;
use kernel::{Fault, Id, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::access::{VIEW, WORK};
use super::{events, links};
use crate::domain::Purpose;
use crate::store;

/// For whom a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    /// The customer's: masked.
    Customer,
    /// The house's: the whole number; never handed to the customer.
    House,
    /// On the unit: masked.
    Label,
}

impl Copy {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::House => "house",
            Self::Label => "label",
        }
    }
}

/// What is to be printed.
#[derive(Debug, Clone, Copy)]
pub struct PrintOrder {
    /// Of which case.
    pub case: Id<of::Case>,
    /// On which paper, for the journal.
    pub paper: &'static str,
    /// For whom.
    pub copy: Copy,
    /// With a tracking link made for it.
    pub link: bool,
}

/// What was printed. Personal parts and the token are not kept for a repeat of the request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// How often this copy was printed, with this time.
    pub times: i64,
    /// When first.
    pub first_at: Option<Timestamp>,
    /// What the address of the tracking page holds, when one was made.
    #[serde(skip)]
    pub token: Option<String>,
    /// The whole name and number, for the house's copy.
    #[serde(skip)]
    pub contact: Option<(String, String)>,
}

/// Counts and records a print.
///
/// # Errors
/// `not-found`; forbidden where the whole number may not be seen.
pub async fn print(ctx: &Ctx, order: PrintOrder) -> Result<Printed, Fault> {
    let token = Secret::link()?;
    ctx.write((order, token), |work, (order, token)| {
        Box::pin(async move {
            let case = store::get(work.tx, order.case).await?.ok_or_else(Fault::not_found)?;
            work.require(VIEW, &case)?;
            if !work.ctx.actor.may(WORK, &case) {
                return Err(Fault::forbidden());
            }
            let mut printed = Printed::default();
            if order.copy == Copy::House {
                if !work.ctx.actor.may(parties::app::REVEAL, &case) {
                    return Err(Fault::forbidden());
                }
                if let Some(customer) = case.customer {
                    let contact = parties::file::contact(work.tx, customer).await?;
                    printed.contact = contact.map(|contact| {
                        let phone = contact.phone.map(|phone| phone.digits().to_owned());
                        (contact.name, phone.unwrap_or_default())
                    });
                }
            }
            if order.link {
                printed.token = Some(links::make(work, &case, Purpose::Track, token).await?.token);
            }
            let counted = store::count_print(work.tx, case.id, order.copy.as_str(), work.now).await?;
            printed.times = counted.times;
            printed.first_at = Some(counted.first_at);
            let event = events::event(&case, "case.printed", work.now)
                .change("paper", None, Some(order.paper.to_owned()))
                .change("copy", None, Some(order.copy.as_str().to_owned()))
                .change("times", None, Some(counted.times.to_string()));
            Ok(work.record(event).await?.with(printed))
        })
    })
    .await
}

/// How often the copy was printed so far, for its preview.
///
/// # Errors
/// What the database says.
pub async fn printed_before(ctx: &Ctx, case: Id<of::Case>, copy: Copy) -> Result<Printed, Fault> {
    ctx.read((case, copy), |tx, (case, copy)| {
        Box::pin(async move {
            let before = store::prints(tx, *case, copy.as_str()).await?;
            Ok(Printed {
                times: before.map_or(0, |prints| prints.times),
                first_at: before.map(|prints| prints.first_at),
                ..Printed::default()
            })
        })
    })
    .await
}
