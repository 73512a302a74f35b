//! Customers, products, sales and serial units: whom we serve, what was sold to them, and what they bring.
//!
//! Nouns: 顾客 = customer, 商品 = product, 销售 = sale, 序列号 = serial unit, 保障层 = [`domain::cover::Layer`], 保障条款 = terms ([`domain::terms`]), 合并 = merge,
//! 手机号 = [`domain::Phone`], 尾号 = phone tail, 显示 = reveal, 删除个人信息 = erasure ([`app::erasure`]).
//!
//! Invariants: a number is kept as digits and compared as digits; personal data leave this crate masked, except by
//! [`app::reveal`], which asks for a reason and leaves a trace, and by [`file::contact`], which only messages use; a file stands
//! at the store of first contact; a file that is erased names nobody any more, on no path. What happened to a
//! unit counts once its proof is there ([`domain::RepairDraft::counts`]). Not here: what customers bring (`cases`), the rules of
//! verdicts (`remedies`; [`verdict`] asks them about a unit that we sold), returns (`returns`).

pub mod api;
pub mod app;
pub mod domain;
pub mod file;
mod metrics;
mod pages;
pub mod store;
pub mod verdict;

pub use pages::terms::typed as typed_terms;

use capability::Capability;

/// What this capability brings to the program.
pub fn capability() -> Capability {
    Capability {
        routes: api::routes().into_iter().chain(pages::routes()).collect(),
        menu: pages::MENU,
        permissions: app::PERMISSIONS,
        metrics: metrics::METRICS,
        openapi: Some(api::openapi()),
        listeners: &[app::answered],
        file_doors: &[app::UNIT_DOOR],
        ..Capability::new("parties")
    }
}
