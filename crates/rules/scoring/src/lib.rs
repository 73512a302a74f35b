//! Scores by a scheme that is data: a tree of indicators with points, and what was found for each.
//!
//! ```
//! use scoring::{Counted, Evidence, Finding, Points, Scheme, score};
//!
//! let scheme = Scheme::gbt27922()?;
//! let mut evidence = Evidence::default();
//! // Of twenty returns nineteen were refunded in time.
//! evidence.set("5.2.5.3", Finding::counted([Some(Counted { good: 19, all: 20 })]));
//! let result = score(&scheme, &evidence);
//! let item = result.item("5.2.5.3").expect("an indicator of the scheme");
//! // In proportion that is 1.9 of 2 points; whoever takes it strictly gives nothing below full conformity.
//! assert_eq!((item.earned.low, item.earned.high), (Points::ZERO, Points::tenths(19)));
//! // What has no data earns nothing, so the whole is far from a level; and most points of this scheme are allocated.
//! assert!(result.level.high.is_none() && result.estimate);
//! # Ok::<(), scoring::SchemeError>(())
//! ```
//!
//! # Nouns
//! | 中文 | English | |
//! | --- | --- | --- |
//! | 评分体系 | [`Scheme`] | indicators, levels, special deductions, with a version and its days |
//! | 指标 | [`Indicator`] | a clause with points; a group when it has children |
//! | 证据规则 | [`Part`] | which number or record speaks for an indicator |
//! | 认定 | [`Finding`] | what was found: counted, judged by a person, not applicable, or nothing |
//! | 得分 | [`Item`] | what an indicator earned and lost, and why |
//! | 级别 | [`Level`] | what a score is called from a limit on |
//! | 特别扣分 · 特别加分 | special deduction · bonus | outside the items |
//! | 已核实 · 分配 | [`Mark`] | whether a source states the points, or they were allocated so that the sums hold |
//!
//! # How it counts
//! The unit is a tenth of a point. An indicator earns its points × its share, rounded to the nearest tenth; a share below one never
//! rounds to all of them. The low end of a range is strict: what is sampled in proportion earns nothing below full conformity. Items
//! that do not apply leave the base: score = earned ÷ applicable points × 100, rounded down, then deductions and bonus.
//!
//! # Invariants
//! - Pure: no clock, no chance. The order in which evidence is given changes nothing.
//! - No data earns nothing, at both ends. More conforming evidence never lowers an end.
//! - The points of a group are the sum of its children's, and so is what they earned, exactly.
//! - The result is an estimate while any applicable point is allocated rather than verified.
//! - A scheme that contradicts itself is no scheme: [`SchemeError`] names the place.
//!
//! # Not here
//! Where numbers and records come from, who judged, storing results, words on a page.

mod error;
mod evidence;
mod points;
mod raw;
mod scheme;
mod score;
mod versions;

pub use error::SchemeError;
pub use evidence::{Counted, Evidence, Finding, Share, Special};
pub use points::{Ends, Points};
pub use scheme::{
    Band, Combine, Fails, Indicator, Kind, Level, Mark, Metric, Name, Needs, Part, Per, RecordKind, Scheme, Scoring,
    Source, Structure,
};
pub use score::{Item, Scored, State, score};
pub use versions::Schemes;
