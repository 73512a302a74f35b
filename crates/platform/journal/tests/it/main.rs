//! The journal on both engines.
#![cfg(test)]

mod append;
mod dossier;
mod erase;
mod fixture;
mod pack;
mod seal;
mod tamper;
