//! Every number is defined once, and counted in the transaction that causes it.
//!
//! Nouns: 指标 = metric ([`MetricDef`]), 指标字典 = [`Dictionary`], 分量 = part (what is added up), 增量 = [`Delta`],
//! 维度 = dimension, 汇总 = rollup.
//!
//! Invariants:
//! - Parts are additive: over stores, days and the values of one dimension. A metric's [`Formula`] is applied to the sums, so
//!   a region's ratio is the ratio of its sums and never a mean of ratios.
//! - What is read is rollup plus deltas not folded yet, in one snapshot: folding changes no number.
//! - A rebuild from the records gives the same numbers as the increments.
//! - A percentile comes from a histogram and says that it is estimated ([`Reading::estimated`]).
//!
//! Not here: the metrics themselves (each capability hands its own in), their words (`locales/*/metrics.ftl`), who may read
//! which store (callers pass the stores).

mod definition;
mod delta;
mod histogram;
mod reading;
mod store;

pub use definition::{Dictionary, DictionaryError, Direction, Formula, MetricDef, Unit};
pub use delta::Delta;
pub use histogram::{BUCKET, bounds, bucket};
pub use reading::{By, Key, Point, Reading, Slice};
pub use store::{append, fold, read, read_many, rebuild, sums_by_store};
