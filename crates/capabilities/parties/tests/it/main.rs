//! Customers on both engines: rows, use cases and the API.
#![cfg(test)]

mod api;
mod customers;
mod rows;
mod words;
