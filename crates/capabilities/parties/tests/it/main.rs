//! Customers on both engines: rows, use cases and the API.
#![cfg(test)]

mod api;
mod customers;
mod goods;
mod lists;
mod merging;
mod pages;
mod paste;
mod repairs;
mod rows;
mod terms;
mod words;
