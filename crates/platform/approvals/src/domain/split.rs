use kernel::Money;
use serde::{Deserialize, Serialize};

/// What is asked for, in two amounts: what the law gives, which never waits for anybody, and what comes on top of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// By law (法定). It is done at once, whatever becomes of the extra.
    pub statutory: Money,
    /// On top of it (多给). Only this waits.
    pub extra: Money,
}

impl Split {
    /// Both together.
    pub fn total(self) -> Money {
        self.statutory + self.extra
    }
}
