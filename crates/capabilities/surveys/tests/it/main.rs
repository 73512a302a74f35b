//! Surveys from the closing of a case to the number on the dashboard, on both engines.
#![cfg(test)]

mod answering;
mod api;
mod fairness;
mod inviting;
mod pages;
mod rule;
mod shop;
