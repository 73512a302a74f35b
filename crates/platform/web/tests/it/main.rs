//! The crate from outside: components in both languages, the edge of HTTP, forms, live events, the catalogue of texts.

#![expect(clippy::unwrap_used, reason = "helpers of tests; the lint knows only test functions")]

mod catalogue;
mod components;
mod edge;
mod forms;
mod layouts;
mod live;
mod reader;
mod times;
