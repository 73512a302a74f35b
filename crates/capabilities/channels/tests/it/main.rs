//! Channels from the register to the alarm of silence, on both engines.
#![cfg(test)]

mod calls;
mod choice;
mod hooks;
mod inbox;
mod pages;
mod register;
mod shop;
mod silence;
mod web;
