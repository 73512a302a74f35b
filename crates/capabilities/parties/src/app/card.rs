use kernel::{Id, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{Phone, masked_address, masked_email, masked_wechat};
use crate::store::Customer;

/// A customer file as everybody with the permission may see it: personal data masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCard {
    /// Its id.
    pub id: Id<of::Customer>,
    /// Where the customer came first.
    pub store: Id<of::Unit>,
    /// The name.
    pub name: String,
    /// The number, masked; empty when there is none.
    pub phone: String,
    /// The last four digits.
    pub phone_tail: Option<String>,
    /// WeChat name, masked.
    pub wechat: Option<String>,
    /// Mail address, masked.
    pub email: Option<String>,
    /// Postal address, masked.
    pub address: Option<String>,
    /// Membership.
    pub vip: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// Whether the customer may be written to about more than the case.
    pub consent: bool,
    /// The customer's key in another program.
    pub external_id: Option<String>,
    /// Words by which staff sort customers.
    pub tags: Vec<String>,
    /// The file in which it goes on, once it was merged.
    pub merged_into: Option<Id<of::Customer>>,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<Customer> for CustomerCard {
    fn from(Customer { id, store, draft, merged_into, version, created_at }: Customer) -> Self {
        Self {
            id,
            store,
            name: draft.name,
            phone: draft.phone.as_ref().map(Phone::masked).unwrap_or_default(),
            phone_tail: draft.phone.as_ref().map(|phone| phone.tail().to_owned()),
            wechat: draft.wechat.as_deref().map(masked_wechat),
            email: draft.email.as_deref().map(masked_email),
            address: draft.address.as_deref().map(masked_address),
            vip: draft.vip,
            note: draft.note,
            consent: draft.consent,
            external_id: draft.external_id,
            tags: draft.tags,
            merged_into,
            version,
            created_at,
        }
    }
}
