//! Verdicts on pages and through the API, and their words.
#![cfg(test)]

mod api;
mod pages;
mod words;
