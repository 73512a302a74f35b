//! Certificates (证书): what a certifying body awarded, its yearly surveillance (年度监督), and where its mark is used (标志使用).
//!
//! Invariants: where a certificate stands follows from its dates; it is never changed, only withdrawn with a reason; its mark is used no
//! longer than it is valid; whoever keeps the register hears of an end three months ahead and of a surveillance one month ahead.

pub(crate) mod api;
pub mod app;
pub mod domain;
pub(crate) mod pages;
pub mod store;
