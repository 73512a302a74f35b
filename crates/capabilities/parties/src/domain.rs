//! Rules about customers, products, sales and units: telephone numbers, codes, masking, what a file may hold, what covers a unit.

mod code;
pub mod cover;
mod draft;
mod list;
mod mask;
mod phone;
mod product;
mod repair;
mod sale;
mod serial;
pub mod subsidy;
pub mod terms;
pub mod text;
mod words;

pub use code::{looks_imei, luhn, masked_code, plain_code, tail};
pub use draft::{CustomerDraft, draft};
pub use list::{CauseKind, EntryDraft, EntryId, EntryInput, List, ListEntry, entry, entry_name, moved_to, recognised};
pub use mask::{masked_address, masked_email, masked_phone, masked_wechat};
pub use phone::{Phone, PhoneError};
pub use product::{ProductDraft, ProductInput, product};
pub use repair::{DoneBy, FaultClass, RepairDraft, RepairInput, RepairKind, repair};
pub use sale::{Cover, CoverInput, LineDraft, LineInput, MOST, SaleDraft, SaleInput, sale};
pub use serial::{UnitDraft, UnitInput, unit};
pub use words::{SoldBy, Source};
