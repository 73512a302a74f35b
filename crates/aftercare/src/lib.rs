//! The program: wiring, command line, demo company, import, seed. What it does lives in the capabilities.

pub mod capabilities;
mod cli;
mod demo;
mod doctor;
mod evaluate;
mod import;
mod open;
mod people;
mod progress;
mod run;
mod score;
mod seed;
mod serve;
mod verdict;
mod verify;

pub use run::run;
