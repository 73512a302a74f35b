//! Customers and products: whom we serve, and what they bring.
//!
//! Nouns: 顾客 = customer, 商品 = product, 手机号 = [`domain::Phone`], 尾号 = phone tail, 显示 = reveal.
//!
//! Invariants: a number is kept as digits and compared as digits; personal data leave this crate masked, except by
//! [`app::reveal`], which asks for a reason and leaves a trace, and by [`file::contact`], which only messages use; a file stands
//! at the store of first contact. Not here: what customers bring (`cases`), serial units and sales (later).

pub mod api;
pub mod app;
pub mod domain;
pub mod file;
mod metrics;
pub mod store;

use capability::Capability;

/// What this capability brings to the program.
pub fn capability() -> Capability {
    Capability {
        routes: api::routes(),
        permissions: app::PERMISSIONS,
        metrics: metrics::METRICS,
        openapi: Some(api::openapi()),
        ..Capability::new("parties")
    }
}
