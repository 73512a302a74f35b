//! Verdicts and returns on pages, through the API and by use cases, and their words.
#![cfg(test)]

mod api;
mod flow;
mod money;
mod pages;
mod proposals;
mod replay;
mod reviews;
mod shop;
mod subsidy;
mod words;
