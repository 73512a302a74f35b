//! Pages and API through the router, on both engines, with a clock that stands still until told.

mod api;
mod first_run;
mod house;
mod own;
mod people;
mod signing_in;
mod units;
