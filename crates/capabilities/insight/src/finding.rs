//! Finding records of several kinds at once, each within the reach of its own permission.

mod find;
mod jump;
mod mask;
mod place;

pub use find::{Answer, Asked, Goods, Record, Row, find, findable};
pub use jump::jump;
pub use place::{Kind, Place};
