//! Pages of approvals.

pub(crate) mod act;
pub(crate) mod deputies;
pub(crate) mod detail;
pub(crate) mod inbox;
pub(crate) mod limits;
pub(crate) mod link;
mod shown;
