//! The parts that pages are made of. Each is written as it is: `{{ web::chip("late", "flame", page.t("…")) }}`.

mod chart;
mod clash;
mod confirm;
mod copy;
mod flow;
mod kpi;
mod navigation;
mod next_step;
mod photos;
mod status;
mod timeline;

pub use chart::{Chart, chart};
pub use clash::{Clash, Conflict, conflict};
pub use confirm::Confirm;
pub use copy::{Copy, CopyTable, CopyText, copy, copy_table, copy_text};
pub use flow::{Progress, Step, Stepper, progress, stepper};
pub use kpi::{Kpi, Kpis, kpis};
pub use navigation::{Crumbs, Empty, Pager, Tab, Tabs, crumbs, empty, pager, tabs};
pub use next_step::{ActionBar, action_bar};
pub use photos::{Photos, Signature, photos, signature};
pub use status::{Bar, Chip, bar, chip};
pub use timeline::{Entry, entry};
