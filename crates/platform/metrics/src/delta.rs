use kernel::{Day, Id, of};

use crate::histogram::{BUCKET, bucket_label};

/// What one transaction adds to one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// The part: `cases.answered`.
    pub part: &'static str,
    /// The store that it counts for.
    pub store: Id<of::Unit>,
    /// One dimension and its value; `None` for the number over all.
    pub dimension: Option<(&'static str, String)>,
    /// The business day that it counts for.
    pub day: Day,
    /// How much.
    pub n: i64,
}

impl Delta {
    /// Adds `n` to the part over all, not to any breakdown.
    pub const fn new(part: &'static str, store: Id<of::Unit>, day: Day, n: i64) -> Self {
        Self { part, store, dimension: None, day, n }
    }

    /// Adds `n` to the part over all and, once for each, to its breakdown by each of `dimensions`.
    pub fn spread(
        part: &'static str,
        store: Id<of::Unit>,
        day: Day,
        n: i64,
        dimensions: &[(&'static str, &str)],
    ) -> Vec<Self> {
        let over_all = Self::new(part, store, day, n);
        let broken_down = dimensions
            .iter()
            .map(|(dimension, value)| Self { dimension: Some((dimension, (*value).to_owned())), ..over_all.clone() });
        std::iter::once(over_all.clone()).chain(broken_down).collect()
    }

    /// Counts `value` once into a histogram part.
    pub fn observe(part: &'static str, store: Id<of::Unit>, day: Day, value: i64) -> Self {
        Self { dimension: Some((BUCKET, bucket_label(value))), ..Self::new(part, store, day, 1) }
    }
}
