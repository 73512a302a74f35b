//! Numbers of the dictionary, over the stores that the actor reaches.

mod read;
mod scope;
mod shown;
mod span;

pub use read::{Figure, Sheet, overview, points, sheet};
pub use scope::{Stores, definition, reached};
pub use shown::{Shown, base, capability_of, formula, group_name, key_text, names_of, shown};
pub(crate) use shown::{direction_word, plotted, unit_word};
pub use span::{LONGEST, PERIODS, Span};
