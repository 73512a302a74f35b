//! Pages of audits.

pub(crate) mod access;
pub(crate) mod detail;
pub(crate) mod edit;
pub(crate) mod finding;
pub(crate) mod home;
pub(crate) mod list;
pub(crate) mod sample;
pub(crate) mod sheet;
pub(crate) mod shown;
