//! The crate from outside: components in both languages, the edge of HTTP, forms, live events, the catalogue of texts.

#![cfg(test)]

mod catalogue;
mod components;
mod edge;
mod forms;
mod layouts;
mod live;
mod openapi;
mod reader;
mod times;
