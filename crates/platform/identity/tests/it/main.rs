//! Flows through the database, on both engines, with a clock that stands still until told.

mod directory;
mod house;
mod people;
mod setup;
mod signing_in;
