//! Pages of complaints: the list, one complaint, its commands, and causes.

mod causes;
mod command;
mod detail;
mod dossier;
mod export;
mod guides;
mod input;
mod list;
pub(crate) mod shown;

pub(crate) use causes::causes;
pub(crate) use command::{ask, give};
pub(crate) use detail::show;
pub(crate) use dossier::{dossier, file};
pub(crate) use export::export;
pub(crate) use input::read;
pub(crate) use list::{filter, list};
pub(crate) use shown::{unit_name, user_name};
