//! Rules about customers' data: telephone numbers, masking, and what a customer file may hold.

mod draft;
mod mask;
mod phone;
pub mod text;

pub use draft::{CustomerDraft, draft};
pub use mask::{masked_address, masked_email, masked_phone, masked_wechat};
pub use phone::{Phone, PhoneError};
