//! Complaints from registration to the archive, on both engines.
#![cfg(test)]

mod flow;
mod keeping;
mod pages;
mod quality;
mod regulator;
mod shop;
