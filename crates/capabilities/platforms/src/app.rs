//! Use cases around shops on platforms and their after-sales orders.

mod access;
mod act;
mod clocks;
mod events;
mod import;
mod look;
mod shops;
mod watch;

pub use access::{HANDLE, IMPORT, PERMISSIONS, SHOPS, VIEW};
pub use act::{Photos, command, insure};
pub(crate) use act::{UNBOXING, WEIGHING};
pub use events::{RECORD, WORDS as PERSONAL_WORDS};
pub use import::{Cells, Fate, Imported, Line, Preview, Wanted, import, preview, take};
pub use look::{Beside, COUNTED, DOOR, Detail, Page, beside, counts, detail, list};
pub(crate) use look::{erased, joined};
pub use shops::{SHOP, ShopFile, ShopInput, get_shop, offered_terms, platforms, save_shop, shops, stores};
pub use watch::watch;
