//! Cases on both engines: rows, use cases with a fixed clock, and the API.
#![cfg(test)]

mod after;
mod api;
mod approvals;
mod customer;
mod deadlines;
mod export;
mod flow;
mod flow_pages;
mod forgotten;
mod intake;
mod lists;
mod pages;
mod papers;
mod promises;
mod replies;
mod requests;
mod rows;
mod scan;
mod shop;
mod symptoms;
mod tales;
mod tasks;
mod words;
