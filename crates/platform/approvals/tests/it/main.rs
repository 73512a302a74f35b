#![cfg(test)]
//! Approvals on both engines, through use cases, pages and the API.

mod answers;
mod api;
mod deputies;
mod limits;
mod links;
mod pages;
mod settings_api;
mod shop;
mod time;
mod words;
