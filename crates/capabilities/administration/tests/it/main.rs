//! Pages and API through the router, on both engines, with a clock that stands still until told.

#[cfg(test)]
mod api;
#[cfg(test)]
mod first_run;
#[cfg(test)]
mod house;
#[cfg(test)]
mod own;
#[cfg(test)]
mod people;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod signing_in;
mod switching;
#[cfg(test)]
mod units;
