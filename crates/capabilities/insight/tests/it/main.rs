//! Numbers and finding on both engines: pages, API, reach.
#![cfg(test)]

mod metrics_api;
mod metrics_pages;
mod search;
mod shop;
mod words;
