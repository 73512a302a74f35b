//! Flows through the database, on both engines, with a clock that stands still until told.

#[cfg(test)]
mod directory;
#[cfg(test)]
mod house;
#[cfg(test)]
mod people;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod signing_in;
