//! Papers leave a trace: who printed which copy, how often, and whether it shows the whole number.

use capability::Ctx;
use identity::Secret;
use kernel::{Fault, Id, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::access::{VIEW, works};
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

/// What is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// 80 mm thermal.
    T80,
    /// 80 mm thermal, the house's.
    T80House,
    /// 241 × 140 mm in three parts.
    DotMatrix,
    /// A5.
    A5,
    /// A5, the house's.
    A5House,
    /// A4.
    A4,
    /// 60 × 40 mm.
    Label,
}

impl Paper {
    /// All of them, in the order of their tabs.
    pub const ALL: [Self; 7] =
        [Self::T80, Self::T80House, Self::DotMatrix, Self::A5, Self::A5House, Self::A4, Self::Label];
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::T80 => "t80",
            Self::T80House => "t80-house",
            Self::DotMatrix => "dm",
            Self::A5 => "a5",
            Self::A5House => "a5-house",
            Self::A4 => "a4",
            Self::Label => "label",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|paper| paper.as_str() == text)
    }
    /// For whom what is printed on it is.
    pub const fn copy(self) -> Copy {
        match self {
            // All parts of the carbon form carry one text, and one of them goes to the customer.
            Self::T80 | Self::DotMatrix | Self::A5 | Self::A4 => Copy::Customer,
            Self::T80House | Self::A5House => Copy::House,
            Self::Label => Copy::Label,
        }
    }
    /// Needles print text and lines; a label has its barcode; the house needs no link.
    pub const fn has_code(self) -> bool {
        matches!(self, Self::T80 | Self::A5 | Self::A4)
    }
}

/// What is to be printed.
#[derive(Debug, Clone, Copy)]
pub struct PrintOrder {
    /// Of which case.
    pub case: Id<of::Case>,
    /// On which paper.
    pub paper: Paper,
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

/// True when the actor may print `paper` of `case`.
pub fn may_print(ctx: &Ctx, case: &store::Case, paper: Paper) -> bool {
    works(&ctx.actor, case) && (paper.copy() != Copy::House || ctx.actor.may(parties::app::REVEAL, case))
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
            if !works(&work.ctx.actor, &case) {
                return Err(Fault::forbidden());
            }
            let mut printed = Printed::default();
            if order.paper.copy() == Copy::House {
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
            let counted = store::count_print(work.tx, case.id, order.paper.copy().as_str(), work.now).await?;
            printed.times = counted.times;
            printed.first_at = Some(counted.first_at);
            let event = events::event(&case, "case.printed", work.now)
                .change("paper", None, Some(order.paper.as_str().to_owned()))
                .change("copy", None, Some(order.paper.copy().as_str().to_owned()))
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
